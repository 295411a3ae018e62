"""Start a dask cluster of real processes on this computer, and end parts of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import psutil

from planmaker.batch.account import Result, Status
from planmaker.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.batch.account import Task

HERE = Path(__file__).parent


@dataclass
class Cluster:
    """A scheduler and a nanny that starts workers anew.

    ``failures`` are the deaths that a piece of work may cause; ``settings`` are dask's own, for TLS.
    """

    folder: Path
    workers: int = 2
    failures: int = 3
    settings: Mapping[str, str] = field(default_factory=dict)
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        host = "127.0.0.1"
        with socket.create_server((host, 0)) as free:
            port = free.getsockname()[1]
        self.address = f"{'tls' if self.settings else 'tcp'}://{host}:{port}"
        count = ("--nworkers", str(self.workers), "--nthreads", "1")
        self._start("scheduler", "--host", self.address, "--no-dashboard")
        self._start("worker", self.address, *count, "--no-dashboard", "--local-directory", str(self.folder / "work"))
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes that were started here, and their children."""
        found = [child for process in self.started for child in _children(process.pid)]
        for process in reversed(self.started):
            process.kill()
            process.wait()
        for child in found:
            _end(child.pid)

    def pids(self) -> list[int]:
        """Return the processes of the workers."""
        return [child.pid for child in _children(self.started[1].pid) if "spawn_main" in " ".join(_words(child))]

    def kill_scheduler(self) -> None:
        """End the scheduler at once."""
        self.started[0].kill()
        self.started[0].wait()

    def log(self) -> str:
        """Return all that scheduler and workers have written."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _start(self, *command: str) -> None:
        settings = {
            **self.settings,
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(self.failures),
            "PYTHONPATH": os.pathsep.join(
                [str(HERE), os.environ.get("PYTHONPATH", "")]
            ),  # for what tests do on workers
        }
        with (self.folder / f"{command[0]}.log").open("wb") as log:
            self.started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command],
                    env={**os.environ, **settings},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )


def certified(folder: Path) -> dict[str, str]:
    """Make certificates that are good for an hour, and return the settings of dask that name them."""
    from distributed import Security  # noqa: PLC0415 - slow to load, and only one run needs it

    made = Security.temporary()  # type: ignore[no-untyped-call]  # dask gives it none
    folder.mkdir()
    names = {"TLS__CA_FILE": made.tls_ca_file}
    for role in ("client", "scheduler", "worker"):
        names[f"TLS__{role.upper()}__CERT"] = getattr(made, f"tls_{role}_cert")
        names[f"TLS__{role.upper()}__KEY"] = getattr(made, f"tls_{role}_key")
    settings = {}
    for name, text in names.items():
        path = folder / f"{name}.pem"
        path.write_text(text)
        settings[f"DASK_DISTRIBUTED__COMM__{name}"] = str(path.absolute())
    return settings


def _children(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def poisoned(tasks: tuple[Task, ...]) -> tuple[Result, ...]:
    """Do a chunk on a worker, which one row ends."""
    if any(task.row == b"poison" for task in tasks):
        os._exit(1)
    return tuple(Result(line=task.line, status=Status.DONE) for task in tasks)


def failing(_: tuple[Task, ...]) -> tuple[Result, ...]:
    """Find no room on a worker."""
    msg = "the disk is full"
    raise StorageError(msg)
