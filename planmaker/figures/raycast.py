"""Look at a body along parallel rays: depth, part and point for every sample."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures.body import Capsule, Part, soft_min
from planmaker.figures.geometry import Array, IntArray, vec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planmaker.figures.pose import Camera

__all__ = ["Caster", "Samples", "View", "Window", "window_about", "window_around"]

NOTHING: Final = -1

_TILE: Final = 24
_HIT: Final = 0.0006
_MAX_STEPS: Final = 80
_BLEND_MARGIN: Final = 0.035


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """A camera's axes in the world: right and up on paper, and away from the eye."""

    right: Array
    up: Array
    away: Array

    @classmethod
    def of(cls, camera: Camera) -> View:
        """Aim a view as the camera says."""
        azimuth, elevation = math.radians(camera.azimuth), math.radians(camera.elevation)
        eye = vec(
            math.sin(azimuth) * math.cos(elevation), -math.cos(azimuth) * math.cos(elevation), math.sin(elevation)
        )
        right = vec(math.cos(azimuth), math.sin(azimuth), 0)
        return cls(right=right, up=np.cross(right, -eye), away=-eye)

    def flat(self, points: Array) -> Array:
        """Project points to (right, up) in metres."""
        return np.stack([points @ self.right, points @ self.up], -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The piece of the projection plane that is looked at, in pixels of ``pixel`` metres."""

    left: float
    top: float
    columns: int
    rows: int
    pixel: float

    def to_pixels(self, flat: Array) -> Array:
        """Turn projected metres into pixel coordinates, y down."""
        return np.stack([(flat[..., 0] - self.left) / self.pixel, (self.top - flat[..., 1]) / self.pixel], -1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """What rays hit: depth (inf for nothing), index of the part (-1 for nothing), world point."""

    depth: Array
    part: IntArray
    point: Array

    def grid(self, window: Window) -> Samples:
        """Shape the samples as rows and columns."""
        shape = (window.rows, window.columns)
        return Samples(
            depth=self.depth.reshape(shape), part=self.part.reshape(shape), point=self.point.reshape(*shape, 3)
        )


def window_around(view: View, parts: Iterable[Part], pixel: float, margin: int = 4) -> Window:
    """Find the window that holds all parts."""
    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for part in parts:
        for capsule in part.capsules:
            for end, radius in zip((capsule.start, capsule.end), capsule.radii, strict=True):
                flat, reach = view.flat(end), radius + abs(capsule.bulge)
                low, high = np.minimum(low, flat - reach), np.maximum(high, flat + reach)
    return Window(
        left=float(low[0]) - margin * pixel,
        top=float(high[1]) + margin * pixel,
        columns=math.ceil(float(high[0] - low[0]) / pixel) + 2 * margin,
        rows=math.ceil(float(high[1] - low[1]) / pixel) + 2 * margin,
        pixel=pixel,
    )


def window_about(view: View, centre: Array, radius: float, pixel: float, margin: int = 4) -> Window:
    """Find the square window about a point."""
    across, up = view.flat(centre)
    pixels = math.ceil(2 * radius / pixel) + 2 * margin
    half = pixels * pixel / 2
    return Window(left=float(across) - half, top=float(up) + half, columns=pixels, rows=pixels, pixel=pixel)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Near:
    """The capsules that rays of one tile can meet, and the depths between which they lie."""

    capsules: dict[int, list[Capsule]]
    pairs: list[tuple[int, int, float]]
    start: float
    stop: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Caster:
    """Marches rays through the parts seen in a window, or in a ``porthole`` of some pixels about its middle."""

    view: View
    window: Window
    parts: tuple[Part, ...]
    neighbours: tuple[tuple[str, str, float], ...]
    porthole: float = math.inf
    tiles: dict[tuple[int, int], _Near] = field(default_factory=dict)

    def whole(self) -> Samples:
        """Cast a ray through the middle of every pixel."""
        rows, columns = np.mgrid[0 : self.window.rows, 0 : self.window.columns]
        return self.cast(columns.ravel() + 0.5, rows.ravel() + 0.5).grid(self.window)

    def cast(self, x: Array, y: Array) -> Samples:
        """Cast rays through pixel coordinates."""
        count = len(x)
        depth, part = np.full(count, np.inf), np.full(count, NOTHING, dtype=np.int64)
        origin = np.outer(self.window.left + x * self.window.pixel, self.view.right)
        origin = origin + np.outer(self.window.top - y * self.window.pixel, self.view.up)
        column, row = (np.floor(values / _TILE).astype(np.int64) for values in (x, y))
        key = column * 100_003 + row
        order = np.argsort(key, kind="stable")
        cuts = np.flatnonzero(np.diff(key[order])) + 1
        for group in np.split(order, cuts):
            if len(group):
                near = self._near((int(column[group[0]]), int(row[group[0]])))
                if near.capsules:
                    depth[group], part[group] = self._march(near, origin[group])
        outside = np.hypot(x - self.window.columns / 2, y - self.window.rows / 2) > self.porthole
        depth[outside], part[outside] = np.inf, NOTHING
        reached = np.where(np.isfinite(depth), depth, 0.0)
        return Samples(depth=depth, part=part, point=origin + np.outer(reached, self.view.away))

    def _march(self, near: _Near, origin: Array) -> tuple[Array, IntArray]:
        depth, part = np.full(len(origin), np.inf), np.full(len(origin), NOTHING, dtype=np.int64)
        travelled = np.full(len(origin), near.start)
        active = np.arange(len(origin))
        keys = np.array(list(near.capsules), dtype=np.int64)
        for _ in range(_MAX_STEPS):
            points = origin[active] + np.outer(travelled[active], self.view.away)
            distances, nearest = self._distances(near, points)
            hit = nearest < _HIT
            if hit.any():
                rays = active[hit]
                part[rays] = keys[distances[:, hit].argmin(0)]
                depth[rays] = travelled[rays]
            travelled[active] += np.maximum(nearest, 0.0004) * 0.9
            active = active[~hit & (travelled[active] < near.stop)]
            if len(active) == 0:
                break
        return depth, part

    def _distances(self, near: _Near, points: Array) -> tuple[Array, Array]:
        """Return each near part's distance, and that of all of them with neighbours melted together."""
        rows = {index: self.parts[index].distance(points, among) for index, among in near.capsules.items()}
        stacked = np.stack(list(rows.values()))
        nearest: Array = stacked.min(0)
        for first, second, blend in near.pairs:
            nearest = np.minimum(nearest, soft_min(rows[first], rows[second], blend))
        return stacked, nearest

    def _near(self, tile: tuple[int, int]) -> _Near:
        if tile not in self.tiles:
            self.tiles[tile] = self._gather(tile)
        return self.tiles[tile]

    def _gather(self, tile: tuple[int, int]) -> _Near:
        size = _TILE * self.window.pixel
        centre = np.array([self.window.left + (tile[0] + 0.5) * size, self.window.top - (tile[1] + 0.5) * size])
        radius = size * math.sqrt(0.5) + _BLEND_MARGIN
        capsules: dict[int, list[Capsule]] = {}
        start, stop = math.inf, -math.inf
        for index, part in enumerate(self.parts):
            for capsule in part.capsules:
                middle, extent = capsule.centre, capsule.extent
                if float(np.linalg.norm(self.view.flat(middle) - centre)) < extent + radius:
                    capsules.setdefault(index, []).append(capsule)
                    depth = float(middle @ self.view.away)
                    start, stop = min(start, depth - extent), max(stop, depth + extent)
        names = {part.name: index for index, part in enumerate(self.parts)}
        pairs = [
            (names[first], names[second], blend)
            for first, second, blend in self.neighbours
            if names.get(first) in capsules and names.get(second) in capsules
        ]
        return _Near(capsules=capsules, pairs=pairs, start=start - 0.02, stop=stop + 0.02)
