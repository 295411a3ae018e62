"""Draw the cover: whose plan, what and when, how it works, why, when to stop and whom to call."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from planmaker.pdf import fonts, letterhead, phone, signs
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import BODY, STRONG, footer, heading, warning, written
from planmaker.pdf.spots import Spot
from planmaker.pdf.style import ACCENT, MM, QUIET, WHITE, Type
from planmaker.pdf.surface import Area, height, lines_of
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.schedule import Schedule

__all__ = ["CLEARED", "NAME", "Draw", "Leads", "address_page", "pages", "times"]

_TITLE = Type(font=BOLD, size=34, leading=40, colour=ACCENT)
NAME = Type(font=SEMIBOLD, size=18, leading=22)
CLEARED = Type(font=REGULAR, size=13, leading=19)
_FACT = Type(font=SEMIBOLD, size=13, leading=19)
_FACT_LABEL = Type(font=REGULAR, size=13, leading=19, colour=QUIET)
_HEAD = Type(font=BOLD, size=14, leading=20)
_STEP = Type(font=BOLD, size=12, leading=14, colour=WHITE)
_STRONG = Type(font=SEMIBOLD, size=13, leading=16)
_BODY = Type(font=REGULAR, size=13, leading=16)
_LINK = Type(font=REGULAR, size=13, leading=16, colour=ACCENT)

_WRITING = 8.5 * MM  # the height of a line to write on
_GAP_LEAST = 1.8 * MM

Rows = tuple[tuple[tuple[str, float, float], ...], ...]  # of lines to write on: what for, where, how wide


class Leads(NamedTuple):
    """Where the cover leads to: first and last page of the cards and of the advice, and the page of calendar steps."""

    cards: tuple[int, int]
    guide: tuple[int, int]
    calendar: int


Draw = Callable[["Surface", "Sheet", "Place", Leads], None]


class _Fit(NamedTuple):
    """What has room on the cover beside all that must be there, and how far its parts stand from each other."""

    why: bool
    rows: Rows
    phone: bool
    gap: float


def pages(sheet: Sheet) -> tuple[Draw, ...]:
    """Return what draws each page of the cover.

    On a narrow paper the signs to stop have a page of their own. So has the way to the calendar where the cover has no
    room for it.
    """
    found = (_front, _stops) if sheet.paper.narrow else (_front,)
    return (*found, _phone) if address_page(sheet) > 1 else found


def address_page(sheet: Sheet) -> int:
    """Return the page with the way to the calendar: the first, or where that has no room the last; 0 for none."""
    if not sheet.feed:
        return 0
    words = _words(sheet, Leads((98, 99), (98, 99), 99))  # as wide as any
    return 1 if _fit(sheet, words, _person_end(sheet, words)).phone else sheet.stop_page + 1


def _front(surface: Surface, sheet: Sheet, place: Place, leads: Leads) -> None:
    """Draw what is the same for everybody with this programme."""
    paper, words = surface.paper, _words(sheet, leads)
    surface.text(paper.left, paper.top, words["title"], _TITLE, tag="H1")
    beside = paper.top if paper.narrow else letterhead.draw(surface, sheet) + 1 * MM
    y = max(_person(surface, sheet, words, paper.top + _TITLE.leading), beside)
    surface.rule((paper.left, y), (paper.edge, y), colour=ACCENT, line=1.4)
    fit = _fit(sheet, words, y)
    y = _how(surface, words, y + fit.gap, leads.cards[0], why=fit.why) + fit.gap
    if fit.phone:
        y = phone.draw(surface, sheet, words, y) + fit.gap
    if not paper.narrow:
        y = signs.draw(surface, words, y, _spacing(sheet)) + fit.gap
    surface.text(paper.left, y, words["before"], _HEAD, tag="H2")
    y = surface.paragraph(paper.left, y + _HEAD.leading, paper.measure, words["before_text"], _BODY, tag="P")
    if _asks_clinic(sheet):
        letterhead.below(surface, sheet, y + 1 * MM)
    else:
        _contact(surface, words, y + 1 * MM, fit.rows)
    footer(surface, sheet, place, warning(sheet) if paper.narrow else "")
    if not paper.narrow:
        letterhead.foot(surface, sheet)


def _fit(sheet: Sheet, words: Mapping[str, str], y: float) -> _Fit:
    """Say what has room below a y: the way to the calendar before why it helps, which the guide tells too."""
    paper = sheet.paper
    frame = 0.0 if paper.narrow else signs.high(words, paper.measure, _spacing(sheet))
    floor = paper.floor - (0.0 if paper.narrow else letterhead.foot_height(sheet))
    before = height(words["before_text"], _BODY, paper.measure) + _HEAD.leading + 1 * MM
    gaps = 3 if paper.narrow else 4

    def left(why: bool) -> float:  # noqa: FBT001 - the one thing it depends on
        return floor - y - _how_height(words, paper.measure, why=why) - frame - before

    whole = _contact_rows(sheet)
    if sheet.feed:
        for why, rows in product((True, False), (whole, whole if _asks_clinic(sheet) else _fewer_rows(sheet))):
            free = left(why) - phone.high(sheet, words) - _asked_height(sheet, rows)
            if free >= (gaps + 1) * _GAP_LEAST:
                return _Fit(why, rows, phone=True, gap=min(free / (gaps + 1), 7 * MM))
    fits = left(why=True) - _asked_height(sheet, whole) >= gaps * _GAP_LEAST
    # Where all that does not fit, the clinic's letterhead must do.
    rows = whole if fits or not sheet.clinic.telephone else ()
    free = left(why=True) - _asked_height(sheet, rows)
    return _Fit(why=True, rows=rows, phone=False, gap=min(max(free / gaps, _GAP_LEAST), 7 * MM))


def _spacing(sheet: Sheet) -> signs.Spacing:
    return signs.CLOSE if sheet.feed else signs.USUAL


def _asks_clinic(sheet: Sheet) -> bool:
    """Tell whether a narrow page has the clinic's name and telephone in the place of lines to write them on."""
    return sheet.paper.narrow and letterhead.height(sheet) > 0


def _asked_height(sheet: Sheet, rows: Rows) -> float:
    return (letterhead.height(sheet) if rows else 0.0) if _asks_clinic(sheet) else len(rows) * _WRITING


def _stops(surface: Surface, sheet: Sheet, place: Place, leads: Leads) -> None:
    """Draw the second page of the cover of a narrow paper: the signs to stop."""
    signs.draw(surface, _words(sheet, leads), surface.paper.top)
    footer(surface, sheet, place)


def _phone(surface: Surface, sheet: Sheet, place: Place, leads: Leads) -> None:
    """Draw the page of the way to the calendar."""
    words = _words(sheet, leads)
    y = heading(surface, words["phone"])
    phone.draw(surface, sheet, words, y, titled=False)
    footer(surface, sheet, place, warning(sheet))


def _person_end(sheet: Sheet, words: Mapping[str, str]) -> float:
    """Return the y below the letterhead and what the plan is."""
    paper = sheet.paper
    y = paper.top + _TITLE.leading
    y += NAME.leading + 2 * MM if "name" in sheet.own else 0.0
    y += height(words["summary"], _FACT, _facts_room(sheet, words)) + (1 + _time_lines(sheet)) * _FACT.leading
    y += 1.3 * CLEARED.leading if "cleared_by" in sheet.own else 0.0
    return max(y + 2.5 * MM, paper.top if paper.narrow else letterhead.end(sheet) + 1 * MM)


def _facts_left(sheet: Sheet, words: Mapping[str, str]) -> float:
    """Return the x of the facts behind their labels."""
    labels = max(fonts.width(words[name], REGULAR, _FACT.size) for name in ("what", "when", "each_day"))
    return sheet.paper.left + labels + 4 * MM


def _facts_room(sheet: Sheet, words: Mapping[str, str]) -> float:
    beside = 0.0 if sheet.paper.narrow else letterhead.taken(sheet)
    return sheet.paper.edge - _facts_left(sheet, words) - beside


def _person(surface: Surface, sheet: Sheet, words: Mapping[str, str], y: float) -> float:
    """Write what the plan is, with places for the name, the dates, the times and who allowed exercise."""
    left = surface.paper.left
    if "name" in sheet.own:
        with surface.element("P"):
            surface.stamped("name", left, y + NAME.size)
        y += NAME.leading + 2 * MM
    x = _facts_left(sheet, words)
    with surface.element("P"):
        surface.text(left, y, words["what"], _FACT_LABEL)
        y = surface.paragraph(x, y, _facts_room(sheet, words), words["summary"], _FACT)
    slots = ["period", *(f"times {index}" for index in range(_time_lines(sheet)))]
    for label, key in zip((words["when"], words["each_day"], ""), slots, strict=False):
        with surface.element("P"):
            surface.text(left, y, label, _FACT_LABEL)
            surface.slot(key, x, y, _FACT)
        y += _FACT.leading
    if "cleared_by" in sheet.own:
        y += 0.6 * CLEARED.leading  # a long name takes a second line above
        with surface.element("P"):
            surface.stamped("cleared_by", left, y + 0.4 * CLEARED.size)
        y += 0.7 * CLEARED.leading
    return y + 2.5 * MM


def _time_lines(sheet: Sheet) -> int:
    return 2 if sheet.paper.narrow and sheet.aerobic else 1


def times(sheet: Sheet, schedule: Schedule) -> list[str]:
    """Say when the sessions of a day are, on as many lines as the cover has."""
    used = {session.slot for week in sheet.programme.weeks for session in week.sessions}
    clocks = ((slot, schedule.at(slot)) for slot in (Slot.MORNING, Slot.EVENING, Slot.AEROBIC) if slot in used)
    said = {
        slot: f"{sheet.aerobic_word('label') if slot is Slot.AEROBIC else sheet.words.part_of_day(clock)} {clock:%H:%M}"
        for slot, clock in clocks
        if clock is not None
    }
    if _time_lines(sheet) == 1:
        return [" · ".join(said.values())]
    return [" · ".join(text for slot, text in said.items() if slot is not Slot.AEROBIC), said.get(Slot.AEROBIC, "")]


def _words(sheet: Sheet, leads: Leads) -> Mapping[str, str]:
    low, high = sheet.minutes()
    return sheet.words.passages(
        "cover",
        profile=sheet.programme.profile,
        weeks=len(sheet.programme.weeks),
        sessions=len({session.slot for week in sheet.programme.weeks for session in week.sessions} - {Slot.AEROBIC}),
        low=low,
        high=high,
        first_card=leads.cards[0],
        last_card=leads.cards[1],
        guide_page=leads.guide[0],
        guide_last=leads.guide[1],
        calendar_page=leads.calendar,
        every_hold=sheet.look.boxes == "repetition",
        walk=sheet.aerobic_word("group"),
        walk_noun=sheet.aerobic_word("noun"),
        emergency=sheet.emergency,
    )


def _steps(words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the three steps: each word with what to do."""
    learn = f"{words['learn_pages']} {words['learn_text']}"
    return ((words["learn"], learn), (words["do"], words["do_text"]), (words["tick"], words["tick_text"]))


def _indent(words: Mapping[str, str]) -> float:
    return 9 * MM + max(fonts.width(word, _STRONG.font, _STRONG.size) for word, _ in _steps(words)) + 3.5 * MM


def _how_height(words: Mapping[str, str], measure: float, *, why: bool) -> float:
    steps = sum(height(text, _BODY, measure - _indent(words)) + 2 * MM for _, text in _steps(words))
    if not why:
        return _HEAD.leading + steps
    return 2 * _HEAD.leading + steps + 2 * MM + height(words["why_text"], _BODY, measure)


def _how(surface: Surface, words: Mapping[str, str], y: float, card: int, *, why: bool) -> float:
    """Write the three steps and why they help; the pages that the first one names are a link. Return the y below."""
    paper = surface.paper
    x = paper.left + _indent(words)
    y = surface.paragraph(paper.left, y, paper.measure, words["how_title"], _HEAD, tag="H2")
    with surface.element("L"):
        for number, (word, text) in enumerate(_steps(words), start=1):
            with surface.element("LI"):
                with surface.element("Lbl"):
                    surface.disc(paper.left + 3 * MM, y + 7.4, str(number), _STEP, radius=2.9 * MM, fill=ACCENT)
                with surface.element("LBody"):
                    surface.text(paper.left + 8.4 * MM, y, word, _STRONG)
                    link = words["learn_pages"] if number == 1 else ""
                    y = _linked(surface, Area(x, y, paper.edge - x, 0), text, link, card) + 2 * MM
    if not why:
        return y
    y = surface.paragraph(paper.left, y + 2 * MM, paper.measure, words["why"], _HEAD, tag="H2")
    return surface.paragraph(paper.left, y, paper.measure, words["why_text"], _BODY, tag="P")


def _linked(surface: Surface, area: Area, text: str, link: str, page: int) -> float:
    """Write a text that begins with a link to a page, if there is one; return the y below."""
    first, *rest = lines_of(text, _BODY, area.width)
    wide = fonts.width(link, _LINK.font, _LINK.size)
    if link:
        with surface.element("Link"):
            surface.text(area.x, area.y, link, _LINK)
            surface.link(Area(area.x, area.y - 2, wide, _LINK.leading + 2), page, link)
        under = area.y + 0.78 * _LINK.size + 1.8
        surface.rule((area.x, under), (area.x + wide, under), colour=ACCENT, line=0.6)
    surface.text(area.x + wide, area.y, first[len(link) :], _BODY)
    y = area.y + _BODY.leading
    for line in rest:
        surface.text(area.x, y, line, _BODY)
        y += _BODY.leading
    return y


def _contact(surface: Surface, words: Mapping[str, str], y: float, rows: Rows) -> None:
    """Draw lines for the physiotherapist's name, telephone and the day the plan was seen."""
    for row in rows:
        y += _WRITING
        for name, x, wide in row:
            area = Area(x, y - BODY.leading, wide, STRONG.leading)
            written(surface, area, words[name], Spot(0, "cover", name))


def _contact_rows(sheet: Sheet) -> Rows:
    """Return what is written on each row; no telephone if the clinic's is printed."""
    paper = sheet.paper
    whole, part = paper.measure, paper.measure * 0.57
    seen = ("contact_seen", paper.left + part, whole - part)
    if sheet.clinic.telephone:
        return ((("contact", paper.left, part - 4 * MM), seen),)
    return ((("contact", paper.left, whole),), (("contact_phone", paper.left, part - 4 * MM), seen))


def _fewer_rows(sheet: Sheet) -> Rows:
    """Return the same for where there is less room: one row, or none if the clinic's telephone is printed."""
    if sheet.clinic.telephone:
        return ()
    paper = sheet.paper
    part = paper.measure * 0.57
    name = ("contact", paper.left, part - 4 * MM)
    return ((name, ("contact_phone", paper.left + part, paper.measure - part)),)
