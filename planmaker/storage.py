"""Put files in place, whole or not at all, and say what to do when that fails."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from planmaker.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["write"]

_FOR_ALL = 0o644


def write(folder: Path, files: Mapping[str, bytes], *, private: bool = True) -> tuple[Path, ...]:
    """Put files into a folder, all of them or none; raise StorageError saying what to do.

    ``private``: only the owner may read them. Each is written whole beside its place and then moved into it.
    """
    try:
        _make_folder(folder, private=private)
        with contextlib.ExitStack() as cleaning:
            moves = [(_written(folder, data, cleaning), folder / name) for name, data in files.items()]
            for _, target in moves:
                if target.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            for source, target in moves:
                if not private:
                    source.chmod(_FOR_ALL)
                source.replace(target)
        _sync_folder(folder)
    except OSError as error:
        raise StorageError(_advice(error, folder)) from error
    return tuple(target for _, target in moves)


def _make_folder(folder: Path, *, private: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700 if private else 0o755, exist_ok=True)


def _written(folder: Path, data: bytes, cleaning: contextlib.ExitStack) -> Path:
    """Write a temporary file, which is removed unless it has been moved away."""
    handle, name = tempfile.mkstemp(prefix=".planmaker-", suffix=".tmp", dir=folder)
    path = Path(name)
    cleaning.callback(path.unlink, missing_ok=True)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    return path


def _sync_folder(folder: Path) -> None:
    """Make the moves last through a power cut, where the system offers that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot
            os.fsync(handle)
    finally:
        os.close(handle)


_ADVICE = {
    errno.ENOSPC: "the disk is full; make room and run the same command again",
    errno.EDQUOT: "your share of the disk is used up; make room and run the same command again",
    errno.EIO: "the disk reports an error; choose another folder with --out",
    errno.EROFS: "may only be read; choose another folder with --out",
    errno.EACCES: "may not be written; close what has it open, or choose another folder with --out",
    errno.EPERM: "may not be written; choose another folder with --out",
    errno.EISDIR: "is a folder; move it away, or choose another folder with --out",
    errno.ENOTDIR: "is not a folder; choose another with --out",
    errno.EEXIST: "is not a folder; choose another with --out",
}


def _advice(error: OSError, folder: Path) -> str:
    """Say what cannot be written and what to do, never naming a temporary file."""
    place = error.filename if error.errno == errno.EISDIR else folder
    what = _ADVICE.get(error.errno or 0, f"cannot be written: {error.strerror or type(error).__name__}")
    return f"{place}: {what}"
