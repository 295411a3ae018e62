"""Keep the baked drawings of a catalogue: which there are, and which are stale."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Final

from planmaker.figures.drawing import Drawing, drawings_from_json

__all__ = ["drawn", "made_from", "posed", "read", "stale"]

# Modules that read drawings or refuse poses but shape no line: a change to them makes no bake stale.
_BYSTANDERS: Final = frozenset(
    {"__init__.py", "album.py", "bake.py", "checks.py", "drawing.py", "measure.py", "sights.py", "svg.py", "values.py"}
)


def posed(folder: Path) -> tuple[str, ...]:
    """Return the names of the poses of a catalogue: an exercise's id, or ``id.form``."""
    return tuple(sorted(path.name.removesuffix(".toml") for path in (folder / "poses").glob("*.toml")))


def drawn(folder: Path) -> tuple[str, ...]:
    """Return the names of the baked drawings of a catalogue."""
    return tuple(sorted(path.name.removesuffix(".json") for path in (folder / "drawings").glob("*.json")))


def read(folder: Path, name: str) -> tuple[Drawing, ...]:
    """Read a baked drawing; raise OSError, ValueError or KeyError if there is none that is sound."""
    return drawings_from_json((folder / "drawings" / f"{name}.json").read_text(encoding="utf-8"))


def stale(folder: Path) -> dict[str, str]:
    """Return what is wrong between poses and drawings, by name; empty if every drawing is of its pose."""
    poses, drawings = posed(folder), drawn(folder)
    found = {name: _judged(folder, name) if name in drawings else "not drawn yet" for name in poses}
    found |= {name: "drawn from a pose that is gone" for name in drawings if name not in poses}
    return {name: what for name, what in found.items() if what}


def _judged(folder: Path, name: str) -> str:
    """Say what is wrong with the drawing of a pose, or return an empty text."""
    try:
        read(folder, name)
        stored = json.loads((folder / "drawings" / f"{name}.json").read_text(encoding="utf-8"))["made_from"]
    except (ValueError, KeyError, TypeError):
        return "cannot be read as a drawing"
    posed_now = (folder / "poses" / f"{name}.toml").read_text(encoding="utf-8", errors="replace")
    return "" if stored == made_from(posed_now) else "drawn from another pose, or by another version of the engine"


def made_from(pose_text: str) -> str:
    """Return the hash of a pose and of the engine that draws it."""
    return hashlib.sha256((pose_text + _engine()).encode()).hexdigest()


@cache
def _engine() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    return "".join(path.read_text(encoding="utf-8") for path in sources if path.name not in _BYSTANDERS)
