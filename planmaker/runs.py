"""Find the runs of weeks in which a programme repeats itself."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from planmaker.programme import Prescription, Programme, Slot, Week

__all__ = ["Run", "Same", "content", "runs"]

_Value = TypeVar("_Value")

_DAYS = 7
_PROGRAMMES = 256  # whose runs are kept


def content(prescriptions: tuple[Prescription, ...]) -> tuple[object, ...]:
    """Return what a person does, without the marks that compare it with the week before."""
    return tuple((item.exercise, item.variant, item.dose) for item in prescriptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive weeks in which a slot has the same content on the same plan days."""

    weeks: tuple[int, ...]
    days: tuple[int, ...]
    minutes: int
    prescriptions: tuple[Prescription, ...]

    @property
    def begin(self) -> tuple[int, int]:
        """Return the week and the plan day of its first session."""
        return self.weeks[0], self.days[0]

    def same_sessions(self, other: Run) -> bool:
        """Tell whether two runs differ in their weeks only."""
        return (self.days, self.minutes, content(self.prescriptions)) == (
            other.days,
            other.minutes,
            content(other.prescriptions),
        )

    def joined(self, other: Run) -> Run:
        """Return this run with the weeks of another after its own."""
        return dataclasses.replace(self, weeks=self.weeks + other.weeks)


def runs(programme: Programme) -> tuple[tuple[Slot, tuple[Run, ...]], ...]:
    """Return the runs of each slot of a programme, by first date."""
    return _all_runs(Same(programme))


class Same(Generic[_Value]):
    """A value as a key: equal to itself alone, so that looking it up costs nothing."""

    __slots__ = ("value",)

    def __init__(self, value: _Value) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(_PROGRAMMES)
def _all_runs(same: Same[Programme]) -> tuple[tuple[Slot, tuple[Run, ...]], ...]:
    """Return the runs of each slot of a programme by first date."""
    return tuple(
        (slot, tuple(sorted(_runs(same.value, slot), key=lambda run: (run.weeks[0], run.days)))) for slot in Slot
    )


def _runs(programme: Programme, slot: Slot) -> list[Run]:
    """Return the runs of consecutive weeks in which a slot repeats itself."""
    closed: list[Run] = []
    open_runs: list[Run] = []
    for week in programme.weeks:
        still_open: list[Run] = []
        for run in _week_runs(week, slot):
            before = next((item for item in open_runs if item.same_sessions(run)), None)
            still_open.append(before.joined(run) if before else run)
            if before:
                open_runs.remove(before)
        closed.extend(open_runs)
        open_runs = still_open
    return closed + open_runs


def _week_runs(week: Week, slot: Slot) -> list[Run]:
    """Split a week's slot into groups of days with the same content."""
    session = week.session(slot)
    if session is None:
        return []
    groups: dict[tuple[Prescription, ...], list[int]] = {}
    for day in range(_DAYS):
        due = session.on(day)
        if due:
            groups.setdefault(due, []).append(day)
    return [
        Run(weeks=(week.number,), days=tuple(days), minutes=session.minutes[days[0]], prescriptions=due)
        for due, days in groups.items()
    ]
