"""Describe a time zone as the VTIMEZONE that calendar programs read without mistakes.

Clients approximate a VTIMEZONE by one yearly pair of clock changes, each on the n-th weekday of a
month, and drop what does not fit (MS-OXCICAL 2.1.3.1.1.19.2). So this module looks for such a pair:

1. a pair that holds for ten years from the first year, which nearly every zone has;
2. else a pair that holds from the first to the last day of the plan (Gaza, Cairo, Santiago, or a
   year in which a government changes its mind);
3. else the clock changes of those days alone, each with its date and no rule.

Outside the days of the plan, 2 and 3 need not be true (RFC 5545 3.6.5 asks for no more). STANDARD is
always the smaller offset, also where the law says otherwise (Europe/Dublin).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from planmaker.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["WEEKDAYS", "Observance", "Rule", "is_crowded", "is_utc", "observances", "vtimezone"]

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_DAY = timedelta(days=1)
_EPOCH = 1970  # the year every rule starts in, so that it covers any plan
_LONG = 10  # years for which a rule is tried first


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The n-th weekday (Monday 0) of a month, every year; ``nth`` is 1 to 4, or -1 for the last."""

    month: int
    nth: int
    weekday: int

    def on(self, year: int) -> date:
        """Return the date in a year."""
        if self.nth > 0:
            first = date(year, self.month, 1)
            return first + timedelta(days=(self.weekday - first.weekday()) % 7, weeks=self.nth - 1)
        last = date(year, self.month, calendar.monthrange(year, self.month)[1])
        return last - timedelta(days=(last.weekday() - self.weekday) % 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observance:
    """A STANDARD or DAYLIGHT sub-component: from a wall-clock onset on, yearly if it has a rule."""

    daylight: bool
    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One change of the clocks, at an instant in UTC."""

    at: datetime
    before: timedelta
    after: timedelta

    @property
    def wall(self) -> datetime:
        """What the clocks show when they are changed."""
        return (self.at + self.before).replace(tzinfo=None)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules that fall on the day of this change."""
        wall = self.wall
        nth = (wall.day - 1) // 7 + 1
        last = (wall + timedelta(days=7)).month != wall.month
        numbers = ((-1,) if last else ()) + ((nth,) if nth <= 4 else ())  # noqa: PLR2004 - a fifth is a last
        return tuple(Rule(month=wall.month, nth=number, weekday=wall.weekday()) for number in numbers)

    def by(self, rule: Rule, year: int) -> _Change:
        """Return the same change as a rule puts it in another year."""
        wall = datetime.combine(rule.on(year), self.wall.time(), tzinfo=UTC)
        return _Change(at=wall - self.before, before=self.before, after=self.after)


@cache
def is_utc(name: str) -> bool:
    """Tell whether a zone is UTC under one of its names, whose times are written with a Z."""
    return zone(name).tzname(datetime(_EPOCH, 1, 1)) == "UTC"  # noqa: DTZ001 - wall-clock time


def vtimezone(name: str, first: date, last: date) -> Timezone:
    """Return the VTIMEZONE of a zone that is right from the first to the last day."""
    component = Timezone()
    component.add("tzid", name)
    for item in observances(name, first, last):
        part = TimezoneDaylight() if item.daylight else TimezoneStandard()
        part.add("dtstart", item.onset)
        if item.rule is not None:
            by_day = f"{item.rule.nth}{WEEKDAYS[item.rule.weekday]}"
            part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": item.rule.month, "BYDAY": by_day}))
        part.add("tzoffsetfrom", item.before)
        part.add("tzoffsetto", item.after)
        part.add("tzname", item.name)
        component.add_component(part)
    return component


def is_crowded(name: str, first: date, last: date) -> bool:
    """Tell whether a zone needs more than a yearly pair, of which many clients read only a part."""
    return len(observances(name, first, last)) > 2  # noqa: PLR2004 - a pair


@cache
def observances(name: str, first: date, last: date) -> tuple[Observance, ...]:
    """Return what a zone observes from the first to the last day, a day's margin included."""
    begin = datetime.combine(first, time(), tzinfo=UTC) - _DAY
    end = datetime.combine(last, time(), tzinfo=UTC) + 2 * _DAY
    return _lasting(name, first.year, last.year) or _yearly(name, begin, end) or _dated(name, begin, end)


@cache
def _lasting(name: str, first: int, last: int) -> tuple[Observance, ...]:
    """Return the pair that holds for years from a first one, if any does."""
    begin = datetime(first, 1, 1, tzinfo=UTC) - _DAY
    end = datetime(max(first + _LONG, last + 1), 1, 1, tzinfo=UTC) + _DAY
    return _yearly(name, begin, end)


def _yearly(name: str, begin: datetime, end: datetime) -> tuple[Observance, ...]:
    """Return the pair of yearly rules that gives the zone's own changes in a period, if any does."""
    known = _changes(name, begin.year - 1, end.year + 1)
    _, inside = _course(known, begin, end)
    actual = _offset(name, begin), inside  # no change need be known before the period
    forward = _candidates(change for change in known if change.after > change.before)
    back = _candidates(change for change in known if change.after < change.before)
    years = range(begin.year - 1, end.year + 2)
    for pair in product(forward, back):
        if _course((change.by(rule, year) for year in years for change, rule in pair), begin, end) == actual:
            return tuple(_observance(name, change, rule) for change, rule in pair)
    return ()


def _candidates(changes: Iterable[_Change]) -> tuple[tuple[_Change, Rule], ...]:
    """Return the rules that some changes may follow, each with the first change that does."""
    found: dict[tuple[object, ...], tuple[_Change, Rule]] = {}
    for change in changes:
        for rule in change.rules():
            found.setdefault((rule, change.wall.time(), change.before, change.after), (change, rule))
    return tuple(found.values())


def _observance(name: str, change: _Change, rule: Rule) -> Observance:
    return Observance(
        daylight=change.after > change.before,
        onset=datetime.combine(rule.on(_EPOCH), change.wall.time()),
        before=change.before,
        after=change.after,
        name=_abbreviation(name, change.at),
        rule=rule,
    )


def _course(changes: Iterable[_Change], begin: datetime, end: datetime) -> tuple[timedelta | None, tuple[_Change, ...]]:
    """Return the offset at the beginning of a period, and the changes in it."""
    by_date = sorted(changes, key=lambda change: change.at)
    earlier = [change.after for change in by_date if change.at <= begin]
    inside = tuple(change for change in by_date if begin < change.at < end)
    return (earlier[-1] if earlier else None), inside


def _dated(name: str, begin: datetime, end: datetime) -> tuple[Observance, ...]:
    """Return the offset at the beginning of a period, then each change in it, without rules.

    The first onset falls just before the period in 1970: a client that reads every onset as a yearly
    one (MS-OXCICAL 2.1.3.1.1.19.2.1) then still has no change in the period that is not there.
    """
    _, inside = _course(_changes(name, begin.year - 1, end.year + 1), begin, end)
    offset = _offset(name, begin)
    smallest = min((offset, *(change.after for change in inside)))
    before = begin - _DAY
    start = Observance(
        daylight=offset > smallest,
        onset=datetime(_EPOCH, before.month, min(before.day, 28)),  # noqa: DTZ001 - wall-clock time
        before=offset if offset == smallest else smallest,
        after=offset,
        name=_abbreviation(name, begin),
    )
    return start, *(
        Observance(
            daylight=change.after > smallest,
            onset=change.wall,
            before=change.before,
            after=change.after,
            name=_abbreviation(name, change.at),
        )
        for change in inside
    )


@cache
def _changes(name: str, first_year: int, last_year: int) -> tuple[_Change, ...]:
    """Return the changes of a zone's offset in some years, by looking at its clocks every day."""
    return tuple(_find(name, first_year, last_year))


def _find(name: str, first_year: int, last_year: int) -> Iterator[_Change]:
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    before = _offset(name, moment)
    while moment < end:
        following = moment + _DAY
        after = _offset(name, following)
        if after != before:
            yield _Change(at=_halve(name, moment, following), before=before, after=after)
        moment, before = following, after


def _halve(name: str, low: datetime, high: datetime) -> datetime:
    """Return the second at which a zone's offset becomes that of ``high``."""
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        if _offset(name, middle) == _offset(name, low):
            low = middle
        else:
            high = middle
    return high


def _offset(name: str, moment: datetime) -> timedelta:
    return moment.astimezone(zone(name)).utcoffset() or timedelta()


def _abbreviation(name: str, moment: datetime) -> str:
    return moment.astimezone(zone(name)).tzname() or name
