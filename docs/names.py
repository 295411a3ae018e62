"""Draw names in many scripts as the sheet prints them beside the same names set by Pango, for the eye to compare.

Usage: python docs/names.py (needs poppler-utils, pango1.0-tools and fonts-noto-cjk); writes docs/names.png.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
FONTS = HERE.parent / "planmaker" / "pdf" / "fonts"
sys.path.insert(0, str(HERE.parent / "tests"))

from naming import LEFT, NAMES, SIZE, STEP, cjk_folder, sheet  # noqa: E402 - the tests are not a package

DPI = 110
WIDTH = 300  # points of a column
COLOURS = 8
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>{folders}<cachedir>{cache}</cachedir></fontconfig>"""


def main() -> None:
    """Write the picture: ours to the left, Pango's to the right."""
    folder = cjk_folder()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "names.pdf").write_bytes(sheet(list(NAMES.values()), folder))
        run("pdftoppm", "-r", DPI, "-png", "-singlefile", work / "names.pdf", work / "ours")
        folders = "".join(f"<dir>{path}</dir>" for path in (FONTS, folder) if path)
        (work / "fonts.conf").write_text(FONTCONFIG.format(folders=folders, cache=work / "cache"))
        ours = Image.open(work / "ours.png").convert("L")
        scale = DPI / 72
        page = Image.new("L", (round(2 * WIDTH * scale), ours.height), 255)
        page.paste(ours.crop((0, 0, round(WIDTH * scale), ours.height)))
        for index, text in enumerate(NAMES.values()):
            theirs = pango(text, work)
            top = round((LEFT / 4 + STEP * index) * scale)
            page.paste(theirs, (round((WIDTH + LEFT) * scale), top + round(STEP * scale - theirs.height) // 2))
        page.quantize(COLOURS).save(HERE / "names.png", optimize=True)


def pango(text: str, work: Path) -> Image.Image:
    """Return a text as Pango sets it, in the same fonts."""
    options = ("--backend=cairo", f"--dpi={DPI}", "--margin=0", "--language=en", f"--font=Source Sans 3 {SIZE}")
    program = ("pango-view", "-q", *options, "--no-auto-dir", f"--text={text}", f"--output={work / 'theirs.png'}")
    run(
        *program,
        environment={"FONTCONFIG_FILE": str(work / "fonts.conf"), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return Image.open(work / "theirs.png").convert("L")


def run(*program: object, environment: dict[str, str] | None = None) -> None:
    """Run a program that must succeed."""
    subprocess.run([str(part) for part in program], check=True, env=environment)  # noqa: S603 - the programs named here


if __name__ == "__main__":
    main()
