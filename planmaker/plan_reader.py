"""Read the records of a plan from plain values: strict about types, and refusing keys it does not know."""

from __future__ import annotations

import typing
from datetime import date, datetime, time
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import cattrs
import cattrs.gen

from planmaker.errors import InputError
from planmaker.look import BOXES, PAPERS, Look
from planmaker.schedule import YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["structured"]

_YEARS_OF_DAYS = range(YEARS.start, YEARS.stop + 2)  # a plan begun in the last may be put off by a year
_MOST_FAULTS = 5
_Record = TypeVar("_Record")


def structured(fields: Mapping[str, Any], record: type[_Record]) -> _Record:
    """Return a record; raise InputError that names each key at fault."""
    try:
        return _converter().structure(fields, record)
    except cattrs.BaseValidationError as error:
        faults = [fault.replace("$.", "", 1) for fault in cattrs.transform_error(error, "$", _fault)]
        more = f"; and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
        raise InputError("; ".join(faults[:_MOST_FAULTS]) + more) from error


@cache
def _converter() -> cattrs.Converter:
    """Build the reader: strict about types, and refusing keys it does not know."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (bool, int, str):
        converter.register_structure_hook(kind, _strict(kind))
    for moment, read in ((date, _day), (datetime, datetime.fromisoformat), (time, _clock)):
        converter.register_structure_hook(moment, lambda value, _, read=read: read(_strict(str)(value, str)))
    look = cattrs.gen.make_dict_structure_fn(
        Look,
        converter,
        paper=cattrs.override(struct_hook=_word(PAPERS)),
        boxes=cattrs.override(struct_hook=_word(BOXES)),
        only=cattrs.override(omit=True),
    )
    converter.register_structure_hook(Look, look)
    return converter


def _word(words: tuple[str, ...]) -> Any:  # noqa: ANN401 - cattrs hooks are untyped
    """Return a hook that takes some words only."""

    def structure(value: object, _: type) -> object:
        if value not in words:
            raise _UnknownWordError(words)
        return value

    return structure


class _UnknownWordError(ValueError):
    """A word that is none of those expected."""


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if found.year not in _YEARS_OF_DAYS:
        msg = "a year that no plan reaches"
        raise ValueError(msg)
    return found


def _clock(text: str) -> time:
    found = time.fromisoformat(text)
    if found.tzinfo is not None or found.second or found.microsecond:
        msg = "an offset, or seconds, which are not written back"
        raise ValueError(msg)
    return found


_EXAMPLES = {date: "expected a day such as 2027-03-01", time: "expected a time such as 08:00"}


def _fault(error: BaseException, wanted: Any) -> str:  # noqa: ANN401 - any type of a field
    """Say what is wrong with a value, with an example where its type does not tell how it is written."""
    kinds = (wanted, *typing.get_args(wanted))
    told = next((text for kind, text in _EXAMPLES.items() if kind in kinds), None)
    if isinstance(error, _UnknownWordError):
        told = f"expected one of {', '.join(error.args[0])}"
    return told or cattrs.v.format_exception(error, wanted)


def _strict(kind: type) -> Any:  # noqa: ANN401 - cattrs hooks are untyped
    """Return a hook that takes a value only if it is exactly of a type; enumerations are made of texts."""

    def structure(value: object, wanted: type) -> object:
        if type(value) is not kind:
            msg = f"expected {kind.__name__}"
            raise TypeError(msg)
        return wanted(value)

    return structure
