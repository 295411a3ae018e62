"""Follow one exercise through the weeks: when it enters, climbs its steps, and goes on to a harder form."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.exercise import Group

if TYPE_CHECKING:
    from planmaker.dose import AnyDose
    from planmaker.exercise import Exercise, Step
    from planmaker.programme import Slot
    from planmaker.selection import Candidate

__all__ = ["Course", "climb", "hardened"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A candidate with the week it enters, its plan days, and its ramp step (from 0) in each week it is in.

    ``harder`` is the harder form in which it is then, empty for the form of the candidate.
    """

    candidate: Candidate
    entry: int
    days: tuple[int, ...] | None  # None: the aerobic days of each week
    steps: tuple[int, ...]
    slots: tuple[tuple[Slot, ...], ...]
    harder: str = ""

    @property
    def exercise(self) -> Exercise:
        """The exercise in the form that it has in this course."""
        return self.candidate.exercise

    def dose(self, week: int) -> AnyDose:
        """Return the dose of a week in which it is in."""
        return self.exercise.ramp[self.steps[week - self.entry]].dose

    def slots_in(self, week: int) -> tuple[Slot, ...]:
        """Return the slots of a week, none where it is not in."""
        return self.slots[week - self.entry] if self.entry <= week < self.entry + len(self.slots) else ()


def climb(ramp: tuple[Step, ...], weeks: range, pace: int, start: int = 0) -> tuple[int, ...]:
    """Return the step (from 0) in each of some weeks: ``start`` in the first, then at most one up a week.

    ``pace`` is the number of weeks on each step; no step comes before its own week.
    """
    steps: list[int] = []
    for week in weeks:
        following = steps[-1] + 1 if steps else start
        due = (week - weeks.start) % pace == 0
        allowed = due and following < len(ramp) and ramp[following].not_before_week <= week
        steps.append(following if allowed or not steps else steps[-1])
    return tuple(steps)


def hardened(
    courses: tuple[Course, ...], at_hand: frozenset[str], new_each_week: int, weeks_at_full: int, pace: int
) -> tuple[Course, ...]:
    """Return the courses, each that can followed by one in its harder form, from the foot of its ramp again.

    That begins after some weeks at the full dose, in the order of the courses, with at most
    ``new_each_week`` exercises and forms that are new in a week. What a condition changes stays in its
    form, and aerobic exercise only grows longer (J).
    """
    new = Counter(course.entry for course in courses)
    found: list[Course] = []
    for course in courses:
        form = "" if course.candidate.verdict.variant else course.exercise.harder(at_hand)
        at_full = course.entry + sum(step < len(course.exercise.ramp) - 1 for step in course.steps)
        weeks = range(at_full + weeks_at_full, course.entry + len(course.steps))
        since = next((week for week in weeks if new[week] < new_each_week), None)
        if not form or since is None or course.exercise.group is Group.AEROBIC:
            found.append(course)
            continue
        new[since] += 1
        found += _parted(course, form, since, pace)
    return tuple(found)


def _parted(course: Course, form: str, since: int, pace: int) -> tuple[Course, Course]:
    """Return a course up to a week, and the one in the harder form that follows it."""
    done = since - course.entry
    exercise = course.exercise.in_form(form)
    weeks = range(since, course.entry + len(course.steps))
    before = dataclasses.replace(course, steps=course.steps[:done], slots=course.slots[:done])
    after = dataclasses.replace(
        course,
        candidate=dataclasses.replace(course.candidate, exercise=exercise, pictured=course.exercise.pictured(form)),
        entry=since,
        steps=climb(exercise.ramp, weeks, pace),
        slots=course.slots[done:],
        harder=form,
    )
    return before, after
