"""Draw the tracking pages of a week: sessions with boxes, and below them what is noted each day."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf import fonts, rows
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import footer, name_line
from planmaker.pdf.spots import Spot
from planmaker.pdf.style import ACCENT, MM, TINT, Type
from planmaker.pdf.surface import Area
from planmaker.pdf.track import MOST_NOTES, NOTE_LINE, Tail, day_lines, draw_days, draw_tail, tail_height
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.pdf.rows import Grid, Row
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Session, Week

__all__ = ["WeekPage", "pages", "static"]

_TITLE = Type(font=BOLD, size=26, leading=30)
_OF = Type(font=REGULAR, size=14, leading=18)
_PERIOD = Type(font=SEMIBOLD, size=12.5, leading=16)
_BLOCK = Type(font=BOLD, size=13, leading=15)
_ABOUT = Type(font=REGULAR, size=10, leading=12)
_DAY = Type(font=SEMIBOLD, size=10.5, leading=12)
_DATE = Type(font=REGULAR, size=10.5, leading=12)

_TOP = 12.5 * MM
_BLOCK_HEAD = 9.8 * MM
_BETWEEN = 2 * MM
_AIR = 4 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The rows of a session on one page; ``more`` says that they go on from the page before."""

    session: Session
    rows: tuple[Row, ...]
    more: bool = False
    spare: bool = False

    @property
    def high(self) -> float:
        return _BLOCK_HEAD + sum(row.high for row in self.rows) + _BETWEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """One tracking page: blocks of rows and, on a week's last page, what is noted each day.

    A ``spare`` page has no dates and no printed doses. ``notes`` counts the lines to write on.
    """

    week: Week
    blocks: tuple[_Block, ...]
    tail: bool
    more: bool
    spare: bool = False
    notes: int = 1


def pages(sheet: Sheet, week: Week, *, spare: bool = False) -> tuple[WeekPage, ...]:
    """Part a week into pages: one where it fits; a session is split only if it fills a page."""
    labels = _labels(sheet, week)
    room = sheet.paper.floor - sheet.paper.top - _TOP
    found: list[list[_Block]] = [[]]
    left = room
    for block in _blocks(sheet, week, labels, room, spare=spare):
        if found[-1] and block.high > left:
            found.append([])
            left = room
        found[-1].append(block)
        left -= block.high
    if tail_height(sheet, week, labels) > left:
        found.append([])
    last = len(found) - 1
    tail = tail_height(sheet, week, labels)
    return tuple(
        _page(week, blocks, room - (tail if index == last else 0.0), tail=index == last, more=index > 0, spare=spare)
        for index, blocks in enumerate(found)
    )


def _page(week: Week, blocks: list[_Block], room: float, *, tail: bool, more: bool, spare: bool) -> WeekPage:
    """Set a page: light weeks get air between the rows, and more lines for notes."""
    spread = _spread(blocks, room)
    left = room - sum(block.high for block in spread)
    notes = 1 + min(int(left / NOTE_LINE), MOST_NOTES - 1) if tail else 0
    return WeekPage(week=week, blocks=spread, tail=tail, more=more, spare=spare, notes=notes)


def _spread(blocks: list[_Block], room: float) -> tuple[_Block, ...]:
    """Share the room that is left between the rows, so that a light week breathes."""
    count = sum(len(block.rows) for block in blocks)
    spare = room - sum(block.high for block in blocks)
    more = min(spare / count, _AIR) if count else 0.0
    return tuple(
        dataclasses.replace(block, rows=tuple(dataclasses.replace(row, high=row.high + more) for row in block.rows))
        for block in blocks
    )


def _blocks(sheet: Sheet, week: Week, labels: Mapping[str, str], room: float, *, spare: bool) -> Iterator[_Block]:
    for session in week.sessions:
        if session.slot is Slot.AEROBIC:
            continue
        measured = tuple(rows.row(sheet, item, labels, spare=spare) for item in session.prescriptions)
        block = _Block(session=session, rows=measured, spare=spare)
        yield from _split(block, room)


def _split(block: _Block, room: float) -> Iterator[_Block]:
    """Part a block that is higher than a page between its rows."""
    taken: list[Row] = []
    more = False
    for row in block.rows:
        if taken and dataclasses.replace(block, rows=(*taken, row)).high > room:
            yield dataclasses.replace(block, rows=tuple(taken), more=more)
            taken, more = [], True
        taken.append(row)
    yield dataclasses.replace(block, rows=tuple(taken), more=more)


def static(surface: Surface, sheet: Sheet, place: Place, page: WeekPage) -> None:
    """Draw the page without dates, times or name."""
    paper, labels = sheet.paper, _labels(sheet, page.week)
    names = sheet.words.labels
    title = names["spare"] if page.spare else names["week"].format(number=page.week.number)
    surface.text(paper.left, paper.top - 2, title, _TITLE, tag="H2")
    beside = paper.left + fonts.width(title, _TITLE.font, _TITLE.size) + 2.5 * MM
    of = "" if page.spare else labels["of"]
    aside = ", ".join(part for part in (of, labels["continued"] if page.more else "") if part)
    surface.text(beside, paper.top + 7.6, aside, _OF, tag="P")
    name_line(surface, sheet, y=paper.top + 11.4 * MM)
    if not page.spare:
        with surface.element("P"):
            surface.slot(f"period {page.week.number}", paper.edge, paper.top - 1, _PERIOD, align="right")
    else:
        surface.text(
            paper.edge, paper.top + 1, f"{labels['spare_from']} ____________________", _PERIOD, align="right", tag="P"
        )
    cells = rows.grid(paper)
    with surface.element("Table"):
        for block, y in _placed(page, sheet):
            _ground(surface, cells, y)
            _heads(surface, page, sheet, block.session.slot, y)
            _block(surface, sheet, page, block, y, labels)
        if page.tail and not page.blocks:
            _heads(surface, page, sheet, None, _tail_top(page, sheet))
        if page.tail:
            draw_days(surface, sheet, _tail(page, sheet), labels)
    if page.tail:
        draw_tail(surface, sheet, _tail(page, sheet), labels)
    footer(surface, sheet, place, labels["fridge"])


def _heads(surface: Surface, page: WeekPage, sheet: Sheet, slot: Slot | None, y: float) -> None:
    """Keep the places of a block's head row: the session, then weekday and date of each day (a spare week has none)."""
    cells = rows.grid(sheet.paper)
    with surface.element("TR"):
        with surface.element("TH", scope="Column"):
            if slot is not None:
                surface.slot(f"part {slot.value}", cells.left + 1.5 * MM, y + 0.8 * MM, _BLOCK)
        for day in range(7):
            middle = cells.column(day) + cells.step / 2
            with surface.element("TH", scope="Column"):
                surface.slot(f"weekday {day}", middle, y + 0.9 * MM, _DAY, align="centre")
                if not page.spare:
                    surface.slot(f"date {page.week.number} {day}", middle, y + 5.1 * MM, _DATE, align="centre")


def _tail(page: WeekPage, sheet: Sheet) -> Tail:
    top = _tail_top(page, sheet) + (0.0 if page.blocks else _BLOCK_HEAD)
    return Tail(week=page.week, top=top, notes=page.notes, spare=page.spare)


def _labels(sheet: Sheet, week: Week) -> Mapping[str, str]:
    return sheet.words.passages("week", number=week.number, weeks=len(sheet.programme.weeks), emergency=sheet.emergency)


def _placed(page: WeekPage, sheet: Sheet) -> Iterator[tuple[_Block, float]]:
    """Yield each block with the y of its top."""
    y = sheet.paper.top + _TOP
    for block in page.blocks:
        yield block, y
        y += block.high


def _tail_top(page: WeekPage, sheet: Sheet) -> float:
    return sheet.paper.top + _TOP + sum(block.high for block in page.blocks)


def _about(sheet: Sheet, block: _Block, labels: Mapping[str, str]) -> str:
    """Say that one warms up first, and how long the session is; a spare week's length is not known."""
    lengths = [minutes for minutes in block.session.minutes if minutes]
    minutes = sheet.words.minutes(min(lengths), max(lengths))
    about = labels["warm_up"] if block.spare else labels["about"].format(minutes=minutes)
    return f"{labels['continued']}, {about}" if block.more else about


def _ground(surface: Surface, cells: Grid, y: float) -> None:
    """Draw what a block's head stands on."""
    right = cells.column(7)
    surface.panel(Area(cells.left, y, right - cells.left, _BLOCK_HEAD), fill=TINT)
    surface.rule((cells.left, y), (right, y), colour=ACCENT, line=1.4)


def _block(surface: Surface, sheet: Sheet, page: WeekPage, block: _Block, y: float, labels: Mapping[str, str]) -> None:
    """Draw a session below its head: the minutes, then its rows between day lines."""
    cells = rows.grid(sheet.paper)
    spot = Spot(0 if page.spare else page.week.number, block.session.slot.value, "")
    with surface.element("TR"), surface.element("TD", span=8):
        surface.text(cells.left + 1.5 * MM, y + 5.5 * MM, _about(sheet, block, labels), _ABOUT)
    at = y + _BLOCK_HEAD
    for row in block.rows:
        at = rows.draw(surface, sheet, cells, row, at, spot)
    day_lines(surface, cells, y, at)
