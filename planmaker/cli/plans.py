"""Read a plan that is there and check it; write it again, into its own file unless told otherwise."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planmaker import console, fields, parsers
from planmaker.assign import assign, clash
from planmaker.attachments import plan_in
from planmaker.ceilings import check_programme, refreshed
from planmaker.cli import making
from planmaker.errors import ExitCode, InputError, Problem
from planmaker.ledger import is_over, ledger_faults, next_version
from planmaker.plan import Plan, is_edited, plan_from_json
from planmaker.request import Request
from planmaker.schedule import schedule_faults
from planmaker.selection import refusal
from planmaker.shape import shape_problems

if TYPE_CHECKING:
    from datetime import datetime

    from planmaker.formats import Made
    from planmaker.workshop import Order, Workshop

__all__ = ["Source", "hand_over", "plan_problems", "read_json", "read_plan", "read_source", "refuse_faults"]

_PDF = b"%PDF-"
_OUT = Path("out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A plan and the file it is in: ``edited`` since planmaker wrote it, or ``embedded`` in a PDF."""

    path: Path
    plan: Plan
    edited: bool
    embedded: bool

    def target(self, out: Path | None, stem: str) -> Path:
        """Return the .json that the plan goes into: its own file, but for a folder or a name that was typed.

        That of a plan in a PDF is not known: it goes where a new one would.
        """
        folder, name = (_OUT, self.plan.person.id) if self.embedded else (self.path.parent, self.path.stem)
        return (out or folder) / f"{stem or name}.json"

    def version(self, at: datetime, workshop: Workshop) -> Plan:
        """Return the plan, as its next version of a moment if it was edited; raise InputError if it cannot have one."""
        if not self.edited:
            return self.plan
        after = next_version(self.plan, at)
        if isinstance(after, Problem):
            raise InputError(after.at(self.path.name).text())
        refuse_faults(after, self.path, workshop)
        return after


def read_plan(path: Path, workshop: Workshop) -> Plan:
    """Read a plan, of its .json or in a PDF, and check it; raise InputError that lists every fault."""
    return read_source(path, workshop).plan


def read_json(path: Path, workshop: Workshop) -> Source:
    """Read a plan that is to change, as ``read_plan`` does; refuse one in a PDF, which the change would not go into."""
    source = read_source(path, workshop)
    if source.embedded:
        msg = f"{path.name}: expected a plan's .json; planmaker render {path} --format json writes the one in this PDF"
        raise InputError(msg)
    return source


def read_source(path: Path, workshop: Workshop, password: str = "") -> Source:
    """Read a plan as ``read_plan`` does, with all that its file tells; ``password`` opens a PDF."""
    try:
        data = path.read_bytes()
        embedded = data.startswith(_PDF)
        text = (plan_in(data, password) if embedded else data).decode("utf-8-sig")
        plan = plan_from_json(text)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path.name}: cannot be read as text; expected a plan in JSON"
        raise InputError(msg) from error
    except InputError as error:
        msg = f"{path.name}: {error}"
        raise InputError(msg) from error
    refuse_faults(plan, path, workshop)
    plan = dataclasses.replace(plan, programme=refreshed(plan.programme, workshop.catalogue))
    return Source(path=path, plan=plan, edited=is_edited(text), embedded=embedded)


def hand_over(source: Source, made: Made, target: Path, workshop: Workshop, order: Order) -> int:
    """Write the files of a plan that was there before, and say from which file the next change goes on."""
    making.hand_over(made, target.parent, target.stem, workshop, order)
    if order.new_uids and is_over(made.plan):
        console.say("--new-uids: all that calendars have of this plan is cancelled; its UIDs stay as they are")
    if made.plan == source.plan:
        return ExitCode.DONE
    if not source.embedded and target.resolve() != source.path.resolve():
        console.say(f"{source.path} stays as it was; the next change goes on from {target}")
    elif "json" not in (order.locked if order.password else order.formats):
        console.say(f"{target} is written too: the next change goes on from it")
    return ExitCode.DONE


def refuse_faults(plan: Plan, path: Path, workshop: Workshop) -> None:
    """Raise InputError that lists every fault of a plan."""
    problems = plan_problems(plan, workshop)
    if problems:
        raise InputError("\n".join(problem.at(path.name).text() for problem in problems))


def plan_problems(plan: Plan, workshop: Workshop) -> tuple[Problem, ...]:
    """Find what an edited plan says that no request could have asked for."""
    problems = (
        *shape_problems(plan, workshop.catalogue),
        *schedule_faults(plan.schedule, len(plan.programme.weeks)),
        *ledger_faults(plan.calendar),
        *_feed_faults(plan),
    )
    if problems:
        return problems
    request = fields.read(_as_texts(plan), workshop.choices)
    if not isinstance(request, Request):
        return (*request, *check_programme(plan.programme, workshop.catalogue))
    kept = (
        ("id", request.id == plan.person.id != ""),
        ("language", request.language == plan.language),
        ("timezone", request.timezone == plan.schedule.timezone != ""),
    )
    unlike = tuple(Problem(where=name, what="expected it as planmaker writes it") for name, same in kept if not same)
    above = check_programme(plan.programme, workshop.catalogue)
    wishes = Request(profile=request.profile, avoid=plan.programme.avoid, cleared_by=plan.person.cleared_by)
    uncleared = () if above else refusal(wishes, workshop.catalogue)
    if unlike or above or uncleared:
        return (*unlike, *above, *((uncleared,) if uncleared else ()))
    programme = refreshed(plan.programme, workshop.catalogue)
    again = assign(programme, request, issued=plan.issued, catalogue=plan.catalogue, allow_past=True)
    turned = clash(programme, plan.schedule)
    if isinstance(again, Problem):
        problems = (again,)
    elif turned is not None:
        problems = (turned,)
    elif again.schedule != dataclasses.replace(plan.schedule, turns=(), stop=None):
        problems = (Problem(where="schedule", what="pm and aerobic_at do not fit the sessions of the programme"),)
    return problems


def _feed_faults(plan: Plan) -> tuple[Problem, ...]:
    if plan.feed is None:
        return ()
    try:
        sound = re.fullmatch(r"[0-9a-f]{32}", plan.feed.token) is not None
        if plan.feed.url:
            parsers.feed_url(plan.feed.url)
    except ValueError:
        sound = False
    what = "expected a token of 32 hexadecimal digits, and an address with {token} in it or none"
    return () if sound else (Problem(where="feed", what=what),)


def _as_texts(plan: Plan) -> dict[str, str]:
    """Write what a plan says as a roster would, so that the same parsers check it."""
    schedule = plan.schedule
    clocks = {"am": schedule.am, "pm": schedule.pm, "aerobic_at": schedule.aerobic_at}
    return {
        "id": plan.person.id,
        "profile": plan.programme.profile,
        "name": plan.person.name,
        "weeks": str(len(plan.programme.weeks)),
        "start": schedule.start.isoformat(),
        **{name: f"{clock:%H:%M}" for name, clock in clocks.items() if clock is not None},
        **({} if schedule.aerobic_at else {"aerobic_at": "none"}),
        "timezone": schedule.timezone,
        "per_day": str(plan.programme.per_day),
        "language": plan.language,
        "reminder": "none" if schedule.reminder_minutes is None else str(schedule.reminder_minutes),
    }
