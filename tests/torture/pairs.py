"""Start two runs at once on one folder, in turn and with kills between; exit 1 if one is wrong.

    python tests/torture/pairs.py [--count 100] [--seed 1] [--rows 48]

Where the two overlap, exactly one proceeds and the other ends with 6, without any command to unlock; what is left is
what one run alone leaves. In every third folder a run was killed before, so that its lock lies there.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from batches import Batch, bad_of, dice, faults, plans, roster, told, until_gone

if TYPE_CHECKING:
    from random import Random

_BUSY = "another run is at work there; wait until it ends, or name another folder with --out"
_DONE = re.compile(r"(\d+) done")
_LOCKED = 6


def tortured(batch: Batch, out: Path, count: int, rng: Random) -> tuple[Counter[str], list[str]]:
    """Run so many pairs."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    batch.run(out, anew=False)
    expected = plans(out)
    for number in range(count):
        shutil.rmtree(out)
        if number % 3 == 2:
            _killed(batch, out, rng)
        counts["pairs"] += 1
        wrong += _pair(batch, out, expected, rng.choice((0.0, 0.0, 0.05, 0.3, 1.0)), counts)
    return counts, wrong


def _killed(batch: Batch, out: Path, rng: Random) -> None:
    """Leave the folder of a run that was killed."""
    running = batch.start(out, anew=False)
    while not running.over() and not (out / ".planmaker" / "lock").exists():
        time.sleep(0.005)
    time.sleep(rng.random())
    running.send(signal.SIGKILL)
    running.ended()
    until_gone(running)


def _pair(batch: Batch, out: Path, expected: dict[str, bytes], apart: float, counts: Counter[str]) -> list[str]:
    """Run a pair, and judge what each says and what both leave."""
    first = batch.start(out, anew=False)
    time.sleep(apart)
    second = batch.start(out, anew=False)
    endings = [first.ended(), second.ended()]
    good = [ending for ending in endings if ending[0] != _LOCKED]
    refused = [said for code, said in endings if code == _LOCKED]
    counts["both in turn" if len(good) == 2 else "one refused"] += 1
    found = [f"refused: {said}" for said in refused if _BUSY not in said or "Traceback" in said]
    if not good:
        return [*found, "both refused"]
    if len(good) == 2 and sum(int(_DONE.findall(said)[-1]) > 0 for _, said in good) > 1:
        found.append(f"mixed: {good}")
    return found + faults(out, batch, expected, good[-1])


def main() -> int:
    """Print how the pairs ended, and what is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=48)
    asked = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        file = roster(folder / "roster.csv", asked.rows)
        options = ("--jobs", "2", "--format", "ics,json")
        batch = Batch(file=file, rows=asked.rows, bad=bad_of(asked.rows), options=options)
        counts, wrong = tortured(batch, folder / "out", asked.count, dice(asked.seed))
    return told(counts, wrong, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
