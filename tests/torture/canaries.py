"""Put a word of its own into every cell but the id, make runs go wrong, and look for the words; exit 1 if one is out.

    python tests/torture/canaries.py [--rows 1000]

Runs that go well, dry, with messages as JSON, with --private, with a fault of the program in a worker and in the run
itself (PLANMAKER_DEBUG=1), with a disk that fails, and with a kill -9. No word may stand in a name, a message, the
ledger, a report, a traceback, or what is left anywhere, but in its own plan's .json and PDF, and with --private not
there either; after a kill also in what the run's own folder holds of those, until the next run sweeps it. All files
are their owner's alone, whatever the umask.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import re
import signal
import sys
import time
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))

from typing import TYPE_CHECKING

from batches import Batch, told, until_gone

from planmaker.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FAULTS", "leaks", "roster", "scenarios"]

_WORD = re.compile(rb"[Zz]q[0-9a-f]{6}k")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_COLUMNS = [field.name for field in FIELDS]
_FREE = ("name", "cleared_by")
_TYPED = [name for name in _COLUMNS if name not in {"id", "profile", *_FREE}]
# Put into a process by Python itself as it starts: what goes wrong in it, with a word in the exception's text.
FAULTS = {
    "a fault in a worker": """
import planmaker.workshop as at
real = at.person
def fails(request):
    if request.id.endswith("3"):
        raise ValueError(request.name)
    return real(request)
at.person = fails
""",
    "a fault in the run": """
import planmaker.batch.docket as at
real = at.Docket.settle
def fails(self, results):
    results = [*results]
    if any(result.done for result in results):
        rows = self._base.execute("SELECT row FROM rows").fetchall()
        try:
            raise KeyError(rows)
        except KeyError as error:
            raise RuntimeError(f"rows {rows}") from error
    return real(self, results)
at.Docket.settle = fails
""",
    "a disk that fails": """
import os, itertools, errno
real, count = os.fsync, itertools.count()
def fails(handle):
    if next(count) > 20:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    return real(handle)
os.fsync = fails
""",
    "a chunk that fails": """
import planmaker.batch.place as at
def fails(self, files):
    raise LookupError([*files.values()])
at.Folder.put = fails
""",
}


def roster(path: Path, rows: int) -> dict[str, set[bytes]]:
    """Write a roster with a word in each cell that can hold one; return those that may stand in the plan of an id."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    allowed: dict[str, set[bytes]] = {}
    words = (f"Zq{number:06x}k" for number in range(rows * len(_COLUMNS) * 2))
    for number in range(rows):
        name = f"C-{number:04}"
        row = dict.fromkeys(_COLUMNS, "") | {"id": name, "profile": "stretch-only", "weeks": str(number % 2 + 1)}
        row |= {free: next(words) for free in _FREE}
        kind = number % (2 * len(_TYPED) + 8)
        if kind < len(_TYPED):
            row[_TYPED[kind]] = next(words)
        elif kind == len(_TYPED):
            row = {key: next(words) if key != "id" else name for key in row}
        elif kind == len(_TYPED) + 1:
            row["name"] += "\u674e"  # which no typeface here has
        elif kind == len(_TYPED) + 2:
            row["name"] *= 60
        elif kind == len(_TYPED) + 3:
            row["cleared_by"] += "\x07"
        elif kind == len(_TYPED) + 4:
            row["id"] = f"C-{number - 1:04}"
        cells = [*row.values()]
        if kind == len(_TYPED) + 5:
            cells += [next(words), next(words)]
        elif kind == len(_TYPED) + 6:
            stream.write(f'{name},"{next(words)},{next(words)}\n')
            continue
        writer.writerow(cells)
        allowed[name] = set(_WORD.findall("".join(row[free] for free in _FREE).encode()))
    path.write_text(stream.getvalue(), encoding="utf-8")
    return allowed


def leaks(folder: Path, said: str, allowed: dict[str, set[bytes]], *, killed: bool = False) -> Iterator[str]:
    """Yield where a word stands that may not stand there, and which files others may read."""
    if found := _WORD.search(said.encode()):
        place = said.encode().rfind(b"\n", 0, found.start()) + 1
        yield f"said: {said.encode()[place : place + 300]!r}"
    everything = frozenset().union(*allowed.values())
    for path in folder.rglob("*"):
        own = killed and path.parent.name == ".planmaker" and path.suffix == ".tmp"
        mine = everything if own else allowed.get(path.stem, set()) if path.suffix in {".json", ".pdf"} else set()
        if _WORD.search(bytes(path.relative_to(folder))):
            yield f"name: {path.name}"
        if path.stat().st_mode & 0o077:
            yield f"not private: {path.relative_to(folder)}"
        if path.is_file() and (wrong := set(_WORD.findall(_opened(path))) - mine):
            yield f"file: {path.relative_to(folder)} has {sorted(wrong)[:3]}"


def _opened(path: Path) -> bytes:
    """Return what a file holds, a PDF with its streams and its text."""
    data = path.read_bytes()
    if not data.startswith(b"%PDF"):
        return data
    streams = []
    for stream in _STREAM.findall(data):
        try:
            streams.append(zlib.decompress(stream))
        except zlib.error:
            streams.append(stream)
    import pymupdf  # noqa: PLC0415 - slow to load

    with pymupdf.Document(stream=data) as document:  # type: ignore[no-untyped-call]
        text = "".join(page.get_text() for page in document).replace("\n", "").encode()
    return b"\0".join([data, *streams, text])


def scenarios(folder: Path, rows: int, *, formats: str) -> Iterator[tuple[str, int, list[str]]]:
    """Yield what was done, the exit code, and what leaked."""
    file = folder / "roster.csv"
    allowed = roster(file, rows)
    nothing: dict[str, set[bytes]] = {name: set() for name in allowed}
    batch = Batch(file=file, rows=rows, bad=0, options=("--format", formats, "--jobs", "2"))
    cases = {
        "well": (batch, allowed),
        "as JSON": (_with(batch, "--log-format", "json"), allowed),
        "dry": (_with(batch, "--dry-run"), nothing),
        "private": (_with(batch, "--private", "yes"), nothing),
        **{name: (_faulty(batch, folder, name), allowed) for name in FAULTS},
    }
    for number, (name, (case, mine)) in enumerate(cases.items()):
        place = folder / f"run {number}"
        place.mkdir(mode=0o700)
        case = _in(case, place, 0o000 if number % 2 else 0o022)  # noqa: PLW2901 - the same, in its place
        code, said = case.run(place / "out")
        yield name, code, [*leaks(place, said, mine), *_ended(name, code, said)]
    yield from _killed(_in(batch, folder, 0), folder, allowed)
    yield from _killed(_in(_with(batch, "--private", "yes"), folder, 0), folder, nothing)


def _with(batch: Batch, *options: str) -> Batch:
    return replace(batch, options=(*batch.options, *options))


def _in(batch: Batch, place: Path, umask: int) -> Batch:
    """Return a batch whose temporary files are to lie in a folder that is looked through."""
    temporary = place / "temporary"
    temporary.mkdir(mode=0o700, exist_ok=True)
    return replace(batch, umask=umask, environment={**batch.environment, "TMPDIR": str(temporary)})


def _faulty(batch: Batch, folder: Path, name: str) -> Batch:
    """Return a batch in whose processes something goes wrong."""
    place = folder / f"fault {name}"
    place.mkdir()
    (place / "sitecustomize.py").write_text(FAULTS[name], encoding="utf-8")
    return replace(
        batch,
        environment={
            "PYTHONPATH": f"{place}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
            "PLANMAKER_DEBUG": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
    )


def _ended(name: str, code: int, said: str) -> list[str]:
    """Return what is odd about how a run ended: a fault that was put in must be seen."""
    right = {"a fault in the run": 1, "a chunk that fails": 1, "a disk that fails": 5}.get(name, 3)
    seen = name != "a fault in a worker" or "internal error (ValueError)" in said
    return [] if code == right and seen else [f"ended: exit code {code}: {said[-500:]}"]


def _killed(batch: Batch, folder: Path, allowed: dict[str, set[bytes]]) -> Iterator[tuple[str, int, list[str]]]:
    """Kill a run while it writes, look at what it leaves, and again when the next one is over."""
    place = folder / "killed"
    place.mkdir(mode=0o700, exist_ok=True)
    out = place / ("private" if "--private" in batch.options else "out")
    running = batch.start(out)
    while not running.over() and not any(out.glob("*.json")):
        time.sleep(0.005)
    running.send(signal.SIGKILL)
    code, said = running.ended()
    until_gone(running)
    yield "killed", code, [*leaks(out, said, allowed, killed=True), *leaks(folder / "temporary", "", allowed)]
    code, said = batch.run(out)
    yield "and again", code, [*leaks(out, said, allowed), *leaks(folder / "temporary", "", allowed)]


def main() -> int:
    """Print how each run ended, and what leaked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1000)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    wrong = []
    with TemporaryDirectory() as name:
        for what, code, found in scenarios(Path(name), asked.rows, formats="pdf,ics,json"):
            counts[f"{what} (exit code {code})"] += 1
            wrong += [f"{fault} ({what})" for fault in found]
    return told(counts, wrong, 0)


if __name__ == "__main__":
    sys.exit(main())
