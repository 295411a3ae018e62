"""Draw the tracking pages of a week with reportlab: its head, and the blocks that follow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from reportlab.lib.units import mm

from peers.reportlab_pen import ACROSS, BOLD, BOX, LEFT, MEASURE, REGULAR, RIGHT, SEMIBOLD, Pen
from planmaker.pdf.style import ACCENT, QUIET, STOP, TINT, WHITE

if TYPE_CHECKING:
    from collections.abc import Callable

    Block = Callable[[float], float]  # draws below a y and returns the y below itself
    Told = dict[str, Any]

__all__ = ["blocks", "head"]

STEP = 17.9 * mm
LABEL = MEASURE - 7 * STEP
FIRST = LEFT + LABEL


def blocks(pen: Pen, told: Told) -> list[Block]:
    """Return a week's rows, and what is noted each day; none of them is split."""
    rows = [block for session in told["blocks"] for block in _session(pen, told, session)]
    return [*rows, partial(_tail, pen, told)]


def head(pen: Pen, told: Told, name: str, y: float) -> float:
    """Write the week, its dates and the name; return the y below."""
    after = pen.text(LEFT, y + 2, told["title"], 26, BOLD)
    pen.text(after + 2.5 * mm, y - 7.6, told["of"], 14)
    pen.text(RIGHT, y, told["period"], 12.5, SEMIBOLD, shift=1)
    pen.text(RIGHT, y - 6.8 * mm, name, 11, shift=1)
    return y - 12 * mm


def _session(pen: Pen, week: Told, told: Told) -> list[Block]:
    head = partial(_session_head, pen, week["days"], told)
    first, *rest = (partial(_row, pen, week, row) for row in told["rows"])
    return [lambda y: first(head(y)), *rest]  # a head is never left alone at the foot of a page


def _session_head(pen: Pen, days: list[list[str]], told: Told, y: float) -> float:
    pen.panel(LEFT, y, MEASURE, 9.4 * mm, TINT)
    pen.rule(LEFT, y, (RIGHT, y), 1.4, ACCENT)
    pen.text(LEFT + 1.5 * mm, y - 0.8 * mm, told["title"], 13, BOLD)
    pen.text(LEFT + 1.5 * mm, y - 5.1 * mm, told["about"], 10.5)
    for day, (weekday, date) in enumerate(days):
        pen.text(FIRST + (day + 0.5) * STEP, y - 0.7 * mm, weekday, 10.5, SEMIBOLD, shift=0.5)
        pen.text(FIRST + (day + 0.5) * STEP, y - 4.8 * mm, date, 10.5, shift=0.5)
    _day_lines(pen, y, y - 9.4 * mm)
    return y - 9.4 * mm


def _day_lines(pen: Pen, top: float, bottom: float) -> None:
    for day in range(8):
        pen.rule(FIRST + day * STEP, top, (FIRST + day * STEP, bottom), 0.8)
    pen.rule(LEFT, bottom, (RIGHT, bottom))


def _row(pen: Pen, week: Told, told: Told, y: float) -> float:
    gap, half = week["gap"] * mm, len(told["pattern"])
    lines = told["pattern"] * max(len(told["sides"]), 1)
    parted = [index // half * 0.5 * gap for index in range(len(lines))]
    ticks = len(lines) * (BOX + gap) - gap + parted[-1]
    label = partial(_label, pen, told, week["mine"], LEFT + 18 * mm, LABEL - (21.5 if told["sides"] else 19) * mm)
    text = pen.height(label)
    high = max(ticks + gap, text + 0.6 * mm, 12.6 * mm)
    if pen.blind:
        return y - high
    label(y - (high - text) / 2)
    _picture(pen, told, y, high)
    tops = [y - (high - ticks) / 2 - index * (BOX + gap) - extra for index, extra in enumerate(parted)]
    for index, side in enumerate(told["sides"]):
        middle = (tops[index * half] + tops[(index + 1) * half - 1] - BOX) / 2
        pen.text(FIRST - 1.8 * mm, middle + 5, side, 10.5, SEMIBOLD, shift=0.5)
    for day, due in enumerate(told["due"]):
        centre = FIRST + (day + 0.5) * STEP
        for count, top in zip(lines if due else [], tops, strict=False):
            for index in range(count):
                pen.box(centre + index * (BOX + ACROSS) - (count * (BOX + ACROSS) - ACROSS) / 2, top)
        pen.text(centre, y - high / 2 + 5, "" if due else told["rest"], 10.5, shift=0.5)
    _day_lines(pen, y, y - high)
    return y - high


def _label(pen: Pen, told: Told, mine: str, x: float, wide: float, y: float) -> float:
    for field, size, font in (("name", 11.5, SEMIBOLD), ("form", 10.5, SEMIBOLD)):
        y = pen.lines(x, y, wide, told[field], size, font) + size * 0.1
    doses = pen.split(told["dose"], REGULAR, 10.5, wide)
    for line in doses:
        after = pen.text(x, y, line, 10.5) + 2 * mm
        y -= 11.8
    if len(doses) > 1 and after + 22 * mm < x + wide:  # beside a short last line
        pen.written(after, y + 11.4, mine, x + wide, 9.5)
        return y
    pen.written(x, y, mine, x + 36 * mm, 9.5)
    return y - 12.2


def _picture(pen: Pen, told: Told, y: float, high: float) -> None:
    pill = 11 if told["pill"] else 0
    if told["picture"]:
        pen.picture(told["picture"], LEFT, y - pill - 1, 17 * mm, min(high - pill - 2, 19 * mm))
    if pill:
        pen.panel(LEFT, y - 1, 26, 10, ACCENT)
        pen.text(LEFT + 13, y - 2, told["pill"], 9, BOLD, colour=WHITE, shift=0.5)


def _tail(pen: Pen, told: Told, y: float) -> float:
    y -= 1.4 * mm
    pen.rule(LEFT, y, (RIGHT, y), 1.4, ACCENT)
    y = _walk(pen, told["walk"], told["mine"], y) if told["walk"] else y
    for title in told["tracks"]:
        after = pen.text(LEFT + 1.5 * mm, y - 1 * mm, title, 11.5, SEMIBOLD)
        pen.text(after + 1.8 * mm, y - 1.2 * mm, told["scale"], 10.5)
        for day in range(7):
            x = FIRST + day * STEP
            pen.rule(x + 3.5 * mm, y - 5.8 * mm, (x + STEP - 3.5 * mm, y - 5.8 * mm), colour=QUIET)
        _day_lines(pen, y, y - 6.8 * mm)
        y -= 6.8 * mm
    after = pen.text(LEFT, y - 1.8 * mm, told["usual"], 11.5, SEMIBOLD) + 1.8 * mm
    pen.written(after, y - 2 * mm, told["scale"], after + 28 * mm, 10.5)
    after = pen.text(after + 32 * mm, y - 1.8 * mm, told["notes"], 11.5, SEMIBOLD) + 1.8 * mm
    y -= 5.6 * mm
    for line in range(told["note_lines"]):
        y -= 7.5 * mm if line else 0
        pen.rule(LEFT if line else after, y, (RIGHT, y), colour=QUIET)
    y = _advice(pen, told["advice"], _rules(pen, told, y - 1.6 * mm))
    return pen.lines(LEFT, y - 1.2 * mm, MEASURE, told["stop"], 10.5, BOLD, colour=STOP)


def _walk(pen: Pen, told: Told, mine: str, y: float) -> float:
    label = partial(_label, pen, {"name": told["title"], "form": "", **told}, mine, LEFT + 1.5 * mm, LABEL - 2.5 * mm)
    high = pen.height(label) + 0.6 * mm
    label(y - 0.3 * mm)
    for day, due in enumerate(told["due"]):
        centre = FIRST + (day + 0.5) * STEP
        if due:
            pen.box(centre - BOX / 2, y - (high - BOX) / 2)
        else:
            pen.text(centre, y - high / 2 + 5, told["rest"], 10.5, shift=0.5)
    _day_lines(pen, y, y - high)
    return y - high


def _rules(pen: Pen, told: Told, y: float) -> float:
    high, x = 15.6 * mm, LEFT
    if told["last"]:
        pen.frame(LEFT, y, MEASURE, high, ACCENT)
        pen.text(LEFT + 2 * mm, y - 1 * mm, told["last"][0], 11.5, SEMIBOLD)
        pen.lines(LEFT + 2 * mm, y - 6 * mm, MEASURE - 4 * mm, told["last"][1], 10)
    for (title, text), share in zip(told["rules"], (0.33, 0.28, 0.39), strict=False):
        wide = (MEASURE - 4.8 * mm) * share
        pen.frame(x, y, wide, high, ACCENT)
        pen.box(x + 2 * mm, y - 1.1 * mm)
        pen.text(x + 8.3 * mm, y - 1.4 * mm, title, 11.5, SEMIBOLD)
        pen.lines(x + 2 * mm, y - 6.4 * mm, wide - 4 * mm, text, 10)
        x += wide + 2.4 * mm
    return y - high


def _advice(pen: Pen, told: list[list[str]], y: float) -> float:
    if not told:
        return y
    pen.frame(LEFT, y - 1.4 * mm, MEASURE, 11.6 * mm, ACCENT)
    for index, (title, text) in enumerate(told):
        top = y - 2.4 * mm - index * 4.9 * mm
        pen.text(LEFT + 2 * mm, top, title, 11.5, SEMIBOLD)
        pen.text(LEFT + 26 * mm, top - 1, text, 10)
    return y - 13 * mm
