"""Read days written in numbers, such as 3/4/2027, in the order that was told or that the roster shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DATES", "ORDERS", "Order", "Proof", "in_iso"]

# The fields that are days.
DATES = ("start", "finish")

# How an order is told, and how it is spoken of.
ORDERS = {"dmy": "day/month/year", "mdy": "month/day/year", "ymd": "year/month/day"}
_MIDNIGHT = r"(?:[ T]+(?:0?0:00(?::00)?|12:00(?::00)? ?[aA][mM]))?"
_NUMBERS = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_MIDNIGHT}", re.ASCII)
_YEAR_FIRST = re.compile(rf"(\d{{2}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_MIDNIGHT}", re.ASCII)
_MONTHS = 12
_DAYS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order of day, month and year; ``told``: by an option, so that a date against it is refused."""

    name: str
    told: bool


class Proof:
    """Gathers where a file shows the order of day and month: by a day over 12."""

    __slots__ = ("shown",)

    def __init__(self) -> None:
        """Begin with nothing shown."""
        self.shown: dict[str, int] = {}

    def look(self, line: int, texts: Iterable[str]) -> None:
        """Look at the dates of a line; dots prove nothing, for they always stand for day.month.year."""
        for text in texts:
            match = _NUMBERS.fullmatch(text.strip())
            if match is None or match[2] == "." or len(match[4]) != 4:  # noqa: PLR2004 - 27 may be a day too
                continue
            first, second = int(match[1]), int(match[3])
            if _MONTHS < first <= _DAYS and 0 < second <= _MONTHS:
                self.shown.setdefault("dmy", line)
            elif 0 < first <= _MONTHS < second <= _DAYS:
                self.shown.setdefault("mdy", line)

    @property
    def order(self) -> Order | None:
        """The order, if only one is shown."""
        return Order(name=next(iter(self.shown)), told=False) if len(self.shown) == 1 else None


def in_iso(text: str, order: Order) -> str:
    """Return a day written in numbers as ISO 8601, any other text as it is; ValueError if it is against the order."""
    match = (_YEAR_FIRST if order.name == "ymd" else _NUMBERS).fullmatch(text)
    if match is None:
        return text  # whoever reads the field knows whether it can be one day only
    short = order.name == "ymd" or len(match[4]) == 2  # noqa: PLR2004 - 27 for 2027
    if not order.told and (short or match[2] == "."):
        return text
    numbers = dict(zip(order.name, (int(match[1]), int(match[3]), int(match[4])), strict=True))
    try:
        return date(numbers["y"] + 2000 * short, numbers["m"], numbers["d"]).isoformat()
    except ValueError as error:
        msg = f"expected {ORDERS[order.name]}, as --date-format says; there is no such day"
        raise ValueError(msg) from error
