"""Write the print run of a roster: the sheets of all its good rows in one file, or in few."""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from planmaker import encrypting, storage
from planmaker.batch.docket import code_of
from planmaker.batch.place import OWN
from planmaker.batch.work import as_printed, workshop_of
from planmaker.errors import StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from planmaker.batch.docket import Docket
    from planmaker.batch.place import Record
    from planmaker.batch.work import Job
    from planmaker.pdf import Copy

__all__ = ["PrintRun", "check", "write"]

_AT_ONCE = 500  # rows whose records are looked up together


@dataclass(frozen=True, slots=True)
class PrintRun:
    """Where a print run goes; ``out`` is the folder for the other files, None if they go into no folder.

    ``most`` is how many pages a file of it may have, 0 for one file whatever its size.
    """

    path: Path
    out: Path | None
    most: int = 0

    def name(self, number: int) -> str:
        """Return the name of its file of a number, from 1."""
        return f"{self.path.stem}-{number}{self.path.suffix}" if self.most else self.path.name

    def is_name(self, name: str) -> bool:
        """Tell whether a file of the run may get a name."""
        number = r"-\d+" if self.most else ""
        wanted = re.escape(self.path.stem) + number + re.escape(self.path.suffix)
        return re.fullmatch(wanted, name, re.IGNORECASE) is not None


def check(asked: PrintRun, desk: Docket, record: Record | None) -> None:
    """Raise UsageError where the print run would be written over the sheet of somebody."""
    numbered = replace(asked, most=asked.most or 1)  # as a file is too that takes the place of one that is held open
    taken = [name for name in (*_there(asked), *_there(numbered)) if _is_sheet(asked.path.parent / name)]
    if asked.out and asked.out.resolve() in asked.path.resolve().parents:
        own = code_of(asked.path.stem.partition("+")[0])
        known = record.find([own]) if record else {}
        names = (f"{code}{asked.path.suffix}" for code in desk.codes())
        if known or any(asked.is_name(name) or numbered.is_name(name) for name in names):
            taken.append(asked.path.name)
    if taken:
        msg = f"--print-run: {taken[0]} is the name of somebody's sheet in {asked.path.parent}; take another"
        raise UsageError(msg)


def _there(asked: PrintRun) -> list[str]:
    """Return the names of files that lie where those of the print run go."""
    folder = asked.path.parent
    return sorted(path.name for path in folder.iterdir() if asked.is_name(path.name)) if folder.is_dir() else []


def _is_sheet(path: Path) -> bool:
    """Tell whether a file is one person's sheet: that claims PDF/UA or has a password, and no print run does."""
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data.find(b"pdfuaid:part") >= 0 or encrypting.is_encrypted(data)
    except (OSError, ValueError):  # it cannot be read, which writing will tell, or is empty
        return False


def write(asked: PrintRun, desk: Docket, job: Job, record: Record, tell: Callable[[int], None]) -> str:
    """Write the print run and return what to say of it; raise StorageError if that fails.

    ``tell`` is called with 1 for each person whose sheet is in it.
    """
    rows, locked = desk.printable()
    without = f"; rows left out because of their password: {locked}" if locked else ""
    if not rows:
        return f"{asked.path}: not written: there is no sheet to print{without}{_older(asked)}"
    pages: list[int] = []

    def files() -> Iterator[tuple[str, Iterator[bytes]]]:
        for volume in workshop_of(job).print_run(_copies(desk, job, record, tell), asked.most):
            yield asked.name(len(pages) + 1), volume.parts()
            pages.append(volume.pages)

    folder = asked.path.parent
    try:
        storage.make_folder(folder)
        own = asked.out / OWN if asked.out else folder  # swept when a run begins
        drafts = own if own.stat().st_dev == folder.stat().st_dev else folder
        paths = storage.publish_all(folder, files(), drafts=drafts)
    except OSError as error:
        raise StorageError(_here(storage.advice(error, folder))) from error
    except StorageError as error:
        raise StorageError(_here(str(error))) from error
    named = f"{paths[0]}" if len(paths) == 1 else f"{paths[0]} to {paths[-1].name}"
    return f"{named}: {sum(pages)} pages, {rows} people{without}{_older(asked, len(pages))}"


def _copies(desk: Docket, job: Job, record: Record, tell: Callable[[int], None]) -> Iterator[Copy]:
    """Yield the plans in the order in which they are printed."""
    from planmaker.pdf import Copy  # noqa: PLC0415 - the typesetter is slow to load, and not every run needs it here

    for task, sort in desk.printed(_AT_ONCE, record.find):
        plan, look, programme = as_printed(job, task)
        yield Copy(plan, look, programme, sort)
        tell(1)


def _older(asked: PrintRun, count: int = 0) -> str:
    """Say which files of an earlier print run lie there, besides so many of this one, so that nobody prints them."""
    written = {asked.name(number) for number in range(1, count + 1)}
    found = [name for name in _there(asked) if name not in written]
    return f"; from an earlier print run, throw away: {', '.join(found)}" if found else ""


def _here(message: str) -> str:
    """Name the option that says where the print run goes."""
    return message.replace("--out", "--print-run")
