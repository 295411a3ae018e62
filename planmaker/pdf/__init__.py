"""Draw a plan as a printed tracking sheet."""

from planmaker.pdf.document import renderer
from planmaker.pdf.layout import layout
from planmaker.pdf.letterhead import check as check_clinic

__all__ = ["check_clinic", "layout", "renderer"]
