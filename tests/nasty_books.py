"""Make rosters that are workbooks, as spreadsheet programs and others write them, each with its account."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
from nasty import ANN, BEN, BOTH, Account, Nasty
from openpyxl.utils.datetime import CALENDAR_MAC_1904

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["with_sheet", "workbooks"]


def workbooks() -> Iterator[Nasty]:
    """Yield every nasty workbook."""
    for name, fill, account, told in _SHEETS:
        book = openpyxl.Workbook()
        fill(book, book.active)
        stream = io.BytesIO()
        book.save(stream)
        yield Nasty(name=f"workbook: {name}", data=stream.getvalue(), account=account, told=told)
    yield from _raw_workbooks()


Fill = Callable[[Any, Any], object]


def _table(*rows: tuple[object, ...]) -> Fill:
    """Return what fills a sheet with rows."""

    def fill(_book: object, sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        for row in rows:
            sheet.append(row)

    return fill


def _formatted(fill: Fill, **formats: str) -> Fill:
    def formatted(book: object, sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        fill(book, sheet)
        for cell, pattern in formats.items():
            sheet[cell].number_format = pattern

    return formatted


def _then(fill: Fill, *steps: Callable[[Any, Any], object]) -> Fill:
    def filled(book: Any, sheet: Any) -> None:  # noqa: ANN401 - openpyxl has no types
        fill(book, sheet)
        for step in steps:
            step(book, sheet)

    return filled


def _mac(book: Any, _sheet: object) -> None:  # noqa: ANN401 - openpyxl has no types
    book.epoch = CALENDAR_MAC_1904


HEAD = ("id", "profile", "name")
TWO = _table(HEAD, ("007", "full", "Zoë Ruiz"), ("A2", "stretch-only", "Ann"))
DATED = ("id", "profile", "start")
TIMED = ("id", "profile", "am")


def _one(**texts: str) -> Account:
    return {2: {"id": "A1", "profile": "full"} | texts}


_SHEETS: tuple[tuple[str, Fill, Account, str], ...] = (
    ("plain", TWO, BOTH, ""),
    ("zeros by a format", _formatted(_table(HEAD, (7, "full", "Zoë Ruiz")), A2="000"), {2: ANN}, ""),
    (
        "zeros and dashes",
        _formatted(_table(HEAD, (12345, "full")), A2="000-00-00"),
        {2: {"id": "001-23-45", "profile": "full"}},
        "",
    ),
    (
        "letters by a format",
        _formatted(_table(HEAD, (7, "full")), A2='"A-"000'),
        {2: {"id": "A-007", "profile": "full"}},
        "",
    ),
    (
        "whole floats",
        _table((*HEAD, "weeks"), (7.0, "full", None, 6.0)),
        {2: {"id": "7", "profile": "full", "weeks": "6"}},
        "",
    ),
    ("digits lost", _table(HEAD, (12345678901234567890, "full")), {2: None}, ""),
    ("an id made a day", _table(HEAD, (date(2027, 2, 1), "full", "Zoë")), {2: None}, ""),
    ("days", _table(DATED, ("A1", "full", date(2027, 3, 1))), _one(start="2027-03-01"), ""),
    (
        "days of 1904",
        _then(_table(DATED), _mac, _table(("A1", "full", date(2027, 3, 1)))),
        _one(start="2027-03-01"),
        "",
    ),
    ("a serial number", _table(DATED, ("A1", "full", 46000)), {2: None}, ""),
    (
        "a day and a time",
        _table(DATED, ("A1", "full", datetime.fromisoformat("2027-03-01T09:30"))),
        _one(start="2027-03-01T09:30:00"),
        "",
    ),
    (
        "days as text",
        _table(DATED, ("A1", "full", "3/4/2027"), ("A2", "full", "13/4/2027")),
        {
            2: {"id": "A1", "profile": "full", "start": "2027-04-03"},
            3: {"id": "A2", "profile": "full", "start": "2027-04-13"},
        },
        "as row 3 shows",
    ),
    ("times", _table(TIMED, ("A1", "full", time(7, 5))), _one(am="07:05"), ""),
    ("durations", _table(TIMED, ("A1", "full", timedelta(hours=19, minutes=30))), _one(am="19:30"), ""),
    ("a part of a day", _table(TIMED, ("A1", "full", 0.25)), {2: None}, ""),
    (
        "yes and no",
        _table(("id", "profile", "compact", "harder"), ("A1", "full", True, False)),
        _one(compact="yes", harder="no"),
        "",
    ),
    ("errors", _table(HEAD, ("A1", "full", "#REF!"), ("A2", "stretch-only", "Ann")), {2: None, 3: BEN}, ""),
    (
        "formulas without results",
        _table(HEAD, ("A1", "full", "=A1"), ("A2", "stretch-only", "Ann")),
        {2: None, 3: BEN},
        "",
    ),
    ("formulas where nobody reads", _table((*HEAD, "x"), ("007", "full", "Zoë Ruiz", "=A1")), {2: ANN}, ""),
    (
        "merged cells",
        _then(
            _table(HEAD, ("A1", "full", "Bo"), ("A2", "full", "Li"), ("A3", "full")),
            lambda _, sheet: sheet.merge_cells("C2:C3"),
        ),
        {
            2: {"id": "A1", "profile": "full", "name": "Bo"},
            3: None,
            4: {"id": "A3", "profile": "full"},
        },
        "",
    ),
    (
        "hidden rows",
        _then(TWO, lambda _, sheet: setattr(sheet.row_dimensions[3], "hidden", True)),
        BOTH,
        "hidden rows are read like the others: 1",
    ),
    (
        "rows left blank",
        _table((), HEAD, (), ("007", "full", "Zoë Ruiz"), (), (), ("A2", "stretch-only", "Ann")),
        {4: ANN, 7: BEN},
        "",
    ),
    ("a long blank tail", _then(TWO, lambda _, sheet: setattr(sheet["A1048576"], "number_format", "0")), BOTH, ""),
    ("a note far right", _then(TWO, lambda _, sheet: sheet.cell(3, 9, "ask")), BOTH, "such as those of row 3"),
    (
        "a list of names before",
        _then(TWO, lambda book, _: book.create_sheet("Contacts", 0).append(["Name", "Phone"])),
        BOTH,
        'the sheet "Sheet" is the roster; not read: "Contacts"',
    ),
    (
        "the second sheet",
        _then(TWO, lambda book, _: book.create_sheet("About", 0).append(["Rosters of 2027"])),
        BOTH,
        'not read: "About"',
    ),
    (
        "the sheet called Roster",
        _then(_table(HEAD, ("A9", "full", "Old")), lambda book, _: TWO(book, book.create_sheet("Roster"))),
        BOTH,
        'not read: "Sheet"',
    ),
    ("texts over lines", _table(HEAD, ("007", "full", "Zoë_x000D_\nRuiz"), ("A2", "stretch-only", " Ann ")), BOTH, ""),
    (
        "halves of characters",  # as some programs write those that they cannot
        _table((*HEAD, "sort"), ("A1", "full", "Zoë Ruiz", "_xD83D_"), ("A2", "full", "_xD83D__xDE00_", "")),
        {
            2: {"id": "A1", "profile": "full", "name": "Zoë Ruiz"},
            3: {"id": "A2", "profile": "full", "name": "\U0001f600"},
        },
        "",
    ),
    (
        "other columns",
        _table(("MRN", None, "Program", "Full name"), ("007", 1, "full", "Zoë Ruiz")),
        {2: ANN},
        "column 2 (no name)",
    ),
)


def _raw_workbooks() -> Iterator[Nasty]:
    """Yield workbooks as other programs write them."""
    cell = '<x:c t="inlineStr"><x:is><x:r><x:t>{}</x:t></x:r><x:r><x:t>{}</x:t></x:r>{}</x:is></x:c>'
    other = "<x:rPh><x:t>a reading aid</x:t></x:rPh>"
    rows = "".join(
        f"<x:row>{''.join(cell.format(text[:2], text[2:], other) for text in row)}</x:row>"
        for row in (HEAD, tuple(ANN.values()), tuple(BEN.values()))
    )
    sheet = f'<x:worksheet xmlns:x="{_MAIN}"><x:dimension ref="A1"/><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    yield Nasty(name="workbook: no addresses, a prefix", data=with_sheet(sheet), account=BOTH)
    formula = '<c r="{}2" t="str"><f>X1</f><v>{}</v></c>'
    cells = '<c r="A2" t="str"><v>A1</v></c>' + formula.format("B", "full") + formula.format("C", "")
    head = "".join(f'<c r="{letter}1" t="str"><v>{name}</v></c>' for letter, name in zip("ABC", HEAD, strict=True))
    sheet = (
        f'<worksheet xmlns="{_MAIN}"><sheetData><row r="1">{head}</row><row r="2">{cells}</row></sheetData></worksheet>'
    )
    yield Nasty(name="workbook: formulas with results", data=with_sheet(sheet), account=_one())
    sheet = sheet.replace(">A1<", ">A_x0031_<")
    yield Nasty(name="workbook: escaped characters", data=with_sheet(sheet), account=_one())


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_sheet(sheet: str) -> bytes:
    """Return a workbook with the XML of its sheet put in."""
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    made = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return made.getvalue()
