"""Hold what to do, week by week and session by session: no person and no dates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planmaker.dose import AnyDose
from planmaker.exercise import Group, Kind, Sides

__all__ = ["Change", "Choice", "LeftOut", "Prescription", "Programme", "Session", "Slot", "Week"]


class Slot(StrEnum):
    """When in the day a session falls; a once-a-day plan has only the morning slot."""

    MORNING = "am"
    EVENING = "pm"
    AEROBIC = "aerobic"


class Change(StrEnum):
    """How a dose compares with the week before."""

    NEW = "new"
    MORE = "more"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """An exercise at a dose on some plan days of a week (offsets 0-6 from the start).

    ``step`` of ``steps`` is the place on the exercise's ramp, from 1; ``variant`` is the form of
    the exercise, empty for its own, and ``pictured`` tells whether its picture shows that form.
    """

    exercise: str
    group: Group
    kind: Kind
    sides: Sides
    bends_spine: bool
    dose: AnyDose
    days: tuple[int, ...]
    change: Change
    step: int
    steps: int
    variant: str = ""
    pictured: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What is done in one slot of a week, in order; ``minutes`` for each plan day, 0 for none."""

    slot: Slot
    prescriptions: tuple[Prescription, ...]
    minutes: tuple[int, ...]

    def on(self, day: int) -> tuple[Prescription, ...]:
        """Return what is due on a plan day, in order."""
        return tuple(item for item in self.prescriptions if day in item.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One week, numbered from 1, with its sessions in the order of a day."""

    number: int
    sessions: tuple[Session, ...]

    def prescriptions(self) -> tuple[Prescription, ...]:
        """Return what all sessions of the week hold, in the order of a day."""
        return tuple(item for session in self.sessions for item in session.prescriptions)

    def session(self, slot: Slot) -> Session | None:
        """Return the session of a slot, or None when the week has none."""
        return next((session for session in self.sessions if session.slot is slot), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An exercise of the profile that is not in the programme, and which wish left it out.

    ``reason`` is one of "exclude", "avoid", "equipment", "weeks", "max_exercises", "minutes";
    "avoid" comes with the condition and a key of the words' reasons.
    """

    exercise: str
    reason: str
    condition: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Why an exercise is in the programme, from which week, and in which form.

    ``reason`` is "profile", "include" or "replaces" (then ``replaces`` names the one whose place it
    takes). ``condition`` and ``because`` say what asked for the variant.
    """

    exercise: str
    entry: int
    reason: str
    replaces: str = ""
    variant: str = ""
    condition: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A whole programme; equal programmes print the same impersonal pages. ``floor``: one gets down to it."""

    profile: str
    per_day: int
    weeks: tuple[Week, ...]
    left_out: tuple[LeftOut, ...] = ()
    choices: tuple[Choice, ...] = ()
    level: str = "standard"
    avoid: tuple[str, ...] = ()
    floor: bool = False

    def exercises(self) -> tuple[str, ...]:
        """Return the ids of all exercises, by the week in which they enter, then in session order."""
        seen: dict[str, None] = {}
        for week in self.weeks:
            for session in week.sessions:
                for item in session.prescriptions:
                    seen.setdefault(item.exercise)
        return tuple(seen)

    def course(self, exercise: str) -> tuple[Prescription | None, ...]:
        """Return what is prescribed of an exercise in each week, None before it enters."""
        return tuple(_find(week, exercise) for week in self.weeks)


def _find(week: Week, exercise: str) -> Prescription | None:
    for session in week.sessions:
        for item in session.prescriptions:
            if item.exercise == exercise:
                return item
    return None
