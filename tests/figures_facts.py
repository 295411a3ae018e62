"""State the positions of the exercises as facts a posed body can be held to.

In every pose the right side is the one that works, and the left the other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from planmaker.figures import measure
from planmaker.figures.body import build_body
from planmaker.figures.pose import Pose, Target
from planmaker.figures.skeleton import Skeleton

Fact = Callable[[Pose, Skeleton], bool]


def lies_on_the_back(_pose: Pose, body: Skeleton) -> bool:
    """Say that the body lies face up."""
    return bool(body.frames["pelvis"][2, 0] > 0.85)


def lies_face_down(_pose: Pose, body: Skeleton) -> bool:
    """Say that the body lies face down."""
    return bool(body.frames["pelvis"][2, 0] < -0.95)


def stands_upright(_pose: Pose, body: Skeleton) -> bool:
    """Say that the trunk is within 25 degrees of upright."""
    return bool(body.frames["pelvis"][2, 2] > 0.9)


def knee_between(side: str, least: float, most: float) -> Fact:
    """Say that a knee is bent by so many degrees."""
    return lambda _pose, body: least <= measure.knee_flexion(body, side) <= most


def hip_between(side: str, least: float, most: float) -> Fact:
    """Say that a hip is flexed by so many degrees."""
    return lambda _pose, body: least <= measure.hip_flexion(body, side) <= most


def foot_flat(side: str) -> Fact:
    """Say that the whole sole is on the floor."""

    def check(_pose: Pose, body: Skeleton) -> bool:
        off = measure.gap(build_body(body).part(f"{side}_foot"), measure.floor_plane())
        return abs(off) < 0.003 and float(body.frames[f"{side}_foot"][2, 2]) > 0.999

    return check


def rests(part: str) -> Fact:
    """Say that a part touches the floor."""
    return lambda _pose, body: measure.gap(build_body(body).part(part), measure.floor_plane()) < 0.005


def rests_on_wall(part: str) -> Fact:
    """Say that a part touches the wall."""

    def check(pose: Pose, body: Skeleton) -> bool:
        wall = measure.wall_plane(pose)
        return wall is not None and measure.gap(build_body(body).part(part), wall) < 0.005

    return check


def foot_off_floor(side: str) -> Fact:
    """Say that a foot is clearly lifted."""
    return lambda _pose, body: float(body.joints[f"{side}_ankle"][2]) > 0.2


def feet_apart(least: float, most: float) -> Fact:
    """Say that the ankles are so many metres apart."""
    return lambda _pose, body: least <= abs(body.joints["left_ankle"][1] - body.joints["right_ankle"][1]) <= most


def foot_points_forward(side: str) -> Fact:
    """Say that a foot points straight ahead."""
    return lambda _pose, body: float(body.frames[f"{side}_foot"][0, 0]) > 0.98


def knees_behind_toes(_pose: Pose, body: Skeleton) -> bool:
    """Say that no knee is over or beyond its toes."""
    toe_length = 0.2
    return all(
        body.joints[f"{side}_knee"][0] < body.joints[f"{side}_ankle"][0] + toe_length for side in ("right", "left")
    )


def heels_from_wall(least: float, most: float) -> Fact:
    """Say that both heels are so many metres from the wall."""

    def check(pose: Pose, body: Skeleton) -> bool:
        wall = measure.wall_plane(pose)
        heel_length = 0.08
        return wall is not None and all(
            least <= body.joints[f"{side}_ankle"][0] - heel_length - wall.point[0] <= most for side in ("right", "left")
        )

    return check


def hand_behind_thigh(side: str, least: float = 0.28, off: float = 0.12) -> Fact:
    """Say that a palm lies on the back of the right thigh, in its lower third or so many metres below the hip."""

    def check(_pose: Pose, body: Skeleton) -> bool:
        palm = body.joints[f"{side}_wrist"] - body.frames[f"{side}_hand"][:, 2] * 0.07
        local = (palm - body.joints["right_hip"]) @ body.frames["right_thigh"]
        return bool(local[0] < 0 and -0.425 < local[2] < -least and np.hypot(local[0], local[1]) < off)

    return check


def straight_shoulders_to_knees(_pose: Pose, body: Skeleton) -> bool:
    """Say that shoulders, hips and knees are in one line seen from the side, within 10 degrees."""
    shoulder, hip, knee = (body.joints[f"right_{joint}"] for joint in ("shoulder", "hip", "knee"))
    trunk, thigh = (hip - shoulder)[[0, 2]], (knee - hip)[[0, 2]]
    cosine = trunk @ thigh / (np.linalg.norm(trunk) * np.linalg.norm(thigh))
    return bool(cosine > np.cos(np.radians(10)))


def knee_across_the_body(_pose: Pose, body: Skeleton) -> bool:
    """Say that the right knee is over the left half of the trunk."""
    return bool(body.joints["right_knee"][1] > 0 and body.joints["right_knee"][0] < 0)


def no_twist(pose: Pose, _body: Skeleton) -> bool:
    """Say that neither the pelvis nor the spine is turned."""
    return pose.root.roll == 0 and pose.spine.lumbar[2] == 0 and pose.spine.thorax[2] == 0 and pose.spine.chest[2] == 0


def towel_round(part: str, *hands: str) -> Fact:
    """Say that a band runs from hand to hand round a part."""

    def check(pose: Pose, _body: Skeleton) -> bool:
        bands = [[place.on for place in prop.path] for prop in pose.prop if prop.kind in {"towel", "strap"}]
        return any({part, *hands} == set(band) and band[0] in hands and band[-1] in hands for band in bands)

    return check


def felt_in(bone: str, side: str = "") -> Fact:
    """Say that a target lies on a bone, on its front or back."""

    def behind(target: Target) -> bool:
        return abs(target.centre[1]) > 90 if "_" in target.on else target.centre[0] < 0

    def check(pose: Pose, _body: Skeleton) -> bool:
        return any(target.on == bone and (not side or behind(target) == (side == "back")) for target in pose.target)

    return check


OTHER_KNEE_BENT = (knee_between("left", 60, 110), foot_flat("left"))
BOTH_KNEES_BENT = (
    lies_on_the_back,
    knee_between("right", 60, 115),
    knee_between("left", 60, 115),
    foot_flat("right"),
    foot_flat("left"),
)

HANDS_AND_KNEES = (rests("left_hand"), rests("right_hand"), rests("left_thigh"), rests("right_thigh"))


def hand_lifted(side: str) -> Fact:
    """Say that a hand is about as high as its shoulder."""
    return lambda _pose, body: abs(float(body.joints[f"{side}_wrist"][2] - body.joints[f"{side}_shoulder"][2])) < 0.12


def foot_level_with_hip(side: str) -> Fact:
    """Say that a foot is no higher than its hip, and nearly as high."""
    return lambda _pose, body: -0.15 < float(body.joints[f"{side}_ankle"][2] - body.joints[f"{side}_hip"][2]) <= 0.02


def elbow_under_shoulder(side: str) -> Fact:
    """Say that an elbow is under its shoulder to a hand's width."""
    return lambda _pose, body: (
        float(np.hypot(*(body.joints[f"{side}_elbow"] - body.joints[f"{side}_shoulder"])[:2])) < 0.1
    )


def heel_off_floor(side: str) -> Fact:
    """Say that the ankle is higher than on a flat foot."""
    return lambda _pose, body: float(body.joints[f"{side}_ankle"][2]) > 0.1


FACTS: dict[str, tuple[Fact, ...]] = {
    "supine_hamstring_stretch": (
        lies_on_the_back,
        *OTHER_KNEE_BENT,
        knee_between("right", 0, 15),
        hip_between("right", 60, 95),
        towel_round("right_foot", "right_hand", "left_hand"),
        felt_in("right_thigh", "back"),
    ),
    "knee_to_chest": (
        lies_on_the_back,
        *OTHER_KNEE_BENT,
        hip_between("right", 100, 130),
        hand_behind_thigh("right"),
        hand_behind_thigh("left"),
        felt_in("pelvis", "back"),
    ),
    "piriformis_stretch": (
        lies_on_the_back,
        *OTHER_KNEE_BENT,
        no_twist,
        rests("torso"),
        rests("pelvis"),
        knee_across_the_body,
        hand_behind_thigh("right", least=0.25, off=0.13),
        hand_behind_thigh("left", least=0.25, off=0.13),
        felt_in("pelvis", "back"),
    ),
    "prone_quadriceps_stretch": (
        lies_face_down,
        knee_between("right", 100, 140),
        hip_between("right", -15, 10),
        towel_round("right_shank", "right_hand"),
        felt_in("right_thigh", "front"),
    ),
    "calf_stretch": (
        stands_upright,
        knee_between("right", 0, 12),
        knee_between("left", 15, 50),
        foot_flat("right"),
        foot_flat("left"),
        foot_points_forward("right"),
        rests_on_wall("right_hand"),
        rests_on_wall("left_hand"),
        felt_in("right_shank", "back"),
    ),
    "ta_contraction": (*BOTH_KNEES_BENT, felt_in("pelvis", "front")),
    "bridging": (
        foot_flat("right"),
        foot_flat("left"),
        feet_apart(0.15, 0.30),
        straight_shoulders_to_knees,
        rests("torso"),
        rests("head"),
        felt_in("pelvis", "back"),
    ),
    "gluteal_squeeze": (*BOTH_KNEES_BENT, felt_in("pelvis", "back")),
    "ta_march": (
        lies_on_the_back,
        *OTHER_KNEE_BENT,
        knee_between("right", 70, 110),
        foot_off_floor("right"),
        felt_in("pelvis", "front"),
    ),
    "walking": (stands_upright, rests("right_foot"), rests("left_foot"), knee_between("right", 0, 35)),
    "stationary_cycling": (foot_off_floor("left"), knee_between("right", 20, 80), knee_between("left", 80, 130)),
    "wall_squat": (
        stands_upright,
        knee_between("right", 40, 50),
        knee_between("left", 40, 50),
        knees_behind_toes,
        heels_from_wall(0.30, 0.60),
        feet_apart(0.30, 0.45),
        rests_on_wall("torso"),
        rests_on_wall("pelvis"),
        felt_in("right_thigh", "front"),
    ),
    "bird_dog": (rests("right_hand"), rests("left_thigh"), hand_lifted("left"), foot_level_with_hip("right")),
    "cat_camel": HANDS_AND_KNEES,
    "clamshell": (knee_between("left", 45, 110), knee_between("right", 45, 110)),
    "curl_up": (lies_on_the_back, knee_between("right", 60, 115), knee_between("left", 0, 10)),
    "dead_bug": (lies_on_the_back, foot_flat("left"), knee_between("right", 45, 115)),
    "front_plank": (elbow_under_shoulder("right"), rests("right_forearm"), rests("right_thigh")),
    "heel_raise": (stands_upright, heel_off_floor("right"), heel_off_floor("left"), knee_between("right", 0, 15)),
    "hip_flexor_stretch": (stands_upright, rests("right_thigh"), foot_flat("left"), knee_between("left", 70, 115)),
    "pelvic_tilt": BOTH_KNEES_BENT,
    "prone_press_up": (elbow_under_shoulder("right"), rests("right_forearm"), rests("pelvis")),
    "side_plank": (knee_between("right", 60, 115), knee_between("left", 60, 115), rests("right_forearm")),
    "standing_back_bend": (foot_flat("right"), foot_flat("left"), knee_between("right", 0, 8)),
}
