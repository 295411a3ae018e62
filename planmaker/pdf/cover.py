"""Draw the cover: whose plan, when, how it works, the weeks at a glance, when to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.dose import AerobicDose
from planmaker.exercise import Group
from planmaker.pdf import fonts
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import footer
from planmaker.pdf.style import ACCENT, BAR, MM, QUIET, RULE, STOP, WHITE, Type
from planmaker.pdf.surface import Area, height
from planmaker.programme import Slot, Week

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.schedule import Schedule

__all__ = ["CLEARED", "NAME", "static", "summary", "times"]

_TITLE = Type(font=BOLD, size=34, leading=38, colour=ACCENT)
NAME = Type(font=SEMIBOLD, size=17, leading=21)
_LINE = Type(font=REGULAR, size=13, leading=17)
CLEARED = _LINE
_SUMMARY = Type(font=SEMIBOLD, size=13, leading=17)
_HEAD = Type(font=BOLD, size=14, leading=19)
_STRONG = Type(font=SEMIBOLD, size=12.5, leading=15.4)
_BODY = Type(font=REGULAR, size=12.5, leading=15.4)
_STEP = Type(font=BOLD, size=11, leading=13, colour=WHITE)
_RULE_HEAD = Type(font=BOLD, size=12, leading=14.6)
_EMERGENCY = Type(font=BOLD, size=13, leading=15.6, colour=WHITE)
_RULE_TEXT = Type(font=REGULAR, size=11.5, leading=14)
_TICK = Type(font=SEMIBOLD, size=10, leading=12)
_SMALL = Type(font=REGULAR, size=9, leading=11, colour=QUIET)

# Where the person's lines stand, whatever their number: below the title.
_PERSON = 12 * MM
_PERSON_HIGH = 28 * MM
_BAR = 6 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bars:
    label: str
    values: tuple[int, ...]


def static(surface: Surface, sheet: Sheet, place: Place, cards: tuple[int, int]) -> None:
    """Draw what is the same for everybody with this programme; ``cards``: first and last card page."""
    paper = surface.paper
    words = _words(sheet, cards)
    surface.text(paper.left, paper.top, words["title"], _TITLE, tag="H1")
    _person(surface, sheet, paper.top + _PERSON + 7.4 * MM)
    y = paper.top + _PERSON + _PERSON_HIGH
    surface.rule((paper.left, y), (paper.edge, y), colour=ACCENT, line=1.4)
    y = _how(surface, words, y + 3 * MM)
    y = _glance(surface, sheet, words, y + 2.6 * MM)
    y = _stop(surface, words, y + 3.4 * MM)
    y = surface.paragraph(paper.left, y + 2.4 * MM, paper.measure, words["before_line"], _STRONG, tag="P")
    _contact(surface, words, y + 3 * MM)
    footer(surface, sheet, place)


def _person(surface: Surface, sheet: Sheet, y: float) -> None:
    """Keep the places of the name, the dates, the times and who allowed exercise; the name may take two lines."""
    left = surface.paper.left
    if "name" in sheet.own:
        with surface.element("P"):
            surface.stamped("name", left, y)
    y += 0.32 * NAME.size
    for key, style in (("summary", _SUMMARY), ("times", _LINE)):
        with surface.element("P"):
            surface.slot(key, left, y, style)
        y += style.leading
    if "cleared_by" in sheet.own:
        with surface.element("P"):
            surface.stamped("cleared_by", left, y + 0.78 * CLEARED.size)


def summary(sheet: Sheet) -> str:
    """Say in a line what the programme is."""
    return sheet.words.passages("cover", **_values(sheet, (1, 1)))["summary"]


def times(sheet: Sheet, schedule: Schedule) -> str:
    """Say when the sessions of a day are."""
    used = {session.slot for week in sheet.programme.weeks for session in week.sessions}
    clocks = ((slot, schedule.at(slot)) for slot in (Slot.MORNING, Slot.EVENING, Slot.AEROBIC) if slot in used)
    return " · ".join(
        f"{sheet.aerobic_word('label') if slot is Slot.AEROBIC else sheet.words.part_of_day(clock)} {clock:%H:%M}"
        for slot, clock in clocks
        if clock is not None
    )


def _values(sheet: Sheet, cards: tuple[int, int]) -> dict[str, object]:
    low, high = sheet.minutes()
    return {
        "profile": sheet.programme.profile,
        "weeks": len(sheet.programme.weeks),
        "sessions": len({session.slot for week in sheet.programme.weeks for session in week.sessions} - {Slot.AEROBIC}),
        "low": low,
        "high": high,
        "first_card": cards[0],
        "last_card": cards[1],
        "walk": sheet.aerobic_word("group"),
        "walk_noun": sheet.aerobic_word("noun"),
        "walk_label": sheet.aerobic_word("label"),
        "emergency": sheet.emergency,
    }


def _words(sheet: Sheet, cards: tuple[int, int]) -> Mapping[str, str]:
    return sheet.words.passages("cover", **_values(sheet, cards))


def _how(surface: Surface, words: Mapping[str, str], y: float) -> float:
    """Write the three steps; return the y below."""
    paper = surface.paper
    y = surface.paragraph(paper.left, y, paper.measure, words["how_title"], _HEAD, tag="H2")
    column = max(fonts.width(words[name], _STRONG.font, _STRONG.size) for name in ("learn", "do", "tick"))
    x = paper.left + 9 * MM + column + 3.5 * MM
    with surface.element("L"):
        for number, name in enumerate(("learn", "do", "tick"), start=1):
            with surface.element("LI"):
                with surface.element("Lbl"):
                    surface.disc(paper.left + 3 * MM, y + 7.2, str(number), _STEP, radius=2.9 * MM, fill=ACCENT)
                with surface.element("LBody"):
                    surface.text(paper.left + 8.4 * MM, y, words[name], _STRONG)
                    y = surface.paragraph(x, y, paper.edge - x, words[f"{name}_text"], _BODY) + 1.9 * MM
    return y


def _glance(surface: Surface, sheet: Sheet, words: Mapping[str, str], y: float) -> float:
    """Draw the weeks at a glance: a row of bars for each thing that grows; return the y below."""
    paper = surface.paper
    weeks = sheet.programme.weeks
    y = surface.paragraph(paper.left, y, paper.measure, words["glance_title"], _HEAD, tag="H2")
    x0 = paper.left + 48 * MM
    step = (paper.edge - x0) / len(weeks)
    with surface.element("Table"):
        for row in _rows(sheet, words):
            base = y + _BAR + 4.2 * MM
            with surface.element("TR"):
                with surface.element("TH", scope="Row"):
                    surface.text(paper.left, base - 12.5, row.label, _TICK)
                for index, value in enumerate(row.values):
                    middle, bar = x0 + (index + 0.5) * step, min(step * 0.62, 16 * MM)
                    high = _BAR * value / max(row.values)
                    surface.panel(Area(middle - bar / 2, base - high, bar, high), fill=BAR)
                    surface.text(middle, base - high - 11, str(value), _TICK, align="centre", tag="TD")
            surface.rule((paper.left, base), (paper.edge, base), colour=RULE, line=0.6)
            y = base + 0.6 * MM
        with surface.element("TR"):
            with surface.element("TH", scope="Row"):
                pass
            for index, week in enumerate(weeks):
                label = sheet.words.weeks(week.number, week.number) if step > 14 * MM else str(week.number)
                with surface.element("TH", scope="Column"):
                    surface.text(x0 + (index + 0.5) * step, y, label, _SMALL, align="centre")
    return y + 11


def _rows(sheet: Sheet, words: Mapping[str, str]) -> list[_Bars]:
    """Return what the glance shows, without rows that are empty."""
    counts: tuple[tuple[str, Callable[[Week], int]], ...] = (
        ("glance_strengthening", lambda week: _count(week, Group.STRENGTHENING)),
        ("glance_stretch", lambda week: _count(week, Group.STRETCH)),
        ("glance_minutes", _longest),
        ("glance_aerobic", _aerobic_minutes),
    )
    rows = [
        _Bars(label=words[name], values=tuple(count(week) for week in sheet.programme.weeks)) for name, count in counts
    ]
    return [row for row in rows if any(row.values)]


def _count(week: Week, group: Group) -> int:
    return len({item.exercise for session in week.sessions for item in session.prescriptions if item.group is group})


def _longest(week: Week) -> int:
    return max(max(session.minutes) for session in week.sessions if session.slot is not Slot.AEROBIC)


def _aerobic_minutes(week: Week) -> int:
    session = week.session(Slot.AEROBIC)
    dose = session.prescriptions[0].dose if session else None
    return dose.minutes if isinstance(dose, AerobicDose) else 0


def _stop(surface: Surface, words: Mapping[str, str], y: float) -> float:
    """Draw the stop frame, mildest first and worst last and clearest; return the y below."""
    paper = surface.paper
    pad = 4 * MM
    x, measure = paper.left + pad, paper.measure - 2 * pad
    rules = ("stop_exercise", "stop_session", "stop_rest", "today")
    high = _HEAD.leading + sum(_rule_height(words, name, measure) for name in (*rules, "emergency"))
    high += _list_height(words["today_list"], 3) + _list_height(words["emergency_list"], 2) + 2 * pad - 1 * MM
    surface.frame(Area(paper.left, y, paper.measure, high), colour=STOP, line=1.6)
    at = surface.paragraph(x, y + pad - 3, measure, words["stop_title"], _HEAD, tag="H2")
    for name in rules:
        at = _rule(surface, words, name, x, at, measure)
    at = _list(surface, words["today_list"], 3, x, at - 1.4 * MM, measure) + 1.8 * MM
    surface.panel(Area(paper.left, at - 1.2 * MM, paper.measure, _EMERGENCY.leading + 1.8 * MM), fill=STOP)
    at = surface.paragraph(x, at, measure, words["emergency"], _EMERGENCY, tag="H3") + 1.2 * MM
    at = surface.paragraph(x, at, measure, words["emergency_text"], _RULE_TEXT, tag="P")
    _list(surface, words["emergency_list"], 2, x, at, measure)
    return y + high


def _list_height(text: str, columns: int) -> float:
    return -(-len(text.splitlines()) // columns) * _RULE_TEXT.leading


def _list(surface: Surface, text: str, columns: int, x: float, y: float, measure: float) -> float:
    """Write signs in columns as wide as their longest one, the rest shared; return the y below."""
    signs = text.splitlines()
    rows = -(-len(signs) // columns)
    wide = [
        max(fonts.width(sign, _RULE_TEXT.font, _RULE_TEXT.size) for sign in signs[first : first + rows]) + 4.4 * MM
        for first in range(0, len(signs), rows)
    ]
    gap = min((measure - sum(wide)) / max(len(wide) - 1, 1), 12 * MM)
    with surface.element("L"):
        for index, sign in enumerate(signs):
            column = index // rows
            left, top = x + sum(wide[:column]) + column * gap, y + index % rows * _RULE_TEXT.leading
            surface.disc(left + 1.4 * MM, top + 6.4, "", _RULE_TEXT, radius=1.7, fill=STOP)
            with surface.element("LI"):
                surface.text(left + 4.4 * MM, top, sign, _RULE_TEXT, tag="LBody")
    return y + rows * _RULE_TEXT.leading


def _contact(surface: Surface, words: Mapping[str, str], y: float) -> None:
    """Draw lines for the physiotherapist's name, telephone and the day the plan was seen."""
    paper = surface.paper
    x = paper.left
    for name, share in (("contact", 0.46), ("contact_phone", 0.3), ("contact_seen", 0.24)):
        wide = paper.measure * share
        surface.text(x, y, words[name], _RULE_TEXT, tag="P")
        start = x + fonts.width(words[name], _RULE_TEXT.font, _RULE_TEXT.size) + 2 * MM
        surface.rule((start, y + 11), (x + wide - 3 * MM, y + 11), colour=QUIET, line=0.6)
        x += wide


def _rule_height(words: Mapping[str, str], name: str, measure: float) -> float:
    return _RULE_HEAD.leading + height(words[f"{name}_text"], _RULE_TEXT, measure) + 1.6 * MM


def _rule(surface: Surface, words: Mapping[str, str], name: str, x: float, y: float, measure: float) -> float:
    y = surface.paragraph(x, y, measure, words[name], _RULE_HEAD, tag="H3")
    return surface.paragraph(x, y, measure, words[f"{name}_text"], _RULE_TEXT, tag="P") + 1.6 * MM
