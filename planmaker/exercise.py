"""Describe an exercise as the catalogue holds it: what it is, its doses, who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planmaker.dose import AnyDose, Tempo

__all__ = ["Exercise", "Fact", "Group", "Kind", "Position", "Sides", "Sourced", "Step"]


class Group(StrEnum):
    """The three groups of the seeds (catalogue facts SG1-SG3)."""

    STRENGTHENING = "strengthening"
    STRETCH = "stretch"
    AEROBIC = "aerobic"


class Kind(StrEnum):
    """How often an exercise may come: control daily, load on load days (REFERENCE rule 4)."""

    CONTROL = "control"
    LOAD = "load"
    STRETCH = "stretch"
    AEROBIC = "aerobic"


class Position(StrEnum):
    """The start position, in the order of a session (REFERENCE rule 6)."""

    STANDING = "standing"
    SITTING = "sitting"
    SUPINE = "supine"
    PRONE = "prone"

    @property
    def on_floor(self) -> bool:
        """Whether somebody has to get down for it."""
        return self in (Position.SUPINE, Position.PRONE)


class Sides(StrEnum):
    """Whether each side is exercised, and in which order."""

    EACH = "each"
    ALTERNATE = "alternate"
    BOTH = "both"

    @property
    def number(self) -> int:
        """How many times the dose is done: once, or once a side."""
        return 1 if self is Sides.BOTH else 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourced:
    """A number with the ids of the sources that give it ("J": judgement)."""

    value: int
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of an exercise's ramp; climbed at most one a week."""

    dose: AnyDose
    sources: tuple[str, ...]
    not_before_week: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What the two seeds say of one attribute, in own words; None where one is silent."""

    attribute: str
    status: str
    s0: str | None = None
    s3: str | None = None
    difference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise; ``full`` is the source's dose, a ceiling that no plan exceeds."""

    id: str
    order: int
    group: Group
    kind: Kind
    seeds: tuple[str, ...]
    position: Position
    sides: Sides
    equipment_any_of: tuple[str, ...]
    muscles: tuple[str, ...]
    bends_spine: bool
    tempo: Tempo
    full: AnyDose
    times_a_day: int
    days_a_week: int
    provenance: tuple[tuple[str, Sourced], ...]
    ramp: tuple[Step, ...]
    facts: tuple[Fact, ...]
