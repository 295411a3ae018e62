"""Decide where lines run: outlines, edges of limbs in front of others, hems."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from planmaker.figures.tones import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from planmaker.figures.geometry import Array, IntArray
    from planmaker.figures.raycast import Caster, Samples
    from planmaker.figures.scene import Scene

__all__ = ["Edge", "classify", "refiner"]

Mask = npt.NDArray[np.bool_]

_BISECTIONS: Final = 4
# Depth steps in metres that count as one thing in front of another.
_STEP: Final = 0.018
_STEPS: Final = {"ear": 0.006, "head": 0.011, "hand": 0.011, "torso": 0.022, "sleeve": 0.022, "pelvis": 0.022}
_SLOPE_SHARE: Final = 0.45
_STEEP: Final = 0.06
# A line runs on over this share of the step, this many cracks far, so that it does not break up.
_FAINT: Final = 0.5
_FAINT_REACH: Final = 12
_RIM: Final = 3
# Neighbours that do not melt but between which no line belongs.
_QUIET_NEIGHBOURS: Final = (("*_shorts", "torso"), ("neck", "*_sleeve"), ("*_shorts", "*_shank"))
# Tones that may meet without a line.
_QUIET_TONES: Final = (
    {Tone.SHORTS, Tone.SHORTS_FAR},
    {Tone.SKIN, Tone.SKIN_FAR},
    {Tone.SHOE, Tone.SHOE_FAR},
)


class Edge(IntEnum):
    """Classes of crack; 0 is none, SILENT parts two tones without a line."""

    NONE = 0
    SILENT = 1
    HEM = 2
    TARGET = 3
    INNER = 4
    OUTLINE = 5


def classify(scene: Scene, samples: Samples, tones: IntArray) -> tuple[IntArray, IntArray]:
    """Return the class of each crack, across (to the right) and down."""
    judge = _Judge(scene)
    across, down = np.zeros_like(tones), np.zeros_like(tones)
    faint_across, faint_down = np.zeros(tones.shape, dtype=bool), np.zeros(tones.shape, dtype=bool)
    across[:, :-1], faint_across[:, :-1] = judge.between(samples, tones, axis=1)
    down[:-1], faint_down[:-1] = judge.between(samples, tones, axis=0)
    inside = _away_from(samples.part < 0)
    faint_across &= inside
    faint_down &= inside
    for _ in range(_FAINT_REACH):
        touched = _vertices(across == Edge.INNER, down == Edge.INNER)
        across[faint_across & (touched[:-1, 1:] | touched[1:, 1:])] = Edge.INNER
        down[faint_down & (touched[1:, :-1] | touched[1:, 1:])] = Edge.INNER
    return across, down


def _away_from(mask: Mask) -> Mask:
    """Return the pixels that have none of the mask within a few pixels; steep edges there mean nothing."""
    near = mask.copy()
    for _ in range(_RIM):
        padded = np.pad(near, 1)
        near = near | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return ~near


def _vertices(across: Mask, down: Mask) -> Mask:
    """Return which pixel corners are an end of a marked crack."""
    rows, columns = across.shape
    touched = np.zeros((rows + 1, columns + 1), dtype=bool)
    touched[:-1, 1:] |= across
    touched[1:, 1:] |= across
    touched[1:, :-1] |= down
    touched[1:, 1:] |= down
    return touched


class _Judge:
    """Knows which parts are neighbours and how deep a step must be on each."""

    def __init__(self, scene: Scene) -> None:
        names = scene.names()
        index = {name: number for number, name in enumerate(names)}
        self.melts: Mask = np.eye(len(names) + 1, dtype=bool)
        pairs = [(first, second) for first, second, _ in scene.body.neighbours]
        for side in ("right", "left"):
            pairs += [(a.replace("*", side), b.replace("*", side)) for a, b in _QUIET_NEIGHBOURS]
        for first, second in pairs:
            if first in index and second in index:
                self.melts[index[first], index[second]] = self.melts[index[second], index[first]] = True
        kinds = [name.removeprefix("right_").removeprefix("left_") for name in names]
        self.steps: Array = np.array([*(_STEPS.get(kind, _STEP) for kind in kinds), _STEP])
        self.quiet: Mask = np.zeros((len(Tone), len(Tone)), dtype=bool)
        for first_tone, second_tone in (sorted(pair) for pair in _QUIET_TONES):
            self.quiet[first_tone, second_tone] = self.quiet[second_tone, first_tone] = True

    def between(self, samples: Samples, tones: IntArray, *, axis: int) -> tuple[IntArray, Mask]:
        """Return the class of each crack, and where a line that arrives may run on."""
        one, two = _pair(samples.part, axis)
        tone_one, tone_two = _pair(tones, axis)
        depth = np.where(np.isfinite(samples.depth), samples.depth, 0)
        jump = np.abs(np.diff(depth, axis=axis))
        step = np.minimum(self.steps[one], self.steps[two])
        paper = (one < 0) | (two < 0)
        differs = tone_one != tone_two
        kinds = np.where(differs, int(Edge.HEM), int(Edge.NONE))
        kinds[differs & self.quiet[tone_one, tone_two]] = Edge.SILENT
        kinds[differs & ((tone_one == Tone.TARGET) | (tone_two == Tone.TARGET))] = Edge.TARGET
        rise = jump - _slope(samples, axis)
        stepped = (jump > step) & (rise > _SLOPE_SHARE * step)
        faint = (jump > _FAINT * step) & (rise > _FAINT * _SLOPE_SHARE * step) & ~paper
        faint &= jump >= np.maximum(*_beside(jump, axis))
        kinds[(stepped | ~self.melts[one, two]) & ~paper] = Edge.INNER
        kinds[(one < 0) != (two < 0)] = Edge.OUTLINE
        kinds[(one < 0) & (two < 0)] = Edge.NONE
        return kinds, faint


def _pair(values: IntArray, axis: int) -> tuple[IntArray, IntArray]:
    return (values[:, :-1], values[:, 1:]) if axis else (values[:-1], values[1:])


def _slope(samples: Samples, axis: int) -> Array:
    """Return the larger depth difference of the two neighbouring pixel pairs on the same part."""
    depth = np.where(np.isfinite(samples.depth), samples.depth, 0)
    steps = np.abs(np.diff(depth, axis=axis))
    one, two = _pair(samples.part, axis)
    steps = np.where((one == two) & (steps < _STEEP), steps, 0)
    larger: Array = np.maximum(*_beside(steps, axis))
    return larger


def _beside(values: Array, axis: int) -> tuple[Array, Array]:
    """Return the values one before and one after along an axis, 0 beyond the ends."""
    pad = [(0, 0), (0, 0)]
    pad[axis] = (1, 1)
    padded = np.pad(values, pad)
    return (padded[:, :-2], padded[:, 2:]) if axis else (padded[:-2], padded[2:])


def refiner(caster: Caster, tones_of: Callable[[Samples], IntArray]) -> Callable[[Array, Array], Array]:
    """Return a function that bisects cracks to a sixteenth of a pixel."""

    def refine(middles: Array, normals: Array) -> Array:
        low, high = middles - normals / 2, middles + normals / 2
        at_low, at_high = (caster.cast(ends[:, 0], ends[:, 1]) for ends in (low, high))
        tone_low, tone_high = tones_of(at_low), tones_of(at_high)
        near, far = _finite(at_low.depth), _finite(at_high.depth)
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            at = caster.cast(middle[:, 0], middle[:, 1])
            tone, depth = tones_of(at), _finite(at.depth)
            is_low = np.abs(depth - near) <= np.abs(depth - far)
            for here, one, two in ((at.part, at_low.part, at_high.part), (tone, tone_low, tone_high)):
                telling = one != two
                is_low = (is_low | (telling & (here == one))) & ~(telling & (here == two))
            low, high = np.where(is_low[:, None], middle, low), np.where(is_low[:, None], high, middle)
            near, far = np.where(is_low, depth, near), np.where(is_low, far, depth)
        return (low + high) / 2

    return refine


def _finite(depth: Array) -> Array:
    return np.where(np.isfinite(depth), depth, 9.0)
