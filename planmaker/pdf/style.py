"""Set the look of the sheet: paper, margins, type sizes, colours. Lengths are in points."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = [
    "ACCENT",
    "BAR",
    "BOX",
    "INK",
    "LARGE",
    "MM",
    "PAPERS",
    "QUIET",
    "RULE",
    "STOP",
    "TINT",
    "WHITE",
    "Paper",
    "Type",
]

MM = 72 / 25.4
# The side of a box to tick: 4.5 mm, so that a finger that shakes can hit it and a scan can find it.
BOX = 4.5 * MM

Colour = tuple[float, float, float]

ACCENT: Colour = (0.043, 0.37, 0.39)
BAR: Colour = (0.38, 0.60, 0.61)  # a lighter accent, to save ink; 3:1 on white
TINT: Colour = (0.925, 0.955, 0.953)
INK: Colour = (0.08, 0.10, 0.12)
QUIET: Colour = (0.33, 0.36, 0.38)  # 7:1 on white
RULE: Colour = (0.62, 0.65, 0.67)
STOP: Colour = (0.72, 0.07, 0.09)
WHITE: Colour = (1.0, 1.0, 1.0)


def mixed(colour: Colour, share: float) -> Colour:
    """Return a share of a colour on white."""
    red, green, blue = (1 - share * (1 - part) for part in colour)
    return (red, green, blue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    """A way to set text: font, size in points, distance of lines in points, colour."""

    font: str
    size: float
    leading: float
    colour: Colour = INK

    def sized(self, size: float) -> Type:
        """Return the same type in another size."""
        return replace(self, size=size, leading=self.leading * size / self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A sheet of paper; the left margin leaves room for a hole punch.

    All is laid out as if for a page that is then enlarged ``scale`` times; lengths here are those before that.
    """

    width: float
    height: float
    left: float = 15 * MM
    right: float = 10 * MM
    top: float = 11 * MM
    bottom: float = 15 * MM
    scale: float = 1.0

    @property
    def measure(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right

    @property
    def edge(self) -> float:
        """The x of the right margin."""
        return self.width - self.right

    @property
    def floor(self) -> float:
        """The y above which everything but the footer stays."""
        return self.height - self.bottom

    @property
    def narrow(self) -> bool:
        """Whether columns that stand side by side on a whole page must go one below the other."""
        return self.measure < _NARROW

    def enlarged(self, scale: float) -> Paper:
        """Return the page to lay out for, so that all is printed larger within the same margins."""
        return Paper(
            width=self.width / scale,
            height=self.height / scale,
            left=self.left / scale,
            right=self.right / scale,
            top=self.top / scale,
            bottom=self.bottom,
            scale=scale,
        )


# The scale of large print: body type of 12 points becomes 18.
LARGE = 1.5
_NARROW = 150 * MM
PAPERS = {
    "a4": Paper(width=210 * MM, height=297 * MM),
    "letter": Paper(width=215.9 * MM, height=279.4 * MM),
}
