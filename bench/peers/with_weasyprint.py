"""Draw a plan with weasyprint: one page of HTML written by jinja2, pictures as SVG, tagged as PDF/UA-1 asks."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from weasyprint import CSS, HTML, __version__
from weasyprint.text.ffi import harfbuzz_subset
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcherResponse

from peers.pages import pages
from peers.style import FONTS, Ready, svg

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.figures.drawing import Drawing
    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["VERSION", "draw"]

VERSION = f"weasyprint {__version__} {'with' if harfbuzz_subset else 'without'} harfbuzz-subset"

_FOLDER = Path(__file__).parent
_TEMPLATE = jinja2.Environment(
    loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
).get_template("sheet.html.j2")
_WEIGHTS = {"Regular": 400, "SemiBold": 600, "Bold": 700}
_FACES = "".join(
    f"@font-face {{ font-family: 'Source Sans 3'; font-weight: {weight};"
    f" src: url('{(FONTS / f'SourceSans3-{name}.ttf').as_uri()}') }}\n"
    for name, weight in _WEIGHTS.items()
)
_FONTS = FontConfiguration()
_STYLES = [CSS(string=_FACES, font_config=_FONTS), CSS(filename=_FOLDER / "sheet.css", font_config=_FONTS)]
_READY = Ready(svg)


def _picture(pictures: Mapping[str, str], url: str) -> URLFetcherResponse:
    """Hand out a picture by the address ``picture:KEY``."""
    return URLFetcherResponse(url, pictures[url.removeprefix("picture:")], {"Content-Type": "image/svg+xml"})


def draw(plan: Plan, words: Words, artwork: Mapping[str, tuple[Drawing, ...]]) -> bytes:
    """Return one person's whole document."""
    text = _TEMPLATE.render(pages(plan, words, artwork))
    html = HTML(string=text, url_fetcher=partial(_picture, _READY.of(artwork)))
    return bytes(html.write_pdf(stylesheets=_STYLES, font_config=_FONTS, pdf_variant="pdf/ua-1"))
