"""Say what differs from person to person: the lines of their sheet by key, and how their own texts are set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.pdf import cover
from planmaker.pdf.furniture import FOOT, NAME
from planmaker.pdf.stamp import OwnText
from planmaker.programme import Slot

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.style import Paper
    from planmaker.plan import Plan

__all__ = ["lines", "own_texts"]


def own_texts(paper: Paper) -> dict[str, OwnText]:
    """Return how texts of the person's own are set, by key."""
    return {
        "name": OwnText(style=cover.NAME, measure=paper.measure),
        "line": OwnText(style=NAME, measure=paper.measure * 0.45, right=True),
        "code": OwnText(style=FOOT, measure=paper.measure * 0.75),
        "cleared_by": OwnText(style=cover.CLEARED, measure=paper.measure),
    }


def lines(plan: Plan, sheet: Sheet) -> dict[str, str]:
    """Return all that is printed for one person and differs for another, by the keys of its places."""
    person, schedule, words = plan.person, plan.schedule, sheet.words
    weeks = [week.number for week in plan.programme.weeks]
    parts = {slot: clock for slot in Slot if (clock := schedule.at(slot)) is not None}
    return {
        "name": person.name,
        "line": person.name,
        "code": words.labels["plan"].format(id=person.id, revision=plan.revision),
        "cleared_by": words.labels["cleared_by"].format(name=person.cleared_by) if person.cleared_by else "",
        "summary": f"{cover.summary(sheet)}: {words.period(schedule.start, schedule.end(len(weeks)))}",
        "times": cover.times(sheet, schedule),
        **{f"part {slot.value}": f"{words.part_of_day(clock)} {clock:%H:%M}" for slot, clock in parts.items()},
        **{f"period {week}": words.period(schedule.day(week, 0), schedule.day(week, 6)) for week in weeks},
        **{f"date {week} {day}": str(schedule.day(week, day).day) for week in weeks for day in range(7)},
        **{f"weekday {day}": words.labels["weekdays_short"][schedule.day(1, day).weekday()] for day in range(7)},
    }
