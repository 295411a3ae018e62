"""Choose which exercises a programme may use, in which form, and why.

The objective, in this order: every group of the profile is covered; the profile's own
places, seeds first, in its order of introduction; a place whose exercise a condition or
missing equipment rules out goes to an exercise of the same group that shares a target muscle:
one known to be good for the conditions before one that is fine, before one that must be changed,
and among these the first by priority. Nothing is drawn by lot: the same request gives the same choice.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.condition import Action, Verdict, suitability, verdict
from planmaker.errors import Problem
from planmaker.exercise import Exercise, Group
from planmaker.programme import LeftOut, Slot

if TYPE_CHECKING:
    from planmaker.catalogue import Catalogue, Place, Profile
    from planmaker.request import Request

__all__ = ["Candidate", "Order", "Selection", "refusal", "select"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An exercise as this person is to do it, its slots, and why it is here.

    ``exercise`` already has the variant's position, equipment and limits; ``pictured`` tells whether the
    exercise's own picture shows that position. ``reason`` is "profile",
    "include" or "replaces"; ``replaces`` names the exercise whose place it takes. ``skipped`` counts
    the places before it that a condition leaves empty.
    """

    exercise: Exercise
    slots: tuple[Slot, ...]
    reason: str
    replaces: str = ""
    pictured: bool = True
    skipped: int = 0
    verdict: Verdict = dataclasses.field(default_factory=Verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The candidates in the order of introduction, the aerobic ones last, and what is left out."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]


def refusal(request: Request, catalogue: Catalogue) -> Problem | None:
    """Return the Problem of conditions that need somebody's leave to exercise, or that allow no harder forms."""
    if request.harder and request.avoid:
        what = "a harder form is not for somebody with a condition (J); drop one of the two"
        return Problem(where="harder and avoid", what=what)
    uncleared = [name for name in request.avoid if catalogue.conditions[name].needs_clearance]
    if not uncleared or request.cleared_by:
        return None
    what = "no plan without leave; type in cleared_by who allowed exercise, and ask them first"
    return Problem(where="avoid", what=what, hint=", ".join(uncleared))


def select(request: Request, profile: Profile, catalogue: Catalogue) -> Selection | Problem:
    """Return what may be used and what a wish leaves out; a Problem if an included exercise cannot be."""
    sieve = _Sieve(request, catalogue)
    own = {place.exercise for place in profile.places}
    chosen: list[Candidate] = []
    left_out: list[LeftOut] = []
    skipped = 0
    for place in profile.places:
        result = sieve.candidate(place.exercise, place.slots, "profile")
        if isinstance(result, Candidate):
            chosen.append(dataclasses.replace(result, skipped=skipped))
            continue
        left_out.append(result)
        taken = own | {item.exercise.id for item in chosen}
        replacement = _replacement(result, place, taken, sieve, catalogue)
        if replacement is not None:
            chosen.append(dataclasses.replace(replacement, skipped=skipped))
        elif result.reason == "avoid":
            skipped += 1
    included = _included(request, profile, chosen, sieve, catalogue)
    if isinstance(included, Problem):
        return included
    first = profile.first_week - 1
    ordered = (*chosen[:first], *included, *chosen[first:])
    wished = _wished_aerobic(request, profile, sieve, catalogue)
    if isinstance(wished, Problem):
        return wished
    aerobic, without = ((wished,), ()) if wished else _aerobic(profile, sieve, catalogue)
    return Selection(candidates=(*ordered, *aerobic), left_out=(*left_out, *without))


class Order:
    """Hand out the places in the order of introduction (from 0).

    A place that a condition leaves empty stays so, lest a condition make a plan faster, unless the
    first exercise of a group would else miss week 1, which has the places before ``week_2``.
    """

    def __init__(self, week_2: int) -> None:
        self._week_2 = week_2
        self._following = 0
        self._skipped = 0
        self._empty: list[int] = []
        self._groups: set[Group] = set()

    def position(self, candidate: Candidate) -> int:
        """Return the place that a candidate would have."""
        for _ in range(self._skipped, candidate.skipped):
            self._empty.append(self._following)
            self._following += 1
            self._skipped += 1
        late = candidate.exercise.group not in self._groups and self._following >= self._week_2
        return self._empty[0] if late and self._empty else self._following

    def take(self, position: int, candidate: Candidate) -> None:
        """Give a candidate its place."""
        self._groups.add(candidate.exercise.group)
        if position in self._empty:
            self._empty.remove(position)
        else:
            self._following += 1


class _Sieve:
    """Tell of each exercise whether this person may do it, in which form, or why not."""

    def __init__(self, request: Request, catalogue: Catalogue) -> None:
        rules = catalogue.rules
        self._catalogue = catalogue
        self._excluded = frozenset(request.exclude)
        self._conditions = tuple(catalogue.conditions[name] for name in request.avoid)
        self._at_hand = rules.at_hand(request.equipment)

    def suitability(self, exercise: Exercise) -> int:
        """Return how well an exercise suits this person's conditions, the best first."""
        return suitability(exercise, self._conditions)

    def candidate(self, name: str, slots: tuple[Slot, ...], reason: str, replaces: str = "") -> Candidate | LeftOut:
        """Return the exercise in the form it may be done, or why it is left out."""
        if name in self._excluded:
            return LeftOut(exercise=name, reason="exclude")
        own = self._catalogue.exercises[name]
        decided = verdict(own, self._conditions)
        if decided.action is Action.LEAVE_OUT:
            return LeftOut(exercise=name, reason="avoid", condition=decided.condition, because=decided.because)
        exercise = own.in_form(decided.variant)
        if exercise.equipment_any_of and not self._at_hand.intersection(exercise.equipment_any_of):
            return LeftOut(exercise=name, reason="equipment")
        return Candidate(
            exercise=exercise,
            slots=slots[: exercise.times_a_day],
            reason=reason,
            replaces=replaces,
            pictured=own.pictured(decided.variant),
            verdict=decided,
        )


def _replacement(
    missing: LeftOut, place: Place, taken: set[str], sieve: _Sieve, catalogue: Catalogue
) -> Candidate | None:
    """Return what takes the place of an exercise that a condition or missing equipment rules out.

    What somebody asked to leave out is not replaced: that is their wish.
    """
    if missing.reason == "exclude":
        return None
    lost = catalogue.exercises[place.exercise]
    for exercise in sorted(catalogue.by_priority(lost.group), key=sieve.suitability):
        if exercise.id in taken or not set(exercise.muscles) & set(lost.muscles):
            continue
        found = sieve.candidate(exercise.id, place.slots, "replaces", lost.id)
        if isinstance(found, Candidate):
            return found
    return None


def _included(
    request: Request, profile: Profile, chosen: list[Candidate], sieve: _Sieve, catalogue: Catalogue
) -> tuple[Candidate, ...] | Problem:
    """Return the exercises that were asked for and are not there yet."""
    present = {item.exercise.id for item in chosen}
    found: list[Candidate] = []
    for name in request.include:
        exercise = catalogue.exercises[name]
        if name in present or exercise.group is Group.AEROBIC:
            continue
        result = sieve.candidate(name, _usual_slots(exercise.group, profile, catalogue), "include")
        if isinstance(result, LeftOut):
            return _ruled_out(result)
        found.append(result)
    return tuple(found)


def _ruled_out(item: LeftOut) -> Problem:
    what = "an exercise is wished and ruled out; drop one of the two"
    return Problem(where=f"include and {item.reason}", what=what, hint=item.exercise)


def _wished_aerobic(
    request: Request, profile: Profile, sieve: _Sieve, catalogue: Catalogue
) -> Candidate | Problem | None:
    """Return the aerobic exercise that was asked for, None if none was: a programme has one."""
    names = [name for name in request.include if catalogue.exercises[name].group is Group.AEROBIC]
    if not names:
        return None
    if len(names) > 1:
        what = "a plan has one aerobic exercise; wish for one of these"
        return Problem(where="include", what=what, hint=", ".join(names))
    if not profile.aerobic:
        what = "this profile has no aerobic exercise; choose another, or drop the wish"
        return Problem(where="include and profile", what=what, hint=names[0])
    found = sieve.candidate(names[0], (Slot.AEROBIC,), "profile" if names[0] == profile.aerobic[0] else "include")
    return _ruled_out(found) if isinstance(found, LeftOut) else found


def _usual_slots(group: Group, profile: Profile, catalogue: Catalogue) -> tuple[Slot, ...]:
    """Return where a profile puts a group: as its first exercise of that group, else morning and evening."""
    for place in profile.places:
        if catalogue.exercises[place.exercise].group is group:
            return place.slots
    return (Slot.MORNING, Slot.EVENING)


def _aerobic(
    profile: Profile, sieve: _Sieve, catalogue: Catalogue
) -> tuple[tuple[Candidate, ...], tuple[LeftOut, ...]]:
    """Return the first aerobic exercise that may be used; what is left out before it only if none is.

    One that a condition changes gives way to one known to be good for it.
    """
    results = [sieve.candidate(name, (Slot.AEROBIC,), "profile") for name in profile.aerobic]
    able = [item for item in results if isinstance(item, Candidate)]
    if not able:
        return (), tuple(item for item in results if isinstance(item, LeftOut))
    best = [item for item in able if sieve.suitability(catalogue.exercises[item.exercise.id]) == 0]
    return ((best or able)[0] if able[0].verdict.variant else able[0],), ()
