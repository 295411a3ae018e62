"""Put the pages of a plan together: first what is the same for everybody, then the person's lines."""

from __future__ import annotations

import contextlib
import io
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pikepdf
from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from planmaker.pdf import cards, cover, fonts, guide, metadata
from planmaker.pdf import week as weeks
from planmaker.pdf.sheet import Place, Sheet
from planmaker.pdf.style import PAPERS
from planmaker.pdf.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planmaker.figures.drawing import Picture
    from planmaker.plan import Plan
    from planmaker.programme import Week
    from planmaker.words import Words

__all__ = ["renderer"]

# Plain compressed streams: ASCII armour would make every file a quarter larger.
rl_config.useA85 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page in two parts: ``static`` knows no person; ``person`` stamps one on it. A ``title`` is a bookmark."""

    static: Callable[[Surface, Sheet, Place], None]
    person: Callable[[Surface, Sheet, Plan], None]
    title: str = ""


def renderer(*, paper: str, artwork: Mapping[str, tuple[Picture, ...]], words: Words) -> Callable[[Plan], bytes]:
    """Return the function that draws a plan on A4 or Letter paper.

    It raises InputError if the person's name holds a character that the typeface cannot print.
    """
    fonts.load()

    def render(plan: Plan) -> bytes:
        fonts.check(plan.person.name, "name")
        fonts.check(plan.person.cleared_by, "cleared_by")
        sheet = Sheet(
            programme=plan.programme,
            paper=PAPERS[paper],
            words=words,
            artwork=artwork,
            emergency=words.emergency_number(plan.place),
        )
        return _write(sheet, plan)

    return render


def _write(sheet: Sheet, plan: Plan) -> bytes:
    stream = io.BytesIO()
    with _no_epoch():
        canvas = Canvas(
            stream,
            pagesize=(sheet.paper.width, sheet.paper.height),
            invariant=1,
            pageCompression=1,
            initialFontName=fonts.REGULAR,
            lang=sheet.words.language,
            pdfVersion=(1, 7),
        )
    canvas.setTitle(sheet.words.labels["title"])
    canvas.setAuthor("planmaker")
    canvas.setCreator("planmaker")
    canvas.setProducer("planmaker")
    surface = Surface(canvas, sheet.paper)
    pages = _pages(sheet)
    for number, page in enumerate(pages, start=1):
        if page.title:
            canvas.bookmarkPage(f"page{number}")
            canvas.addOutlineEntry(page.title, f"page{number}")
        draw_static(surface, sheet, page, Place(page=number, pages=len(pages)))
        draw_person(surface, sheet, page, plan)
        surface.next_page()
    surface.tree.write(canvas)
    metadata.write(canvas, sheet.words.labels["title"], sheet.words.language)
    canvas.save()
    return _compact(stream.getvalue())


def _compact(data: bytes) -> bytes:
    """Write a file's many small objects together and by the letter of PDF/A, which reportlab does not."""
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        file.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return packed.getvalue()


@contextlib.contextmanager
def _no_epoch() -> Iterator[None]:
    """Hide SOURCE_DATE_EPOCH from reportlab, which would date the file by it whatever the plan says."""
    epoch = os.environ.pop("SOURCE_DATE_EPOCH", None)
    try:
        yield
    finally:
        if epoch is not None:
            os.environ["SOURCE_DATE_EPOCH"] = epoch


def _pages(sheet: Sheet) -> list[_Page]:
    """Return the pages in order: cover, guide, cards, then each week's tracking pages."""
    card_pages = cards.pages(sheet)
    guide_pages = guide.pages(sheet)
    before = 1 + len(guide_pages)
    span = (before + 1, before + len(card_pages))
    labels = sheet.words.labels
    titles = [page.words["title"] if page.columns else page.words["about_title"] for page in guide_pages]
    exercises = sheet.words.passages("cards", easy=0, slow=False)["title"]
    return [
        _Page(static=partial(cover.static, cards=span), person=cover.person, title=labels["title"]),
        *(
            _Page(static=partial(guide.static, page=page), person=guide.person, title=title)
            for page, title in zip(guide_pages, titles, strict=True)
        ),
        *(
            _Page(static=partial(cards.static, page=page), person=cards.person, title="" if index else exercises)
            for index, page in enumerate(card_pages)
        ),
        *(
            page
            for item in sheet.programme.weeks
            for page in _week(sheet, item, labels["week"].format(number=item.number))
        ),
        *_week(sheet, sheet.programme.weeks[-1], labels["spare"], spare=True),
    ]


def _week(sheet: Sheet, week: Week, title: str, *, spare: bool = False) -> list[_Page]:
    """Return the tracking pages of a week, the first with a bookmark."""
    return [
        _Page(
            static=partial(weeks.static, page=page),
            person=partial(weeks.person, page=page),
            title="" if index else title,
        )
        for index, page in enumerate(weeks.pages(sheet, week, spare=spare))
    ]


def draw_static(surface: Surface, sheet: Sheet, page: _Page, place: Place) -> None:
    """Draw what is the same for everybody with this programme."""
    page.static(surface, sheet, place)


def draw_person(surface: Surface, sheet: Sheet, page: _Page, plan: Plan) -> None:
    """Stamp a person's name, dates and times on a page."""
    page.person(surface, sheet, plan)
