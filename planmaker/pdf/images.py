"""Put a photo or a logo into a file."""

from __future__ import annotations

import io

from PIL import Image

from planmaker.pdf.file import ENDSTREAM, stream

__all__ = ["image"]

_SPACES = {"L": "DeviceGray", "RGB": "DeviceRGB"}


def image(data: bytes) -> bytes:
    """Write an image XObject (ISO 32000-1 8.9.5) of a PNG or JPEG file: a JPEG as it is, else its points on white."""
    with Image.open(io.BytesIO(data)) as opened:
        head = f"/Type/XObject/Subtype/Image/Width {opened.width}/Height {opened.height}/BitsPerComponent 8"
        if opened.format == "JPEG" and opened.mode in _SPACES:
            entries = f"<<{head}/ColorSpace/{_SPACES[opened.mode]}/Filter/DCTDecode/Length {len(data)}>>"
            return b"%b\nstream\n%b%b" % (entries.encode(), data, ENDSTREAM)
        flat = Image.new("RGBA", opened.size, "white")
        flat.alpha_composite(opened.convert("RGBA"))
        return stream(f"{head}/ColorSpace/DeviceRGB", flat.convert("RGB").tobytes())
