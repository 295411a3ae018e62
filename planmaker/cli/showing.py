"""Show what the catalogue holds and who says so, and what a plan file looks like."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from planmaker import parsers, provenance
from planmaker.cli import flags
from planmaker.errors import ExitCode, UsageError
from planmaker.plan_schema import plan_schema_text
from planmaker.programme import Change, Prescription
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from planmaker.catalogue import Profile
    from planmaker.condition import Condition
    from planmaker.dose import AnyDose
    from planmaker.exercise import Exercise, Sourced
    from planmaker.words import Words
    from planmaker.workshop import Workshop

__all__ = ["conditions", "exercises", "profiles", "schema", "sources"]

WIDTH = 79
_LANGUAGE = "en"


@click.command()
@click.argument("name", metavar="ID", required=False)
@click.option("--ids", is_flag=True, help="Print the ids only, one a line.")
@flags.catalogue_option
def exercises(*, name: str | None, ids: bool, overlay: Path | None) -> int:
    """List the exercises, or tell all about one."""
    workshop = open_workshop(overlay=overlay)
    known = workshop.catalogue.exercises
    if name is None:
        lines: Iterable[str] = known if ids else _table(workshop)
    else:
        try:
            found = parsers.one_of(name, known)
        except ValueError as error:
            msg = f"exercise: {error}"
            raise UsageError(msg) from error
        lines = (found,) if ids else _page(known[found], workshop)
    click.echo("\n".join(lines))
    return ExitCode.DONE


@click.command()
@flags.catalogue_option
def profiles(*, overlay: Path | None) -> int:
    """List the kinds of programme and what is in each."""
    workshop = open_workshop(overlay=overlay)
    blocks = ["\n".join(_profile(profile)) for profile in workshop.catalogue.profiles.values()]
    click.echo("\n\n".join(blocks))
    return ExitCode.DONE


@click.command()
@click.argument("name", metavar="ID", required=False)
@flags.catalogue_option
def conditions(*, name: str | None, overlay: Path | None) -> int:
    """List the conditions to avoid harm in, or what one means for each exercise."""
    workshop = open_workshop(overlay=overlay)
    known = workshop.catalogue.conditions
    if name is None:
        lines: Iterable[str] = _condition_list(workshop)
    else:
        try:
            found = known[parsers.one_of(name, known)]
        except ValueError as error:
            msg = f"condition: {error}"
            raise UsageError(msg) from error
        lines = _condition_page(found, workshop)
    click.echo("\n".join(lines))
    return ExitCode.DONE


@click.command()
@click.option("--all", "every", is_flag=True, help="Print every line with its sources.")
@flags.catalogue_option
def sources(*, every: bool, overlay: Path | None) -> int:
    """Count what has a source and what is judgement.

    J marks a judgement of the makers.
    """
    catalogue = open_workshop(overlay=overlay).catalogue
    if every:
        for line in provenance.lines(catalogue):
            what = f"{line.where}: {line.what}" if line.what else line.where
            click.echo(f"{line.kind:10}  {what}  ({', '.join(line.sources)})")
    else:
        click.echo(f"{'':10}  lines  with a source  J only  neither")
        for row in provenance.tally(catalogue):
            click.echo(f"{row.kind:10}  {row.lines:5}  {row.sourced:13}  {row.judged:6}  {row.bare:7}")
    return ExitCode.DONE


@click.command()
def schema() -> int:
    """Print the JSON Schema of a plan file."""
    click.echo(plan_schema_text(), nl=False)
    return ExitCode.DONE


def _condition_list(workshop: Workshop) -> Iterator[str]:
    told = workshop.words[_LANGUAGE].general["conditions"]
    wide = max(map(len, workshop.catalogue.conditions))
    for item in workshop.catalogue.conditions.values():
        leave = "; needs cleared_by" if item.needs_clearance else ""
        yield f"{item.id:{wide}}  {told[item.id]['name']}{leave}"


def _condition_page(item: Condition, workshop: Workshop) -> Iterator[str]:
    words = workshop.words[_LANGUAGE]
    told = words.general["conditions"][item.id]
    yield f"{told['name']} ({item.id})"
    yield from _wrapped("", told["advice"])
    yield from _wrapped(
        "Sources: ", ", ".join(item.sources) + (f"; otherwise: {', '.join(item.contrary)}" if item.contrary else "")
    )
    yield ""
    for name, cell in item.cells.items():
        form = f": {words.exercises[name].variants[cell.variant].name}" if cell.variant else ""
        action = cell.action.name.lower().replace("_", " ")
        because = words.general["reasons"][cell.because]
        yield from _wrapped(f"{name:26} ", f"{action}{form}; {because} ({', '.join(cell.sources)})")


def _table(workshop: Workshop) -> Iterator[str]:
    """Write two lines an exercise: what it is, and its full dose."""
    words = workshop.words[_LANGUAGE]
    wide = max(map(len, workshop.catalogue.exercises))
    for item in workshop.catalogue.exercises.values():
        name = words.exercises[item.id].name
        yield f"{item.id:{wide}}  {name:22}  {item.group.value:13}  {' '.join(item.seeds) or '-'}"
        yield f"    {_dose(item, item.full, words)}; {_often(item)}"


def _page(item: Exercise, workshop: Workshop) -> Iterator[str]:
    """Write all about one exercise: how it is done, how much, and who says so."""
    words = workshop.words[_LANGUAGE]
    told = words.exercises[item.id]
    yield f"{told.name} ({item.id})"
    yield f"{item.group.value}; {told.setting}; seeds: {', '.join(item.seeds) or 'none'}"
    yield "\nSteps"
    for number, step in enumerate(told.steps, start=1):
        yield from _wrapped(f"  {number}. ", step)
    yield ""
    for label, text in (
        ("Breathing", told.breathing),
        ("Feel", told.feel),
        ("Mistake", told.mistake),
        ("Easier", told.easier),
        ("Stop if", told.stop_if),
    ):
        yield from _wrapped(f"{label + ':':11}", text)
    yield ""
    yield from _wrapped("Full dose, never exceeded: ", f"{_dose(item, item.full, words)}; {_often(item)}")
    for key, sourced in item.provenance:
        yield from _wrapped(f"  {key + ':':15}", _sourced(sourced))
    yield "\nSteps up"
    for number, rung in enumerate(item.ramp, start=1):
        not_before = f", not before week {rung.not_before_week}" if rung.not_before_week > 1 else ""
        yield from _wrapped(f"  {number}. ", f"{_dose(item, rung.dose, words)} ({', '.join(rung.sources)}{not_before})")
    yield from _facts(item)
    yield from _sources(item, workshop)


def _facts(item: Exercise) -> Iterator[str]:
    if item.facts:
        yield "\nWhat the seeds say"
    for fact in item.facts:
        said = [f"{source}: {text}" for source, text in (("S0", fact.s0), ("S3", fact.s3)) if text is not None]
        yield from _wrapped(f"  {fact.attribute}: ", "; ".join(said) or "nothing", indent=4)


def _sources(item: Exercise, workshop: Workshop) -> Iterator[str]:
    used = [source for _, sourced in item.provenance for source in sourced.sources]
    used += [source for rung in item.ramp for source in rung.sources]
    yield "\nSources"
    for source in dict.fromkeys((*item.seeds, *sorted(used))):
        row = workshop.catalogue.sources.get(source)
        yield from _wrapped(f"  {source}: ", row["title"] if row else "the makers' own judgement")


def _profile(profile: Profile) -> Iterator[str]:
    yield profile.id
    for number, place in enumerate(profile.places, start=1):
        yield f"  {number:2}. {place.exercise:26} {' and '.join(slot.value for slot in place.slots)}"
    if profile.aerobic:
        yield f"      {profile.aerobic[0]:26} on aerobic days" + "".join(f", or {name}" for name in profile.aerobic[1:])


def _dose(item: Exercise, dose: AnyDose, words: Words) -> str:
    return words.dose(
        Prescription(
            exercise=item.id,
            group=item.group,
            kind=item.kind,
            bends_spine=item.bends_spine,
            sides=item.sides,
            dose=dose,
            days=tuple(range(item.days_a_week)),
            change=Change.SAME,
            step=1,
            steps=1,
        )
    )


def _often(item: Exercise) -> str:
    times = "once a day" if item.times_a_day == 1 else f"{item.times_a_day} times a day"
    return f"{times}, {item.days_a_week} days a week"


def _sourced(item: Sourced) -> str:
    note = f": {item.note}" if item.note else ""
    return f"{item.value} ({', '.join(item.sources)}){note}"


def _wrapped(label: str, text: str, indent: int | None = None) -> list[str]:
    """Wrap a labelled text to the width of a terminal, further lines indented."""
    following = " " * (len(label) if indent is None else indent)
    return textwrap.wrap(text, WIDTH, initial_indent=label, subsequent_indent=following, break_long_words=False)
