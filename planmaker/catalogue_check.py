"""Find every fault of a catalogue's files: each file by itself, then all of them together."""

from __future__ import annotations

import dataclasses
import difflib
from typing import TYPE_CHECKING

from planmaker.catalogue_rules import RULES, Finding, Library
from planmaker.catalogue_schema import rule_for
from planmaker.catalogue_words import wording
from planmaker.documents import Document, dotted, read
from planmaker.errors import Problem
from planmaker.figures import album

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["check_folder", "problems", "read_folder"]

ROOT = ("composing.toml", "sources.toml", "seeds.toml", "emergency.toml")
FOLDERS = ("exercises", "profiles", "conditions", "text")
_NOT_CHECKED = ("poses",)  # figures' own


def check_folder(folder: Path, languages: tuple[str, ...]) -> tuple[Problem, ...]:
    """Return every fault of a whole catalogue's files, in the order of files and lines."""
    documents, unreadable = read_folder(folder)
    wanted = (*ROOT, *(f"text/{language}.toml" for language in languages))
    missing = [
        Problem(where=name, what="cannot be read: no such file") for name in wanted if not (folder / name).exists()
    ]
    files = {name: document.data for name, document in documents.items()}
    library = Library(files=files, own=documents, base={}, languages=languages)
    return (*missing, *problems(library, unreadable), *_pictures(folder))


def _pictures(folder: Path) -> Iterator[Problem]:
    """Yield the drawings that are not of the pose and the engine as they are now."""
    for name, what in album.stale(folder).items():
        yield Problem(where=f"drawings/{name}.json", what=f"{what}; run planmaker figures bake")


def read_folder(folder: Path) -> tuple[dict[str, Document], dict[str, Problem]]:
    """Read the TOML files of a catalogue's folder; return them, and what is wrong with those that are none."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.toml"))
    found = {name: read(folder, name) for name in names if name.split("/")[0] not in _NOT_CHECKED}
    documents = {name: item for name, item in found.items() if isinstance(item, Document)}
    return documents, {name: item for name, item in found.items() if isinstance(item, Problem)}


def problems(library: Library, unreadable: Mapping[str, Problem]) -> tuple[Problem, ...]:
    """Return every fault of the library's own files; rules across files read only those that are sound."""
    alone = [finding for name in library.own for finding in _alone(library, name)]
    unsound = frozenset(unreadable) | {finding.file for finding in alone}
    sound = dataclasses.replace(library, unsound=unsound)
    across = [finding for rule in (*RULES, wording) for finding in rule(sound)]
    placed = [(finding.file, *_placed(finding, library)) for finding in (*alone, *across)]
    placed += [(name, 0, problem) for name, problem in unreadable.items()]
    return tuple(problem for _, _, problem in sorted(placed, key=lambda item: item[:2]))


def _alone(library: Library, name: str) -> Iterator[Finding]:
    """Yield the faults of one file: a name that no catalogue has, or values that its rule does not allow."""
    data = library.own[name].data if name == "sources.toml" else library.files.get(name)
    if data is None:
        return
    language = name.removeprefix("text/").removesuffix(".toml")
    if name == f"text/{language}.toml" and language not in library.languages:
        yield Finding(name, (), f"unknown language; expected one of {', '.join(library.languages)}")
        return
    rule = rule_for(name, data)
    if rule is None:
        yield Finding(name, (), _misnamed(name))
        return
    yield from (Finding(name, key, what) for key, what in rule.faults(data))


def _misnamed(name: str) -> str:
    folder, slash, rest = name.rpartition("/")
    near = difflib.get_close_matches(folder or name, FOLDERS if slash else ROOT, n=1)
    expected = (f"{near[0]}/{rest}" if slash else near[0]) if near else ""
    return f"a catalogue has no such file{f'; did you mean {expected}?' if expected else ''}"


def _placed(finding: Finding, library: Library) -> tuple[int, Problem]:
    """Give a finding the line of its key, or of where to look if the file lacks it."""
    document = library.own.get(finding.file)
    where = f": {dotted(finding.key)}" if finding.key else ""
    if document is None:
        return 0, Problem(where=f"{finding.file}{where}", what=finding.what)
    near = not document.has(finding.key) and document.has(finding.near)
    line = document.line(finding.near if near else finding.key)
    return line, Problem(where=f"{finding.file}:{line}{where}", what=finding.what)
