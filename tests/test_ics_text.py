"""Whatever a clinic or a roster writes comes back from the calendar as text, or is refused; it never becomes a line."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icsfaults import CHECKS, File
from icsjudge import JUDGES, unfolded
from test_ics import plan, words

from planmaker import parsers
from planmaker.ics import renderer
from planmaker.plan import plan_to_json

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

    from planmaker.plan import Plan
    from planmaker.words import Words

INJECTIONS = (
    "COLOR:red\r\nBEGIN:VALARM",
    "x\r\nURL:https://evil.example/\r\nATTACH:https://evil.example/",
    "x\nEND:VEVENT\nBEGIN:VEVENT",
    "x\rMETHOD:REQUEST\r",
    "x\x00y",
    "\r\n X-FOLDED:1",
    "https://evil.example/\x85URL:1\u2028URL:2\u2029URL:3\x0bURL:4\x0cURL:5",
)
SIGNS = (
    *("\r", "\n", "\r\n", "\0", "\x1b[31m", "\x7f", "\t", " ", "\\", "\\n", "\\N", "\\,", "\\\\", ";", ",", ":", '"'),
    *("^n", "^'", "%0D%0A", "{{ code }}", "\ue001", "é", "漢字", "😀", "👩‍⚕️", "e\u0301", "\u200f", "\u202e", "\u2066"),
    *("עברית", "العربية", "हिन्दी", "\ufeff", "\u2028", "END:VCALENDAR", "BEGIN:VEVENT"),
)


def texts() -> st.SearchStrategy[str]:
    """Draw texts that mean harm, and some that only have what is hard to fold or to escape."""
    sign = st.sampled_from((*INJECTIONS, *SIGNS)) | st.text(max_size=3)
    run = st.integers(0, 80).map(lambda length: "x" * length)
    return st.lists(sign | run, min_size=1, max_size=8).map("".join)


@cache
def harmless() -> Plan:
    """Return a plan of one week with a walk."""
    return plan("full", weeks=2, per_day=1)


def kept(text: str) -> str:
    """Return what of a text can stand in a calendar: all but control characters (RFC 5545 3.3.11)."""
    return re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", "", text)


def core(text: str) -> str:
    """Return what is kept of a text without the space at both ends."""
    return re.sub(r"^[\s\ufeff]+|[\s\ufeff]+$", "", kept(text))


def worded(name: str, limb: str, number: str) -> Words:
    """Return words in which all exercises have a name and a limb, and all countries a number."""
    own = words()
    exercises = {key: dataclasses.replace(value, name=name, limb=limb) for key, value in own.exercises.items()}
    return dataclasses.replace(own, exercises=exercises, emergency=dict.fromkeys(own.emergency, number))


def written(data: bytes) -> list[tuple[str, str]]:
    """Return title and description of each event, read by the letter of RFC 5545 3.3.11."""
    body = [line for line in unfolded(data) if re.match("BEGIN:V|SUMMARY:|DESCRIPTION:", line)]
    found: list[tuple[str, str]] = []
    for before, line, after in zip(body, body[1:], body[2:], strict=False):
        if before == "BEGIN:VEVENT":
            found.append((unescaped(line), unescaped(after)))
    return found


def unescaped(line: str) -> str:
    """Return the text of a content line."""
    signs = {"\\n": "\n", "\\N": "\n"}
    return re.sub(r"\\(.)", lambda match: signs.get(match[0], match[1]), line.partition(":")[2])


def ended(found: list[tuple[str, str]]) -> set[tuple[str, ...]]:
    """Return texts without spaces at their ends, which libical drops."""
    return {tuple(text.rstrip() for text in pair) for pair in found}


def names(data: bytes) -> list[str]:
    """Return the names of all content lines, with those of components."""
    return [re.split("[:;]", line)[0] if line[:4] not in {"BEGI", "END:"} else line for line in unfolded(data)]


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """Id, names, limbs and telephone numbers come back whole but for control characters; ical.js and libical agree."""
    files: dict[str, bytes] = {}
    model = names(renderer(words())(harmless()))

    @settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(code=texts(), name=texts(), limb=texts(), number=texts())
    def write(code: str, name: str, limb: str, number: str) -> None:
        case = dataclasses.replace(harmless(), person=dataclasses.replace(harmless().person, id=code))
        spoken = worded(name, limb, number)
        data = renderer(spoken)(case)
        files[str(len(files))] = data
        assert names(data) == model
        assert not CHECKS["unescaped"](File(data=data, plan=case, words=spoken))
        assert all(len(line) <= 75 and line.decode() is not None for line in data.split(b"\r\n"))
        for title, text in written(data):
            assert title.startswith("Exercises, ") or core(name) in title
            assert text.endswith(f"\nPlan code: {kept(code)}")
            assert f"\n- {kept(name)}: " in text
            assert f"Call {kept(number)} now if" in text

    write()
    for judge in ("ical.js", "libical"):
        folder = tmp_path / judge
        folder.mkdir()
        found = JUDGES[judge].expand(files, folder)
        read = {label: [(item.summary, item.description) for item in items] for label, items in found.items()}
        assert [label for label, data in files.items() if ended(read[label]) != ended(written(data))] == [], judge


@pytest.mark.parametrize("text", INJECTIONS)
def test_hostile_id_is_refused(text: str, run: Run, tmp_path: Path) -> None:
    """A code, zone or language that would be another line of the calendar is refused, also in an edited plan."""
    with pytest.raises(ValueError, match="expected 1 to 64 letters"):
        parsers.identifier(text)
    plain = json.loads(plan_to_json(harmless()))
    for part, key in (("person", "id"), ("schedule", "timezone")):
        edited = {**plain, part: {**plain[part], key: plain[part][key] + text}}
        (tmp_path / "edited.json").write_text(json.dumps(edited), encoding="utf-8")
        outcome = run("render", "edited.json", "--out", "out", "--format", "ics")

        assert outcome.code == 4
        assert outcome.err[0].startswith(f"edited.json: {key}: expected ")
        assert not (tmp_path / "out").exists()
