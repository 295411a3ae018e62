"""Put the sheets of many plans into one file for a print shop: what is the same for several lies in it once.

The file is no copy to read on a screen: it has no tags, links or fields. It is PDF/A-2u.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from planmaker.pdf import metadata, person, phone
from planmaker.pdf.book import Book, renumbered
from planmaker.pdf.directory import Outline, PageTree
from planmaker.pdf.document import painted
from planmaker.pdf.file import QUICK, File, array, stream
from planmaker.pdf.stamp import Inks, overlay, own_forms

if TYPE_CHECKING:
    from planmaker.look import Look
    from planmaker.pdf.desk import Slot
    from planmaker.pdf.fonts import Codes
    from planmaker.pdf.own import OwnText
    from planmaker.pdf.sheet import Sheet
    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["Copy", "Volume", "volumes"]

_MASTERS: Final = 32  # painted programmes kept, of some 250 KB each
_FORMES: Final = 1024  # programmes whose pages a file has, of some 50 KB each
_OVERLAYS: Final = 16_384  # dated pages that a file has, a few numbers each
_SIDES: Final = 2  # of a sheet of paper
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Copy(NamedTuple):
    """A plan to print: ``programme`` is equal for all that have the same one, ``group`` what they are sorted by."""

    plan: Plan
    look: Look
    programme: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page of a programme: the numbers of its content and of its XObjects by name, and its slots.

    ``own`` are those XObjects that each person has of their own.
    """

    content: int
    objects: Mapping[str, int]
    own: Mapping[str, int]
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Master:
    """The pages of a programme that know no person: what they need, with its own numbers; ``size`` is a page's box.

    ``own`` are a person's own texts by their numbers: the key of each, and how it is set.
    """

    bodies: tuple[tuple[int, str | bytes], ...]
    pages: tuple[_Page, ...]
    own: Mapping[int, tuple[str, OwnText]]
    link: phone.Link | None
    titles: tuple[tuple[str, int], ...]
    font: int
    codes: Mapping[str, Codes]
    size: str

    @property
    def sides(self) -> int:
        """How many sides of paper it takes."""
        return len(self.pages) + len(self.pages) % _SIDES


class _Kept(OrderedDict[_Key, _Value]):
    """The values that were used last."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def get_or(self, key: _Key, make: Callable[[], _Value]) -> _Value:
        """Return the value of a key, made if there is none."""
        if key not in self:
            self[key] = make()
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)
        return self[key]


SheetOf = Callable[["Plan", "Look"], "Sheet"]


class _Masters:
    """The painted programmes of a run; how many sides each takes is never forgotten."""

    def __init__(self, sheet_of: SheetOf) -> None:
        self._sheet_of = sheet_of
        self._kept: _Kept[Hashable, _Master] = _Kept(_MASTERS)
        self._sides: dict[Hashable, int] = {}

    def sheet(self, copy: Copy) -> Sheet:
        """Return the sheet of a copy: on paper nothing is filled in on a screen, and nothing attached."""
        return self._sheet_of(copy.plan, dataclasses.replace(copy.look, fillable=False, embed_plan=False))

    def get(self, key: Hashable, sheet: Sheet) -> _Master:
        """Return a painted programme."""
        return self._kept.get_or(key, lambda: _master(sheet))

    def sides(self, key: Hashable, sheet: Sheet) -> int:
        """Return how many sides of paper a programme takes."""
        if key not in self._sides:
            self._sides[key] = self.get(key, sheet).sides
        return self._sides[key]


def _key(copy: Copy, sheet: Sheet) -> Hashable:
    """Return what is equal for all who have the same pages; a plan that was stopped has the first weeks only."""
    weeks = len(copy.plan.programme.weeks)
    return (copy.programme, weeks, sheet.words.language, sheet.look, sheet.emergency, sheet.own, sheet.feed)


def _master(sheet: Sheet) -> _Master:
    """Paint the pages of a programme."""
    painting = painted(sheet)
    surface, file, paper = painting.surface, painting.file, sheet.paper
    late = set(surface.late.values())
    pages = tuple(
        _Page(
            content=file.add(stream("", page.code, level=QUICK)),
            objects={name: number for name, number in page.objects.items() if number not in late},
            own={name: number for name, number in page.objects.items() if number in late},
            slots=page.slots,
        )
        for page in surface.pages
    )
    own = person.own_texts(sheet)
    return _Master(
        bodies=file.bodies(),
        pages=pages,
        own={number: (key, own[key]) for key, number in surface.late.items() if key in own},
        link=phone.link(surface, sheet),
        titles=painting.titles,
        font=surface.font,
        codes=surface.codes,
        size=array((0, 0, paper.width * paper.scale, paper.height * paper.scale)),
    )


def volumes(copies: Iterable[Copy], sheet_of: SheetOf, most: int = 0) -> Iterator[Volume]:
    """Yield the files of a print run, each to be written before the next.

    ``most`` is how many pages a file may have, 0 for any number; one plan is never parted, so that a longer one has a
    file of its own.
    """
    masters = _Masters(sheet_of)
    coming = iter(copies)
    ahead = next(coming, None)
    while ahead is not None:
        volume = Volume(chain((ahead,), coming), masters, most)
        yield volume
        ahead = volume.ahead


class Volume:
    """One file of a print run.

    Once it is written, ``pages`` and ``people`` are how many it has, and ``ahead`` is the copy that did not fit.
    """

    def __init__(self, copies: Iterator[Copy], masters: _Masters, most: int) -> None:
        self.pages = 0
        self.people = 0
        self.ahead: Copy | None = None
        self._copies, self._masters, self._most = copies, masters, most
        self._book = Book()
        self._formes: _Kept[Hashable, _Master] = _Kept(_FORMES)
        self._overlays: _Kept[Hashable, tuple[int, ...]] = _Kept(_OVERLAYS)
        self._tree = PageTree(self._book)
        self._outline = Outline(self._book)

    def parts(self) -> Iterator[bytes]:
        """Yield the file part by part."""
        words = None
        for copy in self._copies:
            sheet = self._masters.sheet(copy)
            key = _key(copy, sheet)
            if self._most and self.pages and self.pages + self._masters.sides(key, sheet) > self._most:
                self.ahead = copy
                break
            words = words or sheet.words
            self._add(copy, sheet, key)
            yield from self._book.written()
        if words is not None:
            yield from self._book.finished(self._catalog(words))

    def _add(self, copy: Copy, sheet: Sheet, key: Hashable) -> None:
        """Write the pages of a person, and a blank one so that the next begins on a front side."""
        book, plan = self._book, copy.plan
        forme = self._formes.get_or(key, lambda: _taken(self._masters.get(key, sheet), book))
        overlays = self._overlays.get_or((key, plan.schedule), lambda: _overlaid(forme, plan, sheet, book))
        own = self._own(forme, plan, sheet)
        node = book.reserve()
        numbers = []
        for page, dated in zip(forme.pages, overlays, strict=True):
            contents = f"{page.content} 0 R {dated} 0 R" if dated else f"{page.content} 0 R"
            objects = "".join(f"/{name} {number} 0 R" for name, number in page.objects.items())
            objects += "".join(f"/{name} {own[number]} 0 R" for name, number in page.own.items())
            numbers.append(
                book.add(
                    f"<</Type/Page/Parent {node} 0 R/MediaBox{forme.size}/Contents[{contents}]"
                    f"/Resources<</Font {forme.font} 0 R/XObject<<{objects}>>>>>>"
                )
            )
        if len(numbers) % _SIDES:
            numbers.append(book.add(f"<</Type/Page/Parent {node} 0 R/MediaBox{forme.size}/Resources<<>>>>"))
        self._tree.add(node, numbers, plan.person.id)
        titles = [(title, numbers[index]) for title, index in forme.titles]
        self._outline.add(plan.person.id, numbers[0], titles, copy.group)
        self.pages += len(numbers)
        self.people += 1

    def _own(self, forme: _Master, plan: Plan, sheet: Sheet) -> dict[int, int]:
        """Write what a person has of their own on the pages; return the number of each by the one of the programme."""
        book, lines = self._book, person.own_lines(plan, sheet)
        numbers = {number: book.reserve() for number in sorted({n for page in forme.pages for n in page.own.values()})}
        texts = {numbers[number]: (own, lines[key]) for number, (key, own) in forme.own.items()}
        inks = Inks(font=forme.font, codes=forme.codes, font_dir=sheet.font_dir)
        forms = own_forms(texts, inks, book.free)
        book.reserve_to(max(forms, default=0))
        if forme.link and plan.feed:
            found = phone.objects(forme.link, plan.feed.address)
            forms |= {numbers[number]: body for number, body in found.items() if number in numbers}
        for number, body in forms.items():
            book.put(number, body)
        return numbers

    def _catalog(self, words: Words) -> int:
        """Write what the file is as a whole; return the number of the catalogue."""
        file = File()
        told = metadata.write(
            file, words.labels["print_run"], words.language, tagged=False, viewer="/Duplex/DuplexFlipLongEdge"
        )
        told = renumbered(told, self._book.take(file.bodies()))
        pages, labels = self._tree.finished()
        return self._book.add(
            f"<</Type/Catalog/Pages {pages} 0 R/PageLabels {labels} 0 R"
            f"/Outlines {self._outline.finished()} 0 R/PageMode/UseOutlines{told}>>"
        )


def _taken(master: _Master, book: Book) -> _Master:
    """Return a painted programme with the numbers that all it needs has in a file, and without that."""
    numbers = book.take(master.bodies)
    pages = tuple(
        dataclasses.replace(
            page,
            content=numbers[page.content],
            objects={name: numbers[number] for name, number in page.objects.items()},
        )
        for page in master.pages
    )
    font = numbers[master.font]
    link = dataclasses.replace(master.link, font=font) if master.link else None
    return dataclasses.replace(master, bodies=(), pages=pages, font=font, link=link)


def _overlaid(forme: _Master, plan: Plan, sheet: Sheet, book: Book) -> tuple[int, ...]:
    """Write the dated lines of each page; return their numbers, 0 for a page without any."""
    texts = dict(person.dated_lines(sheet)(plan.schedule))
    return tuple(book.add(overlay(page.slots, texts, forme.codes)) if page.slots else 0 for page in forme.pages)
