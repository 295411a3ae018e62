"""Workers may die, run late or be interrupted at any moment, and no row is lost by that."""

from __future__ import annotations

import errno
import itertools
import os
import signal
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from planmaker.batch import engines, work
from planmaker.batch.account import Result, Status, Task
from planmaker.batch.engines import Engine, processes, through
from planmaker.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def tasks(count: int) -> list[tuple[Task, ...]]:
    """Return chunks of one row."""
    return [(Task(line, b"", None, b""),) for line in range(2, count + 2)]


def unlucky(folder: Path, chunk: tuple[Task, ...]) -> tuple[Result, ...]:
    """Do a chunk; each row takes its process with it the first and the second time that it is tried."""
    for task in chunk:
        for time in ("first", "second"):
            mark = folder / f"{task.line} {time}"
            if task.line in {4, 5} and not mark.exists():
                mark.touch()
                os._exit(1)
    return tuple(Result(line=task.line, status=Status.DONE) for task in chunk)


def test_killed_twice(tmp_path: Path) -> None:
    """A row is refused only when a process that it had for itself died twice: one of those may have been killed."""
    found = [*itertools.chain(*through(tasks(6), partial(unlucky, tmp_path), processes(2)))]

    assert [(result.line, result.status) for result in sorted(found, key=lambda result: result.line)] == [
        (line, Status.DONE) for line in range(2, 8)
    ]


class Queue(Executor):
    """Takes chunks and does nothing."""

    def __init__(self) -> None:
        self.taken: list[tuple[Task, ...]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401, ARG002 - as its base
        self.taken.append(args[0])
        return Future()


def handed(*programmes: str) -> list[set[str]]:
    """Hand chunks to two processes, each letter a row of a programme; return which programmes each process has."""
    queues = [Queue(), Queue()]
    lanes = engines._Lanes(queues)  # noqa: SLF001 - what hands them out
    for rows in programmes:
        lanes.submit(tuple, tuple(Task(0, b"", None, name.encode()) for name in rows))
    return [{task.programme.decode() for chunk in queue.taken for task in chunk} for queue in queues]


def test_drawn_once() -> None:
    """The chunks of a programme meet one process, which draws it once."""
    assert handed(*"aaaabbbbccccdddd") == [{"a", "c"}, {"b", "d"}]


def test_drawn_once_across() -> None:
    """A programme that begins within a chunk goes on in the same process."""
    assert handed("aab", "bbb", "bbc", "ddd", "dd") == [{"a", "b", "c"}, {"d"}]


def test_spread() -> None:
    """A programme of very many rows is for all processes."""
    assert handed(*"a" * 20) == [{"a"}, {"a"}]


def doomed(chunk: tuple[Task, ...]) -> tuple[Result, ...]:  # noqa: ARG001 - as a worker takes it
    """End the process whatever it is given."""
    os._exit(1)


def test_no_worker_lives() -> None:
    """Where processes end before they have been given a row, no row is to blame: the run stops and may be repeated."""
    with pytest.raises(StorageError, match=r"as soon as they are started; .* run the same command again"):
        [*through(tasks(6), doomed, processes(2))]


def test_no_worker_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system starts no process, the run stops with its reason."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(ProcessPoolExecutor, "submit", refused)

    with pytest.raises(StorageError, match=r"^a process cannot be started: Resource temporarily unavailable; "):
        [*through(tasks(6), doomed, processes(2))]


@pytest.mark.skipif(os.name != "posix", reason="the system's own way to fork needs no socket")
def test_no_server_starts(tmp_path: Path) -> None:
    """Where that which forks processes cannot be got ready, here for a name too long for a socket, it is the same."""
    long = tmp_path / ("x" * 100)
    long.mkdir()
    rows = "".join(f"A{number},stretch-only,1\n" for number in range(12))
    (tmp_path / "roster.csv").write_text(f"id,profile,weeks\n{rows}", encoding="utf-8")
    command = [sys.executable, "-m", "planmaker", "batch", "roster.csv", "--timezone", "UTC", "--jobs", "2"]

    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "TMPDIR": str(long)}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 5
    assert "a process cannot be started" in done.stderr
    assert "12 read: 0 done, 0 skipped, 0 rejected, 12 not run" in done.stderr
    assert (tmp_path / "out" / "report.csv").exists()


def late(folder: Path, chunk: tuple[Task, ...]) -> tuple[Result, ...]:
    """Do a chunk that takes until the run is being closed, and a little longer."""
    if chunk[0].line > 2:
        (folder / "begun").touch()
        while not work._closing[0].value:  # noqa: SLF001 - what tells a worker
            pass
        for _ in range(100_000):
            pass
        (folder / "ended").touch()
    else:
        while not (folder / "begun").exists():
            pass
    return tuple(Result(line=task.line, status=Status.DONE) for task in chunk)


def test_workers_are_waited_for(tmp_path: Path) -> None:
    """Who stops early goes on only when every worker has come to rest, so that none writes into a folder given free."""
    running = through(tasks(2), partial(late, tmp_path), processes(2))

    next(running)
    running.close()

    assert (tmp_path / "ended").exists()


class Interrupted(Executor):
    """Is interrupted while it takes a chunk."""

    def __init__(self) -> None:
        self.taken = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as its base
        signal.raise_signal(signal.SIGINT)
        self.taken += 1
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def test_interrupted_start() -> None:
    """Ctrl-C while a chunk is handed out, which may start a process, takes effect when it has been."""
    executor = Interrupted()
    engine = Engine(opened=lambda _: nullcontext(executor), losses=(), workers=1)

    with pytest.raises(KeyboardInterrupt):
        next(through(tasks(1), lambda _: (), engine))

    assert executor.taken == 1


_PREPARED = """
import signal
from multiprocessing import forkserver
from pathlib import Path
from planmaker.batch import engines
engines.prepare()
status = Path(f"/proc/{forkserver._forkserver._forkserver_pid}/status").read_text()
blocked = int(next(line for line in status.splitlines() if line.startswith("SigBlk")).split()[1], 16)
print(bool(blocked >> signal.SIGINT - 1 & 1), signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks through /proc")
def test_prepared_out_of_reach() -> None:
    """Ctrl-C never reaches what is got ready to fork processes, not even while that loads; it still reaches the run."""
    done = subprocess.run([sys.executable, "-c", _PREPARED], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("True False\n", "")


_LOST = """
import signal, sys
from importlib.abc import MetaPathFinder
class Freed:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)  # Python tells of it, and goes on
class Finder(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            Freed()
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGINT, signal.default_int_handler)  # as below
from planmaker.__main__ import main
sys.argv = ["planmaker", "batch", "roster.csv", "--timezone", "UTC", "--format", "json"]
main()
"""


@pytest.mark.parametrize("name", ["planmaker.cli.batching", "planmaker.batch.work", "filelock"])
def test_interrupt_is_not_lost(name: str, tmp_path: Path) -> None:
    """Ctrl-C that comes at a moment when Python can raise nothing comes again at the next."""
    rows = "".join(f"A{number},full,26\n" for number in range(400))
    (tmp_path / "roster.csv").write_text(f"id,profile,weeks\n{rows}", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-c", _LOST.format(name=name)], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (130, "")
    assert "ignored" not in done.stderr
    assert done.stderr.splitlines()[-1] == "interrupted"


_INTERRUPTED = """
import signal, sys
from importlib.abc import MetaPathFinder
class Finder(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.modules.pop({name!r}, None)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it starts in the background ignore it
from planmaker.__main__ import main
sys.argv = ["planmaker", "profiles"]
main()
"""


_MOMENTS = [("signal", ""), ("planmaker.cli", ""), ("planmaker.workshop", "interrupted\n")]


@pytest.mark.parametrize(("name", "said"), _MOMENTS)
def test_interrupted_while_loading(name: str, said: str) -> None:
    """Ctrl-C while the program loads ends it with 130 and without a traceback."""
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED.format(name=name)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (130, "", said)
