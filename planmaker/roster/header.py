"""Find the field of each column of a roster by its name, as clinics and their systems write it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.errors import InputError
from planmaker.fields import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["FIRST", "LAST", "PASSWORD", "SORT", "Columns", "has", "known", "named"]

PASSWORD = "password"  # noqa: S105 - the name of its column
SORT = "sort"
# The two halves of a name, which become one.
FIRST = "first name"
LAST = "last name"
# How like a field a column must be to be taken for a misspelt one: "wekes" is, "notes" is not.
_NEAR = 0.8
_NEAR_SYNONYM = 0.88
_LONGEST_NAME = 40
_LONGEST_LIST = 600
_MOST_ASKED = 100
# What clinics, insurers and their systems call a field, where it cannot be mistaken; spaces and signs do not count.
_SYNONYMS = {
    "id": (
        "patient id, patient identifier, patient number, patient no, patient nr, patient code, pid, mrn, "
        "medical record number, medical record no, record number, chart number, chart no, client id, client number, "
        "client code, member id, member number, member no, case id, case number, code, participant id"
    ),
    FIRST: "first name, given name, forename, patient first name, member first name, client first name, fname",
    LAST: "last name, surname, family name, patient last name, member last name, client last name, lname",
    "name": "full name, patient name, client name, member name, participant name, name of patient",
    "profile": "programme, program, exercise programme, exercise program",
    "weeks": "number of weeks, no of weeks, length in weeks, duration in weeks, duration weeks, weeks duration",
    "start": "start date, date of start, start on, starts on, starting date, begin date, first day, day of start",
    "finish": "finish date, end date, date of end, ends on, last day, until",
    "am": "morning, morning time, morning session, time morning, am time, time am, first session",
    "pm": "evening, evening time, evening session, time evening, pm time, time pm, second session",
    "aerobic_at": "walk, walk at, walk time, walking time, time of walk, aerobic time",
    "timezone": "tz, time zone name, iana time zone, iana tz, olson time zone",
    "per_day": "sessions per day, sessions a day, times per day, times a day, daily sessions",
    "max_exercises": "maximum exercises, most exercises, exercises per session",
    "minutes": "max minutes, maximum minutes, minutes per session, session minutes",
    "days_off": "off days, free days, days without sessions",
    "cleared_by": "cleared for exercise by, clearance by, exercise cleared by",
    "exclude": "exclude exercises, excluded exercises, exercises to leave out, leave out",
    "include": "include exercises, included exercises",
    "equipment": "equipment available, available equipment, equipment at hand, equipment at home",
    "paper": "paper size, sheet size",
    "large_print": "large type, large font, large text, big print",
    "language": "lang, language code, language of the sheet",
    "region": "country, country code",
    "reminder": "reminder minutes, remind minutes before, remind before",
    PASSWORD: "pdf password, passphrase",
    SORT: "sort key, sort by, sort order, print order, sorting",
}
# What a column may be called that means a field: it is asked about, not passed over.
_ASKED = {
    "condition": "avoid",
    "conditions": "avoid",
    "diagnosis": "avoid",
    "diagnoses": "avoid",
    "precautions": "avoid",
    "contraindication": "avoid",
    "contraindications": "avoid",
    "restriction": "avoid",
    "restrictions": "avoid",
    "limitations": "avoid",
    "comorbidities": "avoid",
    "medicalconditions": "avoid",
    "medicalhistory": "avoid",
    "warnings": "avoid",
    "pass": PASSWORD,
    "pwd": PASSWORD,
    "date": "start",
}
# Common columns of others that only look like a field's name.
_OTHERS = frozenset({"county", "payer", "privatepay", "state", "status", "stat", "star", "location", "insured"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The field of each column, None for one that is not read; ``notices`` name those."""

    fields: tuple[str | None, ...]
    notices: tuple[str, ...]


def _fold(cell: str) -> str:
    """Make ``Per day``, ``per-day``, ``PER_DAY:`` and ``Per Day*`` the same."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", cell))).casefold()


_FIELDS = {_fold(name): name for name in (*(field.name for field in FIELDS), PASSWORD, SORT)}
_KNOWN = {_fold(word): name for name, words in _SYNONYMS.items() for word in words.split(",")} | _FIELDS


def known(cells: Sequence[str]) -> int:
    """Count the names that mean a field."""
    return sum(_fold(cell) in _KNOWN for cell in cells)


def has(cells: Sequence[str], required: tuple[str, ...]) -> bool:
    """Tell whether all the required fields are among the columns."""
    return {_KNOWN.get(_fold(cell)) for cell in cells}.issuperset(required)


def named(place: str, cells: Sequence[str], required: tuple[str, ...]) -> Columns:
    """Name the field of each column; raise InputError for a header that leaves in doubt what is meant."""
    fields = tuple(_KNOWN.get(_fold(cell)) for cell in cells)
    _refuse_doubles(place, cells, fields)
    present = {field for field in fields if field}
    strange = [(number, cell) for number, (cell, field) in enumerate(zip(cells, fields, strict=True), 1) if not field]
    meant = {number: field for number, cell in strange[:_MOST_ASKED] if (field := _meant(cell, present))}
    asked = [
        f"{place}: column {number}, {_quoted(cell)}, is not known; did you mean {meant[number]}?"
        for number, cell in strange
        if number in meant
    ]
    unread = _unread(place, [(number, cell) for number, cell in strange if number not in meant])
    missing = [field for field in required if field not in present]
    if missing:
        what = f"{place}: expected a column {' and a column '.join(missing)}"
        raise InputError("\n".join((what, *asked, *unread)))
    if asked:
        raise InputError("\n".join(f"{notice} Mend its name, or take the column out" for notice in asked))
    return Columns(fields=fields, notices=unread)


def _refuse_doubles(place: str, cells: Sequence[str], fields: Sequence[str | None]) -> None:
    """Refuse two columns for one field; the two halves of a name are one."""
    columns: dict[str, list[str]] = {}
    for number, (cell, field) in enumerate(zip(cells, fields, strict=True), 1):
        if field:
            columns.setdefault(field, []).append(f"{number} ({_quoted(cell)})")
    for half in (FIRST, LAST):
        if "name" in columns and half in columns:
            columns["name"].extend(columns.pop(half))
    twice = [
        f"{place}: columns {' and '.join(found)} all mean {field}; leave one"
        if len(found) > 2  # noqa: PLR2004 - both, or all
        else f"{place}: columns {' and '.join(found)} both mean {field}; leave one"
        for field, found in columns.items()
        if len(found) > 1
    ]
    if twice:
        raise InputError("\n".join(twice))


def _meant(cell: str, present: set[str]) -> str:
    """Return the field that a column's name nearly is, if no other column has it."""
    word = _fold(cell)
    near = [] if word in _OTHERS else difflib.get_close_matches(word, _candidates(_FIELDS, present), n=1, cutoff=_NEAR)
    if not near and word not in _OTHERS:
        near = difflib.get_close_matches(word, _candidates(_KNOWN, present), n=1, cutoff=_NEAR_SYNONYM)
    meant = _ASKED.get(word) or (_KNOWN[near[0]] if near else "")
    return "" if meant in present else meant


def _candidates(words: Mapping[str, str], present: set[str]) -> list[str]:
    """Return the names that a column may have meant; what only orders the sheets is not worth a refusal."""
    return [word for word, field in words.items() if field not in present and field != SORT]


def _unread(place: str, strange: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    """Name the columns that are not read, in one line."""
    if not strange:
        return ()
    listed = ", ".join(f"{number} {_quoted(cell) if cell.strip() else '(no name)'}" for number, cell in strange)
    if len(listed) > _LONGEST_LIST:
        listed = listed[:_LONGEST_LIST].rpartition(", ")[0] + ", ..."
    return (f"{place}: not known, so not read: column{'s' * (len(strange) > 1)} {listed}",)


def _quoted(cell: str) -> str:
    shown = re.sub(r"\s+", " ", "".join(character if character.isprintable() else " " for character in cell)).strip()
    return f'"{shown[:_LONGEST_NAME]}"'
