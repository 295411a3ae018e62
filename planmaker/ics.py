"""Turn a plan into iCalendar files (RFC 5545), one VEVENT for each series of sessions."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from icalendar import Calendar

from planmaker.errors import Problem
from planmaker.runs import Same
from planmaker.vevent import dated, event, folded, plain, prepared, series_name, uuid5
from planmaker.vtimezone import is_crowded, is_utc, vtimezone

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from icalendar import Timezone

    from planmaker.issued import Issued, Ledger
    from planmaker.plan import Plan
    from planmaker.vevent import Prepared
    from planmaker.words import Words

__all__ = ["Calendars", "built", "renderer"]

_CROWDED = "its clocks change too often for some calendar programs; compare their times with the sheet"
_REFRESH, _PUBLISHED = timedelta(hours=12), "PT12H"
_LEDGERS = 256  # whose zones are kept, and whose lines of a person's own, of some 8 KB
_EVENTS = 8192  # kept prepared, of some 2 KB each, for all lengths of plans and places
_NOON = 12  # before it a text says when to wait after getting up


def renderer(words: Words) -> Callable[[Plan], bytes]:
    """Return the function that writes a plan as a .ics file, with text in the language of the words.

    The person's name, the clock and the machine have no part in it: equal plans give equal bytes.
    """
    return Calendars(words).whole


class _Cast(NamedTuple):
    """The lines of a file that all who have the same series share.

    ``events`` are what each series is called in its UID, its lines after that, up to the rule, and the others.
    """

    first: bytes
    events: tuple[tuple[bytes, bytes, Prepared], ...]


class Calendars:
    """Write plans as .ics files: what people with the same programme share is prepared once.

    Each person's own UIDs and id are put in, which gives the bytes of ``built``.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._prepared: dict[tuple[object, ...], tuple[Prepared, Issued]] = {}
        self._kept = lru_cache(_LEDGERS)(lambda same: self._cast(same.value, same.value.series))
        self._head = lru_cache(8)(lambda many, feed: _lines(_calendar(words, many=many, feed=feed))[:-1])

    def whole(self, plan: Plan) -> bytes:
        """Write all series into one file, those that were cancelled too."""
        ledger = plan.ledger()
        return self._file(plan, ledger, ledger.series)

    def feed(self, plan: Plan) -> bytes:
        """Write the file that calendars subscribe to: what was cancelled is not in it, and so is gone.

        If that is all, it stays in as cancelled: a calendar has to hold something (RFC 5545 3.6).
        """
        ledger = plan.ledger()
        live = [item for item in ledger.series if not item.cancelled]
        return self._file(plan, ledger, live or ledger.series, feed=True)

    def parts(self, plan: Plan) -> dict[str, bytes]:
        """Write each series into a file of its own, by slot and ordinal."""
        ledger = plan.ledger()
        return {f"{item.slot.value}-{item.ordinal:02}": self._file(plan, ledger, [item]) for item in ledger.series}

    def notices(self, plan: Plan) -> tuple[Problem, ...]:
        """Say which zones have clocks that not every calendar program can follow."""
        return tuple(
            Problem(where="timezone", what=f"{span[0]}: {_CROWDED}")
            for span in _all_spans(Same(plan.ledger()))
            if is_crowded(*span)
        )

    def _file(self, plan: Plan, ledger: Ledger, items: Sequence[Issued], *, feed: bool = False) -> bytes:
        shared = items is ledger.series and not feed
        cast = self._kept(Same(ledger)) if shared else self._cast(ledger, items, feed=feed)
        code = plan.person.id
        escaped, octets = plain(code).to_ical(), code.encode()
        events = [
            prepared.stamped(b"BEGIN:VEVENT\r\nUID:%b\r\n%b" % (uuid5(octets + series), dates), escaped)
            for series, dates, prepared in cast.events
        ]
        return b"".join((cast.first, *events, b"END:VCALENDAR\r\n"))

    def _cast(self, ledger: Ledger, items: Sequence[Issued], *, feed: bool = False) -> _Cast:
        first = (*self._head(len(items) > 1, feed), *(_zone_lines(*span) for span in _spans(items)))
        events = ((series_name(item, ledger.uids).encode(), dated(item), self._shared(item)) for item in items)
        return _Cast(first=b"".join(first), events=tuple(events))

    def _shared(self, item: Issued) -> Prepared:
        """Return the prepared lines of a series: for the same prescriptions, which people share, they are there."""
        found = self._prepared
        early = item.at.hour < _NOON
        key = (item.terms, id(item.prescriptions), item.weeks, item.minutes, early, item.cancelled)
        if key not in found:
            if len(found) >= _EVENTS:
                found.clear()
            found[key] = (prepared(item, self._words), item)  # the series too, so that no other one gets its id
        return found[key][0]


def built(plan: Plan, words: Words, items: Sequence[Issued] | None = None, *, feed: bool = False) -> bytes:
    """Build a plan's file with icalendar from end to end: what ``Calendars`` gives faster."""
    ledger = plan.ledger()
    items = ledger.series if items is None else items
    calendar = _calendar(words, many=len(items) > 1, feed=feed)
    for span in _spans(items):
        calendar.add_component(vtimezone(*span))
    for item in items:
        calendar.add_component(event(item, plan.person.id, words, uids=ledger.uids))
    return b"".join(_lines(calendar))


def _calendar(words: Words, *, many: bool, feed: bool) -> Calendar:
    """Return a VCALENDAR without its components."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//planmaker//Exercise plan//EN")
    calendar.add("calscale", "GREGORIAN")
    name = plain(words.render("calendar"))
    calendar.add("name", name)
    if many or feed:  # Outlook makes a calendar of this name, too much for a single event
        calendar.add("x-wr-calname", name)
    if feed:
        calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", _PUBLISHED)
    return calendar


def _lines(component: Calendar | Timezone) -> list[bytes]:
    return [folded(str(line)) + b"\r\n" for line in component.content_lines(sorted=False) if line]


def _spans(items: Sequence[Issued]) -> list[tuple[str, date, date]]:
    """Return each zone that needs a VTIMEZONE, with the first and the last day it must hold for."""
    found: dict[str, tuple[date, date]] = {}
    for item in items:
        first, last = found.get(item.timezone, (item.begin, item.begin))
        found[item.timezone] = (min(first, item.begin), max(last, item.last()))
    return [(name, first, last) for name, (first, last) in found.items() if not is_utc(name)]


@lru_cache(_LEDGERS)
def _all_spans(same: Same[Ledger]) -> list[tuple[str, date, date]]:
    return _spans(same.value.series)


@lru_cache(4096)
def _zone_lines(name: str, first: date, last: date) -> bytes:
    return b"".join(_lines(vtimezone(name, first, last)))
