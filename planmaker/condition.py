"""Say what a condition of the body means for each exercise."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planmaker.exercise import Exercise

__all__ = ["Action", "Cell", "Condition", "Verdict", "suitability", "verdict"]


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
    that see it otherwise. ``off_floor``: what others do on the floor is done on a bed.
    """

    id: str
    needs_clearance: bool
    off_floor: bool
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


def verdict(exercise: Exercise, conditions: Iterable[Condition]) -> Verdict:
    """Return the strictest of the conditions' cells (REFERENCE rule 9), the first of them if some are as strict.

    Different changes of one exercise are made together if one of its forms serves them all; else the
    exercise is left out: no source says that both changes together are safe.
    """
    decided = Verdict()
    asked: set[str] = set()
    for condition in conditions:
        cell = condition.cells[exercise.id]
        if cell.action is Action.CHANGE:
            asked.add(cell.variant)
        if cell.action > decided.action:
            decided = Verdict(action=cell.action, variant=cell.variant, condition=condition.id, because=cell.because)
    if decided.action is not Action.CHANGE or asked == {decided.variant}:
        return decided
    form = _serving(exercise, asked)
    if not form:
        return Verdict(action=Action.LEAVE_OUT, condition=decided.condition, because="two_changes")
    return dataclasses.replace(decided, variant=form)


def suitability(exercise: Exercise, conditions: Iterable[Condition]) -> int:
    """Return how well an exercise suits: 0 known to be good for a condition, 1 fine, 2 to be changed or left out."""
    cells = [condition.cells[exercise.id] for condition in conditions]
    if any(cell.action is not Action.FINE for cell in cells):
        return 2
    return 0 if any(cell.because == "good" for cell in cells) else 1


def _serving(exercise: Exercise, asked: set[str]) -> str:
    """Return the form that makes all the changes asked for and the fewest others, empty if none does."""
    able = [form for form in exercise.variants if asked <= {form.id, *form.serves}]
    return min(able, key=lambda form: (len({form.id, *form.serves}), form.id)).id if able else ""
