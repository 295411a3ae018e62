"""What the peers of the benchmark draw is the sheet, so that their times can be compared with planmaker's own.

They follow the sheet closely but not to the letter: a word or a line more on it changes nothing here.
"""

from __future__ import annotations

import importlib
import io
import json
import re
import warnings
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pymupdf
import pypdf
import pytest

from planmaker.figures import album
from planmaker.formats import Made, make
from planmaker.look import Look
from planmaker.workshop import Order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planmaker.workshop import Workshop

# Said to those who hear planmaker's own sheet, and not seen on it.
UNSEEN = re.compile(r"\d+ box(es)? to tick|nothing due|a number")
# One week only: weasyprint takes some ten seconds for six.
WISHES = {"profile": "full", "weeks": "1", "name": "Maria Example", "timezone": "Europe/London"}
NAMES = ("reportlab", "typst", "weasyprint")
ORDER = Order(issued=datetime(2027, 1, 5, 9, tzinfo=UTC), formats=("pdf",))
LEAST_WORDS = 0.95
MOST_PAGES = 2
MOST_BOXES = 0.02


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


def words(data: bytes) -> Counter[str]:
    """Count what is printed, word by word, wherever it stands."""
    with pymupdf.open(stream=data) as document:  # type: ignore[no-untyped-call]  # pymupdf has types in part
        text = "\n".join(page.get_text() for page in document)
    return Counter(re.findall(r"\w+", UNSEEN.sub("", text)))


def pages(data: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(data)).pages)


def boxes(data: bytes) -> int:
    """Count the boxes of a peer's file in which they are one form XObject."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    contents = [content.get_data() for page in reader.pages if (content := page.get_contents()) is not None]
    return sum(content.count(b"box Do") for content in contents)


@pytest.mark.parametrize("name", NAMES)
def test_peers_print_the_same(name: str, own: Made, drawn: Mapping[str, bytes]) -> None:
    """Each peer prints nearly all words of planmaker's own sheet, as often as they stand on it."""
    expected = words(b"".join(own.files["pdf"]))
    missing = expected - words(of(drawn, name))

    assert missing.total() <= (1 - LEAST_WORDS) * expected.total(), missing.most_common(20)


@pytest.mark.parametrize("name", NAMES)
def test_peers_have_as_many_pages(name: str, own: Made, drawn: Mapping[str, bytes]) -> None:
    """Each peer takes about as many pages as planmaker's own sheet."""
    assert abs(pages(of(drawn, name)) - pages(b"".join(own.files["pdf"]))) <= MOST_PAGES


def test_reportlab_has_as_many_boxes(own: Made, drawn: Mapping[str, bytes], workshop: Workshop) -> None:
    """The peer whose boxes can be counted in its file has about as many to tick as planmaker's own sheet."""
    places = json.loads(workshop.layout(own.plan, Look()))["places"]
    expected = sum(place["kind"] == "box" for place in places)

    assert boxes(of(drawn, "reportlab")) == pytest.approx(expected, rel=MOST_BOXES)
    assert expected > 0
