"""Files are put in place whole, all of them or none, however many there are and whatever goes wrong."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from planmaker import storage
from planmaker.errors import StorageError

MANY = storage._MOST_OPEN + 20  # noqa: SLF001 - more than are open at a time
PARTS = (b"x" * 10, b"y" * 70_000, b"z")


def named(count: int) -> list[tuple[str, tuple[bytes, ...]]]:
    return [(f"{number}.pdf", PARTS) for number in range(count)]


def test_many(tmp_path: Path) -> None:
    """More files than are open at a time are all there, whole, and nothing else."""
    written = storage.write(tmp_path, named(MANY))

    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert len(written) == MANY
    assert {path.read_bytes() for path in written} == {b"".join(PARTS)}


@pytest.mark.parametrize("name", ["open", "write", "fsync", "close"])
@pytest.mark.parametrize("at", [1, storage._MOST_OPEN, storage._MOST_OPEN + 1, MANY])  # noqa: SLF001 - as above
def test_a_call_fails(name: str, at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever file cannot be opened, written, brought to the disk or closed, none is put in place, none is left."""
    (tmp_path / "0.pdf").write_bytes(b"old")
    real, calls = getattr(os, name), iter(range(1, 10 * MANY))

    def fails(*arguments: Any) -> Any:  # noqa: ANN401 - handed on
        if next(calls) != at:
            return real(*arguments)
        if name == "close":
            real(*arguments)
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, name, fails)
    with pytest.raises(StorageError, match="the disk reports an error"):
        storage.write(tmp_path, named(MANY))
    monkeypatch.undo()

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("0.pdf", b"old")]


def test_short_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that takes less than it is given is given the rest."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data[:1000])))

    (path,) = storage.write(tmp_path, named(1))

    assert path.read_bytes() == b"".join(PARTS)


def test_a_hint_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system takes no hints, files are written all the same."""

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(os, "posix_fadvise", fails, raising=False)

    assert len(storage.write(tmp_path, named(3))) == 3


def test_folder_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in a file's place is named as its user would, also below the folder in hand."""
    monkeypatch.chdir(tmp_path)
    Path("0.txt").mkdir()

    with pytest.raises(StorageError, match=r"^0\.txt: is a folder"):
        storage.write(Path(), [("0.txt", (b"",))])
