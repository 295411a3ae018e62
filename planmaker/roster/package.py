"""Read what the sheets of a workbook share, with openpyxl: their names, texts, formats and calendar."""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from planmaker.errors import InputError
from planmaker.roster.sheet import shared_texts
from planmaker.roster.shown import Style, Workings

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable

__all__ = ["Package", "Part", "package"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sheet's title, and the part of the archive that it is."""

    title: str
    name: str
    visible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The sheets of a workbook, but not its charts, and what their cells need to be read."""

    parts: tuple[Part, ...]
    workings: Workings


def package(name: str, file: BinaryIO) -> Package:
    """Read a workbook but for its sheets; raise InputError if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out, such as extensions
            found = _package(file)
    except ImportError:
        raise
    except Exception as error:
        msg = f"{name}: cannot be read as a workbook; save it as .xlsx again, or as CSV UTF-8, and use that file"
        raise InputError(msg) from error
    if not found.parts:  # as in the Strict form, which openpyxl does not know
        msg = f"{name}: has no sheet that can be read; save it as a usual .xlsx, or as CSV UTF-8, and use that file"
        raise InputError(msg)
    return found


def _package(file: BinaryIO) -> Package:
    from openpyxl.reader.excel import ExcelReader  # noqa: PLC0415 - only for workbooks
    from openpyxl.xml.constants import SHARED_STRINGS  # noqa: PLC0415 - as above

    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    with reader.archive as archive:
        reader.read_manifest()
        reader.read_workbook()
        parts = tuple(
            Part(title=sheet.name, name=relation.target, visible=sheet.state == "visible")
            for sheet, relation in reader.parser.find_sheets()
            if relation.Type.endswith("/worksheet") and relation.target in reader.valid_files
        )
        strings = reader.package.find(SHARED_STRINGS)
        texts: list[str] = []
        if strings is not None:
            with archive.open(strings.PartName[1:]) as stream:
                texts = shared_texts(stream)
        return Package(parts=parts, workings=Workings(strings=texts, style=_styles(archive), epoch=reader.wb.epoch))


def _styles(archive: zipfile.ZipFile) -> Callable[[int], Style]:
    """Return the function that tells how a cell with a style's number is formatted."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE  # noqa: PLC0415 - only for workbooks
    from openpyxl.styles.stylesheet import Stylesheet  # noqa: PLC0415 - as above
    from openpyxl.xml.functions import fromstring  # noqa: PLC0415 - as above

    general = Style(pattern="General", dated=False)
    if "xl/styles.xml" not in archive.namelist():
        return lambda _: general
    sheet: Any = Stylesheet.from_tree(fromstring(archive.read("xl/styles.xml")))
    own = dict(enumerate(sheet.number_formats, BUILTIN_FORMATS_MAX_SIZE))

    @functools.cache
    def style(number: int) -> Style:
        if number >= len(sheet.cell_styles):
            return general
        pattern = {**BUILTIN_FORMATS, **own}.get(sheet.cell_styles[number].numFmtId, "General")
        return Style(pattern=pattern, dated=number in sheet.date_formats or number in sheet.timedelta_formats)

    return style
