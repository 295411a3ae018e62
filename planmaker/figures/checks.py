"""Refuse a pose that no body could take: bent too far, out of reach, sunk into the floor or floating."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planmaker.figures.body import Body, build_body
from planmaker.figures.measure import (
    Plane,
    ankle_flexion,
    elbow_flexion,
    floor_plane,
    gap,
    hip_abduction,
    hip_flexion,
    knee_flexion,
    overlap,
    wall_plane,
)
from planmaker.figures.pose import Pose, PoseError, Spine
from planmaker.figures.skeleton import SIDES, Skeleton, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["check_pose", "faults"]

# Metres a part may sink into a surface, and a resting part may hover over it.
_SINKS: Final = 0.003
_HOVERS: Final = 0.005
# Metres a hand may press into flesh, and fingers may interlace.
_PRESSES: Final = 0.013
_INTERLACES: Final = 0.025
_FULL_REACH: Final = 1.002

# Degrees an able adult's joints allow (AAOS ranges of motion, rounded outwards).
_RANGES: Final[Mapping[str, tuple[Callable[[Skeleton, str], float], float, float]]] = {
    "knee": (knee_flexion, 0, 145),
    "elbow": (elbow_flexion, 0, 150),
    "hip flexion": (hip_flexion, -25, 130),
    "hip abduction": (hip_abduction, -45, 50),
    "ankle": (ankle_flexion, -65, 35),
}
# Flexing, bending sideways and turning, the same to both sides but for flexing: (back, forward, side, turn).
_SPINE_RANGES: Final[Mapping[str, tuple[float, float, float, float]]] = {
    "lumbar": (-30, 50, 25, 10),
    "thorax": (-25, 45, 25, 35),
    "neck": (-45, 45, 35, 45),
    "head": (-25, 25, 15, 45),
}


def check_pose(pose: Pose) -> None:
    """Raise PoseError that lists every fault of a pose."""
    found = list(faults(pose))
    if found:
        raise PoseError("; ".join(found))


def faults(pose: Pose) -> Iterator[str]:
    """Say what is wrong with a pose, one sentence a fault."""
    skeleton = solve(pose)
    body = build_body(skeleton)
    for limb, reach in skeleton.reach.items():
        if reach > _FULL_REACH:
            yield f"{limb} is asked to reach {reach:.3f} of its length"
    yield from _bent_too_far(skeleton, pose.spine)
    planes = {"floor": floor_plane(), "wall": wall_plane(pose)}
    for surface, plane in planes.items():
        if plane is not None:
            yield from _sunk(body, surface, plane)
    yield from _pressed_in(body)
    for contact in pose.contact:
        plane = planes[contact.on]
        if plane is None:
            yield f"{contact.part} rests on a {contact.on} that is not there"
            continue
        off = gap(body.part(contact.part), plane)
        if off > _HOVERS:
            yield f"{contact.part} hovers {off * 1000:.0f} mm off the {contact.on}"


def _bent_too_far(skeleton: Skeleton, spine: Spine) -> Iterator[str]:
    for joint, (angle_of, least, most) in _RANGES.items():
        for side, _ in SIDES:
            angle = angle_of(skeleton, side)
            if not least <= angle <= most:
                yield f"{side} {joint} is at {angle:.0f} degrees, allowed {least} to {most}"
    for joint, (back, forward, aside, turn) in _SPINE_RANGES.items():
        flex, side_bend, turned = getattr(spine, joint)
        if not (back <= flex <= forward and abs(side_bend) <= aside and abs(turned) <= turn):
            yield f"{joint} is bent beyond its range: {flex}, {side_bend}, {turned}"


def _sunk(body: Body, surface: str, plane: Plane) -> Iterator[str]:
    for part in body.parts:
        off = gap(part, plane)
        if off < -_SINKS:
            yield f"{part.name} sinks {-off * 1000:.0f} mm into the {surface}"


def _pressed_in(body: Body) -> Iterator[str]:
    melted = {frozenset((first, second)) for first, second, _ in body.neighbours}
    for side, _ in SIDES:
        hand = body.part(f"{side}_hand")
        for other in body.parts:
            if other is hand or frozenset((hand.name, other.name)) in melted:
                continue
            depth = overlap(hand, other)
            if depth > (_INTERLACES if other.name.endswith("hand") else _PRESSES):
                yield f"{hand.name} presses {depth * 1000:.0f} mm into {other.name}"
