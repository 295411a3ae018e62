"""Paint on a page, with the origin at its top left corner and y downwards, in points."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from planmaker.figures.drawing import Photo
from planmaker.pdf import fonts
from planmaker.pdf.desk import SHARES, Annotation, Desk, Painted, Slot
from planmaker.pdf.file import array, text_string
from planmaker.pdf.images import image
from planmaker.pdf.operators import boxes_form, disc_form, drawing_form, ink, rounded, shown
from planmaker.pdf.spots import ALONE, Blank, Boxes
from planmaker.pdf.structure import Element, Tree
from planmaker.pdf.style import BOX, QUIET, WHITE, Colour, Paper, Type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planmaker.figures.drawing import Picture
    from planmaker.pdf.spots import Mark, Spot

__all__ = ["ASCENT", "Area", "Surface", "height", "lines_of", "pill_width"]

_BROKEN: Final = 20_000  # texts whose lines are kept
Point = tuple[float, float]
_UNSEEN: Final = 8.0
# Where the baseline lies below the top of a line, as a part of the size.
ASCENT: Final = 0.78


@lru_cache(_BROKEN)
def lines_of(text: str, style: Type, measure: float) -> tuple[str, ...]:
    """Break a text, whose own line ends count, into lines of a measure."""
    return tuple(line for part in text.split("\n") for line in fonts.wrap(part, style.font, style.size, measure))


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


class _Open:
    """Closes the innermost element at the end of a ``with`` block; quicker than a generator, of thousands."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._tree.leave()


class Surface:
    """The page in hand of a file; remembers which pictures the file already holds.

    Text and pictures belong to the structure element that is open; lines, grounds and all else are artifacts.
    """

    def __init__(self, desk: Desk, paper: Paper) -> None:
        self.file, self.paper, self.codes, self.font = desk.file, paper, desk.codes, desk.font
        self._form, self._tones = desk.form, desk.tones
        self.tree = Tree()
        self._open = _Open(self.tree)
        self.pages: list[Painted] = []
        self._kept: list[Boxes | Blank] = []
        self._shapes: dict[float | tuple[Mark, ...], str] = {}  # the names of groups of boxes and of discs in the file
        self.annotations: list[Annotation] = []  # written when it is known which pages there are
        self.late: dict[str, int] = {}  # the numbers of the forms that each person's own text is painted in
        self._drawn: dict[int, str] = {}  # the names of the pictures in the file
        self._held: list[Picture] = []  # keeps the ids in _drawn from being reused
        self._objects: dict[str, int] = {}  # all XObjects of the file by name
        self._begin()

    def _begin(self) -> None:
        self._number = self.file.reserve()
        self._owner: Element | str = ""  # of the marked content that is open: an element, an artifact, or nothing
        scale = self.paper.scale
        self._code: list[str] = [] if scale == 1 else [f"{scale} 0 0 {scale} 0 0 cm"]
        self._used: dict[str, int] = {}
        self._slots: list[Slot] = []
        self._annotations: list[int] = []
        self._colour: Colour | None = None

    def next_page(self) -> None:
        """Finish the page in hand."""
        self._finish()
        page = Painted(
            number=self._number,
            code="\n".join(self._code).encode("latin-1"),
            objects=self._used,
            slots=tuple(self._slots),
            annotations=tuple(self._annotations),
        )
        self.pages.append(page)
        self.tree.next_page()
        self._begin()

    def element(self, tag: str, **attributes: Any) -> _Open:  # noqa: ANN401 - those of Element
        """Open a structure element for what is painted inside a ``with`` block."""
        self.tree.enter(self.tree.add(Element(tag=tag, **attributes)))
        return self._open

    def slot(self, key: str, x: float, y: float, style: Type, *, align: str = "left") -> None:
        """Keep a place in the open element for a line of the person's, with the top of its type at y."""
        element = self.tree.current
        baseline = self.paper.height - y - style.size * ASCENT
        mark = self.tree.mark(element)
        slot = Slot(key=key, tag=element.tag, mark=mark, x=x, baseline=baseline, style=style, align=align)
        self._slots.append(slot)

    def later(self, key: str) -> int:
        """Return the number of an object that each person's file has of its own."""
        if key not in self.late:
            self.late[key] = self.file.reserve_late()
        return self.late[key]

    def stamped(self, key: str, x: float, baseline: float, *, scale: float = 1) -> None:
        """Keep a place for a text of the person's own, which may be in any script, as a form with its origin there."""
        name = key.replace(" ", "")
        self._objects[name] = self.later(key)
        self._paints(content=True)
        self._place(name, x, self.paper.height - baseline, (scale, scale))

    def link(self, area: Area, page: int, told: str) -> None:
        """Make an area lead to a page (from 1), for the Link element that is open; ``told`` says where it leads."""
        self._annotate(area, f"/Subtype/Link/Border[0 0 0]/Contents{text_string(told)}", page)

    def leads(self, area: Area, action: int, told: int) -> None:
        """Make an area lead out of the file by an action, for the Link element that is open; both are by number."""
        self._annotate(area, f"/Subtype/Link/Border[0 0 0]/Contents {told} 0 R/A {action} 0 R")

    def form(self, name: str, number: int, x: float, y: float, style: Type) -> None:
        """Paint a form that is in the file already, its origin where a line of a type with its top at y stands."""
        self._objects[name] = number
        self._paints(content=True)
        self._place(name, x, self.paper.height - y - style.size * ASCENT)

    def figure_box(self, area: Area) -> tuple[float, float, float, float]:
        """Return an area as the file counts it, enlarged: left, bottom, right, top."""
        scale = self.paper.scale
        low, high = self._below(area), self.paper.height - area.y
        return (area.x * scale, low * scale, (area.x + area.width) * scale, high * scale)

    def _paints(self, *, content: bool) -> bool:
        """Begin marked content for what is painted next, unless it goes on with what is open; tell whether it does."""
        current = self.tree.current
        owner: Element | str = current if content and current.paints else "artifact"
        if owner is self._owner:
            return True
        self._finish()
        self._owner = owner
        if isinstance(owner, Element):
            self._code.append(f"/{owner.tag} <</MCID {self.tree.mark(owner)}>> BDC")
        else:
            self._code.append("/Artifact BMC")
        return False

    def _finish(self) -> None:
        """End the marked content that is open."""
        if self._owner:
            self._code.append("EMC")
        self._owner = ""

    def _filled(self, colour: Colour) -> None:
        """Set the colour of what is filled next, text too."""
        colour = self._tones.get(colour, colour)
        if colour != self._colour:
            self._code.append(ink(colour, "rg"))
            self._colour = colour

    def _outlined(self, colour: Colour) -> str:
        return ink(self._tones.get(colour, colour), "RG")

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
        self._filled(style.colour)
        baseline = self.paper.height - y - style.size * ASCENT
        left = x - SHARES[align] * fonts.width(text, style.font, style.size)
        if goes_on:  # a space in front parts the words from those of the line before when they are read aloud
            text, left = f" {text}", left - fonts.width(" ", style.font, style.size)
        self._code.append(shown(text, left, baseline, style, self.codes[style.font]))

    def unseen(self, x: float, y: float, measure: float, text: str) -> None:
        """Say what lines and boxes are to those who hear the page: text in the middle of a measure that nobody sees."""
        text = f" {text}" if self._paints(content=True) else text
        size = min(_UNSEEN, _UNSEEN * measure / fonts.width(text, fonts.REGULAR, _UNSEEN))
        left = x + (measure - fonts.width(text, fonts.REGULAR, size)) / 2
        style = Type(font=fonts.REGULAR, size=round(size, 2), leading=size)
        line = shown(text, left, self.paper.height - y - size * ASCENT, style, self.codes[fonts.REGULAR])
        self._code.append(f"3 Tr {line} 0 Tr")

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
        high = self.paper.height
        ends = f"{start[0]:.2f} {high - start[1]:.2f} m {end[0]:.2f} {high - end[1]:.2f} l S"
        self._code.append(f"{self._outlined(colour)} {line:.3g} w {ends}")

    def panel(self, area: Area, *, fill: Colour) -> None:
        """Fill a rectangle."""
        self._paints(content=False)
        self._filled(fill)
        self._code.append(f"{area.x:.2f} {self._below(area):.2f} {area.width:.2f} {area.height:.2f} re f")

    def frame(self, area: Area, *, colour: Colour, line: float) -> None:
        """Draw a rectangle with round corners and a white inside."""
        self._paints(content=False)
        self._filled(WHITE)
        outline = rounded(area.x, self._below(area), area.width, area.height, 4.2)
        self._code.append(f"{self._outlined(colour)} {line:.3g} w {outline} B")

    def box(self, x: float, y: float, spot: Spot) -> None:
        """Draw an empty box to tick, an artifact."""
        self.keep(x, y, ALONE, spot)
        self.ticks((x,), y, ALONE)

    def keep(self, x: float, y: float, group: tuple[Mark, ...], spot: Spot) -> None:
        """Keep the places of a group of boxes for the element that is open; ``ticks`` draws them."""
        boxes = Boxes(spot, len(self.pages), x, y, group)
        self._kept.append(boxes)
        if self._form is not None:
            for mark, blank in zip(group, boxes.blanks(self.paper.scale), strict=True):
                self._fills(blank, Area(x + mark.x, y + mark.y, BOX, BOX))

    def ticks(self, lefts: Sequence[float], y: float, group: tuple[Mark, ...]) -> None:
        """Draw a group of boxes at each of some places abreast, as artifacts.

        Groups that are alike share a form XObject, so that a place takes a few bytes.
        """
        if not lefts:
            return
        name = self._shape(group, lambda: boxes_form(group))
        self._paints(content=False)
        self._used[name] = self._objects[name]
        before, *others = (round(x, 2) for x in lefts)
        self._code.append(f"q 1 0 0 1 {before:.2f} {self.paper.height - y:.2f} cm /{name} Do")
        for x in others:
            self._code.append(f"1 0 0 1 {x - before:.2f} 0 cm /{name} Do")
            before = x
        self._code.append("Q")

    def _shape(self, key: float | tuple[Mark, ...], write: Callable[[], bytes]) -> str:
        """Return the name of the form XObject of a shape that comes again, written at its first use."""
        if key not in self._shapes:
            name = f"S{len(self._shapes) + 1}"
            self._objects[name] = self.file.add(write())
            self._shapes[key] = name
        return self._shapes[key]

    def line(self, area: Area, spot: Spot, *, line: float = 0.7) -> None:
        """Draw a line to write on along the lower edge of an area."""
        scale = self.paper.scale
        x, y, wide, high = area
        blank = Blank(
            spot, len(self.pages), tick=False, x=x * scale, y=y * scale, width=wide * scale, height=high * scale
        )
        self._kept.append(blank)
        self._fills(blank, area)
        below = area.y + area.height
        self.rule((area.x, below), (area.x + area.width, below), colour=QUIET, line=line)

    def _fills(self, blank: Blank, area: Area) -> None:
        """Lay a field of the form over a place, if the file has one."""
        if self._form is not None:
            with self.element("Form"):
                self._annotate(area, self._form.widget(blank))

    def blanks(self) -> tuple[Blank, ...]:
        """Return the places to fill in, in the order in which they are printed."""
        kept = ((item,) if isinstance(item, Blank) else item.blanks(self.paper.scale) for item in self._kept)
        return tuple(chain.from_iterable(kept))

    def _annotate(self, area: Area, entries: str, page: int = 0) -> None:
        """Lay an annotation over an area, for the element that is open."""
        number = self.file.reserve()
        self.tree.annotate(self.tree.current, number)
        rect = array(self.figure_box(area))
        whole = f"<</Type/Annot/Rect{rect}/F 4/P {self._number} 0 R{entries}"
        self.annotations.append(Annotation(number=number, entries=whole, page=page))
        self._annotations.append(number)

    def pill(self, x: float, y: float, text: str, style: Type, *, fill: Colour) -> float:
        """Write a word in white on a rounded ground; return its width (see ``pill_width``)."""
        wide, high = pill_width(text, style), style.leading
        self._paints(content=False)
        self._filled(fill)
        self._code.append(f"{rounded(x, self.paper.height - y - high, wide, high, 2.2)} f")
        self.text(x + wide / 2, y + (high - style.size) / 2, text, style, align="centre")
        return wide

    def disc(self, x: float, y: float, text: str, style: Type, *, radius: float, fill: Colour) -> None:
        """Write a number in white on a filled circle centred at x, y."""
        self._paints(content=False)
        self._filled(fill)
        self._place(self._shape(radius, lambda: disc_form(radius)), x, self.paper.height - y)
        self.text(x, y - style.size * 0.44, text, style, align="centre")

    def picture(self, drawing: Picture, area: Area) -> None:
        """Place a picture in the middle of an area, as large as fits."""
        scale = min(area.width / drawing.width, area.height / drawing.height)
        wide, high = drawing.width * scale, drawing.height * scale
        left, top = area.x + (area.width - wide) / 2, area.y + (area.height - high) / 2
        name = self._picture(drawing)
        self._paints(content=True)
        shares = (wide, high) if isinstance(drawing, Photo) else (scale, scale)
        self._place(name, left, self.paper.height - top - high, shares)

    def _picture(self, drawing: Picture) -> str:
        """Return the name of the XObject of a picture, made at its first use."""
        key = id(drawing)
        if key not in self._drawn:
            self._held.append(drawing)
            name = self._drawn[key] = f"P{len(self._drawn) + 1}"
            body = image(drawing.data) if isinstance(drawing, Photo) else drawing_form(drawing)
            self._objects[name] = self.file.add(body)
        return self._drawn[key]

    def _place(self, name: str, x: float, y: float, scale: Point = (1, 1)) -> None:
        """Paint an XObject with its origin at a point counted from the bottom."""
        self._used[name] = self._objects[name]
        sizes = "1 0 0 1" if scale == (1, 1) else f"{scale[0]:.5g} 0 0 {scale[1]:.5g}"
        self._code.append(f"q {sizes} {x:.2f} {y:.2f} cm /{name} Do Q")

    def _below(self, area: Area) -> float:
        """Return the y of an area's lower edge as the file counts it, from the bottom."""
        return self.paper.height - area.y - area.height
