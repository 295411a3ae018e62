"""Read a clinic's settings: its name, address, logo, colour and footer, and the values it usually takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import partial
from typing import TYPE_CHECKING, Any

from planmaker import documents
from planmaker.errors import Problem
from planmaker.parsers import clean
from planmaker.pictures import logo
from planmaker.schema import Fault, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planmaker.documents import Document, Key
    from planmaker.figures.drawing import Colour, Photo

__all__ = ["Check", "Clinic", "contrast", "darkened", "read"]

LONGEST_NAME = 80
LONGEST_LINE = 80
MOST_LINES = 4
LONGEST_TELEPHONE = 40
LONGEST_FOOTER = 160
LONGEST_PATH = 200
LEAST_CONTRAST = 4.5  # of text on white, WCAG 2.2, 1.4.3
_MOST = 10**9  # more is no value of any field
_OF_ONE = "belongs to one person; take it out, and give it as an option or in the roster"
_OPEN = "no password may stand here; take it out, and use --password or --password-file"
_SECRETS = ("password", "password_file")

Check = Callable[[str], object]  # raises ValueError saying what was expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """What a clinic says of itself on the sheet, and its values for options that are not given.

    ``defaults`` are texts by field name, ``places`` the file and line of each.
    """

    name: str = ""
    address: tuple[str, ...] = ()
    telephone: str = ""
    logo: Photo | None = None
    accent: Colour | None = None
    footer: str = ""
    defaults: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def filled(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return the texts of a request with the clinic's own where there are none."""
        return {**self.defaults, **{name: text for name, text in texts.items() if text}}

    def blamed(self, problem: Problem, given: Mapping[str, str]) -> Problem:
        """Place a problem in the settings if it is about a field that they alone give."""
        names = [name for name in re.findall(r"\w+", problem.where) if name in self.places and not given.get(name)]
        return problem.at(self.places[names[0]]) if names else problem


def read(path: Path, fields: Mapping[str, Check | None]) -> Clinic | tuple[Problem, ...]:
    """Read a clinic's settings, or return all that is wrong with them, each with file, line and key.

    ``fields`` has what checks a value of each field, or None if a field belongs to one person alone.
    """
    document = documents.read(path.parent, path.name)
    if isinstance(document, Problem):
        return (document,)
    own, look, given = (document.data.get(table, {}) for table in ("clinic", "look", "defaults"))
    named = own.get("logo", "") if isinstance(own, dict) else ""
    drawn = logo(path.parent / named) if named and isinstance(named, str) else None
    faults = [*_faults(document.data, fields)]
    if isinstance(drawn, str):
        faults.append((("clinic", "logo"), drawn))
    if faults or isinstance(drawn, str):
        return tuple(_problem(document, *fault) for fault in sorted(faults, key=lambda fault: document.line(fault[0])))
    return Clinic(
        **{name: _LINES[name](own[name]) for name in _LINES if name in own},
        address=_address(own["address"]) if "address" in own else (),
        logo=drawn,
        accent=_accent(look["accent"]) if "accent" in look else None,
        defaults={name: _text(value) for name, value in given.items()},
        places={name: f"{document.name}:{document.line(('defaults', name))}" for name in given},
    )


def contrast(colour: Colour) -> float:
    """Return a colour's contrast against white, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]  # noqa: PLR2004 - of sRGB
    red, green, blue = linear
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def darkened(colour: Colour) -> Colour:
    """Return the lightest colour of the same hue, no lighter than this one, that can be read on white."""
    largest = round(max(colour) * 255)
    for level in range(largest, 0, -1):
        darker = [round(part * 255 * level / largest) / 255 for part in colour]
        if contrast((darker[0], darker[1], darker[2])) >= LEAST_CONTRAST:
            return darker[0], darker[1], darker[2]
    return colour


@dataclass(frozen=True, slots=True)
class _Read:
    """A value that a function reads, or refuses with a ValueError saying what was expected."""

    value: Callable[[Any], object]
    expected: str = "a value"

    def faults(self, value: object) -> Iterator[Fault]:
        """Yield what the function says."""
        try:
            self.value(value)
        except ValueError as error:
            yield (), str(error)


def _faults(data: Mapping[str, Any], fields: Mapping[str, Check | None]) -> Iterator[Fault]:
    """Yield what is wrong with the keys and values, the logo's file apart."""
    table = data.get("defaults")
    given = table if isinstance(table, dict) else {}
    personal = [name for name in given if name in _SECRETS or fields.get(name, _text) is None]
    for name in personal:
        yield ("defaults", name), _OPEN if name in _SECRETS else _OF_ONE
    if personal:
        data = {**data, "defaults": {name: value for name, value in given.items() if name not in personal}}
    checks = {name: _Read(partial(_default, check)) for name, check in fields.items() if check is not None}
    tables = {"clinic": Record({}, _CLINIC), "look": Record({}, _LOOK), "defaults": Record({}, checks)}
    yield from Record({}, tables).faults(data)


def _line(most: int, value: object) -> str:
    """Return a text that can be printed on one line."""
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= most:
        msg = f"expected a text of 1 to {most} characters"
        raise ValueError(msg)
    return clean(value.strip())


def _address(value: object) -> tuple[str, ...]:
    """Return the lines of a text with line ends, or of a list; blank ones count for nothing."""
    lines = value.split("\n") if isinstance(value, str) else value
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        msg = "expected a text with line ends, or a list of texts"
        raise ValueError(msg)
    filled = [line for line in lines if line.strip()]
    if not 1 <= len(filled) <= MOST_LINES or max(len(line.strip()) for line in filled) > LONGEST_LINE:
        msg = f"expected 1 to {MOST_LINES} lines of at most {LONGEST_LINE} characters"
        raise ValueError(msg)
    return tuple(_line(LONGEST_LINE, line) for line in filled)


def _accent(value: object) -> Colour:
    """Return a colour in which text can be read on white."""
    if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
        msg = "expected a colour such as #0b5e63"
        raise ValueError(msg)
    red, green, blue = (int(value[place : place + 2], 16) / 255 for place in (1, 3, 5))
    colour = red, green, blue
    if contrast(colour) < LEAST_CONTRAST:
        ratio = int(contrast(colour) * 100) / 100  # rounded down, or 4.499 would pass for 4.5
        near = "".join(f"{round(part * 255):02x}" for part in darkened(colour))
        msg = f"has a contrast of {ratio:.2f}:1 against white; expected at least {LEAST_CONTRAST}:1, such as #{near}"
        raise ValueError(msg)
    return colour


def _default(check: Check, value: object) -> object:
    """Return what a field makes of a value."""
    text = _text(value)
    if not text.strip():
        msg = "is empty; type a value or leave it out"
        raise ValueError(msg)
    return check(text.strip())


def _text(value: object) -> str:
    """Write a value of a TOML file as it is typed in an option."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, str) or (isinstance(value, int) and abs(value) < _MOST):
        return str(value)
    msg = "expected a text, a whole number, a time, true or false, or a list of texts"
    raise ValueError(msg)


def _problem(document: Document, key: Key, what: str) -> Problem:
    return Problem(where=f"{document.name}:{document.line(key)}: {documents.dotted(key)}", what=what)


_LINES: dict[str, Callable[[object], str]] = {
    name: partial(_line, most)
    for name, most in {"name": LONGEST_NAME, "telephone": LONGEST_TELEPHONE, "footer": LONGEST_FOOTER}.items()
}
_CLINIC = {
    **{name: _Read(line) for name, line in _LINES.items()},
    "address": _Read(_address),
    "logo": _Read(partial(_line, LONGEST_PATH)),
}
_LOOK = {"accent": _Read(_accent)}
