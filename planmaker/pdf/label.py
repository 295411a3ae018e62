"""Set the label of a row: name, form, dose in words, and a short line for the person's own dose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmaker.pdf import fonts
from planmaker.pdf.fonts import REGULAR, SEMIBOLD
from planmaker.pdf.style import MM, Type
from planmaker.pdf.surface import Area, lines_of

if TYPE_CHECKING:
    from planmaker.pdf.spots import Spot
    from planmaker.pdf.surface import Surface

__all__ = ["DOSE", "NAME", "Label", "doses", "draw_label", "label"]

NAME = Type(font=SEMIBOLD, size=11.5, leading=12.4)
DOSE = Type(font=REGULAR, size=10.5, leading=11.8)
_FORM = Type(font=SEMIBOLD, size=10.5, leading=11.8)
_MINE = Type(font=REGULAR, size=9.5, leading=12.2)

_LEAST = 10 * MM  # of a line to write a dose on
_MOST = 22 * MM
_MOST_BESIDE = 14 * MM  # so that those of all rows stand one below the other
_APART = 2 * MM
_AFTER = 1 * MM
_ROOMY = 48 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The measured lines of a label; ``mine`` are the words before the line for one's own dose, empty without one."""

    name: tuple[str, ...]
    form: tuple[str, ...]
    dose: tuple[str, ...]
    mine: str
    measure: float

    @property
    def beside(self) -> bool:
        """Whether the line for one's own dose has room beside the printed one, and saves a line there."""
        worth = len(self.dose) > 1 or self.measure > _ROOMY
        return bool(self.mine and self.dose) and worth and self._left(self.dose[-1]) >= _LEAST

    @property
    def high(self) -> float:
        """The height of all lines."""
        own = _MINE.leading - DOSE.leading if self.beside else _MINE.leading
        text = len(self.name) * NAME.leading + (len(self.form) + len(self.dose)) * DOSE.leading
        return text + (own if self.mine else 0.0)

    def _left(self, line: str) -> float:
        """Return how long a line to write on can be beside a line of text."""
        text = fonts.width(line, DOSE.font, DOSE.size) + _APART if line else 0.0
        return self.measure - text - fonts.width(self.mine, _MINE.font, _MINE.size) - _AFTER

    def own(self) -> tuple[float, float]:
        """Return where the words for one's own dose start, and how long the line after them is."""
        line = self.dose[-1] if self.beside else ""
        room = min(self._left(line), _MOST_BESIDE if line else _MOST)
        words = fonts.width(self.mine, _MINE.font, _MINE.size)
        return (self.measure - room - _AFTER - words if line else 0.0), room


def label(measure: float, name: str, dose: str, *, form: str = "", mine: str = "") -> Label:
    """Break the texts of a label into lines of a measure."""
    return Label(
        name=tuple(lines_of(name, NAME, measure)),
        form=tuple(lines_of(form, _FORM, measure)),
        dose=doses(dose, measure),
        mine=mine,
        measure=measure,
    )


def doses(dose: str, measure: float) -> tuple[str, ...]:
    """Break a dose into lines; a number stays with what it counts."""
    lines: list[str] = []
    for word in re.findall(r"\d+ \S+|\S+", dose):
        longer = f"{lines[-1]} {word}" if lines else ""
        if longer and fonts.width(longer, DOSE.font, DOSE.size) <= measure:
            lines[-1] = longer
        else:
            lines += lines_of(word, DOSE, measure)
    return tuple(lines)


def draw_label(surface: Surface, text: Label, x: float, y: float, spot: Spot) -> None:
    """Write a label into the open header of a row; a spot is the place of one's own dose."""
    for lines, style in ((text.name, NAME), (text.form, _FORM), (text.dose, DOSE)):
        for words in lines:
            surface.text(x, y, words, style)
            y += style.leading
    if text.mine:
        start, room = text.own()
        top = y - (DOSE.leading if text.beside else 0.0)
        surface.text(x + start, top + 0.5, text.mine, _MINE)
        left = x + start + fonts.width(text.mine, _MINE.font, _MINE.size) + _AFTER
        surface.line(Area(left, top - 2, room, _MINE.leading - 0.5), spot)
