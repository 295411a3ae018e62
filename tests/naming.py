"""Names in many scripts, a small tagged file that shows them, and three programs that read it."""

from __future__ import annotations

import subprocess
import unicodedata
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pymupdf
import pypdfium2

from planmaker.pdf import metadata
from planmaker.pdf.embedding import OBJECTS, embedded, objects, show
from planmaker.pdf.shaping import shape

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMES: Final = {
    "Latin": "Zoë Müller-Ñandú Łukasz",
    "Vietnamese": "Nguyễn Thị Hường",
    "decomposed": "Nguye\u0302\u0303n The\u0323\u0302 E\u0301va",
    "Greek": "Ελένη Ἀθηνᾶ ᾧ",
    "Cyrillic": "Наталія Їжакевич Қазақ",
    "Georgian": "ნინო ბერიძე",
    "Armenian": "Հայկ Պետրոսյան",
    "Arabic": "محمد الأحمد",
    "Arabic with vowels": "علی\u200cرضا مُحَمَّد",  # noqa: RUF001 - a name
    "Hebrew": "מֹשֶׁה כהן",
    "Devanagari": "श्री प्रकाश क्षेत्रीय",
    "Bengali": "শ্রীকৃষ্ণ চট্টোপাধ্যায়",
    "Tamil": "கிருஷ்ணமூர்த்தி கொ",
    "Thai": "สมชาย ใจดี น้ำ",
    "mixed directions": "Ann (علي) Lee",
    "Chinese": "王小明 陳",
    "Japanese": "山田 太郎 さくら",
    "Korean": "김민수",
}
EAST_ASIAN: Final = ("Chinese", "Japanese", "Korean")
FOLDERS: Final = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"))
BIDI_MARKS: Final = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c"))
SIZE: Final = 18
STEP: Final = 30
LEFT: Final = 20
FIRST: Final = 20  # number of the first font object


def cjk_folder() -> Path | None:
    """Return the folder where Debian or Arch keep Noto Sans CJK."""
    return next((folder for folder in FOLDERS if folder.is_dir() and any(folder.glob("NotoSansCJK*"))), None)


def sheet(texts: Sequence[str], folder: Path | None = None, face: str = "regular") -> bytes:
    """Return a file of one page, a paragraph to each text, that claims PDF/UA-1 and PDF/A-2a."""
    lines = [shape(text, face=face, folder=folder) for text in texts]
    runs = [run for line in lines for run in line.runs]
    faces = sorted({run.face for run in runs})
    fonts = {name: embedded(name, runs) for name in faces}
    resources = {name: f"F{index}" for index, name in enumerate(faces)}
    height = STEP * len(texts) + LEFT
    content = b"\n".join(
        b"/P <</MCID %d>> BDC BT 1 0 0 1 %d %d Tm %s ET EMC"
        % (
            index,
            LEFT,
            height - STEP * (index + 1),
            b" ".join(show(run, fonts[run.face], resources[run.face], SIZE) for run in line.runs),
        )
        for index, line in enumerate(lines)
    )
    elements = range(FIRST + OBJECTS * len(faces), FIRST + OBJECTS * len(faces) + len(texts))
    kids = b" ".join(b"%d 0 R" % number for number in elements)
    named = b"".join(
        b"/%s %d 0 R" % (resources[name].encode(), FIRST + OBJECTS * index) for index, name in enumerate(faces)
    )
    told = {"title": "Names", "maker": "test", "language": "en", "date": "2000-01-01T00:00:00+00:00", "part": 2}
    xmp = metadata._XMP.format(**told)  # noqa: SLF001 - as in a sheet
    bodies = {
        1: b"<</Type/Catalog/Pages 2 0 R/Lang(en)/MarkInfo<</Marked true>>/StructTreeRoot 5 0 R/Metadata 7 0 R"
        b"/ViewerPreferences<</DisplayDocTitle true>>/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
        b"/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile 8 0 R>>]>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 %d]/Contents 4 0 R/StructParents 0/Tabs/S"
        b"/Resources<</Font<<%s>>>>>>" % (height, named),
        4: stream(content),
        5: b"<</Type/StructTreeRoot/K[9 0 R]/ParentTree 6 0 R/ParentTreeNextKey 1>>",
        6: b"<</Nums[0[%s]]>>" % kids,
        7: b"<</Type/Metadata/Subtype/XML/Length %d>>\nstream\n%s\nendstream" % (len(xmp.encode()), xmp.encode()),
        8: stream(metadata._srgb(), b"/N 3"),  # noqa: SLF001 - as above
        9: b"<</Type/StructElem/S/Document/P 5 0 R/K[%s]>>" % kids,
    }
    for index, number in enumerate(elements):
        bodies[number] = b"<</Type/StructElem/S/P/P 9 0 R/Pg 3 0 R/K %d>>" % index
    for index, name in enumerate(faces):
        bodies |= objects(fonts[name], range(FIRST + OBJECTS * index, FIRST + OBJECTS * (index + 1)))
    written = {number: b"%d 0 obj\n%s\nendobj\n" % (number, body) for number, body in bodies.items()}
    return file(written)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (entries, len(packed), packed)


def file(written: dict[int, bytes]) -> bytes:
    """Lay objects out as a file."""
    parts = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
    places = {}
    for number, body in sorted(written.items()):
        places[number] = sum(map(len, parts))
        parts.append(body)
    end = sum(map(len, parts))
    size = max(written) + 1
    free = [number for number in range(size) if number not in places]
    after = dict(zip(free, [*free[1:], 0], strict=True))
    rows = [
        b"%010d 00000 n \n" % places[number]
        if number in places
        else b"%010d %05d f \n" % (after[number], 0 if number else 65535)
        for number in range(size)
    ]
    trailer = b"trailer<</Size %d/Root 1 0 R/ID[<00><00>]>>\nstartxref\n%d\n%%%%EOF\n" % (size, end)
    return b"".join([*parts, b"xref\n0 %d\n" % size, *rows, trailer])


def read_by_poppler(data: bytes) -> list[str]:
    program = ["pdftotext", "-enc", "UTF-8", "-", "-"]
    return lines_of(subprocess.run(program, input=data, check=True, capture_output=True).stdout.decode())


def read_by_mupdf(data: bytes) -> list[str]:
    with pymupdf.open(stream=data) as document:  # type: ignore[no-untyped-call]  # pymupdf has types in part
        return lines_of(document[0].get_text())


def read_by_pdfium(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        return lines_of(document[0].get_textpage().get_text_range())


def lines_of(text: str) -> list[str]:
    r"""Return what is on the lines, as they are compared.

    poppler adds U+202A to U+202C where the direction changes, and the lines themselves hold U+200E and U+200F: none of
    these is part of a name. pdfium puts marks that follow a letter in canonical order: so all is compared as NFC.
    """
    plain = (line.translate(BIDI_MARKS).strip() for line in text.replace("\f", "\n").splitlines())
    return [unicodedata.normalize("NFC", line) for line in plain if line]
