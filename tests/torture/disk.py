"""Fill the disk at many sizes, make room, and resume; exit 1 if one is wrong.

    python tests/torture/disk.py [--sizes 200] [--rows 6] [--by tmpfs|bytes] [--processes] [--format pdf,ics,json]

By tmpfs a real file system of that size is mounted (by root only); by bytes a small library in C lets so many be
written. The sizes go from nothing to more than a whole run takes. --processes: with two workers at work, by tmpfs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from batches import Batch, bad_of, faults, plans, roster, told, whole
from failing import Failure, forked, loaded

_PAGE = 4096
_AMPLE = 1 << 28
Run = Callable[[Batch, Path, Failure], tuple[int, str]]


def tortured(batch: Batch, folder: Path, sizes: int, *, tmpfs: bool, run: Run) -> tuple[Counter[str], list[str]]:
    """Run a batch on disks of so many sizes, and again when there is room."""
    out = folder / "disk" / "out"
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    with _disk(out.parent, _AMPLE, tmpfs=tmpfs):
        run(batch, out, Failure())
        expected = plans(out)
        taken = sum(-(-path.stat().st_size // _PAGE) * _PAGE for path in out.rglob("*") if path.is_file())
    for number in range(sizes):
        size = max(taken * 13 * number // (12 * sizes), 1)
        with _disk(out.parent, size, tmpfs=tmpfs):
            code, said = run(batch, out, Failure(room=-1 if tmpfs else size))
            counts[f"exit code {code}"] += 1
            found = whole(out, expected)
            if code not in {0, 3, 5} or "Traceback" in said or (code == 5 and "make room" not in said):
                found.append(f"ended: exit code {code}: {said[-1500:]}")
            if code in {0, 3}:
                found += faults(out, batch, expected, (code, said))
            if tmpfs:
                _mount(out.parent, _AMPLE, "remount,")
            found += faults(out, batch, expected, run(batch, out, Failure()))
            wrong += [f"{fault} ({size} bytes, exit code {code})" for fault in found]
    return counts, wrong


@contextlib.contextmanager
def _disk(place: Path, size: int, *, tmpfs: bool) -> Iterator[None]:
    """Have an empty disk of a size, or an empty folder."""
    place.mkdir()
    if tmpfs:
        _mount(place, size)
    try:
        yield
    finally:
        if tmpfs:
            subprocess.run(["umount", place], check=True)  # noqa: S607
        shutil.rmtree(place)


def _mount(place: Path, size: int, how: str = "") -> None:
    options = f"{how}mode=700,size={-(-size // _PAGE) * _PAGE}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "planmaker", place], check=True)  # noqa: S607


def here(batch: Batch, out: Path, failure: Failure) -> tuple[int, str]:
    """Run in a fork of this process."""
    return forked(batch.arguments(out), out, failure)[:2]


def elsewhere(batch: Batch, out: Path, _: Failure) -> tuple[int, str]:
    """Run as a person does, with workers."""
    return batch.run(out)


def main(arguments: Sequence[str]) -> int:
    """Print how the runs ended, and what is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, default=200)
    parser.add_argument("--rows", type=int, default=6)
    parser.add_argument("--by", choices=("tmpfs", "bytes"), default="tmpfs" if os.geteuid() == 0 else "bytes")
    parser.add_argument("--processes", action="store_true")
    parser.add_argument("--format", default="pdf,ics,json")
    asked = parser.parse_args(arguments)
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = roster(folder / "roster.csv", asked.rows)
        batch = Batch(
            file=file, rows=asked.rows, bad=bad_of(asked.rows), options=("--jobs", "2", "--format", asked.format)
        )
        run = elsewhere if asked.processes else here
        counts, wrong = tortured(batch, folder, asked.sizes, tmpfs=asked.by == "tmpfs", run=run)
    return told(counts, wrong, 0)


if __name__ == "__main__":
    sys.exit(loaded(main, __file__, sys.argv[1:]))
