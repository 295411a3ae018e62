"""Hold the rows of a run and what became of each, on disk and for the run only."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.batch.account import Result, Status, Task
from planmaker.errors import Problem, StorageError
from planmaker.fields import FIELDS
from planmaker.parsers import identifier
from planmaker.workshop import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from planmaker.batch.account import Done
    from planmaker.roster import Row

    _Line = tuple[int, str, bytes, bytes]  # with code, row and programme

__all__ = ["Account", "Docket", "code_of", "opened", "packed", "unpacked"]

_AT_ONCE = 1000
_MOST_NAMED = 20
_BETWEEN = "\n"  # files, of whose names none can hold it
_NUMBER, _DIGITS = re.compile(r"[0-9]+"), 20  # by what is sorted: Ward 2 comes before Ward 10
_TABLES = """
    CREATE TABLE rows (
        line INTEGER PRIMARY KEY, id TEXT, code TEXT, wishes BLOB, programme BLOB,
        sort TEXT, turn TEXT, locked INTEGER, zoned INTEGER, row BLOB
    );
    CREATE TABLE doubles (line INTEGER PRIMARY KEY, first INTEGER);
    CREATE TABLE results (line INTEGER PRIMARY KEY, status TEXT, files TEXT, problems TEXT, notices TEXT);
"""
_WITH_FILES = "FROM rows JOIN results USING (line) WHERE status IN ('done', 'skipped') AND files <> ''"
# What rows must share to be worth making one after the other: all that a person's own texts do not say.
_OWN = set(PERSONAL) - {"timezone", "language", "region"}
_SHARED = tuple(field.name for field in FIELDS if not field.personal and field.name not in _OWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A line of the report; ``id`` is empty where it may be something else than an id."""

    line: int
    id: str
    status: Status
    files: tuple[str, ...]
    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]


class Docket:
    """The rows of one run, in a database of its own that has no name and is gone with the process.

    SQLite keeps it in a file that only this user may read and that is unlinked as soon as it is open, so that the
    memory a run takes does not grow with its roster.
    """

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def fill(self, rows: Iterable[Row]) -> None:
        """Take in the rows of a roster; those with a problem, and those that share an id, are settled at once."""
        waiting: list[Row] = []
        for row in rows:
            waiting.append(row)
            if len(waiting) == _AT_ONCE:
                self._take(waiting)
                waiting.clear()
        self._take(waiting)
        self._base.execute("CREATE INDEX codes ON rows (code) WHERE code IS NOT NULL")
        self.settle(self._doubles())
        self._base.execute("CREATE INDEX programmes ON rows (programme, line)")

    def _take(self, rows: list[Row]) -> None:
        self._base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_columns, rows))
        faulty = [Result(line=row.line, status=Status.REJECTED, problems=row.problems) for row in rows if row.problems]
        self.settle(faulty)

    def _doubles(self) -> Iterator[Result]:
        """Settle rows that share an id: all refused if they differ, else all but the first left out.

        One that has a problem of its own keeps that.
        """
        shared = "SELECT code FROM rows WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1"
        of_one = "SELECT line, wishes, status FROM rows LEFT JOIN results USING (line) WHERE code = ? ORDER BY line"
        for (code,) in self._base.execute(shared).fetchall():
            found = self._base.execute(of_one, (code,)).fetchall()
            lines, sound = [line for line, *_ in found], [line for line, _, status in found if status is None]
            if len({wishes for _, wishes, _ in found}) == 1:
                what, status, settled = _same_as(lines[0], "made once"), Status.SKIPPED, sound[1:]
                self._base.executemany("INSERT INTO doubles VALUES (?, ?)", [(line, lines[0]) for line in settled])
            else:
                what = f"lines {_listed(lines)} have the same id; give each its own"
                status, settled = Status.REJECTED, sound
            problem = Problem(where="id", what=what)
            yield from (Result(line=line, status=status, problems=(problem,)) for line in settled)

    def follow(self) -> None:
        """Give each row that is the same as another the status of that, once the run is over, if it was not done."""
        found = self._base.execute(
            "SELECT doubles.line, first, coalesce(status, ?) FROM doubles LEFT JOIN results ON results.line = first",
            (Status.NOT_RUN,),
        ).fetchall()
        self.settle(
            Result(
                line=line, status=status, problems=(Problem(where="id", what=_same_as(first, f"which is {status}")),)
            )
            for line, first, status in ((line, first, Status(status)) for line, first, status in found)
            if status in {Status.REJECTED, Status.NOT_RUN}
        )

    def settle(self, results: Iterable[Result]) -> None:
        """Keep what became of rows."""
        self._base.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)", map(_stored, results))

    def digest(self) -> str:
        """Return what makes two rosters the same: the hash of all rows in their order."""
        hashed = hashlib.sha256()
        for (row,) in self._base.execute("SELECT row FROM rows ORDER BY line"):
            hashed.update(row)
        return hashed.hexdigest()

    def count(self) -> int:
        """Return how many rows there are."""
        (found,) = self._base.execute("SELECT count(*) FROM rows").fetchone()
        return int(found)

    def balance(self) -> dict[Status, int]:
        """Return how many rows have each status; one that nothing became of is not run."""
        found = "SELECT coalesce(status, ?), count(*) FROM rows LEFT JOIN results USING (line) GROUP BY 1"
        counts = dict(self._base.execute(found, (Status.NOT_RUN,)).fetchall())
        return {status: counts.get(status, 0) for status in Status}

    def passwords(self) -> tuple[int, int]:
        """Return how many of the rows that are not settled have a password, and how many have none."""
        found = (
            "SELECT coalesce(sum(locked), 0), count(*) FROM rows LEFT JOIN results USING (line) WHERE status IS NULL"
        )
        own, rows = self._base.execute(found).fetchone()
        return int(own), int(rows - own)

    def unzoned(self) -> int:
        """Return how many of the rows that are not settled name no time zone."""
        found = "SELECT count(*) FROM rows LEFT JOIN results USING (line) WHERE status IS NULL AND NOT zoned"
        (rows,) = self._base.execute(found).fetchone()
        return int(rows)

    def tasks(self, size: int, before: Callable[[list[str]], Mapping[str, Done]]) -> Iterator[tuple[Task, ...]]:
        """Yield the rows that are not settled, like beside like, in chunks; ``before`` finds what was done for ids."""
        found = self._base.execute(
            "SELECT rows.line, code, row, programme FROM rows LEFT JOIN results USING (line)"
            " WHERE status IS NULL ORDER BY programme, rows.line"
        )
        for chunk in _chunked(found, size):
            known = before([code for _, code, *_ in chunk if code])
            yield tuple(Task(line, row, known.get(code), programme) for line, code, row, programme in chunk)

    def printed(self, size: int, before: Callable[[list[str]], Mapping[str, Done]]) -> Iterator[tuple[Task, str]]:
        """Yield the rows that have files, none with a password, as they are printed, each with what it is sorted by.

        ``before`` finds what was done for ids, asked for so many rows at once.
        """
        found = self._base.execute(
            f"SELECT line, code, row, sort {_WITH_FILES} AND NOT locked ORDER BY turn, sort, line",
        )
        while chunk := found.fetchmany(size):
            known = before([code for _, code, _, _ in chunk if code])
            yield from ((Task(line, row, known.get(code)), sort) for line, code, row, sort in chunk)

    def printable(self) -> tuple[int, int]:
        """Return how many rows with files have no password, and how many have one."""
        asked = f"SELECT coalesce(sum(locked), 0), count(*) {_WITH_FILES}"
        locked, rows = self._base.execute(asked).fetchone()
        return int(rows - locked), int(locked)

    def codes(self) -> Iterator[str]:
        """Yield what makes ids the same, of all rows that have one."""
        found = self._base.execute("SELECT code FROM rows WHERE code IS NOT NULL")
        yield from (code for (code,) in found)

    def accounts(self, *, told: bool = False) -> Iterator[Account]:
        """Yield every row once, in the order of the roster; ``told``: those only of which there is something to say."""
        found = self._base.execute(
            "SELECT line, id, coalesce(status, ?), files, problems, notices FROM rows LEFT JOIN results USING (line)"
            " WHERE NOT ? OR problems IS NOT NULL OR notices IS NOT NULL ORDER BY line",
            (Status.NOT_RUN, told),
        )
        for line, own, status, files, problems, notices in found:
            yield Account(
                line=line,
                id=own,
                status=Status(status),
                files=tuple(files.split(_BETWEEN)) if files else (),
                problems=_problems(problems),
                notices=_problems(notices),
            )


@contextlib.contextmanager
def opened() -> Iterator[Docket]:
    """Open an empty docket; raise StorageError when there is no room for it."""
    try:
        base = sqlite3.connect("", isolation_level=None)  # no name: a private file of the system's, unlinked at once
        with contextlib.closing(base):
            base.execute("PRAGMA journal_mode = OFF")
            base.executescript(_TABLES)
            base.execute("BEGIN")  # one transaction: nothing here outlives the run
            yield Docket(base)
    except sqlite3.OperationalError as error:
        msg = f"the folder for temporary files: {error}; make room there, or name another in TMPDIR, and run again"
        raise StorageError(msg) from error


def _chunked(rows: Iterable[_Line], size: int) -> Iterator[list[_Line]]:
    """Yield rows in chunks; one that is half full ends with its programme, so that fewer programmes are parted."""
    chunk: list[_Line] = []
    for row in rows:
        if len(chunk) == size or (2 * len(chunk) >= size and chunk[-1][-1] != row[-1]):
            yield chunk
            chunk = []
        chunk.append(row)
    if chunk:
        yield chunk


def packed(row: Row) -> bytes:
    """Return a row as it travels to a worker."""
    return json.dumps([dict(row.texts), row.password], sort_keys=True).encode("ascii")


def unpacked(data: bytes) -> tuple[dict[str, str], str]:
    """Return the texts of a row by field name, and its password."""
    texts, password = json.loads(data)
    return texts, password


def code_of(text: str) -> str:
    """Return what makes two ids the same, on file systems that ignore capitals too."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _columns(row: Row) -> tuple[object, ...]:
    texts = row.texts
    wishes = json.dumps([sorted(item for item in texts.items() if item[1] and item[0] != "id"), row.password, row.sort])
    shared = "\x1f".join([texts.get(name, "") for name in _SHARED])
    own = texts.get("id", "")
    code = code_of(own) or None
    turn = _NUMBER.sub(lambda found: found[0].zfill(_DIGITS), row.sort.casefold())
    marks = bool(row.password), bool(texts.get("timezone"))
    return row.line, _safe_id(own), code, _digest(wishes), _digest(shared), row.sort, turn, *marks, packed(row)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).digest()


def _stored(result: Result) -> tuple[object, ...]:
    problems, notices = (
        json.dumps([(item.where, item.what, item.value, item.hint) for item in items]) if items else None
        for items in (result.problems, result.notices)
    )
    return result.line, result.status, _BETWEEN.join(result.files), problems, notices


def _problems(text: str | None) -> tuple[Problem, ...]:
    if text is None:
        return ()
    found = json.loads(text)
    return tuple(Problem(where=where, what=what, value=value, hint=hint) for where, what, value, hint in found)


def _safe_id(text: str) -> str:
    """Return an id only if it is a valid one: anything else may be a name."""
    with contextlib.suppress(ValueError):
        return identifier(text)
    return ""


def _same_as(line: int, rest: str) -> str:
    return f"the whole row is the same as line {line}; {rest}"


def _listed(lines: list[int]) -> str:
    """Name lines, not more than fit a message."""
    named = ", ".join(map(str, lines[:_MOST_NAMED]))
    return named if len(lines) <= _MOST_NAMED else f"{named} and {len(lines) - _MOST_NAMED} more"
