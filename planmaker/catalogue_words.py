"""Say which words a catalogue needs: for every exercise, variant, condition, reason and thing in use."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from planmaker.catalogue_rules import Finding
from planmaker.exercise import Group
from planmaker.schema import hint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.catalogue_rules import Library
    from planmaker.documents import Key

__all__ = ["wording"]

_BY_EXERCISE = dict.fromkeys(("exercises", "harder", "variants", "aerobic"), "exercises")
_PARTS = {**_BY_EXERCISE, "conditions": "conditions", "profiles": "profiles"}


def wording(library: Library) -> Iterator[Finding]:
    """Yield the words that are missing, and those for things that are unknown, in each language."""
    needed = list(_needed(library))
    for language, text in library.sound("text").items():
        name = f"text/{language}.toml"
        unknown = list(_unknown(library, name))
        meant = {key for key, _, _ in unknown} | {(key[0], near) for key, near, _ in unknown}
        yield from (Finding(name, key, what) for key, _, what in unknown)
        told: set[Key] = set()
        for key, file, place in needed:
            if not _has(text, key) and key[:2] not in meant and not {key, key[:3]} & told:
                told.add(key)
                yield _missing(library, name, Finding(file, key, "", place))
        yield from _limbs(library, name, text)
        if library.base and name in library.own and "rules" in library.own[name].data:
            yield Finding(name, ("rules",), "the safety rules cannot be changed; leave this table out")


def _needed(library: Library) -> Iterator[tuple[Key, str, Key]]:
    """Yield the keys of the words that are needed, each with the file and key that need them."""
    for stem in library.ids("exercises"):
        name = f"exercises/{stem}.toml"
        yield ("exercises", stem), name, ("id",)
        data = library.file(name)
        if library.added(name) and data.get("group") == Group.AEROBIC:
            yield ("aerobic", stem), name, ("group",)
        for number, form in enumerate(data.get("variants", ())):
            yield ("variants", stem, form["id"]), name, ("variants", number, "id")
            yield from _things(form, name, ("variants", number))
            if "serves" in form and form["kind"] != "harder":
                yield ("variants", stem, form["id"], "steps"), name, ("variants", number, "serves")
        yield from _things(data, name, ())
    for stem in library.ids("profiles"):
        if library.added(f"profiles/{stem}.toml"):
            yield ("profiles", stem), f"profiles/{stem}.toml", ("id",)
    for stem in library.ids("conditions"):
        name = f"conditions/{stem}.toml"
        yield ("conditions", stem), name, ("id",)
        for exercise, cell in library.file(name).get("cells", {}).items():
            yield ("reasons", cell["because"]), name, ("cells", exercise, "because")
            forms = library.file(f"exercises/{exercise}.toml").get("variants", ())
            if any(form["id"] == cell.get("variant") and form["kind"] != "harder" for form in forms):
                yield ("variants", exercise, cell["variant"], "steps"), name, ("cells", exercise, "variant")


def _things(data: Mapping[str, Any], name: str, key: Key) -> Iterator[tuple[Key, str, Key]]:
    """Yield the words for the position and equipment of an exercise or variant."""
    if "position" in data:
        yield ("positions", data["position"]), name, (*key, "position")
    for number, item in enumerate(data.get("equipment_any_of", ())):
        yield ("equipment", item), name, (*key, "equipment_any_of", number)


def _missing(library: Library, name: str, wanted: Finding) -> Finding:
    """Place missing words where the clinic has named the thing, else in the file of words."""
    if wanted.file not in library.own:
        return Finding(name, wanted.key, "missing; expected words")
    part, *rest = (str(item) for item in wanted.key)
    known = library.file(name).get(part, {})
    near = hint(rest[0], known) if len(rest) == 1 and part in ("equipment", "reasons") else ""
    return Finding(wanted.file, wanted.near, f"no words for it; expected {'.'.join((part, *rest))} in {name}{near}")


def _unknown(library: Library, name: str) -> Iterator[tuple[Key, str, str]]:
    """Yield the keys of words for unknown exercises, variants and conditions, with what they may mean."""
    if name not in library.own:
        return
    sound = library.sound("exercises")
    text = library.own[name].data
    for part, folder in _PARTS.items():
        known = library.ids(folder)
        for item in text.get(part, {}):
            if item not in known:
                near = "".join(difflib.get_close_matches(item, known, n=1))
                yield (part, item), near, f"unknown {folder.removesuffix('s')}{hint(item, known)}"
            elif part == "variants" and item in sound:
                forms = [form["id"] for form in sound[item].get("variants", ())]
                for form in text[part][item]:
                    if form not in forms:
                        yield (part, item, form), "", f"unknown variant of {item}{hint(form, forms)}"


def _limbs(library: Library, name: str, text: Mapping[str, Any]) -> Iterator[Finding]:
    """Check that an exercise done on each side says on what, such as "leg", and no other does."""
    for stem, data in library.sound("exercises").items():
        limb = text["exercises"].get(stem, {"limb": None})["limb"]
        if limb is not None and (data["sides"] == "both") != (limb == ""):
            what = (
                "expected none, since both sides work at once" if limb else "expected a word such as leg, for the sides"
            )
            file = library.at_fault(name, f"exercises/{stem}.toml")
            yield Finding(file, ("exercises", stem, "limb"), what, ("sides",))


def _has(text: Mapping[str, Any], key: Key) -> bool:
    """Tell whether a text has words under a key."""
    part: Any = text
    for name in key:
        if not isinstance(part, dict) or name not in part:
            return False
        part = part[name]
    return True
