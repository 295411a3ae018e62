"""Compose a programme from a request, by the rules of the catalogue."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from planmaker.course import Course, climb, hardened
from planmaker.days import DAILY, fitted, offsets_off
from planmaker.dose import AerobicDose, seconds
from planmaker.errors import Problem
from planmaker.exercise import Exercise, Group, Kind, Position
from planmaker.programme import Change, Choice, LeftOut, Prescription, Programme, Session, Slot, Week
from planmaker.selection import Candidate, Order, Selection, refusal, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planmaker.catalogue import Catalogue, Level, Profile, Rules
    from planmaker.dose import AnyDose
    from planmaker.request import Request

__all__ = ["compose", "gets_down", "session_minutes", "session_place"]

_POSITIONS = tuple(Position)
_GROUPS = tuple(Group)
_KINDS = tuple(Kind)
_NONE_HARDER = (
    "no exercise is long enough at its full dose to go on to a harder form; "
    "allow more weeks, or things such as a band, or drop the wish"
)
_REASONS = ("avoid", "exclude", "equipment", "max_exercises", "minutes")


def compose(request: Request, catalogue: Catalogue) -> Programme | Problem:
    """Return the programme that a request asks for, or the Problem that says which wishes clash.

    Exercises are taken in the order that ``selection.select`` gives, each unless it would enter after
    the last week or make a session of any week longer or fuller than wished. The catalogue's full dose
    and times a day are a ceiling. The same request gives the same programme.
    """
    profile = catalogue.profiles[request.profile]
    selection = refusal(request, catalogue) or select(request, profile, catalogue)
    if isinstance(selection, Problem):
        return selection
    planner = _Planner(request, profile, catalogue.rules)
    courses, too_much = planner.admit(selection)
    left_out = (*selection.left_out, *too_much)
    clash = _gap(profile, courses, left_out, catalogue) or _unmet(request, too_much)
    if clash is not None:
        return clash
    if request.harder:
        courses = planner.hardened(courses)
        if not any(course.harder for course in courses):
            return Problem(where="harder and weeks", what=_NONE_HARDER)
    return Programme(
        profile=profile.id,
        per_day=request.per_day,
        weeks=planner.weeks(courses),
        left_out=left_out,
        choices=tuple(_choice(course) for course in courses if not course.harder),
        level=request.level,
        avoid=request.avoid,
        floor=gets_down((course.exercise for course in courses), request.avoid, catalogue),
    )


class _Planner:
    """Lay candidates out over the weeks of one request."""

    def __init__(self, request: Request, profile: Profile, rules: Rules) -> None:
        self._request = request
        self._profile = profile
        self._rules = rules
        self._level: Level = rules.levels[request.level]
        self._off = offsets_off(request.days_off, request.start)

    def admit(self, selection: Selection) -> tuple[tuple[Course, ...], tuple[LeftOut, ...]]:
        """Take candidates in order while every session of every week keeps within the wishes."""
        courses: list[Course] = []
        left_out: list[LeftOut] = []
        ramps = max((len(item.exercise.ramp) for item in selection.candidates), default=1)
        last = self._entry(len(selection.candidates) + len(selection.left_out)) + ramps * self._level.weeks_a_step
        tally = _Tally(self._request, self._rules, min(last, self._request.weeks))
        order = Order(min(self._profile.first_week, self._level.first_week))
        for candidate in selection.candidates:
            if candidate.exercise.group is Group.AEROBIC:
                courses.append(self._course(candidate, 1))
                continue
            position = order.position(candidate)
            course = self._course(candidate, self._entry(position))
            reason = "weeks" if course.entry > self._request.weeks or not course.days else tally.excess(course)
            if reason:
                left_out.append(LeftOut(exercise=candidate.exercise.id, reason=reason))
            else:
                order.take(position, candidate)
                tally.add(course)
                courses.append(course)
        return tuple(courses), tuple(left_out)

    def hardened(self, courses: tuple[Course, ...]) -> tuple[Course, ...]:
        """Let exercises go on to their harder forms, no more in a week than may be new in it."""
        at_hand = self._rules.at_hand(self._request.equipment)
        pace = self._level.weeks_a_step
        return hardened(courses, at_hand, self._new_each_week, self._rules.weeks_at_full, pace)

    @property
    def _new_each_week(self) -> int:
        return min(self._profile.new_each_week, self._level.new_each_week)

    def _entry(self, index: int) -> int:
        """Return the week in which the exercise at a place of the order of introduction enters."""
        first = min(self._profile.first_week, self._level.first_week)
        return 1 if index < first else 2 + (index - first) // self._new_each_week

    def _course(self, candidate: Candidate, entry: int) -> Course:
        exercise = candidate.exercise
        weeks = range(entry, self._request.weeks + 1)
        steps = climb(exercise.ramp, weeks, self._level.weeks_a_step)
        slots = tuple(self._slots(candidate, week - entry) for week in weeks)
        return Course(candidate=candidate, entry=entry, days=self._days(exercise), steps=steps, slots=slots)

    def _slots(self, candidate: Candidate, weeks_in: int) -> tuple[Slot, ...]:
        if candidate.exercise.group is Group.AEROBIC:
            return candidate.slots
        if self._request.per_day == 1:
            return (Slot.MORNING,)
        return candidate.slots[:1] if weeks_in < self._level.once_a_day_weeks else candidate.slots

    def _days(self, exercise: Exercise) -> tuple[int, ...] | None:
        """Return the plan days of an exercise; None for aerobic ones, whose days change with the weeks."""
        if exercise.group is Group.AEROBIC:
            return None
        usual = fitted(self._rules.load_days, self._off) if exercise.kind is Kind.LOAD else DAILY
        allowed: Iterable[int] = DAILY
        if self._request.per_day == 1 and exercise.group in self._profile.once_a_day:
            allowed = self._once_a_day(exercise.group)
        return tuple(day for day in usual if day in allowed and day not in self._off)[: exercise.days_a_week]

    def _once_a_day(self, group: Group) -> tuple[int, ...]:
        """Return a group's own days when there is one session a day: strengthening keeps the load days."""
        if group is Group.STRENGTHENING:
            return fitted(self._profile.once_a_day[group], self._off)
        strong = fitted(self._profile.once_a_day.get(Group.STRENGTHENING, ()), self._off)
        return tuple(day for day in DAILY if day not in strong)

    def weeks(self, courses: tuple[Course, ...]) -> tuple[Week, ...]:
        """Write out every week: who is in, at which step, and in which order."""
        return tuple(
            Week(
                number=number,
                sessions=tuple(
                    session
                    for slot in (Slot.MORNING, Slot.AEROBIC, Slot.EVENING)
                    if (session := self._session(slot, number, courses)) is not None
                ),
            )
            for number in range(1, self._request.weeks + 1)
        )

    def _session(self, slot: Slot, number: int, courses: tuple[Course, ...]) -> Session | None:
        present = sorted(
            (item for item in courses if slot in item.slots_in(number)),
            key=lambda item: session_place(item.exercise),
        )
        if not present:
            return None
        items = tuple(self._prescription(course, number) for course in present)
        minutes = tuple(
            session_minutes(
                ((course.exercise, item.dose) for course, item in zip(present, items, strict=True) if day in item.days),
                self._rules,
            )
            for day in DAILY
        )
        return Session(slot=slot, prescriptions=items, minutes=minutes)

    def _prescription(self, course: Course, number: int) -> Prescription:
        exercise, index = course.exercise, number - course.entry
        step = course.steps[index]
        dose = course.dose(number)
        more = index > 0 and dose != course.dose(number - 1)
        days = fitted(self._rules.aerobic_days_in(number), self._off) if course.days is None else course.days
        return Prescription(
            exercise=exercise.id,
            group=exercise.group,
            kind=exercise.kind,
            sides=exercise.sides,
            bends_spine=exercise.bends_spine,
            dose=dose,
            days=days[: exercise.days_a_week],
            change=Change.NEW if index == 0 else Change.MORE if more else Change.SAME,
            step=step + 1,
            steps=len(exercise.ramp),
            variant=course.harder or course.candidate.verdict.variant,
            pictured=course.candidate.pictured,
        )


def gets_down(forms: Iterable[Exercise], avoid: Iterable[str], catalogue: Catalogue) -> bool:
    """Tell whether somebody with some conditions gets down to the floor for exercises in their forms."""
    off_floor = any(catalogue.conditions[name].off_floor for name in avoid if name in catalogue.conditions)
    return not off_floor and any(form.position.on_floor for form in forms)


def session_place(exercise: Exercise) -> tuple[int, int, int, int]:
    """Return where an exercise stands in a session: by position, so that there is one trip to the floor.

    Strengthening comes first within a position (REFERENCE rule 6).
    """
    return (
        _POSITIONS.index(exercise.position),
        _GROUPS.index(exercise.group),
        _KINDS.index(exercise.kind),
        exercise.order,
    )


class _Sum(NamedTuple):
    """What a session holds: exercises, their seconds, whether one is load or on the floor."""

    exercises: int = 0
    seconds: int = 0
    load: bool = False
    floor: bool = False

    def plus(self, exercise: Exercise, dose: AnyDose, rules: Rules) -> _Sum:
        return _Sum(
            exercises=self.exercises + 1,
            seconds=self.seconds + seconds(dose, exercise.tempo) + rules.each_exercise,
            load=self.load or exercise.kind is Kind.LOAD,
            floor=self.floor or exercise.position.on_floor,
        )

    def minutes(self, rules: Rules) -> int:
        """Return the session's minutes, rounded up (REFERENCE rule 8)."""
        warm_up = rules.warm_up_before_load if self.load else rules.warm_up
        return math.ceil((self.seconds + warm_up + (rules.floor if self.floor else 0)) / 60)


class _Tally:
    """Count what each session of each week holds, to see whether one exercise more would be too much.

    Weeks after ``last`` are like it: by then every exercise has entered and ended its ramp.
    """

    def __init__(self, request: Request, rules: Rules, last: int) -> None:
        self._request = request
        self._rules = rules
        self._last = last
        self._sums: dict[tuple[int, Slot, int], _Sum] = {}

    def _with(self, course: Course) -> dict[tuple[int, Slot, int], _Sum]:
        """Return the sessions that the exercise joins, as they would be with it."""
        empty = _Sum()
        return {
            (week, slot, day): self._sums.get((week, slot, day), empty).plus(
                course.exercise, course.dose(week), self._rules
            )
            for week, slots in zip(range(course.entry, self._last + 1), course.slots, strict=False)
            for slot in slots
            for day in course.days or ()
        }

    def excess(self, course: Course) -> str:
        """Return which wish a session would break, or an empty text."""
        sums = self._with(course).values()
        if any(item.exercises > self._request.max_exercises for item in sums):
            return "max_exercises"
        most = self._request.minutes
        return "minutes" if most is not None and any(item.minutes(self._rules) > most for item in sums) else ""

    def add(self, course: Course) -> None:
        """Count an exercise in."""
        self._sums.update(self._with(course))


def session_minutes(due: Iterable[tuple[Exercise, AnyDose]], rules: Rules) -> int:
    """Return a session's minutes; 0 if nothing is due. An aerobic session is as long as its dose."""
    parts = tuple(due)
    if not parts:
        return 0
    if all(isinstance(dose, AerobicDose) for _, dose in parts):
        return sum(seconds(dose, exercise.tempo) for exercise, dose in parts) // 60
    total = _Sum()
    for exercise, dose in parts:
        total = total.plus(exercise, dose, rules)
    return total.minutes(rules)


def _gap(
    profile: Profile, courses: tuple[Course, ...], left_out: tuple[LeftOut, ...], catalogue: Catalogue
) -> Problem | None:
    """Return a Problem if a group of the profile is left with no exercise."""
    wanted = {catalogue.exercises[place.exercise].group for place in profile.places}
    wanted |= {catalogue.exercises[name].group for name in profile.aerobic}
    missing = [group for group in _GROUPS if group in wanted - {item.exercise.group for item in courses}]
    if not missing:
        return None
    lost = [item for item in left_out if catalogue.exercises[item.exercise].group is missing[0]]
    fields = " and ".join(reason for reason in _REASONS if reason in {item.reason for item in lost})
    lacking = [catalogue.exercises[item.exercise].equipment_any_of for item in lost if item.reason == "equipment"]
    things = sorted({thing for choice in lacking for thing in choice})
    allow = f"allow more (equipment: {', '.join(things)})" if things else "allow more"
    what = f"leaves no {missing[0].value} exercise for profile {profile.id}; {allow}, or choose another profile"
    return Problem(where=fields or "weeks", what=what)


def _unmet(request: Request, too_much: tuple[LeftOut, ...]) -> Problem | None:
    """Return a Problem if an exercise that was asked for does not fit."""
    for item in too_much:
        if item.exercise in request.include:
            what = "an exercise is wished but does not fit; allow more, or drop it"
            return Problem(where=f"include and {item.reason}", what=what, hint=item.exercise)
    return None


def _choice(course: Course) -> Choice:
    candidate = course.candidate
    return Choice(
        exercise=candidate.exercise.id,
        entry=course.entry,
        reason=candidate.reason,
        replaces=candidate.replaces,
        variant=candidate.verdict.variant,
        condition=candidate.verdict.condition,
        because=candidate.verdict.because,
    )
