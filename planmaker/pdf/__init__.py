"""Draw a plan as a printed tracking sheet."""

from planmaker.pdf.document import renderer
from planmaker.pdf.layout import layout

__all__ = ["layout", "renderer"]
