"""Check a programme that may have been edited by hand against its sources."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from planmaker.compose import session_minutes
from planmaker.days import DAILY
from planmaker.dose import AerobicDose, within
from planmaker.errors import Problem
from planmaker.exercise import Group
from planmaker.programme import Slot

if TYPE_CHECKING:
    from planmaker.catalogue import Catalogue
    from planmaker.dose import AnyDose
    from planmaker.exercise import Exercise
    from planmaker.programme import Prescription, Programme, Session, Week

__all__ = ["check_programme", "refreshed"]


def refreshed(programme: Programme, catalogue: Catalogue) -> Programme:
    """Return an edited programme with what follows from exercises and doses: kinds, sides, minutes.

    Exercises that the catalogue lacks are left as they are; ``check_programme`` names them.
    """
    weeks = tuple(
        dataclasses.replace(week, sessions=tuple(_refreshed(session, catalogue) for session in week.sessions))
        for week in programme.weeks
        if all(_known(item, catalogue) for session in week.sessions for item in session.prescriptions)
    )
    return dataclasses.replace(programme, weeks=weeks) if len(weeks) == len(programme.weeks) else programme


def _known(item: Prescription, catalogue: Catalogue) -> bool:
    exercise = catalogue.exercises.get(item.exercise)
    return exercise is not None and (not item.variant or item.variant in {form.id for form in exercise.variants})


def _refreshed(session: Session, catalogue: Catalogue) -> Session:
    items = tuple(_described(item, catalogue.exercises[item.exercise]) for item in session.prescriptions)
    forms = [catalogue.exercises[item.exercise].in_form(item.variant) for item in items]
    pairs = list(zip(forms, items, strict=True))
    due = [[(form, item.dose) for form, item in pairs if day in item.days] for day in DAILY]
    return dataclasses.replace(
        session, prescriptions=items, minutes=tuple(session_minutes(day, catalogue.rules) for day in due)
    )


def _described(item: Prescription, exercise: Exercise) -> Prescription:
    return dataclasses.replace(
        item,
        group=exercise.group,
        kind=exercise.kind,
        sides=exercise.sides,
        bends_spine=exercise.bends_spine,
        steps=len(exercise.ramp),
        pictured=exercise.in_form(item.variant).position is exercise.position,
    )


def check_programme(programme: Programme, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return every place where a programme, perhaps edited by hand, is above its sources."""
    problems: list[Problem] = []
    if programme.profile not in catalogue.profiles:
        problems.append(Problem(where="profile", what=f"expected one of {', '.join(catalogue.profiles)}"))
    for week in programme.weeks:
        for session in week.sessions:
            for item in session.prescriptions:
                where = f"week {week.number}, {session.slot}, {item.exercise}"
                what = _above(item, session.slot, week, catalogue)
                if what:
                    problems.append(Problem(where=where, what=what))
    return tuple(problems)


def _above(item: Prescription, slot: Slot, week: Week, catalogue: Catalogue) -> str:
    if not _known(item, catalogue):
        return "not in the catalogue, or not in this variant"
    exercise = catalogue.exercises[item.exercise].in_form(item.variant)
    if not within(item.dose, exercise.full):
        return f"above the source's dose, or not a dose; expected at most {_numbers(exercise.full)}"
    if not item.days or len(set(item.days)) > exercise.days_a_week or set(item.days) - set(DAILY):
        return f"expected 1 to {exercise.days_a_week} days a week"
    times = sum(other.exercise == item.exercise for session in week.sessions for other in session.prescriptions)
    if times > exercise.times_a_day:
        return f"expected at most {exercise.times_a_day} times a day"
    if (slot is Slot.AEROBIC) != (exercise.group is Group.AEROBIC):
        return f"expected in another session than {slot}"
    return ""


def _numbers(dose: AnyDose) -> str:
    if isinstance(dose, AerobicDose):
        return f"{dose.brisk_minutes} brisk minutes"
    return f"{dose.sets} sets of {dose.repetitions}, held {dose.hold_seconds} seconds"
