"""Run batches from outside, and judge what they leave by an oracle that knows nothing of their ledger."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from planmaker import __main__ as program
from planmaker import cli

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Batch", "Running", "children", "faults", "left_behind", "plans", "roster", "until_gone", "whole"]

ISSUED = "2027-01-05T09:00:00Z"
REPORTS = {"report.csv", "report.jsonl", "send-list.csv"}
KEPT = {"ledger.sqlite", "lock"}
_LOADED = cli  # before anything is forked, so that no fork has to load it
_GONE_WITHIN = 10.0  # seconds that the processes of a killed run have to go; how long they took is told
_BALANCE = re.compile(r"(\d+) read: (\d+) done, (\d+) skipped, (\d+) rejected, (\d+) not run")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A command that can be given again and again; ``bad`` is how many of its ``rows`` are to be refused."""

    file: Path
    rows: int
    bad: int
    options: tuple[str, ...]
    issued: str = ISSUED
    environment: Mapping[str, str] = field(default_factory=dict)
    umask: int = 0o022

    def arguments(self, out: Path) -> list[str]:
        """Return the command line after the program's name."""
        issued = ["--issued", self.issued] if self.issued else []
        return ["batch", str(self.file), "--out", str(out), "--timezone", "Europe/Berlin", *self.options, *issued]

    def start(self, out: Path, *, anew: bool = True) -> Running:
        """Start it in a session of its own; ``anew``: in a Python of its own too, not in one where all is loaded."""
        log = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the run
        number = os.fork()
        if number == 0:
            self._begin(log.fileno(), out, anew=anew)
        return Running(number=number, log=log)

    def _begin(self, log: int, out: Path, *, anew: bool) -> NoReturn:
        """Become the program."""
        code = 99
        try:
            os.setsid()
            os.umask(self.umask)
            for handle in (1, 2):
                os.dup2(log, handle)
            os.environ.update(self.environment)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            if anew:
                os.execv(sys.executable, [sys.executable, "-m", "planmaker", *self.arguments(out)])  # noqa: S606
            sys.stdout, sys.stderr = (open(handle, "w", encoding="utf-8", closefd=False) for handle in (1, 2))  # noqa: SIM115
            sys.argv = ["planmaker", *self.arguments(out)]
            program.main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)

    def run(self, out: Path, *, anew: bool = True) -> tuple[int, str]:
        """Let it get to its end, and return its exit code and what it said."""
        return self.start(out, anew=anew).ended()


@dataclass(slots=True, kw_only=True)
class Running:
    """A run that was started; ``number`` is that of its process, its group and its session."""

    number: int
    log: IO[bytes]
    code: int | None = None

    def over(self) -> bool:
        """Tell whether it is at its end."""
        self._wait(os.WNOHANG)
        return self.code is not None

    def send(self, number: int, *, group: bool = False) -> None:
        """Send a signal to the process, or to its group."""
        with suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(self.number, number)

    def ended(self) -> tuple[int, str]:
        """Wait for the end, and return the exit code and what was said."""
        self._wait(0)
        with self.log as log:
            log.seek(0)
            return self.code or 0, log.read().decode("utf-8", "replace")

    def _wait(self, how: int) -> None:
        if self.code is None:
            number, status = os.waitpid(self.number, how)
            if number:
                self.code = os.waitstatus_to_exitcode(status)


def roster(path: Path, rows: int, *, distinct: bool = False) -> Path:
    """Write a roster of small plans in which every tenth row is bad; ``distinct``: no two share their programme."""
    lines = ["id,profile,name,weeks,start,exclude,max_exercises"]
    for number in range(rows):
        weeks = number % 13 + 1 if distinct else number % 2 + 1
        profile = ("full", "strengthening")[number // 13 % 2] if distinct else "stretch-only"
        most = str(number // 26 % 5 + 1) if distinct else ""
        start = "3/4/2027" if number % 10 == 7 else ("2027-03-08" if number % 3 else "")
        lines.append(f"T-{number:05},{profile},Zoë Example {number},{weeks},{start},,{most}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def bad_of(rows: int) -> int:
    """Return how many rows of such a roster are bad."""
    return sum(number % 10 == 7 for number in range(rows))


def plans(out: Path) -> dict[str, bytes]:
    """Return the files of a folder that are no reports and not the run's own, by name."""
    found = (path for path in out.rglob("*") if path.is_file() and ".planmaker" not in path.parts)
    return {str(path.relative_to(out)): path.read_bytes() for path in found if path.name not in REPORTS}


def whole(out: Path, expected: Mapping[str, bytes]) -> list[str]:
    """Return what is wrong in a folder whose run was broken off: a file that is there is whole and no other's."""
    return [
        f"corrupt: {name}" if name in expected else f"stray: {name}"
        for name, data in plans(out).items()
        if expected.get(name) != data
    ]


def faults(out: Path, batch: Batch, expected: Mapping[str, bytes], ending: tuple[int, str]) -> list[str]:
    """Return all that is wrong after a run that says it got to its end."""
    code, said = ending
    found = [] if code == (3 if batch.bad else 0) else [f"exit code {code}: {said[-2000:]}"]
    found += ["traceback"] if "Traceback" in said else []
    found += whole(out, expected) + [f"lost: {name}" for name in expected if not (out / name).is_file()]
    found += [f"left over: {name}" for name in left_behind(out)]
    found += [f"not private: {path.name}" for path in (out, *out.rglob("*")) if path.stat().st_mode & 0o077]
    return found + _unaccounted(out, batch, expected, said)


def left_behind(out: Path) -> list[str]:
    """Return what lies in the run's own folder and should be gone."""
    return sorted(path.name for path in (out / ".planmaker").glob("*") if path.name not in KEPT)


def _unaccounted(out: Path, batch: Batch, expected: Mapping[str, bytes], said: str) -> list[str]:
    """Return where reports and summary do not account for every row once."""
    found = []
    balance = _BALANCE.search(said)
    numbers = [int(number) for number in balance.groups()] if balance else [0, 1]
    if numbers[0] != batch.rows or numbers[0] != sum(numbers[1:]) or numbers[3] != batch.bad:
        found.append(f"summary: {said[-300:]}")
    try:
        with (out / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
            table = [(int(row["line"]), row["status"], row["files"]) for row in csv.DictReader(stream)]
        told = [json.loads(line) for line in (out / "report.jsonl").read_text(encoding="utf-8").splitlines()]
        with (out / "send-list.csv").open(encoding="utf-8-sig", newline="") as stream:
            sent = [name for row in csv.DictReader(stream) for key, name in row.items() if key != "id" and name]
    except (OSError, KeyError, ValueError) as error:
        return [*found, f"report: {error!r}"]
    if [line for line, _, _ in table] != [*range(2, batch.rows + 2)]:
        found.append("report.csv: not every row once")
    if table != [(item["line"], item["status"], "; ".join(item["files"])) for item in told]:
        found.append("report.jsonl: not what report.csv says")
    named = sorted(name for _, _, names in table for name in names.split("; ") if name)
    if named != sorted(expected) or sorted(sent) != sorted(expected):
        found.append("reports: not every file once")
    return found


def _family(session: int) -> dict[int, int]:
    """Return the parent of each living process of a session."""
    found = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            state, parent, _, own = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            if state not in "ZX" and int(own) == session:
                found[int(folder.name)] = int(parent)
    return found


def children(running: Running) -> list[int]:
    """Return the workers of a run: those that the server of forks has forked."""
    family = _family(running.number)
    return [number for number, parent in family.items() if family.get(parent) == running.number]


def until_gone(running: Running) -> float:
    """Return how many seconds the processes of a run that is over still lived, infinite if they do not go."""
    began = time.monotonic()
    while left := _family(running.number):
        if time.monotonic() - began > _GONE_WITHIN:
            for number in left:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            return float("inf")
        time.sleep(0.005)
    return time.monotonic() - began


def told(counts: Counter[str], found: Sequence[str], seed: int) -> int:
    """Print the counts and what is wrong, and return the exit code."""
    kinds = Counter(fault.partition(":")[0] for fault in found)
    for fault in found[:50]:
        print(fault)  # noqa: T201 - a program's product
    print(", ".join(f"{count} {name}" for name, count in (counts + Counter()).items()))  # noqa: T201 - as above
    print(f"{len(found)} wrong {dict(kinds) if kinds else ''}; seed {seed}")  # noqa: T201 - as above
    return int(bool(found))


def dice(seed: int) -> random.Random:
    """Return what is random in a torture, the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - no secret
