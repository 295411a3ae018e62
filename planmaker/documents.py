"""Read TOML files together with the line on which each key stands."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from planmaker.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Document", "Key", "dotted", "read"]

Key = tuple[str | int, ...]
_PLACE = re.compile(r" \((?:at line (?P<line>\d+), column (?P<column>\d+)|at end of document)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A TOML file: its name below the catalogue's folder, its text and what it says."""

    name: str
    text: str
    data: dict[str, Any]

    def has(self, key: Key) -> bool:
        """Tell whether a key stands in the file."""
        return key in _lines(self.text)

    def line(self, key: Key) -> int:
        """Return the line of a key, else of the nearest table that would hold it, else 1."""
        lines = _lines(self.text)
        nearest = next((key[:size] for size in range(len(key), 0, -1) if key[:size] in lines), ())
        return lines.get(nearest, 1)


def read(folder: Path, name: str) -> Document | Problem:
    """Read a file of a catalogue's folder, or say why it is no TOML."""
    path = folder / name
    if path.exists() and not path.is_file():
        return Problem(where=name or str(folder), what="is no file; name one in TOML")
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        data = tomllib.loads(text)
    except OSError as error:
        return Problem(where=name, what=f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return Problem(where=f"{name}:{line}", what="expected text in UTF-8; save the file as UTF-8")
    except tomllib.TOMLDecodeError as error:
        return _no_toml(name, text, str(error))
    if not data:
        return Problem(where=f"{name}:1", what="is empty; fill it or remove the file")
    return Document(name=name, text=text, data=data)


def dotted(key: Key) -> str:
    """Write a key as people count: ``ramp.2.sets`` is the sets of the second step."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in key)


def _no_toml(name: str, text: str, message: str) -> Problem:
    """Place tomllib's own message, which ends with the line and column."""
    found = _PLACE.search(message)
    line = (found and found["line"]) or str(text.rstrip("\n").count("\n") + 1)
    column = f" at column {found['column']}" if found and found["column"] else ""
    what = _PLACE.sub("", message)
    return Problem(where=f"{name}:{line}", what=f"not valid TOML{column}: {what[:1].lower()}{what[1:]}")


@lru_cache(64)
def _lines(text: str) -> dict[Key, int]:
    """Return the line of every key, table and item of a list in a valid TOML text."""
    found: dict[Key, int] = {}
    seen: Counter[Key] = Counter()
    table: Key = ()
    rows = text.split("\n")
    start = 0
    while start < len(rows):
        data, end, items = _statement(rows, start)
        if rows[start].lstrip().startswith("["):
            table = _table(data, seen, listed=rows[start].lstrip().startswith("[["))
            for size in range(1, len(table) + 1):
                found.setdefault(table[:size], start + 1)
        else:
            for key, line in _keys(data, start + 1, items):
                found[table + key] = line
        start = end + 1
    return found


def _statement(rows: list[str], start: int) -> tuple[dict[str, Any], int, list[int]]:
    """Return what a statement says, its last row, and the lines of the items of a list over several rows."""
    text = ""
    items: list[int] = []
    for number in range(start, len(rows)):
        text += rows[number] + "\n"
        whole = _parsed(text)
        begun = _parsed(text + "]") if whole is None else whole
        if begun and number > start:
            value = _innermost(begun)
            items += [number + 1] * (len(value) - len(items) if isinstance(value, list) else 0)
        elif begun and whole is None:
            items = [number + 1] * len(_innermost(begun))
        if whole is not None:
            return whole, number, items
    return {}, len(rows), items


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _innermost(data: dict[str, Any]) -> Any:  # noqa: ANN401 - any value of a TOML file
    """Return the value of a statement whose key may be dotted."""
    value: Any = data
    while isinstance(value, dict) and len(value) == 1:
        (value,) = value.values()
    return value


def _table(data: dict[str, Any], seen: Counter[Key], *, listed: bool) -> Key:
    """Return the key of the table that a header opens, and count it if it is one of a list."""
    names: list[str] = []
    rest: Any = data
    while rest and rest != [{}]:
        ((name, rest),) = rest.items()
        names.append(name)
    key: Key = ()
    for number, name in enumerate(names, start=1):
        key = (*key, name)
        if listed and number == len(names):
            seen[key] += 1
        if seen[key]:
            key = (*key, seen[key] - 1)
    return key


def _keys(value: Any, line: int, items: list[int]) -> Iterator[tuple[Key, int]]:  # noqa: ANN401 - any value
    """Yield the keys below a value; ``items`` are the lines of the items of its list, if over several rows."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield (name,), line
            yield from (((name, *key), at) for key, at in _keys(part, line, items))
    if isinstance(value, list):
        for number, part in enumerate(value):
            at = items[number] if number < len(items) else line
            yield (number,), at
            yield from (((number, *key), below) for key, below in _keys(part, at, []))
