"""Name what can go wrong: exit codes, faults as values, exceptions that stop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import ClassVar

__all__ = [
    "ExitCode",
    "InputError",
    "LockedError",
    "MissingPartError",
    "PlanmakerError",
    "Problem",
    "StorageError",
    "UnprintableError",
    "UsageError",
]


class ExitCode(IntEnum):
    """What the process tells its caller."""

    DONE = 0
    INTERNAL = 1
    USAGE = 2
    ROWS_REFUSED = 3
    INPUT = 4
    STORAGE = 5
    LOCKED = 6
    MISSING_PART = 7
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A fault in the user's data: where it is, and what was expected or what to do.

    ``what`` never repeats the value found, because it may be a patient's;
    ``value`` keeps it for those who ask with ``--show-values``, and ``hint`` says
    of it what only those are told, and who typed it.
    """

    where: str
    what: str
    value: str | None = None
    hint: str = ""

    def text(self, *, show_values: bool = False) -> str:
        """Write the problem on one line."""
        hint = f" ({self.hint})" if self.hint else ""
        found = f" (found {self.value!r})" if show_values and self.value is not None else ""
        return f"{self.where}: {self.what}{hint}{found}"

    def at(self, place: str) -> Problem:
        """Return the same problem, placed in a file and line."""
        return replace(self, where=f"{place}: {self.where}")

    def discreet(self) -> Problem:
        """Return the same problem without what tells of the value."""
        return replace(self, value=None, hint="")


class PlanmakerError(Exception):
    """Stops the program with a message; the class carries the exit code."""

    code: ClassVar[ExitCode] = ExitCode.INTERNAL


class UsageError(PlanmakerError):
    """The command line asks for something that cannot be done."""

    code = ExitCode.USAGE


class InputError(PlanmakerError):
    """A file that was named cannot be read or is not valid."""

    code = ExitCode.INPUT


class UnprintableError(InputError):
    """A text holds a character that cannot be printed: the message names it, the problem only as its value."""

    def __init__(self, where: str, named: str, remedy: str) -> None:
        super().__init__(f"{where}: the sheet's typefaces cannot print {named}; {remedy}")
        what = f"holds a character that the sheet's typefaces cannot print; {remedy}"
        self.problem = Problem(where=where, what=what, value=named)


class MissingPartError(PlanmakerError):
    """A part of the program that not everybody needs is not installed; the message names the command that does."""

    code = ExitCode.MISSING_PART


class StorageError(PlanmakerError):
    """Writing failed, or the cluster that does the work; the same command may be run again."""

    code = ExitCode.STORAGE


class LockedError(PlanmakerError):
    """Another run holds the folder."""

    code = ExitCode.LOCKED
