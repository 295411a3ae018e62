"""Kill and interrupt batches at random moments, again and again until each gets to its end; exit 1 if one is wrong.

    python tests/torture/crashes.py [--count 1000] [--seed 1] [--how parent,worker,group,ctrl-c,ctrl-c-group] [--heavy]

kill -9 of the parent, of a worker, of the whole process group; SIGINT to the parent and to the group. After each, a
file that is there must be whole, and no process may be left; a run that got to its end must have left what one that
nobody disturbed leaves, to the byte, and reports that account for every row. An interrupted run must end with 130,
without a traceback; the longest time that took is printed. --heavy: every row has a programme and a sheet of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from batches import Batch, Running, bad_of, children, dice, faults, plans, roster, told, until_gone, whole

from planmaker.plan import plan_from_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ANEW = 0.2  # how many of the runs begin in a Python of their own, which takes a second more
LONGEST = 3.0  # seconds from Ctrl-C to the end
_PATIENCE = 60.0
_INTERRUPTED = 130


@dataclass(slots=True, kw_only=True)
class Score:
    """What happened so far."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    orphans: float = 0.0


def _worker(running: Running, rng: Random) -> None:
    """Kill a worker, as soon as there is one."""
    while not running.over():
        if found := children(running):
            with suppress(ProcessLookupError):
                os.kill(rng.choice(found), signal.SIGKILL)
            return
        time.sleep(0.01)


HOW: dict[str, Callable[[Running, Random], None]] = {
    "parent": lambda running, _: running.send(signal.SIGKILL),
    "worker": _worker,
    "group": lambda running, _: running.send(signal.SIGKILL, group=True),
    "ctrl-c": lambda running, _: running.send(signal.SIGINT),
    "ctrl-c-group": lambda running, _: running.send(signal.SIGINT, group=True),
}


def tortured(batch: Batch, out: Path, count: int, hows: tuple[str, ...], rng: Random) -> Score:
    """Disturb runs ``count`` times, each folder until a run in it gets to its end."""
    score = Score()
    began = time.monotonic()
    batch.run(out, anew=False)
    lasts = time.monotonic() - began
    expected = plans(out)
    shutil.rmtree(out)
    fixed = batch.issued
    while sum(score.counts[how] for how in hows) < count:
        batch = replace(batch, issued=fixed if rng.random() < 0.8 else "")
        _folder(batch, out, expected if batch.issued else {}, hows, lasts, score, rng)
        shutil.rmtree(out, ignore_errors=True)
        print(f"{sum(score.counts[how] for how in hows)} of {count}, {len(score.wrong)} wrong", file=sys.stderr)  # noqa: T201
    return score


def _folder(  # noqa: PLR0913, PLR0917 - the recipe of one folder
    batch: Batch, out: Path, expected: dict[str, bytes], hows: tuple[str, ...], lasts: float, score: Score, rng: Random
) -> None:
    """Disturb the runs in a folder until one ends in peace, and judge what it left."""
    for _ in range(rng.choice((1, 2, 3, 5, 8))):
        how = rng.choice(hows)
        code, _said = _disturbed(batch, out, how, lasts, score, rng)
        if expected:
            score.wrong += [f"{fault} ({how}, exit code {code})" for fault in whole(out, expected)]
        if code in {0, 3}:
            break
    ending = batch.run(out, anew=False)
    score.counts["resumed to the end"] += 1
    if not expected:
        expected = _as_issued(batch, out)
    score.wrong += faults(out, batch, expected, ending)


def _as_issued(batch: Batch, out: Path) -> dict[str, bytes]:
    """Return what one undisturbed run leaves that was issued as the first in a folder was."""
    found = {plan_from_json(path.read_text(encoding="utf-8")).issued for path in out.glob("*.json")}
    if len(found) != 1:
        return {f"one moment of issue, not {len(found)}": b""}
    other = out.with_name("undisturbed")
    replace(batch, issued=found.pop().isoformat()).run(other, anew=False)
    left = plans(other)
    shutil.rmtree(other)
    return left


def _disturbed(batch: Batch, out: Path, how: str, lasts: float, score: Score, rng: Random) -> tuple[int, str]:
    """Start a run, do it harm at a random moment, and judge how it ends."""
    anew = rng.random() < ANEW
    running = batch.start(out, anew=anew)
    if rng.random() < 0.7:
        _until_writing(running, out)
        time.sleep(rng.random() * lasts / 2)
    else:
        time.sleep(rng.random() * lasts)
    began = time.monotonic()
    HOW[how](running, rng)
    code, said = running.ended()
    took = time.monotonic() - began
    gone = until_gone(running)
    if anew and code in {1, -signal.SIGINT} and "planmaker" not in said:
        score.counts["interrupted before the program began"] += 1  # while Python itself began
        return code, said
    score.counts[how] += 1
    score.counts[f"{how}: exit code {code}"] += 1
    score.orphans = max(score.orphans, gone)
    if gone == float("inf"):
        score.wrong.append(f"orphans: {how}")
    if how.startswith("ctrl-c"):
        score.slowest = max(score.slowest, took)
        if code not in {0, 3, _INTERRUPTED}:
            score.wrong.append(f"interrupted: exit code {code}: {said[-1500:]}")
        if took > LONGEST:
            score.wrong.append(f"interrupted: took {took:.2f} s")
    if how in {"worker", "ctrl-c", "ctrl-c-group"} and ("Traceback" in said or "Error" in said):
        score.wrong.append(f"traceback: {how}: {said[-1500:]}")
    if how == "worker" and code in {0, 3}:
        score.wrong += [f"{fault} (a worker was killed)" for fault in _balanced(batch, said)]
    return code, said


def _balanced(batch: Batch, said: str) -> list[str]:
    """Return what is wrong with the summary of a run that lost a worker, but no row by that."""
    return [] if f"{batch.bad} rejected, 0 not run" in said else [f"refused: {said[-1500:]}"]


def _until_writing(running: Running, out: Path) -> None:
    """Wait until a run has put its own folder in place, or is over."""
    began = time.monotonic()
    while not running.over() and not (out / ".planmaker").exists():
        if time.monotonic() - began > _PATIENCE:
            return
        time.sleep(0.005)


def heavy(folder: Path, rows: int) -> Batch:
    """Return a batch in which each row has a programme and a sheet of its own."""
    file = roster(folder / "heavy.csv", rows, distinct=True)
    return Batch(file=file, rows=rows, bad=bad_of(rows), options=("--jobs", "2"))


def light(folder: Path, rows: int) -> Batch:
    """Return a batch of rows that take little time."""
    file = roster(folder / "light.csv", rows)
    return Batch(file=file, rows=rows, bad=bad_of(rows), options=("--jobs", "2", "--format", "ics,json"))


def main() -> int:
    """Print how often what was done, how long it took at most, and what is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=48)
    parser.add_argument("--how", default=",".join(HOW))
    parser.add_argument("--heavy", action="store_true")
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        batch = (heavy if asked.heavy else light)(Path(name), asked.rows)
        score = tortured(batch, Path(name) / "out", asked.count, tuple(asked.how.split(",")), dice(asked.seed))
    print(f"processes gone after {score.orphans:.2f} s; Ctrl-C took {score.slowest:.2f} s at most")  # noqa: T201
    return told(score.counts, score.wrong, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
