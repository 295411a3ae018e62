"""Draw what is noted below the sessions of a week: walk, pain, notes, and what decides the next week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.rows import grid
from planmaker.pdf.spots import Spot
from planmaker.pdf.style import ACCENT, BOX, MM, RULE, STOP, Type
from planmaker.pdf.surface import Area, height
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.rows import Grid
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Week

__all__ = ["MOST_NOTES", "NOTE_LINE", "Tail", "day_lines", "draw_days", "draw_tail", "tail_height"]

_LINE = Type(font=SEMIBOLD, size=11.5, leading=13.5)
_HELP = Type(font=REGULAR, size=10, leading=11.6)
_RULE_HEAD = Type(font=SEMIBOLD, size=11.5, leading=13.5)
_RULE_TEXT = Type(font=REGULAR, size=10, leading=11.6)
_STOP = Type(font=BOLD, size=10.5, leading=12.6, colour=STOP)

NOTE_LINE = 7.5 * MM
MOST_NOTES = 5
_TRACK = 8.6 * MM
# The rules for next week and their shares of the width, so that each takes two lines.
_RULES = (("up", 0.33), ("stay", 0.28), ("back", 0.39))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The lower part of a week's last page: where it starts and how many lines for notes it has."""

    week: Week
    top: float
    notes: int
    spare: bool

    def spot(self, what: str, day: int = -1, number: int = 0) -> Spot:
        """Name a place for something noted in this week."""
        return Spot(0 if self.spare else self.week.number, "week", what, day, number=number)


def day_lines(surface: Surface, cells: Grid, top: float, bottom: float) -> None:
    """Draw the lines between the days."""
    for day in range(8):
        surface.rule((cells.column(day), top), (cells.column(day), bottom), colour=RULE, line=0.8)


def tail_height(sheet: Sheet, week: Week, labels: Mapping[str, str]) -> float:
    """Return how high the tail of a week is with one line for notes."""
    measure = sheet.paper.measure
    stop = height(labels["stop"], _STOP, measure)
    return _aerobic_height(week) + 2 * _TRACK + 7.6 * MM + _rules_height(sheet, labels) + 1.6 * MM + stop


def _aerobic_height(week: Week) -> float:
    return _TRACK if week.session(Slot.AEROBIC) else 0.0


def draw_days(surface: Surface, sheet: Sheet, tail: Tail, labels: Mapping[str, str]) -> None:
    """Draw what is noted each day, as rows of the week's table: the walk and the pain."""
    cells = grid(sheet.paper)
    y = _aerobic(surface, sheet, cells, tail, labels)
    for name in ("waking", "worst"):
        y = _track(surface, sheet, tail, labels, name, y)
    surface.rule((cells.left, tail.top), (cells.column(7), tail.top), colour=ACCENT, line=1.4)
    day_lines(surface, cells, tail.top, y)


def draw_tail(surface: Surface, sheet: Sheet, tail: Tail, labels: Mapping[str, str]) -> None:
    """Draw the lines for notes, the rules and the stop line, below the rows of the days."""
    cells = grid(sheet.paper)
    y = tail.top + _aerobic_height(tail.week) + 2 * _TRACK + 1.6 * MM
    surface.text(cells.left, y, labels["notes"], _LINE, tag="P")
    for line in range(tail.notes):
        below = y + 4.4 * MM + line * NOTE_LINE
        left = cells.left if line else cells.left + 14 * MM
        area = Area(left, below - 6 * MM, cells.column(7) - left, 6 * MM)
        surface.line(area, tail.spot("notes", number=line), line=0.6)
    y = _rules(surface, sheet, tail, labels, y + 6 * MM + (tail.notes - 1) * NOTE_LINE)
    surface.paragraph(cells.left, y + 1.6 * MM, sheet.paper.measure, labels["stop"], _STOP, tag="P")


def _aerobic(surface: Surface, sheet: Sheet, cells: Grid, tail: Tail, labels: Mapping[str, str]) -> float:
    """Draw the row of the walk, if there is one; return the y below it."""
    session = tail.week.session(Slot.AEROBIC)
    if session is None:
        return tail.top
    item, high = session.prescriptions[0], _aerobic_height(tail.week)
    label = sheet.aerobic_word("label")
    title = sheet.words.labels["aerobic_title"].format(label=label, minutes=max(session.minutes))
    dose = labels["my_dose"] if tail.spare else sheet.words.parts(item)
    with surface.element("TR"):
        with surface.element("TH", scope="Row"):
            surface.text(cells.left + 1.5 * MM, tail.top + 0.5 * MM, label if tail.spare else title, _LINE)
            surface.text(cells.left + 1.5 * MM, tail.top + 4.7 * MM, dose, _HELP)
        for day in range(7):
            with surface.element("TD"):
                told = sheet.words.boxes(1) if day in item.days else sheet.words.labels["not_due"]
                surface.unseen(cells.column(day), tail.top + high / 2 - 4, cells.step, told)
                if day in item.days:
                    spot = tail.spot(item.exercise, day)._replace(part=Slot.AEROBIC.value)
                    surface.box(cells.column(day) + (cells.step - BOX) / 2, tail.top + (high - BOX) / 2, spot)
    surface.rule((cells.left, tail.top + high), (cells.column(7), tail.top + high), colour=RULE, line=0.5)
    return tail.top + high


def _track(surface: Surface, sheet: Sheet, tail: Tail, labels: Mapping[str, str], name: str, y: float) -> float:
    """Draw a row of lines to write a number on."""
    cells = grid(sheet.paper)
    with surface.element("TR"):
        with surface.element("TH", scope="Row"):
            surface.text(cells.left + 1.5 * MM, y + 0.5 * MM, labels[name], _LINE)
            surface.text(cells.left + 1.5 * MM, y + 4.7 * MM, labels[f"{name}_help"], _HELP)
        for day in range(7):
            with surface.element("TD"):
                surface.unseen(cells.column(day), y + 3 * MM, cells.step, sheet.words.labels["to_fill"])
    for day in range(7):
        left = cells.column(day)
        surface.line(Area(left + 4 * MM, y + 1 * MM, cells.step - 8 * MM, 6 * MM), tail.spot(name, day))
    surface.rule((cells.left, y + _TRACK), (cells.column(7), y + _TRACK), colour=RULE, line=0.5)
    return y + _TRACK


def _rule_widths(sheet: Sheet) -> list[float]:
    room = sheet.paper.measure - (len(_RULES) - 1) * 2.4 * MM
    return [room * share for _, share in _RULES]


def _rules_height(sheet: Sheet, labels: Mapping[str, str]) -> float:
    texts = zip(_RULES, _rule_widths(sheet), strict=True)
    return 7.8 * MM + max(height(labels[f"{name}_text"], _RULE_TEXT, wide - 4 * MM) for (name, _), wide in texts)


def _rules(surface: Surface, sheet: Sheet, tail: Tail, labels: Mapping[str, str], y: float) -> float:
    """Draw the three frames of which one is ticked at the week's end; at the plan's end, what comes after."""
    x, high = sheet.paper.left, _rules_height(sheet, labels)
    if tail.week is sheet.programme.weeks[-1] and not tail.spare:
        surface.frame(Area(x, y, sheet.paper.measure, high), colour=ACCENT, line=0.8)
        surface.text(x + 2 * MM, y + 1.2 * MM, labels["last"], _RULE_HEAD, tag="H3")
        surface.paragraph(
            x + 2 * MM, y + 6.2 * MM, sheet.paper.measure - 4 * MM, labels["last_text"], _RULE_TEXT, tag="P"
        )
        return y + high
    for (name, _), wide in zip(_RULES, _rule_widths(sheet), strict=True):
        surface.frame(Area(x, y, wide, high), colour=ACCENT, line=0.8)
        surface.box(x + 2 * MM, y + 1.4 * MM, tail.spot(name))
        surface.text(x + 8.2 * MM, y + 1.5 * MM, labels[name], _RULE_HEAD, tag="H3")
        surface.paragraph(x + 2 * MM, y + 6.8 * MM, wide - 4 * MM, labels[f"{name}_text"], _RULE_TEXT, tag="P")
        x += wide + 2.4 * MM
    return y + high
