"""Draw the same six-week full plan by planmaker and by its peers; say how fast, how large, and how many times faster.

Run as ``python bench/sheet.py [COUNT]``, COUNT being how many people's sheets are stamped (10,000). Every sheet has
another name and code, and the starts go round over a year. Times are the least of several rounds, on one core.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from peers import PEERS

from planmaker.look import Look
from planmaker.pdf import fonts
from planmaker.pdf.document import sheet_of, template
from planmaker.plan import Plan
from planmaker.request import Request
from planmaker.workshop import Order, open_workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANY = 10_000
ROUNDS = 5
ISSUED = datetime(2027, 1, 5, 9, tzinfo=UTC)
MONDAY = date(2027, 1, 11)
ARGUMENTS = (
    "make",
    "--profile",
    "full",
    "--timezone",
    "Europe/London",
    "--format",
    "pdf",
    "--issued",
    "2027-01-05T09:00Z",
)


def people(plan: Plan, count: int) -> Iterator[Plan]:
    """Yield the plan as given to others, on other days."""
    for number in range(count):
        person = dataclasses.replace(plan.person, id=f"A-{number}", name=f"Robin Example the {number}.")
        schedule = dataclasses.replace(plan.schedule, start=MONDAY + timedelta(weeks=number % 52))
        yield dataclasses.replace(plan, person=person, schedule=schedule)


def least(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the seconds of the fastest round."""
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def cold() -> float:
    """Return the CPU seconds of ``planmaker make`` in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "planmaker", *ARGUMENTS, "--out", folder]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def memory() -> float:
    """Return the most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)


def main(count: int) -> None:
    """Print the figures."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    workshop = open_workshop()
    words, artwork = workshop.words["en"], workshop.pictures()
    request = Request(profile="full", name="Robin Example", id="A-1", timezone="Europe/London", start=MONDAY)
    plan = workshop.plan(request, Order(issued=ISSUED))
    if not isinstance(plan, Plan):
        raise TypeError(plan)
    render = workshop.renderer("pdf", Look(), "en")
    size = sum(map(len, render(plan)))

    def drawn(other: Plan) -> bytes:
        return b"".join(render(other))

    def distinct() -> None:
        fonts.forget()
        template(sheet_of(plan, look=Look(), artwork=artwork, words=words))

    warm = [drawn(other) for other in people(plan, 500)]
    before = memory()
    begun = time.perf_counter()
    for other in people(plan, count):
        drawn(other)
    stamped = (time.perf_counter() - begun) / count
    after = memory()
    sys.stdout.write(f"planmaker {version('planmaker')}, six weeks, full, A4, tagged, on one core\n")
    sys.stdout.write(f"  stamped for a person   {stamped * 1e3:8.3f} ms   {1 / stamped:8.0f} a second, over {count}\n")
    sys.stdout.write(f"  a distinct programme   {least(distinct) * 1e3:8.1f} ms   nothing measured or wrapped before\n")
    sys.stdout.write(f"  make, cold start       {min(cold() for _ in range(ROUNDS)) * 1e3:8.0f} ms   of CPU\n")
    sys.stdout.write(f"  bytes                  {size:8}\n")
    sys.stdout.write(
        f"  memory                 {before:8.1f} MB after {len(warm)}, {after:.1f} MB after {count} more\n"
    )
    for name, peer in PEERS.items():
        several = people(plan, ROUNDS + 1)
        bytes_of = len(peer.draw(next(several), words, artwork))
        taken = least(
            lambda peer=peer, several=several: peer.draw(next(several), words, artwork),
            2 if name == "weasyprint" else ROUNDS,
        )
        ratio = taken / stamped
        sys.stdout.write(
            f"{peer.version}\n"
            f"  drawn for a person     {taken * 1e3:8.1f} ms   {ratio:8.0f} times as long, {bytes_of} bytes\n"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else MANY)
