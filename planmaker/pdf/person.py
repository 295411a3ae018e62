"""Say what differs from person to person: the lines of their sheet by key, and how their own texts are set."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from planmaker.pdf import cover, fonts
from planmaker.pdf.furniture import FOOT, NAME, code_measure
from planmaker.pdf.own import OwnText
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.style import Paper
    from planmaker.plan import Plan
    from planmaker.schedule import Schedule

__all__ = ["dated_lines", "own_lines", "own_texts"]

_SCHEDULES = 256  # whose lines are kept

_SMALLEST = 9  # points on paper of the plan's code


def own_texts(paper: Paper) -> dict[str, OwnText]:
    """Return how texts of the person's own are set, by key."""
    return {
        "name": OwnText(field="name", style=cover.NAME, measure=paper.measure),
        "line": OwnText(field="name", style=NAME, measure=paper.measure * 0.45, right=True),
        "code": OwnText(field="id", style=FOOT, measure=code_measure(paper.measure)),
        "cleared_by": OwnText(field="cleared_by", style=cover.CLEARED, measure=paper.measure),
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
        parts = {slot: clock for slot in Slot if (clock := schedule.at(slot)) is not None}
        found = {
            "period": words.period(schedule.start, schedule.end(len(weeks))),
            **{f"times {index}": line for index, line in enumerate(cover.times(sheet, schedule))},
            **{f"part {slot.value}": f"{words.part_of_day(clock)} {clock:%H:%M}" for slot, clock in parts.items()},
            **{f"period {week}": words.period(schedule.day(week, 0), schedule.day(week, 6)) for week in weeks},
            **{f"date {week} {day}": str(schedule.day(week, day).day) for week in weeks for day in range(7)},
            **{f"weekday {day}": words.labels["weekdays_short"][schedule.day(1, day).weekday()] for day in range(7)},
        }
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
    return next((text for text in texts if fonts.width(text, FOOT.font, smallest) <= room), texts[-1])
