"""Talk on stderr, so that stdout carries the product alone."""

from __future__ import annotations

import sys
import unicodedata
from typing import TYPE_CHECKING, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

__all__ = ["answers", "say", "steady", "tracked"]

T = TypeVar("T")
_live: list[Console] = []  # the console of the progress bar, while there is one


def say(text: str) -> None:
    """Write lines to stderr; control characters, which could drive a terminal, are spelt out."""
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


def tracked(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Pass items on, with a progress bar on stderr if that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - slow to load, and only a terminal needs it
    from rich.progress import track  # noqa: PLC0415 - as above

    console = Console(stderr=True)
    _live.append(console)  # what is said meanwhile stands above the bar, not in it
    try:
        yield from track(items, description=what, total=total, console=console, transient=True)
    finally:
        _live.pop()


def _visible(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character.encode("unicode_escape").decode("ascii")
    return character
