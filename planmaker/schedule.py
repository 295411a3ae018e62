"""Give every session its date: the one place that paper and calendar take dates from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from planmaker.programme import Prescription, Programme, Slot, Week

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

__all__ = ["Occurrence", "Schedule", "Series", "default_start", "missing_times", "occurrences", "series", "zone"]

DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a programme is done; ``pm`` is None once a day, ``aerobic_at`` None at no set time."""

    start: date
    am: time
    pm: time | None
    aerobic_at: time | None
    timezone: str
    reminder_minutes: int | None = 10

    def day(self, week: int, day: int) -> date:
        """Return the date of a plan day (0-6) of a week (from 1)."""
        return self.start + timedelta(weeks=week - 1, days=day)

    def end(self, weeks: int) -> date:
        """Return the last day of a programme of so many weeks."""
        return self.start + timedelta(weeks=weeks, days=-1)

    def at(self, slot: Slot) -> time | None:
        """Return the clock time of a slot, or None when it has none."""
        return {Slot.MORNING: self.am, Slot.EVENING: self.pm, Slot.AEROBIC: self.aerobic_at}[slot]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One session on one date."""

    slot: Slot
    start: datetime
    minutes: int
    prescriptions: tuple[Prescription, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A run of weeks in which a slot has the same content on the same plan days.

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

    @property
    def count(self) -> int:
        """How many sessions the series has."""
        return len(self.weeks) * len(self.days)


def _tzdata(name: str) -> Traversable:
    place = files("tzdata") / "zoneinfo"
    for part in name.split("/"):
        place /= part
    return place


@cache
def zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name from the pinned tzdata; raise KeyError if there is none.

    The system's own zones are never read, so that every machine agrees.
    """
    if name not in zone_names():
        raise KeyError(name)
    with _tzdata(name).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA names the pinned tzdata knows."""
    text = (files("tzdata") / "zones").read_text(encoding="utf-8")
    return frozenset(text.split())


def default_start(issued: datetime, timezone: str) -> date:
    """Return the first Monday strictly after the day of issue in the zone."""
    today = issued.astimezone(zone(timezone)).date()
    return today + timedelta(days=DAYS - today.weekday())


def occurrences(programme: Programme, schedule: Schedule) -> Iterator[Occurrence]:
    """Yield every timed session of a programme by date, then in the order of a day."""
    for week in programme.weeks:
        for day in range(DAYS):
            for session in week.sessions:
                clock = schedule.at(session.slot)
                due = session.on(day)
                if clock is not None and due:
                    yield Occurrence(
                        slot=session.slot,
                        start=_moment(schedule, week.number, day, clock),
                        minutes=session.minutes[day],
                        prescriptions=due,
                    )


def missing_times(programme: Programme, schedule: Schedule) -> tuple[Occurrence, ...]:
    """Return the sessions whose clock time does not exist because clocks go forward over it."""
    return tuple(item for item in occurrences(programme, schedule) if not _exists(item.start))


def series(programme: Programme, schedule: Schedule) -> tuple[Series, ...]:
    """Gather the timed sessions into series, by slot and then by first date."""
    found: list[Series] = []
    for slot in Slot:
        clock = schedule.at(slot)
        if clock is None:
            continue
        runs = sorted(_runs(programme, slot), key=lambda run: (run.weeks[0], run.days))
        found.extend(
            Series(
                slot=slot,
                ordinal=ordinal,
                weeks=run.weeks,
                days=run.days,
                minutes=run.minutes,
                prescriptions=run.prescriptions,
                first=_moment(schedule, run.weeks[0], run.days[0], clock),
            )
            for ordinal, run in enumerate(runs, start=1)
        )
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    weeks: tuple[int, ...]
    days: tuple[int, ...]
    minutes: int
    prescriptions: tuple[Prescription, ...]

    def same_sessions(self, other: _Run) -> bool:
        return (self.days, self.minutes, _content(self.prescriptions)) == (
            other.days,
            other.minutes,
            _content(other.prescriptions),
        )

    def joined(self, other: _Run) -> _Run:
        return _Run(
            weeks=self.weeks + other.weeks,
            days=self.days,
            minutes=self.minutes,
            prescriptions=self.prescriptions,
        )


def _runs(programme: Programme, slot: Slot) -> list[_Run]:
    """Return the runs of consecutive weeks in which a slot repeats itself."""
    closed: list[_Run] = []
    open_runs: list[_Run] = []
    for week in programme.weeks:
        still_open: list[_Run] = []
        for run in _week_runs(week, slot):
            before = next((item for item in open_runs if item.same_sessions(run)), None)
            still_open.append(before.joined(run) if before else run)
            if before:
                open_runs.remove(before)
        closed.extend(open_runs)
        open_runs = still_open
    return closed + open_runs


def _week_runs(week: Week, slot: Slot) -> list[_Run]:
    """Split a week's slot into groups of days with the same content."""
    session = week.session(slot)
    if session is None:
        return []
    groups: dict[tuple[Prescription, ...], list[int]] = {}
    for day in range(DAYS):
        due = session.on(day)
        if due:
            groups.setdefault(due, []).append(day)
    return [
        _Run(weeks=(week.number,), days=tuple(days), minutes=session.minutes[days[0]], prescriptions=due)
        for due, days in groups.items()
    ]


def _content(prescriptions: tuple[Prescription, ...]) -> tuple[object, ...]:
    """Return what a person does, without the marks that compare it with the week before."""
    return tuple((item.exercise, item.dose) for item in prescriptions)


def _moment(schedule: Schedule, week: int, day: int, clock: time) -> datetime:
    return datetime.combine(schedule.day(week, day), clock, tzinfo=zone(schedule.timezone))


def _exists(moment: datetime) -> bool:
    """Tell whether a wall-clock time is shown by the clocks of its zone on that day."""
    there = moment.astimezone(zone("UTC")).astimezone(moment.tzinfo)
    return there.replace(fold=0, tzinfo=None) == moment.replace(fold=0, tzinfo=None)
