"""Draw the doses of an exercise through the weeks, in words, as a card shows them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from planmaker.dose import AerobicDose
from planmaker.pdf import fonts
from planmaker.pdf.furniture import BODY, STRONG
from planmaker.pdf.style import MM, TINT
from planmaker.pdf.surface import Area, height

if TYPE_CHECKING:
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Prescription

__all__ = ["draw", "high"]

_MEASURED: Final = 256  # cards whose doses are kept while pages fill
_PAD = 1.6 * MM
_BELOW = 1.8 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """The doses of an exercise as rows of (weeks, dose), in a number of columns, under how often."""

    rows: tuple[tuple[str, str], ...]
    columns: int
    title: str

    @property
    def lines(self) -> int:
        """How many rows a column has."""
        return -(-len(self.rows) // self.columns)


@lru_cache(_MEASURED)
def _course(sheet: Sheet, name: str) -> _Course:
    """Gather the weeks with the same dose under how often it is done, in as many columns as fit."""
    runs = _runs(sheet.programme.course(name))
    last = runs[-1][2]
    vary = len({len(item.days) for _, _, item in runs}) > 1
    rows = tuple((_span(sheet, first, final), _dose(sheet, item, days=vary)) for first, final, item in runs)
    often = sheet.words.often(_times(sheet, name), 0 if vary else len(last.days))
    often = often[0].upper() + often[1:]
    if isinstance(last.dose, AerobicDose):
        words = sheet.words.passages("cards", easy=last.dose.easy_minutes, slow=last.dose.easy, stop_page=0)
        often = f"{often}. {words['aerobic']}"
    widest = max(fonts.width(text, BODY.font, BODY.size) for _, text in rows) + _label_width(rows) + 5 * MM
    columns = min(int(_inside(sheet) // widest), 4, len(rows))
    return _Course(rows=rows, columns=max(columns, 1), title=often)


def _inside(sheet: Sheet) -> float:
    return sheet.paper.measure - 2 * _PAD


def _runs(course: tuple[Prescription | None, ...]) -> list[tuple[int, int, Prescription]]:
    """Return the runs of weeks with the same dose on as many days: first week, last week, what is prescribed."""
    runs: list[tuple[int, int, Prescription]] = []
    for number, item in enumerate(course, start=1):
        if item is None:
            continue
        before = runs[-1][2] if runs and runs[-1][1] == number - 1 else None
        if before and (before.dose, len(before.days)) == (item.dose, len(item.days)):
            runs[-1] = (runs[-1][0], number, runs[-1][2])
        else:
            runs.append((number, number, item))
    return runs


def _times(sheet: Sheet, name: str) -> int:
    """Return how many sessions of a day have an exercise in the last week that has it."""
    found = [sum(name == item.exercise for item in week.prescriptions()) for week in sheet.programme.weeks]
    return next(count for count in reversed(found) if count)


def _dose(sheet: Sheet, item: Prescription, *, days: bool) -> str:
    """Write a dose for the panel, of an aerobic one all its minutes; with its days a week where they vary."""
    labels = sheet.words.labels
    dose = sheet.words.dose(item)
    if isinstance(item.dose, AerobicDose):
        dose = labels["minutes_short"].format(minutes=item.dose.minutes)
    return str(labels["dose_days"].format(dose=dose, days=len(item.days)) if days else dose)


def _span(sheet: Sheet, first: int, last: int) -> str:
    labels = sheet.words.labels
    span = labels["week"].format(number=first) if first == last else labels["weeks_span"].format(first=first, last=last)
    return str(span)


def _label_width(rows: tuple[tuple[str, str], ...]) -> float:
    return max(fonts.width(weeks, STRONG.font, STRONG.size) for weeks, _ in rows) + 2 * MM


def _row_heights(sheet: Sheet, course: _Course) -> list[float]:
    """Return how high each line of the doses is: one line of text, unless a single column is too narrow."""
    measure = _inside(sheet) / course.columns - _label_width(course.rows)
    if course.columns > 1:
        return [BODY.leading] * course.lines
    return [height(dose, BODY, measure) for _, dose in course.rows]


@lru_cache(_MEASURED)
def high(sheet: Sheet, name: str) -> float:
    """Return how high the doses are, with the space below."""
    course = _course(sheet, name)
    return height(course.title, STRONG, _inside(sheet)) + sum(_row_heights(sheet, course)) + 2 * _PAD + _BELOW


def draw(surface: Surface, sheet: Sheet, name: str, y: float) -> None:
    """Write each week's dose in words on a tinted ground, down one column and then the next."""
    course = _course(sheet, name)
    tall = high(sheet, name) - _BELOW
    surface.panel(Area(sheet.paper.left, y, sheet.paper.measure, tall), fill=TINT)
    x = sheet.paper.left + _PAD
    y = surface.paragraph(x, y + _PAD + 1, _inside(sheet), course.title, STRONG, tag="P")
    heights, share = _row_heights(sheet, course), _inside(sheet) / course.columns
    label = _label_width(course.rows)
    with surface.element("L"):
        for index, (weeks, dose) in enumerate(course.rows):
            column, line = divmod(index, course.lines)
            left, top = x + column * share, y + sum(heights[:line])
            with surface.element("LI"), surface.element("LBody"):
                surface.text(left, top, weeks, STRONG)
                surface.paragraph(left + label, top, share - label, dose, BODY)
