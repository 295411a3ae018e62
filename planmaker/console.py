"""Talk on stderr, so that stdout carries the product alone."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console

__all__ = ["answers", "log_as", "progress", "say", "steady"]

_form = ["text"]
_live: list[Console] = []  # the console of the progress bar, while there is one


def log_as(form: str) -> None:
    """Say all that follows as lines of ``text``, or each as a ``json`` object on a line."""
    _form[:] = [form]


def say(text: str, **fields: object) -> None:
    """Write lines to stderr; control characters, which could drive a terminal, are spelt out.

    ``fields`` tell a program what the text tells people.
    """
    if _form == ["json"]:
        text = json.dumps({"message": text, **fields})
    for line in text.split("\n"):
        shown = "".join(map(_visible, line))
        if _live:
            _live[-1].print(shown, markup=False, highlight=False, soft_wrap=True)
        else:
            click.echo(shown, err=True)


def answers() -> bool:
    """Tell whether there is somebody at a terminal who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def steady(*streams: TextIO) -> None:
    """Let streams spell out what their encoding lacks, instead of failing."""
    for stream in streams:
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show a bar with the rate and the time left on stderr, if that is a terminal; hand out what moves it on."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - slow to load, and only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    columns = (what, BarColumn(), MofNCompleteColumn(), "{task.fields[rate]}", TimeRemainingColumn())
    _live.append(console)  # what is said meanwhile stands above the bar, not in it
    try:
        with Progress(*columns, console=console, transient=True) as shown:
            task = shown.add_task(what, total=total, rate="")
            yield lambda count: shown.update(task, advance=count, rate=f"{shown.tasks[0].speed or 0:.0f} a second")
    finally:
        _live.pop()


def _visible(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character.encode("unicode_escape").decode("ascii")
    return character
