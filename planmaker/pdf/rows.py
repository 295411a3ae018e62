"""Measure and draw one exercise's row of a tracking page: picture, dose, boxes to tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.dose import boxes
from planmaker.exercise import Kind, Sides
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.grid import row_line
from planmaker.pdf.label import Label, draw_label, label
from planmaker.pdf.spots import Mark
from planmaker.pdf.style import ACCENT, BOX, MM, WHITE, Type
from planmaker.pdf.surface import Area
from planmaker.programme import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.figures.drawing import Picture
    from planmaker.pdf.grid import Grid
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.spots import Spot
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Prescription

__all__ = ["ACROSS", "PILL", "REST", "Row", "change", "draw", "exercise", "rest", "walk"]

ACROSS = 1.2 * MM
_PICTURE = 17 * MM
_PICTURE_NARROW = 14 * MM
_PICTURE_HIGH = 12 * MM
_PICTURE_MOST = 19 * MM
_AFTER = 1 * MM  # what is between a picture and the words
_SIDE = 3.5 * MM
_INDENT = 1.5 * MM
_PAD = 0.3 * MM
_SIDES = ("L", "R")
_NOT_DUE = "–"  # noqa: RUF001 - a dash as on paper
PILL = Type(font=BOLD, size=9, leading=11.6, colour=WHITE)
_SIDE_LETTER = Type(font=SEMIBOLD, size=10.5, leading=12)
REST = Type(font=REGULAR, size=10.5, leading=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One exercise's row, measured. ``tops``: how far each line of boxes is below the first; ``rest``: a day without.

    ``picture`` is the width kept for a picture, 0 for none.
    """

    item: Prescription
    label: Label
    pill: str
    pattern: tuple[int, ...]
    sides: tuple[str, ...]
    tops: tuple[float, ...]
    rest: str
    picture: float
    high: float

    @property
    def boxes(self) -> int:
        """How many boxes a day has."""
        return sum(self.pattern) * max(len(self.sides), 1)


def exercise(
    sheet: Sheet, cells: Grid, item: Prescription, labels: Mapping[str, str], *, gap: float, spare: bool = False
) -> Row:
    """Measure a row with ``gap`` between its lines of boxes: as high as its text, its picture or its boxes need.

    A spare week's row has room for the person's own dose instead of a printed one, and no mark.
    """
    single = sheet.look.boxes == "exercise"
    sides = (labels["left"], labels["right"]) if item.sides is not Sides.BOTH and not single else ()
    picture = _PICTURE_NARROW if sheet.paper.narrow else _PICTURE
    first = cells.begins(item.days)
    text = label(
        cells.label - picture - _AFTER - (_SIDE if sides else 1 * MM),
        sheet.words.exercises[item.exercise].name,
        "" if spare else sheet.words.dose(item),
        form=sheet.words.form(item),
        mine=labels["my_dose"] if first else "",
    )
    pattern = (1,) if single else _pattern(boxes(item.dose))
    tops = _tops(pattern, max(len(sides), 1), gap)
    return Row(
        item=item,
        label=text,
        pill=change(item, labels) if first and not spare else "",
        pattern=pattern,
        sides=sides,
        tops=tops,
        rest=rest(item, labels),
        picture=picture,
        high=max(text.high + 2 * _PAD, tops[-1] + BOX + gap, _PICTURE_HIGH + 2 * _PAD),
    )


def change(item: Prescription, labels: Mapping[str, str]) -> str:
    """Return the mark of what is new or more."""
    return {Change.NEW: labels["new"], Change.MORE: labels["more"], Change.SAME: ""}[item.change]


def rest(item: Prescription, labels: Mapping[str, str]) -> str:
    """Return what stands in a day on which an exercise is not due: what loads the muscles needs the rest."""
    return labels["rest"] if item.kind is Kind.LOAD else _NOT_DUE


def walk(
    sheet: Sheet, cells: Grid, item: Prescription, labels: Mapping[str, str], *, minutes: int, spare: bool = False
) -> Row:
    """Measure the row of the walk: no picture, and a box on its days."""
    name = sheet.aerobic_word("label")
    title = sheet.words.labels["aerobic_title"].format(label=name, minutes=minutes)
    text = label(
        cells.label - _INDENT - 1 * MM,
        name if spare else title,
        "" if spare else sheet.words.parts(item),
        mine=labels["my_dose"] if cells.begins(item.days) else "",
    )
    high = max(text.high + 2 * _PAD, BOX + 2 * ACROSS)
    return Row(
        item=item, label=text, pill="", pattern=(1,), sides=(), tops=(0.0,), rest=_NOT_DUE, picture=0.0, high=high
    )


def _pattern(count: int) -> tuple[int, ...]:
    """Arrange boxes in lines of three, or of three and two so that each pair of lines is five."""
    if count <= 3:  # noqa: PLR2004 - three boxes fill a column
        return (count,)
    lines: list[int] = []
    while count > 0:
        lines.append(min(count, 2 if len(lines) % 2 else 3))
        count -= lines[-1]
    return tuple(lines)


def _tops(pattern: tuple[int, ...], sides: int, gap: float) -> tuple[float, ...]:
    """Return where the lines of boxes lie; fives, and sides, are parted by half as much again."""
    tops = [0.0]
    for _ in range(sides):
        for number in range(1, len(pattern) + 1):
            after_five = number % 2 == 0 or number == len(pattern)
            tops.append(tops[-1] + BOX + gap * (1.5 if after_five else 1.0))
    return tuple(tops[:-1])


def draw(surface: Surface, sheet: Sheet, cells: Grid, line: Row, y: float, spot: Spot) -> float:
    """Draw a row, whose boxes are for the week and session of a spot; return the y below it."""
    told = sheet.words.boxes(line.boxes)
    own = spot._replace(what=line.item.exercise)
    with surface.element("TR"):
        _label(surface, sheet, cells, line, y, own)
        first, group = _first_box(line, y), _group(line, cells.step)
        for day in cells.days:
            left = cells.column(day)
            with surface.element("TD"):
                if day in line.item.days:
                    surface.unseen(left, y + line.high / 2 - 4, cells.step, told)
                    surface.keep(left, first, group, own._replace(day=day))
                else:
                    surface.text(left + cells.step / 2, y + line.high / 2 - 5.2, line.rest, REST, align="centre")
        surface.ticks([cells.column(day) for day in cells.days if day in line.item.days], first, group)
    row_line(surface, cells, y + line.high)
    return y + line.high


def _label(surface: Surface, sheet: Sheet, cells: Grid, line: Row, y: float, spot: Spot) -> None:
    x = cells.left + (line.picture + _AFTER if line.picture else _INDENT)
    if line.picture:
        _picture(surface, sheet, cells.left, line, y)
    with surface.element("TH", scope="Row"):
        draw_label(surface, line.label, x, y + (line.high - line.label.high) / 2, spot)
    for index, side in enumerate(line.sides):
        count = len(line.pattern)
        first, last = line.tops[index * count], line.tops[(index + 1) * count - 1]
        middle = _first_box(line, y) + (first + last + BOX) / 2
        surface.text(cells.first - 1.8 * MM, middle - 5.2, side, _SIDE_LETTER, align="centre")


def _picture(surface: Surface, sheet: Sheet, left: float, line: Row, y: float) -> None:
    """Draw the last frame; a mark keeps a place of its own above or beside it, where the picture stays larger."""
    frames = sheet.pictures(line.item)
    high = min(line.high - 2 * _PAD, _PICTURE_MOST)
    area = Area(left, y + (line.high - high) / 2, line.picture, high)
    if line.pill:
        pill = surface.pill(left, area.y, line.pill, PILL, fill=ACCENT) + 0.8 * MM
        below = PILL.leading + 1
        places = (
            Area(left, area.y + below, area.width, high - below),
            Area(left + pill, area.y, area.width - pill, high),
        )
        area = max(places, key=lambda place: _scale(frames[-1], place)) if frames else area
    if frames:
        surface.picture(frames[-1], area)


def _scale(picture: Picture, area: Area) -> float:
    return min(area.width / picture.width, area.height / picture.height)


def _first_box(line: Row, y: float) -> float:
    return y + (line.high - line.tops[-1] - BOX) / 2


def _group(line: Row, wide: float) -> tuple[Mark, ...]:
    """Return the boxes of a day, its lines in the middle of a column."""
    found = []
    tops = iter(line.tops)
    for side in _SIDES[: len(line.sides)] or ("",):
        number = 0
        for count in line.pattern:
            top = next(tops)
            x = (wide - count * BOX - (count - 1) * ACROSS) / 2
            for column in range(count):
                found.append(Mark(x + column * (BOX + ACROSS), top, side, number))
                number += 1
    return tuple(found)
