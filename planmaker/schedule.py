"""Give every session its date: the one place that paper and calendar take dates from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from planmaker.errors import Problem
from planmaker.programme import Prescription, Programme, Slot
from planmaker.runs import Run
from planmaker.runs import runs as all_runs
from planmaker.zones import jumped, shown, zone, zone_names

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "YEARS",
    "Occurrence",
    "Schedule",
    "Series",
    "Turn",
    "default_start",
    "jumped_over",
    "occurrences",
    "schedule_faults",
    "series",
    "shortened",
    "weeks_left",
    "zone",
    "zone_names",
]

DAYS = 7
YEARS = range(2000, 2101)  # in which plans are issued and begin
_MOST_LATER = 366  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """From a plan day on, sessions come so many days later than they first were to, and at these times."""

    week: int
    day: int
    later: int
    am: time
    pm: time | None
    aerobic_at: time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a programme is done; ``pm`` is None once a day, ``aerobic_at`` None at no set time.

    ``turns``, in order, say what has changed since; ``stop`` is the first date without sessions, or None.
    """

    start: date
    am: time
    pm: time | None
    aerobic_at: time | None
    timezone: str
    reminder_minutes: int | None = 10
    turns: tuple[Turn, ...] = ()
    stop: date | None = None

    def turn(self, week: int, day: int) -> Turn | None:
        """Return the turn in force on a plan day, or None before the first."""
        return next((turn for turn in reversed(self.turns) if (turn.week, turn.day) <= (week, day)), None)

    def places(self) -> tuple[tuple[int, int], ...]:
        """Return week and plan day of the beginning and of each turn."""
        return ((1, 0), *((turn.week, turn.day) for turn in self.turns))

    def day(self, week: int, day: int) -> date:
        """Return the date of a plan day (0-6) of a week (from 1)."""
        turn = self.turn(week, day)
        return self.start + timedelta(weeks=week - 1, days=day + (turn.later if turn else 0))

    def end(self, weeks: int) -> date:
        """Return the last day of a programme of so many weeks, or the day before the stop if that is sooner.

        That lies before the first day if the plan has stopped by then.
        """
        last = self.day(weeks, DAYS - 1)
        return min(last, self.stop - timedelta(days=1)) if self.stop else last

    def latest(self) -> Schedule:
        """Return a schedule with the clock times that hold in the end."""
        clocks = self.turns[-1] if self.turns else self
        return dataclasses.replace(self, am=clocks.am, pm=clocks.pm, aerobic_at=clocks.aerobic_at, turns=())

    def at(self, slot: Slot, week: int = 1, day: int = 0) -> time | None:
        """Return the clock time of a slot on a plan day, or None when it has none."""
        clocks = self.turn(week, day) or self
        return {Slot.MORNING: clocks.am, Slot.EVENING: clocks.pm, Slot.AEROBIC: clocks.aerobic_at}[slot]

    def moment(self, slot: Slot, week: int, day: int) -> datetime | None:
        """Return when the session of a slot begins on a plan day; None at no set time, or when all has stopped.

        A time that the clocks jump over becomes the first minute after it.
        """
        clock, on = self.at(slot, week, day), self.day(week, day)
        if clock is None or (self.stop is not None and on >= self.stop):
            return None
        return shown(datetime.combine(on, clock, tzinfo=zone(self.timezone)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One session on one date, the date of a plan day (0-6) of a week."""

    slot: Slot
    start: datetime
    minutes: int
    prescriptions: tuple[Prescription, ...]
    week: int
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A run of weeks in which a slot has the same content on the same plan days at the same time.

    ``ordinal`` counts the series of a slot from 1, by first date. ``first`` is the wall-clock time of
    the first session, in the schedule's zone, and falls on a day of the series; ``count`` sessions follow
    on ``days`` (plan days 0-6) of each of ``weeks``.
    """

    slot: Slot
    ordinal: int
    weeks: tuple[int, ...]
    days: tuple[int, ...]
    minutes: int
    prescriptions: tuple[Prescription, ...]
    first: datetime
    count: int


Wanted = Callable[[Occurrence], bool]


def default_start(issued: datetime, timezone: str) -> date:
    """Return the first Monday strictly after the day of issue in the zone."""
    today = issued.astimezone(zone(timezone)).date()
    return today + timedelta(days=DAYS - today.weekday())


def occurrences(programme: Programme, schedule: Schedule) -> Iterator[Occurrence]:
    """Yield every timed session of a programme by date, then in the order of a day."""
    for week in programme.weeks:
        for day in range(DAYS):
            for session in week.sessions:
                due = session.on(day)
                start = schedule.moment(session.slot, week.number, day) if due else None
                if start is not None:
                    yield Occurrence(
                        slot=session.slot,
                        start=start,
                        minutes=session.minutes[day],
                        prescriptions=due,
                        week=week.number,
                        day=day,
                    )


def jumped_over(programme: Programme, schedule: Schedule) -> tuple[Occurrence, ...]:
    """Return the sessions that begin later than at their time, because the clocks jump over it that day."""
    clocks = {schedule.at(slot, *place) for place in schedule.places() for slot in Slot}
    years = range(schedule.start.year, schedule.day(len(programme.weeks), 6).year + 1)
    if not any(jumped(schedule.timezone, clock, year) for clock in clocks if clock for year in years):
        return ()
    return tuple(
        item
        for item in occurrences(programme, schedule)
        if item.start.replace(tzinfo=None)
        != datetime.combine(schedule.day(item.week, item.day), schedule.at(item.slot, item.week, item.day) or time())
    )


def weeks_left(programme: Programme, schedule: Schedule) -> int:
    """Return how many weeks of a programme begin before the stop; 0 if it stops before its first day."""
    return sum(schedule.stop is None or schedule.day(week.number, 0) < schedule.stop for week in programme.weeks)


def shortened(programme: Programme, schedule: Schedule) -> Programme:
    """Return a programme without the weeks that lie behind the stop; its first week stays."""
    left = max(weeks_left(programme, schedule), 1)
    return programme if left == len(programme.weeks) else dataclasses.replace(programme, weeks=programme.weeks[:left])


def schedule_faults(schedule: Schedule, weeks: int) -> tuple[Problem, ...]:
    """Return what is wrong with the turns of a schedule, moved or edited by hand, of a programme of so many weeks."""
    places = [(turn.week, turn.day) for turn in schedule.turns]
    delays = [0, *(turn.later for turn in schedule.turns)]
    if places != sorted(set(places)) or any(not (1 <= week <= weeks and 0 <= day < DAYS) for week, day in places):
        what = "expected days of the plan, in order"
    elif any(later < earlier for earlier, later in pairwise(delays)):
        what = "expected a later day: sessions would come closer together than in the plan"
    elif delays[-1] > _MOST_LATER:
        what = f"expected at most {_MOST_LATER} days in all; make a new plan instead"
    else:
        return ()
    return (Problem(where="schedule.turns", what=what),)


def series(programme: Programme, schedule: Schedule, wanted: Wanted | None = None) -> tuple[Series, ...]:
    """Gather the timed sessions, or those that are wanted, into series, by slot and then by first date."""
    found: list[Series] = []
    for slot, runs in all_runs(programme):
        clock = schedule.at(slot)
        if wanted is None and clock is not None and _plain(schedule, clock, len(programme.weeks)):
            placed = [(run, run.weeks, run.days, _first(run, schedule, clock)) for run in runs]
        else:
            pieces = (item for run in runs for item in _pieces(run, slot, schedule, wanted))
            placed = sorted(pieces, key=lambda item: item[3])
        found.extend(
            Series(
                slot=slot,
                ordinal=ordinal,
                weeks=weeks,
                days=days,
                minutes=run.minutes,
                prescriptions=run.prescriptions,
                first=first,
                count=len(weeks) * len(days),
            )
            for ordinal, (run, weeks, days, first) in enumerate(placed, start=1)
        )
    return tuple(found)


_Piece = tuple[Run, tuple[int, ...], tuple[int, ...], datetime]


def _plain(schedule: Schedule, clock: time, weeks: int) -> bool:
    """Tell whether a slot keeps its time, on dates one after the other, to the end."""
    if schedule.turns or schedule.stop:
        return False
    years = range(schedule.start.year, schedule.end(weeks).year + 1)
    return not any(jumped(schedule.timezone, clock, year) for year in years)


def _first(run: Run, schedule: Schedule, clock: time) -> datetime:
    """Return when a run begins on a schedule that is plain."""
    week, day = run.begin
    return datetime.combine(schedule.start + timedelta(7 * (week - 1) + day), clock, tzinfo=zone(schedule.timezone))


def _pieces(run: Run, slot: Slot, schedule: Schedule, wanted: Wanted | None) -> list[_Piece]:
    """Part a run where its dates or its times turn, or where sessions are not wanted."""
    found: list[_Piece] = []
    last: dict[tuple[datetime, tuple[int, ...]], int] = {}
    for week in run.weeks:
        groups: dict[datetime, list[tuple[int, datetime]]] = {}
        for day in run.days:
            start = schedule.moment(slot, week, day)
            if start is None:
                continue
            one = Occurrence(
                slot=slot, start=start, minutes=run.minutes, prescriptions=run.prescriptions, week=week, day=day
            )
            if wanted is None or wanted(one):
                origin = start.replace(tzinfo=None) - timedelta(weeks=week, days=day)
                groups.setdefault(origin, []).append((day, start))
        following: dict[tuple[datetime, tuple[int, ...]], int] = {}
        for origin, pairs in groups.items():
            days = tuple(day for day, _ in pairs)
            key = (origin, days)
            if key in last:
                _, weeks, _, first = found[last[key]]
                found[last[key]] = (run, (*weeks, week), days, first)
                following[key] = last[key]
            else:
                following[key] = len(found)
                found.append((run, (week,), days, pairs[0][1]))
        last = following
    return found
