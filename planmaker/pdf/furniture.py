"""Draw what pages share: heading, name, footer, numbers and labels before texts, lines to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.pdf import fonts
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.style import ACCENT, MM, QUIET, WHITE, Type
from planmaker.pdf.surface import Area, lines_of

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.spots import Spot
    from planmaker.pdf.surface import Surface

__all__ = [
    "BODY",
    "FOOT",
    "HEAD",
    "NAME",
    "NUMBER_INDENT",
    "STRONG",
    "code_measure",
    "footer",
    "heading",
    "labelled",
    "labelled_height",
    "name_line",
    "number_mark",
    "numbered",
    "warning",
    "written",
]

_TITLE = Type(font=BOLD, size=20, leading=24)
NAME = Type(font=REGULAR, size=11, leading=13)
FOOT = Type(font=REGULAR, size=9.5, leading=12, colour=QUIET)
BODY = Type(font=REGULAR, size=12, leading=14.8)
STRONG = Type(font=SEMIBOLD, size=12, leading=14.8)
_NUMBER = Type(font=BOLD, size=10, leading=12, colour=WHITE)

# The height of a page's heading, its rule included.
HEAD = 12 * MM
_NUMBER_RADIUS = 2.3 * MM
NUMBER_INDENT = 6.6 * MM
_PAGE_NUMBER = 66.0  # the width kept for it
_LABEL_GAP = 1.6 * MM


def heading(surface: Surface, title: str) -> float:
    """Write a page's title over a rule; return the y below."""
    paper = surface.paper
    surface.text(paper.left, paper.top, title, _TITLE, tag="H2")
    below = paper.top + HEAD - 2.5 * MM
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


def code_measure(measure: float) -> float:
    """Return the room of the plan's code, beside the page number."""
    return measure - _PAGE_NUMBER


def warning(sheet: Sheet) -> str:
    """Return the advice to stop that stands at the foot of pages; a short one where the page is narrow."""
    words = sheet.words.passages("cards", easy=0, slow=False, stop_page=sheet.stop_page)
    return words["stop_short" if sheet.paper.narrow else "stop"]


def numbered(  # noqa: PLR0913, PLR0917 - where, what, and how it is set
    surface: Surface, x: float, y: float, measure: float, number: int, text: str, style: Type = BODY
) -> float:
    """Write a step of a list with its number on a disc; return the y below."""
    with surface.element("LI"):
        number_mark(surface, x, y, number)
        return surface.paragraph(x + NUMBER_INDENT, y, measure - NUMBER_INDENT, text, style, tag="LBody")


def number_mark(surface: Surface, x: float, y: float, number: int) -> None:
    """Write the number of a step on a disc beside its first line."""
    with surface.element("Lbl"):
        middle = y + 0.5 * BODY.leading
        surface.disc(x + _NUMBER_RADIUS, middle, str(number), _NUMBER, radius=_NUMBER_RADIUS, fill=ACCENT)


def labelled(surface: Surface, x: float, y: float, measure: float, label: str, text: str) -> float:
    """Write a text after its label, the lines below the first as wide as both, in the open element."""
    indent = _indent(label)
    surface.text(x, y, label, STRONG)
    for index, line in enumerate(_after_label(label, text, measure)):
        surface.text(x + (0 if index else indent), y, line, BODY)
        y += BODY.leading
    return y


def labelled_height(label: str, text: str, measure: float) -> float:
    """Return how high a text with a label will be."""
    return len(_after_label(label, text, measure)) * BODY.leading


def _indent(label: str) -> float:
    return fonts.width(label, STRONG.font, STRONG.size) + _LABEL_GAP


def _after_label(label: str, text: str, measure: float) -> list[str]:
    """Break a text whose first line starts after its label."""
    first = lines_of(text, BODY, measure - _indent(label))[0]
    return [first, *lines_of(text[len(first) :].strip(), BODY, measure)]


def written(surface: Surface, area: Area, label: str, spot: Spot) -> None:
    """Write a label and, after it up to the end of an area, a line to write on."""
    surface.text(area.x, area.y, label, BODY, tag="P")
    start = area.x + (_indent(label) if label else 0.0)
    surface.line(Area(start, area.y - 3, area.x + area.width - start, BODY.leading + 1), spot)
