"""What stands in a roster's cells stands in the files of its own plan, and nowhere else, whatever goes wrong.

A short form of tests/torture/canaries.py, which does the same with processes, kills and sheets.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from canaries import FAULTS, leaks, roster
from conftest import WHEN, Run

from planmaker import workshop
from planmaker.batch import docket, place, work
from planmaker.cli import batching
from planmaker.roster.rows import Row

ROWS = 75  # in which each kind of cell and of fault is once


@pytest.fixture(autouse=True)
def _here(workshop: workshop.Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make all rows in this process, with the catalogue read once."""
    monkeypatch.setattr(batching, "_FEWEST_ROWS", ROWS + 1)
    for module in (batching, work):
        monkeypatch.setattr(module, "open_workshop", lambda **_: workshop)


@pytest.mark.parametrize("fault", [None, *FAULTS])
@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_canaries(fault: str | None, umask: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cell but the id is in a name, a message, a traceback, a report or the ledger; all files are private."""
    allowed = roster(tmp_path / "roster.csv", ROWS)
    for owner, name in ((workshop, "person"), (docket.Docket, "settle"), (place.Folder, "put"), (os, "fsync")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # to have it again afterwards
    monkeypatch.setenv("PLANMAKER_DEBUG", "1")
    before = os.umask(umask)
    try:
        exec(FAULTS.get(fault or "", ""), {})  # noqa: S102 - as Python does when it starts
        outcome = run("batch", "roster.csv", "--format", "ics,json", "--log-format", "json", *WHEN)
    finally:
        os.umask(before)

    assert outcome.code == {"a fault in the run": 1, "a chunk that fails": 1, "a disk that fails": 5}.get(
        fault or "", 3
    )
    assert fault != "a fault in a worker" or "internal error (ValueError)" in "\n".join(outcome.err)
    assert [*leaks(tmp_path / "out", "\n".join([*outcome.err, outcome.out]), allowed)] == []


@pytest.mark.parametrize("option", ["--private", "--dry-run"])
def test_private(option: str, run: Run, tmp_path: Path) -> None:
    """With --private no cell but the id is in any file; a dry run leaves no file."""
    allowed: dict[str, set[bytes]] = {name: set() for name in roster(tmp_path / "roster.csv", ROWS)}

    outcome = run("batch", "roster.csv", "--format", "ics,json", option, *WHEN)

    assert outcome.code == 3
    assert [*leaks(tmp_path / "out", "\n".join([*outcome.err, outcome.out]), allowed)] == []
    assert (tmp_path / "out").exists() == (option == "--private")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks through /proc")
def test_docket_has_no_name() -> None:
    """The rows of a run lie in a file that has no name any more, so that not even a kill leaves it, and is private."""
    before = os.umask(0)
    try:
        with docket.opened() as desk:
            desk.fill(Row(line=line, texts={"id": f"A-{line}", "name": "x" * 200}) for line in range(2, 20_000))
            files = [handle for handle in Path("/proc/self/fd").iterdir() if "etilqs" in _target(handle)]
            told = [(_target(handle).endswith(" (deleted)"), handle.stat().st_mode & 0o777) for handle in files]
    finally:
        os.umask(before)

    assert set(told) == {(True, 0o600)}


def _target(handle: Path) -> str:
    return str(handle.readlink()) if handle.is_symlink() else ""


def test_what_ails_somebody(run: Run, tmp_path: Path) -> None:
    """No condition is named to whoever reads messages and reports, be it in a cell or near what is."""
    rows = (
        "L1,full,spine-surgery,",
        "L2,full,heart-disease; spine-surgery,",
        "L3,full,stenosiss,",
        "L4,full,,bird_dog",
    )
    (tmp_path / "roster.csv").write_text(
        "id,profile,avoid,include,exclude\n" + "".join(f"{row},bird_dog\n" for row in rows), encoding="utf-8"
    )
    command = ("batch", "roster.csv", "--jobs", "1", "--format", "json", *WHEN)

    silent = run(*command)
    told = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("report.*")]
    asked = run(*command, "--show-values")

    every = ", ".join(workshop.open_workshop().catalogue.conditions)  # what might be typed tells of nobody
    words = {"spine", "heart", "did you mean", "bird_dog"}
    assert [word for word in words for text in (*told, *silent.err) if word in text.replace(every, "")] == []
    assert {word for word in words for text in asked.err if word in text.replace(every, "")} == words
