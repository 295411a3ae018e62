"""Every line of a plan has its reason and its sources."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING

import pytest
from composing import catalogue, requests
from conftest import WHEN, Run
from hypothesis import given, settings
from hypothesis import strategies as st

from planmaker import words as wordings
from planmaker.assign import assign
from planmaker.compose import compose
from planmaker.dose import Dose
from planmaker.explain import Explanation, explained, written
from planmaker.plan import Plan
from planmaker.programme import LeftOut, Programme
from planmaker.provenance import KINDS, lines, tally
from planmaker.request import Request
from planmaker.resources import catalogue_dir, templates_dir

if TYPE_CHECKING:
    from pathlib import Path

    from planmaker.words import Words

ISSUED = datetime(2027, 1, 1, 9, tzinfo=UTC)
COMPOSED = {"enters", "up", "limited", "full", "not_before", "pace", "harder"}


@cache
def words() -> Words:
    return wordings.load("en", templates=templates_dir(), catalogue=catalogue_dir())


def planned(programme: Programme, request: Request) -> Plan:
    """Give a programme to somebody, whatever the clashes of its times."""
    plain = dataclasses.replace(request, id="A1", timezone="UTC", aerobic_at=None)
    plan = assign(programme, plain, issued=ISSUED, catalogue="", allow_past=True)
    assert isinstance(plan, Plan), plan
    return plan


def told(request: Request) -> Explanation:
    """Explain the plan of a request that can be met."""
    started = dataclasses.replace(request, start=request.start or date(2027, 1, 4))
    programme = compose(started, catalogue())
    assert isinstance(programme, Programme), programme
    return explained(planned(programme, started), catalogue())


def text(explanation: Explanation) -> str:
    return written(explanation, words(), catalogue())


def flat(explanation: Explanation) -> str:
    """Return the text as if nothing had been wrapped."""
    return re.sub(r"\s+", " ", text(explanation))


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_covers_every_line(data: st.DataObject) -> None:
    """Every week of every exercise is explained, with its dose, and a reason that composing knows."""
    request = data.draw(requests())
    programme = compose(request, catalogue())
    if not isinstance(programme, Programme):
        return

    explanation = explained(planned(programme, request), catalogue())

    wanted = {(week.number, item.exercise, item.dose) for week in programme.weeks for item in week.prescriptions()}
    covered = {
        (week, item.exercise.id, spell.item.dose)
        for item in explanation.exercises
        for spell in item.spells
        for week in range(spell.first, spell.last + 1)
    }
    assert covered == wanted
    assert {spell.why for item in explanation.exercises for spell in item.spells} <= COMPOSED
    assert all(spell.sources for item in explanation.exercises for spell in item.spells)
    assert {gone.item for gone in explanation.left_out} == set(programme.left_out)


@given(st.data())
@settings(deadline=None, max_examples=30)
def test_text(data: st.DataObject) -> None:
    """The text names every exercise, week and what is left out, in lines of at most 79 characters."""
    request = data.draw(requests())
    programme = compose(request, catalogue())
    if not isinstance(programme, Programme):
        return

    explanation = explained(planned(programme, request), catalogue())
    lines = text(explanation).splitlines()

    assert max(map(len, lines)) <= 79
    headings = [line for line in lines if re.match(r"\d+\. ", line)]
    assert len(headings) == len(programme.exercises())
    spells = [line for line in lines if re.match(r"  Weeks? \d+", line)]
    assert len(spells) == sum(len(item.spells) for item in explanation.exercises)
    for gone in programme.left_out:
        assert any(line.startswith(f"- {words().exercises[gone.exercise].name}:") for line in lines)


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (Request(profile="full"), "Why: place 3 of 10 of the profile, in its order of introduction (J)."),
        (
            Request(profile="full"),
            "Why: the first of the profile's aerobic exercises that may be done, or one known to be good",
        ),
        (Request(profile="full", include=("clamshell",)), "(clamshell) Why: wished."),
        (Request(profile="full", avoid=("knee-pain",)), "Why: takes the place of Wall squat, left out because of knee"),
        (Request(profile="full", avoid=("no-floor",)), 'Form: "On a firm bed" (X13), because of cannot get down'),
        (Request(profile="full", level="gentle"), "stays: 2 weeks on each step at this level"),
        (Request(profile="full", level="gentle"), "A new exercise comes once a day in its first 1 week (J)."),
        (Request(profile="full", avoid=("high-blood-pressure",)), "a step up that this form does not follow"),
        (Request(profile="stretch-only"), "Times a day: 2, as its source allows."),
        (Request(profile="full"), "Times a day: 1, fewer than its source allows: the profile gives"),
        (Request(profile="full", per_day=1), "Times a day: 1, because one session a day is wished."),
        (Request(profile="full", per_day=1), "Days: with one session a day, each group has days of its own (J)."),
        (Request(profile="full", days_off=(6,)), "Days: every day but the days off."),
        (Request(profile="full"), "Days: load comes on three days, with rest between (J, X10)."),
        (Request(profile="full", weeks=2), "Wall squat: because it would enter after the last week"),
        (Request(profile="full", exclude=("bridging",)), "Bridge: because that was asked for."),
        (
            Request(profile="full", equipment=()),
            "Hamstring stretch: because its equipment is not at hand (one of: towel",
        ),
        (Request(profile="full", avoid=("stenosis",)), "spinal stenosis (X78, X80); otherwise: X81:"),
        (Request(profile="stretch-only", avoid=("high-blood-pressure",)), "Nothing had to be changed."),
        (Request(profile="full", avoid=("no-floor", "not-prone")), "Of several conditions the strictest decides"),
    ],
)
def test_reasons(request_: Request, says: str) -> None:
    """The reason for an exercise, its form, its days or its absence stands in the text."""
    assert says in flat(told(request_))


def test_edited_dose() -> None:
    """A dose that is no step of the catalogue is said to be set by hand."""
    explanation = told(Request(profile="stretch-only", weeks=1))
    plan = explanation.plan
    week = plan.programme.weeks[0]
    item = dataclasses.replace(week.sessions[0].prescriptions[0], dose=Dose(repetitions=1, hold_seconds=12))
    session = dataclasses.replace(week.sessions[0], prescriptions=(item,))
    programme = dataclasses.replace(plan.programme, weeks=(dataclasses.replace(week, sessions=(session,)),))

    edited = explained(dataclasses.replace(plan, programme=programme), catalogue())

    assert [spell.why for spell in edited.exercises[0].spells] == ["by_hand"]


def test_older_plan() -> None:
    """A plan that does not say why its exercises are there is explained as far as it goes."""
    explanation = told(Request(profile="full", avoid=("knee-pain",)))
    older = dataclasses.replace(
        explanation.plan.programme, choices=(), left_out=(LeftOut(exercise="bridging", reason="exclude"),)
    )

    again = flat(explained(dataclasses.replace(explanation.plan, programme=older), catalogue()))

    assert "Why: place 1 of 10 of the profile" in again
    assert "the plan, made by an earlier version, does not say" in again


def test_verb(run: Run) -> None:
    """Explain prints the reasons of a plan file on stdout."""
    run("make", "--profile", "full", "--avoid", "knee-pain", "--id", "A1", "--format", "json", *WHEN)

    outcome = run("explain", "out/A1.json")

    assert outcome.code == 0
    assert outcome.out.startswith("Why plan A1, version 1, is as it is\n")


def test_no_plan(run: Run, tmp_path: Path) -> None:
    """What is no plan cannot be explained."""
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")

    assert run("explain", "plan.json").code == 4


def test_everything_has_a_source() -> None:
    """Every line of the catalogue names a source of the list, or is marked as judgement."""
    known = {"J", *catalogue().sources}

    bare = [line for line in lines(catalogue()) if not line.sources or set(line.sources) - known]

    assert bare == []
    assert [row.kind for row in tally(catalogue())] == list(KINDS)
    assert all(row.bare == 0 < row.lines for row in tally(catalogue()))


def test_sources(run: Run) -> None:
    """Sources counts each kind, and prints as many lines as it counts when all are asked for."""
    counted = run("sources").out.splitlines()
    every = run("sources", "--all").out.splitlines()

    numbers = [int(re.findall(r"\d+", line)[0]) for line in counted[1:]]
    assert len(every) == sum(numbers)
    assert every[0].endswith(")")
    assert sum(line.startswith("cells ") for line in every) == 19 * 29
