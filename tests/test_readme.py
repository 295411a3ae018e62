"""The README tells the truth: its tables are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import click

from planmaker.cli import planmaker
from planmaker.errors import ExitCode
from planmaker.fields import FIELDS

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def field_table() -> str:
    """Write the option table as the README holds it."""
    rows = ["| option | value | meaning | default |", "|---|---|---|---|"]
    for field in FIELDS:
        form = field.form.replace("|", "\\|")
        rows.append(f"| `{field.option}` | {form} | {field.help} | {field.default} |")
    return "\n".join(rows)


def test_fields() -> None:
    """The table of options equals the one table of the code."""
    shown = README.split("<!-- fields -->\n")[1].split("\n<!-- /fields -->")[0]

    assert shown == field_table()


def test_commands() -> None:
    """Every verb is in the table of commands, and no other."""
    shown = set(re.findall(r"^\| `planmaker (\w+)", README, flags=re.MULTILINE))

    assert shown == set(planmaker.list_commands(click.Context(planmaker)))


def test_exit_codes() -> None:
    """Every exit code is in the table, and no other."""
    shown = {int(code) for code in re.findall(r"^\| (\d+) \|", README, flags=re.MULTILINE)}

    assert shown == {code.value for code in ExitCode}
