"""Say what differs from person to person: the lines of their sheet by key, and how their own texts are set."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from planmaker.pdf import cover, fonts, letterhead
from planmaker.pdf.furniture import FOOT, NAME, code_measure
from planmaker.pdf.own import OwnText
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from planmaker.pdf.sheet import Sheet
    from planmaker.plan import Plan
    from planmaker.schedule import Schedule
    from planmaker.words import Words

__all__ = ["dated_lines", "own_lines", "own_texts"]

_SCHEDULES = 64  # whose lines are kept

_SMALLEST = 9  # points on paper of the plan's code


def own_texts(sheet: Sheet) -> dict[str, OwnText]:
    """Return how texts of the person's own are set, by key."""
    paper = sheet.paper
    beside = paper.measure - (0.0 if paper.narrow else letterhead.taken(sheet))
    return {
        "name": OwnText(field="name", style=cover.NAME, measure=beside),
        "line": OwnText(field="name", style=NAME, measure=paper.measure * 0.45, right=True),
        "code": OwnText(field="id", style=FOOT, measure=code_measure(paper.measure), most=1),
        "cleared_by": OwnText(field="cleared_by", style=cover.CLEARED, measure=beside),
    }


def own_lines(plan: Plan, sheet: Sheet) -> dict[str, str]:
    """Return the texts of a person's own by key: they may be in any script."""
    person, labels = plan.person, sheet.words.labels
    return {
        "name": person.name,
        "line": person.name,
        "code": _code(plan, sheet),
        "cleared_by": labels["cleared_by"].format(name=person.cleared_by) if person.cleared_by else "",
    }


def dated_lines(sheet: Sheet) -> Callable[[Schedule], tuple[tuple[str, str], ...]]:
    """Return the function that gives the lines of a schedule by key, and keeps them for others who have the same."""
    weeks = [week.number for week in sheet.programme.weeks]
    words = sheet.words

    @lru_cache(_SCHEDULES)
    def lines(schedule: Schedule) -> tuple[tuple[str, str], ...]:
        last = len(weeks)
        found = {
            "period": words.period(schedule.day(1, 0), schedule.end(last)),
            **{f"times {index}": line for index, line in enumerate(cover.times(sheet, schedule.latest()))},
            **{f"part {slot.value}": _part(words, schedule, slot, ((last, 6),)) for slot in Slot},
            **{f"weekday {day}": _weekday(words, schedule.day(last, day)) for day in range(7)},
        }
        for week in weeks:
            days = [(week, day) for day in range(7)]
            found[f"period {week}"] = words.period(schedule.day(week, 0), schedule.end(week))
            found |= {f"part {week} {slot.value}": _part(words, schedule, slot, days) for slot in Slot}
            found |= {f"weekday {week} {day}": _weekday(words, schedule.day(week, day)) for _, day in days}
            found |= {f"date {week} {day}": _date(schedule, schedule.day(week, day)) for _, day in days}
        return tuple(found.items())

    return lines


def _code(plan: Plan, sheet: Sheet) -> str:
    """Say which plan a page belongs to and when it was printed; a later version replaces older pages.

    A long id leaves out what has no room on one line.
    """
    labels, paper = sheet.words.labels, sheet.paper
    names = ("plan", "plan_short") if plan.revision == 1 else ("plan_again", "plan", "plan_short")
    day = sheet.words.date(plan.issued.date())
    texts = [str(labels[name].format(id=plan.person.id, revision=plan.revision, date=day)) for name in names]
    smallest = max(_SMALLEST / paper.scale, fonts.SMALLEST * FOOT.size)
    room = code_measure(paper.measure)
    return next((text for text in texts if fonts.measured(text, FOOT.font, smallest) <= room), texts[-1])


def _part(words: Words, schedule: Schedule, slot: Slot, days: Iterable[tuple[int, int]]) -> str:
    """Return part of the day and time of a slot on some days, and the new time where it changes on one of them."""
    clocks = list(dict.fromkeys(clock for day in days if (clock := schedule.at(slot, *day)) is not None))
    if not clocks:
        return ""
    first = f"{words.part_of_day(clocks[0])} {clocks[0]:%H:%M}"
    return first if len(clocks) == 1 else words.labels["then"].format(before=first, after=f"{clocks[-1]:%H:%M}")


def _weekday(words: Words, day: date) -> str:
    name: str = words.labels["weekdays_short"][day.weekday()]
    return name


def _date(schedule: Schedule, day: date) -> str:
    """Return the day of the month, or a dash from the stop on."""
    return "\N{EN DASH}" if schedule.stop is not None and day >= schedule.stop else str(day.day)
