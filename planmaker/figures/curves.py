"""Smooth traced points and fit them with cubic Bezier curves (Schneider 1990)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from planmaker.figures.geometry import Array

__all__ = ["bezier_points", "fit_curves", "smoothed"]

_ROUNDS: Final = 4
_TINY: Final = 1e-9
# How many points a tangent is measured over.
_TANGENT_SPAN: Final = 4
_FEW: Final = 3


def smoothed(points: Array, rounds: int, *, closed: bool) -> Array:
    """Average each point with its neighbours, keeping the ends of an open line."""
    line = points.copy()
    for _ in range(rounds):
        if closed:
            line = 0.25 * np.roll(line, 1, 0) + 0.5 * line + 0.25 * np.roll(line, -1, 0)
        elif len(line) >= _FEW:
            line[1:-1] = 0.25 * line[:-2] + 0.5 * line[1:-1] + 0.25 * line[2:]
    return line


def bezier_points(curve: Array, shares: Array) -> Array:
    """Return the points of a curve (4 control points) at the given shares."""
    t = shares[:, None]
    points: Array = (
        (1 - t) ** 3 * curve[0] + 3 * (1 - t) ** 2 * t * curve[1] + 3 * (1 - t) * t * t * curve[2] + t**3 * curve[3]
    )
    return points


def fit_curves(points: Array, tolerance: float, *, closed: bool = False) -> list[Array]:
    """Fit a line of points by curves of 4 control points within the tolerance."""
    if closed:
        tangent = _direction(points[1] - points[-2])
        return _fit(points, tolerance, tangent, -tangent)
    span = min(_TANGENT_SPAN, len(points) - 1)
    return _fit(points, tolerance, _direction(points[span] - points[0]), _direction(points[-1 - span] - points[-1]))


def _direction(vector: Array) -> Array:
    length = float(np.linalg.norm(vector))
    return vector / length if length > _TINY else np.array([1.0, 0.0])


def _fit(points: Array, tolerance: float, leaving: Array, arriving: Array) -> list[Array]:
    if len(points) <= _FEW:
        third = float(np.linalg.norm(points[-1] - points[0])) / 3
        return [np.array([points[0], points[0] + leaving * third, points[-1] + arriving * third, points[-1]])]
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    if lengths[-1] < _TINY:
        return []
    shares: Array = lengths / lengths[-1]
    errors = np.zeros(len(points))
    for _ in range(_ROUNDS):
        curve = _least_squares(points, shares, leaving, arriving)
        errors = ((bezier_points(curve, shares) - points) ** 2).sum(1)
        if errors.max() < tolerance**2:
            return [curve]
        if errors.max() > 16 * tolerance**2:
            break
        shares = _reparametrised(curve, points, shares)
    worst = int(np.clip(errors.argmax(), 2, len(points) - 3)) if len(points) > _FEW + 2 else len(points) // 2
    span = min(_TANGENT_SPAN, worst, len(points) - 1 - worst)
    middle = _direction(points[worst - span] - points[worst + span])
    return _fit(points[: worst + 1], tolerance, leaving, middle) + _fit(points[worst:], tolerance, -middle, arriving)


def _least_squares(points: Array, shares: Array, leaving: Array, arriving: Array) -> Array:
    """Find the curve with the given end tangents that lies nearest to the points."""
    first = (3 * (1 - shares) ** 2 * shares)[:, None] * leaving
    second = (3 * (1 - shares) * shares**2)[:, None] * arriving
    head = ((1 - shares) ** 3 + 3 * (1 - shares) ** 2 * shares)[:, None]
    tail = (shares**3 + 3 * (1 - shares) * shares**2)[:, None]
    rest = points - head * points[0] - tail * points[-1]
    a, b, c = float((first * first).sum()), float((first * second).sum()), float((second * second).sum())
    p, q = float((first * rest).sum()), float((second * rest).sum())
    determinant = a * c - b * b
    chord = float(np.linalg.norm(points[-1] - points[0]))
    start = end = chord / 3
    if abs(determinant) > _TINY:
        start, end = (p * c - q * b) / determinant, (a * q - b * p) / determinant
    if min(start, end) < 1e-3 * chord or max(start, end) > 3 * chord + 1:
        start = end = chord / 3
    return np.array([points[0], points[0] + leaving * start, points[-1] + arriving * end, points[-1]])


def _reparametrised(curve: Array, points: Array, shares: Array) -> Array:
    """Move every point's share one Newton step nearer to its foot on the curve."""
    t = shares[:, None]
    first = 3 * (curve[1:] - curve[:-1])
    second = 2 * (first[1:] - first[:-1])
    slope = (1 - t) ** 2 * first[0] + 2 * (1 - t) * t * first[1] + t * t * first[2]
    bend = (1 - t) * second[0] + t * second[1]
    off = bezier_points(curve, shares) - points
    top = (off * slope).sum(1)
    bottom = (slope * slope).sum(1) + (off * bend).sum(1)
    step = np.where(np.abs(bottom) > _TINY, top / np.where(bottom == 0, 1, bottom), 0)
    return np.maximum.accumulate(np.clip(shares - step, 0, 1))
