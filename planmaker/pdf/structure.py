"""Keep the structure tree of a tagged PDF and write it as PDF objects (ISO 32000-1 14.7 and 14.8, ISO 14289-1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFString

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

__all__ = ["Element", "Tree"]

# Elements that hold others only: what is painted between their children is no content.
_GROUPS: Final = frozenset({"Document", "Sect", "L", "LI", "Table", "TR"})
# Cells keep a table regular even when they are empty.
_KEPT: Final = frozenset({"TH", "TD"})

# reportlab writes only the keys that it knows: teach it those of tagged pages, and of a file that is to last.
_NEW_KEYS: Final = ((pdfdoc.PDFPage, ("StructParents", "Tabs")), (pdfdoc.PDFCatalog, ("OutputIntents",)))
for _kind, _keys in _NEW_KEYS:
    _kind.__NoDefault__ = [*dict.fromkeys((*_kind.__NoDefault__, *_keys))]


@dataclass(slots=True, kw_only=True, eq=False)
class Element:
    """A structure element; ``kids`` are elements, or (page, marked-content id) of what is painted.

    ``alt`` describes a figure, ``scope`` and ``span`` are a cell's, ``box`` is a figure's place on its page in
    points.
    """

    tag: str
    alt: str = ""
    scope: str = ""
    span: int = 1
    box: tuple[float, float, float, float] | None = None
    kids: list[Element | tuple[int, int]] = field(default_factory=list)

    @property
    def paints(self) -> bool:
        """Whether what is painted inside belongs to it."""
        return self.tag not in _GROUPS


class Tree:
    """The elements in reading order, and which of them own the marked content of each page."""

    def __init__(self) -> None:
        self._root = Element(tag="Document")
        self._open = [self._root]
        self._owners: list[list[Element]] = [[]]

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
        element.kids.append((len(self._owners) - 1, len(owners) - 1))
        return len(owners) - 1

    def next_page(self) -> None:
        """Count marked content anew."""
        self._owners.append([])

    def write(self, canvas: Canvas) -> None:
        """Write the tree into the file that a canvas is about to save; every page is shown by then."""
        document: Any = canvas._doc  # noqa: SLF001 - reportlab opens no other way to its objects
        writer = _Writer(document, len(self._owners))
        root = PDFObjectReference("structure")
        _pruned(self._root)
        writer.element(self._root, root)
        numbers: list[Any] = []
        for index, owners in enumerate(self._owners[: len(document.Pages.pages)]):
            page = writer.page(index)
            page.StructParents, page.Tabs = index, PDFName("S")
            references = PDFArray([writer.reference(owner) for owner in owners])
            numbers += [index, document.Reference(references, f"owners{index}")]
        parents = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}), "parents")
        table = {"Type": PDFName("StructTreeRoot"), "K": writer.reference(self._root), "ParentTree": parents}
        document.Reference(PDFDictionary({**table, "ParentTreeNextKey": len(document.Pages.pages)}), "structure")
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


def _pruned(element: Element) -> bool:
    """Drop elements that nothing was painted for; tell whether the element itself is to stay."""
    element.kids = [kid for kid in element.kids if isinstance(kid, tuple) or _pruned(kid)]
    return bool(element.kids) or element.tag in _KEPT


class _Writer:
    """Turns elements into numbered PDF objects."""

    def __init__(self, document: Any, pages: int) -> None:  # noqa: ANN401 - reportlab's document has no types
        self._document = document
        self._pages = [self._page_reference(page) for page in document.Pages.pages[:pages]]
        self._names: dict[Element, str] = {}

    def _page_reference(self, page: Any) -> Any:  # noqa: ANN401 - as above
        return page if isinstance(page, PDFObjectReference) else self._document.Reference(page)

    def page(self, index: int) -> Any:  # noqa: ANN401 - as above
        """Return a page's own object."""
        return self._document.idToObject[self._pages[index].name]

    def reference(self, element: Element) -> Any:  # noqa: ANN401 - as above
        """Return the reference to an element, named at its first use."""
        name = self._names.setdefault(element, f"element{len(self._names)}")
        return PDFObjectReference(name)

    def element(self, element: Element, parent: Any) -> None:  # noqa: ANN401 - as above
        """Write an element and all in it."""
        home = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
        kids = [self._kid(kid, home) for kid in element.kids]
        entries = {"Type": PDFName("StructElem"), "S": PDFName(element.tag), "P": parent, "K": PDFArray(kids)}
        if home is not None:
            entries["Pg"] = self._pages[home]
        if element.alt:
            entries["Alt"] = PDFString(element.alt)
        attributes = _attributes(element)
        if attributes:
            entries["A"] = PDFDictionary(attributes)
        self._document.Reference(PDFDictionary(entries), self.reference(element).name)
        for kid in element.kids:
            if isinstance(kid, Element):
                self.element(kid, self.reference(element))

    def _kid(self, kid: Element | tuple[int, int], home: int | None) -> Any:  # noqa: ANN401 - as above
        if isinstance(kid, Element):
            return self.reference(kid)
        page, mark = kid
        if page == home:
            return mark
        return PDFDictionary({"Type": PDFName("MCR"), "Pg": self._pages[page], "MCID": mark})


def _attributes(element: Element) -> dict[str, Any]:
    """Return the attributes of a table's cell or of a figure."""
    if element.box is not None:
        box = PDFArray([round(edge, 2) for edge in element.box])
        return {"O": PDFName("Layout"), "BBox": box, "Placement": PDFName("Block")}
    if not element.scope and element.span == 1:
        return {}
    scope = {"Scope": PDFName(element.scope)} if element.scope else {}
    return {"O": PDFName("Table"), **scope, **({"ColSpan": element.span} if element.span > 1 else {})}
