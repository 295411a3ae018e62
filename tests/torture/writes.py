"""Fail every call that writes, in turn, once and from then on, and resume; exit 1 if one is wrong.

    python tests/torture/writes.py [--errnos ENOSPC,EIO,EROFS] [--every 1] [--rows 4]

The calls are those to open, write, sync, close, truncate, move, remove, make folders and set modes below the folder,
SQLite's too, made to fail by a small library in C (needs gcc and Linux). Each run must end with 5 and a message that
says what to do, or with 0 and nothing wrong; what is there must be whole; the same command again must leave what one
that nobody disturbed leaves. Files are synced beside the rest, so the order of the calls is not the same each time.
All that is done in an empty folder, and in one in which a plan is gone, another is damaged and a third is to have its
next version.
"""

from __future__ import annotations

import argparse
import errno
import shutil
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from batches import Batch, faults, plans, roster, told
from failing import Failure, forked, loaded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NONE = Failure()


def tortured(
    batch: Batch, start: Path | None, failures: Sequence[Failure], folder: Path
) -> tuple[Counter[str], list[str]]:
    """Run a batch with each failure, from a folder to start from or from none, and then without."""
    out = folder / "out"
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    older = plans(start) if start else {}
    expected = _left(batch, start, out)
    for failure in failures:
        _begin(start, out)
        label = f"call {failure.at}{' and on' if failure.on else ''}, {errno.errorcode.get(failure.errno, '')}"
        code, said, _ = forked(batch.arguments(out), out, failure)
        counts[f"exit code {code}"] += 1
        found = _stopped(code, said) + _mixed(out, expected, older)
        if code == 0:
            found += faults(out, batch, expected, (code, said))
        again, told_again, _ = forked(batch.arguments(out), out, NONE)
        found += faults(out, batch, expected, (again, told_again))
        wrong += [f"{fault} ({label}, exit code {code})" for fault in found]
    return counts, wrong


def calls(batch: Batch, start: Path | None, folder: Path) -> int:
    """Return how many calls that write a run makes."""
    _begin(start, folder / "out")
    return forked(batch.arguments(folder / "out"), folder / "out", NONE)[2]


def _left(batch: Batch, start: Path | None, out: Path) -> dict[str, bytes]:
    """Return what an undisturbed run leaves."""
    _begin(start, out)
    code, said, _ = forked(batch.arguments(out), out, NONE)
    assert code == 0, said
    return plans(out)


def _begin(start: Path | None, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    if start:
        shutil.copytree(start, out)


def _stopped(code: int, said: str) -> list[str]:
    """Return what is wrong with the end of a run whose writing failed."""
    helpful = code == 0 or any(word in said for word in ("run the same command again", "--out", "run again"))
    odd = code not in {0, 5} or "Traceback" in said or "internal error" in said or not helpful
    return [f"ended: exit code {code}: {said[-1500:]}"] if odd else []


def _mixed(out: Path, expected: Mapping[str, bytes], older: Mapping[str, bytes]) -> list[str]:
    """Return the files that are neither as they were nor as they are to be."""
    found = plans(out) if out.exists() else {}
    return [f"corrupt: {name}" for name, data in found.items() if data not in {expected.get(name), older.get(name)}]


def worn(batch: Batch, folder: Path) -> tuple[Batch, Path]:
    """Return a batch in which one row has changed, and the folder of the one before, not all of it as it was."""
    start = folder / "worn"
    forked(batch.arguments(start), start, NONE)
    (start / "T-00000.ics").unlink()
    (start / "T-00001.json").write_bytes((start / "T-00001.json").read_bytes()[:100])
    (start / "T-00001.json").unlink()  # a damaged plan is refused, not written over: only its calendar is damaged
    (start / "T-00001.ics").write_bytes(b"BEGIN:VCALENDAR")
    text = batch.file.read_text(encoding="utf-8")
    changed = batch.file.with_name("changed.csv")
    changed.write_text(text.replace("T-00002,stretch-only,Zoë Example 2,1,", "T-00002,full,Zoë Example 2,2,"), "utf-8")
    return replace(batch, file=changed), start


def main(arguments: Sequence[str]) -> int:
    """Print how the runs ended, and what is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--errnos", default="ENOSPC,EIO,EROFS")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--rows", type=int, default=4)
    asked = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = roster(folder / "roster.csv", asked.rows)
        batch = Batch(file=file, rows=asked.rows, bad=0, options=("--format", "ics,json"))
        for which, (case, start) in {"an empty folder": (batch, None), "a worn one": worn(batch, folder)}.items():
            number = calls(case, start, folder)
            failures = [
                Failure(at=at, on=on, errno=getattr(errno, error))
                for error in asked.errnos.split(",")
                for on in (False, True)
                for at in range(1, number + 1, asked.every)
            ]
            ended, found = tortured(case, start, failures, folder)
            counts += Counter({f"calls in {which}": number, f"runs in {which}": len(failures)}) + ended
            wrong += found
    return told(counts, wrong, 0)


if __name__ == "__main__":
    sys.exit(loaded(main, __file__, sys.argv[1:]))
