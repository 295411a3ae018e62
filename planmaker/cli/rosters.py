"""Make the options that say how a roster is read, and open it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from planmaker.errors import ExitCode, StorageError, UsageError
from planmaker.roster import reading, sample
from planmaker.roster.reading import Reading

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["read_as", "reading_options", "sample_option", "source", "write_sample"]

Command = Callable[..., Any]
# The option, its parameter, how it is typed, what it means, who reads it.
_OPTIONS: tuple[tuple[str, str, str, str, Callable[[str], str]], ...] = (
    ("--encoding", "encoding", "NAME", "Encoding of a CSV roster, such as utf-8, utf-16 or cp1252.", reading.encoding),
    ("--delimiter", "delimiter", "SIGN", "What parts its cells: , ; | tab or another sign.", reading.delimiter),
    (
        "--date-format",
        "date_order",
        "dmy|mdy|ymd",
        "How its days are written: 3/4/2027 is 3 April in dmy.",
        reading.date_order,
    ),
)


def reading_options(command: Command) -> Command:
    """Add the options that say how a roster's file is to be read."""
    for option, name, form, meaning, _ in reversed(_OPTIONS):
        command = click.option(option, name, metavar=form, help=f"{meaning}  [default: found out]")(command)
    return command


def read_as(**options: str | None) -> Reading:
    """Read those options, by their parameters' names."""
    told: dict[str, str] = {}
    for option, name, _, _, parse in _OPTIONS:
        text = options[name]
        if text is None:
            continue
        try:
            told[name] = parse(text)
        except ValueError as error:
            msg = f"{option}: {error}"
            raise UsageError(msg) from error
    return Reading(**told)


def source(path: Path) -> Path | BinaryIO:
    """Return the file of a roster; ``-`` is stdin."""
    if str(path) != "-":
        return path
    if sys.stdin is None:
        msg = "-: there is no stdin to read; name a file"
        raise UsageError(msg)
    return sys.stdin.buffer


def sample_option(command: Command) -> Command:
    """Add the option that asks for a roster to start from."""
    option = click.option(
        "--sample",
        type=click.Choice(["csv", "xlsx"]),
        is_flag=False,
        flag_value="csv",
        help="Print a roster to start from, or write it to ROSTER, and do nothing else.  [csv if not said]",
    )
    return option(command)


def write_sample(kind: str, path: Path | None) -> int:
    """Write a roster to start from into a new file, or to stdout; a workbook never to a terminal."""
    data = sample.as_workbook() if kind == "xlsx" else sample.as_csv().encode()
    if path is not None:
        _write_new(path, data)
    elif kind == "xlsx" and sys.stdout.isatty():
        msg = "a workbook is nothing to print on a terminal; name its file: planmaker batch --sample xlsx roster.xlsx"
        raise UsageError(msg)
    elif kind == "csv":
        click.echo(data.decode(), nl=False)
    else:
        sys.stdout.buffer.write(data)
    return ExitCode.DONE


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, and print its name."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        msg = f"{path}: is there already; name another file for the sample"
        raise UsageError(msg) from error
    except OSError as error:
        msg = f"{path}: cannot be written: {error.strerror}"
        raise StorageError(msg) from error
    click.echo(path)
