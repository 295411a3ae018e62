"""Read rosters of a million rows in several forms; exit 1 if a row is lost or they stand in memory.

    python tests/torture/rosters.py [ROWS]

takes some minutes, and prints the time and the most memory that each form takes in a process of its own.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import openpyxl

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = ("Patient ID", "profile", "First name", "Last name", "start", "weeks", "am", "pm", "time zone", "level", "notes")
FORMS = ("plain", "quoted", "CR", "unclosed", "xlsx")
MOST_MEMORY = {"xlsx": 400}  # in MB: the texts that the cells of a workbook share are kept
READ = """
import resource, sys
from pathlib import Path
from planmaker import roster
with roster.opened(Path(sys.argv[1])) as book:
    print(book.count, sum(1 for _ in book.rows()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def rows(count: int) -> Iterator[tuple[str, ...]]:
    """Yield rows of about a hundred bytes."""
    for number in range(count):
        day = f"{1 + number % 28}/{1 + number % 12}/2027"
        names = f"Anastasia{number % 977}", f"Ruiz-Müller{number % 9973}"
        yield (f"A{number:07}", "full", *names, day, "6", "08:00", "19:00", "Europe/London", "standard", "see chart")


def write(path: Path, form: str, count: int) -> None:
    """Write a roster in a form."""
    if form == "xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("Roster")
        for row in (HEAD, *rows(count)):
            sheet.append(row)
        book.save(path)
        return
    with path.open("w", encoding="utf-8", newline="") as stream:
        end = "\r" if form == "CR" else "\r\n"
        writer = csv.writer(
            stream, quoting=csv.QUOTE_ALL if form == "quoted" else csv.QUOTE_MINIMAL, lineterminator=end
        )
        writer.writerow(HEAD)
        for row in rows(count):
            if form == "unclosed" and row[0].endswith("00"):
                stream.write(",".join(row).replace("full,", 'full,"') + "\r\n")
            else:
                writer.writerow(row)


def main(count: int) -> int:
    """Print a line for each form."""
    wrong = 0
    with TemporaryDirectory() as folder:
        for form in FORMS:
            path = Path(folder) / f"roster.{form}"
            write(path, form, count)
            begun = time.perf_counter()
            told = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True).stdout
            surveyed, handed_out, memory = map(int, told.split())
            fault = not surveyed == handed_out == count or memory > MOST_MEMORY.get(form, 100)
            wrong += fault
            line = f"{form:10}{handed_out:9} rows {time.perf_counter() - begun:7.1f} s {memory:5} MB"
            print(line + " WRONG" * fault)  # noqa: T201 - a program's product
            path.unlink()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
