"""Draw a plan with typst: one template, the plan as JSON, pictures as SVG files; tagged as typst does by itself."""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from peers.pages import pages
from peers.style import FONTS, Ready, svg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.figures.drawing import Drawing
    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["VERSION", "draw"]

VERSION = f"typst {version('typst')}"

_TEMPLATE = Path(__file__).parent / "sheet.typ"


class _Studio:
    """A compiler in a folder with the pictures of the artwork seen last; another artwork gets a new one."""

    def __init__(self) -> None:
        self._ready = Ready(svg)
        self._pictures: Mapping[str, str] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._compiler = typst.Compiler()

    def compiler(self, artwork: Mapping[str, tuple[Drawing, ...]]) -> typst.Compiler:
        """Return the compiler of the template beside these pictures."""
        pictures = self._ready.of(artwork)
        if pictures is not self._pictures:
            self._pictures, self._folder = pictures, tempfile.TemporaryDirectory(prefix="planmaker-peers-")
            for name, text in pictures.items():
                (Path(self._folder.name) / f"{name}.svg").write_text(text, encoding="utf-8")
            template = shutil.copy(_TEMPLATE, self._folder.name)
            self._compiler = typst.Compiler(template, font_paths=[str(FONTS)], ignore_system_fonts=True)
        return self._compiler


_STUDIO = _Studio()


def draw(plan: Plan, words: Words, artwork: Mapping[str, tuple[Drawing, ...]]) -> bytes:
    """Return one person's whole document."""
    data = _STUDIO.compiler(artwork).compile(sys_inputs={"plan": json.dumps(pages(plan, words, artwork))})
    if not isinstance(data, bytes):
        msg = "typst: expected one PDF"
        raise TypeError(msg)
    return data
