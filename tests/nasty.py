"""Make CSV rosters as clinics have them, and worse, each with the account that a reader must give of it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.roster.reading import GUESSED, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ANN", "BEN", "BOTH", "LONG", "PLAIN", "Account", "Nasty", "nasty"]

Account = dict[int, dict[str, str] | None]


@dataclass(frozen=True, kw_only=True)
class Nasty:
    """A roster's bytes, and by line what its record holds, None for one that must be refused.

    Only texts that are not empty count. ``told`` must stand in what is told of the file.
    """

    name: str
    data: bytes
    account: Account
    reading: Reading = GUESSED
    told: str = ""


ANN = {"id": "007", "profile": "full", "name": "Zoë Ruiz"}
BEN = {"id": "A2", "profile": "stretch-only", "name": "Ann"}
PLAIN = "id,profile,name\n007,full,Zoë Ruiz\nA2,stretch-only,Ann\n"
BOTH: Account = {2: ANN, 3: BEN}
LONG = "x" * 3_000_000


def nasty() -> Iterator[Nasty]:
    """Yield every nasty CSV file."""
    for name, data, account, told in (*_forms(), *_quotes(), *_widths(), *_days()):
        yield Nasty(name=name, data=data if isinstance(data, bytes) else data.encode(), account=account, told=told)
    yield from _told()


Case = tuple[str, str | bytes, Account, str]


def _forms() -> Iterator[Case]:
    """Yield encodings, delimiters and line ends."""
    tab = PLAIN.replace(",", "\t")
    yield "plain", PLAIN, BOTH, ""
    yield "UTF-8 with mark", PLAIN.encode("utf-8-sig"), BOTH, ""
    yield "Excel's Unicode text", codecs.BOM_UTF16_LE + tab.encode("utf-16-le"), BOTH, "cells are parted by tabs"
    yield "UTF-16 BE", codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"), BOTH, ""
    yield "UTF-16 LE without mark", PLAIN.encode("utf-16-le"), BOTH, "read as UTF-16-LE"
    yield "UTF-16 BE without mark", PLAIN.encode("utf-16-be"), BOTH, "read as UTF-16-BE"
    yield "UTF-32", PLAIN.encode("utf-32"), BOTH, ""
    yield "Windows-1252", PLAIN.encode("cp1252"), BOTH, "read as Windows-1252 where it is not UTF-8 (1 line from line 2"
    mixed = PLAIN.encode() + "A3,full,René\n".encode("cp1252") + "A4,full,Łucja €\n".encode()
    rest: Account = {
        4: {"id": "A3", "profile": "full", "name": "René"},
        5: {"id": "A4", "profile": "full", "name": "Łucja €"},
    }
    yield "mixed encodings", mixed, BOTH | rest, "(1 line from line 4 on)"
    yield "mixed encodings, CR", mixed.replace(b"\n", b"\r"), BOTH | rest, "(1 line from line 4 on)"
    yield "semicolons", PLAIN.replace(",", ";"), BOTH, "cells are parted by semicolons"
    yield "bars", PLAIN.replace(",", "|"), BOTH, "cells are parted by bars"
    yield "sep line", "sep=;\n" + PLAIN.replace(",", ";"), {3: ANN, 4: BEN}, ""
    yield "sep line as Excel quotes it", '"sep=|"\r\n' + PLAIN.replace(",", "|"), {3: ANN, 4: BEN}, ""
    yield "CRLF", PLAIN.replace("\n", "\r\n"), BOTH, ""
    yield "CR", PLAIN.replace("\n", "\r"), BOTH, ""
    yield "all line ends at once", "id,profile,name\r\n007,full,Zoë Ruiz\rA2,stretch-only,Ann\n\r\n\r", BOTH, ""
    yield "no last line end", PLAIN.rstrip(), BOTH, ""
    yield "blank lines", "\n \n" + PLAIN.replace("\n", "\n\n,,\n"), {6: ANN, 9: BEN}, ""
    yield "strange spaces in the header", PLAIN.replace("id,profile", "\u00a0ID\t, Pro-File "), BOTH, ""
    header = "Patient ID,Programme,First name,Surname\n007,full,Zoë,Ruiz\nA2,stretch-only,Ann,\n"
    yield "columns as clinics call them", header, BOTH, ""
    yield "surname first", "Last Name;FIRST_NAME;MRN;profile\nRuiz;Zoë;007;full\n;Ann;A2;stretch-only\n", BOTH, ""
    yield (
        "other columns",
        "id,DOB,profile,,name\n007,1/1/1950,full,x,Zoë Ruiz\nA2,,stretch-only,,Ann\n",
        BOTH,
        'columns 2 "DOB", 4 (no',
    )
    nul = "id,profile,name,x\n007,full,Zoë Ruiz,\0\0\nA2,stretch-only,Ann,\n"
    yield "NULs in an unread column", nul, BOTH, ""
    yield "NUL in a cell", PLAIN.replace("Ann", "A\0nn"), BOTH | {3: BEN | {"name": "A\0nn"}}, ""


def _quotes() -> Iterator[Case]:
    """Yield quotation marks, closed and not."""
    yield "all quoted", '"id","profile","name"\n"007","full","Zoë Ruiz"\n"A2" , "stretch-only","Ann"\n', BOTH, ""
    yield "zeros kept by a formula", PLAIN.replace("007", '="007"'), BOTH, ""
    yield "zeros kept by a quoted formula", PLAIN.replace("007", '"=""007"""'), BOTH, ""
    inches = PLAIN.replace("Ann", '"Ann ""Bo"""')
    yield "doubled marks", inches, {2: ANN, 3: BEN | {"name": 'Ann "Bo"'}}, ""
    yield "marks inside a text", PLAIN.replace("Ann", 'Ann "Bo" Li'), {2: ANN, 3: BEN | {"name": 'Ann "Bo" Li'}}, ""
    yield "delimiter in a text", PLAIN.replace("Ann", '"Ann, Bo"'), {2: ANN, 3: BEN | {"name": "Ann, Bo"}}, ""
    yield "text over lines", PLAIN.replace("Zoë Ruiz", '"Zoë\r\nRuiz"'), {2: ANN, 4: BEN}, ""
    yield "header over lines", PLAIN.replace("id,", '"i\nd",'), {3: ANN, 4: BEN}, ""
    yield "unclosed", PLAIN.replace("full,", 'full,"'), {2: None, 3: BEN}, ""
    yield "unclosed in the last row", PLAIN.replace("Ann", '"Ann'), {2: ANN, 3: None}, ""
    yield "unopened", PLAIN.replace("Ruiz", 'Ruiz"'), {2: None, 3: BEN}, ""
    yield "text after a mark", PLAIN.replace("Zoë Ruiz", '"Zoë" Ruiz'), {2: None, 3: BEN}, ""
    many = "id,profile,name\n" + "".join(f"A{n},full,{chr(34) * (n == 20)}Bo\n" for n in range(50))
    kept: Account = {n + 2: {"id": f"A{n}", "profile": "full", "name": "Bo"} for n in range(50)}
    yield "one unclosed in fifty", many, kept | {22: None}, ""
    every = "id,profile,name\n" + "".join(f'A{n},full,"Bo\n' for n in range(50))
    yield "every row unclosed", every, dict.fromkeys(range(2, 52)), ""
    swallowed = 'id,profile,name,notes\nA1,full,"Zoë,\nA2,full,Ann,\nA3,full,Bo",\n'
    wide = 'id,profile,name\nA1,full,"Zoë\nA2,full",Ann,x\nA2,stretch-only,Ann\n'
    yield "a text over lines in a row too wide", wide, {2: None, 3: None, 4: BEN}, ""
    yield "two lost marks apart", swallowed, {2: None, 3: None, 4: None}, ""
    notes = '"' + "\n".join("walks" for _ in range(12)) + '"'
    lost = f"id,profile,name,notes\n007,full,Zoë Ruiz,{notes}\nA2,stretch-only,Ann,\n"
    yield "a text over too many lines", lost, {**dict.fromkeys(range(2, 14)), 14: BEN}, ""


def _widths() -> Iterator[Case]:
    """Yield rows that are not as wide as the header, and cells that are too long."""
    yield "empty columns", PLAIN.replace("\n", ",,,\n"), BOTH, ""
    yield "delimiter after every row", "id,profile,name\n007,full,Zoë Ruiz,\nA2,stretch-only,Ann,\n", BOTH, ""
    yield "delimiter after one row", PLAIN.replace("Ruiz", "Ruiz,"), {2: None, 3: BEN}, ""
    yield "a cell too many", PLAIN.replace("Ruiz", "Ruiz,Ann"), {2: None, 3: BEN}, ""
    yield "a cell too few", PLAIN.replace(",Ann", ""), {2: ANN, 3: None}, ""
    yield "a line of megabytes", PLAIN.replace("Ruiz", LONG), {2: None, 3: BEN}, ""
    yield "a line of megabytes, unclosed", PLAIN.replace("Ruiz", '"' + LONG + '"'), {2: None, 3: BEN}, ""
    yield "a line of delimiters", PLAIN + "," * 90_000 + "x\n", BOTH | {4: None}, ""
    yield "a line of marks", PLAIN + '"' * 90_001 + "\n", BOTH | {4: None}, ""
    yield "an error of a spreadsheet", PLAIN.replace("Ann", "#N/A"), {2: ANN, 3: None}, ""
    yield "a column too narrow", PLAIN.replace("Ann", "########"), {2: ANN, 3: None}, ""
    yield "an error where nobody reads", "id,profile,name,x\n007,full,Zoë Ruiz,#REF!\nA2,stretch-only,Ann,\n", BOTH, ""


def _dated(*days: str) -> str:
    return "id,profile,start\n" + "".join(f"A{n},full,{day}\n" for n, day in enumerate(days))


def _read_as(*days: str) -> Account:
    return {n + 2: {"id": f"A{n}", "profile": "full", "start": day} for n, day in enumerate(days)}


def _days() -> Iterator[Case]:
    """Yield days; what could be two stays as it is, and is refused when the field is read."""
    yield "ISO days", _dated("2027-03-04", "2027/3/4"), _read_as("2027-03-04", "2027/3/4"), ""
    yield (
        "day first",
        _dated("3/4/2027", "13/4/2027"),
        _read_as("2027-04-03", "2027-04-13"),
        "day/month/year, as line 3 shows",
    )
    yield (
        "month first",
        _dated("3-4-2027", "4-13-2027 0:00"),
        _read_as("2027-03-04", "2027-04-13"),
        "month/day/year, as line 3",
    )
    yield "either", _dated("3/4/2027", "5/5/2027"), _read_as("3/4/2027", "5/5/2027"), ""
    both = ("3/4/2027", "13/4/2027", "4/13/2027")
    yield "both", _dated(*both), _read_as(*both), "lines 3 and 4 write day and month in different orders"
    yield "dots prove nothing", _dated("13.4.2027", "3/4/2027"), _read_as("13.4.2027", "3/4/2027"), ""
    yield "a serial number", _dated("46000"), _read_as("46000"), ""


def _told() -> Iterator[Nasty]:
    """Yield what only somebody who knows can read."""
    cyrillic = PLAIN.replace("Ann", "Анна")
    anna: Account = {2: ANN | {"name": "Zo? Ruiz"}, 3: BEN | {"name": "Анна"}}
    data = cyrillic.encode("cp1251", errors="replace")
    yield Nasty(name="Windows-1251, told", data=data, account=anna, reading=Reading(encoding="cp1251"))
    strict = Reading(encoding="utf-8")
    bad = PLAIN.encode().replace(b"Ann", b"A\xe9n")
    yield Nasty(name="UTF-8, told", data=bad, account={2: ANN, 3: BEN | {"name": "A\ufffdn"}}, reading=strict)
    marked = codecs.BOM_UTF16_LE + PLAIN.replace("id", '"id"').encode("utf-16-le")
    yield Nasty(name="UTF-16 LE, told", data=marked, account=BOTH, reading=Reading(encoding="utf-16-le"))
    caret = PLAIN.replace(",", "^").encode()
    yield Nasty(name="carets, told", data=caret, account=BOTH, reading=Reading(delimiter="^"))
    american = _dated("3/4/2027", "3/4/27", "13/4/2027", "3.4.2027").encode()
    account = _read_as("2027-03-04", "2027-03-04", "", "2027-03-04") | {4: None}
    yield Nasty(name="month first, told", data=american, account=account, reading=Reading(date_order="mdy"))
    short = _dated("27/3/4", "2027-3-4").encode()
    account = _read_as("2027-03-04", "2027-3-4")
    yield Nasty(name="year first, told", data=short, account=account, reading=Reading(date_order="ymd"))
