"""Write a file as its objects come, so that it never stands in memory whole (ISO 32000-1 7.5)."""

from __future__ import annotations

import re
import struct
import zlib
from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from planmaker.pdf.file import ENDSTREAM, HEAD, PACKED, QUICK, indirect, pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Book", "renumbered"]

_ROWS: Final = 10_000  # of the cross-reference written at once
_REFERENCE: Final = re.compile(r"\b(\d+) 0 R\b")


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return an object whose references have other numbers."""
    return _REFERENCE.sub(lambda found: f"{numbers[int(found[1])]} 0 R", text)


class Book:
    """A file in the making whose finished bytes leave it at once; of each object it keeps where that is.

    Of what it takes from other files it keeps a hash too, so that each lies in it once.
    """

    def __init__(self) -> None:
        # Of an object by itself twice its place; of one in an object stream the stream's number and its index, odd.
        self._rows = array("Q", (0,))
        self._small: list[tuple[int, str]] = []
        self._shared: dict[bytes, int] = {}
        self._parts: list[bytes] = []
        self._place = 0
        self._digest = blake2b(digest_size=16)
        self._write(HEAD)

    @property
    def free(self) -> int:
        """The first number that no object has."""
        return len(self._rows)

    def reserve(self) -> int:
        """Return a number for an object that is put later."""
        self._rows.append(0)
        return len(self._rows) - 1

    def reserve_to(self, last: int) -> None:
        """Reserve the numbers that are free up to a last one."""
        self._rows.extend([0] * (last + 1 - len(self._rows)))

    def put(self, number: int, body: str | bytes) -> int:
        """Write an object under a reserved number: text, or the bytes of a stream; return the number."""
        if isinstance(body, bytes):
            self._rows[number] = self._place << 1
            self._write(indirect(number, body))
        else:
            self._small.append((number, body))
            if len(self._small) == PACKED:
                self._pack()
        return number

    def add(self, body: str | bytes) -> int:
        """Write an object under a new number and return it."""
        return self.put(self.reserve(), body)

    def take(self, bodies: Iterable[tuple[int, str | bytes]]) -> dict[int, int]:
        """Take in objects of another file unless they are there; return their numbers here by those there.

        An object comes after those that it refers to; a stream refers to none.
        """
        numbers: dict[int, int] = {}
        for number, found in bodies:
            body = renumbered(found, numbers) if isinstance(found, str) else found
            plain = body.encode("latin-1") if isinstance(body, str) else body
            key = blake2b(plain, digest_size=16).digest()
            if key not in self._shared:
                self._shared[key] = self.add(body)
            numbers[number] = self._shared[key]
        return numbers

    def written(self) -> Iterator[bytes]:
        """Yield what was written since the last time."""
        yield from self._parts
        self._parts.clear()

    def finished(self, root: int) -> Iterator[bytes]:
        """Yield the end of the file, whose catalogue has a number."""
        self._pack()
        yield from self.written()
        number, place = self.reserve(), self._place
        self._rows[number] = place << 1
        packed = b"".join(self._cross_reference())
        name = f"<{self._digest.hexdigest()}>"
        entries = (
            f"<</Type/XRef/Size {self.free}/W[1 5 2]/Root {root} 0 R/ID[{name}{name}]"
            f"/Filter/FlateDecode/Length {len(packed)}>>\nstream\n"
        )
        yield indirect(number, entries.encode() + packed + ENDSTREAM)
        yield b"startxref\n%d\n%%%%EOF\n" % place

    def _write(self, data: bytes) -> None:
        self._parts.append(data)
        self._place += len(data)
        self._digest.update(data)

    def _pack(self) -> None:
        """Write the small objects that wait as an object stream."""
        if not self._small:
            return
        number = self.reserve()
        for index, (small, _) in enumerate(self._small):
            self._rows[small] = (number << 8 | index) << 1 | 1
        waiting, self._small = self._small, []
        self.put(number, pack(waiting))

    def _cross_reference(self) -> Iterator[bytes]:
        """Yield the compressed rows of all objects (7.5.8.3)."""
        packer = zlib.compressobj(QUICK)
        for first in range(0, len(self._rows), _ROWS):
            yield packer.compress(b"".join(map(_row, self._rows[first : first + _ROWS])))
        yield packer.flush()


def _row(kept: int) -> bytes:
    """Write a row with a place of five bytes, for files of more than 4 GB."""
    if not kept:
        return _FREE
    value = kept >> 1
    if kept & 1:
        return struct.pack(">BxIH", 2, value >> 8, value & 0xFF)
    return struct.pack(">BBIH", 1, value >> 32, value & 0xFFFF_FFFF, 0)


_FREE: Final = struct.pack(">BxIH", 0, 0, 0xFFFF)
