"""Tell whether the same row would still give the same files: hash all that they come from besides the row."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import unicodedata
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import planmaker
from planmaker.errors import InputError
from planmaker.resources import catalogue_dir, templates_dir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planmaker.clinic import Clinic
    from planmaker.workshop import Order

__all__ = ["fingerprint", "forming"]

_CODE = Path(planmaker.__file__).parent
_FORMING = ("icalendar", "jinja2", "pillow", "tzdata", "uharfbuzz")  # libraries
_CODE_ENDINGS = {".py", ".ttf", ".otf"}
# What of an order makes no other files: when they are issued, whether they may be late; and the password and the zone
# of this computer, which the key of each row that needs them holds.
_NOT_IN_FILES = ("issued", "allow_past", "password", "machine_zone", "dry")


def forming() -> dict[str, str]:
    """Return the versions of all that forms the bytes of a plan's files, besides the data."""
    import importlib.metadata  # noqa: PLC0415 - slow to load, and only a run of a roster needs it

    return {
        "planmaker": planmaker.__version__,
        **{name: importlib.metadata.version(name) for name in _FORMING},
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "Unicode": unicodedata.unidata_version,
    }


def fingerprint(order: Order, defaults: Mapping[str, str], clinic: Clinic, *folders: Path | None) -> str:
    """Return the hash of an order, the program with its data, a clinic's settings, and folders of its own."""
    wishes = {
        field.name: getattr(order, field.name) for field in dataclasses.fields(order) if field.name not in _NOT_IN_FILES
    }
    settings = dataclasses.asdict(dataclasses.replace(clinic, places={}))
    said = json.dumps([forming(), wishes, dict(defaults), settings], sort_keys=True, default=_plain)
    hashed = hashlib.sha256(said.encode("ascii"))
    for path in _files(*folders):
        try:
            hashed.update(f"\0{path.name}\0".encode("utf-8", "surrogateescape") + path.read_bytes())
        except OSError as error:
            msg = f"{path}: cannot be read: {error.strerror}"
            raise InputError(msg) from error
    return hashed.hexdigest()


def _files(*folders: Path | None) -> Iterator[Path]:
    """Yield the files of the program, of its data, and of further folders, each folder in an order of its own."""
    yield from sorted(path for path in _CODE.rglob("*") if path.suffix in _CODE_ENDINGS)
    for folder in (catalogue_dir(), templates_dir(), *folders):
        if folder is not None:
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _plain(value: object) -> str:
    """Write what JSON does not know: the bytes of a logo by their hash, all else as it prints itself."""
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else str(value)
