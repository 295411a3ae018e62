"""Draw how to get down to the floor with a chair, and up again: four pictures in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.pdf.fonts import BOLD, REGULAR
from planmaker.pdf.style import ACCENT, MM, WHITE, Type
from planmaker.pdf.surface import Area

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.surface import Surface

__all__ = ["HIGH", "draw"]

_TITLE = Type(font=BOLD, size=16, leading=20)
_STEP = Type(font=REGULAR, size=12, leading=14.4)
_NUMBER = Type(font=BOLD, size=10, leading=12, colour=WHITE)
_PICTURES = ("floor_transfer_1", "floor_transfer_2", "floor_transfer_3", "floor_transfer_4")
_GAP = 3 * MM
_PICTURE_HIGH = 29 * MM
# Title, pictures, three lines below each, and what to do to get up.
HIGH = 1.6 * MM + 20 + _PICTURE_HIGH + 1.6 * MM + 3 * 14.4 + 2 * MM + 2 * 14.4 + 1 * MM


def draw(surface: Surface, sheet: Sheet, y: float) -> None:
    """Draw the four pictures, equally wide so that they are on one scale, over their steps."""
    paper, words = sheet.paper, sheet.words.general["transfer"]
    surface.text(paper.left, y, words["name"], _TITLE, tag="H3")
    y += _TITLE.leading
    wide = (paper.measure - 3 * _GAP) / 4
    below = y + _PICTURE_HIGH + 1.6 * MM
    with surface.element("L"):
        for index, (name, step) in enumerate(zip(_PICTURES, words["steps"], strict=True)):
            x = paper.left + index * (wide + _GAP)
            drawing = sheet.artwork[name][0]
            high = wide * drawing.height / drawing.width
            area = Area(x, y + _PICTURE_HIGH - high, wide, high)
            with surface.element("LI"):
                with surface.element("Lbl"):
                    surface.disc(x + 2.4 * MM, below + 6.7, str(index + 1), _NUMBER, radius=2.3 * MM, fill=ACCENT)
                with surface.element("LBody"):
                    with surface.element("Figure", alt=sheet.words.pictured(name), box=surface.figure_box(area)):
                        surface.picture(drawing, area)
                    surface.paragraph(x + 6.6 * MM, below, wide - 6.6 * MM, step, _STEP)
    surface.paragraph(paper.left, below + 3 * _STEP.leading + 2 * MM, paper.measure, words["up"], _STEP, tag="P")
