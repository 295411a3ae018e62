"""Draw the sheet in other ways, as one would without planmaker's own: the peers it is measured against.

``PEERS`` holds those whose package is installed. Each draws one person's whole document anew: the same words, the
same pictures and as many boxes, in Source Sans 3. Only what knows no plan is kept: fonts, templates, pictures.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planmaker.figures.drawing import Drawing
    from planmaker.plan import Plan
    from planmaker.words import Words

    Draw = Callable[[Plan, Words, Mapping[str, tuple[Drawing, ...]]], bytes]

__all__ = ["PEERS", "Peer"]

_NAMES = ("reportlab", "typst", "weasyprint")
_INSTALL = "pip install -e '.[bench]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another way to draw.

    ``version`` names it and what makes it faster; ``draw`` draws a plan with words and artwork as a PDF.
    """

    version: str
    draw: Draw


def _peers() -> dict[str, Peer]:
    """Return the peers that can be had, and say how to have the others."""
    found = {}
    for name in _NAMES:
        try:
            module = importlib.import_module(f"peers.with_{name}")
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            sys.stderr.write(f"{name} is not installed and left out: {_INSTALL}\n")
            continue
        except OSError as error:  # a library of the system, such as Pango
            sys.stderr.write(f"{name} lacks what it needs and is left out: {str(error).splitlines()[0]}\n")
            continue
        found[name] = Peer(version=module.VERSION, draw=module.draw)
    return found


PEERS = _peers()
