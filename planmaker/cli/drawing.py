"""Show, print and bake the pictures of the exercises."""

from __future__ import annotations

import contextlib
import io
import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planmaker import console, parsers, storage
from planmaker.errors import ExitCode, MissingPartError, UsageError
from planmaker.figures import album
from planmaker.figures.drawing import Drawing, beside
from planmaker.figures.svg import to_svg
from planmaker.resources import catalogue_dir
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planmaker.words import Words

__all__ = ["figures"]

_LANGUAGE = "en"
_NUMPY = "drawing a picture anew needs numpy: pip install numpy"
_PDFIUM = "writing a PNG needs pypdfium2: pip install pypdfium2"
_DOTS = 300 / 72  # pixels a point
_CONTACT = Path("contact.pdf")


@click.group()
def figures() -> None:
    """Show, print or bake the pictures of the exercises."""


@figures.command(name="list")
def list_() -> int:
    """List the pictures: their frames, size, and whether they are up to date."""
    folder = catalogue_dir()
    stale = album.stale(folder)
    for name in album.drawn(folder):
        drawings = album.read(folder, name)
        frames = "start and end" if len(drawings) > 1 else "one picture"
        state = stale.get(name, "up to date")
        click.echo(f"{name:36} {frames:14} {drawings[0].width:4.0f} x {drawings[0].height:3.0f} cm  {state}")
    for name in (name for name in stale if name not in album.drawn(folder)):
        click.echo(f"{name:36} {stale[name]}")
    return ExitCode.DONE


@figures.command()
@click.argument("name", metavar="ID")
@click.option("--frame", type=click.Choice(("start", "end", "both")), default="both", show_default=True)
@click.option("--mirror", is_flag=True, help="Show the other side of the body.")
@click.option(
    "-o",
    "--out",
    "path",
    type=click.Path(path_type=Path),
    help="File to write: .svg, .pdf or .png.  [default: SVG to standard output]",
)
def show(*, name: str, frame: str, mirror: bool, path: Path | None) -> int:
    """Write one picture as SVG, PDF or PNG."""
    folder, words = catalogue_dir(), open_workshop().words[_LANGUAGE]
    found = _named(name)
    stale = album.stale(folder).get(found)
    if stale:
        console.say(f"{found}: {stale}; planmaker figures bake {found} draws it")
    if found not in album.drawn(folder):
        return ExitCode.INPUT
    drawing = beside(_frames(album.read(folder, found), frame))
    drawing = drawing.mirrored() if mirror else drawing
    told = words.pictured(found)
    if path is None:
        click.echo(to_svg(drawing, told), nl=False)
        return ExitCode.DONE
    if path.suffix not in _WRITERS:
        msg = f"--out: expected a file that ends in {', '.join(_WRITERS)}"
        raise UsageError(msg)
    storage.write(path.parent, [(path.name, (_WRITERS[path.suffix](drawing, told),))], private=False)
    return ExitCode.DONE


@figures.command()
@click.argument("names", metavar="[ID]...", nargs=-1)
def bake(*, names: tuple[str, ...]) -> int:
    """Draw pictures anew from their poses.

    Without an ID, those that are stale. A pose that no body could take, or whose picture would hide what
    it must show, is refused with the reason.
    """
    folder = catalogue_dir()
    stale = album.stale(folder)
    for name in (name for name in stale if name not in album.posed(folder)):
        (folder / "drawings" / f"{name}.json").unlink()
        console.say(f"{name}: removed, since its pose is gone")
    wanted = tuple(_named(name) for name in names) or tuple(name for name in stale if name in album.posed(folder))
    refused = 0
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name, text in zip(wanted, pool.map(_baked, [(folder, name) for name in wanted]), strict=True):
            if text.startswith("{"):
                storage.write(folder / "drawings", [(f"{name}.json", (text.encode(),))], private=False)
                console.say(f"{name}: drawn")
            else:
                refused += 1
                console.say(f"poses/{name}.toml: {text}")
    return ExitCode.INPUT if refused else ExitCode.DONE


@figures.command()
@click.option("-o", "--out", "path", type=click.Path(path_type=Path), default=_CONTACT, show_default=True)
def sheet(*, path: Path) -> int:
    """Print all pictures on a contact sheet: in colour as on a card, and small in grey."""
    from planmaker.pdf.contact import contact_sheet  # noqa: PLC0415 - the typesetter is slow to load

    folder, words = catalogue_dir(), open_workshop().words[_LANGUAGE]
    pictures = list(_pictures(folder, words))
    storage.write(path.parent, [(path.name, (contact_sheet(pictures),))], private=False)
    console.say(f"{path}: {len(pictures)} pictures")
    return ExitCode.DONE


def _pictures(folder: Path, words: Words) -> Iterator[tuple[str, str, tuple[Drawing, ...]]]:
    """Yield what goes on the contact sheet: a title, the picture's name, and all its frames."""
    ids = [*(name for name in words.exercises if name in album.drawn(folder))]
    others = [name for name in album.drawn(folder) if name not in ids]
    for name in (*ids, *others):
        exercise, _, form = name.partition(".")
        known = words.exercises.get(exercise)
        title = known.name if known else name
        yield (
            (f"{title}: {known.variants[form].name}" if known and form else title),
            name,
            album.read(folder, name),
        )


def _named(name: str) -> str:
    """Return the picture that is meant; raise UsageError with the nearest name."""
    folder = catalogue_dir()
    try:
        return parsers.one_of(name, sorted({*album.drawn(folder), *album.posed(folder)}))
    except ValueError as error:
        msg = f"figure: {error}; planmaker figures list lists them"
        raise UsageError(msg) from error


def _frames(drawings: tuple[Drawing, ...], frame: str) -> tuple[Drawing, ...]:
    """Return the frames asked for; a picture of one frame shows start and end in it."""
    return tuple(item for item in drawings if frame == "both" or item.frame in (frame, "single"))


def _baked(place: tuple[Path, str]) -> str:
    """Return a drawing's JSON, or why its pose is refused."""
    folder, name = place
    try:
        from planmaker.figures.bake import baked  # noqa: PLC0415 - numpy is not there for everybody
        from planmaker.figures.pose import PoseError  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise MissingPartError(_NUMPY) from error
    try:
        return baked((folder / "poses" / f"{name}.toml").read_text(encoding="utf-8"))
    except PoseError as error:
        return str(error)


def _as_svg(drawing: Drawing, told: str) -> bytes:
    return to_svg(drawing, told).encode()


def _as_pdf(drawing: Drawing, told: str) -> bytes:
    from planmaker.pdf.contact import one_picture  # noqa: PLC0415 - the typesetter is slow to load

    return one_picture(drawing, told)


def _as_png(drawing: Drawing, told: str) -> bytes:
    try:
        from pypdfium2 import PdfDocument  # noqa: PLC0415 - not there for everybody
    except ModuleNotFoundError as error:
        raise MissingPartError(_PDFIUM) from error
    with contextlib.closing(PdfDocument(_as_pdf(drawing, told))) as document:
        stream = io.BytesIO()
        document[0].render(scale=_DOTS).to_pil().save(stream, "PNG")
    return stream.getvalue()


_WRITERS = {".svg": _as_svg, ".pdf": _as_pdf, ".png": _as_png}
