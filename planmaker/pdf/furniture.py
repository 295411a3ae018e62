"""Draw what pages share: heading, name, footer, marked-up passages."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from planmaker.pdf.fonts import BOLD, REGULAR
from planmaker.pdf.style import ACCENT, MM, QUIET, Type
from planmaker.pdf.surface import height

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface

__all__ = ["BODY", "FOOT", "HEAD", "NAME", "footer", "heading", "name_line", "passage", "passage_height"]

_TITLE = Type(font=BOLD, size=20, leading=24)
NAME = Type(font=REGULAR, size=11, leading=13)
FOOT = Type(font=REGULAR, size=9.5, leading=12, colour=QUIET)
_SUBHEAD = Type(font=BOLD, size=13, leading=17)
BODY = Type(font=REGULAR, size=12, leading=14.4)

# The height of a page's heading, its rule included.
HEAD = 11 * MM
_INDENT = 3.6 * MM
_AFTER = 0.5 * MM


def heading(surface: Surface, title: str) -> float:
    """Write a page's title over a rule; return the y below."""
    paper = surface.paper
    surface.text(paper.left, paper.top, title, _TITLE, tag="H2")
    below = paper.top + HEAD - 1.5 * MM
    surface.rule((paper.left, below), (paper.edge, below), colour=ACCENT, line=1.4)
    return paper.top + HEAD


def name_line(surface: Surface, sheet: Sheet, *, y: float) -> None:
    """Keep the place of the person's name at the right edge, its last line ending at y."""
    if "name" in sheet.own:
        surface.stamped("line", surface.paper.edge, y - 0.22 * NAME.size)


def footer(surface: Surface, sheet: Sheet, place: Place, text: str = "") -> None:
    """Write the page number and, on the left, a line of advice over the plan's code and version."""
    paper = surface.paper
    y = paper.height - 13.6 * MM
    number = sheet.words.labels["page"].format(page=place.page, pages=place.pages)
    surface.text(paper.edge, y + 4.2 * MM, number, FOOT, align="right")
    surface.text(paper.left, y, text, FOOT)
    surface.stamped("code", paper.left, paper.height - 9.4 * MM + 0.78 * FOOT.size)


def passage(surface: Surface, x: float, y: float, measure: float, text: str, body: Type) -> float:
    """Write a passage with headings (``# ``) and items (``- ``); return the y below it."""
    for item, lines in groupby(_lines(text, body), key=lambda line: line.item):
        with surface.element("L" if item else "Sect"):
            for line in lines:
                y = _line(surface, x, y, measure, line)
    return y


def _line(surface: Surface, x: float, y: float, measure: float, line: _Line) -> float:
    """Write a heading, a paragraph or an item; return the y below it."""
    left, top, room = x + line.indent, y + line.above, measure - line.indent
    if not line.item:
        return surface.paragraph(left, top, room, line.text, line.style, tag=line.tag) + _AFTER
    surface.disc(x + 1.1 * MM, y + 6.6, "", line.style, radius=1.5, fill=ACCENT)
    with surface.element("LI"):
        return surface.paragraph(left, top, room, line.text, line.style, tag="LBody") + _AFTER


def passage_height(text: str, measure: float, body: Type) -> float:
    """Return how high a passage will be."""
    lines = _lines(text, body)
    return sum(line.above + height(line.text, line.style, measure - line.indent) + _AFTER for line in lines)


class _Line(NamedTuple):
    text: str
    style: Type
    indent: float = 0.0
    above: float = 0.0
    item: bool = False
    tag: str = "P"


def _lines(text: str, body: Type) -> list[_Line]:
    lines = []
    for index, line in enumerate(text.splitlines()):
        if line.startswith("# "):
            lines.append(_Line(text=line[2:], style=_SUBHEAD, above=2 * MM if index else 0.0, tag="H3"))
        elif line.startswith("- "):
            lines.append(_Line(text=line[2:], style=body, indent=_INDENT, item=True))
        else:
            lines.append(_Line(text=line, style=body))
    return lines
