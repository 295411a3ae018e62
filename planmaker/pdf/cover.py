"""Draw the cover: whose plan, what and when, how it works, why, when to stop and whom to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.pdf import fonts, letterhead
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import BODY, STRONG, footer, warning, written
from planmaker.pdf.spots import Spot
from planmaker.pdf.style import ACCENT, MM, QUIET, STOP, WHITE, Type
from planmaker.pdf.surface import Area, height, lines_of
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.schedule import Schedule

__all__ = ["CLEARED", "NAME", "pages", "static", "stops", "times"]

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
_RULE_HEAD = Type(font=BOLD, size=12, leading=14.8)
_RULE_TEXT = Type(font=REGULAR, size=12, leading=14.8)
_EMERGENCY = Type(font=BOLD, size=15, leading=18, colour=WHITE)

_PAD = 3.6 * MM
_BETWEEN = 1.3 * MM  # stop rules
_SIGN = 4.4 * MM  # the indent of a sign in a list
_WRITING = 8.5 * MM  # the height of a line to write on
_GAP_LEAST = 1.8 * MM
_RULES = ("stop_exercise", "stop_session", "stop_rest", "today")


def pages(sheet: Sheet) -> int:
    """Return how many pages the cover takes: on a narrow paper the signs to stop have their own."""
    return sheet.stop_page


def static(surface: Surface, sheet: Sheet, place: Place, cards: tuple[int, int], guide: tuple[int, int]) -> None:
    """Draw what is the same for everybody with this programme; ``cards`` and ``guide``: first and last page of each."""
    paper = surface.paper
    words = _words(sheet, cards, guide)
    surface.text(paper.left, paper.top, words["title"], _TITLE, tag="H1")
    beside = paper.top if paper.narrow else letterhead.draw(surface, sheet) + 1 * MM
    y = max(_person(surface, sheet, words, paper.top + _TITLE.leading), beside)
    surface.rule((paper.left, y), (paper.edge, y), colour=ACCENT, line=1.4)
    frame = 0.0 if paper.narrow else _stop_height(words, paper.measure)
    floor = paper.floor - (0.0 if paper.narrow else letterhead.foot_height(sheet))
    before = height(words["before_text"], _BODY, paper.measure) + _HEAD.leading + 1 * MM
    parts = 3 if paper.narrow else 4
    left = floor - y - _how_height(words, paper.measure) - frame - before
    # Where all that does not fit, the clinic's letterhead must do.
    asks = not sheet.clinic.telephone or left - _asked_height(sheet) >= parts * _GAP_LEAST
    gap = min(max((left - (_asked_height(sheet) if asks else 0.0)) / parts, _GAP_LEAST), 7 * MM)
    y = _how(surface, words, y + gap, cards[0]) + gap
    if not paper.narrow:
        y = _stop(surface, words, y) + gap
    surface.text(paper.left, y, words["before"], _HEAD, tag="H2")
    y = surface.paragraph(paper.left, y + _HEAD.leading, paper.measure, words["before_text"], _BODY, tag="P")
    if _asks_clinic(sheet):
        letterhead.below(surface, sheet, y + 1 * MM)
    elif asks:
        _contact(surface, sheet, words, y + 1 * MM)
    footer(surface, sheet, place, warning(sheet) if paper.narrow else "")
    if not paper.narrow:
        letterhead.foot(surface, sheet)


def _asks_clinic(sheet: Sheet) -> bool:
    """Tell whether a narrow page has the clinic's name and telephone in the place of lines to write them on."""
    return sheet.paper.narrow and letterhead.height(sheet) > 0


def _asked_height(sheet: Sheet) -> float:
    return letterhead.height(sheet) if _asks_clinic(sheet) else len(_contact_rows(sheet)) * _WRITING


def stops(surface: Surface, sheet: Sheet, place: Place, cards: tuple[int, int], guide: tuple[int, int]) -> None:
    """Draw the second page of the cover of a narrow paper: the signs to stop."""
    _stop(surface, _words(sheet, cards, guide), surface.paper.top)
    footer(surface, sheet, place)


def _person(surface: Surface, sheet: Sheet, words: Mapping[str, str], y: float) -> float:
    """Write what the plan is, with places for the name, the dates, the times and who allowed exercise."""
    left = surface.paper.left
    if "name" in sheet.own:
        with surface.element("P"):
            surface.stamped("name", left, y + NAME.size)
        y += NAME.leading + 2 * MM
    x = left + max(fonts.width(words[name], REGULAR, _FACT.size) for name in ("what", "when", "each_day")) + 4 * MM
    with surface.element("P"):
        surface.text(left, y, words["what"], _FACT_LABEL)
        room = surface.paper.edge - x - (0.0 if surface.paper.narrow else letterhead.taken(sheet))
        y = surface.paragraph(x, y, room, words["summary"], _FACT)
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


def _words(sheet: Sheet, cards: tuple[int, int], guide: tuple[int, int]) -> Mapping[str, str]:
    low, high = sheet.minutes()
    return sheet.words.passages(
        "cover",
        profile=sheet.programme.profile,
        weeks=len(sheet.programme.weeks),
        sessions=len({session.slot for week in sheet.programme.weeks for session in week.sessions} - {Slot.AEROBIC}),
        low=low,
        high=high,
        first_card=cards[0],
        last_card=cards[1],
        guide_page=guide[0],
        guide_last=guide[1],
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


def _how_height(words: Mapping[str, str], measure: float) -> float:
    steps = sum(height(text, _BODY, measure - _indent(words)) + 2 * MM for _, text in _steps(words))
    return 2 * _HEAD.leading + steps + 2 * MM + height(words["why_text"], _BODY, measure)


def _how(surface: Surface, words: Mapping[str, str], y: float, card: int) -> float:
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


def _stop_height(words: Mapping[str, str], measure: float) -> float:
    inside = measure - 2 * _PAD
    high = 2 * _PAD - _BETWEEN + _HEAD.leading + sum(_rule_height(words, name, inside) for name in _RULES)
    high += _list_height(words["today_list"], inside) + _list_height(words["emergency_list"], inside)
    return high + _band_height(words, inside) + 2.6 * MM + height(words["emergency_text"], _RULE_TEXT, inside)


def _band_height(words: Mapping[str, str], inside: float) -> float:
    return height(words["emergency"], _EMERGENCY, inside) + 2 * MM


def _stop(surface: Surface, words: Mapping[str, str], y: float) -> float:
    """Draw the stop frame, mildest first and worst last and clearest; return the y below."""
    paper = surface.paper
    x, inside = paper.left + _PAD, paper.measure - 2 * _PAD
    high = _stop_height(words, paper.measure)
    surface.frame(Area(paper.left, y, paper.measure, high), colour=STOP, line=1.8)
    at = surface.paragraph(x, y + _PAD - 2, inside, words["stop_title"], _HEAD, tag="H2")
    for name in _RULES:
        at = _rule(surface, words, name, x, at, inside)
    at = _list(surface, words["today_list"], x, at - _BETWEEN, inside) + 2.2 * MM
    band = _band_height(words, inside)
    surface.panel(Area(paper.left, at, paper.measure, band), fill=STOP)
    surface.paragraph(x, at + 1.4 * MM, inside, words["emergency"], _EMERGENCY, tag="H3")
    at = surface.paragraph(x, at + band + 1.4 * MM, inside, words["emergency_text"], _RULE_HEAD, tag="P")
    _list(surface, words["emergency_list"], x, at, inside)
    return y + high


def _columns(text: str, inside: float) -> list[list[str]]:
    """Part signs into as many columns as their longest ones leave room for, three at most."""
    signs = text.splitlines()
    for number in (3, 2):
        rows = -(-len(signs) // number)
        columns = [signs[first : first + rows] for first in range(0, len(signs), rows)]
        if sum(map(_column_width, columns)) + (len(columns) - 1) * 3 * MM <= inside:
            return columns
    return [signs]


def _column_width(signs: list[str]) -> float:
    return max(fonts.width(sign, _RULE_TEXT.font, _RULE_TEXT.size) for sign in signs) + _SIGN


def _list_height(text: str, inside: float) -> float:
    columns = _columns(text, inside)
    if len(columns) > 1:
        return len(columns[0]) * _RULE_TEXT.leading
    return sum(height(sign, _RULE_TEXT, inside - _SIGN) for sign in columns[0])


def _list(surface: Surface, text: str, x: float, y: float, inside: float) -> float:
    """Write signs in columns as wide as their longest one, the rest shared; return the y below."""
    columns = _columns(text, inside)
    free = inside - sum(map(_column_width, columns))
    gap = min(free / max(len(columns) - 1, 1), 12 * MM)
    low = y
    with surface.element("L"):
        for column in columns:
            top = y
            room = _column_width(column) - _SIGN if len(columns) > 1 else inside - _SIGN
            for sign in column:
                surface.disc(x + 1.4 * MM, top + 6.8, "", _RULE_TEXT, radius=1.8, fill=STOP)
                with surface.element("LI"):
                    top = surface.paragraph(x + _SIGN, top, room + 0.1, sign, _RULE_TEXT, tag="LBody")
            x += _column_width(column) + gap
            low = max(low, top)
    return low


def _rule_height(words: Mapping[str, str], name: str, measure: float) -> float:
    texts = height(words[name], _RULE_HEAD, measure) + height(words[f"{name}_text"], _RULE_TEXT, measure)
    return texts + _BETWEEN


def _rule(surface: Surface, words: Mapping[str, str], name: str, x: float, y: float, measure: float) -> float:
    y = surface.paragraph(x, y, measure, words[name], _RULE_HEAD, tag="H3")
    return surface.paragraph(x, y, measure, words[f"{name}_text"], _RULE_TEXT, tag="P") + _BETWEEN


def _contact(surface: Surface, sheet: Sheet, words: Mapping[str, str], y: float) -> None:
    """Draw lines for the physiotherapist's name, telephone and the day the plan was seen."""
    for row in _contact_rows(sheet):
        y += _WRITING
        for name, x, wide in row:
            area = Area(x, y - BODY.leading, wide, STRONG.leading)
            written(surface, area, words[name], Spot(0, "cover", name))


def _contact_rows(sheet: Sheet) -> tuple[tuple[tuple[str, float, float], ...], ...]:
    """Return what is written on each row, where and how wide; no telephone if the clinic's is printed."""
    paper = sheet.paper
    whole, part = paper.measure, paper.measure * 0.57
    seen = ("contact_seen", paper.left + part, whole - part)
    if sheet.clinic.telephone:
        return ((("contact", paper.left, part - 4 * MM), seen),)
    return ((("contact", paper.left, whole),), (("contact_phone", paper.left, part - 4 * MM), seen))
