"""Get ready what plans are made with, once a process: catalogue, words, a clinic's settings, renderers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING

from planmaker import catalogue as catalogues
from planmaker import clinic as clinics
from planmaker import overlay as overlays
from planmaker import words as wordings
from planmaker.assign import assign, completed, person
from planmaker.clinic import Clinic
from planmaker.compose import compose
from planmaker.errors import InputError, Problem
from planmaker.fields import FIELDS, Choices
from planmaker.figures import album
from planmaker.look import LOOK
from planmaker.pictures import photo
from planmaker.plan import Plan, plan_to_json
from planmaker.request import Request, look_of
from planmaker.resources import catalogue_dir, templates_dir
from planmaker.schedule import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from planmaker.catalogue import Catalogue
    from planmaker.figures.drawing import Picture
    from planmaker.ics import Calendars
    from planmaker.look import Look
    from planmaker.pdf import Copy, Volume
    from planmaker.pdf.sheet import Sheet
    from planmaker.words import Words

__all__ = ["FORMATS", "PERSONAL", "Order", "Workshop", "open_workshop"]

FORMATS = ("pdf", "ics", "json")
MANY_PROGRAMMES = 256
# The fields that a programme does not depend on, besides those that say how the sheet is printed.
PERSONAL = (
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
_MOST_RENDERERS = 16  # formats, looks and languages, each with what it keeps at hand
_SOME_MONDAY = date(2001, 1, 1)
_SOMEBODY = "somebody"  # in the place of an id, or of who allowed exercise
Renderer = Callable[[Plan], tuple[bytes, ...]]  # a file in parts, the first of which many may share
Planner = Callable[[Request, "datetime", str, bool], Plan | Problem]  # when issued, the computer's zone, allow_past


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What holds for every plan of a run: when it is issued and what is wanted.

    ``locked`` are the formats of a plan with a password, which only the PDF can have;
    ``machine_zone`` is the computer's own time zone, empty when it is not known; ``only`` are the first and last week
    to print. ``split``: each series of the calendar in a file of its own too; ``new_uids``: as if no calendar had any.
    ``dry``: nothing will be written, so only what can fail is drawn.
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
    dry: bool = False


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
    planner: Planner
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
        shared = self.planner(_shared(request), order.issued, order.machine_zone, order.allow_past)
        if isinstance(shared, Problem):
            return shared
        own = request if request.id else dataclasses.replace(request, id=self.code(request, order))
        return dataclasses.replace(shared, person=person(own), look=look_of(request))

    def code(self, request: Request, order: Order) -> str:
        """Return the id that a request without one gets, empty if it cannot have one."""
        return completed(request, order.issued, order.machine_zone).id if request.timezone or order.machine_zone else ""

    def files(self, plan: Plan, look: Look, formats: Iterable[str]) -> dict[str, tuple[bytes, ...]]:
        """Render a plan; raise InputError for a text that cannot be printed."""
        return {ending: self.renderer(ending, look, plan.language)(plan) for ending in formats}

    def renderer(self, ending: str, look: Look, language: str) -> Renderer:
        """Return the renderer of a format, made at its first use."""
        key = (ending, look, language)
        if key not in self.renderers:
            if len(self.renderers) >= _MOST_RENDERERS:
                del self.renderers[next(iter(self.renderers))]
            self.renderers[key] = _RENDERERS[ending](self, look, self.words[language])
        return self.renderers[key]

    def calendars(self, language: str) -> Calendars:
        """Return what writes calendars in a language, made at its first use."""
        if language not in self.writers:
            from planmaker import ics  # noqa: PLC0415 - icalendar is slow to load, and not every verb needs it

            self.writers[language] = ics.Calendars(self.words[language])
        return self.writers[language]

    def layout(self, plan: Plan, look: Look) -> str:
        """Return the places of a plan's sheet as JSON."""
        from planmaker import pdf  # noqa: PLC0415 - the typesetter is slow to load, and not every verb needs it

        words = self.words[plan.language]
        return pdf.layout(_until_stop(plan), look=look, artwork=self.pictures(), words=words, clinic=self.clinic)

    def print_run(self, copies: Iterable[Copy], most: int = 0) -> Iterator[Volume]:
        """Yield the files that hold the sheets of many plans; ``most`` is how many pages each may have, 0 for any."""
        from planmaker import pdf  # noqa: PLC0415 - the typesetter is slow to load, and not every verb needs it

        artwork = self.pictures()

        def sheet_of(plan: Plan, look: Look) -> Sheet:
            words = self.words[plan.language]
            return pdf.sheet_of(
                plan, look=look, artwork=artwork, words=words, clinic=self.clinic, font_dir=self.font_dir
            )

        printed = (copy._replace(plan=_until_stop(copy.plan)) for copy in copies)
        return pdf.volumes(printed, sheet_of, most)

    def pictures(self) -> dict[str, tuple[Picture, ...]]:
        """Return the baked drawings, and a clinic's own pictures in their place."""
        return {**_artwork(self.folder), **{name: (photo(data),) for name, data in self.photos.items()}}


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
        planner=_planner(catalogue),
        photos=laid.photos if laid else {},
        notices=laid.notices if laid else (),
        clinic=_clinic(config, choices, font_dir) if config else Clinic(),
        font_dir=font_dir,
    )


def _planner(catalogue: Catalogue) -> Planner:
    """Return the function that composes and assigns for somebody; it keeps what many people share."""
    composer = lru_cache(MANY_PROGRAMMES)(partial(compose, catalogue=catalogue))

    @lru_cache(MANY_PROGRAMMES)
    def plan(request: Request, issued: datetime, machine_zone: str, allow_past: bool) -> Plan | Problem:  # noqa: FBT001 - a key of what is kept
        whole = completed(request, issued, machine_zone)
        wishes = _impersonal(whole)
        programme = composer(wishes)
        if isinstance(programme, Problem):
            return programme
        found = assign(programme, whole, issued=issued, catalogue=catalogue.digest, allow_past=allow_past)
        return found if isinstance(found, Problem) else dataclasses.replace(found, asked=_digest(wishes))

    return plan


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


def _shared(request: Request) -> Request:
    """Return what a plan depends on but for its person and its look; nothing that tells who it is for stays in it."""
    nobody = Request(profile=request.profile)
    return dataclasses.replace(
        request,
        **{name: getattr(nobody, name) for name in ("name", "private", "calendar_url", *LOOK)},
        id=_SOMEBODY,
        cleared_by=_SOMEBODY if request.cleared_by else "",
    )


def _impersonal(request: Request) -> Request:
    """Return what a programme depends on, without what the person adds, so that equal programmes are composed once."""
    nobody = Request(profile=request.profile)
    return dataclasses.replace(
        request,
        **{name: getattr(nobody, name) for name in (*PERSONAL, *LOOK)},
        start=_SOME_MONDAY + timedelta(days=request.start.weekday()) if request.days_off and request.start else None,
        cleared_by=_SOMEBODY if request.cleared_by else "",
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


def _pdf(workshop: Workshop, look: Look, words: Words) -> Renderer:
    from planmaker import pdf  # noqa: PLC0415 - the typesetter is slow to load, and not every verb needs it

    render = pdf.renderer(
        look=look, artwork=workshop.pictures(), words=words, clinic=workshop.clinic, font_dir=workshop.font_dir
    )
    return lambda plan: render(_until_stop(plan))


def _until_stop(plan: Plan) -> Plan:
    """Return a plan as it is printed: without the weeks that were stopped."""
    if plan.schedule.stop is None:
        return plan
    return dataclasses.replace(plan, programme=shortened(plan.programme, plan.schedule))


def _ics(workshop: Workshop, _look: Look, words: Words) -> Renderer:
    whole = workshop.calendars(words.language).whole
    return lambda plan: (whole(plan),)


def _json(_workshop: Workshop, _look: Look, _words: Words) -> Renderer:
    return lambda plan: (plan_to_json(plan).encode(),)


_RENDERERS: dict[str, Callable[[Workshop, Look, Words], Renderer]] = {"pdf": _pdf, "ics": _ics, "json": _json}
