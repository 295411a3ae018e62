"""Say what a condition of the body means for each exercise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

__all__ = ["Action", "Cell", "Condition", "Verdict", "verdict"]


class Action(IntEnum):
    """What to do with an exercise, the strictest last."""

    FINE = 0
    CHANGE = 1
    LEAVE_OUT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What one condition means for one exercise; ``because`` is a key of the words' reasons."""

    action: Action
    because: str
    sources: tuple[str, ...]
    variant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition with a cell for every exercise.

    ``needs_clearance``: no plan without the name of who allowed exercise. ``contrary`` are sources
    that see it otherwise.
    """

    id: str
    needs_clearance: bool
    sources: tuple[str, ...]
    contrary: tuple[str, ...]
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What several conditions together mean for an exercise, and which of them decides."""

    action: Action = Action.FINE
    variant: str = ""
    condition: str = ""
    because: str = ""


def verdict(exercise: str, conditions: Iterable[Condition]) -> Verdict:
    """Return the strictest of the conditions' cells (REFERENCE rule 9).

    Two conditions that ask for different changes of one exercise leave it out: no source says that
    both changes together are safe.
    """
    decided = Verdict()
    for condition in conditions:
        cell = condition.cells[exercise]
        if cell.action is Action.CHANGE and decided.action is Action.CHANGE and cell.variant != decided.variant:
            return Verdict(action=Action.LEAVE_OUT, condition=condition.id, because="two_changes")
        if cell.action > decided.action:
            decided = Verdict(action=cell.action, variant=cell.variant, condition=condition.id, because=cell.because)
    return decided
