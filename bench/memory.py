"""Say how much memory the process has after more and more people's sheets: it must not grow with them.

Run as ``python bench/memory.py``. Every sheet has another name and code: in Latin letters, then in Arabic ones, which
are shaped and get fonts of their own.
"""

from __future__ import annotations

import dataclasses
import resource
import sys
from itertools import permutations
from typing import TYPE_CHECKING

from sheet import ISSUED, MONDAY, people

from planmaker import formats
from planmaker.look import Look
from planmaker.plan import Plan
from planmaker.request import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = (1_000, 10_000, 30_000, 60_000)
FOREIGN_MARKS = (1_000, 3_000, 6_000)
LETTERS = "ابتثجحخدذر"


def memory() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def foreign(plan: Plan, count: int) -> Iterator[Plan]:
    """Yield the plan as given to others whose names are in Arabic letters."""
    for other, letters in zip(people(plan, count), permutations(LETTERS), strict=False):
        yield dataclasses.replace(other, person=dataclasses.replace(other.person, name="".join(letters)))


def main() -> None:
    """Print the figures."""
    workshop = formats.open_workshop()
    request = Request(profile="full", name="Robin Example", id="A-1", timezone="Europe/London", start=MONDAY)
    plan = workshop.plan(request, formats.Order(issued=ISSUED))
    if not isinstance(plan, Plan):
        raise TypeError(plan)
    render = workshop.renderer("pdf", Look(), "en")
    for name, many, marks in (("Latin", people, MARKS), ("Arabic", foreign, FOREIGN_MARKS)):
        for number, other in enumerate(many(plan, marks[-1]), start=1):
            render(other)
            if number in marks:
                sys.stdout.write(f"{name:8} {number:6} people {memory():8.1f} MB\n")


if __name__ == "__main__":
    main()
