"""Texts are read forgivingly where the meaning is sure, and refused with a remedy where it is not."""

from __future__ import annotations

import re
from datetime import date, time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planmaker import fields, parsers
from planmaker.errors import Problem
from planmaker.fields import FIELDS
from planmaker.request import Request, canonical_id

if TYPE_CHECKING:
    from planmaker.workshop import Workshop

DEVICES = ("con", "NUL.pdf", "Com1", "lpt9.x")
APRIL = date(2027, 4, 3)


THINGS = "band, belt, chair, elliptical, exercise_bike, pool, rope, sheet, shoes, stool, towel, wall"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("profile", "Stretch only", "stretch-only"),
        ("profile", "STRETCH_ONLY", "stretch-only"),
        ("profile", "  full ", "full"),
        ("weeks", "6.0", 6),
        ("weeks", "06", 6),
        ("am", "8:00 AM", time(8)),
        ("am", "8.30", time(8, 30)),
        ("am", "12 am", time(0)),
        ("pm", "7 p.m.", time(19)),
        ("pm", "19:00:00", time(19)),
        ("pm", "12:15pm", time(12, 15)),
        ("aerobic_at", "None", None),
        ("start", "2027-04-03", APRIL),
        ("start", "2027-4-3", APRIL),
        ("start", "2027/04/03", APRIL),
        ("start", "2027-04-03 00:00:00", APRIL),
        ("start", "3 April 2027", APRIL),
        ("start", "3rd Apr 2027", APRIL),
        ("start", "3-Apr-2027", APRIL),
        ("start", "April 3, 2027", APRIL),
        ("start", "Apr 3rd 2027", APRIL),
        ("start", "3.4.2027", APRIL),
        ("start", "13/4/2027", date(2027, 4, 13)),
        ("start", "4/13/2027", date(2027, 4, 13)),
        ("start", "4/4/2027", date(2027, 4, 4)),
        ("timezone", "europe/berlin", "Europe/Berlin"),
        ("timezone", "America/New York", "America/New_York"),
        ("minutes", "none", None),
        ("exclude", "wall_squat; Bridging|wall squat", ("bridging", "wall_squat")),
        ("exclude", "none", ()),
        ("equipment", "Towel, exercise-bike", ("exercise_bike", "towel")),
        ("equipment", "none", ()),
        ("paper", "Letter", "letter"),
        ("reminder", "none", None),
        ("name", "Zoë   O'Neill", "Zoë O'Neill"),
        ("name", "Zoe\u0308", "Zoë"),
        ("id", "00123", "00123"),
    ],
)
def test_forgiving(name: str, text: str, value: Any, workshop: Workshop) -> None:  # noqa: ANN401 - each field has its own type
    """Spaces, capitals, dashes and the usual ways to write a time or a date do not matter."""
    request = fields.read({"profile": "full", name: text}, workshop.choices)

    assert isinstance(request, Request)
    assert getattr(request, name) == value


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("profile", "ful", "expected one of full, strengthening, stretch-only; did you mean full?"),
        ("weeks", "27", "expected a whole number from 1 to 26"),
        ("weeks", "0", "expected a whole number from 1 to 26"),
        ("weeks", "-1", "expected a whole number from 1 to 26"),
        ("weeks", "6.5", "expected a whole number from 1 to 26"),
        ("per_day", "3", "expected a whole number from 1 to 2"),
        ("am", "8", "expected a time such as 08:00 or 7:30 PM"),
        ("am", "24:00", "expected a time such as 08:00 or 7:30 PM"),
        ("am", "13:00 pm", "expected a time such as 08:00 or 7:30 PM"),
        ("start", "3/4/2027", "could be 3 April or 4 March; type 2027-04-03 or 2027-03-04"),
        ("start", "3-4-2027", "could be 3 April or 4 March; type 2027-04-03 or 2027-03-04"),
        ("start", "30/2/2027", "expected a date such as 2027-04-03; there is no such day"),
        ("start", "2027-02-29", "expected a date such as 2027-04-03; there is no such day"),
        ("start", "46447", "expected a date, not a spreadsheet's number of one; if 2027-03-01 is meant, type that"),
        ("start", "3/4/27", "expected a date such as 2027-04-03"),
        ("start", "9999-12-27", "expected a year from 2000 to 2100"),
        ("timezone", "Berlin", "expected a time zone such as Europe/Berlin; did you mean Europe/Berlin?"),
        ("timezone", "Europe/Lodnon", "expected a time zone such as Europe/Berlin; did you mean Europe/London?"),
        ("paper", "A3", "expected one of a4, letter"),
        (
            "equipment",
            "trampoline",
            f"expected one of {THINGS}",
        ),
        ("name", "x" * 121, "expected at most 120 characters"),
        ("name", "x" * 201, "expected at most 200 characters"),
        ("name", "a\x07b", "expected printable text; it holds an invisible or unassigned character"),
    ],
)
def test_refused(name: str, text: str, what: str, workshop: Workshop) -> None:
    """What cannot be read is refused, saying what was expected, and the nearest choice if there is one."""
    problems = fields.read({"profile": "full", name: text}, workshop.choices)

    assert problems == (Problem(where=name, what=what, value=text),)


@pytest.mark.parametrize(
    "text",
    ["../x", "a/b", "a\\b", ".hidden", "-rf", "a b", "a.", "", "\u202egnp", "ä", "a:b", "a" * 65, *DEVICES],
)
def test_unsafe_ids(text: str) -> None:
    """An id that is not safe as a file name on every system is refused."""
    with pytest.raises(ValueError, match="starting with a letter or digit"):
        parsers.identifier(text)


def test_all_problems(workshop: Workshop) -> None:
    """Every problem is reported, not only the first, and options are called as they are typed."""
    problems = fields.read({"weeks": "0", "per_day": "9"}, workshop.choices, option_names=True)

    assert not isinstance(problems, Request)
    assert [problem.where for problem in problems] == ["--profile", "--weeks", "--per-day"]


def test_defaults(workshop: Workshop) -> None:
    """A default that the table promises is the one a request has."""
    promised = {field.name: field.default for field in FIELDS if re.match(r"\d|none", field.default)}

    assert fields.read({"profile": "full", **promised}, workshop.choices) == Request(profile="full")


def test_table_is_the_request() -> None:
    """Every wish of a request has its field, and every field its wish."""
    assert {field.name for field in FIELDS} == set(Request.__dataclass_fields__)


def usual(field: fields.Field, workshop: Workshop) -> str:
    """Return what a field says of a text that is nothing to any field, or nothing if it takes that too."""
    try:
        field.value("\N{SNOWMAN}", workshop.choices)
    except ValueError as error:
        return str(error).casefold()
    return "\0"


@given(st.sampled_from([field for field in FIELDS if field.name not in {"name", "start"}]), st.text(max_size=30))
@example(next(field for field in FIELDS if field.name == "reminder"), "NUMB")
def test_never_another_error(workshop: Workshop, field: fields.Field, text: str) -> None:
    """Whatever is typed, a parser returns a value or says what was expected, without repeating the text."""
    try:
        field.value(text, workshop.choices)
    except ValueError as error:
        message = str(error)
        assert re.match("expected|not known|could be", message)
        assert len(text.strip()) < 4 or text.casefold() not in message.casefold().replace(usual(field, workshop), "")


def test_id_of_a_request() -> None:
    """The id made from a request changes with every wish, and not with the id."""
    request = Request(profile="full")

    assert canonical_id(request) == canonical_id(Request(profile="full", id="x"))
    assert canonical_id(request) != canonical_id(Request(profile="full", name="x"))
    assert re.fullmatch("[0-9a-f]{8}", canonical_id(request))
