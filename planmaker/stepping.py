"""Move the doses of a programme a step back or up, or hold them, from a week on."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING

from planmaker.compose import session_place
from planmaker.course import climb
from planmaker.days import DAILY
from planmaker.dose import within
from planmaker.programme import Session, Slot, Week

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planmaker.catalogue import Catalogue
    from planmaker.programme import Prescription, Programme

__all__ = ["STEPS", "items", "stepped", "week_of"]

# How far the dose of the wished week lies from the week before.
STEPS = {"back": -1, "stay": 0, "up": 1}
_SLOTS = (Slot.MORNING, Slot.AEROBIC, Slot.EVENING)


def stepped(programme: Programme, first: int, step: int, catalogue: Catalogue) -> Programme:
    """Move the doses of what has entered from a week on, and let what has not wait, unless the step is up."""
    before = {item.exercise: item for item in programme.weeks[first - 2].prescriptions()}
    courses = {name: _course(programme, item, first, step, catalogue) for name, item in before.items()}
    prompt = _in_place_of(before, programme)
    delay = 0 if step > 0 else 1
    weeks = list(programme.weeks[: first - 1])
    for week in programme.weeks[first - 1 :]:
        placed = [
            (slot, _at_step(item, *courses[item.exercise][week.number], catalogue))
            for slot, item in items(week)
            if week.number in courses.get(item.exercise, {})
        ]
        for source, waits in ((week, False), (programme.weeks[week.number - 1 - delay], True)):
            placed += [
                (slot, item)
                for slot, item in items(source)
                if source.number >= first
                and source.number not in courses.get(item.exercise, {})
                and (delay > 0 and item.exercise not in prompt) == waits
            ]
        weeks.append(week_of(week.number, placed, catalogue))
    return dataclasses.replace(programme, weeks=tuple(weeks))


def items(week: Week) -> list[tuple[Slot, Prescription]]:
    """Return what a week holds, each with its slot."""
    return [(session.slot, item) for session in week.sessions for item in session.prescriptions]


def week_of(number: int, placed: Iterable[tuple[Slot, Prescription]], catalogue: Catalogue) -> Week:
    """Put prescriptions into their sessions, in the order of a session; minutes are worked out later."""
    slots: dict[Slot, list[Prescription]] = defaultdict(list)
    for slot, item in placed:
        slots[slot].append(item)
    for found in slots.values():
        found.sort(key=lambda item: session_place(catalogue.exercises[item.exercise].in_form(item.variant)))
    return Week(
        number=number,
        sessions=tuple(
            Session(slot=slot, prescriptions=tuple(slots[slot]), minutes=(0,) * len(DAILY))
            for slot in _SLOTS
            if slots[slot]
        ),
    )


def _in_place_of(names: Iterable[str], programme: Programme) -> set[str]:
    """Return what was put in the place of exercises, and what in turn was put in the place of that."""
    found: set[str] = set()
    reached = set(names)
    while reached:
        reached = {choice.exercise for choice in programme.choices if choice.replaces in reached} - found
        found |= reached
    return found


def _course(
    programme: Programme, before: Prescription, first: int, step: int, catalogue: Catalogue
) -> dict[int, tuple[str, int]]:
    """Return an exercise's form and step (from 0) from a week on, as long as it stays in.

    A step back from the foot of a harder form's ramp leads to the full dose of the form before, for good.
    """
    found = programme.course(before.exercise)
    last = next((week for week in range(first, len(found) + 1) if found[week - 1] is None), len(found) + 1)
    weeks = range(first, last)
    exercise = catalogue.exercises[before.exercise]
    easier = next(item.variant for item in found if item is not None)
    standing = _standing(before, catalogue)
    if standing + step < 0 and before.variant != easier:
        return dict.fromkeys(weeks, (easier, len(exercise.in_form(easier).ramp) - 1))
    ramp = exercise.in_form(before.variant).ramp
    start = min(max(standing + step, 0), len(ramp) - 1)
    if start > standing and ramp[start].not_before_week > first:
        start = standing
    pace = catalogue.rules.levels[programme.level].weeks_a_step
    steps = climb(ramp, weeks, pace, start)
    course = dict(zip(weeks, ((before.variant, index) for index in steps), strict=True))
    form, since = next(
        ((item.variant, week) for week in weeks if (item := found[week - 1]) and item.variant != before.variant),
        ("", last),
    )
    # A harder form that was to come waits as all else does, and for its time at the full dose.
    short = sum(index < len(ramp) - 1 for index in steps)
    wait = short + catalogue.rules.weeks_at_full if short else 0
    later = range(max(since + (step <= 0), first + wait), last)
    harder = climb(exercise.in_form(form).ramp, later, pace)
    return course | dict(zip(later, ((form, index) for index in harder), strict=True))


def _standing(item: Prescription, catalogue: Catalogue) -> int:
    """Return the step (from 0) that somebody is on; a dose edited by hand counts as the step that it reaches."""
    ramp = catalogue.exercises[item.exercise].in_form(item.variant).ramp
    if item.step <= len(ramp) and ramp[item.step - 1].dose == item.dose:
        return item.step - 1
    return max((index for index, step in enumerate(ramp) if within(step.dose, item.dose)), default=0)


def _at_step(item: Prescription, form: str, step: int, catalogue: Catalogue) -> Prescription:
    ramp = catalogue.exercises[item.exercise].in_form(form).ramp
    return dataclasses.replace(item, variant=form, dose=ramp[step].dose, step=step + 1)
