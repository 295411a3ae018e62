"""Read single values that people type: numbers, times, dates, names, lists.

Each parser returns the value, or raises ValueError saying what was expected.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import date, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from planmaker.region import country_codes
from planmaker.schedule import YEARS, zone_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "clean",
    "clock",
    "country",
    "day",
    "feed_url",
    "identifier",
    "name",
    "one_of",
    "some_of",
    "timezone",
    "weekdays",
    "whole",
]

MAX_CELL = 200
MAX_NAME = 120
MOST_DAYS_OFF = 4
# Day 0 of a spreadsheet's numbers, for days after the 29 February 1900 that it sees.
_SPREADSHEET_DAY_0 = date(1899, 12, 30)
_LOST = "\ufffd"
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_JOINERS = "\u200c\u200d"  # part of the spelling in Persian and Indic scripts
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Names that Windows keeps for devices, whatever their ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def clean(text: str) -> str:
    """Return the text composed (NFC); raise ValueError for control characters and long texts."""
    plain = text.isascii() and text.isprintable()  # as most are: nothing to look for, nothing to compose
    if not plain and any(
        unicodedata.category(character) in _INVISIBLE and character not in _JOINERS for character in text
    ):
        msg = "expected printable text; it holds an invisible or unassigned character"
        raise ValueError(msg)
    if _LOST in text:
        msg = "holds a character that was lost when the file was written; type it again"
        raise ValueError(msg)
    if len(text) > MAX_CELL:
        msg = f"expected at most {MAX_CELL} characters"
        raise ValueError(msg)
    return text if plain else unicodedata.normalize("NFC", text)


class UnknownWordError(ValueError):
    """A word is none of those allowed: ``what`` was expected, and a ``hint`` at the nearest, if one is near."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what}; {hint}" if hint else what)
        self.what, self.hint = what, hint


def _fold(text: str) -> str:
    """Make ``Stretch only``, ``stretch_only`` and ``STRETCH-ONLY`` the same."""
    return re.sub(r"[\s_-]+", "-", text.strip().casefold())


def one_of(text: str, allowed: Iterable[str]) -> str:
    """Return the allowed word that is meant; raise ValueError with the nearest one."""
    words = tuple(allowed)
    by_fold, folded = _by_fold(words), _fold(text)
    if folded in by_fold:
        return by_fold[folded]
    near = difflib.get_close_matches(folded, by_fold, n=1)
    msg = f"expected one of {', '.join(words)}" if len(words) <= 20 else "not known"  # noqa: PLR2004 - a list to read
    raise UnknownWordError(msg, f"did you mean {by_fold[near[0]]}?" if near else "")


@lru_cache
def _by_fold(words: tuple[str, ...]) -> dict[str, str]:
    return {_fold(word): word for word in words}


def some_of(text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Read a list parted by ``;``, ``,`` or ``|``; doubles count once, and the order does not matter."""
    words = tuple(allowed)
    items = [item for item in re.split(r"[;,|]", text) if item.strip()]
    return tuple(sorted({one_of(item, words) for item in items}))


def whole(low: int, high: int) -> Callable[[str], int]:
    """Make a parser of whole numbers within bounds; ``6.0``, as Excel writes it, is 6."""

    def parse(text: str) -> int:
        number = re.fullmatch(r"(\d{1,6})(?:\.0+)?", text)
        if number is None or not low <= int(number[1]) <= high:
            msg = f"expected a whole number from {low} to {high}"
            raise ValueError(msg)
        return int(number[1])

    return parse


def clock(text: str) -> time:
    """Read 08:00, 8:00, 8.00, 08:00:00, 8 am or 7:30 PM."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)?\s*(?:([ap])\.?m\.?)?", text.casefold())
    # 0.25 is a quarter of a day to a spreadsheet, and not 00:25.
    if match is not None and (match[2] or match[3]) and not text.startswith("0."):
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3]:
            hour = (hour % 12 + (12 if match[3] == "p" else 0)) if 1 <= hour <= 12 else 99  # noqa: PLR2004 - a clock has 12 hours
        if hour < 24 and minute < 60:  # noqa: PLR2004 - hours and minutes of a day
            return time(hour, minute)
    msg = "expected a time such as 08:00 or 7:30 PM"
    raise ValueError(msg)


def feed_url(text: str) -> str:
    """Read a web address with ``{token}`` in its path."""
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?/[\w.~/%&=?+-]*\{token\}[\w.~/%&=?+-]*", text, re.ASCII):
        msg = "expected an address such as https://clinic.example/{token}.ics"
        raise ValueError(msg)
    return text


def day(text: str) -> date:
    """Read 2027-04-03, 3 April 2027 or April 3, 2027; 3/4/2027 only if one reading is possible."""
    for pattern, order in (
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]00:00(?::00)?)?", (0, 1, 2)),
        (r"(\d{1,2})(?:\.|st|nd|rd|th)?[\s-]+([A-Za-z]+)\.?,?[\s-]+(\d{4})", (2, 1, 0)),
        (r"([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", (2, 0, 1)),
        (r"(\d{1,2})\.(\d{1,2})\.(\d{4})", (2, 1, 0)),
    ):
        match = re.fullmatch(pattern, text)
        if match is not None:
            return _day(*(match.groups()[index] for index in order))
    match = re.fullmatch(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})", text)
    if match is not None:
        return _slashed(match[1], match[3], match[4])
    number = re.fullmatch(r"(\d{5})(?:\.0+)?", text, re.ASCII)
    if number is not None:
        meant = _SPREADSHEET_DAY_0 + timedelta(days=int(number[1]))
        msg = f"expected a date, not a spreadsheet's number of one; if {meant} is meant, type that"
        raise ValueError(msg)
    msg = "expected a date such as 2027-04-03"
    raise ValueError(msg)


def _slashed(first: str, second: str, year: str) -> date:
    """Read day and month in the only order that makes a date, else say both."""
    readings = []
    for day, month in ((first, second), (second, first)):
        try:
            readings.append(_day(year, month, day))
        except ValueError:
            continue
    if len(set(readings)) == 1:
        return readings[0]
    if not readings:
        msg = "expected a date such as 2027-04-03; there is no such day"
        raise ValueError(msg)
    spoken = " or ".join(f"{item.day} {_MONTHS[item.month - 1].title()}" for item in readings)
    typed = " or ".join(item.isoformat() for item in readings)
    msg = f"could be {spoken}; type {typed}"
    raise ValueError(msg)


def _day(year: str, month: str, day: str) -> date:
    number = int(month) if month.isdigit() else _month(month)
    if int(year) not in YEARS:
        msg = f"expected a year from {YEARS[0]} to {YEARS[-1]}"
        raise ValueError(msg)
    try:
        return date(int(year), number, int(day))
    except ValueError as error:
        msg = "expected a date such as 2027-04-03; there is no such day"
        raise ValueError(msg) from error


def _month(name: str) -> int:
    found = [number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.casefold())]
    if len(name) < 3 or len(found) != 1:  # noqa: PLR2004 - Jan, Feb, ...
        msg = "expected a date such as 2027-04-03"
        raise ValueError(msg)
    return found[0]


def name(text: str) -> str:
    """Read a person's name, its spaces made single."""
    if len(text) > MAX_NAME:
        msg = f"expected at most {MAX_NAME} characters"
        raise ValueError(msg)
    return re.sub(r"\s+", " ", text)


def identifier(text: str) -> str:
    """Return an id, which names files, if it is safe on every system; else raise ValueError."""
    if not _ID.fullmatch(text) or text.endswith(".") or _RESERVED.fullmatch(text):
        msg = "expected 1 to 64 letters, digits, dots, dashes or underscores, starting with a letter or digit"
        raise ValueError(msg)
    return text


def timezone(text: str) -> str:
    """Read an IANA time zone, forgiving case and spaces."""
    names = zone_names()
    if text in names:
        return text
    folded = {name.casefold(): name for name in sorted(names)}
    wanted = re.sub(r"\s+", "_", text.casefold())
    if wanted in folded:
        return folded[wanted]
    near = [name for name in folded if name.endswith(f"/{wanted}")] or difflib.get_close_matches(wanted, folded, n=1)
    hint = f"; did you mean {folded[near[0]]}?" if near else ""
    msg = f"expected a time zone such as Europe/Berlin{hint}"
    raise ValueError(msg)


def weekdays(text: str) -> tuple[int, ...]:
    """Read days of the week, such as ``Sat, Sunday``, as numbers from Monday 0."""
    found: dict[int, None] = {}
    for item in re.split(r"[;,|\s]+", text.strip(" ;,|")):
        number = next((i for i, short in enumerate(_WEEKDAYS) if item[:3].casefold() == short.casefold()), None)
        if number is None:
            msg = f"expected days such as {_WEEKDAYS[5]}, {_WEEKDAYS[6]}"
            raise ValueError(msg)
        found.setdefault(number)
    if len(found) > MOST_DAYS_OFF:
        msg = f"expected at most {MOST_DAYS_OFF} days off"
        raise ValueError(msg)
    return tuple(sorted(found))


def country(text: str) -> str:
    """Read a country's two letters, such as GB."""
    code = text.strip().upper()
    if code not in country_codes():
        msg = "expected the two letters of a country, such as GB"
        raise ValueError(msg)
    return code
