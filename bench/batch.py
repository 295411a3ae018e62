"""Make the plans of a large roster, and say how many rows a second, and what share of the time is plain writing.

Plain writing leaves files to the system, which has them in memory; a run does not end before they are on the disk. So
the time that this takes alone, one file after the other, is told too.

Run as ``python bench/batch.py [ROWS]``, ROWS being 10,000: they go over 50 programmes, two starts and two times of
day, and each has a sheet (PDF) and a calendar (.ics). ``python bench/batch.py --check 1000000`` times a dry run
instead, and its memory. ``--folder DIR`` names another folder than the system's for temporary files, such as one on a
disk; ``--runs N`` is how often each is measured.
"""

from __future__ import annotations

import argparse
import compileall
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from peers import PEERS, office
from sheet import people

import planmaker
from planmaker.plan import Plan
from planmaker.request import Request
from planmaker.workshop import Order, open_workshop

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAMMES = 50
_BYTES = 220_000  # of a person's files, and some more
_PIECE = 65_536
FEW, SOME = 12, 50  # people for whom typst draws, and for whom LibreOffice merges
ISSUED = "2027-01-05T09:00:00Z"
STARTS = ("2027-01-11", "2027-01-18")
TIMES = ("07:00", "07:30")
WISHES = tuple(
    itertools.islice(
        itertools.product(("full", "stretch-only", "strengthening"), range(4, 13), ("standard", "gentle")), PROGRAMMES
    )
)


def roster(path: Path, rows: int) -> None:
    """Write a roster; nobody in it is like the one before."""
    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,profile,weeks,level,name,start,am\n")
        for number in range(rows):
            profile, weeks, level = WISHES[number % len(WISHES)]
            times = TIMES[number // 100 % len(TIMES)], STARTS[number // 1000 % len(STARTS)]
            stream.write(f"A-{number},{profile},{weeks},{level},Robin Example {number},{times[1]},{times[0]}\n")


def batch(path: Path, out: Path, *options: str) -> float:
    """Return how many seconds a run takes, the start of the program included."""
    command = [sys.executable, "-m", "planmaker", "batch", str(path), "--out", str(out), "--timezone", "Europe/London"]
    begun = time.perf_counter()
    subprocess.run([*command, "--issued", ISSUED, *options], check=True, capture_output=True)  # noqa: S603 - our own
    return time.perf_counter() - begun


def warmed(folder: Path, rows: int) -> Path:
    """Have the system take as much memory as the files of a run need, and free it; return a folder to delete later.

    A virtual machine may get each page that it has freed from its host again, which takes several times as long as to
    write it, and says nothing of what is measured here. What is free is given back in large pieces only, so the folder
    keeps a page of every sixteen.
    """
    other = folder / "warm"
    other.mkdir()
    block = os.urandom(_PIECE)
    for number in range(rows * _BYTES // _PIECE):
        (other / str(number)).write_bytes(block)
    for item in other.iterdir():
        os.truncate(item, _PIECE // 16)
    os.sync()
    return other


def plain(sizes: Sequence[int], other: Path, jobs: int, *, synced: bool) -> float:
    """Return how many seconds it takes to write files of some sizes, and to bring them to the disk if asked."""
    other.mkdir()
    os.sync()  # what was written before must not wait in its way
    begun = time.perf_counter()
    with ProcessPoolExecutor(jobs) as pool:
        list(pool.map(partial(_write, other, synced=synced), range(jobs), (sizes[job::jobs] for job in range(jobs))))
    taken = time.perf_counter() - begun
    shutil.rmtree(other)
    return taken


def _write(folder: Path, job: int, sizes: Sequence[int], *, synced: bool) -> None:
    block = os.urandom(max(sizes))
    for number, size in enumerate(sizes):
        with (folder / f"{job}-{number}").open("wb") as stream:
            stream.write(block[:size])
            if synced:
                stream.flush()
                os.fsync(stream.fileno())


def throughput(rows: int, folder: Path, runs: int) -> None:
    """Print how fast a run is with one process and with two, beside plain writing, each at its best of some runs.

    Nothing makes a computer quicker than it is, and much that is none of a program's business makes it slower.
    """
    path = folder / "roster.csv"
    roster(path, rows)
    kind = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True, check=False)  # noqa: S603, S607
    where = kind.stdout.split()[-1] if kind.stdout else "unknown"
    sys.stdout.write(
        f"planmaker {version('planmaker')}, {rows} rows, {len(WISHES)} programmes, PDF and .ics, {where},"
        f" the best of {runs} runs\n"
    )
    for jobs in (1, 2):
        found = [_run(path, rows, folder, jobs) for _ in range(runs)]
        taken, left, synced = map(min, zip(*(item.seconds for item in found), strict=True))
        slowest = max(item.seconds[0] for item in found)
        shares = f"{left:6.2f} s, {left / taken:4.0%} of it, and with each file brought to the disk {synced:6.2f} s"
        sys.stdout.write(
            f"  {jobs} at work  {taken:7.2f} s  {rows / taken:7.0f} rows a second (at worst {rows / slowest:.0f})"
            f"  {found[0].written / 1e6:7.0f} MB; writing alone {shares}, {synced / taken:4.0%}\n"
        )


class _Measured(NamedTuple):
    """How many seconds a run takes, plain writing, and that with each file brought to the disk; how many bytes."""

    seconds: tuple[float, float, float]
    written: int


def _run(path: Path, rows: int, folder: Path, jobs: int) -> _Measured:
    """Measure a run, and plain writing of files of the same sizes."""
    out = folder / "out"
    warm = warmed(folder, rows)
    taken = batch(path, out, "--jobs", str(jobs), "--format", "pdf,ics")
    sizes = [item.stat().st_size for item in out.iterdir() if item.is_file()]
    shutil.rmtree(out)
    left, synced = (plain(sizes, folder / "plain", jobs, synced=synced) for synced in (False, True))
    shutil.rmtree(warm)
    return _Measured((taken, left, synced), sum(sizes))


def peers(folder: Path) -> None:
    """Print how long the peers take for a person."""
    workshop = open_workshop()
    words, artwork = workshop.words["en"], workshop.pictures()
    request = Request(profile="full", name="Robin Example", id="A-1", timezone="Europe/London", start=date(2027, 1, 11))
    plan = workshop.plan(request, Order(issued=datetime(2027, 1, 5, 9, tzinfo=UTC)))
    if not isinstance(plan, Plan):
        raise TypeError(plan)
    if "typst" in PEERS:
        several = list(people(plan, FEW + 1))
        PEERS["typst"].draw(several[0], words, artwork)
        begun = time.perf_counter()
        for other in several[1:]:
            PEERS["typst"].draw(other, words, artwork)
        _told(PEERS["typst"].version, (time.perf_counter() - begun) / FEW)
    if name := office.found():
        table = [(other.person.id, other.person.name) for other in people(plan, SOME)]
        _told(f"{name}, mail merge of text and tables only", office.merged(plan, table, words, folder) / SOME)
    else:
        sys.stderr.write(f"LibreOffice is not whole and left out: {office.INSTALL}\n")


def _told(name: str, seconds: float) -> None:
    sys.stdout.write(f"{name}\n  1 at work  {1 / seconds:7.1f} documents a second, six weeks, PDF only\n")


def checked(rows: int, folder: Path) -> None:
    """Print how long a dry run takes, and its memory."""
    path = folder / "roster.csv"
    roster(path, rows)
    taken = batch(path, folder / "out", "--dry-run")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    sys.stdout.write(
        f"planmaker {version('planmaker')}, dry run of {rows} rows: {taken:.1f} s, {rows / taken:.0f} rows a second,"
        f" at most {most:.0f} MB a process\n"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=10_000)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    compileall.compile_dir(Path(planmaker.__file__).parent, quiet=1)  # as pip does, unless it installs for editing
    with tempfile.TemporaryDirectory(dir=asked.folder, prefix="planmaker-bench-") as folder:
        if asked.check:
            checked(asked.rows, Path(folder))
        else:
            throughput(asked.rows, Path(folder), asked.runs)
            peers(Path(folder))


if __name__ == "__main__":
    main()
