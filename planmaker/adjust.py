"""Revise a plan from a week on: step back, stay, step up, swap or stop an exercise."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from planmaker.ceilings import refreshed
from planmaker.condition import Action, verdict
from planmaker.course import climb
from planmaker.days import DAILY, fitted
from planmaker.dose import within
from planmaker.errors import Problem
from planmaker.exercise import Kind
from planmaker.ledger import next_version
from planmaker.programme import Change, Choice, LeftOut, Prescription, Programme, Slot, Week
from planmaker.stepping import STEPS, items, stepped, week_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from planmaker.catalogue import Catalogue
    from planmaker.exercise import Exercise
    from planmaker.plan import Plan
    from planmaker.schedule import Schedule, Turn

__all__ = ["STEPS", "Wish", "adjusted"]

_Clocks = TypeVar("_Clocks", "Schedule", "Turn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to change from a week on; ``step`` is a key of STEPS or empty."""

    week: int
    step: str = ""
    swap: Mapping[str, str] = dataclasses.field(default_factory=dict)
    stop: tuple[str, ...] = ()


def adjusted(plan: Plan, wish: Wish, catalogue: Catalogue, issued: datetime) -> Plan | Problem:
    """Return the next revision of a plan, its weeks before the wished one untouched.

    A step moves the wished week one step up or down from the week before, or leaves it as that week;
    later weeks climb on from there at the pace of the plan's level, and exercises that have not
    entered yet wait one week longer, unless the step is up. A swapped exercise starts at the foot of
    its ramp. Returns the Problem of a wish that the plan or the catalogue does not allow.
    """
    problem = _refused(plan.programme, wish, catalogue)
    if problem is not None:
        return problem
    moved = plan.programme
    if wish.step:
        moved = stepped(moved, wish.week, STEPS[wish.step], catalogue)
    programme = _exchanged(moved, wish, catalogue)
    empty = _emptied(moved, programme, wish)
    if empty is not None:
        return empty
    programme = refreshed(_recorded(_marked(programme, wish.week), plan.programme, wish, catalogue), catalogue)
    schedule = _clocks(plan.schedule, programme)
    return next_version(plan, issued, programme=programme, schedule=schedule, catalogue=catalogue.digest)


def _refused(programme: Programme, wish: Wish, catalogue: Catalogue) -> Problem | None:
    """Return the Problem of a wish that cannot be met, before anything is tried."""
    first = 2 if wish.step else 1
    if not first <= wish.week <= len(programme.weeks):
        return Problem(where="week", what=f"expected a week of the plan, from {first} to {len(programme.weeks)}")
    present = {item.exercise for week in programme.weeks[wish.week - 1 :] for item in week.prescriptions()}
    for where, names in (("stop", wish.stop), ("swap", wish.swap)):
        for name in names:
            if name not in present:
                return Problem(where=where, what=f"{name} is not in the plan from week {wish.week} on")
    if set(wish.stop) & set(wish.swap):
        return Problem(where="stop", what="expected no exercise that is swapped too")
    if len(set(wish.swap.values())) < len(wish.swap):
        return Problem(where="swap", what="expected another exercise for each")
    for old, new in wish.swap.items():
        what = _bad_swap(old, new, present, programme, catalogue)
        if what:
            return Problem(where="swap", what=what)
    return None


def _bad_swap(old: str, new: str, present: set[str], programme: Programme, catalogue: Catalogue) -> str:
    known = catalogue.exercises
    if new not in known:
        return f"{new} is not in the catalogue"
    if new in present:
        return f"{new} is in the plan already"
    if known[new].group is not known[old].group:
        return f"{new} is for {known[new].group.value}, not {known[old].group.value}; choose one of the same group"
    decided = verdict(known[new], [catalogue.conditions[name] for name in programme.avoid])
    return f"{new} is ruled out by {decided.condition}" if decided.action is Action.LEAVE_OUT else ""


def _exchanged(programme: Programme, wish: Wish, catalogue: Catalogue) -> Programme:
    """Take out what is stopped and put in what is swapped, from the wished week on."""
    if not wish.swap and not wish.stop:
        return programme
    level = catalogue.rules.levels[programme.level]
    weeks = list(programme.weeks[: wish.week - 1])
    for week in programme.weeks[wish.week - 1 :]:
        placed: list[tuple[Slot, Prescription]] = []
        times: dict[str, int] = defaultdict(int)
        for slot, item in items(week):
            new = wish.swap.get(item.exercise)
            if new is not None:
                entry = _entry(programme, item.exercise, wish.week)
                once = week.number - entry < level.once_a_day_weeks
                if times[new] < (1 if once else catalogue.exercises[new].times_a_day):
                    times[new] += 1
                    placed.append((slot, _instead(item, new, range(entry, week.number + 1), programme, catalogue)))
            elif item.exercise not in wish.stop:
                placed.append((slot, item))
        weeks.append(week_of(week.number, placed, catalogue))
    return dataclasses.replace(programme, weeks=tuple(weeks))


def _entry(programme: Programme, name: str, since: int = 1) -> int:
    """Return the first week, from a week on if it can be, in which an exercise is in the programme."""
    weeks = [week for week, item in enumerate(programme.course(name), start=1) if item is not None]
    return next((week for week in weeks if week >= since), weeks[0])


def _instead(old: Prescription, name: str, weeks: range, programme: Programme, catalogue: Catalogue) -> Prescription:
    """Return another exercise's prescription in the place of the old one's, climbing its own ramp."""
    form = verdict(catalogue.exercises[name], [catalogue.conditions[item] for item in programme.avoid]).variant
    exercise = catalogue.exercises[name].in_form(form)
    step = climb(exercise.ramp, weeks, catalogue.rules.levels[programme.level].weeks_a_step)[-1]
    return dataclasses.replace(
        old,
        exercise=name,
        dose=exercise.ramp[step].dose,
        days=_days(old, exercise, programme.weeks[weeks[-1] - 1], catalogue),
        step=step + 1,
        variant=form,
    )


def _days(old: Prescription, exercise: Exercise, week: Week, catalogue: Catalogue) -> tuple[int, ...]:
    """Return the days of what takes a place: the old ones if it is of a kind, else those of its group that suit it."""
    days = old.days
    if exercise.kind is not old.kind:
        days = tuple(sorted({day for item in week.prescriptions() if item.group is old.group for day in item.days}))
    if exercise.kind is Kind.LOAD and old.kind is not Kind.LOAD:
        days = fitted(catalogue.rules.load_days, frozenset(DAILY) - frozenset(days))
    return days[: exercise.days_a_week]


def _emptied(before: Programme, after: Programme, wish: Wish) -> Problem | None:
    """Return a Problem if a week loses the last exercise of a group, or has none at all."""
    for earlier, later in zip(before.weeks, after.weeks, strict=True):
        kept = {item.group for item in later.prescriptions()}
        lost = {item.group for item in earlier.prescriptions()} - kept
        if lost or not kept:
            group = f"{min(lost).value} " if lost else ""
            where = "stop" if wish.stop else "step"
            what = f"leaves no {group}exercise in week {later.number}; swap it for another instead"
            return Problem(where=where, what=what)
    return None


def _marked(programme: Programme, since: int) -> Programme:
    """Compare each dose, from a week on, with the week before."""
    weeks = list(programme.weeks[: since - 1])
    for week in programme.weeks[since - 1 :]:
        before = {item.exercise: item for item in weeks[-1].prescriptions()} if weeks else {}
        sessions = tuple(
            dataclasses.replace(
                session,
                prescriptions=tuple(
                    dataclasses.replace(item, change=_change(before.get(item.exercise), item))
                    for item in session.prescriptions
                ),
            )
            for session in week.sessions
        )
        weeks.append(dataclasses.replace(week, sessions=sessions))
    return dataclasses.replace(programme, weeks=tuple(weeks))


def _change(before: Prescription | None, item: Prescription) -> Change:
    if before is None:
        return Change.NEW
    return Change.SAME if within(item.dose, before.dose) else Change.MORE


def _recorded(programme: Programme, before: Programme, wish: Wish, catalogue: Catalogue) -> Programme:
    """Bring the reasons up to date: who is in since when and why, who is out and why."""
    conditions = [catalogue.conditions[name] for name in programme.avoid]
    present = programme.exercises()
    choices = {choice.exercise: choice for choice in before.choices}
    for old, new in wish.swap.items():
        decided = verdict(catalogue.exercises[new], conditions)
        form = {"variant": decided.variant, "condition": decided.condition, "because": decided.because}
        choices[new] = Choice(exercise=new, entry=wish.week, reason="replaces", replaces=old, **form)
    reasons = {item.exercise: item for item in before.left_out}
    late = [name for name in before.exercises() if name not in present and name not in (*wish.stop, *wish.swap)]
    reasons.update({name: LeftOut(exercise=name, reason="weeks") for name in late})
    reasons.update({name: LeftOut(exercise=name, reason="stopped") for name in (*wish.stop, *wish.swap)})
    return dataclasses.replace(
        programme,
        choices=tuple(
            dataclasses.replace(choice, entry=_entry(programme, name, wish.week if choice.entry >= wish.week else 1))
            for name, choice in choices.items()
            if name in present
        ),
        left_out=tuple(item for name, item in reasons.items() if name not in wish.swap.values()),
    )


def _clocks(schedule: Schedule, programme: Programme) -> Schedule:
    """Keep a time for those slots only that the programme still has."""
    slots = {session.slot for week in programme.weeks for session in week.sessions}

    def kept(clocks: _Clocks) -> _Clocks:
        return dataclasses.replace(
            clocks,
            pm=clocks.pm if Slot.EVENING in slots else None,
            aerobic_at=clocks.aerobic_at if Slot.AEROBIC in slots else None,
        )

    return dataclasses.replace(kept(schedule), turns=tuple(kept(turn) for turn in schedule.turns))
