"""Say how a plan is to be printed: wishes for the sheet that change nothing of the plan itself."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Final

__all__ = ["BOXES", "LOOK", "PAPERS", "PASSING", "Look"]

PASSING: Final = "passing"  # marks what is said anew each time, so that no plan's file holds it

PAPERS: Final = ("a4", "letter")
# What gets a box to tick: each hold or set, or each exercise once a session.
BOXES: Final = ("repetition", "exercise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a sheet looks.

    ``compact``: tracking pages only, two weeks on a sheet of paper; ``fillable``: boxes and lines can be filled on a
    screen; ``even_pages``: a page for notes is added where two-sided printing needs one; ``embed_plan``: the PDF
    carries the plan, with all that is personal in it; ``only``: first and last week to print again, without the other
    pages.
    """

    paper: str = "a4"
    large_print: bool = False
    compact: bool = False
    boxes: str = "repetition"
    fillable: bool = False
    even_pages: bool = False
    embed_plan: bool = False
    only: tuple[int, int] | None = field(default=None, metadata={PASSING: True})


# The fields of a request that say how the sheet is printed.
LOOK: Final = tuple(item.name for item in dataclasses.fields(Look) if not item.metadata.get(PASSING))
