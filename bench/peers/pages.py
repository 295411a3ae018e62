"""Say what stands on each page of a plan, as plain lists and texts that any way of drawing can use.

Nothing is measured here and nothing is drawn. Each peer asks for it anew for each person, as planmaker does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from peers.exercises import Exercises, halves
from planmaker.exercise import Group, Kind, Sides
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from peers.exercises import Fields
    from planmaker.figures.drawing import Drawing
    from planmaker.plan import Plan
    from planmaker.programme import Week
    from planmaker.words import Words

__all__ = ["pages"]

_KINDS = {"#": "head", "##": "subhead", "-": "item", "+": "step"}
_ASKED = (("goal", 1), ("questions", 3), ("advice", 8))  # and on how many lines it is written about


def pages(plan: Plan, words: Words, artwork: Mapping[str, tuple[Drawing, ...]]) -> Fields:
    """Return everything that is printed: cover, guide, progress, cards, weeks and review, under these names."""
    return _Pages(plan, words, artwork).all()


class _Pages(Exercises):
    """The pages before the cards and after the weeks, and all together."""

    def all(self) -> Fields:
        labels, person = self.words.labels, self.plan.person
        weeks = [self.week(week, spare=False) for week in self.weeks]
        return {
            "language": self.words.language,
            "name": person.name,
            "code": labels["plan" if self.plan.revision == 1 else "plan_again"].format(
                id=person.id, revision=self.plan.revision, date=self.words.date(self.plan.issued.date())
            ),
            "page": labels["page"],
            "stop": self.on_card["stop"],
            "cover": self._cover(),
            "guide": self._guide(),
            "progress": self._progress(),
            "calendars": self._calendars(),
            "cards": {
                "title": self.on_card["title"],
                "items": [self.card(name) for name in self.plan.programme.exercises()],
                "transfer": self.transfer() if self.plan.programme.floor else None,
            },
            "weeks": [*weeks, self.week(self.weeks[-1], spare=True)],
            "review": self._review(),
        }

    def _cover(self) -> Fields:
        words, schedule = self.words, self.plan.schedule
        minutes = [m for w in self.weeks for s in w.sessions if s.slot is not Slot.AEROBIC for m in s.minutes if m]
        slots = [slot for slot in Slot if any(week.session(slot) for week in self.weeks)]
        cards = len(self.plan.programme.exercises()) + self.plan.programme.floor
        told = words.passages(
            "cover",
            profile=self.plan.programme.profile,
            weeks=len(self.weeks),
            sessions=len([slot for slot in slots if slot is not Slot.AEROBIC]),
            low=min(minutes),
            high=max(minutes),
            first_card=4,
            last_card=3 + -(-cards // 2),
            guide_page=2,
            guide_last=2,
            every_hold=True,
            walk=self.aerobic_word("group"),
            walk_noun=self.aerobic_word("noun"),
            emergency=self.emergency,
            calendar_page=4,
        )
        times = " · ".join(
            f"{self.aerobic_word('label') if slot is Slot.AEROBIC else words.part_of_day(clock)} {clock:%H:%M}"
            for slot in slots
            if (clock := schedule.at(slot)) is not None
        )
        period = words.period(schedule.start, schedule.end(len(self.weeks)))
        cleared = self.plan.person.cleared_by
        return {
            **told,
            "facts": [[told["what"], told["summary"]], [told["when"], period], [told["each_day"], times]],
            "cleared": words.labels["cleared_by"].format(name=cleared) if cleared else "",
            "how": [
                [told["learn"], f"{told['learn_pages']} {told['learn_text']}"],
                *([told[name], told[f"{name}_text"]] for name in ("do", "tick")),
            ],
            "rules": [[told[n], told[f"{n}_text"]] for n in ("stop_exercise", "stop_session", "stop_rest", "today")],
            "today_list": told["today_list"].splitlines(),
            "emergency_list": told["emergency_list"].splitlines(),
            "contacts": [told["contact"], told["contact_phone"], told["contact_seen"]],
        }

    def _guide(self) -> Fields:
        last = list({item.exercise: item for item in self.weeks[-1].prescriptions()}.values())
        told = self.words.passages(
            "guide",
            profile=self.plan.programme.profile,
            per_day=self.plan.programme.per_day,
            brisk=True,
            walk=self.aerobic_word("group"),
            load=any(item.kind is Kind.LOAD for item in last),
            bending=self._names(item.exercise for item in last if item.bends_spine),
            swapping=self._names(item.exercise for item in last if item.sides is Sides.ALTERNATE),
            strengthens=any(item.group is Group.STRENGTHENING for item in last),
            stretches=any(item.group is Group.STRETCH for item in last),
            sided=any(item.sides is Sides.EACH for item in last),
            left_out=self._left_out(),
            unfinished=self._names(item.exercise for item in last if item.step < item.steps),
        )
        return {"title": told["title"], "columns": _columns(told["text"])}

    def _progress(self) -> Fields:
        told = self.words.passages("progress", weeks=len(self.weeks), label=self.aerobic_word("label"), brisk=True)
        return {
            "title": told["title"],
            "columns": _columns(told["text"]),
            "weeks": [self.words.labels["week"].format(number=week.number) for week in self.weeks],
            "rows": [
                {"label": told[name], "values": values}
                for name, count in _GROWTH.items()
                if any(values := [count(week) for week in self.weeks])
            ],
        }

    def _calendars(self) -> Fields:
        passages = [text.splitlines() for text in self.words.passages("calendar_import", printed=True, feed=0).values()]
        (title, *first), *programs = passages
        lines = [*first, *(line for name, *steps in programs for line in (f"# {name}", *steps))]
        return {"title": title, "columns": _columns(re.sub(r"^\d\. ", "+ ", "\n".join(lines), flags=re.MULTILINE))}

    def _review(self) -> Fields:
        told = self.words.passages("review")
        return {
            **told,
            "columns": [told[name] for name in ("week", "done", "worst", "usual", "dose")],
            "weeks": [
                [self.words.labels["week"].format(number=week.number), told["of"].format(planned=_planned(week))]
                for week in self.weeks
            ],
            "asked": [[told[name], lines, name == "questions"] for name, lines in _ASKED],
        }

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


def _columns(text: str) -> list[list[list[str]]]:
    """Part a passage into two columns of headings, items, steps and paragraphs: each its kind, text and number."""
    sections: list[list[list[str]]] = []
    number = 0
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        number = number + 1 if mark == "+" else 0
        if mark == "#" or not sections:
            sections.append([])
        sections[-1].append([_KINDS[mark], rest, str(number)] if mark in _KINDS else ["text", line, ""])
    columns = halves(sections, lambda section: sum(len(line[1]) + 25 for line in section))
    return [[line for section in column for line in section] for column in columns]


def _planned(week: Week) -> int:
    return sum(bool(session.on(day)) for session in week.sessions for day in range(7))


def _count(week: Week, group: Group) -> int:
    return len({item.exercise for item in week.prescriptions() if item.group is group})


def _minutes(week: Week, *, aerobic: bool) -> int:
    found = [max(session.minutes) for session in week.sessions if (session.slot is Slot.AEROBIC) == aerobic]
    return max(found, default=0)


_GROWTH = {
    "strengthening": lambda week: _count(week, Group.STRENGTHENING),
    "stretches": lambda week: _count(week, Group.STRETCH),
    "minutes": lambda week: _minutes(week, aerobic=False),
    "aerobic": lambda week: _minutes(week, aerobic=True),
}
