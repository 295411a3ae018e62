"""Write one issued series as a VEVENT (RFC 5545 3.6.1), and prepare those that differ in dates and persons only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import sha1
from typing import TYPE_CHECKING
from uuid import UUID

from icalendar import Alarm, Event, vRecur, vText

from planmaker.vtimezone import WEEKDAYS, is_utc
from planmaker.zones import zone

if TYPE_CHECKING:
    from planmaker.issued import Issued
    from planmaker.words import Words

__all__ = ["Prepared", "dated", "event", "folded", "plain", "prepared", "series_name", "uid", "uuid5"]

_NAMESPACE = UUID("b6a5ff7e-3b0f-5d59-9c6f-2a1d1c6f8e43")  # never changes: UIDs must last
_SEED = sha1(_NAMESPACE.bytes)  # noqa: S324 - what UUIDs are made with; nothing is secret
_ANYBODY = "\ue000"  # stands where a person's id comes in; a character that no text uses
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # the line feed stays
_ESCAPES = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}  # RFC 5545 3.3.11
_ESCAPED = re.compile(r"[\\;,\n]")
_OCTETS = 75
_FOLD = b"\r\n "


def uid(code: str, item: Issued, uids: int) -> str:
    """Return the UID of a series of the person with an id; ``uids`` counts how often they were given new ones."""
    return uuid5(f"{code}{series_name(item, uids)}".encode()).decode()


def series_name(item: Issued, uids: int) -> str:
    """Return what a series is called in the name of its UID, after the id."""
    whole = f"/{item.slot.value}/{item.ordinal}"
    return f"{whole}/{uids}" if uids else whole


def uuid5(name: bytes) -> bytes:
    """Write a name-based UUID (RFC 9562 5.5) as uuid.uuid5 does, in a third of its time: each series has one."""
    digest = _SEED.copy()
    digest.update(name)
    text = digest.hexdigest()
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}".encode("ascii")


def event(item: Issued, code: str, words: Words, *, uids: int = 0) -> Event:
    """Return the VEVENT of a series; it blocks no time and is private. One that is cancelled says no more than that."""
    found = Event()
    found.add("uid", uid(code, item, uids))
    found.add("sequence", item.sequence)
    for name, stamp in (("dtstamp", item.changed), ("created", item.created), ("last-modified", item.changed)):
        found.add(name, stamp)
    _add_moment(found, "dtstart", item.first, item.timezone)
    _add_moment(found, "dtend", _end(item), item.timezone)
    found.add("rrule", vRecur(_rule(item.begin.weekday(), item.days, item.count)))
    _tell(found, item, code, words)
    return found


def _tell(found: Event, item: Issued, code: str, words: Words) -> None:
    """Add what a VEVENT says, after its dates."""
    title = plain(words.render("event_title", series=item))
    found.add("summary", title)
    if item.cancelled:
        found.add("status", "CANCELLED")
    else:
        found.add("description", _description(item, code, words))
    found.add("class", "PRIVATE")
    found.add("transp", "TRANSPARENT")
    found.add("x-microsoft-cdo-busystatus", "FREE")
    if item.terms.reminder_minutes is not None and not item.cancelled:
        found.add_component(_alarm(title, item.terms.reminder_minutes))


def _alarm(title: vText, minutes: int) -> Alarm:
    """Return the one VALARM that every client can read (RFC 5545 3.6.6)."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=-minutes))
    alarm.add("description", title)
    return alarm


def _description(item: Issued, code: str, words: Words) -> vText:
    number = words.emergency_number(item.terms.place)
    return plain(
        words.render("event", series=item, total_weeks=item.terms.of_weeks, emergency=number, code=code),
    )


@lru_cache(4096)
def _rule(weekday: int, days: tuple[int, ...], count: int) -> dict[str, object]:
    """Return the RRULE of a series whose first session, on a weekday, is the first that the rule gives.

    COUNT rather than UNTIL, which would have to be in UTC (RFC 5545 3.3.10).
    """
    if len(days) == len(WEEKDAYS):
        return {"FREQ": "DAILY", "COUNT": count}
    weekdays = sorted((weekday + day - days[0]) % 7 for day in days)
    return {"FREQ": "WEEKLY", "COUNT": count, "BYDAY": [WEEKDAYS[day] for day in weekdays]}


def _end(item: Issued) -> datetime:
    """Return when the first session ends; minutes pass in real time, also over a change of clocks."""
    first = item.first
    return (first.astimezone(UTC) + timedelta(minutes=item.minutes)).astimezone(first.tzinfo)


def _add_moment(found: Event, name: str, moment: datetime, timezone: str) -> None:
    """Add a date-time with its TZID, or in UTC where that is the zone or the only way to say it.

    In the hour that comes twice, a local time means the first (RFC 5545 3.3.5).
    """
    if is_utc(timezone) or moment.fold:
        found.add(name, moment.astimezone(UTC))
    else:
        found.add(name, moment.replace(tzinfo=None), parameters={"TZID": timezone})


class _Text(vText):
    """A TEXT that keeps a backslash before an N, which icalendar writes as a line feed."""

    def to_ical(self) -> bytes:
        return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], self).encode()


def plain(text: str) -> vText:
    """Drop the control characters that TEXT cannot hold (RFC 5545 3.3.11); the line feed stays."""
    return _Text(_CONTROLS.sub("", text))


def folded(line: str) -> bytes:
    """Fold a content line at 75 octets, between characters (RFC 5545 3.1)."""
    octets = line.encode()
    if len(octets) <= _OCTETS:
        return octets
    *full, rest = _pieces(octets, _OCTETS)
    return _FOLD.join((*full, rest))


def _pieces(octets: bytes, room: int) -> list[bytes]:
    """Part octets into the lines of a fold, of which the first has so much room."""
    pieces, begin = [], 0
    while len(octets) - begin > room:
        end = begin + room
        while octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 - the marks of an octet inside a UTF-8 character
            end -= 1
        pieces.append(octets[begin:end])
        begin, room = end, _OCTETS - 1
    return [*pieces, octets[begin:]]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The lines of a VEVENT that are the same for everybody, folded, up to where the id comes in and after it.

    ``open`` are the octets of the line in which it comes in, not yet folded, ``room`` how many fit there, 0 if it
    comes in nowhere.
    """

    before: bytes
    open: bytes
    room: int
    after: bytes

    def stamped(self, head: bytes, escaped: bytes) -> bytes:
        """Return a whole VEVENT: its first lines, up to the rule, and then the others with the id in its place."""
        if not self.room:
            return head + self.before
        line = self.open + escaped
        if len(line) <= self.room:
            return head + self.before + line + self.after
        return head + self.before + _FOLD.join(_pieces(line, self.room)) + self.after


def prepared(item: Issued, words: Words) -> Prepared:
    """Prepare the lines that a series shares with all that have its content."""
    found = Event()
    _tell(found, item, _ANYBODY, words)
    _, *rest = (str(line) for line in found.content_lines(sorted=False) if line)
    place = next((index for index, line in enumerate(rest) if _ANYBODY in line), None)
    if place is None:
        return Prepared(_joined(rest), b"", 0, b"")
    head, _, tail = rest[place].partition(_ANYBODY)
    if tail:
        msg = "the id is expected at the end of a text"
        raise ValueError(msg)
    *full, last = _pieces(head.encode(), _OCTETS)
    before = _joined(rest[:place]) + b"".join(piece + _FOLD for piece in full)
    return Prepared(before, last, _OCTETS - bool(full), b"\r\n" + _joined(rest[place + 1 :]))


def _joined(lines: list[str]) -> bytes:
    return b"".join(folded(line) + b"\r\n" for line in lines)


def dated(item: Issued) -> bytes:
    """Return the lines of a VEVENT that follow its UID: SEQUENCE, stamps, dates and rule."""
    return (
        f"{_stamps(item.sequence, item.created, item.changed)}"
        f"{_span(item)}RRULE:{_rule_text(item.begin.weekday(), item.days, item.count)}\r\n"
    ).encode("ascii")


def _span(item: Issued) -> str:
    """Return DTSTART and DTEND; on a day whose clocks are not changed by putting together what is known of it."""
    day = _steady(item.timezone, item.begin)
    start, end = _clocks(item.at, item.minutes)
    if day and end:
        return f"DTSTART;TZID={item.timezone}:{day}T{start}\r\nDTEND;TZID={item.timezone}:{day}T{end}\r\n"
    return f"DTSTART{_moment(item.first, item.timezone)}\r\nDTEND{_moment(_end(item), item.timezone)}\r\n"


@lru_cache(8192)
def _steady(timezone: str, day: date) -> str:
    """Write a day on which the clocks of a zone, which is not UTC, are not changed; of another day, nothing."""
    midnights = [datetime.combine(day, time(), tzinfo=zone(timezone)) + timedelta(days=days) for days in (-1, 0, 1, 2)]
    return "" if is_utc(timezone) or len({moment.utcoffset() for moment in midnights}) > 1 else f"{day:%Y%m%d}"


@lru_cache(4096)
def _clocks(at: time, minutes: int) -> tuple[str, str]:
    """Write the times of day at which a session begins and ends, nothing for an end on the next day."""
    end = datetime.combine(date.min, at) + timedelta(minutes=minutes)
    return f"{at:%H%M%S}", f"{end:%H%M%S}" if end.date() == date.min else ""


@lru_cache(4096)
def _rule_text(weekday: int, days: tuple[int, ...], count: int) -> str:
    text: bytes = vRecur(_rule(weekday, days, count)).to_ical()  # type: ignore[no-untyped-call]
    return text.decode("ascii")


@lru_cache(256)
def _stamps(sequence: int, created: datetime, changed: datetime) -> str:
    stamp = f"{changed:%Y%m%dT%H%M%SZ}"
    return f"SEQUENCE:{sequence}\r\nDTSTAMP:{stamp}\r\nCREATED:{created:%Y%m%dT%H%M%SZ}\r\nLAST-MODIFIED:{stamp}\r\n"


def _moment(moment: datetime, timezone: str) -> str:
    if moment.fold or is_utc(timezone):
        return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID={timezone}:{moment:%Y%m%dT%H%M%S}"
