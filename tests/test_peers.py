"""What the peers of the benchmark draw is the sheet, so that their times can be compared with planmaker's own."""

from __future__ import annotations

import importlib
import io
import re
import warnings
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from planmaker.figures import album
from planmaker.formats import Made, Order, make

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.formats import Workshop

# Said to those who hear planmaker's own sheet, and not seen on it.
UNSEEN = re.compile(r"\d+ box(es)? to tick|nothing due|a number")
WISHES = {"profile": "full", "weeks": "2", "name": "Maria Example", "timezone": "Europe/London"}
NAMES = ("reportlab", "typst", "weasyprint")
ORDER = Order(issued=datetime(2027, 1, 5, 9, tzinfo=UTC), formats=("pdf",))


@pytest.fixture(scope="module")
def own(workshop: Workshop) -> Made:
    made = make(WISHES, workshop, ORDER)
    assert isinstance(made, Made)
    return made


@pytest.fixture(scope="module")
def drawn(workshop: Workshop, own: Made) -> Mapping[str, bytes]:
    """Return what each peer that is there draws."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what other people's libraries will one day need is not ours to fail on
        patch.syspath_prepend(str(Path(__file__).parent.parent / "bench"))
        peers: Any = importlib.import_module("peers")
        artwork = {name: album.read(workshop.folder, name) for name in album.drawn(workshop.folder)}
        return {name: peer.draw(own.plan, workshop.words["en"], artwork) for name, peer in peers.PEERS.items()}


def of(drawn: Mapping[str, bytes], name: str) -> bytes:
    """Return what a peer draws; skip loudly without it, in CI too: it is measured against and judges nothing."""
    if name not in drawn:
        pytest.skip(f"{name} is absent: pip install -e '.[bench]'")
    return drawn[name]


def signs(data: bytes) -> Counter[str]:
    """Count what is printed, sign by sign: how words are spaced and set in lines is each one's own."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return Counter(re.sub(r"[\s•]", "", UNSEEN.sub("", text)))


def boxes(data: bytes) -> int:
    """Count the boxes of a file in which they are one form XObject."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    contents = [content.get_data() for page in reader.pages if (content := page.get_contents()) is not None]
    return sum(content.count(b"box Do") for content in contents)


@pytest.mark.parametrize("name", NAMES)
def test_peers_print_the_same(name: str, own: Made, drawn: Mapping[str, bytes]) -> None:
    """Each peer prints what planmaker's own sheet prints, sign for sign."""
    assert signs(of(drawn, name)) == signs(own.files["pdf"])


@pytest.mark.parametrize("name", NAMES)
def test_peers_have_as_many_pages(name: str, own: Made, drawn: Mapping[str, bytes]) -> None:
    """Each peer takes as many pages as planmaker's own sheet."""
    found, expected = (len(pypdf.PdfReader(io.BytesIO(data)).pages) for data in (of(drawn, name), own.files["pdf"]))

    assert found == expected


def test_reportlab_has_as_many_boxes(own: Made, drawn: Mapping[str, bytes]) -> None:
    """The peer whose boxes can be counted in its file has as many to tick as planmaker's own sheet."""
    assert boxes(drawn["reportlab"]) == boxes(own.files["pdf"]) > 0
