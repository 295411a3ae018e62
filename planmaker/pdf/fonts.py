"""Load the sheet's typeface, measure text with it and break it into lines."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont

from planmaker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BOLD", "REGULAR", "SEMIBOLD", "check", "fit", "load", "width", "wrap"]

REGULAR, SEMIBOLD, BOLD = "SourceSans3-Regular", "SourceSans3-SemiBold", "SourceSans3-Bold"
_FOLDER = Path(__file__).parent / "fonts"
_SMALLEST = 0.75
_BLOCK = 100  # entries of a block at most (Adobe Technical Note 5411)


@cache
def load() -> None:
    """Make the typeface known to reportlab, once a process."""
    ttfonts.makeToUnicodeCMap = _unicode_map
    for name in (REGULAR, SEMIBOLD, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf"), asciiReadable=False))


def _unicode_map(name: str, subset: Sequence[int]) -> str:
    """Write which character each code of a subset stands for (ISO 32000-1 9.10.3).

    reportlab's own maps unused codes to U+0000, which PDF/UA forbids, and more than 100 to a block.
    """
    pairs = [(code, character) for code, character in enumerate(subset) if character]
    blocks = [pairs[first : first + _BLOCK] for first in range(0, len(pairs), _BLOCK)]
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{name} def /CMapType 2 def",
        "1 begincodespacerange <00> <FF> endcodespacerange",
    ]
    for block in blocks:
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{code:02X}> <{chr(character).encode('utf-16-be').hex().upper()}>" for code, character in block]
        lines.append("endbfchar")
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"])


@cache
def _glyphs(font: str) -> frozenset[int]:
    load()
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def check(text: str, where: str) -> None:
    """Raise InputError naming the first character that the typeface cannot print."""
    for character in text:
        if ord(character) not in _glyphs(REGULAR):
            name = unicodedata.name(character, "a character without a name")
            msg = f"{where}: the sheet's typeface cannot print {name} (U+{ord(character):04X}); spell it in another way"
            raise InputError(msg)


def width(text: str, font: str, size: float) -> float:
    """Return the width of a text in points."""
    load()
    return float(pdfmetrics.stringWidth(text, font, size))


def wrap(text: str, font: str, size: float, measure: float) -> list[str]:
    """Break a text into lines no wider than the measure; a longer word is broken too."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width(longer, font, size) <= measure:
            line = longer
            continue
        if line:
            lines.append(line)
        *pieces, line = _pieces(word, font, size, measure)
        lines.extend(pieces)
    return [*lines, line] if line else lines


def _pieces(word: str, font: str, size: float, measure: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, font, size) > measure:
            pieces.append("")
        pieces[-1] += character
    return pieces


def fit(text: str, font: str, size: float, measure: float) -> tuple[float, list[str]]:
    """Return the size and lines of a text that must fit: shrunk to 75 %, then on two lines.

    Only a text that is still too long on two lines is shrunk further.
    """
    natural = width(text, font, size)
    if natural <= measure:
        return size, [text]
    if natural * _SMALLEST <= measure:
        return size * measure / natural, [text]
    small = size * _SMALLEST
    while len(lines := wrap(text, font, small, measure)) > 2:  # noqa: PLR2004 - two lines
        small *= 0.95
    return small, lines
