"""A sheet is read in the right order by those who hear it: tagged, described, and judged by strangers."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import page
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pdf import CONDITIONS, LONG_NAME, PROFILES, drawn

from planmaker.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDEN = Path(__file__).parent / "data" / "structure.txt"
VERAPDF = Path(__file__).parent / "judges" / "greenfield-apps.jar"
FETCH = "bash tests/judges/verapdf (needs maven and a Java runtime)"
STANDARDS = {"PDF/UA-1": page.ValidationProfile.PDF_UA_1, "PDF/A-2a": page.ValidationProfile.PDF_A_2A}
PAINT = {"Tj", "TJ", "'", '"', "Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "EI"}
LIMITS = page.SafetyLimits(max_form_invocations=100_000)
GROUPS = {"Document", "Sect", "L", "LI", "Table", "TR"}
KINDS = {
    "one week": Request(profile="stretch-only", weeks=1, name="Ana Ruiz"),
    "long name": Request(profile="full", name=LONG_NAME),
    "no name, once a day": Request(profile="strengthening", per_day=1, aerobic_at=None),
    "half a year, harder": Request(profile="full", weeks=26, harder=True),
    "conditions": Request(profile="full", avoid=("no-floor", "stenosis", "heart-disease"), cleared_by="Dr Who"),
}
LOOKS = {
    "large print": Request(profile="full", weeks=4, large_print=True, name=LONG_NAME),
    "a box for each exercise": Request(profile="full", weeks=4, boxes="exercise"),
    "large print, a box for each exercise": Request(
        profile="strengthening", weeks=3, large_print=True, boxes="exercise"
    ),
    "compact": Request(profile="full", weeks=3, compact=True, name="Ana Ruiz"),
    "compact, twice a day": Request(profile="stretch-only", weeks=2, compact=True),
    "compact, large print": Request(profile="full", weeks=4, compact=True, large_print=True),
}


def failures(data: bytes, standard: str) -> list[str]:
    """Return what the validator has against a file."""
    report = page.validate_pdf_bytes(data, profile=STANDARDS[standard], limits=LIMITS)
    found = [] if "no failures" in str(report) else [line for line in str(report).splitlines() if line[0] == "["]
    assert found or "no failures" in str(report)
    return found


def absent(reason: str) -> NoReturn:
    """Skip loudly, but never in CI."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def tree(file: pikepdf.Pdf) -> Any:  # noqa: ANN401 - pikepdf's objects are dynamic
    return file.Root.StructTreeRoot.K


def walk(element: Any) -> Iterator[Any]:  # noqa: ANN401 - as above
    """Yield an element and all in it, in reading order."""
    yield element
    for kid in element.K:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from walk(kid)


def outline(data: bytes) -> list[str]:
    """Return the tags of a file's elements in reading order."""
    with pikepdf.open(io.BytesIO(data)) as file:
        return [str(element.S)[1:] for element in walk(tree(file))]


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("kind", [*KINDS, *LOOKS])
def test_every_kind_of_plan_keeps_the_standards(kind: str, standard: str) -> None:
    """Short and long plans, with and without name, times and conditions, keep both standards."""
    assert failures(drawn((KINDS | LOOKS)[kind], "letter"), standard) == []


@pytest.mark.parametrize("standard", STANDARDS)
def test_weeks_alone_keep_the_standards(standard: str) -> None:
    """Some weeks printed alone, without the cover, keep both standards."""
    assert failures(drawn(Request(profile="full"), "a4", (2, 3)), standard) == []


@settings(deadline=None, max_examples=15)
@given(
    profile=st.sampled_from(PROFILES),
    weeks=st.integers(1, 4),
    avoid=st.lists(st.sampled_from(CONDITIONS), max_size=3, unique=True).map(tuple),
)
def test_marks_and_tree_agree(profile: str, weeks: int, avoid: tuple[str, ...]) -> None:
    """All that is painted is an artifact or owned by one element, and the parent tree names that element."""
    data = drawn(Request(profile=profile, weeks=weeks, avoid=avoid, cleared_by="Dr Who"), "a4")
    with pikepdf.open(io.BytesIO(data)) as file:
        numbers = file.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
        for sheet in file.pages:
            marks = sorted(marked(sheet))
            owned = owners[int(sheet.obj.StructParents)]
            assert marks == list(range(len(owned)))
            for mark in marks:
                assert owns(owned[mark], sheet, mark)


def marked(sheet: Any) -> Iterator[int]:  # noqa: ANN401 - as above
    """Yield the ids of a page's marked content; fail on paint outside any, or on marks within marks."""
    depth = 0
    for step in pikepdf.parse_content_stream(sheet):
        name, operands = str(step.operator), step.operands
        if name in {"BDC", "BMC"}:
            assert depth == 0
            depth = 1
            if name == "BDC" and "/MCID" in operands[1]:
                yield int(operands[1].MCID)
        elif name == "EMC":
            depth -= 1
        elif name in PAINT:
            assert depth == 1, f"{name} outside marked content"
    assert depth == 0


def owns(element: Any, sheet: Any, mark: int) -> bool:  # noqa: ANN401 - as above
    """Tell whether an element, which is no mere group, lists a mark of a page."""
    if str(element.S)[1:] in GROUPS:
        return False
    for kid in element.K:
        if isinstance(kid, int) and kid == mark and element.Pg.objgen == sheet.obj.objgen:
            return True
        if isinstance(kid, pikepdf.Dictionary) and "/MCID" in kid and int(kid.MCID) == mark:
            return bool(kid.Pg.objgen == sheet.obj.objgen)
    return False


@pytest.mark.parametrize("kind", [*KINDS, *LOOKS])
def test_headings_skip_no_level(kind: str) -> None:
    """There is one title, first of all, and no heading is more than one level below the one before."""
    levels = [int(tag[1]) for tag in outline(drawn((KINDS | LOOKS)[kind], "a4")) if tag[0] == "H"]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("kind", [*KINDS, *LOOKS])
def test_tables_are_regular(kind: str) -> None:
    """Every row of a table has as many columns, and a header in front or above; no cell of a week is mute."""
    with pikepdf.open(io.BytesIO(drawn((KINDS | LOOKS)[kind], "a4"))) as file:
        for table in (element for element in walk(tree(file)) if element.S == "/Table"):
            widths = {sum(span(cell) for cell in row.K) for row in table.K}
            assert len(widths) == 1
            for row in table.K:
                assert all(cell.S in {"/TH", "/TD"} for cell in row.K)
                assert all(len(cell.K) > 0 for cell in row.K if cell.S == "/TD")


def span(cell: Any) -> int:  # noqa: ANN401 - as above
    attributes = cell.get("/A")
    return int(attributes.get("/ColSpan", 1)) if attributes is not None else 1


@pytest.mark.parametrize("kind", KINDS)
def test_figures_are_described(kind: str) -> None:
    """Every picture on a card says in words what it shows."""
    with pikepdf.open(io.BytesIO(drawn(KINDS[kind], "a4"))) as file:
        told = [str(element.get("/Alt", "")) for element in walk(tree(file)) if element.S == "/Figure"]

    assert told
    assert all(text == "first" or (len(text) > 40 and text.endswith(".")) for text in told)


def test_what_names_the_file_tells_nothing() -> None:
    """Title, bookmarks and metadata hold neither the name nor a date, and each page is reached by a bookmark."""
    request = Request(profile="full", weeks=2, name="Ana Ruiz", id="A-1001")
    with pikepdf.open(io.BytesIO(drawn(request, "a4"))) as file:
        with file.open_outline() as found:
            titles = [item.title for item in found.root]
        metadata = file.Root.Metadata.read_bytes().decode()

        assert titles == [
            "Your back plan",
            "Before you start",
            "Your 2 weeks",
            "Your calendar",
            "Your exercises",
            "Week 1",
            "Week 2",
            "Spare week",
            "For your next visit",
        ]
        assert not [word for word in ("Ana", "Ruiz", "A-1001", "2026", "2027") if word in metadata]
        assert file.Root.Lang == "en"
        assert file.Root.ViewerPreferences.DisplayDocTitle


def test_the_name_changes_no_structure() -> None:
    """Two people with the same programme hear the same order of elements."""
    request = KINDS["one week"]

    assert outline(drawn(request, "a4")) == outline(drawn(replace(request, name="Bo Li"), "a4"))


def test_what_a_screen_reader_gets(tmp_path: Path) -> None:
    """The elements and their text, in reading order, are those that were read through."""
    tool = shutil.which("pdfinfo")
    if tool is None:
        absent("pdfinfo is missing: apt-get install poppler-utils, or brew install poppler")
    path = tmp_path / "sheet.pdf"
    path.write_bytes(drawn(KINDS["one week"], "a4"))

    told = subprocess.run([tool, "-struct-text", path], check=True, capture_output=True, text=True).stdout

    assert heard(told) == heard(GOLDEN.read_text(encoding="utf-8"))


def heard(told: str) -> list[str]:
    """Return the lines that do not change with each measure and each object of the file."""
    return [line for line in told.splitlines() if "/BBox" not in line and not line.strip().startswith("Object ")]


def verapdf(flavour: str, paths: list[Path]) -> list[str]:
    """Return veraPDF's verdict of each file by a standard: ua1, 2a or 3a."""
    program = [
        "java",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Djava.awt.headless=true",
        "-cp",
        str(VERAPDF),
        "org.verapdf.apps.GreenfieldCliWrapper",
    ]
    told = subprocess.run(
        [*program, "-f", flavour, "--format", "text", *map(str, paths)], check=False, capture_output=True, text=True
    ).stdout
    return [line.split()[0] for line in told.splitlines()]
