"""The same command again does what is left, and nothing else; what cannot be trusted is made again or refused."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import WHEN, Run

from planmaker.batch import place, work
from planmaker.cli import batching

if TYPE_CHECKING:
    from planmaker.workshop import Workshop

ROWS = "id,profile,weeks,start\nA1,stretch-only,1,\nA2,stretch-only,1,2027-03-08\nA3,stretch-only,2,\n"
COMMAND = ("batch", "roster.csv", "--format", "ics,json", "--timezone", "Europe/Berlin")
FILES = [f"A{number}.{ending}" for number in (1, 2, 3) for ending in ("ics", "json")]


@pytest.fixture(autouse=True)
def _ready(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the catalogue once, not in each of many runs."""
    for module in (batching, work):
        monkeypatch.setattr(module, "open_workshop", lambda **_: workshop)


@pytest.fixture
def out(tmp_path: Path, run: Run) -> Path:
    """Return the folder of a finished run."""
    (tmp_path / "roster.csv").write_text(ROWS, encoding="utf-8")
    assert run(*COMMAND, "--issued", "2027-01-05T09:00:00Z").code == 0
    return tmp_path / "out"


def left(folder: Path) -> dict[str, bytes]:
    """Return the plans' files."""
    return {name: (folder / name).read_bytes() for name in FILES}


def test_skipped(run: Run, out: Path) -> None:
    """Another day nothing is done: when a plan was issued, and the start that it was given, are no part of its row."""
    before = left(out)

    outcome = run(*COMMAND, "--issued", "2027-02-20T09:00:00Z")

    assert outcome.err[-1].startswith("3 read: 0 done, 3 skipped, 0 rejected, 0 not run")
    assert left(out) == before


@pytest.mark.parametrize(
    ("name", "damage"),
    [("A1.ics", b""), ("A1.ics", b"BEGIN:VCALENDAR"), ("A1.ics", None), ("A2.json", None)],  # a bad .json is refused
)
def test_damaged(name: str, damage: bytes | None, run: Run, out: Path) -> None:
    """A file that is gone or damaged is noticed, and made again with the same bytes, also another day."""
    before = left(out)
    (out / name).unlink()
    if damage is not None:
        (out / name).write_bytes(damage)

    outcome = run(*COMMAND, "--issued", "2027-02-20T09:00:00Z")

    assert outcome.err[-1].startswith("3 read: 1 done, 2 skipped, 0 rejected, 0 not run")
    assert left(out) == before


@pytest.mark.parametrize("options", [("--reminder", "none"), ("--subfolders",), ("--format", "json"), ("--weeks", "3")])
def test_other_options(options: tuple[str, ...], run: Run, out: Path) -> None:
    """Another option makes every plan anew."""
    assert out.exists()

    outcome = run(*COMMAND, *options, "--issued", "2027-01-05T09:00:00Z")

    assert outcome.err[-1].startswith("3 read: 3 done, 0 skipped")


def test_changed_row(run: Run, out: Path, tmp_path: Path) -> None:
    """A row that has changed is made again, and no other."""
    (tmp_path / "roster.csv").write_text(ROWS.replace("A1,stretch-only,1", "A1,stretch-only,2"), encoding="utf-8")
    before = left(out)

    outcome = run(*COMMAND, "--issued", "2027-01-06T09:00:00Z")

    assert outcome.err[-1].startswith("3 read: 1 done, 2 skipped")
    assert {name for name, data in left(out).items() if data != before[name]} == {"A1.ics", "A1.json"}


def test_leftovers(run: Run, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a worker that was killed has left is gone when the run is over, not only at the next."""
    draft = out / ".planmaker" / ".planmaker-x.tmp"
    real = place.Folder.put

    def killed(self: place.Folder, files: place.Files) -> None:
        draft.touch()
        real(self, files)

    monkeypatch.setattr(place.Folder, "put", killed)
    run(*COMMAND, "--weeks", "3", "--reminder", "none", *WHEN[:2])

    assert sorted(path.name for path in draft.parent.iterdir()) == ["ledger.sqlite", "lock"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE plans SET issued = 'yesterday'",
        "UPDATE plans SET start = NULL",
        "UPDATE plans SET files = '[['",
        "DROP TABLE plans; CREATE TABLE plans (code)",
        "",
    ],
)
def test_damaged_ledger(damage: str, run: Run, out: Path) -> None:
    """A ledger that cannot be read stops the run with what to do; without it all is made once more, the same."""
    ledger = out / ".planmaker" / "ledger.sqlite"
    before = left(out)
    if damage:
        base = sqlite3.connect(ledger)
        base.executescript(damage)
        base.close()
    else:
        ledger.write_bytes(b"x" * 5000)

    outcome = run(*COMMAND, "--issued", "2027-01-05T09:00:00Z")
    ledger.unlink()
    again = run(*COMMAND, "--issued", "2027-01-05T09:00:00Z")

    assert outcome.code == 5
    assert re.fullmatch(r"out.\.planmaker.ledger\.sqlite: .*run .*", outcome.err[-1])
    assert again.code == 0
    assert left(out) == before


@pytest.mark.skipif(sys.platform == "win32", reason="locks of another kind")
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP])
def test_no_locks(number: int, run: Run, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot lock is refused with the reason, and nothing is written."""
    import fcntl  # noqa: PLC0415 - not there on Windows

    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    before = left(out)
    monkeypatch.setattr(fcntl, "flock", refused)

    outcome = run(*COMMAND, "--weeks", "3", *WHEN[:2])

    assert outcome.code == 5
    assert outcome.err[-1] == "out: files cannot be locked there, so two runs could mix; name another folder with --out"
    assert left(out) == before


def test_locked(run: Run, out: Path) -> None:
    """While a run is at work in a folder, another one ends with 6; and proceeds once the first is gone."""
    with place.Folder(out).entered():
        refused = run(*COMMAND, *WHEN[:2])
    after = run(*COMMAND, *WHEN[:2])

    assert refused.code == 6
    assert refused.err == ["out: another run is at work there; wait until it ends, or name another folder with --out"]
    assert after.code == 0


def test_held_report(run: Run, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a program holds report.csv open, as Excel does on Windows, report-2.csv is written and named."""
    real = os.replace

    def held(source: str, target: str) -> None:
        if Path(target).name == "report.csv":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        real(source, target)

    before = (out / "report.csv").read_bytes()
    monkeypatch.setattr(os, "replace", held)

    outcome = run(*COMMAND, *WHEN[:2])

    assert outcome.code == 0
    assert outcome.err[-1].endswith("report-2.csv")
    assert (out / "report.csv").read_bytes() == before
    assert b"skipped" in (out / "report-2.csv").read_bytes()


@pytest.mark.parametrize(("most", "reported"), [(2, False), (3, True)])
def test_interrupted_among_very_many(
    most: int,
    reported: bool,  # noqa: FBT001 - a case of the rule
    run: Run,
    out: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After Ctrl-C the reports are written if that does not take long; else it is told that they were not."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    before = (out / "report.csv").read_bytes()
    (tmp_path / "roster.csv").write_text(ROWS.replace("A1,", "A9,"), encoding="utf-8")
    monkeypatch.setattr(batching, "_MOST_REPORTED", most)
    monkeypatch.setattr(place.Folder, "put", interrupted)

    outcome = run(*COMMAND, "--issued", "2027-02-20T09:00:00Z")

    assert outcome.code == 130
    assert ((out / "report.csv").read_bytes() != before) == reported
    assert any("the reports were not written" in line for line in outcome.err) != reported
