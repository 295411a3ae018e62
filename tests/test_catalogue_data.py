"""Hold doses, tags, variants and conditions against tables transcribed from the clinical facts."""

from __future__ import annotations

import csv
import re
import tomllib
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUE = Path(__file__).parents[1] / "catalogue"
DATA = Path(__file__).parent / "data"
DOSE = ("sets", "repetitions", "hold_seconds", "brisk_minutes")
POSITIONS = {"standing", "sitting", "supine", "prone", "side", "quad", "kneeling", "water"}
FLOOR = {"supine", "prone", "side", "quad", "kneeling"}
CONDITIONS = [
    "disc-bending",
    "sciatica",
    "stenosis",
    "spondylolisthesis",
    "osteoporosis",
    "broken-vertebra",
    "pregnancy",
    "pregnancy-16",
    "spine-surgery",
    "hip-surgery",
    "knee-pain",
    "shoulder-pain",
    "wrist-pain",
    "poor-balance",
    "no-floor",
    "not-flat",
    "not-prone",
    "high-blood-pressure",
    "heart-disease",
]

# How the words of the table of tags are graded. Only what is not graded here stands for itself.
GRADES = {
    "yes (mild; double = strong)": "mild",
    "yes (small, loaded)": "yes",
    "yes (external rotation)": "yes",
    "mild (leaning)": "mild",
    "(straight leg)": "mild",
    "about 90": "mild",
    "to about 90": "mild",
    "upright": "mild",
    "leaning: yes": "yes",
    "must not": "risk",
    "if rounded": "risk",
    "risk if arching": "risk",
    "risk if sagging": "risk",
    "risk at top": "risk",
    "hyper-ext back leg": "risk",
}

# The tags that a condition removes (clinical facts, 5.3; strictest reading).
REMOVED = {
    "disc-bending": {"flex"},
    "sciatica": {"nerve"},
    "stenosis": {"ext"},
    "spondylolisthesis": {"ext"},
    "osteoporosis": {"flex", "rot"},
    "broken-vertebra": {"flex", "ext", "rot"},
    "spine-surgery": {"flex", "ext", "rot"},
    "hip-surgery": {"hip90", "mid"},
    "knee-pain": {"knee"},
    "shoulder-pain": {"shoulder"},
    "wrist-pain": {"wrist"},
    "poor-balance": {"bal"},
    "high-blood-pressure": {"iso"},
    "heart-disease": {"iso"},
}

# A "yes" tag leaves out. These few stay, changed, since the clinical facts name the form that is safe.
NAMED = {
    ("disc-bending", "cat_camel"): "part 4: without the rounded half",
    ("osteoporosis", "knee_rolls"): "5.1: slow, short of the end",
    ("knee-pain", "prone_quadriceps_stretch"): "5.3: the full bend only",
    ("knee-pain", "cat_camel"): "5.1: a sitting form exists",
    ("knee-pain", "hip_flexor_stretch"): "part 4: standing form",
    ("knee-pain", "bird_dog"): "5.1: cushion when kneeling",
    ("wrist-pain", "cat_camel"): "5.3: use fists",
    ("wrist-pain", "bird_dog"): "5.3: use forearms",
    ("poor-balance", "calf_stretch"): "part 4: with support",
    ("poor-balance", "standing_back_bend"): "5.1: seated",
    ("poor-balance", "hip_flexor_stretch"): "5.3: not without a chair",
    ("poor-balance", "bird_dog"): "5.3: only what stands; nothing is lifted",
    ("poor-balance", "heel_raise"): "part 4: with support",
    ("poor-balance", "walking"): "part 4: good for all; 5.3: with support",
    ("high-blood-pressure", "gluteal_squeeze"): "REFERENCE rule 9: at most 5 seconds",
    ("high-blood-pressure", "wall_squat"): "REFERENCE rule 9: at most 5 seconds",
    ("heart-disease", "gluteal_squeeze"): "REFERENCE rule 9: at most 5 seconds",
    ("heart-disease", "wall_squat"): "REFERENCE rule 9: at most 5 seconds",
}

# What the clinical facts say suits a condition in 5.1, beside what part 4 says.
ALSO_GOOD = {("disc-bending", "standing_back_bend"), ("spondylolisthesis", "ta_contraction")}

# The positions that a condition rules out, and the variants that are safe in one all the same.
RULED_OUT = {
    "broken-vertebra": ({"prone"}, set()),
    "pregnancy": ({"prone"}, set()),
    "pregnancy-16": ({"prone", "supine"}, set()),
    "spine-surgery": ({"prone"}, set()),
    "knee-pain": ({"quad", "kneeling"}, {"cushion"}),
    "wrist-pain": ({"quad"}, {"fists", "forearms", "arms_back"}),
    "no-floor": (FLOOR, {"bed"}),
    "not-flat": ({"supine"}, set()),
    "not-prone": ({"prone"}, set()),
}

# Forms that do what another condition forbids; they must never come to be used together.
CLASH = {
    ("disc-bending", "cat_camel", "round_up"),
    ("disc-bending", "cat_camel", "chair"),
    ("knee-pain", "piriformis_stretch", "sitting"),
    ("knee-pain", "piriformis_stretch", "no_pull"),
    ("knee-pain", "bird_dog", "toe_down"),
    ("knee-pain", "prone_quadriceps_stretch", "standing"),
    ("poor-balance", "bird_dog", "one_limb"),
    ("poor-balance", "hip_flexor_stretch", "standing"),
    ("poor-balance", "prone_quadriceps_stretch", "standing"),
    ("spondylolisthesis", "cat_camel", "chair"),
    ("spondylolisthesis", "cat_camel", "flat_down"),
    ("stenosis", "cat_camel", "chair"),
    ("stenosis", "cat_camel", "flat_down"),
    ("wrist-pain", "bird_dog", "toe_down"),
    ("wrist-pain", "front_plank", "worktop"),
}

# The words that say in which position somebody is, and those that a form in a position may use.
STANCES = {
    "lie": r"\b(lie|lying)\b",
    "back": r"\bon your back\b",
    "prone": r"\bface down\b",
    "side": r"\bon your side\b",
    "kneel": r"\b(kneel|kneeling|hands and knees)\b",
    "sit": r"\bsit\b",
    "stand": r"\bstand(ing)?\b",
    "water": r"\bwater\b",
    "floor": r"\b(floor|mat)\b",
    "bed": r"\bbed\b",
}
STANCE = {
    "supine": {"lie", "back"},
    "prone": {"lie", "prone"},
    "side": {"lie", "side"},
    "quad": {"kneel"},
    "kneeling": {"kneel"},
    "sitting": {"sit"},
    "standing": {"stand"},
    "water": {"water"},
}

# What a form leaves out of the exercise's movement, so that its steps must not ask for it.
UNASKED = [
    ("supine_hamstring_stretch", "low", "as straight as feels easy"),
    ("knee_to_chest", "one_knee", "both knees"),
    ("piriformis_stretch", "no_pull", "Gently pull"),
    ("piriformis_stretch", "sitting", "Gently pull"),
    ("piriformis_stretch", "not_crossed", "Rest one ankle"),
    ("prone_quadriceps_stretch", "standing", "belt"),
    ("pelvic_tilt", "flatten_only", "hollow"),
    ("pelvic_tilt", "small", "hollow"),
    ("cat_camel", "round_up", "dip"),
    ("cat_camel", "flat_down", "Slowly round"),
    ("cat_camel", "fists", "hands and knees"),
    ("childs_pose", "arms_back", "hands"),
    ("prone_press_up", "lying", "Press up"),
    ("bridging", "low", "Stop when shoulders"),
    ("ta_march", "heel_slides", "lift one foot"),
    ("wall_squat", "shallow", "half-way"),
    ("bird_dog", "one_limb", "lift the other arm too"),
    ("bird_dog", "toe_down", "Slowly lift"),
    ("bird_dog", "forearms", "other arm"),
    ("dead_bug", "heel_taps", "Slowly lift"),
    ("side_plank", "wall", "Lift your hips"),
    ("front_plank", "worktop", "Lift your hips"),
    ("water_walking", "rail", "chest-high"),
    ("water_walking", "healed", "chest-high"),
]


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def folder(name: str) -> dict[str, dict[str, Any]]:
    """Return every data file of a folder by its name."""
    paths = sorted((CATALOGUE / name).glob("*.toml"), key=lambda path: path.stem)
    return {path.stem: read(path) for path in paths}


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


EXERCISES = folder("exercises")
MATRIX = folder("conditions")
WORDS = read(CATALOGUE / "text" / "en.toml")
COMPOSING = read(CATALOGUE / "composing.toml")
SOURCES = {source["id"] for source in read(CATALOGUE / "sources.toml")["source"]}
NUMBERS = table("clinical_catalogue.csv")
USED = [row for row in NUMBERS if row["use"] != "no"]
TAGS = {row["exercise"]: row for row in table("clinical_tags.csv")}
CELLS = [(name, key, cell) for name, condition in MATRIX.items() for key, cell in condition["cells"].items()]

each_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
each_condition = pytest.mark.parametrize("name", MATRIX)
each_number = pytest.mark.parametrize(
    "row", USED, ids=[f"{row['exercise']}-{row['dose']}-{row['field']}" for row in USED]
)
TOGETHER = {  # forms that make the changes of others too
    (key, form["id"]): form["serves"]
    for key, exercise in EXERCISES.items()
    for form in exercise["variants"]
    if "serves" in form
}
CHANGED = sorted({(key, cell["variant"]) for _, key, cell in CELLS if "variant" in cell} | set(TOGETHER))

each_changed = pytest.mark.parametrize(
    ("key", "variant"), CHANGED, ids=[f"{key}-{variant}" for key, variant in CHANGED]
)
each_cell = pytest.mark.parametrize(("name", "key", "cell"), CELLS, ids=[f"{name}-{key}" for name, key, _ in CELLS])


def cited(data: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a data file
    """Yield every source id that a data file names, wherever it stands."""
    if isinstance(data, list):
        for item in data:
            yield from cited(item)
    if isinstance(data, dict):
        for key, item in data.items():
            if key in ("sources", "contrary", "seeds"):
                yield from item
            else:
                yield from cited(item)


def variants(key: str) -> dict[str, dict[str, Any]]:
    """Return the variants of an exercise by their ids."""
    return {variant["id"]: variant for variant in EXERCISES[key]["variants"]}


def number(row: dict[str, str]) -> tuple[int, list[str]]:
    """Return the catalogue's number for a row of the table, and its sources."""
    exercise, field = EXERCISES[row["exercise"]], row["field"]
    full, first = exercise["full"], exercise["ramp"][0]
    if row["dose"] == "start" and field == "days_a_week":
        rule = COMPOSING["aerobic"][0]
        return len(rule["days"]), row["sources"].split()  # a rule of composing, with sources of its own
    if field == "way_seconds":
        pause = exercise["timing"]["pause_seconds"]
        return pause["value"] // 2, pause["sources"]
    if field == "minutes":
        brisk = first["brisk_minutes"] if row["dose"] == "start" else full["brisk_minutes"]["value"]
        return brisk + 2 * full["easy_minutes"]["value"], first["sources"]
    if row["dose"] == "start" and field in first:
        return first[field], first["sources"]
    item = {**full, **exercise.get("timing", {})}[field]
    return item["value"], item["sources"]


def form(key: str, cell: dict[str, Any]) -> dict[str, Any]:
    """Return an exercise in the form that a cell asks for."""
    return {**EXERCISES[key], **variants(key).get(cell.get("variant", ""), {"id": ""})}


# Doses


def test_table_of_doses_is_whole() -> None:
    """The table has the start and the full dose of 29 exercises, and the catalogue has no other."""
    doses = sorted({(row["exercise"], row["dose"]) for row in USED})

    assert doses == [(key, dose) for key in EXERCISES for dose in ("full", "start")]
    assert len(EXERCISES) == 29


@pytest.mark.parametrize("row", NUMBERS, ids=lambda row: "-".join(list(row.values())[:3]) + f"-{row['sources']}")
def test_table_says_why(row: dict[str, str]) -> None:
    """A number of the table is used as it stands, or read as another, or not used; then the table says why."""
    filled = {key for key in ("low", "high", "reading", "why") if row[key]}
    allowed = {
        "yes": [{"low", "high"}],
        "read": [{"low", "high", "reading", "why"}, {"reading", "why"}],
        "no": [{"low", "high", "why"}],
    }

    assert filled in allowed[row["use"]]
    assert set(row["sources"].split()) <= SOURCES


@each_number
def test_dose_is_the_sources_dose(row: dict[str, str]) -> None:
    """A number of a start or full dose is the table's, or within its range."""
    value, _ = number(row)
    low, high = (row["reading"], row["reading"]) if row["reading"] else (row["low"], row["high"])

    assert int(low) <= value <= int(high)


@each_number
def test_dose_names_its_source(row: dict[str, str]) -> None:
    """A number of a start or full dose names a source that the table gives for it."""
    _, sources = number(row)

    assert set(sources) & set(row["sources"].split())


@each_exercise
def test_every_dose_is_in_the_table(exercise: dict[str, Any]) -> None:
    """No start or full dose has a number that the table lacks: a first set, no hold and easy minutes apart."""
    full = {key: item["value"] for key, item in exercise["full"].items()}
    given = {(row["dose"], row["field"]) for row in USED if row["exercise"] == exercise["id"]}
    given |= {(dose, "brisk_minutes") for dose, field in given if field == "minutes"}
    missing = [
        (dose, key)
        for dose, numbers in (("start", exercise["ramp"][0]), ("full", full))
        for key in DOSE
        if numbers.get(key, 0) > (key == "sets") and (dose, key) not in given
    ]

    assert missing == []


@each_exercise
def test_ramp_climbs_to_full(exercise: dict[str, Any]) -> None:
    """No number of a ramp ever goes down, every step raises one, and the last step is the full dose."""
    steps = [{key: step[key] for key in DOSE if key in step} for step in exercise["ramp"]]
    falls = [(a, b) for a, b in pairwise(steps) if a == b or any(b[key] < a[key] for key in a)]

    assert falls == []
    assert steps[-1] == {key: item["value"] for key, item in exercise["full"].items() if key in DOSE}


@pytest.mark.parametrize("key", [key for key, exercise in EXERCISES.items() if not exercise["seeds"]])
def test_added_ramp_changes_one_thing(key: str) -> None:
    """A step of an added exercise raises one number only."""
    steps = [{name: step[name] for name in DOSE if name in step} for step in EXERCISES[key]["ramp"]]
    raised = [sum(after[name] > before[name] for name in after) for before, after in pairwise(steps)]

    assert set(raised) == {1}


@each_exercise
def test_everything_has_a_source(exercise: dict[str, Any]) -> None:
    """Every number, step and variant names a source, and every source is in the list."""
    items = [*exercise["full"].values(), *exercise.get("timing", {}).values()]
    items += [*exercise["ramp"], *exercise["variants"]]

    assert all(item["sources"] for item in items)
    assert set(cited(exercise)) <= SOURCES


# Order, suitability


@pytest.mark.parametrize("group", ["stretch", "strengthening", "aerobic"])
def test_priorities_are_an_order(group: str) -> None:
    """The priorities of a group count from 1, the seeds' exercises first."""
    ranked = sorted((item["priority"], not item["seeds"]) for item in EXERCISES.values() if item["group"] == group)

    assert [rank for rank, _ in ranked] == list(range(1, len(ranked) + 1))
    assert [added for _, added in ranked] == sorted(added for _, added in ranked)


@pytest.mark.parametrize("group", ["stretch", "strengthening"])
def test_seeds_keep_the_order_of_introduction(group: str) -> None:
    """The seeds' exercises have the order in which the full programme introduces them."""
    introduced = [item["id"] for item in read(CATALOGUE / "profiles" / "full.toml")["exercise"]]
    wanted = [key for key in introduced if EXERCISES[key]["group"] == group]

    assert sorted(wanted, key=lambda key: EXERCISES[key]["priority"]) == wanted


@each_exercise
def test_good_choice_is_not_left_out(exercise: dict[str, Any]) -> None:
    """What is a good choice for a condition is used with it: as it is, and then "good", or changed."""
    cells = {name: MATRIX[name]["cells"][exercise["id"]] for name in exercise["good_for"]}
    wrong = [name for name, cell in cells.items() if cell["because"] == "none" or cell["action"] == "leave_out"]

    assert wrong == []


# Tags


def graded(text: str) -> str:
    return GRADES.get(text, text)


@each_exercise
def test_tags_are_the_tables(exercise: dict[str, Any]) -> None:
    """An exercise has the movement tags of the table, graded yes, mild or risk, and no other."""
    row = TAGS[exercise["id"]]
    tags = {key: graded(row[key]) for key in ("flex", "ext", "rot", "hip90", "mid") if row[key]}
    other = {"wrist in hand form": {"wrist": "risk"}}
    tags |= other.get(row["other"], {key: "yes" for key in row["other"].split(", ") if key})

    assert exercise["tags"] == tags
    assert set(tags.values()) <= {"yes", "mild", "risk"}


@each_exercise
def test_position_is_the_tables(exercise: dict[str, Any]) -> None:
    """An exercise starts in the position of the table of tags."""
    names = {"stand": "standing", "sit": "sitting", "kneel": "kneeling"}
    first = TAGS[exercise["id"]]["pos"].split("/")[0]

    assert exercise["position"] == names.get(first, first)
    assert exercise["position"] in POSITIONS


@each_exercise
def test_bending_is_marked_as_tagged(exercise: dict[str, Any]) -> None:
    """What bends the spine by its tag is kept out of the first half hour; a seated or small bend is not."""
    small = {"pelvic_tilt", "seated_hamstring_stretch", "stationary_cycling"}

    assert exercise["bends_spine"] == ("flex" in exercise["tags"] and exercise["id"] not in small)


# Variants


@each_exercise
def test_variants_are_well_formed(exercise: dict[str, Any]) -> None:
    """A variant has an id of its own, a kind, a known position, and limits a hold only to shorten it."""
    forms = exercise["variants"]
    faults = [
        form["id"]
        for form in forms
        if form["kind"] not in ("easier", "harder", "safer")
        or form.get("position", "standing") not in POSITIONS
        or form.get("max_hold_seconds", 0) >= max(exercise["full"].get("hold_seconds", {"value": 0})["value"], 1)
    ]

    assert faults == []
    assert len(variants(exercise["id"])) == len(forms)


@each_exercise
def test_there_is_an_easier_and_a_harder_form(exercise: dict[str, Any]) -> None:
    """Every exercise has an easier form; two have no harder one (the squeeze goes on to the bridge)."""
    kinds = {form["kind"] for form in exercise["variants"]}

    assert "easier" in kinds
    assert ("harder" in kinds) == (exercise["id"] not in ("standing_back_bend", "gluteal_squeeze"))


# Conditions


def test_conditions_are_whole() -> None:
    """There is a file for each of the nineteen conditions, under its own id, and no other."""
    assert sorted(CONDITIONS) == list(MATRIX)
    assert [condition["id"] for condition in MATRIX.values()] == list(MATRIX)


@each_condition
def test_condition_has_every_exercise(name: str) -> None:
    """A condition has a cell for each exercise, and no other."""
    assert sorted(MATRIX[name]["cells"]) == list(EXERCISES)


@each_condition
def test_condition_has_sources(name: str) -> None:
    """A condition and each of its cells name sources in the list; none stands on both sides."""
    condition = MATRIX[name]

    assert all(item["sources"] for item in (condition, *condition["cells"].values()))
    assert set(cited(condition)) <= SOURCES
    assert not set(condition["sources"]) & set(condition["contrary"])


def test_clearance_is_asked_for() -> None:
    """After operations on back or hip, with a broken bone or heart disease, somebody has to say yes first."""
    asked = {name for name, condition in MATRIX.items() if condition["needs_clearance"]}

    assert asked == {"broken-vertebra", "heart-disease", "hip-surgery", "spine-surgery"}


@each_cell
def test_cell_is_well_formed(name: str, key: str, cell: dict[str, Any]) -> None:
    """A cell has an action; a change names a variant that is no harder; only what is fine needs no reason."""
    keys = {"action", "because", "sources"} | ({"variant"} if cell["action"] == "change" else set())
    kind = variants(key).get(cell.get("variant", ""), {"kind": "missing"})["kind"]

    assert cell["action"] in ("fine", "change", "leave_out"), name
    assert set(cell) == keys
    assert (cell["action"] != "change") or kind in ("easier", "safer")
    assert (cell["action"] == "fine") == (cell["because"] in ("none", "good"))
    assert cell["because"] in WORDS["reasons"]


@each_cell
def test_nothing_forbidden_is_fine(name: str, key: str, cell: dict[str, Any]) -> None:
    """What has a tag that the condition removes is fine only where it is mild and named a good choice."""
    removed = {EXERCISES[key]["tags"].get(tag, "") for tag in REMOVED.get(name, ())} - {""}
    excused = "yes" not in removed and cell["because"] == "good"

    assert not removed or cell["action"] != "fine" or excused


@each_cell
def test_what_is_forbidden_outright_is_left_out(name: str, key: str, cell: dict[str, Any]) -> None:
    """A "yes" tag that the condition removes leaves out, except where the facts name the safe form."""
    outright = any(EXERCISES[key]["tags"].get(tag) == "yes" for tag in REMOVED.get(name, ()))

    assert not outright or cell["action"] == "leave_out" or (name, key) in NAMED


@pytest.mark.parametrize(("name", "key"), NAMED)
def test_exceptions_are_needed(name: str, key: str) -> None:
    """What is named an exception has a "yes" tag that the condition removes, and is changed."""
    outright = any(EXERCISES[key]["tags"].get(tag) == "yes" for tag in REMOVED[name])

    assert (outright, MATRIX[name]["cells"][key]["action"]) == (True, "change")


@each_cell
def test_good_is_named_in_the_facts(name: str, key: str, cell: dict[str, Any]) -> None:
    """What is "good" for a condition is named a good choice for it."""
    named = name in EXERCISES[key]["good_for"] or (name, key) in ALSO_GOOD

    assert cell["because"] != "good" or named


@each_cell
def test_position_is_allowed(name: str, key: str, cell: dict[str, Any]) -> None:
    """Nothing that is kept is done in a position that the condition rules out."""
    positions, safe = RULED_OUT.get(name, (set(), set()))
    kept = form(key, cell)

    assert cell["action"] == "leave_out" or kept["position"] not in positions or kept["id"] in safe


def together(first: str, second: str, key: str) -> str | None:
    """Return the variant ("" for none) in which two conditions keep an exercise; None if they leave it out."""
    cells = [MATRIX[name]["cells"][key] for name in (first, second)]
    changes = {cell["variant"] for cell in cells if cell["action"] == "change"}
    if len(changes) > 1 or any(cell["action"] == "leave_out" for cell in cells):
        return None
    return changes.pop() if changes else ""


@pytest.mark.parametrize(("first", "second"), list(combinations(CONDITIONS, 2)))
def test_two_conditions_do_not_clash(first: str, second: str) -> None:
    """With two conditions, the form that one asks for is never one that the other rules out."""
    kept = {key: variant for key in EXERCISES if (variant := together(first, second, key)) is not None}
    clashes = [
        (name, key, variant)
        for key, variant in kept.items()
        for name in (first, second)
        if (name, key, variant) in CLASH
        or (
            form(key, {"variant": variant})["position"] in RULED_OUT.get(name, (set(),))[0]
            and variant not in RULED_OUT[name][1]
        )
    ]

    assert clashes == []


@pytest.mark.parametrize(("first", "second"), list(combinations(CONDITIONS, 2)))
def test_two_conditions_leave_something(first: str, second: str) -> None:
    """Two conditions together leave at least one exercise to stretch with, one to grow strong and one aerobic."""
    kept = {EXERCISES[key]["group"] for key in EXERCISES if together(first, second, key) is not None}

    assert kept == {"stretch", "strengthening", "aerobic"}


@pytest.mark.parametrize("name", ["heart-disease", "high-blood-pressure"])
def test_holds_are_short_under_load(name: str) -> None:
    """With high blood pressure or heart disease no strengthening is held for more than 5 seconds."""
    held = [
        key
        for key, cell in MATRIX[name]["cells"].items()
        if cell["action"] != "leave_out" and EXERCISES[key]["group"] == "strengthening"
        if min(EXERCISES[key]["full"]["hold_seconds"]["value"], form(key, cell).get("max_hold_seconds", 99)) > 5
    ]

    assert held == []


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("sciatica", ["seated_hamstring_stretch", "supine_hamstring_stretch"]),
        ("high-blood-pressure", ["front_plank", "side_plank"]),
        ("pregnancy", ["curl_up", "front_plank", "prone_press_up"]),
        ("osteoporosis", ["cat_camel", "childs_pose", "curl_up"]),
        ("stenosis", ["prone_press_up", "standing_back_bend"]),
        ("hip-surgery", ["clamshell", "hip_flexor_stretch", "knee_to_chest", "piriformis_stretch", "wall_squat"]),
        ("spine-surgery", ["curl_up", "knee_rolls", "knee_to_chest", "prone_press_up", "seated_hamstring_stretch"]),
        ("knee-pain", ["childs_pose", "wall_squat"]),
        ("shoulder-pain", ["front_plank", "side_plank"]),
    ],
)
def test_what_the_facts_rule_out_is_left_out(name: str, keys: list[str]) -> None:
    """The exercises that the clinical facts rule out for a condition by name are left out."""
    kept = [key for key in keys if MATRIX[name]["cells"][key]["action"] != "leave_out"]

    assert kept == []


@each_condition
def test_something_is_left(name: str) -> None:
    """No condition leaves out a whole group: there is always something to stretch with, grow strong and move."""
    kept = {EXERCISES[key]["group"] for key, cell in MATRIX[name]["cells"].items() if cell["action"] != "leave_out"}

    assert kept == {"stretch", "strengthening", "aerobic"}


# Words


@each_exercise
def test_variants_have_words(exercise: dict[str, Any]) -> None:
    """Every variant has a name of at most 26 characters and a change of at most 90, and no words are left over."""
    words = WORDS["variants"][exercise["id"]]
    long = [key for key, text in words.items() if not (0 < len(text["name"]) <= 26 and 0 < len(text["change"]) <= 90)]

    assert sorted(words) == sorted(variants(exercise["id"]))
    assert long == []


@each_changed
def test_changed_form_has_steps(key: str, variant: str) -> None:
    """Every form that a condition asks for has 3 to 6 steps of at most 70 characters and 12 words, all its own."""
    steps = WORDS["variants"][key][variant].get("steps", [])
    faulty = [step for step in steps if len(step) > 70 or len(step.split()) > 12 or step[-1] != "." or "  " in step]

    assert (3 <= len(steps) <= 6, faulty) == (True, [])
    assert len(set(steps)) == len(steps)


@each_changed
def test_changed_form_keeps_its_position(key: str, variant: str) -> None:
    """The steps of a form never say a position that it is not in; the first says its own, but for aerobic forms."""
    steps = WORDS["variants"][key][variant]["steps"]
    position = form(key, {"variant": variant})["position"]
    surface = {"bed"} if variant.startswith("bed") else {"floor"} if position not in ("standing", "water") else set()
    wrong = [
        step
        for name, pattern in STANCES.items()
        for step in steps
        if name not in STANCE[position] | surface and re.search(pattern, step, re.IGNORECASE)
    ]

    assert wrong == []
    told = all(re.search(STANCES[name], steps[0], re.IGNORECASE) for name in STANCE[position] | (surface & {"bed"}))
    assert told or EXERCISES[key]["group"] == "aerobic"


@each_changed
def test_changed_form_tells_its_sides(key: str, variant: str) -> None:
    """The last step of a form says in which order the legs or sides come, in the words of the exercise."""
    last = WORDS["exercises"][key]["steps"][-1]
    sides = re.search(r"(Do all (on|with) one .+, then the other|Swap (legs|sides) each time)\.", last)

    assert (sides is None) == (EXERCISES[key]["sides"] == "both")
    assert sides is None or sides[0] in WORDS["variants"][key][variant]["steps"][-1]


@each_changed
def test_changed_form_keeps_its_limits(key: str, variant: str) -> None:
    """A form that limits the hold says so in its steps, and one at an easy pace never asks for a brisk one."""
    data, steps = variants(key)[variant], " ".join(WORDS["variants"][key][variant]["steps"])
    limit = data.get("max_hold_seconds")

    assert limit is None or f"Hold for {limit} seconds at most" in steps
    assert not data.get("easy_pace") or ("easy pace" in steps and "brisk" not in steps.lower())


LEFT_OUT = set(UNASKED) | {
    (key, form, phrase)
    for (key, form), made in TOGETHER.items()
    for name, variant, phrase in UNASKED
    if name == key and variant in made
}


@pytest.mark.parametrize(("key", "variant", "phrase"), sorted(LEFT_OUT))
def test_changed_form_leaves_out(key: str, variant: str, phrase: str) -> None:
    """The steps of a form do not ask for the movement that it leaves out."""
    steps = " ".join(WORDS["variants"][key][variant]["steps"])

    assert phrase not in steps


def test_harder_has_words() -> None:
    """Every exercise says in at most 75 characters how to make it harder, save the one that has no harder form."""
    lengths = {key: len(text) for key, text in WORDS["harder"].items()}

    assert sorted(lengths) == list(EXERCISES)
    assert max(lengths.values()) <= 75
    assert [key for key, length in lengths.items() if not length] == ["standing_back_bend"]


@each_condition
def test_condition_has_words(name: str) -> None:
    """A condition has a name of at most 40 characters and advice in one or two sentences of at most 140."""
    words = WORDS["conditions"][name]

    assert 0 < len(words["name"]) <= 40
    assert 0 < len(words["advice"]) <= 140
    assert 1 <= words["advice"].count(".") <= 2


def test_no_words_are_left_over() -> None:
    """There are words for the conditions and reasons that are used, and for two changes of one exercise."""
    used = {cell["because"] for _, _, cell in CELLS} | {"two_changes"}

    assert sorted(WORDS["conditions"]) == list(MATRIX)
    assert set(WORDS["variants"]) == set(EXERCISES)
    assert set(WORDS["reasons"]) == used


@each_exercise
def test_picture_shows_only_forms_in_its_position(exercise: dict[str, Any]) -> None:
    """A form that the exercise's own picture shows too is in the exercise's position, on the same things."""
    shown = [form for form in exercise["variants"] if form.get("pictured")]

    assert [form["id"] for form in shown if form.get("position", exercise["position"]) != exercise["position"]] == []


@pytest.mark.parametrize("key", WORDS["reasons"])
def test_reason_completes_a_sentence(key: str) -> None:
    """A reason is a short clause that can follow "because"."""
    text = WORDS["reasons"][key]

    assert 0 < len(text) <= 60
    assert (text[0].islower(), text[-1].isalpha()) == (True, True)


def test_names_are_whole() -> None:
    """Every position and piece of equipment of a variant has a name."""
    forms = [form for exercise in EXERCISES.values() for form in exercise["variants"]]

    assert {form["position"] for form in forms if "position" in form} <= set(WORDS["positions"])
    assert {item for form in forms for item in form.get("equipment_any_of", ())} <= set(WORDS["equipment"])
