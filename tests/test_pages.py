"""The pages around the tracking pages are easy to read, lead to each other, and have a place for all that is asked."""

from __future__ import annotations

import io
import re
from ctypes import c_float
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pdf import (
    CONDITIONS,
    LONG_NAME,
    PAPERS,
    PROFILES,
    artwork,
    drawn,
    english,
    facts,
    page_faults,
    plan,
    texts,
)
from test_pdf_tags import STANDARDS, failures, owns, walk

from planmaker.clinic import Clinic
from planmaker.compose import compose
from planmaker.errors import Problem
from planmaker.pdf import binding, document, guide, review
from planmaker.pdf.sheet import Sheet
from planmaker.pdf.style import LARGE
from planmaker.pdf.style import PAPERS as SIZES
from planmaker.request import Request, look_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.pdf.surface import Surface

MM = 72 / 25.4
TRACKING = ("Week ", "Spare week")
LENGTHS = (1, 6, 26)


def own_pages(pdf: bytes) -> Iterator[tuple[int, str]]:
    """Yield the index and text of each page that is no tracking page."""
    for index, text in enumerate(texts(pdf)):
        if not text.startswith(TRACKING):
            yield index, text


def own_faults(pdf: bytes) -> list[str]:
    """Return each text of those pages that leaves the margins or lies on another."""
    file = pypdfium2.PdfDocument(pdf)
    return [
        f"page {index + 1}: {fault}"
        for index, _ in own_pages(pdf)
        for fault in page_faults(file[index].get_textpage(), *file[index].get_size())
    ]


def sized(pdf: bytes, foot: float) -> Iterator[tuple[float, str]]:
    """Yield each text that is seen above the foot of those pages, with its size on paper."""
    file = pypdfium2.PdfDocument(pdf)
    for index, _ in own_pages(pdf):
        page = file[index]
        reading = page.get_textpage()
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3):
            _, bottom, _, _ = item.get_bounds()
            if bottom < foot or pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                continue
            size = c_float()
            pdfium.FPDFTextObj_GetFontSize(item, size)
            yield size.value * item.get_matrix().d, spelt(item, reading)


def spelt(item: Any, reading: Any) -> str:  # noqa: ANN401 - pypdfium2 is untyped
    """Return the characters of a text object."""
    length = pdfium.FPDFTextObj_GetText(item, reading, None, 0)
    buffer = (pdfium.FPDF_WCHAR * length)()
    pdfium.FPDFTextObj_GetText(item, reading, buffer, length)
    return bytes(buffer).decode("utf-16-le").rstrip("\0").strip()


def sheet(request: Request) -> Sheet:
    """Return what the pages of a request are made from."""
    paper, look = SIZES[request.paper], look_of(request)
    return Sheet(
        programme=plan(request).programme,
        paper=paper.enlarged(LARGE) if look.large_print else paper,
        look=look,
        words=english(),
        artwork=artwork(),
        emergency="112 or your local number",
        clinic=Clinic(),
        own=frozenset(name for name in ("name", "cleared_by") if getattr(request, name)),
    )


def surface_of(request: Request, monkeypatch: pytest.MonkeyPatch) -> Surface:
    """Return the surface on which all pages of a request were painted."""
    seen: list[Surface] = []
    bound = binding.bound

    def watched(surface: Surface, *rest: Any, **names: Any) -> int:  # noqa: ANN401 - those of bound
        seen.append(surface)
        return bound(surface, *rest, **names)

    monkeypatch.setattr(document, "bound", watched)
    document.template(sheet(request))
    return seen[0]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("weeks", LENGTHS)
def test_type_is_large_enough(weeks: int, large: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """What is read is 12 points high or more, 18 in large print; only a word or number beside a picture is smaller."""
    pdf = drawn(Request(profile="full", weeks=weeks, large_print=large, avoid=("stenosis",), name="Ana Ruiz"))
    scale = LARGE if large else 1.0

    found = list(sized(pdf, 15 * MM * scale))
    assert len(found) > 100
    assert [text for size, text in found if size < 12 * scale - 0.01 and len(text.split()) > 2] == []
    assert [text for size, text in found if size < 9 * scale - 0.01] == []


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("weeks", LENGTHS)
@pytest.mark.parametrize("profile", PROFILES)
def test_large_print_is_whole(profile: str, weeks: int, paper: str) -> None:
    """In large print no text of these pages is cut or lies on another."""
    request = Request(
        profile=profile, weeks=weeks, name=LONG_NAME, cleared_by=LONG_NAME, timezone="UTC", large_print=True
    )

    assert own_faults(drawn(request, paper)) == []


@settings(deadline=None, max_examples=20)
@given(
    st.builds(
        Request,
        profile=st.sampled_from(PROFILES),
        weeks=st.integers(1, 26),
        per_day=st.integers(1, 2),
        max_exercises=st.sampled_from((1, 5, 12)),
        name=st.sampled_from(("", "Bo", LONG_NAME)),
        cleared_by=st.sampled_from(("Dr B", LONG_NAME)),
        avoid=st.lists(st.sampled_from(CONDITIONS), max_size=4, unique=True).map(tuple),
        timezone=st.sampled_from(("Europe/London", "UTC")),
        large_print=st.booleans(),
        even_pages=st.booleans(),
    ),
    st.sampled_from(PAPERS),
)
def test_any_plan_is_whole(request: Request, paper: str) -> None:
    """Whatever the plan, no text of these pages is cut or lies on another, and nothing is left out of a card."""
    if isinstance(compose(request, facts()), Problem):
        return
    pdf = drawn(request, paper)

    assert own_faults(pdf) == []
    cards = " ".join(page for page in texts(pdf) if page.startswith("Your exercises"))
    for name in plan(request).programme.exercises():
        assert re.sub(r"\s", "", english().exercises[name].stop_if) in re.sub(r"\s", "", cards)


def links(file: pikepdf.Pdf) -> dict[str, list[tuple[int, int]]]:
    """Return from which page (from 1) to which one each link leads, by what it says."""
    numbers = {page.obj.objgen: index for index, page in enumerate(file.pages, start=1)}
    found: dict[str, list[tuple[int, int]]] = {}
    for page in file.pages:
        for link in page.obj.get("/Annots", []):
            steps = (numbers[page.obj.objgen], numbers[link.Dest[0].objgen])
            found.setdefault(str(link.Contents), []).append(steps)
    return found


@pytest.mark.parametrize("large", [False, True])
def test_links(large: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The cover leads to the first card, and each week's number in the chart to that week's first page."""
    pdf = drawn(Request(profile="full", weeks=3, large_print=large))
    pages = texts(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        found = links(file)

    chart = next(index for index, page in enumerate(pages, start=1) if page.startswith("Your 3 weeks"))
    card = next(index for index, page in enumerate(pages, start=1) if page.startswith("Your exercises"))
    last = max(index for index, page in enumerate(pages, start=1) if page.startswith("Your exercises"))
    assert found.pop(f"Pages {card} to {last}") == [(1, card)]
    assert found == {
        f"Week {week}": [
            (chart, next(index for index, page in enumerate(pages, start=1) if page.startswith(f"Week {week} ")))
        ]
        for week in (1, 2, 3)
    }


def test_links_are_heard() -> None:
    """Each link is in a Link element with its words, named by the parent tree, and lies on its page."""
    with pikepdf.open(io.BytesIO(drawn(Request(profile="full", weeks=2, large_print=True)))) as file:
        numbers = file.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(numbers[index]): numbers[index + 1] for index in range(0, len(numbers), 2)}
        told = {element.objgen for element in walk(file.Root.StructTreeRoot.K) if element.S == "/Link"}
        found = [(page, link) for page in file.pages for link in page.obj.get("/Annots", [])]

        assert len(found) == len(told) == 3
        for page, link in found:
            element = owners[int(link.StructParent)]
            assert element.objgen in told
            assert any(isinstance(kid, int) and owns(element, page, kid) for kid in element.K)
            assert any(getattr(kid, "Obj", None) == link for kid in element.K if isinstance(kid, pikepdf.Dictionary))
            left, bottom, right, top = map(float, link.Rect)
            assert 0 < left < right < float(page.mediabox[2])
            assert 0 < bottom < top < float(page.mediabox[3])


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("paper", PAPERS)
def test_large_print_keeps_the_standards(paper: str, standard: str) -> None:
    """Large print with its links and a page for notes is PDF/UA-1 and PDF/A-2a at once."""
    assert failures(drawn(Request(profile="full", weeks=2, large_print=True, even_pages=True), paper), standard) == []


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("weeks", LENGTHS)
def test_review(weeks: int, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001 - as above
    """The review has a place for each total of each week, the goal, three questions and the advice, at the very end."""
    request = Request(profile="full", weeks=weeks, large_print=large)
    blanks = [blank for blank in surface_of(request, monkeypatch).blanks() if blank.spot.part == "review"]

    totals = {(blank.spot.week, blank.spot.what) for blank in blanks if blank.spot.week}
    assert totals == {(week, name) for week in range(1, weeks + 1) for name in ("done", "worst", "usual", "dose")}
    assert sum(blank.spot.what == "questions" for blank in blanks) == 3
    assert {blank.spot.what for blank in blanks if not blank.spot.week} == {"goal", "questions", "advice"}
    assert len({blank.spot for blank in blanks}) == len(blanks)
    count = len(review.pages(sheet(request)))
    assert all(text.startswith("For your next visit") for text in texts(drawn(request))[-count:])


def test_review_counts_the_sessions() -> None:
    """Each week says of how many sessions it is: a walk counts, and a day off does not."""
    request = Request(profile="full", weeks=2, days_off=(5, 6))
    weeks = plan(request).programme.weeks
    planned = [
        len({(session.slot, day) for session in week.sessions for item in session.prescriptions for day in item.days})
        for week in weeks
    ]

    assert re.findall(r"Week \d a number of (\d+)", texts(drawn(request))[-1]) == [str(count) for count in planned]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("paper", PAPERS)
def test_cover_has_lines_for_the_physiotherapist(paper: str, large: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001 - as above
    """Name, telephone and the day the plan was seen each have a line of 3.5 cm or more above the foot of the cover."""
    request = Request(profile="full", name="Bo", cleared_by="Dr B", paper=paper, large_print=large)
    blanks = [blank for blank in surface_of(request, monkeypatch).blanks() if blank.spot.part == "cover"]
    floor = SIZES[paper].height - 15 * MM

    assert [blank.spot.what for blank in blanks] == ["contact", "contact_phone", "contact_seen"]
    assert all(blank.page == 0 and not blank.tick and blank.width > 35 * MM for blank in blanks)
    assert all(blank.y + blank.height <= floor for blank in blanks)


@pytest.mark.parametrize("weeks", range(1, 5))
def test_even_pages(weeks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of lines for notes is added where the number of pages would be odd, and nowhere else."""
    plain = texts(drawn(Request(profile="stretch-only", weeks=weeks)))
    even = texts(drawn(Request(profile="stretch-only", weeks=weeks, even_pages=True)))

    assert len(even) == len(plain) + len(plain) % 2
    assert even[-1].startswith("Notes" if len(plain) % 2 else "For your next visit")
    blanks = surface_of(Request(profile="stretch-only", weeks=weeks, even_pages=True), monkeypatch).blanks()
    assert (len([blank for blank in blanks if blank.spot.part == "notes"]) > 15) == bool(len(plain) % 2)


def test_chart_is_a_table() -> None:
    """The weeks at a glance read as a table: a head for each week, and in each row a head and a number a week."""
    with pikepdf.open(io.BytesIO(drawn(Request(profile="full", weeks=12)))) as file:
        table = next(element for element in walk(file.Root.StructTreeRoot.K) if element.S == "/Table")
        tags = ["".join("h" if cell.S == "/TH" else "d" for cell in row.K) for row in table.K]

    assert tags == ["h" * 13] + ["h" + "d" * 12] * 4


def test_version_and_day() -> None:
    """Each page says when it was printed, and from the second version on that older pages are to go."""
    first = texts(drawn(Request(profile="full", weeks=1)))
    again = document.renderer(look=look_of(Request(profile="full")), artwork=artwork(), words=english())
    second = texts(b"".join(again(replace(plan(Request(profile="full", weeks=1)), revision=2))))

    assert all("version 1, printed 21 November 2026" in page for page in first)
    assert not any("throw" in page for page in first)
    assert all("version 2, printed 21 November 2026: throw older pages away" in page for page in second)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("long", [1, 10, 32])
def test_long_code(long: int, large: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """However long the plan's id is, it stands whole on one line of 9 points or more beside the page's number."""
    request = Request(profile="stretch-only", weeks=1, id="A7" * long, large_print=large)
    later = replace(plan(request), revision=2)
    pdf = b"".join(document.renderer(look=look_of(request), artwork=artwork(), words=english())(later))

    assert own_faults(pdf) == []
    assert all(f"{'A7' * long}, version 2" in page for _, page in own_pages(pdf))


def test_tick_says_what_is_ticked() -> None:
    """The cover says whether a box stands for a hold or for a whole exercise, as the boxes do."""
    for boxes, said in (("repetition", "One box for each hold or set."), ("exercise", "One box for each exercise.")):
        assert said in texts(drawn(Request(profile="full", boxes=boxes)))[0]


@pytest.mark.parametrize("large", [False, True])
def test_warning_names_the_page_of_the_signs(large: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The foot of guide, cards and review names the page on which the signs to stop are."""
    pdf = drawn(Request(profile="full", large_print=large))
    pages = texts(pdf)
    signs = next(number for number, page in enumerate(pages, start=1) if "Stop and get help" in page)

    for index, page in own_pages(pdf):
        if index >= signs:
            assert f"See page {signs}." in page


def test_steps_are_short() -> None:
    """No step of a card has more than twelve words."""
    every = english().exercises.values()
    steps = [step for words in every for step in words.steps]
    steps += [step for words in every for form in words.variants.values() for step in form.steps]

    assert len(steps) > 200
    assert [step for step in steps if len(step.split()) > 12] == []


def test_headings_have_what_follows() -> None:
    """No page of the guide ends a column with a heading."""
    for weeks, large in ((6, False), (6, True)):
        for page in guide.pages(
            sheet(Request(profile="full", weeks=weeks, large_print=large, avoid=CONDITIONS[:4], cleared_by="Dr B"))
        ):
            assert all(not column[-1].tag.startswith("H") for column in page.columns)
