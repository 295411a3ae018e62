"""The tracking pages have each box once, large enough to hit, and words large enough to read, in every look."""

from __future__ import annotations

import ctypes
from collections import Counter
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pdf import (
    CONDITIONS,
    LONG_NAME,
    MM,
    PAPERS,
    PROFILES,
    artwork,
    drawn,
    english,
    facts,
    faults,
    look,
    plan,
    texts,
)

from planmaker.compose import compose
from planmaker.dose import boxes
from planmaker.errors import InputError, Problem
from planmaker.pdf import compact, style
from planmaker.pdf import week as weeks
from planmaker.pdf.binding import desk
from planmaker.pdf.document import sheet_of
from planmaker.pdf.file import File
from planmaker.pdf.sheet import Place, Sheet
from planmaker.pdf.spots import Blank, Spot
from planmaker.pdf.surface import Surface
from planmaker.programme import Slot
from planmaker.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planmaker.programme import Programme

LOOKS = {
    "usual": Request(profile="full"),
    "large": Request(profile="full", large_print=True),
    "exercise": Request(profile="full", boxes="exercise"),
    "large exercise": Request(profile="full", boxes="exercise", large_print=True),
    "compact": Request(profile="full", compact=True),
    "large compact": Request(profile="full", compact=True, large_print=True),
}
NOTED = ("waking", "worst")
RULES = ("up", "stay", "back")


def sheet(request: Request, paper: str) -> Sheet:
    return sheet_of(plan(request), look=look(request, paper), artwork=artwork(), words=english())


def blanks(request: Request, paper: str = "a4") -> tuple[Blank, ...]:
    """Return all places to fill of a plan's tracking pages."""
    made = sheet(request, paper)
    surface = Surface(desk(File(100), made.words.characters), made.paper)
    if made.look.compact:
        for brief in compact.pages(made):
            compact.static(surface, made, Place(1, 1), brief)
            surface.next_page()
    else:
        every = [(week, False) for week in made.programme.weeks] + [(made.programme.weeks[-1], True)]
        for page in (page for week, spare in every for page in weeks.pages(made, week, spare=spare)):
            weeks.static(surface, made, Place(1, 1), page)
            surface.next_page()
    return surface.blanks()


def due(programme: Programme, *, single: bool) -> Iterator[Spot]:
    """Yield a spot for each box that a programme asks for, the spare week's with them."""
    last = len(programme.weeks)
    for number, week in [*((week.number, week) for week in programme.weeks), (0, programme.weeks[-1])]:
        for session in week.sessions:
            for item in session.prescriptions:
                one = single or session.slot is Slot.AEROBIC
                sides = ("",) if one or item.sides.number == 1 else ("L", "R")
                count = 1 if one else boxes(item.dose)
                for day in item.days:
                    for side in sides:
                        for index in range(count):
                            yield Spot(number, session.slot.value, item.exercise, day, side, index)
        if number != last:
            yield from (Spot(number, "week", rule) for rule in RULES)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", LOOKS)
def test_each_box_once(kind: str, profile: str, paper: str) -> None:
    """Each held repetition or set, side and day has one box, or each exercise, session and day; nothing else has."""
    request = replace(LOOKS[kind], profile=profile)
    found = Counter(place.spot for place in blanks(request, paper) if place.tick)

    single = request.compact or request.boxes == "exercise"
    assert found == Counter(due(plan(request).programme, single=single))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", LOOKS)
def test_each_line_once(kind: str, paper: str) -> None:
    """Pain has a line each day, usual pain one a week, and each exercise one for the dose that one is on."""
    request = LOOKS[kind]
    found = Counter(place.spot for place in blanks(request, paper) if not place.tick)
    programme = plan(request).programme

    assert set(found.values()) == {1}
    for number, week in [*((week.number, week) for week in programme.weeks), (0, programme.weeks[-1])]:
        for name in NOTED:
            assert all(Spot(number, "week", name, day) in found for day in range(7))
        assert Spot(number, "week", "usual") in found
        if not request.compact or number == 0:
            for session in week.sessions:
                assert all(Spot(number, session.slot.value, item.exercise) in found for item in session.prescriptions)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("kind", LOOKS)
def test_boxes_can_be_hit_and_read(kind: str, paper: str) -> None:
    """A box is at least 4.5 mm wide and 1.2 mm from any other; a line to write on is at least 6 mm long."""
    places = blanks(LOOKS[kind], paper)

    for place in places:
        assert place.width >= (4.5 if place.tick else 6) * MM - 0.01
    assert min(apart(one, other) for one, other in neighbours(places)) >= 1.2 * MM - 0.01


def neighbours(places: Sequence[Blank]) -> Iterator[tuple[Blank, Blank]]:
    """Yield the pairs of boxes on a page."""
    for page in {place.page for place in places}:
        yield from combinations([place for place in places if place.page == page and place.tick], 2)


def apart(one: Blank, other: Blank) -> float:
    """Return how far two boxes are from each other, along the axis on which they are farther."""
    across = max(one.x, other.x) - min(one.x + one.width, other.x + other.width)
    down = max(one.y, other.y) - min(one.y + one.height, other.y + other.height)
    return max(across, down)


def test_gaps_down() -> None:
    """On A4 boxes one below the other are 1.8 mm apart in every dated week of the usual plan."""
    places = [place for place in blanks(LOOKS["usual"]) if place.spot.week and place.spot.part != "week"]

    gaps = [apart(one, other) for one, other in neighbours(places) if abs(one.x - other.x) < 4.5 * MM]
    assert min(gaps) >= 1.8 * MM - 0.01


def test_places_lie_on_the_page() -> None:
    """No place to fill leaves the margins or lies in the footer."""
    for kind, request in LOOKS.items():
        for paper in PAPERS:
            size = style.PAPERS[paper]
            for place in blanks(request, paper):
                assert place.x >= size.left - 0.1, kind
                assert place.x + place.width <= size.width - size.right + 0.1, kind
                assert place.y + place.height <= size.height - size.bottom, kind


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", [kind for kind in LOOKS if kind != "usual"])
def test_no_look_cuts_words(kind: str, profile: str, paper: str) -> None:
    """In no look is a text cut or on another, also with a long name and forms for several conditions."""
    for avoid in ((), ("stenosis", "no-floor")):
        pdf = drawn(replace(LOOKS[kind], profile=profile, name=LONG_NAME, avoid=avoid), paper)
        tracking = [f"page {number}:" for number, page in enumerate(texts(pdf), start=1) if "on the fridge" in page]
        assert tracking
        assert [fault for fault in faults(pdf) if fault.startswith(tuple(tracking))] == []


@given(
    st.builds(
        Request,
        profile=st.sampled_from(PROFILES),
        weeks=st.integers(1, 7),
        per_day=st.integers(1, 2),
        max_exercises=st.sampled_from((1, 3, 5, 12)),
        harder=st.booleans(),
        name=st.sampled_from(("", "Bo", LONG_NAME, "W" * 60)),
        cleared_by=st.just("Dr B"),
        days_off=st.lists(st.integers(0, 6), max_size=3, unique=True).map(tuple),
        avoid=st.lists(st.sampled_from(CONDITIONS), max_size=4, unique=True).map(tuple),
        timezone=st.sampled_from(("Europe/London", "UTC")),
        large_print=st.booleans(),
        compact=st.booleans(),
        boxes=st.sampled_from(("repetition", "exercise")),
    ).map(lambda request: replace(request, harder=request.harder and not request.avoid)),
    st.sampled_from(PAPERS),
)
@settings(deadline=None, max_examples=40)
def test_any_plan_in_any_look(request: Request, paper: str) -> None:
    """Whatever the plan and the look, no text is cut or on another, and each box is there once and far from others."""
    if isinstance(compose(request, facts()), Problem):
        return
    places = blanks(request, paper)

    single = request.compact or request.boxes == "exercise"
    found = Counter(place.spot for place in places if place.tick)
    assert found == Counter(due(plan(request).programme, single=single))
    assert min((apart(one, other) for one, other in neighbours(places)), default=MM * 2) >= 1.2 * MM - 0.01
    assert faults(drawn(request, paper, (1, request.weeks))) == []


def sizes(pdf: bytes, page: int, text: str) -> list[float]:
    """Return the size of type of each place where a page has a text."""
    words = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    search, found = words.search(text, match_case=True, match_whole_word=True), []
    while (place := search.get_next()) is not None:
        found.append(round(float(pdfium.FPDFText_GetFontSize(words.raw, place[0])), 2))
    return found


def weights(pdf: bytes, page: int, text: str) -> list[bool]:
    """Tell for each place where a page has a text whether it is bold."""
    words = pypdfium2.PdfDocument(pdf)[page].get_textpage()
    search, found = words.search(text, match_case=True, match_whole_word=True), []
    while (place := search.get_next()) is not None:
        name = ctypes.create_string_buffer(80)
        pdfium.FPDFText_GetFontInfo(words.raw, place[0], name, 80, None)
        found.append(name.value.endswith(b"-Bold"))
    return found


@pytest.mark.parametrize("boxes_for", ["repetition", "exercise"])
@pytest.mark.parametrize("paper", PAPERS)
def test_type_in_the_grid(paper: str, boxes_for: str) -> None:
    """Names, doses, days, dates and rest are set in 10.5 points or more, labels in 9, marks in 9 bold."""
    pdf = drawn(replace(LOOKS["usual"], boxes=boxes_for), paper, (5, 5))

    for text in ("Bridge", "2 sets of 10", "hold 20 seconds", "Mon", "24", "rest", "Walk", "Morning", "each leg"):
        assert sizes(pdf, 0, text), text
        assert min(sizes(pdf, 0, text)) >= 10.5, text
    for text in ("my dose", "0 to 10", "Pain on waking", "My usual pain", "Notes", "Flare-up", "Go up next week"):
        assert min(sizes(pdf, 0, text), default=9) >= 9, text
    assert min(sizes(pdf, 0, "more")) >= 9
    assert sum(weights(pdf, 0, "more")) == 7


@pytest.mark.parametrize("kind", [kind for kind in LOOKS if "compact" not in kind])
@pytest.mark.parametrize("paper", PAPERS)
def test_flare_up(paper: str, kind: str) -> None:
    """The first week says what to do in a flare-up and after missed days."""
    pages = " ".join(page for page in texts(drawn(LOOKS[kind], paper)) if page.startswith("Week 1"))

    assert "Do half the repeats for 2 days, but do not stop." in pages
    assert "carry on, never double up. 3 or more: start this week again." in pages


def test_advice_costs_no_page() -> None:
    """On A4 all weeks but the last and the spare week say what to do in a flare-up, each on one page."""
    pages = [page for page in texts(drawn(LOOKS["usual"])) if page.startswith(("Week ", "Spare"))]

    assert ["do not stop" in page for page in pages] == [True, True, True, True, True, False, True]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_compact(profile: str, paper: str) -> None:
    """A compact sheet has two weeks a page, each with its dates, and no page but those."""
    pages = texts(drawn(replace(LOOKS["compact"], profile=profile, name="Ann Example"), paper))

    assert [[number for number in range(1, 7) if f"Week {number} of 6" in page] for page in pages] == [
        [1, 2],
        [3, 4],
        [5, 6],
        [],
    ]
    assert "Spare week" in pages[-1]
    for page in pages:
        assert page.count("Pain on waking") in {1, 2}
        assert page.count("leg: stop") == 1
        assert "Ann Example" in page


def test_compact_marks_sessions() -> None:
    """A compact week says of each box, or of each exercise, whether it is for the first or the second session."""
    twice = texts(drawn(replace(LOOKS["compact"], profile="stretch-only")))[0]
    once = texts(drawn(LOOKS["compact"]))[2]

    assert twice.count("AM PM") == 2 * (1 + 7)
    assert once.count("AM") == 2 + 10
    assert once.count("PM") == 2 + 10


@pytest.mark.parametrize("kind", LOOKS)
def test_only_some_weeks(kind: str) -> None:
    """Some weeks can be printed alone: no cover, no spare week, pages counted by what is printed."""
    pages = texts(drawn(LOOKS[kind], "a4", (2, 3)))

    assert {number for page in pages for number in range(1, 7) if f"Week {number}" in page} == {2, 3}
    assert all(f"Week {number}" in page for page in pages for number in (2, 3) if kind == "compact")
    assert all(f"page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert not any("Spare week" in page or "Danger signs (page 1)" in page for page in pages)


@pytest.mark.parametrize("only", [(6, 7), (0, 1), (3, 2)])
def test_only_weeks_of_the_plan(only: tuple[int, int]) -> None:
    """Weeks that the plan does not have are refused with those that it has."""
    with pytest.raises(InputError, match="--only: the plan has weeks 1 to 6"):
        drawn(LOOKS["usual"], "a4", only)
