"""Run into a bucket whose puts fail in every way, and judge what is there; exit 1 if a byte is not as in a local run.

    python tests/torture/objects.py [FAULTS [STOPS]]

takes some minutes. FAULTS puts fail in passing (200), STOPS runs are ended for good (24), by the store or by SIGKILL.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

sys.path.insert(0, str(Path(__file__).parent.parent))

from bucket import FAULTS, Bucket, served

from planmaker import cli
from planmaker.batch import leases, store

ROWS = 40
EVERY = 7  # puts from one fault to the next
WISHES = ("--format", "ics,json", "--issued", "2027-01-05T09:00:00Z", "--timezone", "Europe/Berlin")
PAIRS = 10


def main(faults: int = 200, stops: int = 24) -> int:
    """Print what was done and what was wrong."""
    with TemporaryDirectory() as folder, served(silence=1.0) as bucket:
        os.chdir(folder)
        os.environ.update(bucket.settings)
        rows = "".join(f"A-{number},stretch-only,Ana {number},1\n" for number in range(1, ROWS + 1))
        Path("roster.csv").write_text("id,profile,name,weeks\n" + rows, encoding="utf-8")
        _run("here")
        local = {path.name: path.read_bytes() for path in Path("here").iterdir() if path.is_file()}
        wrong = _passing(bucket, local, faults) + _stopped(bucket, local, stops) + _pairs(bucket, local)
    print(f"wrong: {wrong}")  # noqa: T201 - a program's product
    return 1 if wrong else 0


def _passing(bucket: Bucket, local: dict[str, bytes], faults: int) -> int:
    """Let every seventh put fail once."""
    kinds = itertools.cycle(FAULTS)
    met = wrong = runs = 0

    def choose(number: int, _path: str) -> str | None:
        nonlocal met
        if number % EVERY or met >= faults:
            return None
        met += 1
        return next(kinds)

    while met < faults:
        runs += 1
        bucket.faulty(choose)
        code = _run(f"s3://clinic/passing-{runs}")
        wrong += code != 0 or bucket.objects(f"passing-{runs}") != local
    print(f"{met} puts failed in passing ({', '.join(FAULTS)}), {runs} runs of {ROWS} rows")  # noqa: T201 - as above
    return wrong


def _stopped(bucket: Bucket, local: dict[str, bytes], stops: int) -> int:
    """End runs at puts all along the way, by a store that fails for good and by SIGKILL, and run them again."""
    wrong = 0
    puts = _puts(bucket)
    for number in range(stops):
        at = 1 + number * (puts - 5) // stops  # the last are the reports and the end of the lease
        place = f"s3://clinic/stopped-{number}"
        code = _killed(bucket, at, place) if number % 2 else _failed(bucket, at, place)
        bucket.faulty(lambda _number, _path: None)
        with mock.patch.object(leases, "_over", return_value=True):  # as after the patience with a dead run
            again = _run(place)
        there = bucket.objects(f"stopped-{number}")
        if code not in {5, -9} or again != 0 or _plans(there) != _plans(local):
            print(f"stopped at put {at} of {puts}: ended with {code}, then with {again}")  # noqa: T201 - as above
            wrong += 1
    print(f"{stops} runs ended at a put and run again")  # noqa: T201 - as above
    return wrong


def _puts(bucket: Bucket) -> int:
    """Count the puts of a run."""
    seen: list[int] = []
    bucket.faulty(lambda number, _path: seen.append(number))
    _run("s3://clinic/counted")
    return seen[-1]


def _failed(bucket: Bucket, at: int, place: str) -> int:
    bucket.faulty(lambda number, _path: "500" if number >= at else None)
    with mock.patch.dict(os.environ, AWS_MAX_ATTEMPTS="1"):
        return _run(place)


def _killed(bucket: Bucket, at: int, place: str) -> int:
    running: list[subprocess.Popen[bytes]] = []

    def choose(number: int, _path: str) -> None:
        if number == at and running:
            running[0].kill()

    bucket.faulty(choose)
    running.append(_started(place))
    return running[0].wait()


def _pairs(bucket: Bucket, local: dict[str, bytes]) -> int:
    """Start two runs at the same time."""
    bucket.faulty(lambda _number, _path: None)
    wrong = 0
    for number in range(PAIRS):
        both = [_started(f"s3://clinic/pair-{number}") for _ in range(2)]
        codes = sorted(process.wait() for process in both)
        wrong += codes not in ([0, 6], [0, 0]) or _plans(bucket.objects(f"pair-{number}")) != _plans(local)
        print(f"two at once ended with {codes}")  # noqa: T201 - as above
    return wrong


def _plans(found: dict[str, bytes]) -> dict[str, bytes]:
    """Leave out the report, which says which rows were there already."""
    return {name: data for name, data in found.items() if not name.startswith("report")}


def _run(place: str) -> int:
    """Run in this process, with nothing left of the run before."""
    store.opened.cache_clear()
    with contextlib.suppress(ImportError):
        import s3fs  # noqa: PLC0415 - loaded only once the settings are there

        s3fs.S3FileSystem.clear_instance_cache()
    with contextlib.redirect_stderr(io.StringIO()):
        return cli.main(["batch", "roster.csv", "--out", place, "--jobs", "1", *WISHES])


def _started(place: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "planmaker", "batch", "roster.csv", "--out", place, "--jobs", "1", *WISHES]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
