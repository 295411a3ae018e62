"""Add composite glyphs to a small TrueType font (OpenType: glyf, loca, hmtx, maxp)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Composite", "with_composites"]

_HEADER: Final = struct.Struct(">hhhhh")  # numberOfContours, xMin, yMin, xMax, yMax
_COMPONENT: Final = struct.Struct(">HHhh")  # flags, glyphIndex, argument1, argument2
_OFFSETS: Final = 0x0001 | 0x0002  # ARG_1_AND_2_ARE_WORDS, ARGS_ARE_XY_VALUES
_MORE: Final = 0x0020  # MORE_COMPONENTS
_OVERLAP: Final = 0x0400  # OVERLAP_COMPOUND
_TRUETYPE: Final = 0x00010000
_MAGIC: Final = 0xB1B0AFBA  # head.checkSumAdjustment is this less the sum of the file
_WORD: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Composite:
    """A glyph made of others, each shifted by (x, y); lengths in font units."""

    advance: int
    parts: tuple[tuple[int, int, int], ...]  # glyph, x, y


def with_composites(tables: Mapping[str, bytes], composites: Sequence[Composite]) -> bytes:
    """Return the font file of some tables, with composites as its last glyphs."""
    glyphs, metrics = _glyphs(tables), _metrics(tables)
    for composite in composites:
        glyph = _composite(composite, glyphs)
        left = _HEADER.unpack_from(glyph)[1] if glyph else 0
        metrics.append((composite.advance, left))
        glyphs.append(glyph)
    padded = [glyph + bytes(-len(glyph) % 4) for glyph in glyphs]
    offsets = [0]
    for glyph in padded:
        offsets.append(offsets[-1] + len(glyph))
    most = max((len(composite.parts) for composite in composites), default=0)
    return _file(
        {
            "glyf": b"".join(padded) or bytes(4),
            "head": _patched(tables["head"], {8: 0, 10: 0, 50: 1}),
            "hhea": _patched(tables["hhea"], {34: len(metrics)}),
            "hmtx": b"".join(struct.pack(">Hh", *metric) for metric in metrics),
            "loca": struct.pack(f">{len(offsets)}I", *offsets),
            "maxp": _limits(tables["maxp"], len(glyphs), most),
        }
    )


def _glyphs(tables: Mapping[str, bytes]) -> list[bytes]:
    long = struct.unpack_from(">h", tables["head"], 50)[0]
    loca = tables["loca"]
    offsets = struct.unpack(f">{len(loca) // 4}I" if long else f">{len(loca) // 2}H", loca)
    scale = 1 if long else 2
    return [tables["glyf"][first * scale : last * scale] for first, last in pairwise(offsets)]


def _metrics(tables: Mapping[str, bytes]) -> list[tuple[int, int]]:
    """Return advance and left side bearing of each glyph; the last advance holds for all after it."""
    count = struct.unpack_from(">H", tables["maxp"], 4)[0]
    long = struct.unpack_from(">H", tables["hhea"], 34)[0]
    hmtx = tables["hmtx"]
    metrics: list[tuple[int, int]] = [struct.unpack_from(">Hh", hmtx, 4 * index) for index in range(long)]
    for index in range(count - long):
        metrics.append((metrics[long - 1][0], struct.unpack_from(">h", hmtx, 4 * long + 2 * index)[0]))
    return metrics


def _composite(composite: Composite, glyphs: Sequence[bytes]) -> bytes:
    """Return the data of a composite glyph; one of blank parts is blank."""
    parts = [(glyph, x, y) for glyph, x, y in composite.parts if glyphs[glyph]]
    if not parts:
        return b""
    boxes = [
        (box[1] + x, box[2] + y, box[3] + x, box[4] + y)
        for box, x, y in ((_HEADER.unpack_from(glyphs[glyph]), x, y) for glyph, x, y in parts)
    ]
    left, bottom, right, top = zip(*boxes, strict=True)
    data = [_HEADER.pack(-1, min(left), min(bottom), max(right), max(top))]
    for index, (glyph, x, y) in enumerate(parts, 1):
        flags = _OFFSETS | (_OVERLAP if index == 1 else 0) | (_MORE if index < len(parts) else 0)
        data.append(_COMPONENT.pack(flags, glyph, x, y))
    return b"".join(data)


def _limits(maxp: bytes, glyphs: int, most: int) -> bytes:
    """Return the limits that a rasteriser reserves memory by; those of points and contours are upper bounds."""
    points, contours, joined_points, joined_contours = struct.unpack_from(">4H", maxp, 6)
    elements, depth = struct.unpack_from(">2H", maxp, 28)
    return _patched(
        maxp,
        {
            4: glyphs,
            10: max(1, most) * max(points, joined_points),
            12: max(1, most) * max(contours, joined_contours),
            28: max(elements, most),
            30: depth + 1,
        },
    )


def _patched(table: bytes, shorts: Mapping[int, int]) -> bytes:
    data = bytearray(table)
    for offset, value in shorts.items():
        struct.pack_into(">H", data, offset, value)
    return bytes(data)


def _file(tables: Mapping[str, bytes]) -> bytes:
    """Lay tables out as a font file."""
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = struct.pack(">I4H", _TRUETYPE, count, power * 16, power.bit_length() - 1, (count - power) * 16)
    directory, body, offset, place = [head], [], 12 + 16 * count, 0
    for tag, table in sorted(tables.items()):
        if tag == "head":
            place = offset
        directory.append(struct.pack(">4s3I", tag.encode(), _sum(table), offset, len(table)))
        body.append(table + bytes(-len(table) % 4))
        offset += len(body[-1])
    data = bytearray(b"".join(directory + body))
    struct.pack_into(">I", data, place + 8, (_MAGIC - _sum(bytes(data))) & _WORD)
    return bytes(data)


def _sum(data: bytes) -> int:
    data += bytes(-len(data) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & _WORD
