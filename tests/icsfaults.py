"""Find in the bytes of calendar files what clients stumble over, file by file and between two files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from icsjudge import Session, by_python, expected, sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from planmaker.plan import Plan
    from planmaker.words import Words

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_TEXT = ("SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "TZNAME")
_ESCAPED = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
_RULE = re.compile(r"FREQ=DAILY;COUNT=\d+|FREQ=WEEKLY;COUNT=\d+;BYDAY=(?:[A-Z]{2},?)+")
# What no file of a plan may hold: names of properties that clients refuse, misread or answer with a fault.
_REFUSED = {"METHOD", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "DURATION", "COMMENT", "ATTACH", "X-ALT-DESC"}
_REFUSED |= {"REFID", "LINK", "CONCEPT", "STRUCTURED-DATA"}
_ONCE = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "CLASS", "TRANSP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A content line: name, parameters as they stand, and value (RFC 5545 3.1)."""

    name: str
    parameters: str
    value: str


@dataclass(frozen=True, kw_only=True)
class File:
    """A file with the plan and words it was made from."""

    data: bytes
    plan: Plan
    words: Words

    @cached_property
    def lines(self) -> list[Line]:
        """The content lines, whatever the ends of lines are."""
        text = re.sub(rb"\r?\n[ \t]", b"", self.data).decode(errors="replace")
        matches = (re.fullmatch(r"([A-Z0-9-]+)((?:;[^:]*)?):(.*)", line, re.DOTALL) for line in re.split("\r?\n", text))
        return [Line(name=match[1], parameters=match[2], value=match[3]) for match in matches if match]

    def components(self, kind: str) -> list[list[Line]]:
        """Return the lines of each component of a kind, those of the components in it included."""
        found: list[list[Line]] = []
        inside = False
        for line in self.lines:
            inside = inside and (line.name, line.value) != ("END", kind)
            if inside:
                found[-1].append(line)
            if (line.name, line.value) == ("BEGIN", kind):
                inside = True
                found.append([])
        return found

    @cached_property
    def events(self) -> list[list[Line]]:
        """The lines of each event, without those of its alarm."""
        return [_outside(event, "VALARM") for event in self.components("VEVENT")]

    @cached_property
    def found(self) -> list[Session]:
        """The sessions that an independent library finds; none where it cannot read the file, or would never end."""
        if _rule(self):
            return []
        try:
            return sessions(by_python(self.data))
        except (ValueError, LookupError, AttributeError, TypeError):
            return []

    @cached_property
    def due(self) -> list[Session]:
        """The sessions of the plan."""
        return expected(self.plan, self.words)


def _outside(lines: list[Line], kind: str) -> list[Line]:
    kept, inside = [], False
    for line in lines:
        inside = inside or (line.name, line.value) == ("BEGIN", kind)
        if not inside:
            kept.append(line)
        inside = inside and (line.name, line.value) != ("END", kind)
    return kept


def values(lines: list[Line], name: str) -> list[str]:
    """Return the values of all lines of a name."""
    return [line.value for line in lines if line.name == name]


# One file


def faults(data: bytes, plan: Plan, words: Words) -> list[str]:
    """Return what is wrong with the file of a plan, as names of ``CHECKS``; a file that works has none."""
    file = File(data=data, plan=plan, words=words)
    return [name for name, is_wrong in CHECKS.items() if is_wrong(file)]


def _line_ends(file: File) -> bool:
    ends = file.data.count(b"\r\n")
    return not file.data.endswith(b"\r\n") or {file.data.count(b"\r"), file.data.count(b"\n")} != {ends}


def _split(file: File) -> bool:
    try:
        return not [line.decode() for line in file.data.split(b"\n")]
    except UnicodeDecodeError:
        return True


def _not_once(file: File) -> bool:
    return any(any(len(values(event, name)) != 1 for name in _ONCE) for event in file.events) or not file.events


def _uid(file: File) -> bool:
    count = Counter(value for event in file.events for value in values(event, "UID"))
    return "" in count or len(count) != len(file.events)


def _stamp(file: File) -> bool:
    stamps = [value for event in file.events for value in values(event, "DTSTAMP")]
    return len(stamps) != len(file.events) or not all(re.fullmatch(r"\d{8}T\d{6}Z", stamp) for stamp in stamps)


def _unescaped(file: File) -> bool:
    return any(line.name in _TEXT and not _ESCAPED.fullmatch(line.value) for line in file.lines)


def _escaped_twice(file: File) -> bool:
    """Tell whether a description, which always has several lines, has become one."""
    texts = [value for event in file.events for value in values(event, "DESCRIPTION")]
    return any(r"\n" not in text.replace(r"\\", "") for text in texts)


def _rule(file: File) -> bool:
    rules = [value for event in file.events for value in values(event, "RRULE")]
    return not all(_RULE.fullmatch(rule) for rule in rules)


def _first_day(file: File) -> bool:
    """Tell whether a DTSTART falls on no day of its BYDAY: COUNT is one off then."""
    for event in file.events:
        days = re.search("BYDAY=([A-Z,]+)", " ".join(values(event, "RRULE")))
        for start in values(event, "DTSTART"):
            if days and WEEKDAYS[_moment(start).weekday()] not in days[1].split(","):
                return True
    return False


def _moment(value: str) -> datetime:
    return datetime.strptime(value[:15], "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall-clock time


def _end_first(file: File) -> bool:
    """Tell whether a DTEND is not after its DTSTART; in two zones, expansion tells."""
    return any(
        start.parameters == end.parameters and _moment(end.value) <= _moment(start.value)
        for event in file.events
        for start in event
        if start.name == "DTSTART"
        for end in event
        if end.name == "DTEND"
    )


def _floating(file: File) -> bool:
    """Tell whether a time has neither a Z nor a TZID, or both (RFC 5545 3.3.5)."""
    times = (line for event in file.events for line in event if line.name in {"DTSTART", "DTEND"})
    return any(line.value.endswith("Z") == (";TZID=" in line.parameters) for line in times)


def _zone_missing(file: File) -> bool:
    used = {line.parameters for event in file.events for line in event if line.name in {"DTSTART", "DTEND"}} - {""}
    told = Counter(f";TZID={value}" for zone in file.components("VTIMEZONE") for value in values(zone, "TZID"))
    return set(told) != used or any(count > 1 for count in told.values())


def _zone_odd(file: File) -> bool:
    """Tell whether a zone is more than a yearly pair from 1970 on."""
    zones = file.components("VTIMEZONE")
    starts = (value for zone in zones for value in values(zone, "DTSTART"))
    pairs = [Counter(values(zone, "BEGIN")) for zone in zones]
    return any(pair["STANDARD"] != 1 or pair["DAYLIGHT"] > 1 for pair in pairs) or not all(
        start.startswith("1970") for start in starts
    )


def _zone_swapped(file: File) -> bool:
    """Tell whether DAYLIGHT is not later than what was before, or STANDARD is."""
    parts = ((kind, part) for kind in ("STANDARD", "DAYLIGHT") for part in file.components(kind))
    return any(
        (_offset(after) > _offset(before)) != (kind == "DAYLIGHT")
        for kind, part in parts
        for before, after in zip(values(part, "TZOFFSETFROM"), values(part, "TZOFFSETTO"), strict=True)
    )


def _offset(value: str) -> int:
    seconds = int(value[1:3]) * 3600 + int(value[3:5]) * 60 + int(value[5:7] or 0)
    return -seconds if value.startswith("-") else seconds


def _alarm(file: File) -> bool:
    alarms = file.components("VALARM")
    once = ("ACTION", "TRIGGER", "DESCRIPTION")
    return any(len(values(alarm, name)) != 1 for alarm in alarms for name in once)


def _alarms(file: File) -> bool:
    return any(values(event, "BEGIN").count("VALARM") > 1 for event in file.components("VEVENT"))


def _public(file: File) -> bool:
    shown = {(line.name, line.value) for event in file.events for line in event if line.name in {"CLASS", "TRANSP"}}
    name = file.plan.person.name
    told = bool(name) and any(name in line.value for line in file.lines)
    return told or shown != {("CLASS", "PRIVATE"), ("TRANSP", "TRANSPARENT")}


CHECKS: dict[str, Callable[[File], bool]] = {
    "ends of lines": _line_ends,
    "over 75 octets": lambda file: max(len(line) for line in re.split(rb"\r?\n", file.data)) > 75,
    "split character": _split,
    "over 1 MB": lambda file: len(file.data) > 1_000_000,
    "version": lambda file: values(file.lines, "VERSION") != ["2.0"],
    "maker": lambda file: len(values(file.lines, "PRODID")) != 1,
    "not once": _not_once,
    "UID": _uid,
    "DTSTAMP": _stamp,
    "refused property": lambda file: any(line.name in _REFUSED for line in file.lines),
    "unescaped": _unescaped,
    "escaped twice": _escaped_twice,
    "rule": _rule,
    "first day": _first_day,
    "end before start": _end_first,
    "no zone": _floating,
    "zone missing": _zone_missing,
    "zone more than a pair": _zone_odd,
    "offsets swapped": _zone_swapped,
    "alarm": _alarm,
    "several alarms": _alarms,
    "public": _public,
    "calendar for one event": lambda file: len(file.events) == 1 and bool(values(file.lines, "X-WR-CALNAME")),
    "starts": lambda file: [item.start for item in file.found] != [item.start for item in file.due],
    "ends": lambda file: [item.end for item in file.found] != [item.end for item in file.due],
    "texts": lambda file: [item[2:] for item in file.found] != [item[2:] for item in file.due],
}


# Two files


def between_people(one: bytes, other: bytes) -> list[str]:
    """Return the UIDs that the files of two people share; there must be none."""
    return sorted(_by_uid(one).keys() & _by_uid(other).keys())


def between_runs(one: bytes, other: bytes) -> list[str]:
    """Return the UIDs that only one of two files of the same plan has; there must be none."""
    return sorted(_by_uid(one).keys() ^ _by_uid(other).keys())


def between_revisions(old: bytes, new: bytes) -> list[str]:
    """Return the UIDs that a client may not bring up to date from one revision's file to the next one's.

    SEQUENCE and DTSTAMP never go down, and both rise where an event says something else.
    """
    before, after = _by_uid(old), _by_uid(new)
    return sorted(uid for uid in before.keys() & after.keys() if not _newer(before[uid], after[uid]))


def _newer(old: list[Line], new: list[Line]) -> bool:
    numbers = [int(values(event, "SEQUENCE")[0]) for event in (old, new)]
    stamps = [values(event, "DTSTAMP")[0] for event in (old, new)]
    return old == new or (numbers[0] < numbers[1] and stamps[0] < stamps[1])


def _by_uid(data: bytes) -> dict[str, list[Line]]:
    text = re.sub(rb"\r\n[ \t]", b"", data).decode()
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL)
    read = [re.findall(r"^([A-Z-]+)((?:;[^:\r]*)?):(.*?)\r$", event, re.MULTILINE) for event in events]
    listed = [[Line(name=name, parameters=rest, value=value) for name, rest, value in event] for event in read]
    return {values(event, "UID")[0]: event for event in listed}
