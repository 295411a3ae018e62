"""Draw a plan with reportlab's canvas: every page anew, without tags; pictures and the box are form XObjects."""

from __future__ import annotations

import io
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import reportlab
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from peers.pages import pages
from peers.reportlab_pen import BOLD, FLOOR, LEFT, MEASURE, REGULAR, RIGHT, SEMIBOLD, TOP, Pen, fonts
from peers.reportlab_week import blocks as week_blocks
from peers.reportlab_week import head as week_head
from planmaker.pdf.style import ACCENT, BAR, QUIET, STOP, TINT, WHITE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.figures.drawing import Drawing
    from planmaker.plan import Plan
    from planmaker.words import Words

    Block = Callable[[float], float]  # draws below a y and returns the y below itself
    Told = dict[str, Any]

__all__ = ["VERSION", "draw"]

# Plain compressed streams: ASCII armour would make the file a quarter larger.
rl_config.useA85 = 0

VERSION = f"reportlab {reportlab.__version__} {'with' if find_spec('_rl_accel') else 'without'} rl_accel"

PICTURE = 73 * mm
BESIDE = LEFT + PICTURE + 4.5 * mm
MARKS = {"head": (13, BOLD, 0), "item": (11, REGULAR, 3.6 * mm), "text": (11, REGULAR, 0)}


def draw(plan: Plan, words: Words, artwork: Mapping[str, tuple[Drawing, ...]]) -> bytes:
    """Return one person's whole document."""
    fonts()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, pageCompression=1, initialFontName=REGULAR)
    told = pages(plan, words, artwork)
    pen = Pen(canvas, artwork)
    parts = _parts(pen, told)
    for number, (advice, head, blocks) in enumerate(parts, start=1):
        y = head(TOP)
        for block in blocks:
            y = block(y)
        pen.text(LEFT, 13.6 * mm, advice, 9.5, colour=QUIET)
        pen.text(LEFT, 9.4 * mm, told["code"], 9.5, colour=QUIET)
        pen.text(RIGHT, 9.4 * mm, told["page"].format(page=number, pages=len(parts)), 9.5, colour=QUIET, shift=1)
        canvas.showPage()
    canvas.setTitle(told["cover"]["title"])
    canvas.save()
    return stream.getvalue()


def _parts(pen: Pen, told: Told) -> list[tuple[str, Block, list[Block]]]:
    """Return each page as its line of advice, its head and its blocks."""
    name, cards, guide = told["name"], told["cards"], told["guide"]
    found = [("", partial(_cover, pen, told["cover"], name), [])]
    blocks = [partial(_columns, pen, guide), partial(_passage, pen, guide["foot"], LEFT, MEASURE)]
    found += _flow(pen, "", partial(_head, pen, guide["title"], name), blocks)
    blocks = [partial(_card, pen, card) for card in cards["items"]]
    blocks += [partial(_transfer, pen, cards["transfer"])] if cards["transfer"] else []
    found += _flow(pen, cards["stop"], partial(_head, pen, cards["title"], name), blocks)
    for week in told["weeks"]:
        found += _flow(pen, week["fridge"], partial(week_head, pen, week, name), week_blocks(pen, week))
    return found


def _flow(pen: Pen, advice: str, head: Block, blocks: list[Block]) -> list[tuple[str, Block, list[Block]]]:
    """Part blocks into pages, as many as fit on each."""
    found, left = [], 0.0
    for block in blocks:
        high = pen.height(block)
        if high > left:
            found.append((advice, head, []))
            left = TOP - FLOOR - pen.height(head)
        found[-1][2].append(block)
        left -= high
    return found


def _head(pen: Pen, title: str, name: str, y: float) -> float:
    pen.text(LEFT, y, title, 20, BOLD)
    pen.text(RIGHT, y - 4 * mm, name, 11, shift=1)
    pen.rule(LEFT, y - 9.5 * mm, (RIGHT, y - 9.5 * mm), 1.4, ACCENT)
    return y - 12.5 * mm


def _cover(pen: Pen, told: Told, name: str, y: float) -> float:
    y = pen.lines(LEFT, y, MEASURE, told["title"], 34, BOLD, colour=ACCENT)
    y = pen.lines(LEFT, y, MEASURE, name, 17, SEMIBOLD)
    y = pen.lines(LEFT, y, MEASURE, told["summary"], 13, SEMIBOLD)
    y = pen.lines(LEFT, y, MEASURE, told["times"], 13)
    y = pen.lines(LEFT, y, MEASURE, told["cleared"], 13) - 2 * mm
    pen.rule(LEFT, y, (RIGHT, y), 1.4, ACCENT)
    y = pen.lines(LEFT, y - 3 * mm, MEASURE, told["how_title"], 14, BOLD) - 1 * mm
    for number, (word, text) in enumerate(told["how"], start=1):
        pen.disc(LEFT + 3 * mm, y - 7.2, 2.9 * mm, str(number))
        pen.text(LEFT + 8.4 * mm, y, word, 12.5, SEMIBOLD)
        y = pen.lines(LEFT + 24 * mm, y, MEASURE - 24 * mm, text, 12.5) - 2 * mm
    y = _glance(pen, told, pen.lines(LEFT, y - 2 * mm, MEASURE, told["glance_title"], 14, BOLD))
    top, inner, x = y - 3 * mm, MEASURE - 8 * mm, LEFT + 4 * mm
    y = pen.lines(x, top - 3 * mm, inner, told["stop_title"], 14, BOLD) - 1 * mm
    for head, text in told["rules"]:
        y = pen.lines(x, pen.lines(x, y, inner, head, 12, BOLD), inner, text, 11.5) - 1.6 * mm
    y = _signs(pen, told["today_list"], 3, y) - 2 * mm
    pen.panel(LEFT, y, MEASURE, 7 * mm, STOP)
    y = pen.lines(x, y - 3, inner, told["emergency"], 13, BOLD, colour=WHITE) - 3 * mm
    y = _signs(pen, told["emergency_list"], 2, pen.lines(x, y, inner, told["emergency_text"], 11.5)) - 3 * mm
    pen.frame(LEFT, top, MEASURE, top - y, STOP)
    y, x = pen.lines(LEFT, y - 3 * mm, MEASURE, told["before_line"], 12.5, SEMIBOLD) - 3 * mm, LEFT
    for label, share in zip(told["contacts"], (0.46, 0.3, 0.24), strict=True):
        after, edge = pen.text(x, y, label, 11.5) + 2 * mm, x + MEASURE * share
        pen.rule(after, y - 11, (edge - 3 * mm, y - 11), colour=QUIET)
        x = edge
    return y


def _glance(pen: Pen, told: Told, y: float) -> float:
    first, step = LEFT + 48 * mm, (MEASURE - 48 * mm) / len(told["glance_weeks"])
    wide = min(step * 0.62, 16 * mm)
    for row in told["glance"]:
        base = y - 10.2 * mm
        pen.text(LEFT, base + 12, row["label"], 10, SEMIBOLD)
        for index, value in enumerate(row["values"]):
            middle, high = first + (index + 0.5) * step, 6 * mm * value / max(row["values"])
            pen.panel(middle - wide / 2, base + high, wide, high, BAR)
            pen.text(middle, base + high + 11, str(value), 10, SEMIBOLD, shift=0.5)
        pen.rule(LEFT, base, (RIGHT, base))
        y = base - 0.6 * mm
    for index, week in enumerate(told["glance_weeks"]):
        label = week if step > 14 * mm else str(index + 1)
        pen.text(first + (index + 0.5) * step, y, label, 9, colour=QUIET, shift=0.5)
    return y - 11


def _signs(pen: Pen, signs: list[str], columns: int, y: float) -> float:
    rows, x = -(-len(signs) // columns), LEFT + 4 * mm
    for first in range(0, len(signs), rows):
        ends = []
        for index, sign in enumerate(signs[first : first + rows]):
            pen.disc(x + 1.4 * mm, y - index * 14 - 6.4, 1.7, fill=STOP)
            ends.append(pen.text(x + 4.4 * mm, y - index * 14, sign, 11.5))
        x = max(ends) + 6 * mm
    return y - rows * 14


def _columns(pen: Pen, told: Told, y: float) -> float:
    wide = (MEASURE - 7 * mm) / 2
    left, right = (_passage(pen, told[side], x, wide, y) for side, x in (("left", LEFT), ("right", RIGHT - wide)))
    pen.rule(LEFT, min(left, right) - 2 * mm, (RIGHT, min(left, right) - 2 * mm))
    return min(left, right) - 4 * mm


def _passage(pen: Pen, lines: list[list[str]], x: float, wide: float, y: float) -> float:
    for kind, text in lines:
        size, font, indent = MARKS[kind]
        if kind == "item":
            pen.disc(x + 1.1 * mm, y - 6.6, 1.5)
        y = pen.lines(x + indent, y - (1.6 * mm if kind == "head" else 0), wide - indent, text, size, font) - 0.4 * mm
    return y


def _card(pen: Pen, told: Told, y: float) -> float:
    after = pen.text(LEFT, y, told["name"], 16, BOLD)
    pen.text(after + 3 * mm, y - 4.2, told["aside"], 11, colour=QUIET)
    y -= 7.6 * mm
    below, doses = _instructions(pen, told, y), pen.height(partial(_doses, pen, told))
    room = min(max(y - below - doses, 36 * mm), 50 * mm) - 1.5 * mm if told["pictures"] else 0
    _pictures(pen, told["pictures"], y, room)
    below = min(below, _doses(pen, told, y - room - 1.5 * mm)) - 2 * mm
    pen.rule(LEFT, below, (RIGHT, below))
    return below - 2 * mm


def _instructions(pen: Pen, told: Told, y: float) -> float:
    y = pen.lines(BESIDE, y, RIGHT - BESIDE, told["changed"], 12, BOLD, colour=ACCENT)
    for number, step in enumerate(told["steps"], start=1):
        pen.disc(BESIDE + 2.4 * mm, y - 6.7, 2.3 * mm, str(number))
        y = pen.lines(BESIDE + 6.6 * mm, y, RIGHT - BESIDE - 6.6 * mm, step, 12) - 0.7 * mm
    for label, text in told["notes"]:
        start = pen.text(BESIDE, y, label, 11, SEMIBOLD) + 1.6 * mm
        first = pen.split(text, REGULAR, 11, RIGHT - start)[0]
        pen.text(start, y, first, 11)
        y = pen.lines(BESIDE, y - 13.2, RIGHT - BESIDE, text[len(first) :].strip(), 11) - 0.5 * mm
    return y


def _pictures(pen: Pen, found: list[Told], y: float, room: float) -> None:
    stacked = len(found) > 1 and found[0]["width"] > 1.4 * found[0]["height"]
    share = max(len(found), 1)
    wide, high = (PICTURE, room / share) if stacked else (PICTURE / share, room)
    for index, picture in enumerate(found):
        x, top = (LEFT, y - index * high) if stacked else (LEFT + index * wide, y)
        caption = 11 if len(found) > 1 else 0
        pen.picture(picture, x, top, wide - 1 * mm, high - caption)
        pen.text(x + wide / 2, top - high + caption, picture["caption"] if caption else "", 9, colour=QUIET, shift=0.5)


def _doses(pen: Pen, told: Told, y: float) -> float:
    rows = -(-len(told["doses"]) // told["columns"])
    title = pen.height(lambda top: pen.lines(0, top, PICTURE - 3.2 * mm, told["often"], 10, SEMIBOLD))
    pen.panel(LEFT, y, PICTURE, title + rows * 12.2 + 2.4 * mm, TINT)
    top = pen.lines(LEFT + 1.6 * mm, y - 1.2 * mm, PICTURE - 3.2 * mm, told["often"], 10, SEMIBOLD)
    for index, (weeks, dose) in enumerate(told["doses"]):
        x = LEFT + 1.6 * mm + index // rows * PICTURE / 2
        pen.text(x, top - index % rows * 12.2, weeks, 10, SEMIBOLD)
        pen.text(x + 18 * mm, top - index % rows * 12.2, dose, 10.2)
    return top - rows * 12.2 - 1.2 * mm


def _transfer(pen: Pen, told: Told, y: float) -> float:
    y, wide, below = pen.lines(LEFT, y, MEASURE, told["name"], 16, BOLD), MEASURE / 4, []
    for index, (picture, step) in enumerate(zip(told["pictures"], told["steps"], strict=True)):
        x = LEFT + index * wide
        pen.picture(picture, x, y, wide - 3 * mm, 29 * mm)
        pen.disc(x + 2.4 * mm, y - 31 * mm - 6.7, 2.3 * mm, str(index + 1))
        below.append(pen.lines(x + 6.6 * mm, y - 31 * mm, wide - 9.6 * mm, step, 12))
    return pen.lines(LEFT, min(below) - 2 * mm, MEASURE, told["up"], 12)
