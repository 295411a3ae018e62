"""Draw the tracking pages of a week: sessions with boxes, walk, pain, the rule for next week."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf import fonts, rows
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import footer, footer_person, name_line
from planmaker.pdf.style import ACCENT, MM, QUIET, RULE, STOP, TINT, Type
from planmaker.pdf.surface import BOX, Area, height
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.pdf.rows import Grid, Row
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.plan import Plan
    from planmaker.programme import Session, Week

__all__ = ["WeekPage", "pages", "person", "static"]

_TITLE = Type(font=BOLD, size=26, leading=30)
_OF = Type(font=REGULAR, size=14, leading=18)
_PERIOD = Type(font=SEMIBOLD, size=12.5, leading=16)
_BLOCK = Type(font=BOLD, size=13, leading=15)
_ABOUT = Type(font=REGULAR, size=10, leading=12)
_DAY = Type(font=SEMIBOLD, size=10.5, leading=12)
_DATE = Type(font=REGULAR, size=10.5, leading=12)
_LINE = Type(font=SEMIBOLD, size=11.5, leading=13.5)
_HELP = Type(font=REGULAR, size=10, leading=11.6)
_RULE_HEAD = Type(font=SEMIBOLD, size=11.5, leading=13.5)
_RULE_TEXT = Type(font=REGULAR, size=10, leading=11.6)
_STOP = Type(font=BOLD, size=10.5, leading=12.6, colour=STOP)

_TOP = 12.5 * MM
_BLOCK_HEAD = 9.8 * MM
_BETWEEN = 2 * MM
_TRACK = 8.6 * MM
_AIR = 4 * MM
# The rules for next week and their shares of the width, so that each takes two lines.
_RULES = (("up", 0.33), ("stay", 0.28), ("back", 0.39))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The rows of a session on one page; ``more`` says that they go on from the page before."""

    session: Session
    rows: tuple[Row, ...]
    more: bool = False

    @property
    def high(self) -> float:
        return _BLOCK_HEAD + sum(row.high for row in self.rows) + _BETWEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """One tracking page: blocks of rows and, on a week's last page, what is noted each day."""

    week: Week
    blocks: tuple[_Block, ...]
    tail: bool
    more: bool


def pages(sheet: Sheet, week: Week) -> tuple[WeekPage, ...]:
    """Part a week into pages: one where it fits; a session is split only if it fills a page."""
    labels = _labels(sheet, week)
    room = sheet.paper.floor - sheet.paper.top - _TOP
    found: list[list[_Block]] = [[]]
    left = room
    for block in _blocks(sheet, week, labels, room):
        if found[-1] and block.high > left:
            found.append([])
            left = room
        found[-1].append(block)
        left -= block.high
    if _tail_height(sheet, week, labels) > left:
        found.append([])
    last = len(found) - 1
    tail = _tail_height(sheet, week, labels)
    return tuple(
        WeekPage(
            week=week,
            blocks=_spread(blocks, room - (tail if index == last else 0.0)),
            tail=index == last,
            more=index > 0,
        )
        for index, blocks in enumerate(found)
    )


def _spread(blocks: list[_Block], room: float) -> tuple[_Block, ...]:
    """Share the room that is left between the rows, so that a light week breathes."""
    count = sum(len(block.rows) for block in blocks)
    spare = room - sum(block.high for block in blocks)
    more = min(spare / count, _AIR) if count else 0.0
    return tuple(
        dataclasses.replace(block, rows=tuple(dataclasses.replace(row, high=row.high + more) for row in block.rows))
        for block in blocks
    )


def _blocks(sheet: Sheet, week: Week, labels: Mapping[str, str], room: float) -> Iterator[_Block]:
    for session in week.sessions:
        if session.slot is Slot.AEROBIC:
            continue
        block = _Block(session=session, rows=tuple(rows.row(sheet, item, labels) for item in session.prescriptions))
        yield from _split(block, room)


def _split(block: _Block, room: float) -> Iterator[_Block]:
    """Part a block that is higher than a page between its rows."""
    taken: list[Row] = []
    more = False
    for row in block.rows:
        if taken and _Block(session=block.session, rows=(*taken, row)).high > room:
            yield _Block(session=block.session, rows=tuple(taken), more=more)
            taken, more = [], True
        taken.append(row)
    yield _Block(session=block.session, rows=tuple(taken), more=more)


def static(surface: Surface, sheet: Sheet, place: Place, page: WeekPage) -> None:
    """Draw the page without dates, times or name."""
    paper, labels = sheet.paper, _labels(sheet, page.week)
    title = sheet.words.labels["week"].format(number=page.week.number)
    surface.text(paper.left, paper.top - 2, title, _TITLE)
    beside = paper.left + fonts.width(title, _TITLE.font, _TITLE.size) + 2.5 * MM
    surface.text(beside, paper.top + 7.6, labels["of"] + (f", {labels['continued']}" if page.more else ""), _OF)
    cells = rows.grid(paper)
    for block, y in _placed(page, sheet):
        _block(surface, sheet, cells, block, y, labels)
    if page.tail:
        _tail(surface, sheet, cells, page, labels)
    footer(surface, sheet, place, labels["fridge"])


def person(surface: Surface, sheet: Sheet, plan: Plan, page: WeekPage) -> None:
    """Write the dates, the times, the name and the plan's code."""
    paper, words, schedule = sheet.paper, sheet.words, plan.schedule
    cells = rows.grid(paper)
    first = schedule.day(page.week.number, 0)
    period = words.period(first, schedule.day(page.week.number, 6))
    surface.text(paper.edge, paper.top - 1, period, _PERIOD, align="right")
    name_line(surface, plan, y=paper.top + 11.4 * MM)
    for block, y in _placed(page, sheet):
        clock = schedule.at(block.session.slot)
        if clock is not None:
            surface.text(cells.left + 1.5 * MM, y + 0.8 * MM, f"{words.part_of_day(clock)} {clock:%H:%M}", _BLOCK)
        _days(surface, sheet, plan, cells, page.week.number, y)
    if not page.blocks:
        _days(surface, sheet, plan, cells, page.week.number, _tail_top(page, sheet))
    footer_person(surface, sheet, plan)


def _days(surface: Surface, sheet: Sheet, plan: Plan, cells: Grid, week: int, y: float) -> None:
    """Write the weekday and date over each column."""
    for day in range(7):
        date = plan.schedule.day(week, day)
        middle = cells.column(day) + cells.step / 2
        surface.text(middle, y + 0.9 * MM, sheet.words.labels["weekdays_short"][date.weekday()], _DAY, align="centre")
        surface.text(middle, y + 5.1 * MM, str(date.day), _DATE, align="centre")


def _labels(sheet: Sheet, week: Week) -> Mapping[str, str]:
    del week  # the words of a page are the same in every week
    return sheet.words.passages("week", weeks=len(sheet.programme.weeks), low=0, high=0, emergency=sheet.emergency)


def _placed(page: WeekPage, sheet: Sheet) -> Iterator[tuple[_Block, float]]:
    """Yield each block with the y of its top."""
    y = sheet.paper.top + _TOP
    for block in page.blocks:
        yield block, y
        y += block.high


def _tail_top(page: WeekPage, sheet: Sheet) -> float:
    return sheet.paper.top + _TOP + sum(block.high for block in page.blocks)


def _block(surface: Surface, sheet: Sheet, cells: Grid, block: _Block, y: float, labels: Mapping[str, str]) -> None:
    """Draw a session: its head with the minutes, then its rows between day lines."""
    right = cells.column(7)
    surface.panel(Area(cells.left, y, right - cells.left, _BLOCK_HEAD), fill=TINT)
    surface.rule((cells.left, y), (right, y), colour=ACCENT, line=1.4)
    lengths = [minutes for minutes in block.session.minutes if minutes]
    about = sheet.words.passages("week", weeks=0, low=min(lengths), high=max(lengths), emergency=sheet.emergency)[
        "about"
    ]
    text = f"{labels['continued']}, {about}" if block.more else about
    surface.text(cells.left + 1.5 * MM, y + 5.5 * MM, text, _ABOUT)
    at = y + _BLOCK_HEAD
    for row in block.rows:
        at = rows.draw(surface, sheet, cells, row, at, labels["rest"])
    _day_lines(surface, cells, y, at)


def _day_lines(surface: Surface, cells: Grid, top: float, bottom: float) -> None:
    for day in range(8):
        surface.rule((cells.column(day), top), (cells.column(day), bottom), colour=RULE, line=0.8)


def _tail_height(sheet: Sheet, week: Week, labels: Mapping[str, str]) -> float:
    measure = sheet.paper.measure
    stop = height(labels["stop"], _STOP, measure)
    return _aerobic_height(week) + 2 * _TRACK + 7.6 * MM + _rules_height(sheet, labels) + 1.6 * MM + stop


def _aerobic_height(week: Week) -> float:
    return _TRACK if week.session(Slot.AEROBIC) else 0.0


def _tail(surface: Surface, sheet: Sheet, cells: Grid, page: WeekPage, labels: Mapping[str, str]) -> None:
    """Draw the walk, the pain rows, the notes line, the three rules and the stop line."""
    top = _tail_top(page, sheet)
    if not page.blocks:
        top += _BLOCK_HEAD
    y = _aerobic(surface, sheet, cells, page.week, top)
    for name in ("waking", "worst"):
        y = _track(surface, cells, labels[name], labels[f"{name}_help"], y)
    surface.rule((cells.left, top), (cells.column(7), top), colour=ACCENT, line=1.4)
    _day_lines(surface, cells, top, y)
    y += 1.6 * MM
    surface.text(cells.left, y, labels["notes"], _LINE)
    below = y + 4.4 * MM
    surface.rule((cells.left + 14 * MM, below), (cells.column(7), below), colour=QUIET, line=0.6)
    y = _rules(surface, sheet, labels, y + 6 * MM)
    surface.paragraph(cells.left, y + 1.6 * MM, sheet.paper.measure, labels["stop"], _STOP)


def _aerobic(surface: Surface, sheet: Sheet, cells: Grid, week: Week, y: float) -> float:
    session = week.session(Slot.AEROBIC)
    if session is None:
        return y
    item = session.prescriptions[0]
    high = _aerobic_height(week)
    title = sheet.words.labels["aerobic_title"].format(label=sheet.aerobic_word("label"), minutes=max(session.minutes))
    surface.text(cells.left + 1.5 * MM, y + 0.5 * MM, title, _LINE)
    surface.text(cells.left + 1.5 * MM, y + 4.7 * MM, sheet.words.parts(item), _HELP)
    for day in item.days:
        surface.box(cells.column(day) + (cells.step - BOX) / 2, y + (high - BOX) / 2)
    surface.rule((cells.left, y + high), (cells.column(7), y + high), colour=RULE, line=0.5)
    return y + high


def _track(surface: Surface, cells: Grid, label: str, help_text: str, y: float) -> float:
    """Draw a row of lines to write a number on."""
    surface.text(cells.left + 1.5 * MM, y + 0.5 * MM, label, _LINE)
    surface.text(cells.left + 1.5 * MM, y + 4.7 * MM, help_text, _HELP)
    for day in range(7):
        left = cells.column(day)
        surface.rule((left + 4 * MM, y + 7 * MM), (left + cells.step - 4 * MM, y + 7 * MM), colour=QUIET, line=0.7)
    surface.rule((cells.left, y + _TRACK), (cells.column(7), y + _TRACK), colour=RULE, line=0.5)
    return y + _TRACK


def _rule_widths(sheet: Sheet) -> list[float]:
    room = sheet.paper.measure - (len(_RULES) - 1) * 2.4 * MM
    return [room * share for _, share in _RULES]


def _rules_height(sheet: Sheet, labels: Mapping[str, str]) -> float:
    texts = zip(_RULES, _rule_widths(sheet), strict=True)
    return 7.8 * MM + max(height(labels[f"{name}_text"], _RULE_TEXT, wide - 4 * MM) for (name, _), wide in texts)


def _rules(surface: Surface, sheet: Sheet, labels: Mapping[str, str], y: float) -> float:
    """Draw the three frames of which one is ticked at the week's end."""
    x, high = sheet.paper.left, _rules_height(sheet, labels)
    for (name, _), wide in zip(_RULES, _rule_widths(sheet), strict=True):
        surface.frame(Area(x, y, wide, high), colour=ACCENT, line=0.8)
        surface.box(x + 2 * MM, y + 1.4 * MM)
        surface.text(x + 8.2 * MM, y + 1.5 * MM, labels[name], _RULE_HEAD)
        surface.paragraph(x + 2 * MM, y + 6.8 * MM, wide - 4 * MM, labels[f"{name}_text"], _RULE_TEXT)
        x += wide + 2.4 * MM
    return y + high
