"""Calendar files say what the plan says, to parsers that know nothing of planmaker."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from icsjudge import JUDGES, PROGRAMS

from planmaker import words as words_module
from planmaker.assign import assign, completed
from planmaker.catalogue import Catalogue, load
from planmaker.compose import compose
from planmaker.errors import Problem
from planmaker.ics import renderer
from planmaker.plan import Plan
from planmaker.request import Request
from planmaker.resources import catalogue_dir, templates_dir
from planmaker.schedule import occurrences, series, zone, zone_names
from planmaker.vtimezone import observances, vtimezone

if TYPE_CHECKING:
    from planmaker.words import Words

ISSUED = datetime(2025, 12, 1, 9, tzinfo=UTC)
PROFILES = ("stretch-only", "strengthening", "full")
SPRING = date(2027, 3, 11)  # Thursdays: six weeks from each hold the clock changes of
AUTUMN = date(2027, 9, 30)  # America, Europe and Australia
CITIES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "Europe/Dublin")
MORE_ZONES = """
Africa/Cairo Africa/Casablanca Africa/Johannesburg America/Edmonton America/Havana America/Los_Angeles
America/Nuuk America/Phoenix America/Santiago America/Sao_Paulo America/St_Johns America/Vancouver
Antarctica/Troll Asia/Beirut Asia/Gaza Asia/Jerusalem Asia/Kathmandu Asia/Tehran Asia/Tokyo
Australia/Lord_Howe Europe/Berlin Europe/Chisinau Pacific/Apia Pacific/Auckland Pacific/Chatham
Pacific/Kiritimati UTC
"""
ZONES = (*CITIES, *MORE_ZONES.split())
SHIFTED = "an hour wrong"

Expansion = list[tuple[datetime, datetime, tuple[str, ...]]]


@cache
def catalogue() -> Catalogue:
    """Read the catalogue."""
    return load(catalogue_dir())


@cache
def words() -> Words:
    """Read the English words."""
    return words_module.load("en", templates=templates_dir(), catalogue=catalogue_dir())


def assigned(request: Request) -> Plan | Problem:
    """Give a composed programme to the person of a request."""
    whole = completed(request, ISSUED, "UTC")
    programme = compose(whole, catalogue())
    if isinstance(programme, Problem):
        return programme
    return assign(programme, whole, issued=ISSUED, catalogue="", allow_past=True)


def plan(profile: str = "full", timezone: str = "Europe/London", start: date = SPRING, **wishes: Any) -> Plan:  # noqa: ANN401 - any wish
    """Return the plan of some wishes."""
    found = assigned(Request(profile=profile, timezone=timezone, start=start, **wishes))
    assert isinstance(found, Plan), found
    return found


@cache
def render(given_plan: Plan) -> bytes:
    """Write the file of a plan."""
    return renderer(words())(given_plan)


def unfolded(data: bytes) -> list[str]:
    """Return the content lines of a file (RFC 5545 3.1)."""
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def values(data: bytes, name: str) -> list[str]:
    """Return the values of all properties of a name in a file."""
    found = (re.fullmatch(rf"{name}(?:;[^:]*)?:(.*)", line) for line in unfolded(data))
    return [match[1] for match in found if match]


def events(data: bytes) -> list[Any]:
    """Return the VEVENTs of a file as icalendar reads them."""
    return list(icalendar.Calendar.from_ical(data).walk("VEVENT"))


def doses(description: str) -> tuple[str, ...]:
    """Return the lines of a description that tell exercises with their doses."""
    return tuple(line.removeprefix("- ") for line in description.splitlines() if line.startswith("- "))


def expected(given_plan: Plan) -> Expansion:
    """Return every timed session of a plan: start and end in UTC, exercises with their doses."""
    found = []
    for item in occurrences(given_plan.programme, given_plan.schedule):
        start = item.start.astimezone(UTC)
        texts = (f"{words().exercises[one.exercise].name}: {words().dose(one)}" for one in item.prescriptions)
        found.append((start, start + timedelta(minutes=item.minutes), tuple(texts)))
    return sorted(found)


def by_python(given_plan: Plan) -> Expansion:
    """Expand a plan's file with recurring-ical-events and its own VTIMEZONE.

    Under a zone name that nobody knows, icalendar has to take the zone from the file. The library
    keeps the length by the wall clock, so that it is measured there.
    """
    name = given_plan.schedule.timezone
    text = "\r\n".join(unfolded(render(given_plan)))
    unknown = f"Elsewhere/{hashlib.sha256(text.encode()).hexdigest()}"
    text = text.replace(f"TZID:{name}\r", f"TZID:{unknown}\r").replace(f";TZID={name}:", f";TZID={unknown}:")
    calendar = icalendar.Calendar.from_ical(text)
    return sorted(
        (
            event.start.astimezone(UTC),
            event.start.astimezone(UTC) + (event.end - event.start),
            doses(str(event["description"])),
        )
        for event in recurring_ical_events.of(calendar).all()
    )


def cases() -> dict[str, Plan]:
    """Return the plans that ical.js expands: all profiles over every clock change, and more zones."""
    found = {
        f"{name}, {profile}, {per_day} a day, from {start}": plan(profile, name, start, per_day=per_day)
        for name, profile, per_day, start in product(CITIES, PROFILES, (1, 2), (SPRING, AUTUMN))
    }
    for name, start in product(ZONES, (date(2026, 1, 8), date(2026, 8, 20), date(2027, 10, 28))):
        found[f"{name}, 26 weeks from {start}"] = plan("stretch-only", name, start, per_day=1, weeks=26)
    found["four changes in a year"] = plan("stretch-only", "Africa/Casablanca", date(2014, 3, 20), weeks=26)
    found["across the date line"] = plan("stretch-only", "Pacific/Apia", date(2011, 12, 1), weeks=3)
    return found


CASES = cases()
SAMPLE = tuple(label for label in CASES if "London" in label or "UTC" in label or "Casablanca" in label)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Expansion]:
    """Let ical.js expand all files at once; without it skip, and in CI fail."""
    files = {label: render(item) for label, item in CASES.items()}
    files[SHIFTED] = files[next(iter(CASES))].replace(b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0200")
    found = JUDGES["ical.js"].expand(files, tmp_path_factory.mktemp("judged"))
    return {
        label: sorted((item.start, item.end, doses(item.description)) for item in instances)
        for label, instances in found.items()
    }


# Strangers expand the file


@pytest.mark.parametrize("label", CASES)
def test_ical_js_finds_every_session(label: str, judged: dict[str, Expansion]) -> None:
    """By the file's own VTIMEZONE, ical.js puts every session where paper has it, with its doses."""
    assert judged[label] == expected(CASES[label])


def test_ical_js_believes_the_vtimezone(judged: dict[str, Expansion]) -> None:
    """A wrong VTIMEZONE moves what ical.js finds, so that its verdict is about the file."""
    pairs = zip(judged[next(iter(CASES))], judged[SHIFTED], strict=True)

    assert {right[0] - wrong[0] for right, wrong in pairs} == {timedelta(0), timedelta(hours=1)}


@st.composite
def any_plan(draw: st.DrawFn) -> Plan:
    """Draw a plan that can be composed and assigned."""
    request = Request(
        profile=draw(st.sampled_from(PROFILES)),
        weeks=draw(st.integers(1, 26)),
        start=draw(st.dates(date(2026, 1, 1), date(2028, 12, 31))),
        timezone=draw(st.sampled_from(ZONES)),
        per_day=draw(st.sampled_from((1, 2))),
        am=draw(st.sampled_from((time(8), time(6, 15), time(0, 30), time(1, 45), time(3)))),
    )
    found = assigned(request)
    assume(isinstance(found, Plan))  # profiles need some weeks, and clocks may jump over a time
    assert isinstance(found, Plan)
    return found


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(any_plan())
def test_recurring_ical_events_finds_every_session(given_plan: Plan) -> None:
    """Of any composed plan, in any zone, recurring-ical-events finds exactly the sessions."""
    found = by_python(given_plan)

    assert found == expected(given_plan)


# The time zone


def test_every_zone_is_at_most_a_yearly_pair() -> None:
    """Each of all zones is one STANDARD, or a yearly one and a yearly DAYLIGHT: clients drop more."""
    start = date(2027, 2, 20)
    found = {name: observances(name, start, start + timedelta(weeks=26)) for name in zone_names()}
    shapes = {tuple(item.daylight for item in sorted(pair, key=lambda item: item.after)) for pair in found.values()}

    assert shapes == {(False,), (False, True)}
    assert {item.onset.year for pair in found.values() for item in pair} == {1970}
    assert all(item.rule for pair in found.values() for item in pair if len(pair) > 1)


@pytest.mark.parametrize("name", ZONES)
def test_zone_follows_zoneinfo(name: str) -> None:
    """At every hour of half a year, the VTIMEZONE has the offset of the pinned tzdata."""
    start = date(2026, 10, 1)
    component = vtimezone(name, start, start + timedelta(weeks=26))
    component["tzid"] = f"Elsewhere/{name}"
    told = component.to_tz(lookup_tzid=False)
    begin = datetime.combine(start, time(), tzinfo=UTC)
    hours = [begin + timedelta(hours=hour) for hour in range(26 * 7 * 24)]

    assert not [hour for hour in hours if hour.astimezone(told).utcoffset() != hour.astimezone(zone(name)).utcoffset()]


def test_standard_is_the_smaller_offset_in_dublin() -> None:
    """Irish law calls summer time standard; the file does not, as no client could follow."""
    lines = unfolded(vtimezone("Europe/Dublin", SPRING, AUTUMN).to_ical(sorted=False))

    assert " ".join(lines) == (
        "BEGIN:VTIMEZONE TZID:Europe/Dublin"
        " BEGIN:DAYLIGHT DTSTART:19700329T010000 RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3"
        " TZOFFSETFROM:+0000 TZOFFSETTO:+0100 TZNAME:IST END:DAYLIGHT"
        " BEGIN:STANDARD DTSTART:19701025T020000 RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"
        " TZOFFSETFROM:+0100 TZOFFSETTO:+0000 TZNAME:GMT END:STANDARD END:VTIMEZONE"
    )


def test_dated_changes_where_no_pair_holds() -> None:
    """With three changes in the plan's days, each stands with its date and without a rule."""
    found = observances("Africa/Casablanca", date(2014, 3, 20), date(2014, 9, 17))

    assert [(item.daylight, f"{item.onset:%Y-%m-%d %H:%M}", item.rule) for item in found] == [
        (False, "1970-03-18 00:00", None),
        (True, "2014-03-30 02:00", None),
        (False, "2014-06-28 03:00", None),
        (True, "2014-08-02 02:00", None),
    ]


def test_utc_needs_no_vtimezone() -> None:
    """In UTC, under any of its names, times end in Z (RFC 5545 3.3.5) and no zone is described."""
    lines = unfolded(render(plan(timezone="Etc/UTC")))

    assert "DTSTART:20270311T080000Z" in lines
    assert not [line for line in lines if "VTIMEZONE" in line or "TZID" in line]


# The file


def test_first_event() -> None:
    """The head and the first event of a plan, but for the text, are these lines."""
    lines = unfolded(render(plan("strengthening", id="7c1e90ab", name="Ann Other", per_day=1)))
    first = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]

    assert " | ".join(lines[:6]) == (
        "BEGIN:VCALENDAR | VERSION:2.0 | PRODID:-//planmaker//Exercise plan//EN | CALSCALE:GREGORIAN"
        " | NAME:Exercise plan | X-WR-CALNAME:Exercise plan"
    )
    assert " | ".join(line for line in first if not line.startswith("DESCRIPTION:Week")) == (
        "UID:918814d2-6c62-5250-a9cf-e3b5687c9fb3 | SEQUENCE:0"
        " | DTSTAMP:20251201T090000Z | CREATED:20251201T090000Z | LAST-MODIFIED:20251201T090000Z"
        " | DTSTART;TZID=Europe/London:20270311T080000 | DTEND;TZID=Europe/London:20270311T081000"
        " | RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=MO,TH,SA | SUMMARY:Exercises\\, 10 minutes"
        " | CLASS:PRIVATE | TRANSP:TRANSPARENT | X-MICROSOFT-CDO-BUSYSTATUS:FREE"
        " | BEGIN:VALARM | ACTION:DISPLAY | TRIGGER:-PT10M | DESCRIPTION:Exercises\\, 10 minutes | END:VALARM"
    )


@pytest.mark.parametrize("label", SAMPLE)
def test_every_event_is_whole(label: str) -> None:
    """Every VEVENT has each of these once, and no client has to guess (RFC 5545 3.6.1)."""
    wanted = ("UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "RRULE", "SUMMARY")
    text = "\n".join(unfolded(render(CASES[label])))
    bodies = re.findall(r"BEGIN:VEVENT\n(.*?)\nBEGIN:VALARM", text, re.DOTALL)

    assert len(bodies) == len(series(CASES[label].programme, CASES[label].schedule))
    for body in bodies:
        names = [re.split("[:;]", line)[0] for line in body.split("\n")]
        assert sorted(names) == sorted((*wanted, "DESCRIPTION", "CLASS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")), names


@pytest.mark.parametrize("label", SAMPLE)
def test_nothing_that_clients_stumble_over(label: str) -> None:
    """No METHOD, no dates beside the rule, no COMMENT, and no time without a zone (RFC 5545 3.3.5)."""
    text = "\n".join(unfolded(render(CASES[label])))
    own_events = text[text.index("BEGIN:VEVENT") :]

    assert not re.findall(r"^(?:METHOD|RDATE|EXDATE|RECURRENCE-ID|COMMENT|DURATION)\b.*|UNTIL", text, re.MULTILINE)
    assert not re.findall(r"^(?:DTSTART|DTEND):.*[^Z]$", own_events, re.MULTILINE)


@pytest.mark.parametrize("label", SAMPLE)
def test_first_day_is_in_its_rule(label: str) -> None:
    """DTSTART falls on a weekday of BYDAY, or COUNT would give one session too many or too few."""
    codes = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    weekly = [event for event in events(render(CASES[label])) if event["rrule"]["FREQ"] == ["WEEKLY"]]

    assert all(codes[event.start.weekday()] in event["rrule"]["BYDAY"] for event in weekly)


@pytest.mark.parametrize("label", SAMPLE)
def test_every_line_is_short(label: str) -> None:
    """Lines end in CR LF and have at most 75 octets (RFC 5545 3.1)."""
    data = render(CASES[label])

    assert data.endswith(b"\r\n")
    assert data.count(b"\r") == data.count(b"\n") == data.count(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 75


@pytest.mark.parametrize("minutes", [0, 10, 1440])
def test_one_reminder(minutes: int) -> None:
    """Every event has one alarm, with one ACTION, TRIGGER and DESCRIPTION, so many minutes before."""
    alarms = [event.walk("VALARM") for event in events(render(plan(reminder=minutes)))]

    assert {len(found) for found in alarms} == {1}
    assert {tuple(sorted(found[0])) for found in alarms} == {("ACTION", "DESCRIPTION", "TRIGGER")}
    assert {found[0].TRIGGER for found in alarms} == {timedelta(minutes=-minutes)}


def test_no_reminder() -> None:
    """Who wants no reminder gets no alarm."""
    data = render(plan(reminder=None))

    assert b"VALARM" not in data


def test_uids_differ_between_people() -> None:
    """Two people with the same programme share no UID, and nobody has one twice."""
    one, other = (values(render(plan(id=name)), "UID") for name in ("a1b2c3d4", "a1b2c3d5"))

    assert len({*one, *other}) == len(one) + len(other)


def test_new_revision_keeps_uids() -> None:
    """A revision keeps every UID and raises SEQUENCE and DTSTAMP, so that clients take it as newer."""
    first = plan()
    second = dataclasses.replace(first, revision=2, issued=ISSUED + timedelta(days=9))
    old, new = render(first), render(second)

    assert values(old, "UID") == values(new, "UID")
    assert {*values(old, "SEQUENCE"), *values(new, "SEQUENCE")} == {"0", "1"}
    assert max(values(old, "DTSTAMP")) < min(values(new, "DTSTAMP"))


def test_name_is_nowhere() -> None:
    """A person's name is in no part of a file: another name gives the same bytes."""
    one, other = (render(plan(id="a1b2c3d4", name=name)) for name in ("Zoë Quillfeather-Ångström", ""))

    assert one == other
    assert not re.search("zo[eë]|quill|feather|ström", "\n".join(unfolded(one)), re.IGNORECASE)


@pytest.mark.parametrize("label", SAMPLE)
def test_summary_tells_no_one_anything(label: str) -> None:
    """What a locked screen shows is exercises or a walk, and minutes."""
    shown = {str(event["summary"]) for event in events(render(CASES[label]))}

    assert all(re.fullmatch(r"(Exercises|Walking), \d+ minutes", text) for text in shown), shown


@pytest.mark.parametrize("label", SAMPLE)
def test_text_says_when_to_stop(label: str) -> None:
    """Every event names the emergency number of the zone, the stop rules and the plan's code."""
    number = words().emergency_number(CASES[label].schedule.timezone)
    texts = [str(event["description"]) for event in events(render(CASES[label]))]

    for wanted in (f"Call {number} now", "chest pain", "stop that exercise", "into a leg: stop the session"):
        assert all(wanted in text for text in texts)
    assert all(text.endswith(f"\nPlan code: {CASES[label].person.id}") for text in texts)


def test_bending_waits_after_getting_up() -> None:
    """Only morning sessions that bend the spine say to wait 30 minutes."""
    found = events(render(plan("stretch-only")))

    assert {(event.start.hour < 12, "Wait 30 minutes" in event["description"]) for event in found} == {
        (True, True),
        (False, False),
    }
    assert b"30 minutes" not in render(plan("strengthening"))


def test_single_event_brings_no_calendar() -> None:
    """X-WR-CALNAME makes Outlook open a new calendar, so a file with one event has none."""
    data = render(plan("stretch-only", weeks=1, per_day=1))

    assert values(data, "SUMMARY") == ["Exercises\\, 9 minutes"]
    assert not values(data, "X-WR-CALNAME")


def test_longest_plan_is_small() -> None:
    """Half a year of everything stays far below Google's limit of 1 MB."""
    size = max(len(render(plan(profile, weeks=26))) for profile in PROFILES)

    assert size < 100_000


def test_session_into_the_second_hour() -> None:
    """A session that ends in the hour that comes twice ends in UTC, which alone can say so."""
    data = render(plan("stretch-only", start=date(2027, 10, 31), weeks=1, am=time(1, 55), per_day=1))

    assert values(data, "DTSTART") == ["19700329T010000", "19701025T020000", "20271031T015500"]
    assert values(data, "DTEND") == ["20271031T010400Z"]


# Any text


HOSTILE = st.text(min_size=1, max_size=200) | st.text(alphabet='aN,;:\\\n\rn"^\t é漢😀\u0301\u200f', max_size=200)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(HOSTILE)
def test_text_survives(text: str) -> None:
    """Any text comes back from icalendar's parser, without control characters, from short whole lines."""
    given_plan = plan("stretch-only", weeks=1, per_day=1)
    person = dataclasses.replace(given_plan.person, id=text)
    data = render(dataclasses.replace(given_plan, person=person))
    kept = re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", "", text)

    assert [str(event["description"]).partition("Plan code: ")[2] for event in events(data)] == [kept]
    assert all(len(line) <= 75 and line.decode() is not None for line in data.split(b"\r\n"))


@pytest.mark.parametrize("length", range(75))
def test_folds_between_characters(length: int) -> None:
    """Wherever the 75th octet falls, no character is split and the exercise's name comes back."""
    name = "x" * length + "Brücke, 橋; \\n 😀\u0301"
    hostile = {key: dataclasses.replace(value, name=name) for key, value in words().exercises.items()}
    data = renderer(dataclasses.replace(words(), exercises=hostile))(plan("stretch-only", weeks=1, per_day=1))

    assert all(line.decode() is not None for line in data.split(b"\r\n"))
    assert str(events(data)[0]["description"]).count(f"\n- {name}: hold") == 4


# Same plan, same bytes


def test_same_bytes_on_any_machine() -> None:
    """Hash seed, locale, zone and working folder of the machine change nothing, from the request on."""
    code = "import sys, test_ics; sys.stdout.buffer.write(test_ics.render(test_ics.plan()))"
    strange = {"PYTHONHASHSEED": "7", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **strange, "PYTHONPATH": str(Path(__file__).parent)},
        cwd=PROGRAMS,
        capture_output=True,
        check=True,
    )

    assert done.stdout == render(plan())


def test_order_of_rendering_makes_no_difference() -> None:
    """A renderer that has served other people gives the bytes that a fresh one gives."""
    used = renderer(words())
    people = [plan(id=name, timezone=zone_name) for zone_name in CITIES for name in ("a", "b")]
    found = [used(person) for person in (*people, *people)]

    assert found == [renderer(words())(person) for person in (*people, *people)]
