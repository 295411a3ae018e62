"""Say what each file of a catalogue may hold: keys, types, ranges and words, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planmaker.condition import Action
from planmaker.exercise import Group, Kind, Position, Sides
from planmaker.programme import Slot
from planmaker.schema import Choice, Many, Named, Record, Rule, Scalar, pattern, text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SOURCE", "rule_for"]


def _sourced(rule: Rule) -> Rule:
    return Record({"value": rule, "sources": SOURCES}, {"note": text(200)}, expected="a table with value and sources")


TRUTH = Scalar("true or false", lambda value: isinstance(value, bool))
IDENTIFIER = pattern("small letters, digits and underscores, such as side_step", r"[a-z][a-z0-9_]{0,39}")
DASHED = pattern("small letters, digits and hyphens, such as knee-pain", r"[a-z][a-z0-9-]{0,39}")
SOURCES = Many(pattern("the id of a source, such as X27", r"[A-Za-z0-9_-]{1,20}"), least=1)
POSITION = Choice(tuple(Position))
GROUP = Choice(tuple(Group))
DAYS = Many(whole(1, 7), least=1, most=7)
THINGS = Many(IDENTIFIER)
STATUS = Choice(("AGREE", "DIFFER", "ONLY-000", "ONLY-003", "NONE"))

SETS = {"sets": whole(1, 10), "repetitions": whole(1, 50), "hold_seconds": whole(0, 120)}
BRISK = {"brisk_minutes": whole(1, 60)}
OFTEN = {"times_a_day": whole(1, 2), "days_a_week": whole(1, 7)}
FULL = {key: _sourced(rule) for key, rule in {**SETS, **OFTEN}.items()}
FULL_AEROBIC = {key: _sourced(rule) for key, rule in {**BRISK, "easy_minutes": whole(1, 15), **OFTEN}.items()}
STEP = {"sources": SOURCES}
STEP_ALLOWED = {"not_before_week": whole(1, 26)}
TIMING = {key: _sourced(whole(0, 600)) for key in ("pause_seconds", "rest_seconds", "before_seconds")}
TAG = Choice(("yes", "mild", "risk"))
TAGS = ("flex", "ext", "rot", "hip90", "mid", "bal", "iso", "knee", "neck", "nerve", "shoulder", "wrist")
VARIANT = Record(
    {"id": IDENTIFIER, "kind": Choice(("easier", "harder", "safer")), "sources": SOURCES},
    {
        "position": POSITION,
        "equipment_any_of": THINGS,
        "max_hold_seconds": whole(1, 120),
        "easy_pace": TRUTH,
        "serves": Many(IDENTIFIER, least=1),
        "raises_dose": TRUTH,
        "pictured": TRUTH,
    },
)
FACT = Record({"attribute": text(60), "status": STATUS}, {"S0": text(300), "S3": text(300), "difference": text(4)})


def _exercise(full: Mapping[str, Rule], step: Mapping[str, Rule]) -> Rule:
    return Record(
        {
            "id": IDENTIFIER,
            "order": whole(1, 99),
            "group": GROUP,
            "kind": Choice(tuple(Kind)),
            "seeds": Many(Choice(("S0", "S3"))),
            "position": POSITION,
            "sides": Choice(tuple(Sides)),
            "equipment_any_of": THINGS,
            "muscles": Many(IDENTIFIER, least=1),
            "bends_spine": TRUTH,
            "priority": whole(1, 99),
            "full": Record(full),
            "ramp": Many(Record({**step, **STEP}, STEP_ALLOWED), least=1, most=26, once=False),
        },
        {
            "good_for": Many(DASHED),
            "timing": Record({}, TIMING),
            "tags": Record({}, dict.fromkeys(TAGS, TAG)),
            "variants": Many(VARIANT),
            "facts": Many(FACT, once=False),
        },
    )


EXERCISE = _exercise(FULL, SETS)
AEROBIC = _exercise(FULL_AEROBIC, BRISK)

PROFILE = Record(
    {
        "id": DASHED,
        "first_week": whole(1, 20),
        "new_each_week": whole(1, 20),
        "aerobic": THINGS,
        "exercise": Many(
            Record({"id": IDENTIFIER, "slots": Many(Choice((Slot.MORNING, Slot.EVENING)), least=1, most=2)}), once=False
        ),
    },
    {"once_a_day": Named(DAYS, GROUP)},
)

CONDITION = Record(
    {
        "id": DASHED,
        "needs_clearance": TRUTH,
        "sources": SOURCES,
        "cells": Named(
            Record(
                {"action": Choice(tuple(action.name.lower() for action in Action)), "because": IDENTIFIER}
                | {"sources": SOURCES},
                {"variant": IDENTIFIER},
            ),
            IDENTIFIER,
        ),
    },
    {"contrary": Many(SOURCES.of), "off_floor": TRUTH},
)

LEVEL = Record(
    {
        "first_week": _sourced(whole(1, 20)),
        "new_each_week": _sourced(whole(1, 20)),
        "weeks_a_step": _sourced(whole(1, 26)),
        "once_a_day_weeks": _sourced(whole(0, 26)),
    }
)
COMPOSING = Record(
    {
        "levels": Record({"standard": LEVEL, "gentle": LEVEL}),
        "load": Record({"days": DAYS, "times_a_day": whole(1, 2), "sources": SOURCES}),
        "aerobic": Many(Record({"from_week": whole(1, 26), "days": DAYS, "sources": SOURCES}), least=1),
        "seconds": Record(
            {key: _sourced(whole(0, 1800)) for key in ("each_exercise", "floor", "warm_up", "warm_up_before_load")}
        ),
        "harder": Record({"weeks_at_full": _sourced(whole(1, 26))}),
        "equipment": Record({"always": THINGS, "household": THINGS}),
    }
)

SOURCE = Record(
    {
        "id": SOURCES.of,
        "title": text(70),
        "tier": Choice(("A", "B", "C", "D", "seed", "J")),
        "copy": TRUTH,
        "address": text(300, empty=True),
    }
)

NUMBER = pattern("a number to call, such as 112", r"[0-9]{2,6}")
EMERGENCY = Record({"default": NUMBER, "countries": Named(NUMBER, pattern("two capital letters", "[A-Z]{2}"))})

SEED_TEXT = text(300)
SEED_ID = pattern("an id such as SR1", "[A-Z]{1,2}[0-9]{1,2}")
FROM_SEEDS = {"seeds": Many(Choice(("S0", "S3")), least=1)}
SAID = {"S0": SEED_TEXT, "S3": SEED_TEXT}
SEEDS = Record(
    {
        "benefit": Many(Record({"id": SEED_ID, "fact": SEED_TEXT, **FROM_SEEDS}), least=1),
        "group": Many(
            Record({"id": SEED_ID, "group": GROUP, "meaning": SEED_TEXT, **FROM_SEEDS}, {"note": SEED_TEXT}), least=1
        ),
        "rule": Many(
            Record(
                {"id": SEED_ID, "what": SEED_TEXT, "status": STATUS, "reading": SEED_TEXT},
                {**SAID, "difference": SEED_ID},
            ),
            least=1,
        ),
        "strengthening_activity": Many(Record({"id": IDENTIFIER, "source": Choice(("S0", "S3"))})),
        "difference": Many(
            Record({"id": SEED_ID, "item": SEED_TEXT, "reading": SEED_TEXT, "sources": SOURCES}, SAID), least=1
        ),
    }
)

SHORT_WORDS = {"name": 22, "setting": 40, "breathing": 70, "feel": 60, "mistake": 75, "easier": 75, "stop_if": 90}
STEPS = Many(text(70), least=3, most=6)
EXERCISE_WORDS = Record(
    {
        **{key: text(most) for key, most in SHORT_WORDS.items()},
        "seed_name": text(40, empty=True),
        "steps": STEPS,
        "limb": text(10, empty=True),
        "picture": text(300),
    }
)
VARIANT_WORDS = Record({"name": text(26), "change": text(90)}, {"steps": STEPS})
PICTURE = pattern("a picture's name such as bridging.bed", r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
AEROBIC_WORDS = Record({"group": text(30), "noun": text(40), "label": text(20)})
TEXT = Record(
    {
        "exercises": Named(EXERCISE_WORDS, IDENTIFIER),
        "groups": Named(Record({"name": text(30), "meaning": text(90)}), GROUP),
        "benefits": Named(text(90), SEED_ID),
        "rules": Named(text(140), SEED_ID),
        "activities": Named(text(30), IDENTIFIER),
        "equipment": Named(text(30), IDENTIFIER),
        "positions": Named(text(30), POSITION),
        "harder": Named(text(75, empty=True), IDENTIFIER),
        "variants": Named(Named(VARIANT_WORDS, IDENTIFIER), IDENTIFIER),
        "conditions": Named(Record({"name": text(40), "advice": text(140)}), DASHED),
        "reasons": Named(text(60), IDENTIFIER),
    },
    {
        "aerobic": Named(AEROBIC_WORDS, IDENTIFIER),
        "profiles": Named(text(40), DASHED),
        "pictures": Named(text(300), PICTURE),
        "transfer": Record({"name": text(40), "steps": Many(text(45), least=4, most=4), "up": text(120)}),
    },
)

_FOLDERS: Mapping[str, Rule] = {"profiles": PROFILE, "conditions": CONDITION, "text": TEXT}
_FILES: Mapping[str, Rule] = {
    "composing.toml": COMPOSING,
    "sources.toml": Record({"source": Many(SOURCE, least=1, most=2000)}),
    "seeds.toml": SEEDS,
    "emergency.toml": EMERGENCY,
}


def rule_for(name: str, data: Mapping[str, Any]) -> Rule | None:
    """Return the rule for a file of a catalogue, None if a catalogue has no such file.

    An exercise's doses are those of its group.
    """
    folder, slash, rest = name.partition("/")
    if not slash:
        return _FILES.get(name)
    if "/" in rest or not rest.endswith(".toml"):
        return None
    if folder == "exercises":
        return AEROBIC if data.get("group") == Group.AEROBIC else EXERCISE
    return _FOLDERS.get(folder)
