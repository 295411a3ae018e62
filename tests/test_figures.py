"""Hold the pictures to the facts of the exercises, and the engine to its promises."""

from __future__ import annotations

import json
import subprocess
import sys
import zlib
from dataclasses import replace

import numpy as np
import pytest
from figures_facts import FACTS, foot_flat

from planmaker.figures import measure
from planmaker.figures.bake import DRAWINGS, POSES, bake, made_from
from planmaker.figures.checks import faults
from planmaker.figures.drawing import Drawing, Shape, drawings_from_json, drawings_to_json
from planmaker.figures.picture import draw_pose, start_pose
from planmaker.figures.pose import Pose, PoseError, parse_pose
from planmaker.figures.skeleton import solve
from planmaker.figures.svg import to_svg

SEEDS = (
    "supine_hamstring_stretch",
    "knee_to_chest",
    "piriformis_stretch",
    "prone_quadriceps_stretch",
    "calf_stretch",
    "ta_contraction",
    "bridging",
    "gluteal_squeeze",
    "ta_march",
    "wall_squat",
)
POSED = tuple(sorted(path.stem for path in POSES.glob("*.toml")))
BAKED = tuple(sorted(path.stem for path in DRAWINGS.glob("*.json")))
COARSE = 0.012


def pose_of(name: str) -> Pose:
    """Read a pose of the catalogue."""
    return parse_pose((POSES / f"{name}.toml").read_text(encoding="utf-8"))


def baked(name: str) -> tuple[Drawing, ...]:
    """Read a drawing of the catalogue."""
    return drawings_from_json((DRAWINGS / f"{name}.json").read_text(encoding="utf-8"))


def numbers(drawing: Drawing) -> list[float]:
    """List every coordinate of a drawing."""
    return [value for shape in drawing.shapes for _, values in shape.commands() for value in values]


def extent(shape: Shape) -> tuple[float, ...]:
    """Return the least and greatest x and y of a path."""
    points = np.array([value for _, values in shape.commands() for value in values]).reshape(-1, 2)
    return (*points.min(0), *points.max(0))


# The catalogue of drawings


@pytest.mark.parametrize("name", SEEDS)
def test_every_seed_exercise_has_a_drawing(name: str) -> None:
    """Each of the ten exercises of the seeds has a pose and a baked drawing."""
    assert name in POSED
    assert name in BAKED


def test_every_drawing_has_its_pose() -> None:
    """No drawing is left behind by a pose that went away, and none is missing."""
    assert BAKED == POSED


@pytest.mark.parametrize("name", BAKED)
def test_a_drawing_is_one_frame_or_a_start_and_an_end(name: str) -> None:
    """A drawing has the single frame, or start and end of one size."""
    drawings = baked(name)

    assert [drawing.frame for drawing in drawings] in (["single"], ["start", "end"])
    assert len({(drawing.width, drawing.height) for drawing in drawings}) == 1


@pytest.mark.parametrize("name", BAKED)
def test_paths_parse_and_stay_on_the_paper(name: str) -> None:
    """Every path is well formed and lies within the drawing."""
    for drawing in baked(name):
        points = np.array(numbers(drawing)).reshape(-1, 2)

        assert 60 < drawing.width < 260
        assert 50 < drawing.height < 230
        assert points.min() >= 0
        assert (points.max(0) <= (drawing.width, drawing.height)).all()


@pytest.mark.parametrize("name", BAKED)
def test_a_frame_takes_at_most_five_kilobytes(name: str) -> None:
    """A frame's JSON compresses to 5 KB or less, so a sheet of pictures stays small."""
    for frame in json.loads((DRAWINGS / f"{name}.json").read_text(encoding="utf-8"))["frames"]:
        assert len(zlib.compress(json.dumps(frame).encode(), 9)) <= 5 * 1024


@pytest.mark.parametrize("name", BAKED)
def test_coordinates_have_one_decimal(name: str) -> None:
    """Coordinates are tenths of a centimetre, finer than print shows."""
    for drawing in baked(name):
        assert all(round(value, 1) == value for value in numbers(drawing))


@pytest.mark.parametrize("name", BAKED)
def test_bakes_are_up_to_date(name: str) -> None:
    """A drawing was made from the pose and the engine as they are now; else run the bake again."""
    stored = json.loads((DRAWINGS / f"{name}.json").read_text(encoding="utf-8"))["made_from"]

    assert stored == made_from((POSES / f"{name}.toml").read_text(encoding="utf-8"))


def test_a_fresh_bake_matches_the_stored_one() -> None:
    """Baking again gives the stored picture, up to the last digit that another machine may round otherwise."""
    again, stored = bake(POSES / "gluteal_squeeze.toml"), baked("gluteal_squeeze")

    for fresh, old in zip(again, stored, strict=True):
        assert (fresh.frame, len(fresh.shapes)) == (old.frame, len(old.shapes))
        assert (fresh.width, fresh.height) == pytest.approx((old.width, old.height), abs=0.3)
        for shape, stored_shape in zip(fresh.shapes, old.shapes, strict=True):
            assert replace(shape, path="") == replace(stored_shape, path="")
            assert extent(shape) == pytest.approx(extent(stored_shape), abs=0.3)


def test_drawing_twice_gives_the_same_bytes() -> None:
    """The same pose gives the same JSON."""
    pose = pose_of("ta_march")

    first, second = (drawings_to_json(draw_pose(pose, COARSE), made_from="") for _ in range(2))

    assert first == second


def test_reading_drawings_needs_no_numpy() -> None:
    """A plan can be made without numpy: the package and the drawings import without it."""
    code = (
        "import sys; sys.modules['numpy'] = None; "
        "import planmaker.figures, planmaker.figures.drawing, planmaker.figures.svg"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_svg_holds_every_painted_shape() -> None:
    """The SVG has one path for each shape, with its paint."""
    shape = Shape(path="M 0 0 L 10 5", stroke=(1.0, 0.0, 0.0), width=2.0, dash=(3.0, 1.0), round_cap=False)

    text = to_svg(Drawing(frame="single", width=20.0, height=10.0, shapes=(shape, shape)))

    assert text.count("<path") == 2
    assert 'stroke="#ff0000"' in text
    assert 'stroke-dasharray="3 1"' in text


# What the engine refuses


def test_a_misspelt_key_is_refused() -> None:
    """A key that no record knows stops the bake and is named."""
    with pytest.raises(PoseError, match=r"pose\.camera: unknown key 'azimut'"):
        parse_pose("camera = { azimut = 3 }\nroot = { position = [0, 0, 1] }")


def test_a_missing_table_is_refused() -> None:
    """A pose without its root stops the bake."""
    with pytest.raises(PoseError, match="root is missing"):
        parse_pose("camera = {}")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"root": {"base": "supine", "position": (0.0, 0.0, 0.10)}}, "sinks"),
        ({"root": {"base": "supine", "position": (0.0, 0.0, 0.16)}}, "hovers"),
        ({"left_leg": {"stands": (0.95, 0.1)}}, "is asked to reach"),
        ({"right_leg": {"hip_flexion": 90, "knee": 170}}, "right knee is at 170 degrees"),
        ({"spine": {"neck": (0, 0, 90)}}, "neck is bent beyond its range"),
    ],
)
def test_impossible_poses_are_refused(change: dict[str, dict[str, object]], fault: str) -> None:
    """The bake refuses bodies in the floor, in the air, out of reach or bent too far."""
    pose = pose_of("knee_to_chest")
    key, values = next(iter(change.items()))
    changed = replace(pose, **{key: type(getattr(pose, key))(**values)})

    assert any(fault in found for found in faults(changed))


# What the pictures show, against the catalogue's facts


@pytest.mark.parametrize("name", POSED)
def test_every_pose_is_one_a_body_can_take(name: str) -> None:
    """Poses keep to human joints, reach their targets, and rest on floor and wall to within 5 mm."""
    pose = pose_of(name)

    assert list(faults(pose)) == []
    assert list(faults(start_pose(pose))) == []


@pytest.mark.parametrize("name", FACTS)
def test_a_picture_shows_the_position_of_its_facts(name: str) -> None:
    """Each exercise is drawn in the position its sources state (catalogue facts S0, S3)."""
    pose = pose_of(name)
    body = solve(pose)

    broken = [fact.__qualname__ for fact in FACTS[name] if not fact(pose, body)]

    assert broken == []


@pytest.mark.parametrize(("name", "least", "most"), [("bridging", 60, 125), ("wall_squat", 0, 20)])
def test_two_frame_exercises_start_where_they_should(name: str, least: float, most: float) -> None:
    """The bridge starts with bent knees and feet flat, the wall squat standing."""
    pose = start_pose(pose_of(name))
    body = solve(pose)

    for side in ("right", "left"):
        assert least <= measure.knee_flexion(body, side) <= most
        assert foot_flat(side)(pose, body)


def test_the_march_shows_where_its_foot_came_from() -> None:
    """The march starts with both feet flat and the moving foot dashed."""
    pose = pose_of("ta_march")
    began = start_pose(pose)

    assert pose.start is not None
    assert "right_foot" in pose.start.ghost
    assert foot_flat("right")(began, solve(began))
