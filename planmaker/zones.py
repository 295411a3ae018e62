"""Read time zones from the pinned tzdata, and find the times that their clocks jump over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = ["jumped", "shown", "zone", "zone_names"]

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


def _tzdata(name: str) -> Traversable:
    place = files("tzdata") / "zoneinfo"
    for part in name.split("/"):
        place /= part
    return place


@cache
def zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name from the pinned tzdata; raise KeyError if there is none.

    The system's own zones are never read, so that every machine agrees.
    """
    if name not in zone_names():
        raise KeyError(name)
    with _tzdata(name).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=name)


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA names the pinned tzdata knows."""
    text = (files("tzdata") / "zones").read_text(encoding="utf-8")
    return frozenset(text.split())


def shown(moment: datetime) -> datetime:
    """Return a wall-clock time, or the first minute after it that its zone's clocks show if they jump over it.

    A time that comes twice is the first of the two (``fold`` 0).
    """
    while _skipped(moment):
        moment = moment.replace(second=0) + _MINUTE
    return moment


@lru_cache(4096)
def jumped(name: str, clock: time, year: int) -> frozenset[date]:
    """Return the days of a year on which a zone's clocks jump over a time of day."""
    moment = datetime.combine(date(year, 1, 1), clock, tzinfo=zone(name))
    found = []
    while moment.year == year:
        if _skipped(moment):
            found.append(moment.date())
        moment += _DAY  # by the wall clock
    return frozenset(found)


def _skipped(moment: datetime) -> bool:
    """Tell whether clocks go forward over a wall-clock time (PEP 495: the offset before it is the smaller)."""
    before, after = moment.replace(fold=0).utcoffset(), moment.replace(fold=1).utcoffset()
    return before is not None and after is not None and before < after
