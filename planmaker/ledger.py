"""Bring what calendars have up to date with a plan: keep, change, end and cancel series, and add new ones.

A client takes a change only if it can tell it from what it has: same UID, higher SEQUENCE, later DTSTAMP
(RFC 5546 2.1.4, 2.1.5). What has happened stays as it was issued, and what does not change is not told again.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from planmaker.errors import Problem
from planmaker.issued import Issued, Ledger
from planmaker.plan import issue
from planmaker.programme import Slot
from planmaker.runs import content
from planmaker.schedule import occurrences, schedule_faults, series
from planmaker.shape import MOST_REVISIONS
from planmaker.zones import zone_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from planmaker.plan import Plan
    from planmaker.schedule import Occurrence, Series

__all__ = ["is_over", "ledger_faults", "next_version", "renewed", "revised"]

_YEARS = range(2000, 2102)
_SECOND = timedelta(seconds=1)
_MINUTES = range(24 * 60)
_NUMBERS = range(2**31)  # of RFC 5545 3.3.8
_Key = tuple[object, ...]


def next_version(plan: Plan, at: datetime, **changes: Any) -> Plan | Problem:  # noqa: ANN401 - as of dataclasses.replace
    """Return a plan's next revision with other fields, its calendar told; or the Problem of one that cannot be read.

    Without changes the plan itself was edited: what calendars have, only its record can tell.
    """
    if plan.revision >= MOST_REVISIONS:
        return Problem(where="revision", what=f"no version comes after {MOST_REVISIONS}; make a new plan instead")
    issued = at.astimezone(UTC).replace(microsecond=0)
    after = dataclasses.replace(plan, revision=plan.revision + 1, issued=issued, **changes)
    faults = schedule_faults(after.schedule, len(after.programme.weeks))
    if faults:
        return faults[0]
    before = plan.ledger() if changes else plan.calendar
    return revised(after, before, at) if before else after


def revised(plan: Plan, before: Ledger, at: datetime) -> Plan:
    """Return a changed plan with its calendar: ``before`` is what calendars have, ``at`` the moment of the change.

    Sessions that began before that moment stay as they were. A series whose sessions to come are all still in the
    plan stays whole. One that is no longer so ends before the first that is not, or, with none left, takes on the
    sessions of its week as they are now; if there are none it is cancelled. What is left over is new.
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    stamp = max([at, *(item.changed + _SECOND for item in before.series)])
    due = {_of(item, plan): item for item in occurrences(plan.programme, plan.schedule) if _utc(item.start) >= at}
    kept: list[Issued] = []
    free: list[Issued] = []
    for item in before.series:
        held = 0 if item.cancelled else _held(item, due, at)
        for key in _keys(item)[:held]:
            due.pop(key, None)
        if item.cancelled or held == item.count:
            kept.append(item)
        elif held:
            kept.append(_ended(item, held, stamp))
        else:
            free.append(item)
    rest = series(plan.programme, plan.schedule, lambda item: _of(item, plan) in due)
    placed = _placed(free, rest, _highest(before.series, plan), plan, stamp)
    ordered = sorted((*kept, *placed), key=lambda item: (_SLOTS[item.slot], item.ordinal))
    return dataclasses.replace(plan, calendar=dataclasses.replace(before, series=tuple(ordered)))


def renewed(plan: Plan, at: datetime) -> Plan:
    """Return a plan whose series have UIDs that no calendar knows; those cancelled before are forgotten.

    If all are cancelled it stays as it is: a calendar has to hold something (RFC 5545 3.6).
    """
    before = plan.ledger()
    if is_over(plan):
        return plan
    at = max([at.astimezone(UTC).replace(microsecond=0), *(item.changed + _SECOND for item in before.series)])
    fresh = tuple(
        dataclasses.replace(item, sequence=0, created=at, changed=at) for item in before.series if not item.cancelled
    )
    return dataclasses.replace(plan, calendar=Ledger(uids=before.uids + 1, series=fresh))


def is_over(plan: Plan) -> bool:
    """Tell whether all that calendars have of a plan is cancelled."""
    return all(item.cancelled for item in plan.ledger().series)


_SLOTS = {slot: index for index, slot in enumerate(Slot)}
_MOST_ORDINALS = 26 * 7  # of a slot in a plan: one a day


def _of(item: Occurrence, plan: Plan) -> _Key:
    """Return what makes two sessions the same for a calendar."""
    start = item.start.replace(tzinfo=None)
    return (item.slot, item.week, start, plan.schedule.timezone, item.minutes, content(item.prescriptions), plan.terms)


def _keys(item: Issued) -> list[_Key]:
    """Return the same of each session of an issued series, in order."""
    rest = (item.timezone, item.minutes, content(item.prescriptions), item.terms)
    return [(item.slot, week, start.replace(tzinfo=None), *rest) for week, start in item.sessions()]


def _held(item: Issued, due: Mapping[_Key, Occurrence], at: datetime) -> int:
    """Return how many sessions of a series, from its first on, are past or still due."""
    pairs = zip(item.sessions(), _keys(item), strict=True)
    return next(
        (index for index, ((_, start), key) in enumerate(pairs) if _utc(start) >= at and key not in due), item.count
    )


def _ended(item: Issued, count: int, stamp: datetime) -> Issued:
    """Return a series with its first sessions only."""
    return dataclasses.replace(
        item,
        weeks=item.weeks[: -(-count // len(item.days))],
        days=item.days[:count],
        count=count,
        sequence=item.sequence + 1,
        changed=stamp,
    )


def _placed(
    free: Iterable[Issued], rest: Iterable[Series], highest: Mapping[Slot, int], plan: Plan, stamp: datetime
) -> list[Issued]:
    """Put what is left of a plan into the series that lost all their sessions, and the others into new ones."""
    old, new = list(free), list(rest)
    placed: list[Issued] = []
    for alike in _ALIKE:
        for item in tuple(old):
            found = next((one for one in new if one.slot is item.slot and alike(one) == alike(item)), None)
            if found is not None:
                old.remove(item)
                new.remove(found)
                fresh = issue(found, plan, stamp, sequence=item.sequence + 1)
                placed.append(dataclasses.replace(fresh, ordinal=item.ordinal, created=item.created))
    placed += [dataclasses.replace(item, sequence=item.sequence + 1, changed=stamp, cancelled=True) for item in old]
    used = Counter(highest)
    for one in new:
        used[one.slot] += 1
        placed.append(dataclasses.replace(issue(one, plan, stamp), ordinal=used[one.slot]))
    return placed


# When a changed series goes on as one that is there: at best with the same days of the same week.
_ALIKE: tuple[Callable[[Issued | Series], object], ...] = (
    lambda item: (item.weeks[0], item.days),
    lambda item: item.weeks[0],
)


def _highest(items: Iterable[Issued], plan: Plan) -> dict[Slot, int]:
    """Return the highest ordinal that a slot has had; older plans do not tell, so all that they may have had count."""
    unknown = _MOST_ORDINALS if plan.calendar is None and plan.revision > 2 else 0  # noqa: PLR2004 - was revised before
    found = dict.fromkeys(Slot, unknown)
    for item in items:
        found[item.slot] = max(found[item.slot], item.ordinal)
    return found


def ledger_faults(ledger: Ledger | None) -> tuple[Problem, ...]:
    """Return what no calendar can have been given, in a record that may have been edited by hand."""
    if ledger is None:
        return ()
    known = [(item.slot, item.ordinal) for item in ledger.series]
    sound = len(set(known)) == len(known) and ledger.uids >= 0 and all(map(_sound, ledger.series))
    what = "expected the record as planmaker wrote it; do not edit it"
    return () if sound else (Problem(where="calendar", what=what),)


def _sound(item: Issued) -> bool:
    return (
        item.timezone in zone_names()
        and item.ordinal >= 1
        and item.sequence in _NUMBERS
        and item.minutes in _MINUTES
        and bool(item.prescriptions)
        and list(item.days) == sorted(set(item.days) & set(range(7)))
        and bool(item.days)
        and bool(item.weeks)
        and list(item.weeks) == list(range(item.weeks[0], item.weeks[0] + len(item.weeks)))
        and 0 < item.count <= len(item.weeks) * len(item.days)
        and all(moment.tzinfo is not None and moment.year in _YEARS for moment in (item.created, item.changed))
        and item.begin.year in _YEARS
        and (item.terms.reminder_minutes or 0) in _NUMBERS
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
