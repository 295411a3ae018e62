"""Find in which direction each character of a line is read (Unicode Standard Annex 9).

A line is one paragraph without explicit embeddings, overrides or isolates: those are refused before.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["closing", "levels", "reordered"]

Item = TypeVar("Item")

_RIGHT: Final = {"R", "AL"}
_STRONG: Final = {"L": "L", "R": "R", "AN": "R", "EN": "R"}  # numbers count as R for what is neutral
_NEUTRAL: Final = {"B", "S", "WS", "ON"}
_SIMPLE: Final = {"L", *_RIGHT}
_DEEPEST: Final = 63  # open brackets at most (BD16)
_RAISED: Final = ({"R": 1, "AN": 2, "EN": 2}, {"L": 1, "AN": 1, "EN": 1})  # I1, I2


def levels(text: str) -> tuple[int, ...]:
    """Return the embedding level of each character: odd ones are read from right to left."""
    classes = [unicodedata.bidirectional(character) or "L" for character in text]
    base = next((int(kind in _RIGHT) for kind in classes if kind in _SIMPLE), 0)  # P2, P3
    if not base and "AN" not in classes and not _RIGHT.intersection(classes):
        return (0,) * len(text)
    kept = [index for index, kind in enumerate(classes) if kind != "BN"]  # X9
    resolved = _resolved([classes[index] for index in kept], [text[index] for index in kept], "LR"[base])
    result = [base] * len(text)
    for index, kind in zip(kept, resolved, strict=True):
        result[index] = base + _RAISED[base].get(kind, 0)
    for index, kind in enumerate(classes):
        if kind == "BN" and index:
            result[index] = result[index - 1]
    end = len(text)
    while end and classes[end - 1] in {"WS", "BN"}:  # L1
        end -= 1
    return (*result[:end], *(base for _ in text[end:]))


def reordered(items: Sequence[Item], depths: Sequence[int]) -> list[Item]:
    """Put items into the order in which they stand from left to right (L2)."""
    order = list(range(len(items)))
    for depth in range(max(depths, default=0), 0, -1):
        first = 0
        while first < len(order):
            last = first
            while last < len(order) and depths[order[last]] >= depth:
                last += 1
            order[first:last] = reversed(order[first:last])
            first = last + 1
    return [items[index] for index in order]


@cache
def closing(character: str) -> str | None:
    """Return the bracket that closes an opening one.

    The standard's table of pairs is not in the standard library; names say the same: left and right.
    """
    if unicodedata.category(character) != "Ps" or not unicodedata.mirrored(character):
        return None
    try:
        found = unicodedata.lookup(unicodedata.name(character).replace("LEFT", "RIGHT"))
    except KeyError:
        return None
    return unicodedata.normalize("NFC", found)


def _resolved(classes: list[str], text: list[str], base: str) -> list[str]:
    """Return the class of each character once weak and neutral ones are resolved (W1 to N2)."""
    original = classes
    kinds = _separated(_marked(classes, base))
    kinds = _numbered(kinds, base)
    _bracketed(kinds, original, text, base)
    return _neutral(kinds, base)


def _marked(classes: list[str], base: str) -> list[str]:
    """Let marks take the class before them, and European digits after Arabic letters be Arabic (W1 to W3)."""
    kinds: list[str] = []
    strong = base
    for kind in classes:
        now = (kinds[-1] if kinds else base) if kind == "NSM" else kind
        if now == "EN" and strong == "AL":
            now = "AN"
        if now in _SIMPLE:
            strong = now
        kinds.append(now)
    return ["R" if kind == "AL" else kind for kind in kinds]


def _separated(kinds: list[str]) -> list[str]:
    """Join separators and terminators to their numbers; the others are neutral (W4 to W6)."""
    for index in range(1, len(kinds) - 1):
        before, kind, after = kinds[index - 1 : index + 2]
        if before == after and (before, kind) in {("EN", "ES"), ("EN", "CS"), ("AN", "CS")}:
            kinds[index] = before
    for step in (1, -1):
        before = ""
        for index in range(len(kinds))[::step]:
            if kinds[index] == "ET" and before == "EN":
                kinds[index] = "EN"
            before = kinds[index]
    return ["ON" if kind in {"ES", "ET", "CS"} else kind for kind in kinds]


def _numbered(kinds: list[str], base: str) -> list[str]:
    """Let European numbers after a letter read from the left be as that letter (W7)."""
    strong = base
    result = []
    for kind in kinds:
        if kind in {"L", "R"}:
            strong = kind
        result.append("L" if kind == "EN" and strong == "L" else kind)
    return result


def _bracketed(kinds: list[str], original: list[str], text: list[str], base: str) -> None:
    """Give a pair of brackets one direction: that of what it holds, or of what stands before it (N0)."""
    for first, last in _pairs(kinds, text):
        inside = {_STRONG[kind] for kind in kinds[first + 1 : last] if kind in _STRONG}
        if not inside:
            continue
        side = base
        if base not in inside:
            before = next((_STRONG[kind] for kind in reversed(kinds[:first]) if kind in _STRONG), base)
            side = before if before != base else base
        for place in (first, last):
            kinds[place] = side
            following = place + 1
            while following < len(kinds) and original[following] == "NSM":
                kinds[following] = side
                following += 1


def _pairs(kinds: list[str], text: list[str]) -> list[tuple[int, int]]:
    """Return the places of brackets that belong together, by the place of the first (BD16)."""
    opened: list[tuple[str, int]] = []
    found = []
    for index, character in enumerate(text):
        if kinds[index] != "ON":
            continue
        if partner := closing(character):
            if len(opened) == _DEEPEST:
                return []
            opened.append((partner, index))
        elif unicodedata.category(character) == "Pe":
            same = unicodedata.normalize("NFC", character)
            for depth in range(len(opened) - 1, -1, -1):
                if opened[depth][0] == same:
                    found.append((opened[depth][1], index))
                    del opened[depth:]
                    break
    return sorted(found)


def _neutral(kinds: list[str], base: str) -> list[str]:
    """Give neutral characters the direction of both their neighbours, else that of the line (N1, N2)."""
    first = 0
    while first < len(kinds):
        last = first
        while last < len(kinds) and kinds[last] in _NEUTRAL:
            last += 1
        before = _STRONG[kinds[first - 1]] if first else base
        after = _STRONG[kinds[last]] if last < len(kinds) else base
        kinds[first:last] = [before if before == after else base] * (last - first)
        first = max(last, first + 1)
    return kinds
