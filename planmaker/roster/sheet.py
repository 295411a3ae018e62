"""Read the parts of a workbook that are large, its sheets and their texts (ECMA-376 part 1, 18.3 and 18.4)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import IO, TYPE_CHECKING, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Cell", "SheetError", "SheetRow", "letters", "shared_texts", "sheet_rows"]

_BLOCK = 1 << 18
_LONGEST_CELL = 100_000  # characters; a spreadsheet holds 32767
_MOST_ROWS = 1_048_576
_MOST_COLUMNS = 16_384
_COLUMN = re.compile(r"[A-Z]{1,3}")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetError(ValueError):
    """A part of a workbook is not what it should be."""


class Cell(NamedTuple):
    """A cell as it stands in the file; ``kind`` is the attribute t, ``text`` what is in v or is.

    ``formula``: there is one. ``style`` is its number. Columns count from 0.
    """

    column: int
    kind: str
    style: int
    text: str
    formula: bool


class SheetRow(NamedTuple):
    """The cells of a row that hold something, from left to right; rows count from 1."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool


def sheet_rows(part: IO[bytes], merged: list[tuple[int, int, int, int]] | None = None) -> Iterator[SheetRow]:
    """Yield each row with a cell in it, in the order of the file; raise SheetError for a damaged part.

    ``merged`` is given each range of merged cells, as its first and last row and column: they stand
    after the rows.
    """
    reader = _Rows([] if merged is None else merged)
    for _ in _parsed(part, reader):
        yield from reader.taken()


def shared_texts(part: IO[bytes]) -> list[str]:
    """Return the texts that cells share, without the aids to reading them aloud."""
    reader = _Texts()
    for _ in _parsed(part, reader):
        pass
    return reader.texts


def _parsed(part: IO[bytes], reader: _Reader) -> Iterator[None]:
    """Let a reader take a part, and pause after each block."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        while block := part.read(_BLOCK):
            parser.Parse(block)
            yield
        parser.Parse(b"", True)  # noqa: FBT003 - takes no name for it
    except expat.ExpatError as error:
        msg = "not well-formed"
        raise SheetError(msg) from error
    yield


def _no_doctype(*_: object) -> None:
    msg = "a document type"
    raise SheetError(msg)


def letters(column: int) -> str:
    """Return the letters of a column's index, as a spreadsheet shows them."""
    head, last = divmod(column, 26)
    return (letters(head - 1) if head else "") + chr(65 + last)


def _column_of(name: str) -> int:
    """Return a column's index from its letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Reader(ABC):
    """Takes the events of the parser; gathers the text of v and t, but not that of phonetic runs."""

    def __init__(self) -> None:
        """Begin before the first element."""
        self._names: dict[str, str] = {}
        self._phonetic = False
        self._taking = False
        self._text = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element, whatever the prefix of its name."""
        name = self._names.get(tag)
        if name is None:
            name = self._names[tag] = tag.rpartition(":")[2]
        if name == "v" or name == "t":  # noqa: PLR1714 - the hot path
            self._taking = not self._phonetic
        elif name == "rPh":
            self._phonetic = True
        else:
            self._begin(name, attributes)

    def end(self, tag: str) -> None:
        """End an element."""
        name = self._names[tag]
        if name == "v" or name == "t":  # noqa: PLR1714 - the hot path
            self._taking = False
        elif name == "rPh":
            self._phonetic = False
        else:
            self._end(name)

    def data(self, text: str) -> None:
        """Take a text."""
        if self._taking and len(self._text) < _LONGEST_CELL:
            self._text += text

    @abstractmethod
    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        """Begin any other element."""

    @abstractmethod
    def _end(self, name: str) -> None:
        """End any other element."""


class _Texts(_Reader):
    """Gathers the texts that cells share."""

    def __init__(self) -> None:
        """Begin without texts."""
        super().__init__()
        self.texts: list[str] = []

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            self._text = ""

    def _end(self, name: str) -> None:
        if name == "si":
            self.texts.append(self._text)


class _Rows(_Reader):
    """Gathers the rows of a sheet."""

    def __init__(self, merged: list[tuple[int, int, int, int]]) -> None:
        """Begin before the first row."""
        super().__init__()
        self._merged = merged
        self._rows: list[SheetRow] = []
        self._number = 0
        self._hidden = False
        self._cells: list[Cell] = []
        self._column = -1
        self._attributes: dict[str, str] = {}
        self._formula = False
        self._columns: dict[str, int] = {}

    def taken(self) -> list[SheetRow]:
        """Hand over the rows that are complete."""
        rows, self._rows = self._rows, []
        return rows

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._attributes = attributes
            self._formula = False
            self._text = ""
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._begin_row(attributes)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "row":
            if self._cells:
                self._rows.append(SheetRow(self._number, tuple(self._cells), self._hidden))
            self._cells = []

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        new = self._number + 1 if number is None else int(number) if number.isdecimal() else 0
        if not self._number < new <= _MOST_ROWS:
            msg = "rows out of order"
            raise SheetError(msg)
        self._number = new
        self._hidden = attributes.get("hidden") in {"1", "true"}
        self._column = -1

    def _end_cell(self) -> None:
        attributes = self._attributes
        reference = attributes.get("r")
        column = self._column + 1 if reference is None else self._column_of(reference)
        if not self._column < column < _MOST_COLUMNS:
            msg = "cells out of order"
            raise SheetError(msg)
        self._column = column
        if self._text or self._formula:
            style = attributes.get("s", "0")
            number = int(style) if style.isdecimal() else 0
            self._cells.append(Cell(column, attributes.get("t", "n"), number, self._text, self._formula))

    def _column_of(self, reference: str) -> int:
        name = reference.rstrip("0123456789")
        column = self._columns.get(name, -1)
        if column < 0 and _COLUMN.fullmatch(name):
            column = self._columns[name] = _column_of(name)
        return column

    def _merge(self, reference: str) -> None:
        found = [_REFERENCE.fullmatch(corner) for corner in reference.split(":")]
        if len(found) == 2 and found[0] and found[1]:  # noqa: PLR2004 - two corners
            (left, top), (right, bottom) = found[0].groups(), found[1].groups()
            self._merged.append((int(top), int(bottom), _column_of(left), _column_of(right)))
