"""Find the header of a CSV file and what parts its cells; hand out the records below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from planmaker.errors import InputError
from planmaker.roster import header
from planmaker.roster.lines import encoding_of, lines
from planmaker.roster.records import DELIMITERS, LONGEST_QUOTE, SPOKEN, Record, records, single, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from planmaker.roster.reading import Reading

__all__ = ["Table", "csv_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The records below a header; ``records`` begins anew with each call.

    ``unit`` is what a number names, a line or a spreadsheet's row;
    ``spare`` is how many empty cells follow the header's own; ``delimiter`` parts the cells, if one does.
    ``guesses`` are what was guessed of the form, after the option that settles it; ``notices`` what else to
    tell when the records have been read.
    """

    columns: header.Columns
    records: Callable[[], Iterator[Record]]
    unit: str = "line"
    spare: int = 0
    delimiter: str = ""
    guesses: tuple[tuple[str, str], ...] = ()
    notices: Callable[[], Iterable[str]] = tuple


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The header's cells, in the line ``first``, and the line after it."""

    cells: Sequence[str]
    delimiter: str
    first: int
    after: int
    told: bool


def csv_table(name: str, file: BinaryIO, reading: Reading, required: tuple[str, ...]) -> Table:
    """Read the header of a CSV file; raise InputError if it is no roster's."""
    encoding = encoding_of(file, reading.encoding)
    all_lines = partial(lines, file, encoding)
    head = _head(name, all_lines, reading, required)
    cells = trimmed(head.cells)
    columns = header.named(f"{name}:{head.first}", cells, required)
    guesses = [("--encoding", encoding.guess)] if encoding.guess else []
    if not head.told and head.delimiter != ",":
        guesses.append(("--delimiter", f"cells are parted by {SPOKEN[head.delimiter]}s"))

    def below() -> Iterator[Record]:
        return records(islice(all_lines(), head.after - 1, None), head.after, head.delimiter, columns.fields)

    return Table(
        columns=columns,
        records=below,
        spare=len(head.cells) - len(cells),
        delimiter=head.delimiter,
        guesses=tuple(guesses),
    )


def _head(name: str, all_lines: Callable[[], Iterator[str]], reading: Reading, required: tuple[str, ...]) -> _Head:
    """Find the header and what parts its cells: what makes most names known."""
    first, found = _filled(all_lines(), 1)
    if not found:
        msg = f"{name}: is empty; planmaker batch --sample prints a roster to start from"
        raise InputError(msg)
    told = re.fullmatch(r'"?sep=([^"])"?[,;\t|]*', found[0], re.IGNORECASE)
    if told:
        after, below = _filled(islice(all_lines(), first, None), first + 1)
        first, found = (after, below) if below else (first, found)
    delimiter = reading.delimiter or (told[1] if told else None)
    parsed = [(candidate, *single(found, candidate)) for candidate in ([delimiter] if delimiter else DELIMITERS)]
    scored = [(header.known(cells or ()), candidate, cells, used) for candidate, cells, used in parsed]
    score, best, cells, used = max(scored, key=lambda item: item[0])
    if not score or cells is None:
        msg = f"{name}:{first}: expected a header that names the columns, at least {' and '.join(required)}"
        raise InputError(msg)
    return _Head(cells=cells, delimiter=best, first=first, after=first + used, told=bool(delimiter))


def _filled(some_lines: Iterator[str], number: int) -> tuple[int, list[str]]:
    """Return the number of the first line that is not blank, and the lines from there that a header may take."""
    for line, text in enumerate(some_lines, number):
        if text.strip():
            return line, [text, *islice(some_lines, LONGEST_QUOTE - 1)]
    return number, []
