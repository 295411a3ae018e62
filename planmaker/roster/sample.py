"""Write a roster to start from, as CSV or as a workbook."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import canonicalize

from planmaker.fields import FIELDS
from planmaker.roster.dates import DATES

if TYPE_CHECKING:
    from planmaker.fields import Field

__all__ = ["as_csv", "as_workbook"]

_ROWS = 2
_LAST_ROW = 1_048_576
_REQUIRED = ("id", "profile")
_CLOCKS = ("am", "pm", "aerobic_at")
_SAVED = datetime(2000, 1, 1)  # noqa: DTZ001 - a document's properties have no zone; the clock is not read
_ZIPPED = (1980, 1, 1, 0, 0, 0)
_NARROWEST, _WIDEST = 9, 30  # of a column, in characters


def as_csv() -> str:
    """Write a roster with two example rows, as a start for a clinic's own."""
    rows = [[field.name for field in FIELDS], *([field.samples[row] for field in FIELDS] for row in range(_ROWS))]
    return "".join(",".join(row) + "\n" for row in rows)


def as_workbook() -> bytes:
    """Write the same as an .xlsx: ids are text, days and times are cells of their own kind, choices drop down.

    The bytes are the same each time, whichever XML library openpyxl has found.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only for workbooks

    book = Workbook()
    sheet = book.active
    sheet.title = "Roster"
    for number, field in enumerate(FIELDS, 1):
        _column(sheet, number, field)
    sheet.freeze_panes = "B2"
    book.properties.creator = "planmaker"
    book.properties.created = _SAVED
    stream = io.BytesIO()
    book.save(stream)
    return _settled(stream)


def _column(sheet: Any, number: int, field: Field) -> None:  # noqa: ANN401 - openpyxl has no types
    """Write a field's column: its name with what it means, its format down to the last row, its choices."""
    from openpyxl.comments import Comment  # noqa: PLC0415 - only for workbooks
    from openpyxl.styles import Font  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    letter = get_column_letter(number)
    head = sheet.cell(1, number, field.name)
    head.font = Font(bold=True)
    head.comment = Comment(_meaning(field), "planmaker", width=320, height=110)
    texts = [field.samples[row] for row in range(_ROWS)]
    for row, text in enumerate(texts, 2):
        cell = sheet.cell(row, number, _value(field, text))
        cell.number_format = _format(field)
    widest = max(len(text) for text in (field.name, field.default, *texts)) + 3
    column = sheet.column_dimensions[letter]
    column.width = min(max(widest, _NARROWEST), _WIDEST)
    column.number_format = _format(field)
    validation = _validation(field)
    if validation is not None:
        validation.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(validation)


def _meaning(field: Field) -> str:
    """Say what a column means and what an empty cell stands for."""
    empty = f"Empty: {field.default}." if field.default else "Required." if field.name in _REQUIRED else "May be empty."
    return f"{field.help}\n{field.form}\n{empty}"


def _format(field: Field) -> str:
    if field.name in DATES:
        return "yyyy-mm-dd"
    return "hh:mm" if field.name in _CLOCKS else "General" if field.form[:1].isdigit() else "@"


def _value(field: Field, text: str) -> object:
    """Return what a cell holds: a number or a time where a spreadsheet has them, else text."""
    if not text:
        return None
    if field.name in _CLOCKS:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day
    return int(text) if text.isdecimal() and _format(field) == "General" else text


def _validation(field: Field) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Make the list that drops down, or the check of a day, for a field that has one."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - only for workbooks

    choices = _choices(field)
    if choices:
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        rule.error = f"Expected one of {', '.join(choices)}."
    elif field.name in DATES:
        rule = DataValidation(type="date", operator="between", formula1="36526", formula2="73415", allow_blank=True)
        rule.error = "Expected a date."
    else:
        return None
    rule.errorTitle = field.name
    rule.showErrorMessage = True
    return rule


def _choices(field: Field) -> list[str]:
    """Return the words that a field's form lists, if it lists them all."""
    words = field.form.split("|")
    return words if len(words) > 1 and all(re.fullmatch(r"[a-z][a-z0-9-]*|[0-9]", word) for word in words) else []


def _settled(stream: io.BytesIO) -> bytes:
    """Pack a workbook again with fixed times, and its XML in the canonical form (W3C C14N 2.0)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(stream) as archive, zipfile.ZipFile(packed, "w") as settled:
        for name in sorted(archive.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            text = archive.read(name).decode()
            if name == "docProps/core.xml":
                text = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{_SAVED.isoformat()}Z", text)
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            settled.writestr(zipfile.ZipInfo(name, _ZIPPED), head + canonicalize(text))
    return packed.getvalue()
