"""Run batches from outside, and judge what they leave by an oracle that knows nothing of their ledger."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Batch", "Running", "children", "faults", "left_behind", "plans", "roster", "until_gone", "whole"]

ISSUED = "2027-01-05T09:00:00Z"
REPORTS = {"report.csv", "report.jsonl", "send-list.csv"}
KEPT = {"ledger.sqlite", "lock"}
_MARK = "PLANMAKER_TORTURE"
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

    def arguments(self, out: Path) -> list[str]:
        """Return the command line after the program's name."""
        issued = ["--issued", self.issued] if self.issued else []
        return ["batch", str(self.file), "--out", str(out), "--timezone", "Europe/Berlin", *self.options, *issued]

    def start(self, out: Path) -> Running:
        """Start it in a process group of its own."""
        mark = uuid.uuid4().hex
        log = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        process = subprocess.Popen(
            [sys.executable, "-m", "planmaker", *self.arguments(out)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={**os.environ, **self.environment, _MARK: mark},
        )
        return Running(process=process, mark=mark, log=log)

    def run(self, out: Path) -> tuple[int, str]:
        """Let it get to its end, and return its exit code and what it said."""
        return self.start(out).ended()


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A run that was started."""

    process: subprocess.Popen[bytes]
    mark: str
    log: tempfile._TemporaryFileWrapper[bytes]

    def ended(self) -> tuple[int, str]:
        """Wait for the end, and return the exit code and what was said."""
        code = self.process.wait()
        with self.log as log:
            log.seek(0)
            return code, log.read().decode("utf-8", "replace")


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


def _processes() -> dict[int, tuple[int, str]]:
    """Return the parent and the environment of each process that can be looked at."""
    found = {}
    for folder in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            parts = (folder / "stat").read_text().rpartition(")")[2].split()
            if parts[0] not in "ZX":
                found[int(folder.name)] = int(parts[1]), (folder / "environ").read_bytes().decode("utf-8", "replace")
    return found


def _family(mark: str) -> dict[int, int]:
    """Return the parent of each process of a run, by the mark in its environment."""
    return {number: parent for number, (parent, said) in _processes().items() if f"{_MARK}={mark}" in said}


def children(running: Running) -> list[int]:
    """Return the workers of a run: those that the server of forks has forked."""
    family = _family(running.mark)
    return [number for number, parent in family.items() if family.get(parent) == running.process.pid]


def until_gone(mark: str) -> float:
    """Return how many seconds the processes of a run still lived, infinite if they do not go."""
    began = time.monotonic()
    while left := _family(mark):
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
