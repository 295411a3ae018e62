"""Read the catalogue's TOML files into frozen values."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planmaker.condition import Action, Cell, Condition
from planmaker.dose import AerobicDose, AnyDose, Dose, Tempo
from planmaker.errors import InputError
from planmaker.exercise import Exercise, Fact, Group, Kind, Position, Sides, Sourced, Step, Variant
from planmaker.programme import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["Catalogue", "Level", "Place", "Profile", "Rules", "assemble", "digest", "load", "read"]

_ROOT = ("composing.toml", "sources.toml", "seeds.toml", "emergency.toml")
_FOLDERS = ("exercises", "profiles", "conditions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a profile puts an exercise when there are two sessions a day."""

    exercise: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A kind of programme: its exercises in the order of introduction, and its aerobic choices.

    ``once_a_day`` gives the plan days (0-6) of a group when there is one session a day; a group
    that is not in it keeps its own days.
    """

    id: str
    first_week: int
    new_each_week: int
    places: tuple[Place, ...]
    aerobic: tuple[str, ...]
    once_a_day: Mapping[Group, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How fast a programme grows: exercises in week 1, new ones a week, weeks on each step of a ramp.

    In an exercise's first ``once_a_day_weeks`` it comes once a day at most.
    """

    first_week: int
    new_each_week: int
    weeks_a_step: int
    once_a_day_weeks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for every profile (catalogue/composing.toml); days are offsets 0-6, times in seconds.

    ``provenance`` names the sources of each rule, such as ``levels.gentle.weeks_a_step``.
    """

    levels: Mapping[str, Level]
    load_days: tuple[int, ...]
    aerobic_days: tuple[tuple[int, tuple[int, ...]], ...]
    each_exercise: int
    floor: int
    warm_up: int
    warm_up_before_load: int
    weeks_at_full: int
    always_at_hand: frozenset[str]
    household: frozenset[str]
    provenance: Mapping[str, tuple[str, ...]]

    def at_hand(self, equipment: tuple[str, ...] | None) -> frozenset[str]:
        """Return what is at hand for somebody who names their equipment, or not (None: what most homes have)."""
        return self.always_at_hand | (self.household if equipment is None else frozenset(equipment))

    def aerobic_days_in(self, week: int) -> tuple[int, ...]:
        """Return the plan days of the aerobic session in a week."""
        return next(days for start, days in reversed(self.aerobic_days) if start <= week)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that can be prescribed; ``digest`` changes when any of its facts does."""

    exercises: Mapping[str, Exercise]
    profiles: Mapping[str, Profile]
    conditions: Mapping[str, Condition]
    rules: Rules
    seeds: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, Any]]
    digest: str

    def by_priority(self, group: Group) -> tuple[Exercise, ...]:
        """Return a group's exercises, the seeds' first."""
        found = (exercise for exercise in self.exercises.values() if exercise.group is group)
        return tuple(sorted(found, key=lambda exercise: (exercise.priority, exercise.id)))

    def equipment(self) -> frozenset[str]:
        """Return every piece of equipment that an exercise, or a form of it that may be chosen, can use."""
        choices = [exercise.equipment_any_of for exercise in self.exercises.values()]
        choices += [form.equipment_any_of or () for exercise in self.exercises.values() for form in exercise.variants]
        return (
            frozenset(item for things in choices for item in things) | self.rules.always_at_hand | self.rules.household
        )


def load(folder: Path) -> Catalogue:
    """Read a catalogue folder; raise InputError naming the file and key at fault."""
    return assemble(read(folder), digest(folder), folder)


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the TOML files of a catalogue folder say, by name; raise InputError for the first that is none."""
    paths = [folder / name for name in _ROOT]
    paths += [path for name in (*_FOLDERS, "text") for path in sorted((folder / name).glob("*.toml"))]
    return {path.relative_to(folder).as_posix(): _toml(path) for path in paths}


def assemble(files: Mapping[str, Mapping[str, Any]], digest: str, folder: Path) -> Catalogue:
    """Build the values from what a folder's files say; raise InputError naming the file and key at fault."""

    def built(kind: str, build: Any) -> dict[str, Any]:  # noqa: ANN401 - returns what build returns
        names = sorted(name for name in files if name.startswith(f"{kind}/"))
        values = [_built(folder / name, files[name], build) for name in names]
        return {value.id: value for value in values}

    return Catalogue(
        exercises=built("exercises", _exercise),
        profiles=built("profiles", _profile),
        conditions=built("conditions", _condition),
        rules=_built(folder / "composing.toml", files["composing.toml"], _rules),
        seeds=files["seeds.toml"],
        sources={row["id"]: row for row in files["sources.toml"]["source"]},
        digest=digest,
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except ValueError as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from error


def _built(path: Path, data: Mapping[str, Any], build: Any) -> Any:  # noqa: ANN401 - returns what build returns
    try:
        return build(data)
    except KeyError as error:
        msg = f"{path}: {error.args[0]}: expected this key"
        raise InputError(msg) from error
    except (TypeError, ValueError) as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from error


def digest(folder: Path) -> str:
    """Hash the facts a plan is composed from: not words, poses or pictures."""
    hashed = hashlib.sha256()
    facts = [path for name in _FOLDERS for path in (folder / name).glob("*.toml")]
    for path in sorted((*facts, folder / "composing.toml")):
        hashed.update(path.relative_to(folder).as_posix().encode() + b"\0")
        hashed.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return hashed.hexdigest()[:16]


def _exercise(data: dict[str, Any]) -> Exercise:
    sides = Sides(data["sides"])
    timing = data.get("timing", {})
    full = data["full"]
    provenance = {**full, **timing}
    return Exercise(
        id=data["id"],
        order=data["order"],
        priority=data["priority"],
        group=Group(data["group"]),
        kind=Kind(data["kind"]),
        seeds=tuple(data["seeds"]),
        position=Position(data["position"]),
        sides=sides,
        equipment_any_of=tuple(data["equipment_any_of"]),
        muscles=tuple(data["muscles"]),
        bends_spine=data["bends_spine"],
        tempo=Tempo(
            pause_seconds=timing.get("pause_seconds", {"value": 0})["value"],
            rest_seconds=timing.get("rest_seconds", {"value": 0})["value"],
            before_seconds=timing.get("before_seconds", {"value": 0})["value"],
            sides=sides.number,
        ),
        full=_dose({key: item["value"] for key, item in full.items()}),
        times_a_day=full["times_a_day"]["value"],
        days_a_week=full["days_a_week"]["value"],
        provenance=tuple((key, _sourced(item)) for key, item in provenance.items()),
        ramp=tuple(_step(item, full) for item in data["ramp"]),
        facts=tuple(_fact(item) for item in data.get("facts", ())),
        tags=tuple(data.get("tags", {}).items()),
        good_for=tuple(data.get("good_for", ())),
        variants=tuple(_variant(item) for item in data.get("variants", ())),
    )


def _variant(item: dict[str, Any]) -> Variant:
    return Variant(
        id=item["id"],
        kind=item["kind"],
        sources=tuple(item["sources"]),
        position=Position(item["position"]) if "position" in item else None,
        equipment_any_of=tuple(item["equipment_any_of"]) if "equipment_any_of" in item else None,
        max_hold_seconds=item.get("max_hold_seconds"),
        easy_pace=item.get("easy_pace", False),
        serves=tuple(item.get("serves", ())),
        raises_dose=item.get("raises_dose", False),
        pictured=item.get("pictured", False),
    )


def _condition(data: dict[str, Any]) -> Condition:
    return Condition(
        id=data["id"],
        needs_clearance=data["needs_clearance"],
        off_floor=data.get("off_floor", False),
        sources=tuple(data["sources"]),
        contrary=tuple(data.get("contrary", ())),
        cells={name: _cell(item) for name, item in data["cells"].items()},
    )


def _cell(item: dict[str, Any]) -> Cell:
    return Cell(
        action=Action[item["action"].upper()],
        because=item["because"],
        sources=tuple(item["sources"]),
        variant=item.get("variant", ""),
    )


def _sourced(item: dict[str, Any]) -> Sourced:
    return Sourced(value=item["value"], sources=tuple(item["sources"]), note=item.get("note", ""))


def _dose(numbers: Mapping[str, int]) -> AnyDose:
    if "brisk_minutes" in numbers:
        return AerobicDose(brisk_minutes=numbers["brisk_minutes"], easy_minutes=numbers["easy_minutes"])
    return Dose(
        sets=numbers["sets"],
        repetitions=numbers["repetitions"],
        hold_seconds=numbers["hold_seconds"],
    )


def _step(item: dict[str, Any], full: dict[str, Any]) -> Step:
    easy = {"easy_minutes": full["easy_minutes"]["value"]} if "easy_minutes" in full else {}
    return Step(
        dose=_dose({**item, **easy}),
        sources=tuple(item["sources"]),
        not_before_week=item.get("not_before_week", 1),
    )


def _fact(item: dict[str, Any]) -> Fact:
    return Fact(
        attribute=item["attribute"],
        status=item["status"],
        s0=item.get("S0"),
        s3=item.get("S3"),
        difference=item.get("difference"),
    )


def _profile(data: dict[str, Any]) -> Profile:
    return Profile(
        id=data["id"],
        first_week=data["first_week"],
        new_each_week=data["new_each_week"],
        places=tuple(
            Place(exercise=item["id"], slots=tuple(Slot(slot) for slot in item["slots"])) for item in data["exercise"]
        ),
        aerobic=tuple(data["aerobic"]),
        once_a_day={Group(group): _offsets(days) for group, days in data.get("once_a_day", {}).items()},
    )


def _rules(data: dict[str, Any]) -> Rules:
    seconds = data["seconds"]
    return Rules(
        levels={name: _level(item) for name, item in data["levels"].items()},
        load_days=_offsets(data["load"]["days"]),
        aerobic_days=tuple((item["from_week"], _offsets(item["days"])) for item in data["aerobic"]),
        each_exercise=seconds["each_exercise"]["value"],
        floor=seconds["floor"]["value"],
        warm_up=seconds["warm_up"]["value"],
        warm_up_before_load=seconds["warm_up_before_load"]["value"],
        weeks_at_full=data["harder"]["weeks_at_full"]["value"],
        always_at_hand=frozenset(data["equipment"]["always"]),
        household=frozenset(data["equipment"]["household"]),
        provenance=dict(_rule_sources(data)),
    )


def _rule_sources(data: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name the sources of every rule; what is at hand is judgement."""
    for level, numbers in data["levels"].items():
        for key, item in numbers.items():
            yield f"levels.{level}.{key}", tuple(item["sources"])
    yield "load.days", tuple(data["load"]["sources"])
    for item in data["aerobic"]:
        yield f"aerobic.{item['from_week']}", tuple(item["sources"])
    for key, item in data["seconds"].items():
        yield f"seconds.{key}", tuple(item["sources"])
    yield "harder.weeks_at_full", tuple(data["harder"]["weeks_at_full"]["sources"])
    for key in data["equipment"]:
        yield f"equipment.{key}", ("J",)


def _level(item: dict[str, Any]) -> Level:
    return Level(
        first_week=item["first_week"]["value"],
        new_each_week=item["new_each_week"]["value"],
        weeks_a_step=item["weeks_a_step"]["value"],
        once_a_day_weeks=item["once_a_day_weeks"]["value"],
    )


def _offsets(days: list[int]) -> tuple[int, ...]:
    """Turn plan days as people count them (1-7) into offsets from the start (0-6)."""
    return tuple(day - 1 for day in days)
