"""Hand chunks of rows to other processes, and go on when one of them dies."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planmaker.batch.account import Result, Status
from planmaker.batch.work import stop_when
from planmaker.errors import Problem, StorageError
from planmaker.interrupts import undisturbed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from contextlib import AbstractContextManager
    from multiprocessing.context import BaseContext

    from planmaker.batch.account import Task

    Chunk = tuple[Task, ...]
    Work = Callable[[Chunk], tuple[Result, ...]]

__all__ = ["Engine", "prepare", "processes", "through"]

_AHEAD = 10  # chunks in flight for each worker: a programme's, so that one worker draws it; memory stays flat
_LOOK = 0.2  # seconds between two looks at whether the run is being closed
_LITTER = 20_000  # objects made between two looks for circular ones, of which there are few: 700 take an eighth longer
_GRACE = 1.0  # seconds that a process has then for the row in hand; the next run makes it anew
_NO_WORKER = (
    "processes end as soon as they are started; close other programs, or restart, and run the same command again"
)
_TRIES = 2  # how often a row ends a process it has for itself before it is to blame, and not who killed that
_LOADED = ["planmaker.batch.work", "planmaker.pdf", "planmaker.ics"]  # once, by the process that forks the workers


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A way to have work done elsewhere.

    ``opened`` opens it with at most so many workers; when left early, it drops what has not begun. ``losses`` are the
    exceptions that tell that a worker died; ``workers`` how many there are.
    """

    opened: Callable[[int], AbstractContextManager[Executor]]
    losses: tuple[type[BaseException], ...]
    workers: int


def through(chunks: Iterable[Chunk], work: Work, engine: Engine | None) -> Generator[tuple[Result, ...]]:
    """Yield what becomes of each chunk, in order; without an engine all is done here.

    When a worker dies, the rows that were in flight are tried one at a time: the row that kills it is rejected, and
    the others are made.
    """
    if engine is None:
        yield from map(work, chunks)
        return
    coming = iter(chunks)
    flying: deque[Chunk] = deque()
    over = False
    while not over:
        with contextlib.suppress(*engine.losses), engine.opened(engine.workers) as executor:
            yield from _flown(coming, flying, work, executor, _AHEAD * engine.workers)
            over = True
        yield from _one_at_a_time(flying, work, engine)


def _flown(
    coming: Iterator[Chunk], flying: deque[Chunk], work: Work, executor: Executor, most: int
) -> Iterator[tuple[Result, ...]]:
    """Keep chunks in flight; ``flying`` holds those whose results are not out yet, also when this fails."""
    futures: deque[Future[tuple[Result, ...]]] = deque()
    for chunk in coming:
        flying.append(chunk)
        futures.append(_submitted(executor, work, chunk))
        if len(futures) >= most:
            yield futures.popleft().result()
            flying.popleft()
    while futures:
        yield futures.popleft().result()
        flying.popleft()


def _one_at_a_time(flying: deque[Chunk], work: Work, engine: Engine) -> Iterator[tuple[Result, ...]]:
    """Find the rows that end their process, by giving each the process alone.

    Raise StorageError if processes end that were given nothing: that is no row's fault.
    """
    waiting = deque(task for chunk in flying for task in chunk)
    flying.clear()
    tries = idle = 0
    while waiting:
        with contextlib.suppress(*engine.losses), engine.opened(1) as executor:
            idle += 1
            _submitted(executor, work, ()).result()
            idle = 0
            while waiting:
                tries += 1
                yield _submitted(executor, work, (waiting[0],)).result()
                waiting.popleft()
                tries = 0
        if idle >= _TRIES:
            raise StorageError(_NO_WORKER)
        if waiting and tries >= _TRIES:
            problem = Problem(where="row", what="internal error (its process ended); please report it")
            yield (Result(line=waiting.popleft().line, status=Status.REJECTED, problems=(problem,)),)
            tries = 0


def _submitted(executor: Executor, work: Work, chunk: Chunk) -> Future[tuple[Result, ...]]:
    """Hand out a chunk; a Ctrl-C meanwhile waits, since a worker that is half started is waited for without end."""
    with undisturbed():
        return executor.submit(work, chunk)


def processes(count: int) -> Engine:
    """Return the engine of this computer's processes."""
    return Engine(opened=_lanes, losses=(BrokenProcessPool,), workers=count)


def _context() -> BaseContext:
    """Return how processes are started."""
    offered = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in offered else "spawn")
    context.set_forkserver_preload(_LOADED)
    return context


def prepare() -> None:
    """Start what forks the processes, where the system has that: it loads the program while a roster is read.

    What cannot be started is told when a process is needed, not here.
    """
    if _context().get_start_method() == "forkserver":
        from multiprocessing import forkserver, resource_tracker  # noqa: PLC0415 - not every system has them

        with contextlib.suppress(OSError):
            resource_tracker.ensure_running()  # by itself: to start it lets Ctrl-C through, whoever holds that back
            with undisturbed():
                forkserver.ensure_running()


@contextlib.contextmanager
def _lanes(count: int) -> Iterator[Executor]:
    """Open a pool for each process; one that is left early drops what has not begun."""
    context = _context()
    closing = context.RawValue("b", 0)  # raw: a process that dies must not hold a lock on it
    pools = [ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(closing,)) for _ in range(count)]
    try:
        yield _Lanes(pools)
    finally:
        closing.value = 1  # for all of them, so that none begins another row while the first is waited for
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)  # told not to wait once, a pool never waits again


class _Lanes(Executor):
    """Processes with a queue each, so that rows of one programme meet the process that has drawn it already."""

    def __init__(self, pools: Iterable[Executor]) -> None:
        self._lanes = [_Lane(pool) for pool in pools]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as its base
        """Queue a chunk behind those of its programme, unless another process has far less to do."""
        (chunk,) = args
        first, last = (chunk[0].programme, chunk[-1].programme) if chunk else (b"", b"")
        most = min(map(_Lane.waiting, self._lanes)) + _AHEAD
        same = [lane for lane in self._lanes if lane.programme == first and lane.waiting() < most]
        lane = min(same or self._lanes, key=_Lane.waiting)
        lane.programme = last
        lane.futures = [future for future in lane.futures if not future.done()]
        try:
            lane.futures.append(lane.pool.submit(fn, chunk, **kwargs))
        except OSError as error:
            msg = f"a process cannot be started: {error.strerror}; close other programs and run the same command again"
            raise StorageError(msg) from error
        return lane.futures[-1]


@dataclass(slots=True)
class _Lane:
    """A process, and what waits for it."""

    pool: Executor
    programme: bytes = b""
    futures: list[Future[Any]] = field(default_factory=list)

    def waiting(self) -> int:
        return sum(not future.done() for future in self.futures)


def _begin(closing: Any) -> None:  # noqa: ANN401 - a shared ctypes value
    """Get a process ready; Ctrl-C is the business of the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(_LITTER)
    threading.Thread(target=_follow, args=(closing,), daemon=True).start()
    stop_when(closing)


def _follow(closing: Any) -> None:  # noqa: ANN401 - as above
    """End this process when the one that started it is gone, however it went, or waits for it too long."""
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():
        if closing.value:
            parent.join(_GRACE)
            os._exit(1)
        parent.join(_LOOK)
    os._exit(1)
