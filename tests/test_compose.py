"""The composer follows its rules, reaches the reference plans and never exceeds a source."""

from __future__ import annotations

import csv
import dataclasses
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmaker.catalogue import Catalogue, load
from planmaker.ceilings import check_programme, refreshed
from planmaker.compose import compose
from planmaker.dose import AerobicDose, Dose
from planmaker.errors import Problem
from planmaker.exercise import Group, Kind
from planmaker.programme import Change, Prescription, Programme, Session, Slot
from planmaker.request import Request
from planmaker.resources import catalogue_dir

DATA = Path(__file__).parent / "data"
PROFILES = ("stretch-only", "strengthening", "full")
SHORT = {
    "calf_stretch": "C",
    "supine_hamstring_stretch": "H",
    "knee_to_chest": "K",
    "piriformis_stretch": "P",
    "prone_quadriceps_stretch": "Q",
    "ta_contraction": "TA",
    "ta_march": "Ma",
    "gluteal_squeeze": "Sq",
    "bridging": "Br",
    "wall_squat": "WS",
    "walking": "Wk",
}


@cache
def catalogue() -> Catalogue:
    return load(catalogue_dir())


def composed(request: Request) -> Programme:
    programme = compose(request, catalogue())
    assert isinstance(programme, Programme), programme
    return programme


def written(item: Prescription) -> str:
    """Write a prescription in the shorthand of the reference plans."""
    name, dose = SHORT[item.exercise], item.dose
    if isinstance(dose, AerobicDose):
        return f"{name}{dose.brisk_minutes}"
    if item.exercise == "bridging":
        return f"{name}{dose.sets}x{dose.repetitions}"
    if item.exercise in {"ta_contraction", "ta_march"}:
        return f"{name}{dose.repetitions}"
    return f"{name}{dose.hold_seconds}x{dose.repetitions}"


def session_lines(number: int, session: Session) -> list[str]:
    """Write a session as one line for each group of days with the same content."""
    days: dict[tuple[Prescription, ...], list[int]] = {}
    for day in range(7):
        if session.on(day):
            days.setdefault(session.on(day), []).append(day)
    return [
        f"{number} {session.slot.value} {''.join(str(day + 1) for day in on)}: "
        f"{' '.join(written(item) for item in due)} ({session.minutes[on[0]]})"
        for due, on in days.items()
    ]


def reference(profile: str) -> list[str]:
    """Return the hand-made table of a profile."""
    text = (DATA / "reference_plans.txt").read_text(encoding="utf-8")
    return text.split(f"[{profile}]\n")[1].split("\n\n")[0].splitlines()


@pytest.mark.parametrize("profile", PROFILES)
def test_reference(profile: str) -> None:
    """A six-week programme equals the one a physiotherapist would work out by hand."""
    programme = composed(Request(profile=profile))

    lines = [
        line for week in programme.weeks for session in week.sessions for line in session_lines(week.number, session)
    ]

    assert lines == reference(profile)


@cache
def ceilings() -> dict[str, dict[str, int]]:
    """Return the sources' doses from a table of their own, not from the catalogue."""
    with (DATA / "ceilings.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row.pop("exercise"): {key: int(value) for key, value in row.items() if value and key != "source"}
            for row in csv.DictReader(stream)
        }


def parts(item: Prescription) -> dict[str, int]:
    if isinstance(item.dose, Dose):
        return {
            "sets": item.dose.sets,
            "repetitions": item.dose.repetitions,
            "hold_seconds": item.dose.hold_seconds,
        }
    return {"brisk_minutes": item.dose.brisk_minutes, "minutes": item.dose.minutes}


EXERCISES = tuple(ceilings())
requests = st.builds(
    Request,
    profile=st.sampled_from(PROFILES),
    weeks=st.integers(1, 26),
    per_day=st.integers(1, 2),
    max_exercises=st.integers(1, 12),
    minutes=st.none() | st.integers(5, 60),
    exclude=st.lists(st.sampled_from(EXERCISES), max_size=4, unique=True).map(tuple),
    equipment=st.none() | st.lists(st.sampled_from(("towel", "belt", "exercise_bike")), unique=True).map(tuple),
)


@given(requests)
@settings(deadline=None)
def test_ceilings(request: Request) -> None:
    """No dose, times a day or days a week of any programme is above its source."""
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    for week in programme.weeks:
        times: dict[str, int] = {}
        for session in week.sessions:
            for item in session.prescriptions:
                ceiling = ceilings()[item.exercise]
                times[item.exercise] = times.get(item.exercise, 0) + 1
                assert all(value <= ceiling[key] for key, value in parts(item).items())
                assert 1 <= len(item.days) <= ceiling["days_a_week"]
        assert all(count <= min(ceilings()[name]["times_a_day"], request.per_day) for name, count in times.items())


@given(requests)
@settings(deadline=None)
def test_wishes(request: Request) -> None:
    """What is excluded, needs missing equipment, or makes a session too long or too full is not prescribed."""
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    for week in programme.weeks:
        for session in week.sessions:
            assert request.minutes is None or session.slot is Slot.AEROBIC or max(session.minutes) <= request.minutes
            assert all(len(session.on(day)) <= request.max_exercises for day in range(7))
    at_hand = {
        "wall",
        "shoes",
        *(("towel", "rope", "sheet", "belt", "chair") if request.equipment is None else request.equipment),
    }
    for name in programme.exercises():
        needs = catalogue().exercises[name].equipment_any_of
        assert name not in request.exclude
        assert not needs or at_hand & set(needs)


@given(requests)
@settings(deadline=None)
def test_one_step_a_week(request: Request) -> None:
    """Every exercise climbs its own ramp from its start, at most one step a week, never down, and stays in."""
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    for name in programme.exercises():
        course = programme.course(name)
        steps = [item.step for item in course if item is not None]
        assert course[-len(steps) :] == tuple(item for item in course if item is not None)
        assert steps[0] == 1
        assert all(0 <= later - earlier <= 1 for earlier, later in pairwise(steps))


def hard(**wishes: Any) -> Programme | Problem:  # noqa: ANN401 - fields of a request
    return compose(Request(profile="full", harder=True, **wishes), catalogue())


@given(requests)
@settings(deadline=None)
def test_harder(request: Request) -> None:
    """A harder form is a harder one that raises no dose, after 2 full weeks, from step 1; at most 2 things are new."""
    programme = compose(dataclasses.replace(request, harder=True), catalogue())
    if isinstance(programme, Problem):
        return

    changed = []
    for name in programme.exercises():
        course = [item for item in programme.course(name) if item is not None]
        variants = {form.id: form for form in catalogue().exercises[name].variants}
        for number, (earlier, later) in enumerate(pairwise(course), start=1):
            if later.variant == earlier.variant:
                assert 0 <= later.step - earlier.step <= 1
                continue
            assert (variants[later.variant].kind, variants[later.variant].raises_dose) == ("harder", False)
            assert [item.step for item in course[number - 2 : number]] == [earlier.steps] * 2
            assert (earlier.variant, later.step, later.change) == ("", 1, Change.NEW)
            changed.append((name, later.variant))
    assert changed
    for week in programme.weeks[1:]:
        new = {item.exercise for item in week.prescriptions() if item.change is Change.NEW}
        assert len(new) <= 2


@pytest.mark.parametrize(
    ("wishes", "where"),
    [({"weeks": 3}, "harder and weeks"), ({"avoid": ("stenosis",), "weeks": 12}, "harder and avoid")],
)
def test_harder_clashes(wishes: dict[str, Any], where: str) -> None:
    """No harder form for somebody with a condition, or in too few weeks: the clash is named."""
    problem = hard(**wishes)

    assert isinstance(problem, Problem)
    assert problem.where == where


def test_harder_needs_its_things() -> None:
    """A harder form with a band comes only to somebody who has one."""
    without, with_band = hard(weeks=20), hard(weeks=20, equipment=("towel", "chair", "band"))

    assert isinstance(without, Programme)
    assert isinstance(with_band, Programme)
    assert {item.variant for item in without.course("bridging") if item} == {""}
    assert {item.variant for item in with_band.course("bridging") if item} == {"", "band"}


@given(requests)
@settings(deadline=None)
def test_introduction(request: Request) -> None:
    """Week 1 has at most four different exercises and each later week at most two new ones, the walk apart."""
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    entered: set[str] = set()
    for week in programme.weeks:
        present = {
            item.exercise
            for session in week.sessions
            for item in session.prescriptions
            if item.group is not Group.AEROBIC
        }
        assert len(present - entered) <= (4 if week.number == 1 else 2)
        entered |= present


@given(requests)
@settings(deadline=None)
def test_nothing_lost(request: Request) -> None:
    """Every exercise of the profile is in the programme or named as left out with its reason, never both."""
    programme = compose(request, catalogue())
    if isinstance(programme, Problem):
        return

    profile = catalogue().profiles[request.profile]
    out = {item.exercise for item in programme.left_out}
    assert not out & set(programme.exercises())
    assert {place.exercise for place in profile.places} <= out | set(programme.exercises())
    assert all(
        item.reason in {"exclude", "equipment", "weeks", "max_exercises", "minutes"} for item in programme.left_out
    )


@given(requests)
@settings(deadline=None, max_examples=50)
def test_deterministic_and_sound(request: Request) -> None:
    """The same request gives the same programme, and the check of edited plans finds nothing in it."""
    programme = compose(request, catalogue())

    assert programme == compose(request, catalogue())
    assert isinstance(programme, Problem) or check_programme(programme, catalogue()) == ()


def test_load_days() -> None:
    """Load falls on plan days 1, 3 and 5 and the walk on 2, 4, 6, then 7, then five days."""
    programme = composed(Request(profile="full", weeks=12))

    load = {
        item.days
        for week in programme.weeks
        for session in week.sessions
        for item in session.prescriptions
        if catalogue().exercises[item.exercise].kind is Kind.LOAD
    }
    walks = [item.days for item in programme.course("walking") if item is not None]
    assert load == {(0, 2, 4)}
    assert [len(days) for days in walks] == [3] * 4 + [4] * 4 + [5] * 4


def test_walk_reaches_thirty_minutes() -> None:
    """The walk grows by at most three minutes a week and reaches thirty brisk minutes in week 12."""
    programme = composed(Request(profile="full", weeks=26))

    brisk = [
        item.dose.brisk_minutes for item in programme.course("walking") if item and isinstance(item.dose, AerobicDose)
    ]
    assert brisk[0] == 5
    assert brisk[11:] == [30] * 15
    assert all(later - earlier <= 3 for earlier, later in pairwise(brisk))


def test_once_a_day() -> None:
    """With one session a day the full profile strengthens on days 1, 3, 5 and stretches on the rest."""
    programme = composed(Request(profile="full", per_day=1))

    days = {item.group: item.days for session in programme.weeks[0].sessions for item in session.prescriptions}
    assert {session.slot for session in programme.weeks[0].sessions} == {Slot.MORNING, Slot.AEROBIC}
    assert days == {Group.STRENGTHENING: (0, 2, 4), Group.STRETCH: (1, 3, 5, 6), Group.AEROBIC: (1, 3, 5)}


def test_clash_is_named() -> None:
    """A group left empty is a Problem that names the wishes at fault."""
    stretches = ("calf_stretch", "supine_hamstring_stretch", "knee_to_chest", "piriformis_stretch")

    problem = compose(Request(profile="stretch-only", exclude=stretches, equipment=()), catalogue())

    assert isinstance(problem, Problem)
    assert problem.where == "exclude and equipment"
    assert "stretch" in problem.what


def test_bicycle_instead_of_walk() -> None:
    """Whoever leaves out the walk and has a bicycle at hand rides instead."""
    request = Request(profile="full", exclude=("walking",), equipment=("towel", "exercise_bike"))

    assert "stationary_cycling" in composed(request).exercises()


def test_edited_days() -> None:
    """Days a week are counted over all sessions of a week, and times a day by the day."""
    programme = composed(Request(profile="strengthening"))
    week = programme.weeks[5]
    morning, evening = week.sessions
    squat = next(item for item in evening.prescriptions if item.exercise == "wall_squat")
    more = dataclasses.replace(morning, prescriptions=(*morning.prescriptions, dataclasses.replace(squat, days=(1, 3))))
    edited = dataclasses.replace(
        programme, weeks=(*programme.weeks[:5], dataclasses.replace(week, sessions=(more, evening)))
    )

    problems = check_programme(edited, catalogue())

    assert {problem.what for problem in problems} == {"expected 1 to 3 days a week"}


def test_edited_dose_changes_minutes() -> None:
    """After a dose is edited by hand, the minutes and all else that follows from it are worked out anew."""
    programme = composed(Request(profile="stretch-only", weeks=4))
    week = programme.weeks[3]
    session = week.sessions[0]
    items = tuple(
        dataclasses.replace(item, dose=Dose(repetitions=2, hold_seconds=10)) for item in session.prescriptions
    )
    gentler = dataclasses.replace(week, sessions=(dataclasses.replace(session, prescriptions=items),))
    edited = dataclasses.replace(programme, weeks=(*programme.weeks[:3], gentler))

    assert refreshed(programme, catalogue()) == programme
    assert refreshed(edited, catalogue()).weeks[3].sessions[0].minutes == (10,) * 7


def test_edited_above_ceiling() -> None:
    """A dose edited above its source is found, with its week, session and exercise."""
    programme = composed(Request(profile="stretch-only", weeks=1))
    week = programme.weeks[0]
    session = week.sessions[0]
    item = dataclasses.replace(session.prescriptions[0], dose=Dose(repetitions=4, hold_seconds=20))
    edited = dataclasses.replace(
        programme,
        weeks=(dataclasses.replace(week, sessions=(dataclasses.replace(session, prescriptions=(item,)),)),),
    )

    problems = check_programme(edited, catalogue())

    assert [problem.where for problem in problems] == ["week 1, am, calf_stretch"]


@pytest.mark.parametrize(
    ("wishes", "where"),
    [
        ({"include": ("stationary_cycling",), "equipment": ("exercise_bike",)}, ""),
        ({"include": ("stationary_cycling", "walking")}, "include"),
        (
            {"include": ("stationary_cycling",), "equipment": ("exercise_bike",), "exclude": ("stationary_cycling",)},
            "include and exclude",
        ),
        ({"include": ("stationary_cycling",)}, "include and equipment"),
        ({"include": ("walking",), "profile": "stretch-only"}, "include and profile"),
    ],
)
def test_aerobic_wish(wishes: dict[str, Any], where: str) -> None:
    """An aerobic exercise that is wished takes the place of the usual one, and a wish that cannot be is refused."""
    found = compose(Request(**{"profile": "full", **wishes}), catalogue())

    if where:
        assert isinstance(found, Problem)
        assert found.where == where
    else:
        assert isinstance(found, Programme)
        aerobic = {name for name in found.exercises() if catalogue().exercises[name].group is Group.AEROBIC}
        assert aerobic == {"stationary_cycling"}
