"""Hold a programme given to a person on a schedule; read and write it as JSON."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum
from functools import lru_cache
from typing import Any

from planmaker.errors import InputError
from planmaker.issued import Issued, Ledger, Terms
from planmaker.look import PASSING, Look
from planmaker.programme import Programme
from planmaker.runs import Same
from planmaker.schedule import YEARS, Schedule, Series, series

__all__ = ["FORMAT", "Feed", "Person", "Plan", "is_edited", "issue", "plan_from_json", "plan_to_json"]

FORMAT = "planmaker-plan/1"
_PROGRAMMES, _LEDGERS = 64, 256  # whose text is kept, of some 60 KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whose plan it is, and who allowed exercise; both names are only ever printed on the sheet."""

    id: str
    name: str = ""
    cleared_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where a phone can subscribe to a plan's calendar.

    ``token`` cannot be guessed and names the file; ``url`` is the address with ``{token}`` in its place, or empty.
    """

    token: str
    url: str = ""

    @property
    def address(self) -> str:
        """The address of the file, or empty."""
        return self.url.replace("{token}", self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A programme given to a person on a schedule: ids, doses and dates, never words.

    ``issued`` carries its offset; ``catalogue`` is the hash of the data it was composed from. Stop
    rules and telephone numbers are not in it, so that nobody can edit them away. ``calendar`` is None as
    long as calendars have had nothing but the plan's first series; ``asked`` is the hash of the wishes that the
    programme was composed from, empty in older files; ``look`` is how its sheet is printed, None in older files;
    ``row`` is the hash of the row of a roster that it was last made from, but for who it is for, if it was.
    """

    person: Person
    programme: Programme
    schedule: Schedule
    issued: datetime
    revision: int
    catalogue: str
    language: str = "en"
    region: str = ""
    asked: str = ""
    row: str = ""
    feed: Feed | None = None
    calendar: Ledger | None = None
    look: Look | None = None

    @property
    def place(self) -> str:
        """The region, or the zone, whose emergency number is printed."""
        return self.region or self.schedule.timezone

    @property
    def terms(self) -> Terms:
        """What the texts in the calendar depend on."""
        return Terms(
            language=self.language,
            place=self.place,
            of_weeks=len(self.programme.weeks),
            reminder_minutes=self.schedule.reminder_minutes,
        )

    def ledger(self) -> Ledger:
        """Return what calendars have of the plan.

        Without a record that is all its series: under the rule of older files, with a SEQUENCE that counts revisions.
        """
        return self.calendar or _first_ledger(*self._begun())

    def _begun(self) -> tuple[Same[Programme], Schedule, Terms, datetime, int]:
        """Return what the first ledger depends on: many people share it."""
        return Same(self.programme), self.schedule, self.terms, self.issued, self.revision


@lru_cache(_LEDGERS)
def _first_ledger(same: Same[Programme], schedule: Schedule, terms: Terms, issued: datetime, revision: int) -> Ledger:
    at = issued.astimezone(UTC).replace(microsecond=0)
    found = series(same.value, schedule)
    return Ledger(series=tuple(_issued(item, terms, schedule.timezone, at, revision - 1) for item in found))


def issue(item: Series, plan: Plan, at: datetime, *, sequence: int = 0) -> Issued:
    """Return a series of a plan as calendars are given it at a moment."""
    return _issued(item, plan.terms, plan.schedule.timezone, at, sequence)


def _issued(item: Series, terms: Terms, timezone: str, at: datetime, sequence: int) -> Issued:
    return Issued(
        slot=item.slot,
        ordinal=item.ordinal,
        sequence=sequence,
        created=at,
        changed=at,
        begin=item.first.date(),
        at=item.first.time(),
        timezone=timezone,
        weeks=item.weeks,
        days=item.days,
        count=item.count,
        minutes=item.minutes,
        prescriptions=item.prescriptions,
        terms=terms,
    )


def plan_to_json(plan: Plan) -> str:
    """Write a plan as indented JSON with a format version and a seal; the same plan gives the same text.

    The record of what calendars have is written from the first version on.
    """
    programme, ledger = _programme(Same(plan.programme)), _ledger(Same(plan.ledger()))
    shared: dict[str, _Table] = {"programme": programme, "calendar": ledger}
    names = (field.name for field in dataclasses.fields(plan))
    fields = {"format": FORMAT, **{name: shared.get(name) or _walked(getattr(plan, name)) for name in names}}
    return _written({**fields, "seal": _seal(fields)}, "") + "\n"


def is_edited(text: str) -> bool:
    """Tell whether a plan that can be read was changed since planmaker wrote it, by its seal.

    Spaces and the order of keys do not count; a plan without a seal counts as it stands.
    """
    fields = json.loads(text)
    seal = fields.pop("seal", None)
    return seal is not None and seal != _seal(fields)


def _seal(fields: dict[str, Any]) -> str:
    """Return the hash of fields as JSON without spaces, its keys sorted."""
    parts = (f"{json.dumps(key)}:{_compact(value)}" for key, value in sorted(fields.items()))
    return hashlib.sha256(f"{{{','.join(parts)}}}".encode("ascii")).hexdigest()[:16]


def _compact(value: Any) -> str:  # noqa: ANN401 - any plain value
    if isinstance(value, _Table):
        return value.compact
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


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
    from planmaker.plan_reader import structured  # noqa: PLC0415 - slow to load, and what only writes needs it not

    plan = structured({key: value for key, value in fields.items() if key not in {"format", "seal"}}, Plan)
    if plan.issued.tzinfo is None or plan.issued.year not in YEARS:
        msg = "issued: expected a timestamp with its offset, such as 2027-03-01T09:00:00+00:00"
        raise InputError(msg)
    return plan


class _Table(dict[str, Any]):
    """A plain table that several plans share, with its text at no indentation, and without spaces."""

    text: str
    compact: str


def _table(value: Programme | Ledger) -> _Table:
    found = _Table(_walked(value))
    found.text = json.dumps(found, indent=1, ensure_ascii=False)
    found.compact = json.dumps(found, sort_keys=True, separators=(",", ":"))
    return found


@lru_cache(_PROGRAMMES)
def _programme(same: Same[Programme]) -> _Table:
    return _table(same.value)


@lru_cache(_LEDGERS)
def _ledger(same: Same[Ledger]) -> _Table:
    return _table(same.value)


def _written(value: Any, margin: str) -> str:  # noqa: ANN401 - any plain value
    """Write a plain value as json.dumps does with an indentation of 1, but what is shared only once."""
    if isinstance(value, _Table):
        return value.text.replace("\n", f"\n{margin}")
    if not value or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    inner = f"{margin} "
    if isinstance(value, dict):
        lines = [f"{inner}{json.dumps(key)}: {_written(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
    return "[\n" + ",\n".join(f"{inner}{_written(item, inner)}" for item in value) + f"\n{margin}]"


def _walked(value: Any) -> Any:  # noqa: ANN401 - walks values of any type
    """Turn frozen records into the plain values JSON knows."""
    if dataclasses.is_dataclass(value):
        kept = (field.name for field in dataclasses.fields(value) if not field.metadata.get(PASSING))
        return {name: _walked(getattr(value, name)) for name in kept}
    if isinstance(value, tuple):
        return [_walked(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
