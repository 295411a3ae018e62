"""Put off the sessions of a plan, give them other times, or stop them, from a day on.

A move puts off by days, as many as were missed: nobody waits for a week to begin again. Between two sessions there are
never fewer days than the plan has, so that no dose comes sooner after another than it was meant to; the weekdays
change, unless it is put off by whole weeks.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from planmaker.assign import clash
from planmaker.errors import Problem
from planmaker.ledger import next_version
from planmaker.programme import Slot
from planmaker.schedule import Turn, occurrences, schedule_faults

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from planmaker.plan import Plan
    from planmaker.schedule import Schedule

__all__ = ["Move", "moved", "moving_notices", "stopped"]

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
    wrong = _outside(plan, move) or _no_session(plan, move)
    if wrong is not None:
        return wrong
    at, delay = _turning(plan, move)
    if move.to and not delay:
        return Problem(where="to", what="expected another day: the sessions from then on begin on this one already")
    schedule = _turned(plan.schedule, at, delay, move.clocks)
    faults = schedule_faults(schedule, len(plan.programme.weeks))
    if faults:
        return dataclasses.replace(faults[0], where="to")
    return clash(plan.programme, schedule) or next_version(plan, issued, schedule=schedule)


def stopped(plan: Plan, on: date, issued: datetime) -> Plan | Problem:
    """Return the next revision of a plan, without sessions from a date on; or the Problem if it would have none then.

    A stop that there is may be put off, and taken back by one on the day after the last.
    """
    last, stop = _last(plan), plan.schedule.stop
    if on == stop:
        return Problem(where="on", what="expected another day: the plan stops on this one already")
    if on > last + timedelta(days=stop is not None):
        return Problem(where="on", what=f"expected a day of the plan; its last is {last}")
    return next_version(plan, issued, schedule=dataclasses.replace(plan.schedule, stop=on))


def moving_notices(plan: Plan, after: Plan, move: Move, name: str) -> tuple[str, ...]:
    """Say what somebody who moves a plan should know: other weekdays, a week to repeat, sessions behind the stop.

    ``plan`` is the one before the move, ``name`` what the one after it is called on the command line.
    """
    if move.to is None:
        return ()
    told = []
    (week, _), days = _turning(plan, move)
    if days % _DAYS:
        whole = move.to + timedelta(days=-days % _DAYS)
        told.append(f"sessions and days off fall on other weekdays now; to keep them, put off to {whole}")
    if days >= _WORTH_REPEATING and week > 1:
        told.append(
            f"after {days} days without, a step back may suit: planmaker adjust {name} --week {week} --step stay"
        )
    lost = _sessions(plan) - _sessions(after)
    if lost > 0 and plan.schedule.stop:
        later = min(plan.schedule.stop + timedelta(days=days), _last(after))
        told.append(
            f"sessions that fall behind the stop on {plan.schedule.stop} now, and are left out: {lost}; "
            f"to have them, put it off: planmaker stop {name} --on {later}"
        )
    return tuple(told)


def _sessions(plan: Plan) -> int:
    return sum(1 for _ in occurrences(plan.programme, plan.schedule))


def _last(plan: Plan) -> date:
    """Return the last day that a plan has, stopped or not."""
    return plan.schedule.day(len(plan.programme.weeks), _DAYS - 1)


def _outside(plan: Plan, move: Move) -> Problem | None:
    """Return a Problem if a move begins on no day of a plan, or on one behind its stop."""
    first, last, stop = plan.schedule.day(1, 0), _last(plan), plan.schedule.stop
    if not first <= move.since <= last:
        return Problem(where="from", what=f"expected a day of the plan, from {first} to {last}")
    if stop is not None and move.since >= stop:
        return Problem(where="from", what=f"the plan stops on {stop}; put that off first, with planmaker stop")
    return None


def _turning(plan: Plan, move: Move) -> tuple[tuple[int, int], int]:
    """Return week and plan day on which a move begins, the first on or after its date, and by how many days it is."""
    days = ((week, day) for week in range(1, len(plan.programme.weeks) + 1) for day in range(_DAYS))
    at = next(place for place in days if plan.schedule.day(*place) >= move.since)
    return at, (move.to - plan.schedule.day(*at)).days if move.to else 0


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
