"""Take the plan out of a PDF that carries it (made with --embed-plan)."""

from __future__ import annotations

import io

from planmaker.errors import InputError, MissingPartError

__all__ = ["NAME", "plan_in"]

# What the attachment is called in every file: no id, no name.
NAME = "plan.json"
_MOST = 5_000_000  # bytes; a plan of half a year has some 300,000
_MISSING = "a plan inside a PDF needs pikepdf: pip install pikepdf"
_NONE = "holds no plan; make it again with --embed-plan, or name the plan's .json"


def plan_in(data: bytes, password: str = "") -> bytes:
    """Return the plan's JSON in a PDF; raise InputError if there is none or the file is locked or damaged."""
    try:
        import pikepdf  # noqa: PLC0415 - nothing else needs it
    except ImportError as error:
        raise MissingPartError(_MISSING) from error
    try:
        with pikepdf.open(io.BytesIO(data), password=password) as file:
            found = file.attachments.get(NAME)
            text = found.get_file().read_bytes() if found else b""
    except pikepdf.PasswordError as error:
        msg = "is locked with another password" if password else "is locked; give its password with --password-file"
        raise InputError(msg) from error
    except pikepdf.PdfError as error:
        msg = "cannot be read as a PDF"
        raise InputError(msg) from error
    if not text or len(text) > _MOST:
        raise InputError(_NONE)
    return text
