"""The way to a calendar is on the cover: a code that a stranger reads, and the address as a link that can be heard."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from naming import NAMES
from test_letterhead import CLINIC, LONGEST
from test_pdf import LONG_NAME, PAPERS, artwork, english, look, page_faults, plan, texts
from test_pdf_tags import owns, walk

from planmaker.clinic import Clinic
from planmaker.errors import InputError
from planmaker.pdf import renderer
from planmaker.plan import Feed, Plan
from planmaker.request import Request

SHORT = "https://clinic.example/{token}.ics"
LONG = (  # of 200 characters, with a token in it
    "https://calendars.riverside-physiotherapy.example.org:8443/patients/back-care/feeds/of/this/clinic/and/its/many/"
    "branches/in/the/valley/2027_28/{token}/calendar.ics?kind=sessions&x=a-z"
)
TOKENS = ("0f4bd2a79c61e83d5a70b1c2fe946d38", "1" * 32, "d" * 32)
MM = 72 / 25.4
WISHES = {
    "usual": Request(profile="full", weeks=1, name="Ana Ruiz"),
    "large": Request(profile="full", weeks=1, name="Ana Ruiz", large_print=True),
    "fillable": Request(profile="full", weeks=1, name="Ana Ruiz", fillable=True),
}


CLINICS = {"": Clinic(), "usual": CLINIC, "longest": LONGEST}


def given(wish: Request, url: str = SHORT, token: str = TOKENS[0]) -> Plan:
    return replace(plan(wish), feed=Feed(token=token, url=url))


@cache
def sheet(wish: Request, paper: str = "a4", url: str = SHORT, clinic: str = "usual") -> bytes:
    render = renderer(look=look(wish, paper), artwork=artwork(), words=english(), clinic=CLINICS[clinic])
    return b"".join(render(given(wish, url)))


def scanned(pdf: bytes, index: int, dots: int) -> list[str]:
    """Return what a page's codes hold, printed in grey with some dots an inch."""
    image = pypdfium2.PdfDocument(pdf)[index].render(scale=dots / 72, grayscale=True).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(image)]


def on_page(pdf: bytes) -> int:
    """Return the index of the one page with the way to the calendar."""
    (found,) = [index for index, text in enumerate(texts(pdf)) if "Get the times on your phone" in text]
    return found


@pytest.mark.parametrize("url", [SHORT, LONG])
@pytest.mark.parametrize(("paper", "wish"), list(product(PAPERS, WISHES)))
def test_the_code_holds_the_address(paper: str, wish: str, url: str) -> None:
    """A stranger reads the address, as a phone subscribes to it, from each print in grey at 100 dots an inch."""
    pdf = sheet(WISHES[wish], paper, url)
    address = url.replace("{token}", TOKENS[0])

    assert scanned(pdf, on_page(pdf), 100) == [address.replace("https:", "webcal:")]


@pytest.mark.parametrize("url", [SHORT, LONG])
@pytest.mark.parametrize("wish", WISHES)
def test_the_address_is_written_once(wish: str, url: str) -> None:
    """The whole address stands on the sheet as text, and nowhere else again."""
    said = "".join(re.sub(r"\s", "", text) for text in texts(sheet(WISHES[wish], url=url)))

    assert said.count(url.replace("{token}", TOKENS[0])) == 1
    assert said.count(TOKENS[0]) == 1


@pytest.mark.parametrize(("paper", "url", "wish"), list(product(PAPERS, (SHORT, LONG), ("usual", "large"))))
def test_nothing_is_covered(paper: str, url: str, wish: str) -> None:
    """With long names, the longest letterhead or none, nothing lies on anything, and the code has room around it."""
    for clinic, name in zip(CLINICS, (NAMES["Arabic"], "Bo", LONG_NAME * 2), strict=True):
        pdf = sheet(replace(WISHES[wish], name=name, cleared_by=name), paper, url, clinic)
        page = on_page(pdf)

        shown = pypdfium2.PdfDocument(pdf)[page]
        assert list(page_faults(shown.get_textpage(), *shown.get_size())) == []
        assert quiet(pdf, page)


def quiet(pdf: bytes, index: int) -> bool:
    """Tell whether a code's modules are 0.5 mm wide or more, and four of them are white all round it, on the page."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        count = float(file.pages[index].Resources.XObject["/phonecode"].BBox[2])
        code = steps(file, index)
        at = next(number for number, step in enumerate(code) if list(map(str, step.operands)) == ["/phonecode"])
        module, _, _, _, left, bottom = map(float, code[at - 1].operands)
        scale = float(code[0].operands[0]) if str(code[0].operator) == "cm" else 1.0
    module, left, bottom = module * scale, left * scale, bottom * scale
    page, dots = pypdfium2.PdfDocument(pdf)[index], 300 / 72
    wide, high = page.get_size()
    image = page.render(scale=dots, grayscale=True).to_numpy()
    across, down = (
        [round(start * dots), round((start + module * count) * dots)]
        for start in (left, high - bottom - module * count)
    )
    part = image[down[0] + 1 : down[1] - 1, across[0] + 1 : across[1] - 1].copy()
    zone = int(4 * module * dots) - 1
    inner = part[zone:-zone, zone:-zone].copy()
    part[zone:-zone, zone:-zone] = 255
    return bool(module >= 0.5 * MM - 0.001 and across[1] < wide * dots and part.min() > 250 > inner.min())


def steps(file: pikepdf.Pdf, index: int) -> list[Any]:
    return list(pikepdf.parse_content_stream(file.pages[index]))


@pytest.mark.parametrize("wish", WISHES)
def test_the_link_is_heard(wish: str) -> None:
    """The link's annotation covers code and text, says the address, leads there, and is in a Link element with both."""
    address = SHORT.replace("{token}", TOKENS[0])
    pdf = sheet(WISHES[wish])
    index = on_page(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as file:
        numbers = file.Root.StructTreeRoot.ParentTree.Nums
        owners = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
        page = file.pages[index]
        (link,) = [note for note in page.obj.Annots if "/A" in note]
        element = owners[int(link.StructParent)]
        figure = next(kid for kid in walk(element) if kid.S == "/Figure")

        assert (str(link.A.S), str(link.A.URI)) == ("/URI", address)
        assert address in str(link.Contents)
        assert element.S == "/Link"
        assert any(isinstance(kid, int) and owns(element, page, kid) for kid in element.K)
        assert address in str(figure.Alt)
        left, bottom, right, top = map(float, link.Rect)
        inner = list(map(float, figure.A.BBox))
        assert left <= inner[0]
        assert bottom <= inner[1]
        assert inner[2] <= right + 0.1
        assert inner[3] <= top + 0.1
    reading = pypdfium2.PdfDocument(pdf)[index].get_textpage()
    found = reading.get_text_bounded(left - 1, bottom - 1, right + 1, top + 1)
    assert address in re.sub(r"\s", "", found)


def test_people_share_a_document() -> None:
    """Two people with the same programme differ by the late objects only, whatever their tokens; no feed, no link."""
    wish = WISHES["usual"]
    made = plan(wish)
    render = renderer(look=look(wish), artwork=artwork(), words=english())
    plain = b"".join(render(made))
    files = [render(replace(made, feed=Feed(token=token, url=LONG))) for token in TOKENS]
    pdfs = [b"".join(parts) for parts in files]

    assert len({shared for shared, _ in files}) == 1
    assert [scanned(pdf, on_page(pdf), 300) for pdf in pdfs] == [
        [LONG.replace("{token}", token).replace("https:", "webcal:")] for token in TOKENS
    ]
    assert b"".join(render(replace(made, feed=Feed(token=TOKENS[0])))) == plain
    assert "on your phone" not in texts(plain)[0]


@pytest.mark.parametrize("large", [False, True])
def test_as_long_as_can_be(large: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """An address of 500 characters has room for its code and text; a longer one is refused with what is expected."""
    wish = WISHES["large" if large else "usual"]
    url = SHORT.replace("{token}", "x" * (500 - len(SHORT) - 32 + len("{token}")) + "{token}")
    pdf = sheet(wish, url=url)
    page = pypdfium2.PdfDocument(pdf)[on_page(pdf)]

    assert len(given(wish, url).feed.address) == 500  # type: ignore[union-attr]
    assert scanned(pdf, on_page(pdf), 100) == [url.replace("{token}", TOKENS[0]).replace("https:", "webcal:")]
    assert list(page_faults(page.get_textpage(), *page.get_size())) == []
    with pytest.raises(InputError, match=r"^calendar_url: expected an address of at most 500 characters"):
        sheet(wish, url=url.replace("x/", "/").replace("{token}", "xx{token}"))


def test_only_a_cover_has_it() -> None:
    """Tracking pages alone are the same with an address as without."""
    for alone in (replace(WISHES["usual"], compact=True), WISHES["usual"]):
        how = look(alone, only=None if alone.compact else (1, 1))
        render = renderer(look=how, artwork=artwork(), words=english())

        assert render(given(alone)) == render(plan(alone))


def test_other_phones_are_told_where_to_look() -> None:
    """The cover names the page with the steps for other programs, and that page the one with the address."""
    for wish in WISHES.values():
        pages = texts(sheet(wish))
        steps_at = next(at for at, text in enumerate(pages, start=1) if text.startswith("Your calendar"))

        assert f"Other phones: see page {steps_at}." in pages[on_page(sheet(wish))]
        assert f"the address on page {on_page(sheet(wish)) + 1}:" in pages[steps_at - 1]
