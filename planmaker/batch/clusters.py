"""Have chunks of rows made by dask.distributed, whose workers may be on other computers."""

from __future__ import annotations

import contextlib
import dataclasses
import ipaddress
import logging
import pickle
import secrets
import threading
from concurrent.futures import CancelledError, Executor, Future, InvalidStateError
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlsplit
from weakref import WeakSet

from planmaker.batch.engines import Engine
from planmaker.batch.fingerprint import fingerprint, forming
from planmaker.batch.place import OWN, Folder
from planmaker.batch.work import stop_when, workshop_of
from planmaker.errors import MissingPartError, PlanmakerError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from types import ModuleType

    from planmaker.batch.work import Job

__all__ = ["LostError", "Packing", "checked", "connected", "fault", "shared", "watch"]

P = ParamSpec("P")
T = TypeVar("T")
_PATIENCE = 30.0  # seconds to wait for the first worker, and for another when all are gone
_LOOK = 5.0  # seconds between two looks at the workers
_SEEN = f"{OWN}/seen"
_SAFE = (
    "rows hold what patients said, so only a scheduler on this computer may do without TLS; start it and its workers "
    "with tls:// and certificates, which dask's own settings name (distributed.comm.tls)"
)
_GONE = "the scheduler {address} or the way to it is gone; run the same command again, which does only what is left"
_EMPTY = "the scheduler {address} has no workers; start some (dask worker {address} --nthreads 1) and run again"


def checked(address: str) -> str:
    """Return the address of a scheduler if nobody else can read what is sent there; raise UsageError if not."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        port = parts.port
    except ValueError:
        port = None
    if not port:
        msg = "--scheduler: expected an address such as tls://scheduler.example:8786"
        raise UsageError(msg)
    if not _is_safe(parts.geturl()):
        msg = f"--scheduler: {_SAFE}"
        raise UsageError(msg)
    return parts.geturl()


def _is_safe(address: str) -> bool:
    """Tell whether an address is encrypted, or of this computer."""
    parts = urlsplit(address)
    if parts.scheme == "tls":
        return True
    with contextlib.suppress(ValueError):
        return parts.scheme == "tcp" and ipaddress.ip_address(parts.hostname or "").is_loopback
    return parts.scheme == "tcp" and parts.hostname == "localhost"


def shared(job: Job) -> Job:
    """Return a job whose folders mean the same wherever a process was started."""
    place = Folder(job.place.path.absolute()) if isinstance(job.place, Folder) else job.place
    paths = {name: getattr(job, name) for name in ("overlay", "config", "font_dir")}
    return dataclasses.replace(job, place=place, **{name: path and path.absolute() for name, path in paths.items()})


@contextlib.contextmanager
def connected(address: str, job: Job) -> Iterator[Engine]:
    """Connect to a scheduler, whose workers have been found to be like this computer; raise StorageError if not."""
    distributed = _distributed()
    with contextlib.ExitStack() as leaving:
        logging.disable(logging.CRITICAL)  # what dask has to say is said by the messages here
        leaving.callback(logging.disable, logging.NOTSET)
        try:
            client = distributed.Client(address, set_as_default=False)
        except (OSError, TypeError, ValueError) as error:
            msg = f"the scheduler {address} does not answer ({type(error).__name__}); start it, or set TLS up"
            raise StorageError(msg) from error
        leaving.callback(_closed, client)
        with _lost(address):
            _await_worker(client, address)
            _compare(client, job)
            count = len(client.nthreads())
        yield Engine(opened=partial(_opened, client, job), losses=(distributed.KilledWorker, LostError), workers=count)


def _distributed() -> ModuleType:
    try:
        import distributed  # noqa: PLC0415 - only a run on a cluster needs it
    except ImportError as error:
        msg = "--engine dask needs dask: pip install distributed"
        raise MissingPartError(msg) from error
    return distributed


def _await_worker(client: Any, address: str) -> None:  # noqa: ANN401 - dask is loaded late
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        raise StorageError(_EMPTY.format(address=address)) from error


def _closed(client: Any) -> None:  # noqa: ANN401 - dask is loaded late
    with contextlib.suppress(OSError, TimeoutError):
        client.close()


@contextlib.contextmanager
def _lost(address: str, why: list[str] | None = None) -> Generator[None]:
    """Tell of a scheduler that is gone, or why it was given up."""
    try:
        yield
    except (CancelledError, OSError) as error:
        raise StorageError((why or [_GONE])[0].format(address=address)) from error


@contextlib.contextmanager
def _opened(client: Any, job: Job, _most: int) -> Generator[Executor]:  # noqa: ANN401 - dask is loaded late
    """Open the workers for this run; those that still make rows of another one in the same place leave off first."""
    run = secrets.token_hex(8)
    place = _place_of(job, run)
    address = client.scheduler.address
    inner = client.get_executor(pure=False)
    why: list[str] = []
    over = threading.Event()
    packing = Packing(inner, job, run)
    watching = threading.Thread(target=watch, args=(client, packing, why, over), daemon=True)
    with _lost(address, why):
        try:
            client.run(_take_turn, place, run, on_error="ignore")
            watching.start()
            yield packing
        finally:
            over.set()
            inner.shutdown(wait=False)
            if client.status == "running":
                with contextlib.suppress(OSError):
                    client.run(_take_turn, place, "", on_error="ignore")


def watch(client: Any, executor: Packing, why: list[str], over: threading.Event) -> None:  # noqa: ANN401 - as above
    """Give up when the scheduler is lost, when all workers are gone for long, or one came that others can listen to.

    Dask leaves a piece of work that was handed out just when the scheduler died without an answer for ever, and one
    whose worker died when it was just done: where no worker is at work for long, what is on its way has been lost.
    """
    without = idle = 0.0
    while not over.wait(_LOOK):
        workers, busy = None, True
        with contextlib.suppress(Exception):  # as a client raises that is being closed, or has lost its scheduler
            workers = client.nthreads()
            busy = any(client.processing().values())
        if client.status != "running":
            executor.give_up()
        if workers is not None:
            without = 0.0 if workers else without + _LOOK
            unsafe = not all(map(_is_safe, workers))
            if without >= _PATIENCE or unsafe:
                why.append(_SAFE if unsafe else _EMPTY)
                executor.give_up()
                return
        idle = idle + _LOOK if workers and not busy else 0.0
        if idle >= _PATIENCE:
            executor.lose()
            idle = 0.0


class Packing(Executor):
    """Hands work on as bytes, in which dask does not look for work of its own; may give up all that is on its way."""

    def __init__(self, inner: Executor, job: Job, run: str) -> None:
        self._inner = inner
        self._job = job
        self._run = run
        self._flying: WeakSet[Future[Any]] = WeakSet()
        self._over = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand on a piece of work."""
        packed = _Sealed(pickle.dumps((self._job, self._run, partial(fn, *args, **kwargs))))
        future: Future[T] = self._inner.submit(_made, packed)
        self._flying.add(future)
        if self._over:
            future.cancel()
        return future

    def lose(self) -> None:
        """End all that is on its way as if its worker had died."""
        for future in tuple(self._flying):
            with contextlib.suppress(InvalidStateError):  # it is done after all
                future.set_exception(LostError())

    def give_up(self) -> None:
        """Cancel all that is on its way or comes yet."""
        self._over = True
        for future in tuple(self._flying):
            future.cancel()


class LostError(Exception):
    """Work was lost on its way."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Sealed:
    """Bytes that show nothing of themselves in what dask logs when work fails."""

    data: bytes = dataclasses.field(repr=False)


# What follows runs on a worker.

_turn = threading.Lock()  # a workshop is for one thread
_running: dict[str, str] = {}  # the run that may write in a place; unknown to a worker that came later
_at_work: list[tuple[str, str]] = []


def _made(packed: _Sealed) -> Any:  # noqa: ANN401 - what the work returns
    """Do a piece of work, one at a time in a process, and not for a run that was left."""
    job, run, call = pickle.loads(packed.data)  # noqa: S301 - from the scheduler, which is trusted with code
    with _turn:
        _alike(job)
        place = _place_of(job, run)
        stop_when(_Left(place, run))
        _at_work[:] = [(place, run)]
        try:
            return call()
        finally:
            _at_work.clear()


def _place_of(job: Job, run: str) -> str:
    """Name what only one run may write in; runs that only check do not get into each other's way."""
    return repr(job.place) if job.place else run


@dataclasses.dataclass(frozen=True, slots=True)
class _Left:
    """Whether a run is the one that may write in its place no more."""

    place: str
    run: str

    @property
    def value(self) -> bool:
        return _running.get(self.place, self.run) != self.run


async def _take_turn(place: str, run: str) -> None:
    """Let a run write in a place, and wait until no other does."""
    import asyncio  # noqa: PLC0415 - slow to load, and only a worker needs it

    _running[place] = run
    while any(at == place and other != run for at, other in _at_work):  # noqa: ASYNC110 - a thread does it
        await asyncio.sleep(0.05)


async def _compared(packed: bytes) -> tuple[Mapping[str, str], bytes | None]:
    """Return what a worker is like, and what it finds in the place of the run."""
    import asyncio  # noqa: PLC0415 - slow to load, and only a worker needs it

    job = pickle.loads(packed)  # noqa: S301 - as above
    return await asyncio.to_thread(_likeness, job), await asyncio.to_thread(_seen, job)


def _seen(job: Job) -> bytes | None:
    return job.place.read(_SEEN) if job.place else None


@lru_cache(maxsize=1)
def _likeness(job: Job) -> Mapping[str, str]:
    """Return all that must be the same for the same bytes."""
    found = fingerprint(job.order, dict(job.defaults), workshop_of(job).clinic, job.overlay, job.font_dir)
    return {
        **forming(),
        "program, catalogue, settings or fonts": found,
    }


def _alike(job: Job) -> None:
    """Refuse to work on a computer that would make other files."""
    if _likeness(job)["program, catalogue, settings or fonts"] != job.fingerprint:
        msg = "a worker has another program, catalogue, settings or fonts than this computer; give it the same"
        raise StorageError(msg)


# And this in the process that started the run.


def _compare(client: Any, job: Job) -> None:  # noqa: ANN401 - dask is loaded late
    """Compare the workers with this computer, and see that they reach the place."""
    token = secrets.token_hex(16).encode()
    if job.place:
        job.place.put([(_SEEN, (token,))])
    here = _likeness(job)
    for worker, found in sorted(client.run(_compared, pickle.dumps(job), on_error="return").items()):
        what = fault(found, here, token if job.place else None) if _is_safe(worker) else _SAFE
        if what:
            msg = f"worker {worker}: {what}"
            raise StorageError(msg)


def fault(found: Any, here: Mapping[str, str], token: bytes | None) -> str:  # noqa: ANN401 - or an exception
    """Say in what a worker is not as this computer is, or that it does not see the place; empty if it is and does."""
    if isinstance(found, PlanmakerError):
        return str(found)
    if isinstance(found, ImportError):
        return "lacks a package that this computer has; install planmaker there with the same parts"
    if isinstance(found, BaseException):
        return f"does not answer as planmaker does ({type(found).__name__}); install the same version there"
    there, seen = found
    for name, value in here.items():
        if there.get(name) != value:
            told = "" if len(value) > 20 else f": {there.get(name)}, and here is {value}"  # noqa: PLR2004 - a hash
            return f"has another {name}{told}; give it the same as this computer has"
    if seen != token:
        return "does not see the folder of the run; name one that all share, or an address such as s3://, with --out"
    return ""
