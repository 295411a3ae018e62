"""Reach a store of objects by fsspec: whole objects in one call each, and messages that say what to do."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from planmaker.errors import MissingPartError, PlanmakerError, StorageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

__all__ = ["Store", "opened"]

_PACKAGES = {"s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs"}
# One request reads an object: in more than one part it would be asked first how large it is.
_SETTINGS: dict[str, dict[str, Any]] = {"s3": {"max_concurrency": 1}}
_TRIES = 2  # of s3fs, each of which botocore tries up to five times; its own five would take a quarter of an hour


@dataclass(frozen=True, slots=True)
class Store:
    """A place in a store of objects: its address, what reaches it, and the path that all names stand below."""

    address: str
    system: Any
    root: str

    def put(self, files: Mapping[str, bytes]) -> None:
        """Put objects in place, each in one call; where that fails it may be there, but never in part."""
        with _advised(self.address):
            self.system.pipe({self._path(name): data for name, data in files.items()})

    def send(self, name: str, source: Path) -> None:
        """Put a file in place in one call."""
        with _advised(self.address):
            self.system.put_file(str(source), self._path(name))

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, or None if there is none."""
        with _advised(self.address):
            try:
                return bytes(self.system.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def read_all(self, names: Iterable[str]) -> list[bytes]:
        """Return the bytes of objects that are there, read at the same time where the store allows that."""
        paths = [self._path(name) for name in names]
        with _advised(self.address):
            found = self.system.cat(paths) if paths else {}
            return [bytes(found[path]) for path in paths]

    def create(self, name: str, data: bytes) -> bool:
        """Put an object in place only if there is none of its name, and tell whether it is this one now.

        Its bytes must be nobody else's: they tell who was first, also when the answer of the store was lost. Stores
        differ in how they answer when there is one.
        """
        failed: Exception | None = None
        try:
            self.system.pipe_file(self._path(name), data, mode="create")
        except Exception as error:  # noqa: BLE001 - a store of any make
            failed = error
        found = self.read(name)
        if found is None and failed:
            with _advised(self.address):
                raise failed
        return found == data

    def names(self, folder: str) -> list[str]:
        """Return the names of the objects below a folder, in their order."""
        top = self._path(folder)
        with _advised(self.address):
            try:
                found = self.system.find(top)
            except FileNotFoundError:
                found = []
        return sorted(folder + path.removeprefix(top) for path in found)

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects; one that is not there is none the less gone."""
        for name in names:
            with _advised(self.address), contextlib.suppress(FileNotFoundError):
                self.system.rm_file(self._path(name))

    def written(self, name: str) -> datetime | None:
        """Return when an object was put, by the store's own clock; None if there is none."""
        with _advised(self.address):
            try:
                found: datetime = self.system.modified(self._path(name))
            except FileNotFoundError:
                return None
        return found

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}"


@lru_cache(maxsize=8)
def opened(address: str) -> Store:
    """Open the place that an address names; raise UsageError or MissingPartError if nothing reaches it."""
    wanted = "--out: expected an address such as s3://bucket/prefix; what opens the store stands in its own settings"
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise UsageError(wanted) from error
    if parts.password or "::" in address or "?" in address:
        raise UsageError(wanted)
    package = _PACKAGES.get(parts.scheme, "fsspec")
    try:
        import fsspec  # noqa: PLC0415 - only a store of objects needs it

        system, root = fsspec.url_to_fs(address, use_listings_cache=False, **_SETTINGS.get(parts.scheme, {}))
    except ImportError as error:
        msg = f"an address {parts.scheme}:// needs {package}: pip install {package}"
        raise MissingPartError(msg) from error
    except ValueError as error:
        msg = f"--out: nothing is known that reaches {parts.scheme}://; expected such as s3://bucket/prefix"
        raise UsageError(msg) from error
    if parts.scheme in _SETTINGS:
        system.retries = _TRIES
    return Store(address, system, root.rstrip("/"))


@contextlib.contextmanager
def _advised(address: str) -> Iterator[None]:
    """Turn what goes wrong with a store into a message that says what to do, and repeats nothing of a request."""
    try:
        yield
    except PlanmakerError:
        raise
    except Exception as error:
        kind = next((kind for kind in _ADVICE if isinstance(error, kind)), None)
        advice = _ADVICE[kind] if kind else "cannot be reached; run the same command again"
        msg = f"{address}: {advice} ({_code(error)})"
        raise StorageError(msg) from error


def _code(error: BaseException) -> str:
    """Return the store's own code for a fault, else its type."""
    response = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code") or type(error).__name__)


_ADVICE: dict[type[Exception], str] = {
    PermissionError: "access is denied; the key must be allowed to read, write, list and delete there",
    FileNotFoundError: "is not there; make the bucket, or name another with --out",
    NotImplementedError: "cannot be used: the store does not do all that is needed; name another with --out",
}
