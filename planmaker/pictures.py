"""Read a clinic's own pictures and its logo: PNG or JPEG, small enough to print from."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import TYPE_CHECKING

from planmaker.errors import Problem
from planmaker.figures.drawing import Photo
from planmaker.schema import hint

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["logo", "photo", "photos"]

MOST_BYTES = 5_000_000
MOST_PIXELS = 20_000_000
LOGO_BYTES = 1_000_000
LOGO_PIXELS = 16_000_000
_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def photos(folder: Path, exercises: Collection[str]) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the pictures in a folder by exercise, and what is wrong with the others."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("[!.]*")):
        what = _misplaced(path, exercises, found)
        data = b"" if what else path.read_bytes()
        what = what or _unsound(data, (_FORMATS[path.suffix],), MOST_PIXELS)
        if what:
            problems.append(Problem(where=f"{folder.name}/{path.name}", what=what))
        else:
            found[path.stem] = data
    return found, problems


def photo(data: bytes) -> Photo:
    """Return a checked picture with its size in pixels."""
    from PIL import Image  # noqa: PLC0415 - slow to load, and few clinics have pictures of their own

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
        return Photo(data=data, width=picture.width, height=picture.height)


def logo(path: Path) -> Photo | str:
    """Return a clinic's logo, PNG or JPEG by what it holds, or say what is wrong with the file."""
    try:
        if not path.is_file():
            return "cannot be read: no such file"
        with path.open("rb") as stream:
            data = stream.read(LOGO_BYTES + 1)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if len(data) > LOGO_BYTES:
        return "expected at most 1 MB; save it smaller"
    return _unsound(data, _FORMATS.values(), LOGO_PIXELS) or photo(data)


def _misplaced(path: Path, exercises: Collection[str], found: Collection[str]) -> str:
    if path.suffix not in _FORMATS or not path.is_file():
        return "expected a picture in PNG or JPEG, ending in .png, .jpg or .jpeg"
    if path.stem not in exercises:
        return f"no exercise has this name{hint(path.stem, exercises)}"
    if path.stem in found:
        return "expected one picture an exercise; there is another with this name"
    return "expected at most 5 MB; save it smaller" if path.stat().st_size > MOST_BYTES else ""


def _unsound(data: bytes, expected: Collection[str], most: int) -> str:
    """Say what is wrong with a picture; none of more pixels than allowed is decoded."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - as above

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _unlike(data, expected, most)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_large(most)
    except UnidentifiedImageError:
        return "is no picture in PNG or JPEG"
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):
        return "cannot be read as a picture; save it again"


def _unlike(data: bytes, expected: Collection[str], most: int) -> str:
    from PIL import Image  # noqa: PLC0415 - as above

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
        if picture.width * picture.height > most:
            return _too_large(most)
        if picture.format not in expected:
            return f"is a picture in {picture.format}; end its name in .{(picture.format or '').lower()}"
        picture.load()
    return ""


def _too_large(most: int) -> str:
    return f"expected at most {most // 1_000_000} megapixels; save it smaller"
