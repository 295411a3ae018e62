"""Draw the tracking pages of a week with reportlab: its head, and the blocks that follow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from reportlab.lib.units import mm

from peers.reportlab_pen import BOLD, BOX, GAP, LEFT, MEASURE, REGULAR, RIGHT, SEMIBOLD, Pen
from planmaker.pdf.style import ACCENT, QUIET, STOP, TINT, WHITE

if TYPE_CHECKING:
    from collections.abc import Callable

    Block = Callable[[float], float]  # draws below a y and returns the y below itself
    Told = dict[str, Any]

__all__ = ["blocks", "head"]

LABEL = 60 * mm
FIRST, STEP = LEFT + LABEL, (MEASURE - LABEL) / 7


def blocks(pen: Pen, told: Told) -> list[Block]:
    """Return a week's rows, and what is noted each day; none of them is split."""
    rows = [block for session in told["blocks"] for block in _session(pen, told["days"], session)]
    return [*rows, partial(_tail, pen, told)]


def head(pen: Pen, told: Told, name: str, y: float) -> float:
    """Write the week, its dates and the name; return the y below."""
    after = pen.text(LEFT, y + 2, told["title"], 26, BOLD)
    pen.text(after + 2.5 * mm, y - 7.6, told["of"], 14)
    pen.text(RIGHT, y, told["period"], 12.5, SEMIBOLD, shift=1)
    pen.text(RIGHT, y - 6.8 * mm, name, 11, shift=1)
    return y - 12.5 * mm


def _session(pen: Pen, days: list[list[str]], told: Told) -> list[Block]:
    head = partial(_session_head, pen, days, told)
    first, *rest = (partial(_row, pen, row) for row in told["rows"])
    return [lambda y: first(head(y)), *rest]  # a head is never left alone at the foot of a page


def _session_head(pen: Pen, days: list[list[str]], told: Told, y: float) -> float:
    pen.panel(LEFT, y, MEASURE, 9.8 * mm, TINT)
    pen.rule(LEFT, y, (RIGHT, y), 1.4, ACCENT)
    pen.text(LEFT + 1.5 * mm, y - 0.8 * mm, told["title"], 13, BOLD)
    pen.text(LEFT + 1.5 * mm, y - 5.5 * mm, told["about"], 10)
    for day, (weekday, date) in enumerate(days):
        pen.text(FIRST + (day + 0.5) * STEP, y - 0.9 * mm, weekday, 10.5, SEMIBOLD, shift=0.5)
        pen.text(FIRST + (day + 0.5) * STEP, y - 5.1 * mm, date, 10.5, shift=0.5)
    _day_lines(pen, y, y - 9.8 * mm)
    return y - 9.8 * mm


def _day_lines(pen: Pen, top: float, bottom: float) -> None:
    for day in range(8):
        pen.rule(FIRST + day * STEP, top, (FIRST + day * STEP, bottom), 0.8)
    pen.rule(LEFT, bottom, (RIGHT, bottom))


def _row(pen: Pen, told: Told, y: float) -> float:
    x, wide = LEFT + 20.5 * mm, LABEL - (26 if told["sides"] else 21) * mm

    def label(top: float) -> float:
        for field, size, font in (("name", 11.5, SEMIBOLD), ("form", 9.5, SEMIBOLD), ("dose", 10, REGULAR)):
            top = pen.lines(x, top, wide, told[field], size, font)
        return top

    lines = told["pattern"] * max(len(told["sides"]), 1)
    ticks, text = len(lines) * (BOX + GAP) - GAP + (1 * mm if told["sides"] else 0), pen.height(label)
    high = max(ticks, text, 12 * mm) + 1 * mm
    if pen.blind:
        return y - high
    label(y - (high - text) / 2)
    pill = 11 if told["pill"] else 0
    if told["picture"]:
        pen.picture(told["picture"], LEFT, y - pill - 1, 19 * mm, min(high - pill - 2, 19 * mm))
    if pill:
        pen.panel(LEFT, y - 1, 26, 10, ACCENT)
        pen.text(LEFT + 13, y - 2, told["pill"], 8.5, BOLD, colour=WHITE, shift=0.5)
    tops = [y - (high - ticks) / 2 - index * (BOX + GAP) for index in range(len(lines))]
    half = len(told["pattern"])
    tops = [top - (1 * mm if index >= half else 0) for index, top in enumerate(tops)]
    for index, side in enumerate(told["sides"]):
        middle = (tops[index * half] + tops[(index + 1) * half - 1] - BOX) / 2
        pen.text(FIRST - 2.6 * mm, middle + 5, side, 10, SEMIBOLD, shift=0.5)
    for day, due in enumerate(told["due"]):
        centre = FIRST + (day + 0.5) * STEP
        for count, top in zip(lines if due else [], tops, strict=False):
            for index in range(count):
                pen.box(centre + index * (BOX + GAP) - (count * (BOX + GAP) - GAP) / 2, top)
        pen.text(centre, y - high / 2 + 5, "" if due else told["rest"], 10, colour=QUIET, shift=0.5)
    _day_lines(pen, y, y - high)
    return y - high


def _tail(pen: Pen, told: Told, y: float) -> float:
    y -= 2 * mm
    pen.rule(LEFT, y, (RIGHT, y), 1.4, ACCENT)
    tracks = [(told["walk"]["title"], told["walk"]["dose"], told["walk"]["due"])] if told["walk"] else []
    for title, under, due in [*tracks, *((*track, []) for track in told["tracks"])]:
        pen.text(LEFT + 1.5 * mm, y - 0.5 * mm, title, 11.5, SEMIBOLD)
        pen.text(LEFT + 1.5 * mm, y - 4.7 * mm, under, 10)
        for day in range(7):
            x = FIRST + day * STEP
            if due and due[day]:
                pen.box(x + (STEP - BOX) / 2, y - (8.6 * mm - BOX) / 2)
            elif not due:
                pen.rule(x + 4 * mm, y - 7 * mm, (x + STEP - 4 * mm, y - 7 * mm), colour=QUIET)
        _day_lines(pen, y, y - 8.6 * mm)
        y -= 8.6 * mm
    pen.text(LEFT, y - 1.6 * mm, told["notes"], 11.5, SEMIBOLD)
    for line in range(told["note_lines"]):
        y -= 7.5 * mm if line else 6 * mm
        pen.rule(LEFT if line else LEFT + 14 * mm, y, (RIGHT, y), colour=QUIET)
    return pen.lines(LEFT, _rules(pen, told, y - 2 * mm) - 1.6 * mm, MEASURE, told["stop"], 10.5, BOLD, colour=STOP)


def _rules(pen: Pen, told: Told, y: float) -> float:
    if told["last"]:
        pen.frame(LEFT, y, MEASURE, 17 * mm, ACCENT)
        pen.text(LEFT + 2 * mm, y - 1.2 * mm, told["last"][0], 11.5, SEMIBOLD)
        pen.lines(LEFT + 2 * mm, y - 6.2 * mm, MEASURE - 4 * mm, told["last"][1], 10)
    x = LEFT
    for (title, text), share in zip(told["rules"], (0.33, 0.28, 0.39), strict=False):
        wide = (MEASURE - 4.8 * mm) * share
        pen.frame(x, y, wide, 17 * mm, ACCENT)
        pen.box(x + 2 * mm, y - 1.4 * mm)
        pen.text(x + 8.2 * mm, y - 1.5 * mm, title, 11.5, SEMIBOLD)
        pen.lines(x + 2 * mm, y - 6.8 * mm, wide - 4 * mm, text, 10)
        x += wide + 2.4 * mm
    return y - 17 * mm
