"""Hold what all peers share: where the typeface is, and the pictures made ready once a process."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import planmaker
from peers.exercises import key
from planmaker.figures.svg import to_svg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.figures.drawing import Drawing

__all__ = ["FONTS", "Ready", "svg"]

FONTS = Path(planmaker.__file__).parent / "pdf" / "fonts"
_LINES = 1.25  # how much thicker the lines of a drawing are on the sheet
_Made = TypeVar("_Made")


class Ready(Generic[_Made]):
    """The pictures of the artwork seen last, by name, as a peer wants them; another artwork is made ready anew."""

    def __init__(self, make: Callable[[Drawing], _Made]) -> None:
        self._make = make
        self._artwork: Mapping[str, tuple[Drawing, ...]] | None = None
        self._made: dict[str, _Made] = {}

    def of(self, artwork: Mapping[str, tuple[Drawing, ...]]) -> Mapping[str, _Made]:
        """Return each picture, with the lines that the sheet gives it."""
        if artwork is not self._artwork:
            found = [(key(name, i), item) for name, drawings in artwork.items() for i, item in enumerate(drawings)]
            self._made = {name: self._make(_thick(item)) for name, item in found}
            self._artwork = artwork
        return self._made


def svg(drawing: Drawing) -> str:
    """Write a picture as an SVG with a size of its own; what it shows is told where it is placed."""
    size = f'width="{drawing.width:g}" height="{drawing.height:g}"'
    return to_svg(drawing, "").replace("<title></title>\n", "").replace("<svg ", f"<svg {size} ", 1)


def _thick(drawing: Drawing) -> Drawing:
    shapes = tuple(replace(shape, width=shape.width * _LINES) for shape in drawing.shapes)
    return replace(drawing, shapes=shapes)
