"""Tell what became of each row, for people, for spreadsheets and for programs."""

from __future__ import annotations

import csv
import io
import itertools
import json
from typing import TYPE_CHECKING

from planmaker.batch.account import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planmaker.batch.docket import Account
    from planmaker.errors import Problem

__all__ = ["as_csv", "as_jsonl", "messages", "send_list", "summary"]

_COLUMNS = ("line", "id", "status", "files", "problem", "notice")
# What makes a spreadsheet take a cell for a formula, in usual and full-width characters.
_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_written = json.JSONEncoder(ensure_ascii=False).encode
_GOOD = {Status.DONE, Status.SKIPPED}


def messages(name: str, account: Account, *, show_values: bool) -> Iterator[str]:
    """Yield what to say about a row, one message a problem or notice."""
    for problem in (*account.problems, *account.notices):
        yield _text(problem.at(f"{name}:{account.line}"), show_values=show_values)


def as_csv(accounts: Iterable[Account], *, show_values: bool) -> Iterator[bytes]:
    """Write the report that a spreadsheet opens: every row of the roster once, in its order."""
    yield b"\xef\xbb\xbf"
    yield from _table(_COLUMNS, (_cells(account, show_values=show_values) for account in accounts))


def as_jsonl(accounts: Iterable[Account], *, show_values: bool) -> Iterator[bytes]:
    """Write the report that a program reads: a JSON object a line."""
    for account in accounts:
        fields = {
            "line": account.line,
            "id": account.id,
            "status": account.status,
            "files": account.files,
            "problems": [_plain(problem, show_values=show_values) for problem in account.problems],
            "notices": [_plain(problem, show_values=show_values) for problem in account.notices],
        }
        yield _written(fields).encode("utf-8", "replace") + b"\n"


def send_list(accounts: Iterable[Account], endings: tuple[str, ...]) -> Iterator[bytes]:
    """Write the list that a mail merge reads: each id that has files, and the name of each; nothing else."""
    good = (account for account in accounts if account.status in _GOOD and account.files)
    yield b"\xef\xbb\xbf"
    yield from _table(("id", *endings), (_names(account, endings) for account in good))


def summary(balance: Mapping[Status, int], place: str, *, dry: bool) -> str:
    """Write the line that balances: all rows that were read, and what became of them."""
    other = Status.DONE if dry else Status.READY  # no row of this run can be that
    told = ", ".join(f"{balance[status]} {status}" for status in Status if status is not other)
    return f"{sum(balance.values())} read: {told}" + (f"; see {place}" if place else "")


def _cells(account: Account, *, show_values: bool) -> tuple[str, ...]:
    told = (
        "; ".join(_text(item, show_values=show_values) for item in items)
        for items in (account.problems, account.notices)
    )
    return str(account.line), account.id, account.status, "; ".join(account.files), *told


def _names(account: Account, endings: tuple[str, ...]) -> tuple[str, ...]:
    """Return an id and its files by ending; a part that stands in a file of its own is not for sending."""
    whole = {name.rpartition(".")[2]: name for name in account.files if "+" not in name or name.endswith(".pdf")}
    return account.id, *(whole.get(ending, "") for ending in endings)


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[bytes]:
    """Write a table as spreadsheets read it, in which no cell runs as a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    for row in itertools.chain((columns,), rows):
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
        yield stream.getvalue().encode("utf-8", "replace")
        stream.seek(0)
        stream.truncate()


def _plain(problem: Problem, *, show_values: bool) -> dict[str, str]:
    plain = {"where": problem.where, "what": problem.what}
    if show_values:
        plain |= {"found": problem.value} if problem.value is not None else {}
        plain |= {"hint": problem.hint} if problem.hint else {}
    return plain


def _text(problem: Problem, *, show_values: bool) -> str:
    return problem.text(show_values=True) if show_values else problem.discreet().text()
