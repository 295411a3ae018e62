"""Check a roster, a plan or a catalogue without making anything; render an edited plan again."""

from __future__ import annotations

import dataclasses
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmaker import console, fields, formats, parsers, roster
from planmaker.assign import assign, clash
from planmaker.attachments import plan_in
from planmaker.batch.work import Job
from planmaker.catalogue_check import check_folder
from planmaker.ceilings import check_programme, refreshed
from planmaker.cli import batching, flags, locking, making, rosters
from planmaker.compose import compose
from planmaker.errors import ExitCode, InputError, Problem
from planmaker.ledger import ledger_faults, revised
from planmaker.moving import schedule_faults
from planmaker.plan import Plan, is_edited, plan_from_json
from planmaker.request import Request
from planmaker.resources import catalogue_dir, templates_dir
from planmaker.selection import refusal
from planmaker.shape import shape_problems
from planmaker.words import languages
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from planmaker.workshop import Workshop

__all__ = ["VERBS", "plan_problems", "read_plan"]

_PDF = b"%PDF-"


_PLANS = {".json", ".pdf"}


@click.command()
@click.argument("path", metavar="[ROSTER|PLAN.json|PLAN.pdf|FOLDER]", type=click.Path(path_type=Path), required=False)
@flags.when_options
@flags.catalogue_option
@rosters.reading_options
@click.option("--show-values", is_flag=True, help="Repeat what was found in a bad cell.")
def check(
    *,
    path: Path | None,
    issued: str | None,
    allow_past: bool,
    show_values: bool,
    overlay: Path | None,
    **form: str | None,
) -> int:
    """Check a roster, a plan or a catalogue.

    Writes nothing. A plan is its .json, or a PDF with the plan inside. A folder is checked as --catalogue
    would use it, or by itself if it is a whole catalogue. Without an argument the program's own catalogue
    is checked.
    """
    if path is None:
        return _check_overlay(overlay) if overlay else _check_whole(catalogue_dir())
    if path.is_dir():
        return _check_whole(path) if _is_whole(path) else _check_overlay(path)
    if path.suffix.casefold() in _PLANS:
        read_plan(path, open_workshop(overlay=overlay))
        console.say(f"{path.name}: a plan within its sources")
        return ExitCode.DONE
    order = flags.order(endings=None, issued=issued, allow_past=allow_past, timezone=None)
    job = Job(order=dataclasses.replace(order, dry=True), place=None, overlay=overlay)
    with roster.opened(rosters.source(path), rosters.read_as(**form)) as book:
        return batching.work_through(book, job, 1, show_values=show_values)


@click.command()
@click.argument("path", metavar="PLAN.json|PLAN.pdf", type=click.Path(path_type=Path))
@flags.look_options
@flags.output_options
@flags.catalogue_option
@flags.config_option
@flags.font_option
@locking.password_options
@click.option("--issued", metavar="TIMESTAMP", help="When it was edited.  [default: SOURCE_DATE_EPOCH, else now]")
@click.option("--stem", metavar="TEXT", help="Name of the files, without ending.  [default: the id]")
@flags.calendar_options
@flags.url_option
def render(  # noqa: PLR0913 - one an option
    *,
    path: Path,
    endings: str | None,
    out: Path,
    issued: str | None,
    stem: str | None,
    overlay: Path | None,
    only: str | None,
    config: Path | None,
    font_dir: Path | None,
    asked: bool,
    password_file: Path | None,
    split: bool,
    new_uids: bool,
    calendar_url: str | None,
    **look: str | None,
) -> int:
    """Render an edited plan again.

    An edited plan becomes the next version. A plan with a dose above its source is refused. A PDF made
    with --embed-plan is drawn again from the plan inside.
    """
    checked_stem = flags.checked_stem(stem)
    order = flags.order(endings=endings, issued=issued, allow_past=True, timezone="UTC", only=only)
    workshop = open_workshop(overlay=overlay, config=config, font_dir=font_dir)
    order = dataclasses.replace(order, split=split, new_uids=new_uids)
    order = locking.locked(order, asked=asked, password_file=password_file)
    plan = read_plan(path, workshop, edited_at=order.issued, password=order.password)
    if calendar_url:
        plan = formats.with_feed(plan, flags.url(calendar_url))
    wanted = making.look_for(plan, workshop, order, look)
    made = formats.draw(plan, wanted, workshop, order)
    return making.hand_over(made, out, checked_stem, workshop, order)


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@flags.look_options
@flags.catalogue_option
@flags.config_option
def layout(*, path: Path, overlay: Path | None, config: Path | None, only: str | None, **look: str | None) -> int:
    """Print where each box and line of a plan's sheet is, in millimetres.

    The options must be those the sheet was printed with.
    """
    order = flags.order(endings=None, issued=None, allow_past=True, timezone="UTC", only=only)
    workshop = open_workshop(overlay=overlay, config=config)
    plan = read_plan(path, workshop)
    wanted = making.look_for(plan, workshop, order, look)
    click.echo(workshop.layout(plan, wanted), nl=False)
    return ExitCode.DONE


def read_plan(path: Path, workshop: Workshop, edited_at: datetime | None = None, password: str = "") -> Plan:
    """Read a plan and check it; raise InputError that lists every fault.

    With ``edited_at``, a plan changed since it was written becomes the next version of that moment. ``password`` opens
    a PDF that the plan is in.
    """
    try:
        data = path.read_bytes()
        text = (plan_in(data, password) if data.startswith(_PDF) else data).decode("utf-8-sig")
        plan = plan_from_json(text)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path.name}: cannot be read as text; expected a plan in JSON"
        raise InputError(msg) from error
    except InputError as error:
        msg = f"{path.name}: {error}"
        raise InputError(msg) from error
    problems = plan_problems(plan, workshop)
    if problems:
        raise InputError("\n".join(problem.at(path.name).text() for problem in problems))
    plan = dataclasses.replace(plan, programme=refreshed(plan.programme, workshop.catalogue))
    if edited_at is None or not is_edited(text):
        return plan
    issued = edited_at.astimezone(UTC).replace(microsecond=0)
    edited = dataclasses.replace(plan, revision=plan.revision + 1, issued=issued)
    return revised(edited, plan.calendar, issued) if plan.calendar else edited


def plan_problems(plan: Plan, workshop: Workshop) -> tuple[Problem, ...]:
    """Find what an edited plan says that no request could have asked for."""
    problems = (
        *shape_problems(plan, workshop.catalogue),
        *schedule_faults(plan.schedule, len(plan.programme.weeks)),
        *ledger_faults(plan.calendar),
        *_feed_faults(plan),
    )
    if problems:
        return problems
    request = fields.read(_as_texts(plan), workshop.choices)
    if not isinstance(request, Request):
        return (*request, *check_programme(plan.programme, workshop.catalogue))
    kept = (
        ("id", request.id == plan.person.id != ""),
        ("language", request.language == plan.language),
        ("timezone", request.timezone == plan.schedule.timezone != ""),
    )
    unlike = tuple(Problem(where=name, what="expected it as planmaker writes it") for name, same in kept if not same)
    above = check_programme(plan.programme, workshop.catalogue)
    wishes = Request(profile=request.profile, avoid=plan.programme.avoid, cleared_by=plan.person.cleared_by)
    uncleared = () if above else refusal(wishes, workshop.catalogue)
    if unlike or above or uncleared:
        return (*unlike, *above, *((uncleared,) if uncleared else ()))
    programme = refreshed(plan.programme, workshop.catalogue)
    again = assign(programme, request, issued=plan.issued, catalogue=plan.catalogue, allow_past=True)
    turned = clash(programme, plan.schedule)
    if isinstance(again, Problem):
        problems = (again,)
    elif turned is not None:
        problems = (turned,)
    elif again.schedule != dataclasses.replace(plan.schedule, turns=(), stop=None):
        problems = (Problem(where="schedule", what="pm and aerobic_at do not fit the sessions of the programme"),)
    return problems


def _feed_faults(plan: Plan) -> tuple[Problem, ...]:
    if plan.feed is None:
        return ()
    try:
        sound = re.fullmatch(r"[0-9a-f]{32}", plan.feed.token) is not None
        if plan.feed.url:
            parsers.feed_url(plan.feed.url)
    except ValueError:
        sound = False
    what = "expected a token of 32 hexadecimal digits, and an address with {token} in it or none"
    return () if sound else (Problem(where="feed", what=what),)


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


def _is_whole(folder: Path) -> bool:
    """Tell a catalogue of its own from an overlay, which has no seeds; an empty folder is no overlay."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return not files or {"composing.toml", "seeds.toml"} <= files


def _check_whole(folder: Path) -> int:
    """Check a catalogue of its own: its files, and what composing makes of it."""
    problems = check_folder(folder, languages(templates_dir()))
    if problems:
        raise InputError("\n".join(problem.text() for problem in problems))
    return _composed(folder, open_workshop(folder))


def _check_overlay(folder: Path) -> int:
    """Check a clinic's folder as it lies over the program's own catalogue."""
    workshop = open_workshop(overlay=folder)
    for notice in workshop.notices:
        console.say(notice)
    return _composed(folder, workshop)


def _composed(folder: Path, workshop: Workshop) -> int:
    """Compose six weeks of each profile."""
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
    programme = compose(Request(profile=name), workshop.catalogue)
    if isinstance(programme, Problem):
        return (programme.at(f"profile {name}"),)
    return check_programme(programme, workshop.catalogue)


VERBS = (check, render, layout)
