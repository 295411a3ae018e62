"""Read the sheet of a workbook that is a roster as a table."""

from __future__ import annotations

import contextlib
import functools
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from planmaker.errors import InputError
from planmaker.roster import header
from planmaker.roster.container import checked_archive
from planmaker.roster.package import package
from planmaker.roster.records import Record, trimmed
from planmaker.roster.sheet import SheetError, letters, sheet_rows
from planmaker.roster.shown import shown
from planmaker.roster.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planmaker.roster.package import Part
    from planmaker.roster.sheet import SheetRow
    from planmaker.roster.shown import Workings

__all__ = ["workbook_table"]

_MOST_MERGED = 100_000  # rows under merged cells


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """A sheet of a workbook, and its first row with something in it."""

    part: Part
    row: int = 0
    cells: tuple[str, ...] = ()


@dataclass(slots=True)
class _Seen:
    """What a full reading of a sheet shows besides its records."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    covered: dict[int, set[int]] = field(default_factory=dict)
    hidden: int = 0
    beside: int = 0
    done: bool = False


@contextlib.contextmanager
def workbook_table(name: str, file: BinaryIO, required: tuple[str, ...]) -> Iterator[Table]:
    """Open the sheet of a workbook that is a roster; raise InputError if there is none."""
    checked_archive(name, file)
    book = package(name, file)
    with zipfile.ZipFile(file) as archive:
        with _sound(name):
            sheets = [_peeked(part, archive, book.workings) for part in book.parts]
        sheet = _chosen(name, sheets, required)
        place = f"{name}:{sheet.row}"
        cells = trimmed(sheet.cells)
        columns = header.named(place, cells, required)
        seen = _Seen()
        yield Table(
            columns=columns,
            unit="row",
            records=functools.partial(_records, name, archive, sheet, columns.fields, book.workings, seen),
            notices=functools.partial(_notices, name, sheet, sheets, seen),
        )


@contextlib.contextmanager
def _sound(name: str) -> Iterator[None]:
    """Say of a workbook that it is damaged, where it is."""
    try:
        yield
    except (SheetError, zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
        msg = f"{name}: is a damaged workbook ({error}); open it in a spreadsheet program and save it again"
        raise InputError(msg) from error


def _peeked(part: Part, archive: zipfile.ZipFile, workings: Workings) -> _Sheet:
    """Look at the first row of a sheet with something in it."""
    with archive.open(part.name) as stream:
        for row in sheet_rows(stream):
            cells = _dense(row, workings)
            if any(map(str.strip, cells)):
                return _Sheet(part=part, row=row.number, cells=tuple(cells))
    return _Sheet(part=part)


def _dense(row: SheetRow, workings: Workings) -> list[str]:
    """Return the texts of a header's row, those of missing cells empty."""
    texts = [""] * (row.cells[-1].column + 1)
    for cell in row.cells:
        with contextlib.suppress(ValueError):
            texts[cell.column] = shown(cell, "", workings)
    return texts


def _chosen(name: str, sheets: Sequence[_Sheet], required: tuple[str, ...]) -> _Sheet:
    """Choose the sheet called Roster, or the first, that has a roster's header; else the first with any."""
    filled = [sheet for sheet in sheets if sheet.cells]
    if not filled:
        msg = f"{name}: is empty; planmaker batch --sample xlsx makes a roster to start from"
        raise InputError(msg)
    best = max(
        filled, key=lambda sheet: (header.has(sheet.cells, required), _rank(sheet), header.known(sheet.cells) > 0)
    )
    if not header.known(best.cells):
        msg = f"{name}:{best.row}: expected a header that names the columns, at least {' and '.join(required)}"
        raise InputError(msg)
    return best


def _rank(sheet: _Sheet) -> tuple[bool, bool]:
    return sheet.part.visible, sheet.part.title.strip().casefold() == "roster"


def _notices(name: str, sheet: _Sheet, sheets: Sequence[_Sheet], seen: _Seen) -> Iterator[str]:
    """Yield what to tell of a workbook, when it has been read through."""
    others = [f'"{other.part.title}"' for other in sheets if other.cells and other is not sheet]
    if others:
        yield f'{name}: the sheet "{sheet.part.title}" is the roster; not read: {", ".join(others)}'
    if seen.hidden:
        yield f"{name}: hidden rows are read like the others: {seen.hidden}"
    if seen.beside:
        yield f"{name}: cells right of the last named column are not read, such as those of row {seen.beside}"


def _records(
    name: str,
    archive: zipfile.ZipFile,
    sheet: _Sheet,
    fields: Sequence[str | None],
    workings: Workings,
    seen: _Seen,
) -> Iterator[Record]:
    """Yield each row below the header that has something in a named column."""
    first = not seen.done
    seen.done = True
    with _sound(name), archive.open(sheet.part.name) as stream:
        for row in sheet_rows(stream, seen.merged if first else None):
            if row.number > sheet.row:
                record = _record(row, fields, workings, seen.covered.get(row.number, ()))
                if any(map(str.strip, record.cells)) or record.faults:
                    seen.hidden += first and row.hidden
                    yield record
                if first and not seen.beside and any(cell.column >= len(fields) and cell.text for cell in row.cells):
                    seen.beside = row.number
    if first:
        seen.covered = _covered(name, sheet.row, len(fields), seen.merged)


def _record(
    row: SheetRow, fields: Sequence[str | None], workings: Workings, covered: Sequence[int] | set[int]
) -> Record:
    texts = [""] * len(fields)
    faults: list[tuple[int | None, str]] = []
    for cell in row.cells:
        if cell.column >= len(fields):
            break
        column = fields[cell.column]
        if column is None:
            texts[cell.column] = cell.text
            continue
        try:
            texts[cell.column] = shown(cell, column, workings)
        except ValueError as error:
            faults.append((cell.column, f"cell {letters(cell.column)}{row.number}: {error}"))
    what = "is merged with others; part them and fill in each"
    filled = faults or any(texts)
    faults += [(column, f"cell {letters(column)}{row.number}: {what}") for column in sorted(covered) if filled]
    return Record(row.number, texts, tuple(faults))


def _covered(name: str, head: int, width: int, merged: Sequence[tuple[int, int, int, int]]) -> dict[int, set[int]]:
    """Return the columns, by row, of the cells that merged ones hide; the first of each range is not hidden."""
    covered: dict[int, set[int]] = {}
    below = [area for area in merged if area[1] > head]
    if sum(bottom - top for top, bottom, *_ in below) > _MOST_MERGED:
        msg = f"{name}: has cells merged over more than {_MOST_MERGED} rows; part them and use that file"
        raise InputError(msg)
    for top, bottom, left, right in below:
        columns = range(left, min(right + 1, width))
        for number in range(top, bottom + 1):
            covered.setdefault(number, set()).update(columns[1:] if number == top else columns)
    return covered
