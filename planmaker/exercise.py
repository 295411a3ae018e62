"""Describe an exercise as the catalogue holds it: what it is, its doses, who says so."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from planmaker.dose import AerobicDose, AnyDose, Tempo

__all__ = ["Exercise", "Fact", "Group", "Kind", "Position", "Sides", "Sourced", "Step", "Variant"]


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
    KNEELING = "kneeling"
    QUAD = "quad"
    SIDE = "side"
    SUPINE = "supine"
    PRONE = "prone"
    WATER = "water"

    @property
    def on_floor(self) -> bool:
        """Whether somebody has to get down for it."""
        return self not in (Position.STANDING, Position.SITTING, Position.WATER)


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
class Variant:
    """Another form of an exercise: easier, harder, or the safer one that a condition asks for.

    ``position`` and ``equipment_any_of`` are None where they are the exercise's own;
    ``max_hold_seconds`` None where the hold is not limited. ``easy_pace``: no part is brisk.
    ``serves`` names the forms whose change it makes too, so that it can stand for all of them.
    ``raises_dose``: it is the exercise at more than the source's full dose, so that no plan has it.
    ``pictured``: the exercise's own picture shows this form too.
    """

    id: str
    kind: str
    sources: tuple[str, ...]
    position: Position | None = None
    equipment_any_of: tuple[str, ...] | None = None
    max_hold_seconds: int | None = None
    easy_pace: bool = False
    serves: tuple[str, ...] = ()
    raises_dose: bool = False
    pictured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    """One exercise; ``full`` is the source's dose, a ceiling that no plan exceeds.

    ``priority`` orders the exercises of a group, the seeds' first; ``tags`` name the movements
    that conditions forbid, each "yes", "mild" or "risk".
    """

    id: str
    order: int
    priority: int
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
    tags: tuple[tuple[str, str], ...] = ()
    good_for: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()

    def harder(self, at_hand: frozenset[str]) -> str:
        """Return the first harder form that raises no dose and whose equipment is at hand, or an empty text."""
        for form in self.variants:
            things = form.equipment_any_of
            if form.kind == "harder" and not form.raises_dose and (things is None or at_hand.intersection(things)):
                return form.id
        return ""

    def pictured(self, variant: str) -> bool:
        """Tell whether the exercise's own picture shows a form of it."""
        return not variant or any(form.id == variant and form.pictured for form in self.variants)

    def in_form(self, variant: str) -> Exercise:
        """Return the exercise as a variant has it: position, equipment, and holds no longer than allowed.

        An empty text means its own form; raise KeyError if there is no such variant.
        """
        if not variant:
            return self
        form = next((item for item in self.variants if item.id == variant), None)
        if form is None:
            raise KeyError(variant)
        equipment = self.equipment_any_of if form.equipment_any_of is None else form.equipment_any_of
        return dataclasses.replace(
            self,
            position=form.position or self.position,
            equipment_any_of=equipment,
            full=_limited(self.full, form),
            ramp=tuple(dataclasses.replace(step, dose=_limited(step.dose, form)) for step in self.ramp),
        )


def _limited(dose: AnyDose, form: Variant) -> AnyDose:
    """Return a dose as a form allows it: held no longer, or at an easy pace."""
    if isinstance(dose, AerobicDose):
        return dataclasses.replace(dose, easy=form.easy_pace)
    most = dose.hold_seconds if form.max_hold_seconds is None else form.max_hold_seconds
    return dataclasses.replace(dose, hold_seconds=min(dose.hold_seconds, most))
