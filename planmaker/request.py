"""Hold what somebody asks for, before anything is composed."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from datetime import date, time

from planmaker.look import LOOK, Look

__all__ = ["Request", "canonical_id", "look_of"]


# Wishes for the printed sheet: they do not make another plan.
_NOT_IN_ID = {"large_print", "compact", "boxes", "fillable", "even_pages", "embed_plan", "private", "calendar_url"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One person's wishes; ``fields.FIELDS`` says how each is typed.

    Empty ``timezone`` and ``id``, and ``start`` None, mean that the default is still to be
    filled in. ``days_off`` are weekdays, Monday 0. ``aerobic_at`` None: on no set time.
    ``equipment`` None: what most homes have.
    """

    profile: str
    id: str = ""
    name: str = ""
    weeks: int = 6
    start: date | None = None
    finish: date | None = None
    am: time = time(8, 0)
    pm: time = time(19, 0)
    aerobic_at: time | None = time(12, 30)
    timezone: str = ""
    per_day: int = 2
    max_exercises: int = 5
    minutes: int | None = None
    level: str = "standard"
    harder: bool = False
    days_off: tuple[int, ...] = ()
    avoid: tuple[str, ...] = ()
    cleared_by: str = ""
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    equipment: tuple[str, ...] | None = None
    paper: str = "a4"
    large_print: bool = False
    compact: bool = False
    boxes: str = "repetition"
    fillable: bool = False
    even_pages: bool = False
    embed_plan: bool = False
    private: bool = False
    language: str = "en"
    region: str = ""
    reminder: int | None = 10
    calendar_url: str = ""


def look_of(request: Request, only: tuple[int, int] | None = None) -> Look:
    """Return how a request wants its sheet."""
    return Look(**{name: getattr(request, name) for name in LOOK}, only=only)


def canonical_id(request: Request) -> str:
    """Return 8 hex digits that depend on every wish but the id itself, and how the plan is printed.

    So a sheet that is printed again in large print belongs to the same calendar.
    """
    wishes = {
        name: value
        for name, value in dataclasses.asdict(dataclasses.replace(request, id="")).items()
        if name not in _NOT_IN_ID
    }
    text = json.dumps(wishes, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:8]
