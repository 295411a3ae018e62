"""Draw a pose file, or refuse it: the way from data to a baked drawing (needs numpy)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planmaker.figures.album import made_from
from planmaker.figures.checks import faults
from planmaker.figures.drawing import drawings_to_json
from planmaker.figures.picture import draw_pose, start_pose
from planmaker.figures.pose import PoseError, parse_pose
from planmaker.figures.sights import hidden
from planmaker.figures.values import misfits

if TYPE_CHECKING:
    from planmaker.figures.pose import Pose

__all__ = ["baked", "refused"]


def baked(pose_text: str) -> str:
    """Draw a pose as a drawing's JSON; the same pose gives the same text.

    Raise PoseError if the pose cannot be read, no body could take it, or its picture would hide it.
    """
    pose = parse_pose(pose_text)
    found = tuple(misfits(pose)) or refused(pose)
    if found:
        raise PoseError("; ".join(found))
    return drawings_to_json(draw_pose(pose), made_from=made_from(pose_text))


def refused(pose: Pose) -> tuple[str, ...]:
    """Return every fault of a pose, of its picture and of its start."""
    found = [*faults(pose), *hidden(pose)]
    if pose.start is not None:
        began = start_pose(pose)
        found += [f"start: {fault}" for fault in (*faults(began), *hidden(began)) if fault not in found]
    return tuple(found)
