"""Run the program inside the test process, in an empty folder and far from the real clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from planmaker import cli
from planmaker.workshop import Workshop, open_workshop

if TYPE_CHECKING:
    from pathlib import Path

WHEN = ("--issued", "2027-01-05T09:00:00Z", "--timezone", "Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run of the program left: exit code, stdout, and stderr by line."""

    code: int
    out: str
    err: list[str]


Run = Callable[..., Outcome]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return the function that runs a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("SOURCE_DATE_EPOCH", "TZ", "PLANMAKER_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def outcome(*arguments: str | Path) -> Outcome:
        code = cli.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code=code, out=captured.out, err=captured.err.splitlines())

    return outcome


@pytest.fixture(scope="session")
def workshop() -> Workshop:
    """Return the workshop with the project's own catalogue."""
    return open_workshop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the validators said of each sheet as a table."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    rows = sorted(value for report in reports for name, value in report.user_properties if name == "verdict")
    if rows:
        terminalreporter.section("PDF/UA-1 with PDF/A-2a, or PDF/A-3a where the plan is inside")
        for profile, language, paper, look, found in rows:
            terminalreporter.line(f"{profile:15}{language:4}{paper:8}{look:24}{found}")
