"""Make boxes and lines that can be filled in on a screen (ISO 32000-1 12.7), without scripts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planmaker.pdf import fonts
from planmaker.pdf.file import array, stream, text_string
from planmaker.pdf.style import BOX

if TYPE_CHECKING:
    from collections.abc import Callable

    from planmaker.pdf.file import File
    from planmaker.pdf.spots import Blank

__all__ = ["Form", "entries", "form"]

# The font's name in the form, and the size at which people write.
_FONT: Final = "Hand"
_SIZE: Final = 10
# A tick in a box of 1 by 1.
_TICK: Final = ((0.18, 0.52), (0.42, 0.24), (0.84, 0.80))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What the fields of a file share: the numbers of their appearances and font, and how a place is called."""

    ticked: int
    empty: int
    font: int
    told: Callable[[Blank], str]

    def widget(self, blank: Blank) -> str:
        """Write the entries of a place's field and widget."""
        spot = blank.spot
        name = "-".join(str(part) for part in spot)
        common = f"/Subtype/Widget/T{text_string(name)}/TU{text_string(self.told(blank))}"
        if blank.tick:
            return f"{common}/FT/Btn/V/Off/AS/Off/AP<</N<</Yes {self.ticked} 0 R/Off {self.empty} 0 R>>>>"
        return f"{common}/FT/Tx/DA(/{_FONT} {_SIZE} Tf 0 g)/AP<</N {self.empty} 0 R>>"


def form(file: File, told: Callable[[Blank], str], scale: float) -> Form:
    """Put what fields share into a file whose pages are enlarged."""
    side = BOX * scale
    (x0, y0), (x1, y1), (x2, y2) = (tuple(side * part for part in point) for point in _TICK)
    tick = f"{side * 0.12:.2f} w 1 J 1 j {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l {x2:.2f} {y2:.2f} l S"
    bounds = array((0, 0, side, side))
    return Form(
        ticked=file.add(stream(f"/Type/XObject/Subtype/Form/BBox{bounds}/Resources<<>>", tick.encode())),
        empty=file.add(stream(f"/Type/XObject/Subtype/Form/BBox{bounds}/Resources<<>>", b"")),
        font=fonts.whole(file),
        told=told,
    )


def entries(made: Form, fields: list[int]) -> str:
    """Write the catalogue's entry for the form."""
    references = " ".join(f"{number} 0 R" for number in fields)
    resources = f"<</Font<</{_FONT} {made.font} 0 R>>>>"
    return f"/AcroForm<</Fields[{references}]/DR{resources}/DA(/{_FONT} {_SIZE} Tf 0 g)>>"
