"""Say where the pages of a print run are: the page tree, the label of each page, and the bookmarks (ISO 32000-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planmaker.pdf.file import text_string

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planmaker.pdf.book import Book

__all__ = ["Outline", "PageTree"]

_SHEAF: Final = 100  # people below a node of the page tree


class PageTree:
    """The pages below a node for each person, these in sheaves below the root; and the label of each page."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._root = book.reserve()
        self._sheaves: list[int] = []
        self._labels: list[str] = []
        self._pages = 0
        self._begin()

    def _begin(self) -> None:
        self._sheaf = self._book.reserve()
        self._first = self._pages
        self._kids: list[int] = []

    def add(self, node: int, pages: list[int], name: str) -> None:
        """Write the node of a person with its pages, which are called by a name and a number."""
        self._book.put(node, f"<</Type/Pages/Parent {self._sheaf} 0 R/Count {len(pages)}/Kids[{_references(pages)}]>>")
        self._kids.append(node)
        self._labels.append(f"{self._pages}<</S/D/P{text_string(f'{name} ')}>>")
        self._pages += len(pages)
        if len(self._kids) == _SHEAF:
            self._end()
            self._begin()

    def _end(self) -> None:
        if not self._kids:
            return
        count = self._pages - self._first
        kids = _references(self._kids)
        self._book.put(self._sheaf, f"<</Type/Pages/Parent {self._root} 0 R/Count {count}/Kids[{kids}]>>")
        self._sheaves.append(self._sheaf)

    def finished(self) -> tuple[int, int]:
        """Write the roots of the pages and of their labels (7.9.7, 12.4.2); return their numbers."""
        self._end()
        kids = _references(self._sheaves)
        self._book.put(self._root, f"<</Type/Pages/Count {self._pages}/Kids[{kids}]>>")
        return self._root, self._book.add(f"<</Nums[{''.join(self._labels)}]>>")


class Outline:
    """The bookmarks (12.3.3): a closed one for each person with those of the sheet in it, and one for each group."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._top = _Level(book, book.reserve())
        self._group = ""
        self._members = self._top

    def add(self, name: str, page: int, titles: list[tuple[str, int]], group: str) -> None:
        """Write the bookmarks of a person; those of a group come one after the other."""
        if group != self._group:
            self._close()
            self._group = group
            if group:
                self._goal = page
                self._members = _Level(self._book, self._top.open())
        own = _Level(self._book, self._members.open())
        for title, goal in titles:
            own.open()
            own.fill(_bookmark(title, goal))
        self._members.fill(_bookmark(name, page) + own.finished())

    def _close(self) -> None:
        """End the group that is open."""
        if self._group:
            self._top.fill(_bookmark(self._group, self._goal) + self._members.finished())
            self._members = self._top

    def finished(self) -> int:
        """Write the root of the bookmarks and return its number."""
        self._close()
        entries = self._top.finished(shut=False)
        return self._book.put(self._top.parent, f"<</Type/Outlines{entries}>>")


class _Level:
    """Bookmarks below the same one, each written when it is known what follows it."""

    def __init__(self, book: Book, parent: int) -> None:
        self.parent = parent
        self._book = book
        self._first = self._before = self._last = 0
        self._count = 0
        self._body = ""

    def open(self) -> int:
        """Begin a bookmark, after all those before it are filled; return its number."""
        number = self._book.reserve()
        if self._last:
            self._write(f"/Next {number} 0 R")
        self._first = self._first or number
        self._before, self._last = self._last, number
        self._count += 1
        return number

    def fill(self, body: str) -> None:
        """Say what the bookmark that was begun last is."""
        self._body = body

    def _write(self, following: str) -> None:
        before = f"/Prev {self._before} 0 R" if self._before else ""
        self._book.put(self._last, f"<<{self._body}/Parent {self.parent} 0 R{before}{following}>>")

    def finished(self, *, shut: bool = True) -> str:
        """Write the last one; return the entries of the one above, which is ``shut`` or shows these."""
        if not self._count:
            return ""
        self._write("")
        return f"/First {self._first} 0 R/Last {self._last} 0 R/Count {-self._count if shut else self._count}"


def _bookmark(title: str, page: int) -> str:
    return f"/Title{text_string(title)}/Dest[{page} 0 R/Fit]"


def _references(numbers: Iterable[int]) -> str:
    return " ".join(f"{number} 0 R" for number in numbers)
