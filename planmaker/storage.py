"""Put files in place, whole or not at all, and say what to do when that fails."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import secrets
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from planmaker.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["advice", "make_folder", "publish", "publish_all", "swept", "write"]

_FOR_ALL = 0o644
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_MOST_OPEN = 100  # files that are open at a time, to be brought to the disk together
_BLOCK = 1 << 16  # bytes: smaller parts are put together
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
    folders = {"": folder}
    targets: dict[str, str] = {}  # texts throughout: a Path takes several times as long, and there may be a million
    try:
        make_folder(folder, private=private)
        with contextlib.closing(_Drafts()) as made:
            for name, parts in files:
                inner = name.rpartition("/")[0]
                if inner not in folders:
                    folders[inner] = folder / inner
                    make_folder(folders[inner], private=private)
                targets[f"{folder}{os.sep}{name}"] = made.add(drafts or folders[inner], parts)
            made.sync()
            for target in targets:
                if os.path.isdir(target):  # noqa: PTH112 - as above
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(Path(target)))
            for target, source in targets.items():
                if not private:
                    os.chmod(source, _FOR_ALL)  # noqa: PTH101 - as above
                made.move(source, target)
        for place in sorted(folders.values()) if targets else ():
            _sync_folder(place)
    except OSError as error:
        raise StorageError(advice(error, folder).replace("--out", option)) from error
    return tuple(map(Path, targets))


def publish(folder: Path, name: str, parts: Iterable[bytes], *, drafts: Path) -> Path:
    """Put a file into a folder part by part, under another number if a program holds the one of its name open."""
    (path,) = publish_all(folder, ((name, parts),), drafts=drafts)
    return path


def publish_all(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]], *, drafts: Path) -> tuple[Path, ...]:
    """Put files into a folder part by part, each as ``publish`` does, once all of them are written."""
    try:
        with contextlib.closing(_Drafts()) as made:
            sources = [(made.add(drafts, parts), folder / name) for name, parts in files]
            made.sync()
            targets = tuple(_moved(made, source, target) for source, target in sources)
        _sync_folder(folder)
    except OSError as error:
        raise StorageError(advice(error, folder)) from error
    return targets


def _moved(made: _Drafts, source: str, wanted: Path) -> Path:
    """Move a file to where it is wanted, or to the next number of that name."""
    for target in _numbered(wanted):
        try:
            made.move(source, str(target))
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


class _Drafts:
    """Temporary files, each written whole before it is moved into its place."""

    def __init__(self) -> None:
        self._stem = f"{_PREFIX}{secrets.token_hex(8)}"
        self._number = itertools.count()
        self._left: set[str] = set()  # those that are not in their place
        self._open: deque[int] = deque()  # those that are not on the disk

    def add(self, folder: Path, parts: Iterable[bytes]) -> str:
        """Write a file and return its path; it need not be on the disk yet."""
        path = f"{folder}{os.sep}{self._stem}-{next(self._number)}{_SUFFIX}"
        handle = os.open(path, _NEW, 0o600)
        self._left.add(path)
        self._open.append(handle)
        for block in _blocks(parts):
            _write_whole(handle, block)
        if len(self._open) >= _MOST_OPEN:
            self.sync()
        return path

    def sync(self) -> None:
        """Bring what was written to the disk, and close it.

        Linux begins to write all of them before one is waited for (its mm/fadvise.c does so where pages are no longer
        needed): on ext4 that takes two thirds of the time.
        """
        if hasattr(os, "posix_fadvise"):
            for handle in self._open:
                with contextlib.suppress(OSError):  # a hint, and no more
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        while self._open:
            handle = self._open.popleft()
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def move(self, source: str, target: str) -> None:
        """Move a file into its place, over what is there."""
        os.replace(source, target)  # noqa: PTH105 - as in ``write``
        self._left.discard(source)

    def close(self) -> None:
        """Close and remove what is left."""
        with contextlib.ExitStack() as cleaning:  # from the last to the first: no system removes an open file gladly
            for path in self._left:
                cleaning.callback(Path(path).unlink, missing_ok=True)
            for handle in self._open:
                cleaning.callback(os.close, handle)


def _blocks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield parts, small ones put together."""
    waiting, size = [], 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _BLOCK:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _write_whole(handle: int, data: bytes) -> None:
    """Write data to the last byte, in as many goes as the system takes."""
    written = os.write(handle, data)
    while written < len(data):
        written += os.write(handle, memoryview(data)[written:])


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
