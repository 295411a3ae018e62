"""Print how long each picture takes to draw and how large it is: ``python bench/figures.py [ID ...]``."""

from __future__ import annotations

import json
import sys
import time
import zlib

from planmaker.figures import album
from planmaker.figures.bake import baked
from planmaker.resources import catalogue_dir


def main(names: list[str]) -> None:
    """Draw the named pictures, or all, one after the other on one core."""
    folder = catalogue_dir()
    sizes: list[int] = []
    taken: list[float] = []
    for name in names or album.posed(folder):
        text = (folder / "poses" / f"{name}.toml").read_text(encoding="utf-8")
        began = time.perf_counter()
        frames = json.loads(baked(text))["frames"]
        taken.append(time.perf_counter() - began)
        found = [
            len(zlib.compress("\n".join(shape["path"] for shape in frame["shapes"]).encode(), 9)) for frame in frames
        ]
        sizes += found
        sys.stdout.write(f"{name:34} {taken[-1]:5.1f} s  {', '.join(f'{size / 1024:.1f} KB' for size in found)}\n")
    whole = sum(len(zlib.compress(path.read_bytes())) for path in (folder / "drawings").glob("*.json"))
    sys.stdout.write(
        f"{len(taken)} pictures, {len(sizes)} frames: {sum(taken) / len(taken):.1f} s a picture, "
        f"{sum(sizes) / len(sizes) / 1024:.1f} KB a frame, at most {max(sizes) / 1024:.1f} KB; "
        f"all drawings compressed {whole / 1000:.0f} kB\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
