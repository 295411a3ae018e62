"""A clinic's name, address, telephone, logo, colour and footer stand on the cover, in any script, and cover nothing."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import product

import pypdfium2
import pytest
from PIL import Image
from test_pdf import LONG_NAME, PAPERS, artwork, english, faults, look, plan, texts
from test_pdf_tags import STANDARDS, failures

from planmaker.clinic import Clinic
from planmaker.errors import InputError
from planmaker.figures.drawing import Photo
from planmaker.pdf import check_clinic, renderer
from planmaker.request import Request


def logo(mode: str, size: tuple[int, int] = (300, 100)) -> Photo:
    stream = io.BytesIO()
    Image.new(mode, size, "red").save(stream, "PNG")
    return Photo(data=stream.getvalue(), width=size[0], height=size[1])


CLINIC = Clinic(
    name="Rückenzentrum am Fluss und im Park, Praxis für Physiotherapie",
    address=("Hauptstraße 12", "Hinterhof, zweiter Stock", "12345 Berlin", "Deutschland"),
    telephone="+49 30 1234567",
    logo=logo("RGBA"),
    accent=(0.5, 0.1, 0.3),
    footer="Questions? Call us Monday to Friday, 8 to 17. The gym is open to all who have a plan: see the door.",
)
LONGEST = replace(CLINIC, name="Nottinghamshire Community Physiotherapy Partnership", footer="Ask us. " * 18)
WISH = Request(profile="full", weeks=2, name="Ana Ruiz", avoid=("heart-disease",), cleared_by="Dr Who")


def sheet(clinic: Clinic, paper: str = "a4", *, large: bool = False) -> bytes:
    wish = replace(WISH, large_print=large)
    return b"".join(renderer(look=look(wish, paper), artwork=artwork(), words=english(), clinic=clinic)(plan(wish)))


@pytest.mark.parametrize("paper", PAPERS)
def test_letterhead(paper: str) -> None:
    """All that the clinic says is on the cover, and no text is cut or lies on another."""
    pdf = sheet(CLINIC, paper)

    (page, *_) = texts(pdf)
    for text in ("Rückenzentrum am Fluss", "Hauptstraße 12", "Deutschland", "+49 30 1234567", "see the door."):
        assert text in page
    assert [fault for fault in faults(pdf) if fault.startswith("page 1:")] == []


@pytest.mark.parametrize(("paper", "large", "cleared"), list(product(PAPERS, (False, True), ("", "Dr Who"))))
def test_much_to_say(paper: str, large: bool, cleared: str) -> None:  # noqa: FBT001 - a parameter of the test
    """The longest letterhead and footer that are allowed, names as long as can be, and nothing lies on anything."""
    check_clinic(LONGEST, None)
    wish = replace(WISH, name=LONG_NAME * 2, cleared_by=cleared and LONG_NAME * 2, avoid=("stenosis",))
    wish = replace(wish, large_print=large)
    render = renderer(look=look(wish, paper), artwork=artwork(), words=english(), clinic=LONGEST)

    found = faults(b"".join(render(plan(wish))))

    assert [fault for fault in found if fault.startswith(("page 1:", "page 2:"))] == []


def test_too_much() -> None:
    """A letterhead that would not fit is refused by its keys, with what to do."""
    message = r"^clinic.name, address and telephone: take \d+ lines on the sheet, expected at most 7; shorten them"
    with pytest.raises(InputError, match=message):
        check_clinic(Clinic(address=("Wide " * 16,) * 4), None)


@pytest.mark.parametrize("name", ["مركز الظهر", "कमर केंद्र", "Κέντρο Μέσης"])
def test_any_script(name: str) -> None:
    """A clinic's name may be in any script that the fonts have."""
    assert name in texts(sheet(replace(CLINIC, name=name)))[0]


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1"])
def test_standards(mode: str, standard: str) -> None:
    """With a logo of any kind and a name in another script the sheet keeps both standards."""
    clinic = replace(CLINIC, logo=logo(mode), name="مركز الظهر")

    assert failures(sheet(clinic), standard) == []


def test_colour() -> None:
    """The clinic's colour stands where the sheet's own would, and the red of the stop frame stays."""
    page = pypdfium2.PdfDocument(sheet(CLINIC))[0].render(scale=2).to_pil().convert("RGB")
    colours = {colour for _, colour in page.getcolors(page.width * page.height) or ()}

    def found(*wanted: int) -> bool:
        return any(all(abs(one - other) < 2 for one, other in zip(colour, wanted, strict=True)) for colour in colours)

    assert found(128, 26, 77)
    assert not found(11, 94, 99)
    assert found(184, 18, 23)


def test_unprintable() -> None:
    """A text that no font can print is refused by its key before anything is drawn."""
    with pytest.raises(InputError, match=r"^clinic\.telephone: .*U\+260E"):
        check_clinic(replace(CLINIC, telephone="☎ 30"), None)
