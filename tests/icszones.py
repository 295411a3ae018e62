"""Give plans in any zone of tzdata over the years 2026 to 2028, and tell which sessions a judge finds elsewhere."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from icsjudge import JUDGES
from test_ics import plan, render

from planmaker.schedule import zone, zone_names

if TYPE_CHECKING:
    from pathlib import Path

    from icsjudge import Instance

    from planmaker.plan import Plan

WEEKS = 26
# One after the other, from January 2026 to December 2028: all changes of the clocks fall into one of them.
STARTS = tuple(date(2026, 1, 1) + timedelta(weeks=WEEKS * number) for number in range(6))
# Odd rules: negative summer time, by half an hour, by Ramadan, at midnight, far north, two hours, given up, and so on.
ODD = """
Africa/Cairo Africa/Casablanca Africa/El_Aaiun America/Asuncion America/Edmonton America/Havana America/Nuuk
America/Santiago America/Scoresbysund America/St_Johns America/Vancouver Antarctica/Troll Asia/Beirut Asia/Gaza
Asia/Jerusalem Asia/Kathmandu Asia/Tehran Australia/Adelaide Australia/Eucla Australia/Lord_Howe Europe/Chisinau
Europe/Dublin Pacific/Apia Pacific/Chatham Pacific/Easter Pacific/Kiritimati
"""
SAMPLE_SIZE = 40
MORNING = time(8)


def sample() -> tuple[str, ...]:
    """Return 40 zones: the odd ones, and of all others every so many by name."""
    odd = ODD.split()
    others = sorted(zone_names() - set(odd))
    room = SAMPLE_SIZE - len(odd)
    return (*odd, *(others[number * len(others) // room] for number in range(room)))


@cache
def _first() -> Plan:
    return plan("stretch-only", "UTC", STARTS[0], weeks=WEEKS, per_day=1, am=MORNING)


def given(name: str, start: date) -> Plan:
    """Return the same half year, once a day, in a zone from a day on."""
    schedule = dataclasses.replace(_first().schedule, timezone=name, start=start)
    return dataclasses.replace(_first(), schedule=schedule)


def wall_clock(found: list[Instance], name: str) -> list[datetime]:
    """Return what the clocks of a zone show at the start of each instance."""
    return sorted(item.start.astimezone(zone(name)).replace(tzinfo=None) for item in found)


def wanted(start: date) -> list[datetime]:
    """Return eight in the morning of every day of half a year."""
    return [datetime.combine(start + timedelta(days=day), MORNING) for day in range(WEEKS * 7)]


def elsewhere(judge: str, names: tuple[str, ...], folder: Path) -> list[str]:
    """Return the zones, with the first day of a plan, in which a judge finds other sessions than the plan's."""
    cases = {f"{name} from {start}": (name, start) for name in names for start in STARTS}
    found = JUDGES[judge].expand({label: render(given(*case)) for label, case in cases.items()}, folder)
    return [label for label, (name, start) in cases.items() if wall_clock(found[label], name) != wanted(start)]


def changes(name: str, first: date, days: int) -> int:
    """Count how often the clocks of a zone are changed in some days, by looking at them every hour."""
    begin = datetime.combine(first, time(), tzinfo=UTC)
    hours = (begin + timedelta(hours=hour) for hour in range(days * 24))
    offsets = [hour.astimezone(zone(name)).utcoffset() for hour in hours]
    return sum(before != after for before, after in pairwise(offsets))
