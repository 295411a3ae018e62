"""Read a clinic's roster into rows: forgiving of its form, strict about losing nothing."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planmaker.errors import InputError, Problem
from planmaker.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Roster", "Row", "read", "sample"]

DELIMITERS = (",", ";", "\t", "|")
# How many lines a quoted text may go over; more is a quotation mark that was never closed.
LONGEST_QUOTE = 8
# How like a field a column must be to be taken for a misspelt one: "wekes" is, "notes" is not.
NEAR = 0.8
LONGEST_NAME = 40
_PASSWORD = "password"  # noqa: S105 - the name of its column
_KNOWN = {re.sub(r"_", "", name): name for name in (*(field.name for field in FIELDS), _PASSWORD)}
# What a column may be called that means a field: it is asked about, not passed over.
_OTHER_NAMES = {"condition": "avoid", "conditions": "avoid", "diagnosis": "avoid", "precautions": "avoid"}
_CONTAINER = b"PK\x03\x04"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person's texts by field name; ``line`` is where the row starts in the file, from 1.

    The ``password`` stands apart from the texts, so that whoever handles those never has it.
    """

    line: int
    texts: Mapping[str, str] = field(default_factory=dict)
    password: str = field(default="", repr=False)
    sort: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The rows of a file in its order, and what to tell about the file as a whole."""

    name: str
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Header:
    """``columns`` holds a field's name for each column, or None for one that is not read.

    ``spare`` counts the empty cells after the last name.
    """

    columns: tuple[str | None, ...]
    spare: int
    delimiter: str
    next_line: int
    notices: tuple[str, ...]


def read(path: Path, *, required: tuple[str, ...] = ("id", "profile")) -> Roster:
    """Read a roster; raise InputError if it is no roster at all.

    A row that cannot be parted into cells is kept, with its problem.
    """
    name = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    lines, notices = _lines(name, data)
    header = _header(name, lines, required)
    rows = tuple(_rows(lines, header))
    if not rows:
        notices = (*notices, f"{name}: there are no rows below the header")
    return Roster(name=name, rows=rows, notices=(*notices, *header.notices))


def sample() -> str:
    """Write a roster with two example rows, as a start for a clinic's own."""
    rows = [[field.name for field in FIELDS], *([field.samples[row] for field in FIELDS] for row in range(2))]
    return "".join(",".join(row) + "\n" for row in rows)


def _lines(name: str, data: bytes) -> tuple[list[str], tuple[str, ...]]:
    """Part a file into its lines, whatever its encoding and line ends."""
    if data.startswith(_CONTAINER):
        msg = f"{name}: is a workbook, not text; save it as CSV UTF-8 and use that file"
        raise InputError(msg)
    encoding = _utf16(data)
    if encoding:
        try:
            return re.split(r"\r\n|\r|\n", data.decode(encoding).removeprefix("\ufeff")), ()
        except UnicodeDecodeError as error:
            msg = f"{name}: cannot be read as text; save it as CSV UTF-8 and use that file"
            raise InputError(msg) from error
    lines, strange = [], []
    for number, line in enumerate(re.split(rb"\r\n|\r|\n", data.removeprefix(b"\xef\xbb\xbf")), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(_windows(line))
            strange.append(number)
    if not strange:
        return lines, ()
    what = f"not UTF-8 from line {strange[0]} on; read as Windows-1252, so check the accents in names"
    return lines, (f"{name}: {what}",)


def _utf16(data: bytes) -> str:
    """Return the UTF-16 encoding that a byte order mark or zero bytes show, or an empty text."""
    if data.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if data.startswith(b"\xfe\xff"):
        return "utf-16-be"
    head = data[:400]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not head or max(even, odd) * 4 < len(head):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _windows(line: bytes) -> str:
    """Decode Windows-1252; its few unused bytes become control characters, which no field takes."""
    return "".join(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in line)


def _header(name: str, lines: list[str], required: tuple[str, ...]) -> _Header:
    """Find the header and what parts its cells: what makes most names known."""
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is None:
        msg = f"{name}: is empty; planmaker batch --sample prints a roster to start from"
        raise InputError(msg)
    told = re.fullmatch(r'"?sep=([^"])"?[,;\t|]*', lines[first], re.IGNORECASE)
    if told:
        first = next((index for index, line in enumerate(lines) if index > first and line.strip()), first)
    candidates = (told[1],) if told else DELIMITERS
    parsed = [(delimiter, *_record(lines, first, delimiter)) for delimiter in candidates]
    scored = [
        (sum(_fold(cell) in _KNOWN for cell in cells or ()), delimiter, cells, after)
        for delimiter, cells, after in parsed
    ]
    score, delimiter, cells, after = max(scored, key=lambda item: item[0])
    if not score or cells is None:
        msg = f"{name}:{first + 1}: expected a header that names the columns, at least {' and '.join(required)}"
        raise InputError(msg)
    columns, notices = _columns(f"{name}:{first + 1}", _trimmed(cells), required)
    return _Header(columns, len(cells) - len(columns), delimiter, after, notices)


def _columns(place: str, cells: list[str], required: tuple[str, ...]) -> tuple[tuple[str | None, ...], tuple[str, ...]]:
    """Name the field of each column; return the names, and notices about those that are not known."""
    columns = tuple(_KNOWN.get(_fold(cell)) for cell in cells)
    known = [column for column in columns if column]
    twice = sorted({column for column in known if known.count(column) > 1})
    if twice:
        msg = f"{place}: column {twice[0]} is there twice; leave one"
        raise InputError(msg)
    unknown = [
        (number, cell) for number, (cell, column) in enumerate(zip(cells, columns, strict=True), 1) if not column
    ]
    notices = tuple(f"{place}: {_unknown(number, cell, known)}" for number, cell in unknown)
    missing = [column for column in required if column not in known]
    if missing:
        near = "".join(f"\n{notice}" for notice in notices)
        msg = f"{place}: expected a column {' and a column '.join(missing)}{near}"
        raise InputError(msg)
    misspelt = [notice for notice in notices if "did you mean" in notice]
    if misspelt:
        msg = "\n".join(f"{notice}; mend its name, or take the column out" for notice in misspelt)
        raise InputError(msg)
    return columns, notices


def _unknown(number: int, cell: str, known: list[str]) -> str:
    if not cell.strip():
        return f"column {number} has no name, so it is not read"
    free = [name for name in _KNOWN if _KNOWN[name] not in known]
    near = difflib.get_close_matches(_fold(cell), free, n=1, cutoff=NEAR)
    meant = _OTHER_NAMES.get(_fold(cell)) or (_KNOWN[near[0]] if near else "")
    hint = f"; did you mean {meant}?" if meant and meant not in known else ""
    shown = re.sub(r"\s+", " ", cell.strip())[:LONGEST_NAME]
    return f'column {number}, "{shown}", is not known, so it is not read{hint}'


def _fold(cell: str) -> str:
    """Make ``Per day``, ``per-day`` and ``PER_DAY`` the same."""
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", cell)).casefold()


def _trimmed(cells: list[str]) -> list[str]:
    """Drop the empty cells that spreadsheets leave at the end of a line."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return cells[:count]


def _rows(lines: list[str], header: _Header) -> Iterator[Row]:
    """Read every row; what goes wrong in one never takes the next with it."""
    records = tuple(_records(lines, header))
    narrowest = min((len(cells) for _, cells in records if not isinstance(cells, str)), default=0)
    spare = max(header.spare, narrowest - len(header.columns), 0)
    for line, cells in records:
        if isinstance(cells, str):
            yield Row(line=line, problems=(Problem(where="row", what=cells),))
        else:
            yield _row(line, cells, header, spare)


def _records(lines: list[str], header: _Header) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the line and the cells of each record that is not blank, or what is wrong with its quotation marks."""
    index = header.next_line
    while index < len(lines):
        start = index
        cells, index = _record(lines, start, header.delimiter)
        if cells is None or (index > start + 1 and len(_trimmed(cells)) > len(header.columns)):
            index = start + 1
            yield start + 1, "a quotation mark has no partner; put one at each end of the text, or none"
        elif index > start + 1 and not _sound(cells, lines[start + 1 : index], header):
            what = f"stands in one quoted text from line {start + 1} to {index}; is a quotation mark missing there?"
            yield from ((line, what) for line in range(start + 1, index + 1))
        elif any(cell.strip() for cell in cells):
            yield start + 1, cells


def _row(line: int, cells: list[str], header: _Header, spare: int) -> Row:
    """Make a row of cells; ``spare`` empty ones may follow, as in the header or in every row.

    More than that in one row alone may come from a comma in a text, which shifts all that follows.
    """
    width = len(header.columns)
    extra = _trimmed(cells[width:])
    if extra or not width <= len(cells) <= width + spare:
        what = f"expected {width} cells, as in the header, and there are {width + len(extra) if extra else len(cells)}"
        if len(cells) > width:
            what += f"; put quotation marks round a text that holds {_SPOKEN.get(header.delimiter, header.delimiter)}"
        return Row(line=line, problems=(Problem(where="row", what=what),))
    named = zip(header.columns, cells, strict=False)
    texts = {column: _text(cell) for column, cell in named if column}
    password = texts.pop(_PASSWORD, "")
    return Row(line=line, texts=texts, password=password)


def _text(cell: str) -> str:
    """Return a cell's text on one line, without the wrapping that keeps leading zeros in a spreadsheet."""
    text = " ".join(cell.split("\n")).strip()
    wrapped = re.fullmatch(r'="([^"]*)"', text)
    return wrapped[1].strip() if wrapped else text


_SPOKEN = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


def _sound(cells: list[str], following: list[str], header: _Header) -> bool:
    """Tell whether a record of several lines is one, and not rows swallowed by an unclosed quotation mark."""
    width = len(header.columns)
    if len(cells) < width:
        return False
    for line in following:
        alone, _ = _record([line], 0, header.delimiter)
        if len(_trimmed(alone or line.split(header.delimiter))) >= width:
            return False
    read_cells = [cell for column, cell in zip(header.columns, cells, strict=False) if column]
    return not any("\n" in cell and header.delimiter in cell for cell in read_cells)


def _record(lines: list[str], index: int, delimiter: str) -> tuple[list[str] | None, int]:
    """Part the record that starts at a line into cells; return them and the index after it.

    None instead of cells: a quotation mark is not closed or not where it may be; then only the
    first line is used up.
    """
    last = min(index + LONGEST_QUOTE, len(lines))
    text = lines[index]
    after = index + 1
    while True:
        cells = _cells(text, delimiter)
        if cells is not None:
            return cells, after
        if after >= last:
            return None, index + 1
        text += "\n" + lines[after]
        after += 1


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Part a text into cells (RFC 4180); None if a quotation mark has no partner."""
    part = re.escape(delimiter)
    pattern = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*(?={part}|\Z)|([^{part}\n]*)(?={part}|\Z)')
    cells: list[str] = []
    place = 0
    while True:
        match = pattern.match(text, place)
        if match is None:
            return None
        quoted, plain = match.groups()
        if plain is not None and (plain.count('"') % 2 or plain.lstrip(" ").startswith('"')):
            return None
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        if match.end() == len(text):
            return cells
        place = match.end() + 1
