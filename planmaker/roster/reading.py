"""Say how a roster's file is to be read where its form is not to be guessed."""

from __future__ import annotations

from dataclasses import dataclass

from planmaker.roster.dates import ORDERS
from planmaker.roster.lines import is_encoding

__all__ = ["GUESSED", "Reading", "date_order", "delimiter", "encoding"]

_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "bar": "|", "\\t": "\t"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is told of a file's form; None: guess. ``date_order`` is ``dmy``, ``mdy`` or ``ymd``."""

    encoding: str | None = None
    delimiter: str | None = None
    date_order: str | None = None


GUESSED = Reading()


def encoding(text: str) -> str:
    """Read the name of an encoding."""
    name = text.strip()
    if not is_encoding(name):
        msg = "expected an encoding such as utf-8, utf-16 or cp1252"
        raise ValueError(msg)
    return name


def delimiter(text: str) -> str:
    """Read what parts the cells of a CSV file."""
    found = _DELIMITERS.get(text.strip().casefold(), text)
    if len(found) != 1 or found.isalnum() or found in '"\r\n ':
        msg = "expected ',' ';' '|' or tab, or another single sign"
        raise ValueError(msg)
    return found


def date_order(text: str) -> str:
    """Read an order of day, month and year."""
    found = text.strip().casefold()
    if found not in ORDERS:
        msg = f"expected one of {', '.join(ORDERS)}"
        raise ValueError(msg)
    return found
