"""The verbs of `planmaker figures` list, show, print and bake, and say what is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from planmaker.cli import drawing
from planmaker.figures import album
from planmaker.resources import catalogue_dir

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

MAKE = """
import sys
sys.modules["numpy"] = None
from planmaker.cli import main
code = main(["make", "--profile", "full", "--timezone", "Europe/London", "--out", sys.argv[1]])
sys.exit(code or ("planmaker.figures.pose" in sys.modules) * 9)
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a catalogue folder that may be drawn into."""
    folder = tmp_path / "catalogue"
    shutil.copytree(catalogue_dir(), folder)
    monkeypatch.setattr(drawing, "catalogue_dir", lambda: folder)
    return folder


def test_list_tells_every_picture(run: Run) -> None:
    """The list has a line for each picture, all up to date."""
    outcome = run("figures", "list")

    assert outcome.code == 0
    assert [line.split()[0] for line in outcome.out.splitlines()] == list(album.drawn(catalogue_dir()))
    assert all(line.endswith("up to date") for line in outcome.out.splitlines())


def test_show_prints_svg(run: Run) -> None:
    """Without a file to write, the picture goes to standard output as SVG, and nothing else does."""
    outcome = run("figures", "show", "bridging")

    assert outcome.code == 0
    assert outcome.out.startswith("<svg ")
    assert outcome.out.endswith("</svg>\n")


@pytest.mark.parametrize(("ending", "magic"), [(".svg", b"<svg"), (".pdf", b"%PDF"), (".png", b"\x89PNG")])
def test_show_writes_files(ending: str, magic: bytes, tmp_path: Path, run: Run) -> None:
    """A picture can be written as SVG, PDF and PNG."""
    path = tmp_path / f"bridge{ending}"

    outcome = run("figures", "show", "bridging", "--frame", "end", "--mirror", "-o", path)

    assert (outcome.code, outcome.out, outcome.err) == (0, "", [])
    assert path.read_bytes().startswith(magic)


def test_show_names_the_nearest(run: Run) -> None:
    """A misspelt picture is a mistake of usage, and the nearest name is told."""
    outcome = run("figures", "show", "bridgin")

    assert outcome.code == 2
    assert "did you mean bridging?" in outcome.err[0]


def test_show_refuses_other_endings(tmp_path: Path, run: Run) -> None:
    """A file that ends in something else is refused before anything is written."""
    outcome = run("figures", "show", "bridging", "-o", tmp_path / "bridge.gif")

    assert outcome.code == 2
    assert outcome.err == ["--out: expected a file that ends in .svg, .pdf, .png"]
    assert list(tmp_path.iterdir()) == []


def test_sheet_holds_every_picture(tmp_path: Path, run: Run) -> None:
    """The contact sheet is a PDF and tells how many pictures it holds."""
    path = tmp_path / "contact.pdf"

    outcome = run("figures", "sheet", "-o", path)

    assert outcome.code == 0
    assert path.read_bytes().startswith(b"%PDF")
    assert outcome.err == [f"{path}: {len(album.drawn(catalogue_dir()))} pictures"]


@pytest.mark.long
def test_bake_draws_what_is_stale(own: Path, run: Run) -> None:
    """A changed pose is drawn anew, a drawing whose pose is gone is removed, and the rest is left alone."""
    pose = own / "poses" / "ta_contraction.toml"
    pose.write_text(pose.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    (own / "poses" / "walking.toml").unlink()
    before = {name: (own / "drawings" / f"{name}.json").read_bytes() for name in album.drawn(own)}

    outcome = run("figures", "bake")

    assert outcome.code == 0
    assert outcome.err == ["walking: removed, since its pose is gone", "ta_contraction: drawn"]
    after = {name: (own / "drawings" / f"{name}.json").read_bytes() for name in album.drawn(own)}
    assert {name for name in before if after.get(name) != before[name]} == {"walking", "ta_contraction"}
    assert album.stale(own) == {}


@pytest.mark.long
def test_bake_refuses_a_bad_pose(own: Path, run: Run) -> None:
    """A pose in the floor is refused with the reason, and its old drawing stays."""
    pose = own / "poses" / "knee_to_chest.toml"
    pose.write_text(pose.read_text(encoding="utf-8").replace("0.132]", "0.12]", 1), encoding="utf-8")
    before = (own / "drawings" / "knee_to_chest.json").read_bytes()

    outcome = run("figures", "bake", "knee_to_chest")

    assert outcome.code == 4
    assert outcome.err[0].startswith("poses/knee_to_chest.toml: pelvis sinks")
    assert (own / "drawings" / "knee_to_chest.json").read_bytes() == before


def test_check_tells_stale_drawings(tmp_path: Path, run: Run) -> None:
    """Checking a whole catalogue names each drawing that is not of its pose."""
    folder = tmp_path / "catalogue"
    shutil.copytree(catalogue_dir(), folder)
    pose = folder / "poses" / "ta_march.toml"
    pose.write_text(pose.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")

    outcome = run("check", folder)

    assert outcome.code == 4
    what = "drawn from another pose, or by another version of the engine; run planmaker figures bake"
    assert outcome.err == [f"drawings/ta_march.json: {what}"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"made_from": "x", "frames": [{}]}'])
def test_check_tells_broken_drawings(text: str, tmp_path: Path, run: Run) -> None:
    """A drawing that cannot be read is named, and what draws it anew."""
    folder = tmp_path / "catalogue"
    shutil.copytree(catalogue_dir(), folder)
    (folder / "drawings" / "walking.json").write_text(text, encoding="utf-8")

    outcome = run("check", folder)

    assert outcome.code == 4
    assert outcome.err == ["drawings/walking.json: cannot be read as a drawing; run planmaker figures bake"]


def test_making_a_plan_needs_no_numpy(tmp_path: Path) -> None:
    """A whole plan is made where numpy is not installed, and no pose is read for it."""
    outcome = subprocess.run([sys.executable, "-c", MAKE, str(tmp_path)], check=False, capture_output=True)

    assert outcome.returncode == 0, outcome.stderr
