"""Keep in the folder what was done for each id, so that the same command again does only what is left."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from planmaker.batch.account import Done, Proof
from planmaker.errors import StorageError
from planmaker.schedule import default_start
from planmaker.storage import advice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Ledger", "as_row", "brief", "from_row", "looked", "opened"]

_TABLES = """
    CREATE TABLE IF NOT EXISTS runs (number INTEGER PRIMARY KEY, key TEXT, issued TEXT, finished INTEGER);
    CREATE TABLE IF NOT EXISTS plans (code TEXT PRIMARY KEY, key TEXT, issued TEXT, start TEXT, files TEXT);
    PRAGMA user_version = 1;
"""
_VERSION = 1


class Ledger:
    """What was done in a folder: ids, hashes, sizes and dates, never what stood in a row.

    An SQLite database in its DELETE journal mode, which also holds on file systems that cannot share memory.
    """

    def __init__(self, base: sqlite3.Connection, path: Path) -> None:
        self._base = base
        self._path = path

    def begin(self, key: str, issued: datetime, *, told: bool) -> datetime:
        """Open a run of an order and return when its plans are issued.

        That is as it was when the last run of the same order did not get to its end, unless it was ``told``.
        """
        with _advised(self._path), self._base:
            last = self._base.execute("SELECT key, issued, finished FROM runs ORDER BY number DESC LIMIT 1").fetchone()
            if last and not told and last[0] == key and not last[2]:
                issued = resumed(datetime.fromisoformat(last[1]), issued)
            self._base.execute("INSERT INTO runs (key, issued, finished) VALUES (?, ?, 0)", (key, issued.isoformat()))
        return issued

    def find(self, codes: Sequence[str]) -> dict[str, Done]:
        """Return what was done for ids."""
        marks = ", ".join("?" * len(codes))
        asked = f"SELECT code, key, issued, start, files FROM plans WHERE code IN ({marks})"  # noqa: S608 - marks only
        with _advised(self._path):
            return {row[0]: from_row(*row) for row in self._base.execute(asked, codes)}

    def items(self) -> Iterator[Done]:
        """Yield all that was done."""
        with _advised(self._path):
            for row in self._base.execute("SELECT code, key, issued, start, files FROM plans ORDER BY code"):
                yield from_row(*row)

    def record(self, items: Iterable[Done]) -> None:
        """Keep what was done, once it lies safely in the folder; it is on the disk when this returns."""
        rows = [as_row(item) for item in items]
        with _advised(self._path), self._base:
            self._base.executemany("INSERT OR REPLACE INTO plans VALUES (?, ?, ?, ?, ?)", rows)

    def finish(self) -> None:
        """Note that the run got to its end."""
        with _advised(self._path), self._base:
            self._base.execute("UPDATE runs SET finished = 1 WHERE number = (SELECT max(number) FROM runs)")


def resumed(begun: datetime, now: datetime) -> datetime:
    """Return when the plans of a run that goes on are issued: as it was begun, till a start of then would be past."""
    return begun if default_start(begun, "UTC") >= now.date() else now


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """Open the ledger of a folder that is locked, made if there is none; raise StorageError saying what to do."""
    with contextlib.closing(_connected(path)) as base:
        yield Ledger(base, path)


@contextlib.contextmanager
def looked(path: Path) -> Iterator[Ledger]:
    """Open the ledger of a folder to read it only, whoever holds the folder; where there is none, an empty one."""
    if not path.exists():
        with brief() as empty:
            yield empty
        return
    with _advised(path):
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    with contextlib.closing(base):
        yield Ledger(base, path)


@contextlib.contextmanager
def brief() -> Iterator[Ledger]:
    """Open an empty ledger that is gone with the run."""
    with contextlib.closing(sqlite3.connect("")) as base:  # no name: a private file, unlinked at once
        base.executescript(_TABLES)
        yield Ledger(base, Path("the folder for temporary files"))


def _connected(path: Path) -> sqlite3.Connection:
    with _advised(path), contextlib.ExitStack() as opening:
        path.touch(mode=0o600)
        base = opening.enter_context(contextlib.closing(sqlite3.connect(path)))
        base.execute("PRAGMA journal_mode = DELETE")
        base.execute("PRAGMA synchronous = FULL")
        (version,) = base.execute("PRAGMA user_version").fetchone()
        if version not in {0, _VERSION}:
            msg = f"{path}: was written by a newer planmaker; use that one, or another folder with --out"
            raise StorageError(msg)
        base.executescript(_TABLES)
        opening.pop_all()
        return base
    raise AssertionError  # the one above returns or raises


@contextlib.contextmanager
def _advised(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a ledger into a message that says what to do."""
    try:
        yield
    except OSError as error:
        raise StorageError(advice(error, path)) from error
    except (TypeError, ValueError) as error:  # what is written there is no date, no JSON
        msg = f"{path}: {_DAMAGED}"
        raise StorageError(msg) from error
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0)
        known = _ADVICE.get(code) or _ADVICE.get(code & 0xFF)  # the rest of it tells in which call
        msg = f"{path}: {known or f'cannot be used: {error}; run the same command again'}"
        raise StorageError(msg) from error


_DAMAGED = "is damaged; move it away and run again, which makes every plan of the roster once more"
_ADVICE = {
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_ERROR: _DAMAGED,  # it has other tables or columns
    sqlite3.SQLITE_READONLY_ROLLBACK: "the last run was cut off; let it go on before a dry run",
    sqlite3.SQLITE_FULL: "the disk is full; make room and run the same command again",
    sqlite3.SQLITE_READONLY: "may not be written; choose another folder with --out",
}


def as_row(done: Done) -> tuple[str, str, str, str, str]:
    """Write what was done as texts."""
    return done.code, done.key, done.issued.isoformat(), done.start.isoformat(), json.dumps(done.files)


def from_row(code: str, key: str, issued: str, start: str, files: str) -> Done:
    """Read what was done."""
    return Done(
        code=code,
        key=key,
        issued=datetime.fromisoformat(issued),
        start=date.fromisoformat(start),
        files=tuple(Proof(*item) for item in json.loads(files)),
    )
