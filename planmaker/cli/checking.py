"""Check a roster, a plan or a catalogue without making anything; render an edited plan again."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmaker import console, formats, roster
from planmaker.batch.work import Job
from planmaker.catalogue_check import check_folder
from planmaker.ceilings import check_programme
from planmaker.cli import batching, flags, locking, making, plans, rosters
from planmaker.compose import compose
from planmaker.errors import ExitCode, InputError, Problem
from planmaker.request import Request
from planmaker.resources import catalogue_dir, templates_dir
from planmaker.words import languages
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from planmaker.workshop import Workshop

__all__ = ["check", "layout", "render"]

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
        plans.read_plan(path, open_workshop(overlay=overlay))
        console.say(f"{path.name}: a plan within its sources")
        return ExitCode.DONE
    order = flags.order(endings=None, issued=issued, allow_past=allow_past, timezone=None)
    job = Job(order=dataclasses.replace(order, dry=True), place=None, overlay=overlay)
    with roster.opened(rosters.source(path), rosters.read_as(**form)) as book:
        return batching.work_through(book, job, 1, show_values=show_values)


@click.command()
@click.argument("path", metavar="PLAN.json|PLAN.pdf", type=click.Path(path_type=Path))
@flags.look_options
@flags.beside_options
@flags.catalogue_option
@flags.config_option
@flags.font_option
@locking.password_options
@click.option("--issued", metavar="TIMESTAMP", help="When it was edited.  [default: SOURCE_DATE_EPOCH, else now]")
@flags.calendar_options
@flags.url_option
def render(  # noqa: PLR0913 - one an option
    *,
    path: Path,
    endings: str | None,
    out: Path | None,
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

    An edited plan becomes the next version. A plan with a dose above its source is refused. The files go
    beside PLAN.json. A PDF made with --embed-plan is drawn again from the plan inside.
    """
    checked_stem = flags.checked_stem(stem)
    order = flags.order(
        endings=endings,
        issued=issued,
        allow_past=True,
        timezone="UTC",
        only=only,
        split=split,
        new_uids=new_uids,
    )
    workshop = open_workshop(overlay=overlay, config=config, font_dir=font_dir)
    order = locking.locked(order, asked=asked, password_file=password_file)
    source = plans.read_source(path, workshop, order.password)
    plan = source.version(order.issued, workshop)
    if calendar_url:
        plan = formats.with_feed(plan, flags.url(calendar_url))
    wanted = making.look_for(plan, workshop, order, look)
    made = formats.draw(plan, wanted, workshop, order, source.plan)
    return plans.hand_over(source, made, source.target(out, checked_stem), workshop, order)


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
    plan = plans.read_plan(path, workshop)
    wanted = making.look_for(plan, workshop, order, look)
    click.echo(workshop.layout(plan, wanted), nl=False)
    return ExitCode.DONE


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
