"""Make the options of the command line from the fields, and read those that are no fields."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from planmaker.errors import Problem, UsageError
from planmaker.fields import FIELDS, Field
from planmaker.look import LOOK
from planmaker.parsers import feed_url, identifier
from planmaker.schedule import YEARS, zone_names
from planmaker.workshop import FORMATS, Order

__all__ = [
    "as_options",
    "beside_options",
    "calendar_options",
    "catalogue_option",
    "checked_stem",
    "config_option",
    "field_options",
    "font_option",
    "given",
    "in_file",
    "is_issued",
    "keep_roster",
    "look_options",
    "order",
    "output_options",
    "roster_options",
    "run_options",
    "url",
    "url_option",
    "when_options",
]

MOST_WEEKS = 26
STAMP = "expected a timestamp with its offset, such as 2027-03-01T09:00:00Z"
Command = Callable[..., Any]
_OPTIONS = {field.name: field.option for field in FIELDS}


def field_options(*left_out: str) -> Callable[[Command], Command]:
    """Make an option of each field; its text is parsed later, as a roster's cell is."""

    def decorate(command: Command) -> Command:
        for field in reversed(FIELDS):
            if field.name not in left_out:
                command = _option(field)(command)
        return command

    return decorate


def _option(field: Field) -> Callable[[Command], Command]:
    default = f"  [default: {field.default}]" if field.default else ""
    settings: dict[str, Any] = {"metavar": field.form, "help": field.help + default}
    if field.form == "yes|no":  # may stand without its yes
        settings |= {"is_flag": False, "flag_value": "yes"}
    return click.option(field.option, field.name, **settings)


def look_options(command: Command) -> Command:
    """Add the options that say how a plan that is there already is to be printed."""
    others = (field.name for field in FIELDS if field.name not in LOOK)
    return field_options(*others)(_only_option(command))


def _only_option(command: Command) -> Command:
    """Add the option that prints some weeks again."""
    option = click.option("--only", metavar="weeks=N-M", help="Print the tracking pages of these weeks only.")
    return option(command)


def _only_weeks(text: str | None) -> tuple[int, int] | None:
    """Read which weeks to print again."""
    if not text:
        return None
    found = re.fullmatch(r"\s*weeks?\s*=\s*(\d{1,2})(?:\s*-\s*(\d{1,2}))?\s*", text, re.ASCII | re.IGNORECASE)
    weeks = found and (int(found[1]), int(found[2] or found[1]))
    if not weeks or not 1 <= weeks[0] <= weeks[1] <= MOST_WEEKS:
        msg = f"--only: expected weeks from 1 to {MOST_WEEKS}, such as weeks=3-4"
        raise UsageError(msg)
    return weeks


def given(options: Mapping[str, str | None]) -> dict[str, str]:
    """Return the options that were given."""
    return {name: text for name, text in options.items() if text}


class _Folder(click.Path):
    """A folder, and no address of objects."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        if "://" in str(value):
            self.fail("expected a folder; an address such as s3://bucket/prefix is for planmaker batch", param, ctx)
        return super().convert(value, param, ctx)


class _Anywhere(click.Path):
    """A folder, or the address of a store of objects as its text."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as click has it
        return str(value) if "://" in str(value) else super().convert(value, param, ctx)


def output_options(command: Command, kind: type[click.Path] = _Folder) -> Command:
    """Add the options that say which files to write and where."""
    out = click.option(
        "--out",
        type=kind(path_type=Path),
        default=Path("out"),
        show_default=True,
        help="Folder to write into." if kind is _Folder else "Folder to write into, or s3://bucket/prefix.",
    )
    return _format_option(out(command))


def beside_options(command: Command) -> Command:
    """Add the options that say which files of a plan that is there to write, where, and under which name."""
    out = click.option(
        "--out", type=_Folder(path_type=Path), help="Folder to write into.  [default: that of PLAN.json; of a PDF out]"
    )
    stem = click.option(
        "--stem",
        metavar="TEXT",
        help="Name of the files, without ending.  [default: that of PLAN.json; of a PDF the id]",
    )
    return _format_option(out(stem(command)))


def _format_option(command: Command) -> Command:
    endings = click.option(
        "--format",
        "endings",
        metavar="LIST",
        help=f"Files to write.  [default: {','.join(FORMATS)}; with a password pdf]",
    )
    return endings(command)


def catalogue_option(command: Command) -> Command:
    """Add the option that lays a clinic's folder over the catalogue."""
    option = click.option(
        "--catalogue",
        "overlay",
        metavar="DIR",
        type=click.Path(path_type=Path),
        help="Folder of your own exercises, changes, words and pictures.",
    )
    return option(command)


def config_option(command: Command) -> Command:
    """Add the option that names a clinic's settings."""
    option = click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Settings of a clinic: name, address, logo, colour, usual values (TOML).",
    )
    return option(command)


def font_option(command: Command) -> Command:
    """Add the option that names a folder of further fonts."""
    option = click.option(
        "--font-dir",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder of fonts for names in scripts that the program's own lack, such as Chinese.",
    )
    return option(command)


def calendar_options(command: Command) -> Command:
    """Add the options that say how the calendar is written."""
    split = click.option("--split", is_flag=True, help="Write each series of the calendar into a file of its own too.")
    renewed = click.option(
        "--new-uids", is_flag=True, help="Give all series new UIDs, for calendars that refuse those they know."
    )
    return split(renewed(command))


def url_option(command: Command) -> Command:
    """Add the option for the address of the calendar."""
    return _option(next(field for field in FIELDS if field.name == "calendar_url"))(command)


def url(text: str) -> str:
    """Read the address of the calendar."""
    try:
        return feed_url(text)
    except ValueError as error:
        msg = f"--calendar-url: {error}"
        raise UsageError(msg) from error


def when_options(command: Command) -> Command:
    """Add the options that have to do with the day of issue."""
    issued = click.option(
        "--issued",
        metavar="TIMESTAMP",
        help="When the plan is issued, such as 2027-03-01T09:00:00Z.  [default: SOURCE_DATE_EPOCH, else now]",
    )
    allow_past = click.option("--allow-past", is_flag=True, help="Allow a start in the past.")
    return issued(allow_past(command))


def run_options(command: Command, kind: type[click.Path] = _Folder) -> Command:
    """Add the options of a run that makes plans."""
    sheet = font_option(config_option(catalogue_option(output_options(when_options(_only_option(command)), kind))))
    return calendar_options(sheet)


def roster_options(command: Command) -> Command:
    """Add the options of a run that makes the plans of a roster, whose files may go into a store of objects."""
    return run_options(command, _Anywhere)


def order(  # noqa: PLR0913 - one an option
    *,
    endings: str | None,
    issued: str | None,
    allow_past: bool,
    timezone: str | None,
    only: str | None = None,
    split: bool = False,
    new_uids: bool = False,
) -> Order:
    """Read the options that hold for all plans; the clock and the machine's zone are read here only."""
    weeks = _only_weeks(only)
    usual = ("pdf",) if weeks else FORMATS
    wanted = usual if endings is None else _formats_wanted(endings)
    return Order(
        issued=_issued(issued),
        formats=wanted,
        locked=("pdf",) if endings is None else wanted,
        machine_zone="" if timezone else _machine_zone(),
        allow_past=allow_past,
        only=weeks,
        split=split,
        new_uids=new_uids,
    )


def keep_roster(roster: Path, out: Path | str) -> None:
    """Refuse a folder in which the run would write over its own roster."""
    written = (
        re.fullmatch(r"(report|send-list)(-\d)?\.(csv|jsonl)", roster.name, re.IGNORECASE)
        or roster.suffix.casefold()[1:] in FORMATS
    )
    if written and isinstance(out, Path) and roster.resolve().parent == out.resolve():
        msg = f"--out: {roster.name} would be written over; name another folder, or give the roster another name"
        raise UsageError(msg)


def checked_stem(stem: str | None) -> str:
    """Return the name for the files, if it is safe."""
    try:
        return identifier(stem) if stem else ""
    except ValueError as error:
        msg = f"--stem: {error}"
        raise UsageError(msg) from error


def as_options(problem: Problem) -> Problem:
    """Call fields as the command line does, unless they stand in a file."""
    where = re.sub(r"\w+", lambda word: _OPTIONS.get(word[0], word[0]), problem.where)
    named = "--" in problem.where or in_file(problem)
    what = re.sub(r"\b[a-z]+_[a-z]+\b", lambda word: _OPTIONS.get(word[0], word[0]), problem.what)
    return problem if named else dataclasses.replace(problem, where=where, what=what)


def in_file(problem: Problem) -> bool:
    """Tell whether a problem has a place in a file before the field's name."""
    return ": " in problem.where


def _formats_wanted(text: str) -> tuple[str, ...]:
    """Read a list of formats."""
    wanted = [item.strip().casefold() for item in re.split(r"[;,|]", text) if item.strip()]
    if not wanted or set(wanted) - set(FORMATS):
        msg = f"--format: expected some of {', '.join(FORMATS)}"
        raise UsageError(msg)
    return tuple(ending for ending in FORMATS if ending in wanted)


def is_issued(text: str | None, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether somebody said when the plans are issued."""
    return bool(text or environment.get("SOURCE_DATE_EPOCH"))


def _issued(text: str | None, environment: Mapping[str, str] = os.environ) -> datetime:
    """Return the moment of issue: the option, else SOURCE_DATE_EPOCH, else now."""
    epoch = environment.get("SOURCE_DATE_EPOCH", "")
    try:
        if text:
            return _moment(text)
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        msg = f"--issued: {STAMP}" if text else "SOURCE_DATE_EPOCH: expected whole seconds since 1970"
        raise UsageError(msg) from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is None or moment.year not in YEARS:
        msg = "no offset, or a year that no calendar reaches"
        raise ValueError(msg)
    return moment.astimezone(UTC)


def _machine_zone() -> str:
    """Return the computer's time zone, or an empty text if it does not tell one that is known."""
    import tzlocal  # noqa: PLC0415 - not needed when a zone is typed

    chosen = os.environ.get("TZ", "").removeprefix(":")  # tzlocal passes over one that it does not know
    try:
        name = chosen if chosen and not Path(chosen).is_absolute() else tzlocal.get_localzone_name()
    except (LookupError, ValueError, OSError):
        return ""
    return name if name in zone_names() else ""
