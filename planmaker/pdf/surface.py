"""Paint on a page, with the origin at its top left corner and y downwards, in points."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.pathobject import PDFPathObject

from planmaker.figures.drawing import Photo
from planmaker.pdf import fonts
from planmaker.pdf.structure import Element, Tree
from planmaker.pdf.style import INK, MM, WHITE, Colour, Paper, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportlab.pdfgen.canvas import Canvas

    from planmaker.figures.drawing import Drawing, Picture, Shape

__all__ = ["BOX", "Area", "Surface", "height", "lines_of", "pill_width"]

# The side of a box to tick: 4 mm or more, so that a scan can find it.
BOX = 4.1 * MM
_BOX_LINE = 0.85  # 0.3 mm
_CORNER = 1.4
Point = tuple[float, float]
_UNSEEN = 8.0
# How much thicker a drawing's lines are, so that one form serves the card and the small picture of a row.
_LINES = 1.25
# How much of a line's width lies left of its x.
_SHARES = {"left": 0.0, "centre": 0.5, "right": 1.0}
# Where the baseline lies below the top of a line, as a part of the size.
_ASCENT = 0.78
_DRAW = {
    "M": PDFPathObject.moveTo,
    "L": PDFPathObject.lineTo,
    "C": PDFPathObject.curveTo,
    "Z": PDFPathObject.close,
}


def lines_of(text: str, style: Type, measure: float) -> list[str]:
    """Break a text, whose own line ends count, into lines of a measure."""
    return [line for part in text.split("\n") for line in fonts.wrap(part, style.font, style.size, measure)]


def height(text: str, style: Type, measure: float) -> float:
    """Return how high a paragraph will be."""
    return len(lines_of(text, style, measure)) * style.leading


def pill_width(text: str, style: Type) -> float:
    """Return how wide a pill is."""
    return fonts.width(text, style.font, style.size) + 6.8


class Area(NamedTuple):
    """A rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float


class Surface:
    """The page in hand of a reportlab canvas; remembers which pictures the file already holds.

    Text and pictures belong to the structure element that is open; lines, grounds and all else are artifacts.
    """

    def __init__(self, canvas: Canvas, paper: Paper) -> None:
        self._canvas = canvas
        self.tree = Tree()
        self._owner: Element | str = ""  # of the marked content that is open: an element, an artifact, or nothing
        self._slots: dict[str, Element] = {}
        self._forms: dict[int, str] = {}
        self._has_box = False
        self._held: list[Drawing] = []  # keeps the ids in _forms from being reused
        self.paper = paper

    @contextmanager
    def element(self, tag: str, **attributes: Any) -> Iterator[None]:  # noqa: ANN401 - those of Element
        """Open a structure element for what is painted inside."""
        with self._inside(self.tree.add(Element(tag=tag, **attributes))):
            yield

    def slot(self, name: str, tag: str, **attributes: Any) -> None:  # noqa: ANN401 - as above
        """Keep a place in the reading order for what the person's part of this page paints later."""
        self._slots[name] = self.tree.add(Element(tag=tag, **attributes))

    @contextmanager
    def filled(self, name: str) -> Iterator[None]:
        """Open the element of a slot."""
        with self._inside(self._slots[name]):
            yield

    @contextmanager
    def _inside(self, element: Element) -> Iterator[None]:
        self.tree.enter(element)
        try:
            yield
        finally:
            self.tree.leave()

    def figure_box(self, area: Area) -> tuple[float, float, float, float]:
        """Return an area as the file counts it: left, bottom, right, top."""
        return (area.x, self._below(area), area.x + area.width, self.paper.height - area.y)

    def _paints(self, *, content: bool) -> bool:
        """Begin marked content for what is painted next, unless it goes on with what is open; tell whether it does."""
        current = self.tree.current
        owner: Element | str = current if content and current.paints else "artifact"
        if owner is self._owner:
            return True
        self._finish()
        self._owner = owner
        if isinstance(owner, Element):
            self._canvas._code.append(f"/{owner.tag} <</MCID {self.tree.mark(owner)}>> BDC")  # noqa: SLF001 - no other way
        else:
            self._canvas._code.append("/Artifact BMC")  # noqa: SLF001 - no other way
        return False

    def _finish(self) -> None:
        """End the marked content that is open."""
        if self._owner:
            self._canvas._code.append("EMC")  # noqa: SLF001 - no other way
        self._owner = ""

    def text(self, x: float, y: float, text: str, style: Type, *, align: str = "left", tag: str = "") -> None:
        """Write one line with the top of its type at y; ``align`` is left, centre or right of x.

        With a ``tag`` it is an element of its own.
        """
        if tag:
            with self.element(tag):
                self.text(x, y, text, style, align=align)
            return
        if not text:
            return
        goes_on = self._paints(content=True)
        canvas = self._canvas
        canvas.setFont(style.font, style.size)
        canvas.setFillColorRGB(*style.colour)
        baseline = self.paper.height - y - style.size * _ASCENT
        left = x - _SHARES[align] * fonts.width(text, style.font, style.size)
        if goes_on:  # a space in front parts the words from those of the line before when they are read aloud
            text, left = f" {text}", left - fonts.width(" ", style.font, style.size)
        canvas.drawString(left, baseline, text)

    def unseen(self, x: float, y: float, measure: float, text: str) -> None:
        """Say what lines and boxes are to those who hear the page: text in the middle of a measure that nobody sees."""
        size = min(_UNSEEN, _UNSEEN * measure / fonts.width(text, fonts.REGULAR, _UNSEEN))
        self._paints(content=True)
        written = self._canvas.beginText()
        written.setTextRenderMode(3)
        written.setFont(fonts.REGULAR, size)
        left = x + (measure - fonts.width(text, fonts.REGULAR, size)) / 2
        written.setTextOrigin(left, self.paper.height - y - size * _ASCENT)
        written.textOut(text)
        written.setTextRenderMode(0)
        self._canvas.drawText(written)

    def paragraph(self, x: float, y: float, measure: float, text: str, style: Type, *, tag: str = "") -> float:
        """Write a text in lines of a measure; return the y below it. With a ``tag`` it is an element of its own."""
        if tag:
            with self.element(tag):
                return self.paragraph(x, y, measure, text, style)
        for line in lines_of(text, style, measure):
            self.text(x, y, line, style)
            y += style.leading
        return y

    def rule(self, start: Point, end: Point, *, colour: Colour, line: float) -> None:
        """Draw a straight line."""
        self._paints(content=False)
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(line)
        self._canvas.line(start[0], self.paper.height - start[1], end[0], self.paper.height - end[1])

    def panel(self, area: Area, *, fill: Colour) -> None:
        """Fill a rectangle."""
        self._paints(content=False)
        self._canvas.setFillColorRGB(*fill)
        self._canvas.rect(area.x, self._below(area), area.width, area.height, stroke=0, fill=1)

    def frame(self, area: Area, *, colour: Colour, line: float) -> None:
        """Draw a rectangle with round corners and a white inside."""
        self._paints(content=False)
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setFillColorRGB(*WHITE)
        self._canvas.setLineWidth(line)
        self._canvas.roundRect(area.x, self._below(area), area.width, area.height, 4.2, stroke=1, fill=1)

    def box(self, x: float, y: float) -> None:
        """Draw an empty box to tick, an artifact; all boxes of a file share one form XObject."""
        canvas = self._canvas
        if not self._has_box:
            canvas.beginForm("box", -_BOX_LINE, -_BOX_LINE, BOX + _BOX_LINE, BOX + _BOX_LINE)
            canvas.setStrokeColorRGB(*INK)
            canvas.setLineWidth(_BOX_LINE)
            canvas.roundRect(0, 0, BOX, BOX, _CORNER, stroke=1, fill=0)
            canvas.endForm()
            self._has_box = True
        self._paints(content=False)
        canvas.saveState()
        canvas.translate(x, self.paper.height - y - BOX)
        canvas.doForm("box")
        canvas.restoreState()

    def pill(self, x: float, y: float, text: str, style: Type, *, fill: Colour) -> float:
        """Write a word in white on a rounded ground; return its width (see ``pill_width``)."""
        wide = pill_width(text, style)
        self._paints(content=False)
        self._canvas.setFillColorRGB(*fill)
        high = style.leading
        self._canvas.roundRect(x, self.paper.height - y - high, wide, high, 2.2, stroke=0, fill=1)
        self.text(x + wide / 2, y + (high - style.size) / 2, text, style, align="centre")
        return wide

    def disc(self, x: float, y: float, text: str, style: Type, *, radius: float, fill: Colour) -> None:
        """Write a number in white on a filled circle centred at x, y."""
        self._paints(content=False)
        self._canvas.setFillColorRGB(*fill)
        self._canvas.circle(x, self.paper.height - y, radius, stroke=0, fill=1)
        self.text(x, y - style.size * 0.44, text, style, align="centre")

    def picture(self, drawing: Picture, area: Area) -> None:
        """Place a picture in the middle of an area, as large as fits."""
        scale = min(area.width / drawing.width, area.height / drawing.height)
        left = area.x + (area.width - drawing.width * scale) / 2
        top = area.y + (area.height - drawing.height * scale) / 2
        if isinstance(drawing, Photo):
            size = (drawing.width * scale, drawing.height * scale)
            self._paints(content=True)
            photo = ImageReader(io.BytesIO(drawing.data))
            self._canvas.drawImage(photo, left, self.paper.height - top - size[1], *size, mask="auto")
            return
        name = self._form(drawing)
        self._paints(content=True)
        self._canvas.saveState()
        self._canvas.translate(left, self.paper.height - top - drawing.height * scale)
        self._canvas.scale(scale, scale)
        self._canvas.doForm(name)
        self._canvas.restoreState()

    def _below(self, area: Area) -> float:
        """Return the y of an area's lower edge as the file counts it, from the bottom."""
        return self.paper.height - area.y - area.height

    def next_page(self) -> None:
        """Finish the page in hand."""
        self._finish()
        self._slots.clear()
        self.tree.next_page()
        self._canvas.showPage()

    def _form(self, drawing: Drawing) -> str:
        """Return the name of the form XObject of a drawing, made at its first use."""
        key = id(drawing)
        if key not in self._forms:
            self._held.append(drawing)
            self._forms[key] = f"picture{len(self._forms) + 1}"
            self._canvas.beginForm(self._forms[key], 0, 0, drawing.width, drawing.height)
            for shape in drawing.shapes:
                self._shape(shape, drawing.height)
            self._canvas.endForm()
        return self._forms[key]

    def _shape(self, shape: Shape, high: float) -> None:
        canvas = self._canvas
        path = canvas.beginPath()
        for command, numbers in shape.commands():
            flipped = [high - number if index % 2 else number for index, number in enumerate(numbers)]
            _DRAW[command](path, *flipped)
        canvas.setLineCap(1 if shape.round_cap else 0)
        canvas.setLineJoin(1)
        canvas.setDash(list(shape.dash))
        canvas.setLineWidth(shape.width * _LINES)
        if shape.fill is not None:
            canvas.setFillColorRGB(*shape.fill)
        if shape.stroke is not None:
            canvas.setStrokeColorRGB(*shape.stroke)
        canvas.drawPath(path, stroke=int(shape.stroke is not None), fill=int(shape.fill is not None), fillMode=0)
