"""No roster, however nasty, leads to a traceback, and every row of it is accounted for once."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from rows import ROSTERS, checked


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROSTERS)
def test_any_rows(data: bytes) -> None:
    """What is generated is read, checked and accounted for, or is no roster, with a message that says where."""
    with TemporaryDirectory() as folder:
        counts = checked(data, Path(folder, "roster.csv"))

    assert all(counts.values())
