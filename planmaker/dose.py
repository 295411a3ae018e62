"""Hold a dose and do its arithmetic: time under exercise, boxes to tick, ceilings."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AerobicDose", "AnyDose", "Dose", "Tempo", "boxes", "seconds", "within"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """Sets of repetitions, each held for a time (0: not held); a side when done on two."""

    sets: int = 1
    repetitions: int
    hold_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AerobicDose:
    """Brisk minutes with easy minutes before, and as many again after; ``easy``: no part is brisk."""

    brisk_minutes: int
    easy_minutes: int = 5
    easy: bool = False

    @property
    def minutes(self) -> int:
        """The whole outing, easy parts included."""
        return self.brisk_minutes + 2 * self.easy_minutes


AnyDose = Dose | AerobicDose


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How long what is not exercise takes: before it, after each repetition, between sets; and the sides."""

    pause_seconds: int
    rest_seconds: int = 0
    before_seconds: int = 0
    sides: int = 1


def seconds(dose: AnyDose, tempo: Tempo) -> int:
    """Return the length of one exercise in seconds, without setting up (REFERENCE rule 8)."""
    if isinstance(dose, AerobicDose):
        return dose.minutes * 60
    repetitions = tempo.sides * dose.sets * dose.repetitions
    exercise = repetitions * (dose.hold_seconds + tempo.pause_seconds) + (dose.sets - 1) * tempo.rest_seconds
    return tempo.before_seconds + exercise


def boxes(dose: AnyDose) -> int:
    """Return how many boxes one side of a session has: one a held repetition, else one a set."""
    if isinstance(dose, AerobicDose):
        return 1
    return dose.sets * dose.repetitions if dose.hold_seconds else dose.sets


def within(dose: AnyDose, ceiling: AnyDose) -> bool:
    """Tell whether no part of a dose is above the ceiling's."""
    if isinstance(dose, Dose) and isinstance(ceiling, Dose):
        return (
            0 < dose.sets <= ceiling.sets
            and 0 < dose.repetitions <= ceiling.repetitions
            and 0 <= dose.hold_seconds <= ceiling.hold_seconds
        )
    if isinstance(dose, AerobicDose) and isinstance(ceiling, AerobicDose):
        return (
            0 < dose.brisk_minutes <= ceiling.brisk_minutes
            and dose.easy_minutes == ceiling.easy_minutes
            and (dose.easy or not ceiling.easy)
        )
    return False
