"""Every defect that calendar files are known for is seen when it is put into a good one."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
import uuid
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from icsfaults import CHECKS, between_people, between_revisions, between_runs, faults
from icsjudge import unfolded
from test_ics import ISSUED, plan, words

from planmaker.ics import renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from planmaker.plan import Plan
    from planmaker.words import Words

NAME = "Beinübung, 橋 \N{HANGUL SYLLABLE GAG}; \\ zurück \N{GRINNING FACE}\N{COMBINING ACUTE ACCENT} אבג"
PERSON = "Zoë Quillfeather"
# Sessions before and after a change of the clocks, both ways, north, south, and by half an hour.
ZONES = {
    "Europe/London": date(2027, 3, 11),
    "America/New_York": date(2026, 10, 8),
    "Australia/Sydney": date(2026, 3, 12),
    "Australia/Lord_Howe": date(2027, 9, 9),
    "America/St_Johns": date(2028, 2, 28),
    "Europe/Dublin": date(2028, 10, 5),
}


@cache
def strange() -> Words:
    """Return words whose exercises have a name that is hard to keep."""
    names = {key: dataclasses.replace(value, name=f"{NAME} {key}") for key, value in words().exercises.items()}
    return dataclasses.replace(words(), exercises=names)


@cache
def case(timezone: str = "Europe/London") -> Plan:
    """Return a plan of six weeks over a change of the clocks."""
    return plan("full", timezone, ZONES[timezone], name=PERSON, id="7c1e90ab", days_off=(2,))


@cache
def good(timezone: str = "Europe/London") -> bytes:
    """Return the file of a plan as it should be."""
    return renderer(strange())(case(timezone))


# Ways to spoil a file


def swap(old: str, new: str, count: int = -1) -> Callable[[bytes], bytes]:
    """Return the function that puts one piece of text for another."""
    return lambda data: data.replace(old.encode(), new.encode(), count)


def match(pattern: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    """Return the function that puts a text for what a pattern finds, over folded lines too."""
    return lambda data: refolded([re.sub(pattern, new, line, count=count) for line in unfolded(data)])


def insert(before: str, line: str) -> Callable[[bytes], bytes]:
    """Return the function that puts a line before every line that is as told."""
    return swap(f"\r\n{before}\r\n", f"\r\n{line}\r\n{before}\r\n")


def refolded(lines: list[str]) -> bytes:
    """Fold lines as RFC 5545 3.1 asks, a little short of the limit."""
    text = "\r\n".join("\r\n ".join(re.findall(".{1,18}", line)) for line in lines)
    return text.encode() + b"\r\n"


def folded_by_octets(data: bytes) -> bytes:
    """Fold lines after 75 octets, whatever is there."""
    lines = [line.encode() for line in unfolded(data)]
    pieces = ([line[:75], *(line[at : at + 74] for at in range(75, len(line), 74))] for line in lines)
    return b"".join(b"\r\n ".join(piece) + b"\r\n" for piece in pieces)


def other_first_day(data: bytes) -> bytes:
    """Take the weekday of the first session out of the first weekly rule."""
    return re.sub(rb"BYDAY=(?:[A-Z]{2},)*?TH,?", b"BYDAY=", data, count=1).replace(b"BYDAY=\r", b"BYDAY=FR\r")


def offsets_swapped(data: bytes) -> bytes:
    """Exchange the offsets before and after every change of the clocks."""
    for old, new in (("FROM", "X"), ("TO", "FROM"), ("X", "TO")):
        data = data.replace(f"TZOFFSET{old}:".encode(), f"TZOFFSET{new}:".encode())
    return data


def without_summer(data: bytes) -> bytes:
    """Drop the DAYLIGHT part of the zone."""
    return re.sub(rb"BEGIN:DAYLIGHT.*?END:DAYLIGHT\r\n", b"", data, flags=re.DOTALL)


def twice(component: str) -> Callable[[bytes], bytes]:
    """Return the function that doubles every component of a kind."""
    return lambda data: re.sub(rf"(BEGIN:{component}.*?END:{component}\r\n)".encode(), rb"\1\1", data, flags=re.DOTALL)


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "version 1.0": ("version", swap("VERSION:2.0", "VERSION:1.0")),
    "no version": ("version", swap("VERSION:2.0\r\n", "")),
    "no maker": ("maker", match("^PRODID:", "X-PRODID:")),
    "no UID": ("UID", match("^UID:.*", "X-NOTHING:", 1)),
    "one UID for all events": ("UID", match("^UID:.*", "UID:1")),
    "no DTSTAMP": ("DTSTAMP", match("^DTSTAMP:", "X-DTSTAMP:")),
    "DTSTAMP at no place": ("DTSTAMP", match("^(DTSTAMP:.*)Z$", r"\1")),
    "two summaries": ("not once", insert("CLASS:PRIVATE", "SUMMARY:Again")),
    "ends of lines without CR": ("ends of lines", swap("\r\n", "\n")),
    "a CR that ends no line": ("ends of lines", swap("CLASS:", "CLASS\r:")),
    "no end of the last line": ("ends of lines", lambda data: data[:-2]),
    "a line of 76 octets and more": ("over 75 octets", lambda data: data.replace(b"\r\n ", b"", 1)),
    "folds inside characters": ("split character", folded_by_octets),
    "unescaped comma": ("unescaped", match(r"\\,", ",", 0)),
    "unescaped semicolon": ("unescaped", match(r"\\;", ";", 0)),
    "unescaped backslash": ("unescaped", match(r"\\\\ ", r"\\ ", 0)),
    "line feeds escaped twice": ("escaped twice", match(r"\\n", r"\\\\n", 0)),
    "local UNTIL": ("rule", match(r"COUNT=\d+", "UNTIL=20270601T080000")),
    "UNTIL in UTC": ("rule", match(r"COUNT=\d+", "UNTIL=20270601T080000Z")),
    "BYHOUR": ("rule", match("^(RRULE.*)", r"\1;BYHOUR=8,18")),
    "a rule without end": ("rule", match(r";COUNT=\d+", "")),
    "first day outside its rule": ("first day", other_first_day),
    "DISPLAY without DESCRIPTION": ("alarm", swap("TRIGGER:-PT10M\r\nDESCRIPTION", "TRIGGER:-PT10M\r\nX-DESCRIPTION")),
    "alarm without TRIGGER": ("alarm", swap("TRIGGER:-PT10M\r\n", "")),
    "two alarms": ("several alarms", twice("VALARM")),
    "end before start": ("end before start", match("^(DTEND.*:)....", r"\g<1>2026")),
    "end at start": ("end before start", match(r"^(DTEND.*T)(\d\d)\d{4}", r"\g<1>\g<2>0000")),
    "floating times": ("no zone", match("^(DTSTART|DTEND);TZID=[^:]*", r"\1")),
    "local times marked as UTC": ("no zone", match("^((?:DTSTART|DTEND);.*)", r"\1Z")),
    "no VTIMEZONE": (
        "zone missing",
        lambda data: re.sub(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", b"", data, flags=re.DOTALL),
    ),
    "VTIMEZONE of another name": ("zone missing", match("^TZID:.*", "TZID:Europe/Paris")),
    "two STANDARD": ("zone more than a pair", twice("STANDARD")),
    "VTIMEZONE from this year on": ("zone more than a pair", swap("DTSTART:1970", "DTSTART:2026")),
    "swapped offsets": ("offsets swapped", offsets_swapped),
    "swapped names of the pair": ("offsets swapped", match("^((?:BEGIN|END):)STANDARD", r"\1DAYLIGHT")),
    "no summer time": ("starts", without_summer),
    "METHOD": ("refused property", insert("CALSCALE:GREGORIAN", "METHOD:PUBLISH")),
    "RDATE": ("refused property", insert("CLASS:PRIVATE", "RDATE;TZID=Europe/London:20270601T080000")),
    "EXDATE": ("refused property", insert("CLASS:PRIVATE", "EXDATE;TZID=Europe/London:20270312T080000")),
    "RECURRENCE-ID": ("refused property", insert("CLASS:PRIVATE", "RECURRENCE-ID:20270312T080000Z")),
    "a comment in the zone": ("refused property", insert("BEGIN:DAYLIGHT", "COMMENT:made here")),
    "a link": ("refused property", insert("CLASS:PRIVATE", "LINK;VALUE=URI:https://example.com/")),
    "over 1 MB": ("over 1 MB", insert("CALSCALE:GREGORIAN", f"X-NOTE:{1_000_000 * 'x'}")),
    "for all to see": ("public", swap("CLASS:PRIVATE", "CLASS:PUBLIC")),
    "blocks the time": ("public", swap("TRANSP:TRANSPARENT", "TRANSP:OPAQUE")),
    "the person's name": ("public", match("^NAME:.*", f"NAME:Plan of {PERSON}")),
    "sessions more": ("starts", match(r"COUNT=(\d)", r"COUNT=1\1")),
    "an event dropped": (
        "starts",
        lambda data: re.sub(rb"BEGIN:VEVENT.*?END:VEVENT\r\n", b"", data, count=1, flags=re.DOTALL),
    ),
    "an event doubled": ("UID", twice("VEVENT")),
    "a start five minutes late": ("starts", match(r"^(DTSTART;.*)0000$", r"\g<1>0500")),
    "a minute longer": ("ends", match(r"^(DTEND;.*)\d\d00$", r"\g<1>5900")),
    "another title": ("texts", match("^SUMMARY:Exercises", "SUMMARY:Exercise")),
    "another dose": ("texts", match("5 seconds", "6 seconds")),
    "emoji lost": ("texts", swap("\N{GRINNING FACE}", "")),
    "combining mark composed away": ("texts", swap("\N{COMBINING ACUTE ACCENT}", "")),
    "Chinese as question marks": ("texts", swap("橋", "?")),
    "Hebrew turned round": ("texts", swap("אבג", "גבא")),
    "UTF-8 read as Latin-1": (
        "texts",
        swap("ü", "\N{LATIN CAPITAL LETTER A WITH TILDE}\N{VULGAR FRACTION ONE QUARTER}"),
    ),
    "backslash lost": ("texts", match(r"\\\\ ", " ", 0)),
    "line feeds lost": ("texts", match(r"\\n", " ", 0)),
    "a space at each fold": ("texts", swap("\r\n ", "\r\n  ")),
    "a character lost at each fold": ("texts", lambda data: re.sub(rb"\r\n [ -~]", b"\r\n ", data)),
}


# What is seen


@pytest.mark.parametrize("timezone", ZONES)
def test_good_file_has_no_fault(timezone: str) -> None:
    """A plan's file has none of the faults, in any zone, with names that are hard to keep."""
    assert faults(good(timezone), case(timezone), strange()) == []


def test_other_folds_are_no_fault() -> None:
    """A file folded elsewhere has no fault, so that a defect put in by folding anew is seen for itself."""
    assert faults(refolded(unfolded(good())), case(), strange()) == []


@pytest.mark.parametrize("defect", SPOILT)
def test_defect_is_seen(defect: str) -> None:
    """Each defect is named when it is put in."""
    fault, spoil = SPOILT[defect]
    spoilt = spoil(good())

    assert spoilt != good()
    assert fault in faults(spoilt, case(), strange())


def test_every_check_is_tried() -> None:
    """No check is without a defect that it alone is there for, but that of a file with one event."""
    assert {fault for fault, _ in SPOILT.values()} == CHECKS.keys() - {"calendar for one event"}


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize(
    "spoil",
    [without_summer, offsets_swapped, match(r"^(TZOFFSETTO:.\d)\d", r"\g<1>5")],
    ids=["left out", "turned round", "shifted"],
)
def test_wrong_hour_is_seen_in_every_zone(timezone: str, spoil: Callable[[bytes], bytes]) -> None:
    """Summer time left out, turned round or by an hour and more moves sessions, wherever it is."""
    found = faults(spoil(good(timezone)), case(timezone), strange())

    assert "starts" in found


def test_calendar_for_one_event_is_seen() -> None:
    """X-WR-CALNAME in a file with one event is seen, and its absence is no fault."""
    short = plan("stretch-only", weeks=1, per_day=1)
    data = renderer(words())(short)
    spoilt = insert("CALSCALE:GREGORIAN", "X-WR-CALNAME:Exercises")(data)

    assert faults(data, short, words()) == []
    assert faults(spoilt, short, words()) == ["calendar for one event"]


# Between two files


def uids_by(new: Iterable[str]) -> Callable[[bytes], bytes]:
    """Return the function that gives a file other UIDs."""
    others = iter(new)
    return lambda data: refolded(
        [f"UID:{next(others)}" if line.startswith("UID:") else line for line in unfolded(data)]
    )


def later(data_of: Plan) -> Plan:
    """Return the next revision of a plan, nine days later, half an hour earlier in the morning."""
    moved = dataclasses.replace(data_of.schedule, am=data_of.schedule.am.replace(hour=7, minute=30))
    return dataclasses.replace(data_of, schedule=moved, revision=2, issued=ISSUED + timedelta(days=9))


def test_shared_uids_are_seen() -> None:
    """Two people share no UID; files whose UIDs come from anything but the person do."""
    other = dataclasses.replace(case(), person=dataclasses.replace(case().person, id="other"))
    theirs = renderer(strange())(other)
    numbered = [uids_by(map(str, range(1000)))(data) for data in (good(), theirs)]

    assert between_people(good(), theirs) == []
    assert between_people(*numbered) != []


def hashed(seed: int) -> Callable[[bytes], bytes]:
    """Return the function that makes UIDs from hashes, in a Python of another seed."""
    code = "import sys; print(*(hash(line) for line in sys.stdin), sep='\\n')"

    def spoil(data: bytes) -> bytes:
        uids = "\n".join(line for line in unfolded(data) if line.startswith("UID:"))
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, input=uids, capture_output=True, text=True, check=True, env=environment)
        return uids_by(done.stdout.splitlines())(data)

    return spoil


def at_random(data: bytes) -> bytes:
    """Make every UID anew."""
    return uids_by(str(uuid.uuid4()) for _ in range(1000))(data)


@pytest.mark.parametrize("spoil", [(at_random, at_random), (hashed(1), hashed(2))], ids=["random", "hash"])
def test_changing_uids_are_seen(spoil: tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]) -> None:
    """A plan's UIDs stay from run to run; random ones, or those of a hash with its seed, do not."""
    again = renderer(strange())(case())

    assert between_runs(good(), again) == []
    assert between_runs(spoil[0](good()), spoil[1](again)) != []


@pytest.mark.parametrize(
    "spoil",
    [
        match("^SEQUENCE:1", "SEQUENCE:0"),
        match("^DTSTAMP:2025", "DTSTAMP:2024"),
        match("^DTSTAMP:.*", "DTSTAMP:20251201T090000Z"),
    ],
    ids=["same number", "earlier", "same moment"],
)
def test_revision_that_goes_back_is_seen(spoil: Callable[[bytes], bytes]) -> None:
    """A revision raises SEQUENCE and DTSTAMP; where one stays or goes down, clients keep the old."""
    new = renderer(strange())(later(case()))

    assert between_revisions(good(), new) == []
    assert between_revisions(good(), spoil(new)) != []
    assert between_revisions(new, good()) != []
