"""Compose a programme from a request, by the rules of the catalogue."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.dose import AerobicDose, AnyDose, seconds, within
from planmaker.errors import Problem
from planmaker.exercise import Exercise, Group, Kind, Position
from planmaker.programme import Change, LeftOut, Prescription, Programme, Session, Slot, Week

if TYPE_CHECKING:
    from planmaker.catalogue import Catalogue, Profile, Rules
    from planmaker.request import Request

__all__ = ["check_programme", "compose", "refreshed"]

DAILY = tuple(range(7))
_POSITIONS = tuple(Position)
_GROUPS = tuple(Group)
_KINDS = tuple(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """An exercise that may be used, where, on which plan days, and from which week."""

    exercise: Exercise
    slots: tuple[Slot, ...]
    days: tuple[int, ...] | None  # None: the aerobic days of each week
    entry: int


def compose(request: Request, catalogue: Catalogue) -> Programme | Problem:
    """Return the programme that a request asks for, or the Problem that says which wishes clash.

    Exercises are taken in the profile's order of introduction, each unless it is excluded, needs
    equipment that is not at hand, would enter after the last week, or would make a session longer
    than the wishes allow in any week. The catalogue's full dose and times a day are a ceiling. The
    same request gives the same programme.
    """
    profile = catalogue.profiles[request.profile]
    usable, left_out = _usable(profile, request, catalogue)
    chosen, too_much = _choose(usable, profile, request, catalogue.rules)
    walk = _aerobic(profile, usable)
    gap = _gap(profile, (*chosen, *walk), (*left_out, *too_much), catalogue)
    if gap is not None:
        return gap
    return Programme(
        profile=profile.id,
        per_day=request.per_day,
        weeks=_weeks((*chosen, *walk), request.weeks, catalogue.rules),
        left_out=(*left_out, *too_much),
    )


def _usable(
    profile: Profile, request: Request, catalogue: Catalogue
) -> tuple[tuple[Exercise, ...], tuple[LeftOut, ...]]:
    """Part the profile's exercises into those that can be used and those a wish leaves out."""
    usable, left_out = [], []
    at_hand = catalogue.rules.always_at_hand | (
        catalogue.rules.household if request.equipment is None else frozenset(request.equipment)
    )
    for name in (*(place.exercise for place in profile.places), *profile.aerobic):
        exercise = catalogue.exercises[name]
        if name in request.exclude:
            left_out.append(LeftOut(exercise=name, reason="exclude"))
        elif exercise.equipment_any_of and not at_hand & set(exercise.equipment_any_of):
            left_out.append(LeftOut(exercise=name, reason="equipment"))
        else:
            usable.append(exercise)
    needless = {exercise.id for exercise in usable if exercise.group is Group.AEROBIC}
    return tuple(usable), tuple(
        item for item in left_out if not (needless and catalogue.exercises[item.exercise].group is Group.AEROBIC)
    )


def _choose(
    usable: tuple[Exercise, ...], profile: Profile, request: Request, rules: Rules
) -> tuple[tuple[_Candidate, ...], tuple[LeftOut, ...]]:
    """Take exercises in order while every session of every week keeps within the wishes."""
    chosen: tuple[_Candidate, ...] = ()
    left_out: list[LeftOut] = []
    for exercise in usable:
        if exercise.group is Group.AEROBIC:
            continue
        candidate = _candidate(exercise, profile, request, rules, entry=_entry(len(chosen), profile, rules))
        if candidate.entry > request.weeks:
            left_out.append(LeftOut(exercise=exercise.id, reason="weeks"))
            continue
        excess = _excess(_weeks((*chosen, candidate), request.weeks, rules), request)
        if excess:
            left_out.append(LeftOut(exercise=exercise.id, reason=excess))
        else:
            chosen = (*chosen, candidate)
    return chosen, tuple(left_out)


def _entry(index: int, profile: Profile, rules: Rules) -> int:
    """Return the week in which the exercise at a place of the order of introduction enters."""
    first = min(profile.first_week, rules.first_week_exercises)
    each = min(profile.new_each_week, rules.new_each_week)
    return 1 if index < first else 2 + (index - first) // each


def _candidate(exercise: Exercise, profile: Profile, request: Request, rules: Rules, *, entry: int) -> _Candidate:
    own_days = rules.load_days if exercise.kind is Kind.LOAD else DAILY
    slots = next(place.slots for place in profile.places if place.exercise == exercise.id)[: exercise.times_a_day]
    if request.per_day == 1:
        allowed = profile.once_a_day.get(exercise.group, DAILY)
        slots, own_days = (Slot.MORNING,), tuple(day for day in own_days if day in allowed)
    return _Candidate(exercise=exercise, slots=slots, days=own_days[: exercise.days_a_week], entry=entry)


def _aerobic(profile: Profile, usable: tuple[Exercise, ...]) -> tuple[_Candidate, ...]:
    """Return the first aerobic exercise that can be used, if the profile has any."""
    found = next((exercise for exercise in usable if exercise.id in profile.aerobic), None)
    return () if found is None else (_Candidate(exercise=found, slots=(Slot.AEROBIC,), days=None, entry=1),)


def _excess(weeks: tuple[Week, ...], request: Request) -> str:
    """Return which wish a session breaks, or an empty text."""
    for week in weeks:
        for session in week.sessions:
            if any(len(session.on(day)) > request.max_exercises for day in DAILY):
                return "max_exercises"
            if request.minutes is not None and max(session.minutes) > request.minutes:
                return "minutes"
    return ""


def _gap(
    profile: Profile, chosen: tuple[_Candidate, ...], left_out: tuple[LeftOut, ...], catalogue: Catalogue
) -> Problem | None:
    """Return a Problem if a group of the profile is left with no exercise."""
    wanted = {catalogue.exercises[place.exercise].group for place in profile.places}
    wanted |= {catalogue.exercises[name].group for name in profile.aerobic}
    missing = [group for group in _GROUPS if group in wanted - {item.exercise.group for item in chosen}]
    if not missing:
        return None
    reasons = {item.reason for item in left_out if catalogue.exercises[item.exercise].group is missing[0]}
    fields = " and ".join(
        reason for reason in ("exclude", "equipment", "max_exercises", "minutes") if reason in reasons
    )
    what = f"leaves no {missing[0].value} exercise for profile {profile.id}; allow more, or choose another profile"
    return Problem(where=fields or "weeks", what=what)


def _weeks(candidates: tuple[_Candidate, ...], count: int, rules: Rules) -> tuple[Week, ...]:
    """Write out every week: who is in, at which step of the ramp, and in which order."""
    courses = {item.exercise.id: _climb(item, count) for item in candidates}
    return tuple(
        Week(
            number=number,
            sessions=tuple(
                session
                for slot in (Slot.MORNING, Slot.AEROBIC, Slot.EVENING)
                if (session := _session(slot, number, candidates, courses, rules)) is not None
            ),
        )
        for number in range(1, count + 1)
    )


def _climb(candidate: _Candidate, count: int) -> tuple[int, ...]:
    """Return the ramp step (from 0) for each week from the week of entry: at most one up a week."""
    ramp = candidate.exercise.ramp
    steps: list[int] = []
    for week in range(candidate.entry, count + 1):
        following = steps[-1] + 1 if steps else 0
        allowed = following < len(ramp) and ramp[following].not_before_week <= week
        steps.append(following if allowed or not steps else steps[-1])
    return tuple(steps)


def _session(
    slot: Slot, number: int, candidates: tuple[_Candidate, ...], courses: dict[str, tuple[int, ...]], rules: Rules
) -> Session | None:
    present = sorted((item for item in candidates if slot in item.slots and item.entry <= number), key=_place)
    if not present:
        return None
    prescriptions = tuple(_prescription(item, number, courses[item.exercise.id], rules) for item in present)
    exercises = {item.exercise.id: item.exercise for item in present}
    minutes = tuple(
        _minutes([(exercises[item.exercise], item.dose) for item in prescriptions if day in item.days], rules)
        for day in DAILY
    )
    return Session(slot=slot, prescriptions=prescriptions, minutes=minutes)


def _place(candidate: _Candidate) -> tuple[int, int, int, int]:
    """Sort by position, so that there is one trip to the floor; strengthening first within one."""
    exercise = candidate.exercise
    return (
        _POSITIONS.index(exercise.position),
        _GROUPS.index(exercise.group),
        _KINDS.index(exercise.kind),
        exercise.order,
    )


def _prescription(candidate: _Candidate, number: int, course: tuple[int, ...], rules: Rules) -> Prescription:
    exercise, index = candidate.exercise, number - candidate.entry
    step = course[index]
    changed = Change.NEW if index == 0 else Change.MORE if step > course[index - 1] else Change.SAME
    days = rules.aerobic_days_in(number) if candidate.days is None else candidate.days
    return Prescription(
        exercise=exercise.id,
        group=exercise.group,
        kind=exercise.kind,
        sides=exercise.sides,
        bends_spine=exercise.bends_spine,
        dose=exercise.ramp[step].dose,
        days=days[: exercise.days_a_week],
        change=changed,
        step=step + 1,
        steps=len(exercise.ramp),
    )


def _minutes(due: list[tuple[Exercise, AnyDose]], rules: Rules) -> int:
    """Return a session's minutes, rounded up (REFERENCE rule 8); 0 if nothing is due."""
    if not due:
        return 0
    if all(isinstance(dose, AerobicDose) for _, dose in due):
        return sum(seconds(dose, exercise.tempo) for exercise, dose in due) // 60
    load = any(exercise.kind is Kind.LOAD for exercise, _ in due)
    floor = any(exercise.position.on_floor for exercise, _ in due)
    total = sum(seconds(dose, exercise.tempo) + rules.each_exercise for exercise, dose in due)
    total += (rules.warm_up_before_load if load else rules.warm_up) + (rules.floor if floor else 0)
    return math.ceil(total / 60)


def refreshed(programme: Programme, catalogue: Catalogue) -> Programme:
    """Return an edited programme with what follows from exercises and doses: kinds, sides, minutes.

    Exercises that the catalogue lacks are left as they are; ``check_programme`` names them.
    """
    known = catalogue.exercises
    weeks = tuple(
        dataclasses.replace(week, sessions=tuple(_refreshed(session, catalogue) for session in week.sessions))
        for week in programme.weeks
        if all(item.exercise in known for session in week.sessions for item in session.prescriptions)
    )
    return dataclasses.replace(programme, weeks=weeks) if len(weeks) == len(programme.weeks) else programme


def _refreshed(session: Session, catalogue: Catalogue) -> Session:
    items = tuple(_described(item, catalogue.exercises[item.exercise]) for item in session.prescriptions)
    due = [[(catalogue.exercises[item.exercise], item.dose) for item in items if day in item.days] for day in DAILY]
    return dataclasses.replace(
        session, prescriptions=items, minutes=tuple(_minutes(day, catalogue.rules) for day in due)
    )


def _described(item: Prescription, exercise: Exercise) -> Prescription:
    return dataclasses.replace(
        item,
        group=exercise.group,
        kind=exercise.kind,
        sides=exercise.sides,
        bends_spine=exercise.bends_spine,
        steps=len(exercise.ramp),
    )


def check_programme(programme: Programme, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Return every place where a programme, perhaps edited by hand, is above its sources."""
    problems: list[Problem] = []
    if programme.profile not in catalogue.profiles:
        problems.append(Problem(where="profile", what=f"expected one of {', '.join(catalogue.profiles)}"))
    for week in programme.weeks:
        for session in week.sessions:
            for item in session.prescriptions:
                where = f"week {week.number}, {session.slot}, {item.exercise}"
                what = _above(item, session.slot, week, catalogue)
                if what:
                    problems.append(Problem(where=where, what=what))
    return tuple(problems)


def _above(item: Prescription, slot: Slot, week: Week, catalogue: Catalogue) -> str:
    exercise = catalogue.exercises.get(item.exercise)
    if exercise is None:
        return "not in the catalogue"
    if not within(item.dose, exercise.full):
        return f"above the source's dose, or not a dose; expected at most {_numbers(exercise.full)}"
    if not item.days or len(set(item.days)) > exercise.days_a_week or set(item.days) - set(DAILY):
        return f"expected 1 to {exercise.days_a_week} days a week"
    times = sum(other.exercise == item.exercise for session in week.sessions for other in session.prescriptions)
    if times > exercise.times_a_day:
        return f"expected at most {exercise.times_a_day} times a day"
    if (slot is Slot.AEROBIC) != (exercise.group is Group.AEROBIC):
        return f"expected in another session than {slot}"
    return ""


def _numbers(dose: AnyDose) -> str:
    if isinstance(dose, AerobicDose):
        return f"{dose.brisk_minutes} brisk minutes"
    return f"{dose.sets} sets of {dose.repetitions}, held {dose.hold_seconds} seconds"
