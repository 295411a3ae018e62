"""Draw what is noted of a week beside its boxes: pain on each day, usual pain, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf import fonts
from planmaker.pdf.fonts import REGULAR, SEMIBOLD
from planmaker.pdf.grid import row_line
from planmaker.pdf.style import MM, Type
from planmaker.pdf.surface import Area, lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.grid import Grid
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.spots import Spot
    from planmaker.pdf.surface import Surface

__all__ = ["NOTES", "NOTE_LINE", "Track", "draw", "draw_notes", "draw_usual", "tracks"]

_LINE = Type(font=SEMIBOLD, size=11.5, leading=13.5)
_SCALE = Type(font=REGULAR, size=10.5, leading=12)

_TRACKS = ("waking", "worst")
_HIGH = 6.8 * MM
_INDENT = 1.5 * MM
_BESIDE = 1.8 * MM
_WRITE = 5.6 * MM  # the height that a number is written in

# The row of usual pain and the first line of notes, and each line of notes after it.
NOTES = 7.2 * MM
NOTE_LINE = 7.5 * MM
_USUAL = 14 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A row of lines to write a number on, one a day; ``stacked``: its scale stands below its words."""

    name: str
    words: tuple[str, ...]
    scale: str
    stacked: bool
    high: float


def tracks(cells: Grid, labels: Mapping[str, str]) -> tuple[Track, ...]:
    """Measure the rows for pain."""
    return tuple(_track(cells, labels, name) for name in _TRACKS)


def _track(cells: Grid, labels: Mapping[str, str], name: str) -> Track:
    room = cells.label - _INDENT - 1 * MM
    words = tuple(lines_of(labels[name], _LINE, room))
    wide = fonts.width(labels[name], _LINE.font, _LINE.size) + _BESIDE
    stacked = wide + fonts.width(labels["scale"], _SCALE.font, _SCALE.size) > room
    high = len(words) * _LINE.leading + _SCALE.leading + 1 * MM if stacked else _HIGH
    return Track(name=name, words=words, scale=labels["scale"], stacked=stacked, high=high)


def draw(surface: Surface, sheet: Sheet, cells: Grid, line: Track, y: float, spot: Spot) -> float:
    """Draw a row of lines to write a number on; return the y below it."""
    middle = y + line.high / 2
    with surface.element("TR"):
        with surface.element("TH", scope="Row"):
            text = len(line.words) * _LINE.leading + _SCALE.leading if line.stacked else 12.0
            left, top = cells.left + _INDENT, middle - text / 2
            for words in line.words:
                surface.text(left, top, words, _LINE)
                top += _LINE.leading
            if not line.stacked:
                left += fonts.width(line.words[0], _LINE.font, _LINE.size) + _BESIDE
                top += 0.8 - _LINE.leading
            surface.text(left, top, line.scale, _SCALE)
        inset = max((cells.step - 11 * MM) / 2, 0.8 * MM)
        for day in cells.days:
            left, top = cells.column(day), middle + _HIGH / 2 - 1 * MM - _WRITE
            with surface.element("TD"):
                surface.unseen(left, middle - 4, cells.step, sheet.words.labels["to_fill"])
                area = Area(left + inset, top, cells.step - 2 * inset, _WRITE)
                surface.line(area, spot._replace(what=line.name, day=day))
    row_line(surface, cells, y + line.high)
    return y + line.high


def draw_usual(surface: Surface, labels: Mapping[str, str], x: float, below: float, spot: Spot) -> float:
    """Draw the place of the usual pain, its line at ``below``; return the x where there is room again."""
    with surface.element("P"):
        surface.text(x, below - 10, labels["usual"], _LINE)
        x += fonts.width(labels["usual"], _LINE.font, _LINE.size) + _BESIDE
        surface.text(x, below - 9.2, labels["scale"], _SCALE)
    x += fonts.width(labels["scale"], _SCALE.font, _SCALE.size) + _BESIDE
    surface.line(Area(x, below - _WRITE, _USUAL, _WRITE), spot._replace(what="usual"))
    return x + _USUAL + 4 * MM


def draw_notes(surface: Surface, sheet: Sheet, labels: Mapping[str, str], y: float, spot: Spot, lines: int) -> float:
    """Draw the place of the usual pain and lines for notes; return the y below them."""
    left, edge = sheet.paper.left, sheet.paper.edge
    below = y + NOTES - 1.6 * MM
    x = draw_usual(surface, labels, left, below, spot)
    surface.text(x, below - 10, labels["notes"], _LINE, tag="P")
    x += fonts.width(labels["notes"], _LINE.font, _LINE.size) + _BESIDE
    for line in range(lines):
        start = left if line else x
        bottom = below + line * NOTE_LINE
        area = Area(start, bottom - _WRITE, edge - start, _WRITE)
        surface.line(area, spot._replace(what="notes", number=line), line=0.6)
    return y + NOTES + (lines - 1) * NOTE_LINE
