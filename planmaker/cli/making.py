"""Make plans: one person's from options, a clinic's from a roster."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmaker import console, fields, formats
from planmaker.batch import report, roster, run
from planmaker.cli import flags
from planmaker.errors import ExitCode, Problem
from planmaker.fields import FIELDS, Choices
from planmaker.programme import Slot

if TYPE_CHECKING:
    from planmaker.words import Words

__all__ = ["VERBS", "hand_over", "misused", "work_through"]

_ASKED = ("profile", "weeks", "start", "am", "pm")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_MOST_PROCESSES = 61  # as many as Windows lets one program wait for


@click.command()
@flags.field_options()
@flags.run_options
@click.option("--stem", metavar="TEXT", help="Name of the files, without ending.  [default: the id]")
def make(  # noqa: PLR0913 - one a run option
    *,
    endings: str,
    out: Path,
    issued: str | None,
    allow_past: bool,
    stem: str | None,
    overlay: Path | None,
    only: str | None,
    **options: str | None,
) -> int:
    """Make one person's plan.

    Writes a sheet to print (.pdf), a calendar (.ics) and the plan itself (.json).
    """
    checked_stem = flags.checked_stem(stem)
    order = flags.order(endings=endings, issued=issued, allow_past=allow_past, timezone=options["timezone"], only=only)
    workshop = formats.open_workshop(overlay=overlay)
    texts = flags.given(options)
    if not texts and console.answers():
        texts = _asked(workshop.choices)
    made = formats.make(texts, workshop, order)
    if not isinstance(made, formats.Made):
        return misused(made)
    return hand_over(made, out, checked_stem, workshop)


@click.command()
@click.argument("file", metavar="ROSTER.csv", type=click.Path(path_type=Path), required=False)
@flags.field_options("id")
@flags.run_options
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes at work.  [default: one a core]")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@click.option("--show-values", is_flag=True, help="Repeat what was found in a bad cell.")
@click.option("--sample", is_flag=True, help="Print a roster to start from, and do nothing else.")
def batch(  # noqa: PLR0913 - one a run option
    *,
    file: Path | None,
    endings: str,
    out: Path,
    issued: str | None,
    allow_past: bool,
    jobs: int | None,
    dry_run: bool,
    show_values: bool,
    sample: bool,
    overlay: Path | None,
    only: str | None,
    **options: str | None,
) -> int:
    """Make the plans of a whole roster.

    Columns are named as the options, with id; the options serve where a cell is empty.
    """
    if sample:
        click.echo(roster.sample(), nl=False)
        return ExitCode.DONE
    if file is None:
        msg = "name a roster, or print one to start from with --sample"
        raise click.UsageError(msg)
    order = flags.order(endings=endings, issued=issued, allow_past=allow_past, timezone=options["timezone"], only=only)
    defaults = flags.given(options)
    faults = fields.faults(defaults, formats.open_workshop(overlay=overlay).choices)
    if faults:
        return misused(faults)
    book = roster.read(file, required=("id",) if "profile" in defaults else ("id", "profile"))
    flags.keep_roster(file, out)
    job = run.Job(order=order, out=None if dry_run else out, defaults=defaults, overlay=overlay)
    return work_through(book, job, jobs, show_values=show_values)


def work_through(book: roster.Roster, job: run.Job, jobs: int | None, *, show_values: bool) -> int:
    """Make or check the plans of a roster, tell what is to fix, and say how the rows balance."""
    for notice in book.notices:
        console.say(notice)
    results: list[run.Result] = []
    working = run.run(book, job, min(jobs or _cores(), _MOST_PROCESSES))
    for result in console.tracked(working, len(book.rows), "Plans"):
        results.append(result)
        for line in report.lines(book, result, show_values=show_values):
            console.say(line)
    place = ""
    if job.out is not None:
        table = report.as_csv(book, results, show_values=show_values)
        (path,) = formats.write(job.out, {"report.csv": table})
        place = str(path)
    console.say(report.summary(results, good=run.Status.MADE if job.out else run.Status.OK, place=place))
    refused = any(result.status is run.Status.REFUSED for result in results)
    return ExitCode.ROWS_REFUSED if refused else ExitCode.DONE


def hand_over(made: formats.Made, out: Path, stem: str, workshop: formats.Workshop) -> int:
    """Write the files of a plan, print where they are, and say what they hold."""
    for path in formats.write(out, made.named(stem)):
        click.echo(path)
    console.say(_described(made, workshop.words[made.plan.language]))
    return ExitCode.DONE


def misused(problems: tuple[Problem, ...]) -> int:
    """Say what is wrong with the options."""
    for problem in problems:
        console.say(flags.as_options(problem).text())
    return ExitCode.USAGE


def _asked(choices: Choices) -> dict[str, str]:
    """Ask for what matters most, each answer again until it can be read."""

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
        if field.name in _ASKED
    }


def _described(made: formats.Made, words: Words) -> str:
    """Say in a line what was made."""
    programme, schedule = made.plan.programme, made.plan.schedule
    weeks = len(programme.weeks)
    sessions = [session for week in programme.weeks for session in week.sessions if session.slot is not Slot.AEROBIC]
    minutes = [minutes for session in sessions for minutes in session.minutes if minutes]
    pages = len(_PAGE.findall(made.files.get("pdf", b"")))
    parts = [
        f"{weeks} {'week' if weeks == 1 else 'weeks'}",
        words.period(schedule.start, schedule.end(weeks)),
        *([f"sessions of {words.minutes(min(minutes), max(minutes))}"] if minutes else []),
        *([f"{pages} pages"] if pages else []),
    ]
    return f"{made.plan.person.id}: {', '.join(parts)}"


def _cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


VERBS = (make, batch)
