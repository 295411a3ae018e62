"""Describe plan.json as a JSON Schema (draft 2020-12), made from the records of a plan."""

from __future__ import annotations

import dataclasses
import inspect
import json
import types
import typing
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from planmaker.dose import AerobicDose, Dose
from planmaker.issued import Issued, Ledger
from planmaker.look import BOXES, PAPERS, PASSING, Look
from planmaker.plan import FORMAT, Feed, Person, Plan
from planmaker.programme import Choice, Prescription, Programme, Session, Week
from planmaker.schedule import Schedule, Turn

__all__ = ["plan_schema", "plan_schema_text"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: dict[object, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    time: {"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$"},
    datetime: {"type": "string", "format": "date-time"},
}
_DAY = {"type": "integer", "minimum": 0, "maximum": 6}
_POSITIVE = {"minimum": 1}
# What the types alone do not say.
_LIMITS: dict[tuple[type, str], dict[str, Any]] = {
    (Plan, "revision"): _POSITIVE,
    (Person, "id"): {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},
    (Programme, "per_day"): {"minimum": 1, "maximum": 2},
    (Programme, "weeks"): {"minItems": 1, "maxItems": 26},
    (Week, "number"): _POSITIVE,
    (Week, "sessions"): {"minItems": 1, "maxItems": 3},
    (Session, "prescriptions"): {"minItems": 1},
    (Session, "minutes"): {"items": {"type": "integer", "minimum": 0}, "minItems": 7, "maxItems": 7},
    (Prescription, "days"): {"items": _DAY, "minItems": 1, "maxItems": 7, "uniqueItems": True},
    (Prescription, "step"): _POSITIVE,
    (Prescription, "steps"): _POSITIVE,
    (Choice, "entry"): _POSITIVE,
    (Dose, "sets"): _POSITIVE,
    (Dose, "repetitions"): _POSITIVE,
    (Dose, "hold_seconds"): {"minimum": 0},
    (AerobicDose, "brisk_minutes"): _POSITIVE,
    (AerobicDose, "easy_minutes"): {"minimum": 0},
    (Schedule, "timezone"): {"minLength": 1},
    (Turn, "week"): _POSITIVE,
    (Turn, "day"): {"minimum": 0, "maximum": 6},
    (Turn, "later"): {"minimum": 0},
    (Ledger, "uids"): {"minimum": 0},
    (Issued, "ordinal"): _POSITIVE,
    (Issued, "sequence"): {"minimum": 0},
    (Issued, "count"): _POSITIVE,
    (Issued, "minutes"): {"minimum": 0},
    (Issued, "weeks"): {"items": {"type": "integer", "minimum": 1}, "minItems": 1},
    (Issued, "days"): {"items": _DAY, "minItems": 1, "maxItems": 7, "uniqueItems": True},
    (Issued, "prescriptions"): {"minItems": 1},
    (Look, "paper"): {"enum": list(PAPERS)},
    (Look, "boxes"): {"enum": list(BOXES)},
    (Feed, "token"): {"pattern": "^[0-9a-f]{32}$"},
}


def plan_schema_text() -> str:
    """Write the schema as it is published."""
    return json.dumps(plan_schema(), indent=2) + "\n"


def plan_schema() -> dict[str, Any]:
    """Return the schema of plan.json, with a definition for each record.

    Keys that came with later versions have defaults and need not be there, so that older files are
    valid too. Doses above their sources are not found here: that needs the catalogue (``planmaker check``).
    """
    records: dict[str, dict[str, Any]] = {}
    plan = _record(Plan, records)
    plan["properties"] = {"format": {"const": FORMAT}, **plan["properties"]}
    plan["properties"]["seal"] = {"description": "Tells whether the file was edited.", "type": "string"}
    plan["required"] = ["format", *plan["required"]]
    return {"$schema": _DIALECT, "title": FORMAT, **plan, "$defs": dict(sorted(records.items()))}


def _record(record: type, records: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Describe a record; those that it holds are added to the definitions."""
    hints = typing.get_type_hints(record)
    fields = [field for field in dataclasses.fields(record) if not field.metadata.get(PASSING)]
    return {
        "description": (inspect.getdoc(record) or "").split("\n\n")[0].replace("\n", " ").replace("``", ""),
        "type": "object",
        "properties": {
            field.name: {**_typed(hints[field.name], records), **_LIMITS.get((record, field.name), {})}
            for field in fields
        },
        "required": [field.name for field in fields if field.default is dataclasses.MISSING],
        "additionalProperties": False,
    }


def _typed(hint: Any, records: dict[str, dict[str, Any]]) -> dict[str, Any]:  # noqa: ANN401 - any type of a field
    """Describe a type: a plain one, a list, a choice of several, or a record by reference."""
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if hint is type(None):
        return {"type": "null"}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _typed(typing.get_args(hint)[0], records)}
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        return {"anyOf": [_typed(part, records) for part in typing.get_args(hint)]}
    if issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if hint.__name__ not in records:
        records[hint.__name__] = {}
        records[hint.__name__].update(_record(hint, records))
    return {"$ref": f"#/$defs/{hint.__name__}"}
