"""A roster that comes again goes on from what lies there, whatever was done to it in between."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from planmaker.batch.ledger import Ledger, resumed
from planmaker.plan import Plan, plan_from_json

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Outcome, Run

HEAD = "id,profile,weeks,start,am"
ROW = "A1,stretch-only,3,2027-01-11,08:00"
OPTIONS = ("--timezone", "Europe/London", "--jobs", "1", "--format", "ics,json")
DAY = "2027-01-05T09:00:00Z"
LATER = "2027-01-15T09:00:00Z"


@pytest.fixture
def batch(run: Run, tmp_path: Path) -> Batch:
    """Run a roster of rows below a header."""
    return Batch(run, tmp_path)


class Batch:
    """Runs rosters in a folder, and reads what lies there."""

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.folder, self.out = run, folder, folder / "out"

    def __call__(self, *rows: str, head: str = HEAD, issued: str = DAY, options: tuple[str, ...] = OPTIONS) -> Outcome:
        (self.folder / "roster.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        when = ("--issued", issued) if issued else ()
        return self.run("batch", "roster.csv", *options, *when)

    def plan(self, name: str = "A1.json") -> Plan:
        return plan_from_json((self.out / name).read_text(encoding="utf-8"))

    def files(self) -> dict[str, bytes]:
        """Return the plans' files by name."""
        found = (path for path in self.out.rglob("*") if path.suffix in {".pdf", ".ics", ".json"})
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in found}


def test_a_password_keeps_the_plan(batch: Batch, tmp_path: Path) -> None:
    """A row that gets a password goes on from its plan, and what lies open of it is named."""
    batch(ROW)
    batch.run("stop", "out/A1.json", "--on", "2027-01-20", "--issued", LATER, "--format", "ics,json", "--out", "out")
    (tmp_path / "key").write_text("a long secret", encoding="utf-8")

    outcome = batch(ROW, issued=LATER, options=("--timezone", "Europe/London", "--password-file", "key"))

    assert outcome.code == 0
    assert "roster.csv:2: id: throw away what was made before: A1.ics" in outcome.err
    assert batch.plan().schedule.stop is not None


def test_a_password_for_a_first_version(batch: Batch, tmp_path: Path) -> None:
    """A row that gets a password needs no file of a plan that nothing was done to."""
    batch(ROW)
    (tmp_path / "key").write_text("a long secret", encoding="utf-8")

    outcome = batch(ROW, issued=LATER, options=("--timezone", "Europe/London", "--password-file", "key"))

    assert "roster.csv:2: id: throw away what was made before: A1.ics, A1.json" in outcome.err
    assert "cannot be encrypted; without it" not in " ".join(outcome.err)


@pytest.mark.parametrize("how", ["the same", "another time"])
def test_a_locked_plan_whose_file_is_gone(how: str, batch: Batch, tmp_path: Path) -> None:
    """Where the file of a locked plan that was changed by hand is gone, that is told, or the row is refused."""
    batch(ROW)
    batch.run("stop", "out/A1.json", "--on", "2027-01-20", "--issued", LATER, "--format", "ics,json", "--out", "out")
    (tmp_path / "key").write_text("a long secret", encoding="utf-8")
    locked = ("--timezone", "Europe/London", "--jobs", "1", "--password-file", "key")
    batch(ROW, issued=LATER, options=locked)
    (batch.out / "A1.json").unlink()

    outcome = batch(ROW if how == "the same" else ROW.replace("08:00", "09:00"), issued=LATER, options=locked)

    said = " ".join(outcome.err)
    assert outcome.code == (3 if how == "the same" else 0)
    assert ("put it back from a copy" if how == "the same" else "what was changed by hand since is lost") in said


def test_some_weeks_leave_the_plan(batch: Batch) -> None:
    """Printing some weeks of a changed row writes its plan where the next run looks for it."""
    batch(ROW)

    batch(ROW.replace("08:00", "09:00"), issued=LATER, options=(*OPTIONS[:4], "--only", "weeks=1-2"))

    assert set(batch.files()) == {"A1.ics", "A1.json", "A1+weeks-1-2.pdf"}
    assert batch.plan().revision == 2


@pytest.mark.parametrize(("now", "goes_on"), [(5, True), (10, True), (11, True), (12, False), (300, False)])
def test_only_a_late_run_goes_on(now: int, goes_on: bool) -> None:  # noqa: FBT001 - a case of the rule
    """A run goes on as issued when it was begun, until the Monday on which its plans were to start is past."""
    begun = datetime(2027, 1, 5, 9, tzinfo=UTC)
    at = begun + timedelta(days=now - 5)

    assert resumed(begun, at) == (begun if goes_on else at)


def test_an_interrupted_run_goes_on(batch: Batch) -> None:
    """The same roster again after a run that was stopped says so, and its plans are issued as those before."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    batch(ROW, issued="", options=(*OPTIONS, "--allow-past"))
    _interrupt(batch, yesterday.isoformat())

    outcome = batch(ROW, issued="", options=(*OPTIONS, "--allow-past"))

    assert outcome.err[0] == f"goes on with the run that was begun on {yesterday}, as issued then"


def test_another_roster_does_not_go_on(batch: Batch) -> None:
    """The moment of issue of an interrupted run is not given to people who were not in it."""
    batch(ROW, issued="", options=(*OPTIONS, "--allow-past"))
    _interrupt(batch, "2026-01-10")

    batch(ROW.replace("A1", "B1"), issued="", options=(*OPTIONS, "--allow-past"))

    assert batch.plan("B1.json").issued.year > 2025
    assert batch.plan("B1.json").issued.date().isoformat() != "2026-01-10"


def test_folders_are_looked_into(batch: Batch) -> None:
    """A run that spreads its files goes on from those that lie together, and names what is left."""
    batch(ROW)
    batch.run("stop", "out/A1.json", "--on", "2027-01-20", "--issued", LATER, "--format", "json", "--out", "out")

    outcome = batch(ROW, issued=LATER, options=(*OPTIONS, "--subfolders"))

    (name,) = [name for name in batch.files() if name.endswith("/A1.json")]
    assert batch.plan(name).schedule.stop is not None
    assert outcome.err[0].startswith("roster.csv:2: id: throw away what was made before: ")


def test_fewer_weeks_after_a_move(batch: Batch) -> None:
    """A plan that becomes shorter than a move in it can still be read."""
    batch(ROW)
    move = ("--from", "2027-01-26", "--to", "2027-02-02", "--issued", LATER, "--format", "json", "--out", "out")
    assert batch.run("move", "out/A1.json", *move).code == 0

    batch(ROW.replace("stretch-only,3", "stretch-only,2"), issued=LATER)

    assert batch.run("check", "out/A1.json").code == 0
    assert len(batch.plan().programme.weeks) == 2


def test_an_unchanged_row_takes_nothing_back(batch: Batch) -> None:
    """A plan that was edited and rendered stays so when its row comes again as it was."""
    batch(ROW)
    path = batch.out / "A1.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"am": "08:00"', '"am": "09:30"', 1), encoding="utf-8")
    batch.run("render", "out/A1.json", "--issued", LATER, "--format", "ics,json", "--out", "out")
    rendered = batch.files()

    batch(ROW, issued="2027-01-20T09:00:00Z")

    assert batch.files() == rendered
    assert batch.plan().revision == 2


def test_new_uids_once(batch: Batch) -> None:
    """New UIDs are given once by a command, however often it is run."""
    options = (*OPTIONS, "--new-uids")
    batch(ROW, options=options)
    first = batch.files()
    (batch.out / "A1.ics").unlink()

    batch(ROW, options=options, issued=LATER)

    assert batch.files() == first


def test_lost_adjustments_are_told(batch: Batch) -> None:
    """Other wishes make the programme anew, and it is said that adjustments are gone."""
    batch(ROW)
    adjust = ("--week", "2", "--step", "stay", "--issued", LATER, "--format", "json", "--out", "out")
    assert batch.run("adjust", "out/A1.json", *adjust).code == 0

    outcome = batch(ROW.replace("stretch-only,3", "stretch-only,4"), issued=LATER)

    told = "other wishes gave it another programme; what was adjusted before, if it was, is gone: adjust it again"
    assert outcome.err[0] == f"roster.csv:2: id: {told}"
    assert told in (batch.out / "report.csv").read_text(encoding="utf-8")


NAMED = f"{HEAD},name"


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("Ana Ruiz", 0, ""),
        ("Ana Ruíz", 0, "name: is not as it was; if this is somebody else, give them an id of their own"),
        ("Ana Gómez", 0, "name: is not as it was; if this is somebody else, give them an id of their own"),
        ("Nick Olsen", 3, "id: the plan here has another name; give somebody else another id, or move the files"),
    ],
)
def test_an_id_stays_one_persons(batch: Batch, name: str, code: int, said: str) -> None:
    """A row never goes on from a plan of somebody else, and a name that was mended is told."""
    batch(f"{ROW},Ana Ruiz", head=NAMED)
    before = batch.files()

    outcome = batch(f"{ROW.replace('08:00', '09:00')},{name}", head=NAMED, issued=LATER)

    assert outcome.code == code
    assert outcome.err[0].startswith(f"roster.csv:2: {said}" if said else "1 read: 1 done")
    assert (batch.files() == before) == bool(code)


@pytest.mark.parametrize("formats", ["ics,json", "ics"])
def test_a_plan_that_is_over(batch: Batch, formats: str) -> None:
    """A row whose plan is over stays as it is; changed, it needs a start, so that no plan is made for days gone by."""
    row, late = "A1,stretch-only,3,,08:00", "2027-06-01T09:00:00Z"
    options = ("--timezone", "Europe/London", "--jobs", "1", "--format", formats)
    batch(row, options=options)
    before = batch.files()

    same = batch(row, issued=late, options=options)
    changed = batch(row.replace("08:00", "09:00"), issued=late, options=options)
    told = batch(row.replace("08:00", "09:00"), issued=late, options=(*options, "--allow-past"))

    assert (same.code, changed.code, told.code) == (0, 3, 0)
    assert changed.err[0] == (
        "roster.csv:2: start: the plan of this id was over on 2027-01-31; type a start for a new one"
    )
    assert batch.files() != before


def test_a_plan_that_is_lost(batch: Batch) -> None:
    """What was changed by hand and is gone with its .json is told, and never made as if nothing had been."""
    batch(ROW)
    first = batch.files()
    (batch.out / "A1.json").unlink()
    batch(ROW)
    assert batch.files() == first
    adjust = ("--week", "2", "--step", "stay", "--issued", LATER, "--format", "ics,json", "--out", "out")
    batch.run("adjust", "out/A1.json", *adjust)
    batch(ROW, issued=LATER)
    (batch.out / "A1.json").unlink()

    same = batch(ROW, issued=LATER)
    changed = batch(ROW.replace("stretch-only,3", "stretch-only,4"), issued=DAY)

    assert same.err[0].startswith(
        "roster.csv:2: id: its .json is gone, and what was changed by hand with it; put it back"
    )
    assert changed.err[0].startswith("roster.csv:2: id: its .json is gone, so it is made as for the first time")


def test_an_id_is_spelt_one_way(batch: Batch) -> None:
    """An id that is there in other capitals is refused, telling how it is spelt."""
    batch(ROW)

    outcome = batch(ROW.replace("A1", "a1"))

    assert outcome.err[0] == "roster.csv:2: id: is A1 in this folder; spell it so"


def test_a_dry_run_says_what_a_run_would(batch: Batch) -> None:
    """A row that was made, and has begun since, may change in a dry run as in a real one."""
    batch(ROW)
    changed = ROW.replace("08:00", "09:00")

    dry = batch(changed, issued=LATER, options=(*OPTIONS, "--dry-run"))
    real = batch(changed, issued=LATER)

    assert (dry.code, real.code) == (0, 0)


def test_privacy_reaches_the_plan(batch: Batch) -> None:
    """A row that becomes private takes the name out of the plan's file too, whatever formats are wished."""
    batch(f"{ROW},Zebedee", head=f"{HEAD},name")

    batch(f"{ROW},Zebedee", head=f"{HEAD},name", options=("--timezone", "UTC", "--format", "pdf", "--private"))

    assert not [name for name, data in batch.files().items() if b"Zebedee" in data]


def test_doubles_of_bad_rows(batch: Batch) -> None:
    """A row that is the same as one that is rejected is rejected too, and a fault of its own is what is told."""
    bad, good = ROW.replace("08:00", "late"), ROW.replace("A1", "B1")

    outcome = batch(bad, bad, good, f"{good},extra")

    assert outcome.err == [
        "roster.csv:2: am: expected a time such as 08:00 or 7:30 PM",
        "roster.csv:3: id: the whole row is the same as line 2; which is rejected",
        outcome.err[2],
        outcome.err[3],
    ]
    assert outcome.err[2].startswith("roster.csv:5: row: expected 5 cells")
    assert outcome.err[3].startswith("4 read: 1 done, 0 skipped, 3 rejected, 0 not run")


def test_an_emptied_address(batch: Batch) -> None:
    """A row whose calendar's address was taken out is printed without it, and keeps its token."""
    url = "https://clinic.example/{token}.ics"
    batch(f"{ROW},{url}", head=f"{HEAD},calendar_url")
    first = batch.plan().feed

    batch(f"{ROW},", head=f"{HEAD},calendar_url", issued=LATER)

    feed = batch.plan().feed
    assert first is not None
    assert feed is not None
    assert (feed.token, feed.address) == (first.token, "")


def test_make_goes_on_too(run: Run, tmp_path: Path) -> None:
    """A plan that is made where one of its id lies is that one's next version; one of another id is left alone."""
    make = ("make", "--profile", "stretch-only", "--weeks", "1", "--format", "ics,json", "--timezone", "UTC")
    run(*make, "--id", "A1", "--start", "2027-01-11", "--issued", DAY)
    changed = run(*make, "--id", "A1", "--start", "2027-01-11", "--am", "09:00", "--issued", DAY)
    other = run(*make, "--id", "B1", "--stem", "A1", "--issued", DAY)

    plan = plan_from_json((tmp_path / "out" / "A1.json").read_text(encoding="utf-8"))
    assert (changed.code, plan.revision, plan.person.id) == (0, 2, "A1")
    assert other.code == 4
    assert "is that of another id" in other.err[0]


def _interrupt(batch: Batch, begun: str) -> None:
    """Let the last run of a folder look as if it had been begun on a day and had not got to its end."""
    with sqlite3.connect(batch.out / ".planmaker" / "ledger.sqlite") as base:
        base.execute("UPDATE runs SET finished = 0, issued = ?", (f"{begun}T09:00:00+00:00",))
    base.close()


def cut_off(monkeypatch: pytest.MonkeyPatch, batch: Batch, *rows: str, **how: object) -> None:
    """Run a roster whose files are put in place, and which is cut off before that is kept."""
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "record", lambda *_: None)
        batch(*rows, **how)  # type: ignore[arg-type]


@pytest.mark.parametrize("by", ["another time", "another name", "a name in place of none"])
def test_what_a_cut_off_run_left(by: str, batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of a run that was cut off, of a roster taken back since, are not taken for those of this one."""
    private = (*OPTIONS, "--private") if by == "a name in place of none" else OPTIONS
    head, row = f"{HEAD},name", f"{ROW},Ana Ruiz"
    batch(row, head=head, options=private)
    before = batch.plan()
    other = row.replace("08:00", "06:00") if by == "another time" else row.replace("Ruiz", "Rutz")
    cut_off(monkeypatch, batch, other, head=head)
    assert batch.plan() != before

    batch(row, head=head, options=private)

    after = batch.plan()
    assert (after.person, after.schedule) == (before.person, before.schedule)
    assert after.revision == (3 if by == "another time" else 1)  # a name is in no calendar
    settled = batch.files()
    assert batch(row, head=head, options=private).err == [
        "1 read: 0 done, 1 skipped, 0 rejected, 0 not run; see out/report.csv"
    ]
    assert batch.files() == settled


def test_the_newest_of_two_layouts(batch: Batch) -> None:
    """Where a plan lies in two layouts, the one that was recorded counts: what was done to it since stays."""
    batch(ROW, options=(*OPTIONS, "--subfolders"))
    batch(ROW, issued=LATER)
    batch.run("stop", "out/A1.json", "--on", "2027-01-20", "--issued", LATER, "--format", "ics,json", "--out", "out")

    batch(ROW, issued=LATER, options=(*OPTIONS, "--subfolders"))

    (name,) = [name for name in batch.files() if name.endswith("/A1.json")]
    assert (batch.plan(name).revision, batch.plan(name).schedule.stop) == (2, date(2027, 1, 20))


def test_a_sheet_alone(batch: Batch) -> None:
    """A run that wishes for sheets writes the file of a plan only if that has gone through changes."""
    batch(ROW, "A2,stretch-only,3,2027-01-11,08:00")
    batch.run("stop", "out/A2.json", "--on", "2027-01-20", "--issued", LATER, "--format", "ics,json", "--out", "out")
    before = batch.files()

    batch(ROW, "A2,stretch-only,3,2027-01-11,08:00", issued=LATER, options=(*OPTIONS[:4], "--format", "pdf"))

    after = batch.files()
    assert set(after) == {*before, "A1.pdf", "A2.pdf"}
    assert [name for name in before if after[name] != before[name]] == ["A2.json"]
    assert '"A2.json"' in (batch.out / "report.jsonl").read_text(encoding="utf-8")


def test_sheets_go_on_after_their_start(batch: Batch) -> None:
    """A plan of which there is only a sheet may be made again once it has begun, from the start that it has."""
    sheets = (*OPTIONS[:4], "--format", "pdf")
    batch(ROW, options=sheets)

    again = batch(ROW.replace("08:00", "09:00"), issued=LATER, options=sheets)
    moved = batch(ROW.replace("01-11", "01-12"), issued=LATER, options=sheets)

    assert again.code == 0
    assert moved.err[0] == "roster.csv:2: start: lies in the past; type a later date, or allow it with --allow-past"


def test_a_dry_run_knows_what_was_done(batch: Batch) -> None:
    """A dry run tells what the run would: what is done already, and what cannot go on."""
    batch(ROW, "A2,stretch-only,3,2027-01-11,08:00")
    dry = (*OPTIONS, "--dry-run")
    files = {path: path.stat().st_mtime_ns for path in batch.out.rglob("*")}

    same = batch(ROW, issued=LATER, options=dry)
    other = batch(ROW.replace("A1", "a1"), issued=LATER, options=dry)
    lost = batch.out / "A2.ics"
    lost.unlink()
    again = batch("A2,stretch-only,3,2027-01-11,08:00", issued=LATER, options=dry)

    assert same.err == ["1 read: 0 ready, 1 skipped, 0 rejected, 0 not run"]
    assert other.err[0] == "roster.csv:2: id: is A1 in this folder; spell it so"
    assert again.err == ["1 read: 1 ready, 0 skipped, 0 rejected, 0 not run"]
    del files[lost]
    assert {path: path.stat().st_mtime_ns for path in batch.out.rglob("*") if path != batch.out / ".planmaker"} == {
        path: time for path, time in files.items() if path != batch.out / ".planmaker"
    }


def test_a_name_that_is_missing(batch: Batch) -> None:
    """A name that goes from a sheet is told, since a column may have got lost; a private sheet has none."""
    batch(f"{ROW},Ana Ruiz", head=f"{HEAD},name")

    private = batch(f"{ROW},Ana Ruiz", head=f"{HEAD},name", options=(*OPTIONS, "--private"))
    batch(f"{ROW},Ana Ruiz", head=f"{HEAD},name")
    lost = batch(ROW)

    assert len(private.err) == 1
    assert lost.err[0].startswith("roster.csv:2: name: was on the sheet before and is missing now; ")


def test_fewer_weeks_than_are_over(batch: Batch) -> None:
    """A running plan that gets no more weeks than are over is not said to be over: who wants that is told how."""
    batch(ROW)

    outcome = batch(ROW.replace("stretch-only,3", "stretch-only,1"), issued="2027-01-20T09:00:00Z")

    assert outcome.err[0] == (
        "roster.csv:2: weeks: that many are over already; to end the plan today, use planmaker stop"
    )


def test_over_where_the_person_is(batch: Batch) -> None:
    """A plan is over when its last day is over at its own clock."""
    zone = (*OPTIONS, "--timezone", "America/Los_Angeles")
    batch(ROW, options=zone)

    evening = batch(ROW.replace("08:00", "09:00"), issued="2027-02-01T03:00:00Z", options=zone)
    after = batch(ROW.replace("08:00", "10:00"), issued="2027-02-01T09:00:00Z", options=zone)

    assert (evening.code, after.code) == (0, 3)


def test_a_ledger_of_another_shape(batch: Batch) -> None:
    """A ledger whose tables are others is as damaged as one that cannot be read."""
    batch(ROW)
    path = batch.out / ".planmaker" / "ledger.sqlite"
    with contextlib.closing(sqlite3.connect(path)) as base:
        base.execute("ALTER TABLE plans RENAME COLUMN key TO other")
        base.commit()

    outcome = batch(ROW)

    assert outcome.code == 5
    assert "is damaged; move it away and run again" in outcome.err[-1]
