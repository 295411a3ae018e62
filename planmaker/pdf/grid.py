"""Place the columns of a tracking table: a label, and the days that stand side by side on a paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf.fonts import REGULAR, SEMIBOLD
from planmaker.pdf.style import ACCENT, MM, QUIET, RULE, TINT, Type
from planmaker.pdf.surface import Area

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.style import Paper
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Slot

__all__ = ["DATE", "DAY", "Grid", "day_head", "day_lines", "grids", "ground", "of_days", "part_key", "row_line"]

DAY = Type(font=SEMIBOLD, size=10.5, leading=12)
DATE = Type(font=REGULAR, size=10.5, leading=12)

_WEEK = tuple(range(7))
_HALVES = ((0, 1, 2, 3), (4, 5, 6))
_THREE = 17.9 * MM  # three boxes stand abreast, with more white to the line than between them
_ONE = 12.2 * MM
_ONE_NARROW = 9 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where the label and the columns of some days of the plan's week (0-6) stand."""

    left: float
    first: float
    step: float
    days: tuple[int, ...]

    @property
    def edge(self) -> float:
        """The right edge of the last day."""
        return self.first + len(self.days) * self.step

    @property
    def label(self) -> float:
        """The width of the label."""
        return self.first - self.left

    def column(self, day: int) -> float:
        """Return the left edge of a day's column."""
        return self.first + (day - self.days[0]) * self.step

    def begins(self, days: tuple[int, ...]) -> bool:
        """Tell whether the first of some days stands here, so that what is printed once a week does too."""
        return bool(days) and days[0] in self.days


def grids(sheet: Sheet) -> tuple[Grid, ...]:
    """Return the tables that a week needs: one, or two where three boxes leave no room for seven days abreast."""
    paper = sheet.paper
    if sheet.look.boxes == "exercise":
        return (of_days(paper, _WEEK, _ONE_NARROW if paper.narrow else _ONE),)
    if not paper.narrow:
        return (of_days(paper, _WEEK, _THREE),)
    most = len(_HALVES[0])
    return tuple(of_days(paper, days, _THREE * most / len(days)) for days in _HALVES)


def of_days(paper: Paper, days: tuple[int, ...], step: float) -> Grid:
    """Return the grid with columns of a width at the right; the label takes the rest."""
    return Grid(left=paper.left, first=paper.edge - step * len(days), step=step, days=days)


def ground(surface: Surface, cells: Grid, y: float, high: float) -> None:
    """Draw what a head row stands on."""
    surface.panel(Area(cells.left, y, cells.edge - cells.left, high), fill=TINT)
    surface.rule((cells.left, y), (cells.edge, y), colour=ACCENT, line=1.4)


def day_head(surface: Surface, cells: Grid, y: float, *, week: int) -> None:
    """Keep the places of weekday and date of each day, as head cells of the open row; week 0 has no dates."""
    for day in cells.days:
        middle = cells.column(day) + cells.step / 2
        with surface.element("TH", scope="Column"):
            key = f"weekday {week} {day}" if week else f"weekday {day}"
            surface.slot(key, middle, y + (0.7 if week else 2.8) * MM, DAY, align="centre")
            if week:
                surface.slot(f"date {week} {day}", middle, y + 4.8 * MM, DATE, align="centre")


def part_key(week: int, slot: Slot) -> str:
    """Name the place that tells when a session is; week 0 is the spare one."""
    return f"part {week} {slot.value}" if week else f"part {slot.value}"


def day_lines(surface: Surface, cells: Grid, top: float, bottom: float) -> None:
    """Draw the lines between the days, stronger than those between rows."""
    for x in (*map(cells.column, cells.days), cells.edge):
        surface.rule((x, top), (x, bottom), colour=QUIET, line=0.75)


def row_line(surface: Surface, cells: Grid, y: float) -> None:
    """Draw the line below a row."""
    surface.rule((cells.left, y), (cells.edge, y), colour=RULE, line=0.5)
