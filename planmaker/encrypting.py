"""Encrypt a finished PDF with a password: AES-256 (ISO 32000-2, 7.6.4, revision 6)."""

from __future__ import annotations

import io
import re
import secrets
import stringprep
import unicodedata
from typing import TYPE_CHECKING

from planmaker.errors import MissingPartError

if TYPE_CHECKING:
    from mmap import mmap
    from types import ModuleType

__all__ = ["checked", "encrypted", "is_encrypted", "ready"]

FEWEST = 6
MOST = 127  # bytes that revision 6 makes a key of
_MISSING = "a password needs pikepdf: pip install pikepdf"
_LENGTH = f"expected {FEWEST} to {MOST} characters"
_BYTES = f"expected at most {MOST} bytes in UTF-8; letters beyond A to Z take two or more"
_EDGES = "expected no space at its start or end"
_UNSAFE = "expected letters, digits and signs that every reader takes alike, none invisible and no pictures"
_ENCRYPT = re.compile(rb"/Encrypt\s+[0-9]+\s+[0-9]+\s+R")
_CLAIMS = ("pdfaid:part", "pdfaid:conformance")
# What RFC 4013 forbids, or maps to something else; readers differ in whether they do.
_FORBIDDEN = (
    stringprep.in_table_a1,
    stringprep.in_table_b1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def checked(text: str) -> str:
    """Return a password, composed (NFC), that every reader takes alike; raise ValueError saying what was expected.

    SASLprep (RFC 4013), which ISO 32000-2 asks for and not every reader does, leaves it as it is.
    """
    composed = unicodedata.normalize("NFC", text)
    what = next((what for what, wrong in _FAULTS if wrong(composed)), "")
    if what:
        raise ValueError(what)
    return composed


def ready() -> None:
    """Raise MissingPartError if what encrypts is not installed."""
    _pikepdf()


def is_encrypted(data: bytes | mmap) -> bool:
    """Tell whether a PDF opens with a password only (ISO 32000-2, 7.5.5)."""
    return _ENCRYPT.search(data) is not None


def encrypted(data: bytes, password: str) -> bytes:
    """Return a PDF that opens with the password only; what is random makes it another file each time.

    Whoever opens it may print it, fill in its form and have it read aloud (PDF/UA-1, 7.16), and not
    change it. PDF/A allows no encryption (ISO 19005-2, 6.1.3), so that the file stops claiming to be one.
    """
    pikepdf = _pikepdf()
    allowed = pikepdf.Permissions(
        accessibility=True,
        extract=False,
        modify_annotation=False,
        modify_assembly=False,
        modify_form=True,
        modify_other=False,
        print_highres=True,
        print_lowres=True,
    )
    owner = secrets.token_urlsafe(32)  # nobody needs it: whoever made the plan can make it again
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        with file.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            for claim in _CLAIMS:
                metadata.pop(claim, None)
        file.save(
            locked,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            encryption=pikepdf.Encryption(user=password, owner=owner, R=6, allow=allowed),
        )
    return locked.getvalue()


def _pikepdf() -> ModuleType:
    try:
        import pikepdf  # noqa: PLC0415 - only a password needs it
    except ImportError as error:
        raise MissingPartError(_MISSING) from error
    return pikepdf


def _unsafe(text: str) -> bool:
    """Tell whether SASLprep would change or refuse a text."""
    if unicodedata.normalize("NFKC", text) != text or any(table(sign) for sign in text for table in _FORBIDDEN):
        return True
    leftward = [stringprep.in_table_d1(sign) for sign in text]
    if not any(leftward):
        return False
    return any(map(stringprep.in_table_d2, text)) or not (leftward[0] and leftward[-1])


_FAULTS = (
    (_LENGTH, lambda text: not FEWEST <= len(text) <= MOST),
    (_EDGES, lambda text: text != text.strip()),
    (_UNSAFE, _unsafe),
    (_BYTES, lambda text: len(text.encode()) > MOST),
)
