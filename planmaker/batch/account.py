"""Account for each row of a roster: what became of it, and what proves that it is done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime

    from planmaker.errors import Problem

__all__ = ["Done", "Proof", "Result", "Status", "Task"]


class Status(StrEnum):
    """What became of a row; a run that is over balances: read = done + skipped + rejected + not run."""

    DONE = "done"
    READY = "ready"  # in a dry run
    SKIPPED = "skipped"
    REJECTED = "rejected"
    NOT_RUN = "not run"


class Proof(NamedTuple):
    """What a file must be to count as written: its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What is kept of a row that was done: never what stood in it.

    ``code`` is what makes two ids the same, ``key`` the hash of all that its files came from; ``issued`` and ``start``
    are no part of that, so that the same row gives the same files on another day.
    """

    code: str
    key: str
    issued: datetime
    start: date
    files: tuple[Proof, ...]


class Task(NamedTuple):
    """A row on its way to a worker: its line, its texts packed (``docket.packed``), and what was done for its id.

    Rows with the same ``programme`` are worth making in the same process.
    """

    line: int
    row: bytes
    before: Done | None = None
    programme: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a row; ``done`` is what to keep of one that was made now."""

    line: int
    status: Status
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    done: Done | None = None
