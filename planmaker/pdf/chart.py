"""Draw the weeks at a glance: a row of bars for each thing that grows, a table for those who hear it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.dose import AerobicDose
from planmaker.exercise import Group
from planmaker.pdf import fonts
from planmaker.pdf.fonts import REGULAR, SEMIBOLD
from planmaker.pdf.furniture import STRONG
from planmaker.pdf.style import ACCENT, BAR, MM, RULE, Type
from planmaker.pdf.surface import Area
from planmaker.programme import Slot, Week

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.surface import Surface

__all__ = ["draw", "high", "words"]

_VALUE = Type(font=SEMIBOLD, size=12, leading=14)
_CLOSE = Type(font=SEMIBOLD, size=10, leading=12)
_WEEK = Type(font=REGULAR, size=12, leading=15, colour=ACCENT)
_WEEK_CLOSE = Type(font=REGULAR, size=10, leading=15, colour=ACCENT)

_HEADS = 7 * MM
_BAR = 9 * MM
_BAR_STACKED = 4.5 * MM
_LABEL = 52 * MM
_WIDEST = 24 * MM  # of a week: few weeks do not fill the page
_TIGHT = 8 * MM  # narrower weeks have smaller numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bars:
    label: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grid:
    """Where the columns of the weeks are.

    ``stacked``: on a narrow page the labels stand above their bars; ``titled``: the word stands before each number.
    ``bar`` is the height of the highest bar, 0 for a single week, which has nothing to compare.
    """

    left: float
    step: float
    stacked: bool

    def middle(self, index: int) -> float:
        return self.left + (index + 0.5) * self.step

    titled: bool
    bar: float

    @property
    def heads(self) -> float:
        return _HEADS + (STRONG.leading if self.stacked and not self.titled else 0.0)

    @property
    def row(self) -> float:
        return self.bar + _VALUE.leading + 1.5 * MM + (STRONG.leading if self.stacked else 0.0)


def words(sheet: Sheet) -> Mapping[str, str]:
    """Return the passages of the pages about the weeks."""
    weeks, label = len(sheet.programme.weeks), sheet.aerobic_word("label")
    return sheet.words.passages("progress", weeks=weeks, label=label, brisk=sheet.brisk)


def high(sheet: Sheet) -> float:
    """Return how high the weeks at a glance are."""
    return _grid(sheet).heads + len(_rows(sheet)) * _grid(sheet).row


def draw(surface: Surface, sheet: Sheet, y: float, weeks_at: Mapping[int, int]) -> None:
    """Draw the number of each week, which leads to its page, and the rows of bars."""
    grid = _grid(sheet)
    with surface.element("Table"):
        _heads(surface, sheet, grid, y, weeks_at)
        y += grid.heads
        for row in _rows(sheet):
            _bars(surface, sheet, grid, row, y)
            y += grid.row


def _grid(sheet: Sheet) -> _Grid:
    paper, number = sheet.paper, len(sheet.programme.weeks)
    label = 0.0 if paper.narrow else _LABEL
    step = min((paper.measure - label) / number, _WIDEST)
    widest = fonts.width(sheet.words.labels["week"].format(number=number), _WEEK.font, _WEEK.size)
    bar = 0.0 if number == 1 else _BAR_STACKED if paper.narrow else _BAR
    return _Grid(left=paper.left + label, step=step, stacked=paper.narrow, titled=widest < step - 2 * MM, bar=bar)


def _heads(surface: Surface, sheet: Sheet, grid: _Grid, y: float, weeks_at: Mapping[int, int]) -> None:
    """Write the number of each week, which leads to its page."""
    labels = sheet.words.labels
    style = _WEEK_CLOSE if grid.step < _TIGHT else _WEEK
    with surface.element("TR"):
        with surface.element("TH", scope="Column"):
            if not grid.titled:
                surface.text(sheet.paper.left, y, labels["week_head"], STRONG)
        y += grid.heads - _HEADS
        for index, week in enumerate(sheet.programme.weeks):
            title = labels["week"].format(number=week.number)
            with surface.element("TH", scope="Column"), surface.element("Link"):
                shown = title if grid.titled else str(week.number)
                surface.text(grid.middle(index), y, shown, style, align="centre")
                area = Area(grid.left + index * grid.step, y - 1 * MM, grid.step, style.leading + 2 * MM)
                surface.link(area, weeks_at[week.number], title)


def _bars(surface: Surface, sheet: Sheet, grid: _Grid, row: _Bars, y: float) -> None:
    """Draw a row: its label, a bar for each week, and above each bar its number."""
    style = _CLOSE if grid.step < _TIGHT else _VALUE
    base = y + grid.row - 1.5 * MM
    with surface.element("TR"):
        with surface.element("TH", scope="Row"):
            surface.text(sheet.paper.left, y if grid.stacked else base - STRONG.leading, row.label, STRONG)
        for index, value in enumerate(row.values):
            tall, wide = grid.bar * value / max(row.values), min(grid.step * 0.66, 14 * MM)
            if tall:
                surface.panel(Area(grid.middle(index) - wide / 2, base - tall, wide, tall), fill=BAR)
            with surface.element("TD"):
                surface.text(grid.middle(index), base - tall - style.leading, str(value), style, align="centre")
    surface.rule((sheet.paper.left, base), (sheet.paper.edge, base), colour=RULE, line=0.6)


def _rows(sheet: Sheet) -> list[_Bars]:
    """Return what is shown, without rows that are empty."""
    named = words(sheet)
    counts: tuple[tuple[str, Callable[[Week], int]], ...] = (
        ("strengthening", lambda week: _count(week, Group.STRENGTHENING)),
        ("stretches", lambda week: _count(week, Group.STRETCH)),
        ("minutes", _longest),
        ("aerobic", _aerobic_minutes),
    )
    rows = [
        _Bars(label=named[name], values=tuple(count(week) for week in sheet.programme.weeks)) for name, count in counts
    ]
    return [row for row in rows if any(row.values)]


def _count(week: Week, group: Group) -> int:
    return len({item.exercise for item in week.prescriptions() if item.group is group})


def _longest(week: Week) -> int:
    return max(max(session.minutes) for session in week.sessions if session.slot is not Slot.AEROBIC)


def _aerobic_minutes(week: Week) -> int:
    session = week.session(Slot.AEROBIC)
    dose = session.prescriptions[0].dose if session else None
    return dose.minutes if isinstance(dose, AerobicDose) else 0
