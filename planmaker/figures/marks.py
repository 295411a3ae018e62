"""Draw what is laid over the body: face, lines between fingers, arrows, boxes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np

from planmaker.figures import style
from planmaker.figures.curves import fit_curves
from planmaker.figures.geometry import Array, smooth_path, unit, vec
from planmaker.figures.hands import finger_gaps
from planmaker.figures.layers import Layer, Line, polyline, smooth_line
from planmaker.figures.scene import Scene, seen
from planmaker.figures.skeleton import SIDES

if TYPE_CHECKING:
    from planmaker.figures.pose import Arrow, Prop
    from planmaker.figures.raycast import Samples, Window

__all__ = ["Paper", "arrow_layers", "box_layers", "face_layers", "finger_layer", "wave_layers"]

Paper = Callable[[Array], Array]

# Lines of the face in the head's frame: (points, width in cm, slack in metres); y is mirrored for the other side.
_EYE: Final = (((0.0995, 0.036, 0.094), (0.1005, 0.036, 0.084)), 1.25, 0.03)
_BROW: Final = (((0.094, 0.050, 0.108), (0.101, 0.038, 0.114), (0.105, 0.024, 0.111)), 0.55, 0.03)
_EAR: Final = (((0.006, 0.099, 0.094), (0.016, 0.098, 0.084), (0.004, 0.097, 0.066)), 0.45, 0.012)
_MOUTH: Final = (
    (0.092, -0.024, 0.0235),
    (0.099, -0.013, 0.0205),
    (0.101, 0, 0.020),
    (0.099, 0.013, 0.0205),
    (0.092, 0.024, 0.0235),
)
_NOSTRILS: Final = (
    (0.118, -0.016, 0.047),
    (0.128, -0.008, 0.040),
    (0.130, 0, 0.0385),
    (0.128, 0.008, 0.040),
    (0.118, 0.016, 0.047),
)
_FACING: Final = -0.72
_EYE_FACING: Final = -0.25
_MIN_LINE: Final = 0.35
_FINGER_WIDTH: Final = 0.42
_ARROW_STEPS: Final = 8
_ARROW_LENGTH: Final = 2.9
_ARROW_HALF: Final = 1.7
_SHAFT_TOLERANCE: Final = 0.1
_ENDS: Final = 2


def box_layers(prop: Prop, scene: Scene, paper: Paper) -> Iterator[Layer]:
    """Paint the faces of a box that the eye sees."""
    low, high = prop.low, prop.high
    for axis, end in product(range(3), (0, 1)):
        normal = np.zeros(3)
        normal[axis] = 2 * end - 1
        if float(normal @ scene.view.away) >= 0:
            continue
        others = [other for other in range(3) if other != axis]
        corners: list[Array] = []
        for first, second in ((0, 0), (1, 0), (1, 1), (0, 1)):
            corner = np.zeros(3)
            corner[axis] = (low, high)[end][axis]
            corner[others[0]] = (low, high)[first][others[0]]
            corner[others[1]] = (low, high)[second][others[1]]
            corners.append(paper(corner))
        yield Layer(
            lines=(polyline(corners, closed=True),),
            fill=style.PROP_TONES[prop.kind][axis],
            stroke=style.PROP_LINE,
            width=style.PROP_LINE_WIDTH,
        )


class _Sight:
    """Tells whether a point of the body is seen, and where it falls on paper."""

    def __init__(self, scene: Scene, samples: Samples, window: Window, paper: Paper) -> None:
        self.scene, self.samples, self.window, self.paper = scene, samples, window, paper

    def sees(self, point: Array, part: str, slack: float) -> bool:
        column, row = self.window.to_pixels(self.scene.view.flat(point))
        depth = float(point @ self.scene.view.away)
        return seen(self.scene, self.samples, (int(column), int(row)), depth, slack) == part

    def run(self, points: Sequence[Array], part: str, slack: float) -> Line | None:
        """Return the seen stretch of a line, or nothing if it is too short to matter."""
        shown = [self.paper(point) for point in points if self.sees(point, part, slack)]
        if len(shown) < _ENDS or float(np.linalg.norm(shown[0] - shown[-1])) < _MIN_LINE:
            return None
        return smooth_line(shown)


def face_layers(scene: Scene, samples: Samples, window: Window, paper: Paper) -> Iterator[Layer]:
    """Draw eyes, brows, ears, mouth and, from the front, the nose."""
    if "head" not in scene.names():
        return
    sight = _Sight(scene, samples, window, paper)
    origin, frame = scene.skeleton.joints["head"], scene.skeleton.frames["head"]

    def line(points: Sequence[tuple[float, float, float]], part: str, slack: float, sign: float = 1.0) -> Line | None:
        return sight.run([origin + frame @ vec(x, sign * y, z) for x, y, z in points], part, slack)

    for side, sign in SIDES:
        towards = frame @ unit(vec(0.75, sign * 0.62, 0))
        for (points, width, slack), part in ((_EYE, "head"), (_BROW, "head"), (_EAR, f"{side}_ear")):
            drawn = line(points, part, slack, sign)
            turned_away = part == "head" and float(towards @ scene.view.away) > _EYE_FACING
            if drawn is not None and not turned_away:
                yield Layer(lines=(drawn,), stroke=style.LINE, width=width)
    frontal = float(frame[:, 0] @ scene.view.away) < _FACING
    for points, slack in ((_MOUTH, 0.02), *(((_NOSTRILS, 0.03),) if frontal else ())):
        drawn = line(points, "head", slack)
        if drawn is not None:
            yield Layer(lines=(drawn,), stroke=style.LINE, width=style.FACE_LINE)


def finger_layer(scene: Scene, samples: Samples, window: Window, paper: Paper) -> Iterator[Layer]:
    """Draw the lines between the fingers that face the eye."""
    sight = _Sight(scene, samples, window, paper)
    lines: list[Line] = []
    for side, sign in SIDES:
        wrist, frame = scene.skeleton.joints[f"{side}_wrist"], scene.skeleton.frames[f"{side}_hand"]
        for points in finger_gaps(scene.skeleton.grips[side], sign):
            drawn = sight.run([wrist + frame @ point for point in points], f"{side}_hand", 0.008)
            if drawn is not None:
                lines.append(drawn)
    if lines:
        yield Layer(lines=tuple(lines), stroke=style.LINE, width=_FINGER_WIDTH)


def wave_layers(prop: Prop, scene: Scene, paper: Paper) -> Iterator[Layer]:
    """Draw the line of a water's surface, in front of the body."""
    line = smooth_line([paper(scene.skeleton.place(place)) for place in prop.path])
    yield Layer(lines=(line,), stroke=style.WATER_LINE, width=style.WATER_WIDTH)


def arrow_layers(arrow: Arrow, scene: Scene, paper: Paper) -> Iterator[Layer]:
    """Draw an arrow in a white casing."""
    points = [
        paper(scene.skeleton.place(place)) + np.array([place.screen[0], -place.screen[1]]) for place in arrow.path
    ]
    path = smooth_path(points, _ARROW_STEPS) if len(points) > _ENDS else points
    width = arrow.width
    tip, length = path[-1], width * _ARROW_LENGTH
    shaft = _shortened(path, length * 0.8)
    along = unit(tip - shaft[-1])
    across = np.array([-along[1], along[0]]) * width * _ARROW_HALF
    base = tip - along * length
    head = polyline([tip, base + across, base + along * length * 0.18, base - across], closed=True)
    body = Line(pieces=tuple(fit_curves(np.array(shaft), _SHAFT_TOLERANCE))) if len(shaft) > _ENDS else polyline(shaft)
    casing = style.ARROW_CASING
    yield Layer(lines=(body,), stroke=style.WHITE, width=width + casing, round_cap=False)
    yield Layer(lines=(head,), stroke=style.WHITE, width=casing)
    yield Layer(lines=(body,), stroke=style.ARROW, width=width, round_cap=False)
    yield Layer(lines=(head,), fill=style.ARROW)


def _shortened(path: Sequence[Array], length: float) -> list[Array]:
    """Cut the last ``length`` cm, as the crow flies, off a path."""
    tip = path[-1]
    kept = [point for point in path[:-1] if float(np.linalg.norm(tip - point)) > length]
    last = kept[-1] if kept else path[0]
    return [*kept, tip - unit(tip - last) * length]
