"""Draw what decides the next week, what to do in a flare-up or after missed days, and when to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.pdf import fonts
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.style import ACCENT, BOX, MM, STOP, Type
from planmaker.pdf.surface import Area, height

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.spots import Spot
    from planmaker.pdf.style import Paper
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Week

__all__ = [
    "HEAD",
    "RULES",
    "advice_height",
    "draw_advice",
    "draw_rules",
    "draw_stop",
    "last",
    "rules_height",
    "stop_height",
]

HEAD = Type(font=SEMIBOLD, size=11.5, leading=12.6)
_TEXT = Type(font=REGULAR, size=10, leading=11.6)
_STOP = Type(font=BOLD, size=10.5, leading=12.6, colour=STOP)

RULES = ("up", "stay", "back")
# The rules' shares of the width side by side, so that each takes two lines.
_SHARES = (0.33, 0.28, 0.39)
_ADVICE = ("flare", "missed")
_APART = 2.4 * MM
_INSIDE = 2 * MM
_ABOVE = 1.0 * MM
_TEXT_BELOW = 6.4 * MM  # from a card's top to its text
_HEADS = 46 * MM  # of rules one below the other, box included
_ROW = 1.2 * MM
_ADVICE_GAP = 0.4 * MM


def last(sheet: Sheet, week: Week, *, spare: bool) -> bool:
    """Tell whether nothing comes after a week but the end."""
    return week is sheet.programme.weeks[-1] and not spare


def rules_height(sheet: Sheet, labels: Mapping[str, str], *, last: bool) -> float:
    """Return how high the rules for next week are, or at the plan's end what comes after."""
    if last:
        return _TEXT_BELOW + height(labels["last_text"], _TEXT, sheet.paper.measure - 2 * _INSIDE) + _ABOVE
    if sheet.paper.narrow:
        return sum(_narrow_rows(sheet.paper, labels)) + 2 * _ABOVE
    texts = zip(RULES, _widths(sheet.paper), strict=True)
    return _TEXT_BELOW + max(height(labels[f"{name}_text"], _TEXT, wide - 2 * _INSIDE) for name, wide in texts) + _ABOVE


def _widths(paper: Paper) -> list[float]:
    room = paper.measure - (len(RULES) - 1) * _APART
    return [room * share for share in _SHARES]


def _narrow_rows(paper: Paper, labels: Mapping[str, str]) -> list[float]:
    """Return the heights of the rules when each is a row of one frame."""
    measure = paper.measure - 2 * _INSIDE - _HEADS
    return [max(height(labels[f"{name}_text"], _TEXT, measure), BOX) + 2 * _ROW for name in RULES]


def draw_rules(surface: Surface, sheet: Sheet, labels: Mapping[str, str], y: float, *, spot: Spot, last: bool) -> float:
    """Draw the rules, of which one is ticked at the week's end; return the y below."""
    paper, high = sheet.paper, rules_height(sheet, labels, last=last)
    if last:
        surface.frame(Area(paper.left, y, paper.measure, high), colour=ACCENT, line=0.8)
        surface.text(paper.left + _INSIDE, y + _ABOVE, labels["last"], HEAD, tag="H3")
        measure = paper.measure - 2 * _INSIDE
        surface.paragraph(paper.left + _INSIDE, y + _TEXT_BELOW, measure, labels["last_text"], _TEXT, tag="P")
    elif paper.narrow:
        _stacked(surface, sheet, labels, y, spot)
    else:
        _abreast(surface, sheet, labels, Area(paper.left, y, paper.measure, high), spot)
    return y + high


def _abreast(surface: Surface, sheet: Sheet, labels: Mapping[str, str], area: Area, spot: Spot) -> None:
    x, y = area.x, area.y
    for name, wide in zip(RULES, _widths(sheet.paper), strict=True):
        surface.frame(Area(x, y, wide, area.height), colour=ACCENT, line=0.8)
        surface.box(x + _INSIDE, y + 1.1 * MM, spot._replace(what=name))
        surface.text(x + _INSIDE + BOX + 1.8 * MM, y + 1.4 * MM, labels[name], HEAD, tag="H3")
        surface.paragraph(x + _INSIDE, y + _TEXT_BELOW, wide - 2 * _INSIDE, labels[f"{name}_text"], _TEXT, tag="P")
        x += wide + _APART


def _stacked(surface: Surface, sheet: Sheet, labels: Mapping[str, str], y: float, spot: Spot) -> None:
    paper, rows = sheet.paper, _narrow_rows(sheet.paper, labels)
    surface.frame(Area(paper.left, y, paper.measure, sum(rows) + 2 * _ABOVE), colour=ACCENT, line=0.8)
    x, top = paper.left + _INSIDE, y + _ABOVE
    for name, high in zip(RULES, rows, strict=True):
        surface.box(x, top + _ROW, spot._replace(what=name))
        surface.text(x + BOX + 1.8 * MM, top + _ROW + 0.3 * MM, labels[name], HEAD, tag="H3")
        measure = paper.measure - 2 * _INSIDE - _HEADS
        surface.paragraph(x + _HEADS, top + _ROW + 0.6 * MM, measure, labels[f"{name}_text"], _TEXT, tag="P")
        top += high


def _advice_measure(paper: Paper, labels: Mapping[str, str]) -> tuple[float, float]:
    """Return the width of the heads of the advice, and what is left for its texts."""
    heads = max(fonts.width(labels[name], HEAD.font, HEAD.size) for name in _ADVICE) + 3 * MM
    return heads, paper.measure - 2 * _INSIDE - heads


def advice_height(sheet: Sheet, labels: Mapping[str, str]) -> float:
    """Return how high the frame with the advice for flare-ups and missed days is."""
    _, measure = _advice_measure(sheet.paper, labels)
    texts = [height(labels[f"{name}_text"], _TEXT, measure) for name in _ADVICE]
    return sum(max(text, HEAD.leading) for text in texts) + _ADVICE_GAP + 2 * _ABOVE


def draw_advice(surface: Surface, sheet: Sheet, labels: Mapping[str, str], y: float) -> float:
    """Draw what to do in a flare-up and after missed days; return the y below."""
    paper, high = sheet.paper, advice_height(sheet, labels)
    heads, measure = _advice_measure(paper, labels)
    surface.frame(Area(paper.left, y, paper.measure, high), colour=ACCENT, line=0.8)
    x, top = paper.left + _INSIDE, y + _ABOVE
    for name in _ADVICE:
        surface.text(x, top, labels[name], HEAD, tag="H3")
        below = surface.paragraph(x + heads, top + 0.35 * MM, measure, labels[f"{name}_text"], _TEXT, tag="P")
        top = max(below, top + HEAD.leading) + _ADVICE_GAP
    return y + high


def stop_height(sheet: Sheet, labels: Mapping[str, str]) -> float:
    """Return how high the line is that says when to stop and whom to call."""
    return height(labels["stop"], _STOP, sheet.paper.measure) + 1.2 * MM


def draw_stop(surface: Surface, sheet: Sheet, labels: Mapping[str, str]) -> None:
    """Write at the foot of a page when to stop and whom to call."""
    paper = sheet.paper
    top = paper.floor - stop_height(sheet, labels) + 1.0 * MM
    surface.paragraph(paper.left, top, paper.measure, labels["stop"], _STOP, tag="P")
