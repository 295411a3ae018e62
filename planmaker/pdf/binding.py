"""Bind painted pages into a file: page objects, bookmarks, tags, fonts, metadata."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from planmaker.attachments import NAME
from planmaker.pdf import fonts, metadata
from planmaker.pdf.desk import Desk
from planmaker.pdf.file import QUICK, array, stream, text_string

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planmaker.pdf.file import File
    from planmaker.pdf.surface import Surface

__all__ = ["bound", "desk"]


def desk(file: File, characters: frozenset[str], **settings: Any) -> Desk:  # noqa: ANN401 - those of Desk
    """Return what a file is written with: the fonts for some characters are put into it."""
    made = {name: fonts.font(name, characters) for name in fonts.RESOURCES}
    entries = [f"/{fonts.RESOURCES[name]} {item.write(file)} 0 R" for name, item in made.items()]
    font = file.add(f"<<{' '.join(entries)}>>")
    return Desk(file=file, codes={name: item.codes for name, item in made.items()}, font=font, **settings)


def bound(  # noqa: PLR0913 - one a part of the catalogue
    surface: Surface,
    *,
    title: str,
    language: str,
    bookmarks: Sequence[tuple[str, int]] = (),
    overlays: Mapping[int, int] = MappingProxyType({}),
    more: str = "",
    attached: int = 0,
) -> int:
    """Write the pages, bookmarks, tags and metadata of what was painted; return the number of the catalogue.

    ``bookmarks`` are titles with the numbers of their pages; ``overlays`` are the numbers of late content streams by
    those of the pages they lie on; ``more`` are further entries of the catalogue;
    ``attached`` is the number of an embedded file.
    """
    file = surface.file
    parent, tree = file.reserve(), file.reserve()
    paper = surface.paper
    size = array((0, 0, paper.width * paper.scale, paper.height * paper.scale))
    for index, page in enumerate(surface.pages):
        contents = [
            file.add(stream("", page.code, level=QUICK)),
            *([overlays[page.number]] if page.number in overlays else []),
        ]
        objects = "".join(f"/{name} {number} 0 R" for name, number in page.objects.items())
        annotations = f"/Annots[{_references(page.annotations)}]" if page.annotations else ""
        file.put(
            page.number,
            f"<</Type/Page/Parent {parent} 0 R/MediaBox{size}/Contents[{_references(contents)}]"
            f"/Resources<</Font {surface.font} 0 R/XObject<<{objects}>>>>/StructParents {index}/Tabs/S{annotations}>>",
        )
    numbers = [page.number for page in surface.pages]
    file.put(parent, f"<</Type/Pages/Count {len(numbers)}/Kids[{_references(numbers)}]>>")
    surface.tree.write(file, numbers, tree)
    outline = f"/Outlines {_outline(file, bookmarks)} 0 R/PageMode/UseOutlines" if bookmarks else ""
    for position, note in enumerate(surface.annotations):
        goal = f"/Dest[{numbers[note.page - 1]} 0 R/Fit]" if note.page else ""
        file.put(note.number, f"{note.entries}{goal}/StructParent {len(numbers) + position}>>")
    told = metadata.write(file, title, language, part=3 if attached else 2) + more
    told += _attachment(file, attached) if attached else ""
    return file.add(
        f"<</Type/Catalog/Pages {parent} 0 R/StructTreeRoot {tree} 0 R/MarkInfo<</Marked true>>{outline}{told}>>"
    )


def _attachment(file: File, embedded: int) -> str:
    """Write the file specification of the plan (ISO 19005-3 6.8); return the catalogue's entries."""
    name = text_string(NAME)
    number = file.add(
        f"<</Type/Filespec/F{name}/UF{name}/Desc(The plan as data)/AFRelationship/Source"
        f"/EF<</F {embedded} 0 R/UF {embedded} 0 R>>>>"
    )
    return f"/AF[{number} 0 R]/Names<</EmbeddedFiles<</Names[{name} {number} 0 R]>>>>"


def _references(numbers: Sequence[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)


def _outline(file: File, titles: Sequence[tuple[str, int]]) -> int:
    """Write the bookmarks (ISO 32000-1 12.3.3); return their number."""
    root = file.reserve()
    items = [file.reserve() for _ in titles]
    for index, (title, page) in enumerate(titles):
        near = f"/Prev {items[index - 1]} 0 R" if index else ""
        near += f"/Next {items[index + 1]} 0 R" if index + 1 < len(items) else ""
        file.put(items[index], f"<</Title{text_string(title)}/Parent {root} 0 R{near}/Dest[{page} 0 R/Fit]>>")
    return file.put(root, f"<</Type/Outlines/First {items[0]} 0 R/Last {items[-1]} 0 R/Count {len(items)}>>")
