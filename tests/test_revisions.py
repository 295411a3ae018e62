"""A plan that changes tells calendars so: what has happened stays, what changes is newer, what goes is cancelled."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest
import recurring_ical_events
from composing import catalogue, requests
from conftest import WHEN, Run
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_adjust import wishes

from planmaker import words as wordings
from planmaker.adjust import adjusted
from planmaker.assign import assign
from planmaker.cli.plans import plan_problems
from planmaker.compose import compose
from planmaker.errors import Problem
from planmaker.ics import Calendars, built
from planmaker.ledger import next_version, renewed, revised
from planmaker.moving import Move, moved, moving_notices, stopped
from planmaker.plan import Plan, plan_from_json, plan_to_json
from planmaker.programme import Slot
from planmaker.request import Request
from planmaker.resources import catalogue_dir, templates_dir
from planmaker.runs import content
from planmaker.schedule import occurrences, shortened, weeks_left, zone_names

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from planmaker.workshop import Workshop

ISSUED = datetime(2027, 1, 2, 9, tzinfo=UTC)
MONDAY = date(2027, 1, 4)
WORDS = wordings.load("en", templates=templates_dir(), catalogue=catalogue_dir())
STAMPING = Calendars(WORDS)  # one that serves all, as in a batch
REQUEST = Request(profile="stretch-only", per_day=1, id="A1")
Session = tuple[str, datetime, int, object]


def plan(request: Request | None = None, zone: str = "Europe/London") -> Plan:
    """Return a plan of six weeks from a Monday, or of a request."""
    wanted = dataclasses.replace(request or Request(profile="full"), id="A1", timezone=zone)
    wanted = dataclasses.replace(wanted, start=wanted.start or MONDAY)
    found = planned(wanted)
    assert isinstance(found, Plan), found
    return found


def planned(wanted: Request) -> Plan | Problem:
    programme = compose(wanted, catalogue())
    if isinstance(programme, Problem):
        return programme
    return assign(programme, wanted, issued=ISSUED, catalogue=catalogue().digest, allow_past=True)


def good(answer: Plan | Problem) -> Plan:
    assert isinstance(answer, Plan), answer
    return answer


def on(day: int, hour: int = 6) -> datetime:
    """Return a moment on a day from the first one."""
    return datetime.combine(MONDAY, time(hour), tzinfo=UTC) + timedelta(days=day)


def in_calendars(given_plan: Plan) -> set[Session]:
    """Return the sessions that calendars show."""
    return {
        (item.slot.value, start.astimezone(UTC), item.minutes, content(item.prescriptions))
        for item in given_plan.ledger().series
        if not item.cancelled
        for _, start in item.sessions()
    }


def in_plan(given_plan: Plan) -> set[Session]:
    """Return the sessions of a plan."""
    return {
        (item.slot.value, item.start.astimezone(UTC), item.minutes, content(item.prescriptions))
        for item in occurrences(given_plan.programme, given_plan.schedule)
    }


def shown(data: bytes) -> list[tuple[datetime, int]]:
    """Return when sessions begin and how many minutes they say they take, to recurring-ical-events."""
    calendar = icalendar.Calendar.from_ical(data)
    return sorted(
        (event.start.astimezone(UTC), int(str(event["summary"]).split()[-2]))
        for event in recurring_ical_events.of(calendar).all()
        if event.get("status") != "CANCELLED"
    )


def check_told(before: Plan, after: Plan, at: datetime) -> None:
    """Hold a revision against what calendars need to follow it."""
    then = {(item.slot, item.ordinal): item for item in before.ledger().series}
    now = {(item.slot, item.ordinal): item for item in after.ledger().series}
    assert len(now) == len(after.ledger().series)
    assert set(then) <= set(now)
    latest = max(item.changed for item in then.values())
    for key, item in now.items():
        if key not in then:
            assert (item.sequence, item.cancelled) == (0, False)
            assert item.changed > latest
        elif item != then[key]:
            assert item.sequence == then[key].sequence + 1
            assert item.changed > latest
            assert item.created == then[key].created
            assert not then[key].cancelled
    assert in_calendars(after) == {item for item in in_calendars(before) if item[1] < at} | {
        item for item in in_plan(after) if item[1] >= at
    }


@st.composite
def changes(draw: st.DrawFn, given_plan: Plan) -> Callable[[Plan, datetime], Plan | Problem]:
    """Draw a change of a plan: other doses, other days, other times, or no more."""
    days = st.integers(-2, 7 * len(given_plan.programme.weeks) + 20).map(lambda day: MONDAY + timedelta(days=day))
    kind = draw(st.sampled_from(("adjust", "adjust", "move", "move", "times", "stop")))
    if kind == "adjust":
        wish = draw(wishes(given_plan))
        return lambda plan, at: adjusted(plan, wish, catalogue(), at)
    if kind == "stop":
        day = draw(days)
        return lambda plan, at: stopped(plan, day, at)
    since = draw(days)
    to = since + timedelta(days=draw(st.integers(-3, 30))) if kind == "move" else None
    am = draw(st.sampled_from((time(6, 30), time(7), time(8), time(9, 15))))
    move = Move(since=since, to=to, clocks={} if kind == "move" else {"am": am})
    return lambda plan, at: moved(plan, move, at)


@given(data=st.data())
@settings(deadline=None, max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
def test_laws(data: st.DataObject, workshop: Workshop) -> None:
    """After any changes, calendars show what has happened as it was and what is to come as the plan has it.

    UIDs stay and are never given twice, SEQUENCE and DTSTAMP only go up, what is the same is not told again, the plan
    is a sound one, and it is the same after a round through its file.
    """
    wanted = dataclasses.replace(data.draw(requests(most_conditions=1)), id="A1")
    given_plan = planned(wanted)
    assume(isinstance(given_plan, Plan))
    assert isinstance(given_plan, Plan)
    at = on(-1)
    for _ in range(data.draw(st.integers(1, 5))):
        at += timedelta(hours=data.draw(st.integers(0, 24 * 14)))
        answer = data.draw(changes(given_plan))(given_plan, at)
        if isinstance(answer, Problem):
            assert answer.where
            continue
        check_told(given_plan, answer, at)
        assert answer.revision == given_plan.revision + 1
        assert plan_problems(answer, workshop) == ()
        assert plan_from_json(plan_to_json(answer)) == answer
        given_plan = answer
    whole = Calendars(WORDS).whole(given_plan)
    assert whole == built(given_plan, WORDS)
    assert shown(whole) == sorted((start, minutes) for _, start, minutes, _ in in_calendars(given_plan))


def told(before: Plan, after: Plan) -> dict[str, int]:
    """Count what a revision does to the series: kept, changed, cancelled, new."""
    then = {(item.slot, item.ordinal): item for item in before.ledger().series}
    kinds = [
        "new" if old is None else "kept" if old == item else "cancelled" if item.cancelled else "changed"
        for item in after.ledger().series
        for old in (then.get((item.slot, item.ordinal)),)
    ]
    return {kind: kinds.count(kind) for kind in ("kept", "changed", "cancelled", "new")}


def test_move_changes_what_is_to_come() -> None:
    """After a week off from week 3 on, two weeks are untouched and all later series are changed, none is new."""
    first = plan()
    after = good(moved(first, Move(since=MONDAY + timedelta(14), to=MONDAY + timedelta(21)), on(14)))

    assert after.schedule.day(2, 6) == MONDAY + timedelta(13)
    assert after.schedule.day(3, 0) == MONDAY + timedelta(21)
    finished = sum(item.weeks[-1] <= 2 for item in first.ledger().series)
    later = sum(item.weeks[0] > 2 for item in first.ledger().series)
    running = len(first.ledger().series) - finished - later
    assert told(first, after) == {"kept": finished, "changed": later + running, "cancelled": 0, "new": running}


def test_move_within_a_week() -> None:
    """Who misses Wednesday to Friday begins again on Saturday with Wednesday's session; what was to come stays past."""
    first = plan()
    after = good(moved(first, Move(since=MONDAY + timedelta(9), to=MONDAY + timedelta(12)), on(12)))

    days = {start.date() for _, start, _, _ in in_calendars(after)}
    assert after.schedule.day(2, 2) == MONDAY + timedelta(12)
    assert {MONDAY + timedelta(day) for day in (9, 10, 11, 12)} <= days  # missed ones have been in calendars
    assert max(days) == MONDAY + timedelta(44)


def test_moves_back_no_further_than_the_plan() -> None:
    """A move can be taken back in part or as a whole, but never so that sessions come closer than in the plan."""
    away = good(moved(plan(), Move(since=MONDAY + timedelta(14), to=MONDAY + timedelta(28)), on(3)))
    sooner = good(moved(away, Move(since=MONDAY + timedelta(28), to=MONDAY + timedelta(21)), on(4)))

    assert sooner.schedule.day(3, 0) == MONDAY + timedelta(21)
    answer = moved(sooner, Move(since=MONDAY + timedelta(21), to=MONDAY + timedelta(13)), on(5))
    assert isinstance(answer, Problem)
    assert "closer together" in answer.what


def test_new_times() -> None:
    """New times hold from their day on, whatever was moved; times before stay."""
    away = good(moved(plan(), Move(since=MONDAY + timedelta(21), to=MONDAY + timedelta(28)), on(3)))
    after = good(moved(away, Move(since=MONDAY + timedelta(9), clocks={"am": time(6, 45), "aerobic_at": None}), on(4)))

    found = list(occurrences(after.programme, after.schedule))
    mornings = {(item.week, item.day): item.start.time() for item in found if item.slot is Slot.MORNING}
    assert {mornings[1, 0], mornings[2, 1]} == {time(8)}
    assert {mornings[2, 2], mornings[4, 0], mornings[6, 6]} == {time(6, 45)}
    assert after.schedule.day(4, 0) == MONDAY + timedelta(28)
    assert max(item.start.date() for item in found if item.slot is Slot.AEROBIC) < MONDAY + timedelta(9)


def test_stop_cancels_all_that_was_to_come() -> None:
    """After a stop the running series end the day before, and each later one is sent as cancelled, without alarm."""
    first = plan()
    after = good(stopped(first, MONDAY + timedelta(9), on(2)))
    events = icalendar.Calendar.from_ical(Calendars(WORDS).whole(after)).walk("VEVENT")
    cancelled = [event for event in events if event.get("status") == "CANCELLED"]

    assert told(first, after)["new"] == 0
    assert max(start for _, start, _, _ in in_calendars(after)).date() == MONDAY + timedelta(8)
    assert len(cancelled) == sum(item.weeks[0] > 2 for item in first.ledger().series)
    assert {str(event["sequence"]) for event in cancelled} == {"1"}
    assert not [event for event in cancelled if event.walk("VALARM") or "description" in event]


def test_uids_are_never_given_twice() -> None:
    """What is cancelled stays so: sessions that come back after a stop was put off have UIDs of their own."""
    first = good(stopped(plan(), MONDAY + timedelta(9), on(2)))
    longer = good(moved(first, Move(since=MONDAY + timedelta(3), to=MONDAY + timedelta(4)), on(3)))

    gone = {(item.slot, item.ordinal) for item in first.ledger().series if item.cancelled}
    assert gone
    assert gone <= {(item.slot, item.ordinal) for item in longer.ledger().series if item.cancelled}


def test_clock_that_goes_back() -> None:
    """DTSTAMP goes up even if a revision is said to be older than the one before."""
    first = good(moved(plan(), Move(since=MONDAY + timedelta(14), to=MONDAY + timedelta(21)), on(10)))
    second = good(moved(first, Move(since=MONDAY + timedelta(21), to=MONDAY + timedelta(28)), on(1)))

    changed = [item for item in second.ledger().series if item not in first.ledger().series]
    assert min(item.changed for item in changed) > max(item.changed for item in first.ledger().series)


def test_new_uids() -> None:
    """New UIDs share none with those before, are the same for the same plan, and leave out what was cancelled."""
    first = good(stopped(plan(), MONDAY + timedelta(9), on(2)))
    write = Calendars(WORDS).whole
    fresh = renewed(first, on(3))
    uids = [
        {str(event["uid"]) for event in icalendar.Calendar.from_ical(write(item)).walk("VEVENT")}
        for item in (first, fresh, renewed(fresh, on(3)))
    ]

    assert not uids[0] & uids[1]
    assert not uids[1] & uids[2]
    assert write(fresh) == write(renewed(first, on(3)))
    assert shown(write(fresh)) == shown(write(first))
    assert b"CANCELLED" not in write(fresh)


def test_parts() -> None:
    """Split files hold one series each, those of the whole one, and bring no calendar of their own."""
    given_plan = good(stopped(plan(), MONDAY + timedelta(9), on(2)))
    parts = Calendars(WORDS).parts(given_plan)
    events = [icalendar.Calendar.from_ical(data).walk("VEVENT") for data in parts.values()]

    assert {len(found) for found in events} == {1}
    whole = icalendar.Calendar.from_ical(Calendars(WORDS).whole(given_plan)).walk("VEVENT")
    assert [found[0].to_ical() for found in events] == [event.to_ical() for event in whole]
    assert not [data for data in parts.values() if b"X-WR-CALNAME" in data]
    assert [*parts][:2] == ["am-01", "am-02"]
    for item, data in zip(given_plan.ledger().series, parts.values(), strict=True):
        assert data == built(given_plan, WORDS, [item])


def test_feed() -> None:
    """A feed tells how often to fetch it, and what was cancelled is gone from it."""
    given_plan = good(stopped(plan(), MONDAY + timedelta(9), on(2)))
    data = Calendars(WORDS).feed(given_plan)

    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n" in data
    assert b"CANCELLED" not in data
    assert shown(data) == shown(Calendars(WORDS).whole(given_plan))


def test_feed_of_nothing() -> None:
    """The feed of a plan that was stopped before it began still holds something, all of it cancelled."""
    data = Calendars(WORDS).feed(good(stopped(plan(), MONDAY, on(-1))))

    assert shown(data) == []
    assert data.count(b"STATUS:CANCELLED") == data.count(b"BEGIN:VEVENT") > 0
    assert data.count(b"SUMMARY:Cancelled: ") == data.count(b"BEGIN:VEVENT")


CLOCKS = (time(0), time(0, 10), time(1, 30), time(1, 55), time(2), time(2, 15), time(2, 59), time(8), time(22, 50))


@given(
    zone=st.sampled_from(sorted(zone_names())),
    start=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    am=st.sampled_from(CLOCKS),
    days=st.integers(0, 40),
)
@settings(deadline=None, max_examples=60, derandomize=True)
def test_stamped_is_built(zone: str, start: date, am: time, days: int) -> None:
    """In any zone, also where clocks change, a stamped file has the bytes of one built by icalendar, moved or not."""
    wanted = Request(profile="stretch-only", weeks=5, per_day=1, id="A1", timezone=zone, start=start, am=am)
    given_plan = planned(wanted)
    assume(isinstance(given_plan, Plan))
    assert isinstance(given_plan, Plan)
    since = start + timedelta(days=days % 35)
    after = moved(given_plan, Move(since=since, to=since + timedelta(days=days)), ISSUED)

    assert STAMPING.whole(given_plan) == built(given_plan, WORDS)
    assert in_calendars(given_plan) == in_plan(given_plan)
    if isinstance(after, Plan):
        assert STAMPING.whole(after) == built(after, WORDS)


@pytest.mark.parametrize(
    ("zone", "start", "am", "end"),
    [
        ("Europe/London", date(2027, 3, 28), time(0, 55), ";TZID=Europe/London:20270328T020400"),
        ("Europe/London", date(2027, 10, 31), time(1, 55), ":20271031T010400Z"),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(1, 55), ";TZID=Australia/Lord_Howe:20271003T023400"),
        ("Asia/Beirut", date(2027, 3, 27), time(23, 55), ";TZID=Asia/Beirut:20270328T010400"),
    ],
)
def test_stamped_over_a_change_of_clocks(zone: str, start: date, am: time, end: str) -> None:
    """A first session over a change of clocks ends after its minutes, in a stamped file as in a built one."""
    given_plan = plan(dataclasses.replace(REQUEST, weeks=1, start=start, am=am), zone)
    data = STAMPING.whole(given_plan)

    assert data == built(given_plan, WORDS)
    assert f"DTEND{end}\r\n".encode() in data


def test_stamped_reads_as_icalendar_writes() -> None:
    """Unfolded, a built file has the lines of icalendar's own serialisation, which folds more narrowly."""
    data = built(plan(), WORDS)
    own = icalendar.Calendar.from_ical(data).to_ical(sorted=False)

    assert data.replace(b"\r\n ", b"") == own.replace(b"\r\n ", b"")


def test_crowded_zone_is_said() -> None:
    """Only a zone whose clocks change more than twice in the plan's days has a warning."""
    wanted = dataclasses.replace(REQUEST, timezone="Africa/Casablanca", start=date(2014, 3, 20), weeks=26)
    crowded, usual = planned(wanted), plan()
    assert isinstance(crowded, Plan)

    assert [problem.where for problem in STAMPING.notices(crowded)] == ["timezone"]
    assert STAMPING.notices(usual) == ()


def test_plan_without_a_record() -> None:
    """A plan file from before the record counts as issued with all its series, their SEQUENCE the revisions so far."""
    old = dataclasses.replace(plan(), revision=3)
    after = good(moved(old, Move(since=MONDAY + timedelta(16), to=MONDAY + timedelta(23)), on(14)))

    assert {item.sequence for item in old.ledger().series} == {2}
    assert {item.sequence for item in after.ledger().series} == {0, 2, 3}
    assert min(item.ordinal for item in after.ledger().series if item.sequence == 0) > 182


def test_gap_is_a_series_of_its_own() -> None:
    """A session that clocks jump over begins at the first minute after it, and the others keep their time."""
    given_plan = plan(Request(profile="stretch-only", per_day=1, am=time(1, 30), start=date(2027, 3, 22), weeks=2))
    starts = {item.start for item in occurrences(given_plan.programme, given_plan.schedule)}
    odd = [item for item in given_plan.ledger().series if item.at != time(1, 30)]

    assert date(2027, 3, 28).isoformat() + "T02:00:00+01:00" in {start.isoformat() for start in starts}
    assert {start.time() for start in starts if start.date() != date(2027, 3, 28)} == {time(1, 30)}
    assert [(item.begin, item.at, item.count) for item in odd] == [(date(2027, 3, 28), time(2), 1)]
    assert in_calendars(given_plan) == in_plan(given_plan)


def test_notices_of_a_move() -> None:
    """A move by other than whole weeks names the day that keeps the weekdays, a longer one the step back."""
    first = plan()

    assert notices(first, Move(since=MONDAY + timedelta(9), to=MONDAY + timedelta(10))) == (
        f"sessions and days off fall on other weekdays now; to keep them, put off to {MONDAY + timedelta(16)}",
    )
    assert notices(first, Move(since=MONDAY + timedelta(9), to=MONDAY + timedelta(16))) == (
        "after 7 days without, a step back may suit: planmaker adjust here/A1.json --week 2 --step stay",
    )
    assert notices(first, Move(since=MONDAY, clocks={"am": time(9)})) == ()


def notices(given_plan: Plan, move: Move) -> tuple[str, ...]:
    """Move a plan and return what is said of it."""
    return moving_notices(given_plan, good(moved(given_plan, move, on(0))), move, "here/A1.json")


@pytest.mark.parametrize(("to", "weekdays"), [(19, True), (24, False)])
def test_notice_and_move_count_alike(to: int, weekdays: bool) -> None:  # noqa: FBT001 - a parameter
    """From a date between two plan days, the notice counts from the next one, as the move does."""
    away = good(moved(plan(), Move(since=MONDAY + timedelta(9), to=MONDAY + timedelta(16)), on(3)))
    move = Move(since=MONDAY + timedelta(11), to=MONDAY + timedelta(to - 1))

    after = good(moved(away, move, on(4)))

    shift = after.schedule.day(2, 2) - away.schedule.day(2, 2)
    assert shift == timedelta(to - 17)
    assert any("other weekdays" in text for text in notices(away, move)) == weekdays == bool(shift.days % 7)


@pytest.mark.parametrize("since", [9, 11])
def test_move_by_nothing(since: int) -> None:
    """A move that puts off by no day is refused, also from a date between two plan days."""
    away = good(moved(plan(), Move(since=MONDAY + timedelta(9), to=MONDAY + timedelta(16)), on(3)))
    given_plan = plan() if since == 9 else away
    to = MONDAY + timedelta(9 if since == 9 else 16)

    answer = moved(given_plan, Move(since=MONDAY + timedelta(since), to=to), on(4))

    assert isinstance(answer, Problem)
    assert answer.where == "to"


def test_stop_put_off() -> None:
    """A stop can be put off to any day of the plan, and taken back by the day after its last; the same is refused."""
    first, last = plan(), MONDAY + timedelta(41)
    short = good(stopped(first, MONDAY + timedelta(9), on(2)))

    later = good(stopped(short, MONDAY + timedelta(30), on(3)))
    whole = good(stopped(short, last + timedelta(1), on(3)))

    assert in_calendars(later) == in_plan(later) < in_plan(first)
    assert in_calendars(whole) == in_calendars(first)
    for given_plan, day in ((short, MONDAY + timedelta(9)), (short, last + timedelta(2)), (first, last + timedelta(1))):
        assert isinstance(stopped(given_plan, day, on(4)), Problem)


def test_move_across_a_stop() -> None:
    """A move that brings sessions behind the stop says how many, and which stop would have them again."""
    short = good(stopped(plan(), MONDAY + timedelta(21), on(2)))
    move = Move(since=MONDAY + timedelta(14), to=MONDAY + timedelta(18))

    after = good(moved(short, move, on(3)))
    again = good(stopped(after, MONDAY + timedelta(25), on(3)))

    lost = len(in_plan(short)) - len(in_plan(after))
    assert lost > 0
    assert (
        f"left out: {lost}; to have them, put it off: planmaker stop here/A1.json --on {MONDAY + timedelta(25)}"
        in (notices(short, move)[-1])
    )
    assert len(in_plan(again)) == len(in_plan(short))
    behind = moved(short, Move(since=MONDAY + timedelta(21), to=MONDAY + timedelta(22)), on(3))
    assert isinstance(behind, Problem)
    assert "the plan stops on" in behind.what


@pytest.mark.parametrize(
    ("stop", "weeks", "period"), [(0, 0, "stopped before 4 January 2027"), (9, 2, "4 to 12 January 2027")]
)
def test_what_a_stop_leaves(stop: int, weeks: int, period: str) -> None:
    """A stopped plan has the weeks that begin before its stop, and the days up to it; none, if it never begins."""
    short = good(stopped(plan(), MONDAY + timedelta(stop), on(-1)))

    assert weeks_left(short.programme, short.schedule) == weeks
    assert WORDS.period(short.schedule.start, short.schedule.end(6)) == period
    assert len(shortened(short.programme, short.schedule).weeks) == max(weeks, 1)


def test_nothing_left_to_renew() -> None:
    """A plan of which all is cancelled keeps its UIDs: a calendar has to hold something (RFC 5545 3.6)."""
    over = good(stopped(plan(), MONDAY, on(-1)))

    assert renewed(over, on(0)) == over
    assert b"BEGIN:VEVENT" in Calendars(WORDS).feed(renewed(over, on(0)))


def test_no_version_that_cannot_be_read(workshop: Workshop) -> None:
    """No change gives a version after the last that can be read, or turns outside the programme."""
    full = dataclasses.replace(plan(), revision=9999)
    away = good(moved(plan(), Move(since=MONDAY + timedelta(35), to=MONDAY + timedelta(42)), on(3)))
    programme = dataclasses.replace(away.programme, weeks=away.programme.weeks[:4])

    last = next_version(dataclasses.replace(full, revision=9998), on(1))
    answers = (stopped(full, MONDAY, on(1)), next_version(full, on(1)), next_version(away, on(4), programme=programme))

    assert plan_problems(good(last), workshop) == ()
    assert [answer.where for answer in answers if isinstance(answer, Problem)] == [
        "revision",
        "revision",
        "schedule.turns",
    ]


def test_edit_of_the_past_leaves_it_in_calendars() -> None:
    """If an edited plan leaves out a week that is over, calendars keep what they had of it."""
    first = plan()
    fewer = dataclasses.replace(first.programme.weeks[0], sessions=first.programme.weeks[0].sessions[:1])
    edited = dataclasses.replace(
        first, programme=dataclasses.replace(first.programme, weeks=(fewer, *first.programme.weeks[1:])), revision=2
    )
    after = revised(edited, first.ledger(), on(10))

    assert told(first, after)["kept"] == len(first.ledger().series)


# From the command line


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".pdf", ".ics", ".json"}
    }


@pytest.mark.parametrize(
    "change",
    [
        ("move", "--from", "2027-01-20", "--to", "2027-01-27"),
        ("move", "--from", "2027-01-20", "--am", "07:15", "--aerobic-at", "none"),
        ("stop", "--on", "2027-01-20"),
    ],
)
def test_verbs(change: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """Move and stop write the next version of sheet, calendar and plan, the same bytes for the same input."""
    run("make", "--profile", "full", "--id", "A1", *WHEN)
    verb, *rest = change

    outcome = run(verb, "out/A1.json", *rest, "--issued", "2027-01-19T09:00:00Z", "--out", "new")
    run(verb, "out/A1.json", *rest, "--issued", "2027-01-19T09:00:00Z", "--out", "again")

    assert outcome.code == 0, outcome.err
    assert files(tmp_path / "new") == files(tmp_path / "again")
    assert json.loads((tmp_path / "new" / "A1.json").read_text(encoding="utf-8"))["revision"] == 2
    assert run("check", "new/A1.json").code == 0
    assert run("render", "new/A1.json", "--out", "third", "--format", "ics").code == 0
    assert (tmp_path / "third" / "A1.ics").read_bytes() == (tmp_path / "new" / "A1.ics").read_bytes()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("move", "--from", "2027-01-20"), "type what is to change"),
        (("move", "--from", "soon", "--to", "2027-01-27"), "--from: expected a date"),
        (("move", "--from", "2027-01-20", "--am", "noon-ish"), "--am: "),
        (("move", "--from", "2026-01-20", "--to", "2027-01-27"), "--from: expected a day of the plan"),
        (("move", "--from", "2027-01-20", "--to", "2027-01-20"), "--to: expected another day"),
        (("move", "--from", "2027-01-20", "--to", "2027-01-19"), "--to: expected a later day"),
        (("move", "--from", "2027-01-20", "--to", "2029-01-19"), "--to: expected at most 366 days"),
        (("move", "--from", "2027-01-20", "--am", "20:00"), "--pm: expected a time after am"),
        (("stop", "--on", "2028-01-20"), "--on: expected a day of the plan"),
        (("adjust", "--week", "7", "--step", "stay"), "--week: expected a week of the plan"),
    ],
)
def test_wrong_options(command: tuple[str, ...], says: str, run: Run, tmp_path: Path) -> None:
    """What cannot be read and what the plan does not allow is a fault of the option by name; nothing is written."""
    run("make", "--profile", "full", "--id", "A1", "--format", "json", *WHEN)
    verb, *rest = command

    outcome = run(verb, "out/A1.json", *rest, "--out", "new")

    assert outcome.code == 2
    assert outcome.err[0].startswith(says)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"stop": null', '"stop": "0001-01-01"', "expected a day such as 2027-03-01 @ schedule.stop"),
        ('"am": "08:00"', '"am": "08:00+02:00"', "expected a time such as 08:00 @ schedule.am"),
        ('"am": "08:00"', '"am": "08:00:30"', "expected a time such as 08:00 @ schedule.am"),
        ('"revision": 1', '"revision": 9999', "revision: no version comes after 9999"),
        (
            '"turns": []',
            '"turns": [{"week":9,"day":0,"later":1,"am":"08:00","pm":"18:00","aerobic_at":null}]',
            "schedule.turns: ",
        ),
    ],
)
@pytest.mark.parametrize(
    "verb", [("render",), ("stop", "--on", "2027-01-20"), ("adjust", "--week", "2", "--step", "stay")]
)
def test_edited_too_far(verb: tuple[str, ...], old: str, new: str, says: str, run: Run, tmp_path: Path) -> None:
    """A plan edited to what cannot be drawn or read again is refused in one line, before anything is written."""
    run("make", "--profile", "full", "--id", "A1", "--format", "json", *WHEN)
    path = tmp_path / "out" / "A1.json"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    found = path.read_bytes()

    outcome = run(verb[0], "out/A1.json", *verb[1:])

    assert outcome.code == 4
    assert outcome.err == [outcome.err[0]]
    assert outcome.err[0].startswith(f"A1.json: {says}")
    assert files(path.parent) == {"A1.json": found}


CHANGE = ("move", "out/A1.json", "--from", "2027-01-20", "--to", "2027-01-27", "--issued", "2027-01-19T09:00:00Z")
AGAIN = ("render", "out/A1.json", "--issued", "2027-01-19T09:00:00Z")


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ((*CHANGE, "--format", "ics"), True),
        ((*CHANGE, "--format", "pdf", "--only", "weeks=3-4"), True),
        (("adjust", "out/A1.json", "--week", "3", "--step", "stay", "--only", "weeks=3-4"), True),
        ((*CHANGE, "--password-file", "secret"), True),
        (("stop", "out/A1.json", "--on", "2027-01-20", "--password-file", "secret"), True),
        ((*AGAIN, "--format", "ics", "--new-uids"), True),
        ((*AGAIN, "--format", "ics", "--calendar-url", "https://x.example/{token}.ics"), True),
        ((*AGAIN, "--format", "ics"), False),
        ((*AGAIN, "--only", "weeks=3-4"), False),
        ((*AGAIN, "--password-file", "secret"), False),
    ],
)
def test_change_is_kept(command: tuple[str, ...], written: bool, run: Run, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter
    """Whatever is wished, a change goes into the plan's own file, where the next one finds it; no change leaves it."""
    if "--password-file" in command:
        pytest.importorskip("pikepdf", reason="pip install pikepdf")
    (tmp_path / "secret").write_text("a secret", encoding="utf-8")
    run("make", "--profile", "full", "--id", "A1", "--format", "json", *WHEN)
    path = tmp_path / "out" / "A1.json"
    found = path.read_bytes()

    outcome = run(*command)

    assert outcome.code == 0, outcome.err
    assert (path.read_bytes() != found) == ("out/A1.json" in outcome.out.split()) == written
    assert any("A1.json is written too: the next change goes on from it" in line for line in outcome.err) == written
    assert run("check", "out/A1.json").code == 0


def test_edit_is_kept(run: Run, tmp_path: Path) -> None:
    """An edited plan that is rendered in one format goes into its file as its next version, once."""
    run("make", "--profile", "full", "--id", "A1", "--format", "json", *WHEN)
    path = tmp_path / "out" / "A1.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"am": "08:00"', '"am": "08:30"', 1), encoding="utf-8")

    for _ in range(2):
        assert run("render", "out/A1.json", "--format", "ics").code == 0

        assert plan_from_json(path.read_text(encoding="utf-8")).revision == 2


@pytest.mark.parametrize("name", ["sequence", "minutes", "reminder_minutes"])
def test_numbers_of_the_record(name: str, run: Run, tmp_path: Path) -> None:
    """A number in the record that no calendar can hold is refused."""
    run("make", "--profile", "stretch-only", "--id", "A1", "--format", "json", *WHEN)
    path = tmp_path / "out" / "A1.json"
    before, calendar, rest = path.read_text(encoding="utf-8").partition('"calendar"')
    path.write_text(
        before + calendar + re.sub(rf'"{name}": \d+', f'"{name}": {10**13}', rest, count=1), encoding="utf-8"
    )

    outcome = run("check", "out/A1.json")

    assert (outcome.code, outcome.err) == (
        4,
        ["A1.json: calendar: expected the record as planmaker wrote it; do not edit it"],
    )


@pytest.mark.parametrize("verb", [CHANGE, ("stop", "out/A1.json", "--on", "2027-01-20"), AGAIN])
def test_beside_the_plan(verb: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    """A plan that is there is written beside its file and under its name, whatever its id; or it is said otherwise."""
    run("make", "--profile", "stretch-only", "--id", "B7", "--out", "plans", "--stem", "A1", "--format", "json", *WHEN)
    command = (verb[0], "plans/A1.json", *verb[2:], "--format", "ics,json")
    (tmp_path / "plans" / "A1.json").write_text(
        (tmp_path / "plans" / "A1.json").read_text(encoding="utf-8").replace('"am": "08:00"', '"am": "08:30"', 1),
        encoding="utf-8",
    )

    elsewhere = run(*command, "--out", "new")
    other = run(*command, "--stem", "C3")
    beside = run(*command)

    assert elsewhere.err[1:2] == ["plans/A1.json stays as it was; the next change goes on from new/A1.json"]
    assert other.err[1:2] == ["plans/A1.json stays as it was; the next change goes on from plans/C3.json"]
    assert not [line for line in beside.err if "stays as it was" in line]
    assert set(files(tmp_path / "plans")) == {"A1.ics", "A1.json", "C3.ics", "C3.json"}
    assert plan_from_json((tmp_path / "plans" / "A1.json").read_text(encoding="utf-8")).revision == 2
    assert not (tmp_path / "out").exists()


def test_plan_in_a_pdf_does_not_change(run: Run, tmp_path: Path) -> None:
    """A change of a plan in a PDF, which would not go into it, is refused with the way to its .json."""
    pytest.importorskip("pikepdf", reason="pip install pikepdf")
    run("make", "--profile", "stretch-only", "--weeks", "1", "--id", "A1", "--format", "pdf", "--embed-plan", *WHEN)
    says = "A1.pdf: expected a plan's .json; planmaker render out/A1.pdf --format json writes the one in this PDF"

    for verb, *rest in (("stop", "--on", "2027-01-12"), ("calendar", "--publish", "www")):
        outcome = run(verb, "out/A1.pdf", *rest)

        assert (outcome.code, outcome.err) == (4, [says])
    assert list(files(tmp_path / "out")) == ["A1.pdf"]
    assert run("render", "out/A1.pdf", "--format", "json").out.split() == ["out/A1.json"]


def test_nothing_to_renew_is_said(run: Run, tmp_path: Path) -> None:
    """A plan stopped before its first day keeps its UIDs, says so, and is still a calendar when published."""
    run("make", "--profile", "stretch-only", "--id", "A1", "--format", "json", *WHEN)

    outcome = run(
        "stop", "out/A1.json", "--on", "2027-01-11", "--new-uids", "--format", "ics", "--issued", "2027-01-06T09:00Z"
    )
    run("calendar", "out/A1.json", "--publish", "www")

    assert any(line.startswith("--new-uids: all that calendars have") for line in outcome.err)
    (data,) = files(tmp_path / "www").values()
    assert b"BEGIN:VEVENT" in data


def test_publish_into_no_folder(run: Run, tmp_path: Path) -> None:
    """A folder that cannot be published into is refused by the option's name, before the plan gets a token."""
    run("make", "--profile", "stretch-only", "--id", "A1", "--format", "json", *WHEN)
    found = (tmp_path / "out" / "A1.json").read_bytes()

    outcome = run("calendar", "out/A1.json", "--publish", "out/A1.json")

    assert outcome.code == 2
    assert "--publish" in outcome.err[-1]
    assert (tmp_path / "out" / "A1.json").read_bytes() == found
    below = run("calendar", "out/A1.json", "--publish", "out/A1.json/www")
    assert below.code == 5
    assert below.err[-1].endswith("is not a folder; choose another with --publish")


def test_notice_names_the_plan(run: Run) -> None:
    """The command that a move advises can be typed as it stands."""
    run("make", "--profile", "full", "--id", "A1", "--format", "json", *WHEN)

    outcome = run(*CHANGE, "--format", "json")

    (advice,) = [line.partition(": planmaker ")[2] for line in outcome.err if "a step back may suit" in line]
    assert run(*advice.split()).code == 0


def test_moved_sheet_names_its_weekdays(run: Run, tmp_path: Path) -> None:
    """On the paper of a moved plan each week has its own weekdays and dates, and new times where they begin."""
    run("make", "--profile", "full", "--id", "A1", *WHEN)
    moves = ("--from", "2027-01-20", "--to", "2027-01-22", "--am", "07:15")
    run("move", "out/A1.json", *moves, "--issued", "2027-01-19T09:00:00Z", "--out", "new")
    pypdf = pytest.importorskip("pypdf")

    text = " ".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "new" / "A1.pdf").pages).split()

    assert "Morning 08:00, then 07:15" in " ".join(text)
    assert "Mon Tue Fri Sat Sun Mon Tue" in " ".join(word for word in text if word in DAYS)


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def test_split(run: Run, tmp_path: Path) -> None:
    """With --split each series has a file of its own beside the whole one, named by stem, slot and ordinal."""
    run("make", "--profile", "stretch-only", "--id", "A1", "--name", "Zoe", "--format", "ics", "--split", *WHEN)

    names = [path.name for path in sorted((tmp_path / "out").iterdir())]
    assert names[:2] == ["A1+am-01.ics", "A1+am-02.ics"]
    assert names[-1] == "A1.ics"


def test_new_uids_option(run: Run, tmp_path: Path) -> None:
    """Each --new-uids from the same plan on gives UIDs that it never had, the same each time it is asked."""
    run("make", "--profile", "full", "--id", "A1", "--format", "ics,json", *WHEN)
    again = ("--new-uids", "--format", "ics,json", "--issued", "2027-01-19T09:00:00Z")
    run("render", "out/A1.json", *again, "--out", "one")
    run("render", "out/A1.json", *again, "--out", "same")
    run("render", "one/A1.json", *again, "--out", "two")

    uids = [
        {line for line in (tmp_path / name / "A1.ics").read_bytes().splitlines() if line.startswith(b"UID:")}
        for name in ("out", "one", "two")
    ]
    assert len(set.union(*uids)) == sum(map(len, uids))
    assert files(tmp_path / "one") == files(tmp_path / "same")


def test_publish(run: Run, tmp_path: Path) -> None:
    """A plan is published under a name that stays the same and is kept in the plan; a changed plan overwrites it."""
    url = "https://clinic.example/{token}.ics"
    run("make", "--profile", "full", "--id", "A1", "--format", "ics,json", "--calendar-url", url, *WHEN)
    first = run("calendar", "out/A1.json", "--publish", "www")
    run("stop", "out/A1.json", "--on", "2027-01-20", "--issued", "2027-01-19T09:00:00Z", "--format", "json")
    second = run("calendar", "out/A1.json", "--publish", "www")

    (name,) = files(tmp_path / "www")
    assert first.code == second.code == 0
    assert first.out == second.out
    assert first.out.splitlines()[1] == f"https://clinic.example/{name}"
    plan = plan_from_json((tmp_path / "out" / "A1.json").read_text(encoding="utf-8"))
    assert plan.feed is not None
    assert plan.feed.address == f"https://clinic.example/{name}"
    assert len(plan.feed.token) == 32


def test_made_again_under_the_same_name(run: Run, tmp_path: Path) -> None:
    """A plan that is made again keeps the address that phones follow; another id has another."""
    url = ("--calendar-url", "https://clinic.example/{token}.ics")
    make = ("make", "--profile", "stretch-only", "--weeks", "1", "--format", "ics", *url, *WHEN)
    tokens = []
    for code in ("A1", "A1", "A2"):
        run(*make, "--id", code)
        plan = plan_from_json((tmp_path / "out" / f"{code}.json").read_text(encoding="utf-8"))
        tokens.append(plan.feed and plan.feed.token)

    assert tokens[0] == tokens[1] != tokens[2]


def test_publish_makes_a_token(run: Run, tmp_path: Path) -> None:
    """A plan without a token gets one, once; no two plans have the same."""
    for code in ("A1", "A2"):
        run("make", "--profile", "full", "--id", code, "--format", "json", *WHEN)
        run("calendar", f"out/{code}.json", "--publish", "www")
        run("calendar", f"out/{code}.json", "--publish", "www")

    assert len(files(tmp_path / "www")) == 2
    assert run("check", "out/A1.json").code == 0


@pytest.mark.parametrize("url", ["ftp://x/{token}.ics", "https://x/plan.ics", "https://x/{token}\n.ics", "x{token}"])
def test_bad_address(url: str, run: Run) -> None:
    """An address without a token or of another kind is refused."""
    outcome = run("make", "--profile", "full", "--calendar-url", url, *WHEN)

    assert outcome.code == 2
    assert outcome.err[0].startswith("--calendar-url: expected ")


def test_import_steps(run: Run) -> None:
    """The steps for importing name each program, how to, and what it ignores."""
    blocks = run("calendar", "--help-import").out.split("\n\n")[1:]

    heads = " ".join(block.splitlines()[0] for block in blocks)
    for name in (
        "Google",
        "Apple",
        "New Outlook",
        "on the web",
        "Classic Outlook",
        "Thunderbird",
        "Android",
        "Nextcloud",
    ):
        assert name in heads
    assert all("  Ignores: " in block for block in blocks)


# A roster that comes again

ROSTER = "id,profile,start,am,aerobic_at,weeks\nA1,full,2027-01-11,08:00,12:30,6\nA2,stretch-only,,07:00,,4\n"
BATCH = ("batch", "roster.csv", "--format", "ics,json", "--jobs", "1", "--timezone", "Europe/London")


def batched(run: Run, tmp_path: Path, roster: str, day: str, *options: str) -> dict[str, bytes]:
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    outcome = run(*BATCH, "--issued", f"{day}T09:00:00Z", *options)
    assert outcome.code == 0, outcome.err
    return files(tmp_path / "out")


def test_same_row_same_bytes(run: Run, tmp_path: Path) -> None:
    """A roster that comes again later gives the same bytes, also where a row names no start."""
    first = batched(run, tmp_path, ROSTER, "2027-01-05")

    assert batched(run, tmp_path, ROSTER, "2027-02-01") == first


@pytest.mark.parametrize(("old", "new"), [("08:00", "08:30"), ("2027-01-11", "2027-01-25"), ("12:30", "none")])
def test_changed_row_is_a_revision(old: str, new: str, run: Run, tmp_path: Path) -> None:
    """A row with another start or time gives its plan's next version and leaves the others as they were."""
    first = batched(run, tmp_path, ROSTER, "2027-01-05")
    second = batched(run, tmp_path, ROSTER.replace(old, new), "2027-01-20")

    before, after = (plan_from_json(found["A1.json"].decode()) for found in (first, second))
    assert (before.revision, after.revision) == (1, 2)
    check_told(before, after, datetime(2027, 1, 20, 9, tzinfo=UTC))
    assert told(before, after)["kept"] > 0
    assert first["A2.ics"] == second["A2.ics"]
    assert batched(run, tmp_path, ROSTER.replace(old, new), "2027-01-30") == second


def test_row_keeps_adjustments(run: Run, tmp_path: Path) -> None:
    """What was adjusted or moved since stays when the row comes again, and when another time is put there."""
    batched(run, tmp_path, ROSTER, "2027-01-05")
    run(
        "adjust",
        "out/A1.json",
        "--week",
        "3",
        "--step",
        "stay",
        "--format",
        "ics,json",
        "--issued",
        "2027-01-20T09:00Z",
    )
    move = ("--from", "2027-01-26", "--to", "2027-02-02", "--format", "ics,json", "--issued", "2027-01-25T09:00Z")
    run("move", "out/A1.json", *move)
    adjusted_files = files(tmp_path / "out")

    assert batched(run, tmp_path, ROSTER, "2027-01-26") == adjusted_files
    later = plan_from_json(batched(run, tmp_path, ROSTER.replace("08:00", "08:30"), "2027-01-26")["A1.json"].decode())
    before = plan_from_json(adjusted_files["A1.json"].decode())
    assert later.programme == before.programme
    assert later.schedule.day(4, 0) == before.schedule.day(4, 0)
    assert (before.revision, later.revision) == (3, 4)


@pytest.mark.parametrize(
    ("text", "says"),
    [("{}", "cannot be read as a plan"), (None, "was edited by hand")],
)
def test_file_that_cannot_go_on(text: str | None, says: str, run: Run, tmp_path: Path) -> None:
    """A row whose plan in the folder is broken or edited is refused, and that file is left as it is."""
    first = batched(run, tmp_path, ROSTER, "2027-01-05")
    path = tmp_path / "out" / "A1.json"
    path.write_text(text or first["A1.json"].decode().replace("08:00", "08:15"), encoding="utf-8")
    kept = path.read_bytes()

    outcome = run(*BATCH, "--issued", "2027-01-06T09:00:00Z")

    assert outcome.code == 3
    assert says in "\n".join(outcome.err)
    assert path.read_bytes() == kept


def test_gap_is_said(run: Run, tmp_path: Path) -> None:
    """A plan with a session in the hour that clocks jump over is made, and its row says so."""
    roster = "id,profile,start,am,per_day\nA1,stretch-only,2027-03-22,01:30,1\n"
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")

    outcome = run(*BATCH, "--issued", "2027-01-06T09:00:00Z")

    assert outcome.code == 0
    assert outcome.err[0] == (
        "roster.csv:2: am: the clocks go forward over 01:30 on 2027-03-28; the session of that day begins at 02:00"
    )
