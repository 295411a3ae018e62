"""Hold the words of one language: the exercises' own, and those that templates put round them."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jinja2

from planmaker.region import emergency_number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from planmaker.programme import Prescription

__all__ = ["ExerciseWords", "VariantWords", "Words", "languages", "load"]


_KEPT = 4096  # phrases and passages that are said again and again
# ASCII, and the signs that the sheet itself puts between words or in a cell.
_SIGNS = frozenset([*map(chr, range(0x20, 0x7F)), "·", "\N{EN DASH}"])


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantWords:
    """What another form of an exercise is called, what to do differently, and its own steps if it has any."""

    name: str
    change: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseWords:
    """What people read about one exercise; ``picture`` is for those who cannot see the drawing."""

    name: str
    seed_name: str
    setting: str
    steps: tuple[str, ...]
    breathing: str
    feel: str
    mistake: str
    easier: str
    stop_if: str
    limb: str
    picture: str
    harder: str = ""
    variants: Mapping[str, VariantWords] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """All words of a language; ``general`` holds the catalogue's tables beside the exercises.

    ``characters`` are all that its texts are written with, and ASCII.
    """

    language: str
    exercises: Mapping[str, ExerciseWords]
    general: Mapping[str, Mapping[str, Any]]
    labels: Mapping[str, Any]
    emergency: Mapping[str, str]
    emergency_default: str
    templates: jinja2.Environment
    characters: frozenset[str]

    def render(self, template: str, **values: Any) -> str:  # noqa: ANN401 - templates take any values
        """Render a passage such as ``cover`` as plain text."""
        return self.templates.get_template(f"{template}.j2").render(labels=self.labels, words=self, **values).strip()

    def passages(self, template: str, **values: Any) -> Mapping[str, str]:  # noqa: ANN401 - templates take any values
        """Render a template whose passages each follow a line ``[name]``, and part them."""
        if all(isinstance(value, Hashable) for value in values.values()):
            return _kept_passages(self, template, tuple(values.items()))
        return _passages(self.render(template, **values))

    def dose(self, item: Prescription) -> str:
        """Write a dose in words, such as ``hold 10 seconds, 2 times each leg``."""
        return _kept_phrase(self, "dose", item, self.exercises[item.exercise].limb)

    def form(self, item: Prescription) -> str:
        """Write the name of the form in which an exercise is done, empty for its own."""
        return self.exercises[item.exercise].variants[item.variant].name if item.variant else ""

    def pictured(self, name: str) -> str:
        """Return what a picture shows, for those who cannot see it; empty if nobody has said so."""
        exercise = self.exercises.get(name)
        return exercise.picture if exercise else str(self.general.get("pictures", {}).get(name, ""))

    def parts(self, item: Prescription) -> str:
        """Write the parts of an aerobic session, such as ``5 easy, 7 brisk, 5 easy``."""
        return _kept_phrase(self, "parts", item)

    def boxes(self, count: int) -> str:
        """Write ``1 box to tick`` or ``6 boxes to tick``."""
        return _kept_phrase(self, "boxes", count)

    def weeks(self, first: int, last: int) -> str:
        """Write ``week 3`` or ``weeks 3 to 6``."""
        return self._phrase("weeks", first, last)

    def minutes(self, low: int, high: int) -> str:
        """Write ``8 minutes`` or ``8 to 13 minutes``."""
        return self._phrase("minutes", low, high)

    def often(self, times: int, days: int) -> str:
        """Write ``once a day, 3 days a week``."""
        return self._phrase("often", times, days)

    def part_of_day(self, clock: dt.time) -> str:
        """Write ``Morning``, ``Afternoon`` or ``Evening``."""
        return self._phrase("part_of_day", clock.hour)

    def date(self, day: dt.date) -> str:
        """Write ``15 March 2027``."""
        return _kept_date(self, day)

    def period(self, first: dt.date, last: dt.date) -> str:
        """Write ``15 to 21 March 2027``, with months and years where they differ, or that there are no days."""
        return self._phrase("period", first, last, self.labels)

    def emergency_number(self, place: str) -> str:
        """Return the number to call in an emergency in a country, or in that of a zone."""
        unknown = self.labels["emergency_unknown"].format(number=self.emergency_default)
        return emergency_number(place, self.emergency, unknown)

    def _phrase(self, name: str, *values: Any) -> str:  # noqa: ANN401 - macros take any values
        module: Any = self.templates.get_template("phrases.j2").module
        return str(getattr(module, name)(*values))


@lru_cache(_KEPT)
def _kept_phrase(words: Words, name: str, *values: Hashable) -> str:
    return words._phrase(name, *values)  # noqa: SLF001 - its own module


@lru_cache(_KEPT)
def _kept_date(words: Words, day: dt.date) -> str:
    return words._phrase("date", day, words.labels)  # noqa: SLF001 - its own module


@lru_cache(_KEPT)
def _kept_passages(words: Words, template: str, values: tuple[tuple[str, Hashable], ...]) -> Mapping[str, str]:
    return MappingProxyType(_passages(words.render(template, **dict(values))))


def _passages(text: str) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            parts[line[1:-1]] = []
        elif line.strip():
            parts[next(reversed(parts))].append(line.strip())
    return {name: "\n".join(lines) for name, lines in parts.items()}


def languages(templates: Path) -> tuple[str, ...]:
    """Return the languages that have templates."""
    return tuple(sorted(path.name for path in templates.iterdir() if path.is_dir()))


def load(language: str, *, templates: Path, catalogue: Path) -> Words:
    """Read the words of a language from the folders of templates and catalogue."""
    folder = templates / language
    text = _toml(catalogue / "text" / f"{language}.toml")
    sources = [catalogue / "text" / f"{language}.toml", catalogue / "emergency.toml", *folder.iterdir()]
    emergency = _toml(catalogue / "emergency.toml")
    exercises = {name: _exercise(name, fields, text) for name, fields in text["exercises"].items()}
    return Words(
        language=language,
        exercises=exercises,
        general={key: value for key, value in text.items() if key not in {"exercises", "harder", "variants"}},
        labels=_toml(folder / "labels.toml"),
        emergency=emergency["countries"],
        emergency_default=emergency["default"],
        templates=jinja2.Environment(  # noqa: S701 - plain text for paper and calendars, never HTML
            loader=jinja2.FileSystemLoader(folder),
            undefined=jinja2.StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        ),
        characters=_SIGNS.union(*(path.read_text(encoding="utf-8") for path in sources)) - {"\n"},
    )


def _exercise(name: str, fields: dict[str, Any], text: dict[str, Any]) -> ExerciseWords:
    variants = text.get("variants", {}).get(name, {})
    return ExerciseWords(
        **{**fields, "steps": tuple(fields["steps"])},
        harder=text.get("harder", {}).get(name, ""),
        variants={
            key: VariantWords(**{**words, "steps": tuple(words.get("steps", ()))}) for key, words in variants.items()
        },
    )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
