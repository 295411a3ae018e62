"""Get a password, from a terminal or a file and never from the command line, and say what it does not lock."""

from __future__ import annotations

import dataclasses
import getpass
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planmaker import console, encrypting
from planmaker.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planmaker.workshop import Order

__all__ = ["keep", "locked", "password_file_option", "password_options", "possible", "told"]

_LONGEST = 1000  # bytes of a first line that are read; more is no password
Command = Callable[..., Any]


def password_file_option(command: Command) -> Command:
    """Add the option that names a file with a password."""
    option = click.option(
        "--password-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Encrypt the PDF with the password on the first line of a file.",
    )
    return option(command)


def password_options(command: Command) -> Command:
    """Add the options that ask for a password or name a file with one; refuse a word typed after them.

    A password typed on the command line would be kept in the shell's history, and repeated in the message.
    """
    asked = click.option(
        "--password", "asked", is_flag=True, help="Encrypt the PDF with a password, which is asked for."
    )
    rest = click.argument("rest", nargs=-1, metavar="", expose_value=False, callback=_nothing)
    return rest(asked(password_file_option(command)))


def locked(order: Order, *, asked: bool = False, password_file: Path | None = None) -> Order:
    """Return the order with the password that was asked for or read, if one was wished."""
    if asked and password_file:
        msg = "--password: --password-file is given too; type one of the two"
        raise UsageError(msg)
    if not (asked or password_file):
        return order
    possible(order)
    return dataclasses.replace(order, password=_read(password_file) if password_file else _typed())


def possible(order: Order) -> None:
    """Refuse a password where nothing can be encrypted."""
    encrypting.ready()
    if "pdf" not in order.locked:
        msg = "--format: a password encrypts the PDF only; name pdf too, or leave the password out"
        raise UsageError(msg)


def keep(out: Path, names: Iterable[str], order: Order) -> None:
    """Refuse to put a PDF that anybody can open in the place of one with a password."""
    for path in (out / name for name in names if name.endswith(".pdf") and not order.password):
        try:
            has_one = encrypting.is_encrypted(path.read_bytes())
        except OSError:
            continue
        if has_one:
            msg = f"{path}: has a password; give one with --password-file or --password, or delete the file"
            raise UsageError(msg)


def told(order: Order) -> Iterator[str]:
    """Yield what to say of the files that a password leaves out, or leaves open."""
    left = " and ".join(ending for ending in order.formats if ending != "pdf")
    if left and order.locked == order.formats:
        yield f"the password is for the PDF; {left} can be read without it"
    elif left:
        yield f"with a password only the PDF is written; {left} cannot be encrypted (name them in --format if wanted)"


def _nothing(_context: click.Context, _parameter: click.Parameter, rest: tuple[str, ...]) -> None:
    if rest:
        msg = "there is a word too many, not repeated here; a password is asked for or read from a file, never typed"
        raise click.UsageError(msg)


def _read(path: Path) -> str:
    """Return the password on the first line of a file; raise InputError without repeating it."""
    try:
        with path.open("rb") as stream:
            line = stream.readline(_LONGEST).decode("utf-8-sig")
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except UnicodeDecodeError:
        msg = f"{path.name}:1: expected text in UTF-8; save the file as UTF-8"
        raise InputError(msg) from None  # the cause would hold the password
    text = line.rstrip("\r\n")
    if not text:
        msg = f"{path.name}: is empty; write the password on its first line"
        raise InputError(msg)
    try:
        return encrypting.checked(text)
    except ValueError as error:
        msg = f"{path.name}:1: {error}"
        raise InputError(msg) from error


def _typed() -> str:
    """Ask for a password until it can be taken and is typed twice alike."""
    if not console.answers():
        msg = "--password: there is no terminal to ask at; use --password-file"
        raise UsageError(msg)
    while True:
        typed = _asked("Password: ")
        try:
            text = encrypting.checked(typed)
        except ValueError as error:
            console.say(f"--password: {error}")
            continue
        if typed == _asked("Password again: "):
            return text
        console.say("--password: the two are not the same; type it again")


def _asked(prompt: str) -> str:
    """Read a line that is not shown; where that cannot be, refuse instead of showing it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except EOFError as error:
        raise click.Abort from error
    except getpass.GetPassWarning as error:
        msg = "--password: this terminal cannot hide what is typed; use --password-file"
        raise UsageError(msg) from error
