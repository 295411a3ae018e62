"""Set a pose up to be looked at: skeleton, body, props that hide or are hidden, camera."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planmaker.figures.body import Body, Capsule, Part, build_body
from planmaker.figures.geometry import Array, smooth_path
from planmaker.figures.raycast import Samples, View
from planmaker.figures.skeleton import Skeleton, solve

if TYPE_CHECKING:
    from planmaker.figures.pose import Pose

__all__ = ["Scene", "far_side", "set_scene"]

# Hips farther apart than this in depth make the farther leg darker.
_FAR_GAP: Final = 0.06
_SPAN_STEPS: Final = 6
_TUBE_BLEND: Final = 0.004


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """What the rays meet; ``parts`` are the body's, then those of the props."""

    pose: Pose
    skeleton: Skeleton
    body: Body
    parts: tuple[Part, ...]
    view: View

    def names(self) -> tuple[str, ...]:
        """Return the name of each part, by the index that samples carry."""
        return tuple(part.name for part in self.parts)


def set_scene(pose: Pose, view: View | None = None, only: tuple[str, ...] = ()) -> Scene:
    """Build the scene of a pose; with ``only``, of just those body parts."""
    skeleton = solve(pose)
    body = build_body(skeleton)
    parts = tuple(part for part in body.parts if not only or part.name in only)
    props = () if only else _tubes(pose, skeleton)
    return Scene(pose=pose, skeleton=skeleton, body=body, parts=parts + props, view=view or View.of(pose.camera))


def far_side(scene: Scene) -> str:
    """Return the side of the body farther from the eye, or nothing if both are about as far."""
    right, left = (float(scene.skeleton.joints[joint] @ scene.view.away) for joint in ("right_hip", "left_hip"))
    if abs(left - right) < _FAR_GAP:
        return ""
    return "left" if left > right else "right"


def seen(scene: Scene, samples: Samples, pixel: tuple[int, int], depth: float, slack: float) -> str:
    """Return the name of the part seen in a pixel if it lies within ``slack`` of the depth, else nothing."""
    column, row = pixel
    rows, columns = samples.depth.shape
    if not (0 <= row < rows and 0 <= column < columns) or samples.part[row, column] < 0:
        return ""
    if abs(float(samples.depth[row, column]) - depth) > slack:
        return ""
    return scene.names()[int(samples.part[row, column])]


def _tubes(pose: Pose, skeleton: Skeleton) -> tuple[Part, ...]:
    parts: list[Part] = []
    for index, prop in enumerate(pose.prop):
        if not prop.path or prop.kind == "wave":
            continue
        points = [skeleton.place(place) for place in prop.path]
        if len(points) > len(("start", "end")):
            points = smooth_path(points, _SPAN_STEPS)
        parts.append(Part(name=f"{prop.kind}:{index}", capsules=_chain(points, prop.radius), blend=_TUBE_BLEND))
    return tuple(parts)


def _chain(points: list[Array], radius: float) -> tuple[Capsule, ...]:
    return tuple(Capsule(start=start, end=end, radii=(radius, radius)) for start, end in itertools.pairwise(points))
