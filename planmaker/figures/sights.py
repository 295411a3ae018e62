"""Refuse a picture that hides what it must show: a target area out of sight, an arrow across a limb."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures.geometry import Array, smooth_path
from planmaker.figures.raycast import Caster, View, window_about, window_around
from planmaker.figures.scene import set_scene
from planmaker.figures.tones import Tone, paint_tones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.figures.pose import Arrow, Pose
    from planmaker.figures.raycast import Samples, Window
    from planmaker.figures.scene import Scene

__all__ = ["hidden"]

# Metres a pixel: enough to see whether something is seen.
_COARSE: Final = 0.01
# Square centimetres of a target area that must be seen.
_LEAST_AREA: Final = 40.0
_ARROW_STEPS: Final = 12
# The share of an arrow that may lie on a limb: a tip may touch what it moves.
_MOST_CROSSED: Final = 0.2
_LIMBS: Final = ("upper_arm", "sleeve", "forearm", "hand", "thigh", "shorts", "shank", "foot", "head", "hair")


def hidden(pose: Pose) -> Iterator[str]:
    """Say what of a pose its picture would hide or cross, one sentence a fault."""
    scene = set_scene(pose)
    window = window_around(scene.view, scene.parts, _COARSE)
    samples = _look(scene, window)
    for number, target in enumerate(pose.target, start=1):
        area = _seen(replace(pose, target=(target,)), scene, samples)
        if area < _LEAST_AREA:
            yield (
                f"{area:.0f} square cm of target {number} are seen, of {_LEAST_AREA:.0f}; "
                "turn the camera or add an inset"
            )
    for number, arrow in enumerate(pose.arrow, start=1):
        crossed = _crossed(arrow, scene, samples, window)
        if crossed > _MOST_CROSSED:
            yield f"arrow {number} lies on a limb for {crossed:.0%} of its length; lead it beside"


def _look(scene: Scene, window: Window) -> Samples:
    caster = Caster(view=scene.view, window=window, parts=scene.parts, neighbours=scene.body.neighbours)
    return caster.whole()


def _seen(pose: Pose, scene: Scene, samples: Samples) -> float:
    """Return how much of a pose's one target is seen, in its picture or in its inset, in square cm on paper."""
    areas = [_area(replace(scene, pose=pose), samples)]
    if pose.inset is not None:
        second = set_scene(pose, View.of(pose.inset.camera), pose.inset.parts)
        centre = second.skeleton.place(pose.inset.look_at)
        areas.append(_area(second, _look(second, window_about(second.view, centre, pose.inset.radius, _COARSE))))
    return max(areas)


def _area(scene: Scene, samples: Samples) -> float:
    return float((paint_tones(scene, samples) == Tone.TARGET).sum()) * (_COARSE * 100) ** 2


def _crossed(arrow: Arrow, scene: Scene, samples: Samples, window: Window) -> float:
    """Return the share of an arrow's line that lies on a limb."""
    flat = [_on_paper(scene.skeleton.place(place), place.screen, scene.view) for place in arrow.path]
    line = np.array(smooth_path(flat, _ARROW_STEPS))
    pixels = np.floor(window.to_pixels(line)).astype(np.int64)
    names = scene.names()
    on_limb = 0
    for column, row in pixels:
        if 0 <= row < window.rows and 0 <= column < window.columns and samples.part[row, column] >= 0:
            name = names[int(samples.part[row, column])].removeprefix("right_").removeprefix("left_")
            on_limb += name in _LIMBS
    return on_limb / len(line)


def _on_paper(point: Array, screen: tuple[float, float], view: View) -> Array:
    moved: Array = view.flat(point) + np.array(screen) / 100
    return moved
