"""Name the places of a sheet that people fill in: boxes to tick and lines to write on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from planmaker.pdf.style import BOX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.pdf.sheet import Sheet

__all__ = ["ALONE", "Blank", "Boxes", "Mark", "Spot", "told"]


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


class Mark(NamedTuple):
    """A box of a group, in points right of and below the group's corner; see ``Spot`` for its side and number."""

    x: float
    y: float
    side: str = ""
    number: int = 0


ALONE = (Mark(0, 0),)


class Boxes(NamedTuple):
    """A group of boxes whose corner is at a point of a page (from 0), before that is enlarged."""

    spot: Spot
    page: int
    x: float
    y: float
    group: tuple[Mark, ...]

    def blanks(self, scale: float) -> Iterator[Blank]:
        """Yield the places on a page that is enlarged by a scale."""
        side = BOX * scale
        week, part, what, day = self.spot[:4]
        for x, y, turned, number in self.group:
            spot = Spot(week, part, what, day, turned, number)
            yield Blank(
                spot, self.page, tick=True, x=(self.x + x) * scale, y=(self.y + y) * scale, width=side, height=side
            )


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
