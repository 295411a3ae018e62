"""Load the typeface that ships with the project, measure text with it, break it into lines, put it into files."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import uharfbuzz as hb

from planmaker.errors import InputError
from planmaker.pdf.file import array, stream
from planmaker.pdf.typefaces import EM, typeface

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.pdf.file import File

__all__ = [
    "BOLD",
    "REGULAR",
    "RESOURCES",
    "SEMIBOLD",
    "SMALLEST",
    "Codes",
    "Font",
    "broken",
    "fit",
    "font",
    "forget",
    "measured",
    "whole",
    "width",
    "wrap",
]

REGULAR, SEMIBOLD, BOLD = "SourceSans3-Regular", "SourceSans3-SemiBold", "SourceSans3-Bold"
# What content streams call the fonts.
RESOURCES: Final = {REGULAR: "R", SEMIBOLD: "S", BOLD: "B"}
SMALLEST = 0.75  # how far a text that must fit is shrunk before it takes a second line
_BLOCK = 100  # entries of a block at most (Adobe Technical Note 5411)
_MEASURED = 100_000
_STEM = {REGULAR: 84, SEMIBOLD: 118, BOLD: 150}  # widths of a stem in 1/1000 em, measured on the letter l
_SYMBOLIC, _NONSYMBOLIC = 4, 32  # flags of a font descriptor
_FIRST = 32  # the first code of WinAnsi
_BOUNDS = (-644, -317, 2159, 987)  # of any glyph of the three
# Which bytes of a literal string (ISO 32000-1 7.3.4.2) must be escaped.
_ESCAPED = {ord("("): "\\(", ord(")"): "\\)", ord("\\"): "\\\\", ord("\r"): "\\r", ord("\n"): "\\n"}


class Codes(dict[int, str]):
    """What stands for each character in a content stream: two bytes, escaped; a table for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        name = unicodedata.name(chr(code), "a character without a name")
        msg = f"the sheet's typeface cannot print {name} (U+{code:04X}); spell it in another way"
        raise InputError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A typeface cut down to some characters, ready to be put into any number of files."""

    name: str
    codes: Codes
    program: bytes
    unicode_map: bytes
    widths: str
    descriptor: str

    def write(self, file: File) -> int:
        """Put the font into a file (ISO 32000-1 9.7.4); return its number."""
        program, unicode_map = file.add(self.program), file.add(self.unicode_map)
        descriptor = file.add(f"{self.descriptor}/FontFile2 {program} 0 R>>")
        descendant = file.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{self.name}/CIDToGIDMap/Identity/W[{self.widths}]"
            f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor {descriptor} 0 R>>"
        )
        return file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{self.name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode_map} 0 R>>"
        )


@lru_cache(16)
def font(name: str, characters: frozenset[str]) -> Font:
    """Cut a font down to some characters; those that it lacks are left out."""
    opened = typeface(name)
    wanted = sorted({ord(character) for character in characters} & set(opened.characters))
    program, places = _cut(opened.face, set(wanted))
    shaped = opened.font
    glyphs = {code: (places[gid], gid) for code in wanted if (gid := _glyph(shaped, code))}
    widths = {new: shaped.get_glyph_h_advance(old) for new, old in glyphs.values()}
    subset = f"PLANMK+{name}"
    return Font(
        name=subset,
        codes=Codes({code: _written(new) for code, (new, _) in glyphs.items()}),
        program=stream(f"/Length1 {len(program)}", program),
        unicode_map=stream("", _unicode_map({new: code for code, (new, _) in glyphs.items()}).encode()),
        widths=" ".join(f"{new}[{wide}]" for new, wide in sorted(widths.items())),
        descriptor=_descriptor(name, subset, shaped, _SYMBOLIC),
    )


def _cut(face: hb.Face, characters: set[int]) -> tuple[bytes, Mapping[int, int]]:
    """Return a font file with some characters only, and where their glyphs are in it."""
    chosen = hb.SubsetInput()
    chosen.unicode_set.update(characters)
    chosen.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE | hb.SubsetFlags.NO_LAYOUT_CLOSURE
    chosen.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update(map(_tag, ("GSUB", "GPOS", "GDEF", "name", "post", "OS/2")))
    plan = hb.SubsetPlan(face, chosen)
    return plan.execute().blob.data, plan.old_to_new_glyph_mapping


def _descriptor(name: str, subset: str, shaped: hb.Font, flags: int) -> str:
    """Write a font descriptor (ISO 32000-1 9.8) that lacks its font file."""
    extents = shaped.get_font_extents("ltr")
    return (
        f"<</Type/FontDescriptor/FontName/{subset}/Flags {flags}/ItalicAngle 0/StemV {_STEM[name]}"
        f"/FontBBox{array(_BOUNDS)}/Ascent {extents.ascender}/Descent {extents.descender}/CapHeight 660"
    )


def whole(file: File) -> int:
    """Put the font that people fill in forms with into a file: all of WinAnsi (ISO 32000-1 annex D); return its number.

    Its name has no mark of a subset, so that programs may set other text than the file's with it.
    """
    opened = typeface(REGULAR)
    text = {code: bytes((code,)).decode("cp1252", errors="ignore") for code in range(_FIRST, 256)}
    program, _ = _cut(opened.face, {ord(character) for character in text.values() if character})
    shaped = opened.font
    widths = [shaped.get_glyph_h_advance(_glyph(shaped, ord(text[code]))) if text[code] else 0 for code in text]
    descriptor = file.add(
        f"{_descriptor(REGULAR, REGULAR, shaped, _NONSYMBOLIC)}"
        f"/FontFile2 {file.add(stream(f'/Length1 {len(program)}', program))} 0 R>>"
    )
    return file.add(
        f"<</Type/Font/Subtype/TrueType/BaseFont/{REGULAR}/FirstChar {_FIRST}/LastChar 255/Widths{array(widths)}"
        f"/Encoding/WinAnsiEncoding/FontDescriptor {descriptor} 0 R>>"
    )


def _tag(name: str) -> int:
    return int.from_bytes(name.encode().ljust(4), "big")


def _glyph(shaped: hb.Font, code: int) -> int:
    return int(shaped.get_nominal_glyph(code) or 0)


def _written(glyph: int) -> str:
    return glyph.to_bytes(2, "big").decode("latin-1").translate(_ESCAPED)


def _unicode_map(characters: Mapping[int, int]) -> str:
    """Write which character each glyph stands for (ISO 32000-1 9.10.3)."""
    pairs = sorted(characters.items())
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for first in range(0, len(pairs), _BLOCK):
        block = pairs[first : first + _BLOCK]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{glyph:04X}> <{chr(code).encode('utf-16-be').hex().upper()}>" for glyph, code in block]
        lines.append("endbfchar")
    return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"])


@cache
def _advances(name: str) -> Callable[[str], float]:
    """Return the function that gives the advance of a character in em, remembering what it looked up."""
    shaped = typeface(name).font

    @cache
    def advance(character: str) -> float:
        return float(shaped.get_glyph_h_advance(_glyph(shaped, ord(character)))) / EM

    return advance


def forget() -> None:
    """Forget all measures, as a new process would, so that they can be timed."""
    _natural.cache_clear()
    wrap.cache_clear()


def measured(text: str, font: str, size: float = 1) -> float:
    """Return the width of a text in points, remembering nothing: for texts of a person's own."""
    return sum(map(_advances(font), text)) * size


@lru_cache(_MEASURED)
def _natural(text: str, name: str) -> float:
    return measured(text, name)


def width(text: str, font: str, size: float) -> float:
    """Return the width of a text of the program's own in points, and remember it."""
    return _natural(text, font) * size


@lru_cache(_MEASURED)
def wrap(text: str, font: str, size: float, measure: float) -> tuple[str, ...]:
    """Break a text into lines no wider than the measure; a longer word is broken too."""
    return broken(text, lambda piece: _natural(piece, font) * size, measure)


def broken(text: str, width_of: Callable[[str], float], measure: float) -> tuple[str, ...]:
    """Break a text into lines no wider than the measure by a function that gives widths."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if width_of(longer) <= measure:
            line = longer
            continue
        if line:
            lines.append(line)
        *pieces, line = _pieces(word, width_of, measure)
        lines.extend(pieces)
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, width_of: Callable[[str], float], measure: float) -> list[str]:
    pieces = [""]
    for character in word:
        joined = unicodedata.category(character)[0] in "MC"  # a mark, or a sign that joins
        if pieces[-1] and not joined and width_of(pieces[-1] + character) > measure:
            pieces.append("")
        pieces[-1] += character
    return pieces


def fit(
    text: str, width_of: Callable[[str], float], size: float, measure: float, *, most: int = 2
) -> tuple[float, tuple[str, ...]]:
    """Return the size and lines of a text that must fit: shrunk to 75 %, then on two lines unless ``most`` is one.

    ``width_of`` gives the width of a text set at size 1. Only a text that is still too long is shrunk further.
    """
    natural = width_of(text)
    if natural * size <= measure:
        return size, (text,)
    if natural * size * SMALLEST <= measure or most == 1:
        return measure / natural, (text,)
    small = size * SMALLEST
    while len(lines := broken(text, width_of, measure / small)) > 2:  # noqa: PLR2004 - two lines
        small *= 0.95
    return small, lines
