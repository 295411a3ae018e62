"""Draw the guide: whom to ask first, how to move, how the weeks grow, and how the times get into a calendar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.exercise import Group, Kind, Sides
from planmaker.pdf import chart, cover, passage
from planmaker.pdf.furniture import HEAD, footer, heading, name_line, warning
from planmaker.pdf.style import MM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.passage import Line
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Prescription

__all__ = ["GuidePage", "pages", "static"]

_GAP = 8 * MM
_BELOW_CHART = 3.5 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage:
    """A page of the guide: its columns of lines, below the weeks at a glance if it has them.

    ``first``: it begins what its title names.
    """

    title: str
    columns: tuple[tuple[Line, ...], ...]
    chart: bool = False
    first: bool = True


def pages(sheet: Sheet) -> tuple[GuidePage, ...]:
    """Set the guide: before the start, the weeks, the calendar, each on as many pages as it needs."""
    before = sheet.words.passages("guide", **_values(sheet))
    weeks = chart.words(sheet)
    return (
        *_set(sheet, before["title"], passage.parsed(before["text"])),
        *_set(sheet, weeks["title"], passage.parsed(weeks["text"]), with_chart=True),
        *_set(sheet, *_calendar(sheet)),
    )


def _calendar(sheet: Sheet) -> tuple[str, tuple[Line, ...]]:
    """Return the title and lines of how the times get into a calendar, as ``planmaker calendar`` says it too."""
    passages = sheet.words.passages("calendar_import", printed=True, feed=cover.address_page(sheet)).values()
    (title, *first), *programs = (passage.splitlines() for passage in passages)
    marked = [*first, *(line if at else f"## {line}" for program in programs for at, line in enumerate(program))]
    text = re.sub(r"^\d\. ", "+ ", "\n".join(marked), flags=re.MULTILINE)
    return title, tuple(line._replace(tag="H3") if line.tag == "H4" else line for line in passage.parsed(text))


def _set(sheet: Sheet, title: str, lines: tuple[Line, ...], *, with_chart: bool = False) -> list[GuidePage]:
    """Spread lines over pages of as many columns as there is room for."""
    paper = sheet.paper
    number = 1 if paper.narrow else 2
    room = paper.floor - paper.top - HEAD
    above = chart.high(sheet) + _BELOW_CHART if with_chart else 0.0
    rooms = [room - above] * number + [room]
    columns = passage.in_columns(lines, rooms, _column(sheet), number)
    return [
        GuidePage(title=title, columns=tuple(columns[at : at + number]), chart=with_chart and not at, first=not at)
        for at in range(0, len(columns), number)
    ]


def _column(sheet: Sheet) -> float:
    return sheet.paper.measure if sheet.paper.narrow else (sheet.paper.measure - _GAP) / 2


def static(surface: Surface, sheet: Sheet, place: Place, page: GuidePage, weeks_at: Mapping[int, int]) -> None:
    """Write a page; ``weeks_at`` says on which page each week begins."""
    paper = surface.paper
    y = heading(surface, page.title)
    name_line(surface, sheet, y=paper.top + 8 * MM)
    if page.chart:
        chart.draw(surface, sheet, y, weeks_at)
        y += chart.high(sheet) + _BELOW_CHART
    for index, lines in enumerate(page.columns):
        passage.write(surface, paper.left + index * (_column(sheet) + _GAP), y, _column(sheet), lines)
    footer(surface, sheet, place, warning(sheet))


def _values(sheet: Sheet) -> dict[str, object]:
    programme = sheet.programme
    items = _last(sheet)
    return {
        "profile": programme.profile,
        "per_day": programme.per_day,
        "walk": sheet.aerobic_word("group"),
        "brisk": sheet.brisk,
        "load": any(item.kind is Kind.LOAD for item in items),
        "bending": _names(sheet, [item.exercise for item in items if item.bends_spine]),
        "swapping": _names(sheet, [item.exercise for item in items if item.sides is Sides.ALTERNATE]),
        "strengthens": any(item.group is Group.STRENGTHENING for item in items),
        "stretches": any(item.group is Group.STRETCH for item in items),
        "sided": any(item.sides is Sides.EACH for item in items),
        "left_out": _left_out(sheet),
        "unfinished": _names(sheet, [item.exercise for item in _last(sheet) if item.step < item.steps]),
    }


def _left_out(sheet: Sheet) -> list[str]:
    """Return one line for each condition and each reason for which exercises are missing."""
    lines = [_condition_line(sheet, name) for name in sheet.programme.avoid]
    for reason, line in sheet.words.labels["left_out"].items():
        names = _names(sheet, [item.exercise for item in sheet.programme.left_out if item.reason == reason])
        if names:
            lines.append(line.format(names=", ".join(names)))
    return lines


def _condition_line(sheet: Sheet, condition: str) -> str:
    """Say what a condition changed: its advice, what it leaves out and what takes the place."""
    words = sheet.words
    missing = [item for item in sheet.programme.left_out if item.condition == condition]
    instead = {item.replaces: item.exercise for item in sheet.programme.choices if item.reason == "replaces"}
    return words.render(
        "condition",
        condition=words.general["conditions"][condition],
        left_out=[
            (
                words.exercises[item.exercise].name,
                words.general["reasons"][item.because],
                words.exercises[instead[item.exercise]].name if item.exercise in instead else "",
            )
            for item in missing
        ],
    )


def _last(sheet: Sheet) -> list[Prescription]:
    """Return what is prescribed in the last week, each exercise once; by then all have entered."""
    found = {item.exercise: item for session in sheet.programme.weeks[-1].sessions for item in session.prescriptions}
    return list(found.values())


def _names(sheet: Sheet, exercises: list[str]) -> list[str]:
    return [sheet.words.exercises[name].name for name in exercises]
