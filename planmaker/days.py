"""Decide on which plan days of a week load and aerobic sessions fall."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["DAILY", "fitted", "offsets_off"]

DAILY = tuple(range(7))


def offsets_off(days_off: Iterable[int], start: date | None) -> frozenset[int]:
    """Turn weekdays off (Monday 0) into plan days (0-6 from the start)."""
    if start is None:
        return frozenset()
    return frozenset((weekday - start.weekday()) % 7 for weekday in days_off)


def fitted(usual: tuple[int, ...], off: frozenset[int]) -> tuple[int, ...]:
    """Return the usual days if none is off, else as many of the others as there are, farthest apart.

    Farthest apart means that the shortest gap round the week is the longest; of equals the days
    shared with the usual ones, then the earliest, are taken.
    """
    if not off.intersection(usual):
        return usual
    free = [day for day in DAILY if day not in off]
    choices = combinations(free, min(len(usual), len(free)))
    return max(choices, key=lambda days: (_gap(days), len({*days} & {*usual}), [-day for day in days]), default=())


def _gap(days: tuple[int, ...]) -> int:
    """Return the shortest way from one of the days to the next, round the week."""
    return min(
        ((later - earlier - 1) % 7 + 1 for earlier, later in zip(days, days[1:] + days[:1], strict=True)), default=0
    )
