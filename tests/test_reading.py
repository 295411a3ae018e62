"""What people read is plain: a child of twelve can, by the Automated Readability Index."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from planmaker.resources import catalogue_dir
from planmaker.workshop import open_workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = tomllib.loads((catalogue_dir() / "text" / "en.toml").read_text(encoding="utf-8"))
PARTS = ("exercises", "variants", "harder", "conditions", "rules", "benefits", "transfer", "pictures")
VALUES: dict[str, Any] = {
    "profile": "full",
    "per_day": 2,
    "walk": "walking",
    "load": True,
    "bending": ["Knee to chest"],
    "swapping": ["Lying march"],
    "strengthens": True,
    "stretches": True,
    "sided": True,
    "left_out": [],
    "unfinished": ["Bridge"],
    "weeks": 6,
    "sessions": 2,
    "low": 6,
    "high": 21,
    "first_card": 3,
    "last_card": 6,
    "guide_page": 2,
    "guide_last": 3,
    "brisk": True,
    "every_hold": True,
    "label": "Walk",
    "stop_page": 1,
    "walk_noun": "a walk",
    "emergency": "999",
    "number": 1,
    "alone": False,
    "easy": 5,
    "slow": False,
    "calendar_page": 4,
    "printed": True,
    "feed": 1,
}
TARGET, MOST = 6, 8


def grade(text: str) -> float:
    """Return the school grade of a text (Automated Readability Index, Smith and Senter 1967)."""
    words = re.findall(r"[A-Za-z0-9'-]+", text)
    sentences = max(len(re.findall(r"[.!?:]+(?=\s|$)", text)), 1)
    return 4.71 * sum(map(len, words)) / len(words) + 0.5 * len(words) / sentences - 21.43


def sentences(value: Any) -> Iterator[str]:  # noqa: ANN401 - a table of words, of any shape
    """Yield every text of a table of words, closed by a stop."""
    if isinstance(value, dict):
        for part in value.values():
            yield from sentences(part)
    elif isinstance(value, list):
        for part in value:
            yield from sentences(part)
    elif isinstance(value, str) and value:
        yield value if value[-1] in ".!?" else f"{value}."


@pytest.mark.parametrize("part", PARTS)
def test_words_are_plain(part: str) -> None:
    """Each kind of words is below grade 6 as a whole, and none of its entries is above grade 8."""
    assert grade(" ".join(sentences(WORDS[part]))) < TARGET
    hard = {key: round(grade(" ".join(sentences(entry))), 1) for key, entry in WORDS[part].items() if entry}

    assert {key: found for key, found in hard.items() if found > MOST} == {}


@pytest.mark.parametrize("template", ["cover", "guide", "progress", "calendar_import", "week", "review"])
def test_pages_are_plain(template: str) -> None:
    """Each page's own sentences are below grade 6 as a whole, and no passage of three sentences is above grade 8."""
    passages = open_workshop().words["en"].passages(template, **VALUES)
    texts = {name: " ".join(sentences(text.splitlines())) for name, text in passages.items()}

    assert grade(" ".join(texts.values())) < TARGET
    long = {name: text for name, text in texts.items() if text.count(".") >= 3}
    assert {name: grade(text) for name, text in long.items() if grade(text) > MOST} == {}


def test_hard_words_are_found() -> None:
    """The index tells a hard sentence from a plain one."""
    assert grade("Lie down. Bend one knee. Hold it with both hands.") < 2
    assert grade("Contraindications necessitate individualised physiotherapeutic reassessment beforehand.") > 12
