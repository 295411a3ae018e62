"""State the body's shape: which capsules hang on which bone, in metres.

Offsets are in the bone's frame (forward, left, up); for the parts that come in
pairs they are those of the left side, mirrored for the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "BLENDS",
    "CORE_FLESH",
    "CUTS",
    "HEM",
    "PART_BLEND",
    "SIDED_BLENDS",
    "SIDED_FLESH",
    "SLEEVE",
    "SOLE_DEPTH",
    "Cut",
    "Flesh",
]

Offset = tuple[float, float, float]
End = tuple[str, Offset]
Axis = Literal["x", "y", "z"]

# How far down the thigh the shorts reach and down the upper arm the sleeve.
HEM: Final = 0.215
SLEEVE: Final = 0.150
# How far the sole is below the ankle.
SOLE_DEPTH: Final = 0.0735


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A plane across a bone ``below`` its joint; what lies farther down is removed."""

    joint: str
    frame: str
    below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Flesh:
    """One capsule of a part, from an offset of one joint to an offset of another."""

    part: str
    frame: str
    start: End
    end: End
    radii: tuple[float, float]
    bulge: float = 0.0
    end_frame: str = ""
    flat_axis: Axis | None = None
    flat: float = 1.0


def _at(joint: str, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> End:
    return joint, (x, y, z)


CORE_FLESH: Final = (
    # Hips: a broad bowl that narrows to the waist.
    Flesh(
        part="pelvis",
        frame="pelvis",
        start=_at("pelvis", -0.002, -0.062),
        end=_at("pelvis", -0.002, 0.062),
        radii=(0.102, 0.102),
        flat_axis="x",
        flat=0.93,
    ),
    Flesh(
        part="pelvis",
        frame="pelvis",
        start=_at("pelvis", 0, 0, -0.03),
        end=_at("pelvis", -0.005, 0, 0.075),
        radii=(0.112, 0.120),
        flat_axis="x",
        flat=0.80,
    ),
    # Belly, rib cage, breast, shoulder blades, collar.
    Flesh(
        part="torso",
        frame="abdomen",
        start=_at("abdomen", 0.020, 0, -0.03),
        end=_at("thorax", 0.012, 0, 0.02),
        end_frame="thorax",
        radii=(0.119, 0.117),
        flat_axis="x",
        flat=0.74,
    ),
    Flesh(
        part="torso",
        frame="abdomen",
        start=_at("belly", 0.035, 0, -0.02),
        end=_at("belly", 0.040, 0, 0.09),
        radii=(0.075, 0.070),
    ),
    Flesh(
        part="torso",
        frame="thorax",
        start=_at("thorax", 0.014),
        end=_at("chest", 0.009, 0, 0.06),
        end_frame="chest",
        radii=(0.118, 0.146),
        flat_axis="x",
        flat=0.76,
    ),
    Flesh(
        part="torso",
        frame="chest",
        start=_at("chest", 0.052, -0.055, 0.045),
        end=_at("chest", 0.052, 0.055, 0.045),
        radii=(0.060, 0.060),
    ),
    Flesh(
        part="torso",
        frame="chest",
        start=_at("chest", -0.029, -0.05, 0.070),
        end=_at("chest", -0.029, 0.05, 0.070),
        radii=(0.067, 0.067),
    ),
    Flesh(
        part="torso",
        frame="chest",
        start=_at("chest", -0.004, -0.085, 0.115),
        end=_at("chest", -0.004, 0.085, 0.115),
        radii=(0.070, 0.070),
    ),
    Flesh(
        part="neck",
        frame="neck",
        start=_at("neck", -0.004, 0, -0.02),
        end=_at("head", 0, 0, 0.03),
        end_frame="head",
        radii=(0.057, 0.052),
    ),
    # Skull, jaw, nose.
    Flesh(
        part="head",
        frame="head",
        start=_at("head", -0.010, 0, 0.102),
        end=_at("head", 0.020, 0, 0.095),
        radii=(0.0925, 0.089),
        flat_axis="y",
        flat=0.87,
    ),
    Flesh(
        part="head",
        frame="head",
        start=_at("head", 0.040, 0, 0.064),
        end=_at("head", 0.066, 0, 0.008),
        radii=(0.062, 0.036),
    ),
    Flesh(
        part="head",
        frame="head",
        start=_at("head", 0.102, 0, 0.084),
        end=_at("head", 0.120, 0, 0.054),
        radii=(0.010, 0.0145),
    ),
)

SIDED_FLESH: Final = (
    Flesh(
        part="pelvis",
        frame="pelvis",
        start=_at("pelvis", -0.050, 0.070, -0.035),
        end=_at("pelvis", -0.040, 0.066, 0.02),
        radii=(0.080, 0.076),
    ),
    Flesh(
        part="torso",
        frame="chest",
        start=_at("shoulder", -0.004, -0.032, -0.002),
        end=_at("chest", -0.012, 0, 0.182),
        radii=(0.052, 0.056),
    ),
    Flesh(
        part="ear",
        frame="head",
        start=_at("head", 0.004, 0.087, 0.086),
        end=_at("head", 0.000, 0.083, 0.056),
        radii=(0.022, 0.014),
        flat_axis="y",
        flat=0.5,
    ),
    # Thigh with its front and back muscle, and the knee cap.
    Flesh(part="thigh", frame="thigh", start=_at("hip"), end=_at("knee"), radii=(0.084, 0.054), bulge=0.003),
    Flesh(
        part="thigh",
        frame="thigh",
        start=_at("hip", 0.022, 0, -0.10),
        end=_at("knee", 0.012, 0, 0.09),
        radii=(0.062, 0.046),
        bulge=0.005,
    ),
    Flesh(
        part="thigh",
        frame="thigh",
        start=_at("hip", -0.020, 0, -0.08),
        end=_at("knee", -0.010, 0, 0.10),
        radii=(0.066, 0.044),
    ),
    Flesh(
        part="thigh",
        frame="thigh",
        start=_at("knee", 0.012, 0, 0.012),
        end=_at("knee", 0.010, 0, -0.012),
        radii=(0.047, 0.046),
    ),
    Flesh(
        part="shorts",
        frame="thigh",
        start=_at("hip"),
        end=_at("hip", 0, 0, -0.28),
        radii=(0.092, 0.081),
    ),
    Flesh(
        part="shorts",
        frame="thigh",
        start=_at("hip", 0.020, 0, -0.10),
        end=_at("hip", 0.014, 0, -0.30),
        radii=(0.069, 0.063),
    ),
    # Shank with calf and shin.
    Flesh(part="shank", frame="shank", start=_at("knee"), end=_at("ankle"), radii=(0.050, 0.033)),
    Flesh(
        part="shank",
        frame="shank",
        start=_at("knee", -0.020, 0.004, -0.06),
        end=_at("knee", -0.014, 0, -0.25),
        radii=(0.043, 0.033),
        bulge=0.014,
    ),
    Flesh(
        part="shank",
        frame="shank",
        start=_at("knee", 0.006, 0, -0.05),
        end=_at("ankle", 0.002, 0, 0.05),
        radii=(0.041, 0.031),
    ),
    # Heel, instep, ball, toes.
    Flesh(
        part="foot",
        frame="foot",
        start=_at("ankle", -0.040, 0, -0.036),
        end=_at("ankle", -0.030, 0, -0.038),
        radii=(0.040, 0.040),
    ),
    Flesh(
        part="foot",
        frame="foot",
        start=_at("ankle", 0, 0, -0.005),
        end=_at("ankle", 0.130, -0.010, -0.052),
        radii=(0.042, 0.026),
    ),
    Flesh(
        part="foot",
        frame="foot",
        start=_at("ankle", -0.030, 0, -0.047),
        end=_at("ankle", 0.135, 0.002, -0.050),
        radii=(0.034, 0.046),
        flat_axis="z",
        flat=0.60,
    ),
    Flesh(
        part="foot",
        frame="foot",
        start=_at("ankle", 0.140, -0.004, -0.055),
        end=_at("ankle", 0.188, -0.010, -0.058),
        radii=(0.044, 0.034),
        flat_axis="z",
        flat=0.50,
    ),
    Flesh(
        part="upper_arm", frame="upper_arm", start=_at("shoulder"), end=_at("elbow"), radii=(0.050, 0.038), bulge=0.002
    ),
    Flesh(
        part="upper_arm",
        frame="upper_arm",
        start=_at("shoulder", 0.006, 0, -0.09),
        end=_at("elbow", 0.004, 0, 0.07),
        radii=(0.043, 0.035),
        bulge=0.006,
    ),
    Flesh(
        part="sleeve",
        frame="upper_arm",
        start=_at("shoulder", 0.002, 0, 0.002),
        end=_at("shoulder", 0.003, 0, -0.20),
        radii=(0.058, 0.056),
    ),
    Flesh(part="forearm", frame="forearm", start=_at("elbow"), end=_at("wrist"), radii=(0.039, 0.0255)),
    Flesh(
        part="forearm",
        frame="forearm",
        start=_at("elbow", 0, 0, -0.03),
        end=_at("elbow", 0, 0, -0.15),
        radii=(0.040, 0.032),
        bulge=0.004,
    ),
)

# Parts that end flat: the sole and the hems of shorts and sleeves.
CUTS: Final = {
    "foot": Cut(joint="ankle", frame="foot", below=SOLE_DEPTH),
    "shorts": Cut(joint="hip", frame="thigh", below=HEM),
    "sleeve": Cut(joint="shoulder", frame="upper_arm", below=SLEEVE),
}

# Fillet inside each part.
PART_BLEND: Final = {
    "pelvis": 0.04,
    "torso": 0.06,
    "neck": 0.03,
    "head": 0.018,
    "hair": 0.01,
    "ear": 0.01,
    "thigh": 0.03,
    "shorts": 0.02,
    "shank": 0.03,
    "foot": 0.02,
    "upper_arm": 0.02,
    "sleeve": 0.02,
    "forearm": 0.02,
    "hand": 0.007,
}

# Fillets between neighbours.
BLENDS: Final = (("pelvis", "torso", 0.05), ("torso", "neck", 0.04), ("neck", "head", 0.025), ("head", "hair", 0.006))
SIDED_BLENDS: Final = (
    ("head", "*_ear", 0.004),
    ("pelvis", "*_shorts", 0.05),
    ("*_shorts", "*_thigh", 0.001),
    ("pelvis", "*_thigh", 0.03),
    ("*_thigh", "*_shank", 0.025),
    ("*_shank", "*_foot", 0.025),
    ("torso", "*_sleeve", 0.045),
    ("*_sleeve", "*_upper_arm", 0.001),
    ("torso", "*_upper_arm", 0.03),
    ("*_upper_arm", "*_forearm", 0.02),
    ("*_forearm", "*_hand", 0.018),
)
