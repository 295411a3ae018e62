"""Programs that know nothing of planmaker find exactly a plan's sessions in its calendar file."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import icsjudge
import pytest
from icsjudge import JUDGES, Khal, Radicale, Session, by_python, expected, sessions
from test_ics import plan, render, words

from planmaker.schedule import occurrences

if TYPE_CHECKING:
    from pathlib import Path

    from planmaker.plan import Plan

# Six weeks from each hold a change of the clocks. Morocco's are of a year whose tables nobody will change again: some
# judges go by a table of their own, older than the pinned one, and governments change their minds.
CHANGES = {
    "Europe/London": (date(2027, 3, 11), date(2027, 9, 30)),
    "America/New_York": (date(2026, 2, 19), date(2026, 10, 8)),
    "Asia/Kolkata": (date(2028, 3, 6),),
    "Australia/Sydney": (date(2026, 3, 12), date(2028, 9, 11)),
    "Europe/Dublin": (date(2028, 3, 10), date(2026, 10, 10)),
    "Africa/Casablanca": (date(2025, 2, 3), date(2025, 3, 17)),
    "America/Santiago": (date(2027, 3, 9), date(2027, 8, 19)),
}
SHAPES: dict[str, dict[str, Any]] = {
    "six weeks of everything": {"profile": "full"},
    "once a day, days off": {"profile": "strengthening", "per_day": 1, "days_off": (2, 6)},
    "twice a day, days off": {"profile": "full", "days_off": (0, 5, 6)},
    "one week": {"profile": "stretch-only", "weeks": 1, "per_day": 1},
    "half a year": {"profile": "full", "weeks": 26},
}
ONCE = {"one week", "half a year"}  # not for the second start of a zone
SHIFTED = "an hour wrong"


@cache
def cases() -> dict[str, Plan]:
    """Return plans of all shapes over the changes of the clocks."""
    return {
        f"{zone} from {start}: {shape}": plan(timezone=zone, start=start, **wishes)
        for zone, days in CHANGES.items()
        for start in days
        for shape, wishes in SHAPES.items()
        if start == days[0] or shape not in ONCE
    }


@cache
def due(label: str) -> list[Session]:
    """Return the sessions of a case."""
    return expected(cases()[label], words())


def files() -> icsjudge.Files:
    """Return the files of all cases, and one whose VTIMEZONE is wrong."""
    found = {label: render(case) for label, case in cases().items()}
    first = next(iter(found))
    return {**found, SHIFTED: found[first].replace(b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0200")}


@pytest.fixture(scope="module")
def verdicts() -> dict[str, icsjudge.Found]:
    """Keep what each judge found, as each is called once."""
    return {}


@pytest.fixture
def verdict(request: pytest.FixtureRequest, verdicts: dict[str, icsjudge.Found], tmp_path: Path) -> icsjudge.Found:
    """Return what the judge of a test finds in all files."""
    name = request.getfixturevalue("judge")
    if name not in verdicts:
        verdicts[name] = JUDGES[name].expand(files(), tmp_path)
    return verdicts[name]


# Expansion


@pytest.mark.parametrize("judge", JUDGES)
def test_judge_finds_exactly_the_sessions(judge: str, verdict: icsjudge.Found) -> None:
    """Start, end, title and doses of every instance are the plan's, in every zone and every shape of plan."""
    wrong = [label for label in cases() if sessions(verdict[label]) != due(label)]

    assert not wrong, judge


@pytest.mark.parametrize("label", cases())
def test_python_finds_exactly_the_sessions(label: str) -> None:
    """So does recurring-ical-events, by the file's own VTIMEZONE."""
    found = by_python(render(cases()[label]))

    assert sessions(found) == due(label)


@pytest.mark.parametrize("judge", [name for name, judge in JUDGES.items() if judge.by_file])
def test_judge_believes_the_vtimezone(judge: str, verdict: icsjudge.Found) -> None:
    """A wrong VTIMEZONE moves what a judge finds, so that its verdict is about the file."""
    right = sessions(verdict[next(iter(cases()))])
    wrong = sessions(verdict[SHIFTED])
    moved = {one.start - other.start for one, other in zip(right, wrong, strict=True)}

    assert moved == {timedelta(0), timedelta(hours=1)}, judge


def test_cases_cross_the_clocks() -> None:
    """In each zone but India's, the longer plans hold sessions of both offsets."""
    longer = {label: case for label, case in cases().items() if "one week" not in label}
    found = {label: {moment.utcoffset() for moment in starts(case)} for label, case in longer.items()}

    assert {len(offsets) for label, offsets in found.items() if "Kolkata" not in label} == {2}


def starts(case: Plan) -> list[datetime]:
    """Return when a plan's sessions start, in its zone."""
    return [item.start for item in occurrences(case.programme, case.schedule)]


# Round trips


ROUND_TRIPS = [label for label in cases() if "six weeks" in label or "half a year" in label][::3]


def test_khal_keeps_every_session(tmp_path: Path) -> None:
    """What khal imports is what it lists, also when it is imported twice."""
    needed("khal")
    label = ROUND_TRIPS[0]
    store = Khal(tmp_path)
    store.apply(render(cases()[label]))
    store.apply(render(cases()[label]))

    assert store.sessions() == due(label)


@pytest.mark.parametrize("label", ROUND_TRIPS)
def test_radicale_keeps_every_session(label: str, tmp_path: Path) -> None:
    """What a client puts on Radicale, event by event, comes back, also when it is put twice."""
    needed("radicale")
    store = Radicale(tmp_path)
    store.apply(render(cases()[label]))
    store.apply(render(cases()[label]))

    assert store.sessions() == due(label)


@pytest.mark.long
@pytest.mark.parametrize("kind", [Khal, Radicale])
def test_store_follows_a_revision(kind: type[Khal | Radicale], tmp_path: Path) -> None:
    """A store brought up to date holds the new times only, and after a file of cancelled events nothing."""
    needed(kind.__name__.lower())
    first = cases()[ROUND_TRIPS[0]]
    earlier = dataclasses.replace(first.schedule, am=time(7, 30))
    second = dataclasses.replace(first, schedule=earlier, revision=2, issued=first.issued + timedelta(days=9))
    store = kind(tmp_path)
    store.apply(render(first))
    store.apply(render(second))
    moved = store.sessions()
    store.apply(render(second).replace(b"CLASS:PRIVATE\r\n", b"CLASS:PRIVATE\r\nSTATUS:CANCELLED\r\n"))

    assert moved == expected(second, words())
    assert store.sessions() == []


def test_radicale_takes_a_whole_file(tmp_path: Path) -> None:
    """A file put as a calendar in one piece comes back with every session."""
    needed("radicale")
    label = ROUND_TRIPS[1]
    store = Radicale(tmp_path)
    store.request("PUT", "/plan/calendar/", render(cases()[label]))

    assert store.sessions() == due(label)


def test_vdirsyncer_carries_every_session(tmp_path: Path) -> None:
    """Vdirsyncer carries every event from one folder to another, and nothing else."""
    needed("vdirsyncer")
    label = ROUND_TRIPS[2]
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    for uid, event in icsjudge.apart(render(cases()[label])).items():
        (here / f"{uid}.ics").write_bytes(event)
    storages = "".join(
        f'[storage {path.name}]\ntype = "filesystem"\npath = "{path}"\nfileext = ".ics"\n' for path in (here, there)
    )
    (tmp_path / "config").write_text(
        f'[general]\nstatus_path = "{tmp_path}/status/"\n[pair ours]\na = "here"\nb = "there"\ncollections = null\n'
        + storages,
        encoding="utf-8",
    )
    for verb in ("discover", "sync"):
        command = [sys.executable, "-m", "vdirsyncer", "-c", str(tmp_path / "config"), verb]
        subprocess.run(command, check=True, capture_output=True)
    found = [item for path in there.glob("*.ics") for item in by_python(path.read_bytes())]

    assert sessions(found) == due(label)


def needed(module: str) -> None:
    """Skip loudly without a Python program that keeps calendars."""
    if find_spec(module) is None:
        icsjudge.absent(module, "pip install -e '.[dev]'")
