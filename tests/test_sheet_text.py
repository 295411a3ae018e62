"""What the sheet says is what the plan says: doses, marks, sides, rest days, pictures, rows to fill in."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, cast

import pypdf
import pytest
from test_pdf import PROFILES, artwork, drawn, english, plan, texts

from planmaker.exercise import Kind, Sides
from planmaker.programme import Change, Slot
from planmaker.request import Request

if TYPE_CHECKING:
    from planmaker.programme import Prescription, Week


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def rows_of(week: Week) -> list[Prescription]:
    """Return what has a row with boxes on a week's page, the walk apart."""
    return [item for item in week.prescriptions() if item.kind is not Kind.AEROBIC]


def week_pages(profile: str) -> list[tuple[Week, str]]:
    """Return each week of a six-week plan with the text of its page."""
    request = Request(profile=profile)
    pages = [page for page in texts(drawn(request)) if page.startswith("Week ")]
    return list(zip(plan(request).programme.weeks, pages, strict=True))


@pytest.mark.parametrize("profile", PROFILES)
def test_week_doses(profile: str) -> None:
    """Each row of a week says its exercise and this week's dose in words."""
    for week, page in week_pages(profile):
        for item in rows_of(week):
            assert english().exercises[item.exercise].name in page
            assert flat(english().dose(item)) in flat(page)


@pytest.mark.parametrize("profile", PROFILES)
def test_week_marks(profile: str) -> None:
    """What is new or more is marked, once a row, and nothing else is."""
    for week, page in week_pages(profile):
        changes = [item.change for item in rows_of(week)]

        assert len(re.findall(r"\bnew\b", page)) == changes.count(Change.NEW)
        assert len(re.findall(r"\bmore\b", page)) == changes.count(Change.MORE) + len(re.findall(r"\d or more", page))


@pytest.mark.parametrize("profile", PROFILES)
def test_week_sides(profile: str) -> None:
    """Left and right stand apart in each row of a one-sided exercise."""
    for week, page in week_pages(profile):
        sided = sum(item.sides is not Sides.BOTH for item in rows_of(week))

        assert len(re.findall(r"\bL\b", page)) == sided
        assert len(re.findall(r"\bR\b", page)) == sided


@pytest.mark.parametrize("profile", PROFILES)
def test_week_rest(profile: str) -> None:
    """A load exercise rests on the days between, and says so."""
    for week, page in week_pages(profile):
        resting = sum(7 - len(item.days) for item in rows_of(week) if item.kind is Kind.LOAD)

        assert len(re.findall(r"\brest\b", page)) == resting


@pytest.mark.parametrize("profile", PROFILES)
def test_week_walk_and_pain(profile: str) -> None:
    """Each week has its walk's minutes, both pain rows, notes, the rules and the number to call."""
    pages = week_pages(profile)
    for week, page in pages:
        walk = week.session(Slot.AEROBIC)
        assert walk is None or f"Walk, {max(walk.minutes)} minutes" in page
        for label in ("Pain on waking", "Worst pain in exercise", "Notes", "999"):
            assert label in page
        last = week is pages[-1][0]
        for label in ("Go up next week", "Stay on this week", "Go back a week"):
            assert (label in page) != last
        assert ("The last week is done" in page) == last


@pytest.mark.parametrize("profile", PROFILES)
def test_card_doses(profile: str) -> None:
    """Each card says every dose of its exercise, and how often it is done."""
    request = Request(profile=profile)
    cards = flat(" ".join(page for page in texts(drawn(request)) if page.startswith("Your exercises")))

    for name in plan(request).programme.exercises():
        for item in plan(request).programme.course(name):
            if item is not None and item.kind is not Kind.AEROBIC:
                assert flat(english().dose(item)) in cards
        assert flat(english().exercises[name].stop_if) in cards
    assert flat("3 days a week") in cards or profile == "stretch-only"


def test_spare_week() -> None:
    """One undated week at the end has room for one's own doses and prints none."""
    pages = texts(drawn(Request(profile="full")))

    spare = pages[-2]
    assert spare.startswith("Spare week")
    assert spare.count("my dose") == 11
    assert "seconds" not in spare
    assert sum(page.startswith("Spare week") for page in pages) == 1


def pictures(pdf: bytes) -> list[int]:
    """Return how many pictures each page paints: forms named P and a number."""
    counts = []
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        forms = cast("Any", page)["/Resources"].get("/XObject", {})
        names = [name for name in forms if re.fullmatch(r"/P\d+", name)]
        content = page.get_contents()
        data = content.get_data() if content is not None else b""
        counts.append(sum(data.count(f"{name} Do".encode()) for name in names))
    return counts


def test_pictures() -> None:
    """Each card has all frames of its drawing, the way to the floor its four, and each row one."""
    request = Request(profile="full")
    pdf = drawn(request)
    programme = plan(request).programme
    counts, pages = pictures(pdf), texts(pdf)

    on_cards = sum(count for count, page in zip(counts, pages, strict=True) if page.startswith("Your exercises"))
    on_rows = [count for count, page in zip(counts, pages, strict=True) if page.startswith("Week ")]
    assert on_cards == sum(len(artwork()[name]) for name in programme.exercises()) + 4
    assert on_rows == [len(rows_of(week)) for week in programme.weeks]


@pytest.mark.parametrize(
    ("avoid", "shown"),
    [((), 1), (("stenosis",), 1), (("no-floor",), 0), (("hip-surgery",), 0), (("stenosis", "broken-vertebra"), 0)],
)
def test_way_to_the_floor(avoid: tuple[str, ...], shown: int) -> None:
    """How to get down to the floor is shown once to all who do, and to nobody who is to use a bed."""
    pages = texts(drawn(Request(profile="full", avoid=avoid, cleared_by="the surgeon")))

    assert sum("Down to the floor, and up again" in page for page in pages) == shown


def test_form_in_another_position() -> None:
    """A form in another position has its own steps, no picture of the lying form, and no easier line."""
    pages = texts(drawn(Request(profile="strengthening", avoid=("no-floor",))))
    card = next(page for page in pages if page.startswith("Your exercises"))

    assert "Sitting" in card
    assert "Lie on your back" not in card.split("Buttock squeeze")[0]
    assert "Easier" not in card.split("Buttock squeeze")[0]
    assert "cannot get down to the floor" in pages[1].casefold()


def test_days_of_the_walk() -> None:
    """A card says how often each week where that grows, and the weekly pages have as many boxes."""
    pages = texts(drawn(Request(profile="full", weeks=6)))
    card = next(page for page in pages if "Put on comfortable shoes" in page)
    walks = [week.session(Slot.AEROBIC) for week in plan(Request(profile="full", weeks=6)).programme.weeks]

    assert "Once a day, on some days." in card
    for number, walk in enumerate(walks, start=1):
        assert walk is not None
        dose = walk.prescriptions[0]
        assert f"Week {number} {max(walk.minutes)} min, {len(dose.days)} days" in card


def test_easy_walk() -> None:
    """Where the walk is to be easy all along, nothing says what brisk is."""
    pages = " ".join(texts(drawn(Request(profile="full", avoid=("stenosis",)))))

    assert "All at an easy pace" in pages
    assert "risk means" not in pages
    assert "half the brisk minutes" not in pages


def test_where_to_read_on() -> None:
    """The cover names all pages of advice."""
    request = Request(profile="full", avoid=("stenosis", "no-floor", "sciatica", "poor-balance"))

    assert "Read pages 2 to 3." in texts(drawn(request))[0]
    assert "Read page 2." in texts(drawn(Request(profile="full")))[0]


@pytest.mark.parametrize("large", [False, True])
def test_calendar_steps(large: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The sheet has the steps for each program and what it leaves out, as many as the command tells, and no option."""
    pages = texts(drawn(Request(profile="full", weeks=1, large_print=large)))
    said = " ".join(page for page in pages if page.startswith("Your calendar"))
    told = english().passages("calendar_import")

    for name in ("Google", "iPhone", "Mac", "Outlook: new, or on the web", "Outlook: classic", "Thunderbird"):
        assert name in said
    assert "Android: other apps" in said
    assert "Nextcloud" in said
    assert said.count("It leaves out:") == len(told) - 1 == 7
    assert "--" not in said
    assert "subscribe" not in said
