"""Measure a week in brief: one line for each exercise, and a box for each session of a day."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf import fonts, rows, rules, track
from planmaker.pdf.grid import of_days
from planmaker.pdf.label import DOSE, NAME, Label, label
from planmaker.pdf.rows import PILL
from planmaker.pdf.style import BOX, MM
from planmaker.pdf.surface import lines_of, pill_width
from planmaker.pdf.week import labels_of
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.pdf.grid import Grid
    from planmaker.pdf.sheet import Sheet
    from planmaker.programme import Prescription, Week

__all__ = [
    "CHOICES",
    "DAYS",
    "INDENT",
    "MARKED",
    "NAMES",
    "NAME_GAP",
    "TITLED",
    "Line",
    "Part",
    "indent",
    "part",
    "split",
]

_SESSIONS = (Slot.MORNING, Slot.EVENING)
TITLED = 8.4 * MM
DAYS = 9.6 * MM  # the height of a head with weekdays and dates
_MARKS = 4 * MM
_LEAST = BOX + 1.8 * MM
CHOICES = 7.4 * MM
MARKED = 11.5 * MM
INDENT = 1.5 * MM
_DOUBLE = 12 * MM
_SINGLE = 10 * MM
_SINGLE_NARROW = 9 * MM
_SESSION = 6.5 * MM  # of the mark of a session behind the names
NAME_GAP = 2.5 * MM
NAMES = 50 * MM  # of names in front of the places for one's own doses, in a spare week


# An exercise, and its days in each session.
_Due = tuple["Prescription", dict[Slot, tuple[int, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line of a week tracks: an exercise in one session or more. ``days`` are those of each session's slot."""

    item: Prescription
    days: Mapping[Slot, tuple[int, ...]]
    name: str
    label: Label
    mark: str
    one: bool  # name and dose stand on one line
    pill: str
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A week, or what of it fits on a page. ``both``: the boxes of the two sessions in ``slots`` stand side by side."""

    week: Week
    spare: bool
    more: bool
    tail: bool
    slots: tuple[Slot, ...]
    both: bool
    cells: Grid
    lines: tuple[Line, ...]
    tracks: tuple[track.Track, ...]
    choices: float

    @property
    def head(self) -> float:
        """The height of the head row."""
        return DAYS + (_MARKS if self.both else 0.0)

    @property
    def high(self) -> float:
        """The height of all, the title included."""
        rest = sum(line.high for line in self.tracks) + self.choices if self.tail else 0.0
        return TITLED + self.head + sum(line.high for line in self.lines) + rest

    @property
    def number(self) -> int:
        """The number of the week in the names of places, 0 for the spare one."""
        return 0 if self.spare else self.week.number


def part(sheet: Sheet, week: Week, *, spare: bool) -> Part:
    """Measure a week."""
    labels = labels_of(sheet, week)
    merged = _merged(week)
    slots = tuple(slot for slot in _SESSIONS if any(slot in days for _, days in merged))
    both = any(len(days) > 1 for _, days in merged)
    single = _SINGLE_NARROW if sheet.paper.narrow else _SINGLE
    cells = of_days(sheet.paper, tuple(range(7)), _DOUBLE if both else single)
    mark = len(slots) > 1 and not both
    lines = tuple(_line(sheet, cells, due, labels, mark=mark, spare=spare) for due in merged)
    last = rules.last(sheet, week, spare=spare)
    return Part(
        week=week,
        spare=spare,
        more=False,
        tail=True,
        slots=slots,
        both=both,
        cells=cells,
        lines=lines,
        tracks=track.tracks(cells, labels),
        choices=CHOICES * (2 if sheet.paper.narrow and not last else 1),
    )


def _merged(week: Week) -> list[_Due]:
    """Return each exercise once, with its days in each session; another dose in another session stays apart.

    What has no session of its own, such as the walk, comes last.
    """
    found: dict[object, _Due] = {}
    for session in sorted(week.sessions, key=lambda session: session.slot not in _SESSIONS):
        for item in session.prescriptions:
            _, days = found.setdefault((item.exercise, item.variant, item.dose), (item, {}))
            days[session.slot] = item.days
    return list(found.values())


def _line(sheet: Sheet, cells: Grid, due: _Due, labels: Mapping[str, str], *, mark: bool, spare: bool) -> Line:
    item, days = due
    aerobic = Slot.AEROBIC in days
    name = sheet.aerobic_word("label") if aerobic else sheet.words.exercises[item.exercise].name
    form = sheet.words.form(item)
    name = f"{name} ({form.lower()})" if form else name
    dose = "" if spare else sheet.words.dose(item)
    pill = "" if spare else rows.change(item, labels)
    measure = cells.label - indent(sheet) - (_SESSION if mark else 1 * MM)
    aside = pill_width(pill, PILL) + 1 * MM if pill and sheet.paper.narrow else 0.0
    text = label(measure, name, dose, mine=labels["my_dose"] if spare else "")
    text = dataclasses.replace(text, name=tuple(lines_of(name, NAME, measure - aside)))
    if spare:
        one = not sheet.paper.narrow and fonts.width(name, NAME.font, NAME.size) <= NAMES
        text = label(measure - NAMES, "", "", mine=labels["my_dose"]) if one else text
    else:
        one = _wide(name, dose) + aside <= measure
    high = NAME.leading if one else text.high
    return Line(
        item=item,
        days=days,
        name=name,
        label=text,
        one=one,
        mark=labels[next(iter(days)).value] if mark and not aerobic else "",
        pill=pill,
        high=max(high + 0.8 * MM, _LEAST),
    )


def indent(sheet: Sheet) -> float:
    """Return what stands in front of the names: a column for marks, which a narrow page has no room for."""
    return INDENT if sheet.paper.narrow else MARKED


def _wide(name: str, dose: str) -> float:
    return fonts.width(name, NAME.font, NAME.size) + NAME_GAP + fonts.width(dose, DOSE.font, DOSE.size)


def split(whole: Part, room: float) -> Iterator[Part]:
    """Part a week that is higher than a page between its lines."""
    taken: list[Line] = []
    more = False
    for line in whole.lines:
        longer = dataclasses.replace(whole, lines=(*taken, line), tail=line is whole.lines[-1])
        if taken and longer.high > room:
            yield dataclasses.replace(whole, lines=tuple(taken), tail=False, more=more)
            taken, more = [], True
        taken.append(line)
    yield dataclasses.replace(whole, lines=tuple(taken), more=more)
