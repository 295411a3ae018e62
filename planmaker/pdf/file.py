"""Write the objects of a file (ISO 32000-1 7.3 and 7.5): small ones packed together, streams by themselves.

A file is made in two steps: what is the same for everybody is frozen once, with numbers kept for objects that come
late; each finished file is the frozen bytes, its late objects and one cross-reference.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["File", "Frozen", "array", "stream", "text_string"]

_HEAD: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line tells that the file is not text
_PACKED: Final = 200  # objects of an object stream
_ROW: Final = 7  # bytes of a cross-reference row: kind, offset or stream, index
_PLAIN_TEXT: Final = {chr(code) for code in range(0x20, 0x7F)} - set("()\\")


def text_string(text: str) -> str:
    """Write a text string object (7.9.2.2): as it is if it is plain ASCII, else in UTF-16."""
    if _PLAIN_TEXT.issuperset(text):
        return f"({text})"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def array(numbers: Iterable[float]) -> str:
    """Write an array of numbers, to a hundredth."""
    return f"[{' '.join(f'{round(number, 2):g}' for number in numbers)}]"


def stream(entries: str, content: bytes | bytearray, *, level: int = 9) -> bytes:
    """Write a compressed stream with the entries of its dictionary."""
    packed = zlib.compress(content, level)
    return b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (
        entries.encode("latin-1"),
        len(packed),
        packed,
    )


class File:
    """The objects of a file in the making, by number."""

    def __init__(self) -> None:
        self._bodies: dict[int, str | bytes] = {}
        self._last = 0

    def reserve(self) -> int:
        """Return a number for an object that is put later, or comes late."""
        self._last += 1
        return self._last

    def put(self, number: int, body: str | bytes) -> int:
        """Keep an object under a reserved number: text, or the bytes of a stream; return the number."""
        self._bodies[number] = body
        return number

    def add(self, body: str | bytes) -> int:
        """Keep an object under a new number and return it."""
        return self.put(self.reserve(), body)

    def freeze(self, root: int) -> Frozen:
        """Return the part of the file that holds all objects kept so far."""
        rows = bytearray(_ROW)
        rows[-2:] = b"\xff\xff"  # object 0 heads the list of free ones
        rows += bytes(_ROW) * self._last
        parts, place = [_HEAD], len(_HEAD)
        small = [(number, body) for number, body in sorted(self._bodies.items()) if isinstance(body, str)]
        packs = [_pack(small[first : first + _PACKED]) for first in range(0, len(small), _PACKED)]
        streams = [(number, body) for number, body in sorted(self._bodies.items()) if isinstance(body, bytes)]
        for index, (number, _) in enumerate(small):
            _set(rows, number, 2, self._last + 1 + index // _PACKED, index % _PACKED)
        for number, body in [*streams, *enumerate(packs, start=self._last + 1)]:
            written = _indirect(number, body)
            _set(rows, number, 1, place)
            parts.append(written)
            place += len(written)
        return Frozen(data=b"".join(parts), rows=bytes(rows), root=root)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The part of a file that is the same for everybody, and the rows of its cross-reference."""

    data: bytes
    rows: bytes
    root: int

    @property
    def size(self) -> int:
        """The first number that no object has."""
        return len(self.rows) // _ROW

    def finished(self, late: Mapping[int, bytes]) -> bytes:
        """Return the whole file with its late objects: reserved numbers, or new ones from ``size`` up."""
        rows, parts, place = bytearray(self.rows), [self.data], len(self.data)
        for number, body in late.items():
            written = _indirect(number, body)
            _set(rows, number, 1, place)
            parts.append(written)
            place += len(written)
        number = len(rows) // _ROW
        _set(rows, number, 1, place)
        entries = f"/Type/XRef/Size {number + 1}/W[1 4 2]/Root {self.root} 0 R/ID[{self._id(parts)}]"
        parts.append(_indirect(number, stream(entries, rows, level=1)))
        parts.append(b"startxref\n%d\n%%%%EOF\n" % place)
        return b"".join(parts)

    def _id(self, parts: list[bytes]) -> str:
        """Name the file by what it holds (14.4)."""
        digest = blake2b(self.rows, digest_size=16)
        for part in parts[1:]:
            digest.update(part)
        return f"<{digest.hexdigest()}>" * 2


def _set(rows: bytearray, number: int, kind: int, first: int, second: int = 0) -> None:
    missing = (number + 1) * _ROW - len(rows)
    if missing > 0:
        rows += bytes(missing)
    rows[number * _ROW : (number + 1) * _ROW] = bytes((kind,)) + first.to_bytes(4, "big") + second.to_bytes(2, "big")


def _indirect(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def _pack(objects: list[tuple[int, str]]) -> bytes:
    """Write an object stream (7.5.7)."""
    places, bodies, at = [], [], 0
    for number, body in objects:
        data = body.encode("latin-1")
        places.append(f"{number} {at}")
        bodies.append(data)
        at += len(data) + 1
    head = " ".join(places).encode() + b"\n"
    return stream(f"/Type/ObjStm/N {len(objects)}/First {len(head)}", head + b"\n".join(bodies))
