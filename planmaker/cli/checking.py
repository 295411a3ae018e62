"""Check a roster, a plan or a catalogue without making anything; render an edited plan again."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmaker import console, fields, formats
from planmaker.assign import assign
from planmaker.batch import roster, run
from planmaker.ceilings import check_programme, refreshed
from planmaker.cli import flags, making
from planmaker.compose import compose
from planmaker.errors import ExitCode, InputError, Problem
from planmaker.plan import Plan, plan_from_json
from planmaker.request import Request
from planmaker.resources import catalogue_dir

if TYPE_CHECKING:
    from planmaker.formats import Workshop
    from planmaker.programme import Programme

__all__ = ["VERBS"]

DAYS = 7


@click.command()
@click.argument("path", metavar="[ROSTER.csv|PLAN.json|FOLDER]", type=click.Path(path_type=Path), required=False)
@flags.when_options
@click.option("--show-values", is_flag=True, help="Repeat what was found in a bad cell.")
def check(*, path: Path | None, issued: str | None, allow_past: bool, show_values: bool) -> int:
    """Check a roster, a plan or a catalogue.

    Writes nothing. Without an argument the program's own catalogue is checked.
    """
    if path is None or path.is_dir():
        return _check_catalogue(path or catalogue_dir())
    if path.suffix.casefold() == ".json":
        _read_plan(path, formats.open_workshop())
        console.say(f"{path.name}: a plan within its sources")
        return ExitCode.DONE
    order = flags.order(endings="json", issued=issued, allow_past=allow_past, timezone=None)
    return making.work_through(roster.read(path), run.Job(order=order, out=None), 1, show_values=show_values)


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@flags.field_options(*(field.name for field in fields.FIELDS if field.name != "paper"))
@flags.output_options
@click.option("--stem", metavar="TEXT", help="Name of the files, without ending.  [default: the id]")
def render(*, path: Path, paper: str | None, endings: str, out: Path, stem: str | None) -> int:
    """Render an edited plan again.

    A plan with a dose above its source is refused.
    """
    checked_stem = flags.checked_stem(stem)
    wanted = flags.formats_wanted(endings)
    workshop = formats.open_workshop()
    plan = _read_plan(path, workshop)
    request = fields.read(
        {"profile": plan.programme.profile, "paper": paper or ""}, workshop.choices, option_names=True
    )
    if not isinstance(request, Request):
        return making.misused(request)
    made = formats.Made(plan=plan, files=workshop.files(plan, request.paper, wanted))
    return making.hand_over(made, out, checked_stem, workshop)


def _read_plan(path: Path, workshop: Workshop) -> Plan:
    """Read a plan and check it; raise InputError that lists every fault."""
    try:
        plan = plan_from_json(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path.name}: cannot be read as text; expected a plan in JSON"
        raise InputError(msg) from error
    except InputError as error:
        msg = f"{path.name}: {error}"
        raise InputError(msg) from error
    problems = _plan_problems(plan, workshop)
    if problems:
        raise InputError("\n".join(problem.at(path.name).text() for problem in problems))
    return dataclasses.replace(plan, programme=refreshed(plan.programme, workshop.catalogue))


def _plan_problems(plan: Plan, workshop: Workshop) -> tuple[Problem, ...]:
    """Find what an edited plan says that no request could have asked for."""
    problems = _shape(plan.programme)
    if problems:
        return problems
    request = fields.read(_as_texts(plan), workshop.choices)
    if not isinstance(request, Request):
        return (*request, *check_programme(plan.programme, workshop.catalogue))
    again = assign(plan.programme, request, issued=plan.issued, catalogue=plan.catalogue, allow_past=True)
    if isinstance(again, Problem):
        problems = (again,)
    elif again.schedule != plan.schedule:
        problems = (Problem(where="schedule", what="pm and aerobic_at do not fit the sessions of the programme"),)
    return (*problems, *check_programme(plan.programme, workshop.catalogue))


def _shape(programme: Programme) -> tuple[Problem, ...]:
    """Find weeks and sessions that no grid or calendar could be drawn from."""
    problems: list[Problem] = []
    if [week.number for week in programme.weeks] != list(range(1, len(programme.weeks) + 1)):
        problems.append(Problem(where="weeks", what="expected numbers from 1 in order"))
    for week in programme.weeks:
        slots = [session.slot for session in week.sessions]
        if len(set(slots)) != len(slots) or not slots:
            problems.append(Problem(where=f"week {week.number}", what="expected each session once"))
        for session in week.sessions:
            where = f"week {week.number}, {session.slot}"
            if len(session.minutes) != DAYS or any(minutes < 0 for minutes in session.minutes):
                problems.append(Problem(where=where, what="expected the minutes of seven days"))
            if not session.prescriptions:
                problems.append(Problem(where=where, what="expected an exercise"))
    return tuple(problems)


def _as_texts(plan: Plan) -> dict[str, str]:
    """Write what a plan says as a roster would, so that the same parsers check it."""
    schedule = plan.schedule
    clocks = {"am": schedule.am, "pm": schedule.pm, "aerobic_at": schedule.aerobic_at}
    return {
        "id": plan.person.id,
        "profile": plan.programme.profile,
        "name": plan.person.name,
        "weeks": str(len(plan.programme.weeks)),
        "start": schedule.start.isoformat(),
        **{name: f"{clock:%H:%M}" for name, clock in clocks.items() if clock is not None},
        **({} if schedule.aerobic_at else {"aerobic_at": "none"}),
        "timezone": schedule.timezone,
        "per_day": str(plan.programme.per_day),
        "language": plan.language,
        "reminder": "none" if schedule.reminder_minutes is None else str(schedule.reminder_minutes),
    }


def _check_catalogue(folder: Path) -> int:
    """Load a catalogue and compose six weeks of each of its profiles."""
    workshop = formats.open_workshop(folder)
    problems = [
        problem.at(os.fspath(folder)).text()
        for name in workshop.catalogue.profiles
        for problem in _profile(name, workshop)
    ]
    if problems:
        raise InputError("\n".join(problems))
    catalogue = workshop.catalogue
    console.say(f"{folder}: {len(catalogue.exercises)} exercises and {len(catalogue.profiles)} profiles, all sound")
    return ExitCode.DONE


def _profile(name: str, workshop: Workshop) -> tuple[Problem, ...]:
    profile = workshop.catalogue.profiles[name]
    used = (*(place.exercise for place in profile.places), *profile.aerobic)
    unknown = [item for item in used if item not in workshop.catalogue.exercises]
    if unknown:
        return tuple(Problem(where=f"profile {name}", what=f"{item} is not an exercise") for item in unknown)
    programme = compose(Request(profile=name), workshop.catalogue)
    if isinstance(programme, Problem):
        return (programme.at(f"profile {name}"),)
    return check_programme(programme, workshop.catalogue)


VERBS = (check, render)
