"""Tell what became of each row, for people and for spreadsheets."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import Counter
from typing import TYPE_CHECKING

from planmaker.batch.run import Result, Status
from planmaker.parsers import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planmaker.batch.roster import Roster, Row

__all__ = ["as_csv", "lines", "summary"]

_COLUMNS = ("line", "id", "status", "files", "problem")
# What makes a spreadsheet take a cell for a formula, in usual and full-width characters.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_GOOD = {Status.MADE: "made", Status.OK: "ready"}


def lines(roster: Roster, result: Result, *, show_values: bool) -> list[str]:
    """Return the messages about a row, one a problem."""
    place = f"{roster.name}:{result.line}"
    return [problem.at(place).text(show_values=show_values) for problem in (*result.problems, *result.notices)]


def as_csv(roster: Roster, results: Iterable[Result], *, show_values: bool) -> bytes:
    """Write the report that a spreadsheet opens: every row of the roster once, in its order."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row, result in zip(roster.rows, results, strict=True):
        problems = "; ".join(problem.text(show_values=show_values) for problem in result.problems)
        cells = (str(row.line), _safe_id(row), result.status.value, "; ".join(result.files), problems)
        writer.writerow([_harmless(cell) for cell in cells])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def summary(results: Sequence[Result], *, good: Status, place: str = "") -> str:
    """Write the line that balances: how many rows were made, are to be fixed, or came twice."""
    counts = Counter(result.status for result in results)
    parts = [f"{counts[good]} {_GOOD[good]}", f"{counts[Status.REFUSED]} to fix"]
    if counts[Status.DUPLICATE]:
        parts.append(f"{counts[Status.DUPLICATE]} duplicate{'s' * (counts[Status.DUPLICATE] > 1)}")
    return ", ".join(parts) + (f": see {place}" if place else "")


def _safe_id(row: Row) -> str:
    """Return a row's id only if it is a valid one: anything else may be a name."""
    with contextlib.suppress(ValueError):
        return identifier(row.texts.get("id", ""))
    return ""


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
