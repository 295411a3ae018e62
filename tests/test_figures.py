"""Hold the pictures to the facts of the exercises, and the engine to its promises."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import textwrap
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from figures_facts import FACTS, foot_flat

from planmaker.figures import album, measure
from planmaker.figures.bake import baked as bake
from planmaker.figures.bake import refused
from planmaker.figures.drawing import Drawing, Shape, beside, drawings_from_json, drawings_to_json
from planmaker.figures.picture import draw_pose, start_pose
from planmaker.figures.pose import Pose, PoseError, parse_pose
from planmaker.figures.skeleton import solve
from planmaker.figures.svg import to_svg
from planmaker.resources import catalogue_dir
from planmaker.workshop import open_workshop

EXERCISES = tuple(sorted(path.stem for path in (catalogue_dir() / "exercises").glob("*.toml")))
FOLDER = catalogue_dir()
POSES, DRAWINGS = FOLDER / "poses", FOLDER / "drawings"
POSED, BAKED = album.posed(FOLDER), album.drawn(FOLDER)
BAD = Path(__file__).parent / "data" / "bad_poses"
COARSE = 0.012


def messages() -> dict[str, str]:
    """Return what is said of each bad pose."""
    with (BAD / "messages.csv").open(encoding="utf-8", newline="") as lines:
        return {row["pose"]: row["message"] for row in csv.DictReader(lines)}


MESSAGES = messages()


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


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_has_a_drawing(name: str) -> None:
    """Every exercise of the catalogue has a pose and a baked drawing."""
    assert name in POSED
    assert name in BAKED


def test_every_drawing_is_of_its_pose() -> None:
    """No drawing is missing, left behind, or older than its pose or the engine; else run the bake again."""
    assert album.stale(FOLDER) == {}


@pytest.mark.parametrize("name", BAKED)
def test_every_drawing_is_told(name: str) -> None:
    """What a picture shows is told to those who cannot see it, in whole sentences."""
    told = open_workshop().words["en"].pictured(name)

    assert told.endswith(".")
    assert 40 <= len(told) <= 300


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


def size(drawing: Drawing) -> int:
    """Return how many bytes a drawing's paths take, compressed as a PDF holds them."""
    return len(zlib.compress("\n".join(shape.path for shape in drawing.shapes).encode(), 9))


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


def test_all_drawings_take_less_than_a_megabyte() -> None:
    """All drawings together are under 1 MB in the wheel, and a frame takes 3 KB on average."""
    sizes = [size(drawing) for name in BAKED for drawing in baked(name)]
    packed = [len(zlib.compress(path.read_bytes())) for path in DRAWINGS.glob("*.json")]

    assert sum(packed) < 1_000_000
    assert sum(sizes) / len(sizes) <= 3 * 1024


@pytest.mark.long
def test_a_fresh_bake_matches_the_stored_one() -> None:
    """Baking again gives the stored picture, up to the last digit that another machine may round otherwise."""
    again = drawings_from_json(bake((POSES / "walking.toml").read_text(encoding="utf-8")))
    stored = baked("walking")

    for fresh, old in zip(again, stored, strict=True):
        assert (fresh.frame, len(fresh.shapes)) == (old.frame, len(old.shapes))
        assert (fresh.width, fresh.height) == pytest.approx((old.width, old.height), abs=0.3)
        for shape, stored_shape in zip(fresh.shapes, old.shapes, strict=True):
            assert replace(shape, path="") == replace(stored_shape, path="")
            assert extent(shape) == pytest.approx(extent(stored_shape), abs=0.3)


@pytest.mark.long
def test_drawing_twice_gives_the_same_bytes() -> None:
    """The same pose gives the same JSON."""
    pose = pose_of("walking")

    first, second = (drawings_to_json(draw_pose(pose, COARSE), made_from="") for _ in range(2))

    assert first == second


def test_reading_drawings_needs_no_numpy() -> None:
    """A plan can be made without numpy: the package and the drawings import without it."""
    code = (
        "import sys; sys.modules['numpy'] = None; "
        "import planmaker.figures.album, planmaker.figures.drawing, planmaker.figures.svg"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_svg_holds_every_painted_shape() -> None:
    """The SVG has one path for each shape, with its paint."""
    shape = Shape(path="M 0 0 L 10 5", stroke=(1.0, 0.0, 0.0), width=2.0, dash=(3.0, 1.0), round_cap=False)

    text = to_svg(Drawing(frame="single", width=20.0, height=10.0, shapes=(shape, shape)), "A <red> line.")

    assert text.count("<path") == 2
    assert 'stroke="#ff0000"' in text
    assert 'stroke-dasharray="3 1"' in text
    assert "<title>A &lt;red&gt; line.</title>" in text


@pytest.mark.parametrize("name", BAKED)
def test_mirroring_twice_gives_the_picture_back(name: str) -> None:
    """The other side of the other side is the picture itself."""
    for drawing in baked(name):
        again = drawing.mirrored().mirrored()

        assert numbers(again) == pytest.approx(numbers(drawing), abs=0.051)
        assert drawing.mirrored() != drawing


def test_grey_has_no_colour() -> None:
    """A greyed picture holds greys only, darker where the colour is."""
    for shape in baked("bridging")[1].greyed().shapes:
        for colour in (shape.fill, shape.stroke):
            assert colour is None or len(set(colour)) == 1


def test_frames_beside_each_other_do_not_overlap() -> None:
    """Two frames become one picture, as wide as both and the gap."""
    start, end = baked("bridging")

    both = beside((start, end), gap=6.0)

    assert both.width == pytest.approx(start.width + end.width + 6)
    assert len(both.shapes) == len(start.shapes) + len(end.shapes)
    assert max(extent(shape)[2] for shape in both.shapes[: len(start.shapes)]) <= start.width
    assert min(extent(shape)[0] for shape in both.shapes[len(start.shapes) :]) >= start.width + 6


# What the engine refuses


def test_every_bad_pose_is_in_the_table() -> None:
    """Each rule of the lint has a pose that breaks it."""
    assert {path.stem for path in BAD.glob("*.toml")} == set(MESSAGES)


@pytest.mark.long
@pytest.mark.parametrize(("name", "message"), MESSAGES.items(), ids=MESSAGES)
def test_a_bad_pose_is_refused(name: str, message: str) -> None:
    """A pose that no body could take, or whose picture would hide it, stops the bake with its reasons."""
    with pytest.raises(PoseError) as refusal:
        bake((BAD / f"{name}.toml").read_text(encoding="utf-8"))

    assert str(refusal.value) == message


@pytest.mark.long
def test_the_worked_example_is_sound() -> None:
    """The pose that the documentation builds up passes the lint."""
    guide = (Path(__file__).parents[1] / "docs" / "figures.md").read_text(encoding="utf-8")
    block = guide.split("when it is done:\n\n")[1].split("\n\n**3.")[0]

    assert refused(parse_pose(textwrap.dedent(block))) == ()


# What the pictures show, against the catalogue's facts


@pytest.mark.long
@pytest.mark.parametrize("name", POSED[::8])
def test_a_pose_passes_the_lint(name: str) -> None:
    """Some of the poses keep to human joints, reach their targets, rest on what they rest on, show what they must.

    No drawing is stale, and none is baked from a pose that does not: so the others do too.
    """
    assert refused(pose_of(name)) == ()


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


def test_the_march_takes_turns() -> None:
    """The march shows first the left leg up, then the right, each time with the other foot flat."""
    pose = pose_of("ta_march")
    began = start_pose(pose)

    assert pose.start is not None
    assert not pose.start.ghost
    assert foot_flat("right")(began, solve(began))
    assert float(solve(began).joints["left_ankle"][2]) > 0.2
