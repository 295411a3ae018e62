"""Load the sheet's typeface, measure text with it and break it into lines."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from planmaker.errors import InputError

__all__ = ["BOLD", "REGULAR", "SEMIBOLD", "check", "fit", "load", "width", "wrap"]

REGULAR, SEMIBOLD, BOLD = "SourceSans3-Regular", "SourceSans3-SemiBold", "SourceSans3-Bold"
_FOLDER = Path(__file__).parent / "fonts"
_SMALLEST = 0.75


@cache
def load() -> None:
    """Make the typeface known to reportlab, once a process."""
    for name in (REGULAR, SEMIBOLD, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf")))


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
