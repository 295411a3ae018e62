"""Say in which country a time zone lies, and which emergency number is called there."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["country", "country_codes", "emergency_number"]


def emergency_number(place: str, numbers: Mapping[str, str], default: str) -> str:
    """Return the number of a country, or of a zone's country; the default when it has none of its own."""
    return numbers.get(place if place in country_codes() else country(place), default)


@cache
def country_codes() -> frozenset[str]:
    """Return the ISO 3166 codes of all countries."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line.split("\t")[0] for line in text.splitlines() if not line.startswith("#"))


def country(timezone: str) -> str:
    """Return the ISO 3166 code of a zone's country, or an empty text (UTC, oceans)."""
    return _countries().get(timezone) or _countries().get(_targets().get(timezone, ""), "")


@cache
def _countries() -> dict[str, str]:
    text = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


@cache
def _targets() -> dict[str, str]:
    """Return what old zone names (US/Eastern, GB) stand for."""
    text = (files("tzdata") / "zoneinfo" / "tzdata.zi").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if line.startswith("L "))
    return {row[2]: row[1] for row in rows}
