"""Measure and draw one exercise's row of a tracking page: picture, dose, boxes to tick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.dose import boxes
from planmaker.exercise import Kind, Sides
from planmaker.pdf import fonts
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.style import ACCENT, BOX, MM, QUIET, RULE, WHITE, Type
from planmaker.pdf.surface import Area, lines_of
from planmaker.programme import Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.spots import Spot
    from planmaker.pdf.style import Paper
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Prescription

__all__ = ["Grid", "Row", "draw", "grid", "row"]

GAP = 1.2 * MM
_LABEL = 60 * MM
_PICTURE = 19 * MM
_PICTURE_HIGH = 12 * MM
_PICTURE_MOST = 19 * MM
_WIDE = 1.25
_SIDE = 5 * MM
_PAD = 0.5 * MM
_SIDES = ("L", "R")
_NOT_DUE = "–"  # noqa: RUF001 - a dash as on paper
_NAME = Type(font=SEMIBOLD, size=11.5, leading=12.8)
_DOSE = Type(font=REGULAR, size=10, leading=11.2)
_FORM = Type(font=SEMIBOLD, size=9.5, leading=11)
_PILL = Type(font=BOLD, size=8.5, leading=11.2, colour=WHITE)
_SIDE_LETTER = Type(font=SEMIBOLD, size=10, leading=12)
_REST = Type(font=REGULAR, size=10, leading=12, colour=QUIET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where the label and the seven day columns of a page stand."""

    left: float
    first: float
    step: float

    def column(self, day: int) -> float:
        """Return the left edge of a day's column (0-6); 7 is the right edge of the last."""
        return self.first + day * self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One exercise's row, measured: its lines of text, its boxes, its height."""

    item: Prescription
    name: tuple[str, ...]
    dose: tuple[str, ...]
    form: tuple[str, ...]
    pill: str
    pattern: tuple[int, ...]
    sides: tuple[str, ...]
    rest: str
    high: float


def grid(paper: Paper) -> Grid:
    """Return the grid of a paper: a fixed label column and seven equal days."""
    first = paper.left + _LABEL
    return Grid(left=paper.left, first=first, step=(paper.edge - first) / 7)


def row(sheet: Sheet, item: Prescription, labels: Mapping[str, str], *, spare: bool = False) -> Row:
    """Measure a row: it is as high as its text, its picture or its boxes need.

    A spare week's row has room for the person's own dose instead of a printed one, and no mark.
    """
    sides = (labels["left"], labels["right"]) if item.sides is not Sides.BOTH else ()
    measure = _text_measure(sides)
    name = tuple(lines_of(sheet.words.exercises[item.exercise].name, _NAME, measure))
    dose = (labels["my_dose"],) if spare else tuple(_dose_lines(sheet.words.dose(item), measure))
    form = tuple(lines_of(sheet.words.form(item), _FORM, measure))
    text = len(name) * _NAME.leading + len(dose) * _DOSE.leading + len(form) * _FORM.leading
    pattern = _pattern(boxes(item.dose))
    lines = len(pattern) * max(len(sides), 1)
    ticks = lines * BOX + (lines - 1) * GAP + (1 * MM if sides else 0)
    return Row(
        item=item,
        name=name,
        dose=dose,
        form=form,
        pill="" if spare else {Change.NEW: labels["new"], Change.MORE: labels["more"], Change.SAME: ""}[item.change],
        pattern=pattern,
        sides=sides,
        rest=labels["rest"],
        high=max(text, ticks, _PICTURE_HIGH) + 2 * _PAD,
    )


def _dose_lines(dose: str, measure: float) -> list[str]:
    """Break a dose after its commas, so that a number stays with what it counts."""
    if fonts.width(dose, _DOSE.font, _DOSE.size) <= measure:
        return [dose]
    parts = dose.replace(", ", ",\n")
    return lines_of(parts, _DOSE, measure)


def _text_measure(sides: tuple[str, ...]) -> float:
    return _LABEL - _PICTURE - 1.5 * MM - (_SIDE if sides else 1 * MM)


def _pattern(count: int) -> tuple[int, ...]:
    """Arrange boxes in lines of three, or of three and two so that each pair of lines is five."""
    if count <= 3:  # noqa: PLR2004 - three boxes fill a column
        return (count,)
    lines: list[int] = []
    while count > 0:
        lines.append(min(count, 2 if len(lines) % 2 else 3))
        count -= lines[-1]
    return tuple(lines)


def draw(surface: Surface, sheet: Sheet, cells: Grid, line: Row, y: float, spot: Spot) -> float:
    """Draw a row, whose boxes are for the week and session of a spot; return the y below it."""
    boxes_told = sheet.words.boxes(sum(line.pattern) * max(len(line.sides), 1))
    with surface.element("TR"):
        _label(surface, sheet, cells, line, y)
        for day in range(7):
            left = cells.column(day)
            with surface.element("TD"):
                if day in line.item.days:
                    surface.unseen(left, y + line.high / 2 - 4, cells.step, boxes_told)
                    _ticks(surface, left, cells.step, y, line, spot._replace(what=line.item.exercise, day=day))
                else:
                    text = line.rest if line.item.kind is Kind.LOAD else _NOT_DUE
                    surface.text(left + cells.step / 2, y + line.high / 2 - 5, text, _REST, align="centre")
    surface.rule((cells.left, y + line.high), (cells.column(7), y + line.high), colour=RULE, line=0.5)
    return y + line.high


def _label(surface: Surface, sheet: Sheet, cells: Grid, line: Row, y: float) -> None:
    _picture(surface, sheet, cells.left, line, y)
    x = cells.left + _PICTURE + 1.5 * MM
    text = len(line.name) * _NAME.leading + len(line.form) * _FORM.leading + len(line.dose) * _DOSE.leading
    at = y + (line.high - text) / 2
    with surface.element("TH", scope="Row"):
        for lines, style in ((line.name, _NAME), (line.form, _FORM), (line.dose, _DOSE)):
            for words in lines:
                surface.text(x, at, words, style)
                at += style.leading
    for index, side in enumerate(line.sides):
        top = _first_box(line, y) + index * (len(line.pattern) * (BOX + GAP) + 1 * MM)
        middle = top + (len(line.pattern) * (BOX + GAP) - GAP) / 2
        surface.text(cells.first - 2.6 * MM, middle - 5, side, _SIDE_LETTER, align="centre")


def _picture(surface: Surface, sheet: Sheet, left: float, line: Row, y: float) -> None:
    """Draw the last frame; a mark keeps a place of its own above a wide picture or beside a tall one."""
    frames = sheet.pictures(line.item)
    high = min(line.high - 2 * _PAD, _PICTURE_MOST)
    top = y + (line.high - high) / 2
    x, wide = left, _PICTURE
    if line.pill:
        pill = surface.pill(left, top, line.pill, _PILL, fill=ACCENT)
        if frames and frames[-1].width < _WIDE * frames[-1].height:
            x, wide = left + pill + 0.8 * MM, _PICTURE - pill - 0.8 * MM
        else:
            top, high = top + _PILL.leading + 1, high - _PILL.leading - 1
    if frames:
        surface.picture(frames[-1], Area(x, top, wide, high))


def _first_box(line: Row, y: float) -> float:
    lines = len(line.pattern) * max(len(line.sides), 1)
    ticks = lines * BOX + (lines - 1) * GAP + (1 * MM if line.sides else 0)
    return y + (line.high - ticks) / 2


def _ticks(surface: Surface, left: float, wide: float, y: float, line: Row, spot: Spot) -> None:
    top = _first_box(line, y)
    for side in _SIDES[: len(line.sides)] or ("",):
        number = 0
        for count in line.pattern:
            x = left + (wide - count * BOX - (count - 1) * GAP) / 2
            for column in range(count):
                surface.box(x + column * (BOX + GAP), top, spot._replace(side=side, number=number))
                number += 1
            top += BOX + GAP
        top += 1 * MM
