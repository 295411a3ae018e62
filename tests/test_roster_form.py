"""How a roster is written is told by options or found out, and what was found out is said."""

from __future__ import annotations

import io
import os
import stat
import sys
import tempfile
import threading
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from conftest import WHEN
from nasty import PLAIN
from nasty_books import with_sheet

from planmaker import roster
from planmaker.errors import InputError
from planmaker.fields import FIELDS
from planmaker.roster import header, sample
from planmaker.roster.reading import Reading

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

REQUIRED = ("id", "profile")
SURNAME = "Quintanilla"
READY = "2 read: 2 ready, 0 skipped, 0 rejected, 0 not run"


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--encoding", "klingon"), "--encoding: expected an encoding such as utf-8, utf-16 or cp1252"),
        (("--encoding", "base64"), "--encoding: expected an encoding such as utf-8, utf-16 or cp1252"),
        (("--encoding", "idna"), "--encoding: expected an encoding such as utf-8, utf-16 or cp1252"),
        (("--delimiter", "ab"), "--delimiter: expected ',' ';' '|' or tab, or another single sign"),
        (("--delimiter", '"'), "--delimiter: expected ',' ';' '|' or tab, or another single sign"),
        (("--date-format", "dd/mm"), "--date-format: expected one of dmy, mdy, ymd"),
    ],
)
@pytest.mark.parametrize("verb", ["batch", "check"])
def test_told_wrongly(verb: str, option: tuple[str, str], message: str, run: Run, tmp_path: Path) -> None:
    """An option that means nothing is wrong usage, with what was expected."""
    (tmp_path / "roster.csv").write_text(PLAIN, encoding="utf-8")

    outcome = run(verb, "roster.csv", *option, "--issued", "2027-01-05T09:00:00Z")

    assert (outcome.code, outcome.err) == (2, [message])


def test_guesses_in_one_line(run: Run, tmp_path: Path) -> None:
    """What was guessed is said in one line, with the options that settle it; told, nothing is said."""
    data = "id;profile;name;start\nA1;full;Zoë;13/9/2027\nA2;full;Bo;3/9/2027\n".encode("cp1252")
    (tmp_path / "roster.csv").write_bytes(data)

    guessed = run("batch", "roster.csv", "--dry-run", *WHEN)
    options = ("--encoding", "cp1252", "--delimiter", ";", "--date-format", "dmy")
    told = run("batch", "roster.csv", "--dry-run", *options, *WHEN)
    other = run("check", "roster.csv", "--date-format", "mdy", *WHEN[:2])

    notice = (
        "roster.csv: read as Windows-1252 where it is not UTF-8 (1 line from line 2 on), so check the accents in "
        "names; cells are parted by semicolons; days are day/month/year, as line 2 shows "
        "(if not so: --encoding, --delimiter, --date-format)"
    )
    assert guessed.err == [notice, READY]
    assert told.err == [READY]
    assert "roster.csv:2: start: expected month/day/year, as --date-format says; there is no such day" in other.err


@pytest.mark.parametrize(
    ("day", "what"),
    [
        ("3/4/2027", "could be 3 April or 4 March; type 2027-04-03 or 2027-03-04"),
        ("46000", "expected a date, not a spreadsheet's number of one; if 2025-12-09 is meant, type that"),
        ("3/4/27", "expected a date such as 2027-04-03"),
    ],
)
def test_days_refused(day: str, what: str, run: Run, tmp_path: Path) -> None:
    """A day that could be two, or that a spreadsheet has made a number, is refused with what to type."""
    (tmp_path / "roster.csv").write_text(f"id,profile,start\nA1,full,{day}\n", encoding="utf-8")

    assert run("batch", "roster.csv", "--dry-run", *WHEN).err[0] == f"roster.csv:2: start: {what}"


def test_part_of_a_day_is_no_time(run: Run, tmp_path: Path) -> None:
    """A quarter of a day, as a spreadsheet writes six o'clock, is not 00:25."""
    (tmp_path / "roster.csv").write_text("id,profile,am\nA1,full,0.25\n", encoding="utf-8")

    assert run("batch", "roster.csv", "--dry-run", *WHEN).err[0].startswith("roster.csv:2: am: expected a time")


def test_lost_character(run: Run, tmp_path: Path) -> None:
    """A name in which a character was lost is not printed."""
    (tmp_path / "roster.csv").write_text("id,profile,name\nA1,full,Zo\ufffd\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--dry-run", *WHEN)

    assert (
        outcome.err[0] == "roster.csv:2: name: holds a character that was lost when the file was written; type it again"
    )


# Where a roster comes from


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("verb", ["batch", "check"])
def test_stdin(verb: str, kind: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A roster may come on stdin, a workbook too."""
    data = sample.as_workbook() if kind == "xlsx" else sample.as_csv().encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    options = ("--dry-run", *WHEN) if verb == "batch" else WHEN[:2]
    outcome = run(verb, "-", *options)

    assert (outcome.code, outcome.err) == (0, [READY])


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
def test_pipe_is_kept_privately(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be read only once is kept in a file that only its owner reads, without a name, gone when closed."""
    pipe = tmp_path / "pipe.csv"
    spools = tmp_path / "spools"
    spools.mkdir()
    kept = []
    make = tempfile.TemporaryFile

    def seen(**how: Any) -> Any:  # noqa: ANN401 - as the function has it
        kept.append(make(**how))
        return kept[-1]

    monkeypatch.setattr(tempfile, "tempdir", str(spools))
    monkeypatch.setattr(tempfile, "TemporaryFile", seen)
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(PLAIN,), kwargs={"encoding": "utf-8"})
    writer.start()

    with roster.opened(pipe) as book:
        rows = list(book.rows())
        mode = stat.S_IMODE(os.fstat(kept[0].fileno()).st_mode)
        names = list(spools.iterdir())
    writer.join()

    assert [row.line for row in rows] == [2, 3]
    assert (book.name, mode, names, kept[0].closed) == ("pipe.csv", 0o600, [], True)


def test_consumer_errors_stay(tmp_path: Path) -> None:
    """What goes wrong with whoever uses the rows is not taken for a fault of the file."""
    for name, data in (("roster.csv", PLAIN.encode()), ("roster.xlsx", sample.as_workbook())):
        (tmp_path / name).write_bytes(data)
        for error in (OSError("disk full"), KeyError("x"), EOFError()):
            with pytest.raises(type(error)):
                _raised(tmp_path / name, error)


def _raised(path: Path, error: Exception) -> None:
    with roster.opened(path) as book:
        next(book.rows())
        raise error


# Columns

SYNONYMS = {
    "Patient ID": "id", "MRN": "id", "Code": "id", "FullName": "name", "Start Date": "start", "start_date": "start",
    "Morning time": "am", "Evening": "pm", "TZ": "timezone", "Time Zone": "timezone", "Country": "region",
    "Sessions per day": "per_day", "*Profile:": "profile", "PRINT ORDER": "sort", "Large Print?": "large_print",
}  # fmt: skip


@pytest.mark.parametrize("column", SYNONYMS)
def test_synonyms(column: str) -> None:
    """A column may be called what clinics call it, with any case, spaces and signs."""
    assert header.named("roster.csv:1", [column], ()).fields == (SYNONYMS[column],)


@pytest.mark.parametrize(
    "column",
    [
        "State",
        "County",
        "Payer",
        "Status",
        "DOB",
        "Sex",
        "Phone",
        "Postcode",
        "Plan ID",
        "Plan type",
        "Patient age",
        "Patient DOB",
        "Middle name",
        "Sport",
        "Visit date",
        "Start time",
        "Preferred language",
        "Provider",
        "Notes",
        "Score",
        "Sorted",
        "Group",
        "Title",
        "Side",
    ],
)
def test_other_columns(column: str) -> None:
    """Columns that clinics' systems have beside are passed over, not taken for a field and not asked about."""
    assert header.named("roster.csv:1", [column], ()).fields == (None,)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ("id,MRN", 'columns 1 ("id") and 2 ("MRN") both mean id; leave one'),
        ("id,code,MRN", 'columns 1 ("id") and 2 ("code") and 3 ("MRN") all mean id; leave one'),
        ("name,Surname", 'columns 1 ("name") and 2 ("Surname") both mean name; leave one'),
        ("First name,Given name", 'columns 1 ("First name") and 2 ("Given name") both mean first name; leave one'),
        ("Diagnosis", 'column 1, "Diagnosis", is not known; did you mean avoid? Mend its name, or take the column out'),
        (
            "Contraindications",
            'column 1, "Contraindications", is not known; did you mean avoid? Mend its name, or take the',
        ),
        ("pwd", 'column 1, "pwd", is not known; did you mean password? Mend its name, or take the column out'),
        ("Date", 'column 1, "Date", is not known; did you mean start? Mend its name, or take the column out'),
        ("Frist name", 'column 1, "Frist name", is not known; did you mean first name? Mend its name, or take the'),
        ("wekes", 'column 1, "wekes", is not known; did you mean weeks? Mend its name, or take the column out'),
    ],
)
def test_doubtful_columns(columns: str, message: str) -> None:
    """Two columns for one field, or one that nearly is a field, refuse the file."""
    with pytest.raises(InputError) as caught:
        header.named("roster.csv:1", columns.split(","), ())

    assert str(caught.value).startswith(f"roster.csv:1: {message}")


def test_many_columns() -> None:
    """Columns without end are named up to a point, and not compared for ever."""
    (notice,) = header.named("roster.csv:1", [f"x{number}" for number in range(16_000)], ()).notices

    assert len(notice) < 700
    assert notice.endswith(", ...")


def test_sort_and_password_apart(tmp_path: Path) -> None:
    """What a print run is ordered by stands apart from the texts, like a password."""
    (tmp_path / "roster.csv").write_text(
        "id,profile,sort,password\nA1,full,LS1 2,secret1\nA2,full,,\n", encoding="utf-8"
    )

    with roster.opened(tmp_path / "roster.csv") as book:
        first, second = book.rows()

    assert (first.sort, first.password, dict(first.texts)) == ("LS1 2", "secret1", {"id": "A1", "profile": "full"})
    assert (second.sort, second.password, book.count) == ("", "", 2)


# Workbooks


def archive(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return stream.getvalue()


def strict() -> bytes:
    """Return a workbook in Excel's form called Strict Open XML."""
    stream = io.BytesIO()
    usual, other = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    with zipfile.ZipFile(io.BytesIO(sample.as_workbook())) as source, zipfile.ZipFile(stream, "w") as made:
        for name in source.namelist():
            text = source.read(name).replace(usual + b"spreadsheetml/2006/", other + b"spreadsheetml/")
            made.writestr(name, text.replace(usual + b"officeDocument/2006/", other + b"officeDocument/"))
    return stream.getvalue()


OLD = "is an old workbook (.xls) or one with a password; without a password, save it as .xlsx or CSV UTF-8"
SHEET = '<worksheet xmlns="x"><sheetData>{}</sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OLD),
        (archive(**{"META-INF__manifest.xml": ""}), "is an OpenDocument spreadsheet (.ods); save it as .xlsx or CSV"),
        (archive(**{"Index__Document.iwa": ""}), "is a Numbers document; save it as .xlsx or CSV"),
        (archive(**{"xl__workbook.bin": ""}), "is a binary workbook (.xlsb); save it as .xlsx or CSV"),
        (archive(a=""), "is an archive, not a roster; save it as .xlsx or CSV"),
        (archive(**{"xl__workbook.xml": "<x"}), "cannot be read as a workbook; save it as .xlsx again"),
        (archive(**{"xl__workbook.xml": " " * 60_000_000}), "unpacks to 60 MB, more than a roster takes"),
        (strict(), "has no sheet that can be read; save it as a usual .xlsx"),
        (sample.as_workbook()[:-100], "is a damaged workbook"),
        (with_sheet(SHEET.format("")), "is empty; planmaker batch --sample xlsx makes a roster"),
        (with_sheet("<worksheet>"), "is a damaged workbook (not well-formed)"),
        (with_sheet('<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "is a damaged workbook (a document type)"),
        (with_sheet(SHEET.format('<row r="9999999999"/>')), "is a damaged workbook (rows out of order)"),
        (with_sheet(SHEET.format('<row r="2"/><row r="2"/>')), "is a damaged workbook (rows out of order)"),
        (with_sheet(SHEET.format('<row><c r="B1"/><c r="A1"/></row>')), "is a damaged workbook (cells out of order)"),
        (with_sheet(SHEET.format('<row><c r="ZZZZ1"/></row>')), "is a damaged workbook (cells out of order)"),
        (with_sheet(SHEET.format('<row r="4"><c t="str"><v>Ann</v></c></row>')), "4: expected a header that names"),
    ],
)
def test_no_workbook(data: bytes, message: str, tmp_path: Path) -> None:
    """A workbook that cannot be read is refused in a line that says what to do."""
    (tmp_path / "roster.xlsx").write_bytes(data)

    with pytest.raises(InputError) as caught:
        roster.opened(tmp_path / "roster.xlsx").__enter__()

    assert str(caught.value).removeprefix("roster.xlsx:").strip().startswith(message)


def test_damage_below(tmp_path: Path) -> None:
    """A sheet that is damaged below its header is refused before its first row is handed out."""
    row = "<row>" + "".join(f'<c t="str"><v>{name}</v></c>' for name in ("id", "profile")) + "</row>"
    (tmp_path / "roster.xlsx").write_bytes(with_sheet(f'<worksheet xmlns="x"><sheetData>{row}<row></x></sheetData>'))

    with pytest.raises(InputError, match="is a damaged workbook"):
        roster.opened(tmp_path / "roster.xlsx").__enter__()


# A roster to start from


def test_sample_workbook(run: Run, tmp_path: Path) -> None:
    """The sample workbook has text ids, days and times as cells, choices that drop down, and says what columns mean."""
    assert run("batch", "--sample", "xlsx", "roster.xlsx").out == "roster.xlsx\n"
    book = openpyxl.load_workbook(tmp_path / "roster.xlsx")
    sheet = book["Roster"]
    columns = {cell.value: cell.column_letter for cell in sheet[1]}
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}

    assert list(columns) == [field.name for field in FIELDS]
    assert all(cell.font.bold and cell.comment for cell in sheet[1])
    assert sheet.freeze_panes == "B2"
    assert sheet["A2"].data_type == "s"
    formats = {name: sheet.column_dimensions[columns[name]].number_format for name in ("id", "start", "am", "weeks")}
    assert formats == {"id": "@", "start": "yyyy-mm-dd", "am": "hh:mm", "weeks": "General"}
    assert sheet[f"{columns['start']}2"].is_date
    assert lists[f"{columns['paper']}2:{columns['paper']}1048576"] == '"a4,letter"'
    assert f"{columns['minutes']}2:{columns['minutes']}1048576" not in lists


def test_sample_reads_itself(run: Run, tmp_path: Path) -> None:
    """Both samples say the same, pass unchanged, and are the same bytes each time."""
    (tmp_path / "roster.xlsx").write_bytes(sample.as_workbook())
    (tmp_path / "roster.csv").write_text(run("batch", "--sample").out, encoding="utf-8")
    told = []
    for name in ("roster.xlsx", "roster.csv"):
        with roster.opened(tmp_path / name, Reading()) as book:
            told.append([(row.line, dict(row.texts), row.problems) for row in book.rows()])

    assert told[0] == told[1]
    assert run("batch", "roster.xlsx", "--dry-run", *WHEN).err == [READY]
    assert sample.as_workbook() == sample.as_workbook()


def test_sample_where(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A workbook is not printed on a terminal, and a sample never takes the place of a file."""
    (tmp_path / "roster.xlsx").write_bytes(b"mine")
    taken = run("batch", "--sample", "xlsx", "roster.xlsx")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    terminal = run("batch", "--sample", "xlsx")

    assert (taken.code, taken.err) == (2, ["roster.xlsx: is there already; name another file for the sample"])
    assert (tmp_path / "roster.xlsx").read_bytes() == b"mine"
    assert terminal.code == 2
    assert terminal.err[0].endswith("name its file: planmaker batch --sample xlsx roster.xlsx")


# Privacy


@pytest.mark.parametrize(
    "text",
    [
        f"id,profile,name,weeks,start,am\n{SURNAME} 1,full,{SURNAME}\0,{SURNAME},{SURNAME},{SURNAME}\n",
        f'id,profile,name\nA1,full,"{SURNAME}\nA2,full,{SURNAME},{SURNAME}\n',
        f"{SURNAME},full\n{SURNAME},full\n",
    ],
)
def test_no_values(text: str, run: Run, tmp_path: Path) -> None:
    """A person's values stand in no message unless they are asked for."""
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")

    outcome = run("batch", "roster.csv", "--dry-run", *WHEN)

    assert outcome.code in {3, 4}
    assert SURNAME not in "\n".join([outcome.out, *outcome.err])
