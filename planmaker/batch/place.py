"""Say where a run puts its files: into a folder that it holds alone, with a ledger of its own."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from planmaker import storage
from planmaker.batch import ledger
from planmaker.errors import LockedError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from planmaker.batch.account import Done

__all__ = ["Files", "Folder", "Place", "Record"]

OWN = ".planmaker"


Files = Iterable[tuple[str, tuple[bytes, ...]]]  # by name, each in parts


class Record(Protocol):
    """What a place keeps of its runs; see ``ledger.Ledger``."""

    def begin(self, key: str, issued: datetime, *, told: bool) -> datetime:
        """Open a run and return when its plans are issued."""

    def find(self, codes: Sequence[str]) -> Mapping[str, Done]:
        """Return what was done for ids."""

    def record(self, items: Iterable[Done]) -> None:
        """Keep what was done."""

    def finish(self) -> None:
        """Note that the run got to its end."""


class Place(Protocol):
    """Where files go; it travels to workers, so it holds nothing that is open."""

    def put(self, files: Files) -> None:
        """Put files in place, each whole or not at all, so that they last; raise StorageError if that fails."""

    def publish(self, name: str, parts: Iterable[bytes]) -> str:
        """Put a file in place part by part and return how a person finds it; another number if it is held open."""

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, or None if there is none; raise StorageError if it cannot be read."""

    def entered(self) -> AbstractContextManager[Record]:
        """Hold the place alone, and open what it keeps of its runs; raise LockedError if another run has it."""

    def looked(self) -> AbstractContextManager[Record]:
        """Open what the place keeps of its runs, to find in it only, whoever holds it."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on this computer, or on one that it can lock."""

    path: Path

    def put(self, files: Files) -> None:
        """Put files in place; what is not whole yet stands in the folder of the run's own files."""
        storage.write(self.path, files, drafts=self.path / OWN)

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes."""
        try:
            with open(f"{self.path}/{name}", "rb") as stream:  # noqa: PTH123 - a Path takes thrice as long, for every row
                return stream.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StorageError(storage.advice(error, self.path / name)) from error

    def publish(self, name: str, parts: Iterable[bytes]) -> str:
        """Put a file in place part by part."""
        return str(storage.publish(self.path, name, parts, drafts=self.path / OWN))

    @contextlib.contextmanager
    def entered(self) -> Iterator[ledger.Ledger]:
        """Lock the folder, sweep what a killed run or worker left, before and after, and open the ledger."""
        own = self.path / OWN
        with _advised(self.path):
            storage.make_folder(own)
        with _locked(own, self.path):
            with _advised(self.path):
                storage.swept(own)
            with ledger.opened(own / "ledger.sqlite") as found:
                yield found
            with _advised(self.path):
                storage.swept(own)

    def looked(self) -> AbstractContextManager[ledger.Ledger]:
        """Open the ledger to read it only."""
        return ledger.looked(self.path / OWN / "ledger.sqlite")


@contextlib.contextmanager
def _advised(folder: Path) -> Iterator[None]:
    """Turn what goes wrong in a folder into a message that says what to do."""
    try:
        yield
    except OSError as error:
        raise StorageError(storage.advice(error, folder)) from error


@contextlib.contextmanager
def _locked(own: Path, folder: Path) -> Iterator[None]:
    """Hold a lock that goes with this process, however it ends, and that no worker inherits."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only a run needs it

    lock = FileLock(own / "lock", timeout=0, mode=0o600, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout as error:
        msg = f"{folder}: another run is at work there; wait until it ends, or name another folder with --out"
        raise LockedError(msg) from error
    except OSError as error:
        if error.errno not in _CANNOT_LOCK:
            raise StorageError(storage.advice(error, folder)) from error
        msg = f"{folder}: files cannot be locked there, so two runs could mix; name another folder with --out"
        raise StorageError(msg) from error
    with contextlib.closing(contextlib.ExitStack()) as held:
        held.callback(lock.release)
        yield


_CANNOT_LOCK = {errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EINVAL}
