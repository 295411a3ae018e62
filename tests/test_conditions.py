"""Programmes round conditions hold nothing that is forbidden, and every wish is met or has its reason."""

from __future__ import annotations

import tomllib
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from composing import PROFILES, catalogue, requests, table
from hypothesis import given, settings
from hypothesis import strategies as st
from test_compose import ceilings, parts

from planmaker.ceilings import check_programme
from planmaker.compose import compose
from planmaker.condition import verdict
from planmaker.dose import within
from planmaker.errors import Problem
from planmaker.exercise import Group, Kind
from planmaker.programme import Programme, Slot
from planmaker.request import Request
from planmaker.resources import catalogue_dir

GOLDEN = Path(__file__).parent / "data" / "conditions"
CONDITIONS = sorted(path.stem for path in (catalogue_dir() / "conditions").glob("*.toml"))
PAIRS = tuple(combinations(CONDITIONS, 2))
CLASHING = {
    ("bird_dog", "forearms", "toe_down"),  # leaning on the forearms tips the back when a leg slides out
    ("cat_camel", "flat_down", "round_up"),  # nothing would be left of it
    ("piriformis_stretch", "no_pull", "not_crossed"),  # nothing would be left of it
    ("piriformis_stretch", "not_crossed", "sitting"),
    ("prone_quadriceps_stretch", "lying", "standing"),
    ("prone_quadriceps_stretch", "part_bend", "standing"),  # a foot in the hand bends the knee all the way
}
HEAD = "# Profile full, 6 weeks; sets x repetitions x hold (a side where there are two); easy+brisk+easy minutes.\n"


@cache
def cells(condition: str) -> dict[str, dict[str, Any]]:
    """Return what a condition's file says of each exercise, as it stands there."""
    text = (catalogue_dir() / "conditions" / f"{condition}.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = tomllib.loads(text)["cells"]
    return found


@cache
def serves(exercise: str, variant: str) -> frozenset[str]:
    """Return the forms that a form of an exercise stands for, as its file says."""
    text = (catalogue_dir() / "exercises" / f"{exercise}.toml").read_text(encoding="utf-8")
    forms = {form["id"]: form for form in tomllib.loads(text)["variants"]}
    return frozenset(forms.get(variant, {}).get("serves", ()))


def full(*conditions: str) -> Programme | Problem:
    return compose(Request(profile="full", avoid=conditions, cleared_by="the surgeon"), catalogue())


def forbidden(programme: Programme) -> list[str]:
    """Return each exercise that a condition leaves out, or that is not in the form that it asks for."""
    return [
        f"{condition}: {item.exercise} {item.variant}"
        for condition in programme.avoid
        for week in programme.weeks
        for item in week.prescriptions()
        if (cell := cells(condition)[item.exercise])["action"] == "leave_out"
        or (cell["action"] == "change" and cell["variant"] not in {item.variant, *serves(item.exercise, item.variant)})
    ]


def unasked(programme: Programme) -> list[str]:
    """Return each form that no condition asks for, and that does not stand for two or more that are asked for."""
    found = []
    for week in programme.weeks:
        for item in week.prescriptions():
            asked = {cells(name)[item.exercise].get("variant") for name in programme.avoid} - {None}
            together = len(asked) > 1 and asked <= {item.variant, *serves(item.exercise, item.variant)}
            if item.variant and asked != {item.variant} and not together:
                found.append(f"{item.exercise} {item.variant}")
    return found


def groups(programme: Programme) -> set[Group]:
    return {catalogue().exercises[name].group for name in programme.exercises()}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_golden(condition: str) -> None:
    """The six weeks of each condition are those that were read through as a physiotherapist would."""
    programme = full(condition)

    assert isinstance(programme, Programme)
    assert HEAD + "\n".join(table(programme)) + "\n" == (GOLDEN / f"{condition}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile(condition: str, profile: str) -> None:
    """Every profile can be composed round each condition, with at least two exercises of each group but the walk."""
    programme = compose(Request(profile=profile, avoid=(condition,), cleared_by="the surgeon"), catalogue())

    assert isinstance(programme, Programme)
    assert not forbidden(programme)
    for group in groups(programme) - {Group.AEROBIC}:
        assert sum(catalogue().exercises[name].group is group for name in programme.exercises()) >= 2


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_pair(pair: tuple[str, str]) -> None:
    """Two conditions together give a plan with every group and nothing that either forbids."""
    programme = full(*pair)

    assert isinstance(programme, Programme)
    assert not forbidden(programme)
    assert not unasked(programme)
    assert groups(programme) == set(Group)


def test_two_changes_go_together_unless_they_clash() -> None:
    """Two changes of one exercise are made together, save the few pairs that go against each other."""
    lost = set()
    for pair in PAIRS:
        conditions = [catalogue().conditions[name] for name in pair]
        for name, exercise in catalogue().exercises.items():
            if verdict(exercise, conditions).because == "two_changes":
                lost.add((name, *sorted(cells(condition)[name]["variant"] for condition in pair)))

    assert lost == CLASHING


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_pair_is_symmetric(pair: tuple[str, str]) -> None:
    """The order in which two conditions are named changes neither weeks nor exercises."""
    there, back = full(*pair), full(*reversed(pair))

    assert isinstance(there, Programme)
    assert isinstance(back, Programme)
    assert there.weeks == back.weeks


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_faster(condition: str, profile: str) -> None:
    """No exercise enters earlier because a condition leaves out another: a condition never makes a plan faster."""
    plain = compose(Request(profile=profile, weeks=12), catalogue())
    programme = compose(Request(profile=profile, weeks=12, avoid=(condition,), cleared_by="the surgeon"), catalogue())
    assert isinstance(plain, Programme)
    assert isinstance(programme, Programme)
    usual = {choice.exercise: choice.entry for choice in plain.choices}

    early = [item.exercise for item in programme.choices if item.entry < usual.get(item.replaces or item.exercise, 1)]

    assert early == []


@pytest.mark.parametrize("condition", CONDITIONS)
def test_uncleared(condition: str) -> None:
    """A condition that needs somebody's leave gives no plan without it, and the others do."""
    programme = compose(Request(profile="full", avoid=(condition,)), catalogue())

    assert isinstance(programme, Problem) == catalogue().conditions[condition].needs_clearance


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_laws(data: st.DataObject) -> None:
    """Whatever is wished: sources and conditions hold, and sessions keep within minutes, number and days."""
    request = data.draw(requests())
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        assert programme.where
        assert programme.what
        return

    assert programme == compose(request, catalogue())
    assert check_programme(programme, catalogue()) == ()
    assert not forbidden(programme)
    assert request.harder or not unasked(programme)
    off = {(weekday - request.start.weekday()) % 7 for weekday in request.days_off} if request.start else set()
    for week in programme.weeks:
        for session in week.sessions:
            assert not any(session.minutes[day] or session.on(day) for day in off)
            if session.slot is not Slot.AEROBIC:
                assert request.minutes is None or max(session.minutes) <= request.minutes
                assert all(len(session.on(day)) <= request.max_exercises for day in range(7))


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_exercises(data: st.DataObject) -> None:
    """Whatever is wished: who is in may be and can be, both sides, and who of the profile is not has a reason."""
    request = data.draw(requests())
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    rules = catalogue().rules
    at_hand = rules.always_at_hand | (rules.household if request.equipment is None else set(request.equipment))
    for week in programme.weeks:
        for item in week.prescriptions():
            form = catalogue().exercises[item.exercise].in_form(item.variant)
            assert not form.equipment_any_of or at_hand & set(form.equipment_any_of)
            assert item.sides is form.sides
            ceiling = ceilings().get(item.exercise, {})
            assert all(value <= ceiling.get(key, value) for key, value in parts(item).items())
    present = set(programme.exercises())
    assert not present & set(request.exclude)
    places = {place.exercise for place in catalogue().profiles[request.profile].places}
    assert places <= present | {item.exercise for item in programme.left_out if item.reason}
    assert set(request.include) <= present
    for choice in programme.choices:
        assert choice.exercise in present
        assert choice.reason in {"profile", "include", "replaces"}
        assert not choice.replaces or choice.replaces in {item.exercise for item in programme.left_out}


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_frequency(data: st.DataObject) -> None:
    """Whatever is wished: each exercise comes as often as its kind does, but for days off and one session a day."""
    request = data.draw(requests())
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    free = 7 - len(request.days_off)
    profile = catalogue().profiles[request.profile]
    for week in programme.weeks:
        for item in week.prescriptions():
            usual = {Kind.LOAD: 3, Kind.AEROBIC: len(catalogue().rules.aerobic_days_in(week.number))}.get(item.kind, 7)
            if request.per_day == 1 and item.group in profile.once_a_day:
                assert 1 <= len(item.days) <= min(usual, free)
            else:
                assert len(item.days) == min(usual, free, catalogue().exercises[item.exercise].days_a_week)


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_growth(data: st.DataObject) -> None:
    """Whatever is wished: doses never fall, no step is skipped, and few exercises are new in a week."""
    request = data.draw(requests())
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    level = catalogue().rules.levels[request.level]
    for name in programme.exercises():
        items = [item for item in programme.course(name) if item is not None]
        assert items[0].step == 1
        assert programme.course(name)[-len(items) :] == tuple(items)
        for earlier, later in pairwise(items):
            if later.variant != earlier.variant:
                assert (request.harder, earlier.step, later.step) == (True, earlier.steps, 1)
                continue
            assert later.step - earlier.step in {0, 1}
            assert within(earlier.dose, later.dose)
    entered: set[tuple[str, str]] = set()
    for week in programme.weeks:
        present = {(item.exercise, item.variant) for item in week.prescriptions() if item.group is not Group.AEROBIC}
        new = present - entered
        assert len(new) <= (level.first_week if week.number == 1 else level.new_each_week)
        entered |= present
