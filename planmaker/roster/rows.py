"""Make a roster's rows of the records of its file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planmaker.errors import Problem
from planmaker.roster.dates import DATES, Order, in_iso
from planmaker.roster.header import FIRST, LAST, PASSWORD, SORT
from planmaker.roster.records import SPOKEN, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planmaker.roster.records import Record

__all__ = ["Maker", "Row"]

# What a spreadsheet puts where a formula fails, or where a column is too narrow to save its days.
_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|BUSY!|FIELD!|##+)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person's texts by field name; ``line`` is where the row starts in the file, from 1.

    In a workbook ``line`` is the spreadsheet's own row. The ``password`` stands apart from the texts, so
    that whoever handles those never has it; ``sort`` is what a print run is ordered by. A row with
    problems may lack texts.
    """

    line: int
    texts: Mapping[str, str] = field(default_factory=dict)
    password: str = field(default="", repr=False)
    sort: str = ""
    problems: tuple[Problem, ...] = ()


class Maker:
    """Makes rows of records; what is the same for all of them is worked out once."""

    def __init__(self, fields: Sequence[str | None], spare: int, delimiter: str, order: Order | None) -> None:
        """Get ready for the columns of a header, after which ``spare`` empty cells may follow."""
        self._fields = tuple(fields)
        self._spare = spare
        self._delimiter = delimiter
        self._order = order
        self._dates = tuple(name for name in DATES if name in fields)
        self._halves = FIRST in fields or LAST in fields

    def __call__(self, record: Record) -> Row:
        """Make the row of a record."""
        cells = record.cells
        if len(cells) != len(self._fields):
            problem = self._ragged(record)
            if problem:
                return Row(line=record.line, problems=(problem,))
        texts: dict[str | None, str] = dict(zip(self._fields, map(_text, cells), strict=False))
        texts.pop(None, None)
        password = texts.pop(PASSWORD, "")
        sort = texts.pop(SORT, "")
        problems = [self._placed(number, what) for number, what in record.faults if self._is_read(number)]
        problems += [problem for name, text in texts.items() if text[:1] == "#" and (problem := _failed(name, text))]
        if self._halves:
            texts["name"] = f"{texts.pop(FIRST, '')} {texts.pop(LAST, '')}".strip()
        if self._order:
            problems += self._turned(texts, self._order)
        return Row(line=record.line, texts=texts, password=password, sort=sort, problems=tuple(problems))  # type: ignore[arg-type]

    def _is_read(self, number: int | None) -> bool:
        return number is None or self._fields[number] is not None

    def _placed(self, number: int | None, what: str) -> Problem:
        field = None if number is None else self._fields[number]
        return Problem(where=("name" if field in {FIRST, LAST} else field) or "row", what=what)

    def _turned(self, texts: dict[str | None, str], order: Order) -> Iterator[Problem]:
        """Write days in ISO form; yield what cannot be."""
        for name in self._dates:
            try:
                texts[name] = in_iso(texts[name], order)
            except ValueError as error:
                yield Problem(where=name, what=str(error), value=texts[name])

    def _ragged(self, record: Record) -> Problem | None:
        """Find what is wrong with a record of more or fewer cells than the header.

        Some empty ones may follow, as in the header or in every row. More than that in one row alone may
        come from a comma in a text, which shifts all that follows.
        """
        if not record.cells:
            return self._placed(*record.faults[0])
        width, found = len(self._fields), len(record.cells)
        extra = trimmed(record.cells[width:])
        if not extra and width <= found <= width + self._spare:
            return None
        what = f"expected {width} cells, as in the header, and there are {width + len(extra) if extra else found}"
        if found > width and self._delimiter:
            sign = SPOKEN.get(self._delimiter, f"{self._delimiter!r}")
            what += f"; put quotation marks round a text that holds a {sign}"
        return Problem(where="row", what=what)


def _failed(name: str | None, text: str) -> Problem | None:
    """Find a cell in which a spreadsheet shows an error."""
    if not _ERROR.fullmatch(text):
        return None
    if text.startswith("##"):
        what = "was saved from a column too narrow to show it; make the column wider and save the file again"
    else:
        what = "is a spreadsheet's error, not a value; mend the formula, or type the value"
    return Problem(where="name" if name in {FIRST, LAST} else str(name), what=what, value=text)


def _text(cell: str) -> str:
    """Return a cell's text on one line, without the wrapping that keeps leading zeros in a spreadsheet."""
    text = cell.strip()
    if "\n" in text:
        text = text.replace("\n", " ")
    if text[:2] == '="' and text[-1:] == '"' and text.count('"') == 2:  # noqa: PLR2004 - one at each end
        text = text[2:-1].strip()
    return text
