"""Say what stands on the cards of a plan and on its weeks' pages: what is prescribed, with its pictures."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from planmaker.dose import AerobicDose, boxes
from planmaker.exercise import Kind, Sides
from planmaker.programme import Change, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.figures.drawing import Drawing
    from planmaker.plan import Plan
    from planmaker.programme import Prescription, Session, Week
    from planmaker.words import Words

__all__ = ["Exercises", "Fields", "halves", "key"]

Fields = dict[str, Any]
_NOT_DUE = "–"  # noqa: RUF001 - a dash as on paper
_NOTES = ("breathing", "feel", "mistake", "easier", "stop_if")
_TRANSFER = ("floor_transfer_1", "floor_transfer_2", "floor_transfer_3", "floor_transfer_4")
_MANY_LINES = 20  # of boxes, which then stand closer together


def key(name: str, frame: int) -> str:
    """Return what a picture is called on the pages and among a peer's files."""
    return f"{name}-{frame}"


class Exercises:
    """The exercises of a plan: a card for each, and the rows of each week."""

    def __init__(self, plan: Plan, words: Words, artwork: Mapping[str, tuple[Drawing, ...]]) -> None:
        self.plan, self.words, self.artwork = plan, words, artwork
        self.weeks = plan.programme.weeks
        self.emergency = words.emergency_number(plan.place)
        self.on_card = words.passages("cards", easy=0, slow=False, stop_page=1)
        session = self.weeks[0].session(Slot.AEROBIC)
        self.aerobic = words.labels["aerobic"][session.prescriptions[0].exercise] if session else None

    def aerobic_word(self, which: str) -> str:
        """Return what the aerobic session is called: ``group``, ``noun`` or ``label``."""
        return str(self.aerobic[which]) if self.aerobic else ""

    def _pictures(self, item: Prescription) -> list[Fields]:
        form = f"{item.exercise}.{item.variant}"
        name = form if form in self.artwork else item.exercise
        if name == item.exercise and not item.pictured:
            return []
        return [self._picture(name, index) for index in range(len(self.artwork.get(name, ())))]

    def _picture(self, name: str, frame: int) -> Fields:
        drawing = self.artwork[name][frame]
        return {
            "key": key(name, frame),
            "width": drawing.width,
            "height": drawing.height,
            "caption": self.on_card.get(drawing.frame, ""),
            "alt": self.words.pictured(name),
        }

    def transfer(self) -> Fields:
        """Return the way down to the floor."""
        told = self.words.general["transfer"]
        return {**told, "steps": list(told["steps"]), "pictures": [self._picture(name, 0) for name in _TRANSFER]}

    def card(self, name: str) -> Fields:
        """Return the card of an exercise."""
        words = self.words.exercises[name]
        course = self.plan.programme.course(name)
        first, last = next(item for item in course if item), [item for item in course if item][-1]
        form = words.variants.get(first.variant)
        setting = form.name if form else words.setting
        other = words.seed_name and words.seed_name.casefold() != words.name.casefold()
        times = next(
            n for week in reversed(self.weeks) if (n := [i.exercise for i in week.prescriptions()].count(name))
        )
        often = self.words.often(times, len(last.days))
        often = often[0].upper() + often[1:]
        walks = isinstance(last.dose, AerobicDose)
        if isinstance(last.dose, AerobicDose):
            parts = self.words.passages("cards", easy=last.dose.easy_minutes, slow=last.dose.easy, stop_page=1)[
                "aerobic"
            ]
            often = f"{often}. {parts}"
        dropped = {"easier"} if first.variant else set()
        dropped |= {"breathing", "feel"} if isinstance(first.dose, AerobicDose) and first.dose.easy else set()
        notes = [[self.on_card[note], getattr(words, note)] for note in _NOTES if note not in dropped]
        notes += self._later(name)
        return {
            "name": words.name,
            "aside": f"{setting} · {words.seed_name}" if other else setting,
            "changed": f"{self.on_card['form']} {form.change}" if form else "",
            "pictures": self._pictures(first),
            "often": often,
            "doses": self._doses(course),
            "columns": 3 if walks else 2,
            "steps": list(form.steps if form and form.steps else words.steps),
            "notes": halves(notes, lambda note: len(note[1]) + 10),
        }

    def _later(self, name: str) -> list[list[str]]:
        forms = self.words.exercises[name].variants
        return [
            [self.on_card["later"].format(week=week), forms[item.variant].change]
            for week, (before, item) in enumerate(pairwise(self.plan.programme.course(name)), start=2)
            if before and item and item.variant and item.variant != before.variant
        ]

    def _doses(self, course: tuple[Prescription | None, ...]) -> list[list[str]]:
        labels, numbered = self.words.labels, [pair for pair in enumerate(course, start=1) if pair[1]]
        rows = []
        for _, group in groupby(numbered, key=lambda pair: pair[1].dose):
            run = list(group)
            first, last, item = run[0][0], run[-1][0], run[-1][1]
            span = labels["weeks_span"].format(first=first, last=last)
            short = isinstance(item.dose, AerobicDose)
            dose = labels["minutes_short"].format(minutes=item.dose.minutes) if short else self.words.dose(item)
            rows.append([labels["week"].format(number=first) if first == last else span, dose])
        return rows

    def week(self, week: Week, *, spare: bool) -> Fields:
        """Return the page of a week; a ``spare`` one has no dates and no doses."""
        labels, schedule = self.words.labels, self.plan.schedule
        told = self.words.passages(
            "week",
            number=week.number,
            weeks=len(self.weeks),
            emergency=self.emergency,
            alone=False,
            stop_page=1,
        )
        blocks = [self._block(item, told, spare=spare) for item in week.sessions if item.slot is not Slot.AEROBIC]
        days = [schedule.day(week.number, day) for day in range(7)]
        ends = week is self.weeks[-1] and not spare
        lines = sum(len(row["pattern"]) * max(len(row["sides"]), 1) for block in blocks for row in block["rows"])
        return {
            "title": labels["spare"] if spare else labels["week"].format(number=week.number),
            "of": "" if spare else told["of"],
            "period": f"{told['spare_from']} ____________________" if spare else self.words.period(days[0], days[-1]),
            "days": [[labels["weekdays_short"][day.weekday()], "" if spare else str(day.day)] for day in days],
            "blocks": blocks,
            "walk": self._walk(week, spare=spare),
            "tracks": [told["waking"], told["worst"]],
            "scale": told["scale"],
            "usual": told["usual"],
            "mine": told["my_dose"],
            "notes": told["notes"],
            "gap": 2.4 if lines < _MANY_LINES else 1.2,
            "note_lines": min(max(8 - lines // 3, 1), 6),
            "rules": [] if ends else [[told[name], told[f"{name}_text"]] for name in ("up", "stay", "back")],
            "last": [told["last"], told["last_text"]] if ends else [],
            "advice": []
            if ends and lines >= _MANY_LINES
            else [[told[name], told[f"{name}_text"]] for name in ("flare", "missed")],
            "stop": told["stop"],
            "fridge": told["fridge"],
        }

    def _block(self, session: Session, told: Mapping[str, str], *, spare: bool) -> Fields:
        clock = self.plan.schedule.at(session.slot)
        lengths = [minutes for minutes in session.minutes if minutes]
        about = told["about"].format(minutes=self.words.minutes(min(lengths), max(lengths)))
        return {
            "title": f"{self.words.part_of_day(clock)} {clock:%H:%M}" if clock else "",
            "about": told["warm_up"] if spare else about,
            "rows": [self._row(item, told, spare=spare) for item in session.prescriptions],
        }

    def _row(self, item: Prescription, told: Mapping[str, str], *, spare: bool) -> Fields:
        pills = {Change.NEW: told["new"], Change.MORE: told["more"], Change.SAME: ""}
        return {
            "picture": next(iter(self._pictures(item)[-1:]), None),
            "pill": "" if spare else pills[item.change],
            "name": self.words.exercises[item.exercise].name,
            "form": self.words.form(item),
            "dose": "" if spare else self.words.dose(item),
            "sides": [] if item.sides is Sides.BOTH else [told["left"], told["right"]],
            "pattern": _pattern(boxes(item.dose)),
            "due": [day in item.days for day in range(7)],
            "rest": told["rest"] if item.kind is Kind.LOAD else _NOT_DUE,
        }

    def _walk(self, week: Week, *, spare: bool) -> Fields | None:
        session = week.session(Slot.AEROBIC)
        if session is None:
            return None
        item, label = session.prescriptions[0], self.aerobic_word("label")
        title = self.words.labels["aerobic_title"].format(label=label, minutes=max(session.minutes))
        return {
            "title": label if spare else title,
            "dose": "" if spare else self.words.parts(item),
            "due": [day in item.days for day in range(7)],
            "rest": _NOT_DUE,
        }


def halves(parts: list[Any], length: Callable[[Any], int]) -> list[list[Any]]:
    """Part a list in two whose lengths are as even as can be."""
    splits = [[parts[:at], parts[at:]] for at in range(1, len(parts) + 1)]
    return min(splits, key=lambda split: max(sum(map(length, half)) for half in split))


def _pattern(count: int) -> list[int]:
    """Arrange boxes in lines of three, or of three and two so that each pair of lines is five."""
    if count <= 3:  # noqa: PLR2004 - three boxes fill a column
        return [count]
    lines: list[int] = []
    while count > 0:
        lines.append(min(count, 2 if len(lines) % 2 else 3))
        count -= lines[-1]
    return lines
