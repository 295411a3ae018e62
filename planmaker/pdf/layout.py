"""Tell where every box and line of a sheet is, so that a scanned or photographed sheet can be read back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from planmaker.pdf.document import painted, sheet_of
from planmaker.pdf.style import MM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.clinic import Clinic
    from planmaker.figures.drawing import Picture
    from planmaker.look import Look
    from planmaker.pdf.spots import Blank
    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["FORMAT", "VERSION", "layout"]

FORMAT: Final = "planmaker-layout/1"
# Counts up whenever a box of any sheet moves: what was printed with one version is read with that version only.
VERSION: Final = 2


def layout(plan: Plan, *, look: Look, artwork: Mapping[str, tuple[Picture, ...]], words: Words, clinic: Clinic) -> str:
    """Return the places of a sheet as JSON, a place a line, in the order in which they are printed.

    Lengths are in millimetres from the top left corner of the paper; a box's are those of its outline's middle.
    """
    sheet = sheet_of(plan, look=look, artwork=artwork, words=words, clinic=clinic)
    head = {
        "format": FORMAT,
        "layout_version": VERSION,
        "plan": plan.person.id,
        "revision": plan.revision,
        "paper": look.paper,
        "width": _mm(sheet.paper.width * sheet.paper.scale),
        "height": _mm(sheet.paper.height * sheet.paper.scale),
    }
    lines = ",\n  ".join(json.dumps(place) for place in _places(painted(sheet).surface.blanks()))
    return json.dumps(head, indent=1)[:-2] + f',\n "places": [\n  {lines}\n ]\n}}\n'


def _places(blanks: tuple[Blank, ...]) -> Iterator[dict[str, Any]]:
    for blank in blanks:
        spot = blank.spot
        yield {
            "kind": "box" if blank.tick else "line",
            "page": blank.page + 1,
            "week": spot.week,
            "part": spot.part,
            "what": spot.what,
            "day": spot.day,
            "side": spot.side,
            "number": spot.number,
            **{name: _mm(getattr(blank, name)) for name in ("x", "y", "width", "height")},
        }


def _mm(points: float) -> float:
    return round(points / MM, 2)
