"""Lay a clinic's folder over the built-in catalogue: add, change and remove, all of it checked."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planmaker import catalogue as catalogues
from planmaker.catalogue_check import problems, read_folder
from planmaker.catalogue_rules import Library, raised
from planmaker.errors import InputError, Problem
from planmaker.pictures import photos
from planmaker.schema import hint
from planmaker.words import ExerciseWords, VariantWords

if TYPE_CHECKING:
    from pathlib import Path

    from planmaker.catalogue import Catalogue
    from planmaker.documents import Document
    from planmaker.words import Words

__all__ = ["Laid", "lay", "worded"]

_REMOVABLE = ("exercises", "profiles")
_BY_EXERCISE = ("exercises", "harder", "variants")
_OWN_DATA = "seeds.toml"  # what the program's own safety rules come from
Files = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A catalogue with an overlay: the words' data by language, pictures by exercise, and what to know of it."""

    catalogue: Catalogue
    texts: Mapping[str, Mapping[str, Any]]
    emergency: Mapping[str, Any]
    photos: Mapping[str, bytes]
    notices: tuple[str, ...]


def lay(folder: Path, overlay: Path, languages: tuple[str, ...]) -> Laid:
    """Return the catalogue in ``folder`` as ``overlay`` changes it; raise InputError with every fault."""
    if not overlay.is_dir():
        msg = f"{overlay}: cannot be read: no such folder"
        raise InputError(msg)
    own, unreadable = read_folder(overlay)
    base = catalogues.read(folder)
    found = _refused(own, base)
    judged = {name: document for name, document in own.items() if name not in found}
    files = _merged(base, judged)
    library = Library(files=files, own=judged, base=base, languages=languages)
    exercises = [name.removeprefix("exercises/")[:-5] for name in files if name.startswith("exercises/")]
    pictures, faults = photos(overlay / "pictures", exercises)
    whole = (*found.values(), *problems(library, unreadable), *faults)
    if not (own or unreadable or pictures or faults):
        whole = (Problem(where=str(overlay), what="holds no file to lay over the catalogue"),)
    if whole:
        raise InputError("\n".join(problem.text() for problem in whole))
    digest = _digest(catalogues.digest(folder), own)
    return Laid(
        catalogue=catalogues.assemble(files, digest, overlay),
        texts={name[5:-5]: data for name, data in files.items() if name.startswith("text/")},
        emergency=files["emergency.toml"],
        photos=pictures,
        notices=_notices(library),
    )


def worded(words: Words, laid: Laid) -> Words:
    """Return the words of a language as the overlay changes them."""
    text = laid.texts.get(words.language)
    if text is None:
        return words
    aerobic = {**words.labels["aerobic"], **text.get("aerobic", {})}
    return dataclasses.replace(
        words,
        exercises={name: _exercise(name, text) for name in text["exercises"]},
        general={part: table for part, table in text.items() if part not in (*_BY_EXERCISE, "aerobic")},
        labels={**words.labels, "aerobic": aerobic},
        emergency=laid.emergency["countries"],
        emergency_default=laid.emergency["default"],
        characters=words.characters | _characters(text),
    )


def _characters(value: Any) -> frozenset[str]:  # noqa: ANN401 - walks tables of any values
    """Return all characters of the texts in a table."""
    if isinstance(value, Mapping):
        return frozenset().union(*map(_characters, value.values()))
    if isinstance(value, list | tuple):
        return frozenset().union(*map(_characters, value))
    return frozenset(str(value)) - {"\n"}


def _exercise(name: str, text: Mapping[str, Any]) -> ExerciseWords:
    variants = text["variants"].get(name, {})
    return ExerciseWords(
        **_frozen(text["exercises"][name]),
        harder=text["harder"].get(name, ""),
        variants={key: VariantWords(**_frozen(words)) for key, words in variants.items()},
    )


def _frozen(words: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in words.items()}


def _refused(own: Mapping[str, Document], base: Files) -> dict[str, Problem]:
    """Find files that cannot be laid over: removals of nothing, ids that are new and look misspelt, the seeds."""
    found: dict[str, Problem] = {}
    for name, document in own.items():
        folder = name.partition("/")[0]
        siblings = [other.partition("/")[2][:-5] for other in base if other.startswith(f"{folder}/")]
        what = "" if name != _OWN_DATA else "cannot be laid over: it is what the program starts from"
        key = ""
        if folder in _REMOVABLE and "remove" in document.data:
            key, what = "remove", _removal(name, document, siblings, known=name in base)
        elif folder == "conditions" and "remove" in document.data:
            key, what = "remove", "a condition cannot be removed; leave this key out"
        elif folder in (*_REMOVABLE, "conditions") and name not in base and "id" not in document.data:
            near = hint(name.partition("/")[2][:-5], siblings)
            key, what = "id", f"missing; a new file has all keys, an id first{near}"
        if what:
            where = f"{name}:{document.line((key,))}" + (f": {key}" if key else "")
            found[name] = Problem(where=where, what=what)
    return found


def _removal(name: str, document: Document, siblings: list[str], *, known: bool) -> str:
    if document.data["remove"] is not True:
        return "expected true, or leave it out"
    if not known:
        return f"nothing has this name{hint(name.partition('/')[2][:-5], siblings)}"
    return "" if set(document.data) <= {"id", "remove"} else "expected nothing beside it in the file"


def _merged(base: Files, own: Mapping[str, Document]) -> Files:
    """Return the files as the overlay changes them; what is removed takes its cells, places and words along."""
    gone = {name for name, document in own.items() if "remove" in document.data}
    exercises = {name.partition("/")[2][:-5] for name in gone if name.startswith("exercises/")}
    files = {name: _without(name, data, exercises) for name, data in base.items() if name not in gone}
    for name, document in own.items():
        if name == "sources.toml":
            files[name] = _listed(files[name], document.data)
        elif name not in gone:
            files[name] = _deep(_freed(files.get(name, {}), document.data), document.data)
    return dict(sorted(files.items()))


def _without(name: str, data: dict[str, Any], exercises: set[str]) -> dict[str, Any]:
    """Return a file without what it says of removed exercises."""
    folder = name.partition("/")[0]
    if not exercises:
        return data
    if folder == "profiles":
        places = [place for place in data["exercise"] if place["id"] not in exercises]
        return {**data, "exercise": places, "aerobic": [item for item in data["aerobic"] if item not in exercises]}
    parts = {"conditions": ("cells",), "text": _BY_EXERCISE}.get(folder, ())
    kept = {part: {key: item for key, item in data[part].items() if key not in exercises} for part in parts}
    return {**data, **kept}


def _freed(before: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a condition without the variants of cells that are changed to something else than a change."""
    cells = given.get("cells", {})
    if "cells" not in before or not isinstance(cells, dict):
        return before
    freed = {
        key: {part: item for part, item in cell.items() if part != "variant"}
        for key, cell in before["cells"].items()
        if isinstance(cells.get(key), dict) and cells[key].get("action", "change") != "change"
    }
    return {**before, "cells": {**before["cells"], **freed}}


def _deep(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Merge tables key by key; anything else, lists too, is replaced."""
    both = {
        key: _deep(before[key], item)
        for key, item in given.items()
        if isinstance(item, dict) and isinstance(before.get(key), dict)
    }
    return {**before, **given, **both}


def _listed(before: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Replace sources by their ids and append the new ones; what is not well formed is for the check."""
    rows = given.get("source", [])
    rows = [row for row in rows if isinstance(row, dict) and "id" in row] if isinstance(rows, list) else []
    return {"source": list({str(row["id"]): row for row in (*before["source"], *rows)}.values())}


def _notices(library: Library) -> tuple[str, ...]:
    """Say which doses are above the built-in ones, and by whose responsibility."""
    return tuple(
        f"{name}: full.{key}.value: {now} is above the built-in {before}; the clinic is responsible for it"
        for name, key, before, now, _ in raised(library)
    )


def _digest(before: str, own: Mapping[str, Document]) -> str:
    """Return a digest of both catalogues' facts, the built-in one's if the overlay changes words or pictures only."""
    facts = {
        name: document.data
        for name, document in own.items()
        if name.partition("/")[0] in ("exercises", "profiles", "conditions", "composing.toml")
    }
    if not facts:
        return before
    text = json.dumps([before, facts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
