"""Turn texts into a plan, and a plan into files of each format."""

from __future__ import annotations

import dataclasses
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planmaker import fields
from planmaker.again import again, kept, past
from planmaker.assign import notices as clock_notices
from planmaker.assign import person
from planmaker.encrypting import encrypted
from planmaker.errors import Problem
from planmaker.ledger import renewed
from planmaker.plan import Feed, Plan
from planmaker.request import Request, look_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.look import Look
    from planmaker.workshop import Order, Workshop

__all__ = ["Finder", "Made", "draw", "make", "with_feed"]

_PLAIN = re.compile(r"[ -~\u00c0-\u00ff]*")  # characters that the sheet's typefaces have in any case
_DROPPED = Problem(
    where="id",
    what="other wishes gave it another programme; what was adjusted before, if it was, is gone: adjust it again",
)
_RENAMED = Problem(where="name", what="is not as it was; if this is somebody else, give them an id of their own")
_NAMELESS = Problem(where="name", what="was on the sheet before and is missing now; see whether the column is there")
_TOO_SHORT = Problem(where="weeks", what="that many are over already; to end the plan today, use planmaker stop")
_OPEN = Problem(
    where="password",
    what="the .json is written too and cannot be encrypted; without it the next change would not know of this one",
)
Finder = Callable[[str], Plan | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A plan and its files by ending, each in parts of which many may share the first; nothing is written yet.

    ``series`` are the series of its calendar by slot and ordinal, ``notices`` what to know of its dates;
    ``locked``: its PDF has a password.
    """

    plan: Plan
    files: Mapping[str, tuple[bytes, ...]]
    series: Mapping[str, bytes] = field(default_factory=dict)
    notices: tuple[Problem, ...] = ()
    only: tuple[int, int] | None = None
    locked: bool = False

    def named(self, stem: str = "") -> dict[str, tuple[bytes, ...]]:
        """Return the files by file name; the stem defaults to the plan's id, never to the name.

        No id has the sign before a part's name, so that no file of another plan has its name; some weeks alone are
        such a part too, which leaves the whole sheet where it is.
        """
        stem = stem or self.plan.person.id
        series = {f"{stem}+{name}.ics": (data,) for name, data in self.series.items()}
        weeks = "+weeks-{}-{}".format(*self.only) if self.only else ""
        return {
            f"{stem}{weeks if ending == 'pdf' else ''}.{ending}": data for ending, data in self.files.items()
        } | series


def make(
    texts: Mapping[str, str],
    workshop: Workshop,
    order: Order,
    found: Finder = lambda _: None,
    *,
    same: bool = False,
    row: str = "",
) -> Made | tuple[Problem, ...]:
    """Go the whole way from a request's texts to its files; raise InputError for unprintable texts.

    What the texts leave open, the clinic's settings fill in; a problem with those is placed in their file. ``found``
    gives the plan that was made for an id before, if there is one: then this is its next revision, or the same again.
    ``same``: the request is the one that it was made from, so it stays as it is, whatever was done to it since; unless
    a run that was cut off made it from another ``row`` (a hash), for then only the person would be right.
    """
    request = fields.read(workshop.clinic.filled(texts), workshop.choices)
    if not isinstance(request, Request):
        return tuple(workshop.clinic.blamed(problem, texts) for problem in request)
    before = found(request.id or workshop.code(request, order))
    if before is None:
        plan: Plan | Problem = workshop.plan(request, order)
    elif same and before.row == row:
        plan = dataclasses.replace(before, person=person(dataclasses.replace(request, id=before.person.id)))
    else:
        plan = _again(request, before, workshop, order)
    if isinstance(plan, Problem):
        return (workshop.clinic.blamed(plan, texts),)
    if request.calendar_url:
        plan = with_feed(plan, request.calendar_url)
    elif plan.feed:
        plan = dataclasses.replace(plan, feed=Feed(token=plan.feed.token))
    plan = dataclasses.replace(plan, row=row)
    stands = dataclasses.replace(before, row=row) if before else None
    if plan == stands and plan.revision > 1:
        stands = None  # a later version keeps its file, whatever is wished
    made = draw(plan, look_of(request, order.only), workshop, order, stands)
    return dataclasses.replace(made, notices=(*made.notices, *_told(before, plan, request))) if before else made


def _told(before: Plan, plan: Plan, request: Request) -> Iterator[Problem]:
    """Yield what to know of a plan that was made before."""
    if before.revision > 1 and plan.programme != before.programme:
        yield _DROPPED
    if before.person.name and plan.person.name and plan.person.name != before.person.name:
        yield _RENAMED
    if before.person.name and not plan.person.name and not request.private:
        yield _NAMELESS


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
    found = fresh if isinstance(fresh, Problem) else again(before, fresh, workshop.catalogue, order.issued)
    if isinstance(found, Problem) or order.allow_past or found.revision == before.revision:
        return found
    problem = past(found, order.issued)
    if problem and past(before, order.issued) is None:
        return _TOO_SHORT
    return problem or found


def draw(plan: Plan, look: Look, workshop: Workshop, order: Order, before: Plan | None = None) -> Made:
    """Draw a plan, its PDF encrypted if there is a password; raise InputError for unprintable texts.

    ``before`` is the plan as it stands in its file, if it does.
    """
    if order.new_uids:
        plan = renewed(plan, order.issued)
    endings = order.locked if order.password else order.formats
    if _to_be_kept(plan, before):
        endings = tuple(dict.fromkeys((*endings, "json")))
    files = workshop.files(plan, look, _can_fail(plan, endings) if order.dry else endings)
    if order.password and not order.dry:
        files["pdf"] = (encrypted(b"".join(files["pdf"]), order.password),)
    notices, series = clock_notices(plan.programme, plan.schedule), {}
    if "ics" in endings:
        calendars = workshop.calendars(plan.language)
        notices += calendars.notices(plan)
        series = calendars.parts(plan) if order.split and not order.dry else {}
    if order.password and "json" in endings and "json" not in order.locked:
        notices += (_OPEN,)
    return Made(plan=plan, files=files, series=series, notices=notices, only=order.only, locked=bool(order.password))


def _can_fail(plan: Plan, endings: tuple[str, ...]) -> tuple[str, ...]:
    """Return the formats that might not take what a person is called: a sheet, in letters that typefaces may lack."""
    plain = _PLAIN.fullmatch(plan.person.name) and _PLAIN.fullmatch(plan.person.cleared_by)
    return () if plain or "pdf" not in endings else ("pdf",)


def _to_be_kept(plan: Plan, before: Plan | None) -> bool:
    """Tell whether the plan's file must be written whatever is wished, or the next change would not know of this one.

    That is so of a plan that differs from its file, and of one that nothing else can tell again: a later version,
    series with other UIDs, the name of a feed.
    """
    return plan != before if before is not None else bool(plan.revision > 1 or plan.calendar or plan.feed)
