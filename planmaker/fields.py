"""Define each field of a request once: its name, how it is typed, what it means.

The table serves the options of the command line, the columns of a roster, the sample
roster and the README.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from planmaker.errors import Problem
from planmaker.request import Request
from planmaker.schedule import zone_names

__all__ = ["FIELDS", "Choices", "Field", "faults", "identifier", "one_of", "read"]

MAX_CELL = 200
MAX_NAME = 120
YEARS = range(2000, 2101)
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Names that Windows keeps for devices, whatever their ending.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the catalogue offers: the words some fields may hold."""

    profiles: tuple[str, ...]
    exercises: tuple[str, ...]
    equipment: tuple[str, ...]
    languages: tuple[str, ...]


Parser = Callable[[str, Choices], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: ``parse`` returns its value, or raises ValueError saying what was expected.

    ``samples`` are its cells in the two rows of the sample roster.
    """

    name: str
    parse: Parser
    form: str
    help: str
    default: str = ""
    samples: tuple[str, str] = ("", "")

    @property
    def option(self) -> str:
        """How the field is spelt on the command line."""
        return "--" + self.name.replace("_", "-")

    def value(self, text: str, choices: Choices) -> Any:  # noqa: ANN401 - each field has its own type
        """Return the value of a text; raise ValueError saying what was expected."""
        return self.parse(_clean(text), choices)


def read(texts: Mapping[str, str], choices: Choices, *, option_names: bool = False) -> Request | tuple[Problem, ...]:
    """Read a request from its texts by field name; empty texts mean the default.

    Returns every problem found, not only the first. ``option_names`` says to call fields as
    the command line does (``--per-day``), not as a roster does (``per_day``).
    """
    values, problems = _values(texts, choices, option_names=option_names)
    if not texts.get("profile", "").strip():
        where = "--profile" if option_names else "profile"
        missing = Problem(where=where, what=f"missing; type one of {', '.join(choices.profiles)}")
        problems = (missing, *problems)
    return problems or Request(**values)


def faults(texts: Mapping[str, str], choices: Choices) -> tuple[Problem, ...]:
    """Return what is wrong with some options, where none of them is required."""
    return _values(texts, choices, option_names=True)[1]


def _values(
    texts: Mapping[str, str], choices: Choices, *, option_names: bool
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Parse every text that is not empty, and gather the values and the problems."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in FIELDS:
        text = texts.get(field.name, "").strip()
        if not text:
            continue
        try:
            values[field.name] = field.value(text, choices)
        except ValueError as error:
            where = field.option if option_names else field.name
            problems.append(Problem(where=where, what=str(error), value=text))
    return values, tuple(problems)


def _clean(text: str) -> str:
    """Return the text composed (NFC); raise ValueError for control characters and long texts."""
    if any(unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"} for character in text):
        msg = "expected printable text; it holds a control or unassigned character"
        raise ValueError(msg)
    if len(text) > MAX_CELL:
        msg = f"expected at most {MAX_CELL} characters"
        raise ValueError(msg)
    return unicodedata.normalize("NFC", text)


def _fold(text: str) -> str:
    """Make ``Stretch only``, ``stretch_only`` and ``STRETCH-ONLY`` the same."""
    return re.sub(r"[\s_-]+", "-", text.strip().casefold())


def one_of(text: str, allowed: Iterable[str]) -> str:
    """Return the allowed word that is meant; raise ValueError with the nearest one."""
    words = tuple(allowed)
    by_fold = {_fold(word): word for word in words}
    if _fold(text) in by_fold:
        return by_fold[_fold(text)]
    near = difflib.get_close_matches(_fold(text), by_fold, n=1)
    hint = f"; did you mean {by_fold[near[0]]}?" if near else ""
    msg = f"expected one of {', '.join(words)}{hint}" if len(words) <= 20 else f"not known{hint}"  # noqa: PLR2004 - a list to read
    raise ValueError(msg)


def _some_of(text: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Read a list parted by ``;``, ``,`` or ``|``; doubles count once, order is kept."""
    words = tuple(allowed)
    items = [item for item in re.split(r"[;,|]", text) if item.strip()]
    return tuple(dict.fromkeys(one_of(item, words) for item in items))


def whole(low: int, high: int) -> Parser:
    """Make a parser of whole numbers within bounds; ``6.0``, as Excel writes it, is 6."""

    def parse(text: str, _: Choices) -> int:
        number = re.fullmatch(r"(\d{1,6})(?:\.0+)?", text)
        if number is None or not low <= int(number[1]) <= high:
            msg = f"expected a whole number from {low} to {high}"
            raise ValueError(msg)
        return int(number[1])

    return parse


def _or_none(parse: Parser) -> Parser:
    def parse_or_none(text: str, choices: Choices) -> Any:  # noqa: ANN401 - what parse returns, or None
        return None if text.casefold() == "none" else parse(text, choices)

    return parse_or_none


def _or_empty(parse: Parser) -> Parser:
    def parse_or_empty(text: str, choices: Choices) -> Any:  # noqa: ANN401 - what parse returns, or nothing
        return () if text.casefold() == "none" else parse(text, choices)

    return parse_or_empty


def _clock(text: str, _: Choices) -> time:
    """Read 08:00, 8:00, 8.00, 08:00:00, 8 am or 7:30 PM."""
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?(?::00)?\s*(?:([ap])\.?m\.?)?", text.casefold())
    if match is not None and (match[2] or match[3]):
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3]:
            hour = (hour % 12 + (12 if match[3] == "p" else 0)) if 1 <= hour <= 12 else 99  # noqa: PLR2004 - a clock has 12 hours
        if hour < 24 and minute < 60:  # noqa: PLR2004 - hours and minutes of a day
            return time(hour, minute)
    msg = "expected a time such as 08:00 or 7:30 PM"
    raise ValueError(msg)


def _date(text: str, _: Choices) -> date:
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


def _name(text: str, _: Choices) -> str:
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


def _timezone(text: str, _: Choices) -> str:
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


FIELDS: tuple[Field, ...] = (
    Field(
        name="id",
        parse=lambda text, _: identifier(text),
        form="TEXT",
        help="Code of the plan, printed on every page and used in file names.",
        default="made from the request",
        samples=("A-1001", "A-1002"),
    ),
    Field(
        name="profile",
        parse=lambda text, choices: one_of(text, choices.profiles),
        form="stretch-only|strengthening|full",
        help="Kind of programme.",
        samples=("full", "stretch-only"),
    ),
    Field(
        name="name",
        parse=_name,
        form="TEXT",
        help="Name for the sheet and the plan file; never in file names, messages or the calendar.",
        samples=("Ana Ruiz", ""),
    ),
    Field(name="weeks", parse=whole(1, 26), form="1-26", help="Length in weeks.", default="6", samples=("6", "8")),
    Field(
        name="start",
        parse=_date,
        form="YYYY-MM-DD",
        help="First day.",
        default="next Monday",
    ),
    Field(
        name="am", parse=_clock, form="HH:MM", help="Time of the first session.", default="08:00", samples=("08:00", "")
    ),
    Field(
        name="pm",
        parse=_clock,
        form="HH:MM",
        help="Time of the second session.",
        default="19:00",
        samples=("19:00", ""),
    ),
    Field(
        name="aerobic_at",
        parse=_or_none(_clock),
        form="HH:MM|none",
        help="Time of the walk; none: at no set time, so not in the calendar.",
        default="12:30",
        samples=("12:30", ""),
    ),
    Field(
        name="timezone",
        parse=_timezone,
        form="AREA/CITY",
        help="Time zone of the person.",
        default="this computer's",
        samples=("Europe/London", "Europe/London"),
    ),
    Field(name="per_day", parse=whole(1, 2), form="1|2", help="Sessions a day.", default="2", samples=("2", "1")),
    Field(
        name="max_exercises",
        parse=whole(1, 12),
        form="1-12",
        help="Most exercises in a session.",
        default="5",
        samples=("5", ""),
    ),
    Field(
        name="minutes",
        parse=_or_none(whole(5, 120)),
        form="5-120|none",
        help="Longest session in minutes, without the walk.",
        default="none",
        samples=("", "20"),
    ),
    Field(
        name="exclude",
        parse=_or_empty(lambda text, choices: _some_of(text, choices.exercises)),
        form="ID,ID|none",
        help="Exercises to leave out (planmaker exercises lists the ids).",
        default="none",
        samples=("wall_squat; bridging", ""),
    ),
    Field(
        name="equipment",
        parse=_or_empty(lambda text, choices: _some_of(text, choices.equipment)),
        form="LIST|none",
        help="Things at hand beside a wall and shoes.",
        default="towel, rope, sheet, belt, chair",
    ),
    Field(
        name="paper",
        parse=lambda text, _: one_of(text, ("a4", "letter")),
        form="a4|letter",
        help="Size of the paper.",
        default="a4",
        samples=("a4", ""),
    ),
    Field(
        name="language",
        parse=lambda text, choices: one_of(text, choices.languages),
        form="en",
        help="Language of the sheet and the calendar.",
        default="en",
        samples=("en", ""),
    ),
    Field(
        name="reminder",
        parse=_or_none(whole(0, 1440)),
        form="MINUTES|none",
        help="Minutes before a session at which the calendar reminds.",
        default="10",
        samples=("10", "none"),
    ),
)
