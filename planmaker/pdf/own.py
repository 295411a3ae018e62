"""Set a text of the person's own, in whatever script it is, as a form XObject with the fonts that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from planmaker.pdf import fonts
from planmaker.pdf.embedding import OBJECTS, embedded, objects, show
from planmaker.pdf.file import QUICK, array, stream
from planmaker.pdf.operators import ink
from planmaker.pdf.shaping import shape
from planmaker.pdf.typefaces import EM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planmaker.pdf.embedding import EmbeddedFont
    from planmaker.pdf.shaping import Line
    from planmaker.pdf.style import Type

__all__ = ["LEADING", "OwnText", "foreign_forms", "own_form"]

LEADING: Final = 1.15
_KEPT: Final = 256  # beginnings of forms
_FACES: Final = {fonts.REGULAR: "regular", fonts.SEMIBOLD: "semibold"}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """How a text of the person's own is set: shrunk to a measure or on ``most`` lines, the last one at the origin.

    ``field`` is where it comes from.
    """

    field: str
    style: Type
    measure: float
    right: bool = False
    most: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Set:
    """A text set in lines of a size, from the last to the first."""

    own: OwnText
    size: float
    lines: tuple[Line, ...]


def foreign_forms(texts: Mapping[int, tuple[OwnText, str]], free: int, font_dir: Path | None) -> dict[int, bytes]:
    """Return the forms of texts by their numbers, and their fonts under the numbers from a free one on."""
    settings = {number: _set(own, text, font_dir) for number, (own, text) in texts.items()}
    runs = [run for item in settings.values() for line in item.lines for run in line.runs]
    made = {face: embedded(face, runs) for face in sorted({run.face for run in runs})}
    numbers = {face: free + OBJECTS * index for index, face in enumerate(made)}
    names = {face: f"N{index}" for index, face in enumerate(made)}
    resources = "".join(f"/{names[face]} {number} 0 R" for face, number in numbers.items())
    found = {number: _form(item, made, names, resources) for number, item in settings.items()}
    for face, font in made.items():
        found |= objects(font, range(numbers[face], numbers[face] + OBJECTS))
    return found


def _set(own: OwnText, text: str, font_dir: Path | None) -> _Set:
    face = _FACES[own.style.font]

    @cache  # for this text only: nothing of a person's stays in memory
    def shaped(piece: str) -> Line:
        return shape(piece, face=face, folder=font_dir, where=own.field)

    size, lines = fonts.fit(text, lambda piece: shaped(piece).width / EM, own.style.size, own.measure, most=own.most)
    return _Set(own=own, size=size, lines=tuple(map(shaped, reversed(lines))))


def _form(item: _Set, made: Mapping[str, EmbeddedFont], names: Mapping[str, str], resources: str) -> bytes:
    """Write the form of a text that is set."""
    code = []
    for index, line in enumerate(item.lines):
        left = -line.width * item.size / EM if item.own.right else 0.0
        runs = b" ".join(show(run, made[run.face], names[run.face], item.size) for run in line.runs)
        code.append(b"BT %.2f %.2f Td %b ET" % (left, index * item.size * LEADING, runs))
    return own_form(item.own, b" ".join(code), f"<<{resources}>>", len(item.lines) * item.size)


def own_form(own: OwnText, code: bytes, resources: str, high: float) -> bytes:
    """Write the form XObject of a text from the operators that show it, with room for marks above and below."""
    entries, colour = _entries(own, resources, high)
    return stream(entries, colour + code, level=QUICK)


@lru_cache(_KEPT)
def _entries(own: OwnText, resources: str, high: float) -> tuple[str, bytes]:
    """Return the entries of a form, and the operator that sets its colour; no text is kept with them."""
    bounds = array((-own.measure - high, -high, own.measure + high, 2 * high))
    colour = f"{ink(own.style.colour, 'rg')} "
    return f"/Type/XObject/Subtype/Form/BBox{bounds}/Resources<</Font {resources}>>", colour.encode()
