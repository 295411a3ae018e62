"""Work through the rows of a roster in several processes; hand out the results in file order."""

from __future__ import annotations

import contextlib
import dataclasses
import multiprocessing
import os
import signal
import threading
import unicodedata
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from planmaker import encrypting, formats, storage
from planmaker.batch.roster import Roster, Row
from planmaker.errors import InputError, Problem, StorageError
from planmaker.fields import FIELDS
from planmaker.plan import is_edited, plan_from_json
from planmaker.workshop import Order, Workshop, open_workshop

if TYPE_CHECKING:
    from pathlib import Path

    from planmaker.plan import Plan

__all__ = ["Job", "Result", "Status", "results", "run"]

MOST_IN_CHUNK = 25
CHUNKS_EACH = 16
CHUNKS_AHEAD = 4
FEWEST_ROWS = 8  # a process for fewer takes longer to start than to work


class Status(StrEnum):
    """What became of a row."""

    MADE = "made"
    OK = "ok"
    REFUSED = "refused"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a row."""

    line: int
    status: Status
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What each process needs to make the plans of rows.

    ``defaults`` are texts by field name for empty cells; ``out`` None: check only, write nothing;
    ``overlay`` is a clinic's folder to lay over the catalogue, ``config`` the file of its settings,
    ``font_dir`` a folder of further fonts.
    """

    order: Order
    out: Path | None
    defaults: Mapping[str, str] = field(default_factory=dict)
    overlay: Path | None = None
    config: Path | None = None
    font_dir: Path | None = None

    def __call__(self) -> Callable[[Row], Result]:
        """Get a workshop ready and return the function that makes a row's plan."""
        workshop = open_workshop(overlay=self.overlay, config=self.config, font_dir=self.font_dir)
        return lambda row: _result(row, workshop, self)


def run(roster: Roster, job: Job, processes: int) -> Iterator[Result]:
    """Yield what becomes of each row of a roster, in its order."""
    settled = {row.line: Result(line=row.line, status=Status.REFUSED, problems=row.problems) for row in roster.rows}
    settled = {line: result for line, result in settled.items() if result.problems} | _doubles(roster.rows)
    open_rows = [row for row in roster.rows if row.line not in settled]
    working = results(open_rows, job, min(processes, len(open_rows) // FEWEST_ROWS))
    with contextlib.closing(working):
        for row in roster.rows:
            yield settled[row.line] if row.line in settled else next(working)


def _doubles(rows: Iterable[Row]) -> dict[int, Result]:
    """Settle rows that share an id: all refused if they differ, else all but the first left out."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row.texts.get("id"):
            groups.setdefault(_key(row), []).append(row)
    settled: dict[int, Result] = {}
    for group in groups.values():
        first, *others = group
        if all(_wishes(row) == _wishes(first) for row in others):
            problem = Problem(where="id", what=f"the whole row is the same as line {first.line}; made once")
            status, faulty = Status.DUPLICATE, others
        else:
            lines = ", ".join(str(row.line) for row in group)
            problem = Problem(where="id", what=f"lines {lines} have the same id; give each its own")
            status, faulty = Status.REFUSED, group
        settled |= {row.line: Result(line=row.line, status=status, problems=(problem,)) for row in faulty}
    return settled


def _key(row: Row) -> str:
    """Return what makes two ids the same, on file systems that ignore capitals too."""
    return unicodedata.normalize("NFKC", row.texts["id"]).casefold().strip()


def _wishes(row: Row) -> tuple[dict[str, str], str]:
    return {name: text for name, text in row.texts.items() if text and name != "id"}, row.password


Start = Callable[[], Callable[[Row], Result]]
Chunk = tuple[Row, ...]


def results(rows: Sequence[Row], start: Start, processes: int) -> Generator[Result]:
    """Yield a result for each row, in order; ``start`` is called once in each process.

    A row that ends its process is refused, and the others are still made.
    """
    if processes <= 1:
        work = start()
        yield from map(work, rows)
        return
    waiting = deque(_chunks(rows, processes))
    while waiting:
        flying: deque[tuple[Chunk, Future[tuple[Result, ...]]]] = deque()
        with contextlib.suppress(BrokenProcessPool), _pool(start, processes) as pool:
            while waiting or flying:
                while waiting and len(flying) < CHUNKS_AHEAD * processes:
                    flying.append((waiting[0], pool.submit(_work, waiting[0])))
                    waiting.popleft()
                yield from flying[0][1].result()
                flying.popleft()
        yield from _one_at_a_time((row for chunk, _ in flying for row in chunk), start)


def _one_at_a_time(rows: Iterable[Row], start: Start) -> Iterator[Result]:
    """Find the row that ends its process, by giving each the process alone."""
    waiting = deque(rows)
    while waiting:
        with contextlib.suppress(BrokenProcessPool), _pool(start, 1) as pool:
            while waiting:
                yield from pool.submit(_work, (waiting[0],)).result()
                waiting.popleft()
        if waiting:
            row = waiting.popleft()
            problem = Problem(where="row", what="internal error (its process ended); please report it")
            yield Result(line=row.line, status=Status.REFUSED, problems=(problem,))


def _chunks(rows: Sequence[Row], processes: int) -> Iterator[Chunk]:
    """Part rows into chunks that are worth sending, and small enough to keep all processes busy to the end."""
    size = max(1, min(MOST_IN_CHUNK, len(rows) // (CHUNKS_EACH * processes)))
    for begin in range(0, len(rows), size):
        yield tuple(rows[begin : begin + size])


@contextlib.contextmanager
def _pool(start: Start, processes: int) -> Iterator[ProcessPoolExecutor]:
    """Open a pool that, when left early, drops what has not begun."""
    offered = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in offered else "spawn")
    closing = context.RawValue("b", 0)  # raw: a process that dies must not hold a lock on it
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(start, closing))
    try:
        yield pool
    finally:
        closing.value = 1
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Worker:
    """What a process keeps between chunks."""

    make: Callable[[Row], Result]
    closing: Any


_worker: list[_Worker] = []


def _begin(start: Start, closing: Any) -> None:  # noqa: ANN401 - a shared ctypes value
    """Get a process ready; Ctrl-C is the business of the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    _worker[:] = [_Worker(start(), closing)]


def _follow() -> None:
    """End this process when the one that started it is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(chunk: Chunk) -> tuple[Result, ...]:
    """Make the plans of a chunk; when the pool is closing nobody waits for the rest."""
    (worker,) = _worker
    return tuple(worker.make(row) for row in chunk if not worker.closing.value)


def _result(row: Row, workshop: Workshop, job: Job) -> Result:
    """Make one row's plan; only a storage failure stops the run."""
    texts = {**job.defaults, **{name: text for name, text in row.texts.items() if text}}
    try:
        made = _made(texts, row.password, workshop, job)
        if isinstance(made, formats.Made):
            files = tuple(path.name for path in storage.write(job.out, made.named())) if job.out else ()
            status = Status.MADE if job.out else Status.OK
            return Result(line=row.line, status=status, files=files, notices=made.notices)
    except StorageError:
        raise
    except InputError as error:
        made = (_placed(str(error)),)
    except Exception as error:  # noqa: BLE001 - one row never stops the others
        made = (Problem(where="row", what=f"internal error ({type(error).__name__}); please report it"),)
    return Result(line=row.line, status=Status.REFUSED, problems=made)


def _made(texts: Mapping[str, str], password: str, workshop: Workshop, job: Job) -> formats.Made | tuple[Problem, ...]:
    """Return what is made of a row, or its problems."""
    faults = [] if texts.get("id") else [Problem(where="id", what="missing; type a code such as A-1001")]
    order = job.order
    try:
        order = dataclasses.replace(order, password=encrypting.checked(password)) if password else order
    except ValueError as error:
        faults.append(Problem(where="password", what=str(error)))
    made = formats.make(texts, workshop, order, partial(_before, None if order.password else job.out))
    if not isinstance(made, formats.Made):
        return (*faults, *made)
    return tuple(faults) or made


def _before(out: Path | None, code: str) -> Plan | None:
    """Return the plan that the folder holds for an id; raise InputError for one that cannot go on from there."""
    path = out and out / f"{code}.json"
    if not path or not path.exists():
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
        plan = plan_from_json(text)
        if not is_edited(text) and plan.person.id == code:
            return plan
    except (OSError, UnicodeDecodeError, InputError) as error:
        msg = "id: its .json in the folder cannot be read as a plan; move that away to begin anew"
        raise InputError(msg) from error
    msg = "id: its .json in the folder was edited by hand; run planmaker render on it first, or move it away"
    raise InputError(msg)


def _placed(message: str) -> Problem:
    """Turn a renderer's message into a problem, at the field it names if it does."""
    where, _, what = message.partition(": ")
    known = any(field.name == where for field in FIELDS)
    return Problem(where=where, what=what) if known else Problem(where="row", what=message)
