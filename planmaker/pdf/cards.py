"""Draw the exercise cards: picture, steps, doses by week, what to feel and to avoid."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from planmaker.dose import AerobicDose
from planmaker.pdf import fonts, transfer
from planmaker.pdf.fonts import BOLD, REGULAR, SEMIBOLD
from planmaker.pdf.furniture import HEAD, footer, heading, name_line
from planmaker.pdf.style import ACCENT, MM, QUIET, RULE, TINT, WHITE, Type
from planmaker.pdf.surface import Area, height, lines_of

if TYPE_CHECKING:
    from planmaker.figures.drawing import Picture
    from planmaker.pdf.sheet import Place, Sheet
    from planmaker.pdf.surface import Surface
    from planmaker.programme import Prescription
    from planmaker.words import ExerciseWords

__all__ = ["CardPage", "pages", "static"]

_TITLE = Type(font=BOLD, size=16, leading=20)
_SEED = Type(font=REGULAR, size=11, leading=14, colour=QUIET)
_STEP = Type(font=REGULAR, size=12, leading=14.4)
_FORM = Type(font=BOLD, size=12, leading=14.4, colour=ACCENT)
_NUMBER = Type(font=BOLD, size=10, leading=12, colour=WHITE)
_NOTE = Type(font=REGULAR, size=11, leading=13.2)
_NOTE_LABEL = Type(font=SEMIBOLD, size=11, leading=13.2)
_WEEK = Type(font=SEMIBOLD, size=10, leading=12.2)
_DOSE = Type(font=REGULAR, size=10.2, leading=12.2)
_FRAME = Type(font=REGULAR, size=9, leading=11, colour=QUIET)

_PICTURE = 73 * MM
_PICTURE_LEAST = 34 * MM
_PICTURE_MOST = 50 * MM
_GUTTER = 4.5 * MM
_HEADING = 7.6 * MM
_NOTES = ("breathing", "feel", "mistake", "easier", "stop_if")
_WIDE = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """The doses of an exercise as rows of (weeks, dose), in a number of columns, under how often."""

    rows: tuple[tuple[str, str], ...]
    columns: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """The exercises on a page of cards, and whether the way down to the floor is on it."""

    names: tuple[str, ...]
    transfer: bool = False


def pages(sheet: Sheet) -> tuple[CardPage, ...]:
    """Return the pages of cards: as many as fit on each, none split; the way down to the floor comes last."""
    room = sheet.paper.floor - sheet.paper.top - HEAD
    found: list[list[str]] = [[]]
    left = room
    for name in sheet.programme.exercises():
        needed = _height(sheet, name)
        if found[-1] and needed > left:
            found.append([])
            left = room
        found[-1].append(name)
        left -= needed
    cards = tuple(CardPage(names=tuple(names)) for names in found)
    if not sheet.programme.floor:
        return cards
    if left >= transfer.HIGH:
        return (*cards[:-1], dataclasses.replace(cards[-1], transfer=True))
    return (*cards, CardPage(names=(), transfer=True))


def static(surface: Surface, sheet: Sheet, place: Place, page: CardPage) -> None:
    """Draw the cards of one page, with the room that is left shared between them."""
    words = sheet.words.passages("cards", easy=0, slow=False)
    y = heading(surface, words["title"])
    name_line(surface, sheet, y=surface.paper.top + 8 * MM)
    high = [_height(sheet, name) for name in page.names]
    spare = sheet.paper.floor - y - sum(high) - (transfer.HIGH if page.transfer else 0)
    gap = min(spare / (len(page.names) + page.transfer), 6 * MM)
    for index, name in enumerate(page.names):
        if index:
            surface.rule((sheet.paper.left, y), (sheet.paper.edge, y), colour=RULE, line=0.6)
        _card(surface, sheet, name, y + 1.6 * MM)
        y += high[index] + gap
    if page.transfer:
        if page.names:
            surface.rule((sheet.paper.left, y), (sheet.paper.edge, y), colour=RULE, line=0.6)
        transfer.draw(surface, sheet, y + 1.6 * MM)
    footer(surface, sheet, place, words["stop"])


def _card(surface: Surface, sheet: Sheet, name: str, y: float) -> None:
    words = sheet.words.exercises[name]
    x = sheet.paper.left
    surface.text(x, y, words.name, _TITLE, tag="H3")
    beside = x + fonts.width(words.name, _TITLE.font, _TITLE.size) + 3 * MM
    form = words.variants.get(_variant(sheet, name))
    surface.text(beside, y + 4.2, _aside(words, form.name if form else words.setting), _SEED, tag="P")
    top = y + _HEADING
    room = min(_body_height(sheet, name) - _doses_height(sheet, name) - 1.5 * MM, _PICTURE_MOST)
    if _frames(sheet, name):
        _pictures(surface, sheet, name, x, top, room)
        top += room + 1.5 * MM
    _doses(surface, sheet, name, x, top)
    top = y + _HEADING
    left = x + _PICTURE + _GUTTER
    changed = _changed(sheet, name)
    if changed:
        top = surface.paragraph(left, top, sheet.paper.edge - left, changed, _FORM, tag="P") + 1 * MM
    below = _steps(surface, _step_texts(sheet, name), left, top, sheet.paper.edge - left)
    _notes(surface, sheet, name, left, below + 1.2 * MM, sheet.paper.edge - left)


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
    return f"{sheet.words.passages('cards', easy=0, slow=False)['form']} {form.change}"


def _variant(sheet: Sheet, name: str) -> str:
    return _prescribed(sheet, name).variant


def _frames(sheet: Sheet, name: str) -> tuple[Picture, ...]:
    return sheet.pictures(_prescribed(sheet, name))


def _aside(words: ExerciseWords, setting: str) -> str:
    """Write the setting and, where it differs, the name the source gives the exercise."""
    other = words.seed_name and words.seed_name.casefold() != words.name.casefold()
    return f"{setting} · {words.seed_name}" if other else setting


def _pictures(surface: Surface, sheet: Sheet, name: str, x: float, y: float, room: float) -> None:
    """Draw the picture, or the start and the end with a caption each: one above the other if they are wide."""
    frames = _frames(sheet, name)
    words = sheet.words.passages("cards", easy=0, slow=False)
    stacked = len(frames) > 1 and frames[0].width > _WIDE * frames[0].height
    wide = _PICTURE if stacked else _PICTURE / len(frames)
    high = room / len(frames) if stacked else room
    for index, drawing in enumerate(frames):
        told = sheet.pictured(_prescribed(sheet, name)) if index == len(frames) - 1 else words[drawing.frame]
        left, top = (x, y + index * high) if stacked else (x + index * wide, y)
        caption = _FRAME.leading if len(frames) > 1 else 0.0
        area = Area(left, top, wide - 1 * MM, high - caption)
        with surface.element("Figure", alt=told, box=surface.figure_box(area)):
            surface.picture(drawing, area)
        if caption:
            surface.text(left + wide / 2, top + high - caption, words[drawing.frame], _FRAME, align="centre", tag="P")


def _course(sheet: Sheet, name: str) -> _Course:
    """Gather the weeks with the same dose under how often it is done; minutes go into columns."""
    runs = _runs(sheet.programme.course(name))
    last = runs[-1][2]
    rows = tuple((_span(sheet, first, final), _dose(sheet, item)) for first, final, item in runs)
    often = sheet.words.often(_times(sheet, name), len(last.days))
    often = often[0].upper() + often[1:]
    if isinstance(last.dose, AerobicDose):
        easy = sheet.words.passages("cards", easy=last.dose.easy_minutes, slow=last.dose.easy)["aerobic"]
        return _Course(rows=rows, columns=2 if len(rows) > 1 else 1, title=f"{often}. {easy}")
    return _Course(rows=rows, columns=1, title=often)


def _runs(course: tuple[Prescription | None, ...]) -> list[tuple[int, int, Prescription]]:
    """Return the runs of weeks with the same dose: first week, last week, what is prescribed."""
    runs: list[tuple[int, int, Prescription]] = []
    for number, item in enumerate(course, start=1):
        if item is None:
            continue
        if runs and runs[-1][2].dose == item.dose and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number, runs[-1][2])
        else:
            runs.append((number, number, item))
    return runs


def _times(sheet: Sheet, name: str) -> int:
    """Return how many sessions of a day have an exercise in the last week that has it."""
    found = [sum(name == item.exercise for item in week.prescriptions()) for week in sheet.programme.weeks]
    return next(count for count in reversed(found) if count)


def _dose(sheet: Sheet, item: Prescription) -> str:
    """Write a dose for the panel; of an aerobic one all its minutes."""
    if isinstance(item.dose, AerobicDose):
        return str(sheet.words.labels["minutes_short"].format(minutes=item.dose.minutes))
    return sheet.words.dose(item)


def _span(sheet: Sheet, first: int, last: int) -> str:
    labels = sheet.words.labels
    span = labels["week"].format(number=first) if first == last else labels["weeks_span"].format(first=first, last=last)
    return str(span)


def _doses_height(sheet: Sheet, name: str) -> float:
    course = _course(sheet, name)
    title = height(course.title, _WEEK, _PICTURE - 3.2 * MM)
    if course.columns > 1:
        return title + -(-len(course.rows) // course.columns) * _DOSE.leading + 2.6 * MM
    return title + sum(height(dose, _DOSE, _dose_measure(course)) for _, dose in course.rows) + 2.6 * MM


def _dose_measure(course: _Course) -> float:
    return _PICTURE - 3.2 * MM - _label_width(course)


def _label_width(course: _Course) -> float:
    return max(fonts.width(weeks, _WEEK.font, _WEEK.size) for weeks, _ in course.rows) + 1.6 * MM


def _doses(surface: Surface, sheet: Sheet, name: str, x: float, y: float) -> None:
    """Write each week's dose in words on a tinted ground."""
    course = _course(sheet, name)
    surface.panel(Area(x, y, _PICTURE, _doses_height(sheet, name)), fill=TINT)
    x, y = x + 1.6 * MM, y + 1.2 * MM
    y = surface.paragraph(x, y, _PICTURE - 3.2 * MM, course.title, _WEEK, tag="P")
    lines = -(-len(course.rows) // course.columns)
    share = (_PICTURE - 3.2 * MM) / course.columns
    with surface.element("L"):
        for index, (weeks, dose) in enumerate(course.rows):
            if course.columns > 1:
                left, top = x + index // lines * share, y + index % lines * _DOSE.leading
            else:
                left, top = x, y
            with surface.element("LI"), surface.element("LBody"):
                surface.text(left, top, weeks, _WEEK)
                y_below = surface.paragraph(left + _label_width(course), top, _dose_measure(course), dose, _DOSE)
            y = y if course.columns > 1 else y_below


def _steps(surface: Surface, steps: tuple[str, ...], x: float, y: float, measure: float) -> float:
    with surface.element("L"):
        for number, step in enumerate(steps, start=1):
            with surface.element("LI"):
                with surface.element("Lbl"):
                    surface.disc(x + 2.4 * MM, y + 6.7, str(number), _NUMBER, radius=2.3 * MM, fill=ACCENT)
                y = surface.paragraph(x + 6.6 * MM, y, measure - 6.6 * MM, step, _STEP, tag="LBody") + 0.7 * MM
    return y


def _notes(surface: Surface, sheet: Sheet, name: str, x: float, y: float, measure: float) -> None:
    for label, text in _note_texts(sheet, name):
        indent = _indent(label)
        with surface.element("P"):
            surface.text(x, y, label, _NOTE_LABEL)
            for index, line in enumerate(_note_lines(label, text, measure)):
                surface.text(x + (0 if index else indent), y, line, _NOTE)
                y += _NOTE.leading
        y += 0.5 * MM


def _note_texts(sheet: Sheet, name: str) -> list[tuple[str, str]]:
    """Return the notes with their labels, without those that do not fit the person's form.

    The easier form is another one than the person's; at an easy pace nobody gets out of breath.
    """
    item, words = _prescribed(sheet, name), sheet.words.exercises[name]
    dropped = {"easier"} if item.variant else set()
    if isinstance(item.dose, AerobicDose) and item.dose.easy:
        dropped |= {"breathing", "feel"}
    labels = sheet.words.passages("cards", easy=0, slow=False)
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


def _indent(label: str) -> float:
    return fonts.width(label, _NOTE_LABEL.font, _NOTE_LABEL.size) + 1.6 * MM


def _note_lines(label: str, text: str, measure: float) -> list[str]:
    """Break a note whose first line starts after its label."""
    first = lines_of(text, _NOTE, measure - _indent(label))[0]
    rest = text[len(first) :].strip()
    return [first, *lines_of(rest, _NOTE, measure)]


def _height(sheet: Sheet, name: str) -> float:
    """Return how high a card is, with the space above it."""
    return _body_height(sheet, name) + _HEADING + 3 * MM


def _body_height(sheet: Sheet, name: str) -> float:
    measure = sheet.paper.measure - _PICTURE - _GUTTER
    changed = height(_changed(sheet, name), _FORM, measure) + (1 * MM if _changed(sheet, name) else 0.0)
    steps = changed + sum(height(step, _STEP, measure - 6.6 * MM) + 0.7 * MM for step in _step_texts(sheet, name))
    texts = _note_texts(sheet, name)
    notes = sum(len(_note_lines(label, text, measure)) * _NOTE.leading + 0.5 * MM for label, text in texts)
    picture = _PICTURE_LEAST + 1.5 * MM if _frames(sheet, name) else 0.0
    return max(steps + 1.2 * MM + notes, picture + _doses_height(sheet, name))
