"""Draw the last pages: what to tell and to ask at the next visit, and a page for notes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from planmaker.pdf import fonts
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import BODY, HEAD, footer, heading, name_line, warning
from planmaker.pdf.spots import Spot
from planmaker.pdf.style import ACCENT, MM, RULE, TINT, Type
from planmaker.pdf.surface import Area, height

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Week

__all__ = ["ReviewPage", "notes", "pages", "static"]

_HEAD = Type(font=BOLD, size=14, leading=20, colour=ACCENT)
_COLUMN = Type(font=SEMIBOLD, size=12, leading=14.4)
_WEEK = Type(font=SEMIBOLD, size=12, leading=14.4)
_OF = Type(font=REGULAR, size=12, leading=14.4)

_ROW = 8.4 * MM
_PAD = 2 * MM
_WRITING = 10 * MM  # the height of a line to write on
_AFTER = 3.5 * MM
_NOTE = 10 * MM
# The columns of the table and their shares of its width.
_COLUMNS = (("week", 0.17), ("done", 0.24), ("worst", 0.17), ("usual", 0.17), ("dose", 0.25))
# What is written about below the table, on how many lines.
_ASKED = (("goal", 1), ("questions", 3), ("advice", 4))
_MOST_ADVICE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage:
    """A page of the review: some weeks of the table, some of what is written about, or both."""

    weeks: tuple[Week, ...] = ()
    asked: tuple[tuple[str, int], ...] = ()
    first: bool = False


def pages(sheet: Sheet) -> tuple[ReviewPage, ...]:
    """Spread the table over pages; what is asked stands below it, or together on a page of its own."""
    weeks = sheet.programme.weeks
    room = sheet.paper.floor - sheet.paper.top - HEAD
    rows = int((room - _table_height(sheet, 0)) // _ROW)
    parts = [weeks[at : at + rows] for at in range(0, len(weeks), rows)]
    found = [ReviewPage(weeks=part, first=not index) for index, part in enumerate(parts)]
    left = room - _table_height(sheet, len(parts[-1])) - _AFTER
    if sum(map(_asked_height, _ASKED)) <= left:
        found[-1] = ReviewPage(weeks=parts[-1], asked=_asked(left), first=len(parts) == 1)
    else:
        found.append(ReviewPage(asked=_asked(room)))
    return tuple(found)


def _asked(room: float) -> tuple[tuple[str, int], ...]:
    """Return what is asked, with as many lines for advice as there is room for."""
    *others, (advice, lines) = _ASKED
    spare = int((room - sum(map(_asked_height, _ASKED))) // _WRITING)
    return (*others, (advice, min(lines + spare, _MOST_ADVICE)))


def static(surface: Surface, sheet: Sheet, place: Place, page: ReviewPage) -> None:
    """Draw the table of weeks to fill in, and lines for what is asked."""
    words = _words(sheet)
    y = heading(surface, words["title"])
    name_line(surface, sheet, y=sheet.paper.top + 8 * MM)
    if page.weeks:
        y = _table(surface, sheet, page.weeks, words, y) + _AFTER
    for name, lines in page.asked:
        surface.text(sheet.paper.left, y, words[name], _HEAD, tag="H3")
        _lines(surface, Area(sheet.paper.left, y + _HEAD.leading, sheet.paper.measure, 0), lines, name)
        y += _asked_height((name, lines))
    footer(surface, sheet, place, warning(sheet))


def notes(surface: Surface, sheet: Sheet, place: Place) -> None:
    """Draw a page of lines to write on, which makes the number of pages even."""
    y = heading(surface, _words(sheet)["notes"])
    name_line(surface, sheet, y=sheet.paper.top + 8 * MM)
    for number in range(int((sheet.paper.floor - y) // _NOTE)):
        area = Area(sheet.paper.left, y + number * _NOTE, sheet.paper.measure, _NOTE)
        surface.line(area, Spot(0, "notes", "notes", number=number))
    alone = sheet.look.compact or sheet.look.only is not None  # then the page of danger signs is not in this file
    footer(surface, sheet, place, "" if alone else warning(sheet))


def _words(sheet: Sheet) -> Mapping[str, str]:
    return sheet.words.passages("review")


def _asked_height(asked: tuple[str, int]) -> float:
    return _HEAD.leading + asked[1] * _WRITING + _AFTER


def _lines(surface: Surface, area: Area, count: int, what: str) -> None:
    """Draw numbered lines to write on; of the questions, each with its number."""
    for number in range(count):
        y = area.y + number * _WRITING
        indent = 0.0
        if what == "questions":
            surface.text(area.x, y + _WRITING - BODY.leading, f"{number + 1}.", BODY, tag="P")
            indent = 5 * MM
        line = Area(area.x + indent, y, area.width - indent, _WRITING - 1 * MM)
        surface.line(line, Spot(0, "review", what, number=number))


def _table_height(sheet: Sheet, rows: int) -> float:
    """Return how high a part of the table is, with its title, its advice and its head."""
    words = _words(sheet)
    advice = height(words["totals_text"], BODY, sheet.paper.measure)
    return _HEAD.leading + advice + 2 * MM + _head_height(sheet, words) + rows * _ROW


def _head_height(sheet: Sheet, words: Mapping[str, str]) -> float:
    return max(height(words[name], _COLUMN, wide - 2 * _PAD) for name, _, wide in _columns(sheet)) + 2 * MM


def _columns(sheet: Sheet) -> Iterator[tuple[str, float, float]]:
    """Yield each column's name, x and width."""
    paper = sheet.paper
    starts = accumulate((share for _, share in _COLUMNS), initial=0.0)
    for (name, share), start in zip(_COLUMNS, starts, strict=False):
        yield name, paper.left + start * paper.measure, share * paper.measure


def _table(surface: Surface, sheet: Sheet, weeks: tuple[Week, ...], words: Mapping[str, str], y: float) -> float:
    """Draw the weeks' totals to fill in; return the y below."""
    paper = sheet.paper
    surface.text(paper.left, y, words["totals"], _HEAD, tag="H3")
    y = surface.paragraph(paper.left, y + _HEAD.leading, paper.measure, words["totals_text"], BODY, tag="P") + 2 * MM
    high = _head_height(sheet, words)
    surface.panel(Area(paper.left, y, paper.measure, high), fill=TINT)
    with surface.element("Table"):
        with surface.element("TR"):
            for name, x, wide in _columns(sheet):
                with surface.element("TH", scope="Column"):
                    surface.paragraph(x + _PAD, y + 1 * MM, wide - 2 * _PAD, words[name], _COLUMN)
        y += high
        for week in weeks:
            with surface.element("TR"):
                _row(surface, sheet, week, words, y)
            y += _ROW
            surface.rule((paper.left, y), (paper.edge, y), colour=RULE, line=0.5)
    return y


def _row(surface: Surface, sheet: Sheet, week: Week, words: Mapping[str, str], y: float) -> None:
    """Draw a week: its number, then a place for each total."""
    text = y + (_ROW - _WEEK.leading) / 2 + 2
    for name, x, wide in _columns(sheet):
        if name == "week":
            with surface.element("TH", scope="Row"):
                surface.text(x + _PAD, text, sheet.words.labels["week"].format(number=week.number), _WEEK)
            continue
        _total(surface, sheet, week, name, Area(x + _PAD, y, wide - 2 * _PAD, _ROW), words)


def _total(surface: Surface, sheet: Sheet, week: Week, name: str, cell: Area, words: Mapping[str, str]) -> None:
    """Draw the place of a total, with the word that stands before or after it."""
    before = words["dose_before"] if name == "dose" else ""
    after = words["of"].format(planned=_planned(week)) if name == "done" else ""
    text = cell.y + (_ROW - _OF.leading) / 2 + 2
    start = cell.x + (fonts.width(before, _OF.font, _OF.size) + 1.5 * MM if before else 0.0)
    wide = 12 * MM if after else cell.x + cell.width - start
    with surface.element("TD"):
        surface.line(Area(start, cell.y, wide, _ROW - 1.6 * MM), Spot(week.number, "review", name))
        surface.text(cell.x, text, before, _OF)
        surface.unseen(start, cell.y, wide, sheet.words.labels["to_fill"])
        surface.text(start + wide + 1.5 * MM, text, after, _OF)


def _planned(week: Week) -> int:
    """Return how many sessions a week has: one in each slot of each day on which something is due."""
    return sum(bool(session.on(day)) for session in week.sessions for day in range(7))
