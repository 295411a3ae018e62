"""Part the lines of a CSV file into records: what is wrong with one never takes the next with it."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.roster.lines import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["DELIMITERS", "LONGEST_QUOTE", "SPOKEN", "Record", "records", "single", "trimmed"]

DELIMITERS = (",", ";", "\t", "|")
SPOKEN = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# How many lines a quoted text may go over; more is a quotation mark that was never closed.
LONGEST_QUOTE = 8
_NO_PARTNER = "a quotation mark has no partner; put one at each end of the text, or none"
_TOO_LONG = f"is longer than {LONGEST_LINE} characters, so no cell of it is read; is a line end missing?"


@dataclass(frozen=True, slots=True)
class Record:
    """The cells that begin at a line, counted from 1.

    ``faults`` say what is wrong with a cell, by its index, or with the whole record, by None; then it may
    have no cells.
    """

    line: int
    cells: Sequence[str] = ()
    faults: tuple[tuple[int | None, str], ...] = ()


def records(lines: Iterator[str], first: int, delimiter: str, columns: Sequence[str | None]) -> Iterator[Record]:
    """Yield each record that is not blank, from the line with the number ``first`` on.

    ``columns`` has None for a column that is not read.
    """
    ahead: deque[str] = deque()
    line = first - 1
    while True:
        text = ahead.popleft() if ahead else next(lines, None)
        if text is None:
            return
        line += 1
        if len(text) > LONGEST_LINE:
            yield Record(line, (), ((None, _TOO_LONG),))
            continue
        if '"' not in text:
            cells: Sequence[str] | None = text.split(delimiter)
            if any(map(str.strip, cells or ())):
                yield Record(line, cells or ())
            continue
        cells = _cells(text, delimiter)
        if cells is None:
            while len(ahead) < LONGEST_QUOTE - 1 and (following := next(lines, None)) is not None:
                ahead.append(following)
            found, used = _over_lines(line, text, ahead, delimiter, columns)
            yield from found
            for _ in range(used):
                ahead.popleft()
            line += used
        elif any(map(str.strip, cells)):
            yield Record(line, cells)


def single(lines: Sequence[str], delimiter: str) -> tuple[list[str] | None, int]:
    """Part the record that starts in the first of some lines; return its cells and how many lines it takes.

    None instead of cells: a quotation mark is not closed or not where it may be; then it takes one line.
    """
    text, marks = "", 0
    for used, line in enumerate(lines[:LONGEST_QUOTE], start=1):
        if len(line) > LONGEST_LINE:
            break
        text = f"{text}\n{line}" if used > 1 else line
        marks += line.count('"')
        cells = None if marks % 2 else _cells(text, delimiter)
        if cells is not None:
            return cells, used
    return None, 1


def trimmed(cells: Sequence[str]) -> Sequence[str]:
    """Drop the empty cells that spreadsheets leave at the end of a line."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return cells[:count]


def _over_lines(
    line: int, text: str, ahead: deque[str], delimiter: str, columns: Sequence[str | None]
) -> tuple[list[Record], int]:
    """Read the record that starts in a line with an open quotation mark; return it and how many more lines it takes.

    Lines that may be one quoted text or rows between two lost quotation marks are refused, each by its number.
    """
    cells, used = single([text, *ahead], delimiter)
    if cells is None or used == 1 or len(trimmed(cells)) > len(columns):
        return [Record(line, (), ((None, _NO_PARTNER),))], 0
    if _sound(cells, list(ahead)[: used - 1], delimiter, columns):
        return [Record(line, cells)] if any(map(str.strip, cells)) else [], used - 1
    last = line + used - 1
    what = f"stands in one quoted text from line {line} to {last}; is a quotation mark missing there?"
    return [Record(number, (), ((None, what),)) for number in range(line, last + 1)], used - 1


def _sound(cells: Sequence[str], following: Sequence[str], delimiter: str, columns: Sequence[str | None]) -> bool:
    """Tell whether a record of several lines is one, and not rows swallowed by an unclosed quotation mark."""
    width = len(columns)
    if len(cells) < width:
        return False
    for line in following:
        alone = _cells(line, delimiter)
        if len(trimmed(alone or line.split(delimiter))) >= width:
            return False
    read = [cell for column, cell in zip(columns, cells, strict=False) if column]
    return not any("\n" in cell and delimiter in cell for cell in read)


_patterns: dict[str, re.Pattern[str]] = {}


def _pattern(delimiter: str) -> re.Pattern[str]:
    """Return what matches one cell and what ends it: quoted (RFC 4180), spaces round it allowed, or plain."""
    if delimiter not in _patterns:
        part = re.escape(delimiter)
        quoted = r'[ ]*+"([^"]*+(?:""[^"]*+)*+)"[ ]*+'
        _patterns[delimiter] = re.compile(rf"(?:{quoted}|([^{part}\n]*+))({part}|\Z)")
    return _patterns[delimiter]


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Part a text into cells; None if a quotation mark has no partner."""
    match_at = _pattern(delimiter).match
    cells: list[str] = []
    place = 0
    while True:
        match = match_at(text, place)
        if match is None:
            return None
        quoted, plain, end = match.groups()
        if quoted is not None:
            cells.append(quoted.replace('""', '"') if '""' in quoted else quoted)
        elif '"' in plain and (plain.count('"') % 2 or plain.lstrip(" ").startswith('"')):
            return None
        else:
            cells.append(plain)
        place = match.end()
        if not end:
            return cells
