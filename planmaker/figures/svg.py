"""Write a drawing as SVG, for the web and for others."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planmaker.figures.drawing import Colour, Drawing, Shape

__all__ = ["to_svg"]


def to_svg(drawing: Drawing, description: str) -> str:
    """Return a standalone SVG whose user unit is a scene centimetre; ``description`` is read to the blind."""
    width, height = f"{drawing.width:g}", f"{drawing.height:g}"
    paths = "\n".join(_path(shape) for shape in drawing.shapes)
    told = escape(description, quote=True)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{told}">'
    return f"{head}\n<title>{told}</title>\n{paths}\n</svg>\n"


def _path(shape: Shape) -> str:
    attributes = [f'd="{shape.path}"', f'fill="{_colour(shape.fill)}"', 'fill-rule="evenodd"']
    if shape.stroke is not None:
        attributes += [
            f'stroke="{_colour(shape.stroke)}"',
            f'stroke-width="{shape.width:g}"',
            f'stroke-linecap="{"round" if shape.round_cap else "butt"}"',
            'stroke-linejoin="round"',
        ]
    if shape.dash:
        attributes.append(f'stroke-dasharray="{" ".join(f"{length:g}" for length in shape.dash)}"')
    return f"<path {' '.join(attributes)}/>"


def _colour(colour: Colour | None) -> str:
    if colour is None:
        return "none"
    red, green, blue = (round(255 * part) for part in colour)
    return f"#{red:02x}{green:02x}{blue:02x}"
