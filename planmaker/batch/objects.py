"""Put a run's files into a store of objects, leased for the run, with receipts for a ledger."""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from planmaker.batch import leases, receipts
from planmaker.batch.place import Folder
from planmaker.batch.store import opened
from planmaker.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from planmaker.batch.ledger import Ledger
    from planmaker.batch.place import Files, Place
    from planmaker.batch.receipts import Receipts

__all__ = ["Objects", "placed"]


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects below an address that fsspec knows, such as s3://bucket/prefix."""

    address: str

    def put(self, files: Files) -> None:
        """Put objects in place; once more is as good as once, for they have the same bytes."""
        opened(self.address).put({name: b"".join(parts) for name, parts in files})

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes."""
        return opened(self.address).read(name)

    def publish(self, name: str, parts: Iterable[bytes]) -> str:
        """Put an object in place that is gathered part by part on this computer's disk."""
        try:
            with tempfile.TemporaryDirectory(prefix="planmaker-") as folder:
                source = Path(folder) / "whole"
                with source.open("wb") as stream:
                    stream.writelines(parts)
                opened(self.address).send(name, source)
        except OSError as error:
            msg = f"the folder for temporary files: {error.strerror}; make room there, or name another in TMPDIR"
            raise StorageError(msg) from error
        return f"{self.address}/{name}"

    @contextlib.contextmanager
    def entered(self) -> Iterator[Receipts]:
        """Lease the place and read its receipts."""
        store = opened(self.address)
        with leases.held(store) as lease, receipts.opened(store, lease) as record:
            yield record

    @contextlib.contextmanager
    def looked(self) -> Iterator[Ledger]:
        """Read the receipts, without a lease."""
        with receipts.looked(opened(self.address)) as base:
            yield base


def placed(out: Path | str) -> Place:
    """Return the place that ``--out`` names: a folder, or an address with :// in it."""
    if isinstance(out, Path):
        return Folder(out)
    if out.startswith(("file://", "local://")):
        return Folder(Path(opened(out).root))
    address = out.rstrip("/")
    opened(address)
    return Objects(address)
