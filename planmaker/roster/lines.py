"""Turn the bytes of a text file into its lines, whatever its encoding and line ends, a block at a time."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LONGEST_LINE", "Encoding", "encoding_of", "is_encoding", "lines"]

_BLOCK = 1 << 18
_HEAD = 400
# In characters: of a longer line only so many are kept, and no row is made of it.
LONGEST_LINE = 100_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNUSED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # they stay control characters, which no field takes
_WINDOWS = {byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in _UNUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How the bytes of a file mean characters.

    ``strange`` counts the lines that are not UTF-8 in a file that was taken for it, the first of which
    is ``first_strange``: they are read as Windows-1252. ``guess`` is what to say of it, if it is one.
    """

    name: str
    strange: int = 0
    first_strange: int = 0
    guess: str = ""


def is_encoding(name: str) -> bool:
    """Tell whether a text can be read in an encoding of this name."""
    try:
        b"a".decode(name, "replace")  # refuses codecs that are not of text
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        return False
    return True


def encoding_of(file: BinaryIO, told: str | None) -> Encoding:
    """Return how a file is encoded: as told, by its mark, by its zero bytes, UTF-8, else partly Windows-1252."""
    if told:
        return Encoding(name="utf-8-sig" if codecs.lookup(told).name == "utf-8" else told)
    file.seek(0)
    head = file.read(_HEAD)
    for mark, name in _MARKS:
        if head.startswith(mark) and name != "utf-8-sig":
            return Encoding(name=name)
    wide = _utf16(head)
    if wide:
        return Encoding(name=wide, guess=f"read as {wide.upper()}")
    first, count = _strange_lines(file)
    if not count:
        return Encoding(name="utf-8-sig")
    guess = f"read as Windows-1252 where it is not UTF-8 ({_lines_spoken(count)} from line {first} on)"
    return Encoding(
        name="utf-8-sig", strange=count, first_strange=first, guess=f"{guess}, so check the accents in names"
    )


def lines(file: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """Yield each line of a file without its end, be that CR LF, CR or LF.

    Of a line longer than LONGEST_LINE enough is kept to see that it is; bytes that mean nothing become
    U+FFFD. Several such readers of one file do not disturb each other.
    """
    rest = ""
    for text in _mixed(file) if encoding.strange else _decoded(file, encoding.name):
        block = rest + text if rest else text
        held = ""
        if "\r" in block:
            if block.endswith("\r"):  # its LF may come with the next block
                block, held = block[:-1], "\r"
            block = block.replace("\r\n", "\n").replace("\r", "\n")
        parts = block.split("\n")
        rest = parts.pop()
        if len(rest) > LONGEST_LINE:
            rest = rest[: LONGEST_LINE + 1]
        rest += held
        yield from parts
    yield rest.removesuffix("\r")


def _lines_spoken(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"


def _blocks(file: BinaryIO, offset: int = 0) -> Iterator[bytes]:
    while True:
        file.seek(offset)
        block = file.read(_BLOCK)
        if not block:
            return
        offset += len(block)
        yield block


def _decoded(file: BinaryIO, name: str) -> Iterator[str]:
    """Yield the text of a file in one encoding, without its mark."""
    decoder = codecs.getincrementaldecoder(name)(errors="replace")
    fresh = True
    for block in _blocks(file):
        text = decoder.decode(block)
        yield text.removeprefix("\ufeff") if fresh else text
        fresh = fresh and not text
    yield decoder.decode(b"", final=True)


def _mixed(file: BinaryIO) -> Iterator[str]:
    """Yield the text of a file in which some lines are UTF-8 and some Windows-1252."""
    for block in _whole_lines(file):
        try:
            yield block.decode("utf-8")
        except UnicodeDecodeError:
            yield "".join(map(_either, block.splitlines(keepends=True)))


def _either(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1").translate(_WINDOWS)


def _strange_lines(file: BinaryIO) -> tuple[int, int]:
    """Return the first line that is not UTF-8, from 1, and how many are not."""
    first = count = passed = 0
    for block in _whole_lines(file):
        found = []
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            found = [number for number, line in enumerate(block.splitlines(), passed + 1) if not _is_utf8(line)]
        first = first or (found[0] if found else 0)
        count += len(found)
        passed += len(block.splitlines()) - (block[-1:] not in b"\r\n")
    return first, count


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file in blocks that end where a line ends, as far as a line is not monstrous."""
    file.seek(0)
    mark = file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
    rest = b""
    for read in _blocks(file, len(codecs.BOM_UTF8) * mark):
        block = rest + read
        cut = block.rfind(b"\n") + 1 or block.rfind(b"\r", 0, len(block) - 1) + 1
        if not cut and len(block) > 4 * LONGEST_LINE:
            cut = len(block) - block.endswith(b"\r")
        rest = block[cut:]
        yield block[:cut]
    yield rest


def _utf16(head: bytes) -> str:
    """Return the UTF-16 that zero bytes show, or an empty text."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if not head or max(even, odd) * 4 < len(head):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"
