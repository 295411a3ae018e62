"""Make a plan again from a row that may have changed: keep what it does not touch, revise what it does."""

from __future__ import annotations

import dataclasses
import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeVar

from planmaker.assign import clash
from planmaker.ceilings import check_programme
from planmaker.errors import InputError, Problem
from planmaker.ledger import next_version
from planmaker.plan import is_edited, plan_from_json
from planmaker.programme import Slot
from planmaker.zones import zone

if TYPE_CHECKING:
    from datetime import datetime

    from planmaker.catalogue import Catalogue
    from planmaker.plan import Plan
    from planmaker.programme import Programme
    from planmaker.request import Request
    from planmaker.schedule import Schedule, Turn

__all__ = ["again", "kept", "lying", "past"]

_ALIKE = 0.6  # of difflib's ratio: Jon Smyth and John Smith have 0.84
_ANOTHER = "the plan here has another name; give somebody else another id, or move the files of the old one away"

_Clocks = TypeVar("_Clocks", "Schedule", "Turn")


def kept(request: Request, before: Plan) -> Request:
    """Return a request whose start and zone, where it gives none, are those that the plan has."""
    start = before.schedule.start if request.start is None and request.finish is None else request.start
    return dataclasses.replace(request, start=start, timezone=request.timezone or before.schedule.timezone)


def lying(data: bytes, code: str) -> Plan:
    """Return the plan of an id from the file that lies there; raise InputError for one that cannot go on from there."""
    try:
        text = data.decode("utf-8-sig")
        plan = plan_from_json(text)
    except (UnicodeDecodeError, InputError) as error:
        msg = "its .json in the folder cannot be read as a plan; move that away to begin anew"
        raise InputError(msg) from error
    if plan.person.id != code:
        msg = "its .json in the folder is that of another id; move that away, or take another id"
        raise InputError(msg)
    if is_edited(text):
        msg = "its .json in the folder was edited by hand; run planmaker render on it first, or move it away"
        raise InputError(msg)
    return plan


def again(before: Plan, fresh: Plan, catalogue: Catalogue, at: datetime) -> Plan | Problem:
    """Return the plan of a row that was made before: ``fresh`` is what would be made of it now.

    A programme that was adjusted stays, unless other wishes went into it; so do moves and a stop, unless the start is
    another. Nothing changed: the same plan. Else its next revision, or the Problem that it has, such as that it is
    somebody else's.
    """
    if _is_another(before.person.name, fresh.person.name):
        return Problem(where="id", what=_ANOTHER)
    programme = before.programme if _same_wishes(before, fresh, catalogue) else fresh.programme
    schedule = _schedule(before.schedule, fresh.schedule, programme)
    changed: dict[str, Any] = {
        "person": fresh.person,
        "programme": programme,
        "schedule": schedule,
        "language": fresh.language,
        "region": fresh.region,
        "asked": fresh.asked,
        "look": fresh.look,
    }
    found = dataclasses.replace(before, **changed)
    if found.terms == before.terms and (programme, schedule) == (before.programme, before.schedule):
        return found
    problem = clash(programme, schedule)
    if problem is not None:
        return problem
    return next_version(before, at, **changed, catalogue=fresh.catalogue)


def past(plan: Plan, at: datetime) -> Problem | None:
    """Return the Problem of a changed plan of which no day is left."""
    last = plan.schedule.end(len(plan.programme.weeks))
    if last >= at.astimezone(zone(plan.schedule.timezone)).date():
        return None
    return Problem(where="start", what=f"the plan of this id was over on {last}; type a start for a new one")


def _is_another(old: str, new: str) -> bool:
    """Tell whether two names have no word in common and are not even spelt alike."""
    mine, others = _folded(old), _folded(new)
    if not mine or not others or set(mine) & set(others):
        return False
    return difflib.SequenceMatcher(None, " ".join(mine), " ".join(others)).ratio() < _ALIKE


def _folded(name: str) -> list[str]:
    """Return the words of a name in an order of their own, without accents and capitals."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return sorted(re.findall(r"\w+", plain.casefold()))


def _same_wishes(before: Plan, fresh: Plan, catalogue: Catalogue) -> bool:
    """Tell whether a programme is still what the row asks for, and within its sources."""
    same = before.asked == fresh.asked if before.asked else before.programme == fresh.programme
    return same and (before.catalogue == catalogue.digest or not check_programme(before.programme, catalogue))


def _schedule(before: Schedule, fresh: Schedule, programme: Programme) -> Schedule:
    """Return the schedule of a row, with the moves and the stop that there were since unless its start is another."""
    if fresh.start != before.start:
        return fresh
    slots = {session.slot for week in programme.weeks for session in week.sessions}
    pm = fresh.pm if Slot.EVENING in slots else None
    aerobic_at = fresh.aerobic_at if Slot.AEROBIC in slots else None

    def timed(clocks: _Clocks) -> _Clocks:
        return dataclasses.replace(
            clocks,
            am=fresh.am if fresh.am != before.am else clocks.am,
            pm=pm if pm != before.pm else clocks.pm,
            aerobic_at=aerobic_at if aerobic_at != before.aerobic_at else clocks.aerobic_at,
        )

    changed = dataclasses.replace(timed(before), timezone=fresh.timezone, reminder_minutes=fresh.reminder_minutes)
    weeks = len(programme.weeks)
    return dataclasses.replace(changed, turns=tuple(timed(turn) for turn in before.turns if turn.week <= weeks))
