"""Measure a posed body: joint angles in degrees, gaps to the floor and the wall in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures.geometry import Array, vec
from planmaker.figures.skeleton import SIDES, Skeleton

if TYPE_CHECKING:
    from planmaker.figures.body import Part
    from planmaker.figures.pose import Pose

__all__ = [
    "Plane",
    "ankle_flexion",
    "elbow_flexion",
    "floor_plane",
    "gap",
    "hip_abduction",
    "hip_flexion",
    "knee_flexion",
    "overlap",
    "wall_plane",
]

_GRID: Final = 0.008
_REACH: Final = 0.06


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """A flat surface: a point on it and the normal that points to where the body is."""

    point: Array
    normal: Array


def floor_plane() -> Plane:
    """Return the floor, which is also the top of a mat."""
    return Plane(point=vec(0, 0, 0), normal=vec(0, 0, 1))


def wall_plane(pose: Pose) -> Plane | None:
    """Return the face of the wall that looks at the body, if there is a wall."""
    wall = next((prop for prop in pose.prop if prop.kind == "wall"), None)
    if wall is None:
        return None
    if pose.root.position[0] < wall.low[0]:
        return Plane(point=vec(wall.low[0], 0, 0), normal=vec(-1, 0, 0))
    return Plane(point=vec(wall.high[0], 0, 0), normal=vec(1, 0, 0))


def gap(part: Part, plane: Plane) -> float:
    """Return how far a part is off a plane; negative is how deep it sinks in."""
    across = vec(0, 1, 0)
    along = np.cross(plane.normal, across)
    ends = [point for capsule in part.capsules for point in (capsule.start, capsule.end)]
    offsets = np.array(ends) - plane.point
    margin = max(max(capsule.radii) for capsule in part.capsules) + _REACH
    axes = [
        np.arange((offsets @ axis).min() - margin, (offsets @ axis).max() + margin, _GRID) for axis in (along, across)
    ]
    first, second = (grid.ravel() for grid in np.meshgrid(*axes))
    points = plane.point + np.outer(first, along) + np.outer(second, across)
    return float(part.distance(points).min())


def overlap(part: Part, other: Part) -> float:
    """Return how deep a part's capsules reach into another part; negative is a gap."""
    shares = np.linspace(0, 1, 9)
    deepest = -math.inf
    for capsule in part.capsules:
        points = capsule.start + np.outer(shares, capsule.end - capsule.start)
        radii = (capsule.radii[0] + (capsule.radii[1] - capsule.radii[0]) * shares) * capsule.flat
        deepest = max(deepest, float((radii - other.distance(points)).max()))
    return deepest


def knee_flexion(skeleton: Skeleton, side: str) -> float:
    """Return how far a knee is bent; 0 is straight."""
    return _between(skeleton.frames[f"{side}_thigh"], skeleton.frames[f"{side}_shank"])


def elbow_flexion(skeleton: Skeleton, side: str) -> float:
    """Return how far an elbow is bent; 0 is straight."""
    return _between(skeleton.frames[f"{side}_upper_arm"], skeleton.frames[f"{side}_forearm"])


def hip_flexion(skeleton: Skeleton, side: str) -> float:
    """Return how far a thigh is raised forwards from the trunk's line."""
    thigh = -skeleton.frames[f"{side}_thigh"][:, 2] @ skeleton.frames["pelvis"]
    return math.degrees(math.atan2(float(thigh[0]), float(-thigh[2])))


def hip_abduction(skeleton: Skeleton, side: str) -> float:
    """Return how far a thigh is moved outwards; negative is across the body."""
    thigh = -skeleton.frames[f"{side}_thigh"][:, 2] @ skeleton.frames["pelvis"]
    return math.degrees(math.asin(float(thigh[1]) * dict(SIDES)[side]))


def ankle_flexion(skeleton: Skeleton, side: str) -> float:
    """Return how far the toes are raised; negative is pointed."""
    up = skeleton.frames[f"{side}_foot"][:, 2] @ skeleton.frames[f"{side}_shank"]
    return math.degrees(math.atan2(float(-up[0]), float(up[2])))


def _between(upper: Array, lower: Array) -> float:
    return math.degrees(math.acos(float(np.clip(upper[:, 2] @ lower[:, 2], -1, 1))))
