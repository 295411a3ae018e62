"""Draw what a clinic says of itself on the cover: logo, name, address, telephone and a line at the foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planmaker.errors import InputError
from planmaker.pdf import fonts
from planmaker.pdf.fonts import REGULAR, SEMIBOLD
from planmaker.pdf.furniture import FOOT
from planmaker.pdf.own import OwnText, foreign_forms
from planmaker.pdf.shaping import shape
from planmaker.pdf.style import MM, Type
from planmaker.pdf.surface import Area
from planmaker.pdf.typefaces import EM, FACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planmaker.clinic import Clinic
    from planmaker.figures.drawing import Photo
    from planmaker.pdf.sheet import Sheet
    from planmaker.pdf.surface import Surface

__all__ = ["below", "check", "draw", "end", "foot", "foot_height", "height", "taken"]

_NAME = Type(font=SEMIBOLD, size=12, leading=14.6)
_LINE = Type(font=REGULAR, size=12, leading=14.6)
_COLUMN: Final = 66 * MM
_GAP: Final = 5 * MM
_MOST: Final = 7  # lines below the logo
_LOGO: Final = 15 * MM  # the most that a logo is high
_BELOW_LOGO: Final = 2 * MM
_FACES: Final = {name: face for face, name in FACES.items()}
_FOOT: Final = 13.6 * MM  # of the last line of the foot, from the paper's edge


def taken(sheet: Sheet) -> float:
    """Return how much of the cover's width, right of the title, the letterhead takes."""
    return _COLUMN + _GAP if _texts(sheet.clinic) or sheet.clinic.logo else 0.0


def check(clinic: Clinic, font_dir: Path | None) -> None:
    """Raise InputError naming the text that holds what no typeface can print, or that takes too much room."""
    for where, text, style in [*_texts(clinic), ("clinic.footer", clinic.footer, FOOT)]:
        shape(text, face=_FACES[style.font], folder=font_dir, where=where)
    lines = sum(len(list(_broken(font_dir, *item, _COLUMN))) for item in _texts(clinic))
    if lines > _MOST:
        what = f"take {lines} lines on the sheet, expected at most {_MOST}; shorten them"
        msg = f"clinic.name, address and telephone: {what}"
        raise InputError(msg)


def _texts(clinic: Clinic) -> list[tuple[str, str, Type]]:
    """Return the texts below the logo: where each comes from, and how it is set."""
    texts = [("clinic.name", clinic.name, _NAME), *(("clinic.address", line, _LINE) for line in clinic.address)]
    return [item for item in (*texts, ("clinic.telephone", clinic.telephone, _LINE)) if item[1]]


def end(sheet: Sheet) -> float:
    """Return the y below the letterhead right of the title."""
    y = sheet.paper.top + (_logo_size(sheet.clinic.logo)[1] + _BELOW_LOGO if sheet.clinic.logo else 0.0)
    for where, text, style in _texts(sheet.clinic):
        y += sum(style.leading for _ in _broken(sheet.font_dir, where, text, style, _COLUMN))
    return y


def draw(surface: Surface, sheet: Sheet) -> float:
    """Draw the letterhead right of the title; return the y below it."""
    y = _logo(surface, sheet, surface.paper.top)
    for where, text, style in _texts(sheet.clinic):
        y = _lines(surface, sheet, where, text, style, y)
    return y


def height(sheet: Sheet) -> float:
    """Return how high the clinic's name and telephone are, one below the other on a narrow page."""
    return sum(
        style.leading
        for where, text, style in _short(sheet.clinic)
        for _ in _broken(sheet.font_dir, where, text, style, sheet.paper.measure)
    )


def below(surface: Surface, sheet: Sheet, y: float) -> None:
    """Write the clinic's name and telephone over the whole width of a narrow page."""
    for where, text, style in _short(sheet.clinic):
        y = _lines(surface, sheet, where, text, style, y)


def _short(clinic: Clinic) -> list[tuple[str, str, Type]]:
    return [item for item in _texts(clinic) if item[0] != "clinic.address"]


def _lines(surface: Surface, sheet: Sheet, where: str, text: str, style: Type, y: float) -> float:
    """Write a text on as many lines as it takes: at the right, or at the left of a narrow page; return the y below."""
    narrow = surface.paper.narrow
    for line in _broken(sheet.font_dir, where, text, style, surface.paper.measure if narrow else _COLUMN):
        with surface.element("P"):
            _write(surface, sheet, where, line, style, y, right=not narrow)
        y += style.leading
    return y


def foot(surface: Surface, sheet: Sheet) -> None:
    """Write the clinic's line at the foot, the last of its lines above the plan's code."""
    y = surface.paper.height - _FOOT - foot_height(sheet)
    for line in _foot_lines(sheet):
        with surface.element("P"):
            _write(surface, sheet, "clinic.footer", line, FOOT, y, right=False)
        y += FOOT.leading


def foot_height(sheet: Sheet) -> float:
    """Return how much of a page's room the lines at the foot take beyond the first, which has a place of its own."""
    return max(len(_foot_lines(sheet)) - 1, 0) * FOOT.leading


def _foot_lines(sheet: Sheet) -> list[str]:
    return list(_broken(sheet.font_dir, "clinic.footer", sheet.clinic.footer, FOOT, sheet.paper.measure))


def _logo(surface: Surface, sheet: Sheet, y: float) -> float:
    """Place the logo as large as fits; return the y below it."""
    logo = sheet.clinic.logo
    if logo is None:
        return y
    wide, high = _logo_size(logo)
    area = Area(surface.paper.edge - wide, y, wide, high)
    alt = sheet.words.labels["logo"].format(name=sheet.clinic.name).strip()
    with surface.element("Figure", alt=alt, box=surface.figure_box(area)):
        surface.picture(logo, area)
    return y + high + _BELOW_LOGO


def _logo_size(logo: Photo) -> tuple[float, float]:
    high = min(_LOGO, _COLUMN * logo.height / logo.width)
    return high * logo.width / logo.height, high


def _plain(surface: Surface, text: str, style: Type) -> bool:
    return surface.codes[style.font].keys() >= set(map(ord, text))


def _broken(font_dir: Path | None, where: str, text: str, style: Type, measure: float) -> Iterator[str]:
    face = _FACES[style.font]

    def width_of(piece: str) -> float:
        return shape(piece, face=face, folder=font_dir, where=where).width * style.size / EM

    yield from fonts.broken(text, width_of, measure)


def _write(  # noqa: PLR0913 - what, how and where
    surface: Surface, sheet: Sheet, where: str, text: str, style: Type, y: float, *, right: bool
) -> None:
    """Write a line at the left or right margin, as a form of its own if it needs fonts of its own."""
    x = surface.paper.edge if right else surface.paper.left
    if _plain(surface, text, style):
        surface.text(x, y, text, style, align="right" if right else "left")
        return
    file = surface.file
    number, first = file.reserve(), file.reserve()
    own = OwnText(field=where, style=style, measure=surface.paper.measure, right=right)
    made = foreign_forms({number: (own, text)}, first, sheet.font_dir)
    for _ in range(max(made) - first):
        file.reserve()
    for key, body in made.items():
        file.put(key, body)
    surface.form(f"C{number}", number, x, y, style)
