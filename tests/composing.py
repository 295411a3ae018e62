"""Draw requests over every field that composing reads, and write programmes as tables to read through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from planmaker.catalogue import Catalogue, load
from planmaker.dose import AerobicDose
from planmaker.request import Request
from planmaker.resources import catalogue_dir

if TYPE_CHECKING:
    from planmaker.programme import Prescription, Programme, Session

PROFILES = ("stretch-only", "strengthening", "full")


@cache
def catalogue() -> Catalogue:
    return load(catalogue_dir())


def some(names: tuple[str, ...], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw some of the names, in any order."""
    return st.lists(st.sampled_from(names), max_size=most, unique=True).map(tuple)


def requests(most_conditions: int = 4) -> st.SearchStrategy[Request]:
    """Draw requests; somebody has allowed exercise."""
    exercises = tuple(catalogue().exercises)
    return st.builds(
        Request,
        profile=st.sampled_from(PROFILES),
        weeks=st.integers(1, 26),
        start=st.integers(0, 6).map(lambda day: date(2027, 1, 4 + day)),
        per_day=st.integers(1, 2),
        max_exercises=st.integers(1, 12),
        minutes=st.none() | st.integers(5, 60),
        level=st.sampled_from(tuple(catalogue().rules.levels)),
        harder=st.booleans(),
        days_off=st.lists(st.integers(0, 6), max_size=4, unique=True).map(tuple),
        avoid=some(tuple(catalogue().conditions), most_conditions),
        cleared_by=st.just("the surgeon"),
        exclude=some(exercises, 3),
        include=st.just(()) | some(exercises, 2),
        equipment=st.none() | some(tuple(sorted(catalogue().equipment())), 5),
        timezone=st.just("Europe/London"),
    ).map(lambda request: replace(request, harder=request.harder and not request.avoid))


def table(programme: Programme) -> list[str]:
    """Write a programme: a line for the same days of a session, then what was changed and left out, and why."""
    lines = [line for week in programme.weeks for session in week.sessions for line in _session(week.number, session)]
    changed = [choice for choice in programme.choices if choice.variant]
    lines += [f"changed: {item.exercise}, {item.variant} ({item.condition}: {item.because})" for item in changed]
    instead = {choice.replaces: choice.exercise for choice in programme.choices}
    for gone in programme.left_out:
        why = f"{gone.condition}: {gone.because}" if gone.condition else gone.reason
        lines.append(f"left out: {gone.exercise} ({why}); instead: {instead.get(gone.exercise, 'nothing')}")
    return lines


def _session(number: int, session: Session) -> list[str]:
    days: dict[tuple[Prescription, ...], list[int]] = {}
    for day in range(7):
        if session.on(day):
            days.setdefault(session.on(day), []).append(day)
    return [
        f"{number} {session.slot.value} {''.join(str(day + 1) for day in on)} ({session.minutes[on[0]]} min): "
        f"{'; '.join(_item(item) for item in due)}"
        for due, on in days.items()
    ]


def _item(item: Prescription) -> str:
    name = f"{item.exercise}, {item.variant}" if item.variant else item.exercise
    dose = item.dose
    if isinstance(dose, AerobicDose):
        return f"{name}: {dose.easy_minutes}+{dose.brisk_minutes}+{dose.easy_minutes}{' easy' if dose.easy else ''}"
    hold = f" x {dose.hold_seconds} s" if dose.hold_seconds else ""
    return f"{name}: {dose.sets} x {dose.repetitions}{hold}"
