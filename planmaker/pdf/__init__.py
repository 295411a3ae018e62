"""Draw a plan as a printed tracking sheet."""

from planmaker.pdf.document import renderer, sheet_of
from planmaker.pdf.layout import layout
from planmaker.pdf.letterhead import check as check_clinic
from planmaker.pdf.printrun import Copy, Volume, volumes

__all__ = ["Copy", "Volume", "check_clinic", "layout", "renderer", "sheet_of", "volumes"]
