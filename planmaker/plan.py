"""Hold a programme given to a person on a schedule; read and write it as JSON."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any

import cattrs

from planmaker.errors import InputError
from planmaker.programme import Programme
from planmaker.schedule import Schedule

__all__ = ["FORMAT", "Person", "Plan", "is_edited", "plan_from_json", "plan_to_json"]

FORMAT = "planmaker-plan/1"
MOST_FAULTS = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose plan it is, and who allowed exercise; both names are only ever printed on the sheet."""

    id: str
    name: str = ""
    cleared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A programme given to a person on a schedule: ids, doses and dates, never words.

    ``issued`` carries its offset; ``catalogue`` is the hash of the data it was composed from. Stop
    rules and telephone numbers are not in it, so that nobody can edit them away.
    """

    person: Person
    programme: Programme
    schedule: Schedule
    issued: datetime
    revision: int
    catalogue: str
    language: str = "en"
    region: str = ""

    @property
    def place(self) -> str:
        """The region, or the zone, whose emergency number is printed."""
        return self.region or self.schedule.timezone


def plan_to_json(plan: Plan) -> str:
    """Write a plan as indented JSON with a format version and a seal; the same plan gives the same text."""
    fields = {"format": FORMAT, **_plain(plan)}
    return json.dumps({**fields, "seal": _seal(fields)}, indent=1, ensure_ascii=False) + "\n"


def is_edited(text: str) -> bool:
    """Tell whether a plan that can be read was changed since planmaker wrote it, by its seal.

    Spaces and the order of keys do not count; a plan without a seal counts as it stands.
    """
    fields = json.loads(text)
    seal = fields.pop("seal", None)
    return seal is not None and seal != _seal(fields)


def _seal(fields: dict[str, Any]) -> str:
    plain = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode("ascii")).hexdigest()[:16]


def plan_from_json(text: str) -> Plan:
    """Read a plan; raise InputError that names each key at fault.

    Ceilings are not checked here: that needs the catalogue (see ``compose.check_programme``).
    """
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = f"not readable as JSON: {error}"
        raise InputError(msg) from error
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        msg = f'format: expected "{FORMAT}"; this file is not a plan that this version can read'
        raise InputError(msg)
    try:
        plan = _converter().structure(
            {key: value for key, value in fields.items() if key not in {"format", "seal"}}, Plan
        )
    except cattrs.BaseValidationError as error:
        faults = [fault.replace("$.", "", 1) for fault in cattrs.transform_error(error, "$")]
        more = f"; and {len(faults) - MOST_FAULTS} more" if len(faults) > MOST_FAULTS else ""
        raise InputError("; ".join(faults[:MOST_FAULTS]) + more) from error
    if plan.issued.tzinfo is None or not FIRST_YEAR <= plan.issued.year <= LAST_YEAR:
        msg = "issued: expected a timestamp with its offset, such as 2027-03-01T09:00:00+00:00"
        raise InputError(msg)
    return plan


def _plain(value: Any) -> Any:  # noqa: ANN401 - walks values of any type
    """Turn frozen records into the plain values JSON knows."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _converter() -> cattrs.Converter:
    """Build the reader: strict about types, and refusing keys it does not know."""
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (bool, int, str):
        converter.register_structure_hook(kind, _strict(kind))
    for moment in (date, datetime, time):
        converter.register_structure_hook(moment, lambda value, wanted: wanted.fromisoformat(_strict(str)(value, str)))
    return converter


def _strict(kind: type) -> Any:  # noqa: ANN401 - cattrs hooks are untyped
    """Return a hook that takes a value only if it is exactly of a type; enumerations are made of texts."""

    def structure(value: object, wanted: type) -> object:
        if type(value) is not kind:
            msg = f"expected {kind.__name__}"
            raise TypeError(msg)
        return wanted(value)

    return structure
