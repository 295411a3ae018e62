"""Draw page 2: whom to ask first, how to move, what decides the next week, why it helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.exercise import Kind, Sides
from planmaker.pdf.furniture import BODY, footer, footer_person, heading, name_line, passage, passage_height
from planmaker.pdf.style import MM, RULE, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.plan import Plan
    from planmaker.programme import Prescription

__all__ = ["person", "static"]


def static(surface: Surface, sheet: Sheet, place: Place) -> None:
    """Write the two columns and, below them, what this plan is and is not, as large as fits."""
    paper = surface.paper
    words = sheet.words.passages("guide", **_values(sheet))
    top = heading(surface, words["title"]) + 1 * MM
    gap = 7 * MM
    measure = (paper.measure - gap) / 2
    body = _body(words, paper.floor - top, measure, paper.measure)
    left = passage(surface, paper.left, top, measure, words["left"], body)
    right = passage(surface, paper.left + measure + gap, top, measure, words["right"], body)
    y = max(left, right) + 2 * MM
    surface.rule((paper.left, y), (paper.edge, y), colour=RULE, line=0.6)
    passage(surface, paper.left, y + 2 * MM, paper.measure, words["foot"], body)
    footer(surface, sheet, place)


def _body(words: Mapping[str, str], room: float, column: float, full: float) -> Type:
    """Return the largest text with which the page's passages fit."""
    for shrink in range(9):
        size = BODY.size - 0.25 * shrink
        body = Type(font=BODY.font, size=size, leading=size * 1.2)
        columns = max(passage_height(words[name], column, body) for name in ("left", "right"))
        if columns + 4 * MM + passage_height(words["foot"], full, body) <= room:
            break
    return body


def person(surface: Surface, sheet: Sheet, plan: Plan) -> None:
    """Write the name and the plan's code."""
    name_line(surface, plan, y=surface.paper.top + 8 * MM)
    footer_person(surface, sheet, plan)


def _values(sheet: Sheet) -> dict[str, object]:
    programme = sheet.programme
    items = _last(sheet)
    return {
        "profile": programme.profile,
        "per_day": programme.per_day,
        "walk": sheet.aerobic_word("group"),
        "load": any(item.kind is Kind.LOAD for item in items),
        "bending": _names(sheet, [item.exercise for item in items if item.bends_spine]),
        "swapping": _names(sheet, [item.exercise for item in items if item.sides is Sides.ALTERNATE]),
        "sided": any(item.sides is Sides.EACH for item in items),
        "left_out": _left_out(sheet),
        "unfinished": _names(sheet, [item.exercise for item in _last(sheet) if item.step < item.steps]),
    }


def _left_out(sheet: Sheet) -> list[str]:
    """Return one line for each reason for which exercises are missing."""
    lines = []
    for reason, line in sheet.words.labels["left_out"].items():
        names = _names(sheet, [item.exercise for item in sheet.programme.left_out if item.reason == reason])
        if names:
            lines.append(line.format(names=", ".join(names)))
    return lines


def _last(sheet: Sheet) -> list[Prescription]:
    """Return what is prescribed in the last week, each exercise once; by then all have entered."""
    found = {item.exercise: item for session in sheet.programme.weeks[-1].sessions for item in session.prescriptions}
    return list(found.values())


def _names(sheet: Sheet, exercises: list[str]) -> list[str]:
    return [sheet.words.exercises[name].name for name in exercises]
