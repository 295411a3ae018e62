"""Run batches in forks of a process whose writing fails when told to; of seven rows at most, which it makes itself."""

from __future__ import annotations

import ctypes
import functools
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from planmaker import cli
from planmaker.batch import work
from planmaker.cli import batching
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Failure", "forked", "loaded", "missing"]

_SOURCE = Path(__file__).with_suffix(".c")
_LOADED = "PLANMAKER_FAILING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Which call that writes below a folder fails, from 1, with which errno, and whether all after it do too.

    ``room``: after how many bytes the disk is full; -1 never.
    """

    at: int = 0
    on: bool = False
    errno: int = 0
    room: int = -1


def missing() -> str:
    """Return what to install before this can be run, or an empty text."""
    if not sys.platform.startswith("linux"):
        return "Linux, for LD_PRELOAD"
    return "" if which("gcc") else "gcc: apt-get install gcc libc6-dev"


def loaded(main: Callable[[Sequence[str]], int], program: str, arguments: Sequence[str]) -> int:
    """Run a main function in a process that failures can be put into."""
    if os.environ.get(_LOADED):
        return main(arguments)
    if need := missing():
        print(f"needs {need}")  # noqa: T201 - a program's product
        return 1
    with TemporaryDirectory() as folder:
        library = Path(folder, "failing.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl"], check=True)  # noqa: S607
        environment = {**os.environ, "LD_PRELOAD": str(library), _LOADED: "1"}
        return subprocess.run([sys.executable, program, *arguments], env=environment, check=False).returncode


_opened = functools.cache(open_workshop)


def forked(arguments: Sequence[str], folder: Path, failure: Failure) -> tuple[int, str, int]:
    """Run the program in a fork in which writing below a folder fails; return code, messages and calls counted."""
    calls = ctypes.CDLL(None)
    for module in (batching, work):
        module.open_workshop = _opened  # type: ignore[attr-defined]  # read once, not in each fork
    _opened(overlay=None, config=None, font_dir=None)
    with tempfile.TemporaryFile() as log, tempfile.TemporaryFile() as counted:
        child = os.fork()
        if child == 0:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            code = 99
            try:
                calls.failing_set(
                    os.fsencode(folder),
                    ctypes.c_long(failure.at),
                    int(failure.on),
                    failure.errno,
                    ctypes.c_long(failure.room),
                )
                code = cli.main(arguments)
                calls.failing_count.restype = ctypes.c_long
                os.write(counted.fileno(), str(calls.failing_count()).encode())
                sys.stderr.flush()
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        log.seek(0)
        counted.seek(0)
        return os.waitstatus_to_exitcode(status), log.read().decode("utf-8", "replace"), int(counted.read() or 0)
