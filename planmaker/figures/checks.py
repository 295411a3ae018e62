"""Refuse a pose that no body could take: bent too far, out of reach, sunk into the floor or floating."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures.body import Body, build_body
from planmaker.figures.measure import (
    Plane,
    ankle_flexion,
    centre_of_mass,
    elbow_flexion,
    floor_plane,
    footing,
    gap,
    hip_abduction,
    hip_flexion,
    inside,
    knee_flexion,
    overlap,
    seat_plane,
    wall_plane,
)
from planmaker.figures.skeleton import SIDES, Skeleton, solve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from planmaker.figures.pose import Pose, Spine

__all__ = ["faults"]

# Metres a part may sink into a surface, and a resting part may hover over it.
_SINKS: Final = 0.003
_HOVERS: Final = 0.005
# Metres a seat yields.
_YIELDS: Final = 0.012
# Metres two limbs that touch may press into each other, and a limb into the trunk.
_TOUCHES: Final = 0.010
_LIMBS: Final = ("upper_arm", "forearm", "thigh", "shank", "foot")
_TRUNK: Final = ("torso", "pelvis", "head")
_JOINED: Final = ({"upper_arm", "torso"}, {"thigh", "torso"}, {"thigh", "pelvis"})
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
    "thorax": (-20, 40, 20, 25),
    "chest": (-12, 25, 10, 20),
    "upper back": (-25, 45, 25, 35),  # thorax and chest together
    "neck": (-45, 45, 35, 45),
    "head": (-25, 25, 15, 45),
}


def faults(pose: Pose) -> Iterator[str]:
    """Say what is wrong with a pose, one sentence a fault."""
    skeleton = solve(pose)
    body = build_body(skeleton)
    for limb, reach in skeleton.reach.items():
        if reach > _FULL_REACH:
            yield f"{limb} is asked to reach {reach:.3f} of its length"
    yield from _bent_too_far(skeleton, pose.spine)
    planes = {"floor": floor_plane(), "wall": wall_plane(pose), "seat": seat_plane(pose)}
    for surface in ("floor", "wall"):
        plane = planes[surface]
        if plane is not None:
            yield from _sunk(body, surface, plane)
    yield from _pressed_in(body)
    yield from _crossing(body)
    yield from _falling(pose, skeleton, body)
    for contact in pose.contact:
        plane = planes[contact.on]
        if plane is None:
            yield f"{contact.part} rests on a {contact.on} that is not there"
            continue
        off = gap(body.part(contact.part), plane)
        if contact.on == "seat" and off < -_YIELDS:
            yield f"{contact.part} sinks {-off * 1000:.0f} mm into the seat"
        if off > _HOVERS:
            yield f"{contact.part} hovers {off * 1000:.0f} mm off the {contact.on}"


def _bent_too_far(skeleton: Skeleton, spine: Spine) -> Iterator[str]:
    for joint, (angle_of, least, most) in _RANGES.items():
        for side, _ in SIDES:
            angle = angle_of(skeleton, side)
            if not least <= angle <= most:
                yield f"{side} {joint} is at {angle:.0f} degrees, allowed {least} to {most}"
    both = tuple(map(sum, zip(spine.thorax, spine.chest, strict=True)))
    for joint, (back, forward, aside, turn) in _SPINE_RANGES.items():
        flex, side_bend, turned = both if joint == "upper back" else getattr(spine, joint)
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


def _crossing(body: Body) -> Iterator[str]:
    """Find limbs that go through each other or through the trunk."""
    limbs = [f"{side}_{kind}" for side, _ in SIDES for kind in _LIMBS]
    melted = {frozenset((first, second)) for first, second, _ in body.neighbours}
    for first, second in itertools.combinations((*limbs, *_TRUNK), 2):
        kinds = {name.removeprefix("right_").removeprefix("left_") for name in (first, second)}
        if second in _TRUNK and first in _TRUNK:
            continue
        if frozenset((first, second)) in melted or kinds in _JOINED:
            continue
        depth = overlap(body.part(first), body.part(second))
        if depth > _TOUCHES:
            yield f"{first} goes {depth * 1000:.0f} mm through {second}"


def _falling(pose: Pose, skeleton: Skeleton, body: Body) -> Iterator[str]:
    """Find a standing body whose centre of mass is not above what it rests on."""
    parts = [contact.part for contact in pose.contact]
    if pose.root.base != "stand" or not any(part.endswith("foot") for part in parts):
        return
    grounds = [footing(body.part(part)) for part in parts]
    centre = centre_of_mass(skeleton)[:2]
    if not inside(centre, np.vstack(grounds)):
        yield f"would fall: its centre of mass, at {centre[0]:.2f}, {centre[1]:.2f}, is not above what it rests on"
