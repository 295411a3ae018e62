"""Draw how to get down to the floor with a chair, and up again: four pictures over their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.pdf.fonts import BOLD
from planmaker.pdf.furniture import BODY, NUMBER_INDENT, number_mark
from planmaker.pdf.style import MM, Type
from planmaker.pdf.surface import Area, height

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.surface import Surface

__all__ = ["draw", "high"]

_TITLE = Type(font=BOLD, size=17, leading=22)
_PICTURES = ("floor_transfer_1", "floor_transfer_2", "floor_transfer_3", "floor_transfer_4")
_GAP = 4 * MM
_PICTURE_HIGH = 30 * MM
_ABOVE, _BETWEEN, _BELOW = 2 * MM, 1.8 * MM, 2 * MM


def high(sheet: Sheet) -> float:
    """Return how high it is, with the space above and below."""
    rows = len(_PICTURES) // _across(sheet)
    up = height(sheet.words.general["transfer"]["up"], BODY, sheet.paper.measure)
    return _ABOVE + _TITLE.leading + rows * (_row_height(sheet) + _BELOW) + up + _BELOW


def draw(surface: Surface, sheet: Sheet, y: float) -> None:
    """Draw the four pictures, equally wide so that they are on one scale, in one row or two."""
    paper, words = sheet.paper, sheet.words.general["transfer"]
    surface.text(paper.left, y, words["name"], _TITLE, tag="H3")
    y += _TITLE.leading
    with surface.element("L"):
        for index, (name, step) in enumerate(zip(_PICTURES, words["steps"], strict=True)):
            row, column = divmod(index, _across(sheet))
            x = paper.left + column * (_wide(sheet) + _GAP)
            _step(surface, sheet, Area(x, y + row * (_row_height(sheet) + _BELOW), _wide(sheet), 0), name, step)
    y += len(_PICTURES) // _across(sheet) * (_row_height(sheet) + _BELOW)
    surface.paragraph(paper.left, y, paper.measure, words["up"], BODY, tag="P")


def _step(surface: Surface, sheet: Sheet, place: Area, name: str, step: str) -> None:
    """Draw a picture standing on one line with the others, and its step below."""
    drawing = sheet.artwork[name][0]
    tall = min(place.width * drawing.height / drawing.width, _PICTURE_HIGH)
    area = Area(place.x, place.y + _PICTURE_HIGH - tall, place.width, tall)
    below = place.y + _PICTURE_HIGH + _BETWEEN
    with surface.element("LI"):
        number_mark(surface, place.x, below, _PICTURES.index(name) + 1)
        with surface.element("LBody"):
            with surface.element("Figure", alt=sheet.words.pictured(name), box=surface.figure_box(area)):
                surface.picture(drawing, area)
            surface.paragraph(place.x + NUMBER_INDENT, below, place.width - NUMBER_INDENT, step, BODY)


def _across(sheet: Sheet) -> int:
    return 2 if sheet.paper.narrow else len(_PICTURES)


def _wide(sheet: Sheet) -> float:
    across = _across(sheet)
    return (sheet.paper.measure - (across - 1) * _GAP) / across


def _row_height(sheet: Sheet) -> float:
    steps = sheet.words.general["transfer"]["steps"]
    return _PICTURE_HIGH + _BETWEEN + max(height(step, BODY, _wide(sheet) - NUMBER_INDENT) for step in steps)
