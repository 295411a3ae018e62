"""Turn a plan into an iCalendar file (RFC 5545), one VEVENT for each series of sessions."""

from __future__ import annotations

import dataclasses
from datetime import UTC, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from icalendar import Alarm, Calendar, Event, vRecur, vText

from planmaker.plan import Person
from planmaker.schedule import series
from planmaker.vtimezone import WEEKDAYS, is_utc, vtimezone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from planmaker.plan import Plan
    from planmaker.schedule import Schedule, Series
    from planmaker.words import Words

__all__ = ["renderer"]

_NAMESPACE = UUID("b6a5ff7e-3b0f-5d59-9c6f-2a1d1c6f8e43")  # never changes: UIDs must last
_ANYBODY = Person(id="\ue000")  # stands where a person's id comes in; a character that no text uses
_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord("\n")})
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})  # RFC 5545 3.3.11
_OCTETS = 75


class _Text(vText):
    """A TEXT that keeps a backslash before an N, which icalendar writes as a line feed."""

    def to_ical(self) -> bytes:
        return self.translate(_ESCAPES).encode()


def renderer(words: Words) -> Callable[[Plan], bytes]:
    """Return the function that writes a plan as a .ics file, with text in the language of the words.

    The person's name, the clock and the machine have no part in it: equal plans give equal bytes.
    What people with the same programme, dates and times share is made once, and the ids put in.
    """

    @lru_cache(maxsize=64)
    def shared(plan: Plan) -> tuple[str, ...]:
        return tuple(str(line) for line in _calendar(plan, words).content_lines(sorted=False) if line)

    def render(plan: Plan) -> bytes:
        lines = shared(dataclasses.replace(plan, person=_ANYBODY))
        return b"".join(_folded(line) + b"\r\n" for line in _stamped(lines, plan.person.id))

    return render


def _stamped(lines: tuple[str, ...], code: str) -> Iterator[str]:
    """Put a person's id into content lines: as the UIDs made from it, and as text."""
    escaped = _text(code).to_ical().decode()
    for line in lines:
        if line.startswith("UID:"):
            yield f"UID:{uuid5(_NAMESPACE, line.removeprefix('UID:').replace(_ANYBODY.id, code))}"
        else:
            yield line.replace(_ANYBODY.id, escaped)


def _folded(line: str) -> bytes:
    """Fold a content line at 75 octets, between characters (RFC 5545 3.1)."""
    octets = line.encode()
    pieces, begin, room = [], 0, _OCTETS
    while len(octets) - begin > room:
        end = begin + room
        while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 - the marks of an octet inside a UTF-8 character
            end -= 1
        pieces.append(octets[begin:end])
        begin, room = end, _OCTETS - 1
    return b"\r\n ".join((*pieces, octets[begin:]))


def _calendar(plan: Plan, words: Words) -> Calendar:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//planmaker//Exercise plan//EN")
    calendar.add("calscale", "GREGORIAN")
    events = [_event(item, plan, words) for item in series(plan.programme, plan.schedule)]
    name = _text(words.render("calendar"))
    calendar.add("name", name)
    if len(events) > 1:  # Outlook makes a calendar of this name, too much for a single event
        calendar.add("x-wr-calname", name)
    schedule = plan.schedule
    if not is_utc(schedule.timezone):
        weeks = len(plan.programme.weeks)
        calendar.add_component(vtimezone(schedule.timezone, schedule.start, schedule.end(weeks)))
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(item: Series, plan: Plan, words: Words) -> Event:
    """Return the VEVENT of a series (RFC 5545 3.6.1); it blocks no time and is private."""
    event = Event()
    event.add("uid", f"{plan.person.id}/{item.slot}/{item.ordinal}")
    event.add("sequence", plan.revision - 1)
    for stamp in ("dtstamp", "created", "last-modified"):
        event.add(stamp, plan.issued.astimezone(UTC))
    _add_moment(event, "dtstart", item.first, plan.schedule)
    _add_moment(event, "dtend", _end(item), plan.schedule)
    event.add("rrule", _rule(item))
    title = _text(words.render("event_title", series=item))
    event.add("summary", title)
    event.add("description", _description(item, plan, words))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    if plan.schedule.reminder_minutes is not None:
        event.add_component(_alarm(title, plan.schedule.reminder_minutes))
    return event


def _alarm(title: _Text, minutes: int) -> Alarm:
    """Return the one VALARM that every client can read (RFC 5545 3.6.6)."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-minutes))
    alarm.add("description", title)
    return alarm


def _description(item: Series, plan: Plan, words: Words) -> _Text:
    return _text(
        words.render(
            "event",
            series=item,
            total_weeks=len(plan.programme.weeks),
            emergency=words.emergency_number(plan.place),
            code=plan.person.id,
        )
    )


def _rule(item: Series) -> vRecur:
    """Return the RRULE of a series; its first session is the first that the rule gives.

    COUNT rather than UNTIL, which would have to be in UTC (RFC 5545 3.3.10).
    """
    if len(item.days) == len(WEEKDAYS):
        return vRecur({"FREQ": "DAILY", "COUNT": item.count})
    weekdays = sorted((item.first.weekday() + day - item.days[0]) % 7 for day in item.days)
    return vRecur({"FREQ": "WEEKLY", "COUNT": item.count, "BYDAY": [WEEKDAYS[day] for day in weekdays]})


def _end(item: Series) -> datetime:
    """Return when the first session ends; minutes pass in real time, also over a change of clocks."""
    return (item.first.astimezone(UTC) + timedelta(minutes=item.minutes)).astimezone(item.first.tzinfo)


def _add_moment(event: Event, name: str, moment: datetime, schedule: Schedule) -> None:
    """Add a date-time with its TZID, or in UTC where that is the zone or the only way to say it.

    In the hour that comes twice, a local time means the first (RFC 5545 3.3.5).
    """
    if is_utc(schedule.timezone) or moment.fold:
        event.add(name, moment.astimezone(UTC))
    else:
        event.add(name, moment.replace(tzinfo=None), parameters={"TZID": schedule.timezone})


def _text(text: str) -> _Text:
    """Drop the control characters that TEXT cannot hold (RFC 5545 3.3.11); the line feed stays."""
    return _Text(text.translate(_CONTROLS))
