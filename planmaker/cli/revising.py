"""Say why a plan is as it is, and revise it from a week on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmaker import explain as reasons
from planmaker import formats, parsers
from planmaker.adjust import STEPS, Wish, adjusted
from planmaker.cli import flags, locking, making
from planmaker.cli.checking import plan_problems, read_plan
from planmaker.errors import ExitCode, InputError, Problem, UsageError

if TYPE_CHECKING:
    from planmaker.catalogue import Catalogue

__all__ = ["VERBS"]


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@flags.catalogue_option
def explain(*, path: Path, overlay: Path | None) -> int:
    """Say of everything in a plan why it is so.

    For the physiotherapist: every exercise, dose and day with its reason and sources, what was left
    out, and the rules that hold.
    """
    workshop = formats.open_workshop(overlay=overlay)
    plan = read_plan(path, workshop)
    told = reasons.explained(plan, workshop.catalogue)
    click.echo(reasons.written(told, workshop.words[plan.language], workshop.catalogue))
    return ExitCode.DONE


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path))
@click.option("--week", type=click.IntRange(1), metavar="N", required=True, help="First week to change.")
@click.option("--step", type=click.Choice(tuple(STEPS)), help="Where its doses lie from those of the week before.")
@click.option("--swap", "swaps", metavar="A=B", multiple=True, help="Put exercise B in the place of A.")
@click.option("--stop", "stops", metavar="A", multiple=True, help="Take out exercise A.")
@click.option("--issued", metavar="TIMESTAMP", help="When the change is made.  [default: SOURCE_DATE_EPOCH, else now]")
@flags.look_options
@flags.output_options
@flags.catalogue_option
@flags.config_option
@flags.font_option
@locking.password_options
@click.option("--stem", metavar="TEXT", help="Name of the files, without ending.  [default: the id]")
def adjust(  # noqa: PLR0913 - one an option
    *,
    path: Path,
    week: int,
    step: str | None,
    swaps: tuple[str, ...],
    stops: tuple[str, ...],
    issued: str | None,
    endings: str | None,
    out: Path,
    overlay: Path | None,
    config: Path | None,
    font_dir: Path | None,
    asked: bool,
    password_file: Path | None,
    stem: str | None,
    only: str | None,
    **look: str | None,
) -> int:
    """Revise a plan from a week on.

    Writes the next version; the weeks before stay as they are. Later weeks climb on from the doses of
    week N, exercises that have not begun wait a week (unless the step is up), and a new one starts at
    its first dose.
    """
    checked_stem = flags.checked_stem(stem)
    order = flags.order(endings=endings, issued=issued, allow_past=True, timezone="UTC", only=only)
    workshop = formats.open_workshop(overlay=overlay, config=config, font_dir=font_dir)
    wish = _wish(week, step or "", swaps, stops, workshop.catalogue)
    plan = read_plan(path, workshop)
    wanted = making.look_for(plan, workshop, order, look)
    revised = adjusted(plan, wish, workshop.catalogue, order.issued)
    problems = (revised,) if isinstance(revised, Problem) else plan_problems(revised, workshop)
    if isinstance(revised, Problem) or problems:
        raise InputError("\n".join(problem.at(path.name).text() for problem in problems))
    order = locking.locked(order, asked=asked, password_file=password_file)
    made = formats.draw(revised, wanted, workshop, order)
    return making.hand_over(made, out, checked_stem, workshop, order)


def _wish(week: int, step: str, swaps: tuple[str, ...], stops: tuple[str, ...], catalogue: Catalogue) -> Wish:
    """Read what is to change; raise UsageError saying what was expected."""
    if not (step or swaps or stops):
        msg = "type what is to change: --step, --swap or --stop"
        raise UsageError(msg)
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


VERBS = (explain, adjust)
