"""Put the pages of a programme together once, and stamp each person's lines into them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from planmaker.clinic import Clinic
from planmaker.errors import InputError
from planmaker.pdf import cards, compact, cover, fonts, form, guide, person, phone, review, spots
from planmaker.pdf import week as weeks
from planmaker.pdf.binding import bound, desk
from planmaker.pdf.file import File
from planmaker.pdf.sheet import Place, Sheet
from planmaker.pdf.stamp import Template, stamper
from planmaker.pdf.style import LARGE, PAPERS
from planmaker.pdf.surface import Surface
from planmaker.plan import plan_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planmaker.figures.drawing import Picture
    from planmaker.look import Look
    from planmaker.plan import Plan
    from planmaker.programme import Programme, Week
    from planmaker.words import Words

__all__ = ["Painting", "painted", "renderer", "sheet_of", "template"]

Render = Callable[["Plan"], tuple[bytes, bytes]]
_LONGEST: Final = 500  # characters of an address
_TEMPLATES: Final = 8  # documents kept at hand, of some 250 KB each, and what schedules add to them


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page that knows no person; a ``title`` is a bookmark."""

    draw: Callable[[Surface, Sheet, Place], None]
    title: str = ""


def renderer(
    *,
    look: Look,
    artwork: Mapping[str, tuple[Picture, ...]],
    words: Words,
    clinic: Clinic = Clinic(),  # noqa: B008 - a frozen value
    font_dir: Path | None = None,
) -> Render:
    """Return the function that draws a plan with a look: its file in two parts, the first shared by many.

    It raises InputError if a text of the person's own holds a character that neither the program's typefaces nor those
    in ``font_dir`` can print.
    """
    kept: OrderedDict[tuple[int, str, frozenset[str], str], tuple[Programme, Render]] = OrderedDict()

    def made(plan: Plan) -> Render:
        key = (id(plan.programme), words.emergency_number(plan.place), _own(plan), _feed(plan, look))
        if key not in kept:
            sheet = sheet_of(plan, look=look, artwork=artwork, words=words, clinic=clinic, font_dir=font_dir)
            # The programme is kept too, so that no other one gets its id.
            kept[key] = (plan.programme, _stamping(sheet))
        kept.move_to_end(key)
        if len(kept) > _TEMPLATES:
            kept.popitem(last=False)
        return kept[key][1]

    return lambda plan: made(plan)(plan)


def sheet_of(
    plan: Plan,
    *,
    look: Look,
    artwork: Mapping[str, tuple[Picture, ...]],
    words: Words,
    clinic: Clinic = Clinic(),  # noqa: B008 - a frozen value
    font_dir: Path | None = None,
) -> Sheet:
    """Return what the pages of a plan are made from, without the person."""
    paper = PAPERS[look.paper]
    return Sheet(
        programme=plan.programme,
        paper=paper.enlarged(LARGE) if look.large_print else paper,
        words=words,
        artwork=artwork,
        emergency=words.emergency_number(plan.place),
        look=look,
        clinic=clinic,
        own=_own(plan),
        font_dir=font_dir,
        feed=_feed(plan, look),
    )


def _own(plan: Plan) -> frozenset[str]:
    """Return which texts a person has of their own."""
    return frozenset(name for name in ("name", "cleared_by") if getattr(plan.person, name))


def _feed(plan: Plan, look: Look) -> str:
    """Return the address of a plan's calendar with the widest of digits in its token: it is the same for a clinic."""
    if plan.feed is None or not plan.feed.url or look.compact or look.only:
        return ""
    if len(plan.feed.address) > _LONGEST:
        msg = f"calendar_url: expected an address of at most {_LONGEST} characters, so that it can be printed"
        raise InputError(msg)
    widest = max("0123456789abcdef", key=lambda digit: fonts.measured(digit, fonts.REGULAR))
    return replace(plan.feed, token=widest * len(plan.feed.token)).address


def _stamping(sheet: Sheet) -> Render:
    """Return the function that draws plans of one programme."""
    stamp, dated = stamper(template(sheet), sheet.font_dir), person.dated_lines(sheet)

    def render(plan: Plan) -> tuple[bytes, bytes]:
        attachment = plan_to_json(plan).encode() if sheet.look.embed_plan else b""
        address = plan.feed.address if plan.feed else ""
        return stamp(dated(plan.schedule), person.own_lines(plan, sheet), attachment, address)

    return render


@dataclass(frozen=True, slots=True, kw_only=True)
class Painting:
    """The painted pages of a sheet that are not bound yet; ``titles`` are bookmarks with the index of their page."""

    file: File
    surface: Surface
    titles: tuple[tuple[str, int], ...]
    form: form.Form | None


def painted(sheet: Sheet) -> Painting:
    """Paint the pages that are the same for everybody with a programme."""
    pages = _pages(sheet)
    file = File(late=len(pages) + len(person.own_texts(sheet)) + 1 + (phone.LATE if sheet.feed else 0))
    made = form.form(file, partial(spots.told, sheet), sheet.paper.scale) if sheet.look.fillable else None
    surface = Surface(desk(file, sheet.words.characters, form=made, tones=sheet.tones()), sheet.paper)
    for number, page in enumerate(pages, start=1):
        page.draw(surface, sheet, Place(page=number, pages=len(pages)))
        surface.next_page()
    titles = tuple((page.title, index) for index, page in enumerate(pages) if page.title)
    return Painting(file=file, surface=surface, titles=titles, form=made)


def template(sheet: Sheet) -> Template:
    """Draw all that is the same for everybody with a programme."""
    painting, own = painted(sheet), person.own_texts(sheet)
    file, surface, made = painting.file, painting.surface, painting.form
    attached = file.reserve_late() if sheet.look.embed_plan else 0
    overlays = {page.number: file.reserve_late() for page in surface.pages if page.slots}
    title = sheet.words.labels["title"]
    root = bound(
        surface,
        title=title,
        language=sheet.words.language,
        bookmarks=[(text, surface.pages[index].number) for text, index in painting.titles],
        overlays=overlays,
        more=form.entries(made, [note.number for note in surface.annotations if not note.page]) if made else "",
        attached=attached,
    )
    return Template(
        frozen=file.freeze(root),
        overlays=tuple((overlays[page.number], page.slots) for page in surface.pages if page.slots),
        own={key: (number, own[key]) for key, number in surface.late.items() if key in own},
        font=surface.font,
        codes=surface.codes,
        attached=attached,
        link=phone.link(surface, sheet),
    )


def _pages(sheet: Sheet) -> list[_Page]:
    """Return the pages in order: cover, guide, cards, each week's tracking pages, the review, a page for notes.

    Only the tracking pages are in a compact sheet, or those of some weeks in one of these alone.
    """
    if sheet.look.compact:
        found = [_Page(draw=partial(compact.static, page=page), title=page.title) for page in compact.pages(sheet)]
    elif sheet.look.only:
        found = [page for week in weeks.chosen(sheet) for page in _tracked(sheet, week)]
    else:
        found = _whole(sheet)
    if sheet.look.even_pages and len(found) % 2:
        found.append(_Page(draw=review.notes))
    return found


def _whole(sheet: Sheet) -> list[_Page]:
    fronts, guides, card_pages = cover.pages(sheet), guide.pages(sheet), cards.pages(sheet)
    first_card = len(fronts) + len(guides) + 1
    first_week = first_card + len(card_pages)
    weeks_at, tracking = _tracking(sheet, first_week)
    leads = cover.Leads(
        cards=(first_card, first_week - 1),
        guide=(len(fronts) + 1, len(fronts) + sum(page.title == guides[0].title for page in guides)),
        calendar=len(fronts) + max(at for at, page in enumerate(guides, start=1) if page.first),
    )
    title = sheet.words.labels["title"]
    return [
        *(_Page(draw=_leading(draw, leads), title="" if at else title) for at, draw in enumerate(fronts)),
        *(
            _Page(draw=partial(guide.static, page=page, weeks_at=weeks_at), title=page.title if page.first else "")
            for page in guides
        ),
        *_cards(sheet, card_pages),
        *tracking,
        *_review(sheet),
    ]


def _leading(draw: cover.Draw, leads: cover.Leads) -> Callable[[Surface, Sheet, Place], None]:
    return lambda surface, sheet, place: draw(surface, sheet, place, leads)


def _cards(sheet: Sheet, found: tuple[cards.CardPage, ...]) -> list[_Page]:
    title = sheet.words.passages("cards", easy=0, slow=False, stop_page=sheet.stop_page)["title"]
    return [
        _Page(draw=partial(cards.static, page=page), title="" if index else title) for index, page in enumerate(found)
    ]


def _tracking(sheet: Sheet, first: int) -> tuple[dict[int, int], list[_Page]]:
    """Return on which page each week begins, and the pages of all weeks and of the spare one."""
    found: list[_Page] = []
    weeks_at = {}
    for item in sheet.programme.weeks:
        weeks_at[item.number] = first + len(found)
        found += _tracked(sheet, item)
    return weeks_at, [*found, *_week(sheet, sheet.programme.weeks[-1], sheet.words.labels["spare"], spare=True)]


def _review(sheet: Sheet) -> list[_Page]:
    title = sheet.words.passages("review")["title"]
    return [
        _Page(draw=partial(review.static, page=page), title=title if page.first else "") for page in review.pages(sheet)
    ]


def _tracked(sheet: Sheet, week: Week) -> list[_Page]:
    return _week(sheet, week, sheet.words.labels["week"].format(number=week.number))


def _week(sheet: Sheet, week: Week, title: str, *, spare: bool = False) -> list[_Page]:
    """Return the tracking pages of a week, the first with a bookmark."""
    return [
        _Page(draw=partial(weeks.static, page=page), title="" if index else title)
        for index, page in enumerate(weeks.pages(sheet, week, spare=spare))
    ]
