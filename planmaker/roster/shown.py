"""Read a workbook's cell as the text that the spreadsheet shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from planmaker.roster.dates import DATES
from planmaker.roster.header import SORT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planmaker.roster.sheet import Cell

__all__ = ["Style", "Workings", "shown"]

_CLOCKS = frozenset({"am", "pm", "aerobic_at"})
_DAY_SECONDS = 86_400
_EXACT = 1e15  # beyond it a spreadsheet's number has lost digits
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# A format that shows zeros in front: 00000, 000-00-0000, "A-"0000.
_PADDED = re.compile(r'(?:0|"[^"]*"|\\.|[-/ ()])+')
_PIECE = re.compile(r'"([^"]*)"|\\(.)|([-/ ()]|0)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a cell is formatted; ``dated``: as a day, a time or a duration."""

    pattern: str
    dated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Workings:
    """What the cells of a workbook share; ``epoch`` is its day 0."""

    strings: Sequence[str]
    style: Callable[[int], Style]
    epoch: datetime


def shown(cell: Cell, field: str, workings: Workings) -> str:
    """Return the text of a cell of a field; raise ValueError saying what is wrong with it."""
    if cell.formula and not cell.text:
        if cell.kind == "str":
            return ""
        msg = "holds a formula without a result; open the workbook in a spreadsheet program and save it again"
        raise ValueError(msg)
    return _KINDS.get(cell.kind, _text)(cell, field, workings)


def _text(cell: Cell, _field: str, _workings: Workings) -> str:
    return _plain(cell.text)


def _shared(cell: Cell, _field: str, workings: Workings) -> str:
    number = int(cell.text) if cell.text.isdecimal() else -1
    if not 0 <= number < len(workings.strings):
        msg = "cannot be read; type it again"
        raise ValueError(msg)
    return _plain(workings.strings[number])


def _plain(text: str) -> str:
    """Return a text in which what XML cannot hold is written as _x000D_ (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    written = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")
    # Two such numbers may be the halves of one character; half a character is lost.
    return written.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _boolean(cell: Cell, _field: str, _workings: Workings) -> str:
    return "yes" if cell.text.strip() in {"1", "true"} else "no"


def _error(_cell: Cell, _field: str, _workings: Workings) -> str:
    msg = "holds an error, not a value; mend the formula, or type the value"
    raise ValueError(msg)


def _iso(cell: Cell, field: str, _workings: Workings) -> str:
    """Return a day or time in ISO 8601, as few programs write it."""
    day, _, clock = cell.text.partition("T")
    return clock.rstrip("Z") if field in _CLOCKS and clock else cell.text if clock.strip("0:.Z") else day


def _number(cell: Cell, field: str, workings: Workings) -> str:
    """Return a number as the field takes it: a day, a time, or digits."""
    try:
        value = float(cell.text)
        style = workings.style(cell.style)
        if field in DATES:
            return _day(value, style, workings.epoch)
        if field in _CLOCKS:
            return _clock(value, style)
        if style.dated and field == SORT:
            return _moment(value, workings.epoch).isoformat()
    except OverflowError as error:
        msg = "holds a number that is no day"
        raise ValueError(msg) from error
    if style.dated:
        msg = "was made a date or a time by the spreadsheet; format its column as text and type it again"
        raise ValueError(msg)
    return _digits(value, style.pattern)


def _moment(value: float, epoch: datetime) -> datetime:
    """Return the moment of a number; the spreadsheets' calendar from 1900 has a day too many in its February."""
    extra = 1 if 0 < value < 60 and epoch.year < 1900 else 0  # noqa: PLR2004 - day 60 is its 29 February 1900
    return epoch + timedelta(days=int(value // 1) + extra, seconds=round(value % 1 * _DAY_SECONDS))


def _day(value: float, style: Style, epoch: datetime) -> str:
    moment = _moment(value, epoch)
    if not style.dated:
        msg = f"expected a date, not a spreadsheet's number of one; if {moment.date()} is meant, type that"
        raise ValueError(msg)
    midnight = moment.hour == moment.minute == moment.second == 0
    return moment.date().isoformat() if midnight else moment.isoformat()


def _clock(value: float, style: Style) -> str:
    if not style.dated and not 0 < value < 1:
        return _digits(value, style.pattern)
    if not style.dated or not 0 <= value < 1:
        msg = "expected a time; type it as 08:00 in a cell formatted as a time or as text"
        raise ValueError(msg)
    minutes, seconds = divmod(round(value * _DAY_SECONDS) % _DAY_SECONDS, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")


def _digits(value: float, pattern: str) -> str:
    """Write a number without a needless .0, with the zeros in front that its format shows."""
    if not abs(value) < _EXACT:
        msg = "holds more than 15 digits, the last of which are lost; format its column as text and type it again"
        raise ValueError(msg)
    if value != int(value):
        return f"{value:.15g}"
    section = pattern.split(";", 1)[0]
    if value < 0 or not _PADDED.fullmatch(section):
        return str(int(value))
    return _padded(str(int(value)), section)


def _padded(digits: str, section: str) -> str:
    """Lay digits into the zeros of a format, from the right."""
    pieces = [found[1] or found[2] or found[3] or "" for found in _PIECE.finditer(section)]
    places = [index for index, found in enumerate(_PIECE.finditer(section)) if found[3] == "0"]
    if not places:
        return digits
    digits = digits.zfill(len(places))
    first = len(digits) - len(places) + 1
    for index, digit in zip(places, [digits[:first], *digits[first:]], strict=True):
        pieces[index] = digit
    return "".join(pieces)


_KINDS: dict[str, Callable[[Cell, str, Workings], str]] = {
    "s": _shared,
    "b": _boolean,
    "e": _error,
    "d": _iso,
    "n": _number,
}
