"""Write the objects of a file (ISO 32000-1 7.3 and 7.5): small ones packed together, streams by themselves.

A file is made in two steps: what is the same for everybody is frozen once, with numbers kept for objects that come
late; each finished file is the frozen bytes, its late objects and one cross-reference.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "ENDSTREAM",
    "HEAD",
    "PACKED",
    "QUICK",
    "File",
    "Frozen",
    "array",
    "indirect",
    "pack",
    "stream",
    "text_string",
]

HEAD: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line tells that the file is not text
# With a line feed alone, who looks for the end and does not count takes a last carriage return for a part of it.
ENDSTREAM: Final = b"\r\nendstream"
# The level of compression of what is made for each programme or person: 9 takes half as long again, to save a fiftieth.
QUICK: Final = 6
PACKED: Final = 200  # objects of an object stream
_SMALL: Final = 200  # bytes that compressing would hardly make fewer
_PLAIN_TEXT: Final = {chr(code) for code in range(0x20, 0x7F)} - set("()\\")


def text_string(text: str) -> str:
    """Write a text string object (7.9.2.2): as it is if it is plain ASCII, else in UTF-16."""
    if _PLAIN_TEXT.issuperset(text):
        return f"({text})"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def array(numbers: Iterable[float]) -> str:
    """Write an array of numbers, to a hundredth."""
    return f"[{' '.join(f'{round(number, 2):g}' for number in numbers)}]"


def stream(entries: str, content: bytes, *, level: int = 9) -> bytes:
    """Write a stream with the entries of its dictionary, compressed unless it is small."""
    if len(content) < _SMALL:
        return b"<<%b/Length %d>>\nstream\n%b%b" % (entries.encode("latin-1"), len(content), content, ENDSTREAM)
    packed = zlib.compress(content, level)
    head = b"<<%b/Filter/FlateDecode/Length %d>>\nstream\n" % (entries.encode("latin-1"), len(packed))
    return head + packed + ENDSTREAM


class File:
    """The objects of a file in the making, by number; the first numbers may be kept for objects that come late."""

    def __init__(self, late: int = 0) -> None:
        self._bodies: dict[int, str | bytes] = {}
        self._late = late
        self._given = 0
        self._last = late

    def reserve_late(self) -> int:
        """Return a number for an object that each finished file has of its own."""
        self._given += 1
        if self._given > self._late:
            msg = f"only {self._late} numbers are kept for late objects"
            raise ValueError(msg)
        return self._given

    def reserve(self) -> int:
        """Return a number for an object that is put later."""
        self._last += 1
        return self._last

    def put(self, number: int, body: str | bytes) -> int:
        """Keep an object under a reserved number: text, or the bytes of a stream; return the number."""
        self._bodies[number] = body
        return number

    def add(self, body: str | bytes) -> int:
        """Keep an object under a new number and return it."""
        return self.put(self.reserve(), body)

    def bodies(self) -> tuple[tuple[int, str | bytes], ...]:
        """Return all objects kept so far with their numbers, in order."""
        return tuple(sorted(self._bodies.items()))

    def freeze(self, root: int) -> Frozen:
        """Return the part of the file that holds all objects kept so far."""
        small = [(number, body) for number, body in self.bodies() if isinstance(body, str)]
        packs = [pack(small[first : first + PACKED]) for first in range(0, len(small), PACKED)]
        streams = [(number, body) for number, body in self.bodies() if isinstance(body, bytes)]
        rows = {
            number: _row(2, self._last + 1 + index // PACKED, index % PACKED) for index, (number, _) in enumerate(small)
        }
        parts, place = [HEAD], len(HEAD)
        for number, body in [*streams, *enumerate(packs, start=self._last + 1)]:
            rows[number] = _row(1, place)
            parts.append(indirect(number, body))
            place += len(parts[-1])
        size = self._last + len(packs) + 1
        data = b"".join(parts)
        return Frozen(
            data=data,
            late=self._late,
            size=size,
            rows=b"".join(rows.get(number, _FREE) for number in range(self._late + 1, size)),
            root=root,
            digest=blake2b(data).digest(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """The part of a file that is the same for everybody.

    ``late``: its first numbers are kept for late objects; ``size``: the first number that no object has; ``rows``: the
    cross-reference between the two.
    """

    data: bytes
    late: int
    size: int
    rows: bytes
    root: int
    digest: bytes
    packed: bytes = field(init=False)
    risen: bytes = field(init=False)

    def __post_init__(self) -> None:
        packer = zlib.compressobj(9, wbits=-15)
        rows = _risen(self.rows)
        packed = packer.compress(rows) + packer.flush(zlib.Z_FULL_FLUSH)
        object.__setattr__(self, "packed", packed)
        object.__setattr__(self, "risen", rows)

    def finished(self, late: Mapping[int, bytes]) -> tuple[bytes, bytes]:
        """Return the whole file in two parts: what everybody's begins with, and what follows with the late objects.

        Those stand under the numbers kept for them, or those from ``size`` up.
        """
        rows = dict.fromkeys(range(1, self.late + 1), _FREE)
        parts, place = [], len(self.data)
        for number, body in late.items():
            parts.append(indirect(number, body))
            rows[number] = _row(1, place)
            place += len(parts[-1])
        number = max(self.size, max(rows, default=0) + 1)
        rows[number] = _row(1, place)
        head = b"".join((_AS_IT_IS, _FREE, *(_AS_IT_IS + rows[index] for index in range(1, self.late + 1))))
        tail = b"".join(_AS_IT_IS + rows.get(index, _FREE) for index in range(self.size, number + 1))
        packed = self._packed(head, tail)
        entries = (
            f"<</Type/XRef/Size {number + 1}/W[1 4 2]/Root {self.root} 0 R/ID[{self._id(parts)}]"
            f"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns {_ROW.size}>>/Length {len(packed)}>>\nstream\n"
        )
        parts.append(indirect(number, entries.encode() + packed + ENDSTREAM))
        parts.append(b"startxref\n%d\n%%%%EOF\n" % place)
        return self.data, b"".join(parts)

    def _packed(self, head: bytes, tail: bytes) -> bytes:
        """Compress the cross-reference: its static rows are compressed once, the few others stored (RFC 1950, 1951)."""
        check = zlib.adler32(tail, zlib.adler32(self.risen, zlib.adler32(head)))
        return b"".join(
            (b"\x78\xda", _stored(head, last=False), self.packed, _stored(tail, last=True), check.to_bytes(4))
        )

    def _id(self, parts: list[bytes]) -> str:
        """Name the file by what it holds (14.4)."""
        digest = blake2b(self.digest, digest_size=16)
        for part in parts:
            digest.update(part)
        return f"<{digest.hexdigest()}>" * 2


def _row(kind: int, first: int, second: int = 0) -> bytes:
    """Write a row of a cross-reference stream (7.5.8.3)."""
    return _ROW.pack(kind, first, second)


_ROW: Final = struct.Struct(">BIH")
_FREE: Final = _row(0, 0, 0xFFFF)
_AS_IT_IS, _UP = b"\0", b"\2"  # what stands before a row, of PNG's predictors (7.4.4.4)


def _risen(rows: bytes) -> bytes:
    """Write each row but the first as its difference from the one before: numbers that count up become alike."""
    wide = _ROW.size
    less = bytes((byte - above) & 0xFF for byte, above in zip(rows[wide:], rows, strict=False))
    return _AS_IT_IS + rows[:wide] + b"".join(_UP + less[at : at + wide] for at in range(0, len(less), wide))


def _stored(data: bytes, *, last: bool) -> bytes:
    """Write a block that is not compressed (RFC 1951 3.2.4)."""
    return struct.pack("<BHH", last, len(data), len(data) ^ 0xFFFF) + data


def indirect(number: int, body: bytes) -> bytes:
    """Write an indirect object (7.3.10)."""
    return b"%d 0 obj\n%b\nendobj\n" % (number, body)


def pack(objects: list[tuple[int, str]]) -> bytes:
    """Write an object stream (7.5.7)."""
    places, bodies, at = [], [], 0
    for number, body in objects:
        data = body.encode("latin-1")
        places.append(f"{number} {at}")
        bodies.append(data)
        at += len(data) + 1
    head = " ".join(places).encode() + b"\n"
    return stream(f"/Type/ObjStm/N {len(objects)}/First {len(head)}", head + b"\n".join(bodies), level=QUICK)
