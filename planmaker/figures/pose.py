"""Read a pose file: what the body does, where it rests and how it is looked at.

Lengths are metres in the world of ``geometry``, angles degrees. Every table is
checked against its record, so a misspelt key stops the bake.
"""

from __future__ import annotations

import tomllib
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal, TypeVar

__all__ = [
    "Arm",
    "Arrow",
    "Camera",
    "Contact",
    "Grasp",
    "Inset",
    "Leg",
    "Palm",
    "Place",
    "Pose",
    "PoseError",
    "Prop",
    "Root",
    "Spine",
    "Start",
    "Target",
    "parse_pose",
]

Triple = tuple[float, float, float]
Grip = Literal["flat", "relaxed", "curl", "fist"]
T = TypeVar("T")


class PoseError(Exception):
    """A pose cannot be read, or asks of a body what no body does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A point: world coordinates, or an offset from a joint or a bone.

    ``on`` names a joint (offset along the world's axes) or a bone (offset in
    the bone's frame, ``along`` its length). ``screen`` moves the point on
    paper, in cm right and up.
    """

    on: str = ""
    along: float = 0.5
    offset: Triple = (0.0, 0.0, 0.0)
    screen: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Camera:
    """The view's direction: azimuth 0 sees the body's right side, 90 its feet or face."""

    azimuth: float = 10.0
    elevation: float = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """Where the pelvis is and which way the body lies or stands; ``side``: on the right side, facing the viewer."""

    position: Triple
    base: Literal["stand", "supine", "prone", "side"] = "stand"
    pitch: float = 0.0
    roll: float = 0.0
    yaw: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spine:
    """Bends of the back and neck; each value is (flex forward, bend to the left, turn left)."""

    lumbar: Triple = (0.0, 0.0, 0.0)
    thorax: Triple = (0.0, 0.0, 0.0)
    chest: Triple = (0.0, 0.0, 0.0)
    neck: Triple = (0.0, 0.0, 0.0)
    head: Triple = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A leg by joint angles, or by where its foot is.

    ``stands`` puts the foot flat on the floor with the ankle above (x, y);
    ``ankle`` puts the ankle anywhere. Then the knee points to ``knee_toward``.
    """

    hip_flexion: float = 0.0
    hip_abduction: float = 0.0
    hip_rotation: float = 0.0
    knee: float = 0.0
    ankle_flexion: float = 0.0
    stands: tuple[float, float] | None = None
    ankle: Place | None = None
    knee_toward: Triple = (0.0, 0.0, 1.0)
    toes: Triple | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grasp:
    """A palm laid on a limb: ``side`` is where it lies, ``fingers`` where they point, both in the bone's frame."""

    on: str
    along: float = 0.5
    side: Triple
    fingers: Triple
    lift: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Palm:
    """A palm pressed flat on a plane at a world point; ``facing`` is the way the palm looks."""

    at: Triple
    facing: Triple
    fingers: Triple


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """An arm by joint angles, by its wrist, or by what its palm lies on."""

    flexion: float = 0.0
    abduction: float = 0.0
    rotation: float = 0.0
    elbow: float = 0.0
    grasp: Grasp | None = None
    palm_on: Palm | None = None
    wrist: Place | None = None
    fingers: Triple | None = None
    palm: Triple | None = None
    elbow_toward: Triple = (0.0, 0.0, -1.0)
    shrug: Triple = (0.0, 0.0, 0.0)
    grip: Grip = "relaxed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where the exercise is felt: an oval on the skin.

    On a limb, ``centre`` and ``size`` are (share of length, degrees round it,
    0 being the front and 90 the outer side); elsewhere an offset and radii in
    metres in the bone's frame.
    """

    on: str
    parts: tuple[str, ...]
    centre: tuple[float, ...]
    size: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """The way the movement goes, last point at the tip."""

    path: tuple[Place, ...]
    width: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prop:
    """A thing in the scene: a box from ``low`` to ``high``, or a tube along ``path``.

    Boxes are painted behind the body, in the order of the file; tubes hide and are hidden like limbs. A
    ``wave`` is a line in front of all.
    """

    kind: Literal[
        "mat", "wall", "floor", "furniture", "cushion", "water", "towel", "strap", "band", "frame", "pad", "wave"
    ]
    low: Triple = (0.0, 0.0, 0.0)
    high: Triple = (0.0, 0.0, 0.0)
    path: tuple[Place, ...] = ()
    radius: float = 0.014


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A part of the body that rests on the floor, the wall, or the top of the first box of furniture or cushion."""

    part: str
    on: Literal["floor", "wall", "seat"] = "floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset:
    """A round second view of some parts, for a place the main view hides.

    ``at`` is where its middle goes on paper, in cm right and up of the world's
    origin; ``radius`` is in metres.
    """

    camera: Camera
    look_at: Place
    radius: float
    parts: tuple[str, ...]
    at: tuple[float, float]
    arrow: tuple[Arrow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """How the movement begins, as changes to the pose.

    With ``ghost`` the named parts are dashed behind the one picture; without it
    the start is a frame of its own, with ``target`` and ``arrow`` of its own or none.
    """

    ghost: tuple[str, ...] = ()
    root: Root | None = None
    spine: Spine | None = None
    belly: float | None = None
    right_leg: Leg | None = None
    left_leg: Leg | None = None
    right_arm: Arm | None = None
    left_arm: Arm | None = None
    contact: tuple[Contact, ...] | None = None
    target: tuple[Target, ...] = ()
    arrow: tuple[Arrow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """Everything one picture is drawn from; ``belly`` is how far the belly is let out, ``shoes`` if they are worn."""

    camera: Camera
    root: Root
    spine: Spine = field(default_factory=Spine)
    belly: float = 0.0
    build: Literal["first", "second"] = "first"
    shoes: bool = False
    right_leg: Leg = field(default_factory=Leg)
    left_leg: Leg = field(default_factory=Leg)
    right_arm: Arm = field(default_factory=Arm)
    left_arm: Arm = field(default_factory=Arm)
    target: tuple[Target, ...] = ()
    arrow: tuple[Arrow, ...] = ()
    prop: tuple[Prop, ...] = ()
    contact: tuple[Contact, ...] = ()
    inset: Inset | None = None
    start: Start | None = None


# Which record each nested key holds; the same key means the same everywhere.
_RECORDS: dict[str, type[Any]] = {
    "ankle": Place,
    "arrow": Arrow,
    "camera": Camera,
    "look_at": Place,
    "contact": Contact,
    "grasp": Grasp,
    "inset": Inset,
    "left_arm": Arm,
    "left_leg": Leg,
    "palm_on": Palm,
    "path": Place,
    "prop": Prop,
    "right_arm": Arm,
    "right_leg": Leg,
    "root": Root,
    "spine": Spine,
    "start": Start,
    "target": Target,
    "wrist": Place,
}


def parse_pose(text: str) -> Pose:
    """Read a pose file's text; raise PoseError naming the table that is wrong."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        msg = f"not TOML: {error}"
        raise PoseError(msg) from error
    return _record(Pose, table, "pose")


def _record(kind: type[T], table: dict[str, Any], where: str) -> T:
    known = {entry.name: entry for entry in fields(kind)}  # type: ignore[arg-type]  # every kind here is a dataclass
    for key in table:
        if key not in known:
            msg = f"{where}: unknown key {key!r}, expected one of {', '.join(known)}"
            raise PoseError(msg)
    for name, entry in known.items():
        if name not in table and entry.default is MISSING and entry.default_factory is MISSING:
            msg = f"{where}: {name} is missing"
            raise PoseError(msg)
    return kind(**{key: _value(key, value, f"{where}.{key}") for key, value in table.items()})


def _value(key: str, value: object, where: str) -> object:
    kind = _RECORDS.get(key)
    if kind is Place and isinstance(value, list) and value and not isinstance(value[0], int | float):
        return tuple(_value(key, item, where) for item in value)
    if kind is Place and isinstance(value, list) and len(value) == len(Place().offset):
        return Place(offset=(float(value[0]), float(value[1]), float(value[2])))
    if isinstance(value, dict):
        if kind is None:
            msg = f"{where}: expected a value, not a table"
            raise PoseError(msg)
        return _record(kind, value, where)
    if isinstance(value, list):
        return tuple(_value(key, item, where) for item in value)
    return value
