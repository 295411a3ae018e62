"""Write a person's lines into the document of their programme: the same path for one person and for many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from planmaker.pdf import fonts, phone
from planmaker.pdf.file import QUICK, stream
from planmaker.pdf.operators import shown
from planmaker.pdf.own import LEADING, OwnText, foreign_forms, own_form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from planmaker.pdf.desk import Slot
    from planmaker.pdf.file import Frozen
    from planmaker.pdf.fonts import Codes

__all__ = ["Inks", "Stamp", "Template", "overlay", "own_forms", "stamper"]

_OVERLAYS: Final = 64  # schedules whose lines are kept, of some 4 KB each


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The document of a programme that knows no person, and where a person's lines go.

    ``overlays``: the number of each page's late content stream with its slots; ``own``: the number and setting of each
    form for a text of the person's own; ``font`` is the number of the fonts' dictionary, ``attached`` the one kept for
    the plan's own file, 0 for none; ``link`` is the way to the person's calendar.
    """

    frozen: Frozen
    overlays: tuple[tuple[int, tuple[Slot, ...]], ...]
    own: Mapping[str, tuple[int, OwnText]]
    font: int
    codes: Mapping[str, Codes]
    attached: int = 0
    link: phone.Link | None = None


Stamp = Callable[["Texts", "Mapping[str, str]", bytes, str], tuple[bytes, bytes]]
Texts = tuple[tuple[str, str], ...]


def stamper(template: Template, font_dir: Path | None = None) -> Stamp:
    """Return the function that makes a person's file, in two parts: the first is that of all who share the programme.

    It takes the lines for the slots by key, whose streams are kept for all who share them, texts of the person's own
    by key, the file to attach, if any, and the address of the calendar, if any. A key without a text leaves its place
    empty. ``font_dir`` is a folder of fonts for what the program's own cannot print; what none of them can raises
    InputError.
    """
    overlays = lru_cache(_OVERLAYS)(partial(_overlays, template))

    def stamp(lines: Texts, own: Mapping[str, str], attachment: bytes, address: str) -> tuple[bytes, bytes]:
        texts = {number: (setting, own.get(key, "")) for key, (number, setting) in template.own.items()}
        inks = Inks(font=template.font, codes=template.codes, font_dir=font_dir)
        late = overlays(lines) | own_forms(texts, inks, template.frozen.size)
        if template.attached:
            late[template.attached] = _embedded(attachment)
        if template.link:
            late |= phone.objects(template.link, address)
        return template.frozen.finished(late)

    return stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Inks:
    """What texts are set with: the number of the fonts' dictionary, their codes, and a folder of further fonts."""

    font: int
    codes: Mapping[str, Codes]
    font_dir: Path | None


def own_forms(texts: Mapping[int, tuple[OwnText, str]], inks: Inks, free: int) -> dict[int, bytes]:
    """Return the forms of a person's own texts by their numbers, and what fonts these need from a free number on."""
    foreign = {number: item for number, item in texts.items() if not _plain(inks, *item)}
    found = {number: _own(inks, *item) for number, item in texts.items() if number not in foreign}
    return found | foreign_forms(foreign, free, inks.font_dir) if foreign else found


def _plain(inks: Inks, own: OwnText, text: str) -> bool:
    """Tell whether a text can be set with the fonts that the document has already."""
    return inks.codes[own.style.font].keys() >= set(map(ord, text))


def _overlays(template: Template, lines: Texts) -> dict[int, bytes]:
    """Write the content streams of all pages' slots."""
    texts = dict(lines)
    return {number: overlay(slots, texts, template.codes) for number, slots in template.overlays}


def overlay(slots: tuple[Slot, ...], texts: Mapping[str, str], codes: Mapping[str, Codes]) -> bytes:
    """Write the content stream of a page's slots."""
    shown_slots = (slot.shown(texts.get(slot.key, ""), codes[slot.style.font]) for slot in slots)
    return stream("", "\n".join(shown_slots).encode("latin-1"), level=QUICK)


def _embedded(data: bytes) -> bytes:
    """Write an embedded file of JSON (ISO 32000-1 7.11.4)."""
    return stream(f"/Type/EmbeddedFile/Subtype/application#2Fjson/Params<</Size {len(data)}>>", data)


def _own(inks: Inks, own: OwnText, text: str) -> bytes:
    """Write the form of a person's own text."""
    style, codes = own.style, inks.codes[own.style.font]
    size, lines = fonts.fit(
        text, lambda piece: fonts.measured(piece, style.font), style.size, own.measure, most=own.most
    )
    code = []
    for index, line in enumerate(reversed(lines)):
        left = -fonts.measured(line, style.font, size) if own.right else 0.0
        code.append(shown(line, left, index * size * LEADING, style, codes, size))
    return own_form(own, " ".join(code).encode("latin-1"), f"{inks.font} 0 R", len(lines) * size)
