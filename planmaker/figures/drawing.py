"""Hold a vector picture of a pose that knows no output format.

Coordinates are scene centimetres, x to the right and y downwards from the
top left corner. A path is text in a small subset of SVG path data: absolute
``M x y``, ``L x y``, ``C x1 y1 x2 y2 x y`` and ``Z``, separated by spaces.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "Colour",
    "Drawing",
    "Frame",
    "Photo",
    "Picture",
    "Shape",
    "beside",
    "drawings_from_json",
    "drawings_to_json",
]

Colour = tuple[float, float, float]
Frame = Literal["single", "start", "end"]

# How many numbers follow each path command.
_ARITY = {"M": 2, "L": 2, "C": 6, "Z": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One painted path: filled, stroked or both.

    ``fill`` and ``stroke`` are RGB from 0 (dark) to 1; ``None`` means not
    painted. ``width`` is the stroke's width and ``dash`` its on-off lengths,
    in scene centimetres. Fills use the even-odd rule.
    """

    path: str
    fill: Colour | None = None
    stroke: Colour | None = None
    width: float = 0.0
    dash: tuple[float, ...] = ()
    round_cap: bool = True

    def commands(self) -> list[tuple[str, tuple[float, ...]]]:
        """Split the path into (command, numbers) pairs; raise ValueError if malformed."""
        tokens = self.path.split()
        pairs: list[tuple[str, tuple[float, ...]]] = []
        index = 0
        while index < len(tokens):
            command = tokens[index]
            if command not in _ARITY:
                msg = f"path: expected one of M L C Z, got {command!r}"
                raise ValueError(msg)
            end = index + 1 + _ARITY[command]
            numbers = tuple(float(token) for token in tokens[index + 1 : end])
            if len(numbers) != _ARITY[command]:
                msg = f"path: {command} needs {_ARITY[command]} numbers"
                raise ValueError(msg)
            pairs.append((command, numbers))
            index = end
        return pairs

    def moved(self, place: Callable[[float, float], tuple[float, float]]) -> Shape:
        """Return the shape with each of its points at the place that a function gives it."""
        parts: list[str] = []
        for command, numbers in self.commands():
            points = [place(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
            parts += [command, *(f"{round(value, 1):g}" for point in points for value in point)]
        return replace(self, path=" ".join(parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture: its size in scene centimetres and its shapes, back to front."""

    frame: Frame
    width: float
    height: float
    shapes: tuple[Shape, ...]

    def mirrored(self) -> Drawing:
        """Return the picture for the other side of the body."""
        return replace(self, shapes=tuple(shape.moved(lambda x, y: (self.width - x, y)) for shape in self.shapes))

    def greyed(self) -> Drawing:
        """Return the picture as a photocopier shows it: each colour as its luma (ITU-R BT.601)."""
        return replace(
            self,
            shapes=tuple(replace(shape, fill=_grey(shape.fill), stroke=_grey(shape.stroke)) for shape in self.shapes),
        )


def beside(drawings: Sequence[Drawing], gap: float = 6.0) -> Drawing:
    """Return the pictures as one, from left to right with some centimetres between, on one line below."""
    high = max(drawing.height for drawing in drawings)
    shapes: list[Shape] = []
    left = 0.0
    for drawing in drawings:
        shift = partial(_shifted, right=left, down=high - drawing.height)
        shapes += [shape.moved(shift) for shape in drawing.shapes]
        left += drawing.width + gap
    return Drawing(frame="single", width=round(left - gap, 1), height=high, shapes=tuple(shapes))


def _shifted(x: float, y: float, *, right: float, down: float) -> tuple[float, float]:
    return x + right, y + down


def _grey(colour: Colour | None) -> Colour | None:
    if colour is None:
        return None
    luma = round(sum(share * part for share, part in zip((0.299, 0.587, 0.114), colour, strict=True)), 3)
    return (luma, luma, luma)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A clinic's own picture, PNG or JPEG; width and height are in pixels."""

    data: bytes
    width: float
    height: float
    frame: Frame = "single"


Picture = Drawing | Photo


def drawings_to_json(drawings: tuple[Drawing, ...], *, made_from: str) -> str:
    """Write baked frames as JSON; ``made_from`` is the hash of the pose and the engine."""
    frames = [
        {
            "frame": drawing.frame,
            "width": drawing.width,
            "height": drawing.height,
            "shapes": [_shape_to_dict(shape) for shape in drawing.shapes],
        }
        for drawing in drawings
    ]
    return json.dumps({"made_from": made_from, "frames": frames}, indent=1, sort_keys=True) + "\n"


def drawings_from_json(text: str) -> tuple[Drawing, ...]:
    """Read baked frames; raise ValueError or KeyError if the file is malformed."""
    return tuple(
        Drawing(
            frame=frame["frame"],
            width=frame["width"],
            height=frame["height"],
            shapes=tuple(_shape_from_dict(shape) for shape in frame["shapes"]),
        )
        for frame in json.loads(text)["frames"]
    )


def _shape_to_dict(shape: Shape) -> dict[str, Any]:
    fields: dict[str, Any] = {"path": shape.path}
    if shape.fill is not None:
        fields["fill"] = shape.fill
    if shape.stroke is not None:
        fields["stroke"] = shape.stroke
        fields["width"] = shape.width
    if shape.dash:
        fields["dash"] = shape.dash
    if not shape.round_cap:
        fields["round_cap"] = False
    return fields


def _shape_from_dict(fields: dict[str, Any]) -> Shape:
    return Shape(
        path=fields["path"],
        fill=_colour(fields.get("fill")),
        stroke=_colour(fields.get("stroke")),
        width=fields.get("width", 0.0),
        dash=tuple(fields.get("dash", ())),
        round_cap=fields.get("round_cap", True),
    )


def _colour(value: list[float] | None) -> Colour | None:
    if value is None:
        return None
    red, green, blue = value
    return (red, green, blue)
