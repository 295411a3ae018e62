"""A roster is read whatever its form, and no row of it is lost in silence."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from planmaker import roster
from planmaker.errors import InputError, Problem

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Book:
    """What a roster's file gave: its rows, and what was told of it."""

    rows: tuple[roster.Row, ...]
    notices: tuple[str, ...]


Read = Callable[[str | bytes], Book]

PLAIN = "id,profile,name\nA1,full,Zoë\nA2,full,Ann\n"
NO_PARTNER = "row: a quotation mark has no partner; put one at each end of the text, or none"


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return the function that reads a roster from its text or bytes."""

    def from_file(data: str | bytes) -> Book:
        path = tmp_path / "roster.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        with roster.opened(path) as book:
            return Book(tuple(book.rows()), book.notices)

    return from_file


def told(book: Book) -> list[str]:
    """Write a roster as text: the line, then the cells or the problem."""
    return [
        f"{row.line}: {'; '.join(map(Problem.text, row.problems)) or ' '.join(row.texts.values())}" for row in book.rows
    ]


FORMS: dict[str, str | bytes] = {
    "plain": PLAIN,
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "CR": PLAIN.replace("\n", "\r"),
    "no last line end": PLAIN.removesuffix("\n"),
    "semicolon": PLAIN.replace(",", ";"),
    "tab": PLAIN.replace(",", "\t"),
    "bar": PLAIN.replace(",", "|"),
    "capitals and dashes": PLAIN.replace("id,profile", " ID , Pro-File"),
    "quoted header": PLAIN.replace("id,profile,name", '"id","profile","name"'),
    "quoted cells": PLAIN.replace("A1,full", '"A1" ,"full"'),
    "empty columns": PLAIN.replace("\n", ",,,\n"),
    "delimiter after every row": PLAIN.replace("\nA2", ",\nA2").removesuffix("\n") + ",",
    "leading zeros kept": PLAIN.replace("A1", '="A1"'),
    "UTF-8 with mark": PLAIN.encode("utf-8-sig"),
    "UTF-16 LE": codecs.BOM_UTF16_LE + PLAIN.encode("utf-16-le"),
    "UTF-16 BE": codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
    "UTF-16 LE, no mark": PLAIN.encode("utf-16-le"),
    "UTF-16 BE, no mark": PLAIN.encode("utf-16-be"),
    "Windows-1252": PLAIN.encode("cp1252"),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str, read: Read) -> None:
    """Encoding, delimiter, line ends, capitals and empty columns at the end do not matter."""
    assert told(read(FORMS[form])) == ["2: A1 full Zoë", "3: A2 full Ann"]


def test_sep_line(read: Read) -> None:
    """A first line such as sep=; settles the delimiter, whatever the header looks like."""
    book = read("sep=;\nid;profile;notes,am,pm,weeks\nA1;full;x,y\n")

    assert told(book) == ["3: A1 full"]


def test_windows_notice(read: Read) -> None:
    """Lines that are not UTF-8 are read as Windows-1252 line by line, with a notice that says where."""
    book = read("id,profile,name\nA1,full,Zoë\n".encode() + "A2,full,René\n".encode("cp1252"))

    assert told(book) == ["2: A1 full Zoë", "3: A2 full René"]
    assert book.notices == (
        (
            "roster.csv: read as Windows-1252 where it is not UTF-8 (1 line from line 3 on), so check the accents in "
            "names (if not so: --encoding)"
        ),
    )


def test_blank_lines(read: Read) -> None:
    """Blank lines and lines of delimiters are no rows, and lines are counted as an editor shows them."""
    assert told(read("\nid,profile\n\nA1,full\n,\n   \nA2,full\n\n")) == ["4: A1 full", "7: A2 full"]


def test_quoted_newline(read: Read) -> None:
    """A quoted text may go over lines; a row has the line where it starts."""
    book = read('id,profile,notes,name\nA1,full,"walks\nwith ""stick""\r\nslowly","Ana\nRuiz"\nA2,full,,Ann\n')

    assert told(book) == ["2: A1 full Ana Ruiz", "6: A2 full Ann"]


@pytest.mark.parametrize(
    "text",
    [
        'A1,full,"Zoë\nA2,full,Ann\nA3,full,Bo\n',
        'A1,full,"Zoë\nA2,full,"Ann"\nA3,full,Bo\n',
        'A1,"full,Zoë\nA2,full,Ann\nA3,full,"Bo"\n',
        'A1,full,"Zoë"x\nA2,full,Ann\nA3,full,Bo\n',
        'A1,full,Zoë"\nA2,full,Ann\nA3,full,Bo\n',
        '"A1,full,Zoë\nA2,full,Ann\nA3,full,Bo',
    ],
)
def test_quote_without_partner(text: str, read: Read) -> None:
    """A quotation mark without a partner costs its own row, and no other."""
    assert told(read("id,profile,name\n" + text)) == [f"2: {NO_PARTNER}", "3: A2 full Ann", "4: A3 full Bo"]


def test_two_quotes_apart(read: Read) -> None:
    """Rows between two quotation marks may be one text or several rows: none is made, each line is named."""
    book = read('id,profile,name,notes\nA1,full,"Zoë,x\nA2,full,Ann,\nA3,full,Bo",x\nA4,full,Cy,\n')

    what = "row: stands in one quoted text from line 2 to 4; is a quotation mark missing there?"
    assert told(book) == [f"2: {what}", f"3: {what}", f"4: {what}", "5: A4 full Cy"]


@pytest.mark.parametrize("rows", [40, 41])
def test_every_row_accounted_for(rows: int, read: Read) -> None:
    """With quotation marks lost at random every line is still a row or a problem."""
    lines = [f'A{number},full,"{"x" if number % 7 else chr(34)}' + "," * (number % 5 == 0) for number in range(rows)]

    book = read("id,profile,name\n" + "\n".join(lines))

    assert [row.line for row in book.rows] == list(range(2, rows + 2))


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("A1,full,Ruiz,Ana", "there are 4; put quotation marks round a text that holds a comma"),
        ("A1,full,Ruiz,Ana,", "there are 4; put quotation marks round a text that holds a comma"),
        ("A1,full,Ruiz,", "there are 4; put quotation marks round a text that holds a comma"),
        ("A1,full", "there are 2"),
    ],
)
def test_ragged(row: str, what: str, read: Read) -> None:
    """A row with more or fewer cells than the header is refused, not shifted."""
    book = read(f"id,profile,name\n{row}\nA2,full,Ann\n")

    assert told(book) == [f"2: row: expected 3 cells, as in the header, and {what}", "3: A2 full Ann"]


def test_unknown_columns(read: Read) -> None:
    """Columns that are not known are named once, in one line."""
    book = read("id,profile,Doctor,,name,notes\nA1,full,Dr Who,x,Ann,\n")

    assert told(book) == ["2: A1 full Ann"]
    assert book.notices == ('roster.csv:1: not known, so not read: columns 3 "Doctor", 4 (no name), 6 "notes"',)


def test_misspelt_column(read: Read) -> None:
    """A column that is nearly a field is refused: what it asks for must not be dropped in silence."""
    with pytest.raises(InputError, match=r'column 3, "excluded", .* did you mean exclude'):
        read("id,profile,excluded\nA1,full,bridging\n")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "roster.csv: is empty; planmaker batch --sample prints a roster to start from"),
        ("\n \n", "roster.csv: is empty; planmaker batch --sample prints a roster to start from"),
        ("Ana Ruiz,full\n", "roster.csv:1: expected a header that names the columns, at least id and profile"),
        ("sep=;", "roster.csv:1: expected a header that names the columns, at least id and profile"),
        ("id,name\nA1,Ann\n", "roster.csv:1: expected a column profile"),
        (
            "id,profil\nA1,full\n",
            (
                "roster.csv:1: expected a column profile\n"
                'roster.csv:1: column 2, "profil", is not known; did you mean profile?'
            ),
        ),
        (
            "id,profile,Per Day,per_day\n",
            'roster.csv:1: columns 3 ("Per Day") and 4 ("per_day") both mean per_day; leave one',
        ),
        (
            b"PK\x03\x04rest",
            "roster.csv: is a damaged workbook; open it and save it as .xlsx or CSV UTF-8 and use that file",
        ),
        (b"\xff\xfe\x00\xd8", "roster.csv:1: expected a header that names the columns, at least id and profile"),
    ],
)
def test_no_roster(data: str | bytes, message: str, read: Read) -> None:
    """A file that is no roster is refused as a whole, without repeating what may be a patient's."""
    with pytest.raises(InputError) as caught:
        read(data)

    assert str(caught.value) == message


def test_not_found(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(InputError, match=r"none\.csv: cannot be read: No such file"):
        roster.opened(tmp_path / "none.csv").__enter__()


def test_no_rows(read: Read) -> None:
    """A header without rows is a roster of nobody, with a notice."""
    book = read("id,profile\n")

    assert book.rows == ()
    assert book.notices == ("roster.csv: there are no rows below the header",)
