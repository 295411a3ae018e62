"""Draw the frame of the signs to stop, mildest first and worst last and clearest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from planmaker.pdf import fonts
from planmaker.pdf.fonts import BOLD, REGULAR
from planmaker.pdf.style import MM, STOP, WHITE, Type
from planmaker.pdf.surface import Area, height

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.surface import Surface

__all__ = ["CLOSE", "USUAL", "Spacing", "draw", "high"]

_HEAD = Type(font=BOLD, size=14, leading=20)
_RULE_HEAD = Type(font=BOLD, size=12, leading=14.8)
_RULE_TEXT = Type(font=REGULAR, size=12, leading=14.8)
_EMERGENCY = Type(font=BOLD, size=15, leading=18, colour=WHITE)

_PAD = 3.6 * MM
_BETWEEN = 1.3 * MM  # rules
_RULES = ("stop_exercise", "stop_session", "stop_rest", "today")


class Spacing(NamedTuple):
    """How lists are set in columns: the indent of their signs, and the least gap between columns."""

    sign: float
    gap: float


USUAL: Final = Spacing(4.4 * MM, 3 * MM)
CLOSE: Final = Spacing(3.4 * MM, 1.3 * MM)  # two columns on A4 too


def high(words: Mapping[str, str], measure: float, spacing: Spacing = USUAL) -> float:
    """Return how high the frame is."""
    inside = measure - 2 * _PAD
    found = 2 * _PAD - _BETWEEN + _HEAD.leading + sum(_rule_height(words, name, inside) for name in _RULES)
    found += _list_height(words["today_list"], inside, spacing) + _list_height(words["emergency_list"], inside, spacing)
    return found + _band_height(words, inside) + 2.6 * MM + height(words["emergency_text"], _RULE_TEXT, inside)


def draw(surface: Surface, words: Mapping[str, str], y: float, spacing: Spacing = USUAL) -> float:
    """Draw the frame; return the y below."""
    paper = surface.paper
    x, inside = paper.left + _PAD, paper.measure - 2 * _PAD
    whole = high(words, paper.measure, spacing)
    surface.frame(Area(paper.left, y, paper.measure, whole), colour=STOP, line=1.8)
    at = surface.paragraph(x, y + _PAD - 2, inside, words["stop_title"], _HEAD, tag="H2")
    for name in _RULES:
        at = _rule(surface, words, name, x, at, inside)
    at = _list(surface, words["today_list"], Area(x, at - _BETWEEN, inside, 0), spacing) + 2.2 * MM
    band = _band_height(words, inside)
    surface.panel(Area(paper.left, at, paper.measure, band), fill=STOP)
    surface.paragraph(x, at + 1.4 * MM, inside, words["emergency"], _EMERGENCY, tag="H3")
    at = surface.paragraph(x, at + band + 1.4 * MM, inside, words["emergency_text"], _RULE_HEAD, tag="P")
    _list(surface, words["emergency_list"], Area(x, at, inside, 0), spacing)
    return y + whole


def _band_height(words: Mapping[str, str], inside: float) -> float:
    return height(words["emergency"], _EMERGENCY, inside) + 2 * MM


def _columns(text: str, inside: float, spacing: Spacing) -> list[list[str]]:
    """Part signs into as many columns as their longest ones leave room for, three at most."""
    signs = text.splitlines()
    for number in (3, 2):
        rows = -(-len(signs) // number)
        columns = [signs[first : first + rows] for first in range(0, len(signs), rows)]
        if sum(_column_width(column, spacing) for column in columns) + (len(columns) - 1) * spacing.gap <= inside:
            return columns
    return [signs]


def _column_width(signs: list[str], spacing: Spacing) -> float:
    return max(fonts.width(sign, _RULE_TEXT.font, _RULE_TEXT.size) for sign in signs) + spacing.sign


def _list_height(text: str, inside: float, spacing: Spacing) -> float:
    columns = _columns(text, inside, spacing)
    if len(columns) > 1:
        return len(columns[0]) * _RULE_TEXT.leading
    return sum(height(sign, _RULE_TEXT, inside - spacing.sign) for sign in columns[0])


def _list(surface: Surface, text: str, area: Area, spacing: Spacing) -> float:
    """Write signs in columns as wide as their longest one, the rest shared; return the y below."""
    columns = _columns(text, area.width, spacing)
    widths = [_column_width(column, spacing) for column in columns]
    gap = min((area.width - sum(widths)) / max(len(columns) - 1, 1), 12 * MM)
    x, low = area.x, area.y
    with surface.element("L"):
        for column, wide in zip(columns, widths, strict=True):
            top = area.y
            room = wide - spacing.sign if len(columns) > 1 else area.width - spacing.sign
            for sign in column:
                surface.disc(x + 1.4 * MM, top + 6.8, "", _RULE_TEXT, radius=1.8, fill=STOP)
                with surface.element("LI"):
                    top = surface.paragraph(x + spacing.sign, top, room + 0.1, sign, _RULE_TEXT, tag="LBody")
            x += wide + gap
            low = max(low, top)
    return low


def _rule_height(words: Mapping[str, str], name: str, measure: float) -> float:
    texts = height(words[name], _RULE_HEAD, measure) + height(words[f"{name}_text"], _RULE_TEXT, measure)
    return texts + _BETWEEN


def _rule(surface: Surface, words: Mapping[str, str], name: str, x: float, y: float, measure: float) -> float:
    y = surface.paragraph(x, y, measure, words[name], _RULE_HEAD, tag="H3")
    return surface.paragraph(x, y, measure, words[f"{name}_text"], _RULE_TEXT, tag="P") + _BETWEEN
