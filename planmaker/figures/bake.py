"""Bake poses into drawings: ``python -m planmaker.figures.bake [ID ...]``."""

from __future__ import annotations

import hashlib
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from planmaker.errors import ExitCode
from planmaker.figures.drawing import Drawing, drawings_to_json

try:
    from planmaker.figures.checks import faults
    from planmaker.figures.picture import draw_pose, start_pose
    from planmaker.figures.pose import Pose, PoseError, parse_pose
    from planmaker.figures.sights import hidden
except ModuleNotFoundError as error:
    if error.name != "numpy":
        raise
    sys.stderr.write("drawing pictures needs numpy: pip install 'planmaker[figures]'\n")
    raise SystemExit(ExitCode.MISSING_PART) from error

__all__ = ["DRAWINGS", "POSES", "bake", "made_from", "main"]

_CATALOGUE: Final = Path(__file__).resolve().parents[2] / "catalogue"
POSES: Final = _CATALOGUE / "poses"
DRAWINGS: Final = _CATALOGUE / "drawings"
_PROCESSES: Final = 2
# Modules that read drawings or refuse poses but shape no line: a change to them makes no bake stale.
_BYSTANDERS: Final = frozenset(
    {"__init__.py", "bake.py", "checks.py", "drawing.py", "measure.py", "sights.py", "svg.py"}
)


def bake(pose_path: Path) -> tuple[Drawing, ...]:
    """Draw the pose in a file; the same pose gives the same drawing.

    Raise PoseError if the pose cannot be read or no body could take it.
    """
    pose = parse_pose(pose_path.read_text(encoding="utf-8"))
    refused(pose)
    return draw_pose(pose)


def refused(pose: Pose) -> None:
    """Raise PoseError with every fault of a pose, of its start and of its picture."""
    found = [*faults(pose), *hidden(pose)]
    if pose.start is not None:
        found += [f"start: {fault}" for fault in faults(start_pose(pose))]
    if found:
        raise PoseError("; ".join(found))


def made_from(pose_text: str) -> str:
    """Return the hash of a pose and of the engine that draws it."""
    digest = hashlib.sha256(pose_text.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        if source.name not in _BYSTANDERS:
            digest.update(source.read_text(encoding="utf-8").encode())
    return digest.hexdigest()


def main(names: list[str]) -> int:
    """Bake the named exercises, or all, into the catalogue."""
    paths = [POSES / f"{name}.toml" for name in names] or sorted(POSES.glob("*.toml"))
    with ProcessPoolExecutor(_PROCESSES) as pool:
        try:
            for line in pool.map(_bake_to_file, paths):
                sys.stderr.write(line + "\n")
        except PoseError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


def _bake_to_file(path: Path) -> str:
    source = made_from(path.read_text(encoding="utf-8"))
    try:
        drawings = bake(path)
    except PoseError as error:
        msg = f"{path}: {error}"
        raise PoseError(msg) from error
    text = drawings_to_json(drawings, made_from=source)
    partial = DRAWINGS / f"{path.stem}.json.partial"
    partial.write_text(text, encoding="utf-8")
    partial.replace(DRAWINGS / f"{path.stem}.json")
    frames = ", ".join(f"{drawing.frame} {drawing.width:.0f} x {drawing.height:.0f} cm" for drawing in drawings)
    return f"{path.stem}: {frames}"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
