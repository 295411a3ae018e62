"""Draw text, lines, boxes and pictures on a reportlab canvas, or only measure them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from peers.style import FONTS, Ready
from planmaker.pdf.style import ACCENT, INK, QUIET, RULE, WHITE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.figures.drawing import Colour, Drawing, Shape

__all__ = ["ACROSS", "BOLD", "BOX", "FLOOR", "LEFT", "MEASURE", "REGULAR", "RIGHT", "SEMIBOLD", "TOP", "Pen", "fonts"]

# Names of their own: planmaker registers the same files with other settings.
REGULAR, SEMIBOLD, BOLD = "Peer-Regular", "Peer-SemiBold", "Peer-Bold"
BOX, ACROSS = 4.5 * mm, 1.2 * mm
LEFT, RIGHT, TOP, FLOOR = 15 * mm, A4[0] - 10 * mm, A4[1] - 11 * mm, 15 * mm
MEASURE = RIGHT - LEFT
_PATHS = {"M": "moveTo", "L": "lineTo", "C": "curveTo", "Z": "close"}


@cache
def fonts() -> None:
    """Make the typeface known to reportlab, once a process."""
    for name in ("Regular", "SemiBold", "Bold"):
        pdfmetrics.registerFont(TTFont(f"Peer-{name}", FONTS / f"SourceSans3-{name}.ttf"))


class _Blind:
    """A canvas on which nothing is seen: drawing on it measures."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return _nothing


def _nothing(*_values: object, **_named: object) -> None:
    """Draw nothing."""


def _parsed(drawing: Drawing) -> tuple[float, float, list[tuple[Shape, list[tuple[str, tuple[float, ...]]]]]]:
    return drawing.width, drawing.height, [(shape, shape.commands()) for shape in drawing.shapes]


_READY = Ready(_parsed)


class Pen:
    """Draws what pages are made of; y counts upwards as reportlab's does, and all hangs below its y."""

    def __init__(self, canvas: Any, artwork: Mapping[str, tuple[Drawing, ...]]) -> None:  # noqa: ANN401 - or blind
        self.canvas, self.forms, self.blind = canvas, set[str](), False
        self.pictures = _READY.of(artwork)
        self.split = cache(simpleSplit)
        canvas.beginForm("box", -1, -1, BOX + 1, BOX + 1)
        canvas.setLineWidth(0.85)
        canvas.setStrokeColorRGB(*INK)
        canvas.roundRect(0, 0, BOX, BOX, 1.4)
        canvas.endForm()

    def height(self, block: Callable[[float], float]) -> float:
        """Measure what is drawn below a y by drawing it unseen."""
        canvas, was, self.canvas, self.blind = self.canvas, self.blind, _Blind(), True
        below = block(0)
        self.canvas, self.blind = canvas, was
        return -below

    def text(  # noqa: PLR0913 - all a line of text has
        self, x: float, y: float, text: str, size: float, font: str = REGULAR, *, colour: Colour = INK, shift: float = 0
    ) -> float:
        """Write a line; ``shift`` is the part of its width that lies left of x. Return the x after it."""
        self.canvas.setFont(font, size)
        self.canvas.setFillColorRGB(*colour)
        wide = pdfmetrics.stringWidth(text, font, size)
        self.canvas.drawString(x - shift * wide, y - size * 0.78, text)
        return x + wide

    def lines(  # noqa: PLR0913 - all a paragraph has
        self, x: float, y: float, wide: float, text: str, size: float, font: str = REGULAR, *, colour: Colour = INK
    ) -> float:
        """Write a paragraph of a measure; return the y below it."""
        for line in self.split(text, font, size, wide):
            self.text(x, y, line, size, font, colour=colour)
            y -= size * 1.2
        return y

    def rule(self, x: float, y: float, to: tuple[float, float], line: float = 0.5, colour: Colour = RULE) -> None:
        """Draw a straight line to a point."""
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(line)
        self.canvas.line(x, y, *to)

    def panel(self, x: float, y: float, wide: float, high: float, fill: Colour) -> None:
        """Fill a rectangle."""
        self.canvas.setFillColorRGB(*fill)
        self.canvas.rect(x, y - high, wide, high, stroke=0, fill=1)

    def frame(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """Draw a rectangle with round corners."""
        self.canvas.setStrokeColorRGB(*colour)
        self.canvas.setLineWidth(1)
        self.canvas.roundRect(x, y - high, wide, high, 4)

    def disc(self, x: float, y: float, radius: float, text: str = "", fill: Colour = ACCENT) -> None:
        """Draw a filled circle about a point, with a number in it or none."""
        self.canvas.setFillColorRGB(*fill)
        self.canvas.circle(x, y, radius, stroke=0, fill=1)
        if text:
            self.text(x, y + 4.4, text, 10, BOLD, colour=WHITE, shift=0.5)

    def written(self, x: float, y: float, label: str, to: float, size: float = 12) -> None:
        """Write a label and, after it up to an x, a line to write on."""
        after = self.text(x, y, label, size)
        self.rule(after + (1.6 * mm if label else 0), y - size, (to, y - size), colour=QUIET)

    def box(self, x: float, y: float) -> None:
        """Draw an empty box to tick."""
        self.place("box", x, y - BOX)

    def place(self, form: str, x: float, y: float, scale: float = 1) -> None:
        """Place a form XObject with its lower left corner at a point."""
        self.canvas.saveState()
        self.canvas.transform(scale, 0, 0, scale, x, y)
        self.canvas.doForm(form)
        self.canvas.restoreState()

    def picture(self, told: dict[str, Any], x: float, y: float, wide: float, high: float) -> None:
        """Place a picture in the middle of an area, as large as fits."""
        scale = min(wide / told["width"], high / told["height"])
        if told["key"] not in self.forms and not self.blind:
            self.forms.add(told["key"])
            self.form(told["key"])
        middle, centre = x + wide / 2, y - high / 2
        self.place(told["key"], middle - told["width"] * scale / 2, centre - told["height"] * scale / 2, scale)

    def form(self, name: str) -> None:
        """Draw a picture as a form XObject."""
        wide, high, shapes = self.pictures[name]
        self.canvas.beginForm(name, 0, 0, wide, high)
        self.canvas.transform(1, 0, 0, -1, 0, high)
        self.canvas.setLineJoin(1)
        for shape, commands in shapes:
            path = self.canvas.beginPath()
            for command, numbers in commands:
                getattr(path, _PATHS[command])(*numbers)
            self.canvas.setLineCap(int(shape.round_cap))
            self.canvas.setDash(list(shape.dash))
            self.canvas.setLineWidth(shape.width)
            if shape.fill:
                self.canvas.setFillColorRGB(*shape.fill)
            if shape.stroke:
                self.canvas.setStrokeColorRGB(*shape.stroke)
            self.canvas.drawPath(path, stroke=bool(shape.stroke), fill=bool(shape.fill), fillMode=0)
        self.canvas.endForm()
