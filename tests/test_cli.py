"""The command line says where its files are, what is wrong and what to do, and leaves with a code that tells."""

from __future__ import annotations

import errno
import io
import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from conftest import WHEN, Run
from test_batch import ENVIRONMENTS, outputs

from planmaker import formats
from planmaker.cli import flags
from planmaker.fields import FIELDS

if TYPE_CHECKING:
    from planmaker.workshop import Workshop

NOTHING_LEFT = (
    "leaves no stretch exercise for profile stretch-only; "
    "allow more (equipment: belt, rope, sheet, towel), or choose another profile"
)
SHORT = ("make", "--profile", "stretch-only", "--weeks", "1", "--id", "A1", *WHEN)


class Terminal(io.StringIO):
    """Answers typed at a terminal."""

    def isatty(self) -> bool:
        return True


def names(folder: Path) -> set[str]:
    """Return what a folder holds."""
    return {path.name for path in folder.iterdir()}


def test_make(run: Run, tmp_path: Path) -> None:
    """Make writes three files, prints their paths on stdout, and sums up on stderr."""
    outcome = run("make", "--profile", "full", "--id", "A1", "--start", "2027-03-01", *WHEN)

    assert outcome.code == 0
    assert outcome.out.splitlines() == [str(Path("out") / f"A1.{ending}") for ending in ("pdf", "ics", "json")]
    assert outcome.err[0].startswith("A1: 6 weeks, 1 March to 11 April 2027, sessions of ")
    assert names(tmp_path / "out") == {"A1.pdf", "A1.ics", "A1.json"}
    assert (tmp_path / "out" / "A1.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no modes")
def test_private(run: Run, tmp_path: Path) -> None:
    """Only the owner can read the folder and the files."""
    run(*SHORT, "--format", "json", "--out", "deep/er")

    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("deep", "deep/er", "deep/er/A1.json")]
    assert modes == [0o700, 0o700, 0o600]


def test_stem(run: Run, tmp_path: Path) -> None:
    """The files are called after the id, or the stem if there is one, and never after the person."""
    run("make", "--profile", "full", "--name", "Ana", "--format", "json", *WHEN)
    run("make", "--profile", "full", "--name", "Ana", "--stem", "mine", "--format", "json", *WHEN)
    (made,) = names(tmp_path / "out") - {"mine.json"}

    assert len(made.removesuffix(".json")) == 8
    assert json.loads((tmp_path / "out" / "mine.json").read_text(encoding="utf-8"))["person"]["name"] == "Ana"


@pytest.mark.parametrize(
    ("options", "messages"),
    [
        (["--weeks", "27"], ["--weeks: expected a whole number from 1 to 26"]),
        (
            ["--per-day", "3", "--am", "8"],
            [
                "--am: expected a time such as 08:00 or 7:30 PM",
                "--per-day: expected a whole number from 1 to 2",
            ],
        ),
        (["--start", "3/4/2027"], ["--start: could be 3 April or 4 March; type 2027-04-03 or 2027-03-04"]),
        (
            ["--start", "2027-01-04"],
            ["--start: lies in the past; type a later date, or allow it with --allow-past"],
        ),
        (["--pm", "07:00"], ["--pm: expected a time after am"]),
        (
            ["--timezone", "Europe/Lodnon"],
            ["--timezone: expected a time zone such as Europe/Berlin; did you mean Europe/London?"],
        ),
        (
            ["--profile", "stretch-only", "--exclude", "calf_stretch", "--equipment", "none", "--minutes", "5"],
            [f"--exclude and --equipment and --minutes: {NOTHING_LEFT}"],
        ),
        (
            ["--stem", "../x"],
            ["--stem: expected 1 to 64 letters, digits, dots, dashes or underscores, starting with a letter or digit"],
        ),
        (["--format", "pdf,doc"], ["--format: expected some of pdf, ics, json"]),
        (["--issued", "2027-01-05T09:00:00"], [f"--issued: {flags.STAMP}"]),
        (["--issued", "yesterday"], [f"--issued: {flags.STAMP}"]),
    ],
)
def test_refused(options: list[str], messages: list[str], run: Run, tmp_path: Path) -> None:
    """Each problem is named by its option with what was expected; nothing is written."""
    outcome = run("make", "--profile", "full", *WHEN, *options)

    assert outcome.code == 2
    assert outcome.err == messages
    assert names(tmp_path) == set()


def test_allow_past(run: Run) -> None:
    """A start in the past is possible for those who ask for it."""
    assert run(*SHORT, "--format", "json", "--start", "2026-01-05", "--allow-past").code == 0


def test_unprintable(run: Run, tmp_path: Path) -> None:
    """A name that the sheet cannot print is refused before any file is written."""
    outcome = run(*SHORT, "--name", "李")

    assert outcome.code == 4
    assert "name: " in outcome.err[0]
    assert names(tmp_path) == set()


def test_nobody_to_ask(run: Run) -> None:
    """Without a terminal and without a profile the program says what is missing."""
    outcome = run("make")

    assert outcome.code == 2
    assert outcome.err == ["--profile: missing; type one of full, strengthening, stretch-only"]


def test_asks(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal the program asks for what matters, and again where an answer cannot be read."""
    monkeypatch.setattr(sys, "stdin", Terminal("fool\nStretch only\n2\n\n7:30\n\n"))
    monkeypatch.setenv("TZ", "Europe/Berlin")

    outcome = run("make", "--format", "json")
    (path,) = (tmp_path / "out").iterdir()
    plan = json.loads(path.read_text(encoding="utf-8"))

    assert outcome.code == 0
    assert any("expected one of full, strengthening, stretch-only" in line for line in outcome.err)
    assert outcome.out == f"{Path('out') / path.name}\n"
    assert (plan["programme"]["profile"], len(plan["programme"]["weeks"])) == ("stretch-only", 2)
    assert (plan["schedule"]["am"], plan["schedule"]["pm"]) == ("07:30", "19:00")


@pytest.mark.parametrize("zone", ["Mars/Phobos", "CET-1CEST"])
def test_unknown_machine_zone(zone: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer whose zone is not known is told to be given one, never taken for another's."""
    monkeypatch.setenv("TZ", zone)

    outcome = run("make", "--profile", "full")

    assert outcome.code == 2
    assert outcome.err == [
        "--timezone: this computer does not tell its time zone; type one such as Europe/Berlin",
    ]


def test_source_date_epoch(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH stands for now, and is checked as an option is."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    good = run("make", "--profile", "full", "--id", "A1", "--format", "json", "--timezone", "UTC")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    bad = run("make", "--profile", "full", "--timezone", "UTC")

    assert good.code == 0
    assert json.loads((tmp_path / "out" / "A1.json").read_text(encoding="utf-8"))["issued"].startswith("2027-01-15")
    assert bad.err == ["SOURCE_DATE_EPOCH: expected whole seconds since 1970"]


def test_same_bytes(tmp_path: Path) -> None:
    """The same request gives the same sheet, calendar and plan on whatever machine."""
    command = [*SHORT, "--name", "Zoë"]

    first, second = (
        outputs(command, tmp_path / str(number), environment) for number, environment in enumerate(ENVIRONMENTS)
    )

    assert set(first) == {"A1.pdf", "A1.ics", "A1.json", "code", "out", "err"}
    assert first == second


def test_out_is_a_file(run: Run, tmp_path: Path) -> None:
    """A folder that cannot be one is a storage failure that says so."""
    (tmp_path / "out").write_text("x", encoding="utf-8")

    outcome = run(*SHORT, "--format", "json")

    assert outcome.code == 5
    assert outcome.err == ["out: is not a folder; choose another with --out"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("call", range(1, 3))
def test_storage_fails(number: int, call: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever write fails, the old files stay as they were and nothing else is left."""
    run(*SHORT, "--format", "ics,json")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    calls = iter(range(1, 9))

    def fails(_: int) -> None:
        if next(calls) == call:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fails)

    outcome = run(*SHORT, "--name", "Other", "--format", "ics,json")

    assert outcome.code == 5
    assert outcome.err[0].startswith("out: ")
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


def test_folder_in_the_way(run: Run, tmp_path: Path) -> None:
    """If one file cannot be put in its place, none is."""
    (tmp_path / "out" / "A1.json").mkdir(parents=True)

    outcome = run(*SHORT, "--format", "ics,json")

    assert outcome.code == 5
    assert names(tmp_path / "out") == {"A1.json"}
    assert "is a folder" in outcome.err[0]


def edited(path: Path, place: tuple[str | int, ...], value: object) -> None:
    """Change one value of a plan."""
    plan: Any = json.loads(path.read_text(encoding="utf-8"))
    spot = plan
    for key in place[:-1]:
        spot = spot[key]
    spot[place[-1]] = value
    path.write_text(json.dumps(plan), encoding="utf-8")


def test_render(run: Run, tmp_path: Path) -> None:
    """A plan that is rendered again gives the very same files."""
    run(*SHORT)

    outcome = run("render", "out/A1.json", "--out", "again")

    assert outcome.code == 0
    assert len(outcome.out.splitlines()) == 3
    for name in ("A1.pdf", "A1.ics", "A1.json"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_edited_is_next_version(run: Run, tmp_path: Path) -> None:
    """An edited plan is rendered as the next version, so that sheets and calendars can be told apart."""
    run(*SHORT)
    for session in (0, 1):
        dose = ("programme", "weeks", 0, "sessions", session, "prescriptions", 0, "dose", "repetitions")
        edited(tmp_path / "out" / "A1.json", dose, 1)

    outcome = run("render", "out/A1.json", "--out", "again", "--issued", "2027-01-08T09:00:00Z")

    assert outcome.code == 0
    plan = json.loads((tmp_path / "again" / "A1.json").read_text(encoding="utf-8"))
    assert plan["revision"] == 2
    assert plan["issued"] == "2027-01-08T09:00:00+00:00"
    assert b"SEQUENCE:1" in (tmp_path / "again" / "A1.ics").read_bytes()


FIRST = ("programme", "weeks", 0, "sessions", 0)


@pytest.mark.parametrize("verb", ["render", "check"])
@pytest.mark.parametrize(
    "edit",
    [
        ((*FIRST, "prescriptions", 0, "dose", "repetitions"), 99, "week 1, am, calf_stretch: above the source's dose"),
        ((*FIRST, "prescriptions", 0, "dose", "hold_seconds"), 60, "week 1, am, calf_stretch: above the source's dose"),
        ((*FIRST, "minutes"), [1, 2, 3], "week 1, am: expected the minutes of seven days"),
        ((*FIRST, "prescriptions"), [], "week 1, am: expected an exercise"),
        (("programme", "weeks", 0, "number"), 2, "weeks: expected numbers from 1 in order"),
        (("person", "id"), "../A1", "id: expected 1 to 64 letters"),
        (("person", "id"), "", "id: expected it as planmaker writes it"),
        (("person", "id"), "A1 ", "id: expected it as planmaker writes it"),
        (("language",), "", "language: expected it as planmaker writes it"),
        (("schedule", "timezone"), "", "timezone: expected it as planmaker writes it"),
        (("revision",), 0, "revision: expected 1 to 9999"),
        (("issued",), "0001-01-01T00:00:00+14:00", "issued: expected a timestamp"),
        (("person", "name"), "x" * 150, "name: expected at most 120 characters"),
        (("schedule", "timezone"), "Mars/Phobos", "timezone: expected a time zone"),
        (("schedule", "pm"), "07:00", "pm: expected a time after am"),
        (("schedule", "pm"), None, "schedule: pm and aerobic_at do not fit"),
        (("language",), "xx", "language: expected one of en"),
        (("format",), "other", 'format: expected "planmaker-plan/1"'),
    ],
)
def test_edited_plan(edit: tuple[tuple[str | int, ...], object, str], verb: str, run: Run, tmp_path: Path) -> None:
    """An edited plan that is above a source, or that could not be printed, is refused and nothing is written."""
    run(*SHORT, "--format", "json")
    place, value, where = edit
    edited(tmp_path / "out" / "A1.json", place, value)

    outcome = run(verb, "out/A1.json")

    assert outcome.code == 4
    assert outcome.err[0].startswith(f"A1.json: {where}")
    assert names(tmp_path / "out") == {"A1.json"}


def test_clearance_cannot_be_edited_away(run: Run, tmp_path: Path) -> None:
    """A plan after an operation is refused once the name of who allowed exercise is taken out of it."""
    run("make", "--profile", "full", "--avoid", "hip-surgery", "--cleared-by", "Dr Who", "--id", "A1", *WHEN)
    edited(tmp_path / "out" / "A1.json", ("person", "cleared_by"), "")

    outcome = run("render", "out/A1.json")

    assert outcome.code == 4
    assert outcome.err[0].startswith("A1.json: avoid: no plan without leave")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "planmaker-plan/1"}', "\udcff"])
def test_no_plan(text: str, run: Run, tmp_path: Path) -> None:
    """A file that is no plan is refused by name."""
    (tmp_path / "plan.json").write_bytes(text.encode(errors="surrogateescape"))

    outcome = run("render", "plan.json")

    assert outcome.code == 4
    assert outcome.err[0].startswith("plan.json: ")


def test_check(run: Run, tmp_path: Path) -> None:
    """Check looks at a roster, a plan or a catalogue, and writes nothing."""
    run(*SHORT, "--format", "json")
    (tmp_path / "good.csv").write_text("id,profile,timezone\nA1,full,UTC\n", encoding="utf-8")
    (tmp_path / "bad.csv").write_text("id,profile,timezone\nA1,fool,UTC\n", encoding="utf-8")

    outcomes = [run("check", *path) for path in ((), ("out/A1.json",), ("good.csv",), ("bad.csv",), ("none.csv",))]

    assert [outcome.code for outcome in outcomes] == [0, 0, 0, 3, 4]
    assert [outcome.err[-1] for outcome in outcomes[1:4]] == [
        "A1.json: a plan within its sources",
        "1 read: 1 ready, 0 skipped, 0 rejected, 0 not run",
        "1 read: 0 ready, 0 skipped, 1 rejected, 0 not run",
    ]
    assert names(tmp_path) == {"out", "good.csv", "bad.csv"}


def test_check_catalogue(run: Run, tmp_path: Path) -> None:
    """A folder that is no sound catalogue is refused, naming the file."""
    (tmp_path / "catalogue").mkdir()

    outcome = run("check", "catalogue")

    assert outcome.code == 4
    assert "composing.toml: cannot be read" in outcome.err[0]


def test_exercises(run: Run, workshop: Workshop) -> None:
    """The list has every exercise, fits a terminal, and the ids alone can be piped on."""
    listed, ids = run("exercises"), run("exercises", "--ids")

    assert ids.out.splitlines() == list(workshop.catalogue.exercises)
    assert max(map(len, listed.out.splitlines())) < 80
    assert all(name in listed.out for name in workshop.catalogue.exercises)


def test_exercise(run: Run, workshop: Workshop) -> None:
    """Each exercise can be read with its steps, its dose with sources, and what the seeds say."""
    for name, told in workshop.words["en"].exercises.items():
        page = run("exercises", name).out
        text = " ".join(page.split())
        assert max(map(len, page.splitlines())) < 80
        assert all(step in text for step in told.steps)
        assert "Full dose, never exceeded" in text


def test_unknown_exercise(run: Run) -> None:
    """An id that is not known gets the nearest one."""
    outcome = run("exercises", "calf stretsh")

    assert outcome.code == 2
    assert outcome.err[0].endswith("did you mean calf_stretch?")


def test_profiles(run: Run, workshop: Workshop) -> None:
    """The profiles are listed with all that is in them."""
    text = run("profiles").out

    assert all(name in text for name in workshop.catalogue.profiles)
    assert "walking" in text


def test_every_field_is_an_option(run: Run) -> None:
    """Make takes every field, and batch every field but the id."""
    made, batch = run("make", "--help").out, run("batch", "--help").out

    assert all(field.option in made for field in FIELDS)
    assert all(field.option in batch for field in FIELDS if field.name != "id")
    assert "--id " not in batch


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--version"], 0), (["-h"], 0), (["make", "-h"], 0), (["fly"], 2), (["make", "--fly"], 2)],
)
def test_usage(arguments: list[str], code: int, run: Run) -> None:
    """Help and version are done; what is not known is a usage error."""
    assert run(*arguments).code == code


@pytest.mark.parametrize(("error", "code"), [(ZeroDivisionError("secret"), 1), (KeyboardInterrupt(), 130)])
def test_no_traceback(error: BaseException, code: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever happens ends in one line and a code."""

    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(formats, "make", fails)

    outcome = run(*SHORT)

    assert outcome.code == code
    assert outcome.err == [
        "internal error: ZeroDivisionError; please report it" if code == 1 else "interrupted",
    ]


def test_debug(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who look for a fault are shown where it came from, without its text, which may hold a patient's values."""

    def fails(*_: object, **__: object) -> None:
        try:
            dict[object, int]()[WHEN]
        except KeyError as error:
            msg = f"no {WHEN}"
            raise ValueError(msg) from error

    monkeypatch.setattr(formats, "make", fails)
    monkeypatch.setenv("PLANMAKER_DEBUG", "1")

    outcome = run(*SHORT)

    said = "\n".join(outcome.err)
    assert "in fails" in said
    assert [line for line in outcome.err if not line.startswith(" ")] == [
        "ValueError",
        "KeyError",
        "internal error: ValueError; please report it",
    ]
    assert not any(word in said for word in WHEN)


def test_module_and_closed_pipe() -> None:
    """The package runs as a module, and a reader that stops early is no error."""
    with subprocess.Popen(
        [sys.executable, "-m", "planmaker", "exercises"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        noise = process.stderr.read()

    assert process.returncode == 0
    assert noise == b""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--name", "x" * 100_000), "--name: expected at most"),
        (("--name", "An\x07n"), "--name: expected printable text"),
        (("--name", "Ann\u202eevil"), "--name: expected printable text"),
        (("--name", "李", "--font-dir", "."), "name: the sheet's typefaces cannot print CJK"),
        (("--name", "李", "--font-dir", "junk"), "junk/a.ttf: not a font that can be read"),
        (("--only", "weeks=0-3"), "--only: expected weeks from 1 to 26"),
        (("--only", "weeks=9"), "--only: the plan has weeks 1 to"),
    ],
)
def test_hostile(options: tuple[str, ...], message: str, run: Run, tmp_path: Path) -> None:
    """What cannot be printed is refused in one line that says where, and nothing is written."""
    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "a.ttf").write_bytes(b"no font")

    outcome = run(*SHORT, *options)

    assert outcome.code in {2, 4}
    assert len(outcome.err) == 1
    assert outcome.err[0].startswith(message)
    assert not (tmp_path / "out").exists()


def test_markup_is_text(run: Run, tmp_path: Path) -> None:
    """A name that looks like markup, a template or a format is printed as it is."""
    name = "<b>Ann</b> & {{7*7}} %s \\textbf (x)"

    assert run(*SHORT, "--name", name).code == 0

    with pypdfium2.PdfDocument(tmp_path / "out" / "A1.pdf") as document:
        assert name in document[0].get_textpage().get_text_range()
