"""Find in an edited plan what no sheet and no calendar could be made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.errors import Problem
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.catalogue import Catalogue
    from planmaker.plan import Plan
    from planmaker.programme import Programme, Session, Week

__all__ = ["LEFT_OUT_REASONS", "MOST_REVISIONS", "shape_problems"]

LEFT_OUT_REASONS = ("exclude", "avoid", "equipment", "weeks", "max_exercises", "minutes", "stopped")
_DAYS = 7
_MOST_WEEKS = 26
MOST_REVISIONS = 9999


def shape_problems(plan: Plan, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return every fault in how a plan is put together; doses are ``ceilings.check_programme``'s."""
    programme = plan.programme
    return (
        *_told("revision", f"expected 1 to {MOST_REVISIONS}", not 1 <= plan.revision <= MOST_REVISIONS),
        *_weeks(programme),
        *(problem for week in programme.weeks for problem in _week(week)),
        *_aerobic(programme),
        *_slots(programme),
        *_names(programme, catalogue),
    )


def _told(where: str, what: str, wrong: object) -> tuple[Problem, ...]:
    return (Problem(where=where, what=what),) if wrong else ()


def _weeks(programme: Programme) -> Iterator[Problem]:
    numbers = [week.number for week in programme.weeks]
    yield from _told("weeks", "expected numbers from 1 in order", numbers != list(range(1, len(numbers) + 1)))
    yield from _told("weeks", f"expected 1 to {_MOST_WEEKS} weeks", not 1 <= len(numbers) <= _MOST_WEEKS)


def _week(week: Week) -> Iterator[Problem]:
    where = f"week {week.number}"
    slots = [session.slot for session in week.sessions]
    yield from _told(where, "expected each session once", len(set(slots)) != len(slots))
    yield from _told(where, "expected a morning or an evening session", not {Slot.MORNING, Slot.EVENING} & set(slots))
    for session in week.sessions:
        yield from _session(session, f"{where}, {session.slot}")


def _session(session: Session, where: str) -> Iterator[Problem]:
    minutes = session.minutes
    yield from _told(where, "expected the minutes of seven days", len(minutes) != _DAYS or min(minutes) < 0)
    yield from _told(where, "expected an exercise", not session.prescriptions)
    names = [item.exercise for item in session.prescriptions]
    yield from _told(where, "expected each exercise once", len(set(names)) != len(names))
    for item in session.prescriptions:
        yield from _told(f"{where}, {item.exercise}", "expected step 1 to steps", not 1 <= item.step <= item.steps)


def _aerobic(programme: Programme) -> Iterator[Problem]:
    sessions = [week.session(Slot.AEROBIC) for week in programme.weeks]
    found = [session for session in sessions if session is not None]
    yield from _told("aerobic", "expected in every week or in none", 0 < len(found) < len(sessions))
    several = any(len(session.prescriptions) > 1 for session in found)
    yield from _told("aerobic", "expected one exercise in a session", several)


def _slots(programme: Programme) -> Iterator[Problem]:
    evening = any(week.session(Slot.EVENING) for week in programme.weeks)
    yield from _told("per_day", "expected 1 or 2", programme.per_day not in {1, 2})
    yield from _told("per_day", "is 1, but there is an evening session", programme.per_day == 1 and evening)


def _names(programme: Programme, catalogue: Catalogue) -> Iterator[Problem]:
    for item in programme.left_out:
        wrong = item.exercise not in catalogue.exercises or item.reason not in LEFT_OUT_REASONS
        yield from _told("left_out", "expected an exercise of the catalogue and a known reason", wrong)
    for choice in programme.choices:
        known = {choice.exercise, choice.replaces or choice.exercise} <= set(catalogue.exercises)
        yield from _told("choices", "expected exercises of the catalogue", not known)
