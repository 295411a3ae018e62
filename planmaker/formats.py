"""Turn texts into a plan, a plan into files of each format, and put files in place whole or not at all."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from planmaker import catalogue as catalogues
from planmaker import clinic as clinics
from planmaker import fields
from planmaker import overlay as overlays
from planmaker import words as wordings
from planmaker.again import again, kept
from planmaker.assign import assign, completed
from planmaker.assign import notices as clock_notices
from planmaker.clinic import Clinic
from planmaker.compose import compose
from planmaker.encrypting import encrypted
from planmaker.errors import InputError, Problem, StorageError
from planmaker.fields import FIELDS, Choices
from planmaker.figures import album
from planmaker.ledger import renewed
from planmaker.look import Look
from planmaker.pictures import photo
from planmaker.plan import Feed, Plan, plan_to_json
from planmaker.programme import Programme
from planmaker.request import Request
from planmaker.resources import catalogue_dir, templates_dir
from planmaker.schedule import shortened

if TYPE_CHECKING:
    from datetime import datetime

    from planmaker.catalogue import Catalogue
    from planmaker.figures.drawing import Picture
    from planmaker.ics import Calendars
    from planmaker.words import Words

__all__ = [
    "FORMATS",
    "LOOK",
    "Made",
    "Order",
    "Workshop",
    "draw",
    "layout",
    "look_of",
    "make",
    "open_workshop",
    "pictures",
    "with_feed",
    "write",
]

FORMATS = ("pdf", "ics", "json")
MANY_PROGRAMMES = 256
_FOR_ALL = 0o644
# The fields that say how the sheet is printed, and those that a programme does not depend on.
LOOK = tuple(item.name for item in dataclasses.fields(Look) if item.name != "only")
_PERSONAL = (
    "id",
    "name",
    "finish",
    "am",
    "pm",
    "aerobic_at",
    "timezone",
    "language",
    "region",
    "reminder",
    "private",
    "calendar_url",
)
_SOME_MONDAY = date(2001, 1, 1)
Renderer = Callable[[Plan], bytes]
Composer = Callable[[Request], Programme | Problem]
Finder = Callable[[str], Plan | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What holds for every plan of a run: when it is issued and what is wanted.

    ``locked`` are the formats of a plan with a password, which only the PDF can have;
    ``machine_zone`` is the computer's own time zone, empty when it is not known; ``only`` are the first and last week
    to print. ``split``: each series of the calendar in a file of its own too; ``new_uids``: as if no calendar had any.
    """

    issued: datetime
    formats: tuple[str, ...] = FORMATS
    locked: tuple[str, ...] = ("pdf",)
    password: str = field(default="", repr=False)
    machine_zone: str = ""
    allow_past: bool = False
    only: tuple[int, int] | None = None
    split: bool = False
    new_uids: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A plan and its files by ending; nothing is written yet.

    ``parts`` are the series of its calendar by slot and ordinal, ``notices`` what to know of its dates.
    """

    plan: Plan
    files: Mapping[str, bytes]
    parts: Mapping[str, bytes] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()
    only: tuple[int, int] | None = None

    def named(self, stem: str = "") -> dict[str, bytes]:
        """Return the files by file name; the stem defaults to the plan's id, never to the name.

        No id has the sign before a part's name, so that no file of another plan has its name; some weeks alone are
        such a part too, which leaves the whole sheet where it is.
        """
        stem = (stem or self.plan.person.id) + ("+weeks-{}-{}".format(*self.only) if self.only else "")
        parts = {f"{stem}+{part}.ics": data for part, data in self.parts.items()}
        return {f"{stem}.{ending}": data for ending, data in self.files.items()} | parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """The catalogue, the words of each language and the renderers, got ready once a process.

    ``photos`` are a clinic's own pictures by exercise (PNG or JPEG), ``notices`` what to know of its overlay,
    ``clinic`` its settings.
    """

    folder: Path
    catalogue: Catalogue = field(repr=False)
    words: Mapping[str, Words] = field(repr=False)
    choices: Choices
    composer: Composer
    photos: Mapping[str, bytes] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    clinic: Clinic = field(default_factory=Clinic)
    font_dir: Path | None = None
    renderers: dict[tuple[str, Look, str], Renderer] = field(default_factory=dict)
    writers: dict[str, Calendars] = field(default_factory=dict)

    def plan(self, request: Request, order: Order) -> Plan | Problem:
        """Compose and assign; return the plan or what is wrong with the request."""
        if not request.timezone and not order.machine_zone:
            what = "this computer does not tell its time zone; type one such as Europe/Berlin"
            return Problem(where="timezone", what=what)
        whole = completed(request, order.issued, order.machine_zone)
        programme = self.composer(_impersonal(whole))
        if isinstance(programme, Problem):
            return programme
        plan = assign(
            programme, whole, issued=order.issued, catalogue=self.catalogue.digest, allow_past=order.allow_past
        )
        return plan if isinstance(plan, Problem) else dataclasses.replace(plan, asked=_digest(_impersonal(whole)))

    def files(self, plan: Plan, look: Look, formats: tuple[str, ...]) -> dict[str, bytes]:
        """Render a plan; raise InputError for a text that cannot be printed."""
        return {ending: self.renderer(ending, look, plan.language)(plan) for ending in formats}

    def renderer(self, ending: str, look: Look, language: str) -> Renderer:
        """Return the renderer of a format, made at its first use."""
        key = (ending, look, language)
        if key not in self.renderers:
            self.renderers[key] = _RENDERERS[ending](self, look, self.words[language])
        return self.renderers[key]

    def calendars(self, language: str) -> Calendars:
        """Return what writes calendars in a language, made at its first use."""
        if language not in self.writers:
            from planmaker import ics  # noqa: PLC0415 - icalendar is slow to load, and not every verb needs it

            self.writers[language] = ics.Calendars(self.words[language])
        return self.writers[language]


def open_workshop(
    folder: Path | None = None,
    overlay: Path | None = None,
    config: Path | None = None,
    font_dir: Path | None = None,
) -> Workshop:
    """Read the data folders, a clinic's overlay and settings too; raise InputError naming the file at fault."""
    folder = folder or catalogue_dir()
    languages = wordings.languages(templates_dir())
    laid = overlays.lay(folder, overlay, languages) if overlay else None
    catalogue = laid.catalogue if laid else catalogues.load(folder)
    words = {language: _words(language, folder) for language in languages}
    choices = _choices(catalogue, languages)
    return Workshop(
        folder=folder,
        catalogue=catalogue,
        words={name: overlays.worded(item, laid) for name, item in words.items()} if laid else words,
        choices=choices,
        composer=lru_cache(MANY_PROGRAMMES)(partial(compose, catalogue=catalogue)),
        photos=laid.photos if laid else {},
        notices=laid.notices if laid else (),
        clinic=_clinic(config, choices, font_dir) if config else Clinic(),
        font_dir=font_dir,
    )


def look_of(request: Request, only: tuple[int, int] | None = None) -> Look:
    """Return how a request wants its sheet."""
    return Look(**{name: getattr(request, name) for name in LOOK}, only=only)


def make(
    texts: Mapping[str, str], workshop: Workshop, order: Order, found: Finder = lambda _: None
) -> Made | tuple[Problem, ...]:
    """Go the whole way from a request's texts to its files; raise InputError for unprintable texts.

    What the texts leave open, the clinic's settings fill in; a problem with those is placed in their file. ``found``
    gives the plan that was made for an id before, if there is one: then this is its next revision, or the same again.
    """
    request = fields.read(workshop.clinic.filled(texts), workshop.choices)
    if not isinstance(request, Request):
        return tuple(workshop.clinic.blamed(problem, texts) for problem in request)
    before = found(request.id) if request.id else None
    plan = workshop.plan(request, order) if before is None else _again(request, before, workshop, order)
    if isinstance(plan, Problem):
        return (workshop.clinic.blamed(plan, texts),)
    if before is not None and plan.calendar is not before.calendar and "json" not in order.formats:
        order = dataclasses.replace(order, formats=(*order.formats, "json"))  # or the next one would not know of it
    if request.calendar_url:
        plan = with_feed(plan, request.calendar_url)
    return draw(plan, look_of(request, order.only), workshop, order)


def with_feed(plan: Plan, url: str = "") -> Plan:
    """Return a plan that calendars can subscribe to, at the address they had if there was one.

    The token comes from the system's randomness, once: only who has the plan's file knows it.
    """
    token = plan.feed.token if plan.feed else secrets.token_hex(16)
    url = url or (plan.feed.url if plan.feed else "")
    return dataclasses.replace(plan, feed=Feed(token=token, url=url))


def _again(request: Request, before: Plan, workshop: Workshop, order: Order) -> Plan | Problem:
    """Return the plan of a request for which one was made before."""
    whole = kept(request, before)
    started = whole.start == before.schedule.start
    fresh = workshop.plan(whole, dataclasses.replace(order, allow_past=order.allow_past or started))
    return fresh if isinstance(fresh, Problem) else again(before, fresh, workshop.catalogue, order.issued)


def draw(plan: Plan, look: Look, workshop: Workshop, order: Order) -> Made:
    """Draw a plan, its PDF encrypted if there is a password; raise InputError for unprintable texts."""
    if order.new_uids:
        plan = renewed(plan, order.issued)
    endings = order.locked if order.password else order.formats
    files = workshop.files(plan, look, endings)
    if order.password:
        files["pdf"] = encrypted(files["pdf"], order.password)
    notices, parts = clock_notices(plan.programme, plan.schedule), {}
    if "ics" in endings:
        calendars = workshop.calendars(plan.language)
        notices += calendars.notices(plan)
        parts = calendars.parts(plan) if order.split else {}
    return Made(plan=plan, files=files, parts=parts, notices=notices, only=order.only)


def write(folder: Path, files: Mapping[str, bytes], *, private: bool = True) -> tuple[Path, ...]:
    """Put files into a folder, all of them or none; raise StorageError saying what to do.

    ``private``: only the owner may read them. Each is written whole beside its place and then moved into it.
    """
    try:
        _make_folder(folder, private=private)
        with contextlib.ExitStack() as cleaning:
            moves = [(_written(folder, data, cleaning), folder / name) for name, data in files.items()]
            for _, target in moves:
                if target.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            for source, target in moves:
                if not private:
                    source.chmod(_FOR_ALL)
                source.replace(target)
        _sync_folder(folder)
    except OSError as error:
        raise StorageError(_advice(error, folder)) from error
    return tuple(target for _, target in moves)


def _choices(catalogue: Catalogue, languages: tuple[str, ...]) -> Choices:
    return Choices(
        profiles=tuple(catalogue.profiles),
        exercises=tuple(catalogue.exercises),
        equipment=tuple(sorted(catalogue.equipment())),
        languages=languages,
        conditions=tuple(catalogue.conditions),
        levels=tuple(catalogue.rules.levels),
    )


def _clinic(config: Path, choices: Choices, font_dir: Path | None) -> Clinic:
    """Read a clinic's settings; raise InputError with every fault."""
    from planmaker import pdf  # noqa: PLC0415 - the typesetter is slow to load, and not every verb needs it

    checks = {field.name: None if field.personal else partial(field.value, choices=choices) for field in FIELDS}
    found = clinics.read(config, checks)
    if not isinstance(found, Clinic):
        raise InputError("\n".join(problem.text() for problem in found))
    try:
        pdf.check_clinic(found, font_dir)
    except InputError as error:
        msg = f"{config.name}: {error}"
        raise InputError(msg) from error
    return found


def _impersonal(request: Request) -> Request:
    """Return what a programme depends on, without what the person adds, so that equal programmes are composed once."""
    nobody = Request(profile=request.profile)
    return dataclasses.replace(
        request,
        **{name: getattr(nobody, name) for name in (*_PERSONAL, *LOOK)},
        start=_SOME_MONDAY + timedelta(days=request.start.weekday()) if request.days_off and request.start else None,
        cleared_by="somebody" if request.cleared_by else "",
    )


@lru_cache(MANY_PROGRAMMES)
def _digest(request: Request) -> str:
    """Return the hash of the wishes that a programme is composed from."""
    text = json.dumps(dataclasses.asdict(request), sort_keys=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def _words(language: str, folder: Path) -> Words:
    try:
        return wordings.load(language, templates=templates_dir(), catalogue=folder)
    except OSError as error:
        msg = f"{error.filename}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{folder}: the words for language {language} are not valid: {error}"
        raise InputError(msg) from error


@cache
def _artwork(folder: Path) -> dict[str, tuple[Picture, ...]]:
    """Read the baked drawings by exercise."""
    return {name: album.read(folder, name) for name in album.drawn(folder)}


def layout(workshop: Workshop, plan: Plan, look: Look) -> str:
    """Return the places of a plan's sheet as JSON."""
    from planmaker import pdf  # noqa: PLC0415 - the typesetter is slow to load, and not every verb needs it

    words = workshop.words[plan.language]
    return pdf.layout(_until_stop(plan), look=look, artwork=pictures(workshop), words=words, clinic=workshop.clinic)


def pictures(workshop: Workshop) -> dict[str, tuple[Picture, ...]]:
    """Return the baked drawings, and a clinic's own pictures in their place."""
    return {**_artwork(workshop.folder), **{name: (photo(data),) for name, data in workshop.photos.items()}}


def _pdf(workshop: Workshop, look: Look, words: Words) -> Renderer:
    from planmaker import pdf  # noqa: PLC0415 - the typesetter is slow to load, and not every verb needs it

    render = pdf.renderer(
        look=look, artwork=pictures(workshop), words=words, clinic=workshop.clinic, font_dir=workshop.font_dir
    )
    return lambda plan: render(_until_stop(plan))


def _until_stop(plan: Plan) -> Plan:
    """Return a plan as it is printed: without the weeks that were stopped."""
    if plan.schedule.stop is None:
        return plan
    return dataclasses.replace(plan, programme=shortened(plan.programme, plan.schedule))


def _ics(workshop: Workshop, _look: Look, words: Words) -> Renderer:
    return workshop.calendars(words.language).whole


def _json(_workshop: Workshop, _look: Look, _words: Words) -> Renderer:
    return lambda plan: plan_to_json(plan).encode()


_RENDERERS: dict[str, Callable[[Workshop, Look, Words], Renderer]] = {"pdf": _pdf, "ics": _ics, "json": _json}


def _make_folder(folder: Path, *, private: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700 if private else 0o755, exist_ok=True)


def _written(folder: Path, data: bytes, cleaning: contextlib.ExitStack) -> Path:
    """Write a temporary file, which is removed unless it has been moved away."""
    handle, name = tempfile.mkstemp(prefix=".planmaker-", suffix=".tmp", dir=folder)
    path = Path(name)
    cleaning.callback(path.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return path


def _sync_folder(folder: Path) -> None:
    """Make the moves last through a power cut, where the system offers that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot
            os.fsync(handle)
    finally:
        os.close(handle)


_ADVICE = {
    errno.ENOSPC: "the disk is full; make room and run the same command again",
    errno.EDQUOT: "your share of the disk is used up; make room and run the same command again",
    errno.EIO: "the disk reports an error; choose another folder with --out",
    errno.EROFS: "may only be read; choose another folder with --out",
    errno.EACCES: "may not be written; close what has it open, or choose another folder with --out",
    errno.EPERM: "may not be written; choose another folder with --out",
    errno.EISDIR: "is a folder; move it away, or choose another folder with --out",
    errno.ENOTDIR: "is not a folder; choose another with --out",
    errno.EEXIST: "is not a folder; choose another with --out",
}


def _advice(error: OSError, folder: Path) -> str:
    """Say what cannot be written and what to do, never naming a temporary file."""
    place = error.filename if error.errno == errno.EISDIR else folder
    what = _ADVICE.get(error.errno or 0, f"cannot be written: {error.strerror or type(error).__name__}")
    return f"{place}: {what}"
