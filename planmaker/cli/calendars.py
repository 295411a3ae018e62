"""Put a plan's calendar where phones can subscribe to it, and say how to import one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmaker import console, formats, storage
from planmaker.cli import flags, plans
from planmaker.errors import ExitCode, InputError, UsageError
from planmaker.plan import plan_to_json
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from planmaker.words import Words

__all__ = ["calendar"]

_LANGUAGE = "en"


@click.command()
@click.argument("path", metavar="PLAN.json", type=click.Path(path_type=Path), required=False)
@click.option(
    "--publish",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the web server to write into.",
)
@click.option("--help-import", "steps", is_flag=True, help="Say how each calendar program imports or subscribes.")
@flags.catalogue_option
def calendar(*, path: Path | None, publish: Path | None, steps: bool, overlay: Path | None) -> int:
    """Publish a plan's calendar as a feed, or say how to import one.

    The file has a name that nobody can guess, which is kept in PLAN.json: publish again after each
    change, and phones that subscribe to it follow.
    """
    workshop = open_workshop(overlay=overlay)
    if steps:
        click.echo("\n".join(_steps(workshop.words[_LANGUAGE])))
        return ExitCode.DONE
    if path is None or publish is None:
        msg = "name a plan and --publish DIR, or read how to import with --help-import"
        raise UsageError(msg)
    source = plans.read_json(path, workshop)
    plan = source.plan
    if source.edited:
        msg = f"{path.name}: was edited by hand; run planmaker render on it first"
        raise InputError(msg)
    if plan.feed is None:
        plan = formats.with_feed(plan)
        storage.write(path.parent, [(path.name, (plan_to_json(plan).encode(),))])
        console.say(f"{path.name}: the name of the feed is kept there; keep that file to yourself")
    name = f"{plan.feed.token}.ics" if plan.feed else ""
    data = workshop.calendars(plan.language).feed(plan)
    (written,) = storage.write(publish, [(name, (data,))], private=False, option="--publish")
    click.echo(written)
    if plan.feed and plan.feed.address:
        click.echo(plan.feed.address)
    return ExitCode.DONE


def _steps(words: Words) -> list[str]:
    """Return how each calendar program imports, by program."""
    lines: list[str] = []
    for passage in words.passages("calendar_import").values():
        name, *rest = passage.splitlines()
        lines += ["", name, *(f"  {line}" for line in rest)]
    return lines[1:]
