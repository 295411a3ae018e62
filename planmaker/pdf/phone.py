"""Draw the way to a calendar that a phone subscribes to: a code for its camera, and the address as a link.

The address is a person's own: what holds it comes late into the file (see ``stamp``). Its length is the programme's,
so that there is room for any person's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final

from planmaker.pdf import fonts
from planmaker.pdf.file import QUICK, array, stream, text_string
from planmaker.pdf.fonts import BOLD, REGULAR
from planmaker.pdf.operators import ink, shown
from planmaker.pdf.style import ACCENT, MM, Type
from planmaker.pdf.surface import ASCENT, Area, height

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planmaker.pdf.fonts import Codes
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.surface import Surface

__all__ = ["LATE", "Link", "draw", "high", "link", "objects"]

_HEAD = Type(font=BOLD, size=14, leading=20)
_TEXT = Type(font=REGULAR, size=13, leading=16)
_ADDRESS = Type(font=REGULAR, size=12, leading=15, colour=ACCENT)

_QUIET: Final = 4  # modules kept white around the code (ISO/IEC 18004 5.3.8)
_MODULE: Final = 0.5 * MM  # the least, so that a print at 100 dots an inch can still be read
_SIDE: Final = 26 * MM  # of a short address's code, its quiet zone included
_GAP: Final = 5 * MM
_KEYS: Final = ("phone code", "phone address", "phone action", "phone told")  # of what comes late
LATE: Final = len(_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What comes late for an address: the numbers of code, text, action and description, and how the text is set."""

    numbers: tuple[int, ...]
    measure: float
    style: Type
    font: int
    codes: Codes
    told: str


def high(sheet: Sheet, words: Mapping[str, str], *, titled: bool = True) -> float:
    """Return how high it is, code and text."""
    return max(_side(sheet), _text_height(sheet, words, titled=titled))


def _text_height(sheet: Sheet, words: Mapping[str, str], *, titled: bool) -> float:
    room = _room(sheet)
    above = (_HEAD.leading if titled else 0.0) + height(words["phone_text"], _TEXT, room)
    return above + len(_lines(sheet.feed, room)) * _ADDRESS.leading


def _side(sheet: Sheet) -> float:
    """Return the side of the code with its quiet zone: on paper, however large the print is."""
    return max(_SIDE, _count(sheet.feed) * _MODULE) / sheet.paper.scale


def _room(sheet: Sheet) -> float:
    """Return the room of the text left of the code, whose right quiet zone lies in the margin."""
    return sheet.paper.measure - _side(sheet) - _GAP + _QUIET * _side(sheet) / _count(sheet.feed)


@lru_cache(64)
def _count(stand_in: str) -> int:
    """Return how many modules wide the code of an address is, which its length decides."""
    return len(_modules(stand_in)) + 2 * _QUIET


def _modules(address: str) -> Sequence[Sequence[int]]:
    """Return the code of an address in rows of dark and light modules, with error correction M (ISO/IEC 18004).

    With ``webcal`` in the place of ``https`` an iPhone offers to subscribe, where it would else take the entries once
    and never hear of a change; an Android phone would take the first entry only.
    """
    import segno  # noqa: PLC0415 - few sheets have an address

    text = re.sub("^https?:", "webcal:", address)
    return segno.make(text, error="m", boost_error=False, micro=False, mode="byte").matrix


def draw(surface: Surface, sheet: Sheet, words: Mapping[str, str], y: float, *, titled: bool = True) -> float:
    """Draw the code at the right, the text at the left of it; return the y below."""
    paper, side, room = surface.paper, _side(sheet), _room(sheet)
    module = side / _count(sheet.feed)
    code = Area(paper.edge - side + _QUIET * module, y, side, side)
    text_high = _text_height(sheet, words, titled=titled)
    top = y + max(side - text_high, 0.0) / 2 if titled else y + _QUIET * module
    if titled:
        top = surface.paragraph(paper.left, top, room, words["phone"], _HEAD, tag="H2")
    top = surface.paragraph(paper.left, top, room, words["phone_text"], _TEXT, tag="P")
    action, told = (surface.later(key) for key in _KEYS[2:])
    text = Area(paper.left, top, room, len(_lines(sheet.feed, room)) * _ADDRESS.leading)
    with surface.element("P"), surface.element("Link"):
        with surface.element("Figure", told=told, box=surface.figure_box(code)):
            surface.stamped(_KEYS[0], code.x, code.y + side, scale=module)
        surface.stamped(_KEYS[1], text.x, text.y)
        surface.leads(_around(code, text), action, told)
    return y + max(side, text_high)


def _around(one: Area, other: Area) -> Area:
    """Return the least area that covers two."""
    x, y = min(one.x, other.x), min(one.y, other.y)
    right = max(one.x + one.width, other.x + other.width)
    return Area(x, y, right - x, max(one.y + one.height, other.y + other.height) - y)


def _lines(address: str, measure: float) -> list[str]:
    """Break an address behind a stroke where there is one, else wherever the measure ends."""
    lines = [""]
    for part in re.findall("[^/]+/*", address):
        for piece in fonts.broken(part, _width, measure):
            if _width(lines[-1] + piece) <= measure:
                lines[-1] += piece
            else:
                lines.append(piece)
    return lines


def _width(text: str) -> float:
    return fonts.measured(text, _ADDRESS.font, _ADDRESS.size)


def link(surface: Surface, sheet: Sheet) -> Link | None:
    """Return what an address is written with into the file that was painted, if there is a place for it."""
    if _KEYS[0] not in surface.late:
        return None
    colour = sheet.tones().get(ACCENT, ACCENT)
    return Link(
        numbers=tuple(surface.late[key] for key in _KEYS),
        measure=_room(sheet),
        style=Type(font=_ADDRESS.font, size=_ADDRESS.size, leading=_ADDRESS.leading, colour=colour),
        font=surface.font,
        codes=surface.codes[_ADDRESS.font],
        told=sheet.words.labels["subscribe"],
    )


def objects(link: Link, address: str) -> dict[int, bytes]:
    """Return the late objects of an address."""
    told = text_string(link.told.format(address=address))
    bodies = (_code(address), _text(link, address), f"<</S/URI/URI{text_string(address)}>>".encode(), told.encode())
    return dict(zip(link.numbers, bodies, strict=True))


def _code(address: str) -> bytes:
    """Write the form of a code, a module being a unit: one path, so that no hair lines part the modules."""
    rows = _modules(address)
    size = len(rows) + 2 * _QUIET
    path = []
    for top, row in enumerate(rows, start=1):
        x = _QUIET
        for dark, run in groupby(row):
            wide = len(list(run))
            if dark:
                path.append(f"{x} {size - _QUIET - top} {wide} 1 re")
            x += wide
    entries = f"/Type/XObject/Subtype/Form/BBox{array((0, 0, size, size))}/Resources<<>>"
    return stream(entries, f"0 0 0 rg {' '.join(path)} f".encode(), level=QUICK)


def _text(link: Link, address: str) -> bytes:
    """Write the form of the address on its lines, the top of the first at the origin."""
    style = link.style
    lines = _lines(address, link.measure)
    code = [
        shown(line, 0, -index * style.leading - ASCENT * style.size, style, link.codes)
        for index, line in enumerate(lines)
    ]
    entries = (
        f"/Type/XObject/Subtype/Form/BBox{array((0, -len(lines) * style.leading, link.measure + 1, 0))}"
        f"/Resources<</Font {link.font} 0 R>>"
    )
    return stream(entries, f"{ink(style.colour, 'rg')} {' '.join(code)}".encode("latin-1"), level=QUICK)
