"""In every zone of tzdata, calendar programs find the sessions when the plan's clock shows their time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from icsjudge import JUDGES, by_python, expected, sessions
from icszones import SAMPLE_SIZE, STARTS, WEEKS, changes, elsewhere, given, sample, wall_clock, wanted
from test_ics import render, words

from planmaker.schedule import zone, zone_names

if TYPE_CHECKING:
    from pathlib import Path

BY_FILE = [name for name, judge in JUDGES.items() if judge.by_file]
# Half years with three and more changes of the clocks, which no yearly pair can tell.
SEVERAL = {
    "Africa/Casablanca": date(2012, 4, 5),
    "Africa/El_Aaiun": date(2017, 1, 20),
    "Africa/Cairo": date(2014, 4, 1),
}
# Half years whose clocks no rule tells for ten years, but a pair does for those days.
WINDOWED = {
    "Africa/Cairo": date(2014, 1, 1),
    "America/Grand_Turk": date(2018, 10, 1),
    "Europe/Istanbul": date(2016, 1, 7),
    "America/Vancouver": date(2026, 1, 1),
    "Africa/Casablanca": date(2026, 1, 1),
}


def parts(name: str, start: date, kind: str) -> list[str]:
    """Return the sub-components of a kind in the VTIMEZONE of a plan's file."""
    return re.findall(f"BEGIN:{kind}\r\n(.*?)END:{kind}", render(given(name, start)).decode(), re.DOTALL)


def test_sample_holds_all_kinds() -> None:
    """Of 40 zones, some have no summer time, some have it in January, some differ by half an hour or less."""
    months = (datetime(2027, 1, 9, tzinfo=UTC), datetime(2027, 7, 9, tzinfo=UTC))
    offsets = [tuple(month.astimezone(zone(name)).utcoffset() or timedelta() for month in months) for name in sample()]

    assert len(set(sample()) & zone_names()) == SAMPLE_SIZE
    assert sum(january == july for january, july in offsets) >= 5
    assert sum(january > july for january, july in offsets) >= 5
    assert sum(january.seconds % 3600 != 0 for january, _ in offsets) >= 5


@pytest.mark.parametrize("judge", BY_FILE)
def test_sessions_stand_where_the_clock_says(judge: str, tmp_path: Path) -> None:
    """Over all changes of 2026 to 2028, in 40 zones, each session is at eight on the plan's clock."""
    assert elsewhere(judge, sample(), tmp_path) == []


@pytest.mark.parametrize("judge", BY_FILE)
def test_a_zone_told_wrong_is_seen(judge: str, tmp_path: Path) -> None:
    """The same sessions under another zone's VTIMEZONE are elsewhere, so that the verdict can be bad."""
    data = render(given("Europe/Paris", STARTS[0])).replace(b"Europe/Paris", b"Europe/London")
    found = JUDGES[judge].expand({"one": data}, tmp_path)["one"]

    assert wall_clock(found, "Europe/Paris") == wanted(STARTS[0]) != wall_clock(found, "Europe/London")


@pytest.mark.parametrize("name", SEVERAL)
def test_several_changes_stand_with_their_dates(name: str, tmp_path: Path) -> None:
    """Where three and more changes fall into a plan, each stands with its date, and sessions stay where they are."""
    start = SEVERAL[name]
    found = JUDGES["libical"].expand({name: render(given(name, start))}, tmp_path)[name]
    told = [*parts(name, start, "STANDARD"), *parts(name, start, "DAYLIGHT")]

    assert changes(name, start, WEEKS * 7) > 2
    assert len(told) == changes(name, start, WEEKS * 7) + 1
    assert not [part for part in told if "RRULE" in part]
    assert wall_clock(found, name) == wanted(start)


@pytest.mark.parametrize("name", WINDOWED)
def test_a_pair_for_the_days_of_the_plan(name: str) -> None:
    """Where two changes at most fall into a plan, a pair tells them, though no rule holds for years."""
    start = WINDOWED[name]
    case = given(name, start)

    assert changes(name, start, WEEKS * 7) <= 2
    assert len(parts(name, start, "STANDARD")) == 1
    assert len(parts(name, start, "DAYLIGHT")) <= 1
    assert sessions(by_python(render(case))) == expected(case, words())


def test_no_zone_of_these_years_needs_more() -> None:
    """From 2026 to 2028, no plan in the sample needs a second STANDARD or DAYLIGHT, so none has one."""
    found = {(name, start): parts(name, start, "STANDARD") for name in sample() for start in STARTS}

    assert {len(standard) for standard in found.values()} == {1}
