"""State the look: greys, colours and line widths (cm of the scene)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planmaker.figures.edges import Edge
from planmaker.figures.tones import Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.figures.drawing import Colour

__all__ = [
    "ARROW",
    "ARROW_CASING",
    "EDGE_WIDTHS",
    "FACE_LINE",
    "GHOST",
    "GHOST_DASH",
    "GHOST_WIDTH",
    "HALO",
    "HATCH",
    "HATCH_SPACING",
    "HATCH_WIDTH",
    "LINE",
    "OUTLINE_WIDTH",
    "PROP_LINE",
    "PROP_LINE_WIDTH",
    "PROP_TONES",
    "RING_WIDTH",
    "SEAM",
    "TONES",
    "WATER_LINE",
    "WATER_WIDTH",
    "WHITE",
]


def _grey(level: float) -> Colour:
    return (level, level, level)


WHITE: Final = _grey(1.0)
LINE: Final = _grey(0.10)
ARROW: Final = _grey(0.08)
GHOST: Final = _grey(0.40)
PROP_LINE: Final = _grey(0.45)
WATER_LINE: Final[Colour] = (0.20, 0.45, 0.60)
HATCH: Final[Colour] = (0.80, 0.12, 0.08)

TONES: Final[Mapping[Tone, Colour]] = {
    Tone.SKIN: _grey(1.0),
    Tone.SKIN_FAR: _grey(0.87),
    Tone.SHIRT: _grey(0.80),
    Tone.SHORTS: _grey(0.45),
    Tone.SHORTS_FAR: _grey(0.37),
    Tone.HAIR: _grey(0.25),
    Tone.TARGET: (1.0, 0.86, 0.80),
    Tone.TOWEL: _grey(0.70),
    Tone.STRAP: _grey(0.30),
    Tone.FRAME: _grey(0.66),
    Tone.SHOE: _grey(0.58),
    Tone.SHOE_FAR: _grey(0.50),
}
# Faces of the boxes that props are, by kind: along x, along y, top.
PROP_TONES: Final[Mapping[str, tuple[Colour, Colour, Colour]]] = {
    "mat": (_grey(0.76), _grey(0.80), _grey(0.94)),
    "floor": (_grey(0.80), _grey(0.84), _grey(0.96)),
    "wall": (_grey(0.93), _grey(0.80), _grey(0.82)),
    "furniture": (_grey(0.82), _grey(0.88), _grey(0.93)),
    "cushion": (_grey(0.70), _grey(0.76), _grey(0.84)),
    "water": ((0.86, 0.93, 0.97), (0.86, 0.93, 0.97), (0.80, 0.90, 0.96)),
}

EDGE_WIDTHS: Final[Mapping[Edge, float]] = {Edge.HEM: 0.5, Edge.INNER: 0.75}
OUTLINE_WIDTH: Final = 1.0
PROP_LINE_WIDTH: Final = 0.5
# A fill is stroked in its own colour this wide, or paper shines through where two fills meet.
SEAM: Final = 0.3
HALO: Final = 2.4
HATCH_WIDTH: Final = 0.75
HATCH_SPACING: Final = 2.1
GHOST_WIDTH: Final = 0.75
GHOST_DASH: Final = (2.6, 1.9)
RING_WIDTH: Final = 0.6
FACE_LINE: Final = 0.6
WATER_WIDTH: Final = 0.9
ARROW_CASING: Final = 1.8
