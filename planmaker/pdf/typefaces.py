"""Open font files and say which of them has a character."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import uharfbuzz

from planmaker.errors import InputError

__all__ = ["EM", "FACES", "REGULAR", "Typeface", "candidates", "typeface", "weight"]

EM: Final = 1000  # units of an em, as PDF counts them
FACES: Final = {"regular": "SourceSans3-Regular", "semibold": "SourceSans3-SemiBold"}
_FOLDER: Final = Path(__file__).parent / "fonts"
_SUFFIXES: Final = {".otf", ".ttc", ".ttf"}
REGULAR: Final = 400.0  # of fonts whose weight may be chosen
_OUTLINES: Final = {"glyf", "CFF "}
_GENERAL: Final = "NotoSans-Regular"
_NOTO: Final = {  # by script (ISO 15924)
    "Arab": "NotoSansArabic-Regular",
    "Armn": "NotoSansArmenian-Regular",
    "Beng": "NotoSansBengali-Regular",
    "Deva": "NotoSansDevanagari-Regular",
    "Geor": "NotoSansGeorgian-Regular",
    "Hebr": "NotoSansHebrew-Regular",
    "Taml": "NotoSansTamil-Regular",
    "Thai": "NotoSansThai-Regular",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Typeface:
    """An open font: HarfBuzz's face of it, a font of 1000 units an em, and the characters it has."""

    face: uharfbuzz.Face
    font: uharfbuzz.Font
    characters: uharfbuzz.Set


@cache
def typeface(name: str) -> Typeface:
    """Open a font: one of the program's own by its name, another as ``path#index``."""
    path, _, index = name.rpartition("#")
    file = path or str(_FOLDER / f"{name}.ttf")
    try:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(file), int(index) if path else 0)
    except (OSError, uharfbuzz.HarfBuzzError):
        face = uharfbuzz.Face(b"")
    if not face.glyph_count:
        msg = f"{file}: not a font that can be read; take it out of the folder"
        raise InputError(msg)
    font = uharfbuzz.Font(face)
    font.scale = (EM, EM)
    if any(axis.tag == "wght" for axis in face.axis_infos):
        font.set_variations({"wght": REGULAR})
    return Typeface(face=face, font=font, characters=face.unicodes)


def candidates(script: str, face: str, folder: Path | None) -> tuple[str, ...]:
    """Name the fonts to be tried for a script, the best first.

    Source Sans is the sheet's own; a script that it lacks is set in its own font with its own digits and brackets.
    """
    own = (_NOTO[script],) if script in _NOTO else ()
    general = (FACES[face], _GENERAL)
    return (*own, *general, *(name for name in _NOTO.values() if name not in own), *_outside(folder))


@lru_cache(maxsize=8)
def _outside(folder: Path | None) -> tuple[str, ...]:
    """Name the fonts in a folder, those of regular weight first, then by file name."""
    if folder is None:
        return ()
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix.lower() in _SUFFIXES and file.is_file())
    except OSError as error:
        msg = f"{folder}: the folder of fonts cannot be read"
        raise InputError(msg) from error
    names = [f"{file}#{index}" for file in files for index in range(typeface(f"{file}#0").face.count)]
    return tuple(sorted(filter(_has_outlines, names), key=lambda name: abs(weight(name) - REGULAR)))


def _has_outlines(name: str) -> bool:
    """Tell whether a font's glyphs can be drawn in one colour: not those of pictures, as emoji, nor those of CFF2."""
    face = typeface(name).face
    return not (face.has_color_layers or face.has_color_paint) and not _OUTLINES.isdisjoint(face.table_tags)


@cache
def weight(name: str) -> float:
    """Return how heavy a font is, as it is used: 400 is regular."""
    return float(typeface(name).font.get_style_value(uharfbuzz.StyleTag.WEIGHT))
