"""Hold what a surface writes with, and what it leaves behind for the file to be bound and stamped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from planmaker.pdf import fonts
from planmaker.pdf.operators import ink, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.file import File
    from planmaker.pdf.fonts import Codes
    from planmaker.pdf.form import Form
    from planmaker.pdf.style import Colour, Type

__all__ = ["SHARES", "Annotation", "Desk", "Painted", "Slot"]

# How much of a line's width lies left of its x.
SHARES: Final = {"left": 0.0, "centre": 0.5, "right": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place on a page for a line that differs from person to person; the words are known by a key.

    ``tag`` and ``mark`` are those of its element's marked content; x and baseline are in points from the bottom left.
    """

    key: str
    tag: str
    mark: int
    x: float
    baseline: float
    style: Type
    align: str

    def shown(self, text: str, codes: Codes) -> str:
        """Write the slot's marked content with a text in it."""
        left = self.x - SHARES[self.align] * fonts.measured(text, self.style.font, self.style.size)
        line = shown(text, left, self.baseline, self.style, codes) if text else ""
        return f"/{self.tag} <</MCID {self.mark}>> BDC {ink(self.style.colour, 'rg')} {line} EMC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted:
    """A finished page: its number, what was painted, which XObjects that needs, and what is still to be filled."""

    number: int
    code: bytes
    objects: Mapping[str, int]
    slots: tuple[Slot, ...]
    annotations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a surface writes with: its file, the codes and the number of its fonts, a form if it can be filled in.

    ``tones`` are the colours to take in the place of others.
    """

    file: File
    codes: Mapping[str, Codes]
    font: int
    form: Form | None = None
    tones: Mapping[Colour, Colour] = field(default_factory=dict)


class Annotation(NamedTuple):
    """An annotation (ISO 32000-1 12.5): the number of its object, its entries, and the page it leads to, from 1."""

    number: int
    entries: str
    page: int = 0
