"""Say what stands on each page of a plan, as plain lists and texts that any way of drawing can use.

Nothing is measured here and nothing is drawn. Each peer asks for it anew for each person, as planmaker does.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from planmaker.dose import AerobicDose, boxes
from planmaker.exercise import Group, Kind, Sides
from planmaker.programme import Change, Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.figures.drawing import Drawing
    from planmaker.plan import Plan
    from planmaker.programme import Prescription, Session, Week
    from planmaker.words import Words

__all__ = ["key", "pages"]

Fields = dict[str, Any]
_NOTES = ("breathing", "feel", "mistake", "easier", "stop_if")
_TRANSFER = ("floor_transfer_1", "floor_transfer_2", "floor_transfer_3", "floor_transfer_4")
_NOTE_LINES = 5  # at most; a week with more than six rows has fewer


def key(name: str, frame: int) -> str:
    """Return what a picture is called on the pages and among a peer's files."""
    return f"{name}-{frame}"


def pages(plan: Plan, words: Words, artwork: Mapping[str, tuple[Drawing, ...]]) -> Fields:
    """Return everything that is printed: cover, guide, cards and weeks, under these names."""
    return _Pages(plan, words, artwork).all()


class _Pages:
    """What the parts of a plan's pages share."""

    def __init__(self, plan: Plan, words: Words, artwork: Mapping[str, tuple[Drawing, ...]]) -> None:
        self.plan, self.words, self.artwork = plan, words, artwork
        self.weeks = plan.programme.weeks
        self.emergency = words.emergency_number(plan.place)
        self.card = words.passages("cards", easy=0, slow=False)
        session = self.weeks[0].session(Slot.AEROBIC)
        self.aerobic = words.labels["aerobic"][session.prescriptions[0].exercise] if session else None

    def all(self) -> Fields:
        labels, person = self.words.labels, self.plan.person
        weeks = [self._week(week, spare=False) for week in self.weeks]
        return {
            "language": self.words.language,
            "name": person.name,
            "code": labels["plan"].format(id=person.id, revision=self.plan.revision),
            "page": labels["page"],
            "cover": self._cover(),
            "guide": self._guide(),
            "cards": {
                "title": self.card["title"],
                "stop": self.card["stop"],
                "items": [self._card(name) for name in self.plan.programme.exercises()],
                "transfer": self._transfer() if self.plan.programme.floor else None,
            },
            "weeks": [*weeks, self._week(self.weeks[-1], spare=True)],
        }

    def _cover(self) -> Fields:
        words, schedule = self.words, self.plan.schedule
        minutes = [m for w in self.weeks for s in w.sessions if s.slot is not Slot.AEROBIC for m in s.minutes if m]
        slots = [slot for slot in Slot if any(week.session(slot) for week in self.weeks)]
        told = words.passages(
            "cover",
            profile=self.plan.programme.profile,
            weeks=len(self.weeks),
            sessions=len([slot for slot in slots if slot is not Slot.AEROBIC]),
            low=min(minutes),
            high=max(minutes),
            first_card=3,
            last_card=2 + -(-len(self.plan.programme.exercises()) // 3),
            walk=self._aerobic("group"),
            walk_noun=self._aerobic("noun"),
            walk_label=self._aerobic("label"),
            emergency=self.emergency,
        )
        clocks = [(slot, clock) for slot in slots if (clock := schedule.at(slot)) is not None]
        cleared = self.plan.person.cleared_by
        return {
            **told,
            "summary": f"{told['summary']}: {words.period(schedule.start, schedule.end(len(self.weeks)))}",
            "times": " · ".join(
                f"{self._aerobic('label') if slot is Slot.AEROBIC else words.part_of_day(clock)} {clock:%H:%M}"
                for slot, clock in clocks
            ),
            "cleared": words.labels["cleared_by"].format(name=cleared) if cleared else "",
            "how": [[told[name], told[f"{name}_text"]] for name in ("learn", "do", "tick")],
            "glance": [
                {"label": told[f"glance_{name}"], "values": values}
                for name, count in _GLANCE.items()
                if any(values := [count(week) for week in self.weeks])
            ],
            "glance_weeks": [words.weeks(week.number, week.number) for week in self.weeks],
            "rules": [[told[n], told[f"{n}_text"]] for n in ("stop_exercise", "stop_session", "stop_rest", "today")],
            "today_list": told["today_list"].splitlines(),
            "emergency_list": told["emergency_list"].splitlines(),
            "contacts": [told["contact"], told["contact_phone"], told["contact_seen"]],
        }

    def _aerobic(self, which: str) -> str:
        return str(self.aerobic[which]) if self.aerobic else ""

    def _guide(self) -> Fields:
        last = list({item.exercise: item for item in self.weeks[-1].prescriptions()}.values())
        told = self.words.passages(
            "guide",
            profile=self.plan.programme.profile,
            per_day=self.plan.programme.per_day,
            walk=self._aerobic("group"),
            load=any(item.kind is Kind.LOAD for item in last),
            bending=self._names(item.exercise for item in last if item.bends_spine),
            swapping=self._names(item.exercise for item in last if item.sides is Sides.ALTERNATE),
            strengthens=any(item.group is Group.STRENGTHENING for item in last),
            stretches=any(item.group is Group.STRETCH for item in last),
            sided=any(item.sides is Sides.EACH for item in last),
            left_out=self._left_out(),
            unfinished=self._names(item.exercise for item in last if item.step < item.steps),
        )
        return {"title": told["title"], **{name: _marked(told[name]) for name in ("left", "right", "foot")}}

    def _names(self, exercises: Any) -> list[str]:  # noqa: ANN401 - any iterable of ids
        return [self.words.exercises[name].name for name in exercises]

    def _left_out(self) -> list[str]:
        programme, words = self.plan.programme, self.words
        instead = {item.replaces: item.exercise for item in programme.choices if item.reason == "replaces"}
        lines = [
            words.render(
                "condition",
                condition=words.general["conditions"][condition],
                left_out=[
                    (
                        words.exercises[item.exercise].name,
                        words.general["reasons"][item.because],
                        words.exercises[instead[item.exercise]].name if item.exercise in instead else "",
                    )
                    for item in programme.left_out
                    if item.condition == condition
                ],
            )
            for condition in programme.avoid
        ]
        for reason, line in words.labels["left_out"].items():
            names = self._names(item.exercise for item in programme.left_out if item.reason == reason)
            lines += [line.format(names=", ".join(names))] if names else []
        return lines

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
            "caption": self.card.get(drawing.frame, ""),
            "alt": self.words.pictured(name),
        }

    def _transfer(self) -> Fields:
        told = self.words.general["transfer"]
        return {**told, "steps": list(told["steps"]), "pictures": [self._picture(name, 0) for name in _TRANSFER]}

    def _card(self, name: str) -> Fields:
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
            parts = self.words.passages("cards", easy=last.dose.easy_minutes, slow=last.dose.easy)["aerobic"]
            often = f"{often}. {parts}"
        dropped = {"easier"} if first.variant else set()
        dropped |= {"breathing", "feel"} if isinstance(first.dose, AerobicDose) and first.dose.easy else set()
        return {
            "name": words.name,
            "aside": f"{setting} · {words.seed_name}" if other else setting,
            "changed": f"{self.card['form']} {form.change}" if form else "",
            "pictures": self._pictures(first),
            "often": often,
            "doses": self._doses(course),
            "columns": 2 if walks else 1,
            "steps": list(form.steps if form and form.steps else words.steps),
            "notes": [[self.card[note], getattr(words, note)] for note in _NOTES if note not in dropped],
        }

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

    def _week(self, week: Week, *, spare: bool) -> Fields:
        labels, schedule = self.words.labels, self.plan.schedule
        told = self.words.passages("week", number=week.number, weeks=len(self.weeks), emergency=self.emergency)
        blocks = [self._block(item, told, spare=spare) for item in week.sessions if item.slot is not Slot.AEROBIC]
        days = [schedule.day(week.number, day) for day in range(7)]
        ends = week is self.weeks[-1] and not spare
        return {
            "title": labels["spare"] if spare else labels["week"].format(number=week.number),
            "of": "" if spare else told["of"],
            "period": f"{told['spare_from']} ____________________" if spare else self.words.period(days[0], days[-1]),
            "days": [[labels["weekdays_short"][day.weekday()], "" if spare else str(day.day)] for day in days],
            "blocks": blocks,
            "walk": self._walk(week, told, spare=spare),
            "tracks": [[told[name], told[f"{name}_help"]] for name in ("waking", "worst")],
            "notes": told["notes"],
            "note_lines": min(max(11 - sum(len(block["rows"]) for block in blocks), 1), _NOTE_LINES),
            "rules": [] if ends else [[told[name], told[f"{name}_text"]] for name in ("up", "stay", "back")],
            "last": [told["last"], told["last_text"]] if ends else [],
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
            "dose": told["my_dose"] if spare else self.words.dose(item),
            "sides": [] if item.sides is Sides.BOTH else [told["left"], told["right"]],
            "pattern": _pattern(boxes(item.dose)),
            "due": [day in item.days for day in range(7)],
            "rest": told["rest"] if item.kind is Kind.LOAD else "–",  # noqa: RUF001 - a dash as on paper
        }

    def _walk(self, week: Week, told: Mapping[str, str], *, spare: bool) -> Fields | None:
        session = week.session(Slot.AEROBIC)
        if session is None:
            return None
        item, label = session.prescriptions[0], self._aerobic("label")
        title = self.words.labels["aerobic_title"].format(label=label, minutes=max(session.minutes))
        return {
            "title": label if spare else title,
            "dose": told["my_dose"] if spare else self.words.parts(item),
            "due": [day in item.days for day in range(7)],
        }


def _marked(text: str) -> list[list[str]]:
    """Part a passage into headings, items and paragraphs, each as its kind and its text."""
    kinds = {"# ": "head", "- ": "item"}
    return [[kinds[line[:2]], line[2:]] if line[:2] in kinds else ["text", line] for line in text.splitlines()]


def _pattern(count: int) -> list[int]:
    """Arrange boxes in lines of three, or of three and two so that each pair of lines is five."""
    lines: list[int] = []
    while count > 0:
        lines.append(min(count, 2 if len(lines) % 2 else 3))
        count -= lines[-1]
    return lines


def _count(week: Week, group: Group) -> int:
    return len({item.exercise for item in week.prescriptions() if item.group is group})


def _minutes(week: Week, *, aerobic: bool) -> int:
    found = [max(session.minutes) for session in week.sessions if (session.slot is Slot.AEROBIC) == aerobic]
    return max(found, default=0)


_GLANCE = {
    "strengthening": lambda week: _count(week, Group.STRENGTHENING),
    "stretch": lambda week: _count(week, Group.STRETCH),
    "minutes": lambda week: _minutes(week, aerobic=False),
    "aerobic": lambda week: _minutes(week, aerobic=True),
}
