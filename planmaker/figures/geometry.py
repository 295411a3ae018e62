"""Give the vector arithmetic that posing and drawing share.

The world is in metres: x to the right, y away from the viewer, z up, the floor
at z = 0. A body frame is a 3x3 matrix whose columns are forward, left and up
along the bone; a limb hangs down its frame's -z.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Array", "IntArray", "frame_from", "rot_x", "rot_y", "rot_z", "smooth_path", "unit", "vec"]

Array = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_TINY = 1e-9


def vec(x: float, y: float, z: float) -> Array:
    """Make a point or direction."""
    return np.array([x, y, z], dtype=np.float64)


def unit(vector: Array) -> Array:
    """Scale to length one; a zero vector stays zero."""
    length = float(np.linalg.norm(vector))
    return vector / length if length > _TINY else vector


def rot_x(degrees: float) -> Array:
    """Turn about the forward axis."""
    cos, sin = _cos_sin(degrees)
    return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]], dtype=np.float64)


def rot_y(degrees: float) -> Array:
    """Turn about the left axis: a positive angle bends a trunk forward."""
    cos, sin = _cos_sin(degrees)
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]], dtype=np.float64)


def rot_z(degrees: float) -> Array:
    """Turn about the long axis: a positive angle turns to the left."""
    cos, sin = _cos_sin(degrees)
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]], dtype=np.float64)


def frame_from(up: Array, forward_hint: Array) -> Array:
    """Build the frame whose z is ``up`` and whose x lies nearest to the hint."""
    z_axis = unit(up)
    x_axis = forward_hint - z_axis * float(forward_hint @ z_axis)
    if float(np.linalg.norm(x_axis)) < _TINY:
        x_axis = vec(0, 0, 1) - z_axis * z_axis[2]
    x_axis = unit(x_axis)
    return np.column_stack([x_axis, np.cross(z_axis, x_axis), z_axis])


def smooth_path(points: Sequence[Array], steps: int) -> list[Array]:
    """Lay a Catmull-Rom curve through the points, ``steps`` pieces to a span."""
    ends = [2 * points[0] - points[1], *points, 2 * points[-1] - points[-2]]
    path: list[Array] = []
    for index in range(1, len(ends) - 2):
        before, here, after, beyond = ends[index - 1 : index + 3]
        for step in range(steps):
            t = step / steps
            path.append(
                0.5
                * (
                    2 * here
                    + (after - before) * t
                    + (2 * before - 5 * here + 4 * after - beyond) * t * t
                    + (3 * here - before - 3 * after + beyond) * t**3
                )
            )
    path.append(points[-1])
    return path


def _cos_sin(degrees: float) -> tuple[float, float]:
    radians = math.radians(degrees)
    return math.cos(radians), math.sin(radians)
