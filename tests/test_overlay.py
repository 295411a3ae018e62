"""Lay a clinic's folder over the catalogue: add, change, remove, with its own words and pictures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from planmaker.catalogue import load
from planmaker.errors import InputError
from planmaker.plan import plan_from_json
from planmaker.resources import catalogue_dir
from planmaker.workshop import Workshop, open_workshop

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

BUILT_IN = load(catalogue_dir())
SIDE_STEP = """\
id = "side_step"
order = 8
group = "strengthening"
kind = "control"
seeds = []
position = "standing"
sides = "both"
equipment_any_of = ["step"]
muscles = ["gluteus_medius"]
bends_spine = false
priority = 14

[timing]
pause_seconds = { value = 3, sources = ["OUR1"] }

[full]
sets = { value = 1, sources = ["OUR1"] }
repetitions = { value = 10, sources = ["OUR1"] }
hold_seconds = { value = 0, sources = ["OUR1"] }
times_a_day = { value = 1, sources = ["J"] }
days_a_week = { value = 7, sources = ["J"] }

[[ramp]]
sets = 1
repetitions = 10
hold_seconds = 0
sources = ["OUR1"]

[[variants]]
id = "low"
kind = "easier"
sources = ["J"]
"""
WORDS = """\
[exercises.side_step]
name = "Side step"
seed_name = ""
setting = "Standing, by a worktop"
steps = ["Stand tall.", "Step to one side.", "Bring the other foot after it."]
breathing = "Breathe out as you step."
feel = "The side of your hips working."
mistake = "Leaning over"
easier = "Take small steps."
stop_if = "Your hip hurts more. Pain into a leg: stop the session."
limb = ""
picture = "A person stands at a worktop with one foot to the side."

[variants.side_step.low]
name = "Small steps"
change = "Step half as far."

[equipment]
step = "low step"

[profiles]
hips = "Strong hips"
"""
SOURCE = """\
[[source]]
id = "OUR1"
title = "Our own handout"
tier = "C"
copy = false
address = ""
"""
PROFILE = """\
id = "hips"
first_week = 2
new_each_week = 1
aerobic = []

[[exercise]]
id = "side_step"
slots = ["am"]

[[exercise]]
id = "bridging"
slots = ["am"]
"""
AEROBIC = """\
id = "rowing"
order = 5
group = "aerobic"
kind = "aerobic"
seeds = []
position = "sitting"
sides = "both"
equipment_any_of = ["shoes"]
muscles = ["legs"]
bends_spine = true
priority = 5

[full]
brisk_minutes = { value = 10, sources = ["OUR1"] }
easy_minutes = { value = 5, sources = ["J"] }
times_a_day = { value = 1, sources = ["J"] }
days_a_week = { value = 3, sources = ["OUR1"] }

[[ramp]]
brisk_minutes = 10
sources = ["OUR1"]
"""
CELL = """\
[cells.{}]
action = "fine"
because = "none"
sources = ["J"]
"""
SHORT = ("--id", "A1", "--issued", "2027-01-05T09:00:00Z", "--timezone", "UTC", "--weeks", "2", "--format", "json")


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write an overlay's files."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def cells(exercise: str) -> dict[str, str | bytes]:
    """Return a file for each condition that lets an added exercise be."""
    return {f"conditions/{name}.toml": CELL.format(exercise) for name in BUILT_IN.conditions}


def picture(kind: str, width: int = 4, height: int = 3) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(stream, kind)
    return stream.getvalue()


def told(folder: Path) -> list[str]:
    """Return what is wrong with an overlay, by line."""
    with pytest.raises(InputError) as caught:
        open_workshop(overlay=folder)
    return str(caught.value).split("\n")


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """Return an overlay that adds an exercise, with words, a source, a profile, cells and a picture."""
    return put(
        tmp_path / "clinic",
        {
            "exercises/side_step.toml": SIDE_STEP,
            "text/en.toml": WORDS,
            "sources.toml": SOURCE,
            "profiles/hips.toml": PROFILE,
            "pictures/side_step.png": picture("PNG"),
            **cells("side_step"),
        },
    )


# Adding


def test_exercise_is_added(clinic: Path) -> None:
    """An added exercise stands beside the built-in ones, with its words, variant, equipment, source and picture."""
    workshop = open_workshop(overlay=clinic)

    assert set(workshop.catalogue.exercises) == {*BUILT_IN.exercises, "side_step"}
    assert workshop.words["en"].exercises["side_step"].variants["low"].name == "Small steps"
    assert workshop.words["en"].general["equipment"]["step"] == "low step"
    assert workshop.words["en"].general["rules"]["SR1"]
    assert "step" in workshop.choices.equipment
    assert workshop.catalogue.sources["OUR1"]["tier"] == "C"
    assert workshop.photos == {"side_step": picture("PNG")}


def test_other_words_are_the_same(clinic: Path, workshop: Workshop) -> None:
    """An overlay leaves the words that it does not give as they are."""
    ours, theirs = workshop.words["en"], open_workshop(overlay=clinic).words["en"]

    assert {name: theirs.exercises[name] for name in ours.exercises} == ours.exercises
    assert {part: theirs.general[part] for part in ours.general if part not in ("equipment", "profiles")} == {
        part: words for part, words in ours.general.items() if part not in ("equipment", "profiles")
    }
    assert (theirs.labels, theirs.emergency) == (ours.labels, ours.emergency)


def test_every_verb_knows_the_overlay(clinic: Path, run: Run, tmp_path: Path) -> None:
    """Each verb that reads the catalogue takes --catalogue."""
    own = ("--catalogue", clinic)
    made = run("make", *SHORT, "--profile", "hips", "--equipment", "step", *own)
    plan = tmp_path / "out" / "A1.json"

    outcomes = [
        run("exercises", "side_step", *own),
        run("profiles", *own),
        run("conditions", "stenosis", *own),
        run("check", plan, *own),
        run("check", *own),
        run("check", clinic),
        run("render", plan, "--format", "ics", *own),
    ]

    assert (made.code, [outcome.code for outcome in outcomes]) == (0, [0] * 7)
    assert all("side_step" in outcome.out for outcome in outcomes[:3])
    assert "side_step" in plan.read_text(encoding="utf-8")
    assert outcomes[5].err == [f"{clinic}: 30 exercises and 4 profiles, all sound"]
    assert run("check", plan).code == 4


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_batch_uses_the_overlay(clinic: Path, run: Run, tmp_path: Path, jobs: str) -> None:
    """Every process of a batch makes its plans from the same overlay."""
    rows = "".join(f"A{number},hips,UTC,step\n" for number in range(20))
    (tmp_path / "roster.csv").write_text(f"id,profile,timezone,equipment\n{rows}", encoding="utf-8")

    outcome = run("batch", "roster.csv", *SHORT[2:4], "--format", "json", "--jobs", jobs, "--catalogue", clinic)
    plans = [plan_from_json(path.read_text(encoding="utf-8")) for path in (tmp_path / "out").glob("*.json")]

    assert outcome.code == 0
    assert {plan.catalogue for plan in plans} == {open_workshop(overlay=clinic).catalogue.digest}
    assert len(plans) == 20


def test_added_aerobic_exercise_has_words_for_the_sheet(clinic: Path, run: Run) -> None:
    """An added aerobic exercise needs three words for the sheet, and is printed with them."""
    words = WORDS.split("[variants", maxsplit=1)[0].replace("side_step", "rowing").replace("Side step", "Rowing")
    places = 'aerobic = ["rowing"]\n' + PROFILE.partition("aerobic = []")[2]
    for name in BUILT_IN.conditions:
        put(clinic, {f"conditions/{name}.toml": CELL.format("side_step") + CELL.format("rowing")})
    put(clinic, {"exercises/rowing.toml": AEROBIC, "text/en.toml": words + WORDS, "profiles/full.toml": places})

    assert told(clinic) == ["exercises/rowing.toml:3: group: no words for it; expected aerobic.rowing in text/en.toml"]

    words += '[aerobic.rowing]\ngroup = "rowing"\nnoun = "row"\nlabel = "Row"\n'
    put(clinic, {"text/en.toml": words + WORDS})
    outcome = run("make", *SHORT[:-1], "pdf", "--profile", "full", "--equipment", "step", "--catalogue", clinic)

    assert outcome.code == 0


def test_words_alone_add_nothing(tmp_path: Path) -> None:
    """Words for an exercise that nobody added are a fault."""
    words = WORDS.split("[variants", maxsplit=1)[0]

    assert told(put(tmp_path / "clinic", {"text/en.toml": words})) == [
        "text/en.toml:1: exercises.side_step: unknown exercise; did you mean side_plank?"
    ]


def test_variant_that_a_condition_asks_for_needs_steps(clinic: Path) -> None:
    """The form that a condition asks for has steps of its own, or people would do the other form's."""
    cell = CELL.format("side_step").replace('"fine"', '"change"\nvariant = "low"').replace('"none"', '"knee"')
    put(clinic, {"conditions/knee-pain.toml": cell})

    (line,) = told(clinic)

    assert line.startswith("conditions/knee-pain.toml:3: cells.side_step.variant: no words for it; ")
    assert line.endswith("expected variants.side_step.low.steps in text/en.toml")


def test_added_exercise_needs_words(clinic: Path) -> None:
    """An added exercise without words is told which tables are missing."""
    put(clinic, {"text/en.toml": '[equipment]\nstep = "low step"\n[profiles]\nhips = "Hips"\n'})

    assert told(clinic) == [
        "exercises/side_step.toml:1: id: no words for it; expected exercises.side_step in text/en.toml",
        "exercises/side_step.toml:30: variants.1.id: no words for it; expected variants.side_step.low in text/en.toml",
    ]


def test_added_profile_needs_a_name(clinic: Path, workshop: Workshop) -> None:
    """An added profile has a name among the words, where the sheet finds it."""
    named = open_workshop(overlay=clinic).words["en"].general["profiles"]
    put(clinic, {"text/en.toml": WORDS.split("[profiles]", maxsplit=1)[0]})

    assert named == {**workshop.words["en"].general.get("profiles", {}), "hips": "Strong hips"}
    assert told(clinic) == ["profiles/hips.toml:1: id: no words for it; expected profiles.hips in text/en.toml"]


def test_added_exercise_needs_a_cell_in_each_condition(clinic: Path) -> None:
    """A condition that says nothing of an added exercise is named."""
    (clinic / "conditions" / "stenosis.toml").unlink()

    assert told(clinic) == [
        "exercises/side_step.toml:1: id: expected [cells.side_step] in each condition; none in stenosis"
    ]


# Changing


def test_change_is_of_the_given_keys_only(tmp_path: Path) -> None:
    """A file with a known id changes the keys that it gives; lists are replaced, tables merged."""
    folder = put(
        tmp_path / "clinic",
        {
            "exercises/bridging.toml": 'muscles = ["gluteals"]\n[timing]\nrest_seconds.value = 90\n',
            "conditions/stenosis.toml": '[cells.bridging]\naction = "leave_out"\n',
            "composing.toml": "[seconds]\nfloor.value = 90\n",
            "profiles/full.toml": "first_week = 3\n",
            "emergency.toml": '[countries]\nDE = "112"\n',
            "text/en.toml": '[exercises.bridging]\nname = "Hip lift"\n',
        },
    )

    workshop = open_workshop(overlay=folder)
    bridging, before = workshop.catalogue.exercises["bridging"], BUILT_IN.exercises["bridging"]
    cell = workshop.catalogue.conditions["stenosis"].cells["bridging"]

    assert (bridging.muscles, bridging.tempo.rest_seconds) == (("gluteals",), 90)
    assert (bridging.full, bridging.ramp, bridging.tempo.pause_seconds) == (before.full, before.ramp, 8)
    assert (cell.action.name, cell.variant, cell.because) == ("LEAVE_OUT", "", "ext")
    assert (workshop.catalogue.rules.floor, workshop.catalogue.rules.warm_up) == (90, BUILT_IN.rules.warm_up)
    assert workshop.catalogue.profiles["full"].first_week == 3
    assert (workshop.words["en"].emergency["DE"], workshop.words["en"].emergency["US"]) == ("112", "911")
    assert workshop.words["en"].exercises["bridging"].name == "Hip lift"


def test_source_is_replaced_by_id(tmp_path: Path) -> None:
    """A source with a known id takes the place of that one."""
    folder = put(tmp_path / "clinic", {"sources.toml": SOURCE.replace("OUR1", "X27")})

    found = open_workshop(overlay=folder).catalogue.sources

    assert (found["X27"]["title"], len(found)) == ("Our own handout", len(BUILT_IN.sources))


def test_dose_is_raised_by_a_source_of_its_own(tmp_path: Path, run: Run) -> None:
    """A dose above the built-in one needs a source of its own, and the check says whose responsibility it is."""
    dose = '[full]\ndays_a_week = { value = 4, sources = ["OUR1"] }\n'
    folder = put(tmp_path / "clinic", {"exercises/bridging.toml": dose, "sources.toml": SOURCE})

    outcome = run("check", folder)

    assert outcome.code == 0
    assert outcome.err[0] == (
        "exercises/bridging.toml: full.days_a_week.value: 4 is above the built-in 3; the clinic is responsible for it"
    )


def test_cell_is_made_milder_by_a_source_of_its_own(tmp_path: Path) -> None:
    """A condition may be made milder with a source of its own."""
    cell = CELL.format("prone_press_up").replace('"J"', '"OUR1"')
    folder = put(tmp_path / "clinic", {"conditions/stenosis.toml": cell, "sources.toml": SOURCE})

    found = open_workshop(overlay=folder).catalogue.conditions["stenosis"]

    assert found.cells["prone_press_up"].sources == ("OUR1",)


def test_digest_covers_the_overlay(tmp_path: Path, clinic: Path) -> None:
    """The digest changes with every fact of the overlay, and not with words or pictures."""
    words = put(
        tmp_path / "words",
        {"text/en.toml": '[exercises.bridging]\nname = "Hip lift"\n', "pictures/bridging.jpg": picture("JPEG")},
    )
    digests = [open_workshop(overlay=folder).catalogue.digest for folder in (words, clinic)]
    put(clinic, {"profiles/hips.toml": PROFILE.replace("first_week = 2", "first_week = 1")})
    digests.append(open_workshop(overlay=clinic).catalogue.digest)

    assert digests[0] == BUILT_IN.digest
    assert len(set(digests)) == 3


# Removing


def test_exercise_is_removed(tmp_path: Path) -> None:
    """A removed exercise takes its words, its cells and its places in the profiles along."""
    folder = put(tmp_path / "clinic", {"exercises/bridging.toml": "remove = true\n"})

    workshop = open_workshop(overlay=folder)
    catalogue = workshop.catalogue

    assert "bridging" not in catalogue.exercises
    assert "bridging" not in workshop.words["en"].exercises
    assert all("bridging" not in condition.cells for condition in catalogue.conditions.values())
    assert [place.exercise for place in catalogue.profiles["strengthening"].places] == [
        place.exercise for place in BUILT_IN.profiles["strengthening"].places if place.exercise != "bridging"
    ]


def test_profile_is_removed(tmp_path: Path) -> None:
    """A removed profile can no longer be chosen."""
    folder = put(tmp_path / "clinic", {"profiles/strengthening.toml": "remove = true\n"})

    assert open_workshop(overlay=folder).choices.profiles == ("full", "stretch-only")


def test_profile_never_loses_everything(tmp_path: Path) -> None:
    """Exercises whose removal leaves a profile without any are not removed silently."""
    names = [place.exercise for place in BUILT_IN.profiles["strengthening"].places]
    folder = put(tmp_path / "clinic", {f"exercises/{name}.toml": "remove = true\n" for name in names})

    assert told(folder) == ["exercises/bridging.toml:1: exercise: the profile strengthening has no exercise left"]


# Folders and pictures


def test_folder_that_is_missing_or_empty(tmp_path: Path, run: Run) -> None:
    """An overlay that is not there, or holds nothing, is refused."""
    (tmp_path / "empty").mkdir()

    outcomes = [run("exercises", "--catalogue", name) for name in ("none", "empty")]

    assert [(outcome.code, outcome.err) for outcome in outcomes] == [
        (4, ["none: cannot be read: no such folder"]),
        (4, ["empty: holds no file to lay over the catalogue"]),
    ]


def test_faults_of_all_files_are_told(tmp_path: Path) -> None:
    """All faults are told, those of pictures last."""
    folder = put(
        tmp_path / "clinic",
        {
            "exercises/bridging.toml": "order = 0\npriority = 0\n",
            "profiles/full.toml": "first_week = 0\n",
            "pictures/bridging.bmp": b"BM",
        },
    )

    assert told(folder) == [
        "exercises/bridging.toml:1: order: expected a whole number from 1 to 99",
        "exercises/bridging.toml:2: priority: expected a whole number from 1 to 99",
        "profiles/full.toml:1: first_week: expected a whole number from 1 to 20",
        "pictures/bridging.bmp: expected a picture in PNG or JPEG, ending in .png, .jpg or .jpeg",
    ]


def test_pictures_are_png_or_jpeg(tmp_path: Path) -> None:
    """Pictures are kept as they are, by exercise."""
    data = {"bridging.png": picture("PNG"), "walking.jpg": picture("JPEG"), "calf_stretch.jpeg": picture("JPEG")}
    folder = put(tmp_path / "clinic", {f"pictures/{name}": item for name, item in data.items()})

    photos = open_workshop(overlay=folder).photos

    assert photos == {name.split(".")[0]: item for name, item in data.items()}


def test_picture_is_one_and_of_at_most_5_megabytes(tmp_path: Path) -> None:
    """A second picture of an exercise, and one of more than 5 MB, are refused."""
    folder = put(
        tmp_path / "clinic",
        {
            "pictures/bridging.jpg": picture("JPEG"),
            "pictures/bridging.png": picture("PNG"),
            "pictures/walking.png": picture("PNG") + bytes(5_000_001),
        },
    )

    assert told(folder) == [
        "pictures/bridging.png: expected one picture an exercise; there is another with this name",
        "pictures/walking.png: expected at most 5 MB; save it smaller",
    ]
