"""However a sheet is printed, it keeps the standards, and every place to tick or write on is there exactly once."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import page
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_pdf import CONDITIONS, PAPERS, PROFILES, artwork, english, plan
from test_pdf_tags import FETCH, LIMITS, VERAPDF, failures, tree, verapdf, walk

from planmaker import pdf
from planmaker.clinic import Clinic
from planmaker.dose import boxes
from planmaker.exercise import Sides
from planmaker.pdf.document import painted, sheet_of
from planmaker.plan import Feed
from planmaker.programme import Slot
from planmaker.request import Request, look_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from planmaker.pdf.spots import Blank
    from planmaker.plan import Plan
    from planmaker.workshop import Workshop

Case = tuple[str, str, str, str]  # profile, language, paper, look
Bounds = tuple[float, float, float, float]  # left, bottom, right, top
LANGUAGES = ("en",)
LOOKS = {
    "as it is": Request(profile=""),
    "large print": Request(profile="", large_print=True),
    "compact": Request(profile="", compact=True),
    "a box an exercise": Request(profile="", boxes="exercise"),
    "fillable": Request(profile="", fillable=True),
    "fillable, large print": Request(profile="", fillable=True, large_print=True),
    "even pages": Request(profile="", even_pages=True),
    "with the plan": Request(profile="", embed_plan=True),
    "private": Request(profile="", private=True),
    "calendar address": Request(profile="", calendar_url="https://clinic.example/{token}.ics"),
    "conditions": Request(profile="", avoid=("no-floor", "stenosis", "heart-disease"), cleared_by="Dr Who"),
}
CASES = [
    (profile, language, paper, look)
    for profile in PROFILES
    for language in LANGUAGES
    for paper in PAPERS
    for look in LOOKS
]


def wished(profile: str, language: str, paper: str, look: str) -> Request:
    return replace(LOOKS[look], profile=profile, language=language, paper=paper, weeks=2, name="Zoë Ñandú")


def sheet(request: Request) -> bytes:
    render = pdf.renderer(look=look_of(request), artwork=artwork(), words=english())
    feed = Feed(token="0f4bd2a7" * 4, url=request.calendar_url)
    return b"".join(render(replace(plan(request), feed=feed)))


def verdict(data: bytes, request: Request) -> str:
    """Return PASS, or what the validator has against a file."""
    faults = failures(data, "PDF/UA-1")
    if request.embed_plan:
        report = str(page.validate_pdf_bytes(data, profile=page.ValidationProfile.PDF_A_3A, limits=LIMITS))
        faults += [] if "no failures" in report else report.splitlines()
    else:
        faults += failures(data, "PDF/A-2a")
    return "; ".join(faults) or "PASS"


@pytest.mark.parametrize(("profile", "language", "paper", "look"), CASES)
def test_every_look_keeps_the_standards(
    profile: str, language: str, paper: str, look: str, record_property: Callable[[str, object], None]
) -> None:
    """Each profile, language, paper and look is PDF/UA-1, and PDF/A-2a or, with an attachment, PDF/A-3a."""
    request = wished(profile, language, paper, look)

    found = verdict(sheet(request), request)

    record_property("verdict", (profile, language, paper, look, found))
    assert found == "PASS"


@pytest.mark.long
@pytest.mark.skipif(not VERAPDF.exists(), reason=f"veraPDF is absent: {FETCH}")
def test_verapdf_agrees(tmp_path: Path) -> None:
    """veraPDF passes looks of each kind too, in one profile or another (tests/torture/looks.py: in all)."""
    looks = ("as it is", "compact", "fillable, large print", "with the plan", "conditions", "calendar address")
    cases = [(PROFILES[number % 3], "en", PAPERS[number % 2], look) for number, look in enumerate(looks)]

    assert dict.fromkeys(cases, "PASS") == verdicts(cases, tmp_path)


def verdicts(cases: list[Case], folder: Path) -> dict[Case, str]:
    """Return what veraPDF says of sheets by both standards that each keeps."""
    paths = {case: folder / f"{number}.pdf" for number, case in enumerate(cases)}
    for case, path in paths.items():
        path.write_bytes(sheet(wished(*case)))
    inside = [case for case in cases if LOOKS[case[3]].embed_plan]
    outside = [case for case in cases if case not in inside]
    found = dict.fromkeys(cases, "PASS")
    for flavour, judged in (("2a", outside), ("3a", inside), ("ua1", cases)):
        for case, told in zip(judged, verapdf(flavour, [paths[case] for case in judged]), strict=True):
            found[case] = found[case] if told == "PASS" else f"{told} by {flavour}"
    return found


def blanks(wish: Request) -> tuple[Plan, tuple[Blank, ...]]:
    """Return a plan, and the places of its sheet that are filled in."""
    made = plan(wish)
    whole = sheet_of(made, look=look_of(wish), artwork=artwork(), words=english(), clinic=Clinic())
    return made, painted(whole).surface.blanks()


def ticks_of(made: Plan, *, an_exercise: bool) -> set[tuple[int, str, str, int, str, int]]:
    """Return what must be ticked: each hold or set of each side, or each exercise of a session, on each day due."""
    found = set()
    for week in made.programme.weeks:
        for session in week.sessions:
            for item in session.prescriptions:
                alone = an_exercise or session.slot is Slot.AEROBIC
                sides = ("",) if alone or item.sides is Sides.BOTH else ("L", "R")
                count = 1 if alone else boxes(item.dose)
                found |= {
                    (week.number, session.slot.value, item.exercise, day, side, number)
                    for day in item.days
                    for side in sides
                    for number in range(count)
                }
    return found


@settings(deadline=None, max_examples=30)
@given(
    profile=st.sampled_from(PROFILES),
    weeks=st.integers(1, 5),
    paper=st.sampled_from(PAPERS),
    large=st.booleans(),
    compact=st.booleans(),
    kind=st.sampled_from(("repetition", "exercise")),
    avoid=st.lists(st.sampled_from(CONDITIONS), max_size=2, unique=True).map(tuple),
)
def test_every_box_once(  # noqa: PLR0913 - one a wish
    *, profile: str, weeks: int, paper: str, large: bool, compact: bool, kind: str, avoid: tuple[str, ...]
) -> None:
    """Every box of the plan is on the paper exactly once, no two places are called alike, and none lies on another."""
    wish = Request(profile=profile, weeks=weeks, paper=paper, avoid=avoid, cleared_by="Dr Who")
    wish = replace(wish, large_print=large, compact=compact, boxes=kind)
    made, places = blanks(wish)
    spots = [place.spot for place in places]
    ticks = {tuple(place.spot) for place in places if place.tick and place.spot.week and place.spot.part != "week"}

    assert len(spots) == len(set(spots))
    assert ticks == ticks_of(made, an_exercise=compact or kind == "exercise")
    assert not overlapping(places)


def overlapping(places: tuple[Blank, ...]) -> list[tuple[Blank, Blank]]:
    """Return the boxes that are nearer to each other than a millimetre, or lie on a line's place."""
    near = 72 / 25.4
    boxed = sorted((place for place in places if place.tick), key=lambda place: (place.page, place.y, place.x))
    return [
        (one, other)
        for index, one in enumerate(boxed)
        for other in boxed[index + 1 : index + 60]
        if one.page == other.page
        and abs(one.x - other.x) < one.width + near - 0.01
        and abs(one.y - other.y) < one.height + near - 0.01
    ]


def strokes(content: Any, resources: Any, matrix: pikepdf.Matrix) -> Iterator[Bounds]:  # noqa: ANN401 - pikepdf's own
    """Yield where each line with bends lies that content draws; pictures are left out."""
    saved: list[pikepdf.Matrix] = []
    path: list[tuple[str, tuple[float, float]]] = []
    for instruction in pikepdf.parse_content_stream(content):
        operands, name = instruction.operands, str(instruction.operator)
        if name == "q":
            saved.append(matrix)
        elif name == "Q":
            matrix = saved.pop()
        elif name == "cm":
            matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
        elif name in {"m", "l", "c"}:
            path.append((name, matrix.transform((float(operands[-2]), float(operands[-1])))))
        elif name == "Do" and not str(operands[0]).startswith("/P"):
            form = resources.XObject[operands[0]]
            yield from strokes(form, form.get("/Resources", {}), matrix)
        elif name in {"S", "f", "B", "n"}:
            if name == "S" and any(kind == "c" for kind, _ in path):
                xs, ys = zip(*(point for _, point in path), strict=True)
                yield min(xs), min(ys), max(xs), max(ys)
            path = []


@pytest.mark.parametrize("look", ["as it is", "large print", "compact", "a box an exercise", "fillable"])
@pytest.mark.parametrize("paper", PAPERS)
def test_boxes_are_drawn(look: str, paper: str) -> None:
    """On each page stand as many boxes as there are places to tick, each where its place is."""
    wish = wished("full", "en", paper, look)
    _, places = blanks(wish)

    with pikepdf.open(io.BytesIO(sheet(wish))) as file:
        for index, page in enumerate(file.pages):
            page.contents_coalesce()
            high = float(page.mediabox[3])
            drawn = sorted(strokes(page.obj, page.obj.Resources, pikepdf.Matrix()))
            ticks = (place for place in places if place.tick and place.page == index)
            kept = sorted((one.x, high - one.y - one.height, one.x + one.width, high - one.y) for one in ticks)
            near = (min(map(partial(apart, one), kept), default=9.0) for one in drawn)
            assert len(drawn) == len(kept), index
            assert max(near, default=0.0) < 0.1, index


def apart(one: Bounds, other: Bounds) -> float:
    """Return how far two rectangles are from each other, in points, where they differ most."""
    return max(abs(mine - its) for mine, its in zip(one, other, strict=True))


def test_layout_is_the_paper(workshop: Workshop) -> None:
    """The layout tells each place once, in millimetres, as it is drawn."""
    wish = Request(profile="full", weeks=2, id="A-1", large_print=True)
    made, places = blanks(wish)

    told = json.loads(workshop.layout(made, look_of(wish)))

    assert (told["format"], told["layout_version"], told["plan"]) == ("planmaker-layout/1", 2, "A-1")
    assert (told["width"], told["height"]) == (210.0, 297.0)
    assert len(told["places"]) == len(places)
    for item, place in zip(told["places"], places, strict=True):
        assert (item["week"], item["part"], item["what"], item["day"], item["side"], item["number"]) == place.spot
        assert item["page"] == place.page + 1
        assert abs(item["x"] * 72 / 25.4 - place.x) < 0.02


def test_fields_are_the_places() -> None:
    """A fillable sheet has a field for each place, with a name of its own, a told purpose, and no script."""
    wish = Request(profile="full", weeks=2, fillable=True)
    _, places = blanks(wish)

    with pikepdf.open(io.BytesIO(sheet(wish))) as file:
        form = file.Root.AcroForm
        names = [str(field.T) for field in form.Fields]
        assert len(names) == len(set(names)) == len(places)
        assert all(str(field.TU) and "/AP" in field for field in form.Fields)
        assert "/NeedAppearances" not in form
        assert not {"/AA", "/OpenAction", "/JS"} & set(file.Root.keys())


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_has_a_heading(look: str) -> None:
    """Each page of each look has a heading of its own, for those who hear it too."""
    with pikepdf.open(io.BytesIO(sheet(wished("full", "en", "a4", look)))) as file:
        headings = [element for element in walk(tree(file)) if str(element.S)[:2] == "/H" and "/Pg" in element]
        headed = {element.Pg.objgen for element in headings}
        assert [number for number, one in enumerate(file.pages, start=1) if one.obj.objgen not in headed] == []


def test_fields_say_what_they_are() -> None:
    """A field tells week, session, day, exercise, side and which box; a single line has no number."""
    with pikepdf.open(io.BytesIO(sheet(Request(profile="stretch-only", weeks=1, fillable=True)))) as file:
        told = [str(field.TU) for field in file.Root.AcroForm.Fields]

    assert "week 1, first session, day 1, Calf stretch, left, box 1" in told
    assert "week 1, day 3, worst pain in exercise" in told
    assert "next visit, week 1, sessions done" in told
    assert "next visit, question, line 2" in told
