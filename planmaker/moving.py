"""Put off the sessions of a plan, give them other times, or stop them, from a day on.

A move puts off by days, as many as were missed: nobody waits for a week to begin again. Between two sessions there are
never fewer days than the plan has, so that no dose comes sooner after another than it was meant to; the weekdays
change, unless it is put off by whole weeks.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from planmaker.assign import clash
from planmaker.errors import Problem
from planmaker.ledger import revised
from planmaker.programme import Slot
from planmaker.schedule import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planmaker.plan import Plan
    from planmaker.schedule import Schedule

__all__ = ["MOST_LATER", "Move", "moved", "moving_notices", "schedule_faults", "stopped"]

MOST_LATER = 366  # days
_DAYS = 7
_WORTH_REPEATING = 3  # days missed, as the sheet says
_SLOTS = {"am": Slot.MORNING, "pm": Slot.EVENING, "aerobic_at": Slot.AEROBIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """From a day of the plan on, sessions are put off so that it becomes the day ``to``, or come at other ``clocks``.

    ``clocks`` holds new times by field, such as ``am``; ``aerobic_at`` may be None.
    """

    since: date
    to: date | None = None
    clocks: Mapping[str, time | None] = dataclasses.field(default_factory=dict)


def moved(plan: Plan, move: Move, issued: datetime) -> Plan | Problem:
    """Return the next revision of a plan, its sessions moved; or the Problem of a move that it does not allow."""
    weeks = len(plan.programme.weeks)
    first, last = plan.schedule.day(1, 0), plan.schedule.end(weeks)
    if not first <= move.since <= last:
        return Problem(where="from", what=f"expected a day of the plan, from {first} to {last}")
    days = [(week, day) for week in range(1, weeks + 1) for day in range(_DAYS)]
    at = next(place for place in days if plan.schedule.day(*place) >= move.since)
    wrong = _no_session(plan, move)
    if wrong is not None:
        return wrong
    delay = (move.to - plan.schedule.day(*at)).days if move.to else 0
    schedule = _turned(plan.schedule, at, delay, move.clocks)
    problem = _unsafe(schedule) or clash(plan.programme, schedule)
    return problem or _revision(plan, schedule, issued)


def stopped(plan: Plan, on: date, issued: datetime) -> Plan | Problem:
    """Return the next revision of a plan, without sessions from a date on; or the Problem if it has none then."""
    last = plan.schedule.end(len(plan.programme.weeks))
    if on > last:
        return Problem(where="on", what=f"expected a day of the plan; its last is {last}")
    return _revision(plan, dataclasses.replace(plan.schedule, stop=on), issued)


def moving_notices(plan: Plan, move: Move) -> tuple[str, ...]:
    """Say what somebody who moves a plan should know: how weekdays change, and when to repeat a week."""
    if move.to is None:
        return ()
    told = []
    days = (move.to - move.since).days
    if days % _DAYS:
        whole = move.to + timedelta(days=-days % _DAYS)
        told.append(f"sessions and days off fall on other weekdays now; to keep them, put off to {whole}")
    if days >= _WORTH_REPEATING:
        week = next(
            (week.number for week in plan.programme.weeks if plan.schedule.day(week.number, 6) >= move.since), 1
        )
        if week > 1:
            told.append(f"after {days} days without, a step back may suit: planmaker adjust --week {week} --step stay")
    return tuple(told)


def schedule_faults(schedule: Schedule, weeks: int) -> tuple[Problem, ...]:
    """Return what is wrong with the turns of a schedule that may have been edited by hand."""
    places = [(turn.week, turn.day) for turn in schedule.turns]
    if places != sorted(set(places)) or any(not (1 <= week <= weeks and 0 <= day < _DAYS) for week, day in places):
        return (Problem(where="schedule.turns", what="expected days of the plan, in order"),)
    problem = _unsafe(schedule)
    return (problem,) if problem else ()


def _no_session(plan: Plan, move: Move) -> Problem | None:
    """Return a Problem if a time is given for a session that the plan does not have."""
    slots = {session.slot for week in plan.programme.weeks for session in week.sessions}
    missing = next((name for name in move.clocks if _SLOTS[name] not in slots), None)
    return Problem(where=missing, what="the plan has no such session") if missing else None


def _turned(schedule: Schedule, at: tuple[int, int], delay: int, clocks: Mapping[str, time | None]) -> Schedule:
    """Return a schedule with a turn on a plan day, which those after it take up too."""
    here = schedule.turn(*at)
    fresh = Turn(
        week=at[0],
        day=at[1],
        later=here.later if here else 0,
        am=(here or schedule).am,
        pm=(here or schedule).pm,
        aerobic_at=(here or schedule).aerobic_at,
    )
    before = [turn for turn in schedule.turns if (turn.week, turn.day) < at]
    after = [turn for turn in schedule.turns if (turn.week, turn.day) > at]
    later = [
        dataclasses.replace(
            turn,
            later=turn.later + delay,
            am=clocks.get("am") or turn.am,
            pm=clocks.get("pm") or turn.pm,
            aerobic_at=clocks.get("aerobic_at", turn.aerobic_at),
        )
        for turn in (fresh, *after)
    ]
    return dataclasses.replace(schedule, turns=(*before, *later))


def _unsafe(schedule: Schedule) -> Problem | None:
    """Return a Problem if sessions come closer together than the plan has them, or much later."""
    delays = [0, *(turn.later for turn in schedule.turns)]
    if any(later < earlier for earlier, later in pairwise(delays)):
        return Problem(where="to", what="expected a later day: sessions would come closer together than in the plan")
    if delays[-1] > MOST_LATER:
        return Problem(where="to", what=f"expected at most {MOST_LATER} days in all; make a new plan instead")
    return None


def _revision(plan: Plan, schedule: Schedule, issued: datetime) -> Plan:
    after = dataclasses.replace(
        plan, schedule=schedule, revision=plan.revision + 1, issued=issued.astimezone(UTC).replace(microsecond=0)
    )
    return revised(after, plan.ledger(), issued)
