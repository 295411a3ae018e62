"""Draw tracking pages that take little paper: two weeks on a page, one line for each exercise."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf import brief, fonts, rows, rules, track
from planmaker.pdf.brief import CHOICES, DAYS, INDENT, MARKED, NAME_GAP, NAMES, TITLED, Line, Part, indent
from planmaker.pdf.fonts import BOLD, SEMIBOLD
from planmaker.pdf.furniture import footer, name_line
from planmaker.pdf.grid import day_head, day_lines, ground, part_key, row_line
from planmaker.pdf.label import DOSE, NAME, draw_label
from planmaker.pdf.rows import ACROSS, PILL, REST
from planmaker.pdf.spots import ALONE, Spot
from planmaker.pdf.style import ACCENT, BOX, MM, Type
from planmaker.pdf.surface import Area, pill_width
from planmaker.pdf.week import PERIOD, chosen, labels_of, period_type, unseen_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Slot, Week

__all__ = ["CompactPage", "pages", "static"]

_TITLE = Type(font=BOLD, size=18, leading=22)
_PART = Type(font=SEMIBOLD, size=10.5, leading=12)
_MARK = Type(font=SEMIBOLD, size=9, leading=11)
_CHOICE = Type(font=SEMIBOLD, size=10.5, leading=12)

_NAMED = 8 * MM  # of the person's name, at the top of a page
_AFTER = 4.5 * MM
_AIR = 3 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactPage:
    """One page: the weeks on it from top to bottom, and a title for its bookmark, empty if it goes on with a week."""

    parts: tuple[Part, ...]
    title: str


def pages(sheet: Sheet) -> tuple[CompactPage, ...]:
    """Put two weeks on a page where each fits into half of it, else as many as fit."""
    room = _room(sheet)
    found: list[list[Part]] = []
    for week, spare in _weeks(sheet):
        for part in brief.split(brief.part(sheet, week, spare=spare), room):
            if found and not found[-1][-1].more and _high((*found[-1], part)) <= room and len(found[-1]) < 2:  # noqa: PLR2004 - two weeks
                found[-1].append(part)
            else:
                found.append([part])
    return tuple(CompactPage(parts=_aired(parts, room), title=_bookmark(sheet, parts)) for parts in found)


def _weeks(sheet: Sheet) -> Iterator[tuple[Week, bool]]:
    """Yield the weeks to print, and at the end of a whole plan the last one again as the spare week."""
    for week in chosen(sheet):
        yield week, False
    if sheet.look.only is None:
        yield sheet.programme.weeks[-1], True


def _named(sheet: Sheet) -> float:
    return _NAMED if "name" in sheet.own else 0.0


def _room(sheet: Sheet) -> float:
    labels = labels_of(sheet, sheet.programme.weeks[0])
    return sheet.paper.floor - sheet.paper.top - _named(sheet) - rules.stop_height(sheet, labels)


def _high(parts: tuple[Part, ...]) -> float:
    return sum(part.high for part in parts) + (len(parts) - 1) * _AFTER


def _bookmark(sheet: Sheet, parts: list[Part]) -> str:
    names = sheet.words.labels
    titles = [
        names["spare"] if part.spare else names["week"].format(number=part.week.number)
        for part in parts
        if not part.more
    ]
    return ", ".join(titles)


def _aired(parts: list[Part], room: float) -> tuple[Part, ...]:
    """Share some of the room that is left between the lines."""
    count = sum(len(part.lines) for part in parts)
    half = room if len(parts) > 1 else room / 2
    more = max(min((half - _high(tuple(parts))) / count, _AIR), 0.0) if count else 0.0
    return tuple(
        dataclasses.replace(part, lines=tuple(dataclasses.replace(line, high=line.high + more) for line in part.lines))
        for part in parts
    )


def static(surface: Surface, sheet: Sheet, place: Place, page: CompactPage) -> None:
    """Draw the page without dates, times or name."""
    y = top = sheet.paper.top + _named(sheet)
    room = _room(sheet)
    name_line(surface, sheet, y=y - 1.6 * MM)
    unseen_title(surface, sheet, place)
    for part in page.parts:
        _week(surface, sheet, part, y)
        y = max(y + part.high + _AFTER, min(top + room / 2, top + room - page.parts[-1].high))
    labels = labels_of(sheet, page.parts[-1].week)
    rules.draw_stop(surface, sheet, labels)
    footer(surface, sheet, place, labels["fridge"])


def _week(surface: Surface, sheet: Sheet, part: Part, y: float) -> None:
    labels, cells = labels_of(sheet, part.week), part.cells
    _title(surface, sheet, part, y)
    top = y + TITLED
    with surface.element("Table"):
        _head(surface, part, labels, top)
        at = top + part.head
        for line in part.lines:
            at = _draw(surface, sheet, part, line, at, labels)
        if part.tail:
            spot = Spot(part.number, "week", "")
            for row in part.tracks:
                at = track.draw(surface, sheet, cells, row, at, spot)
        day_lines(surface, cells, top + part.head, at)
    if part.tail:
        _choices(surface, sheet, part, labels, at)


def _title(surface: Surface, sheet: Sheet, part: Part, y: float) -> None:
    """Write which week it is, and when."""
    paper, names, labels = sheet.paper, sheet.words.labels, labels_of(sheet, part.week)
    title = names["spare"] if part.spare else names["week"].format(number=part.week.number)
    aside = f", {labels['continued']}" if part.more else "" if part.spare else f" {labels['of']}"
    surface.text(paper.left, y, title + aside, _TITLE, tag="H2")
    with surface.element("P"):
        if not part.spare:
            surface.slot(f"period {part.week.number}", paper.edge, y + 3, period_type(paper), align="right")
        elif not part.more:
            left = paper.edge - 34 * MM
            surface.text(left - 1.5 * MM, y + 3, labels["spare_from"], PERIOD, align="right")
            surface.line(Area(left, y - 1, 34 * MM, 16), Spot(0, "week", "from"))


def _head(surface: Surface, part: Part, labels: Mapping[str, str], y: float) -> None:
    """Draw the head: when the sessions are, the days, and which box is for which session."""
    cells = part.cells
    ground(surface, cells, y, part.head)
    two = len(part.slots) > 1
    with surface.element("TR"):
        with surface.element("TH", scope="Column"):
            for index, slot in enumerate(part.slots):
                top = y + 0.8 * MM + index * 4.6 * MM
                if two:
                    surface.text(cells.left + INDENT, top + 1, labels[slot.value], _MARK)
                surface.slot(part_key(part.number, slot), cells.left + (MARKED if two else INDENT), top, _PART)
        day_head(surface, cells, y, week=part.number)
    if part.both:
        with surface.element("TR"):
            with surface.element("TH", scope="Column"):
                pass
            for day in cells.days:
                with surface.element("TH", scope="Column"):
                    for slot in part.slots:
                        x = cells.column(day) + cells.step / 2 + _aside(part, slot)
                        surface.text(x, y + DAYS - 0.3 * MM, labels[slot.value], _MARK, align="centre")


def _aside(part: Part, slot: Slot) -> float:
    """Return how far from a column's middle the box of a session stands."""
    if not part.both or slot not in part.slots:
        return 0.0
    return (BOX + ACROSS) / 2 * (-1 if slot is part.slots[0] else 1)


def _draw(surface: Surface, sheet: Sheet, part: Part, line: Line, y: float, labels: Mapping[str, str]) -> float:
    """Draw the line of an exercise; return the y below it."""
    cells, middle = part.cells, y + line.high / 2
    with surface.element("TR"):
        _words(surface, sheet, part, line, y)
        lefts: list[float] = []
        for day in cells.days:
            due = [slot for slot in line.days if day in line.days[slot]]
            left, centre = cells.column(day), cells.column(day) + cells.step / 2
            with surface.element("TD"):
                if due:
                    surface.unseen(left, middle - 4, cells.step, sheet.words.boxes(len(due)))
                else:
                    surface.text(centre, middle - 5.2, rows.rest(line.item, labels), REST, align="centre")
                for slot in due:
                    spot = Spot(part.number, slot.value, line.item.exercise, day)
                    lefts.append(centre + _aside(part, slot) - BOX / 2)
                    surface.keep(lefts[-1], middle - BOX / 2, ALONE, spot)
        surface.ticks(lefts, middle - BOX / 2, ALONE)
    row_line(surface, cells, y + line.high)
    return y + line.high


def _words(surface: Surface, sheet: Sheet, part: Part, line: Line, y: float) -> None:
    """Write name and dose, on one line where they fit, between the mark of a change and that of the session."""
    cells, middle = part.cells, y + line.high / 2
    x = cells.left + indent(sheet)
    top = middle - (NAME.leading if line.one else line.label.high) / 2
    if line.pill:
        aside = cells.left if x > cells.left + INDENT else x + line.label.measure - pill_width(line.pill, PILL)
        surface.pill(aside, top - 1 if sheet.paper.narrow else middle - PILL.leading / 2, line.pill, PILL, fill=ACCENT)
    spot = Spot(part.number, next(iter(line.days)).value, line.item.exercise)
    with surface.element("TH", scope="Row"):
        if line.one:
            surface.text(x, middle - 6, line.name, NAME)
        if line.one and line.label.dose:
            dose = " ".join(line.label.dose)
            surface.text(x + fonts.width(line.name, NAME.font, NAME.size) + NAME_GAP, middle - 5.2, dose, DOSE)
        else:
            draw_label(surface, line.label, x + (NAMES if line.one else 0.0), top, spot)
        surface.text(cells.first - 1.2 * MM, middle - 4.2, line.mark, _MARK, align="right")


def _choices(surface: Surface, sheet: Sheet, part: Part, labels: Mapping[str, str], y: float) -> None:
    """Draw the place of the usual pain and what is ticked at the week's end."""
    spot, middle = Spot(part.number, "week", ""), y + CHOICES / 2 + 0.4 * MM
    x = track.draw_usual(surface, labels, sheet.paper.left, middle + 4, spot)
    if rules.last(sheet, part.week, spare=part.spare):
        return
    if sheet.paper.narrow:
        x, middle = sheet.paper.left, middle + CHOICES
    widths = [BOX + 1.6 * MM + fonts.width(labels[name], _CHOICE.font, _CHOICE.size) for name in rules.RULES]
    apart = 5 * MM
    x = max(x, sheet.paper.edge - sum(widths) - apart * (len(widths) - 1)) if not sheet.paper.narrow else x
    for name, wide in zip(rules.RULES, widths, strict=True):
        surface.box(x, middle - BOX / 2, spot._replace(what=name))
        surface.text(x + BOX + 1.6 * MM, middle - 5.2, labels[name], _CHOICE, tag="P")
        x += wide + apart
