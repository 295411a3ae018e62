"""Write the operators of content streams (ISO 32000-1 8 and 9): text, shapes, drawings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from planmaker.pdf import fonts
from planmaker.pdf.file import array, stream
from planmaker.pdf.style import BOX, INK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.figures.drawing import Drawing, Shape
    from planmaker.pdf.fonts import Codes
    from planmaker.pdf.spots import Mark
    from planmaker.pdf.style import Colour, Type

__all__ = ["boxes_form", "disc_form", "drawing_form", "form", "ink", "rounded", "shown"]

# How much thicker a drawing's lines are, so that one form serves the card and the small picture of a row.
_LINES: Final = 1.25
_BOX_LINE: Final = 0.85  # 0.3 mm
_CORNER: Final = 1.4
# How far a curve's control points lie from the ends of a quarter circle, as a part of its radius.
_ROUND: Final = 0.5523
_OPERATORS: Final = {"M": "m", "L": "l", "C": "c", "Z": "h"}
_PAINTED: Final = {(False, True): "S", (True, False): "f*", (True, True): "B*", (False, False): "n"}


def shown(text: str, x: float, baseline: float, style: Type, codes: Codes, size: float = 0) -> str:
    """Write the operators that show a line of text (ISO 32000-1 9.4), in another size than the type's if given."""
    name = fonts.RESOURCES[style.font]
    return f"BT /{name} {size or style.size:.6g} Tf {x:.2f} {baseline:.2f} Td ({text.translate(codes)}) Tj ET"


def ink(colour: Colour, operator: str) -> str:
    """Write the operator that sets a colour of what is filled (rg) or outlined (RG)."""
    return f"{colour[0]:.3g} {colour[1]:.3g} {colour[2]:.3g} {operator}"


def rounded(x: float, y: float, wide: float, high: float, radius: float) -> str:
    """Write the path of a rectangle with round corners."""
    bend = radius * (1 - _ROUND)
    right, top = x + wide, y + high
    return (
        f"{x + radius:.2f} {y:.2f} m {right - radius:.2f} {y:.2f} l"
        f" {right - bend:.2f} {y:.2f} {right:.2f} {y + bend:.2f} {right:.2f} {y + radius:.2f} c"
        f" {right:.2f} {top - radius:.2f} l"
        f" {right:.2f} {top - bend:.2f} {right - bend:.2f} {top:.2f} {right - radius:.2f} {top:.2f} c"
        f" {x + radius:.2f} {top:.2f} l {x + bend:.2f} {top:.2f} {x:.2f} {top - bend:.2f} {x:.2f} {top - radius:.2f} c"
        f" {x:.2f} {y + radius:.2f} l {x:.2f} {y + bend:.2f} {x + bend:.2f} {y:.2f} {x + radius:.2f} {y:.2f} c h"
    )


def form(bounds: str, code: str) -> bytes:
    """Write a form XObject (ISO 32000-1 8.10)."""
    return stream(f"/Type/XObject/Subtype/Form/BBox{bounds}/Resources<<>>", code.encode("latin-1"))


def disc_form(radius: float) -> bytes:
    """Write the form XObject of a circle about the origin, filled with the colour that is set."""
    bounds = array((-radius, -radius, radius, radius))
    return form(bounds, f"{rounded(-radius, -radius, 2 * radius, 2 * radius, radius)} f")


@lru_cache(512)
def boxes_form(group: tuple[Mark, ...]) -> bytes:
    """Write the form XObject of a group of boxes, its origin at the group's corner."""
    box = f"{rounded(0, 0, BOX, BOX, _CORNER)} S"
    code, before = [f"{ink(INK, 'RG')} {_BOX_LINE} w"], (0.0, 0.0)
    for place in ((mark.x, -mark.y - BOX) for mark in group):
        code.append(f"1 0 0 1 {place[0] - before[0]:.2f} {place[1] - before[1]:.2f} cm {box}")
        before = place
    xs, ys = [mark.x for mark in group], [-mark.y for mark in group]
    bounds = (min(xs) - _BOX_LINE, min(ys) - BOX - _BOX_LINE, max(xs) + BOX + _BOX_LINE, max(ys) + _BOX_LINE)
    return form(array(bounds), "\n".join(code))


@lru_cache(512)
def drawing_form(drawing: Drawing) -> bytes:
    """Write the form XObject of a drawing."""
    return form(array((0, 0, drawing.width, drawing.height)), "\n".join(map(_Pen(drawing.height), drawing.shapes)))


class _Pen:
    """Writes shapes; repeats no setting that still holds."""

    def __init__(self, high: float) -> None:
        self._high = high
        self._set: dict[str, str] = {"J": "0 J", "d": "[] 0 d"}

    def __call__(self, shape: Shape) -> str:
        wanted = {
            "j": "1 j",
            "J": f"{int(shape.round_cap)} J",
            "d": f"{array(shape.dash)} 0 d",
            "w": f"{shape.width * _LINES:.4g} w",
            "rg": "" if shape.fill is None else ink(shape.fill, "rg"),
            "RG": "" if shape.stroke is None else ink(shape.stroke, "RG"),
        }
        settings = [code for name, code in wanted.items() if code and self._set.get(name) != code]
        self._set |= {name: code for name, code in wanted.items() if code}
        painted = _PAINTED[shape.fill is not None, shape.stroke is not None]
        return " ".join([*settings, *self._path(shape), painted])

    def _path(self, shape: Shape) -> Iterator[str]:
        for command, numbers in shape.commands():
            for index, number in enumerate(numbers):
                yield f"{round(self._high - number if index % 2 else number, 1):g}"
            yield _OPERATORS[command]
