"""Of any roster every record is accounted for: its texts are those of the file, or it is refused by its line."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nasty import LONG, Account, Nasty, nasty
from nasty_books import workbooks

from planmaker import roster
from planmaker.errors import InputError
from planmaker.roster import lines
from planmaker.roster.reading import GUESSED
from planmaker.roster.table import csv_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

CASES = {case.name: case for case in (*nasty(), *workbooks())}


def test_enough() -> None:
    """There are at least sixty nasty rosters, each with a name of its own."""
    assert len(CASES) == len([*nasty(), *workbooks()]) >= 60


def account(rows: Iterable[roster.Row]) -> Account:
    """Return what each row holds, or None for one that is refused."""
    return {row.line: None if row.problems else {k: v for k, v in row.texts.items() if v} for row in rows}


@pytest.mark.parametrize("name", CASES)
def test_nasty(name: str, tmp_path: Path) -> None:
    """Each record of a nasty roster has its exact texts or is refused, by its line, whichever way it is read."""
    case: Nasty = CASES[name]
    path = tmp_path / "roster.csv"
    path.write_bytes(case.data)

    with roster.opened(path, case.reading) as book:
        first, again = list(book.rows()), list(book.rows())
    with path.open("rb") as stream, roster.opened(stream, case.reading) as spooled:
        piped = list(spooled.rows())

    found = account(first)
    assert found == case.account
    assert len(first) == len(found) == book.count
    assert first == again == piped
    assert case.told in "\n".join(book.notices)


@pytest.mark.parametrize("block", [1, 2, 3, 7])
def test_blocks(block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a file is cut for reading, in a line end or a character, the rows are the same."""
    monkeypatch.setattr("planmaker.roster.lines._BLOCK", block)
    path = tmp_path / "roster.csv"
    for case in nasty():
        if len(case.data) < 1000:
            path.write_bytes(case.data)
            with roster.opened(path, case.reading) as book:
                found = account(book.rows())
                assert all(first == second for first, second in zip(book.rows(), book.rows(), strict=True))
            assert found == case.account, case.name
            assert case.told in "\n".join(book.notices), case.name


def test_long_lines() -> None:
    """Of a line that is too long no more is kept than a block and what shows that it is."""
    file = io.BytesIO(f"a\n{LONG}\n{LONG}\r\nb".encode())

    found = list(lines.lines(file, lines.Encoding(name="utf-8")))

    assert (found[0], found[-1], len(found)) == ("a", "b", 4)
    assert lines.LONGEST_LINE < len(found[2]) < lines.LONGEST_LINE + 2**18 + 2


# Tables at random

LETTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Z"), exclude_characters='"#=\ufeff\ufffd')
CELLS = st.lists(st.text(LETTERS, max_size=6), max_size=3).map(" ".join).map(str.strip)
QUOTED = (
    st.lists(st.one_of(CELLS, st.sampled_from(['"', '""', ",", ";", "|", "a\tb"])), max_size=3)
    .map("x".join)
    .map(str.strip)
)
IDS = st.text("ABCdef0123456789", min_size=1, max_size=5)
MOST = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """Draw rows of id, profile and name."""
    count = draw(st.integers(1, 12))
    return [(draw(IDS), draw(st.sampled_from(["full", "stretch-only"])), draw(QUOTED)) for _ in range(count)]


@MOST
@given(
    rows=tables(),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
)
def test_reads_back(
    rows: list[tuple[str, str, str]], delimiter: str, end: str, encoding: str, quoting: int, tmp_path: Path
) -> None:
    """A table that is written by the rules reads back exactly, in any encoding, delimiter, line end and quoting."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("id", "profile", "name"), *rows])
    path = tmp_path / "roster.csv"
    path.write_bytes(text.getvalue().encode(encoding))

    with roster.opened(path) as book:
        found = [(row.line, *row.texts.values()) for row in book.rows()]

    assert found == [(line, *row) for line, row in enumerate(rows, 2)]


DAMAGE = st.one_of(
    st.tuples(st.floats(0, 1), st.sampled_from([b'"', b'""', b"\0", b"\n", b"\r", b",", b"\xff", b"\xe9", b'"\n"'])),
    st.tuples(st.floats(0, 1), st.binary(max_size=3)),
)


@MOST
@given(rows=tables(), damage=st.lists(DAMAGE, min_size=1, max_size=5), cut=st.floats(0, 1), quoting=st.booleans())
def test_damaged(
    rows: list[tuple[str, str, str]], damage: list[tuple[float, bytes]], cut: float, *, quoting: bool, tmp_path: Path
) -> None:
    """Whatever bytes are lost or put in, each line below the header that is not blank is in some record."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL, lineterminator="\n").writerows(rows)
    data = bytearray(text.getvalue().encode())
    for place, what in damage:
        at = int(place * len(data))
        data[at:at] = what
    del data[int(cut * len(data)) : int(cut * len(data)) + 1]
    path = tmp_path / "roster.csv"
    path.write_bytes(b"id,profile,name\n" + bytes(data))

    with path.open("rb") as file:
        table = csv_table("roster.csv", file, GUESSED, ("id", "profile"))
        spans = {record.line: 1 + sum(cell.count("\n") for cell in record.cells) for record in table.records()}
    with roster.opened(path) as book:
        assert [row.line for row in book.rows()] == list(spans)
    held = {line for first, span in spans.items() for line in range(first, first + span)}
    assert len(held) == sum(spans.values())
    parted = re.split("\r\n|\r|\n", bytes(data).decode("latin-1"))
    assert {number for number, line in enumerate(parted, 2) if re.search(r"\w", line)} <= held


@MOST
@given(data=st.binary(max_size=400))
def test_any_bytes(data: bytes, tmp_path: Path) -> None:
    """Any bytes are a roster or are refused with one message that names the file."""
    path = tmp_path / "roster.csv"
    path.write_bytes(data)

    try:
        with roster.opened(path) as book:
            assert len(list(book.rows())) == book.count
    except InputError as error:
        message = str(error)
    else:
        message = "roster.csv"
    assert message.startswith("roster.csv")
