"""Make people's plans as documents of an office program, and have LibreOffice turn them all into PDFs in one run.

That is what its mail merge to single files does with each person's document. The text and the tables of all weeks are
there; the pictures, the cards and the tags are not.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["INSTALL", "converted", "found"]

INSTALL = "apt-get install libreoffice-writer-nogui"
_DAYS = 7
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
    '<style:style style:name="page" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/>'
    "</style:style></office:automatic-styles><office:body><office:text>{}</office:text></office:body></office:document>"
)


def found() -> str:
    """Return what LibreOffice calls itself, or an empty text."""
    program = shutil.which("soffice")
    if program is None:
        return ""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - the peer
    return " ".join(told.stdout.split()[:2])


def converted(plans: Sequence[Plan], words: Words, folder: Path) -> int:
    """Write and convert a document a plan; return how many bytes the PDFs have."""
    for plan in plans:
        (folder / f"{plan.person.id}.fodt").write_text(_document(plan, words), encoding="utf-8")
    sources = [str(path) for path in sorted(folder.glob("*.fodt"))]
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", str(folder), *sources], check=True, capture_output=True)  # noqa: S603 - the peer
    return sum(path.stat().st_size for path in folder.glob("*.pdf"))


def _document(plan: Plan, words: Words) -> str:
    """Return one person's document: a page about each exercise, then a page a week."""
    parts = [_line(f"{plan.person.name} {plan.person.id}")]
    for name in plan.programme.exercises():
        item = words.exercises[name]
        parts += [_line(item.name, new_page=True), *map(_line, (item.setting, *item.steps, item.breathing, item.feel))]
    for week in plan.programme.weeks:
        parts.append(_line(f"Week {week.number}", new_page=True))
        for session in week.sessions:
            rows = [_row([words.exercises[item.exercise].name, *"\u2610" * _DAYS]) for item in session.prescriptions]
            column = f'<table:table-column table:number-columns-repeated="{_DAYS + 1}"/>'
            parts.append(f"<table:table>{column}{''.join(rows)}</table:table>")
    return _DOCUMENT.format("".join(parts))


def _line(text: str, *, new_page: bool = False) -> str:
    style = ' text:style-name="page"' if new_page else ""
    return f"<text:p{style}>{escape(text)}</text:p>"


def _row(cells: Sequence[str]) -> str:
    inner = "".join(f"<table:table-cell>{_line(cell)}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{inner}</table:table-row>"
