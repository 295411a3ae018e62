"""Read a clinic's own pictures: PNG or JPEG, small enough to print from."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from planmaker.errors import Problem
from planmaker.figures.drawing import Photo
from planmaker.schema import hint

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["photo", "photos"]

MOST_BYTES = 5_000_000
MOST_PIXELS = 20_000_000
TOO_LARGE = "expected at most 20 megapixels; save it smaller"
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def photos(folder: Path, exercises: Collection[str]) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the pictures in a folder by exercise, and what is wrong with the others."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("[!.]*")):
        what = _misplaced(path, exercises, found)
        data = b"" if what else path.read_bytes()
        what = what or _unsound(data, _FORMATS[path.suffix])
        if what:
            problems.append(Problem(where=f"{folder.name}/{path.name}", what=what))
        else:
            found[path.stem] = data
    return found, problems


def photo(data: bytes) -> Photo:
    """Return a checked picture with its size in pixels."""
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
        return Photo(data=data, width=picture.width, height=picture.height)


def _misplaced(path: Path, exercises: Collection[str], found: Collection[str]) -> str:
    if path.suffix not in _FORMATS or not path.is_file():
        return "expected a picture in PNG or JPEG, ending in .png, .jpg or .jpeg"
    if path.stem not in exercises:
        return f"no exercise has this name{hint(path.stem, exercises)}"
    if path.stem in found:
        return "expected one picture an exercise; there is another with this name"
    return "expected at most 5 MB; save it smaller" if path.stat().st_size > MOST_BYTES else ""


def _unsound(data: bytes, expected: str) -> str:
    """Say what is wrong with a picture; none larger than allowed is decoded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _unlike(data, expected)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return TOO_LARGE
    except UnidentifiedImageError:
        return "is no picture in PNG or JPEG"
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):
        return "cannot be read as a picture; save it again"


def _unlike(data: bytes, expected: str) -> str:
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            return TOO_LARGE
        if picture.format != expected:
            return f"is a picture in {picture.format}; end its name in .{(picture.format or '').lower()}"
        picture.load()
    return ""
