"""Paint on a page, with the origin at its top left corner and y downwards, in points."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.pathobject import PDFPathObject

from planmaker.figures.drawing import Photo
from planmaker.pdf import fonts
from planmaker.pdf.style import INK, MM, WHITE, Colour, Paper, Type

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from planmaker.figures.drawing import Drawing, Picture, Shape

__all__ = ["BOX", "Area", "Surface", "height", "lines_of", "pill_width"]

# The side of a box to tick: 4 mm or more, so that a scan can find it.
BOX = 4.1 * MM
_BOX_LINE = 0.85  # 0.3 mm
_CORNER = 1.4
Point = tuple[float, float]
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
    """The page in hand of a reportlab canvas; remembers which pictures the file already holds."""

    def __init__(self, canvas: Canvas, paper: Paper) -> None:
        self._canvas = canvas
        self._forms: dict[tuple[int, float], str] = {}
        self._has_box = False
        self._held: list[Drawing] = []  # keeps the ids in _forms from being reused
        self.paper = paper

    def text(self, x: float, y: float, text: str, style: Type, *, align: str = "left") -> None:
        """Write one line with the top of its type at y; ``align`` is left, centre or right of x."""
        canvas = self._canvas
        canvas.setFont(style.font, style.size)
        canvas.setFillColorRGB(*style.colour)
        baseline = self.paper.height - y - style.size * _ASCENT
        draw = {"left": canvas.drawString, "centre": canvas.drawCentredString, "right": canvas.drawRightString}
        draw[align](x, baseline, text)

    def paragraph(self, x: float, y: float, measure: float, text: str, style: Type) -> float:
        """Write a text in lines of a measure; return the y below it."""
        for line in lines_of(text, style, measure):
            self.text(x, y, line, style)
            y += style.leading
        return y

    def rule(self, start: Point, end: Point, *, colour: Colour, line: float) -> None:
        """Draw a straight line."""
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setLineWidth(line)
        self._canvas.line(start[0], self.paper.height - start[1], end[0], self.paper.height - end[1])

    def panel(self, area: Area, *, fill: Colour) -> None:
        """Fill a rectangle."""
        self._canvas.setFillColorRGB(*fill)
        self._canvas.rect(area.x, self._below(area), area.width, area.height, stroke=0, fill=1)

    def frame(self, area: Area, *, colour: Colour, line: float) -> None:
        """Draw a rectangle with round corners and a white inside."""
        self._canvas.setStrokeColorRGB(*colour)
        self._canvas.setFillColorRGB(*WHITE)
        self._canvas.setLineWidth(line)
        self._canvas.roundRect(area.x, self._below(area), area.width, area.height, 4.2, stroke=1, fill=1)

    def box(self, x: float, y: float) -> None:
        """Draw an empty box to tick; all boxes of a file share one form XObject."""
        canvas = self._canvas
        if not self._has_box:
            canvas.beginForm("box", -_BOX_LINE, -_BOX_LINE, BOX + _BOX_LINE, BOX + _BOX_LINE)
            canvas.setStrokeColorRGB(*INK)
            canvas.setLineWidth(_BOX_LINE)
            canvas.roundRect(0, 0, BOX, BOX, _CORNER, stroke=1, fill=0)
            canvas.endForm()
            self._has_box = True
        canvas.saveState()
        canvas.translate(x, self.paper.height - y - BOX)
        canvas.doForm("box")
        canvas.restoreState()

    def pill(self, x: float, y: float, text: str, style: Type, *, fill: Colour) -> float:
        """Write a word in white on a rounded ground; return its width (see ``pill_width``)."""
        wide = pill_width(text, style)
        self._canvas.setFillColorRGB(*fill)
        high = style.leading
        self._canvas.roundRect(x, self.paper.height - y - high, wide, high, 2.2, stroke=0, fill=1)
        self.text(x + wide / 2, y + (high - style.size) / 2, text, style, align="centre")
        return wide

    def disc(self, x: float, y: float, text: str, style: Type, *, radius: float, fill: Colour) -> None:
        """Write a number in white on a filled circle centred at x, y."""
        self._canvas.setFillColorRGB(*fill)
        self._canvas.circle(x, self.paper.height - y, radius, stroke=0, fill=1)
        self.text(x, y - style.size * 0.44, text, style, align="centre")

    def picture(self, drawing: Picture, area: Area, *, lines: float = 1.0) -> None:
        """Place a picture in the middle of an area, as large as fits; ``lines`` thickens a drawing's lines."""
        scale = min(area.width / drawing.width, area.height / drawing.height)
        left = area.x + (area.width - drawing.width * scale) / 2
        top = area.y + (area.height - drawing.height * scale) / 2
        if isinstance(drawing, Photo):
            size = (drawing.width * scale, drawing.height * scale)
            photo = ImageReader(io.BytesIO(drawing.data))
            self._canvas.drawImage(photo, left, self.paper.height - top - size[1], *size, mask="auto")
            return
        name = self._form(drawing, lines)
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
        self._canvas.showPage()

    def _form(self, drawing: Drawing, lines: float) -> str:
        """Return the name of the form XObject of a drawing, made at its first use."""
        key = (id(drawing), lines)
        if key not in self._forms:
            self._held.append(drawing)
            self._forms[key] = f"picture{len(self._forms) + 1}"
            self._canvas.beginForm(self._forms[key], 0, 0, drawing.width, drawing.height)
            for shape in drawing.shapes:
                self._shape(shape, drawing.height, lines)
            self._canvas.endForm()
        return self._forms[key]

    def _shape(self, shape: Shape, high: float, lines: float) -> None:
        canvas = self._canvas
        path = canvas.beginPath()
        for command, numbers in shape.commands():
            flipped = [high - number if index % 2 else number for index, number in enumerate(numbers)]
            _DRAW[command](path, *flipped)
        canvas.setLineCap(1 if shape.round_cap else 0)
        canvas.setLineJoin(1)
        canvas.setDash(list(shape.dash))
        canvas.setLineWidth(shape.width * lines)
        if shape.fill is not None:
            canvas.setFillColorRGB(*shape.fill)
        if shape.stroke is not None:
            canvas.setStrokeColorRGB(*shape.stroke)
        canvas.drawPath(path, stroke=int(shape.stroke is not None), fill=int(shape.fill is not None), fillMode=0)
