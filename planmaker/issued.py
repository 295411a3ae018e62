"""Hold what calendars have been given: every series ever issued, with its SEQUENCE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from planmaker.programme import Prescription, Slot
from planmaker.zones import zone

__all__ = ["Issued", "Ledger", "Terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the text of a series depends on beside its sessions; ``place`` is whose emergency number it names."""

    language: str
    place: str
    of_weeks: int
    reminder_minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A series of sessions as calendars have it, of which a part may lie in the past.

    ``ordinal`` is part of its UID and is never given again in its slot. It begins on ``begin`` at ``at``; ``count``
    sessions follow on ``days`` (plan days 0-6) of each of ``weeks``. ``changed`` is when calendars were last told of
    a change, in UTC.
    """

    slot: Slot
    ordinal: int
    sequence: int
    created: datetime
    changed: datetime
    begin: date
    at: time
    timezone: str
    weeks: tuple[int, ...]
    days: tuple[int, ...]
    count: int
    minutes: int
    prescriptions: tuple[Prescription, ...]
    terms: Terms
    cancelled: bool = False

    @property
    def first(self) -> datetime:
        """When the first session begins."""
        return datetime.combine(self.begin, self.at, tzinfo=zone(self.timezone))

    def sessions(self) -> tuple[tuple[int, datetime], ...]:
        """Return the week and the beginning of each session, in order."""
        first = self.first
        return tuple(
            (self.weeks[index // len(self.days)], first + timedelta(days=self._after(index)))
            for index in range(self.count)
        )

    def last(self) -> date:
        """Return the day of the last session."""
        return self.begin + timedelta(days=self._after(self.count - 1))

    def _after(self, index: int) -> int:
        """Return how many days after the first a session falls."""
        week, day = divmod(index, len(self.days))
        return 7 * week + self.days[day] - self.days[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All series that were issued; ``uids`` counts how often they were given new UIDs."""

    uids: int = 0
    series: tuple[Issued, ...] = ()
