"""Draw a pose: stage it, cast rays, trace the edges and paint the layers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures import style
from planmaker.figures.cracks import Chain, find_cracks, loops, prune, trace
from planmaker.figures.drawing import Drawing, Frame
from planmaker.figures.edges import Edge, classify, refiner
from planmaker.figures.layers import Layer, Line, bounds, circle, hatching, to_shape
from planmaker.figures.marks import arrow_layers, box_layers, face_layers, finger_layer, wave_layers
from planmaker.figures.pose import Pose, Start
from planmaker.figures.raycast import Caster, Samples, View, Window, window_about, window_around
from planmaker.figures.scene import Scene, set_scene
from planmaker.figures.tones import Tone, paint_tones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.figures.body import Part
    from planmaker.figures.geometry import Array, IntArray

__all__ = ["PIXEL", "draw_pose", "start_pose"]

# Metres: fine enough that a fitted line on paper 90 mm wide shows no step; lines are fitted to a tenth of a millimetre.
PIXEL: Final = 0.0028
_TOLERANCE_CM: Final = 0.25
_MARGIN_CM: Final = 1.5
# Lines inside the body shorter than these (cm) are noise: with one loose end, with two, closed.
_SHORTEST: Final = (0.0, 3.0, 7.0)
# An area less than this across is noise; a gap that small is closed, yet still drawn as a stroke.
_SMALLEST_AREA_CM: Final = 1.5
_SMALLEST_GAP_CM: Final = 0.35
_SHORTEST_LOOP: Final = 6.0
# Two rounds: what is left when the smallest twigs are gone may be too short as well.
_PRUNINGS_CM: Final = (1.2, 2.4)
_SHORTEST_GHOST: Final = 5.0
_GHOST_CLEARANCE: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sheet:
    """A scene seen through a window: what every later step draws from."""

    scene: Scene
    window: Window
    caster: Caster
    samples: Samples

    @property
    def scale(self) -> float:
        """Centimetres on paper per pixel."""
        return self.window.pixel * 100

    def paper(self, point: Array) -> Array:
        """Return where a world point falls on paper, in cm."""
        placed: Array = self.window.to_pixels(self.scene.view.flat(point)) * self.scale
        return placed

    def line(self, curves: tuple[Array, ...], *, closed: bool) -> Line:
        """Bring traced curves from pixels to paper."""
        return Line(pieces=tuple(curve * self.scale for curve in curves), closed=closed)


def draw_pose(pose: Pose, pixel: float = PIXEL) -> tuple[Drawing, ...]:
    """Draw a pose as one frame, or as two of one size if its start is a frame of its own."""
    frames: dict[Frame, list[Layer]] = {}
    if pose.start is not None and not pose.start.ghost:
        frames["start"] = _layers(replace(start_pose(pose), inset=None), pixel)
        frames["end"] = _layers(pose, pixel)
    else:
        frames["single"] = _layers(pose, pixel)
    low, high = bounds(layer for layers in frames.values() for layer in layers)
    low, high = low - _MARGIN_CM, high + _MARGIN_CM
    width, height = (round(float(size), 1) for size in high - low)
    return tuple(
        Drawing(
            frame=frame,
            width=width,
            height=height,
            shapes=tuple(to_shape(layer.moved(-low)) for layer in layers),
        )
        for frame, layers in frames.items()
    )


def start_pose(pose: Pose) -> Pose:
    """Return the pose in which the movement begins."""
    start = pose.start or Start()
    names = ("root", "spine", "belly", "right_leg", "left_leg", "right_arm", "left_arm", "contact")
    changed = {name: getattr(start, name) for name in names if getattr(start, name) is not None}
    return replace(pose, start=None, target=start.target, arrow=start.arrow, **changed)


def _layers(pose: Pose, pixel: float) -> list[Layer]:
    """Paint a pose, back to front, with paper (0, 0) at the world's origin."""
    scene = set_scene(pose)
    sheet = _look(scene, window_around(scene.view, [*scene.parts, *_ghost_parts(scene)], pixel))
    chains, tones = _traced(sheet)
    layers = [layer for prop in pose.prop if not prop.path for layer in box_layers(prop, scene, sheet.paper)]
    layers += _areas(sheet, chains, tones)
    layers += _ghost(sheet)
    layers += _lines(sheet, chains)
    layers += [layer for prop in pose.prop if prop.kind == "wave" for layer in wave_layers(prop, scene, sheet.paper)]
    layers += face_layers(scene, sheet.samples, sheet.window, sheet.paper)
    layers += finger_layer(scene, sheet.samples, sheet.window, sheet.paper)
    for arrow in pose.arrow:
        layers += arrow_layers(arrow, scene, sheet.paper)
    layers += _inset(sheet)
    home = sheet.paper(np.zeros(3))
    return [layer.moved(-home) for layer in layers]


def _look(scene: Scene, window: Window, porthole: float = math.inf) -> _Sheet:
    caster = Caster(
        view=scene.view, window=window, parts=scene.parts, neighbours=scene.body.neighbours, porthole=porthole
    )
    return _Sheet(scene=scene, window=window, caster=caster, samples=caster.whole())


def _traced(sheet: _Sheet) -> tuple[list[Chain], IntArray]:
    tones = paint_tones(sheet.scene, sheet.samples)
    across, down = classify(sheet.scene, sheet.samples, tones)
    refine = refiner(sheet.caster, lambda samples: paint_tones(sheet.scene, samples))
    cracks = find_cracks(tones, across, down)
    for shortest in _PRUNINGS_CM:
        cracks = prune(cracks, Edge.INNER, round(shortest / sheet.scale), Edge.SILENT)
    return trace(cracks, refine, tolerance=_TOLERANCE_CM / sheet.scale), tones


def _areas(sheet: _Sheet, chains: list[Chain], tones: IntArray) -> Iterator[Layer]:
    """Fill the silhouette in white and each tone over it; hatch the target."""
    silhouette = _silhouette(sheet, chains)
    yield Layer(lines=silhouette, fill=style.WHITE, stroke=style.WHITE, width=style.HALO)
    for tone in sorted({int(tone) for tone in np.unique(tones)} - {int(Tone.PAPER), int(Tone.SKIN)}):
        outlines = _outlines(sheet, chains, {Tone(tone)})
        colour = style.TONES[Tone(tone)]
        yield Layer(lines=outlines, fill=colour, stroke=colour, width=style.SEAM)
        if tone == Tone.TARGET:
            hatch = hatching(outlines, style.HATCH_SPACING)
            yield Layer(lines=hatch, stroke=style.HATCH, width=style.HATCH_WIDTH, round_cap=False)


def _silhouette(sheet: _Sheet, chains: list[Chain]) -> tuple[Line, ...]:
    return _outlines(sheet, chains, set(Tone) - {Tone.PAPER}, _SMALLEST_GAP_CM)


def _outlines(
    sheet: _Sheet, chains: list[Chain], tones: set[Tone], smallest: float = _SMALLEST_AREA_CM
) -> tuple[Line, ...]:
    labels = {int(tone) for tone in tones}
    found = loops(chains, lambda label: label in labels)
    lines = (sheet.line(tuple(outline), closed=True) for outline in found)
    return tuple(line for line in lines if _across(line) > smallest)


def _across(line: Line) -> float:
    points = np.vstack(line.pieces)
    return float(np.linalg.norm(points.max(0) - points.min(0)))


def _lines(sheet: _Sheet, chains: list[Chain]) -> Iterator[Layer]:
    """Stroke hems and inner edges, then the whole outline."""
    for edge, width in style.EDGE_WIDTHS.items():
        lines = [
            sheet.line(chain.curves, closed=chain.closed)
            for chain in chains
            if chain.kind == edge and not _is_noise(chain, sheet.scale)
        ]
        if lines:
            yield Layer(lines=tuple(lines), stroke=style.LINE, width=width)
    silhouette = _silhouette(sheet, chains)
    yield Layer(lines=silhouette, stroke=style.LINE, width=style.OUTLINE_WIDTH)


def _is_noise(chain: Chain, scale: float) -> bool:
    shortest = _SHORTEST_LOOP if chain.closed else _SHORTEST[chain.loose_ends]
    return chain.length * scale < shortest


def _ghost_parts(scene: Scene) -> tuple[Part, ...]:
    start = scene.pose.start
    return set_scene(start_pose(scene.pose), scene.view, start.ghost).parts if start is not None else ()


def _ghost(sheet: _Sheet) -> Iterator[Layer]:
    """Dash the outline of the moving part's start where nothing nearer hides it."""
    start = sheet.scene.pose.start
    if start is None or not start.ghost:
        return
    ghost = _look(set_scene(start_pose(sheet.scene.pose), sheet.scene.view, start.ghost), sheet.window)
    labels = (ghost.samples.part >= 0).astype(np.int64)
    shown = ghost.samples.depth < sheet.samples.depth - _GHOST_CLEARANCE
    across, down = np.zeros_like(labels), np.zeros_like(labels)
    across[:, :-1] = (labels[:, :-1] != labels[:, 1:]) & (shown[:, :-1] | shown[:, 1:])
    down[:-1] = (labels[:-1] != labels[1:]) & (shown[:-1] | shown[1:])
    refine = refiner(ghost.caster, lambda samples: (samples.part >= 0).astype(np.int64))
    chains = trace(find_cracks(labels, across, down), refine, tolerance=_TOLERANCE_CM / ghost.scale)
    yield Layer(
        lines=tuple(
            ghost.line(chain.curves, closed=chain.closed)
            for chain in chains
            if chain.length * ghost.scale > _SHORTEST_GHOST
        ),
        stroke=style.GHOST,
        width=style.GHOST_WIDTH,
        dash=style.GHOST_DASH,
    )


def _inset(sheet: _Sheet) -> Iterator[Layer]:
    """Show some parts from another side, in a ring."""
    inset = sheet.scene.pose.inset
    if inset is None:
        return
    scene = set_scene(sheet.scene.pose, View.of(inset.camera), inset.parts)
    window = window_about(scene.view, scene.skeleton.place(inset.look_at), inset.radius, sheet.window.pixel)
    second = _look(scene, window, porthole=inset.radius / window.pixel)
    chains, tones = _traced(second)
    layers = [*_areas(second, chains, tones), *_lines(second, chains)]
    for arrow in inset.arrow:
        layers += arrow_layers(arrow, scene, second.paper)
    radius = inset.radius * 100
    middle = np.array([window.columns, window.rows]) * second.scale / 2
    ring = circle(middle, radius)
    corner = sheet.paper(np.zeros(3)) + np.array([inset.at[0], -inset.at[1]]) - middle
    yield Layer(lines=(ring,), fill=style.WHITE).moved(corner)
    for layer in layers:
        yield layer.moved(corner)
    yield Layer(lines=(ring,), stroke=style.PROP_LINE, width=style.RING_WIDTH).moved(corner)
