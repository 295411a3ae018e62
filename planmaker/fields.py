"""Define each field of a request once: its name, how it is typed, what it means.

The table serves the options of the command line, the columns of a roster, the sample
roster and the README.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from planmaker import parsers
from planmaker.errors import Problem
from planmaker.look import BOXES, PAPERS
from planmaker.request import Request

__all__ = ["FIELDS", "Choices", "Field", "faults", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the catalogue offers: the words some fields may hold."""

    profiles: tuple[str, ...]
    exercises: tuple[str, ...]
    equipment: tuple[str, ...]
    languages: tuple[str, ...]
    conditions: tuple[str, ...]
    levels: tuple[str, ...]


_HEALTH = frozenset({"avoid"})  # fields of which the nearest word too says what ails somebody
Parser = Callable[[str, Choices], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: ``parse`` returns its value, or raises ValueError saying what was expected.

    ``samples`` are its cells in the two rows of the sample roster; ``personal``: it belongs to one
    person alone, so that no clinic gives it a value for all.
    """

    name: str
    parse: Parser
    form: str
    help: str
    default: str = ""
    samples: tuple[str, str] = ("", "")
    personal: bool = False

    @property
    def option(self) -> str:
        """How the field is spelt on the command line."""
        return "--" + self.name.replace("_", "-")

    def value(self, text: str, choices: Choices) -> Any:  # noqa: ANN401 - each field has its own type
        """Return the value of a text; raise ValueError saying what was expected."""
        return self.parse(parsers.clean(text), choices)


def read(texts: Mapping[str, str], choices: Choices, *, option_names: bool = False) -> Request | tuple[Problem, ...]:
    """Read a request from its texts by field name; empty texts mean the default.

    Returns every problem found, not only the first. ``option_names`` says to call fields as
    the command line does (``--per-day``), not as a roster does (``per_day``).
    """
    values, problems = _values(texts, choices, option_names=option_names)
    if not texts.get("profile", "").strip():
        where = "--profile" if option_names else "profile"
        missing = Problem(where=where, what=f"missing; type one of {', '.join(choices.profiles)}")
        problems = (missing, *problems)
    if "start" in values and "finish" in values:
        where = "--finish" if option_names else "finish"
        problems = (*problems, Problem(where=where, what="start is given too; type one of the two"))
    return problems or Request(**values)


def faults(texts: Mapping[str, str], choices: Choices) -> tuple[Problem, ...]:
    """Return what is wrong with some options, where none of them is required."""
    return _values(texts, choices, option_names=True)[1]


def _values(
    texts: Mapping[str, str], choices: Choices, *, option_names: bool
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Parse every text that is not empty, and gather the values and the problems."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in FIELDS:
        text = texts.get(field.name, "").strip()
        if not text:
            continue
        try:
            values[field.name] = field.value(text, choices)
        except ValueError as error:
            where = field.option if option_names else field.name
            what, hint = str(error), ""
            if field.name in _HEALTH and isinstance(error, parsers.UnknownWordError):
                what, hint = error.what, error.hint
            problems.append(Problem(where=where, what=what, value=text, hint=hint))
    return values, tuple(problems)


def _alone(parse: Callable[[str], Any]) -> Parser:
    """Make a field's parser of one that does not depend on the catalogue."""
    return lambda text, _: parse(text)


def _or_none(parse: Parser) -> Parser:
    return lambda text, choices: None if text.casefold() == "none" else parse(text, choices)


def _or_empty(parse: Parser) -> Parser:
    return lambda text, choices: () if text.casefold() == "none" else parse(text, choices)


def _yes_no(name: str, help_text: str) -> Field:
    """Make a field that is off unless asked for; as an option it may stand without its yes."""
    return Field(
        name=name,
        parse=lambda text, _: parsers.one_of(text, ("yes", "no")) == "yes",
        form="yes|no",
        help=help_text,
        default="no",
    )


FIELDS: tuple[Field, ...] = (
    Field(
        name="id",
        parse=_alone(parsers.identifier),
        form="TEXT",
        help="Code of the plan, printed on every page and used in file names.",
        default="made from the request",
        samples=("A-1001", "A-1002"),
        personal=True,
    ),
    Field(
        name="profile",
        parse=lambda text, choices: parsers.one_of(text, choices.profiles),
        form="stretch-only|strengthening|full",
        help="Kind of programme.",
        samples=("full", "stretch-only"),
    ),
    Field(
        name="name",
        parse=_alone(parsers.name),
        form="TEXT",
        help="Name for the sheet and the plan file; never in file names, messages or the calendar.",
        samples=("Ana Ruiz", ""),
        personal=True,
    ),
    Field(
        name="weeks",
        parse=_alone(parsers.whole(1, 26)),
        form="1-26",
        help="Length in weeks.",
        default="6",
        samples=("6", "8"),
    ),
    Field(
        name="start",
        parse=_alone(parsers.day),
        form="YYYY-MM-DD",
        help="First day.",
        default="next Monday",
        personal=True,
    ),
    Field(
        name="finish",
        parse=_alone(parsers.day),
        form="YYYY-MM-DD",
        help="Last day, instead of the first.",
        personal=True,
    ),
    Field(
        name="am",
        parse=_alone(parsers.clock),
        form="HH:MM",
        help="Time of the first session.",
        default="08:00",
        samples=("08:00", ""),
    ),
    Field(
        name="pm",
        parse=_alone(parsers.clock),
        form="HH:MM",
        help="Time of the second session.",
        default="19:00",
        samples=("19:00", ""),
    ),
    Field(
        name="aerobic_at",
        parse=_or_none(_alone(parsers.clock)),
        form="HH:MM|none",
        help="Time of the walk; none: at no set time, so not in the calendar.",
        default="12:30",
        samples=("12:30", ""),
    ),
    Field(
        name="timezone",
        parse=_alone(parsers.timezone),
        form="AREA/CITY",
        help="Time zone of the person.",
        default="this computer's",
        samples=("Europe/London", "Europe/London"),
    ),
    Field(
        name="per_day",
        parse=_alone(parsers.whole(1, 2)),
        form="1|2",
        help="Sessions a day.",
        default="2",
        samples=("2", "1"),
    ),
    Field(
        name="max_exercises",
        parse=_alone(parsers.whole(1, 12)),
        form="1-12",
        help="Most exercises in a session.",
        default="5",
        samples=("5", ""),
    ),
    Field(
        name="minutes",
        parse=_or_none(_alone(parsers.whole(5, 120))),
        form="5-120|none",
        help="Longest session in minutes, without the walk.",
        default="none",
        samples=("", "20"),
    ),
    Field(
        name="level",
        parse=lambda text, choices: parsers.one_of(text, choices.levels),
        form="gentle|standard",
        help="How fast the programme grows.",
        default="standard",
        samples=("standard", "gentle"),
    ),
    _yes_no("harder", "Go on to a harder form after two weeks at the full dose."),
    Field(
        name="days_off",
        parse=_or_empty(_alone(parsers.weekdays)),
        form="DAYS|none",
        help="Days of the week without sessions, such as Sat, Sun.",
        default="none",
    ),
    Field(
        name="avoid",
        parse=_or_empty(lambda text, choices: parsers.some_of(text, choices.conditions)),
        form="LIST|none",
        help="Conditions to allow for (planmaker conditions lists them).",
        default="none",
        samples=("", "stenosis; no-floor"),
    ),
    Field(
        name="cleared_by",
        parse=_alone(parsers.name),
        form="TEXT",
        help="Who allowed exercise, after an operation or with a heart disease.",
        personal=True,
    ),
    Field(
        name="exclude",
        parse=_or_empty(lambda text, choices: parsers.some_of(text, choices.exercises)),
        form="ID,ID|none",
        help="Exercises to leave out (planmaker exercises lists the ids).",
        default="none",
        samples=("", "calf_stretch"),
    ),
    Field(
        name="include",
        parse=_or_empty(lambda text, choices: parsers.some_of(text, choices.exercises)),
        form="ID,ID|none",
        help="Exercises that must be in.",
        default="none",
    ),
    Field(
        name="equipment",
        parse=_or_empty(lambda text, choices: parsers.some_of(text, choices.equipment)),
        form="LIST|none",
        help="Things at hand beside a wall and shoes.",
        default="towel, rope, sheet, belt, chair",
    ),
    Field(
        name="paper",
        parse=lambda text, _: parsers.one_of(text, PAPERS),
        form="a4|letter",
        help="Size of the paper.",
        default="a4",
        samples=("a4", ""),
    ),
    _yes_no("large_print", "Print one and a half times as large, on more pages."),
    _yes_no("compact", "Print the tracking pages only, two weeks on a sheet of paper."),
    Field(
        name="boxes",
        parse=lambda text, _: parsers.one_of(text, BOXES),
        form="repetition|exercise",
        help="What has a box to tick: each hold or set, or each exercise once a session.",
        default="repetition",
    ),
    _yes_no("fillable", "Make boxes and lines that can be filled in on a screen."),
    _yes_no("even_pages", "Add a page for notes where two-sided printing needs one."),
    _yes_no("embed_plan", "Put the plan into the PDF, name and all, so that render can draw it again."),
    _yes_no("private", "Leave the name out of the sheet and the plan file: the code only."),
    Field(
        name="language",
        parse=lambda text, choices: parsers.one_of(text, choices.languages),
        form="en",
        help="Language of the sheet and the calendar.",
        default="en",
        samples=("en", ""),
    ),
    Field(
        name="region",
        parse=_alone(parsers.country),
        form="XX",
        help="Country whose emergency number is printed.",
        default="that of the time zone",
    ),
    Field(
        name="reminder",
        parse=_or_none(_alone(parsers.whole(0, 1440))),
        form="MINUTES|none",
        help="Minutes before a session at which the calendar reminds.",
        default="10",
        samples=("10", "none"),
    ),
    Field(
        name="calendar_url",
        parse=_alone(parsers.feed_url),
        form="URL",
        help="Address of the calendar for subscribing, with {token} in it (see planmaker calendar --publish).",
    ),
)
