"""Make one person's plan from options."""

from __future__ import annotations

import dataclasses
import re
from functools import partial
from typing import TYPE_CHECKING

import click

from planmaker import console, fields, formats, storage
from planmaker.again import lying
from planmaker.cli import flags, locking
from planmaker.errors import ExitCode, InputError, Problem, UsageError
from planmaker.fields import FIELDS, Choices
from planmaker.look import LOOK
from planmaker.programme import Slot
from planmaker.request import Request, look_of
from planmaker.schedule import weeks_left
from planmaker.workshop import Order, Workshop, open_workshop

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planmaker.clinic import Clinic
    from planmaker.look import Look
    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["hand_over", "look_for", "make", "misused"]

_ASKED = ("profile", "weeks", "start", "am", "pm")
_PAGE = re.compile(rb"/Type\s*/Page\b")


@click.command()
@flags.field_options()
@flags.run_options
@locking.password_options
@click.option("--stem", metavar="TEXT", help="Name of the files, without ending.  [default: the id]")
def make(  # noqa: PLR0913 - one a run option
    *,
    endings: str | None,
    out: Path,
    issued: str | None,
    allow_past: bool,
    stem: str | None,
    overlay: Path | None,
    only: str | None,
    config: Path | None,
    font_dir: Path | None,
    asked: bool,
    password_file: Path | None,
    split: bool,
    new_uids: bool,
    **options: str | None,
) -> int:
    """Make one person's plan.

    Writes a sheet to print (.pdf), a calendar (.ics) and the plan itself (.json).
    """
    checked_stem = flags.checked_stem(stem)
    order = flags.order(
        endings=endings,
        issued=issued,
        allow_past=allow_past,
        timezone=options["timezone"],
        only=only,
        split=split,
        new_uids=new_uids,
    )
    workshop = open_workshop(overlay=overlay, config=config, font_dir=font_dir)
    texts = flags.given(options)
    if not texts and console.answers():
        texts = _asked(workshop.choices, workshop.clinic)
    order = locking.locked(order, asked=asked, password_file=password_file)
    made = formats.make(texts, workshop, order, partial(_lying, out, checked_stem))
    if not isinstance(made, formats.Made):
        return misused(made)
    return hand_over(made, out, checked_stem, workshop, order)


def hand_over(made: formats.Made, out: Path, stem: str, workshop: Workshop, order: Order) -> int:
    """Write the files of a plan, print where they are, and say what they hold."""
    locking.keep(out, made.named(stem), order)
    for notice in locking.told(order) if order.password else ():
        console.say(notice)
    for problem in made.notices:
        console.say(problem.text())
    for path in storage.write(out, made.named(stem).items()):
        click.echo(path)
    console.say(_described(made, workshop.words[made.plan.language]))
    return ExitCode.DONE


def look_for(plan: Plan, workshop: Workshop, order: Order, options: Mapping[str, str | None]) -> Look:
    """Return how a plan that is there already is to be printed: by the options, else as it was made to be.

    An older file does not tell that: then the clinic's settings do.
    """
    given = flags.given(options)
    wishes = {name: text for name, text in workshop.clinic.defaults.items() if name in LOOK}
    texts = {"profile": plan.programme.profile, **wishes, **given}
    request = fields.read(texts, workshop.choices, option_names=True)
    if not isinstance(request, Request):
        raise UsageError("\n".join(problem.text() for problem in request))
    wanted = look_of(request, order.only)
    if plan.look is None:
        return wanted
    own = {name: getattr(wanted, name) for name in (*given, "only")}
    return dataclasses.replace(plan.look, **own)


def misused(problems: tuple[Problem, ...]) -> int:
    """Say what is wrong with the options, or with a clinic's settings."""
    for problem in problems:
        console.say(flags.as_options(problem).text())
    return ExitCode.INPUT if all(map(flags.in_file, problems)) else ExitCode.USAGE


def _asked(choices: Choices, clinic: Clinic) -> dict[str, str]:
    """Ask for what matters most and the clinic does not say, each answer again until it can be read."""

    def checked(field: fields.Field, text: str) -> str:
        try:
            if text.strip():
                field.value(text.strip(), choices)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        return text

    return {
        field.name: click.prompt(
            f"{field.help.removesuffix('.')} ({field.form})" + (f" [{field.default}]" if field.default else ""),
            default="" if field.default else None,
            show_default=False,
            value_proc=lambda text, field=field: checked(field, text),
            err=True,
        )
        for field in FIELDS
        if field.name in _ASKED and field.name not in clinic.defaults
    }


def _described(made: formats.Made, words: Words) -> str:
    """Say in a line what was made."""
    programme, schedule = made.plan.programme, made.plan.schedule
    left = weeks_left(programme, schedule)
    weeks = programme.weeks[:left]
    sessions = [session for week in weeks for session in week.sessions if session.slot is not Slot.AEROBIC]
    minutes = [minutes for session in sessions for minutes in session.minutes if minutes]
    pages = len(_PAGE.findall(b"".join(made.files.get("pdf", ()))))
    parts = [
        *([f"{left} {'week' if left == 1 else 'weeks'}"] if left else []),
        words.period(schedule.start, schedule.end(len(programme.weeks))),
        *([f"sessions of {words.minutes(min(minutes), max(minutes))}"] if minutes else []),
        *([f"{pages} pages"] if pages else []),
    ]
    return f"{made.plan.person.id}: {', '.join(parts)}"


def _lying(out: Path, stem: str, code: str) -> Plan | None:
    """Return the plan that lies where this one will; raise InputError for one that it cannot go on from."""
    path = out / f"{stem or code}.json"
    if not code or not path.is_file():
        return None
    try:
        return lying(path.read_bytes(), code)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except InputError as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from error
