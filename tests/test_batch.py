"""A clinic's roster becomes a set of files for each good row, and a precise message for each bad one."""

from __future__ import annotations

import csv
import errno
import itertools
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from conftest import WHEN, Run

from planmaker import formats
from planmaker import workshop as workshops
from planmaker.assign import person
from planmaker.batch import report
from planmaker.batch.account import Result, Status, Task
from planmaker.batch.docket import Account
from planmaker.batch.engines import processes, through
from planmaker.errors import Problem
from planmaker.plan import plan_from_json
from planmaker.workshop import Order

if TYPE_CHECKING:
    from pathlib import Path

    from planmaker.plan import Person
    from planmaker.request import Request
    from planmaker.workshop import Workshop

SOMEBODY = "Zsófia-Quisquater"
STRETCHES = (
    "calf stretch",
    "Knee to chest",
    "supine_hamstring_stretch",
    "piriformis_stretch",
    "prone-quadriceps-stretch",
)
REPORTS = {"report.csv", "report.jsonl", "send-list.csv"}
PROFILES = ("full", "stretch-only", "strengthening")

# Line, row, and what is said about it.
BAD = {
    5: (f"B-1,full,{SOMEBODY},6,3/4/2027,,", "start: could be 3 April or 4 March; type 2027-04-03 or 2027-03-04"),
    23: (f"B-2,full,{SOMEBODY},27,,,", "weeks: expected a whole number from 1 to 26"),
    41: (
        f"B-3,ful,{SOMEBODY},6,,,",
        "profile: expected one of full, strengthening, stretch-only; did you mean full?",
    ),
    59: (
        f"../{SOMEBODY},full,{SOMEBODY},6,,,",
        "id: expected 1 to 64 letters, digits, dots, dashes or underscores, starting with a letter or digit",
    ),
    77: (
        f"B-5,full,{SOMEBODY},6,,Europe/Lodnon,",
        "timezone: expected a time zone such as Europe/Berlin; did you mean Europe/London?",
    ),
    95: (
        f"B-6,full,{SOMEBODY},6,2026-12-28,,",
        "start: lies in the past; type a later date, or allow it with --allow-past",
    ),
    113: (
        f"B-7,full,{SOMEBODY},Ana,6,,,",
        "row: expected 7 cells, as in the header, and there are 8; put quotation marks round a text that holds a comma",
    ),
    131: (
        f'B-8,full,"{SOMEBODY},6,,,',
        "row: a quotation mark has no partner; put one at each end of the text, or none",
    ),
    149: (f",full,{SOMEBODY},6,,,", "id: missing; type a code such as A-1001"),
    201: (
        f"B-10,stretch-only,{SOMEBODY},6,,,{';'.join(STRETCHES)}",
        "exclude: leaves no stretch exercise for profile stretch-only; allow more, or choose another profile",
    ),
}


def clinic() -> str:
    """Write a roster of 200 rows, ten of them bad."""
    good = {
        line: f"A-{line:04},{PROFILES[line % 3]},Zoë {SOMEBODY},{(1, 6, 12)[line % 3]},,," for line in range(2, 202)
    }
    rows = good | {line: row for line, (row, _) in BAD.items()}
    header = "id,profile,name,weeks,start,timezone,exclude"
    return "\n".join([header, *(rows[line] for line in sorted(rows))]) + "\n"


def table(path: Path) -> list[dict[str, str]]:
    """Read a report."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def names(folder: Path) -> set[str]:
    """Return what a folder holds for people."""
    return {path.name for path in folder.iterdir() if path.name != ".planmaker"}


def test_clinic(run: Run, tmp_path: Path) -> None:
    """Of 200 rows with ten bad ones, 190 are made, each bad one is reported exactly, and the sum is right."""
    (tmp_path / "roster.csv").write_text(clinic(), encoding="utf-8")

    outcome = run("batch", "roster.csv", "--format", "ics,json", "--jobs", "1", *WHEN)

    good = [f"A-{line:04}" for line in range(2, 202) if line not in BAD]
    assert outcome.code == 3
    assert outcome.out == ""
    assert outcome.err == [
        *(f"roster.csv:{line}: {what}" for line, (_, what) in BAD.items()),
        f"200 read: 190 done, 0 skipped, 10 rejected, 0 not run; see {os.path.join('out', 'report.csv')}",  # noqa: PTH118 - as a person reads it
    ]
    assert names(tmp_path / "out") == {f"{name}{end}" for name in good for end in (".ics", ".json")} | REPORTS


def test_report(run: Run, tmp_path: Path) -> None:
    """The report has every row once, in order, an id only where it is valid, and nobody's name."""
    (tmp_path / "roster.csv").write_text(clinic(), encoding="utf-8")

    run("batch", "roster.csv", "--format", "json", "--jobs", "1", *WHEN)

    rows = table(tmp_path / "out" / "report.csv")
    by_line = {int(row["line"]): row for row in rows}
    assert [int(row["line"]) for row in rows] == list(range(2, 202))
    assert {line: row["problem"] for line, row in by_line.items() if row["problem"]} == {
        line: what for line, (_, what) in BAD.items()
    }
    assert [by_line[line]["id"] for line in BAD] == ["B-1", "B-2", "B-3", "", "B-5", "B-6", "", "", "", "B-10"]
    assert by_line[2] == {
        "line": "2",
        "id": "A-0002",
        "status": "done",
        "files": "A-0002.json",
        "problem": "",
        "notice": "",
    }
    assert SOMEBODY.encode() not in (tmp_path / "out" / "report.csv").read_bytes()


def test_names_stay_private(run: Run, tmp_path: Path) -> None:
    """No message, report or file name repeats what was typed, unless --show-values asks for it."""
    (tmp_path / "roster.csv").write_text(f"id,profile,name,weeks\nA1,full,{SOMEBODY},{SOMEBODY}\n", encoding="utf-8")

    silent = run("batch", "roster.csv", "--jobs", "1", *WHEN)
    spoken = run("batch", "roster.csv", "--jobs", "1", "--dry-run", "--show-values", *WHEN)

    assert SOMEBODY not in "".join(silent.err)
    assert spoken.err[0] == f"roster.csv:2: weeks: expected a whole number from 1 to 26 (found '{SOMEBODY}')"


def test_unprintable_name(run: Run, tmp_path: Path) -> None:
    """A name that the sheet cannot print is a refused row; of the name it tells the character only when asked."""
    (tmp_path / "roster.csv").write_text("id,profile,name,weeks\nA1,full,李,1\nA2,full,Li,1\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--jobs", "1", *WHEN)

    assert outcome.code == 3
    said = "roster.csv:2: name: holds a character that the sheet's typefaces cannot print; Chinese, Japanese and"
    assert outcome.err[0].startswith(said)
    assert names(tmp_path / "out") == {"A2.pdf", "A2.ics", "A2.json"} | REPORTS
    asked = run("batch", "roster.csv", "--jobs", "1", "--show-values", *WHEN)
    assert asked.err[0].endswith("(found 'CJK UNIFIED IDEOGRAPH-674E (U+674E)')")


def test_whose_clock(run: Run, tmp_path: Path) -> None:
    """Where rows name no time zone, it is said whose the times are taken for, and not where one is named for all."""
    (tmp_path / "roster.csv").write_text("id,profile,timezone\nA1,full,\nA2,full,Asia/Kolkata\n", encoding="utf-8")
    check = ("batch", "roster.csv", "--dry-run", *WHEN[:2])

    silent, told = run(*check, "--timezone", "UTC"), run(*check)

    assert len(silent.err) == 1
    assert re.fullmatch(
        "roster.csv: rows without a time zone: 1; new plans have the times of .+, as this computer does", told.err[0]
    )


def test_dry_run(run: Run, tmp_path: Path) -> None:
    """A dry run finds everything and writes nothing, no report either."""
    (tmp_path / "roster.csv").write_text(clinic(), encoding="utf-8")

    outcome = run("batch", "roster.csv", "--format", "json", "--jobs", "1", "--dry-run", *WHEN)

    assert outcome.code == 3
    assert outcome.err[-1] == "200 read: 190 ready, 0 skipped, 10 rejected, 0 not run"
    assert names(tmp_path) == {"roster.csv"}


def test_roster_is_kept(run: Run, tmp_path: Path) -> None:
    """A run that would write its report over its own roster is refused, and the roster stays."""
    (tmp_path / "report.csv").write_text("id,profile\nA1,full\n", encoding="utf-8")

    outcome = run("batch", "report.csv", "--out", ".", *WHEN)

    assert outcome.code == 2
    assert (tmp_path / "report.csv").read_text(encoding="utf-8") == "id,profile\nA1,full\n"
    assert names(tmp_path) == {"report.csv"}


def test_sample(run: Run, tmp_path: Path) -> None:
    """The sample roster passes unchanged."""
    sample = run("batch", "--sample")
    (tmp_path / "roster.csv").write_text(sample.out, encoding="utf-8")

    outcome = run("batch", "roster.csv", "--format", "json", *WHEN)

    assert outcome.code == 0
    assert outcome.err[-1].startswith("2 read: 2 done, 0 skipped, 0 rejected")


def test_empty_cells(run: Run, tmp_path: Path) -> None:
    """An empty cell takes the command's option, and that failing the field's default."""
    (tmp_path / "roster.csv").write_text("id,weeks,per_day\nA1,,1\nA2,2,\n", encoding="utf-8")

    run("batch", "roster.csv", "--profile", "full", "--weeks", "3", "--format", "json", "--dry-run", *WHEN)
    outcome = run("batch", "roster.csv", "--profile", "full", "--weeks", "3", "--format", "json", *WHEN)
    plans = [plan_from_json((tmp_path / "out" / f"A{n}.json").read_text(encoding="utf-8")) for n in (1, 2)]

    assert outcome.code == 0
    assert [len(plan.programme.weeks) for plan in plans] == [3, 2]
    assert [plan.programme.per_day for plan in plans] == [1, 2]


def test_bad_option(run: Run, tmp_path: Path) -> None:
    """A bad option is told once and stops the command, not each row."""
    (tmp_path / "roster.csv").write_text("id,profile\nA1,full\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--weeks", "99", *WHEN)

    assert outcome.code == 2
    assert outcome.err == ["--weeks: expected a whole number from 1 to 26"]


def test_same_row_twice(run: Run, tmp_path: Path) -> None:
    """A row that is there twice is made once, and the other is named."""
    rows = "A1,full,1\nB1,full,1\n a1 ,full,1\n\uff21\uff11,full,1\n"
    (tmp_path / "roster.csv").write_text("id,profile,weeks\n" + rows, encoding="utf-8")

    outcome = run("batch", "roster.csv", "--format", "json", *WHEN)

    assert outcome.code == 0
    assert outcome.err == [
        "roster.csv:4: id: the whole row is the same as line 2; made once",
        "roster.csv:5: id: the whole row is the same as line 2; made once",
        f"4 read: 2 done, 2 skipped, 0 rejected, 0 not run; see {os.path.join('out', 'report.csv')}",  # noqa: PTH118 - as a person reads it
    ]
    assert [row["status"] for row in table(tmp_path / "out" / "report.csv")] == [
        "done",
        "done",
        "skipped",
        "skipped",
    ]


def test_same_id_for_two(run: Run, tmp_path: Path) -> None:
    """Different rows with one id are all refused, naming every line."""
    (tmp_path / "roster.csv").write_text("id,profile,weeks\nA1,full,1\nB1,full,1\na1,full,2\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--format", "json", *WHEN)

    assert outcome.code == 3
    assert outcome.err[:2] == [
        "roster.csv:2: id: lines 2, 4 have the same id; give each its own",
        "roster.csv:4: id: lines 2, 4 have the same id; give each its own",
    ]
    assert names(tmp_path / "out") == {"B1.json"} | REPORTS


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@A1", "\t1", "\r1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201"])
def test_formulas(start: str) -> None:
    """No cell of the report runs as a formula in a spreadsheet."""
    problems = (Problem(where=start, what="x"),)
    account = Account(line=2, id="A1", status=Status.REJECTED, files=(), problems=problems, notices=())

    data = b"".join(report.as_csv([account], show_values=False))

    assert f"'{start}: x" in data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbfline,id,status,files,problem,notice\r\n")


def test_unexpected_fault(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the program in one row is that row's, named by its type, and the others are made."""
    (tmp_path / "roster.csv").write_text("id,profile,weeks\nA1,full,1\nA2,full,2\n", encoding="utf-8")

    def fails(request: Request) -> Person:
        if request.id == "A1":
            raise ZeroDivisionError(SOMEBODY)
        return person(request)

    monkeypatch.setattr(workshops, "person", fails)

    outcome = run("batch", "roster.csv", "--format", "json", *WHEN)

    assert outcome.code == 3
    assert outcome.err[0] == "roster.csv:2: row: internal error (ZeroDivisionError); please report it"
    assert outcome.err[-1].startswith("2 read: 1 done, 0 skipped, 1 rejected")


@pytest.mark.parametrize(
    ("name", "message"),
    [("gone.csv", "gone.csv: cannot be read: No such file or directory"), ("", "name a roster")],
)
def test_no_file(name: str, message: str, run: Run) -> None:
    """Without a readable roster nothing begins."""
    outcome = run("batch", *([name] if name else []), *WHEN)

    assert outcome.code == (4 if name else 2)
    assert message in outcome.err[-1]


def test_disk_full(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk stops the run with its own exit code and leaves nothing half-written."""
    (tmp_path / "roster.csv").write_text("id,profile,weeks\nA1,full,1\nA2,full,1\n", encoding="utf-8")
    left = iter(range(4))

    def full(_: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)

    outcome = run("batch", "roster.csv", "--format", "ics,json", "--jobs", "1", *WHEN)

    assert outcome.code == 5
    assert outcome.err == [
        "2 read: 1 done, 0 skipped, 0 rejected, 1 not run",
        "out: the disk is full; make room and run the same command again",
    ]
    assert names(tmp_path / "out") == {"A1.ics", "A1.json"}


ENVIRONMENTS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Auckland"},
)


def outputs(command: list[str], folder: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """Run the program in a process and a folder of its own, and return what it wrote, messages too."""
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "planmaker", *command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    files = {path.name: path.read_bytes() for path in sorted((folder / "out").iterdir()) if path.is_file()}
    return {**files, "code": bytes([done.returncode]), "out": done.stdout, "err": done.stderr}


def test_same_bytes(tmp_path: Path) -> None:
    """Files, report and messages are the same whatever the hash seed, locale, zone and number of processes."""
    (tmp_path / "roster.csv").write_text(clinic(), encoding="utf-8")
    command = ["batch", str(tmp_path / "roster.csv"), "--format", "ics,json", *WHEN]

    first = outputs([*command, "--jobs", "1"], tmp_path / "one", ENVIRONMENTS[0])
    second = outputs([*command, "--jobs", "2"], tmp_path / "two", ENVIRONMENTS[1])

    assert first["code"] == bytes([3])
    assert first == second


def poisoned(tasks: tuple[Task, ...]) -> tuple[Result, ...]:
    """Do a chunk, and die of one row."""
    if any(task.row == b"poison" for task in tasks):
        os._exit(1)
    return tuple(Result(line=task.line, status=Status.DONE) for task in tasks)


def test_poison_row() -> None:
    """A row that ends its process is rejected, and every other is made once."""
    tasks = [Task(line, b"poison" if line in {40, 41, 120} else b"") for line in range(2, 132)]
    chunks = [tuple(tasks[at : at + 7]) for at in range(0, len(tasks), 7)]

    found = [*itertools.chain(*through(chunks, poisoned, processes(2)))]

    assert sorted(result.line for result in found) == list(range(2, 132))
    assert [result.line for result in found if result.status is Status.REJECTED] == [40, 41, 120]


def test_plain_names_are_printed(workshop: Workshop) -> None:
    """The names that a dry run does not draw are those whose every letter the sheet can print."""
    letters = "".join(chr(code) for code in (*range(0x20, 0x7F), *range(0xC0, 0x100)))
    order = Order(issued=datetime(2027, 1, 5, tzinfo=UTC), formats=("pdf",))
    wishes = {"profile": "stretch-only", "weeks": "1", "timezone": "UTC", "cleared_by": "x"}
    names = [letters[at : at + 40] for at in range(0, len(letters), 40)]

    dry, drawn = (
        [formats.make({**wishes, "name": f"x{name}x"}, workshop, replace(order, dry=dry)) for name in names]
        for dry in (True, False)
    )

    assert [isinstance(made, formats.Made) and made.files for made in dry] == [{}] * len(names)
    assert all(isinstance(made, formats.Made) for made in drawn)
