"""Say why a plan is as it is, and revise it: other doses from a week on, other days or times, or no more."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planmaker import console, formats, parsers
from planmaker import explain as reasons
from planmaker.adjust import STEPS, Wish, adjusted
from planmaker.cli import flags, locking, making, plans
from planmaker.errors import ExitCode, InputError, PlanmakerError, Problem, UsageError
from planmaker.fields import FIELDS
from planmaker.moving import Move, moved, moving_notices, stopped
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from datetime import date, datetime

    from planmaker.catalogue import Catalogue
    from planmaker.fields import Field
    from planmaker.plan import Plan
    from planmaker.workshop import Workshop

__all__ = ["adjust", "explain", "move", "stop"]

_CLOCKS = tuple(field for field in FIELDS if field.name in {"am", "pm", "aerobic_at"})
_OPTIONS = {field.name: field.option for field in _CLOCKS} | {
    name: f"--{name}" for name in ("from", "to", "on", "week", "step", "swap", "stop")
}
Command = Callable[..., Any]


def revision_options(command: Command) -> Command:
    """Add the options that all revisions have."""
    issued = click.option(
        "--issued", metavar="TIMESTAMP", help="When the change is made.  [default: SOURCE_DATE_EPOCH, else now]"
    )
    options = (
        issued,
        flags.look_options,
        flags.beside_options,
        flags.calendar_options,
        flags.catalogue_option,
        flags.config_option,
        flags.font_option,
        locking.password_options,
    )
    return reduce(lambda found, option: option(found), reversed(options), command)


def _clock_options(command: Command) -> Command:
    """Add the options for other times; without one the time stays."""
    for field in reversed(_CLOCKS):
        command = click.option(field.option, field.name, metavar=field.form, help=field.help)(command)
    return command


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@flags.catalogue_option
def explain(*, path: Path, overlay: Path | None) -> int:
    """Say of everything in a plan why it is so.

    For the physiotherapist: every exercise, dose and day with its reason and sources, what was left
    out, and the rules that hold.
    """
    workshop = open_workshop(overlay=overlay)
    plan = plans.read_plan(path, workshop)
    told = reasons.explained(plan, workshop.catalogue)
    click.echo(reasons.written(told, workshop.words[plan.language], workshop.catalogue))
    return ExitCode.DONE


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--week", type=click.IntRange(1), metavar="N", required=True, help="First week to change.")
@click.option("--step", type=click.Choice(tuple(STEPS)), help="Where its doses lie from those of the week before.")
@click.option("--swap", "swaps", metavar="A=B", multiple=True, help="Put exercise B in the place of A.")
@click.option("--stop", "stops", metavar="A", multiple=True, help="Take out exercise A.")
@revision_options
def adjust(
    *,
    path: Path,
    week: int,
    step: str | None,
    swaps: tuple[str, ...],
    stops: tuple[str, ...],
    **options: Any,  # noqa: ANN401 - options are of several types
) -> int:
    """Revise a plan from a week on.

    Writes the next version, beside PLAN.json; the weeks before stay as they are. Later weeks climb on from the doses of
    week N, exercises that have not begun wait a week (unless the step is up), and a new one starts at
    its first dose.
    """

    def change(plan: Plan, workshop: Workshop, at: datetime) -> Plan | Problem:
        if not (step or swaps or stops):
            msg = "type what is to change: --step, --swap or --stop"
            raise UsageError(msg)
        return adjusted(plan, _wish(week, step or "", swaps, stops, workshop.catalogue), workshop.catalogue, at)

    return _revise(path, options, change)


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--from", "since", metavar="DATE", required=True, help="First day whose sessions are moved.")
@click.option("--to", metavar="DATE", help="The day that it becomes.")
@_clock_options
@revision_options
def move(
    *,
    path: Path,
    since: str,
    to: str | None,
    am: str | None,
    pm: str | None,
    aerobic_at: str | None,
    **options: Any,  # noqa: ANN401 - options are of several types
) -> int:
    """Put off the sessions from a day on, or give them other times.

    For missed days or a holiday. Writes the next version, beside PLAN.json; days before stay as they
    are, and what has been in calendars already stays there.
    """
    texts = flags.given({"am": am, "pm": pm, "aerobic_at": aerobic_at})
    if not (to or texts):
        msg = "type what is to change: --to, --am, --pm or --aerobic-at"
        raise UsageError(msg)
    days = Move(since=_day("--from", since), to=_day("--to", to) if to else None)

    def change(plan: Plan, workshop: Workshop, at: datetime) -> Plan | Problem:
        clocks = {field.name: _value(field, texts, workshop) for field in _CLOCKS if field.name in texts}
        return moved(plan, dataclasses.replace(days, clocks=clocks), at)

    def told(plan: Plan, after: Plan, target: Path) -> tuple[str, ...]:
        return moving_notices(plan, after, days, str(target))

    return _revise(path, options, change, told)


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--on", metavar="DATE", required=True, help="First day without sessions.")
@revision_options
def stop(*, path: Path, on: str, **options: Any) -> int:  # noqa: ANN401 - options are of several types
    """End a plan: no sessions from a day on.

    Writes the next version, beside PLAN.json; its calendar cancels all that was to come. A later day puts
    off a stop, and the day after the plan's last takes it back.
    """
    day = _day("--on", on)
    return _revise(path, options, lambda plan, _, at: stopped(plan, day, at))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The options that all revisions have; ``look`` holds those of the sheet."""

    endings: str | None
    out: Path | None
    issued: str | None
    only: str | None
    overlay: Path | None
    config: Path | None
    font_dir: Path | None
    asked: bool
    password_file: Path | None
    stem: str | None
    split: bool
    new_uids: bool
    look: Mapping[str, str | None]


def _revise(
    path: Path,
    options: Mapping[str, Any],
    change: Callable[[Plan, Workshop, datetime], Plan | Problem],
    told: Callable[[Plan, Plan, Path], tuple[str, ...]] = lambda *_: (),
) -> int:
    """Read a plan, change it, write its next version, and say what is told of the two and of where it is."""
    own = {field.name for field in dataclasses.fields(_Run)}
    look = {name: value for name, value in options.items() if name not in own}
    asked = _Run(**{name: value for name, value in options.items() if name in own}, look=look)
    stem = flags.checked_stem(asked.stem)
    order = flags.order(
        endings=asked.endings,
        issued=asked.issued,
        allow_past=True,
        timezone="UTC",
        only=asked.only,
        split=asked.split,
        new_uids=asked.new_uids,
    )
    workshop = open_workshop(overlay=asked.overlay, config=asked.config, font_dir=asked.font_dir)
    source = plans.read_json(path, workshop)
    wanted = making.look_for(source.plan, workshop, order, asked.look)
    after = change(source.plan, workshop, order.issued)
    if isinstance(after, Problem):
        raise _refused(after, path)
    after = dataclasses.replace(after, look=dataclasses.replace(wanted, only=None))
    plans.refuse_faults(after, path, workshop)
    order = locking.locked(order, asked=asked.asked, password_file=asked.password_file)
    made, target = formats.draw(after, wanted, workshop, order, source.plan), source.target(asked.out, stem)
    code = plans.hand_over(source, made, target, workshop, order)
    for notice in told(source.plan, after, target):
        console.say(notice)
    return code


def _refused(problem: Problem, path: Path) -> PlanmakerError:
    """Return what to raise for a change that a plan does not allow: its option is at fault, or else the plan."""
    if problem.where in _OPTIONS:
        return UsageError(f"{_OPTIONS[problem.where]}: {problem.what}")
    return InputError(problem.at(path.name).text())


def _value(field: Field, texts: Mapping[str, str], workshop: Workshop) -> Any:  # noqa: ANN401 - each field has its own
    try:
        return field.value(texts[field.name], workshop.choices)
    except ValueError as error:
        msg = f"{field.option}: {error}"
        raise UsageError(msg) from error


def _day(option: str, text: str) -> date:
    try:
        return parsers.day(text)
    except ValueError as error:
        msg = f"{option}: {error}"
        raise UsageError(msg) from error


def _wish(week: int, step: str, swaps: tuple[str, ...], stops: tuple[str, ...], catalogue: Catalogue) -> Wish:
    """Read what is to change; raise UsageError saying what was expected."""
    pairs: dict[str, str] = {}
    for text in swaps:
        old, equals, new = text.partition("=")
        if not equals:
            msg = "--swap: expected two exercises, such as bridging=clamshell"
            raise UsageError(msg)
        name = _exercise("--swap", old, catalogue)
        if name in pairs:
            msg = f"--swap: {name} is swapped twice"
            raise UsageError(msg)
        pairs[name] = _exercise("--swap", new, catalogue)
    stopped = tuple(dict.fromkeys(_exercise("--stop", text, catalogue) for text in stops))
    return Wish(week=week, step=step, swap=pairs, stop=stopped)


def _exercise(option: str, text: str, catalogue: Catalogue) -> str:
    try:
        return parsers.one_of(text, catalogue.exercises)
    except ValueError as error:
        msg = f"{option}: {error}"
        raise UsageError(msg) from error
