"""Read a clinic's roster as a stream of rows: forgiving of its form, strict about losing nothing."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from planmaker.errors import InputError
from planmaker.roster.container import is_container
from planmaker.roster.dates import DATES, ORDERS, Order, Proof
from planmaker.roster.reading import GUESSED, Reading
from planmaker.roster.rows import Maker, Row
from planmaker.roster.sources import readable, unreadable
from planmaker.roster.table import Table, csv_table
from planmaker.roster.workbook import workbook_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Roster", "Row", "opened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A file of rows: how many, what to tell about the file as a whole, and the rows.

    ``rows`` is called for a stream of the rows in the file's order, from the first again with each call, as long
    as the roster is open. ``count`` counts those with problems too.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    count: int
    notices: tuple[str, ...] = ()


@contextlib.contextmanager
def opened(
    source: Path | BinaryIO, reading: Reading = GUESSED, *, required: tuple[str, ...] = ("id", "profile")
) -> Iterator[Roster]:
    """Open a roster, a CSV file or a workbook; raise InputError if it is none.

    A stream, such as stdin, is kept in a private file as long as the roster is open. A row that cannot
    be parted into cells is handed out with its problem. The whole file is read through once before the
    first row is handed out.
    """
    name = source.name if isinstance(source, Path) else "stdin"
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(readable(source))
        if is_container(file):
            table = stack.enter_context(workbook_table(name, file, required))
        else:
            with _reading(name):
                table = csv_table(name, file, reading, required)
        yield _surveyed(name, table, reading)


def _surveyed(name: str, table: Table, reading: Reading) -> Roster:
    """Read through the records once: how many there are, how wide, and which order their days show."""
    width = len(table.columns.fields)
    dated = [number for number, field in enumerate(table.columns.fields) if field in DATES]
    proof, count, narrowest = Proof(), 0, None
    with _reading(name):
        for record in table.records():
            count += 1
            cells = record.cells
            if cells and (narrowest is None or len(cells) < narrowest):
                narrowest = len(cells)
            if dated and len(cells) >= width:
                proof.look(record.line, [cells[number] for number in dated])
    told = Order(name=reading.date_order, told=True) if reading.date_order else None
    # A delimiter at the end of every row is no fault, at the end of one it is.
    spare = max(table.spare, (narrowest or 0) - width, 0)
    maker = Maker(table.columns.fields, spare, table.delimiter, told or proof.order)

    def rows() -> Iterator[Row]:
        with _reading(name):
            yield from map(maker, table.records())

    return Roster(
        name=name,
        rows=rows,
        count=count,
        notices=(*_notices(name, table, proof, count=count, told=told is not None), *table.columns.notices),
    )


@contextlib.contextmanager
def _reading(name: str) -> Iterator[None]:
    """Say what went wrong when a file cannot be read to its end."""
    try:
        yield
    except OSError as error:
        raise unreadable(name, error) from error
    except UnicodeError as error:
        msg = f"{name}: cannot be read as text in this encoding; name another with --encoding"
        raise InputError(msg) from error


def _notices(name: str, table: Table, proof: Proof, *, count: int, told: bool) -> Iterator[str]:
    """Yield what to tell of the file: all guesses in one line."""
    guesses = dict(table.guesses)
    if proof.order and not told:
        (line,) = proof.shown.values()
        spoken = ORDERS[proof.order.name]
        guesses["--date-format"] = f"days are {spoken}, as {table.unit} {line} shows"
    if guesses:
        yield f"{name}: {'; '.join(guesses.values())} (if not so: {', '.join(guesses)})"
    if len(proof.shown) > 1 and not told:
        first, second = sorted(proof.shown.values())
        where = f"{table.unit}s {first} and {second}"
        yield f"{name}: {where} write day and month in different orders (--date-format tells one)"
    yield from table.notices()
    if not count:
        yield f"{name}: there are no rows below the header"
