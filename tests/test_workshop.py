"""What people share is made once, and nothing of one person reaches another or stays behind."""

from __future__ import annotations

import gc
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planmaker.look import BOXES, LOOK, PAPERS
from planmaker.plan import Plan
from planmaker.request import Request, look_of
from planmaker.workshop import Order, Workshop, open_workshop

if TYPE_CHECKING:
    from collections.abc import Iterator

ORDER = Order(issued=datetime(2027, 1, 5, 9, tzinfo=UTC), machine_zone="Europe/Berlin")
WISHES = Request(profile="stretch-only", weeks=2, start=date(2027, 3, 1), avoid=("pregnancy",))
PEOPLE = st.builds(
    replace,
    st.just(WISHES),
    id=st.sampled_from(("", "A-1", "B-2")),
    name=st.sampled_from(("", "Zoë", "Ana Ruiz")),
    cleared_by=st.sampled_from(("Dr Who", "Dr No")),
    private=st.booleans(),
    calendar_url=st.sampled_from(("", "https://clinic.example/{token}.ics")),
    paper=st.sampled_from(PAPERS),
    boxes=st.sampled_from(BOXES),
    large_print=st.booleans(),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(PEOPLE, min_size=2, max_size=5))
def test_each_their_own(people: list[Request], workshop: Workshop) -> None:
    """A plan is to the last field what a workshop that has made none before makes, whoever came before."""
    for request in people:
        plan = workshop.plan(request, ORDER)
        workshop.planner.cache_clear()  # type: ignore[attr-defined]  # a function that keeps what it gave
        fresh = workshop.plan(request, ORDER)

        assert isinstance(plan, Plan), plan
        assert plan == fresh
        assert plan.person.name == ("" if request.private else request.name)
        assert plan.person.cleared_by == ("(on record)" if request.private else request.cleared_by)
        assert plan.look == look_of(request)
        assert not request.id or plan.person.id == request.id


def test_people_share_a_plan() -> None:
    """People who differ only in what is their own, and in how it is printed, have their plan composed once."""
    workshop = open_workshop()
    looks = ({}, *({name: "letter" if name == "paper" else True} for name in LOOK if name != "boxes"))
    for number, look in enumerate(looks):
        own = {"id": f"A-{number}", "name": f"Somebody {number}", "cleared_by": f"Dr {number}", **look}
        assert isinstance(workshop.plan(replace(WISHES, **own), ORDER), Plan)  # type: ignore[arg-type]

    assert workshop.planner.cache_info().misses == 1  # type: ignore[attr-defined]  # as above


def test_nobody_stays() -> None:
    """Once a plan is gone, nothing that is kept holds its person's texts."""
    workshop = open_workshop()
    words = {"id": "Zq1", "name": "Zq2", "cleared_by": "Zq3", "calendar_url": "https://x.example/Zq4/{token}.ics"}
    workshop.plan(replace(WISHES, **words), ORDER)  # type: ignore[arg-type]

    assert not set(words.values()) & set(_texts())


def _texts() -> Iterator[str]:
    """Yield the texts of all requests and plans that there are."""
    gc.collect()
    for item in gc.get_objects():
        if isinstance(item, Request):
            yield from (item.id, item.name, item.cleared_by, item.calendar_url)
        elif isinstance(item, Plan):
            yield from (item.person.id, item.person.name, item.person.cleared_by)
