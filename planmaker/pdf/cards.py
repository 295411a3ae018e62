"""Draw the exercise cards: picture, steps, doses by week, what to feel and to avoid."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from planmaker.dose import AerobicDose
from planmaker.pdf import doses, fonts, transfer
from planmaker.pdf.fonts import BOLD, REGULAR
from planmaker.pdf.furniture import (
    HEAD,
    NUMBER_INDENT,
    footer,
    heading,
    labelled,
    labelled_height,
    name_line,
    numbered,
    warning,
)
from planmaker.pdf.style import ACCENT, MM, QUIET, RULE, Type
from planmaker.pdf.surface import Area, height

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.figures.drawing import Picture
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Prescription
    from planmaker.words import ExerciseWords

__all__ = ["CardPage", "pages", "static"]

_MEASURED: Final = 256  # cards whose measures are kept: they are asked for again and again while pages fill
_TITLE = Type(font=BOLD, size=17, leading=21)
_SEED = Type(font=REGULAR, size=12, leading=14.8, colour=QUIET)
_FORM = Type(font=BOLD, size=12, leading=14.8, colour=ACCENT)
_STEP = Type(font=REGULAR, size=12.5, leading=15.4)
_FRAME = Type(font=REGULAR, size=10, leading=12, colour=QUIET)

_PICTURE = 80 * MM
_PICTURE_LEAST = 36 * MM
_PICTURE_LEAST_NARROW = 24 * MM
_PICTURE_MOST = 62 * MM
_GUTTER = 5 * MM
_ABOVE = 2 * MM
_BELOW = 3 * MM
_STEP_GAP = 0.8 * MM
_NOTE_GAP = 0.6 * MM
_NOTES = ("breathing", "feel", "mistake", "easier", "stop_if")
_WIDE = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A card or, if it fits no page, a part of one: picture and steps, then doses, notes, or both."""

    name: str
    blocks: tuple[str, ...] = ("steps", "doses", "notes")

    @property
    def more(self) -> bool:
        """Whether it goes on from the page before."""
        return self.blocks[0] != "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """What a page of cards holds, and whether the way down to the floor is on it."""

    parts: tuple[_Part, ...]
    transfer: bool = False


def pages(sheet: Sheet) -> tuple[CardPage, ...]:
    """Return the pages of cards: as many as fit on each; the way down to the floor comes last.

    A card is split only if it is higher than a page.
    """
    room = sheet.paper.floor - sheet.paper.top - HEAD + _BELOW  # nothing need be free below the last card
    found: list[list[_Part]] = [[]]
    left = room
    for part in (part for name in sheet.programme.exercises() for part in _parts(sheet, name, room)):
        needed = _height(sheet, part)
        if found[-1] and needed > left:
            found.append([])
            left = room
        found[-1].append(part)
        left -= needed
    cards = tuple(CardPage(parts=tuple(parts)) for parts in found)
    if not sheet.programme.floor:
        return cards
    if left >= transfer.high(sheet):
        return (*cards[:-1], dataclasses.replace(cards[-1], transfer=True))
    return (*cards, CardPage(parts=(), transfer=True))


def _parts(sheet: Sheet, name: str, room: float) -> list[_Part]:
    """Return a card whole if a page has room for it, else in as few parts as fit."""
    for blocks in ((("steps", "doses", "notes"),), (("steps", "doses"), ("notes",)), (("steps",), ("doses", "notes"))):
        parts = [_Part(name=name, blocks=part) for part in blocks]
        if all(_height(sheet, part) <= room for part in parts):
            return parts
    return [_Part(name=name, blocks=(block,)) for block in ("steps", "doses", "notes")]


def static(surface: Surface, sheet: Sheet, place: Place, page: CardPage) -> None:
    """Draw the cards of one page, with the room that is left shared between them."""
    paper = sheet.paper
    y = heading(surface, _labels(sheet)["title"])
    name_line(surface, sheet, y=paper.top + 8 * MM)
    high = [_height(sheet, part) for part in page.parts]
    spare = paper.floor + _BELOW - y - sum(high) - (transfer.high(sheet) if page.transfer else 0)
    gap = min(max(spare, 0) / (len(page.parts) + page.transfer), 12 * MM)
    for index, part in enumerate(page.parts):
        if index:
            surface.rule((paper.left, y - gap / 2), (paper.edge, y - gap / 2), colour=RULE, line=0.6)
        _card(surface, sheet, part, y + _ABOVE)
        y += high[index] + gap
    if page.transfer:
        if page.parts:
            surface.rule((paper.left, y - gap / 2), (paper.edge, y - gap / 2), colour=RULE, line=0.6)
        transfer.draw(surface, sheet, y + _ABOVE)
    footer(surface, sheet, place, warning(sheet))


def _labels(sheet: Sheet) -> Mapping[str, str]:
    return sheet.words.passages("cards", easy=0, slow=False, stop_page=sheet.stop_page)


def _card(surface: Surface, sheet: Sheet, part: _Part, y: float) -> None:
    """Draw the blocks of a card below its title."""
    y = _title(surface, sheet, part, y)
    for block in part.blocks:
        _DRAWN[block](surface, sheet, part.name, y)
        y += _HEIGHTS[block](sheet, part.name)


def _title(surface: Surface, sheet: Sheet, part: _Part, y: float) -> float:
    """Write the name and, beside it where there is room, the setting; return the y below."""
    paper = sheet.paper
    title, aside, below = _titles(sheet, part)
    surface.text(paper.left, y, title, _TITLE, tag="H3")
    if below:
        y += _TITLE.leading
        return surface.paragraph(paper.left, y, paper.measure, aside, _SEED, tag="P") + 1 * MM
    beside = paper.left + fonts.width(title, _TITLE.font, _TITLE.size) + 3 * MM
    if aside:
        surface.text(beside, y + 0.78 * (_TITLE.size - _SEED.size), aside, _SEED, tag="P")
    return y + _TITLE.leading + 1 * MM


def _titles(sheet: Sheet, part: _Part) -> tuple[str, str, bool]:
    """Return the title, what stands beside it, and whether that goes below for want of room."""
    words = sheet.words.exercises[part.name]
    if part.more:
        return _labels(sheet)["more"].format(name=words.name), "", False
    form = words.variants.get(_variant(sheet, part.name))
    aside = _aside(words, form.name if form else words.setting)
    wide = fonts.width(words.name, _TITLE.font, _TITLE.size) + 3 * MM + fonts.width(aside, _SEED.font, _SEED.size)
    return words.name, aside, wide > sheet.paper.measure


def _title_height(sheet: Sheet, part: _Part) -> float:
    _, aside, below = _titles(sheet, part)
    return _TITLE.leading + 1 * MM + (height(aside, _SEED, sheet.paper.measure) if below else 0.0)


def _steps_area(sheet: Sheet, name: str) -> tuple[float, float, float]:
    """Return x, measure and space above of the steps: beside the picture, or below it on a narrow page."""
    paper = sheet.paper
    if not _frames(sheet, name):
        return paper.left, paper.measure, 0.0
    if paper.narrow:
        return paper.left, paper.measure, _picture_room(sheet, name) + 2 * MM
    return paper.left + _PICTURE + _GUTTER, paper.measure - _PICTURE - _GUTTER, 0.0


@lru_cache(_MEASURED)
def _picture_room(sheet: Sheet, name: str) -> float:
    """Return how high the picture may be: no more than it fills, and than the rest of its part of the page leaves.

    Two cards share a page; on a narrow one the picture stands above the steps of the only card.
    """
    paper = sheet.paper
    room = paper.floor - paper.top - HEAD
    others = _title_height(sheet, _Part(name=name)) + doses.high(sheet, name) + _notes_height(sheet, name)
    others += _ABOVE + 2 * MM
    if paper.narrow:
        left, least = room - others - _texts_height(sheet, name, paper.measure) - 2 * MM, _PICTURE_LEAST_NARROW
    else:
        left = room / 2 - others - 2 * _BELOW
        least = max(_texts_height(sheet, name, paper.measure - _PICTURE - _GUTTER), _PICTURE_LEAST)
    return max(min(left, _filled(sheet, name), _PICTURE_MOST), min(least, _PICTURE_MOST))


def _filled(sheet: Sheet, name: str) -> float:
    """Return how high the pictures are if they are as wide as their room."""
    frames, wide = _frames(sheet, name), sheet.paper.measure if sheet.paper.narrow else _PICTURE
    captions = _FRAME.leading if len(frames) > 1 else 0.0
    if _stacked(sheet, frames):
        return sum(wide * frame.height / frame.width + captions for frame in frames)
    return max(wide / len(frames) * frame.height / frame.width for frame in frames) + captions


def _stacked(sheet: Sheet, frames: tuple[Picture, ...]) -> bool:
    """Tell whether start and end stand one above the other."""
    return len(frames) > 1 and frames[0].width > _WIDE * frames[0].height and not sheet.paper.narrow


def _texts_height(sheet: Sheet, name: str, measure: float) -> float:
    changed = _changed(sheet, name)
    above = height(changed, _FORM, measure) + 1 * MM if changed else 0.0
    steps = _step_texts(sheet, name)
    return above + sum(height(step, _STEP, measure - NUMBER_INDENT) + _STEP_GAP for step in steps)


@lru_cache(_MEASURED)
def _steps_height(sheet: Sheet, name: str) -> float:
    _, measure, above = _steps_area(sheet, name)
    texts = above + _texts_height(sheet, name, measure)
    beside = 0.0 if above or not _frames(sheet, name) else _picture_room(sheet, name)
    return max(texts, beside) + 1.4 * MM


def _draw_steps(surface: Surface, sheet: Sheet, name: str, y: float) -> None:
    """Draw the picture, and the steps beside or below it."""
    x, measure, above = _steps_area(sheet, name)
    if _frames(sheet, name):
        wide = sheet.paper.measure if sheet.paper.narrow else _PICTURE
        _pictures(surface, sheet, name, Area(sheet.paper.left, y, wide, _picture_room(sheet, name)))
    y += above
    changed = _changed(sheet, name)
    if changed:
        y = surface.paragraph(x, y, measure, changed, _FORM, tag="P") + 1 * MM
    with surface.element("L"):
        for number, step in enumerate(_step_texts(sheet, name), start=1):
            y = numbered(surface, x, y, measure, number, step, _STEP) + _STEP_GAP


def _prescribed(sheet: Sheet, name: str) -> Prescription:
    """Return what is prescribed of an exercise in the week it enters."""
    return next(item for item in sheet.programme.course(name) if item is not None)


def _step_texts(sheet: Sheet, name: str) -> tuple[str, ...]:
    """Return the steps of the person's form: its own, or the exercise's."""
    words = sheet.words.exercises[name]
    form = words.variants.get(_variant(sheet, name))
    return form.steps if form and form.steps else words.steps


def _changed(sheet: Sheet, name: str) -> str:
    """Say what the person's form changes, if anything."""
    form = sheet.words.exercises[name].variants.get(_variant(sheet, name))
    if form is None:
        return ""
    return f"{_labels(sheet)['form']} {form.change}"


def _variant(sheet: Sheet, name: str) -> str:
    return _prescribed(sheet, name).variant


def _frames(sheet: Sheet, name: str) -> tuple[Picture, ...]:
    return sheet.pictures(_prescribed(sheet, name))


def _aside(words: ExerciseWords, setting: str) -> str:
    """Write the setting and, where it differs, the name the source gives the exercise."""
    other = words.seed_name and words.seed_name.casefold() != words.name.casefold()
    return f"{setting} · {words.seed_name}" if other else setting


def _pictures(surface: Surface, sheet: Sheet, name: str, room: Area) -> None:
    """Draw the picture, or the start and the end with a caption each: one above the other if they are wide."""
    frames = _frames(sheet, name)
    words = _labels(sheet)
    stacked = _stacked(sheet, frames)
    wide = room.width if stacked else room.width / len(frames)
    high = room.height / len(frames) if stacked else room.height
    for index, drawing in enumerate(frames):
        told = sheet.pictured(_prescribed(sheet, name)) if index == len(frames) - 1 else words[drawing.frame]
        left, top = (room.x, room.y + index * high) if stacked else (room.x + index * wide, room.y)
        caption = _FRAME.leading if len(frames) > 1 else 0.0
        area = Area(left, top, wide - 1 * MM, high - caption)
        with surface.element("Figure", alt=told, box=surface.figure_box(area)):
            surface.picture(drawing, area)
        if caption:
            surface.text(left + wide / 2, top + high - caption, words[drawing.frame], _FRAME, align="centre", tag="P")


def _draw_notes(surface: Surface, sheet: Sheet, name: str, y: float) -> None:
    """Write how to breathe, what to feel and to avoid, what is easier and when to stop: down two columns."""
    measure = _note_measure(sheet)
    x, top = sheet.paper.left, y
    for column in _note_columns(sheet, name):
        at = top
        for label, text in column:
            with surface.element("P"):
                at = labelled(surface, x, at, measure, label, text) + _NOTE_GAP
        x += measure + _GUTTER


def _note_measure(sheet: Sheet) -> float:
    return sheet.paper.measure if sheet.paper.narrow else (sheet.paper.measure - _GUTTER) / 2


@lru_cache(_MEASURED)
def _note_columns(sheet: Sheet, name: str) -> list[list[tuple[str, str]]]:
    """Part the notes into columns as even as can be, in their order."""
    notes = _note_texts(sheet, name)
    if sheet.paper.narrow:
        return [notes]
    splits = [[notes[:at], notes[at:]] for at in range(1, len(notes))]
    return min(splits, key=lambda split: max(_column_height(sheet, column) for column in split))


def _column_height(sheet: Sheet, notes: list[tuple[str, str]]) -> float:
    measure = _note_measure(sheet)
    return sum(labelled_height(label, text, measure) + _NOTE_GAP for label, text in notes)


@lru_cache(_MEASURED)
def _notes_height(sheet: Sheet, name: str) -> float:
    return max(_column_height(sheet, column) for column in _note_columns(sheet, name))


@lru_cache(_MEASURED)
def _note_texts(sheet: Sheet, name: str) -> list[tuple[str, str]]:
    """Return the notes with their labels, without those that do not fit the person's form.

    The easier form is another one than the person's; at an easy pace nobody gets out of breath.
    """
    item, words = _prescribed(sheet, name), sheet.words.exercises[name]
    dropped = {"easier"} if item.variant else set()
    if isinstance(item.dose, AerobicDose) and item.dose.easy:
        dropped |= {"breathing", "feel"}
    labels = _labels(sheet)
    notes = [(labels[note], getattr(words, note)) for note in _NOTES if note not in dropped]
    return [*notes, *_later(sheet, name, labels["later"])]


def _later(sheet: Sheet, name: str, label: str) -> list[tuple[str, str]]:
    """Say from which week on an exercise is done in another form, such as a harder one, and what changes then."""
    forms = sheet.words.exercises[name].variants
    return [
        (label.format(week=week), forms[item.variant].change)
        for week, (before, item) in enumerate(pairwise(sheet.programme.course(name)), start=2)
        if before and item and item.variant and item.variant != before.variant
    ]


def _height(sheet: Sheet, part: _Part) -> float:
    """Return how high a card or a part of one is, with the space above and below it."""
    blocks = sum(_HEIGHTS[block](sheet, part.name) for block in part.blocks)
    return _ABOVE + _title_height(sheet, part) + blocks + _BELOW


_HEIGHTS: Final[Mapping[str, Callable[[Sheet, str], float]]] = {
    "steps": _steps_height,
    "doses": doses.high,
    "notes": _notes_height,
}
_DRAWN: Final[Mapping[str, Callable[[Surface, Sheet, str, float], None]]] = {
    "steps": _draw_steps,
    "doses": doses.draw,
    "notes": _draw_notes,
}
