"""Hold what is painted, back to front, and write it as a Drawing's shapes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures.curves import bezier_points
from planmaker.figures.drawing import Colour, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from planmaker.figures.geometry import Array

__all__ = ["Layer", "Line", "bounds", "circle", "hatching", "polyline", "smooth_line", "to_shape"]

_STRAIGHT_CM: Final = 0.06
_CURVE_POINTS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """A run of curves in paper cm: each piece has 2 points (straight) or 4 (Bezier)."""

    pieces: tuple[Array, ...]
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """Lines painted alike; widths in cm."""

    lines: tuple[Line, ...]
    fill: Colour | None = None
    stroke: Colour | None = None
    width: float = 0.0
    dash: tuple[float, ...] = ()
    round_cap: bool = True

    def moved(self, offset: Array) -> Layer:
        """Return the layer shifted on paper."""
        lines = tuple(replace(line, pieces=tuple(piece + offset for piece in line.pieces)) for line in self.lines)
        return replace(self, lines=lines)


def polyline(points: Sequence[Array], *, closed: bool = False) -> Line:
    """Join points by straight pieces."""
    onward = [*points[1:], points[0]] if closed else points[1:]
    pieces = tuple(np.array([start, end]) for start, end in zip(points, onward, strict=False))
    return Line(pieces=pieces, closed=closed)


def smooth_line(points: Sequence[Array]) -> Line:
    """Join points by Bezier curves that pass through them all."""
    ends = [points[0], *points, points[-1]]
    pieces = [
        np.array([here, here + (after - before) / 6, after - (beyond - here) / 6, after])
        for before, here, after, beyond in zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    ]
    return Line(pieces=tuple(pieces))


def circle(centre: Array, radius: float) -> Line:
    """Draw a circle as four curves."""
    handle = radius * 0.5523
    pieces: list[Array] = []
    for quarter in range(4):
        out = np.array([math.cos(quarter * math.pi / 2), math.sin(quarter * math.pi / 2)])
        on = np.array([-out[1], out[0]])
        first, last = centre + out * radius, centre + on * radius
        pieces.append(np.array([first, first + on * handle, last + out * handle, last]))
    return Line(pieces=tuple(pieces), closed=True)


def bounds(layers: Iterable[Layer]) -> tuple[Array, Array]:
    """Return the least and greatest x and y over all pieces, with half the stroke's width."""
    low, high = np.full(2, math.inf), np.full(2, -math.inf)
    for layer in layers:
        margin = layer.width / 2 if layer.stroke else 0.0
        for line in layer.lines:
            for piece in line.pieces:
                low, high = np.minimum(low, piece.min(0) - margin), np.maximum(high, piece.max(0) + margin)
    return low, high


def to_shape(layer: Layer) -> Shape:
    """Write a layer as one shape, coordinates to a tenth of a cm."""
    return Shape(
        path=" ".join(_line_text(line) for line in layer.lines if line.pieces),
        fill=layer.fill,
        stroke=layer.stroke,
        width=layer.width,
        dash=layer.dash,
        round_cap=layer.round_cap,
    )


def _line_text(line: Line) -> str:
    words = ["M", *_numbers(line.pieces[0][:1])]
    for piece in line.pieces:
        if len(piece) == _CURVE_POINTS and not _is_straight(piece):
            words += ["C", *_numbers(piece[1:])]
        else:
            words += ["L", *_numbers(piece[-1:])]
    return " ".join([*words, "Z"] if line.closed else words)


def _is_straight(curve: Array) -> bool:
    chord = curve[3] - curve[0]
    length = float(np.linalg.norm(chord))
    if length < _STRAIGHT_CM:
        return True
    offsets = (curve[1:3] - curve[0]) @ np.array([-chord[1], chord[0]]) / length
    return bool(np.abs(offsets).max() < _STRAIGHT_CM)


def _numbers(points: Array) -> list[str]:
    return [_number(float(value)) for value in points.ravel()]


def _number(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def hatching(outlines: Sequence[Line], spacing: float) -> tuple[Line, ...]:
    """Fill outlines with lines that climb at 45 degrees, ``spacing`` cm apart."""
    turn = np.array([[1.0, 1.0], [-1.0, 1.0]]) * math.sqrt(0.5)
    shares = np.linspace(0, 1, 6)[:-1]
    starts: list[Array] = []
    ends: list[Array] = []
    for outline in outlines:
        dense = [bezier_points(piece, shares) if len(piece) == _CURVE_POINTS else piece[:1] for piece in outline.pieces]
        points = np.vstack(dense) @ turn.T
        starts.append(points)
        ends.append(np.roll(points, -1, 0))
    if not starts:
        return ()
    start, end = np.vstack(starts), np.vstack(ends)
    lines: list[Line] = []
    level = math.floor(float(start[:, 1].min()) / spacing) * spacing
    while level < float(start[:, 1].max()):
        crossing = (start[:, 1] <= level) != (end[:, 1] <= level)
        a, b = start[crossing], end[crossing]
        hits = np.sort(a[:, 0] + (level - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0]))
        for left, right in zip(hits[::2], hits[1::2], strict=False):
            if right - left > spacing / 6:
                lines.append(polyline([np.array([left, level]) @ turn, np.array([right, level]) @ turn]))
        level += spacing
    return tuple(lines)
