"""Batches are killed, their writing fails, their disk is full, two run at once: nothing is lost, corrupt or wrong.

These are short forms of the programs in tests/torture/, which say what they do and what is judged.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from failing import missing

_PROGRAMS = Path(__file__).parent / "torture"
_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks through /proc")
_SHIM = pytest.mark.skipif(bool(missing()), reason=f"needs {missing()}")


@pytest.mark.long
@pytest.mark.parametrize(
    ("program", "options"),
    [
        pytest.param("crashes.py", "--count 6 --rows 12 --seed 7 --how parent,worker,group", marks=_LINUX),
        pytest.param("crashes.py", "--count 2 --rows 12 --seed 8 --how ctrl-c,ctrl-c-group", marks=_LINUX),
        pytest.param("writes.py", "--errnos ENOSPC --every 37 --rows 2", marks=_SHIM),
        pytest.param("disk.py", "--by bytes --sizes 5 --rows 2 --format ics,json", marks=_SHIM),
        pytest.param("pairs.py", "--count 1 --rows 12", marks=_LINUX),
    ],
)
def test_torture(program: str, options: str) -> None:
    """What a batch leaves is to the byte what one that nobody disturbed leaves, or the same command again does that."""
    done = subprocess.run(
        [sys.executable, _PROGRAMS / program, *options.split()], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 wrong" in done.stdout
