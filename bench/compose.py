"""Compose thousands of random requests; say how long it took, and how many got a programme or a Problem.

Run as ``python bench/compose.py [COUNT]``. Requests are drawn from a fixed seed, and none is
composed twice, so the figures can be compared from one commit to the next.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from planmaker.catalogue import load
from planmaker.compose import compose
from planmaker.errors import Problem
from planmaker.request import Request
from planmaker.resources import catalogue_dir

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planmaker.catalogue import Catalogue

MANY = 10_000
SEED = 20270105
MONDAY = date(2027, 1, 4)


def requests(catalogue: Catalogue, count: int) -> Iterator[Request]:
    """Draw requests with wishes in every field that composing reads."""
    draw = random.Random(SEED)  # noqa: S311 - chance, not secrecy

    def some(names: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(draw.sample(names, draw.randint(0, most)))

    exercises, things = sorted(catalogue.exercises), sorted(catalogue.equipment())
    conditions, profiles = sorted(catalogue.conditions), sorted(catalogue.profiles)
    for _ in range(count):
        avoid = some(conditions, 4)
        yield Request(
            profile=draw.choice(profiles),
            weeks=draw.randint(1, 26),
            start=MONDAY + timedelta(days=draw.randrange(7)),
            per_day=draw.randint(1, 2),
            max_exercises=draw.randint(1, 12),
            minutes=draw.choice((None, draw.randint(5, 60))),
            level=draw.choice(sorted(catalogue.rules.levels)),
            harder=not avoid and draw.choice((True, False)),
            days_off=tuple(sorted(draw.sample(range(7), draw.randint(0, 3)))),
            avoid=avoid,
            cleared_by=draw.choice(("", "the surgeon")),
            exclude=some(exercises, 4),
            include=some(exercises, 2),
            equipment=draw.choice((None, some(things, 4))),
        )


def main(count: int) -> None:
    """Compose and print the figures."""
    catalogue = load(catalogue_dir())
    wished = tuple(requests(catalogue, count))
    start = time.perf_counter()
    answers = [compose(request, catalogue) for request in wished]
    seconds = time.perf_counter() - start
    problems = Counter(answer.where for answer in answers if isinstance(answer, Problem))
    found = f"{count - problems.total()} programmes, {problems.total()} Problems"
    sys.stdout.write(f"{count} requests in {seconds:.1f} s: {found}\n")
    for where, times in problems.most_common():
        sys.stdout.write(f"  {times:6}  {where}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
