"""Make the plans of a clinic's roster."""

from __future__ import annotations

import contextlib
import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planmaker import console, fields, roster
from planmaker.batch import clusters, docket, engines, objects, printing, report, run
from planmaker.batch.account import Status
from planmaker.batch.fingerprint import fingerprint
from planmaker.batch.place import Folder
from planmaker.batch.printing import PrintRun
from planmaker.batch.work import Job
from planmaker.cli import flags, locking, making, rosters
from planmaker.errors import ExitCode, StorageError, UsageError
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from contextlib import AbstractContextManager

    from planmaker.batch.docket import Docket
    from planmaker.batch.engines import Engine
    from planmaker.batch.place import Record
    from planmaker.roster import Roster, Row
    from planmaker.workshop import Order

    _Stop = KeyboardInterrupt | StorageError

__all__ = ["batch", "work_through"]

_MOST_PROCESSES = 61  # as many as Windows lets one program wait for
_MOST_REPORTED = 50_000  # rows whose reports are written after Ctrl-C too: that takes about a second
_FEWEST_ROWS = 8  # a process for fewer takes longer to start than to work


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The options of a run, besides those of its plans."""

    file: Path | None
    endings: str | None
    out: Path | str
    issued: str | None
    allow_past: bool
    jobs: int | None
    engine: str
    scheduler: str | None
    dry_run: bool
    show_values: bool
    sample: str | None
    overlay: Path | None
    only: str | None
    config: Path | None
    font_dir: Path | None
    password_file: Path | None
    split: bool
    new_uids: bool
    fan: bool
    print_run: Path | None
    print_run_max_pages: int | None
    log_format: str
    encoding: str | None
    delimiter: str | None
    date_order: str | None


@click.command()
@click.argument("file", metavar="ROSTER", type=click.Path(path_type=Path), required=False)
@flags.field_options("id")
@flags.roster_options
@locking.password_file_option
@rosters.reading_options
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Processes at work.  [default: one a core]")
@click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="What makes the plans: this computer's processes, or a dask cluster.",
)
@click.option("--scheduler", metavar="ADDRESS", help="The dask cluster's scheduler, such as tls://host:8786.")
@click.option("--dry-run", is_flag=True, help="Check every row and write nothing.")
@click.option("--show-values", is_flag=True, help="Repeat what was found in a bad cell.")
@click.option("--subfolders", "fan", is_flag=True, help="Spread the files over 256 folders, for very many rows.")
@click.option(
    "--print-run",
    metavar="FILE.pdf",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all sheets into one file too, for a print shop; each begins on a front side.",
)
@click.option(
    "--print-run-max-pages",
    type=click.IntRange(2),
    metavar="N",
    help="Part the print run into FILE-1.pdf, FILE-2.pdf and so on of at most N pages each.",
)
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", help="How messages are written.")
@rosters.sample_option
def batch(**options: Any) -> int:  # noqa: ANN401 - each option has its own type
    """Make the plans of a whole roster.

    ROSTER is a CSV file, an Excel workbook (.xlsx), or - for stdin. Columns are named as the options, with id;
    the options serve where a cell is empty. The same command again does only what is left. A row that has changed
    gives the next version of its plan.
    """
    own = {field.name: options.pop(field.name) for field in dataclasses.fields(_Asked)}
    return _batch(_Asked(**own), flags.given(options))


def _batch(asked: _Asked, defaults: dict[str, str]) -> int:
    if asked.sample:
        return rosters.write_sample(asked.sample, asked.file)
    if asked.file is None:
        msg = "name a roster, or print one to start from with --sample"
        raise click.UsageError(msg)
    scheduler = _scheduler(asked)
    console.log_as(asked.log_format)
    reading = rosters.read_as(encoding=asked.encoding, delimiter=asked.delimiter, date_order=asked.date_order)
    order = flags.order(
        endings=asked.endings,
        issued=asked.issued,
        allow_past=asked.allow_past,
        timezone=defaults.get("timezone"),
        only=asked.only,
        split=asked.split,
        new_uids=asked.new_uids,
    )
    order = dataclasses.replace(order, dry=asked.dry_run)
    order = locking.locked(order, password_file=asked.password_file)
    workshop = open_workshop(overlay=asked.overlay, config=asked.config, font_dir=asked.font_dir)
    faults = fields.faults(defaults, workshop.choices)
    if faults:
        return making.misused(faults)
    filled = workshop.clinic.filled(defaults)
    known = "profile" in filled
    if "timezone" in filled:
        order = dataclasses.replace(order, machine_zone="")
    flags.keep_roster(asked.file, asked.out)
    wanted = _print_run(asked, order)
    job = Job(
        order=order,
        place=objects.placed(asked.out) if _is_there(asked) else None,
        fingerprint=fingerprint(order, defaults, workshop.clinic, asked.overlay, asked.font_dir),
        defaults=tuple(sorted(defaults.items())),
        overlay=asked.overlay,
        config=asked.config,
        font_dir=asked.font_dir,
        fan=asked.fan,
    )
    if scheduler:
        job = clusters.shared(job)
    required = ("id",) if known else ("id", "profile")
    with roster.opened(rosters.source(asked.file), reading, required=required) as book:
        told, workers = flags.is_issued(asked.issued), scheduler or asked.jobs or _cores()
        return work_through(book, job, workers, show_values=asked.show_values, told=told, wanted=wanted)


def _is_there(asked: _Asked) -> bool:
    """Tell whether there is, or will be, a place that rows are to be compared with."""
    return not asked.dry_run or not isinstance(asked.out, Path) or asked.out.exists()


def _print_run(asked: _Asked, order: Order) -> PrintRun | None:
    """Return the print run that is asked for, if it can be; what its rows tell against it is found later."""
    path, roster_file = asked.print_run, asked.file
    if path is None:
        if asked.print_run_max_pages:
            msg = "--print-run-max-pages: name the file with --print-run"
            raise UsageError(msg)
        return None
    place = objects.placed(asked.out)
    wanted = PrintRun(path, place.path if isinstance(place, Folder) else None, asked.print_run_max_pages or 0)
    faults = {
        "name a file that ends in .pdf": path.suffix.casefold() != ".pdf",
        "needs pdf in --format": "pdf" not in order.formats,
        "is no place for sheets with a password; leave out --password-file": bool(order.password),
        "would be written over the roster; take another name": bool(
            roster_file and wanted.is_name(roster_file.name) and path.resolve().parent == roster_file.resolve().parent
        ),
    }
    fault = next((what for what, wrong in faults.items() if wrong), "")
    if fault:
        msg = f"--print-run: {fault}"
        raise UsageError(msg)
    return wanted


def work_through(
    book: Roster, job: Job, workers: int | str, *, show_values: bool, told: bool = True, wanted: PrintRun | None = None
) -> int:
    """Make or check the plans of a roster, tell what is to fix, and say how the rows balance.

    ``workers`` is how many processes do it here, or the address of a scheduler that has some. What stops the run is
    raised once all that was done until then has been told.
    """
    with docket.opened() as desk, contextlib.ExitStack() as held:
        desk.fill(book.rows() if isinstance(workers, str) else _announced(book.rows()))
        for notice in (*book.notices, *_locked(book.name, desk, job), *_zoned(book.name, desk, job)):
            console.say(notice)
        dry, place = job.order.dry, job.place
        record = held.enter_context(place.looked() if dry else place.entered()) if place else None
        if wanted:
            printing.check(wanted, desk, record)
        if record and not dry:
            begun = run.started(desk, job, record, told=told)
            if begun.order.issued != job.order.issued:
                console.say(f"goes on with the run that was begun on {begun.order.issued.date()}, as issued then")
            job = begun
        engine = held.enter_context(_engine(desk, job, workers))
        stopped = _stopped(run.run(desk, job, record, engine), desk.count())
        desk.follow()
        told_in = _reported(desk, job, show_values=show_values, stopped=stopped)
        for account in desk.accounts(told=True):
            for message in report.messages(book.name, account, show_values=show_values):
                console.say(message, line=account.line, status=account.status)
        balance = desk.balance()
        console.say(report.summary(balance, told_in, dry=dry), **balance)
        if wanted and record and not dry:
            stopped = _printed(wanted, desk, job, record, stopped)
    if stopped is not None:
        raise stopped
    return ExitCode.ROWS_REFUSED if balance[Status.REJECTED] else ExitCode.DONE


def _announced(rows: Iterator[Row]) -> Iterator[Row]:
    """Pass rows on; once they are enough for processes, let these be got ready while the others are read."""
    for number, row in enumerate(rows, start=1):
        if number == _FEWEST_ROWS:
            engines.prepare()
        yield row


def _stopped(running: Generator[int], total: int) -> _Stop | None:
    """Work to the end, and return what stopped it before."""
    try:
        with contextlib.closing(running), console.progress(total, "Plans") as advance:
            for count in running:
                advance(count)
    except (KeyboardInterrupt, StorageError) as error:
        return error
    return None


def _printed(wanted: PrintRun, desk: Docket, job: Job, record: Record, stopped: _Stop | None) -> _Stop | None:
    """Write the print run of a run that got to its end, say what became of it, and return what stopped either."""
    if stopped is None:
        try:
            with console.progress(desk.printable()[0], "Print run") as advance:
                told = printing.write(wanted, desk, job, record, advance)
        except (KeyboardInterrupt, StorageError) as error:
            stopped = error
    if stopped is not None:
        told = f"{wanted.path}: not written; run the same command again"
    console.say(told)
    return stopped


def _reported(desk: Docket, job: Job, *, show_values: bool, stopped: BaseException | None) -> str:
    """Write the reports and return where the first is; what stopped the run before counts more than that."""
    if job.place is None or job.order.dry:
        return ""
    if isinstance(stopped, KeyboardInterrupt) and desk.count() > _MOST_REPORTED:
        console.say("the reports were not written, which takes long for so many rows; run the same command again")
        return ""
    try:
        place = job.place.publish("report.csv", report.as_csv(desk.accounts(), show_values=show_values))
        job.place.publish("report.jsonl", report.as_jsonl(desk.accounts(), show_values=show_values))
        job.place.publish("send-list.csv", report.send_list(desk.accounts(), job.order.formats))
    except StorageError:
        if stopped is None:
            raise
        return ""
    return place


def _scheduler(asked: _Asked) -> str:
    """Return the address of the scheduler, empty if this computer's processes are to do the work."""
    if (asked.engine == "dask") != bool(asked.scheduler):
        msg = "--engine dask and --scheduler ADDRESS go together"
        raise UsageError(msg)
    return clusters.checked(asked.scheduler) if asked.scheduler else ""


def _engine(desk: Docket, job: Job, workers: int | str) -> AbstractContextManager[Engine | None]:
    """Open what works through a docket: this process alone if there is little to do."""
    if isinstance(workers, str):
        return clusters.connected(workers, job)
    rows = desk.count()
    count = min(workers, _MOST_PROCESSES, rows // _FEWEST_ROWS)
    return contextlib.nullcontext(engines.processes(count) if rows >= _FEWEST_ROWS else None)


def _locked(name: str, desk: Docket, job: Job) -> Iterator[str]:
    """Yield what to say of passwords; refuse them where nothing can be encrypted."""
    own, without = desk.passwords()
    if own:
        locking.possible(job.order)
    if not job.order.dry and (own or job.order.password):
        yield from locking.told(job.order)
        if not job.order.password and without:
            yield f"{name}: rows without a password: {without}; their files are not encrypted"


def _zoned(name: str, desk: Docket, job: Job) -> Iterator[str]:
    """Yield what to say of rows whose times are taken for those of this computer's zone."""
    zone = job.order.machine_zone
    if zone and not dict(job.defaults).get("timezone") and (rows := desk.unzoned()):
        yield f"{name}: rows without a time zone: {rows}; new plans have the times of {zone}, as this computer does"


def _cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
