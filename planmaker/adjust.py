"""Revise a plan from a week on: step back, stay, step up, swap or stop an exercise."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from planmaker.ceilings import refreshed
from planmaker.compose import session_place
from planmaker.condition import Action, verdict
from planmaker.days import DAILY
from planmaker.errors import Problem
from planmaker.exercise import Kind
from planmaker.programme import Change, Choice, LeftOut, Prescription, Programme, Week

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.catalogue import Catalogue
    from planmaker.plan import Plan

__all__ = ["STEPS", "Wish", "adjusted"]

# How far the dose of the wished week lies from the week before.
STEPS = {"back": -1, "stay": 0, "up": 1}


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
    later weeks climb on from there at the plan's own pace, and exercises that have not entered yet
    wait one week longer, unless the step is up. A swapped exercise starts at the foot of its ramp.
    """
    problem = _refused(plan.programme, wish, catalogue)
    if problem is not None:
        return problem
    programme = _swapped(_stepped(plan.programme, wish, catalogue), wish, catalogue)
    return dataclasses.replace(
        plan,
        programme=refreshed(programme, catalogue),
        revision=plan.revision + 1,
        issued=issued.astimezone(UTC).replace(microsecond=0),
        catalogue=catalogue.digest,
    )


def _refused(programme: Programme, wish: Wish, catalogue: Catalogue) -> Problem | None:
    """Return the Problem of a wish that the plan or the catalogue does not allow."""
    first = 2 if wish.step else 1
    if not first <= wish.week <= len(programme.weeks):
        return Problem(where="week", what=f"expected a week of the plan, from {first} to {len(programme.weeks)}")
    present = programme.exercises()
    for name in (*wish.stop, *wish.swap):
        if name not in present:
            return Problem(where="stop" if name in wish.stop else "swap", what=f"{name} is not in the plan")
    for old, new in wish.swap.items():
        what = _bad_swap(old, new, programme, catalogue)
        if what:
            return Problem(where="swap", what=what)
    groups = {catalogue.exercises[name].group for name in present}
    left = {catalogue.exercises[name].group for name in present if name not in wish.stop}
    if groups - left:
        return Problem(where="stop", what=f"leaves no {min(groups - left).value} exercise; swap it for another instead")
    return None


def _bad_swap(old: str, new: str, programme: Programme, catalogue: Catalogue) -> str:
    known = catalogue.exercises
    if new not in known:
        return f"{new} is not in the catalogue"
    if new in programme.exercises():
        return f"{new} is in the plan already"
    if known[new].group is not known[old].group:
        return f"{new} is for {known[new].group.value}, not {known[old].group.value}; choose one of the same group"
    if verdict(new, [catalogue.conditions[name] for name in programme.avoid]).action is Action.LEAVE_OUT:
        return f"{new} is ruled out by {', '.join(programme.avoid)}"
    return ""


def _stepped(programme: Programme, wish: Wish, catalogue: Catalogue) -> Programme:
    if not wish.step:
        return programme
    courses = {name: _course(programme, name, wish) for name in programme.exercises()}
    weeks = [week if week.number < wish.week else _rewritten(week, courses, catalogue) for week in programme.weeks]
    return dataclasses.replace(programme, weeks=tuple(weeks))


def _course(programme: Programme, name: str, wish: Wish) -> dict[int, int]:
    """Return an exercise's ramp step (from 1) in the wished week and after; no key while it waits."""
    old = {week: item.step for week, item in enumerate(programme.course(name), start=1) if item is not None}
    entry = min(old)
    last = len(programme.weeks)
    if entry >= wish.week:
        delay = 0 if wish.step == "up" else 1
        return {week + delay: step for week, step in old.items() if week + delay <= last}
    steps = max(item.steps for item in programme.course(name) if item is not None)
    new = {wish.week: min(max(old[wish.week - 1] + STEPS[wish.step], 1), steps)}
    for week in range(wish.week + 1, last + 1):
        # The plan's own pace: climb in the weeks in which it climbed, or was to, before.
        climbs = old[week] > old[week - 1] or old[week] == steps
        new[week] = min(new[week - 1] + (1 if climbs else 0), steps)
    return new


def _rewritten(week: Week, courses: Mapping[str, Mapping[int, int]], catalogue: Catalogue) -> Week:
    """Return a week with the doses of new courses, without what does not enter yet."""
    sessions = []
    for session in week.sessions:
        items = tuple(
            _at_step(item, courses[item.exercise], week.number, catalogue)
            for item in session.prescriptions
            if week.number in courses[item.exercise]
        )
        if items:
            sessions.append(dataclasses.replace(session, prescriptions=items))
    return dataclasses.replace(week, sessions=tuple(sessions))


def _at_step(item: Prescription, course: Mapping[int, int], week: int, catalogue: Catalogue) -> Prescription:
    step = course[week]
    before = course.get(week - 1)
    entered = before is None and week == min(course) and item.change is Change.NEW
    changed = Change.NEW if entered else Change.MORE if before is not None and step > before else Change.SAME
    ramp = catalogue.exercises[item.exercise].in_form(item.variant).ramp
    return dataclasses.replace(item, dose=ramp[step - 1].dose, step=step, change=changed)


def _swapped(programme: Programme, wish: Wish, catalogue: Catalogue) -> Programme:
    """Replace and remove exercises from the wished week on."""
    if not wish.swap and not wish.stop:
        return programme
    weeks = tuple(
        week if week.number < wish.week else _exchanged(week, wish, programme, catalogue) for week in programme.weeks
    )
    conditions = [catalogue.conditions[name] for name in programme.avoid]
    choices = tuple(
        Choice(
            exercise=new,
            entry=wish.week,
            reason="replaces",
            replaces=old,
            variant=verdict(new, conditions).variant,
        )
        for old, new in wish.swap.items()
    )
    stopped = tuple(LeftOut(exercise=name, reason="stopped") for name in (*wish.stop, *wish.swap))
    return dataclasses.replace(
        programme, weeks=weeks, choices=(*programme.choices, *choices), left_out=(*programme.left_out, *stopped)
    )


def _exchanged(week: Week, wish: Wish, programme: Programme, catalogue: Catalogue) -> Week:
    """Exchange the exercises of a week; a new one comes no more often in a day than its source says."""
    left = {new: catalogue.exercises[new].times_a_day for new in wish.swap.values()}
    sessions = []
    for session in week.sessions:
        items = []
        for item in session.prescriptions:
            new = wish.swap.get(item.exercise)
            if new is not None and left[new] > 0:
                left[new] -= 1
                items.append(_replacing(item, new, week.number, wish, programme, catalogue))
            elif new is None and item.exercise not in wish.stop:
                items.append(item)
        items.sort(key=lambda item: session_place(catalogue.exercises[item.exercise].in_form(item.variant)))
        if items:
            sessions.append(dataclasses.replace(session, prescriptions=tuple(items)))
    return dataclasses.replace(week, sessions=tuple(sessions))


def _replacing(
    old: Prescription, name: str, week: int, wish: Wish, programme: Programme, catalogue: Catalogue
) -> Prescription:
    """Return the new exercise's prescription in the place of the old one's, climbing its own ramp."""
    entries = [number for number, item in enumerate(programme.course(old.exercise), start=1) if item is not None]
    weeks_in = week - max(wish.week, entries[0])
    form = verdict(name, [catalogue.conditions[item] for item in programme.avoid]).variant
    exercise = catalogue.exercises[name].in_form(form)
    pace = catalogue.rules.levels[programme.level].weeks_a_step
    step, before = (min(weeks // pace, len(exercise.ramp) - 1) for weeks in (weeks_in, max(weeks_in - 1, 0)))
    days = old.days if exercise.kind is old.kind else catalogue.rules.load_days if exercise.kind is Kind.LOAD else DAILY
    return dataclasses.replace(
        old,
        exercise=name,
        group=exercise.group,
        kind=exercise.kind,
        sides=exercise.sides,
        bends_spine=exercise.bends_spine,
        dose=exercise.ramp[step].dose,
        days=days[: exercise.days_a_week],
        change=Change.NEW if weeks_in == 0 else Change.MORE if step > before else Change.SAME,
        step=step + 1,
        steps=len(exercise.ramp),
        variant=form,
    )
