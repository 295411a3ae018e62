"""Read the command line; the one place where exceptions become exit codes."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from typing import TYPE_CHECKING, Any

import click

from planmaker import __version__, console
from planmaker.errors import ExitCode, PlanmakerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["main", "planmaker"]


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    console.steady(sys.stdout, sys.stderr)
    try:
        with planmaker.make_context("planmaker", list(arguments)) as context:
            code: int = planmaker.invoke(context)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place where exceptions become exit codes
        return next(tell for kind, tell in _ENDINGS if isinstance(error, kind))(error)
    return code


def _shown(error: click.ClickException) -> int:
    error.show()
    return ExitCode.USAGE


def _interrupted(_: BaseException) -> int:
    console.say("interrupted")
    return ExitCode.INTERRUPTED


def _unread(_: BaseException) -> int:
    """Say nothing when whoever reads our output has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.DONE


def _told(error: PlanmakerError) -> int:
    console.say(str(error))
    return error.code


def _internal(error: Exception) -> int:
    if os.environ.get("PLANMAKER_DEBUG") == "1":
        console.say("\n".join(_trace(error)))
    console.say(f"internal error: {type(error).__name__}; please report it")
    return ExitCode.INTERNAL


def _trace(error: BaseException | None) -> Iterator[str]:
    """Yield where an error came from, never its text, in which a patient's values may stand."""
    while error is not None:
        yield from "".join(traceback.format_tb(error.__traceback__)).splitlines()
        yield type(error).__name__
        error = error.__cause__ or error.__context__


_ENDINGS: tuple[tuple[type[BaseException], Callable[[Any], int]], ...] = (
    (click.exceptions.Exit, lambda error: error.exit_code),
    (click.ClickException, _shown),
    (KeyboardInterrupt, _interrupted),
    (click.Abort, _interrupted),
    (BrokenPipeError, _unread),
    (PlanmakerError, _told),
    (Exception, _internal),
)


# The module of each verb: only the one that is asked for is loaded, which saves a seventh of a start.
_MODULES = {
    "adjust": "revising",
    "batch": "batching",
    "calendar": "calendars",
    "check": "checking",
    "conditions": "showing",
    "exercises": "showing",
    "explain": "revising",
    "figures": "drawing",
    "layout": "checking",
    "make": "making",
    "move": "revising",
    "profiles": "showing",
    "render": "checking",
    "schema": "showing",
    "sources": "showing",
    "stop": "revising",
}


class _Verbs(click.Group):
    """The verbs by name, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as its base
        """Return all names."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as its base
        """Load a verb; None if there is none of the name."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return None
        found: click.Command = getattr(importlib.import_module(f"planmaker.cli.{module}"), cmd_name)
        return found


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="planmaker")
def planmaker() -> None:
    """Turn back-care exercise advice into a plan people follow."""
