"""Write a plan as a document of an office program, and have LibreOffice merge it with a table of people to PDFs.

The text and the tables of all weeks are there, the name and the code are fields; the pictures and the cards are not.
"""

from __future__ import annotations

import csv
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planmaker.plan import Plan
    from planmaker.words import Words

__all__ = ["INSTALL", "found", "merged"]

INSTALL = "apt-get install libreoffice-writer-nogui libreoffice-base-nogui python3-uno"
_PYTHON = "/usr/bin/python3"  # the system's, which has uno
_FIELD = (
    '<text:database-display text:database-name="people" text:table-name="people" text:table-type="table"'
    ' text:column-name="{0}">{0}</text:database-display>'
)
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
    """Return what LibreOffice calls itself, or an empty text if a part of it is missing."""
    program, base = shutil.which("soffice"), "/usr/lib/libreoffice/program/libdbaxmllo.so"
    can = [_PYTHON, "-c", "import uno"]
    if program is None or not Path(base).exists() or subprocess.run(can, capture_output=True, check=False).returncode:  # noqa: S603 - our own
        return ""
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - the peer
    return " ".join(told.stdout.split()[:2])


def merged(plan: Plan, people: Sequence[tuple[str, str]], words: Words, folder: Path) -> float:
    """Merge a plan's document with people, each an id and a name; return how many seconds that took.

    The start of the program is not counted.
    """
    (folder / "document.fodt").write_text(_document(plan, words), encoding="utf-8")
    for name in ("data", "out"):
        (folder / name).mkdir()
    with (folder / "data" / "people.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "name"), *people])
    pipe = f"planmaker{secrets.token_hex(4)}"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--norestore", f"--accept=pipe,name={pipe};urp"]
    client = [_PYTHON, str(Path(__file__).with_name("mail_merge.py")), str(folder), pipe]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:  # noqa: S603 - the peer
        try:
            told = subprocess.run(client, check=True, capture_output=True, text=True)  # noqa: S603 - our own
        finally:
            subprocess.run(["pkill", "-f", pipe], check=False)  # noqa: S603, S607 - soffice is a script round another
            program.wait()
    made = len(list((folder / "out").glob("*.pdf")))
    if made != len(people):
        msg = f"{made} files for {len(people)} people"
        raise RuntimeError(msg)
    return float(told.stdout)


def _document(plan: Plan, words: Words) -> str:
    """Return a plan's document: a page about each exercise, then a page a week."""
    parts = [f"<text:p>{_FIELD.format('name')} {_FIELD.format('id')}</text:p>"]
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
