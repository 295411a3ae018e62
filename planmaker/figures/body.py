"""Clothe a skeleton in flesh: parts made of tapered capsules that blend into their neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planmaker.figures.flesh import BLENDS, CUTS, PART_BLEND, SIDED_BLENDS, Flesh
from planmaker.figures.geometry import Array, vec
from planmaker.figures.hands import hand_capsules
from planmaker.figures.skeleton import SIDES, Skeleton

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Body", "Capsule", "Part", "build_body", "soft_min"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Capsule:
    """A tapered capsule, possibly flattened along one axis."""

    start: Array
    end: Array
    radii: tuple[float, float]
    bulge: float = 0.0
    flat_axis: Array | None = None
    flat: float = 1.0

    @property
    def centre(self) -> Array:
        """Middle of the bounding sphere."""
        middle: Array = (self.start + self.end) / 2
        return middle

    @property
    def extent(self) -> float:
        """Radius of the bounding sphere."""
        return float(np.linalg.norm(self.end - self.start)) / 2 + max(self.radii) + abs(self.bulge)

    def distance(self, points: Array) -> Array:
        """Return a lower bound of the signed distance of (n, 3) points, negative inside."""
        from_start = points - self.start
        axis = self.end - self.start
        if self.flat_axis is not None:
            stretch = 1 / self.flat - 1
            from_start = from_start + np.outer(from_start @ self.flat_axis, self.flat_axis) * stretch
            axis = axis + self.flat_axis * (float(axis @ self.flat_axis) * stretch)
        share = np.clip(from_start @ axis / max(float(axis @ axis), 1e-12), 0, 1)
        radial = from_start - share[:, None] * axis
        radius = self.radii[0] + (self.radii[1] - self.radii[0]) * share
        if self.bulge:
            radius = radius + self.bulge * 4 * share * (1 - share)
        distance: Array = (np.sqrt(np.einsum("ij,ij->i", radial, radial)) - radius) * self.flat
        return distance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """A named part of the body or a prop, its capsules blended over ``blend`` metres.

    ``cut`` is a point and a normal: the side the normal points to is removed.
    """

    name: str
    capsules: tuple[Capsule, ...]
    blend: float
    cut: tuple[Array, Array] | None = None

    def distance(self, points: Array, among: Sequence[Capsule] = ()) -> Array:
        """Return the signed distance of (n, 3) points to the whole, or to some of its capsules."""
        first, *others = among or self.capsules
        distance = first.distance(points)
        for capsule in others:
            distance = soft_min(distance, capsule.distance(points), self.blend)
        if self.cut is not None:
            point, normal = self.cut
            distance = np.maximum(distance, (points - point) @ normal)
        return distance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """The parts of a figure, and which neighbours melt into each other over how many metres."""

    parts: tuple[Part, ...]
    neighbours: tuple[tuple[str, str, float], ...]

    def part(self, name: str) -> Part:
        """Find a part by its name."""
        return next(part for part in self.parts if part.name == name)


def soft_min(first: Array, second: Array, blend: float) -> Array:
    """Join two distance fields with a fillet."""
    overlap = np.maximum(blend - np.abs(first - second), 0) / blend
    joined: Array = np.minimum(first, second) - overlap * overlap * blend * 0.25
    return joined


def build_body(skeleton: Skeleton) -> Body:
    """Put flesh, clothes, hair and hands on a skeleton."""
    capsules: dict[str, list[Capsule]] = {}
    for name, capsule in _all_capsules(skeleton):
        capsules.setdefault(name, []).append(capsule)
    parts = tuple(
        Part(name=name, capsules=tuple(some), blend=PART_BLEND[_kind(name)], cut=_cut_of(name, skeleton))
        for name, some in capsules.items()
    )
    neighbours = [*BLENDS]
    for side, _ in SIDES:
        for first, second, blend in SIDED_BLENDS:
            names = [name.replace("*", side) for name in (first, second)]
            neighbours.append((names[0], names[1], blend))
    return Body(parts=parts, neighbours=tuple(neighbours))


def _cut_of(name: str, skeleton: Skeleton) -> tuple[Array, Array] | None:
    cut = CUTS.get(_kind(name))
    if cut is None:
        return None
    side = name.partition("_")[0]
    down = -skeleton.frames[f"{side}_{cut.frame}"][:, 2]
    return skeleton.joints[f"{side}_{cut.joint}"] + down * cut.below, down


def _kind(name: str) -> str:
    for side, _ in SIDES:
        name = name.removeprefix(f"{side}_")
    return name


def _all_capsules(skeleton: Skeleton) -> Iterator[tuple[str, Capsule]]:
    for flesh in skeleton.build.core_flesh():
        yield flesh.part, _place(flesh, skeleton, "", 1.0)
    for side, sign in SIDES:
        for flesh in skeleton.build.sided_flesh():
            prefix = "" if flesh.part in {"pelvis", "torso"} else f"{side}_"
            yield f"{prefix}{flesh.part}", _place(flesh, skeleton, f"{side}_", sign)
        wrist, frame = skeleton.joints[f"{side}_wrist"], skeleton.frames[f"{side}_hand"]
        for shape in hand_capsules(skeleton.grips[side], sign):
            yield (
                f"{side}_hand",
                Capsule(
                    start=wrist + frame @ shape.start,
                    end=wrist + frame @ shape.end,
                    radii=shape.radii,
                    flat_axis=frame[:, 0] if shape.flat < 1 else None,
                    flat=shape.flat,
                ),
            )


def _place(flesh: Flesh, skeleton: Skeleton, prefix: str, sign: float) -> Capsule:
    def name(bare: str) -> str:
        return bare if bare in skeleton.joints or bare in skeleton.frames else prefix + bare

    def locate(joint: str, frame: str, offset: tuple[float, float, float]) -> Array:
        x, y, z = offset
        placed: Array = skeleton.joints[name(joint)] + skeleton.frames[name(frame)] @ vec(x, sign * y, z)
        return placed

    axis = None if flesh.flat_axis is None else skeleton.frames[name(flesh.frame)][:, "xyz".index(flesh.flat_axis)]
    return Capsule(
        start=locate(flesh.start[0], flesh.frame, flesh.start[1]),
        end=locate(flesh.end[0], flesh.end_frame or flesh.frame, flesh.end[1]),
        radii=flesh.radii,
        bulge=flesh.bulge,
        flat_axis=axis,
        flat=flesh.flat,
    )
