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
    "centre_of_mass",
    "elbow_flexion",
    "floor_plane",
    "footing",
    "gap",
    "hip_abduction",
    "hip_flexion",
    "inside",
    "knee_flexion",
    "overlap",
    "seat_plane",
    "wall_plane",
]

_GRID: Final = 0.008
_FOOTING: Final = 0.010
# Each limb segment's share of the body's mass, and its joints.
_SEGMENTS: Final = (
    (0.028, "shoulder", "elbow"),
    (0.022, "elbow", "wrist"),
    (0.100, "hip", "knee"),
    (0.061, "knee", "ankle"),
)
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


def seat_plane(pose: Pose) -> Plane | None:
    """Return the top of the first box of furniture or cushion, if there is one."""
    seat = next((prop for prop in pose.prop if prop.kind in ("furniture", "cushion") and not prop.path), None)
    return None if seat is None else Plane(point=vec(0, 0, seat.high[2]), normal=vec(0, 0, 1))


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


def centre_of_mass(skeleton: Skeleton) -> Array:
    """Return the body's centre of mass, by the shares of its segments (Winter 2009, table 4.1)."""
    joints = skeleton.joints
    weighed = [(0.081, joints["head"]), (0.497, (joints["pelvis"] + joints["chest"]) / 2)]
    for side, _ in SIDES:
        for share, start, end in _SEGMENTS:
            weighed.append((share, (joints[f"{side}_{start}"] + joints[f"{side}_{end}"]) / 2))
    total = sum(share for share, _ in weighed)
    centre: Array = sum((point * share for share, point in weighed), vec(0, 0, 0)) / total
    return centre


def footing(part: Part) -> Array:
    """Return the points of a part's underside, within a centimetre of its lowest, seen from above."""
    ends = np.array([point for capsule in part.capsules for point in (capsule.start, capsule.end)])
    margin = max(max(capsule.radii) for capsule in part.capsules) + _REACH
    axes = [np.arange(ends[:, axis].min() - margin, ends[:, axis].max() + margin, _GRID) for axis in (0, 1)]
    across, along = (grid.ravel() for grid in np.meshgrid(*axes))
    floor = np.column_stack([across, along, np.zeros(len(across))])
    off = part.distance(floor)
    return floor[off < off.min() + _FOOTING, :2]


def inside(point: Array, points: Array) -> bool:
    """Tell whether a point lies within the convex hull of others, all in the plane."""
    angles = np.sort(np.arctan2(points[:, 1] - point[1], points[:, 0] - point[0]))
    gaps = np.diff(np.append(angles, angles[0] + 2 * math.pi))
    return bool(gaps.max() < math.pi)


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
