"""Turn a pose into the places and frames of the bones."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures.builds import BUILDS, Build
from planmaker.figures.flesh import SOLE_DEPTH
from planmaker.figures.geometry import Array, frame_from, rot_x, rot_y, rot_z, unit, vec
from planmaker.figures.pose import Arm, Grasp, Leg, Place, Pose, PoseError, Root

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BONES", "SIDES", "Skeleton", "solve"]

# The sign of y on each side of the body.
SIDES: Final = (("right", -1.0), ("left", 1.0))

# Lengths in metres of a body 1.75 m tall.
_THIGH: Final = 0.425
_SHANK: Final = 0.415
_UPPER_ARM: Final = 0.285
_FOREARM: Final = 0.25
_HIP_HALF_WIDTH: Final = 0.088
_LUMBAR: Final = 0.115
_CHEST: Final = 0.13
_NECK_BASE: Final = 0.19
_NECK: Final = 0.095
_SHOULDER_FORWARD: Final = -0.005
_SHOULDER_UP: Final = 0.155
_PALM_DEPTH: Final = 0.0255
_PALM_CENTRE: Final = 0.07

# Each limb bone's joints, from the trunk outwards.
BONES: Final = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
}

# The joint that an offset on another bone starts from.
_ORIGINS: Final = {"foot": "ankle", "hand": "wrist"}

# A limb's radius at its two ends, where a palm can lie on it.
_GRASP_RADII: Final = {
    "thigh": (0.088, 0.058),
    "shank": (0.056, 0.037),
    "upper_arm": (0.053, 0.039),
    "forearm": (0.04, 0.029),
}

_BASES: Final[Mapping[str, Array]] = {
    "stand": np.eye(3),
    "supine": np.column_stack([vec(0, 0, 1), vec(0, 1, 0), vec(-1, 0, 0)]),
    "prone": np.column_stack([vec(0, 0, -1), vec(0, 1, 0), vec(1, 0, 0)]),
    "side": np.column_stack([vec(0, -1, 0), vec(0, 0, 1), vec(-1, 0, 0)]),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Skeleton:
    """Joint positions and bone frames in the world.

    ``reach`` is, for each limb that was given a target, the distance asked
    for as a share of the limb's length: above 1 it cannot get there.
    """

    joints: Mapping[str, Array]
    frames: Mapping[str, Array]
    reach: Mapping[str, float]
    grips: Mapping[str, str]
    build: Build

    def place(self, place: Place) -> Array:
        """Find a place in the world; raise PoseError if it names no joint or bone."""
        return _locate(place, self.joints, self.frames)


def solve(pose: Pose) -> Skeleton:
    """Find every joint and bone frame of a pose."""
    joints: dict[str, Array] = {}
    frames: dict[str, Array] = {}
    reach: dict[str, float] = {}
    build = BUILDS[pose.build]
    _solve_trunk(pose, joints, frames)
    for side, sign in SIDES:
        at_rest = vec(_SHOULDER_FORWARD, sign * build.shoulder, _SHOULDER_UP)
        joints[f"{side}_shoulder"] = joints["chest"] + frames["chest"] @ at_rest
    for side, sign in SIDES:
        leg: Leg = getattr(pose, f"{side}_leg")
        reach[f"{side}_leg"] = _solve_leg(leg, side, sign, joints, frames)
    for side, sign in SIDES:
        arm: Arm = getattr(pose, f"{side}_arm")
        reach[f"{side}_arm"] = _solve_arm(arm, side, sign, joints, frames)
    grips = {"right": pose.right_arm.grip, "left": pose.left_arm.grip}
    return Skeleton(joints=joints, frames=frames, reach=reach, grips=grips, build=build)


def _locate(place: Place, joints: Mapping[str, Array], frames: Mapping[str, Array]) -> Array:
    offset = np.array(place.offset, dtype=np.float64)
    if not place.on:
        return offset
    side, _, bone = place.on.partition("_")
    if bone in BONES:
        start, end = (joints[f"{side}_{joint}"] for joint in BONES[bone])
        middle: Array = start * (1 - place.along) + end * place.along
        return middle + frames[place.on] @ offset
    if bone in _ORIGINS:
        return joints[f"{side}_{_ORIGINS[bone]}"] + frames[place.on] @ offset
    if place.on in frames and place.on in joints:
        return joints[place.on] + frames[place.on] @ offset
    if place.on in joints:
        return joints[place.on] + offset
    msg = f"no joint or bone is called {place.on!r}"
    raise PoseError(msg)


def _root_frame(root: Root) -> Array:
    frame: Array = rot_z(root.yaw) @ _BASES[root.base] @ rot_y(root.pitch) @ rot_x(root.roll)
    return frame


def _bend(angles: tuple[float, float, float]) -> Array:
    flex, side, turn = angles
    bend: Array = rot_z(turn) @ rot_y(flex) @ rot_x(-side)
    return bend


def _solve_trunk(pose: Pose, joints: dict[str, Array], frames: dict[str, Array]) -> None:
    spine = pose.spine
    pelvis = _root_frame(pose.root)
    frames["pelvis"] = pelvis
    joints["pelvis"] = np.array(pose.root.position, dtype=np.float64)
    joints["abdomen"] = joints["pelvis"] + pelvis @ vec(-0.02, 0, 0.075)
    frames["abdomen"] = pelvis @ _bend(spine.lumbar)
    joints["belly"] = joints["abdomen"] + frames["abdomen"] @ vec(pose.belly, 0, 0)
    joints["thorax"] = joints["abdomen"] + frames["abdomen"] @ vec(0, 0, _LUMBAR)
    frames["thorax"] = frames["abdomen"] @ _bend(spine.thorax)
    joints["chest"] = joints["thorax"] + frames["thorax"] @ vec(0, 0, _CHEST)
    frames["chest"] = frames["thorax"] @ _bend(spine.chest)
    joints["neck"] = joints["chest"] + frames["chest"] @ vec(-0.012, 0, _NECK_BASE)
    frames["neck"] = frames["chest"] @ rot_y(12) @ _bend(spine.neck)
    joints["head"] = joints["neck"] + frames["neck"] @ vec(0, 0, _NECK)
    frames["head"] = frames["neck"] @ rot_y(-12) @ _bend(spine.head)


def _two_bones(root: Array, target: Array, lengths: tuple[float, float], pole: Array) -> tuple[Array, Array, Array]:
    """Bend two bones to a target; return the middle joint, the end and the way the middle points."""
    upper, lower = lengths
    line = target - root
    span = min(max(float(np.linalg.norm(line)), abs(upper - lower) + 1e-3), (upper + lower) * 0.9995)
    towards = unit(line)
    along = (upper**2 - lower**2 + span**2) / (2 * span)
    height = math.sqrt(max(upper**2 - along**2, 0.0))
    bulge = unit(pole - towards * float(pole @ towards))
    return root + towards * along + bulge * height, root + towards * span, bulge


def _hinge_frames(root: Array, middle: Array, end: Array, front: Array) -> tuple[Array, Array]:
    """Give both bones of a limb one hinge axis; ``front`` is the upper bone's forward hint."""
    upper = frame_from(root - middle, front)
    hinge = upper[:, 1]
    z_axis = unit(middle - end)
    x_axis = unit(np.cross(hinge, z_axis))
    return upper, np.column_stack([x_axis, np.cross(z_axis, x_axis), z_axis])


def _solve_leg(leg: Leg, side: str, sign: float, joints: dict[str, Array], frames: dict[str, Array]) -> float:
    pelvis = frames["pelvis"]
    hip = joints["pelvis"] + pelvis @ vec(0, sign * _HIP_HALF_WIDTH, -0.02)
    joints[f"{side}_hip"] = hip
    reach = 0.0
    target = _ankle_target(leg, joints, frames)
    if target is not None:
        reach = float(np.linalg.norm(target - hip)) / (_THIGH + _SHANK)
        knee, ankle, front = _two_bones(hip, target, (_THIGH, _SHANK), np.array(leg.knee_toward, dtype=np.float64))
        thigh, shank = _hinge_frames(hip, knee, ankle, front)
    else:
        turn = rot_y(-leg.hip_flexion) @ rot_x(sign * leg.hip_abduction) @ rot_z(sign * leg.hip_rotation)
        thigh = pelvis @ turn
        knee = hip - thigh[:, 2] * _THIGH
        shank = thigh @ rot_y(leg.knee)
        ankle = knee - shank[:, 2] * _SHANK
    joints[f"{side}_knee"], joints[f"{side}_ankle"] = knee, ankle
    frames[f"{side}_thigh"], frames[f"{side}_shank"] = thigh, shank
    frames[f"{side}_foot"] = _foot_frame(leg, shank)
    return reach


def _ankle_target(leg: Leg, joints: Mapping[str, Array], frames: Mapping[str, Array]) -> Array | None:
    if leg.stands is not None:
        return vec(leg.stands[0], leg.stands[1], SOLE_DEPTH)
    if leg.ankle is not None:
        return _locate(leg.ankle, joints, frames)
    return None


def _foot_frame(leg: Leg, shank: Array) -> Array:
    if leg.stands is not None:
        forward = np.array(leg.toes or (1.0, 0.0, 0.0), dtype=np.float64)
        return frame_from(vec(0, 0, 1), forward)
    if leg.toes is not None:
        forward = unit(np.array(leg.toes, dtype=np.float64))
        up = unit(shank[:, 2] - forward * float(shank[:, 2] @ forward))
        return np.column_stack([forward, np.cross(up, forward), up])
    turned: Array = shank @ rot_y(-leg.ankle_flexion)
    return turned


def _solve_arm(arm: Arm, side: str, sign: float, joints: dict[str, Array], frames: dict[str, Array]) -> float:
    chest = frames["chest"]
    shrug = vec(arm.shrug[0], sign * arm.shrug[1], arm.shrug[2])
    wrist_target, fingers, palm = _hand_target(arm, joints, frames)
    resting = joints[f"{side}_shoulder"] + chest @ shrug
    shoulder = resting + chest @ _shoulder_shift(wrist_target, resting, chest, sign)
    joints[f"{side}_shoulder"] = shoulder
    reach = 0.0
    if wrist_target is not None:
        reach = float(np.linalg.norm(wrist_target - shoulder)) / (_UPPER_ARM + _FOREARM)
        pole = np.array(arm.elbow_toward, dtype=np.float64)
        elbow, wrist, back = _two_bones(shoulder, wrist_target, (_UPPER_ARM, _FOREARM), pole)
        upper, fore = _hinge_frames(shoulder, elbow, wrist, -back)
    else:
        upper = chest @ rot_y(-arm.flexion) @ rot_x(sign * arm.abduction) @ rot_z(sign * arm.rotation)
        elbow = shoulder - upper[:, 2] * _UPPER_ARM
        fore = upper @ rot_y(-arm.elbow)
        wrist = elbow - fore[:, 2] * _FOREARM
    joints[f"{side}_elbow"], joints[f"{side}_wrist"] = elbow, wrist
    frames[f"{side}_upper_arm"], frames[f"{side}_forearm"] = upper, fore
    frames[f"{side}_hand"] = _hand_frame(fore, sign, fingers, palm)
    return reach


def _shoulder_shift(target: Array | None, resting: Array, chest: Array, sign: float) -> Array:
    """Let the shoulder follow a hand that reaches forwards or up, as the shoulder blade does."""
    if target is None:
        return np.zeros(3)
    reach = (target - resting) @ chest / (_UPPER_ARM + _FOREARM)
    forwards, upwards = max(float(reach[0]), 0.0), max(float(reach[2]), 0.0)
    return vec(0.045 * forwards, -sign * 0.025 * forwards, 0.04 * upwards + 0.012 * forwards)


def _hand_target(
    arm: Arm, joints: Mapping[str, Array], frames: Mapping[str, Array]
) -> tuple[Array | None, Array | None, Array | None]:
    """Return where the wrist goes, where the fingers point and where the palm looks, as far as given."""
    if arm.grasp is not None:
        return _grasped(arm.grasp, joints, frames)
    if arm.palm_on is not None:
        palm = unit(np.array(arm.palm_on.facing, dtype=np.float64))
        fingers = unit(np.array(arm.palm_on.fingers, dtype=np.float64))
        surface = np.array(arm.palm_on.at, dtype=np.float64)
        return surface - palm * _PALM_DEPTH - fingers * _PALM_CENTRE, fingers, palm
    wrist = None if arm.wrist is None else _locate(arm.wrist, joints, frames)
    given_fingers = None if arm.fingers is None else np.array(arm.fingers, dtype=np.float64)
    given_palm = None if arm.palm is None else np.array(arm.palm, dtype=np.float64)
    return wrist, given_fingers, given_palm


def _grasped(grasp: Grasp, joints: Mapping[str, Array], frames: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    frame = frames[grasp.on]
    side = frame @ unit(np.array(grasp.side, dtype=np.float64))
    fingers = frame @ np.array(grasp.fingers, dtype=np.float64)
    fingers = unit(fingers - side * float(fingers @ side))
    thick, thin = _GRASP_RADII[grasp.on.partition("_")[2]]
    radius = thick + (thin - thick) * grasp.along
    axis = _locate(Place(on=grasp.on, along=grasp.along), joints, frames)
    wrist = axis + side * (radius + _PALM_DEPTH + grasp.lift) - fingers * _PALM_CENTRE
    return wrist, fingers, -side


def _hand_frame(forearm: Array, sign: float, fingers: Array | None, palm: Array | None) -> Array:
    """Frame of a hand: x out of the palm, -z along the fingers; by default the palm looks inwards."""
    if fingers is None and palm is None:
        turned: Array = forearm @ rot_z(-sign * 75)
        return turned
    along = -forearm[:, 2] if fingers is None else fingers
    facing = -sign * forearm[:, 1] if palm is None else palm
    return frame_from(-along, facing)
