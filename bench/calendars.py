"""Write the same twelve-week calendar by planmaker and by its peers; say how fast, how large, how much faster.

Run as ``python bench/calendars.py [COUNT]``, COUNT being how many people's files are stamped (10,000). Each has another
code, the starts go round over a year and the times over a morning; only what all of them share is kept. Times are the
least of several rounds, on one core. The peers write as many events, with the same texts; none of them says what is
cached, so each builds its file anew, as it has to. (Named in the plural: ``calendar`` is a module of Python's own.)
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from importlib.metadata import version
from typing import TYPE_CHECKING

from icalendar import Calendar as Read

from planmaker.ics import built
from planmaker.plan import Plan
from planmaker.request import Request
from planmaker.workshop import Order, open_workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from icalendar import Event

MANY = 10_000
ROUNDS = 5
MONDAY = date(2027, 1, 11)
INSTALL = "pip install -e '.[bench]'"


def people(plan: Plan, count: int) -> Iterator[Plan]:
    """Yield the plan as given to others, on other days and at other times."""
    for number in range(count):
        person = dataclasses.replace(plan.person, id=f"A-{number}")
        start, am = MONDAY + timedelta(days=number % 364), clock(6 + number % 3, number % 60)
        yield dataclasses.replace(
            plan, person=person, schedule=dataclasses.replace(plan.schedule, start=start, am=am, pm=clock(19))
        )


def with_ics(events: list[Event]) -> str:
    """Write events with ics.py, which has no rules of its own."""
    import ics
    from ics.grammar.parse import ContentLine

    calendar = ics.Calendar()
    for event in events:
        made = ics.Event(
            uid=str(event["uid"]),
            name=str(event["summary"]),
            begin=event.start,
            end=event.end,
            description=str(event["description"]),
            alarms=[ics.DisplayAlarm(trigger=timedelta(minutes=-10))],
        )
        made.extra.append(ContentLine(name="RRULE", value=event["rrule"].to_ical().decode()))
        calendar.events.add(made)
    return calendar.serialize()


def with_vobject(events: list[Event]) -> str:
    """Write events with vobject."""
    import vobject

    calendar = vobject.iCalendar()
    for event in events:
        made = calendar.add("vevent")
        for name in ("uid", "summary", "description"):
            made.add(name).value = str(event[name])
        made.add("dtstart").value = event.start
        made.add("dtend").value = event.end
        made.add("rrule").value = event["rrule"].to_ical().decode()
        alarm = made.add("valarm")
        alarm.add("action").value = "DISPLAY"
        alarm.add("description").value = str(event["summary"])
        alarm.add("trigger").value = timedelta(minutes=-10)
    text: str = calendar.serialize()
    return text


def with_ical(events: list[Event]) -> str:
    """Write events with ical."""
    from ical.alarm import Alarm
    from ical.calendar import Calendar
    from ical.calendar_stream import IcsCalendarStream
    from ical.event import Event as Made
    from ical.types import Recur

    calendar = Calendar()
    for event in events:
        title = str(event["summary"])
        calendar.events.append(
            Made(
                uid=str(event["uid"]),
                summary=title,
                dtstart=event.start,
                dtend=event.end,
                description=str(event["description"]),
                rrule=Recur.from_rrule(event["rrule"].to_ical().decode()),
                alarm=[Alarm(action="DISPLAY", description=title, trigger=timedelta(minutes=-10))],
            )
        )
    return IcsCalendarStream.calendar_to_ics(calendar)


PEERS: dict[str, Callable[[list[Event]], str]] = {"ics": with_ics, "vobject": with_vobject, "ical": with_ical}


def least(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest round."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def main(count: int) -> None:
    """Print the figures."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    workshop = open_workshop()
    words, write = workshop.words["en"], workshop.calendars("en").whole
    request = Request(profile="full", weeks=12, id="A-1", timezone="Europe/London", start=MONDAY)
    plan = workshop.plan(request, Order(issued=datetime(2027, 1, 5, 9, tzinfo=UTC)))
    if not isinstance(plan, Plan):
        raise TypeError(plan)
    many = list(people(plan, count))
    for other in many[:400]:
        write(other)
    stamped = least(lambda: [write(other) for other in many]) / count
    data = write(plan)
    events = list(Read.from_ical(data).walk("VEVENT"))
    out = sys.stdout.write
    out(f"planmaker {version('planmaker')}, twelve weeks, full, {len(events)} series, on one core\n")
    out(f"  stamped for a person   {stamped * 1e3:8.3f} ms   {1 / stamped:8.0f} a second, over {count}\n")
    out(f"  built with icalendar   {least(lambda: built(plan, words)) * 1e3:8.1f} ms   the same bytes\n")
    out(f"  bytes                  {len(data):8}\n")
    for name, work in PEERS.items():
        try:
            size = len(work(events).encode())
        except ModuleNotFoundError as error:
            if error.name != name:
                raise
            out(f"{name} is not installed and left out: {INSTALL}\n")
            continue
        taken = least(lambda work=work: work(events))
        out(f"{name} {version(name)}\n")
        out(f"  built for a person     {taken * 1e3:8.1f} ms   {taken / stamped:8.0f} times as long, {size} bytes\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
