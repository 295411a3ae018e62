"""Put files in place, whole or not at all, and say what to do when that fails."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import IO, TYPE_CHECKING

from planmaker.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

__all__ = ["advice", "make_folder", "publish", "publish_all", "swept", "write"]

_FOR_ALL = 0o644
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_SYNCS, _MOST_OPEN = 8, 32  # how many files are brought to the disk at a time, and how many wait for it
_PREFIX, _SUFFIX = ".planmaker-", ".tmp"


def write(
    folder: Path,
    files: Iterable[tuple[str, Iterable[bytes]]],
    *,
    private: bool = True,
    drafts: Path | None = None,
    option: str = "--out",
) -> tuple[Path, ...]:
    """Put files into a folder by name, each in parts, all of them or none; raise StorageError saying what to do.

    ``private``: only the owner may read them. Each is first written whole, in the folder for ``drafts`` if there is
    one, and then moved into its place; a name may begin with a folder in the folder. ``option`` named the folder.
    """
    folders = {folder}
    targets: dict[Path, Path] = {}
    try:
        make_folder(folder, private=private)
        with contextlib.ExitStack() as cleaning:
            with _syncing() as sync:
                for name, parts in files:
                    target = folder / name
                    if target.parent not in folders:
                        make_folder(target.parent, private=private)
                        folders.add(target.parent)
                    targets[target], stream = _drafted(drafts or target.parent, parts, cleaning)
                    sync(stream)
            for target in targets:
                if target.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            for target, source in targets.items():
                if not private:
                    source.chmod(_FOR_ALL)
                source.replace(target)
        for place in sorted(folders) if targets else ():
            _sync_folder(place)
    except OSError as error:
        raise StorageError(advice(error, folder).replace("--out", option)) from error
    return tuple(targets)


def publish(folder: Path, name: str, parts: Iterable[bytes], *, drafts: Path) -> Path:
    """Put a file into a folder part by part, under another number if a program holds the one of its name open."""
    (path,) = publish_all(folder, ((name, parts),), drafts=drafts)
    return path


def publish_all(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]], *, drafts: Path) -> tuple[Path, ...]:
    """Put files into a folder part by part, each as ``publish`` does, once all of them are written."""
    try:
        with contextlib.ExitStack() as cleaning:
            sources = []
            for name, parts in files:
                source, stream = _drafted(drafts, parts, cleaning)
                _sync(stream)
                sources.append((source, folder / name))
            targets = tuple(_moved(source, target) for source, target in sources)
        _sync_folder(folder)
    except OSError as error:
        raise StorageError(advice(error, folder)) from error
    return targets


def _moved(source: Path, wanted: Path) -> Path:
    """Move a file to where it is wanted, or to the next number of that name."""
    for target in _numbered(wanted):
        try:
            source.replace(target)
        except OSError as error:
            if error.errno not in _HELD:
                raise
        else:
            return target
    msg = f"{wanted}: cannot be replaced; close what has it open, and run the same command again"
    raise StorageError(msg)


def _numbered(path: Path) -> Iterator[Path]:
    """Yield a path, then some with a number."""
    yield path
    yield from (path.with_stem(f"{path.stem}-{number}") for number in range(2, _MOST_HELD))


def swept(drafts: Path) -> None:
    """Remove what a run that was killed has left in the folder for its drafts; no other run may be at work there."""
    for path in drafts.glob(f"{_PREFIX}*{_SUFFIX}"):
        path.unlink(missing_ok=True)


def make_folder(folder: Path, *, private: bool = True) -> None:
    """Make a folder and those above it, if they are not there; raise OSError for a file in its place."""
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700 if private else 0o755, exist_ok=True)


def _drafted(folder: Path, parts: Iterable[bytes], cleaning: contextlib.ExitStack) -> tuple[Path, IO[bytes]]:
    """Write a temporary file, which is removed unless it has been moved away; it is open, and not yet on the disk."""
    path = folder / f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"
    stream = os.fdopen(os.open(path, _NEW, 0o600), "wb")
    cleaning.callback(path.unlink, missing_ok=True)
    with contextlib.ExitStack() as closing:
        closing.enter_context(stream)
        stream.writelines(parts)
        stream.flush()
        closing.pop_all()
    return path, stream


@contextlib.contextmanager
def _syncing() -> Iterator[Callable[[IO[bytes]], None]]:
    """Give what brings files to the disk and closes them; all are there when this ends.

    Some go at a time, while others are made: file systems do that more than twice as quickly as one by one.
    """
    waiting: deque[Future[None]] = deque()

    def sync(stream: IO[bytes]) -> None:
        waiting.append(pool.submit(_sync, stream))
        if len(waiting) > _MOST_OPEN:
            waiting.popleft().result()

    with ThreadPoolExecutor(_SYNCS) as pool:
        yield sync
        for future in waiting:
            future.result()


def _sync(stream: IO[bytes]) -> None:
    """Close a file once it is on the disk."""
    with stream:
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the moves last through a power cut, where the system offers that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(handle)


_HELD = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.EISDIR}  # what a file that is open elsewhere answers
_MOST_HELD = 10
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP}  # what file systems say that do not sync folders
_ADVICE = {
    errno.ENOSPC: "the disk is full; make room and run the same command again",
    errno.EDQUOT: "your share of the disk is used up; make room and run the same command again",
    errno.EIO: "the disk reports an error; choose another folder with --out",
    errno.EROFS: "may only be read; choose another folder with --out",
    errno.EACCES: "access is refused; close what has it open, or choose another folder with --out",
    errno.EPERM: "may not be written; choose another folder with --out",
    errno.EISDIR: "is a folder; move it away, or choose another folder with --out",
    errno.ENOTDIR: "is not a folder; choose another with --out",
    errno.EEXIST: "is not a folder; choose another with --out",
}


def advice(error: OSError, folder: Path) -> str:
    """Say what cannot be written and what to do, never naming a temporary file."""
    place = error.filename if error.errno == errno.EISDIR else folder
    what = _ADVICE.get(error.errno or 0, f"cannot be written: {error.strerror or type(error).__name__}")
    return f"{place}: {what}"
