"""Keep what was done in a store of objects: one object a commit, which never changes."""

from __future__ import annotations

import contextlib
import itertools
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from planmaker.batch import ledger
from planmaker.batch.place import OWN
from planmaker.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from planmaker.batch.account import Done
    from planmaker.batch.leases import Lease
    from planmaker.batch.ledger import Ledger
    from planmaker.batch.store import Store

__all__ = ["Receipts", "looked", "opened"]

_FOLDER = f"{OWN}/receipts"
_VERSION = 1
_AT_ONCE = 50  # receipts that are read at the same time
_MOST = 100  # receipts that a run may leave behind; more are put together
_MOST_TOGETHER = 10_000  # plans in one of those


class Receipts:
    """What was done in a place; its name tells of a receipt which run wrote it and in which order.

    A receipt is written only while the lease is held, and the newest says what holds for an id. So one that a run
    wrote late, which had lost its lease, counts less than those of the run that took over.
    """

    def __init__(self, store: Store, lease: Lease, base: Ledger, names: list[str]) -> None:
        self._store = store
        self._lease = lease
        self._base = base
        self._names = names
        self._numbers = itertools.count(1)
        self._begun: tuple[str, str] | None = None

    def begin(self, key: str, issued: datetime, *, told: bool) -> datetime:
        """Open a run of an order and return when its plans are issued."""
        issued = self._base.begin(key, issued, told=told)
        self._begun = (key, issued.isoformat())
        self._write(begun=self._begun)
        return issued

    def find(self, codes: Sequence[str]) -> dict[str, Done]:
        """Return what was done for ids."""
        return self._base.find(codes)

    def record(self, items: Iterable[Done]) -> None:
        """Keep what was done, once it lies safely in the store."""
        done = tuple(items)
        if done:
            self._write(plans=[ledger.as_row(item) for item in done])
            self._base.record(done)

    def finish(self) -> None:
        """Note that the run got to its end, and put receipts together where there are many."""
        self._write(finished=True)
        if len(self._names) > _MOST:
            self._put_together()

    def _put_together(self) -> None:
        """Write all that is known anew, and only then remove what said it before."""
        old = self._names
        self._names = []
        self._write(begun=self._begun, finished=True)
        rows = map(ledger.as_row, self._base.items())
        while some := list(itertools.islice(rows, _MOST_TOGETHER)):
            self._write(plans=some)
        self._store.remove(old)

    def _write(self, **said: object) -> None:
        self._lease.check()
        name = f"{_FOLDER}/{self._lease.number:08}-{next(self._numbers):08}.json"
        self._store.put({name: json.dumps({"version": _VERSION, **said}).encode("ascii")})
        self._names.append(name)


@contextlib.contextmanager
def opened(store: Store, lease: Lease) -> Iterator[Receipts]:
    """Read all receipts of a place that is leased, into a ledger that is gone with the run."""
    with ledger.brief() as base:
        yield Receipts(store, lease, base, _all_taken_in(base, store))


@contextlib.contextmanager
def looked(store: Store) -> Iterator[Ledger]:
    """Read all receipts of a place, whoever leases it, into a ledger that is gone with the run."""
    with ledger.brief() as base:
        _all_taken_in(base, store)
        yield base


def _all_taken_in(base: Ledger, store: Store) -> list[str]:
    """Read all receipts and return their names."""
    names = store.names(_FOLDER)
    for start in range(0, len(names), _AT_ONCE):
        _taken_in(base, store, names[start : start + _AT_ONCE])
    return names


def _taken_in(base: Ledger, store: Store, names: Sequence[str]) -> None:
    for name, data in zip(names, store.read_all(names), strict=True):
        said = _read(f"{store.address}/{name}", data)
        if said.get("begun"):
            base.begin(*said["begun"], told=True)
        base.record(said.get("plans", ()))
        if said.get("finished"):
            base.finish()


def _read(place: str, data: bytes) -> Mapping[str, Any]:
    try:
        said: Any = json.loads(data)
        if said["version"] != _VERSION:
            msg = f"{place}: was written by a newer planmaker; use that one, or name another place with --out"
            raise StorageError(msg)
        found: dict[str, Any] = {"finished": said.get("finished")}
        if said.get("begun"):
            key, issued = said["begun"]
            found["begun"] = str(key), datetime.fromisoformat(issued)
        found["plans"] = [ledger.from_row(*row) for row in said.get("plans", ())]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        msg = f"{place}: is damaged; move it away and run again, which makes its plans once more"
        raise StorageError(msg) from error
    return found
