"""Hold the catalogue's data files against an independent table of what the seed documents say."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUE = Path(__file__).parents[1] / "catalogue"
TABLE = Path(__file__).parent / "data" / "seed_facts.csv"
SEEDS = ("S0", "S3")
DOSE = ("sets", "repetitions", "hold_seconds", "brisk_minutes")
LONGEST = {"name": 22, "setting": 40, "breathing": 70, "feel": 60, "mistake": 75, "easier": 75, "stop_if": 90}


def read(name: str) -> dict[str, Any]:
    """Return one data file of the catalogue."""
    return tomllib.loads((CATALOGUE / name).read_text(encoding="utf-8"))


def table() -> list[dict[str, str]]:
    """Return the rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


EXERCISES = {path.stem: read(f"exercises/{path.name}") for path in sorted((CATALOGUE / "exercises").glob("*.toml"))}
WORDS = read("text/en.toml")
LISTS = read("seeds.toml")
SOURCES = read("sources.toml")["source"]
ROWS = table()
SEEDED = list(dict.fromkeys(row["exercise"] for row in ROWS))
AEROBIC = [key for key, exercise in EXERCISES.items() if exercise["group"] == "aerobic"]

each_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


def rows(column: str) -> pytest.MarkDecorator:
    """Give a test every row of the table in which a column is filled."""
    filled = [row for row in ROWS if row[column]]
    return pytest.mark.parametrize("row", filled, ids=[f"{row['exercise']}-{row['attribute']}" for row in filled])


def fact(row: dict[str, str]) -> dict[str, str]:
    """Return the catalogue's facts of one row's attribute, merged."""
    found: dict[str, str] = {}
    for item in EXERCISES[row["exercise"]]["facts"]:
        if item["attribute"] == row["attribute"]:
            found |= item
    return found


def structured(row: dict[str, str]) -> Any:  # noqa: ANN401 - whatever stands in the data
    """Return what stands in the structured field that a row names, such as full.hold_seconds."""
    found: Any = EXERCISES[row["exercise"]]
    for key in row["field"].split("."):
        found = found[key]
    return found


def cited(data: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a data file
    """Yield every source id that a data file names, wherever it stands."""
    if isinstance(data, list):
        for item in data:
            yield from cited(item)
    if isinstance(data, dict):
        for key, item in data.items():
            if key in ("sources", "seeds"):
                yield from item
            elif key == "source":
                yield item
            else:
                yield from cited(item)


def volume(step: dict[str, Any]) -> int:
    """Return seconds under exercise, or repetitions where nothing is held, or brisk minutes."""
    if "brisk_minutes" in step:
        return int(step["brisk_minutes"])
    return int(step["sets"] * step["repetitions"] * (step["hold_seconds"] or 1))


# What the seeds say, row by row


def test_table_is_whole() -> None:
    """The ten seed exercises have 112 facts: 32 agree, 2 differ, 67 are one seed's alone, 11 are gaps."""
    counts = Counter(row["status"] for row in ROWS)

    assert counts == {"AGREE": 32, "DIFFER": 2, "ONLY-000": 2, "ONLY-003": 65, "NONE": 11}


def test_ten_exercises_come_from_the_seeds() -> None:
    """The exercises of the table are those that name a seed, and every other one names none."""
    named = [key for key, exercise in EXERCISES.items() if exercise["seeds"]]

    assert (sorted(SEEDED), len(SEEDED)) == (named, 10)


@pytest.mark.parametrize("key", SEEDED)
def test_catalogue_has_every_row_in_order(key: str) -> None:
    """The catalogue has the table's attributes of an exercise, in its order, and no other."""
    attributes = [item["attribute"] for item in EXERCISES[key]["facts"]]

    assert attributes == [row["attribute"] for row in ROWS if row["exercise"] == key]


@rows("status")
def test_fact_stands_in_the_catalogue(row: dict[str, str]) -> None:
    """A fact has the table's value for each seed, no value where that seed is silent, and the table's status."""
    found = fact(row)

    assert [found.get(key, "") for key in ("S0", "S3", "status")] == [row["S0"], row["S3"], row["status"]]


@rows("status")
def test_status_fits_the_values(row: dict[str, str]) -> None:
    """A status says which of the seeds give a value."""
    given = tuple(seed for seed in SEEDS if row[seed])
    says = {"AGREE": SEEDS, "DIFFER": SEEDS, "ONLY-000": ("S0",), "ONLY-003": ("S3",), "NONE": ()}

    assert given == says[row["status"]]


@rows("status")
def test_difference_is_settled(row: dict[str, str]) -> None:
    """A fact on which the seeds differ, or one alone speaks, names the difference that settles it; a gap names none."""
    settled = fact(row).get("difference", "")
    known = {item["id"] for item in LISTS["difference"]}
    allowed = {"AGREE": {"", "D16"}, "NONE": {""}}.get(row["status"], known)

    assert settled in allowed


@rows("number")
def test_dose_is_the_seeds_dose(row: dict[str, str]) -> None:
    """A number in the seeds is the number of the structured dose."""
    dose = structured(row)["value"]

    assert dose == int(row["number"])


@rows("number")
def test_dose_names_its_seeds(row: dict[str, str]) -> None:
    """A dose names exactly the seeds that give it, and no judgement."""
    sources = structured(row)["sources"]

    assert sources == [seed for seed in SEEDS if row[seed]]


@rows("field")
def test_field_is_what_the_seeds_say(row: dict[str, str]) -> None:
    """Group, position, sides and equipment are those of the seeds ("none named" is an empty list)."""
    found = structured(row)
    values = found if isinstance(found, list) else [found]

    assert row["number"] or sorted(values) == sorted(row["text"].split())


@pytest.mark.parametrize("key", SEEDED)
def test_exercise_names_the_seeds_that_have_it(key: str) -> None:
    """An exercise names a seed exactly when that seed says something of it."""
    speaking = [seed for seed in SEEDS if any(row[seed] for row in ROWS if row["exercise"] == key)]

    assert EXERCISES[key]["seeds"] == speaking


@each_exercise
def test_silence_is_judgement_or_another_source(exercise: dict[str, Any]) -> None:
    """A dose names a seed only where the table has that seed's number."""
    named = {
        (field, source) for field, item in exercise["full"].items() for source in item["sources"] if source in SEEDS
    }
    given = {
        (row["field"].removeprefix("full."), seed)
        for row in ROWS
        for seed in SEEDS
        if row["exercise"] == exercise["id"] and row["field"].startswith("full.") and row[seed]
    }

    assert named == given


# Sources


def test_sources_are_whole() -> None:
    """Two seeds, 139 other sources and judgement have one entry each."""
    ids = [source["id"] for source in SOURCES]

    assert (len(ids), len(set(ids)), ids[:2], ids[-1]) == (142, 142, ["S0", "S3"], "J")


@pytest.mark.parametrize("source", SOURCES, ids=[source["id"] for source in SOURCES])
def test_source_is_described(source: dict[str, Any]) -> None:
    """A source has a title of at most 70 characters, a tier, an address, and says whether a copy was read."""
    tiers = {"S": ("seed",), "X": ("A", "B", "C", "D"), "J": ("J",)}[source["id"][0]]
    faults = {
        "title": not 0 < len(source["title"]) <= 70,
        "tier": source["tier"] not in tiers,
        "copy": not isinstance(source["copy"], bool),
        "address": bool(source["address"]) == (source["id"] == "J"),
    }

    assert [name for name, fault in faults.items() if fault] == []


@pytest.mark.parametrize(("name", "data"), [*EXERCISES.items(), ("seeds", LISTS)])
def test_every_cited_source_exists(name: str, data: dict[str, Any]) -> None:
    """Every source id that the data name is in the list of sources."""
    unknown = set(cited(data)) - {source["id"] for source in SOURCES}

    assert (name, unknown) == (name, set())


@each_exercise
def test_every_number_has_a_source(exercise: dict[str, Any]) -> None:
    """Every dose, pause and step of a ramp names where it comes from."""
    numbers = [*exercise["full"].values(), *exercise.get("timing", {}).values(), *exercise["ramp"]]

    assert all(number["sources"] for number in numbers)


# Ramps


@each_exercise
def test_ramp_ends_at_full(exercise: dict[str, Any]) -> None:
    """The last step of a ramp is the full dose."""
    last = {key: value for key, value in exercise["ramp"][-1].items() if key in DOSE}

    assert last == {key: item["value"] for key, item in exercise["full"].items() if key in DOSE}


@each_exercise
def test_ramp_never_exceeds_full(exercise: dict[str, Any]) -> None:
    """No number of any step is above the full dose."""
    over = [
        (key, step[key])
        for step in exercise["ramp"]
        for key in DOSE
        if key in step and step[key] > exercise["full"][key]["value"]
    ]

    assert over == []


@each_exercise
def test_ramp_only_climbs(exercise: dict[str, Any]) -> None:
    """Each step asks for more in all than the one before, and for less in nothing."""
    steps = exercise["ramp"]
    falls = [
        (before, after)
        for before, after in pairwise(steps)
        if volume(after) <= volume(before) or any(after[key] < before[key] for key in DOSE if key in before)
    ]

    assert falls == []


@each_exercise
def test_ramp_waits_in_order(exercise: dict[str, Any]) -> None:
    """A step that waits for a week never waits less long than the one before."""
    weeks = [step.get("not_before_week", 1) for step in exercise["ramp"]]

    assert weeks == sorted(weeks)


@pytest.mark.parametrize("key", AEROBIC)
def test_brisk_minutes_grow_by_three_at_most(key: str) -> None:
    """Brisk minutes start at 5 and never grow by more than 3 a step."""
    minutes = [step["brisk_minutes"] for step in EXERCISES[key]["ramp"]]

    assert (minutes[0], max(b - a for a, b in pairwise(minutes)) <= 3) == (5, True)


@each_exercise
def test_load_rests_between_days(exercise: dict[str, Any]) -> None:
    """Load comes on 3 days a week, aerobic exercise on 5, stretch and control daily."""
    days = exercise["full"]["days_a_week"]["value"]

    assert days == {"load": 3, "aerobic": 5, "stretch": 7, "control": 7}[exercise["kind"]]


def test_exercises_have_a_place_in_a_session() -> None:
    """A file has its exercise's id, and no two exercises share group, position and order."""
    ids = [exercise["id"] for exercise in EXERCISES.values()]
    places = {(exercise["group"], exercise["position"], exercise["order"]) for exercise in EXERCISES.values()}

    assert (ids, len(places)) == (list(EXERCISES), 29)


def test_bending_exercises_are_marked() -> None:
    """Of the seeds' exercises exactly the two that pull a knee up bend the spine."""
    bending = [key for key in sorted(SEEDED) if EXERCISES[key]["bends_spine"]]

    assert bending == ["knee_to_chest", "piriformis_stretch"]


# The other lists of the seeds


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("benefit", [f"SB{number}" for number in range(1, 8)]),
        ("group", [f"SG{number}" for number in range(1, 4)]),
        ("rule", [f"SR{number}" for number in range(1, 11)]),
        ("difference", [f"D{number}" for number in range(1, 17)]),
        (
            "strengthening_activity",
            ["pilates", "tai_chi", "yoga", "weight_training", "bosu_ball", "resistance_bands", "exercise_ball"],
        ),
    ],
)
def test_list_is_whole(kind: str, ids: list[str]) -> None:
    """Benefits, groups, rules, differences and activities are all there, in the seeds' order."""
    found = [item["id"] for item in LISTS[kind]]

    assert found == ids


def test_benefits_name_who_promises_them() -> None:
    """Strength is S0's alone, stretching during recovery S3's alone, every other benefit both seeds'."""
    alone = {item["id"]: item["seeds"] for item in LISTS["benefit"] if item["seeds"] != ["S0", "S3"]}

    assert alone == {"SB4": ["S0"], "SB7": ["S3"]}


@pytest.mark.parametrize("rule", LISTS["rule"], ids=[rule["id"] for rule in LISTS["rule"]])
def test_rule_status_fits_the_values(rule: dict[str, str]) -> None:
    """A general rule's status says which seeds give it."""
    given = [seed for seed in SEEDS if rule.get(seed)]
    says = {"AGREE": ["S0", "S3"], "DIFFER": ["S0", "S3"], "ONLY-000": ["S0"], "ONLY-003": ["S3"]}

    assert given == says[rule["status"]]


def test_rules_agree_and_differ_as_the_seeds_do() -> None:
    """Four general rules are the same in both seeds, three differ, one is S0's alone and two S3's."""
    counts = Counter(rule["status"] for rule in LISTS["rule"])

    assert counts == {"AGREE": 4, "DIFFER": 3, "ONLY-000": 1, "ONLY-003": 2}


@pytest.mark.parametrize("item", [*LISTS["rule"], *LISTS["difference"]], ids=lambda item: item["id"])
def test_safe_reading_is_stated(item: dict[str, Any]) -> None:
    """Every general rule and every difference has a safe reading."""
    reading = item["reading"]

    assert reading


# Words


def test_words_fit_the_exercises() -> None:
    """Every exercise has words, and no words are left over."""
    written = sorted(WORDS["exercises"])

    assert written == list(EXERCISES)


@each_exercise
def test_words_are_whole(exercise: dict[str, Any]) -> None:
    """No words are missing; only what has no side has no limb, only what is no seed's may lack a second name."""
    words = WORDS["exercises"][exercise["id"]]
    empty = {key for key in (*LONGEST, "seed_name", "steps", "limb", "picture") if not words[key]}
    expected = {"limb"} if exercise["sides"] == "both" else set()

    assert empty - (set() if exercise["seeds"] else {"seed_name"}) == expected


@each_exercise
def test_second_name_differs(exercise: dict[str, Any]) -> None:
    """An added exercise has a textbook name only where that is not its plain name."""
    words = WORDS["exercises"][exercise["id"]]

    assert bool(exercise["seeds"]) or words["seed_name"] != words["name"]


@each_exercise
def test_words_keep_their_length(exercise: dict[str, Any]) -> None:
    """Words fit the card they are printed on."""
    words = WORDS["exercises"][exercise["id"]]
    long = [words[key] for key, most in LONGEST.items() if len(words[key]) > most]

    assert long == []


@each_exercise
def test_steps_are_few_and_short(exercise: dict[str, Any]) -> None:
    """An exercise has 3 to 6 steps of at most 70 characters and 12 words."""
    steps = WORDS["exercises"][exercise["id"]]["steps"]
    long = [step for step in steps if len(step) > 70 or len(step.split()) > 12]

    assert (3 <= len(steps) <= 6, long) == (True, [])


@each_exercise
def test_sides_are_told(exercise: dict[str, Any]) -> None:
    """The last step says in which order the legs or sides come, where there are any."""
    words = WORDS["exercises"][exercise["id"]]
    told = {
        "each": (f"Do all on one {words['limb']}, then the other.", "Do all with one leg bent, then the other."),
        "alternate": (f"Swap {words['limb']}s each time.",),
        "both": ("",),
    }

    assert any(text in words["steps"][-1] for text in told[exercise["sides"]])


@each_exercise
def test_picture_is_described_briefly(exercise: dict[str, Any]) -> None:
    """A picture is described in one to three sentences."""
    picture = WORDS["exercises"][exercise["id"]]["picture"]

    assert 1 <= picture.count(".") <= 3


@each_exercise
def test_leg_signs_stop_the_session(exercise: dict[str, Any]) -> None:
    """Every exercise says that pain into a leg is a reason to stop."""
    stop = WORDS["exercises"][exercise["id"]]["stop_if"]
    ends = "or pain goes into a leg." if exercise["group"] == "aerobic" else "leg: stop the session."

    assert stop.endswith(ends)


@pytest.mark.parametrize("key", [key for key, exercise in EXERCISES.items() if exercise["group"] == "stretch"])
def test_stretch_is_gentle(key: str) -> None:
    """A stretch is felt gently, and never as pain."""
    feel = WORDS["exercises"][key]["feel"]

    assert (feel.startswith("A gentle"), feel.endswith("Never pain.")) == (True, True)


@pytest.mark.parametrize(
    ("key", "phrase"),
    [
        ("supine_hamstring_stretch", "knees bent and feet flat"),
        ("supine_hamstring_stretch", "towel round one foot"),
        ("supine_hamstring_stretch", "Hold both ends"),
        ("supine_hamstring_stretch", "Other knee stays bent, foot flat"),
        ("knee_to_chest", "Hold behind one knee with both hands"),
        ("knee_to_chest", "Tummy tight, spine on the floor"),
        ("knee_to_chest", "other knee bent, with that foot flat"),
        ("piriformis_stretch", "towards your other shoulder"),
        ("piriformis_stretch", "Keep your back flat, do not twist"),
        ("piriformis_stretch", "other knee bent, with that foot flat"),
        ("prone_quadriceps_stretch", "face down"),
        ("prone_quadriceps_stretch", "pull that heel towards your buttock"),
        ("calf_stretch", "Keep that leg straight"),
        ("calf_stretch", "Point the back foot forward. Keep its heel down"),
        ("calf_stretch", "Bend your front knee a little and lean to the wall"),
        ("ta_contraction", "Draw your belly button in towards your spine"),
        ("bridging", "knees bent, feet flat, hip-width apart"),
        ("bridging", "shoulders, hips and knees make a straight line"),
        ("bridging", "Keep your shoulders on the floor"),
        ("bridging", "Rest a few seconds after a lift, 1 minute after a set"),
        ("gluteal_squeeze", "Lie on your back with both knees bent"),
        ("ta_march", "Keep it drawn in"),
        ("wall_squat", "back pressed against a wall"),
        ("wall_squat", "30-60 cm (1-2 feet) from the wall"),
        ("wall_squat", "as wide apart as your shoulders"),
        ("wall_squat", "about half-way"),
        ("wall_squat", "Keep your knees from going past your toes"),
        ("walking", "you can talk, but not sing"),
        ("stationary_cycling", "you can talk, but not sing"),
    ],
)
def test_steps_say_the_fact(key: str, phrase: str) -> None:
    """The positions that the seeds and the safe readings give are in the steps."""
    steps = " ".join(WORDS["exercises"][key]["steps"])

    assert phrase in steps


@pytest.mark.parametrize(("part", "kind", "most"), [("benefits", "benefit", 90), ("rules", "rule", 140)])
def test_sentences_fit_their_list(part: str, kind: str, most: int) -> None:
    """Every benefit and rule of the seeds has one short text, and there is no other."""
    lengths = {key: 0 < len(text) <= most for key, text in WORDS[part].items()}

    assert lengths == {item["id"]: True for item in LISTS[kind]}


def test_names_are_whole() -> None:
    """Every activity, position, group and piece of equipment that the data use has a name."""
    used = {
        "activities": {item["id"] for item in LISTS["strengthening_activity"]},
        "positions": {exercise["position"] for exercise in EXERCISES.values()},
        "groups": {item["group"] for item in LISTS["group"]},
        "equipment": {item for exercise in EXERCISES.values() for item in exercise["equipment_any_of"]},
    }

    assert {part: keys - set(WORDS[part]) for part, keys in used.items()} == {part: set() for part in used}


def test_words_are_plain() -> None:
    """People read "physiotherapist" and plain words, never these."""
    text = (CATALOGUE / "text" / "en.toml").read_text(encoding="utf-8").lower()
    found = [
        word for word in ("clinician", "patient", "supine position", "abdominals", " reps", "todo") if word in text
    ]

    assert found == []
