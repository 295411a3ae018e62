"""Hold a place in a store of objects alone, for as long as this run is at work there."""

from __future__ import annotations

import contextlib
import secrets
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

from planmaker.batch.place import OWN
from planmaker.errors import LockedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from planmaker.batch.store import Store

__all__ = ["Lease", "held", "taken"]

PATIENCE = timedelta(seconds=90)  # a lease that was not renewed for so long is over
_RENEWALS = 6  # in that time
_FOLDER = f"{OWN}/leases"
_FREE = b"free"


class Lease:
    """A number that only one run has, higher than those of all runs before it.

    The object of the highest number says who is at work. It stays when the run is over, so that numbers only rise: a
    run that slept through its lease finds a higher one, whatever it writes itself.
    """

    def __init__(self, store: Store, number: int, token: bytes) -> None:
        self.number = number
        self._store = store
        self._token = token

    def check(self) -> None:
        """Raise LockedError if another run has taken over."""
        if _numbers(self._store)[-1:] != [self.number]:
            msg = f"{self._store.address}: another run has taken over there, since this one stood still; stopped"
            raise LockedError(msg)

    def renew(self) -> None:
        """Tell that this run is still at work."""
        self._store.put({_name(self.number): self._token})

    def release(self) -> None:
        """Let the next run in at once."""
        self._store.put({_name(self.number): _FREE})


@contextlib.contextmanager
def held(store: Store, patience: timedelta = PATIENCE) -> Iterator[Lease]:
    """Hold a place; raise LockedError if another run does, or did so until ``patience`` ago."""
    lease = taken(store, secrets.token_hex(16).encode(), patience)
    over = threading.Event()
    renewing = threading.Thread(target=_renewed, args=(lease, over, patience / _RENEWALS), daemon=True)
    renewing.start()
    try:
        yield lease
    finally:
        over.set()
        renewing.join()
        with contextlib.suppress(StorageError):  # then it runs out
            lease.release()


def taken(store: Store, token: bytes, patience: timedelta) -> Lease:
    """Take the number after the last, of which only one run can make the object."""
    with _now(store, token) as now:
        numbers = _numbers(store)
        number = numbers[-1] + 1 if numbers else 1
        if (numbers and not _over(store, numbers[-1], now, patience)) or not store.create(_name(number), token):
            msg = (
                f"{store.address}: another run is at work there, or was {patience.seconds} seconds ago; wait until it "
                "ends, or name another place with --out"
            )
            raise LockedError(msg)
        store.remove(map(_name, numbers))
    return Lease(store, number, token)


@contextlib.contextmanager
def _now(store: Store, token: bytes) -> Iterator[datetime]:
    """Ask the store for the time, so that no two computers' clocks are compared; refuse one that cannot lease."""
    name = f"{OWN}/probe-{token.decode()}"
    try:
        if not store.create(name, token) or store.create(name, _FREE):
            msg = f"{store.address}: objects cannot be made by one run alone there, so two could mix; name another"
            raise StorageError(msg)
        now = store.written(name)
        if now is None:
            msg = f"{store.address}: does not keep what is put there; name another place with --out"
            raise StorageError(msg)
        yield now
    finally:
        store.remove((name,))


def _over(store: Store, number: int, now: datetime, patience: timedelta) -> bool:
    """Tell whether the run of a number has ended or was not heard of for too long."""
    written = store.written(_name(number))
    return store.read(_name(number)) == _FREE or (written is not None and now - written >= patience)


def _renewed(lease: Lease, over: threading.Event, every: timedelta) -> None:
    while not over.wait(every.total_seconds()):
        with contextlib.suppress(StorageError):  # another time; whoever has taken over is seen at the next receipt
            lease.renew()


def _numbers(store: Store) -> list[int]:
    found = (name.rpartition("/")[2] for name in store.names(_FOLDER))
    return sorted(int(number) for number in found if number.isdecimal())


def _name(number: int) -> str:
    return f"{_FOLDER}/{number:08}"
