"""Say of everything in a plan why it is so, and who says so."""

from __future__ import annotations

import dataclasses
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.condition import Action, Cell, verdict
from planmaker.days import DAILY
from planmaker.exercise import Kind

if TYPE_CHECKING:
    from planmaker.catalogue import Catalogue
    from planmaker.exercise import Exercise, Sourced
    from planmaker.plan import Plan
    from planmaker.programme import Choice, LeftOut, Prescription, Programme, Slot
    from planmaker.words import Words

__all__ = ["Explained", "Explanation", "Gone", "Meaning", "Spell", "explained", "written"]

WIDTH = 79


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A run of weeks in which an exercise has the same dose, days and sessions for the same reason.

    ``why`` is a key of the template's reasons: "enters", "up", "limited" (a step whose longer hold the
    form does not allow), "full", "not_before", "pace", "back", "held", "by_hand", "harder" or
    "milder" (the form before a harder one). ``form`` is a harder form's name in the catalogue, empty else.
    """

    first: int
    last: int
    item: Prescription
    slots: tuple[Slot, ...]
    why: str
    not_before: int
    days_why: str
    form: str
    form_sources: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One exercise of a plan: why it is there, in which form, how much of it, week by week.

    ``place`` is where the profile introduces it, from 1; 0 if it is none of the profile's own.
    ``full`` has the source's dose. ``cells`` are what the conditions that change it say. ``times_why``
    says why it comes so often a day: "source", "per_day" or "profile".
    """

    exercise: Exercise
    choice: Choice | None
    place: int
    cells: tuple[tuple[str, Cell], ...]
    variant_sources: tuple[str, ...]
    lost: LeftOut | None
    full: Prescription
    provenance: tuple[tuple[str, Sourced], ...]
    times_why: str
    spells: tuple[Spell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An exercise that is left out; ``instead`` names the one that took its place, if one did."""

    item: LeftOut
    sources: tuple[str, ...]
    equipment: tuple[str, ...]
    instead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What one condition changed: exercises with their cells, whether it or another decided."""

    condition: str
    sources: tuple[str, ...]
    contrary: tuple[str, ...]
    cells: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A plan with the reasons for all that is in it."""

    plan: Plan
    exercises: tuple[Explained, ...]
    places: int
    left_out: tuple[Gone, ...]
    conditions: tuple[Meaning, ...]

    @property
    def harder(self) -> bool:
        """Whether an exercise goes on to a harder form."""
        return any(spell.form for item in self.exercises for spell in item.spells)


def explained(plan: Plan, catalogue: Catalogue) -> Explanation:
    """Find the reason for every exercise, dose and day of a plan in the catalogue."""
    programme = plan.programme
    profile = catalogue.profiles[programme.profile]
    return Explanation(
        plan=plan,
        exercises=tuple(_exercise(name, programme, catalogue) for name in programme.exercises()),
        places=len(profile.places),
        left_out=tuple(_gone(item, programme, catalogue) for item in programme.left_out),
        conditions=tuple(_meaning(name, programme, catalogue) for name in programme.avoid),
    )


def written(explanation: Explanation, words: Words, catalogue: Catalogue) -> str:
    """Write an explanation as plain text for a terminal; wrapped lines hang by their indentation."""
    text = words.render("explain", plan=explanation.plan, told=explanation, rules=catalogue.rules, daily=DAILY)
    return "\n".join(line for long in text.splitlines() for line in _wrapped(long))


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]


def _exercise(name: str, programme: Programme, catalogue: Catalogue) -> Explained:
    profile = catalogue.profiles[programme.profile]
    own = catalogue.exercises[name]
    items = [item for item in programme.course(name) if item is not None]
    variant = items[0].variant
    choice = next((choice for choice in programme.choices if choice.exercise == name), None)
    asking = programme.avoid if choice and choice.condition else ()
    cells = tuple((item, catalogue.conditions[item].cells[name]) for item in asking)
    places = [place.exercise for place in profile.places]
    spells = _spells(name, programme, catalogue)
    fewer = "per_day" if programme.per_day == 1 else "profile"
    return Explained(
        exercise=own,
        choice=choice,
        place=places.index(name) + 1 if name in places else 0,
        cells=tuple((item, cell) for item, cell in cells if cell.action is Action.CHANGE),
        variant_sources=_form_sources(own, variant),
        lost=next((item for item in programme.left_out if choice and item.exercise == choice.replaces), None),
        full=dataclasses.replace(items[0], dose=own.in_form(variant).full),
        provenance=own.provenance,
        times_why="source" if len(spells[-1].slots) == own.times_a_day else fewer,
        spells=spells,
    )


def _form_sources(exercise: Exercise, form: str) -> tuple[str, ...]:
    return next((item.sources for item in exercise.variants if item.id == form), ())


def _spells(name: str, programme: Programme, catalogue: Catalogue) -> tuple[Spell, ...]:
    spells: list[Spell] = []
    before: Prescription | None = None
    for number, item in enumerate(programme.course(name), start=1):
        if item is None:
            before = None
            continue
        spell = _spell(number, item, before, programme, catalogue)
        last = spells[-1] if spells else None
        if last is not None and before is not None and _alike(last, spell):
            spells[-1] = dataclasses.replace(last, last=number)
        else:
            spells.append(spell)
        before = item
    return tuple(spells)


def _alike(earlier: Spell, later: Spell) -> bool:
    """Tell whether a week only goes on with what the weeks before it have; a step is told by itself."""
    same_item = dataclasses.replace(earlier.item, change=later.item.change) == later.item
    return same_item and (earlier.slots, earlier.why, earlier.not_before) == (later.slots, later.why, later.not_before)


def _spell(
    number: int, item: Prescription, before: Prescription | None, programme: Programme, catalogue: Catalogue
) -> Spell:
    ramp = catalogue.exercises[item.exercise].in_form(item.variant).ramp
    reached = item.step <= len(ramp)
    following = ramp[item.step] if item.step < len(ramp) else None
    not_before = following.not_before_week if following and following.not_before_week > number else 0
    slots = tuple(
        session.slot
        for session in programme.weeks[number - 1].sessions
        if any(other.exercise == item.exercise for other in session.prescriptions)
    )
    why = "by_hand" if not reached or ramp[item.step - 1].dose != item.dose else ""
    exercise = catalogue.exercises[item.exercise]
    harder = next((form.id for form in exercise.variants if form.id == item.variant and form.kind == "harder"), "")
    return Spell(
        first=number,
        last=number,
        item=item,
        slots=slots,
        why=why or _why(number, item, before, not_before, catalogue.rules.levels[programme.level].weeks_a_step),
        not_before=not_before,
        form=harder,
        form_sources=_form_sources(exercise, harder),
        days_why=_days_why(item, programme, catalogue),
        sources=ramp[item.step - 1].sources if reached else (),
    )


def _why(number: int, item: Prescription, before: Prescription | None, not_before: int, pace: int) -> str:
    """Return why a dose of the ramp is this week's; ``pace`` is the number of weeks on each step."""
    if before is None:
        return "enters"
    if item.variant != before.variant:
        return "harder" if item.step < before.step or item.steps == 1 else "milder"
    if item.step != before.step:
        up = "limited" if item.dose == before.dose else "up"
        return up if item.step > before.step else "back"
    if item.step == item.steps:
        return "full"
    if not_before > number:
        return "not_before"
    return "pace" if pace > 1 else "held"


def _days_why(item: Prescription, programme: Programme, catalogue: Catalogue) -> str:
    """Return the rule that the days of an exercise follow, as a key of the template's words."""
    if item.kind is Kind.AEROBIC:
        return "aerobic"
    if programme.per_day == 1 and item.group in catalogue.profiles[programme.profile].once_a_day:
        return "once_a_day"
    if item.kind is Kind.LOAD:
        return "load"
    return "daily" if len(item.days) == len(DAILY) else "off"


def _gone(item: LeftOut, programme: Programme, catalogue: Catalogue) -> Gone:
    condition = catalogue.conditions.get(item.condition)
    form = verdict(catalogue.exercises[item.exercise], [catalogue.conditions[name] for name in programme.avoid]).variant
    return Gone(
        item=item,
        sources=condition.cells[item.exercise].sources if condition else (),
        equipment=catalogue.exercises[item.exercise].in_form(form).equipment_any_of,
        instead=next((choice.exercise for choice in programme.choices if choice.replaces == item.exercise), ""),
    )


def _meaning(name: str, programme: Programme, catalogue: Catalogue) -> Meaning:
    """Gather what a condition asks of the exercises that are in the plan or that it might have had."""
    condition = catalogue.conditions[name]
    profile = catalogue.profiles[programme.profile]
    asked = dict.fromkeys((*programme.exercises(), *(place.exercise for place in profile.places), *profile.aerobic))
    cells = tuple((item, condition.cells[item]) for item in asked if condition.cells[item].action is not Action.FINE)
    return Meaning(condition=name, sources=condition.sources, contrary=condition.contrary, cells=cells)
