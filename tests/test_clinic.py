"""A clinic says once what holds for all its plans; whatever it says wrong is named with file, line and remedy."""

from __future__ import annotations

import colorsys
import io
import json
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from conftest import WHEN, Run
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from planmaker.clinic import Clinic, contrast, darkened
from planmaker.errors import InputError
from planmaker.fields import FIELDS
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
[clinic]
name = "Riverside Physiotherapy"
address = '''
1 Mill Lane
  Leeds LS1 1AA
'''
telephone = "0113 496 0000"
logo = "pictures/logo.bin"
footer = "Ask at the desk."

[look]
accent = "#0b5e63"

[defaults]
profile = "Stretch only"
weeks = 2
am = 07:30:00
paper = "letter"
timezone = "Europe/London"
harder = false
equipment = ["chair", "towel"]
"""
SHORT = ("--format", "json", *WHEN)
CHANNEL = st.integers(0, 255).map(lambda number: number / 255)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB") -> bytes:
    """Draw a picture of one colour."""
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, kind)
    return stream.getvalue()


def put(folder: Path, text: str, logo: bytes | None = None) -> Path:
    """Write settings, and a logo beside them."""
    (folder / "pictures").mkdir(exist_ok=True)
    if logo is not None:
        (folder / "pictures" / "logo.bin").write_bytes(logo)
    path = folder / "planmaker.toml"
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path) -> list[str]:
    """Return what is said about settings with faults."""
    with pytest.raises(InputError) as caught:
        open_workshop(config=path)
    return str(caught.value).splitlines()


def plan(folder: Path) -> dict[str, Any]:
    """Return the one plan in a folder."""
    (path,) = folder.glob("*.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_whole(kind: str, tmp_path: Path) -> None:
    """All that a clinic may say is read; the logo counts by what it holds, not by its name."""
    path = put(tmp_path, WHOLE, picture(kind))

    clinic = open_workshop(config=path).clinic

    assert (clinic.name, clinic.telephone) == ("Riverside Physiotherapy", "0113 496 0000")
    assert clinic.address == ("1 Mill Lane", "Leeds LS1 1AA")
    assert clinic.footer == "Ask at the desk."
    assert clinic.accent == (11 / 255, 94 / 255, 99 / 255)
    assert clinic.logo is not None
    assert (clinic.logo.data, clinic.logo.width, clinic.logo.height) == (picture(kind), 40, 20)
    assert clinic.defaults == {
        "profile": "Stretch only",
        "weeks": "2",
        "am": "07:30:00",
        "paper": "letter",
        "timezone": "Europe/London",
        "harder": "no",
        "equipment": "chair, towel",
    }


def test_nothing_said() -> None:
    """Without settings the clinic is empty, and so is all that it would add."""
    assert open_workshop().clinic == Clinic()


def test_address_as_list(tmp_path: Path) -> None:
    """An address may be a list of lines too."""
    path = put(tmp_path, '[clinic]\naddress = ["1 Mill Lane", "Leeds"]\n')

    assert open_workshop(config=path).clinic.address == ("1 Mill Lane", "Leeds")


LONG = "x" * 200


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["planmaker.toml:1: is empty; fill it or remove the file"]),
        ("clinic = \n", ["planmaker.toml:1: not valid TOML at column 10: invalid value"]),
        ("[clinik]\n", ["planmaker.toml:1: clinik: unknown key; did you mean clinic?"]),
        (
            "clinic = 3\nlook = 4\ndefaults = 5",
            [f"planmaker.toml:{n}: {k}: expected a table" for n, k in ((1, "clinic"), (2, "look"), (3, "defaults"))],
        ),
        ("[clinic]\nadress = 'x'\n", ["planmaker.toml:2: clinic.adress: unknown key; did you mean address?"]),
        ("[clinic]\nname = ' '\n", ["planmaker.toml:2: clinic.name: expected a text of 1 to 80 characters"]),
        (f"[clinic]\nname = '{LONG}'\n", ["planmaker.toml:2: clinic.name: expected a text of 1 to 80 characters"]),
        ("[clinic]\ntelephone = 113\n", ["planmaker.toml:2: clinic.telephone: expected a text of 1 to 40 characters"]),
        (
            f"[clinic]\nfooter = '{LONG}'\n",
            ["planmaker.toml:2: clinic.footer: expected a text of 1 to 160 characters"],
        ),
        *(
            (
                f'[clinic]\n{key} = "a{character}b"\n',
                [
                    (
                        f"planmaker.toml:2: clinic.{key}: expected printable text; "
                        "it holds an invisible or unassigned character"
                    )
                ],
            )
            for key in ("name", "telephone", "footer", "address")
            for character in ("\\u0007", "\\u202e")
        ),
        (
            '[clinic]\nname = "a\\nb"\n',
            ["planmaker.toml:2: clinic.name: expected printable text; it holds an invisible or unassigned character"],
        ),
        (
            '[clinic]\naddress = ["1", "2", "3", "4", "5"]\n',
            ["planmaker.toml:2: clinic.address: expected 1 to 4 lines of at most 80 characters"],
        ),
        (
            f"[clinic]\naddress = '{LONG}'\n",
            ["planmaker.toml:2: clinic.address: expected 1 to 4 lines of at most 80 characters"],
        ),
        (
            "[clinic]\naddress = [1]\n",
            ["planmaker.toml:2: clinic.address: expected a text with line ends, or a list of texts"],
        ),
        ("[look]\naccent = 'teal'\n", ["planmaker.toml:2: look.accent: expected a colour such as #0b5e63"]),
        (
            "[look]\naccent = '#00aaaa'\n",
            [
                (
                    "planmaker.toml:2: look.accent: has a contrast of 2.86:1 against white; "
                    "expected at least 4.5:1, such as #008484"
                )
            ],
        ),
        (
            "[defaults]\n\npaper = 'A3'\nweeks = 27\n",
            [
                "planmaker.toml:3: defaults.paper: expected one of a4, letter",
                "planmaker.toml:4: defaults.weeks: expected a whole number from 1 to 26",
            ],
        ),
        ("[defaults]\nwekes = 6\n", ["planmaker.toml:2: defaults.wekes: unknown key; did you mean weeks?"]),
        ("[defaults]\npaper = ''\n", ["planmaker.toml:2: defaults.paper: is empty; type a value or leave it out"]),
        *(
            (
                f"[defaults]\nweeks = {value}\n",
                [
                    (
                        "planmaker.toml:2: defaults.weeks: expected a text, a whole number, a time, true or false, "
                        "or a list of texts"
                    )
                ],
            )
            for value in ("1.5", "{a = 1}", "[]", "0x" + "f" * 9000)
        ),
        *(
            (
                f"[defaults]\n{name} = 'x'\n",
                [
                    (
                        f"planmaker.toml:2: defaults.{name}: belongs to one person; take it out, "
                        "and give it as an option or in the roster"
                    )
                ],
            )
            for name in ("id", "name", "start", "finish", "cleared_by")
        ),
        (
            "[defaults]\npassword = 'hunter22'\n",
            [
                (
                    "planmaker.toml:2: defaults.password: no password may stand here; take it out, "
                    "and use --password or --password-file"
                )
            ],
        ),
    ],
)
def test_refused(text: str, messages: list[str], tmp_path: Path) -> None:
    """Each fault is named with file, line and key, what was expected and what to do."""
    assert told(put(tmp_path, text)) == messages


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (None, "cannot be read: no such file"),
        (b"GIF89a" + bytes(20), "is no picture in PNG or JPEG"),
        (picture("GIF"), "is no picture in PNG or JPEG"),
        (picture()[:-40], "cannot be read as a picture; save it again"),
        (picture() + bytes(1_000_000), "expected at most 1 MB; save it smaller"),
        (picture(size=(4001, 4000), mode="1"), "expected at most 16 megapixels; save it smaller"),
        (picture(size=(10_000, 10_000), mode="1"), "expected at most 16 megapixels; save it smaller"),
        (picture(size=(15_000, 15_000), mode="1"), "expected at most 16 megapixels; save it smaller"),
    ],
    ids=["absent", "no picture", "another kind", "cut off", "heavy", "16 megapixels", "100 megapixels", "bomb"],
)
def test_logo_refused(data: bytes | None, what: str, tmp_path: Path) -> None:
    """A logo that cannot be read, is no PNG or JPEG, or is too large is refused at its line."""
    path = put(tmp_path, '[clinic]\nname = "Riverside"\nlogo = "pictures/logo.bin"\n', data)

    assert told(path) == [f"planmaker.toml:3: clinic.logo: {what}"]


@pytest.mark.parametrize("size", [(4001, 4000), (10_000, 10_000)])
def test_too_large_a_logo_is_not_decoded(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header alone tells that a logo has too many pixels; none of them is unpacked."""
    path = put(tmp_path, '[clinic]\nlogo = "pictures/logo.bin"\n', picture(size=size, mode="1"))
    decoded: list[object] = []
    monkeypatch.setattr(ImageFile.ImageFile, "load", decoded.append)

    told(path)

    assert decoded == []


def test_files_that_are_no_settings(tmp_path: Path) -> None:
    """A file that is not there, and a folder, are refused by name."""
    assert told(tmp_path / "none.toml") == ["none.toml: cannot be read: No such file or directory"]
    assert told(put(tmp_path, '[clinic]\nlogo = "pictures"\n')) == [
        "planmaker.toml:2: clinic.logo: cannot be read: no such file"
    ]
    for name in ("\\u0000", "x" * 300):
        assert len(told(put(tmp_path, f'[clinic]\nlogo = "{name}"\n'))) == 2


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_darkened(colour: tuple[float, float, float]) -> None:
    """The colour that is offered can be read on white, is no lighter, has the same hue, and is the nearest such."""
    found = darkened(colour)
    lighter = min(1.0, (round(max(found) * 255) + 1) / 255)

    assert contrast(found) >= 4.5
    assert max(found) <= max(colour)
    scaled = [part * max(found) / max(*colour, 1 / 255) for part in colour]
    assert all(abs(part - other) <= 0.5 / 255 + 1e-9 for part, other in zip(found, scaled, strict=True))
    if found != colour:
        red, green, blue = (round(part * 255 * lighter / max(colour)) / 255 for part in colour)
        assert contrast((red, green, blue)) < 4.5


@pytest.mark.parametrize(
    ("colour", "ratio"), [((0, 0, 0), 21), ((1, 1, 1), 1), ((1, 0, 0), 3.998), ((0x76 / 255,) * 3, 4.542)]
)
def test_contrast(colour: tuple[float, float, float], ratio: float) -> None:
    """The ratios are those that WCAG's own formula gives."""
    assert contrast(colour) == pytest.approx(ratio, abs=0.001)


def test_grey_stays_grey() -> None:
    """A colour without hue is darkened without getting one."""
    assert colorsys.rgb_to_hls(*darkened((0.8, 0.8, 0.8)))[2] == 0


def test_defaults_fill_in(run: Run, tmp_path: Path) -> None:
    """The settings fill in what the command line leaves open, and no more than that."""
    put(tmp_path, WHOLE, picture())

    outcome = run("make", "--config", "planmaker.toml", "--weeks", "1", *SHORT)

    assert outcome.code == 0
    made = plan(tmp_path / "out")
    assert made["programme"]["profile"] == "stretch-only"
    assert len(made["programme"]["weeks"]) == 1
    assert (made["schedule"]["am"], made["schedule"]["timezone"]) == ("07:30", "Europe/Berlin")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_batch(jobs: str, run: Run, tmp_path: Path) -> None:
    """In a batch the roster's cell comes first, then the command line, then the settings, in every process."""
    put(tmp_path, "[defaults]\nprofile = 'full'\nweeks = 3\nam = '07:00'\npm = '20:00'\n")
    rows = [f"A{number},2," if number else "A0,,06:00" for number in range(16)]
    (tmp_path / "roster.csv").write_text("\n".join(["id,weeks,am", *rows]), encoding="utf-8")

    outcome = run("batch", "roster.csv", "--config", "planmaker.toml", "--pm", "21:00", "--jobs", jobs, *SHORT)

    assert outcome.code == 0, outcome.err
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "out").glob("*.json")}
    told = {
        name: (len(item["programme"]["weeks"]), item["schedule"]["am"], item["schedule"]["pm"])
        for name, item in found.items()
    }
    assert told == {f"A{number}": (2, "07:00", "21:00") for number in range(1, 16)} | {"A0": (3, "06:00", "21:00")}


def test_paper_of_the_clinic(run: Run, tmp_path: Path) -> None:
    """A plan made on the clinic's paper is drawn on it again, unless the command line names another."""
    put(tmp_path, "[defaults]\npaper = 'letter'\n")
    run("make", "--profile", "stretch-only", "--weeks", "2", "--id", "A1", *SHORT, "--config", "planmaker.toml")

    for verb in (["render"], ["adjust", "--week", "2", "--step", "stay"]):
        run(*verb, "out/A1.json", "--format", "pdf", "--stem", "letter")
        run(*verb, "out/A1.json", "--paper", "a4", "--format", "pdf", "--stem", "a4")
        sheets = [pypdf.PdfReader(tmp_path / "out" / f"{stem}.pdf") for stem in ("letter", "a4")]
        assert [round(float(sheet.pages[0].mediabox.width)) for sheet in sheets] == [612, 595]


@pytest.mark.parametrize(
    "verb", [["make"], ["batch", "x.csv"], ["render", "x.json"], ["adjust", "x.json", "--week", "2"]]
)
def test_exit_code(verb: list[str], run: Run, tmp_path: Path) -> None:
    """Settings with faults end each verb that draws with the code of invalid input."""
    put(tmp_path, "[look]\naccent = 'teal'\n")

    outcome = run(*verb, "--config", "planmaker.toml")

    assert outcome.code == 4
    assert outcome.err == ["planmaker.toml:2: look.accent: expected a colour such as #0b5e63"]


def test_values_that_do_not_fit(run: Run, tmp_path: Path) -> None:
    """A value that only together with others is wrong is named at its line, in a batch too."""
    put(tmp_path, "[defaults]\nprofile = 'full'\npm = '07:00'\n")
    (tmp_path / "roster.csv").write_text("id,pm\nA1,\nA2,07:30\n", encoding="utf-8")

    one = run("make", "--config", "planmaker.toml", *SHORT)
    many = run("batch", "roster.csv", "--config", "planmaker.toml", *SHORT)

    assert (one.code, one.err) == (4, ["planmaker.toml:3: pm: expected a time after am"])
    assert many.code == 3
    assert many.err[:2] == [
        "roster.csv:2: planmaker.toml:3: pm: expected a time after am",
        "roster.csv:3: pm: expected a time after am",
    ]


def test_personal_fields() -> None:
    """Exactly those fields are no clinic's to say that name a person, a date of theirs or who cleared them."""
    assert {field.name for field in FIELDS if field.personal} == {"id", "name", "start", "finish", "cleared_by"}
