"""The rows of a run are handed out in chunks, like beside like."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from planmaker.batch import docket
from planmaker.roster import Row

WEEKS = st.lists(st.sampled_from("123456"), max_size=60)


@given(WEEKS, st.integers(1, 9))
def test_chunks(weeks: list[str], size: int) -> None:
    """Each row is in a chunk once; one that parts a programme is full, and none but the last is less than half full."""
    with docket.opened() as desk:
        desk.fill(Row(line=line, texts={"id": f"A-{line}", "weeks": week}) for line, week in enumerate(weeks, start=2))
        chunks = [*desk.tasks(size, lambda _: {})]

    assert sorted(task.line for chunk in chunks for task in chunk) == [*range(2, len(weeks) + 2)]
    for chunk, following in itertools.pairwise(chunks):
        assert size / 2 <= len(chunk) <= size
        assert len(chunk) == size or chunk[-1].programme != following[0].programme
    programmes = [task.programme for chunk in chunks for task in chunk]
    assert len([*itertools.groupby(programmes)]) == len(set(programmes))
