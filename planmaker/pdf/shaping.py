"""Shape a line of text in any script: which glyphs stand where, from left to right (UAX 9, OpenType)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby, pairwise, takewhile
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import uharfbuzz

from planmaker.errors import UnprintableError
from planmaker.pdf import bidi
from planmaker.pdf.typefaces import candidates, typeface

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Glyph", "Line", "Run", "shape"]

_CLUSTERS: Final = 4096  # of which is kept whether a font has them
_COMMON: Final = "Zyyy"
_LEFT_TO_RIGHT: Final = "\u200e"
_RIGHT_TO_LEFT: Final = "\u200f"
_NO_LANGUAGE: Final = "und"
_REFUSED: Final = {"Cc", "Co", "Cs", "Zl", "Zp"}
_EMBEDDING: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_BYTE_ORDER_MARK: Final = "\ufeff"
_INVISIBLE: Final = frozenset(map(chr, (0x34F, 0x61C, *range(0x200B, 0x2010), 0x2060, *range(0xFE00, 0xFE10)))) | (
    frozenset(map(chr, range(0xE0100, 0xE01F0)))
)  # default ignorable: HarfBuzz needs no glyph for them
_EAST_ASIAN: Final = {"Bopo", "Hang", "Hani", "Hira", "Kana"}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph and what is drawn with it; lengths in 1/1000 em.

    ``text`` is what the glyph and those after it whose text is empty stand for, from left to right: the letters of
    a word read from right to left are reversed, as programs that extract text expect. It may begin with a mark of
    direction (U+200E, U+200F) that the line had not.
    """

    gid: int
    advance: int
    dx: int
    dy: int
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one font, from left to right."""

    face: str
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The runs of a line, from left to right."""

    runs: tuple[Run, ...]

    @property
    def width(self) -> int:
        """The width in 1/1000 em."""
        return sum(glyph.advance for run in self.runs for glyph in run.glyphs)


@dataclass(frozen=True, slots=True)
class _Item:
    """Characters that are shaped together."""

    face: str
    script: str
    level: int
    first: int
    last: int


class _CannotError(Exception):
    """A character that cannot be printed, by name, and the remedy."""


def shape(text: str, *, face: str = "regular", folder: Path | None = None, where: str = "text") -> Line:
    """Return the glyphs of a line set in the sheet's typeface, or in another that has its characters.

    ``folder`` holds fonts for what the program's own do not have; the first by file name that has a character is taken.
    A character that no font has, and one that controls what is around it, raises InputError naming it and ``where``.
    Nothing of the text is kept: it may be a person's name.
    """
    try:
        return _shaped(text, face, folder)
    except _CannotError as error:
        raise UnprintableError(where, *error.args) from None


def _shaped(text: str, face: str, folder: Path | None) -> Line:
    for character in text:
        _refuse_control(character)
    items = _items(text, face, folder)
    ordered = bidi.reordered(items, [item.level for item in items])
    placed = [
        (item.face, glyph)
        for before, item in pairwise([None, *ordered])
        if item
        for glyph in _fenced(list(_glyphs(text, item)), before, item)
    ]
    return Line(
        tuple(Run(name, tuple(glyph for _, glyph in group)) for name, group in groupby(placed, key=itemgetter(0)))
    )


def _refuse_control(character: str) -> None:
    if (
        unicodedata.category(character) in _REFUSED
        or unicodedata.bidirectional(character) in _EMBEDDING
        or character == _BYTE_ORDER_MARK
    ):
        raise _CannotError(_named(character), "delete it")


def _named(character: str) -> str:
    name = unicodedata.name(character, "a character without a name")
    return f"{name} (U+{ord(character):04X})"


def _items(text: str, face: str, folder: Path | None) -> list[_Item]:
    """Divide a text into stretches of one direction, script and font."""
    levels = bidi.levels(text)
    scripts = _scripts(text)
    items: list[_Item] = []
    for first, last in _clusters(text):
        before = items[-1] if items else None
        name = _font(text[first:last], scripts[first], face, folder, before)
        if before and (before.face, before.script, before.level) == (name, scripts[first], levels[first]):
            items[-1] = _Item(name, before.script, before.level, before.first, last)
        else:
            items.append(_Item(name, scripts[first], levels[first], first, last))
    return items


def _scripts(text: str) -> list[str]:
    """Return the script of each character; those of all scripts take that before them, at the start that after them.

    A closing bracket takes that of the bracket it closes, to look like it.
    """
    scripts = [_script(character) for character in text]
    current = next((script for script in scripts if script != _COMMON), _COMMON)
    opened: list[tuple[str, str]] = []
    for index, character in enumerate(text):
        if scripts[index] == _COMMON:
            partner = next((place for place in reversed(opened) if place[0] == character), None)
            scripts[index] = partner[1] if partner else current
        if closing := bidi.closing(character):
            opened.append((closing, scripts[index]))
        current = scripts[index]
    return scripts


@cache
def _script(character: str) -> str:
    """Return the script of a character (ISO 15924), as HarfBuzz knows it."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(character)
    buffer.guess_segment_properties()
    return buffer.script or _COMMON


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ends of each character with its marks: they are set in one font."""
    first = 0
    for index in range(1, len(text) + 1):
        if index == len(text) or not (text[index] in _INVISIBLE or unicodedata.category(text[index])[0] == "M"):
            yield first, index
            first = index


def _font(cluster: str, script: str, face: str, folder: Path | None, before: _Item | None) -> str:
    """Name the first font that has all of a cluster; what scripts share stays in the font before it."""
    if before and before.script == script and _script(cluster[0]) == _COMMON and _has(before.face, cluster):
        return before.face
    names = candidates(script, face, folder)
    found = next((name for name in names if _has(name, cluster)), None)
    if found:
        return found
    missing = next(
        (character for character in cluster if not any(_has(name, character) for name in names)), cluster[-1]
    )
    remedy = "spell it in another way, or name a folder with a font that has it: --font-dir"
    if _script(missing) in _EAST_ASIAN:
        remedy = "Chinese, Japanese and Korean need a folder of fonts, such as Noto Sans CJK: --font-dir"
    raise _CannotError(_named(missing), remedy)


@lru_cache(maxsize=_CLUSTERS)
def _has(name: str, cluster: str) -> bool:
    """Tell whether a font has a cluster, written in any of the equivalent ways (UAX 15)."""
    characters = typeface(name).characters
    written = "".join(character for character in cluster if character not in _INVISIBLE) or " "
    return any(
        all(ord(character) in characters for character in form)
        for form in (written, unicodedata.normalize("NFC", written), unicodedata.normalize("NFD", written))
    )


def _glyphs(text: str, item: _Item) -> Iterator[Glyph]:
    """Shape an item within its line; each cluster's text goes to its first glyph from the left."""
    rightward = item.level % 2 == 0
    font = typeface(item.face).font
    blank = font.get_nominal_glyph(ord(" "))
    buffer = uharfbuzz.Buffer()
    buffer.add_codepoints([ord(character) for character in text], item.first, item.last - item.first)
    buffer.script, buffer.direction, buffer.language = item.script, "ltr" if rightward else "rtl", _NO_LANGUAGE
    buffer.flags = uharfbuzz.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE
    uharfbuzz.shape(font, buffer)
    infos = buffer.glyph_infos
    starts = sorted({info.cluster for info in infos})
    ends = dict(zip(starts, [*starts[1:], item.last], strict=True))
    for info, position in zip(infos, buffer.glyph_positions, strict=True):
        own = text[info.cluster : ends.pop(info.cluster, info.cluster)]
        if not info.codepoint:
            raise _CannotError(_named(text[info.cluster]), "spell it in another way")
        if not rightward:
            own = own[::-1]
            marks = _marks(own)
            if blank and marks and marks != own:  # MuPDF takes what begins with a mark to have no width
                own = own.removeprefix(marks)
                yield Glyph(blank, 0, 0, 0, marks)
        yield Glyph(info.codepoint, position.x_advance, position.x_offset, position.y_offset, own)


def _fenced(glyphs: list[Glyph], before: _Item | None, item: _Item) -> list[Glyph]:
    """Add a mark of direction to a space, bracket or vowel at the left of an item, if the direction turns there.

    Programs that extract text know only the order in which glyphs stand. They give such a character to what stands
    to the left of it, unless a mark says that it belongs to the right.
    """
    if item.level == 0 and before and before.level:
        mark, strong = _LEFT_TO_RIGHT, {"L"}
    elif item.level == 1 and not before:
        mark, strong = _RIGHT_TO_LEFT, {"R", "AL"}
    else:
        return glyphs
    first, *others = glyphs
    return (
        glyphs
        if unicodedata.bidirectional(first.text[0]) in strong
        else [replace(first, text=mark + first.text), *others]
    )


def _marks(text: str) -> str:
    """Return the combining marks at the start of a text."""
    return "".join(takewhile(lambda character: unicodedata.category(character)[0] == "M", text))
