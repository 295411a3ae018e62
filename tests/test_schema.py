"""The published schema of plan.json says what plans are, and no more than that."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from composing import PROFILES, catalogue, requests
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from test_explain import planned

from planmaker.compose import compose
from planmaker.errors import InputError
from planmaker.plan import FORMAT, plan_from_json, plan_to_json
from planmaker.plan_schema import plan_schema, plan_schema_text
from planmaker.programme import Programme
from planmaker.request import Request

if TYPE_CHECKING:
    from conftest import Run

PUBLISHED = Path(__file__).parents[1] / "docs" / "plan.schema.json"
OLD = Path(__file__).parent / "data" / "plan-1.json"
VALIDATOR = Draft202012Validator(plan_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
PRESCRIPTION = ("programme", "weeks", 0, "sessions", 0, "prescriptions", 0)


def plain(request: Request) -> dict[str, Any]:
    """Return what a plan file of a request holds."""
    programme = compose(request, catalogue())
    assert isinstance(programme, Programme)
    fields: dict[str, Any] = json.loads(plan_to_json(planned(programme, request)))
    return fields


def test_published() -> None:
    """The published file is what the code generates (planmaker schema > docs/plan.schema.json)."""
    assert PUBLISHED.read_text(encoding="utf-8") == plan_schema_text()


def test_schema_is_one() -> None:
    """The schema is sound by its own dialect, and names the format that plans have."""
    Draft202012Validator.check_schema(plan_schema())

    assert plan_schema()["properties"]["format"] == {"const": FORMAT}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("per_day", [1, 2])
def test_plans_are_valid(profile: str, per_day: int) -> None:
    """A plan of every profile, with conditions, is valid."""
    request = Request(profile=profile, per_day=per_day, avoid=("knee-pain", "not-prone"), start=date(2027, 1, 4))

    assert list(VALIDATOR.iter_errors(plain(request))) == []


@given(st.data())
@settings(deadline=None, max_examples=20)
def test_any_plan_is_valid(data: st.DataObject) -> None:
    """Whatever is wished, the plan is valid, and reading it gives it back."""
    request = data.draw(requests())
    programme = compose(request, catalogue())
    if not isinstance(programme, Programme):
        return

    text = plan_to_json(planned(programme, request))

    assert VALIDATOR.is_valid(json.loads(text))
    assert plan_to_json(plan_from_json(text)) == text


def test_written_as_json_dumps_does() -> None:
    """What several plans share is written once, and the text is that of json.dumps all the same."""
    programme = compose(Request(profile="full"), catalogue())
    assert isinstance(programme, Programme)
    for start in (date(2027, 1, 4), date(2027, 2, 1)):
        text = plan_to_json(planned(programme, Request(profile="full", name='Zoë "Q"', start=start)))

        assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "planmaker-plan/2"),
        (("revision",), 0),
        (("revision",), "1"),
        (("seal",), 5),
        (("issued",), 5),
        (("person", "id"), "../A1"),
        (("person", "phone"), "123"),
        (("schedule", "am"), "8 o'clock"),
        (("schedule", "start"), "4 January"),
        (("schedule", "turns"), [{"week": 0, "day": 0, "later": 1, "am": "08:00", "pm": None, "aerobic_at": None}]),
        (("schedule", "stop"), "soon"),
        (("feed",), {"token": "../x", "url": ""}),
        (("calendar", "uids"), -1),
        (("calendar", "series", 0, "sequence"), -1),
        (("calendar", "series", 0, "days"), [0, 9]),
        (("schedule", "reminder_minutes"), "ten"),
        (("programme", "weeks"), []),
        (("programme", "per_day"), 3),
        ((*PRESCRIPTION, "days"), [0, 7]),
        ((*PRESCRIPTION, "days"), [1, 1]),
        ((*PRESCRIPTION, "group"), "juggling"),
        ((*PRESCRIPTION, "dose"), {"repetitions": 0}),
        ((*PRESCRIPTION, "dose"), {"repetitions": 5, "brisk_minutes": 5}),
        (("programme", "weeks", 0, "sessions", 0, "minutes"), [5, 5, 5]),
    ],
)
def test_mutated_plan_fails(place: tuple[str | int, ...], value: object) -> None:
    """A plan with a wrong value, a key too many or a number out of range is not valid."""
    fields = plain(Request(profile="full", weeks=2, start=date(2027, 1, 4)))
    mutated = copy.deepcopy(fields)
    target: Any = mutated
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] = value

    assert VALIDATOR.is_valid(fields)
    assert not VALIDATOR.is_valid(mutated)


@pytest.mark.parametrize("key", ["person", "programme", "schedule", "issued", "revision", "catalogue", "format"])
def test_missing_key_fails(key: str) -> None:
    """A plan that lacks a key it always had is neither valid nor read."""
    fields = json.loads(OLD.read_text(encoding="utf-8"))
    del fields[key]

    assert not VALIDATOR.is_valid(fields)
    with pytest.raises(InputError):
        plan_from_json(json.dumps(fields))


def test_older_plan_is_read() -> None:
    """A file from before conditions, forms and regions is valid and read, with their defaults."""
    text = OLD.read_text(encoding="utf-8")

    plan = plan_from_json(text)

    assert not {"variant", "choices", "level", "avoid", "cleared_by", "region", "pictured"} & set(text.split('"'))
    assert VALIDATOR.is_valid(json.loads(text))
    assert (plan.region, plan.person.cleared_by) == ("", "")
    assert (plan.programme.level, plan.programme.avoid, plan.programme.choices) == ("standard", (), ())
    assert {item.variant for week in plan.programme.weeks for item in week.prescriptions()} == {""}


def test_older_plan_works(run: Run) -> None:
    """A file from before conditions can be checked, explained, rendered and adjusted."""
    assert run("check", OLD).code == 0
    assert run("explain", OLD).code == 0
    assert run("render", OLD, "--format", "ics", "--out", "new").code == 0
    assert run("adjust", OLD, "--week", "2", "--step", "stay", "--format", "json", "--out", "new").code == 0


def test_verb(run: Run) -> None:
    """Schema prints the schema that is published."""
    outcome = run("schema")

    assert outcome.code == 0
    assert json.loads(outcome.out) == plan_schema()
