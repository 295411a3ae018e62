"""Keep the structure tree of a tagged PDF and write it (ISO 32000-1 14.7 and 14.8, ISO 14289-1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from planmaker.pdf.file import array, text_string

if TYPE_CHECKING:
    from planmaker.pdf.file import File

__all__ = ["Element", "Mark", "Tree"]

# Elements that hold others only: what is painted between their children is no content.
_GROUPS: Final = frozenset({"Document", "Sect", "L", "LI", "Table", "TR"})
# Cells keep a table regular even when they are empty.
_KEPT: Final = frozenset({"TH", "TD"})


class Mark(NamedTuple):
    """Marked content of a page by its id, or, if ``annotation`` is its number, an annotation."""

    page: int
    mark: int
    annotation: int = 0


@dataclass(slots=True, kw_only=True, eq=False)
class Element:
    """A structure element; ``kids`` are elements, or what is painted for it.

    ``alt`` describes a figure, or the text that ``told`` is the number of; ``scope`` and ``span`` are a cell's, ``box``
    is a figure's place on its page in points.
    """

    tag: str
    alt: str = ""
    told: int = 0
    scope: str = ""
    span: int = 1
    box: tuple[float, float, float, float] | None = None
    kids: list[Element | Mark] = field(default_factory=list)
    number: int = 0

    @property
    def paints(self) -> bool:
        """Whether what is painted inside belongs to it."""
        return self.tag not in _GROUPS


class Tree:
    """The elements in reading order, and which of them own the marked content and annotations of each page."""

    def __init__(self) -> None:
        self._root = Element(tag="Document")
        self._open = [self._root]
        self._owners: list[list[Element]] = [[]]
        self._annotated: list[Element] = []

    @property
    def current(self) -> Element:
        """The innermost element that is open."""
        return self._open[-1]

    def add(self, element: Element) -> Element:
        """Append an element to the one that is open."""
        self.current.kids.append(element)
        return element

    def enter(self, element: Element) -> None:
        """Open an element that is in the tree."""
        self._open.append(element)

    def leave(self) -> None:
        """Close the innermost element."""
        self._open.pop()

    def mark(self, element: Element) -> int:
        """Return a new marked-content id for what an element paints next on the page in hand."""
        owners = self._owners[-1]
        owners.append(element)
        element.kids.append(Mark(len(self._owners) - 1, len(owners) - 1))
        return len(owners) - 1

    def annotate(self, element: Element, number: int) -> None:
        """Give an element an annotation of the page in hand; it is the next of all annotations."""
        element.kids.append(Mark(len(self._owners) - 1, 0, number))
        self._annotated.append(element)

    def next_page(self) -> None:
        """Count marked content anew."""
        self._owners.append([])

    def write(self, file: File, pages: list[int], root: int) -> None:
        """Write the tree under the number of its root; ``pages`` are the numbers of the pages."""
        self._root.number = file.reserve()
        _write(self._root, root, file, pages)
        keys = [
            f"{index}[{' '.join(f'{owner.number} 0 R' for owner in owners)}]"
            for index, owners in enumerate(self._owners[: len(pages)])
        ]
        keys += [f"{index} {owner.number} 0 R" for index, owner in enumerate(self._annotated, start=len(pages))]
        parents = file.add(f"<</Nums[{' '.join(keys)}]>>")
        file.put(
            root,
            f"<</Type/StructTreeRoot/K {self._root.number} 0 R/ParentTree {parents} 0 R"
            f"/ParentTreeNextKey {len(pages) + len(self._annotated)}>>",
        )


def _stays(element: Element) -> bool:
    """Tell whether something was painted for an element or in it; cells stay in any case."""
    return element.tag in _KEPT or any(isinstance(kid, Mark) or _stays(kid) for kid in element.kids)


def _write(element: Element, parent: int, file: File, pages: list[int]) -> None:
    """Write an element that has its number and all in it that stays; those in it get theirs one after the other."""
    inner, kids, home = [], [], -1
    for kid in element.kids:
        if isinstance(kid, Element):
            if _stays(kid):
                kid.number = file.reserve()
                inner.append(kid)
                kids.append(f"{kid.number} 0 R")
            continue
        home = kid.page if home < 0 else home
        kids.append(str(kid.mark) if kid.page == home and not kid.annotation else _far(kid, pages))
    body = f"<</S/{element.tag}/P {parent} 0 R/K[{' '.join(kids)}]"
    if home >= 0:
        body += f"/Pg {pages[home]} 0 R"
    if element.alt:
        body += f"/Alt{text_string(element.alt)}"
    if element.told:
        body += f"/Alt {element.told} 0 R"
    file.put(element.number, f"{body}{_attributes(element)}>>")
    for kid in inner:
        _write(kid, element.number, file, pages)


def _far(mark: Mark, pages: list[int]) -> str:
    """Write what an element owns on another page than the rest of it, or an annotation."""
    if mark.annotation:
        return f"<</Type/OBJR/Pg {pages[mark.page]} 0 R/Obj {mark.annotation} 0 R>>"
    return f"<</Type/MCR/Pg {pages[mark.page]} 0 R/MCID {mark.mark}>>"


def _attributes(element: Element) -> str:
    """Write the attributes of a table's cell or of a figure."""
    if element.box is not None:
        return f"/A<</O/Layout/BBox{array(element.box)}/Placement/Block>>"
    if not element.scope and element.span == 1:
        return ""
    scope = f"/Scope/{element.scope}" if element.scope else ""
    span = f"/ColSpan {element.span}" if element.span > 1 else ""
    return f"/A<</O/Table{scope}{span}>>"
