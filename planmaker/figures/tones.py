"""Say what tone each seen point has: skin, clothes, hair, target area."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from planmaker.figures.flesh import HEM, SLEEVE
from planmaker.figures.pose import Place, Target
from planmaker.figures.scene import Scene, far_side
from planmaker.figures.skeleton import BONES, SIDES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.figures.geometry import Array, IntArray
    from planmaker.figures.raycast import Samples

__all__ = ["Tone", "paint_tones"]

Mask = npt.NDArray[np.bool_]


class Tone(IntEnum):
    """The areas a picture is filled with; 0 is the paper."""

    PAPER = 0
    SKIN = 1
    SKIN_FAR = 2
    SHIRT = 3
    SHORTS = 4
    SHORTS_FAR = 5
    HAIR = 6
    TARGET = 7
    TOWEL = 8
    STRAP = 9
    FRAME = 10
    SHOE = 11
    SHOE_FAR = 12


_FAR: Final = {Tone.SKIN: Tone.SKIN_FAR, Tone.SHORTS: Tone.SHORTS_FAR}
_BY_KIND: Final[Mapping[str, Tone]] = {
    "pelvis": Tone.SHORTS,
    "torso": Tone.SHIRT,
    "sleeve": Tone.SHIRT,
    "shorts": Tone.SHORTS,
    "hair": Tone.HAIR,
    "towel": Tone.TOWEL,
    "strap": Tone.STRAP,
    "band": Tone.STRAP,
    "frame": Tone.FRAME,
    "pad": Tone.STRAP,
}
# Height of the waistband above the pelvis.
_WAIST: Final = 0.050
_COLLAR: Final = 0.086
# Where cloth ends: below the neck's joint on the chest and at the back of the neck, above the hip joint.
_COLLAR_DROP: Final = -0.045
_NECK_DROP: Final = -0.05
_SHORTS_TOP: Final = -0.02
# How high above the ankle a shoe reaches.
_SHOE_TOP: Final = 0.012
# The hairline, as height above the head's joint at each place from the nape to the forehead.
_HAIRLINE: Final = (
    (-0.13, -0.07, -0.045, -0.022, -0.016, 0.016, 0.022, 0.040, 0.075, 0.12),
    (0.030, 0.026, 0.040, 0.040, 0.066, 0.066, 0.100, 0.132, 0.158, 0.170),
)


def paint_tones(scene: Scene, samples: Samples) -> IntArray:
    """Return the tone of every sample."""
    tones = np.zeros(samples.part.shape, dtype=np.int64)
    far = far_side(scene)
    for index, name in enumerate(scene.names()):
        mask = samples.part == index
        if mask.any():
            tones[mask] = _part_tones(scene, name, samples.point[mask], far=far)
    return tones


def _part_tones(scene: Scene, name: str, points: Array, *, far: str) -> IntArray:
    side, kind = _split(name)
    tone = _BY_KIND.get(kind, Tone.SKIN)
    if side and side == far and kind != "ear":
        tone = _FAR.get(tone, tone)
    tones = np.full(len(points), tone, dtype=np.int64)
    if kind in _DETAILS:
        _DETAILS[kind](scene, side, points, tones)
    for target in scene.pose.target:
        if name in target.parts:
            tones[_in_target(scene, target, points)] = Tone.TARGET
    return tones


def _split(name: str) -> tuple[str, str]:
    for side, _ in SIDES:
        if name.startswith(f"{side}_"):
            return side, name.removeprefix(f"{side}_")
    return "", name.partition(":")[0]


def _local(scene: Scene, joint: str, frame: str, points: Array) -> Array:
    local: Array = (points - scene.skeleton.joints[joint]) @ scene.skeleton.frames[frame]
    return local


def _torso(scene: Scene, _side: str, points: Array, tones: IntArray) -> None:
    collar = _local(scene, "neck", "chest", points)
    near_neck = np.hypot(collar[:, 0] - 0.01, collar[:, 1]) < _COLLAR
    tones[near_neck & (collar[:, 2] > _COLLAR_DROP)] = Tone.SKIN
    tones[_local(scene, "pelvis", "pelvis", points)[:, 2] < _WAIST] = Tone.SHORTS


def _pelvis(scene: Scene, _side: str, points: Array, tones: IntArray) -> None:
    tones[_local(scene, "pelvis", "pelvis", points)[:, 2] > _WAIST] = Tone.SHIRT


def _shorts(scene: Scene, side: str, points: Array, tones: IntArray) -> None:
    above_waist = _local(scene, "pelvis", "pelvis", points)[:, 2] > _WAIST
    at_hip = _local(scene, f"{side}_hip", f"{side}_thigh", points)[:, 2] > _SHORTS_TOP
    tones[above_waist & at_hip] = Tone.SHIRT


def _thigh(scene: Scene, side: str, points: Array, tones: IntArray) -> None:
    covered = _local(scene, f"{side}_hip", f"{side}_thigh", points)[:, 2] > -HEM
    tones[covered] = np.where(tones[covered] == Tone.SKIN_FAR, Tone.SHORTS_FAR, Tone.SHORTS)


def _foot(scene: Scene, side: str, points: Array, tones: IntArray) -> None:
    if scene.pose.shoes:
        below = _local(scene, f"{side}_ankle", f"{side}_foot", points)[:, 2] < _SHOE_TOP
        tones[below] = np.where(tones[below] == Tone.SKIN_FAR, Tone.SHOE_FAR, Tone.SHOE)


def _upper_arm(scene: Scene, side: str, points: Array, tones: IntArray) -> None:
    covered = _local(scene, f"{side}_shoulder", f"{side}_upper_arm", points)[:, 2] > -SLEEVE
    tones[covered] = Tone.SHIRT


def _neck(scene: Scene, _side: str, points: Array, tones: IntArray) -> None:
    tones[_local(scene, "neck", "chest", points)[:, 2] < _NECK_DROP] = Tone.SHIRT


def _head(scene: Scene, _side: str, points: Array, tones: IntArray) -> None:
    local = _local(scene, "head", "head", points)
    tones[local[:, 2] > np.interp(local[:, 0], *_HAIRLINE)] = Tone.HAIR


_DETAILS: Final[Mapping[str, Callable[[Scene, str, Array, IntArray], None]]] = {
    "torso": _torso,
    "pelvis": _pelvis,
    "shorts": _shorts,
    "thigh": _thigh,
    "foot": _foot,
    "upper_arm": _upper_arm,
    "neck": _neck,
    "head": _head,
}


def _in_target(scene: Scene, target: Target, points: Array) -> Mask:
    side, bone = _split(target.on)
    if bone in BONES:
        start, end = (scene.skeleton.joints[f"{side}_{joint}"] for joint in BONES[bone])
        local = (points - start) @ scene.skeleton.frames[target.on]
        outwards = local[:, 1] * dict(SIDES)[side]
        share = -local[:, 2] / float(np.linalg.norm(end - start))
        angle = np.degrees(np.arctan2(outwards, local[:, 0]))
        round_limb = (angle - target.centre[1] + 180) % 360 - 180
        inside: Mask = ((share - target.centre[0]) / target.size[0]) ** 2 + (round_limb / target.size[1]) ** 2 < 1
        return inside
    x, y, z = target.centre
    centre = scene.skeleton.place(Place(on=target.on, offset=(x, y, z)))
    local = (points - centre) @ scene.skeleton.frames[target.on] / np.array(target.size)
    within: Mask = (local**2).sum(1) < 1
    return within
