"""Put the pages of a plan together: first what is the same for everybody, then the person's lines."""

from __future__ import annotations

import contextlib
import io
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from planmaker.pdf import cards, cover, fonts, guide, week
from planmaker.pdf.sheet import Place, Sheet
from planmaker.pdf.style import PAPERS
from planmaker.pdf.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planmaker.figures.drawing import Picture
    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["renderer"]

# Plain compressed streams: ASCII armour would make every file a quarter larger.
rl_config.useA85 = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page in two parts: ``static`` knows no person; ``person`` stamps one on it."""

    static: Callable[[Surface, Sheet, Place], None]
    person: Callable[[Surface, Sheet, Plan], None]


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
        )
    canvas.setTitle(sheet.words.labels["title"])
    canvas.setAuthor("planmaker")
    canvas.setCreator("planmaker")
    canvas.setProducer("planmaker")
    surface = Surface(canvas, sheet.paper)
    pages = _pages(sheet)
    for number, page in enumerate(pages, start=1):
        draw_static(surface, sheet, page, Place(page=number, pages=len(pages)))
        draw_person(surface, sheet, page, plan)
        surface.next_page()
    canvas.save()
    return stream.getvalue()


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
    weeks = [page for item in sheet.programme.weeks for page in week.pages(sheet, item)]
    weeks += week.pages(sheet, sheet.programme.weeks[-1], spare=True)
    return [
        _Page(static=partial(cover.static, cards=span), person=cover.person),
        *(_Page(static=partial(guide.static, page=page), person=guide.person) for page in guide_pages),
        *(_Page(static=partial(cards.static, names=names), person=cards.person) for names in card_pages),
        *(_Page(static=partial(week.static, page=page), person=partial(week.person, page=page)) for page in weeks),
    ]


def draw_static(surface: Surface, sheet: Sheet, page: _Page, place: Place) -> None:
    """Draw what is the same for everybody with this programme."""
    page.static(surface, sheet, place)


def draw_person(surface: Surface, sheet: Sheet, page: _Page, plan: Plan) -> None:
    """Stamp a person's name, dates and times on a page."""
    page.person(surface, sheet, plan)
