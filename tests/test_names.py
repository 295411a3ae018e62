"""A name is printed as its bearer writes it, in any script, and can be read out of the file again."""

from __future__ import annotations

import gc
import io
import os
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import bidi as judge
import pikepdf
import pytest
import uharfbuzz
from hypothesis import example, given, settings
from hypothesis import strategies as st
from naming import BIDI_MARKS, EAST_ASIAN, NAMES, cjk_folder, read_by_mupdf, read_by_pdfium, read_by_poppler, sheet
from test_pdf import artwork, english, plan
from test_pdf_tags import FETCH, STANDARDS, VERAPDF, absent, failures, verapdf

from planmaker.errors import InputError
from planmaker.look import Look
from planmaker.pdf import bidi, renderer
from planmaker.pdf.embedding import OBJECTS, embedded, objects, show
from planmaker.pdf.shaping import Glyph, Line, Run, shape
from planmaker.pdf.typefaces import FACES, candidates, typeface
from planmaker.plan import Person
from planmaker.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

READERS = {"poppler": read_by_poppler, "MuPDF": read_by_mupdf, "pdfium": read_by_pdfium}
FONTS = Path(__file__).parent.parent / "planmaker" / "pdf" / "fonts"
SHIPPED = [name for name in NAMES if name not in EAST_ASIAN]
COVERED = sorted({chr(code) for path in FONTS.glob("*.ttf") for code in typeface(path.stem).characters})
DIRECTIONS = "aé 12٣٤אבعلي.,+-/:%$()[]{}<>«»!?\u0301\u064b\u05b0\u200e\u200f\u200c\u200d\u061c\u2329\u3009"

texts = st.one_of(
    st.text(st.sampled_from(COVERED), max_size=12),
    st.text(st.sampled_from("".join(NAMES[name] for name in SHIPPED) + "().1-"), max_size=12),
)


def folder() -> Path:
    """Return the folder of fonts for Chinese, Japanese and Korean, or skip."""
    return cjk_folder() or absent("Noto Sans CJK is absent: apt-get install fonts-noto-cjk")


def glyphs(line: Line) -> list[Glyph]:
    return [glyph for run in line.runs for glyph in run.glyphs]


def outcome(text: str) -> tuple[Line | None, str]:
    """Return the line of a text, or why there is none."""
    try:
        return shape(text, where="row 3"), ""
    except InputError as error:
        return None, str(error)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", NAMES)
def test_three_readers_find_the_name(name: str, reader: str) -> None:
    """Poppler, MuPDF and pdfium extract each name as it was given, but for marks of direction, in NFC."""
    if reader == "poppler" and not shutil.which("pdftotext"):
        absent("pdftotext is absent: apt-get install poppler-utils")
    fonts = folder() if name in EAST_ASIAN else None

    found = READERS[reader](sheet(["Before", NAMES[name], "After"], fonts))

    assert found == ["Before", unicodedata.normalize("NFC", NAMES[name]), "After"]


@cache
def cover(name: str) -> bytes:
    """Draw a week's sheet for a name, its cover first."""
    fonts = folder() if name in EAST_ASIAN else None
    render = renderer(look=Look(), artwork=artwork(), words=english(), font_dir=fonts)
    return b"".join(render(plan(Request(profile="stretch-only", weeks=1, name=NAMES[name]))))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", NAMES)
def test_three_readers_find_the_name_on_the_sheet(name: str, reader: str) -> None:
    """On the cover of a sheet too, each reader finds the name as a line of its own."""
    if reader == "poppler" and not shutil.which("pdftotext"):
        absent("pdftotext is absent: apt-get install poppler-utils")

    assert unicodedata.normalize("NFC", NAMES[name]) in READERS[reader](cover(name))


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("name", [name for name in NAMES if name not in EAST_ASIAN])
def test_names_keep_the_standards(name: str, standard: str) -> None:
    """A sheet with a name in any script is PDF/UA-1 and PDF/A-2a."""
    assert failures(cover(name), standard) == []


@pytest.mark.parametrize("reader", READERS)
def test_a_vowel_at_the_end_of_a_line_is_found(reader: str) -> None:
    """A vowel mark that stands leftmost of all stays with its letter."""
    if reader == "poppler" and not shutil.which("pdftotext"):
        absent("pdftotext is absent: apt-get install poppler-utils")

    assert READERS[reader](sheet(["Before", "محمدُ", "After"])) == ["Before", "محمدُ", "After"]


@pytest.mark.parametrize("reader", READERS)
def test_words_stay_whole_in_lines_read_from_the_right(reader: str) -> None:
    """In a line from right to left with numbers or Latin, where readers differ in order, each has every word.

    pdfium also takes a bracket in such a line for its mirror image.
    """
    if reader == "poppler" and not shutil.which("pdftotext"):
        absent("pdftotext is absent: apt-get install poppler-utils")
    text = "محمد Smith (الأحمد) 123"

    (found,) = READERS[reader](sheet([text]))

    assert all(word in found for word in ("محمد", "Smith", "الأحمد", "123"))
    assert Counter(found.replace(" ", "").replace(")", "(")) == Counter(text.replace(" ", "").replace(")", "("))


@pytest.mark.parametrize("standard", STANDARDS)
def test_fonts_keep_the_standards(standard: str) -> None:
    """The fonts of all scripts that ship are as PDF/UA-1 and PDF/A-2a want them, in both weights."""
    for face in FACES:
        assert failures(sheet([NAMES[name] for name in SHIPPED], face=face), standard) == []


@pytest.mark.long
@pytest.mark.skipif(not VERAPDF.exists(), reason=f"veraPDF is absent: {FETCH}")
def test_verapdf_passes_the_fonts(tmp_path: Path) -> None:
    """A second validator passes them too, with those of Chinese, Japanese and Korean."""
    path = tmp_path / "names.pdf"
    path.write_bytes(sheet(list(NAMES.values()), folder()))

    assert [verapdf(flavour, [path]) for flavour in ("ua1", "2a")] == [["PASS"], ["PASS"]]


@settings(deadline=None, max_examples=300)
@given(text=texts)
@example(text="حَ")
@example(text="\u0301")
@example(text="\u200d")
@example(text="ﷲ (א\u05b0)\u200f")
def test_every_character_is_accounted_for(text: str) -> None:
    """A text is refused by the name of a character, or each of its characters is in the text of exactly one glyph."""
    line, refusal = outcome(text)
    if line is None:
        assert refusal.startswith("row 3: ")
        assert any(f"(U+{ord(character):04X})" in refusal for character in text)
        return
    found = Counter("".join(glyph.text for glyph in glyphs(line)))
    added = found - Counter(text)

    assert not Counter(text) - found
    assert all(ord(character) in BIDI_MARKS for character in added)
    assert all(glyph.gid for glyph in glyphs(line))
    assert line.width == sum(glyph.advance for glyph in glyphs(line))


@settings(deadline=None, max_examples=60)
@given(text=st.text(st.sampled_from("".join(NAMES[name] for name in SHIPPED)), min_size=1, max_size=12))
def test_the_same_text_gives_the_same_bytes(text: str) -> None:
    """Shaping twice gives equal values; the same runs, in any order, give the same font."""
    line, _ = outcome(text)
    if line is None:
        return
    fonts = {run.face: embedded(run.face, line.runs) for run in line.runs}
    again = shape(text)

    assert again == line
    for face, font in fonts.items():
        assert font == embedded(face, reversed(again.runs))
        assert objects(font, range(10, 16)) == objects(embedded(face, again.runs), range(10, 16))


def test_another_process_gives_the_same_bytes() -> None:
    """Two processes that hash differently make the same font."""
    program = (
        "import hashlib; from planmaker.pdf.shaping import shape; from planmaker.pdf.embedding import *;"
        f"runs = shape({NAMES['Bengali']!r}).runs;"
        "print(hashlib.sha256(b''.join(objects(embedded(runs[0].face, runs), range(10, 16)).values())).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in "123"
    }

    assert len(found) == 1


@settings(max_examples=1000)
@given(text=st.text(st.sampled_from(DIRECTIONS), max_size=16))
def test_a_stranger_puts_characters_in_the_same_order(text: str) -> None:
    """Lines of both directions are ordered as Rust's unicode-bidi does."""
    assert "".join(bidi.reordered(list(text), bidi.levels(text))) == judge.get_display(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\u202eAnn", "RIGHT-TO-LEFT OVERRIDE (U+202E); delete it"),
        ("Ann\u2066", "LEFT-TO-RIGHT ISOLATE (U+2066); delete it"),
        ("A\tB", "a character without a name (U+0009); delete it"),
        ("\ufeffAnn", "ZERO WIDTH NO-BREAK SPACE (U+FEFF); delete it"),
        ("Ann \ue000", "a character without a name (U+E000); delete it"),
        ("A\ud800", "a character without a name (U+D800); delete it"),
        ("Ann 😀", "GRINNING FACE (U+1F600); spell it in another way, or name a folder with a font that has it"),
        ("王", "CJK UNIFIED IDEOGRAPH-738B (U+738B); Chinese, Japanese and Korean need a folder of fonts"),
        ("김", "HANGUL SYLLABLE GIM (U+AE40); Chinese, Japanese and Korean need a folder of fonts"),
    ],
)
def test_what_cannot_be_printed_is_named(text: str, told: str) -> None:
    """A character that no font has, or that would change what is around it, is refused by name and with a remedy."""
    with pytest.raises(InputError) as caught:
        shape(text, where="row 3: name")

    assert str(caught.value).startswith(f"row 3: name: the sheet's typefaces cannot print {told}")


def test_a_folder_must_hold_fonts(tmp_path: Path) -> None:
    """A folder that is absent, and a file in it that is no font, are named."""
    with pytest.raises(InputError, match=r"absent: the folder of fonts cannot be read"):
        shape("Ж王", folder=tmp_path / "absent")
    (tmp_path / "letter.ttf").write_bytes(b"no font")
    with pytest.raises(InputError, match=r"letter\.ttf: not a font that can be read"):
        shape("Ж王", folder=tmp_path)


def test_a_font_of_pictures_is_passed_over(tmp_path: Path) -> None:
    """A font without outlines, as some of emoji are, would print nothing: it is not used."""
    options = uharfbuzz.SubsetInput()
    options.keep_everything()
    options.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update({int.from_bytes(tag) for tag in (b"glyf", b"loca")})
    whole = typeface("NotoSansThai-Regular").face
    (tmp_path / "pictures.ttf").write_bytes(options.subset(whole).blob.data)
    shutil.copy(FONTS / "NotoSansThai-Regular.ttf", tmp_path / "outlines.ttf")

    names = candidates("Khmr", "regular", tmp_path)

    assert [Path(name).name for name in names if "#" in name] == ["outlines.ttf#0"]


def test_regular_weight_comes_first() -> None:
    """Of the fonts in a folder the one of regular weight is taken, though bold comes first by name."""
    (run,) = shape("王", folder=folder()).runs

    assert Path(run.face).name == "NotoSansCJK-Regular.ttc#0"


def test_brackets_of_a_pair_are_of_one_font() -> None:
    """A bracket is closed in the font it was opened in, whatever stands between."""
    first, middle, last = shape("Ann (علي) Lee").runs

    assert (first.face, middle.face, last.face) == (FACES["regular"], "NotoSansArabic-Regular", FACES["regular"])
    assert last.glyphs[0].text == "\u200e)"


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shown_is_as_wide_as_the_line(name: str, face: str) -> None:
    """The widths and moves in the file add up to the width of the line."""
    line = shape(NAMES[name], face=face)
    with pikepdf.open(io.BytesIO(sheet([NAMES[name]], face=face))) as file:
        assert shown_width(file.pages[0]) == line.width


def shown_width(paper: Any) -> int:  # noqa: ANN401 - pikepdf's objects are dynamic
    """Add up what a page's text operators move by, in 1/1000 em."""
    total = 0
    for step in pikepdf.parse_content_stream(paper):
        if str(step.operator) == "Tf":
            pairs = paper.Resources.Font[str(step.operands[0])].DescendantFonts[0].W
            widths = {int(pairs[index]): int(pairs[index + 1][0]) for index in range(0, len(pairs), 2)}
        if str(step.operator) == "TJ":
            for part in step.operands[0]:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    total += sum(widths[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))
                else:
                    total -= int(part)
    return total


@pytest.mark.parametrize("name", [*SHIPPED, *EAST_ASIAN])
def test_the_outlines_are_those_that_were_shaped(name: str) -> None:
    """The glyph of a cluster in the embedded font covers what its parts cover in the whole font, where they stand."""
    line = shape(NAMES[name], folder=folder() if name in EAST_ASIAN else None)
    for face in {run.face for run in line.runs}:
        font = embedded(face, line.runs)
        if font.cff:
            continue
        whole, small = typeface(face).font, uharfbuzz.Font(uharfbuzz.Face(font.file))
        for cluster, code in font.codes.items():
            assert drawn(small, [Glyph(code, 0, 0, 0, "")]) == drawn(whole, cluster)
            assert small.get_glyph_h_advance(code) == font.widths[code]


def drawn(font: uharfbuzz.Font, cluster: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - a sequence of glyphs
    """Return the moves that draw some glyphs side by side."""
    found: list[tuple[Any, ...]] = []
    pen = 0
    for glyph in cluster:
        at = pen + glyph.dx

        class Pen:
            """Record what HarfBuzz draws."""

            def __getattr__(self, kind: str, at: int = at, up: int = glyph.dy) -> Callable[..., None]:
                return lambda *points: found.append((kind, *((x + at, y + up) for x, y in points)))

        font.draw_glyph_with_pen(glyph.gid, Pen())
        pen += glyph.advance
    return found


def test_a_glyph_may_stand_for_several_texts() -> None:
    """In CFF too a glyph has a code for each text it stands for; a raised glyph is raised and the next is not."""
    (run,) = shape("山", folder=folder()).runs
    (glyph,) = run.glyphs
    both = Run(run.face, (glyph, Glyph(glyph.gid, 900, 10, 120, "⼭"), glyph))

    font = embedded(run.face, [both])

    assert sorted(cluster[0].text for cluster in font.codes) == ["⼭", "山"]
    assert len(objects(font, range(1, 1 + OBJECTS))) == OBJECTS
    first, second = (
        f"{code:04X}" for _, code in sorted((cluster[0].text, code) for cluster, code in font.codes.items())
    )
    assert show(both, font, "F1", 10).decode() == (
        f"/F1 10 Tf [<{second}>] TJ 1.2 Ts [-10<{first}>110] TJ 0 Ts [<{second}>] TJ"
    )


def caches() -> dict[int, int]:
    """Return how much each cache of the sheet's own functions holds."""
    kept = [item for item in gc.get_objects() if isinstance(item, type(typeface))]
    return {id(item): item.cache_info().currsize for item in kept if item.__module__.startswith("planmaker.")}


def test_no_name_is_kept() -> None:
    """However many people a process draws, nothing of a name or a code stays in its memory."""
    render = renderer(look=Look(), artwork=artwork(), words=english())
    words = NAMES["Arabic"].split()
    names = (" ".join(["Ana Ruiz", *words]), " ".join(["Anu Riza", *words[::-1]]), " ".join([*words * 2, "Ani Ruza"]))
    made = plan(Request(profile="stretch-only", weeks=1, name=names[0]))
    first, *others = [replace(made, person=Person(id=f"A-{number}", name=name)) for number, name in enumerate(names)]
    render(replace(made, person=Person(id="A-0123456789", name=names[0])))
    render(first)
    before = caches()

    for other in others:
        render(other)

    assert before
    assert caches() == before
