"""Draw one of each kind of page, as usual and in large print, side by side into docs/pages.png.

Run it with ``python docs/pages.py`` in the folder of the project; it needs pdftoppm (apt-get install poppler-utils, or
brew install poppler).
"""

from __future__ import annotations

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
# The pages that are shown, by how their text begins; of those that begin alike, the one with a number (from 0).
_SHOWN: Final = (
    ("Your back plan", 0),
    ("Before you start", 0),
    ("Your 6 weeks", 0),
    ("Your exercises", 0),
    ("Week 3", 0),
    ("For your next visit", 0),
)
_WIDE, _GAP, _COLOURS = 420, 14, 128
_EDGE, _GROUND = (150, 150, 150), (236, 238, 238)


def main() -> None:
    """Make the two plans, pick their pages, and paste them in two rows."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            _pages(Path(folder) / name, options) for name, options in (("usual", ()), ("large", ("--large-print",)))
        ]
    high = max(page.height for row in rows for page in row)
    size = (len(_SHOWN) * (_WIDE + _GAP) + _GAP, len(rows) * (high + _GAP) + _GAP)
    sheet = Image.new("RGB", size, _GROUND)
    pen = ImageDraw.Draw(sheet)
    for line, row in enumerate(rows):
        for column, page in enumerate(row):
            x, y = _GAP + column * (_WIDE + _GAP), _GAP + line * (high + _GAP)
            sheet.paste(page, (x, y))
            pen.rectangle((x - 1, y - 1, x + page.width, y + page.height), outline=_EDGE)
    sheet.quantize(_COLOURS, dither=Image.Dither.NONE).save(_OUT, optimize=True)
    sys.stdout.write(f"{_OUT}: {_OUT.stat().st_size // 1024} KB\n")


def _pages(folder: Path, options: tuple[str, ...]) -> list[Image.Image]:
    """Make a plan and return its pages that are shown."""
    _run(sys.executable, "-m", "planmaker", "make", *_PLAN, *_ISSUED, "--stem", "plan", "--out", folder, *options)
    pdf = folder / "plan.pdf"
    texts = _run("pdftotext", "-layout", pdf, "-").split("\f")
    begins = [re.sub(r"\s+", " ", text).strip() for text in texts]
    found = []
    for beginning, number in _SHOWN:
        pages = [page for page, text in enumerate(begins, start=1) if text.startswith(beginning)]
        found.append(_picture(pdf, pages[number]))
    return found


def _picture(pdf: Path, page: int) -> Image.Image:
    stem = pdf.with_name(f"page-{page}")
    wanted = ("-f", str(page), "-l", str(page), "-singlefile", "-scale-to-x", str(_WIDE), "-scale-to-y", "-1")
    _run("pdftoppm", "-png", *wanted, pdf, stem)
    with Image.open(stem.with_suffix(".png")) as picture:
        return picture.convert("RGB")


def _run(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own commands


if __name__ == "__main__":
    main()
