"""Print drawings by themselves: one on a page of its size, or all on a contact sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.figures.drawing import beside
from planmaker.pdf.binding import bound, desk
from planmaker.pdf.file import File
from planmaker.pdf.fonts import REGULAR, SEMIBOLD
from planmaker.pdf.style import MM, QUIET, Paper, Type
from planmaker.pdf.surface import Area, Surface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planmaker.figures.drawing import Drawing

__all__ = ["contact_sheet", "one_picture"]

_LANGUAGE = "en"
_PAGE = Paper(width=210 * MM, height=297 * MM, left=12 * MM, right=12 * MM, top=12 * MM, bottom=12 * MM)
_TITLE = Type(font=SEMIBOLD, size=10, leading=13)
_NOTE = Type(font=REGULAR, size=9, leading=11, colour=QUIET)
_COLOUR = 80 * MM  # the width of a card's picture
_SMALL = 35 * MM
_BETWEEN = 8 * MM
_CELL = 52 * MM


def one_picture(drawing: Drawing, description: str, width: float = 90 * MM) -> bytes:
    """Return a PDF of one picture, some points wide."""
    area = Area(0, 0, width, width * drawing.height / drawing.width)
    surface = Surface(desk(File(), frozenset()), Paper(width=area.width, height=area.height))
    with surface.element("Figure", alt=description, box=surface.figure_box(area)):
        surface.picture(drawing, area)
    surface.next_page()
    return b"".join(surface.file.freeze(bound(surface, title=description, language=_LANGUAGE)).finished({}))


def contact_sheet(pictures: Sequence[tuple[str, str, tuple[Drawing, ...]]]) -> bytes:
    """Return a PDF of all pictures with name, note and frames: in colour as on a card, and grey at 35 mm a frame."""
    characters = frozenset().union(*(name + note for name, note, _ in pictures))
    surface = Surface(desk(File(), characters), _PAGE)
    rows = int((_PAGE.height - _PAGE.top - _PAGE.bottom) // _CELL)
    for index, (name, note, frames) in enumerate(pictures):
        if index and index % rows == 0:
            surface.next_page()
        _cell(surface, _PAGE.top + index % rows * _CELL, name, note, frames)
    surface.next_page()
    return b"".join(surface.file.freeze(bound(surface, title="planmaker figures", language=_LANGUAGE)).finished({}))


def _cell(surface: Surface, y: float, name: str, note: str, frames: tuple[Drawing, ...]) -> None:
    surface.text(_PAGE.left, y, name, _TITLE, tag="H1")
    surface.text(_PAGE.edge, y, note, _NOTE, align="right", tag="P")
    top, high = y + _TITLE.leading, _CELL - _TITLE.leading - 4 * MM
    area = Area(_PAGE.left, top, _COLOUR, high)
    with surface.element("Figure", alt=name, box=surface.figure_box(area)):
        surface.picture(beside(frames), area)
    for index, drawing in enumerate(frames):
        small = Area(_PAGE.left + _COLOUR + _BETWEEN + index * (_SMALL + _BETWEEN), top, _SMALL, high)
        surface.picture(drawing.greyed(), small)
