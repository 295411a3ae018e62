"""Shape a hand: palm, four fingers of three bones and a thumb, closed as the grip says.

The hand's frame has x out of the palm and -z along the straight fingers. In
these tables y is positive on the thumb's side. The wrist's axis runs nearer to
the back of the hand than to the palm, so everything lies ``_TO_PALM`` off it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np

from planmaker.figures.geometry import Array, rot_y, unit, vec

__all__ = ["HandShape", "finger_gaps", "hand_capsules"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HandShape:
    """A capsule in the hand's frame, measured from the wrist."""

    start: Array
    end: Array
    radii: tuple[float, float]
    flat: float = 1.0


# Sideways place and length of each finger, from the index to the little one.
_FINGERS: Final = ((0.029, 0.074), (0.010, 0.082), (-0.010, 0.077), (-0.029, 0.062))
_SHARES: Final = (0.46, 0.30, 0.24)
_TO_PALM: Final = 0.006
_FINGER_RADIUS: Final = 0.0108
_KNUCKLES: Final = -0.090

# Bend of the three joints of the fingers in each grip.
_CURLS: Final = {
    "flat": (3.0, 1.0, 0.0),
    "relaxed": (12.0, 16.0, 10.0),
    "curl": (24.0, 32.0, 20.0),
    "fist": (72.0, 86.0, 46.0),
}

# The thumb's two bones in each grip: root, middle joint, tip.
_THUMBS: Final = {
    "flat": ((-0.002, 0.030, -0.030), (0.002, 0.054, -0.066), (0.002, 0.064, -0.098)),
    "relaxed": ((0.006, 0.030, -0.030), (0.018, 0.050, -0.064), (0.020, 0.052, -0.096)),
    "curl": ((0.008, 0.030, -0.030), (0.028, 0.054, -0.058), (0.048, 0.056, -0.082)),
    "fist": ((0.010, 0.030, -0.034), (0.040, 0.036, -0.062), (0.058, 0.014, -0.078)),
}


def hand_capsules(grip: str, sign: float) -> tuple[HandShape, ...]:
    """Build a hand; ``sign`` is +1 for the left hand, whose thumb lies to +y."""
    shapes = [
        HandShape(
            start=vec(_TO_PALM, 0, -0.022), end=vec(_TO_PALM, sign * 0.002, -0.070), radii=(0.031, 0.041), flat=0.42
        ),
        HandShape(start=vec(0, 0, 0.0), end=vec(_TO_PALM, 0, -0.03), radii=(0.026, 0.030), flat=0.62),
    ]
    for y, length in _FINGERS:
        joints = _finger(grip, y, length, sign)
        for index, (start, end) in enumerate(itertools.pairwise(joints)):
            radius = _FINGER_RADIUS - 0.0008 * index
            shapes.append(HandShape(start=start, end=end, radii=(radius, radius - 0.0008)))
    root, middle, tip = (vec(x + _TO_PALM, sign * y, z) for x, y, z in _THUMBS[grip])
    shapes.append(HandShape(start=root, end=middle, radii=(0.0165, 0.0120)))
    shapes.append(HandShape(start=middle, end=tip, radii=(0.0120, 0.0098)))
    return tuple(shapes)


def finger_gaps(grip: str, sign: float) -> tuple[tuple[Array, ...], ...]:
    """Return the lines between fingers, on the back and on the palm side."""
    gaps: list[tuple[Array, ...]] = []
    fingers = [_finger(grip, y, length, sign) for y, length in _FINGERS]
    for first, second in itertools.pairwise(fingers):
        middle = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
        for outward in (-1.0, 1.0):
            points: list[Array] = []
            for start, end in itertools.pairwise(middle):
                normal = unit(np.cross(vec(0, 1, 0), unit(end - start))) * -outward
                points += [start + (end - start) * share + normal * 0.006 for share in (0.15, 0.85)]
            points.pop()
            gaps.append(tuple(points))
    return tuple(gaps)


def _finger(grip: str, y: float, length: float, sign: float) -> list[Array]:
    """Return the four joints of a finger, from knuckle to tip."""
    joints = [vec(_TO_PALM, sign * y * 0.95, _KNUCKLES + abs(y) * 0.15)]
    bend = 0.0
    spread = 0.06 if grip == "flat" else 0.02
    for share, curl in zip(_SHARES, _CURLS[grip], strict=True):
        bend += curl
        direction = rot_y(-bend) @ unit(vec(0, sign * y * spread / 0.03, -1))
        joints.append(joints[-1] + direction * (length * share))
    return joints
