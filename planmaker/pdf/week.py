"""Draw the tracking pages of a week: sessions with boxes, and below them what is noted each day."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from planmaker.errors import InputError
from planmaker.pdf import fonts, rows, rules, track
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import footer, name_line
from planmaker.pdf.grid import day_head, day_lines, grids, ground, part_key
from planmaker.pdf.spots import Spot
from planmaker.pdf.style import ACCENT, MM, Type
from planmaker.pdf.surface import Area, lines_of
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from planmaker.pdf.grid import Grid
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.style import Paper
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Session, Week

__all__ = ["PERIOD", "WeekPage", "chosen", "labels_of", "pages", "period_type", "static", "unseen_title"]

_TITLE = Type(font=BOLD, size=26, leading=30)
_OF = Type(font=REGULAR, size=14, leading=18)
PERIOD = Type(font=SEMIBOLD, size=12.5, leading=16)
_PERIOD_NARROW = 11.0
_BLOCK = Type(font=BOLD, size=13, leading=15)
_ABOUT = Type(font=REGULAR, size=10.5, leading=12)

_TOP = 12 * MM
_HEAD = 5.5 * MM  # of a session's name; below it are the minutes
_LEAST_HEAD = 9.4 * MM
_BETWEEN = 1.4 * MM
_AIR = 5 * MM
_ABOVE_NOTES = 0.4 * MM
_MOST_NOTES = 6


class _Trial(NamedTuple):
    """How a week may be set: the gap between lines of boxes, and whether it has advice for a flare-up."""

    gap: float
    advice: bool


# The first with which a week takes the fewest pages is taken: a scan reads the wider gaps better, but the spare week,
# which is for those whom a flare-up or missed days held back, needs the advice more.
_TRIALS = tuple(
    _Trial(gap * MM, advice)
    for gap, advice in ((2.4, True), (1.8, True), (1.8, False), (1.5, True), (1.5, False), (1.2, True), (1.2, False))
)
_SPARE_TRIALS = tuple(sorted(_TRIALS, key=lambda trial: not trial.advice))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Rows under one head on one page: those of a session, or without one what is noted each day.

    ``about`` stands below the session's name; ``head`` is 0 where the days are those of the block above.
    """

    cells: Grid
    session: Session | None
    rows: tuple[rows.Row | track.Track, ...]
    about: tuple[str, ...]
    head: float

    @property
    def high(self) -> float:
        return self.head + sum(row.high for row in self.rows) + _BETWEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekPage:
    """One tracking page: blocks of rows and, on a week's last page, what decides the next week.

    A ``spare`` page has no dates and no printed doses. ``notes`` counts the lines to write on.
    """

    week: Week
    blocks: tuple[_Block, ...]
    tail: bool
    more: bool
    spare: bool
    notes: int
    advice: bool


def chosen(sheet: Sheet) -> tuple[Week, ...]:
    """Return the weeks to print: all, or those wished for. Raises InputError if the plan has not so many."""
    weeks = sheet.programme.weeks
    if sheet.look.only is None:
        return weeks
    first, last = sheet.look.only
    if not 1 <= first <= last <= len(weeks):
        message = f"--only: the plan has weeks 1 to {len(weeks)}"
        raise InputError(message)
    return weeks[first - 1 : last]


def period_type(paper: Paper) -> Type:
    """Return how a week's dates are set: beside its title there must be room for two months and two years."""
    return PERIOD.sized(_PERIOD_NARROW) if paper.narrow else PERIOD


def labels_of(sheet: Sheet, week: Week) -> Mapping[str, str]:
    """Return the words of a week's page."""
    alone = sheet.look.compact or sheet.look.only is not None
    return sheet.words.passages(
        "week",
        number=week.number,
        weeks=len(sheet.programme.weeks),
        emergency=sheet.emergency,
        alone=alone,
        stop_page=sheet.stop_page,
    )


def pages(sheet: Sheet, week: Week, *, spare: bool = False) -> tuple[WeekPage, ...]:
    """Part a week into pages: one where it fits; a session is split only if it fills a page."""
    best: tuple[WeekPage, ...] = ()
    for trial in _trials(sheet, week, spare=spare):
        found = _pages(sheet, week, trial, spare=spare)
        if not best or len(found) < len(best):
            best = found
        if len(best) == 1:
            break
    return best


def _trials(sheet: Sheet, week: Week, *, spare: bool) -> tuple[_Trial, ...]:
    """Return how a week may be set, the best first; the first week always has the advice, even on a further page."""
    if spare:
        return _SPARE_TRIALS
    if week is sheet.programme.weeks[0]:
        return tuple(trial for trial in _TRIALS if trial.advice)
    return _TRIALS


def _pages(sheet: Sheet, week: Week, trial: _Trial, *, spare: bool) -> tuple[WeekPage, ...]:
    labels = labels_of(sheet, week)
    room = sheet.paper.floor - sheet.paper.top - _TOP - rules.stop_height(sheet, labels)
    found: list[list[_Block]] = [[]]
    for block in _blocks(sheet, week, labels, trial.gap, spare=spare):
        for part in _split(_headed(block, found[-1]), room, labels):
            if found[-1] and _high(found[-1]) + part.high > room:
                found.append([])
            found[-1].append(_headed(part, found[-1]))
    tail = _tail_height(sheet, week, labels, advice=trial.advice, spare=spare)
    if _high(found[-1]) + tail > room:
        found.append([])
    last = len(found) - 1
    return tuple(
        _page(
            WeekPage(
                week=week,
                blocks=tuple(blocks),
                tail=index == last,
                more=index > 0,
                spare=spare,
                notes=1,
                advice=trial.advice,
            ),
            room - (tail if index == last else 0.0),
        )
        for index, blocks in enumerate(found)
    )


def _high(blocks: Sequence[_Block]) -> float:
    return sum(block.high for block in blocks)


def _tail_height(sheet: Sheet, week: Week, labels: Mapping[str, str], *, advice: bool, spare: bool) -> float:
    cards = rules.rules_height(sheet, labels, last=rules.last(sheet, week, spare=spare))
    return _ABOVE_NOTES + track.NOTES + cards + (rules.advice_height(sheet, labels) + _BETWEEN if advice else 0.0)


def _page(page: WeekPage, room: float) -> WeekPage:
    """Set a page: light weeks get air between the rows, and more lines for notes."""
    count = sum(len(block.rows) for block in page.blocks)
    more = min((room - _high(page.blocks)) / count, _AIR) if count else 0.0
    blocks = tuple(
        dataclasses.replace(block, rows=tuple(dataclasses.replace(row, high=row.high + more) for row in block.rows))
        for block in page.blocks
    )
    notes = 1 + min(int((room - _high(blocks)) / track.NOTE_LINE), _MOST_NOTES - 1) if page.tail else 0
    return dataclasses.replace(page, blocks=blocks, notes=notes)


def _blocks(sheet: Sheet, week: Week, labels: Mapping[str, str], gap: float, *, spare: bool) -> Iterator[_Block]:
    """Yield what is due and what is noted, for all days or for one part of the week after the other."""
    for cells in grids(sheet):
        noted: list[rows.Row | track.Track] = []
        for session in week.sessions:
            due = [item for item in session.prescriptions if set(item.days) & set(cells.days)]
            if session.slot is Slot.AEROBIC:
                minutes = max(session.minutes)
                noted += [rows.walk(sheet, cells, item, labels, minutes=minutes, spare=spare) for item in due]
            elif due:
                measured = tuple(rows.exercise(sheet, cells, item, labels, gap=gap, spare=spare) for item in due)
                about = _about(sheet, session, cells, labels, spare=spare)
                yield _Block(cells=cells, session=session, rows=measured, about=about, head=0.0)
        noted += track.tracks(cells, labels)
        yield _Block(cells=cells, session=None, rows=tuple(noted), about=(), head=0.0)


def _about(sheet: Sheet, session: Session, cells: Grid, labels: Mapping[str, str], *, spare: bool) -> tuple[str, ...]:
    """Say that one warms up first, and how long the session is; a spare week's length is not known."""
    lengths = [session.minutes[day] for day in cells.days if session.minutes[day]]
    if spare or not lengths:
        about = labels["warm_up"]
    else:
        about = labels["about"].format(minutes=sheet.words.minutes(min(lengths), max(lengths)))
    return tuple(lines_of(about, _ABOUT, cells.label - 2.5 * MM))


def _headed(block: _Block, above: Sequence[_Block]) -> _Block:
    """Give a block its head, below the blocks that its page already has."""
    if block.session is None and above and above[-1].cells == block.cells:
        return dataclasses.replace(block, head=0.0)
    head = max(_HEAD + len(block.about) * _ABOUT.leading, _LEAST_HEAD)
    return dataclasses.replace(block, head=head)


def _split(block: _Block, room: float, labels: Mapping[str, str]) -> Iterator[_Block]:
    """Part a block that is higher than a page between its rows."""
    taken: list[rows.Row | track.Track] = []
    about = block.about
    for row in block.rows:
        if taken and dataclasses.replace(block, rows=(*taken, row)).high > room:
            yield dataclasses.replace(block, rows=tuple(taken), about=about)
            taken, about = [], (labels["continued"],)
        taken.append(row)
    yield dataclasses.replace(block, rows=tuple(taken), about=about)


def static(surface: Surface, sheet: Sheet, place: Place, page: WeekPage) -> None:
    """Draw the page without dates, times or name."""
    labels = labels_of(sheet, page.week)
    _heading(surface, sheet, place, page, labels)
    y = sheet.paper.top + _TOP
    for _, blocks in groupby(page.blocks, key=lambda block: block.cells):
        with surface.element("Table"):
            for block in blocks:
                _block(surface, sheet, page, block, y)
                y += block.high
    if page.tail:
        y = track.draw_notes(surface, sheet, labels, y - _BETWEEN + _ABOVE_NOTES, _spot(page), page.notes)
        last = rules.last(sheet, page.week, spare=page.spare)
        y = rules.draw_rules(surface, sheet, labels, y, spot=_spot(page), last=last)
        if page.advice:
            rules.draw_advice(surface, sheet, labels, y + _BETWEEN)
    rules.draw_stop(surface, sheet, labels)
    footer(surface, sheet, place, labels["fridge"])


def _spot(page: WeekPage) -> Spot:
    """Name what is noted of the page's week."""
    return Spot(0 if page.spare else page.week.number, "week", "")


def unseen_title(surface: Surface, sheet: Sheet, place: Place) -> None:
    """Give a sheet without a cover its title, for those who hear it: what is seen is the week."""
    if place.page == 1:
        with surface.element("H1"):
            surface.unseen(sheet.paper.left, sheet.paper.top - 8, sheet.paper.measure, sheet.words.labels["title"])


def _heading(surface: Surface, sheet: Sheet, place: Place, page: WeekPage, labels: Mapping[str, str]) -> None:
    """Write which week it is, its dates and the person's name."""
    paper, names = sheet.paper, sheet.words.labels
    unseen_title(surface, sheet, place)
    title = names["spare"] if page.spare else names["week"].format(number=page.week.number)
    surface.text(paper.left, paper.top - 2, title, _TITLE, tag="H2")
    beside = paper.left + fonts.width(title, _TITLE.font, _TITLE.size) + 2.5 * MM
    aside = labels["continued"] if page.more else "" if page.spare else labels["of"]
    surface.text(beside, paper.top + 7.6, aside, _OF, tag="P")
    name_line(surface, sheet, y=paper.top + 11.4 * MM)
    with surface.element("P"):
        if page.spare:
            _from(surface, sheet, page, labels)
        else:
            surface.slot(f"period {page.week.number}", paper.edge, paper.top - 1, period_type(paper), align="right")


def _from(surface: Surface, sheet: Sheet, page: WeekPage, labels: Mapping[str, str]) -> None:
    """Keep a place for the day on which a spare week begins, on its first page."""
    if page.more:
        return
    wide = 34 * MM
    left = sheet.paper.edge - wide
    surface.text(left - 1.5 * MM, sheet.paper.top + 1, labels["spare_from"], PERIOD, align="right")
    surface.line(Area(left, sheet.paper.top - 4, wide, 16), _spot(page)._replace(what="from"))


def _block(surface: Surface, sheet: Sheet, page: WeekPage, block: _Block, y: float) -> None:
    """Draw the rows of a block below its head, and the lines between the days."""
    cells = block.cells
    if block.head:
        _head(surface, page, block, y)
    else:
        surface.rule((cells.left, y), (cells.edge, y), colour=ACCENT, line=1.4)
    top = at = y + block.head
    part = block.session.slot.value if block.session else "week"
    spot = _spot(page)._replace(part=part)
    for row in block.rows:
        if isinstance(row, track.Track):
            at = track.draw(surface, sheet, cells, row, at, spot)
        else:
            own = spot if block.session else spot._replace(part=Slot.AEROBIC.value)
            at = rows.draw(surface, sheet, cells, row, at, own)
    day_lines(surface, cells, top if block.head else y, at)


def _head(surface: Surface, page: WeekPage, block: _Block, y: float) -> None:
    """Draw a head row: the session and its days, and below them what is to be known of the session."""
    cells, week = block.cells, 0 if page.spare else page.week.number
    ground(surface, cells, y, block.head)
    with surface.element("TR"):
        with surface.element("TH", scope="Column"):
            if block.session:
                surface.slot(part_key(week, block.session.slot), cells.left + 1.5 * MM, y + 0.4 * MM, _BLOCK)
        day_head(surface, cells, y, week=week)
    if block.about:
        with surface.element("TR"), surface.element("TD", span=1 + len(cells.days)):
            for index, line in enumerate(block.about):
                surface.text(cells.left + 1.5 * MM, y + _HEAD + index * _ABOUT.leading, line, _ABOUT)
