"""Set marked-up passages: break them into lines, spread these over columns and pages, write them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from planmaker.pdf.fonts import BOLD, SEMIBOLD
from planmaker.pdf.furniture import BODY, NUMBER_INDENT, numbered
from planmaker.pdf.style import ACCENT, MM, Type
from planmaker.pdf.surface import height

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planmaker.pdf.surface import Surface

__all__ = ["Line", "high", "in_columns", "parsed", "write"]

_HEAD = Type(font=BOLD, size=14, leading=18, colour=ACCENT)
_SUBHEAD = Type(font=SEMIBOLD, size=12, leading=14.8)
_AFTER = 0.9 * MM
_STEP = BODY.leading


class Line(NamedTuple):
    """A heading, a paragraph, or an item of a list: ``kind`` is ``item`` or ``step`` (with its number), else empty."""

    text: str
    style: Type = BODY
    indent: float = 0.0
    above: float = 0.0
    kind: str = ""
    tag: str = "P"
    number: int = 0


class _Kept(NamedTuple):
    """Lines that stay together: how high they are, and what is kept free above them but at the top of a column."""

    lines: tuple[Line, ...]
    high: float
    above: float


def parsed(text: str) -> tuple[Line, ...]:
    """Part a passage into lines: ``# `` and ``## `` start headings, ``- `` an item, ``+ `` a step with a number."""
    lines: list[Line] = []
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            lines.append(Line(rest, _HEAD, above=3.4 * MM, tag="H3"))
        elif mark == "##":
            lines.append(Line(rest, _SUBHEAD, above=2 * MM, tag="H4"))
        elif mark == "-":
            lines.append(Line(rest, indent=4 * MM, kind="item"))
        elif mark == "+":
            before = lines[-1].number if lines[-1].kind == "step" else 0
            lines.append(Line(rest, indent=NUMBER_INDENT, kind="step", number=before + 1))
        else:
            lines.append(Line(line))
    return tuple(lines)


def high(lines: Sequence[Line], measure: float) -> float:
    """Return how high lines will be; nothing is kept free above the first."""
    return sum(
        (line.above if index else 0.0) + height(line.text, line.style, measure - line.indent) + _AFTER
        for index, line in enumerate(lines)
    )


def in_columns(
    lines: Sequence[Line], rooms: Sequence[float], measure: float, columns: int
) -> tuple[tuple[Line, ...], ...]:
    """Spread lines over columns of the rooms, the last of which repeats, as even as whole sections can be.

    A section is split only if it is higher than a column; a heading stays with what follows it.
    """
    sections = [
        [_Kept(tuple(kept), high(kept, measure), kept[0].above) for kept in _kept(section)]
        for section in _sections(lines)
    ]
    found = _filled(sections, rooms)
    wanted = -(-len(found) // columns) * columns
    least = max((tall for section in sections if (tall := _tall(section)) <= min(rooms)), default=0.0)
    less = _STEP
    while columns > 1 and min(rooms) - less >= least:
        closer = _filled(sections, [room - less for room in rooms])
        if len(closer) > wanted:
            break
        found, less = closer, less + _STEP
    return found


def _sections(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the lines from each heading to the next."""
    taken: list[Line] = []
    for line in lines:
        if line.tag.startswith("H") and taken:
            yield taken
            taken = []
        taken.append(line)
    if taken:
        yield taken


def _tall(section: Sequence[_Kept]) -> float:
    """Return how high a section is at the top of a column."""
    return sum(kept.high + kept.above for kept in section) - section[0].above


def _filled(sections: Sequence[Sequence[_Kept]], rooms: Sequence[float]) -> tuple[tuple[Line, ...], ...]:
    columns: list[list[Line]] = [[]]
    used = 0.0

    def over(more: float) -> bool:
        return bool(columns[-1]) and used + more > rooms[min(len(columns), len(rooms)) - 1]

    for section in sections:
        whole = _tall(section)
        if over(section[0].above + whole) and whole <= rooms[-1]:
            columns.append([])
            used = 0.0
        for kept in section:
            if over(kept.above + kept.high):
                columns.append([])
                used = 0.0
            used += kept.high + (kept.above if columns[-1] else 0.0)
            columns[-1] += kept.lines
    return tuple(tuple(column) for column in columns)


def _kept(section: list[Line]) -> Iterator[list[Line]]:
    """Yield the lines that stay together: headings, and what introduces a list, with the line that follows."""
    taken: list[Line] = []
    for line in section:
        taken.append(line)
        if not line.tag.startswith("H") and not line.text.endswith(":"):
            yield taken
            taken = []
    if taken:
        yield taken


def write(surface: Surface, x: float, y: float, measure: float, lines: Sequence[Line]) -> float:
    """Write lines in a column, lists as lists; return the y below."""
    top = True
    for kind, group in groupby(lines, key=lambda line: line.kind):
        with surface.element("L" if kind else "Sect"):
            for line in group:
                y = _write(surface, x, y + (0.0 if top else line.above), measure, line) + _AFTER
                top = False
    return y


def _write(surface: Surface, x: float, y: float, measure: float, line: Line) -> float:
    if line.kind == "step":
        return numbered(surface, x, y, measure, line.number, line.text)
    if not line.kind:
        return surface.paragraph(x, y, measure, line.text, line.style, tag=line.tag)
    surface.disc(x + 1.4 * MM, y + 7.2, "", line.style, radius=1.6, fill=ACCENT)
    with surface.element("LI"):
        return surface.paragraph(x + line.indent, y, measure - line.indent, line.text, line.style, tag="LBody")
