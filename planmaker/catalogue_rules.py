"""Say what must hold between the parts of an exercise and between the files of a catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from planmaker.condition import Action
from planmaker.exercise import Group, Kind
from planmaker.schema import hint

if TYPE_CHECKING:
    from planmaker.documents import Document, Key

__all__ = ["RULES", "Finding", "Library", "own_sources", "raised"]

Data = Mapping[str, Any]
_DOSE = ("sets", "repetitions", "hold_seconds", "brisk_minutes")
_KINDS = {
    Group.STRENGTHENING: (Kind.CONTROL, Kind.LOAD),
    Group.STRETCH: (Kind.STRETCH,),
    Group.AEROBIC: (Kind.AEROBIC,),
}
_OWN_SOURCE = "at the clinic's responsibility: expected a source of its own, not J alone"
_CITING = ("sources", "contrary", "seeds")


class Finding(NamedTuple):
    """A fault: file, key, what was expected; ``near`` is where to look if the file lacks the key."""

    file: str
    key: Key
    what: str
    near: Key = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """The files of a catalogue as data, by name.

    ``own`` are the files to judge, ``base`` those that they are laid over (none: a catalogue of its
    own), ``unsound`` those with faults of their own, which no rule reads.
    """

    files: Mapping[str, Data]
    own: Mapping[str, Document]
    base: Mapping[str, Data]
    languages: tuple[str, ...]
    unsound: frozenset[str] = frozenset()

    def ids(self, folder: str) -> list[str]:
        """Return the ids of a folder's files, those with faults too."""
        names = {*self.files, *(self.unsound - set(self.own))}
        return sorted(name[len(folder) + 1 : -5] for name in names if name.startswith(f"{folder}/"))

    def sound(self, folder: str) -> dict[str, Data]:
        """Return the files of a folder that have no faults of their own, by id."""
        found = {name: self.file(f"{folder}/{name}.toml") for name in self.ids(folder)}
        return {name: data for name, data in found.items() if data}

    def file(self, name: str) -> Data:
        """Return a file's data, empty if it is missing or has faults of its own."""
        return {} if name in self.unsound else self.files.get(name, {})

    def at_fault(self, *names: str) -> str:
        """Return the first of the files that is the clinic's own, else the first."""
        return next((name for name in names if name in self.own), names[0])

    def added(self, name: str) -> bool:
        """Tell whether a file is new beside those that it is laid over."""
        return bool(self.base) and name in self.own and name not in self.base


def own_sources(given: Any, before: Data) -> bool:  # noqa: ANN401 - an overlay's table, if it is one
    """Tell whether an overlay's table names a source other than judgement and those it replaces."""
    return isinstance(given, dict) and bool(set(given.get("sources", ())) - {"J", *before["sources"]})


def raised(library: Library) -> Iterator[tuple[str, str, int, int, bool]]:
    """Yield each dose above the built-in one: file, key, both numbers, and whether it has its own source."""
    for name, document in library.own.items():
        if not name.startswith("exercises/") or name not in library.base or not library.file(name):
            continue
        before = library.base[name]["full"]
        for key, item in library.file(name)["full"].items():
            if key in before and item["value"] > before[key]["value"]:
                given = document.data.get("full", {}).get(key)
                yield name, key, before[key]["value"], item["value"], own_sources(given, before[key])


def _ids(library: Library) -> Iterator[Finding]:
    for name in library.own:
        folder, _, file = name.partition("/")
        if folder in ("exercises", "profiles", "conditions") and library.file(name):
            stem = file.removesuffix(".toml")
            if library.file(name)["id"] != stem:
                yield Finding(name, ("id",), f"expected {stem}, the name of the file")


def _sources(library: Library) -> Iterator[Finding]:
    listed = library.file("sources.toml")
    known = [source["id"] for source in listed.get("source", ())]
    own = library.own.get("sources.toml")
    given = [source["id"] for source in own.data["source"]] if own and listed else []
    for number, name in enumerate(given):
        if name in given[:number]:
            yield Finding("sources.toml", ("source", number, "id"), "is listed already; expected each source once")
    for name, document in library.own.items():
        if known and name not in library.unsound:
            for key, source in _cited(document.data, ()):
                if source not in known:
                    yield Finding(name, key, f"unknown source{hint(source, known) or '; list it in sources.toml'}")


def _cited(value: Any, key: Key) -> Iterator[tuple[Key, str]]:  # noqa: ANN401 - any part of a file
    """Yield the source ids that a file names, wherever they stand."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        if name in _CITING and isinstance(part, list):
            yield from (((*key, name, number), source) for number, source in enumerate(part))
        else:
            yield from _cited(part, (*key, name))


def _exercises(library: Library) -> Iterator[Finding]:
    conditions = library.ids("conditions")
    for stem, data in library.sound("exercises").items():
        name = f"exercises/{stem}.toml"
        if name not in library.own:
            continue
        kinds = _KINDS[Group(data["group"])]
        if data["kind"] not in kinds:
            yield Finding(name, ("kind",), f"expected {' or '.join(kinds)} in the group {data['group']}", ("group",))
        for number, condition in enumerate(data.get("good_for", ())):
            if condition not in conditions:
                yield Finding(name, ("good_for", number), f"unknown condition{hint(condition, conditions)}")
        yield from _ramp(name, data) if library.own[name].has(("ramp",)) else _old_ramp(name, data)
        yield from _forms(name, data)


def _ramp(name: str, data: Data) -> Iterator[Finding]:
    """Check that a ramp never goes down, stays within the full dose and ends there."""
    full = {key: item["value"] for key, item in data["full"].items()}
    before: dict[str, int] = {}
    for number, step in enumerate(data["ramp"]):
        last = number + 1 == len(data["ramp"])
        for key in (key for key in _DOSE if key in step):
            what = ""
            if step[key] > full[key]:
                what = f"expected at most {full[key]}, the full dose"
            elif step[key] < before.get(key, 0):
                what = f"expected at least {before[key]}, as in the step before: a ramp never goes down"
            elif last and step[key] != full[key]:
                what = f"expected {full[key]} in the last step, the full dose"
            if what:
                yield Finding(name, ("ramp", number, key), what)
            before[key] = min(step[key], full[key])
    yield from _weeks(name, data["ramp"])


def _weeks(name: str, ramp: Sequence[Data]) -> Iterator[Finding]:
    """Check that the first step may come at once, and that later steps wait no less than those before."""
    earliest = 1
    for number, step in enumerate(ramp):
        week = step.get("not_before_week", 1)
        if number == 0 and week > 1:
            yield Finding(name, ("ramp", 0, "not_before_week"), "expected none, or 1, in the first step")
        elif "not_before_week" in step and week < earliest:
            yield Finding(
                name, ("ramp", number, "not_before_week"), f"expected {earliest} or more, as in the step before"
            )
        earliest = max(earliest, week) if number else 1


def _old_ramp(name: str, data: Data) -> Iterator[Finding]:
    """Check that a full dose is changed together with the ramp that leads to it."""
    for key, end in data["ramp"][-1].items():
        if key in _DOSE and end != data["full"][key]["value"]:
            what = f"the built-in ramp ends at {end}; expected a ramp of its own that ends here"
            yield Finding(name, ("full", key, "value"), what, ("full", key))


def _forms(name: str, data: Data) -> Iterator[Finding]:
    """Check that variants have ids of their own, shorten holds, and that what is not held takes time."""
    hold = data["full"].get("hold_seconds", {"value": 0})["value"]
    seen: set[str] = set()
    for number, form in enumerate(data.get("variants", ())):
        if form["id"] in seen:
            yield Finding(name, ("variants", number, "id"), "another variant has this id; give each its own")
        if form.get("max_hold_seconds", 0) >= max(hold, 1):
            yield Finding(name, ("variants", number, "max_hold_seconds"), f"expected less than {hold}, the full hold")
        seen.add(form["id"])
    yield from _serving(name, data.get("variants", ()))
    if "hold_seconds" in data["full"] and not hold and not data.get("timing", {}).get("pause_seconds"):
        what = "missing; expected the seconds that one repetition takes, since none is held"
        yield Finding(name, ("timing", "pause_seconds"), what)


def _serving(name: str, forms: Sequence[Data]) -> Iterator[Finding]:
    """Check that a form serves others that exist, and is no harder, held no longer and no brisker than they."""
    known = {form["id"]: form for form in forms}
    for number, form in enumerate(forms):
        place: Key = ("variants", number)
        if "serves" in form and form["kind"] == "harder":
            yield Finding(name, (*place, "serves"), "expected only where the kind is easier or safer")
        for index, other in enumerate(form.get("serves", ())):
            key = (*place, "serves", index)
            if other not in known or other == form["id"]:
                others = [item for item in known if item != form["id"]]
                yield Finding(name, key, f"expected another variant of this exercise{hint(other, others)}")
                continue
            hold = known[other].get("max_hold_seconds", 120)
            if form.get("max_hold_seconds", 120) > hold:
                yield Finding(name, key, f"held longer than {other}; expected max_hold_seconds of at most {hold}")
            if known[other].get("easy_pace", False) > form.get("easy_pace", False):
                yield Finding(name, key, f"brisker than {other}; expected easy_pace = true")


def _raised(library: Library) -> Iterator[Finding]:
    for name, key, before, _, sourced in raised(library):
        if not sourced:
            what = f"above the built-in {before}, {_OWN_SOURCE}"
            yield Finding(name, ("full", key, "value"), what, ("full", key))


def _profiles(library: Library) -> Iterator[Finding]:
    known, sound = library.ids("exercises"), library.sound("exercises")
    gone = [name for name in library.own if name not in library.files]
    for stem, data in library.sound("profiles").items():
        name = f"profiles/{stem}.toml"
        named = [(("exercise", number, "id"), item["id"]) for number, item in enumerate(data["exercise"])]
        places = [*named, *((("aerobic", number), item) for number, item in enumerate(data["aerobic"]))]
        seen: set[str] = set()
        if not places:
            yield Finding(library.at_fault(name, *gone), ("exercise",), f"the profile {stem} has no exercise left")
        for key, exercise in places:
            aerobic = sound.get(exercise, {}).get("group", "") == Group.AEROBIC
            if exercise not in known:
                yield Finding(name, key, f"unknown exercise{hint(exercise, known)}")
            elif exercise in seen:
                yield Finding(name, key, "is in the profile already; expected each exercise once")
            elif exercise in sound and aerobic != (key[0] == "aerobic"):
                what = f"is {'' if aerobic else 'not '}aerobic; list it under {'aerobic' if aerobic else 'exercise'}"
                yield Finding(library.at_fault(name, f"exercises/{exercise}.toml"), key, what, ("group",))
            seen.add(exercise)


def _cells(library: Library) -> Iterator[Finding]:
    known, sound = library.ids("exercises"), library.sound("exercises")
    for stem, data in library.sound("conditions").items():
        name = f"conditions/{stem}.toml"
        for exercise, cell in data["cells"].items():
            key = ("cells", exercise)
            if exercise not in known:
                yield Finding(name, key, f"unknown exercise{hint(exercise, known)}")
                continue
            if (cell["action"] == "fine") != (cell["because"] in ("none", "good")):
                words = "none or good" if cell["action"] == "fine" else "a reason other than none and good"
                yield Finding(name, (*key, "because"), f"expected {words} for {cell['action']}", (*key, "action"))
            if exercise in sound:
                yield from _variant(library, name, exercise, cell)
        yield from _milder(library, name)


def _variant(library: Library, name: str, exercise: str, cell: Data) -> Iterator[Finding]:
    """Check that a change, and nothing else, names a variant that exists and is no harder."""
    key: Key = ("cells", exercise, "variant")
    kinds = {form["id"]: form["kind"] for form in library.file(f"exercises/{exercise}.toml").get("variants", ())}
    wanted = cell.get("variant", "")
    if cell["action"] != "change":
        if wanted:
            yield Finding(name, key, "expected only where the action is change")
    elif not wanted:
        able = ", ".join(form for form, kind in kinds.items() if kind != "harder")
        yield Finding(name, key, f"missing; expected one of {able}", key[:2])
    elif wanted not in kinds:
        if name in library.own:
            yield Finding(name, key, f"unknown variant of {exercise}{hint(wanted, kinds)}")
    elif kinds[wanted] == "harder":
        file = library.at_fault(name, f"exercises/{exercise}.toml")
        yield Finding(file, key, "expected a variant that is easier or safer, not harder", ("variants",))


def _gone_variants(library: Library) -> Iterator[Finding]:
    """Check that no variant is taken away that a built-in condition asks for."""
    for stem, data in library.sound("exercises").items():
        cells = {name: item["cells"].get(stem, {}) for name, item in library.sound("conditions").items()}
        asked = {name: cell["variant"] for name, cell in cells.items() if cell.get("variant")}
        for form in sorted(set(asked.values()) - {form["id"] for form in data.get("variants", ())}):
            users = [name for name, variant in asked.items() if variant == form]
            if not any(f"conditions/{name}.toml" in library.own for name in users):
                what = f"expected {form} too, for {', '.join(users)}"
                yield Finding(f"exercises/{stem}.toml", ("variants",), what)


def _milder(library: Library, name: str) -> Iterator[Finding]:
    """Check that a cell is made milder than the built-in one by a source of its own only."""
    if name not in library.own or name not in library.base:
        return
    before, given = library.base[name]["cells"], library.own[name].data.get("cells", {})
    for exercise in (item for item in given if item in before):
        now = Action[library.file(name)["cells"][exercise]["action"].upper()]
        old = before[exercise]
        if now < Action[old["action"].upper()] and not own_sources(given[exercise], old):
            what = f"milder than the built-in {old['action']}, {_OWN_SOURCE}"
            yield Finding(name, ("cells", exercise, "action"), what)


def _missing_cells(library: Library) -> Iterator[Finding]:
    """Check that every condition has a cell for every exercise; told once an added exercise, else once a condition."""
    conditions = library.sound("conditions")
    exercises = library.ids("exercises")
    added = [name for name in exercises if library.added(f"exercises/{name}.toml")]
    for name in added:
        lacking = [stem for stem, data in conditions.items() if name not in data["cells"]]
        if lacking:
            what = f"expected [cells.{name}] in each condition; none in {', '.join(lacking)}"
            yield Finding(f"exercises/{name}.toml", ("id",), what)
    for stem, data in conditions.items():
        absent = [name for name in exercises if name not in data["cells"] and name not in added]
        if absent:
            yield Finding(f"conditions/{stem}.toml", ("cells",), f"expected a cell for {', '.join(absent)} too")


def _composing(library: Library) -> Iterator[Finding]:
    weeks = [item["from_week"] for item in library.file("composing.toml").get("aerobic", ())]
    for number, week in enumerate(weeks):
        if number == 0 and week != 1:
            yield Finding("composing.toml", ("aerobic", 0, "from_week"), "expected 1 in the first")
        if number and week <= weeks[number - 1]:
            yield Finding("composing.toml", ("aerobic", number, "from_week"), f"expected above {weeks[number - 1]}")


Check = Callable[[Library], Iterator[Finding]]
RULES: tuple[Check, ...] = (
    _ids,
    _sources,
    _exercises,
    _raised,
    _profiles,
    _cells,
    _gone_variants,
    _missing_cells,
    _composing,
)
