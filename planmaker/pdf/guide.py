"""Draw the guide: whom to ask first, how to move, what decides the next week, what this plan is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.exercise import Group, Kind, Sides
from planmaker.pdf.furniture import BODY, HEAD, footer, heading, name_line, passage, passage_height
from planmaker.pdf.style import MM, RULE, Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Prescription

__all__ = ["GuidePage", "pages", "static"]

_GAP = 7 * MM
_SIZES = (12.0, 11.75, 11.5, 11.25, 11.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePage:
    """A page of the guide: its two columns, what this plan is and is not, or both; and its type."""

    words: Mapping[str, str]
    body: Type
    columns: bool = True
    about: bool = True


def pages(sheet: Sheet) -> tuple[GuidePage, ...]:
    """Set the guide on one page, as large as fits; what this plan is goes on a second one if it must."""
    words = sheet.words.passages("guide", **_values(sheet))
    for size in _SIZES:
        body = Type(font=BODY.font, size=size, leading=size * 1.2)
        if _height(sheet, words, body) <= _room(sheet):
            return (GuidePage(words=words, body=body),)
    return (
        GuidePage(words=words, body=BODY, about=False),
        GuidePage(words={**words, "foot": words["foot"].partition("\n")[2]}, body=BODY, columns=False),
    )


def _room(sheet: Sheet) -> float:
    return sheet.paper.floor - sheet.paper.top - HEAD - 1 * MM


def _column(sheet: Sheet) -> float:
    return (sheet.paper.measure - _GAP) / 2


def _height(sheet: Sheet, words: Mapping[str, str], body: Type) -> float:
    columns = max(passage_height(words[name], _column(sheet), body) for name in ("left", "right"))
    return columns + 4 * MM + passage_height(words["foot"], sheet.paper.measure, body)


def static(surface: Surface, sheet: Sheet, place: Place, page: GuidePage) -> None:
    """Write the columns and what this plan is and is not, as the page has them."""
    paper, words, body = surface.paper, page.words, page.body
    y = heading(surface, words["title"] if page.columns else words["about_title"]) + 1 * MM
    name_line(surface, sheet, y=paper.top + 8 * MM)
    if page.columns:
        left = passage(surface, paper.left, y, _column(sheet), words["left"], body)
        right = passage(surface, paper.left + _column(sheet) + _GAP, y, _column(sheet), words["right"], body)
        y = max(left, right) + 2 * MM
    if page.about:
        if page.columns:
            surface.rule((paper.left, y), (paper.edge, y), colour=RULE, line=0.6)
        passage(surface, paper.left, y + 2 * MM, paper.measure, words["foot"], body)
    footer(surface, sheet, place)


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
