"""Check catalogues: every fault is told once, with file, line, key and what was expected."""

from __future__ import annotations

import copy
import csv
import json
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmaker.catalogue_check import check_folder, problems, read_folder
from planmaker.catalogue_rules import Library
from planmaker.documents import Document, dotted, read
from planmaker.errors import Problem
from planmaker.resources import catalogue_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Run

BAD = Path(__file__).parent / "data" / "bad_catalogue"
LANGUAGES = ("en",)


def messages() -> dict[str, str]:
    """Return what each bad folder is told."""
    with (BAD / "messages.csv").open(encoding="utf-8", newline="") as lines:
        return {row["folder"]: row["message"] for row in csv.DictReader(lines)}


MESSAGES = messages()
DOCUMENTS, _ = read_folder(catalogue_dir())


def document(text: str) -> Document:
    return Document(name="a.toml", text=text, data=tomllib.loads(text))


def values(value: Any, key: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:  # noqa: ANN401
    """Yield every key of a file with its value."""
    if isinstance(value, dict | list):
        for name, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield (*key, name), part
            yield from values(part, (*key, name))


KEYS = [(name, key) for name, item in DOCUMENTS.items() for key, _ in values(item.data)]


# One fault


def test_every_bad_folder_is_in_the_table() -> None:
    """There are at least 25 bad folders, each with its message."""
    folders = {path.name for path in BAD.iterdir() if path.is_dir()}

    assert folders == set(MESSAGES)
    assert len(folders) >= 25


@pytest.mark.parametrize(("folder", "message"), MESSAGES.items(), ids=MESSAGES)
def test_one_fault_is_one_message(folder: str, message: str, run: Run) -> None:
    """A folder with one fault gives exactly its message, and the exit code of a bad input."""
    outcome = run("check", BAD / folder)

    assert (outcome.code, outcome.out, outcome.err) == (4, "", [message])


# Whole catalogues


def test_built_in_catalogue_is_sound() -> None:
    """The program's own catalogue has no fault."""
    assert check_folder(catalogue_dir(), LANGUAGES) == ()


def test_all_faults_are_told(tmp_path: Path, run: Run) -> None:
    """A whole catalogue is told all its faults at once, in the order of files and lines."""
    folder = tmp_path / "catalogue"
    shutil.copytree(catalogue_dir(), folder)
    (folder / "emergency.toml").unlink()
    (folder / "profiles" / "full.toml").write_text("x y", encoding="utf-8")
    bridging = folder / "exercises" / "bridging.toml"
    text = (
        bridging.read_text(encoding="utf-8")
        .replace('"supine"', '"sitting down"')
        .replace("value = 3,", "value = 0,", 1)
    )
    bridging.write_text(text, encoding="utf-8")

    outcome = run("check", folder)

    positions = "standing, sitting, kneeling, quad, side, supine, prone, water; did you mean sitting?"
    assert outcome.code == 4
    assert outcome.err == [
        "emergency.toml: cannot be read: no such file",
        f"exercises/bridging.toml:6: position: expected one of {positions}",
        "exercises/bridging.toml:19: full.sets.value: expected a whole number from 1 to 10",
        "profiles/full.toml:1: not valid TOML at column 3: expected '=' after a key in a key/value pair",
    ]


def test_condition_of_a_whole_catalogue_has_every_cell(tmp_path: Path) -> None:
    """A condition that lacks cells is told once, with all of them."""
    folder = tmp_path / "catalogue"
    shutil.copytree(catalogue_dir(), folder)
    path = folder / "conditions" / "stenosis.toml"
    text = path.read_text(encoding="utf-8").split("[cells.water_walking]")[0]
    path.write_text(text, encoding="utf-8")

    (problem,) = check_folder(folder, LANGUAGES)

    assert problem.text() == "conditions/stenosis.toml:6: cells: expected a cell for elliptical, water_walking too"


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(
    place=st.sampled_from(KEYS),
    value=st.sampled_from([None, -1, 0, 99, 1.5, "", "x", "bridging", [], ["x"], [1], [[]], {}, {"x": 1}, True]),
)
def test_no_value_breaks_the_check(place: tuple[str, tuple[str | int, ...]], value: Any) -> None:  # noqa: ANN401
    """Whatever stands in place of a value (nothing for None), the check ends, and names files of the catalogue."""
    name, key = place
    data = copy.deepcopy(DOCUMENTS[name].data)
    holder: Any = data
    for part in key[:-1]:
        holder = holder[part]
    if value is None:
        del holder[key[-1]]
    else:
        holder[key[-1]] = value
    changed = {**DOCUMENTS, name: Document(name=name, text=json.dumps(data), data=data)}
    files = {other: item.data for other, item in changed.items()}
    own = {other: Document(name=other, text="", data=item.data) for other, item in changed.items()}

    found = problems(Library(files=files, own=own, base={}, languages=LANGUAGES), {})

    assert {problem.where.split(":")[0] for problem in found} <= set(DOCUMENTS)


# Lines


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_key_has_its_line(name: str) -> None:
    """The line of each key of the catalogue holds that key, and the line of each text in a list that text."""
    item = DOCUMENTS[name]
    rows = item.text.split("\n")
    wrong = [
        dotted(key)
        for key, value in values(item.data)
        if not item.has(key)
        or (isinstance(key[-1], str) and not isinstance(value, dict | list) and key[-1] not in rows[item.line(key) - 1])
        or (isinstance(key[-1], int) and isinstance(value, str) and value not in rows[item.line(key) - 1])
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("text", "key", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("\n[a]\n# b = 0\nb = 2", ("a", "b"), 4),
        ("[a.b]\nc = 1", ("a", "b", "c"), 2),
        ('["a b".c]\n"d.e" = 1', ("a b", "c", "d.e"), 2),
        ("a.b.c = 1", ("a", "b", "c"), 1),
        ("a = { b = 1 }", ("a", "b"), 1),
        ("[[a]]\nb = 1\n[[a]]\nb = 2", ("a", 1, "b"), 4),
        ("[[a]]\n[a.c]\nb = 1\n[[a]]\n[a.c]\nb = 2", ("a", 1, "c", "b"), 6),
        ('a = """\nb = 1\n"""\nb = 2', ("b",), 4),
        ("a = [\n  1,\n  # two\n  2,\n]\nb = 3", ("a", 1), 4),
        ("a = [1,\n2]", ("a", 1), 2),
        ("a = [\n{ b = 1 },\n{ b = 2 },\n]", ("a", 1, "b"), 3),
        ("a = [\n]\nb = 1", ("b",), 3),
        ("[a]\nb = 1", ("a", "c"), 1),
        ("a = 1", ("b",), 1),
    ],
)
def test_line_of_a_key(text: str, key: tuple[str | int, ...], line: int) -> None:
    """A key is found wherever TOML lets it stand; one that is missing is placed at its table, else at line 1."""
    assert document(text).line(key) == line


def test_files_of_windows_are_read(tmp_path: Path) -> None:
    """A byte order mark and lines that end in CR LF are as good as any."""
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")

    found = read(tmp_path, "a.toml")

    assert isinstance(found, Document)
    assert (found.data, found.line(("b",))) == ({"a": 1, "b": 2}, 2)


def test_unfinished_file_is_placed_at_its_end(tmp_path: Path) -> None:
    """A file that ends too early is told its last line."""
    (tmp_path / "a.toml").write_text("a = 1\nb = [\n", encoding="utf-8")

    found = read(tmp_path, "a.toml")

    assert isinstance(found, Problem)
    assert found.where == "a.toml:2"


def test_unreadable_file_is_named(tmp_path: Path) -> None:
    """A file that cannot be read is told by name."""
    found = read(tmp_path, "none.toml")

    assert found == Problem(where="none.toml", what="cannot be read: No such file or directory")
