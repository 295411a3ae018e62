"""Draw a plan as a printed tracking sheet."""

from planmaker.pdf.document import renderer

__all__ = ["renderer"]
