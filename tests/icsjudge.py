"""Expand calendar files by programs that know nothing of planmaker, and keep them in stores that do not either.

``JUDGES`` expand many files in one run each; ``Khal`` and ``Radicale`` take file after file, as a person imports them,
and tell which sessions are left.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, Protocol

import icalendar
import pytest
import recurring_ical_events

from planmaker.programme import Slot
from planmaker.schedule import occurrences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from planmaker.plan import Plan
    from planmaker.words import Words

PROGRAMS = Path(__file__).parent / "judges"
_NODE_MODULES = PROGRAMS / "node_modules"
_SABRE = Path("/usr/share/php/Sabre/VObject/autoload.php")
_KDE = (("KF6", "qt6", "KF6CalendarCore", "Qt6Core"), ("KF5", "qt5", "KF5CalendarCore", "Qt5Core"))


class Instance(NamedTuple):
    """One instance of an event as a program found it."""

    start: datetime
    end: datetime
    summary: str
    description: str


class Session(NamedTuple):
    """One timed session: start and end in UTC, title, and each exercise with its dose."""

    start: datetime
    end: datetime
    summary: str
    doses: tuple[str, ...]


Files = dict[str, bytes]
Found = dict[str, list[Instance]]


def expected(plan: Plan, words: Words) -> list[Session]:
    """Return every timed session of a plan."""
    found = []
    for item in occurrences(plan.programme, plan.schedule):
        start = item.start.astimezone(UTC)
        names = [words.exercises[one.exercise].name for one in item.prescriptions]
        title = names[0] if item.slot is Slot.AEROBIC else "Exercises"
        texts = (f"{name}: {words.dose(one)}" for name, one in zip(names, item.prescriptions, strict=True))
        minutes = words.minutes(item.minutes, item.minutes)
        found.append(Session(start, start + timedelta(minutes=item.minutes), f"{title}, {minutes}", tuple(texts)))
    return sorted(found)


def sessions(instances: Iterable[Instance]) -> list[Session]:
    """Return what instances say of sessions, by date."""
    return sorted(Session(item.start, item.end, item.summary, doses(item.description)) for item in instances)


@cache
def doses(description: str) -> tuple[str, ...]:
    """Return the lines of a description that tell exercises with their doses."""
    return tuple(line.removeprefix("- ") for line in description.splitlines() if line.startswith("- "))


def absent(name: str, install: str) -> NoReturn:
    """Skip a test whose judge is absent, and in CI fail it."""
    reason = f"NOT JUDGED by {name}: {install}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


# Files as text


def unfolded(data: bytes) -> list[str]:
    """Return the content lines of a file (RFC 5545 3.1)."""
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def apart(data: bytes) -> Files:
    """Return a file's events by UID, each as a file of its own with the head and zone of the whole."""
    head, *rest = data.split(b"BEGIN:VEVENT\r\n")
    bodies = [body.partition(b"END:VEVENT\r\n")[0] for body in rest]
    uids = [re.search(r"^UID:(.*)$", "\n".join(unfolded(body)), re.MULTILINE) for body in bodies]
    return {
        uid[1]: head + b"BEGIN:VEVENT\r\n" + body + b"END:VEVENT\r\nEND:VCALENDAR\r\n"
        for uid, body in zip(uids, bodies, strict=True)
        if uid
    }


# Programs that expand


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """A program that expands files; ``command`` returns how to call it, or None where it is absent.

    ``by_file`` tells whether it goes by the VTIMEZONE of the file, else by a table of its own.
    """

    name: str
    install: str
    by_file: bool
    command: Callable[[Path], list[str] | None]

    def expand(self, files: Files, folder: Path) -> Found:
        """Return the instances in each file, found in one run; an empty folder is needed to work in."""
        command = self.command(folder)
        if command is None:
            absent(self.name, self.install)
        for number, data in enumerate(files.values()):
            (folder / f"{number:05}.ics").write_bytes(data)
        done = subprocess.run([*command, str(folder)], capture_output=True, check=False)
        said = done.stderr.decode()
        assert done.returncode == 0, f"{self.name}: {said}"
        assert not said, self.name
        return dict(zip(files, _read(done.stdout.decode()), strict=True))


def _read(output: str) -> list[list[Instance]]:
    """Read what a program found, file by file; the form is told in each program."""
    found: list[list[Instance]] = []
    texts = ["", ""]
    for line in output.splitlines():
        kind, *fields = line.split("\t")
        if kind == "F":
            found.append([])
        elif kind == "T":
            texts = [bytes.fromhex(field).decode() for field in fields]
        else:
            start, end = (datetime.fromtimestamp(int(field), UTC) for field in fields)
            found[-1].append(Instance(start, end, *texts))
    return found


def _by_node(script: str, package: str) -> Callable[[Path], list[str] | None]:
    def command(_folder: Path) -> list[str] | None:
        node = shutil.which("node")
        return [node, str(PROGRAMS / script)] if node and (_NODE_MODULES / package).is_dir() else None

    return command


def _by_php(_folder: Path) -> list[str] | None:
    php = shutil.which("php")
    return [php, str(PROGRAMS / "sabre.php")] if php and _SABRE.exists() else None


def _by_libical(folder: Path) -> list[str] | None:
    if not Path("/usr/include/libical/ical.h").exists():
        return None
    return _built(["cc", PROGRAMS / "libical.c", "-lical"], folder)


def _by_kde(folder: Path) -> list[str] | None:
    for frameworks, qt, *libraries in _KDE:
        own = Path("/usr/include", frameworks, "KCalendarCore")
        qt_folders = [path for path in Path("/usr/include").glob(f"*/{qt}") if (path / "QtCore").is_dir()]
        if own.is_dir() and qt_folders:
            folders = (own, own.parent, *(path / part for path in qt_folders for part in ("", "QtCore", "QtGui")))
            flags = ["-std=c++17", "-fPIC", *(f"-I{path}" for path in folders)]
            return _built(["c++", PROGRAMS / "kcalendarcore.cpp", *flags, *(f"-l{name}" for name in libraries)], folder)
    return None


def _built(command: list[str | Path], folder: Path) -> list[str] | None:
    """Return the command of a program compiled into a folder, or None without a compiler."""
    if shutil.which(str(command[0])) is None:
        return None
    program = str(folder / "judge")
    done = subprocess.run([*command, "-o", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [program]


def by_python(data: bytes) -> list[Instance]:
    """Expand a file with icalendar, recurring-ical-events and the file's own VTIMEZONE.

    Under a zone name that nobody knows, icalendar has to take the zone from the file. The library
    keeps the length by the wall clock, so that it is measured there.
    """
    text = "\r\n".join(unfolded(data)) + "\r\n"
    unknown = f"Elsewhere/{hashlib.sha256(data).hexdigest()}"
    text = re.sub(r"TZID([:=])[^:\r]+", rf"TZID\1{unknown}", text)
    return [
        Instance(
            event.start.astimezone(UTC),
            event.start.astimezone(UTC) + (event.end - event.start),
            str(event["summary"]),
            str(event["description"]),
        )
        for event in recurring_ical_events.of(icalendar.Calendar.from_ical(text)).all()
    ]


_NPM = "install node, then: npm ci --prefix tests/judges"
JUDGES = {
    judge.name: judge
    for judge in (
        Judge(name="ical.js", install=_NPM, by_file=True, command=_by_node("icaljs.mjs", "ical.js")),
        Judge(name="node-ical", install=_NPM, by_file=False, command=_by_node("nodeical.mjs", "node-ical")),
        Judge(name="libical", install="apt-get install gcc libical-dev", by_file=True, command=_by_libical),
        Judge(
            name="KCalendarCore",
            install="apt-get install g++ libkf5calendarcore-dev (or libkf6calendarcore-dev)",
            by_file=False,
            command=_by_kde,
        ),
        Judge(
            name="sabre/vobject",
            install="apt-get install php-cli php-sabre-vobject",
            by_file=False,
            command=_by_php,
        ),
    )
}


# Stores that keep what they are given


class Store(Protocol):
    """A calendar in which a person keeps what was imported."""

    def apply(self, data: bytes) -> None:
        """Take a file, as an import does: events whose UIDs are known are brought up to date."""

    def sessions(self) -> list[Session]:
        """Return the sessions that are left, without those that were cancelled."""


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder, env={**os.environ, "TZ": "UTC"})
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


class Khal:
    """The calendar program khal on a folder of its own (a vdir)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.vdir = folder / "khal"
        self.vdir.mkdir()
        formats = {"timeformat": "%H:%M", "dateformat": "%Y-%m-%d", "longdateformat": "%Y-%m-%d"}
        formats |= {"datetimeformat": "%Y-%m-%d %H:%M", "longdatetimeformat": "%Y-%m-%d %H:%M"}
        locale = "\n".join(f"{key} = {value}" for key, value in formats.items())
        (folder / "khal.conf").write_text(
            f"[calendars]\n[[plan]]\npath = {self.vdir}\n[default]\ndefault_calendar = plan\n"
            f"[sqlite]\npath = {folder / 'khal.db'}\n"
            f"[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n{locale}\n",
            encoding="utf-8",
        )

    def apply(self, data: bytes) -> None:
        """Import a file."""
        (self._folder / "import.ics").write_bytes(data)
        self._khal("import", "--batch", "-a", "plan", "import.ics")

    def sessions(self) -> list[Session]:
        """List what khal shows from 2024 to 2029; it tells minutes, and cancelled events by their status."""
        fields = ("start", "end", "title", "description", "status")
        told = self._khal("list", *(f"--json={name}" for name in fields), "2024-01-01", "2029-12-31")
        rows = [row for line in told.splitlines() for row in json.loads(line)]
        return sessions(
            {
                Instance(_minute(row["start"]), _minute(row["end"]), row["title"], row["description"])
                for row in rows
                if "CANCELLED" not in row["status"]
            }
        )

    def _khal(self, *arguments: str) -> str:
        return _run([sys.executable, "-m", "khal", "-c", "khal.conf", *arguments], self._folder)


def _minute(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


class Radicale:
    """The CalDAV server Radicale, called in this process, with one calendar."""

    def __init__(self, folder: Path) -> None:
        from radicale import config  # noqa: PLC0415 - absent where nobody tests with it
        from radicale.app import Application  # noqa: PLC0415

        settings = config.load()
        place = {"filesystem_folder": str(folder / "radicale")}
        settings.update({"auth": {"type": "none"}, "storage": place, "rights": {"type": "authenticated"}}, "test")
        self._application = Application(settings)
        self.request("MKCOL", "/plan/")
        self.request("MKCALENDAR", "/plan/calendar/")

    def apply(self, data: bytes) -> None:
        """Put every event at an address of its own, as CalDAV asks (RFC 4791 4.1)."""
        for uid, event in apart(data).items():
            self.request("PUT", f"/plan/calendar/{uid}.ics", event)

    def sessions(self) -> list[Session]:
        """Return the sessions of the calendar as the server gives it out."""
        return sessions(by_python(_without_cancelled(self.request("GET", "/plan/calendar/"))))

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Ask the server; an answer that is no success fails the test."""
        status = []
        environ: Mapping[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "HTTP_HOST": "localhost",
            "REMOTE_USER": "plan",
            "CONTENT_TYPE": "text/calendar; charset=utf-8",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "SERVER_PROTOCOL": "HTTP/1.1",
        }
        answer = self._application(environ, lambda line, _headers: status.append(line))
        assert status[0].startswith("2"), f"{method} {path}: {status[0]}"
        return b"".join(answer)


def _without_cancelled(data: bytes) -> bytes:
    """Drop the events that were cancelled, which a client does not show."""
    head, *rest = data.split(b"BEGIN:VEVENT\r\n")
    bodies = (body.partition(b"END:VEVENT\r\n") for body in rest)
    kept = (b"BEGIN:VEVENT\r\n" + body + end for body, end, _ in bodies if b"STATUS:CANCELLED\r\n" not in body)
    return head + b"".join(kept) + b"END:VCALENDAR\r\n"
