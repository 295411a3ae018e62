"""Draw one of each kind of page, in each look, side by side into docs/pages.png.

Run it with ``python docs/pages.py`` in the folder of the project; it needs pdftoppm (apt-get install poppler-utils, or
brew install poppler).
"""

from __future__ import annotations

import functools
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

_OUT: Final = Path(__file__).parent / "pages.png"
_PLAN: Final = ("--profile", "full", "--name", "Ann Example", "--timezone", "Europe/London")
_ISSUED: Final = ("--issued", "2027-01-05T09:00:00Z", "--start", "2027-01-11", "--format", "pdf")
_USUAL: Final = ()
_LARGE: Final = ("--large-print",)
_COMPACT: Final = ("--compact",)
# The pages that are shown, in rows: how the plan is printed, how the page's text begins or what stands on it, and, of
# those that are alike, which (from 0).
_SHOWN: Final = (
    (
        (_USUAL, "^Your back plan", 0),
        (_USUAL, "^Before you start", 0),
        (_USUAL, "^Your 6 weeks", 0),
        (_USUAL, "^Your calendar", 0),
        (_USUAL, "^Your exercises", 0),
        (_USUAL, "Down to the floor, and up again", 0),
    ),
    (
        (_USUAL, "^Week 3", 0),
        (_USUAL, "^Spare week", 0),
        (_USUAL, "^For your next visit", 0),
        (("--even-pages", "--weeks", "5"), "^Notes", 0),
        (("--boxes", "exercise"), "^Week 3", 0),
        (_COMPACT, "Week 3", 0),
    ),
    (
        (_LARGE, "^Your back plan", 0),
        (_LARGE, "^Stop and get help", 0),
        (_LARGE, "^Before you start", 0),
        (_LARGE, "^Your 6 weeks", 0),
        (_LARGE, "^Your exercises", 0),
        (_LARGE, "^Week 3", 0),
    ),
)
_WIDE, _GAP, _COLOURS = 400, 14, 96
_EDGE, _GROUND = (150, 150, 150), (236, 238, 238)


def main() -> None:
    """Make each plan once, pick the pages, and paste them in rows."""
    with tempfile.TemporaryDirectory() as folder:
        made = functools.cache(functools.partial(_made, Path(folder)))
        rows = [[_page(*made(options), begins, number) for options, begins, number in row] for row in _SHOWN]
    high = max(page.height for row in rows for page in row)
    size = (len(_SHOWN[0]) * (_WIDE + _GAP) + _GAP, len(rows) * (high + _GAP) + _GAP)
    sheet = Image.new("RGB", size, _GROUND)
    pen = ImageDraw.Draw(sheet)
    for line, row in enumerate(rows):
        for column, page in enumerate(row):
            x, y = _GAP + column * (_WIDE + _GAP), _GAP + line * (high + _GAP)
            sheet.paste(page, (x, y))
            pen.rectangle((x - 1, y - 1, x + page.width, y + page.height), outline=_EDGE)
    sheet.quantize(_COLOURS, dither=Image.Dither.NONE).save(_OUT, optimize=True)
    sys.stdout.write(f"{_OUT}: {_OUT.stat().st_size // 1024} KB\n")


def _made(folder: Path, options: tuple[str, ...]) -> tuple[Path, list[str]]:
    """Make a plan; return its file and the text of each page."""
    stem = "plan" + "".join(options)
    _run(sys.executable, "-m", "planmaker", "make", *_PLAN, *_ISSUED, "--stem", stem, "--out", folder, *options)
    pdf = folder / f"{stem}.pdf"
    return pdf, [re.sub(r"\s+", " ", text).strip() for text in _run("pdftotext", "-layout", pdf, "-").split("\f")]


def _page(pdf: Path, texts: list[str], begins: str, number: int) -> Image.Image:
    """Return a picture of a page by a pattern that is found in its text."""
    return _picture(pdf, [page for page, text in enumerate(texts, start=1) if re.search(begins, text)][number])


def _picture(pdf: Path, page: int) -> Image.Image:
    stem = pdf.with_name(f"{pdf.stem}-{page}")
    wanted = ("-f", str(page), "-l", str(page), "-singlefile", "-scale-to-x", str(_WIDE), "-scale-to-y", "-1")
    _run("pdftoppm", "-png", *wanted, pdf, stem)
    with Image.open(stem.with_suffix(".png")) as picture:
        return picture.convert("RGB")


def _run(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own commands


if __name__ == "__main__":
    main()
