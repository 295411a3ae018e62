"""Kill workers and schedulers of a dask cluster, and judge what was made; exit 1 if a byte is not as in a local run.

    python tests/torture/cluster.py [KILLS [SCHEDULERS]]

takes some minutes. KILLS workers are killed while they work (100), SCHEDULERS schedulers (10); one run goes by TLS.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import distributed
from dasking import Cluster, certified

_client: Any = distributed.Client
ROWS = 600
WISHES = ("--format", "ics,json", "--issued", "2027-01-05T09:00:00Z", "--timezone", "Europe/Berlin")
SECONDS = (0.1, 1.0)  # from one look for somebody to kill to the next


def main(kills: int = 100, schedulers: int = 10) -> int:
    """Print what was killed and what was wrong."""
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        rows = "".join(f"A-{number},full,Ana {number},{1 + number % 12}\n" for number in range(1, ROWS + 1))
        Path("roster.csv").write_text("id,profile,name,weeks\n" + rows, encoding="utf-8")
        _started("here").wait()
        wrong = _workers(kills) + _schedulers(schedulers) + _encrypted()
    print(f"wrong: {wrong}")  # noqa: T201 - a program's product
    return 1 if wrong else 0


def _workers(kills: int) -> int:
    """Kill one worker after the other while runs follow each other."""
    chance = random.Random(1)  # noqa: S311 - no secret
    killed = wrong = runs = 0
    with Cluster(Path("cluster")) as cluster, _client(cluster.address, set_as_default=False) as watcher:
        while killed < kills and not wrong:
            runs += 1
            out = f"workers-{runs}"
            running = _started(out, cluster)
            while killed < kills and not _ended(running, chance.uniform(*SECONDS)):
                for pid in _at_work(watcher)[:1]:
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
            code = running.wait()
            wrong += code != 0 or _files(out) != _files("here")
    print(f"{killed} workers killed in {runs} runs of {ROWS} rows")  # noqa: T201 - as above
    return wrong


def _at_work(watcher: Any) -> list[int]:  # noqa: ANN401 - dask has no types for it
    """Return the processes with more than one piece of work: one that is alone is being tried for what it kills."""
    pids: dict[str, int] = watcher.run(os.getpid, on_error="ignore")
    tasks: dict[str, tuple[str, ...]] = watcher.processing()
    return [pid for worker, pid in pids.items() if len(tasks.get(worker, ())) > 1]


def _schedulers(count: int) -> int:
    """Kill schedulers at different times, and run again on new clusters."""
    wrong = 0
    for number in range(count):
        out = f"schedulers-{number}"
        with Cluster(Path(f"{out}-first")) as cluster:
            running = _started(out, cluster)
            while running.poll() is None and len(_plans(out)) < 1 + number * ROWS * 2 // (count + 1):
                threading.Event().wait(0.01)
            cluster.kill_scheduler()
            first = running.wait()
        with Cluster(Path(f"{out}-second")) as cluster:
            second = _started(out, cluster).wait()
        wrong += (first, second) != (5, 0) or _plans(out) != _plans("here")
    print(f"{count} schedulers killed, and run again on another cluster")  # noqa: T201 - as above
    return wrong


def _encrypted() -> int:
    """Run once by TLS, with certificates that dask's own settings name."""
    with Cluster(Path("encrypted"), settings=certified(Path("keys"))) as cluster:
        code = _started("tls", cluster).wait()
    print(f"{cluster.address} ended with {code}")  # noqa: T201 - as above
    return int(code != 0 or _files("tls") != _files("here"))


def _started(out: str, cluster: Cluster | None = None) -> subprocess.Popen[bytes]:
    there = ("--engine", "dask", "--scheduler", cluster.address) if cluster else ()
    command = [sys.executable, "-m", "planmaker", "batch", "roster.csv", "--out", out, *there, *WISHES]
    environment = {**os.environ, **(cluster.settings if cluster else {})}
    return subprocess.Popen(command, env=environment)


def _ended(running: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _files(out: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(out).glob("*") if path.is_file()}


def _plans(out: str) -> dict[str, bytes]:
    """Leave out the report, which says which rows were there already."""
    return {name: data for name, data in _files(out).items() if not name.startswith("report")}


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
