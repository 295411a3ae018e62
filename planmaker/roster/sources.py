"""Open a roster's file from any place, keeping a private copy of what can be read only once."""

from __future__ import annotations

import contextlib
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from planmaker.errors import InputError, StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["readable", "unreadable"]

_BLOCK = 1 << 20


@contextlib.contextmanager
def readable(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open what can be read from any place, keeping a private copy of what cannot."""
    with contextlib.ExitStack() as stack:
        name = str(source) if isinstance(source, Path) else "stdin"
        try:
            stream: BinaryIO = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
            regular = isinstance(source, Path) and stat.S_ISREG(source.stat().st_mode)
        except OSError as error:
            raise unreadable(name, error) from error
        yield stream if regular else stack.enter_context(_spooled(name, stream))


def _spooled(name: str, stream: BinaryIO) -> BinaryIO:
    """Copy a stream into a file that has no name, which only this user can read and which is gone when closed."""
    try:
        spool = tempfile.TemporaryFile(prefix="planmaker-")  # noqa: SIM115 - closed by whoever asked for it
    except OSError as error:
        msg = f"{name}: cannot be kept for reading: {error.strerror}"
        raise StorageError(msg) from error
    try:
        while block := _next_block(name, stream):
            spool.write(block)
        spool.flush()
    except OSError as error:
        spool.close()
        msg = f"{name}: cannot be kept for reading in {tempfile.gettempdir()}: {error.strerror}"
        raise StorageError(msg) from error
    except BaseException:
        spool.close()
        raise
    return spool


def _next_block(name: str, stream: BinaryIO) -> bytes:
    try:
        return stream.read(_BLOCK)
    except OSError as error:
        raise unreadable(name, error) from error


def unreadable(name: str, error: OSError) -> InputError:
    """Make the exception for a file that cannot be read."""
    return InputError(f"{name}: cannot be read: {error.strerror}")
