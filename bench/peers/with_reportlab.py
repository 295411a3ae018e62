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
from planmaker.pdf.style import ACCENT, BAR, INK, QUIET, STOP, TINT, WHITE

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

PICTURE = 80 * mm
HALF = (MEASURE - 5 * mm) / 2
MARKS = {
    "head": (14, BOLD, 0),
    "subhead": (12, SEMIBOLD, 0),
    "item": (12, REGULAR, 4 * mm),
    "step": (12, REGULAR, 6.6 * mm),
    "text": (12, REGULAR, 0),
}


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
    name, cards, stop, head = told["name"], told["cards"], told["stop"], partial(partial, _head, pen)
    guide, progress, calendars, review = (told[page] for page in ("guide", "progress", "calendars", "review"))
    found = [("", partial(_cover, pen, told["cover"], name), [])]
    found += _flow(pen, stop, head(guide["title"], name), [partial(_columns, pen, guide["columns"])])
    blocks = [partial(_chart, pen, progress), partial(_columns, pen, progress["columns"])]
    found += [(stop, head(progress["title"], name), blocks)]
    found += _flow(pen, stop, head(calendars["title"], name), [partial(_columns, pen, calendars["columns"])])
    blocks = [partial(_card, pen, card) for card in cards["items"]]
    blocks += [partial(_transfer, pen, cards["transfer"])] if cards["transfer"] else []
    found += _flow(pen, stop, head(cards["title"], name), blocks)
    for week in told["weeks"]:
        found += _flow(pen, week["fridge"], partial(week_head, pen, week, name), week_blocks(pen, week))
    return [*found, (stop, head(review["title"], name), [partial(_review, pen, review)])]


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
    y = pen.lines(LEFT, y, MEASURE, name, 18, SEMIBOLD)
    for label, text in told["facts"]:
        pen.text(LEFT, y, label, 13, colour=QUIET)
        y = pen.lines(LEFT + 22 * mm, y, MEASURE - 22 * mm, text, 13, SEMIBOLD) - 3
    y = pen.lines(LEFT, y, MEASURE, told["cleared"], 13) - 2 * mm
    pen.rule(LEFT, y, (RIGHT, y), 1.4, ACCENT)
    y = pen.lines(LEFT, y - 3 * mm, MEASURE, told["how_title"], 14, BOLD) - 1 * mm
    for number, (word, text) in enumerate(told["how"], start=1):
        pen.disc(LEFT + 3 * mm, y - 7.2, 2.9 * mm, str(number))
        pen.text(LEFT + 8.4 * mm, y, word, 13, SEMIBOLD)
        y = pen.lines(LEFT + 24 * mm, y, MEASURE - 24 * mm, text, 13) - 2 * mm
    y = pen.lines(LEFT, y - 2 * mm, MEASURE, told["why"], 14, BOLD)
    y = _stop(pen, told, pen.lines(LEFT, y, MEASURE, told["why_text"], 13) - 4 * mm) - 4 * mm
    y = pen.lines(LEFT, y, MEASURE, told["before"], 14, BOLD)
    y = pen.lines(LEFT, y, MEASURE, told["before_text"], 13) - 3 * mm
    contact, phone, seen = told["contacts"]
    pen.written(LEFT, y, contact, RIGHT)
    pen.written(LEFT, y - 8.5 * mm, phone, LEFT + 0.55 * MEASURE)
    pen.written(LEFT + 0.57 * MEASURE, y - 8.5 * mm, seen, RIGHT)
    return y - 17 * mm


def _stop(pen: Pen, told: Told, top: float) -> float:
    inner, x = MEASURE - 8 * mm, LEFT + 4 * mm
    y = pen.lines(x, top - 3 * mm, inner, told["stop_title"], 14, BOLD) - 1 * mm
    for head, text in told["rules"]:
        y = pen.lines(x, pen.lines(x, y, inner, head, 12, BOLD), inner, text, 12) - 1.3 * mm
    y = _signs(pen, told["today_list"], 3, y) - 2 * mm
    pen.panel(LEFT, y, MEASURE, 8 * mm, STOP)
    y = pen.lines(x, y - 3, inner, told["emergency"], 15, BOLD, colour=WHITE) - 3 * mm
    y = _signs(pen, told["emergency_list"], 1, pen.lines(x, y, inner, told["emergency_text"], 12, BOLD)) - 3 * mm
    pen.frame(LEFT, top, MEASURE, top - y, STOP)
    return y


def _chart(pen: Pen, told: Told, y: float) -> float:
    first, step = LEFT + 52 * mm, min((MEASURE - 52 * mm) / len(told["weeks"]), 24 * mm)
    for index, week in enumerate(told["weeks"]):
        label = week if step > 14 * mm else str(index + 1)
        pen.text(first + (index + 0.5) * step, y, label, 12, colour=ACCENT, shift=0.5)
    y -= 7 * mm
    for row in told["rows"]:
        base = y - 14 * mm
        pen.text(LEFT, base + 15, row["label"], 12, SEMIBOLD)
        for index, value in enumerate(row["values"]):
            middle, high = first + (index + 0.5) * step, 9 * mm * value / max(row["values"])
            pen.panel(middle - step / 3, base + high, step * 2 / 3, high, BAR)
            pen.text(middle, base + high + 13, str(value), 12, SEMIBOLD, shift=0.5)
        pen.rule(LEFT, base, (RIGHT, base))
        y = base - 1.5 * mm
    return y - 2 * mm


def _signs(pen: Pen, signs: list[str], columns: int, y: float) -> float:
    rows, x = -(-len(signs) // columns), LEFT + 4 * mm
    for first in range(0, len(signs), rows):
        ends = []
        for index, sign in enumerate(signs[first : first + rows]):
            pen.disc(x + 1.4 * mm, y - index * 14.8 - 6.8, 1.7, fill=STOP)
            ends.append(pen.text(x + 4.4 * mm, y - index * 14.8, sign, 12))
        x = max(ends) + 6 * mm
    return y - rows * 14.8


def _columns(pen: Pen, told: list[list[list[str]]], y: float) -> float:
    wide = (MEASURE - 8 * mm) / 2
    starts = (LEFT, RIGHT - wide)
    return min(_passage(pen, lines, x, wide, y) for lines, x in zip(told, starts, strict=True))


def _passage(pen: Pen, lines: list[list[str]], x: float, wide: float, y: float) -> float:
    for kind, text, number in lines:
        size, font, indent = MARKS[kind]
        y -= 2 * mm if kind == "head" else 0
        if kind == "item":
            pen.disc(x + 1.4 * mm, y - 6.8, 1.6)
        elif kind == "step":
            pen.disc(x + 2.3 * mm, y - 6.8, 2.3 * mm, number)
        colour = ACCENT if kind == "head" else INK
        y = pen.lines(x + indent, y, wide - indent, text, size, font, colour=colour) - 0.9 * mm
    return y


def _card(pen: Pen, told: Told, y: float) -> float:
    after = pen.text(LEFT, y, told["name"], 17, BOLD)
    pen.text(after + 3 * mm, y - 4.2, told["aside"], 12, colour=QUIET)
    y -= 8.4 * mm
    room = 46 * mm if told["pictures"] else 0
    _pictures(pen, told["pictures"], y, room)
    x = LEFT + PICTURE + 5 * mm if told["pictures"] else LEFT
    y = _doses(pen, told, min(_steps(pen, told, x, y), y - room) - 1.4 * mm) - 1.8 * mm
    halves = zip(told["notes"], (LEFT, LEFT + HALF + 5 * mm), strict=True)
    y = min(_notes(pen, notes, x, y) for notes, x in halves) - 2 * mm
    pen.rule(LEFT, y, (RIGHT, y))
    return y - 3 * mm


def _steps(pen: Pen, told: Told, x: float, y: float) -> float:
    y = pen.lines(x, y, RIGHT - x, told["changed"], 12, BOLD, colour=ACCENT)
    for number, step in enumerate(told["steps"], start=1):
        pen.disc(x + 2.3 * mm, y - 6.8, 2.3 * mm, str(number))
        y = pen.lines(x + 6.6 * mm, y, RIGHT - x - 6.6 * mm, step, 12.5) - 0.8 * mm
    return y


def _notes(pen: Pen, notes: list[list[str]], x: float, y: float) -> float:
    for label, text in notes:
        start = pen.text(x, y, label, 12, SEMIBOLD) + 1.6 * mm
        first = pen.split(text, REGULAR, 12, x + HALF - start)[0]
        pen.text(start, y, first, 12)
        y = pen.lines(x, y - 14.4, HALF, text[len(first) :].strip(), 12) - 0.6 * mm
    return y


def _pictures(pen: Pen, found: list[Told], y: float, room: float) -> None:
    stacked = len(found) > 1 and found[0]["width"] > 1.4 * found[0]["height"]
    share = max(len(found), 1)
    wide, high = (PICTURE, room / share) if stacked else (PICTURE / share, room)
    for index, picture in enumerate(found):
        x, top = (LEFT, y - index * high) if stacked else (LEFT + index * wide, y)
        caption = 12 if len(found) > 1 else 0
        pen.picture(picture, x, top, wide - 1 * mm, high - caption)
        pen.text(x + wide / 2, top - high + caption, picture["caption"] if caption else "", 10, colour=QUIET, shift=0.5)


def _doses(pen: Pen, told: Told, y: float) -> float:
    rows = -(-len(told["doses"]) // told["columns"])
    pen.panel(LEFT, y, MEASURE, (rows + 1) * 14.4 + 3.2 * mm, TINT)
    top = pen.lines(LEFT + 1.6 * mm, y - 1.6 * mm, MEASURE, told["often"], 12, SEMIBOLD)
    for index, (weeks, dose) in enumerate(told["doses"]):
        x = LEFT + 1.6 * mm + index // rows * MEASURE / told["columns"]
        pen.text(x, top - index % rows * 14.4, weeks, 12, SEMIBOLD)
        pen.text(x + 25 * mm, top - index % rows * 14.4, dose, 12)
    return y - (rows + 1) * 14.4 - 3.2 * mm


def _transfer(pen: Pen, told: Told, y: float) -> float:
    y, wide, below = pen.lines(LEFT, y, MEASURE, told["name"], 17, BOLD), MEASURE / 4, []
    for index, (picture, step) in enumerate(zip(told["pictures"], told["steps"], strict=True)):
        x = LEFT + index * wide
        pen.picture(picture, x, y, wide - 3 * mm, 29 * mm)
        pen.disc(x + 2.4 * mm, y - 31 * mm - 6.7, 2.3 * mm, str(index + 1))
        below.append(pen.lines(x + 6.6 * mm, y - 31 * mm, wide - 9.6 * mm, step, 12))
    return pen.lines(LEFT, min(below) - 2 * mm, MEASURE, told["up"], 12)


def _review(pen: Pen, told: Told, y: float) -> float:
    y = pen.lines(LEFT, y, MEASURE, told["totals"], 14, BOLD, colour=ACCENT)
    y = pen.lines(LEFT, y, MEASURE, told["totals_text"], 12) - 2 * mm
    starts = [LEFT + share * MEASURE for share in (0, 0.17, 0.41, 0.58, 0.75, 1)]
    pen.panel(LEFT, y, MEASURE, 7 * mm, TINT)
    for x, title in zip(starts, told["columns"], strict=False):
        pen.text(x + 2 * mm, y - 1 * mm, title, 12, SEMIBOLD)
    y -= 7 * mm
    for week, of in told["weeks"]:
        pen.text(starts[0] + 2 * mm, y - 2.4 * mm, week, 12, SEMIBOLD)
        pen.text(starts[1] + 16 * mm, y - 2.4 * mm, of, 12)
        for x, to, label in zip(
            starts[1:], (starts[1] + 14 * mm, *starts[3:]), ("", "", "", told["dose_before"]), strict=False
        ):
            pen.written(x + 2 * mm, y - 2.4 * mm, label, to - 2 * mm)
        y -= 8.4 * mm
        pen.rule(LEFT, y, (RIGHT, y))
    for title, lines, numbered in told["asked"]:
        y = pen.lines(LEFT, y - 3.5 * mm, MEASURE, title, 14, BOLD, colour=ACCENT)
        for number in range(1, lines + 1):
            pen.written(LEFT, y - 4.6 * mm, f"{number}." if numbered else "", RIGHT)
            y -= 10 * mm
    return y
