"""Check a programme that may have been edited by hand against its sources."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from planmaker.compose import gets_down, session_minutes
from planmaker.condition import Action, verdict
from planmaker.days import DAILY
from planmaker.dose import AerobicDose, within
from planmaker.errors import Problem
from planmaker.exercise import Group
from planmaker.programme import Change, Slot

if TYPE_CHECKING:
    from planmaker.catalogue import Catalogue
    from planmaker.condition import Condition
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
    if len(weeks) < len(programme.weeks):
        return programme
    before: dict[tuple[str, str], AnyDose] = {}
    forms = [
        catalogue.exercises[item.exercise].in_form(item.variant) for week in weeks for item in week.prescriptions()
    ]
    return dataclasses.replace(
        programme,
        weeks=tuple(_marked(week, before, catalogue) for week in weeks),
        floor=gets_down(forms, programme.avoid, catalogue),
    )


def _marked(week: Week, before: dict[tuple[str, str], AnyDose], catalogue: Catalogue) -> Week:
    """Return a week with marks and steps that fit its doses; ``before``, the doses of forms so far, is brought on."""
    sessions = tuple(
        dataclasses.replace(
            session, prescriptions=tuple(_stepped(item, before, catalogue) for item in session.prescriptions)
        )
        for session in week.sessions
    )
    before.update({(item.exercise, item.variant): item.dose for item in week.prescriptions()})
    return dataclasses.replace(week, sessions=sessions)


def _stepped(item: Prescription, before: dict[tuple[str, str], AnyDose], catalogue: Catalogue) -> Prescription:
    ramp = [step.dose for step in catalogue.exercises[item.exercise].in_form(item.variant).ramp]
    earlier = before.get((item.exercise, item.variant))
    more = earlier is not None and item.dose != earlier and not within(item.dose, earlier)
    change = Change.NEW if earlier is None else Change.MORE if more else Change.SAME
    on_ramp = item.dose in ramp and ramp[min(item.step, len(ramp)) - 1] != item.dose
    return dataclasses.replace(item, change=change, step=ramp.index(item.dose) + 1 if on_ramp else item.step)


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
        pictured=exercise.pictured(item.variant),
    )


def check_programme(programme: Programme, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return every place where a programme, perhaps edited by hand, is above its sources."""
    problems: list[Problem] = []
    if programme.profile not in catalogue.profiles:
        problems.append(Problem(where="profile", what=f"expected one of {', '.join(catalogue.profiles)}"))
    if programme.level not in catalogue.rules.levels:
        problems.append(Problem(where="level", what=f"expected one of {', '.join(catalogue.rules.levels)}"))
    unknown = set(programme.avoid) - set(catalogue.conditions)
    if unknown:
        problems.append(Problem(where="avoid", what="expected conditions of the catalogue"))
    conditions = [catalogue.conditions[name] for name in programme.avoid if name not in unknown]
    for week in programme.weeks:
        for session in week.sessions:
            for item in session.prescriptions:
                where = f"week {week.number}, {session.slot}, {item.exercise}"
                what = _above(item, session.slot, week, catalogue) or _forbidden(item, catalogue, conditions)
                if what:
                    problems.append(Problem(where=where, what=what))
        problems.extend(_uneven(week))
    return tuple(problems)


def _uneven(week: Week) -> list[Problem]:
    """Return the exercises that have two doses in a week: a card and a row show one."""
    doses: dict[str, set[AnyDose]] = {}
    for item in week.prescriptions():
        doses.setdefault(item.exercise, set()).add(item.dose)
    return [
        Problem(where=f"week {week.number}, {name}", what="expected the same dose morning and evening")
        for name, found in doses.items()
        if len(found) > 1
    ]


def _above(item: Prescription, slot: Slot, week: Week, catalogue: Catalogue) -> str:
    if not _known(item, catalogue):
        return "not in the catalogue, or not in this variant"
    exercise = catalogue.exercises[item.exercise].in_form(item.variant)
    if not within(item.dose, exercise.full):
        return f"above the source's dose, or not a dose; expected at most {_numbers(exercise.full)}"
    days = [day for other in week.prescriptions() if other.exercise == item.exercise for day in set(other.days)]
    if not item.days or len(set(days)) > exercise.days_a_week or set(days) - set(DAILY):
        return f"expected 1 to {exercise.days_a_week} days a week"
    if max(days.count(day) for day in days) > exercise.times_a_day:
        return f"expected at most {exercise.times_a_day} times a day"
    if (slot is Slot.AEROBIC) != (exercise.group is Group.AEROBIC):
        return f"expected in another session than {slot}"
    return ""


def _forbidden(item: Prescription, catalogue: Catalogue, conditions: list[Condition]) -> str:
    """Say what the conditions of the plan have against an exercise, or against the form it is in."""
    decided = verdict(catalogue.exercises[item.exercise], conditions)
    if decided.action is Action.LEAVE_OUT:
        return f"ruled out by {decided.condition}"
    if decided.action is Action.CHANGE and item.variant != decided.variant:
        return f"{decided.condition} asks for the variant {decided.variant}"
    return ""


def _numbers(dose: AnyDose) -> str:
    if isinstance(dose, AerobicDose):
        return f"{dose.brisk_minutes} brisk minutes"
    return f"{dose.sets} sets of {dose.repetitions}, held {dose.hold_seconds} seconds"
