"""Make the font objects of shaped lines for one file, and the operators that show them (ISO 32000-1 9.7, 9.10).

A file gets of a font the glyphs of its lines only. Letters and marks that belong together become one glyph with one
code, as wide as they are together: so all programs that extract text find words whole and in order.
Only fonts of PostScript outlines (CFF) keep their glyphs apart.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from itertools import count, groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import uharfbuzz

from planmaker.pdf.file import ENDSTREAM
from planmaker.pdf.glyf import Composite, with_composites
from planmaker.pdf.shaping import Glyph
from planmaker.pdf.typefaces import EM, REGULAR, typeface, weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planmaker.pdf.shaping import Run

__all__ = ["OBJECTS", "Descriptor", "EmbeddedFont", "embedded", "objects", "show"]

Cluster = tuple[Glyph, ...]

OBJECTS: Final = 6  # that a font takes in a file, at most
_BLOCK: Final = 100  # entries of a block at most (Adobe Technical Note 5411)
_SILENT: Final = "\u200b"  # a glyph without text of its own stands for a space of no width
_SYMBOLIC: Final = 4  # the characters are not those of the standard Latin set (table 123)
_PATIENCE: Final = 100  # subsets of a CFF font, after which to prepare it (most of a second) is worth it
_TABLES: Final = {"glyf", "head", "hhea", "hmtx", "loca", "maxp", "CFF "}
_FLAGS: Final = (
    uharfbuzz.SubsetFlags.NO_HINTING
    | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    | uharfbuzz.SubsetFlags.CFF_IDENTITY_CHARSET
)
_CMAP: Final = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> def
/CMapName /{name} def /CMapType {kind} def{mode}
1 begincodespacerange <0000> <FFFF> endcodespacerange
{blocks}
endcmap CMapName currentdict /CMap defineresource pop end end"""
_IDENTITY: Final = "<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """What a font descriptor says of a font (table 122); lengths in 1/1000 em."""

    name: str
    bbox: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int
    italic_angle: float
    stem_v: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedFont:
    """A font as one file holds it.

    ``codes`` gives the two-byte code of each cluster, ``gids`` and ``widths`` (in 1/1000 em) are by code;
    ``encoding`` is the CMap of codes to glyphs, if they differ.
    """

    base_font: str
    file: bytes
    cff: bool
    codes: Mapping[Cluster, int]
    widths: Mapping[int, int]
    encoding: bytes | None
    to_unicode: bytes
    descriptor: Descriptor


@dataclass(frozen=True, slots=True)
class _Subset:
    """A font file, and the glyph in it that shows each cluster."""

    file: bytes
    gids: tuple[int, ...]


def embedded(face: str, runs: Iterable[Run]) -> EmbeddedFont:
    """Return the font that shows the given runs; runs of other fonts are passed over."""
    cff = _is_cff(face)
    found = {place.cluster for run in runs if run.face == face for place in _placed(run, cff=cff)}
    clusters = tuple(sorted(found, key=_order))
    subset = (_of_charstrings if cff else _of_outlines)(face, clusters)
    codes = _codes(subset.gids)
    to_unicode = _to_unicode(dict(zip(codes, (cluster[0].text or _SILENT for cluster in clusters), strict=True)))
    descriptor = _descriptor(face)
    return EmbeddedFont(
        base_font=f"{_tag(subset.file + to_unicode)}+{descriptor.name}",
        file=subset.file,
        cff=cff,
        codes=dict(zip(clusters, codes, strict=True)),
        widths=dict(zip(codes, map(_width, clusters), strict=True)),
        encoding=None if codes == subset.gids else _encoding(dict(zip(codes, subset.gids, strict=True))),
        to_unicode=to_unicode,
        descriptor=descriptor,
    )


def show(run: Run, font: EmbeddedFont, resource_name: str, size: float) -> bytes:
    """Return the operators that show a run at the current text position, and move that behind it."""
    parts = [f"/{resource_name} {_number(size)} Tf"]
    for rise, group in groupby(_placed(run, cff=font.cff), key=attrgetter("rise")):
        array = _array(group, font)
        parts.append(f"{_number(rise * size / EM)} Ts {array} 0 Ts" if rise else array)
    return " ".join(parts).encode()


def objects(font: EmbeddedFont, numbers: Sequence[int]) -> dict[int, bytes]:
    """Return the objects of a font, five or rarely six, under the given numbers; the first is the font itself."""
    _, descendant, descriptor, file, to_unicode, encoding = numbers[:OBJECTS]
    name, facts = font.base_font, font.descriptor
    code = f"{encoding} 0 R" if font.encoding else "/Identity-H"
    kind = "/CIDFontType0" if font.cff else "/CIDFontType2/CIDToGIDMap/Identity"
    program = "/Subtype/CIDFontType0C" if font.cff else f"/Length1 {len(font.file)}"
    widths = "".join(f"{code}[{width}]" for code, width in sorted(font.widths.items()))
    bodies = [
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding {code}"
        f"/DescendantFonts[{descendant} 0 R]/ToUnicode {to_unicode} 0 R>>".encode(),
        f"<</Type/Font/Subtype{kind}/BaseFont/{name}/CIDSystemInfo{_IDENTITY}"
        f"/FontDescriptor {descriptor} 0 R/W[{widths}]>>".encode(),
        f"<</Type/FontDescriptor/FontName/{name}/Flags {_SYMBOLIC}/FontBBox[{' '.join(map(str, facts.bbox))}]"
        f"/ItalicAngle {_number(facts.italic_angle)}/Ascent {facts.ascent}/Descent {facts.descent}"
        f"/CapHeight {facts.cap_height}/StemV {facts.stem_v}/FontFile{3 if font.cff else 2} {file} 0 R>>".encode(),
        _stream(program, font.file),
        _stream("", font.to_unicode),
    ]
    if font.encoding:
        bodies.append(_stream(f"/Type/CMap/CMapName/{name}/CIDSystemInfo{_IDENTITY}", font.encoding))
    return dict(zip(numbers, bodies, strict=False))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cluster and how it stands in its line, in 1/1000 em."""

    cluster: Cluster
    dx: int
    rise: int
    advance: int


def _placed(run: Run, *, cff: bool) -> Iterator[_Placed]:
    """Yield the clusters of a run, each with its natural width.

    A glyph of its own is the same wherever it stands; others are told apart by how they stand to each other.
    """
    glyphs = run.glyphs
    natural = typeface(run.face).font.get_glyph_h_advance
    starts = [index for index, glyph in enumerate(glyphs) if not index or glyph.text or cff]
    for first, last in pairwise([*starts, len(glyphs)]):
        glyph = glyphs[first]
        if cff or (last - first == 1 and glyph.advance and not glyph.dy):
            alone = Glyph(glyph.gid, natural(glyph.gid), 0, 0, glyph.text)
            yield _Placed((alone,), glyph.dx, glyph.dy, glyph.advance)
        else:
            yield _Placed(glyphs[first:last], 0, 0, _width(glyphs[first:last]))


def _width(cluster: Cluster) -> int:
    return sum(glyph.advance for glyph in cluster)


def _array(placed: Iterable[_Placed], font: EmbeddedFont) -> str:
    """Return the operator that shows clusters of one height; numbers in it move back (9.4.3)."""
    parts: list[str] = []
    back = 0
    for place in placed:
        code = font.codes[place.cluster]
        back -= place.dx
        if back or not parts:
            parts.append(f">{back}<" if back else "<")
        parts.append(f"{code:04X}")
        back = place.dx + _width(place.cluster) - place.advance
    return f"[{''.join(parts)}>{back or ''}] TJ".replace("[>", "[")


def _of_outlines(face: str, clusters: Sequence[Cluster]) -> _Subset:
    """Make a TrueType font with a glyph for each cluster."""
    subset, places = _cut(face, clusters)
    first = subset.glyph_count
    gids: dict[int, Cluster] = {}
    composites: list[Composite] = []
    for cluster in clusters:
        gid = places[cluster[0].gid]
        if gid in gids or not _is_alone(face, cluster):
            gid = first + len(composites)
            composites.append(_composite(cluster, places, subset.upem / EM))
        gids[gid] = cluster
    tables = {tag: bytes(subset.reference_table(tag).data) for tag in subset.table_tags}
    return _Subset(with_composites(tables, composites), tuple(gids))


def _is_alone(face: str, cluster: Cluster) -> bool:
    """Tell whether a cluster is but a glyph of the font as it is."""
    glyph = cluster[0]
    natural = typeface(face).font.get_glyph_h_advance(glyph.gid)
    return len(cluster) == 1 and (glyph.advance, glyph.dx, glyph.dy) == (natural, 0, 0)


def _composite(cluster: Cluster, places: Mapping[int, int], ems: float) -> Composite:
    """Join the glyphs of a cluster; ``ems`` are the units of the font in 1/1000 em."""
    parts = []
    pen = 0
    for glyph in cluster:
        parts.append((places[glyph.gid], round((pen + glyph.dx) * ems), round(glyph.dy * ems)))
        pen += glyph.advance
    return Composite(round(pen * ems), tuple(parts))


def _of_charstrings(face: str, clusters: Sequence[Cluster]) -> _Subset:
    """Make a CFF font; its glyphs may stand for several clusters."""
    subset, places = _cut(face, clusters)
    return _Subset(bytes(subset.reference_table("CFF ").data), tuple(places[cluster[0].gid] for cluster in clusters))


def _cut(face: str, clusters: Iterable[Cluster]) -> tuple[uharfbuzz.Face, Mapping[int, int]]:
    """Return a font of the glyphs that are needed, and where they are in it."""
    options = uharfbuzz.SubsetInput()
    options.flags = _FLAGS
    options.glyph_set.update({glyph.gid for cluster in clusters for glyph in cluster})
    source = _source(face)
    options.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update(_unneeded(face))
    if source.axis_infos:
        options.pin_all_axes_to_default(source)
        options.pin_axis_location(source, "wght", REGULAR)
    plan = uharfbuzz.SubsetPlan(source, options)
    return plan.execute(), dict(plan.old_to_new_glyph_mapping)


def _source(face: str) -> uharfbuzz.Face:
    """Return a font to cut: as it is, or prepared if that has paid by now; what is cut is the same."""
    return _prepared(face) if not _is_cff(face) or next(_cuts(face)) >= _PATIENCE else typeface(face).face


@cache
def _prepared(face: str) -> uharfbuzz.Face:
    return uharfbuzz.subset_preprocess(typeface(face).face)


@cache
def _cuts(face: str) -> count[int]:
    """Count the subsets made of a font."""
    del face  # each has its own count
    return count()


@cache
def _unneeded(face: str) -> frozenset[int]:
    tags = set(typeface(face).face.table_tags) - _TABLES
    return frozenset(int.from_bytes(tag.encode()) for tag in tags)


@cache
def _is_cff(face: str) -> bool:
    return "glyf" not in typeface(face).face.table_tags


@cache
def _descriptor(face: str) -> Descriptor:
    opened = typeface(face)
    ems = EM / opened.face.upem
    head = bytes(opened.face.reference_table("head").data)
    left, bottom, right, top = (round(value * ems) for value in struct.unpack_from(">4h", head, 36))
    extents = opened.font.get_font_extents("ltr")
    metric = opened.font.get_metric_position_with_fallback
    name = opened.face.get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME) or "Font"
    return Descriptor(
        name=re.sub(r"[^A-Za-z0-9-]", "", name) or "Font",
        bbox=(left, bottom, right, top),
        ascent=extents.ascender,
        descent=extents.descender,
        cap_height=metric(uharfbuzz.OTMetricsTag.CAP_HEIGHT),
        italic_angle=opened.font.get_style_value(uharfbuzz.StyleTag.SLANT_ANGLE),
        stem_v=round(50 + (weight(face) / 65) ** 2),  # no table of a font has it; a usual estimate from the weight
    )


def _codes(gids: tuple[int, ...]) -> tuple[int, ...]:
    """Give each cluster a code: its glyph, or one beyond all glyphs if that stands for another text already."""
    spare = count(max(gids, default=0) + 1)
    taken: set[int] = set()
    codes = []
    for gid in gids:
        codes.append(next(spare) if gid in taken else gid)
        taken.add(gid)
    return tuple(codes)


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    pairs = [f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in sorted(texts.items())]
    return _cmap("UCS", 2, "", "bfchar", pairs)


def _encoding(gids: Mapping[int, int]) -> bytes:
    pairs = [f"<{code:04X}> {gid}" for code, gid in sorted(gids.items())]
    return _cmap("Identity", 1, " /WMode 0 def", "cidchar", pairs)


def _cmap(ordering: str, kind: int, mode: str, word: str, pairs: Sequence[str]) -> bytes:
    blocks = [pairs[first : first + _BLOCK] for first in range(0, len(pairs), _BLOCK)]
    lines = [f"{len(block)} begin{word}\n" + "\n".join(block) + f"\nend{word}" for block in blocks]
    text = _CMAP.format(ordering=ordering, name=f"Planmaker-{ordering}", kind=kind, mode=mode, blocks="\n".join(lines))
    return text.encode()


def _tag(data: bytes) -> str:
    """Return the six letters that tell subsets apart (9.6.4)."""
    value = int.from_bytes(hashlib.sha256(data).digest()[:8])
    return "".join(chr(ord("A") + value // 26**place % 26) for place in range(6))


def _order(cluster: Cluster) -> tuple[tuple[int, int, int, int, str], ...]:
    return tuple((glyph.gid, glyph.advance, glyph.dx, glyph.dy, glyph.text) for glyph in cluster)


def _number(value: float) -> str:
    """Write a number as PDF does: without exponent, no longer than needed."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _stream(entries: str, data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Filter/FlateDecode%b/Length %d>>\nstream\n" % (entries.encode(), len(packed)) + packed + ENDSTREAM
