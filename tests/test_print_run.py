"""A print run holds each good row's sheet as the person's own file has it, two-sided, in order, and shares the rest."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from functools import cache
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

import page as judge
import pypdf
import pypdfium2
import pytest
from conftest import WHEN, Run
from PIL import Image
from test_pdf import look, plan, qpdf_check
from test_pdf_tags import FETCH, VERAPDF, absent, verapdf

from planmaker import cli, storage
from planmaker.batch import docket, printing
from planmaker.batch.account import Result, Status
from planmaker.batch.place import Folder
from planmaker.errors import StorageError
from planmaker.pdf import Copy
from planmaker.request import Request
from planmaker.roster import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from planmaker.plan import Plan
    from planmaker.workshop import Workshop

CLINIC = """
[clinic]
name = "Riverside Physiotherapy"
address = ["1 Mill Lane", "Leeds LS1 1AA"]
telephone = "0113 496 0000"
logo = "logo.png"
footer = "Questions? Ask at the desk."
[look]
accent = "#7a1030"
[defaults]
timezone = "Europe/London"
"""
COLUMNS = ("id", "profile", "name", "weeks", "paper", "look", "cleared_by", "calendar_url", "start")
ROWS = """
R-1,full,Ana Ruiz,1,a4,,,
R-2,stretch-only,محمد علي,2,letter,,,
R-3,full,अनीता शर्मा,2,a4,compact,,
R-4,stretch-only,Bo Li,1,a4,large_print,,
R-5,stretch-only,Zoë Quisquater,2,letter,private,,
R-6,full,Li Bo,1,a4,fillable,,
R-7,full,Eva Ek,1,a4,even_pages,Dr Ἀσκληπιός,
R-8,stretch-only,,1,a4,embed_plan,,https://clinic.example/{token}.ics,
R-9,full,Ann,2,a4,compact,,,2027-02-01
""".strip()
LOOKS = ("compact", "large_print", "private", "fillable", "even_pages", "embed_plan")
SMALL = "id,profile,name,weeks,compact\n"


def roster(rows: str) -> str:
    """Write a roster with a column for each look."""
    kept = [name for name in COLUMNS if name != "look"]
    lines = [",".join((*kept, *LOOKS))]
    for row in rows.splitlines():
        cells = dict(zip_longest(COLUMNS, row.split(","), fillvalue=""))
        looks = ["yes" if name == cells["look"] else "" for name in LOOKS]
        lines.append(",".join([*(cells[name] for name in kept), *looks]))
    return "\n".join(lines) + "\n"


def two(count: int) -> str:
    """Write a roster of people with two programmes, of one page and of two."""
    return SMALL + "".join(f"A-{n},stretch-only,Ana {n},{1 + 2 * (n % 2)},yes\n" for n in range(count))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sheets of a roster of many looks, one plan of it moved, and with their print run."""
    found = tmp_path_factory.mktemp("clinic")
    Image.new("RGBA", (90, 30), "red").save(found / "logo.png")
    (found / "planmaker.toml").write_text(CLINIC, encoding="utf-8")
    (found / "roster.csv").write_text(roster(ROWS), encoding="utf-8")
    out = ("--out", found / "out")
    batch = ("batch", found / "roster.csv", "--config", found / "planmaker.toml", "--jobs", "1", *out)
    move = ("move", found / "out/R-2.json", "--from", "2027-01-13", "--to", "2027-01-20", *out)
    again = (*batch, "--issued", "2027-01-08T09:00:00Z", "--print-run", found / "shop/run.pdf")
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("SOURCE_DATE_EPOCH", raising=False)
        codes = [cli.main([str(word) for word in words]) for words in ((*batch, *WHEN[:2]), (*move, *WHEN[:2]), again)]
    assert codes == [0, 0, 0]
    return found


def pages_of(path: Path) -> Iterator[tuple[tuple[float, float], bytes, str]]:
    """Yield what each page of a file looks like: its size, its points, its text."""
    document = pypdfium2.PdfDocument(path)
    for page in document:
        bitmap = page.render(scale=0.4)
        yield page.get_size(), bytes(bitmap.buffer), page.get_textpage().get_text_range()


def bookmarks(reader: pypdf.PdfReader, items: list[Any]) -> list[tuple[Any, ...]]:
    """Return bookmarks as title, page from 0, whether it is open, and those below."""
    found: list[tuple[Any, ...]] = []
    for item in items:
        if isinstance(item, list):
            found[-1] = (*found[-1][:3], bookmarks(reader, item))
        else:
            found.append((item.title, reader.get_destination_page_number(item), (item.get("/Count") or 0) > 0, []))
    return found


def test_each_page_is_the_persons_own(folder: Path) -> None:
    """The run looks and reads as the persons' own files, in the order of the roster, each beginning on a front side."""
    printed = list(pages_of(folder / "shop/run.pdf"))

    place, parities = 0, set()
    for row in ROWS.splitlines():
        own = list(pages_of(folder / f"out/{row[:3]}.pdf"))
        assert place % 2 == 0
        assert printed[place : place + len(own)] == own, row[:3]
        place += len(own)
        parities.add(len(own) % 2)
        if len(own) % 2:
            size, points, text = printed[place]
            assert (size, text) == (own[-1][0], "")
            assert set(points) == {0xFF}
            place += 1
    assert place == len(printed)
    assert parities == {0, 1}


def test_strangers_find_no_fault(folder: Path, tmp_path: Path) -> None:
    """The run keeps PDF/A-2u, claims no tags and nothing else, and qpdf finds it sound."""
    path = folder / "shop/run.pdf"
    limits = judge.SafetyLimits(max_form_invocations=1_000_000)
    told = str(judge.validate_pdf_bytes(path.read_bytes(), profile=judge.ValidationProfile.PDF_A_2U, limits=limits))
    catalogue: Any = pypdf.PdfReader(path).root_object

    assert qpdf_check(path.read_bytes(), tmp_path) == ""
    assert "no failures" in told, told
    assert not {"/StructTreeRoot", "/MarkInfo", "/AcroForm", "/AF"} & set(catalogue)
    assert b"pdfuaid:part" not in catalogue["/Metadata"].get_data()


@pytest.mark.long
def test_verapdf_agrees(folder: Path) -> None:
    """The validator of the PDF Association takes the run for PDF/A-2u."""
    if not VERAPDF.exists():
        absent(f"veraPDF is missing: {FETCH}")

    assert verapdf("2u", [folder / "shop/run.pdf"]) == ["PASS"]


def test_bookmarks_and_labels(folder: Path) -> None:
    """There is a closed bookmark for each person, the id alone, with those of the sheet in it; pages bear the id."""
    reader = pypdf.PdfReader(folder / "shop/run.pdf")
    found = bookmarks(reader, reader.outline)
    own = pypdf.PdfReader(folder / "out/R-2.pdf")

    assert [item[0] for item in found] == [row[:3] for row in ROWS.splitlines()]
    assert not any(opened for _, _, opened, _ in found)
    assert all(page % 2 == 0 for _, page, _, _ in found)
    _, first, _, below = found[1]
    assert [(title, page - first) for title, page, _, _ in below] == [
        (title, page) for title, page, _, _ in bookmarks(own, own.outline)
    ]
    assert reader.page_labels[first : first + 2] == ["R-2 1", "R-2 2"]
    assert len(set(reader.page_labels)) == len(reader.pages)


def test_private_to_its_owner(folder: Path) -> None:
    """Only the owner may read the run; no name stands in its bookmarks and metadata."""
    path = folder / "shop/run.pdf"

    assert os.name == "nt" or path.stat().st_mode & 0o777 == 0o600
    assert b"Quisquater" not in path.read_bytes()


def test_the_same_bytes(run: Run, tmp_path: Path) -> None:
    """A run that goes on, one that finds all done and one from scratch write the same bytes, on whatever day."""
    (tmp_path / "roster.csv").write_text(two(5), encoding="utf-8")
    words = ("batch", "roster.csv", "--timezone", "Europe/Berlin", "--jobs", "1")
    one = ("--issued", "2027-01-05T09:00:00Z")

    first = run(*words, *one, "--print-run", "one.pdf")
    later = run(*words, "--issued", "2027-02-05T09:00:00Z", "--print-run", "two.pdf")
    fresh = run(*words, *one, "--out", "other", "--print-run", "three.pdf")
    alone = run(*words, *one, "--out", "alone", "--format", "pdf", "--print-run", "four.pdf")

    data = [(tmp_path / f"{name}.pdf").read_bytes() for name in ("one", "two", "three", "four")]
    assert [first.code, later.code, fresh.code, alone.code] == [0, 0, 0, 0]
    assert "0 done, 5 skipped" in later.err[0]
    assert len(set(data)) == 1


def test_plans_in_a_store_of_objects(run: Run, tmp_path: Path) -> None:
    """Where the plans are put into a store of objects, the print run lies on this computer, with the same bytes."""
    pytest.importorskip("fsspec", reason="pip install fsspec")
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")
    words = ("batch", "roster.csv", "--jobs", "1", *WHEN)

    codes = [
        run(*words, "--out", out, "--print-run", f"shop/{name}.pdf").code
        for out, name in (("out", "one"), ("memory://print-run/plans", "two"), ("memory://print-run/plans", "three"))
    ]

    data = {path.read_bytes() for path in (tmp_path / "shop").iterdir()}
    assert codes == [0, 0, 0]
    assert len(data) == 1


def test_a_changed_row_keeps_its_days(run: Run, tmp_path: Path) -> None:
    """A row that changed later is printed with the days of its sheet, also where there is no .json that holds them."""
    words = ("batch", "roster.csv", "--format", "pdf", "--jobs", "1", "--timezone", "Europe/Berlin")
    for name, day in (("Ana", "2027-01-05"), ("Ann", "2027-01-13")):
        rows = f"A-1,stretch-only,{name},1,yes\n"
        (tmp_path / "roster.csv").write_text(SMALL + rows, encoding="utf-8")
        outcome = run(*words, "--issued", f"{day}T09:00:00Z", "--print-run", "run.pdf")

    own = list(pages_of(tmp_path / "out/A-1.pdf"))
    (tmp_path / "out/A-1.pdf").unlink()
    run(*words, "--issued", "2027-03-09T09:00:00Z")
    assert outcome.code == 0
    assert "11 to 17 January" in own[0][2]
    assert list(pages_of(tmp_path / "run.pdf"))[: len(own)] == own
    assert list(pages_of(tmp_path / "out/A-1.pdf")) == own


def test_what_people_share_is_there_once(run: Run, tmp_path: Path) -> None:
    """A person more of a programme takes less than a kilobyte and a half, where an own file takes a hundred."""
    sizes = []
    for count in (1, 51):
        rows = "".join(f"A-{n},full,Ana Ruiz {n},1\n" for n in range(count))
        (tmp_path / "roster.csv").write_text(f"id,profile,name,weeks\n{rows}", encoding="utf-8")
        run("batch", "roster.csv", "--format", "pdf", "--jobs", "1", "--print-run", "run.pdf", *WHEN)
        sizes.append((tmp_path / "run.pdf").stat().st_size)

    assert sizes[1] - sizes[0] < 50 * 1500
    assert sizes[0] < 1.2 * (tmp_path / "out/A-0.pdf").stat().st_size


@pytest.mark.parametrize(("most", "people"), [(2, [1] * 5), (4, [2, 2, 1]), (5, [2, 2, 1]), (100, [5])])
def test_no_plan_is_parted(most: int, people: list[int], run: Run, tmp_path: Path) -> None:
    """Files of a most number of pages hold whole plans, all of them in order, and are named in one line."""
    (tmp_path / "roster.csv").write_text(two(5), encoding="utf-8")

    outcome = run("batch", "roster.csv", "--print-run", "run.pdf", "--print-run-max-pages", str(most), *WHEN)

    readers = [pypdf.PdfReader(tmp_path / f"run-{n}.pdf") for n in range(1, len(people) + 1)]
    titles = [[item[0] for item in bookmarks(reader, reader.outline)] for reader in readers]
    assert [len(found) for found in titles] == people
    assert list(chain(*titles)) == [f"A-{n}" for n in range(5)]
    assert all(len(reader.pages) <= most for reader in readers)
    last = f" to run-{len(people)}.pdf" if len(people) > 1 else ""
    assert outcome.err[-1] == f"run-1.pdf{last}: 10 pages, 5 people"
    assert not (tmp_path / "run.pdf").exists()


def test_a_longer_plan_stands_alone(run: Run, tmp_path: Path) -> None:
    """A plan that is longer than a file may be has one of its own."""
    rows = "A-0,stretch-only,,1,yes\nA-1,stretch-only,,1,no\nA-2,stretch-only,,1,yes\n"
    (tmp_path / "roster.csv").write_text(SMALL + rows, encoding="utf-8")

    run("batch", "roster.csv", "--print-run", "run.pdf", "--print-run-max-pages", "2", *WHEN)

    counts = [len(pypdf.PdfReader(tmp_path / f"run-{n}.pdf").pages) for n in (1, 2, 3)]
    assert counts[0] == counts[2] == 2
    assert counts[1] > 2


def test_older_files_are_named(run: Run, tmp_path: Path) -> None:
    """What an earlier print run left under the same name is told, so that nobody prints it."""
    (tmp_path / "roster.csv").write_text(two(3), encoding="utf-8")
    run("batch", "roster.csv", "--print-run", "run.pdf", "--print-run-max-pages", "2", *WHEN)

    outcome = run("batch", "roster.csv", "--print-run", "run.pdf", "--print-run-max-pages", "4", *WHEN)

    assert outcome.err[-1].endswith("; from an earlier print run, throw away: run-3.pdf")


def test_passwords_are_left_out(run: Run, tmp_path: Path) -> None:
    """Rows with a password have no sheet in the run, and how many these are is said."""
    pytest.importorskip("pikepdf", reason="pip install pikepdf")
    rows = "A-1,stretch-only,2,yes,\nA-2,stretch-only,2,yes,canary-123\nA-3,ful,2,yes,\n"
    (tmp_path / "roster.csv").write_text(f"id,profile,weeks,compact,password\n{rows}", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--jobs", "1", "--print-run", "run.pdf", *WHEN)

    assert outcome.code == 3
    assert outcome.err[-1] == "run.pdf: 2 pages, 1 people; rows left out because of their password: 1"
    assert [item.title for item in pypdf.PdfReader(tmp_path / "run.pdf").outline if not isinstance(item, list)] == [
        "A-1"
    ]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--print-run", "run.txt"), "--print-run: name a file that ends in .pdf"),
        (("--print-run", "run.pdf", "--format", "ics"), "--print-run: needs pdf in --format"),
        (("--print-run", "out/a-1.pdf"), "--print-run: a-1.pdf is the name of somebody's sheet in out; take another"),
        (
            ("--print-run", "out/A.pdf", "--print-run-max-pages", "2"),
            "--print-run: A.pdf is the name of somebody's sheet in out; take another",
        ),
        (("--print-run-max-pages", "9"), "--print-run-max-pages: name the file with --print-run"),
    ],
)
def test_refused(options: tuple[str, ...], what: str, run: Run, tmp_path: Path) -> None:
    """A run that cannot be, or would be written over somebody's sheet, is refused before anything is made."""
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")

    outcome = run("batch", "roster.csv", *options, *WHEN)

    assert outcome.code == 2
    assert outcome.err[-1].endswith(what)
    assert not list(tmp_path.rglob("*.pdf"))


def test_no_place_for_passwords(run: Run, tmp_path: Path) -> None:
    """Where one password serves all rows, a print run is refused."""
    pytest.importorskip("pikepdf", reason="pip install pikepdf")
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")
    (tmp_path / "key.txt").write_text("canary-123\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--print-run", "run.pdf", "--password-file", "key.txt", *WHEN)

    assert outcome.code == 2
    assert not (tmp_path / "run.pdf").exists()


def test_earlier_sheets_are_kept(run: Run, tmp_path: Path) -> None:
    """The sheet of somebody who is in the roster no more is not written over either."""
    (tmp_path / "roster.csv").write_text(two(3), encoding="utf-8")
    run("batch", "roster.csv", "--jobs", "1", *WHEN)
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")
    before = (tmp_path / "out/A-2.pdf").read_bytes()

    outcome = run("batch", "roster.csv", "--jobs", "1", "--print-run", "out/A-2.pdf", *WHEN)

    assert outcome.code == 2
    assert (tmp_path / "out/A-2.pdf").read_bytes() == before


def test_dry_run(run: Run, tmp_path: Path) -> None:
    """A dry run writes no print run."""
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")

    assert run("batch", "roster.csv", "--dry-run", "--print-run", "run.pdf", *WHEN).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["roster.csv"]


def test_nothing_to_print(run: Run, tmp_path: Path) -> None:
    """Where no row is good there is no print run, and that is said."""
    (tmp_path / "roster.csv").write_text(f"{SMALL}A-1,ful,,2,\n", encoding="utf-8")

    outcome = run("batch", "roster.csv", "--print-run", "run.pdf", *WHEN)

    assert outcome.err[-1] == "run.pdf: not written: there is no sheet to print"
    assert not (tmp_path / "run.pdf").exists()


def test_nothing_to_print_any_more(run: Run, tmp_path: Path) -> None:
    """Where there is no sheet to print, the file of an earlier print run is named, so that nobody prints that."""
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")
    command = ("batch", "roster.csv", "--jobs", "1", "--print-run", "run.pdf", *WHEN)
    run(*command)
    (tmp_path / "roster.csv").write_text(SMALL, encoding="utf-8")

    outcome = run(*command)

    assert outcome.err[-1] == (
        "run.pdf: not written: there is no sheet to print; from an earlier print run, throw away: run.pdf"
    )


@pytest.mark.parametrize(
    ("own", "target", "more"),
    [
        ("run-1", "out/run.pdf", ("--print-run-max-pages", "2")),
        ("run-2", "out/run.pdf", ()),  # where run.pdf is held open, that would be next
        ("run", "out/run.pdf", ()),
        ("RUN", "elsewhere/RUN.pdf", ()),
    ],
)
def test_never_over_a_sheet(own: str, target: str, more: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """No print run is written over the sheet of somebody, also of one who is in no roster, or goes near it."""
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")
    folder = target.partition("/")[0]
    run("make", "--profile", "full", "--id", own, "--out", folder, "--format", "pdf", "--weeks", "1", *WHEN)
    before = (tmp_path / folder / f"{own}.pdf").read_bytes()

    outcome = run("batch", "roster.csv", "--jobs", "1", "--print-run", target, *more, *WHEN)

    assert outcome.code == 2
    assert f"--print-run: {own}.pdf is the name of somebody's sheet in {folder}" in outcome.err[-1]
    assert (tmp_path / folder / f"{own}.pdf").read_bytes() == before


def failing(*_: object) -> None:
    msg = "disk: is full"
    raise StorageError(msg)


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("where", "name", "fault", "code"),
    [
        (Folder, "put", failing, 5),
        (Folder, "put", interrupted, 130),
        (printing, "as_printed", interrupted, 130),
        (printing, "as_printed", failing, 5),
    ],
)
def test_whole_or_not_at_all(  # noqa: PLR0913, PLR0917 - where it fails, how, and the fixtures
    where: object,
    name: str,
    fault: Callable[..., None],
    code: int,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the plans or the print run are stopped, no print run is written, an old one stays, and that is said."""
    (tmp_path / "roster.csv").write_text(two(2), encoding="utf-8")
    (tmp_path / "run.pdf").write_bytes(b"old")
    monkeypatch.setattr(where, name, fault)

    outcome = run("batch", "roster.csv", "--jobs", "1", "--print-run", "run.pdf", *WHEN)

    said = "run.pdf: not written; run the same command again"
    assert outcome.code == code
    assert said in outcome.err
    assert (tmp_path / "run.pdf").read_bytes() == b"old"
    assert not list(tmp_path.rglob(".planmaker-*"))


def test_the_second_file_fails(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one of several files cannot be written, none is put in place."""
    (tmp_path / "roster.csv").write_text(two(4), encoding="utf-8")
    wrote, before = [], storage._Drafts.add  # noqa: SLF001 - where a full disk shows

    def add(drafts: Any, folder: Path, parts: Any) -> str:  # noqa: ANN401 - handed on
        parts = [b"".join(parts)]
        wrote.extend([folder] if parts[0].startswith(b"%PDF") and len(parts[0]) > 20_000 else [])
        path = before(drafts, folder, parts)
        if len(wrote) == 2:
            failing()
        return path

    run("batch", "roster.csv", "--jobs", "1", *WHEN)
    monkeypatch.setattr(storage._Drafts, "add", add)  # noqa: SLF001 - as above
    outcome = run(
        "batch", "roster.csv", "--jobs", "1", "--print-run", "shop/run.pdf", "--print-run-max-pages", "2", *WHEN
    )

    assert outcome.code == 5
    assert list((tmp_path / "shop").iterdir()) == []


def test_no_folder_there(run: Run, tmp_path: Path) -> None:
    """A place that is no folder is told with the option that names it."""
    (tmp_path / "roster.csv").write_text(two(1), encoding="utf-8")

    outcome = run("batch", "roster.csv", "--print-run", "roster.csv/run.pdf", *WHEN)

    assert outcome.code == 5
    assert outcome.err[-1] == "roster.csv: is not a folder; choose another with --print-run"


def sorted_rows(rows: Mapping[int, tuple[str, str]]) -> list[tuple[int, str]]:
    """Return the lines of rows in the order in which they are printed, with what they are sorted by."""
    with docket.opened() as desk:
        desk.fill(Row(line=line, texts={"id": name}, sort=sort) for line, (name, sort) in rows.items())
        desk.settle(
            Result(line=line, status=Status.SKIPPED if line % 2 else Status.DONE, files=(f"{name}.pdf",))
            for line, (name, _) in rows.items()
        )
        return [(task.line, sort) for task, sort in desk.printed(2, lambda _: {})]


def test_sorted() -> None:
    """Rows are printed by what they are sorted by, in the order of the roster where that is the same."""
    rows = {2: ("A", "Ward 2"), 3: ("B", "Ward 1"), 4: ("C", ""), 5: ("D", "Ward 2"), 6: ("E", "Ward 1")}

    assert sorted_rows(rows) == [(4, ""), (3, "Ward 1"), (6, "Ward 1"), (2, "Ward 2"), (5, "Ward 2")]


def test_sorted_by_number() -> None:
    """Ward 2 comes before Ward 10, and a capital letter makes no other ward's place."""
    names = ["Ward 10", "Ward 2", "ward 2", "Ward 02", "2b", "10a", "2a"]
    rows = {line: (f"A{line}", name) for line, name in enumerate(names, start=2)}

    assert [name for _, name in sorted_rows(rows)] == ["2a", "2b", "10a", "Ward 02", "Ward 2", "ward 2", "Ward 10"]


def test_the_column_sort(run: Run, tmp_path: Path) -> None:
    """The roster's column says in which order, and below which bookmark, people are printed."""
    rows = "A-1,stretch-only,1,yes,Ward 2\nA-2,stretch-only,1,yes,Ward 1\nA-3,stretch-only,1,yes,Ward 2\n"
    (tmp_path / "roster.csv").write_text(f"id,profile,weeks,compact,sort\n{rows}", encoding="utf-8")

    run("batch", "roster.csv", "--jobs", "1", "--print-run", "run.pdf", *WHEN)

    reader = pypdf.PdfReader(tmp_path / "run.pdf")
    found = [(title, [name for name, *_ in below]) for title, _, _, below in bookmarks(reader, reader.outline)]
    assert found == [("Ward 1", ["A-2"]), ("Ward 2", ["A-1", "A-3"])]


def copy(name: str, group: str = "") -> Copy:
    """Return a plan of one page to print."""
    wish = Request(profile="stretch-only", weeks=1, compact=True)
    return Copy(replace(one(), person=replace(one().person, id=name)), look(wish), "same", group)


@cache
def one() -> Plan:
    return plan(Request(profile="stretch-only", weeks=1, compact=True))


def printed(workshop: Workshop, people: list[Copy]) -> bytes:
    return b"".join(part for volume in workshop.print_run(people) for part in volume.parts())


def test_groups(workshop: Workshop) -> None:
    """Those who are sorted by the same text have a bookmark of that text above theirs."""
    people = [copy("A"), copy("B", "North ward"), copy("C", "North ward"), copy("D", "Süd")]
    reader = pypdf.PdfReader(io.BytesIO(printed(workshop, people)))

    def outline(items: list[tuple[Any, ...]]) -> list[Any]:
        return [(title, page, outline(below)) for title, page, _, below in items if "eek" not in title]

    assert outline(bookmarks(reader, reader.outline)) == [
        ("A", 0, []),
        ("North ward", 2, [("B", 2, []), ("C", 4, [])]),
        ("Süd", 6, [("D", 6, [])]),
    ]


def test_programmes_share_too(workshop: Workshop) -> None:
    """Fonts and drawings of two programmes are in the run once."""
    other = Request(profile="stretch-only", weeks=3, compact=True)
    one, two = copy("A"), Copy(plan(other), look(other), "another")

    apart = len(printed(workshop, [one])) + len(printed(workshop, [two]))
    assert len(printed(workshop, [one, two])) < 0.75 * apart


def test_pages_of_many_people(workshop: Workshop) -> None:
    """More people than a node of the page tree holds stand in a tree that other programs read in order."""
    data = printed(workshop, [copy(f"P-{n}") for n in range(203)])
    texts = [found.get_textpage().get_text_range() for found in pypdfium2.PdfDocument(data)]

    assert [re.findall(r"P-\d+", text) for text in texts[::2]] == [[f"P-{n}"] for n in range(203)]
    assert not any(texts[1::2])
