"""Make the files of a chunk of rows, wherever that happens: here, in another process, on another computer."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from planmaker import encrypting, fields, formats
from planmaker.again import lying, past
from planmaker.assign import overdue
from planmaker.batch.account import Done, Proof, Result, Status
from planmaker.batch.docket import code_of, unpacked
from planmaker.errors import InputError, Problem, StorageError, UnprintableError
from planmaker.fields import FIELDS
from planmaker.parsers import clean, identifier
from planmaker.plan import plan_to_json
from planmaker.request import Request, look_of
from planmaker.runs import Same
from planmaker.workshop import Order, Workshop, open_workshop

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from planmaker.batch.account import Task
    from planmaker.batch.place import Place
    from planmaker.look import Look
    from planmaker.plan import Plan

__all__ = ["Job", "as_printed", "stop_when", "work", "workshop_of"]

_GONE = "its .json is gone, so it is made as for the first time; what was changed by hand since is lost"
_GONE_CHANGED = "its .json is gone, and what was changed by hand with it; put it back from a copy, or take another id"
_HEADS = 8  # beginnings of files whose hash is kept
_WHOSE = ("name", "cleared_by")  # what says who a plan is for, besides the id
_ENOUGH = 16  # hexadecimal digits that tell two rows of an id apart
_closing: list[Any] = []  # holds a shared value that is true once nobody waits for results any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What each worker needs to make the plans of rows; it can be pickled, and hashed.

    ``place`` None: there is none to look into. ``fingerprint`` is the hash of all that files come from besides their
    row; ``defaults`` are texts by field name for empty cells; ``overlay`` is a clinic's folder to lay over the
    catalogue, ``config`` the file of its settings, ``font_dir`` a folder of further fonts; ``fan`` spreads the files
    over folders.
    """

    order: Order
    place: Place | None
    fingerprint: str = ""
    defaults: tuple[tuple[str, str], ...] = ()
    overlay: Path | None = None
    config: Path | None = None
    font_dir: Path | None = None
    fan: bool = False


class _Cells(NamedTuple):
    """What a row says, its password apart, and the hash of what its plan comes from, empty if nobody asks for that."""

    texts: dict[str, str]
    password: str
    row: str


def stop_when(closing: Any) -> None:  # noqa: ANN401 - a shared ctypes value
    """Let work in this process end early once a shared value is true."""
    _closing[:] = [closing]


def work(job: Job, tasks: Sequence[Task]) -> tuple[Result, ...]:
    """Make the plans of a chunk and put their files in place; raise StorageError if that fails.

    There is no result for rows that were not begun because the run is being closed.
    """
    workshop = workshop_of(job)
    results = []

    def made() -> Iterator[tuple[str, tuple[bytes, ...]]]:
        for task in tasks:
            if _closing and _closing[0].value:
                break
            result, files = _row(task, workshop, job)
            results.append(result)
            yield from files.items()

    if job.place and not job.order.dry:
        job.place.put(made())
    else:
        deque(made(), maxlen=0)
    return tuple(results)


@lru_cache(maxsize=1)
def workshop_of(job: Job) -> Workshop:
    """Return what the plans of a job are made with."""
    return open_workshop(overlay=job.overlay, config=job.config, font_dir=job.font_dir)


def _row(task: Task, workshop: Workshop, job: Job) -> tuple[Result, dict[str, tuple[bytes, ...]]]:
    """Make one row's plan, unless it lies there already; only a storage failure stops the run."""
    texts, password = unpacked(task.row)
    texts = {**dict(job.defaults), **{name: text for name, text in texts.items() if text}}
    anew = job.order.dry and not task.before  # nothing is to be compared, or kept
    row = "" if anew else _origin(job, texts)
    key = "" if anew else _key(job, texts, password or job.order.password, row)
    same = task.before is not None and task.before.key == key
    try:
        if job.place and task.before and same and _lies_there(task.before, job.place):
            names = tuple(proof.name for proof in task.before.files)
            return Result(line=task.line, status=Status.SKIPPED, files=names), {}
        made = _made(_Cells(texts, password, row), workshop, job, task.before, same=same)
    except StorageError:
        raise
    except UnprintableError as error:
        made = (error.problem,)
    except InputError as error:
        made = (_placed(str(error)),)
    except Exception as error:  # noqa: BLE001 - one row never stops the others
        made = (Problem(where="row", what=f"internal error ({type(error).__name__}); please report it"),)
    if not isinstance(made, formats.Made):
        return Result(line=task.line, status=Status.REJECTED, problems=made), {}
    if not made.locked and (name := _secret(made, task.before, job)):
        what = f"{name} has one; type one for this row, or delete that file to have one without"
        problem = Problem(where="password", what=what)
        return Result(line=task.line, status=Status.REJECTED, problems=(problem,)), {}
    if job.order.dry:
        return Result(line=task.line, status=Status.READY, notices=made.notices), {}
    return _finished(task, made, key, job)


def _finished(task: Task, made: formats.Made, key: str, job: Job) -> tuple[Result, dict[str, tuple[bytes, ...]]]:
    """Return what became of a row whose files are made, and the files by the name they get."""
    files = _placed_files(made, job)
    done = Done(
        code=code_of(made.plan.person.id),
        key=key,
        issued=made.plan.issued,
        start=made.plan.schedule.start,
        files=tuple(_proof(name, parts) for name, parts in files.items()),
    )
    left = ", ".join(_left(task.before, files, job, locked=made.locked)) if task.before else ""
    told = (Problem(where="id", what=f"throw away what was made before: {left}"),) if left else ()
    return Result(line=task.line, status=Status.DONE, files=tuple(files), notices=made.notices + told, done=done), files


def _placed_files(made: formats.Made, job: Job) -> dict[str, tuple[bytes, ...]]:
    """Return the files of a plan by the name they get in the place."""
    code = code_of(made.plan.person.id)
    return {_fanned(code, name, fan=job.fan): parts for name, parts in made.named().items()}


def _secret(made: formats.Made, before: Done | None, job: Job) -> str:
    """Return the name of a PDF with a password that a plan without one has in the place, empty if it has none."""
    if job.place is None:
        return ""
    names = dict.fromkeys((*_placed_files(made, job), *(proof.name for proof in (before.files if before else ()))))
    sheets = (name for name in names if name.endswith(".pdf"))
    return next((name for name in sheets if encrypting.is_encrypted(job.place.read(name) or b"")), "")


def _proof(name: str, parts: tuple[bytes, ...]) -> Proof:
    """Return what proves that a file is as it was made; what many begin with is hashed once."""
    *shared, last = parts
    hashed = _hashed(tuple(map(Same, shared))).copy()
    hashed.update(last)
    return Proof(name, sum(map(len, parts)), hashed.hexdigest())


@lru_cache(_HEADS)
def _hashed(parts: tuple[Same[bytes], ...]) -> hashlib._Hash:
    return hashlib.sha256(b"".join(part.value for part in parts))


def _left(before: Done, files: Collection[str], job: Job, *, locked: bool) -> Iterator[str]:
    """Yield the files of before that nobody should use any more: open ones, those elsewhere, series of a calendar."""
    if job.order.only or not job.place:
        return
    names = {PurePosixPath(name).name for name in files}
    for name in (proof.name for proof in before.files if proof.name not in files):
        own = PurePosixPath(name).name
        old = locked or own in names or (own.endswith(".ics") and "+" in own)
        if old and job.place.read(name) is not None:
            yield name


def _made(
    cells: _Cells, workshop: Workshop, job: Job, before: Done | None, *, same: bool
) -> formats.Made | tuple[Problem, ...]:
    """Return what is made of a row, or its problems; ``same``: it is the row that ``before`` was made from."""
    texts, password, row = cells
    faults = [] if texts.get("id") else [Problem(where="id", what="missing; type a code such as A-1001")]
    order = job.order
    try:
        order = dataclasses.replace(order, password=encrypting.checked(password)) if password else order
    except ValueError as error:
        faults.append(Problem(where="password", what=str(error)))
    found = _found(texts.get("id", ""), job, before)
    if before and same:
        uids = order.new_uids and not found
        order = dataclasses.replace(order, issued=before.issued, allow_past=True, new_uids=uids)
    if before and not found:
        order = dataclasses.replace(order, allow_past=True)  # what was made may have begun; see _recovered
        if not texts.get("start") and not texts.get("finish"):
            texts = {**texts, "start": before.start.isoformat()}
    made = formats.make(texts, workshop, order, lambda _: found, same=same, row=row)
    if not isinstance(made, formats.Made):
        return (*faults, *made)
    if before and not found:
        made = _recovered(made, before, job.order, same=same)
    return tuple(faults) or made


def _recovered(made: formats.Made, before: Done, order: Order, *, same: bool) -> formats.Made | tuple[Problem, ...]:
    """Return a plan whose .json does not lie there any more, if it did; what was in that, only its hash can tell."""
    schedule = made.plan.schedule
    late = overdue(schedule, order.issued, allow_past=order.allow_past) if schedule.start != before.start else None
    if late or (not (same or order.allow_past) and (late := past(made.plan, order.issued))):
        return (late,)
    proof = next((proof for proof in before.files if proof.name.endswith(".json")), None)
    if proof is None:
        return made
    if not same:
        return dataclasses.replace(made, notices=(*made.notices, Problem(where="id", what=_GONE)))
    if _proof(proof.name, (plan_to_json(made.plan).encode(),)) != proof:
        return (Problem(where="id", what=_GONE_CHANGED),)
    return made


def as_printed(job: Job, task: Task) -> tuple[Plan, Look, str]:
    """Return the plan that the files of a row that is done show, how it is printed, and what names its programme.

    The plan is made again; where its .json is another, because it went through changes, that is read.
    """
    texts, _ = unpacked(task.row)
    texts = {**dict(job.defaults), **{name: text for name, text in texts.items() if text}}
    workshop, before, cells = workshop_of(job), task.before, _Cells(texts, "", _origin(job, texts))
    request = fields.read(workshop.clinic.filled(texts), workshop.choices)
    plain = dataclasses.replace(job, order=dataclasses.replace(job.order, formats=("json",)))
    made = _made(cells, workshop, dataclasses.replace(plain, place=None), before, same=True)
    fresh = isinstance(made, formats.Made) and _is_that(made, before, job)
    if not fresh:
        made = _made(cells, workshop, plain, before, same=True)
    if not isinstance(request, Request) or not isinstance(made, formats.Made):
        msg = f"line {task.line}: cannot be made again for the print run; run the same command again"
        raise InputError(msg)
    plan = made.plan
    name = plan.asked if fresh else hashlib.sha256(repr(plan.programme).encode()).hexdigest()
    return plan, look_of(request, job.order.only), name


def _is_that(made: formats.Made, before: Done | None, job: Job) -> bool:
    """Tell whether a plan made from a row alone is the one whose .json was put in place, or that there is none."""
    proof = next((proof for proof in before.files if proof.name.endswith(".json")), None) if before else None
    if proof is None:
        name = made.plan.person.id
        return not job.place or job.place.read(_fanned(code_of(name), f"{name}.json", fan=job.fan)) is None
    return _proof(proof.name, made.files["json"]) == proof


def _found(text: str, job: Job, before: Done | None) -> Plan | None:
    """Return the plan that the place holds for an id; raise InputError for one that cannot go on from there."""
    try:
        code = identifier(clean(text.strip()))
    except ValueError:
        return None
    made = [proof.name for proof in before.files] if before else []
    spelt = {PurePosixPath(name).name.partition("+")[0].removesuffix(PurePosixPath(name).suffix) for name in made}
    if spelt and code not in spelt:
        msg = f"id: is {', '.join(spelt)} in this folder; spell it so"
        raise InputError(msg)
    names = [name for name in made if name.endswith(".json")]  # the newest, where those of two layouts lie there
    names.append(_fanned(code_of(code), f"{code}.json", fan=job.fan))
    data = next((data for name in names if job.place and (data := job.place.read(name)) is not None), None)
    try:
        return None if data is None else lying(data, code)
    except InputError as error:
        msg = f"id: {error}"
        raise InputError(msg) from error


def _fanned(code: str, name: str, *, fan: bool) -> str:
    """Return a file's name, with one of 256 folders before it where there are too many files for one."""
    return f"{hashlib.sha256(code.encode()).hexdigest()[:2]}/{name}" if fan else name


def _lies_there(done: Done, place: Place) -> bool:
    """Tell whether all files that were made lie where they were put, to the last byte."""
    return all(_is(proof, place.read(proof.name)) for proof in done.files)


def _is(proof: Proof, data: bytes | None) -> bool:
    return data is not None and len(data) == proof.size and hashlib.sha256(data).hexdigest() == proof.sha256


def _origin(job: Job, texts: Mapping[str, str]) -> str:
    """Return the hash of all that a row's plan comes from but for who it is for: it stands in private plans too."""
    told = {name: text for name, text in texts.items() if text and name not in _WHOSE}
    text = json.dumps([job.fingerprint, {"timezone": job.order.machine_zone, **told}], sort_keys=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_ENOUGH]


def _key(job: Job, texts: Mapping[str, str], password: str, row: str) -> str:
    """Return the hash of all that a row's files come from; of a password only what takes long to try out."""
    secret = (
        hashlib.scrypt(password.encode(), salt=job.fingerprint.encode(), n=4096, r=8, p=1).hex() if password else ""
    )
    text = json.dumps([job.fingerprint, row, job.fan, [texts.get(name, "") for name in _WHOSE], secret])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _placed(message: str) -> Problem:
    """Turn a renderer's message into a problem, at the field it names if it does."""
    where, _, what = message.partition(": ")
    known = any(field.name == where for field in FIELDS)
    return Problem(where=where, what=what) if known else Problem(where="row", what=message)
