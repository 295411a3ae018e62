"""The sheet is a valid file, nothing on it is cut or overlaps, and no rule is ever missing."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pypdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmaker import catalogue, words
from planmaker.assign import assign, completed
from planmaker.compose import compose
from planmaker.errors import InputError, Problem
from planmaker.figures.drawing import Drawing, drawings_from_json
from planmaker.pdf import renderer
from planmaker.plan import Plan
from planmaker.request import Request, look_of
from planmaker.resources import catalogue_dir, templates_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planmaker.look import Look

PROFILES = ("stretch-only", "strengthening", "full")
PAPERS = ("a4", "letter")
CONDITIONS = tuple(sorted(path.stem for path in (catalogue_dir() / "conditions").glob("*.toml")))
ISSUED = datetime(2026, 11, 21, 9, tzinfo=UTC)
MM = 72 / 25.4
LONG_NAME = "Wilhelmina-Alexandra von Hohenstein-Burgstaller zu Oberau XII"


@cache
def facts() -> catalogue.Catalogue:
    return catalogue.load(catalogue_dir())


@cache
def english() -> words.Words:
    return words.load("en", templates=templates_dir(), catalogue=catalogue_dir())


def plan(request: Request) -> Plan:
    whole = completed(request, ISSUED, "Europe/London")
    programme = compose(whole, facts())
    assert not hasattr(programme, "what"), programme
    result = assign(programme, whole, issued=ISSUED, catalogue=facts().digest)
    assert isinstance(result, Plan), result
    return result


@cache
def artwork() -> dict[str, tuple[Drawing, ...]]:
    paths = sorted((catalogue_dir() / "drawings").glob("*.json"))
    return {path.stem: drawings_from_json(path.read_text(encoding="utf-8")) for path in paths}


def look(request: Request, paper: str = "a4", only: tuple[int, int] | None = None) -> Look:
    return replace(look_of(request, only), paper=paper)


def drawn(request: Request, paper: str = "a4", only: tuple[int, int] | None = None) -> bytes:
    return b"".join(renderer(look=look(request, paper, only), artwork=artwork(), words=english())(plan(request)))


def texts(pdf: bytes) -> list[str]:
    """Return the text of each page, on one line."""
    document = pypdfium2.PdfDocument(pdf)
    return [re.sub(r"\s+", " ", page.get_textpage().get_text_range()) for page in document]


def faults(pdf: bytes) -> list[str]:
    """Return each text that leaves the page's margins or lies on another text."""
    return [
        f"page {number}: {fault}"
        for number, page in enumerate(pypdfium2.PdfDocument(pdf), start=1)
        for fault in page_faults(page.get_textpage(), *page.get_size())
    ]


def page_faults(page: pypdfium2.PdfTextPage, wide: float, high: float) -> Iterator[str]:
    """Judge the boxes that pdfium gives for each stretch of text, in points from the bottom left."""
    rects = np.array([page.get_rect(index) for index in range(page.count_rects())])
    least = 6 * MM
    outside = (rects[:, :2] < least).any(axis=1) | (rects[:, 2] > wide - least) | (rects[:, 3] > high - least)
    for index in np.flatnonzero(outside):
        yield f"{page.get_text_bounded(*rects[index])!r} leaves the margins"
    low = np.maximum(rects[:, None, :2], rects[None, :, :2])
    top = np.minimum(rects[:, None, 2:], rects[None, :, 2:])
    shared = np.triu(((top - low) > (0.5, 1.5)).all(axis=2), k=1)
    for one, other in np.argwhere(shared):
        yield f"{page.get_text_bounded(*rects[one])!r} lies on {page.get_text_bounded(*rects[other])!r}"


@pytest.mark.parametrize("weeks", [1, 6, 26])
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("profile", PROFILES)
def test_valid_and_whole(profile: str, paper: str, weeks: int, tmp_path: Path) -> None:
    """qpdf finds no fault, and no text is cut or lies on another."""
    pdf = drawn(Request(profile=profile, weeks=weeks, name=LONG_NAME), paper)

    assert qpdf_check(pdf, tmp_path) == ""
    assert faults(pdf) == []


def qpdf_check(pdf: bytes, folder: Path) -> str:
    """Return what qpdf complains of; skip loudly without it, but never in CI."""
    if shutil.which("qpdf") is None:
        if os.environ.get("CI"):
            pytest.fail("qpdf is missing; apt-get install qpdf")
        pytest.skip("qpdf is missing: apt-get install qpdf, or brew install qpdf")
    path = folder / "plan.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)  # noqa: S607 - the judge on the path
    return "" if run.returncode == 0 else run.stdout + run.stderr


@given(
    st.builds(
        Request,
        profile=st.sampled_from(PROFILES),
        weeks=st.integers(1, 7),
        per_day=st.integers(1, 2),
        max_exercises=st.sampled_from((1, 3, 5, 12)),
        minutes=st.none() | st.integers(10, 30),
        exclude=st.lists(st.sampled_from(("bridging", "calf_stretch", "ta_march")), unique=True).map(tuple),
        name=st.sampled_from(("", "Bo", LONG_NAME, "W" * 60, "ł" * 120, "I " * 59)),
        cleared_by=st.sampled_from(("Dr B", LONG_NAME)),
        level=st.sampled_from(("gentle", "standard")),
        days_off=st.lists(st.integers(0, 6), max_size=3, unique=True).map(tuple),
        avoid=st.lists(st.sampled_from(CONDITIONS), max_size=4, unique=True).map(tuple),
        start=st.dates(date(2026, 12, 1), date(2028, 12, 31)),
    ),
    st.sampled_from(PAPERS),
)
@settings(deadline=None, max_examples=25)
def test_layout(request: Request, paper: str) -> None:
    """Whatever the plan and the name, no text is cut or lies on another."""
    if not isinstance(compose(request, facts()), Problem):
        assert faults(drawn(request, paper)) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_safety(profile: str) -> None:
    """Every sheet says when to stop, when to call for help with which number, and what nobody has reviewed."""
    cover, guide, *rest = texts(drawn(Request(profile=profile, timezone="America/New_York")))

    for sentence in (
        "if pain is new or grows",
        "if pain, tingling or numbness goes into a leg",
        "if you feel faint, or are too short of breath to talk",
        "Chest pain",
        "Call 911 now",
        "in both legs",
        "genitals, bottom or inner thighs",
        "passing urine, or leaking urine or stools",
        "New loss of feeling during sex",
        "A leg that quickly gets weaker",
        "A serious accident before the pain began",
        "Fever",
        "Weight loss with no known cause",
        "Pain that is worse at night",
        "Cancer, now or in the past",
    ):
        assert sentence in cover
    assert "No physiotherapist or doctor has reviewed" in guide
    assert "under 20 or over 55" in guide
    assert ("An honest limit" in guide) == (profile == "stretch-only")
    assert all("leg: stop" in page for page in (guide, *rest))


def test_weeks_have_their_dates() -> None:
    """Each tracking page carries its week's dates, its sessions' times and the page's number."""
    pages = texts(drawn(Request(profile="full", start=date(2027, 2, 25), am=time(13))))

    week_one = next(page for page in pages if page.startswith("Week 1"))
    assert "25 February to 3 March 2027" in week_one
    assert "Afternoon 13:00" in week_one
    assert "Thu Fri Sat Sun Mon Tue Wed" in week_one or all(day in week_one for day in ("Thu 25", "Wed 3"))
    assert all(f"page {number} of {len(pages)}" in page for number, page in enumerate(pages, start=1))


def test_card_is_whole() -> None:
    """Each exercise has one card, on one page, with its steps, its doses and its stop line."""
    pages = texts(drawn(Request(profile="full")))
    cards = [page for page in pages if page.startswith("Your exercises")]

    for name in plan(Request(profile="full")).programme.exercises():
        own = english().exercises[name]
        holding = [page for page in cards if own.picture and own.steps[-1] in page and own.name in page]
        assert holding
        assert any(all(step in page for step in own.steps) and own.stop_if in page for page in holding)


def test_one_page_a_week() -> None:
    """A full week of ten exercises and a walk fits one page, also where the emergency number takes words."""
    for paper in PAPERS:
        for timezone in ("Europe/London", "UTC"):
            pages = texts(drawn(Request(profile="full", weeks=12, timezone=timezone), paper))

            assert sum(page.startswith("Week ") for page in pages) == 12


def test_twelve_rows() -> None:
    """A session with all ten exercises stays whole or goes on with a heading of its own."""
    pages = texts(drawn(Request(profile="full", per_day=1, max_exercises=12), "letter"))

    assert all("Mon" in page for page in pages if page.startswith("Week "))


def test_unknown_glyph() -> None:
    """A name with a character that the typeface lacks is refused with the character's name."""
    with pytest.raises(InputError, match=r"^name: .*IDEOGRAPH-674E.*U\+674E.*--font-dir"):
        drawn(Request(profile="full", name="李"))


def test_same_bytes() -> None:
    """The same plan gives the same bytes."""
    request = Request(profile="strengthening", weeks=2, name="Ana Ruiz")

    assert drawn(request) == drawn(request)


def test_epoch_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan's bytes depend on the plan alone, not on what the environment says of dates."""
    request = Request(profile="strengthening", weeks=1)
    plain = drawn(request)

    for epoch in ("1795000001", "abc"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert drawn(request) == plain


def test_little_ink() -> None:
    """No page is darker than eight per cent, so that a home printer can print it."""
    for page in pypdfium2.PdfDocument(drawn(Request(profile="full"))):
        grey = page.render(scale=2, grayscale=True).to_numpy()

        assert float((grey < 128).mean()) < 0.08


def test_private_title() -> None:
    """The document's title, data and bookmarks hold no name and no date."""
    reader = pypdf.PdfReader(io.BytesIO(drawn(Request(profile="full", name="Ana Ruiz"))))
    told = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]

    titles = [str(cast("Any", item).title) for item in reader.outline]

    assert reader.metadata is None
    assert len(titles) > 8
    assert "Your back plan" in told
    assert not re.search(r"Ruiz|202\d", told + " ".join(titles))
