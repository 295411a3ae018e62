"""Tell a workbook from text, and one that can be read from those that cannot."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from planmaker.errors import InputError

__all__ = ["checked_archive", "is_container"]

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REMEDY = "save it as .xlsx or CSV UTF-8 and use that file"
# In bytes: the sheets are read as a stream, but what they share stands in memory.
_MOST = 4_000_000_000
_MOST_SHARED = 400_000_000
_FREE = 50_000_000
_MOST_TIMES = 200  # a sheet full of formatted empty cells packs to a hundredth
# What tells a kind of file by a name inside it.
_KINDS = (
    ("xl/workbook.bin", "is a binary workbook (.xlsb)"),
    ("Index/Document.iwa", "is a Numbers document"),
    ("Index.zip", "is a Numbers document"),
    ("META-INF/manifest.xml", "is an OpenDocument spreadsheet (.ods)"),
    ("word/document.xml", "is a Word document"),
)


def is_container(file: BinaryIO) -> bool:
    """Tell whether a file is a workbook of some kind, and no text."""
    file.seek(0)
    return file.read(8).startswith((_ZIP, _EMPTY_ZIP, _OLE))


def checked_archive(name: str, file: BinaryIO) -> None:
    """Raise InputError for what is no .xlsx, has a password, or unpacks to more than a roster can be."""
    file.seek(0)
    if file.read(8).startswith(_OLE):
        msg = f"{name}: is an old workbook (.xls) or one with a password; without a password, {_REMEDY}"
        raise InputError(msg)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        msg = f"{name}: is a damaged workbook; open it and {_REMEDY}"
        raise InputError(msg) from error
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        kind = next((spoken for inside, spoken in _KINDS if inside in names), "is an archive, not a roster")
        msg = f"{name}: {kind}; {_REMEDY}"
        raise InputError(msg)
    if any(part.flag_bits & 1 for part in parts):
        msg = f"{name}: has a password; without one, {_REMEDY}"
        raise InputError(msg)
    whole = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    shared = sum(part.file_size for part in parts if not part.filename.startswith("xl/worksheets/"))
    if whole > _MOST or shared > _MOST_SHARED or whole > max(_FREE, packed * _MOST_TIMES):
        size = f"{whole // 1_000_000} MB"
        msg = f"{name}: unpacks to {size}, more than a roster takes; save it as CSV UTF-8 and use that file"
        raise InputError(msg)
