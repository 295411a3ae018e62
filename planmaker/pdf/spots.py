"""Name the places of a sheet that people fill in: boxes to tick and lines to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Sheet

__all__ = ["Blank", "Spot", "told"]


class Spot(NamedTuple):
    """What a place is for.

    ``week`` is 0 on the spare page; ``part`` is a session's slot, ``aerobic``, or ``week`` for what is noted beside the
    sessions; ``what`` is an exercise or what is noted; ``day`` is 0-6 of the plan's week, -1 for no day; ``side`` is
    L, R or empty; ``number`` counts from 0 the places that are alike otherwise.
    """

    week: int
    part: str
    what: str
    day: int = -1
    side: str = ""
    number: int = 0


class Blank(NamedTuple):
    """A place on a page (from 0): a box to tick or a line to write on, in points from the paper's top left corner."""

    spot: Spot
    page: int
    tick: bool
    x: float
    y: float
    width: float
    height: float


def told(sheet: Sheet, blank: Blank) -> str:
    """Say what a place is for, to those who come to it without seeing what stands around it."""
    words, labels, spot = sheet.words, sheet.words.labels["places"], blank.spot
    number = labels["box" if blank.tick else "line"].format(number=spot.number + 1)
    exercise = words.exercises.get(spot.what)
    week = labels["week"].format(number=spot.week) if spot.week else labels["spare"]
    parts = [
        labels["parts"].get(spot.part, ""),
        week if spot.week or spot.part not in labels["parts"] else "",
        labels["sessions"].get(spot.part, ""),
        labels["day"].format(number=spot.day + 1) if spot.day >= 0 else "",
        exercise.name if exercise else labels["what"][spot.what],
        labels["dose"] if exercise and spot.day < 0 else "",
        labels["sides"].get(spot.side, ""),
        number if spot.number or (blank.tick and spot.day >= 0) else "",
    ]
    return ", ".join(part for part in parts if part)
