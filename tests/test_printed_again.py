"""A plan is printed again as it was made to be: who needs large print need not ask for it at each change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from conftest import WHEN, Run

if TYPE_CHECKING:
    from pathlib import Path

LOOK = ("--large-print", "yes", "--paper", "letter", "--boxes", "exercise")
LATER = ("--issued", "2027-01-12T09:00:00Z", "--format", "pdf,json")
VERBS = (
    ("move", "out/A1.json", "--from", "2027-01-13", "--to", "2027-01-14"),
    ("stop", "out/A1.json", "--on", "2027-01-18"),
    ("adjust", "out/A1.json", "--week", "2", "--step", "stay"),
    ("render", "out/A1.json"),
)


def look(path: Path) -> object:
    """Return how a plan's file says that it is printed."""
    return json.loads(path.read_text(encoding="utf-8"))["look"]


@pytest.fixture(autouse=True)
def _made(run: Run) -> None:
    run("make", "--profile", "stretch-only", "--weeks", "2", "--id", "A1", *LOOK, "--format", "json", *WHEN)


@pytest.mark.parametrize("verb", VERBS)
def test_as_it_was(verb: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """Each verb that draws a plan draws it as its options did when it was made."""
    kept = run(*verb, *LATER, "--out", "kept")
    asked = run(*verb, *LOOK, *LATER, "--out", "asked")

    assert (kept.code, asked.code) == (0, 0)
    assert (tmp_path / "kept/A1.pdf").read_bytes() == (tmp_path / "asked/A1.pdf").read_bytes()
    assert look(tmp_path / "kept/A1.json") == look(tmp_path / "out/A1.json")


@pytest.mark.parametrize("verb", VERBS)
def test_asked_otherwise(verb: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """An option counts more, and the rest stays; a change keeps what was asked last, a mere print does not."""
    outcome = run(*verb, "--large-print", "no", *LATER, "--out", "new")

    assert outcome.code == 0
    wanted = {"large_print": verb[0] == "render", "paper": "letter", "boxes": "exercise"}
    found = look(tmp_path / "new/A1.json")
    assert isinstance(found, dict)
    assert {name: found[name] for name in wanted} == wanted


def test_layout_is_that_of_the_sheet(run: Run) -> None:
    """The places of a sheet are those on the paper that it was printed on."""
    told = json.loads(run("layout", "out/A1.json").out)

    assert told["paper"] == "letter"


def test_older_file(run: Run, tmp_path: Path) -> None:
    """A file from before this was kept is printed as the options or the clinic's settings say."""
    path = tmp_path / "out/A1.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    del fields["look"], fields["seal"]
    path.write_text(json.dumps(fields), encoding="utf-8")
    (tmp_path / "clinic.toml").write_text('[defaults]\npaper = "letter"\n', encoding="utf-8")

    usual = json.loads(run("layout", "out/A1.json").out)
    clinic = json.loads(run("layout", "out/A1.json", "--config", "clinic.toml").out)

    assert (usual["paper"], clinic["paper"]) == ("a4", "letter")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("paper", "a3", "expected one of a4, letter"),
        ("boxes", "none", "expected one of repetition, exercise"),
        ("large_print", "yes", "expected bool"),
        ("only", [1, 2], "extra fields found (only)"),
    ],
)
def test_edited(name: str, value: object, says: str, run: Run, tmp_path: Path) -> None:
    """What no sheet can look like is refused, with the key at fault."""
    path = tmp_path / "out/A1.json"
    fields = json.loads(path.read_text(encoding="utf-8"))
    fields["look"][name] = value
    path.write_text(json.dumps(fields), encoding="utf-8")

    outcome = run("render", "out/A1.json")

    assert outcome.code == 4
    assert says in outcome.err[0]
    assert "look" in outcome.err[0]


def test_batch_follows_its_row(run: Run, tmp_path: Path) -> None:
    """A row that asks for another print gives the same version with that, and keeps it for the next change."""
    row = "id,profile,weeks,start,large_print\nB1,stretch-only,1,2027-03-01,{}\n"
    for asked in ("no", "yes"):
        (tmp_path / "roster.csv").write_text(row.format(asked), encoding="utf-8")
        outcome = run("batch", "roster.csv", "--format", "pdf,json", *WHEN)
        assert outcome.code == 0

    fields = json.loads((tmp_path / "out/B1.json").read_text(encoding="utf-8"))
    assert (fields["revision"], fields["look"]["large_print"]) == (1, True)
    assert "skipped" not in outcome.err[-1].replace("0 skipped", "")
