"""Write a person's lines into the document of their programme: the same path for one person and for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from planmaker.pdf import fonts
from planmaker.pdf.file import array, stream
from planmaker.pdf.surface import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.pdf.file import Frozen
    from planmaker.pdf.fonts import Codes
    from planmaker.pdf.spots import Blank
    from planmaker.pdf.style import Type
    from planmaker.pdf.surface import Slot

__all__ = ["OwnText", "Stamp", "Template", "stamper"]

_OVERLAYS: Final = 256  # schedules whose lines are kept, of some 4 KB each
_LEADING: Final = 1.15
_LEVEL: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """How a text of the person's own is set: shrunk to a measure, on ``most`` lines, the last one at the origin."""

    style: Type
    measure: float
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The document of a programme that knows no person, and where a person's lines go.

    ``overlays``: the number of each page's late content stream with its slots; ``own``: the number and setting of each
    form for a text of the person's own; ``font`` is the number of the fonts' dictionary; ``blanks`` are the places to
    fill in; ``attached`` is the number kept for the plan's own file, 0 for none.
    """

    frozen: Frozen
    overlays: tuple[tuple[int, tuple[Slot, ...]], ...]
    own: Mapping[str, tuple[int, OwnText]]
    font: int
    codes: Mapping[str, Codes]
    blanks: tuple[Blank, ...]
    attached: int = 0


Stamp = Callable[["Texts", "Mapping[str, str]", bytes], bytes]
Texts = tuple[tuple[str, str], ...]


def stamper(template: Template) -> Stamp:
    """Return the function that makes a person's file.

    It takes the lines for the slots by key, whose streams are kept for all who share them, and the texts of the
    person's own by key, and the file to attach, if any. A key without a text leaves its place empty.
    """
    overlays = lru_cache(_OVERLAYS)(partial(_overlays, template))

    def stamp(lines: Texts, own: Mapping[str, str], attachment: bytes) -> bytes:
        forms = {number: _own(template, text, own.get(key, "")) for key, (number, text) in template.own.items()}
        carried = {template.attached: _embedded(attachment)} if template.attached else {}
        return template.frozen.finished({**overlays(lines), **forms, **carried})

    return stamp


def _overlays(template: Template, lines: Texts) -> dict[int, bytes]:
    """Write the content streams of all pages' slots."""
    texts = dict(lines)
    return {
        number: stream(
            "",
            "\n".join(slot.shown(texts.get(slot.key, ""), template.codes[slot.style.font]) for slot in slots).encode(
                "latin-1"
            ),
            level=_LEVEL,
        )
        for number, slots in template.overlays
    }


def _embedded(data: bytes) -> bytes:
    """Write an embedded file of JSON (ISO 32000-1 7.11.4)."""
    return stream(f"/Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size {len(data)}>>", data)


def _own(template: Template, own: OwnText, text: str) -> bytes:
    """Write the form of a person's own text."""
    style, codes = own.style, template.codes[own.style.font]
    size, lines = fonts.fit(text, lambda piece: fonts.width(piece, style.font, 1), style.size, own.measure)
    code = []
    for index, line in enumerate(reversed(lines)):
        left = -fonts.width(line, style.font, size) if own.right else 0.0
        code.append(shown(line, left, index * size * _LEADING, style, codes, size))
    colour = " ".join(f"{part:.3g}" for part in style.colour)
    bounds = array((-own.measure - size, -size, own.measure + size, (len(lines) + 1) * size * _LEADING))
    entries = f"/Type/XObject/Subtype/Form/BBox{bounds}/Resources<</Font {template.font} 0 R>>"
    return stream(entries, f"{colour} rg {' '.join(code)}".encode("latin-1"), level=_LEVEL)
