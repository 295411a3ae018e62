"""A revised plan keeps its past, its sources and its pace."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from composing import catalogue, requests
from conftest import WHEN, Run
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_explain import ISSUED, planned

from planmaker.adjust import STEPS, Wish, adjusted
from planmaker.ceilings import check_programme, refreshed
from planmaker.compose import compose
from planmaker.dose import Dose
from planmaker.errors import Problem
from planmaker.explain import explained
from planmaker.plan import Plan, plan_from_json, plan_to_json
from planmaker.programme import Change, Programme
from planmaker.request import Request
from planmaker.shape import shape_problems

if TYPE_CHECKING:
    from pathlib import Path

LATER = datetime(2027, 2, 1, 9, tzinfo=UTC)


def plan_of(request: Request) -> Plan:
    programme = compose(request, catalogue())
    assert isinstance(programme, Programme), programme
    return planned(programme, dataclasses.replace(request, start=ISSUED.date()))


def revised(plan: Plan, wish: Wish) -> Plan:
    answer = adjusted(plan, wish, catalogue(), LATER)
    assert isinstance(answer, Plan), answer
    return answer


def steps(plan: Plan, exercise: str) -> list[int]:
    """Return the step of each week, 0 where the exercise is not in."""
    return [item.step if item else 0 for item in plan.programme.course(exercise)]


@st.composite
def wishes(draw: st.DrawFn, plan: Plan) -> Wish:
    """Draw a change of a plan, mostly one that it allows."""
    present = plan.programme.exercises()
    known = catalogue().exercises
    old = draw(st.sampled_from(present))
    same = [name for name, item in known.items() if item.group is known[old].group]
    return Wish(
        week=draw(st.integers(1, len(plan.programme.weeks))),
        step=draw(st.sampled_from(("", *STEPS))),
        swap=draw(st.just({}) | st.sampled_from(same).map(lambda new: {old: new})),
        stop=draw(st.just(()) | st.sampled_from(present).map(lambda name: (name,))),
    )


def check_revision(before: Plan, after: Plan, wish: Wish) -> None:
    """Hold a revision against what every revision must keep."""
    now, then = after.programme, before.programme
    assert after.revision == before.revision + 1
    assert now.weeks[: wish.week - 1] == then.weeks[: wish.week - 1]
    assert len(now.weeks) == len(then.weeks)
    assert check_programme(now, catalogue()) == ()
    assert shape_problems(after, catalogue()) == ()
    assert refreshed(now, catalogue()) == now
    assert plan_from_json(plan_to_json(after)) == after
    assert {choice.exercise for choice in now.choices} == set(now.exercises())
    gone = {*wish.stop, *wish.swap}
    introduced = {item.exercise for item in then.weeks[max(wish.week - 2, 0)].prescriptions()}
    for week in range(wish.week, len(now.weeks) + 1):
        items = {item.exercise: item for item in now.weeks[week - 1].prescriptions()}
        old = {item.exercise for item in then.weeks[week - 1].prescriptions()}
        assert not gone & set(items)
        assert (introduced & old) - gone <= set(items)
        earlier = {item.exercise: item for item in now.weeks[week - 2].prescriptions()} if week > 1 else {}
        forms = {(item.exercise, item.variant) for done in now.weeks[: week - 1] for item in done.prescriptions()}
        for name, item in items.items():
            assert (item.change is Change.NEW) == ((name, item.variant) not in forms)
            if name in earlier and item.variant != earlier[name].variant:
                assert item.step == (item.steps if (name, item.variant) in forms else 1)
                continue
            assert item.step - (earlier[name].step if name in earlier else 0) <= 1
            if wish.step and name in introduced & set(earlier) and week > wish.week:
                assert item.step >= earlier[name].step
    assert all(spell.sources for item in explained(after, catalogue()).exercises for spell in item.spells)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_laws(data: st.DataObject) -> None:
    """After any changes one after the other the past, the ceilings, the pace and the order hold."""
    request = data.draw(requests(most_conditions=2))
    programme = compose(request, catalogue())
    assume(isinstance(programme, Programme))
    assert isinstance(programme, Programme)
    plan = planned(programme, request)
    for _ in range(data.draw(st.integers(1, 4))):
        wish = data.draw(wishes(plan))
        answer = adjusted(plan, wish, catalogue(), LATER)
        if isinstance(answer, Problem):
            assert answer.where
            continue
        check_revision(plan, answer, wish)
        plan = answer


@pytest.mark.parametrize(
    ("step", "expected"),
    [("back", [1, 2, 1, 2, 3, 4]), ("stay", [1, 2, 2, 3, 4, 4]), ("up", [1, 2, 3, 4, 4, 4])],
)
def test_step(step: str, expected: list[int]) -> None:
    """The wished week lies a step below, at or above the week before, and later weeks climb on from there."""
    plan = revised(plan_of(Request(profile="stretch-only")), Wish(week=3, step=step))

    assert steps(plan, "knee_to_chest") == expected


@pytest.mark.parametrize("step", ["back", "stay"])
def test_swapped_there_and_back(step: str) -> None:
    """What was swapped for another, and later back, does not wait when a step is taken: its place is never empty."""
    plan = plan_of(Request(profile="stretch-only", weeks=3, per_day=1, max_exercises=3))
    plan = revised(plan, Wish(week=2, swap={"supine_hamstring_stretch": "cat_camel"}))
    plan = revised(plan, Wish(week=3, swap={"cat_camel": "supine_hamstring_stretch"}))

    after = revised(plan, Wish(week=2, step=step))

    present = [{item.exercise for item in week.prescriptions()} for week in after.programme.weeks]
    assert "cat_camel" in present[1]
    assert "supine_hamstring_stretch" in present[2]


def test_waiting() -> None:
    """Who stays lets what has not begun wait a week, and what no week is left for is left out."""
    plan = plan_of(Request(profile="full", weeks=4))

    after = revised(plan, Wish(week=4, step="stay"))

    assert steps(plan, "wall_squat") == [0, 0, 0, 1]
    assert "wall_squat" not in after.programme.exercises()
    assert {item.exercise: item.reason for item in after.programme.left_out}["wall_squat"] == "weeks"


def test_waiting_at_the_gentle_level() -> None:
    """What waits comes once a day in its first week all the same."""
    plan = plan_of(Request(profile="strengthening", level="gentle", weeks=8))
    entry = steps(plan, "ta_march").index(1) + 1

    after = revised(plan, Wish(week=entry, step="stay"))

    times = [
        sum(item.exercise == "ta_march" for item in week.prescriptions())
        for week in after.programme.weeks[entry - 1 : entry + 2]
    ]
    assert times == [0, 1, 2]


def forms(plan: Plan, exercise: str) -> list[str]:
    """Return form and step of each week, such as ``leg_flat 1``; of the exercise's own form the step alone."""
    return [f"{item.variant} {item.step}".strip() if item else "" for item in plan.programme.course(exercise)]


@pytest.mark.parametrize(
    ("week", "step", "expected"),
    [
        (4, "up", ["1", "2", "3", "4", "4", "leg_flat 1", "leg_flat 2", "leg_flat 3", "leg_flat 4", "leg_flat 4"]),
        (4, "stay", ["1", "2", "3", "3", "4", "4", "leg_flat 1", "leg_flat 2", "leg_flat 3", "leg_flat 4"]),
        (6, "stay", ["1", "2", "3", "4", "4", "4", "leg_flat 1", "leg_flat 2", "leg_flat 3", "leg_flat 4"]),
        (6, "back", ["1", "2", "3", "4", "4", "3", "4", "4", "leg_flat 1", "leg_flat 2"]),
        (8, "back", ["1", "2", "3", "4", "4", "leg_flat 1", "leg_flat 2", "leg_flat 1", "leg_flat 2", "leg_flat 3"]),
        (7, "back", ["1", "2", "3", "4", "4", "leg_flat 1", "4", "4", "4", "4"]),
    ],
)
def test_harder_form_waits(week: int, step: str, expected: list[str]) -> None:
    """A harder form waits for its two weeks at the full dose; a step back from its foot leads out of it for good."""
    plan = plan_of(Request(profile="stretch-only", weeks=10, harder=True))

    assert forms(revised(plan, Wish(week=week, step=step)), "knee_to_chest") == expected


def test_gentle_pace() -> None:
    """At the gentle level a revised dose stays two weeks on each step."""
    plan = revised(plan_of(Request(profile="stretch-only", level="gentle", weeks=10)), Wish(week=4, step="back"))

    assert steps(plan, "knee_to_chest") == [1, 1, 2, 1, 1, 2, 2, 3, 3, 4]


def test_not_before() -> None:
    """A step that has its own first week is not taken before it, even when a step up is asked for."""
    plan = revised(plan_of(Request(profile="stretch-only")), Wish(week=2, step="up"))

    assert steps(plan, "calf_stretch")[:3] == [1, 1, 2]


def test_edited_dose_counts() -> None:
    """A step up from a dose that was lowered by hand starts at that dose."""
    plan = plan_of(Request(profile="stretch-only", weeks=4))
    week = plan.programme.weeks[2]
    low = tuple(
        dataclasses.replace(
            session,
            prescriptions=tuple(
                dataclasses.replace(item, dose=Dose(repetitions=2, hold_seconds=5)) for item in session.prescriptions
            ),
        )
        for session in week.sessions
    )
    weeks = (*plan.programme.weeks[:2], dataclasses.replace(week, sessions=low), plan.programme.weeks[3])
    edited = dataclasses.replace(plan, programme=dataclasses.replace(plan.programme, weeks=weeks))

    after = revised(edited, Wish(week=4, step="up"))

    assert steps(after, "supine_hamstring_stretch")[3] == 2


def test_swap() -> None:
    """A swapped exercise takes the place from that week on, at the foot of its ramp, and says why it is there."""
    plan = revised(plan_of(Request(profile="full")), Wish(week=4, swap={"bridging": "clamshell"}))

    assert steps(plan, "bridging") == [0, 1, 2, 0, 0, 0]
    assert steps(plan, "clamshell") == [0, 0, 0, 1, 2, 3]
    choice = next(item for item in plan.programme.choices if item.exercise == "clamshell")
    assert (choice.reason, choice.replaces, choice.entry) == ("replaces", "bridging", 4)


def test_swap_in_its_form() -> None:
    """A swapped exercise comes in the form that the conditions of the plan ask for."""
    plan = revised(plan_of(Request(profile="full", avoid=("no-floor",))), Wish(week=3, swap={"bridging": "clamshell"}))

    assert {item.variant for item in plan.programme.course("clamshell") if item} == {"bed"}


def test_swap_back() -> None:
    """What was swapped out can come back later, from the foot of its ramp, and is not left out any more."""
    once = revised(plan_of(Request(profile="full")), Wish(week=3, swap={"bridging": "clamshell"}))
    twice = revised(once, Wish(week=5, swap={"clamshell": "bridging"}))

    assert steps(twice, "bridging") == [0, 1, 0, 0, 1, 2]
    assert [item.exercise for item in twice.programme.left_out] == ["clamshell"]


def test_days_of_another_kind() -> None:
    """Load in the place of control comes on the load days, and with days off on those farthest apart."""
    plan = plan_of(Request(profile="full", weeks=2, days_off=(0,), start=date(2027, 1, 4)))

    after = revised(plan, Wish(week=2, swap={"gluteal_squeeze": "clamshell"}))

    assert {item.days for name in ("clamshell", "bridging") for item in after.programme.course(name) if item} == {
        (2, 4, 6)
    }


@pytest.mark.parametrize(
    ("wish", "where", "what"),
    [
        (Wish(week=1, step="up"), "week", "from 2 to 6"),
        (Wish(week=7, stop=("bridging",)), "week", "from 1 to 6"),
        (Wish(week=2, stop=("clamshell",)), "stop", "clamshell is not in the plan"),
        (Wish(week=2, swap={"clamshell": "bridging"}), "swap", "clamshell is not in the plan"),
        (Wish(week=2, swap={"bridging": "gluteal_squeeze"}), "swap", "is in the plan already"),
        (Wish(week=2, swap={"bridging": "calf_stretch"}), "swap", "is in the plan already"),
        (Wish(week=2, swap={"bridging": "cat_camel"}), "swap", "is for stretch, not strengthening"),
        (Wish(week=2, swap={"bridging": "curl_up"}), "swap", "ruled out by pregnancy"),
        (Wish(week=2, swap={"bridging": "moonwalk"}), "swap", "moonwalk is not in the catalogue"),
        (Wish(week=2, swap={"bridging": "clamshell"}, stop=("bridging",)), "stop", "that is swapped too"),
        (Wish(week=2, swap={"bridging": "clamshell", "ta_march": "clamshell"}), "swap", "another exercise for each"),
        (Wish(week=2, stop=("walking",)), "stop", "leaves no aerobic exercise in week 2"),
    ],
)
def test_refused(wish: Wish, where: str, what: str) -> None:
    """A change that the plan does not allow is a Problem that says which and why."""
    problem = adjusted(plan_of(Request(profile="full", avoid=("pregnancy",))), wish, catalogue(), LATER)

    assert isinstance(problem, Problem)
    assert problem.where == where
    assert what in problem.what


def test_verb(run: Run, tmp_path: Path) -> None:
    """Adjust writes the next version under the same names, the same bytes for the same input."""
    run("make", "--profile", "full", "--id", "A1", *WHEN)

    change = ("adjust", "out/A1.json", "--week", "3", "--step", "stay", "--swap", "bridging=clamshell")
    outcome = run(*change, "--issued", "2027-02-01T09:00:00Z", "--out", "new")
    run(*change, "--issued", "2027-02-01T09:00:00Z", "--out", "again")

    assert outcome.code == 0
    assert [line.rpartition(".")[2] for line in outcome.out.splitlines()] == ["pdf", "ics", "json"]
    plan = json.loads((tmp_path / "new" / "A1.json").read_text(encoding="utf-8"))
    assert (plan["revision"], plan["issued"]) == (2, "2027-02-01T09:00:00+00:00")
    assert b"SEQUENCE:1" in (tmp_path / "new" / "A1.ics").read_bytes()
    for name in ("A1.pdf", "A1.ics", "A1.json"):
        assert (tmp_path / "new" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert run("check", "new/A1.json").code == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "type what is to change"),
        (("--swap", "bridging"), "--swap: expected two exercises"),
        (("--swap", "bridgin=clamshell"), "did you mean bridging?"),
        (("--stop", "walkin"), "--stop: not known; did you mean walking?"),
        (("--swap", "bridging=clamshell", "--swap", "bridging=dead_bug"), "bridging is swapped twice"),
        (("--step", "sideways"), "back"),
        (("--stop", "walking"), "--stop: leaves no aerobic exercise"),
        (("--stop", "clamshell"), "--stop: clamshell is not in the plan"),
    ],
)
def test_wrong_options(options: tuple[str, ...], says: str, run: Run, tmp_path: Path) -> None:
    """Wrong options are named, also those that the plan does not allow; nothing is written."""
    run("make", "--profile", "full", "--id", "A1", "--format", "json", *WHEN)

    outcome = run("adjust", "out/A1.json", "--week", "3", *options, "--out", "new")

    assert outcome.code == 2
    assert says in "\n".join(outcome.err)
    assert not (tmp_path / "new").exists()
