"""Give a programme to a person on a schedule."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from planmaker.errors import Problem
from planmaker.plan import Person, Plan
from planmaker.programme import Programme, Slot
from planmaker.request import Request, canonical_id, look_of
from planmaker.runs import Same
from planmaker.schedule import Occurrence, Schedule, default_start, jumped_over, occurrences, zone

__all__ = ["assign", "clash", "completed", "notices", "person"]

# Stands for whoever allowed exercise in a private plan.
ON_RECORD = "(on record)"
_CLOCKS = 4096  # programmes at clock times whose overlaps are kept
_SCHEDULES = 256  # of programmes, whose notices are kept
_SOME_MONDAY = date(2001, 1, 1)


def completed(request: Request, issued: datetime, machine_zone: str) -> Request:
    """Fill in the defaults that depend on the clock and the machine: zone, start, then id."""
    timezone = request.timezone or machine_zone
    start = request.start or _before(request) or default_start(issued, timezone)
    whole = dataclasses.replace(request, timezone=timezone, start=start, finish=None)
    return dataclasses.replace(whole, id=whole.id or canonical_id(whole))


def _before(request: Request) -> date | None:
    """Return the first day of a programme that ends on a wished day."""
    return request.finish and request.finish - timedelta(weeks=request.weeks, days=-1)


def assign(
    programme: Programme, request: Request, *, issued: datetime, catalogue: str, allow_past: bool = False
) -> Plan | Problem:
    """Return the plan of a completed request, or the Problem with its dates and times.

    ``catalogue`` is the hash of the data the programme was composed from.
    """
    if request.start is None:
        msg = "the request is not completed"
        raise ValueError(msg)
    schedule = Schedule(
        start=request.start,
        am=request.am,
        pm=request.pm if _has(programme, Slot.EVENING) else None,
        aerobic_at=request.aerobic_at if _has(programme, Slot.AEROBIC) else None,
        timezone=request.timezone,
        reminder_minutes=request.reminder,
    )
    problem = overdue(schedule, issued, allow_past=allow_past) or clash(programme, schedule)
    if problem is not None:
        return problem
    return Plan(
        person=person(request),
        programme=programme,
        schedule=schedule,
        issued=issued.astimezone(UTC).replace(microsecond=0),
        revision=1,
        catalogue=catalogue,
        language=request.language,
        region=request.region,
        look=look_of(request),
    )


def person(request: Request) -> Person:
    """Return whose plan it is; a private one says only that somebody allowed exercise, not who."""
    if request.private:
        return Person(id=request.id, cleared_by=ON_RECORD if request.cleared_by else "")
    return Person(id=request.id, name=request.name, cleared_by=request.cleared_by)


def _has(programme: Programme, slot: Slot) -> bool:
    return any(week.session(slot) is not None for week in programme.weeks)


def overdue(schedule: Schedule, issued: datetime, *, allow_past: bool) -> Problem | None:
    """Return the Problem of a schedule that begins before the day on which its plan is issued."""
    today = issued.astimezone(zone(schedule.timezone)).date()
    if schedule.start >= today or allow_past:
        return None
    what = "lies in the past; type a later date, or allow it with --allow-past"
    return Problem(where="start", what=what, value=schedule.start.isoformat())


def clash(programme: Programme, schedule: Schedule) -> Problem | None:
    """Find sessions that cannot be held as a schedule has them."""
    jumps = jumped_over(programme, schedule)
    if not (jumps or schedule.turns or schedule.stop):
        return _usual_overlap(Same(programme), schedule.am, schedule.pm, schedule.aerobic_at)
    return _overlap(programme, schedule) or _gap(jumps, schedule)


@lru_cache(_CLOCKS)
def _usual_overlap(same: Same[Programme], am: time, pm: time | None, aerobic_at: time | None) -> Problem | None:
    """Find the same where every day is like any other, whatever the date and the zone."""
    schedule = Schedule(start=_SOME_MONDAY, am=am, pm=pm, aerobic_at=aerobic_at, timezone="UTC")
    return _overlap(same.value, schedule)


def _overlap(programme: Programme, schedule: Schedule) -> Problem | None:
    """Find sessions that are out of order or run into each other, over midnight too."""
    pairs = [(schedule.am, schedule.pm), *((turn.am, turn.pm) for turn in schedule.turns)]
    if any(pm is not None and pm <= am for am, pm in pairs):
        return Problem(where="pm", what="expected a time after am")
    in_order = sorted(occurrences(programme, schedule), key=lambda item: item.start.replace(tzinfo=None))
    for earlier, later in pairwise(in_order):
        end = earlier.start.replace(tzinfo=None) + timedelta(minutes=earlier.minutes)
        if end > later.start.replace(tzinfo=None):
            what = f"the session before it lasts until {end:%H:%M}; type a later time"
            return Problem(where=_field(later.slot), what=what)
    return None


def _field(slot: Slot) -> str:
    """Return the field that holds a slot's time."""
    return "aerobic_at" if slot is Slot.AEROBIC else slot.value


def _gap(jumps: tuple[Occurrence, ...], schedule: Schedule) -> Problem | None:
    """Find a session on a day that the clocks jump over as a whole."""
    for item in jumps:
        day = schedule.day(item.week, item.day)
        if item.start.date() != day:
            what = f"there is no {day.isoformat()} in {schedule.timezone}; type another start"
            return Problem(where="start", what=what, value=schedule.start.isoformat())
    return None


def notices(programme: Programme, schedule: Schedule) -> tuple[Problem, ...]:
    """Say which sessions begin later than at their time, because the clocks go forward over it that day."""
    return _notices(Same(programme), schedule)


@lru_cache(_SCHEDULES)
def _notices(same: Same[Programme], schedule: Schedule) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            where=_field(item.slot),
            what=f"the clocks go forward over {schedule.at(item.slot, item.week, item.day):%H:%M} on"
            f" {item.start.date().isoformat()}; the session of that day begins at {item.start:%H:%M}",
        )
        for item in jumped_over(same.value, schedule)
    )
