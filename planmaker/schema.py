"""Check values read from a file: types, ranges, words, and the keys of tables."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from planmaker.documents import Key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

__all__ = ["Choice", "Fault", "Many", "Named", "Record", "Rule", "Scalar", "hint", "pattern", "text", "whole"]

Fault = tuple[Key, str]
Value = Any
_MANY = 200
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # line ends among them


class Rule(Protocol):
    """What a value has to be: told in words, and checked."""

    @property
    def expected(self) -> str:
        """Say it, so that it can follow "expected"."""

    def faults(self, value: Value) -> Iterator[Fault]:
        """Yield what is wrong, each with the key below the value."""


def hint(word: str, known: Collection[str]) -> str:
    """Return "; did you mean ...?" with the nearest known word, or nothing."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value that passes a test."""

    expected: str
    passes: Callable[[Value], bool]

    def faults(self, value: Value) -> Iterator[Fault]:
        """Yield a fault if the value does not pass."""
        if not self.passes(value):
            yield (), f"expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        """List the words."""
        return self.words[0] if len(self.words) == 1 else f"one of {', '.join(self.words)}"

    def faults(self, value: Value) -> Iterator[Fault]:
        """Yield a fault for any other word."""
        if value not in self.words or not isinstance(value, str):
            yield (), f"expected {self.expected}{hint(value, self.words) if isinstance(value, str) else ''}"


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one kind, each only once if ``once``."""

    of: Rule
    least: int = 0
    most: int = _MANY
    once: bool = True

    @property
    def expected(self) -> str:
        """Say how many."""
        if self.least == 0:
            return "a list"
        return f"a list of {self.least} or more" if self.most >= _MANY else f"a list of {self.least} to {self.most}"

    def faults(self, value: Value) -> Iterator[Fault]:
        """Yield the faults of the list and of each item."""
        if not isinstance(value, list) or not self.least <= len(value) <= self.most:
            yield (), f"expected {self.expected}"
            return
        for number, item in enumerate(value):
            yield from (((number, *key), what) for key, what in self.of.faults(item))
            if self.once and item in value[:number]:
                yield (number,), "is in the list already; expected each once"


@dataclass(frozen=True, slots=True)
class Record:
    """A table with keys that it must have and keys that it may have."""

    needed: Mapping[str, Rule]
    allowed: Mapping[str, Rule] = field(default_factory=dict)
    expected: str = "a table"

    def faults(self, value: Value) -> Iterator[Fault]:
        """Yield unknown and missing keys, and the faults of each value."""
        if not isinstance(value, dict):
            yield (), f"expected {self.expected}"
            return
        rules = {**self.needed, **self.allowed}
        meant = set()
        for key, item in value.items():
            if key in rules:
                yield from (((key, *below), what) for below, what in rules[key].faults(item))
                continue
            near = difflib.get_close_matches(key, rules, n=1)
            meant |= set(near)
            yield (key,), "unknown key" + (hint(key, rules) or f"; expected some of {', '.join(rules)}")
        for key in self.needed:
            if key not in value and key not in meant:
                yield (key,), f"missing; expected {self.needed[key].expected}"


@dataclass(frozen=True, slots=True)
class Named:
    """A table whose keys are names, each with a value of one kind."""

    of: Rule
    name: Rule
    expected: str = "a table"

    def faults(self, value: Value) -> Iterator[Fault]:
        """Yield the faults of each name and value."""
        if not isinstance(value, dict):
            yield (), f"expected {self.expected}"
            return
        for key, item in value.items():
            yield from (((key,), f"as a name: {what}") for _, what in self.name.faults(key))
            yield from (((key, *below), what) for below, what in self.of.faults(item))


def whole(low: int, high: int) -> Rule:
    """Return the rule for a whole number within a range."""
    return Scalar(f"a whole number from {low} to {high}", lambda value: type(value) is int and low <= value <= high)


def text(most: int, *, empty: bool = False) -> Rule:
    """Return the rule for a text that is not too long, nor blank unless it may be, without control characters."""
    least = 0 if empty else 1
    size = f"at most {most}" if empty else f"1 to {most}"
    return Scalar(
        f"a text of {size} characters on one line",
        lambda value: (
            isinstance(value, str)
            and least <= len(value.strip())
            and len(value) <= most
            and _CONTROL.search(value) is None
        ),
    )


def pattern(expected: str, form: str) -> Rule:
    """Return the rule for a text of a certain form, which ``expected`` describes."""
    return Scalar(expected, lambda value: isinstance(value, str) and re.fullmatch(form, value) is not None)
