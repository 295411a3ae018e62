"""Read and check generated rows, each cell as nasty as clinics have them; exit 1 for a roster that gets out of hand.

    python tests/torture/rows.py [--rows 1000000] [--seed 1]

Hypothesis writes rosters: cells of every field that are right, nearly right, or anything at all, quoted rightly,
wrongly or not, in several encodings, with every delimiter and line end. Each goes through reading and a dry run in
this process. No exception leaves but for a file that is no roster, no row is refused as an internal error, every row
is accounted for once, and no message repeats a cell. The rate is printed; a failing roster is printed as small as
Hypothesis can make it.
"""

from __future__ import annotations

import argparse
import functools
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from planmaker import roster
from planmaker.batch import docket, run
from planmaker.batch.account import Status
from planmaker.batch.work import Job
from planmaker.errors import InputError
from planmaker.fields import FIELDS
from planmaker.workshop import Order, Workshop, open_workshop

__all__ = ["ROSTERS", "checked"]

_MOST = 60  # rows of a roster
_WHEN = datetime(2027, 1, 5, 9, tzinfo=UTC)
# Of how many rosters one is not only checked: its files are made, calendars and plans, or sheets too.
_ALSO = {97: ("pdf", "ics", "json"), 7: ("ics", "json"), 1: ()}
_JOBS = {
    every: Job(
        order=Order(issued=_WHEN, formats=formats or ("json",), machine_zone="Europe/Berlin", dry=not formats),
        place=None,
    )
    for every, formats in _ALSO.items()
}
_DELIMITERS = (",", ";", "\t", "|")
_ENCODINGS = (
    *((name, "surrogatepass") for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
    *((name, "replace") for name in ("utf-8", "cp1252", "latin-1")),
)
_SPECIAL = (
    *("", " ", '"', '""', "'", "\u00a0", "\ufeff", "\u202e", "\u200b", "\x00", "\x1b[31m", "\ud800", "\U0001f600"),
    *("=1+1", "@x", "-1", "+1", "none", "None", "NULL", "#N/A", "#REF!", "nan", "inf", "1e9", "0x10", "1_0", "٣", "½"),
    *("../x", "CON", "a.b", ".hidden", "-rf", "x" * 64, "x" * 65, "y" * 300, "A1", "a1", "\uff21\uff11", "İ", "\u017f"),
    *("2027-03-08", "8/3/2027", "31/12/2027", "2027-02-30", "45000", "2027-3-8", "9999-12-31", "0001-01-01", "today"),
    *("08:00", "8:00", "24:00", "8", "0800", "8pm", "02:30", "23:59", "00:00", "0.333333", "12:30:00"),
    *("Europe/Berlin", "europe/berlin", "UTC", "EST", "Etc/GMT+12", "Asia/Kathmandu", "localtime", "Factory"),
    *("1", "2", "0", "26", "27", "1.0", "1,0", "01", "10**9", "999999999999999999999", "-0", "1 2"),
    *(
        "yes",
        "no",
        "ja",
        "TRUE",
        "1;2",
        "Sat;Sun",
        "Mon,Tue,Wed,Thu,Fri,Sat,Sun",
        "weekend",
        "Sat-Sun",
        "towel",
        "belt;;",
    ),
    *("Zoë", "李", "محمد", "नमस्ते", "a\u0301" * 20, "O'Neil", 'say "hi"', "a,b", "a;b", "a|b", "a\tb", "a\nb", "a\r\nb"),
    *(
        "GB",
        "XX",
        "gb",
        "https://x.example/{token}.ics",
        "https://{token}",
        "http://x",
        "javascript:{token}",
        "{token}",
    ),
)


@functools.cache
def _workshop() -> Workshop:
    return open_workshop()


def _words() -> tuple[str, ...]:
    """Return what cells may rightly hold."""
    choices = _workshop().choices
    samples = (sample for field in FIELDS for sample in field.samples if sample)
    lists = (choices.profiles, choices.exercises, choices.equipment, choices.conditions, choices.levels)
    return (
        *samples,
        *(word for words in lists for word in words),
        *(field.default for field in FIELDS if field.default),
    )


_ANY = st.one_of(
    st.integers(-3, 400).map(str),
    st.dates().map(str),
    st.times().map(lambda moment: moment.strftime("%H:%M")),
    st.text(max_size=12),
    st.lists(st.sampled_from(_words()), min_size=2, max_size=4).map(";".join),
)
_CELLS = st.one_of(*[st.sampled_from((*_SPECIAL, *_words()))] * 3, _ANY)


# What cells rightly hold: rows of these alone come to be checked as a whole.
_RIGHT = {
    field.name: st.sampled_from(
        ["", *filter(None, field.samples), *([field.default] if field.default.isalnum() else [])]
    )
    for field in FIELDS
} | {
    "id": st.integers(1, 99999).map("R-{}".format),
    "profile": st.sampled_from(["full", "stretch-only", "strengthening"]),
    "name": st.sampled_from(["", *_SPECIAL]),
    "finish": st.just(""),
}
_NAMES = tuple(_RIGHT)


@st.composite
def _rosters(draw: st.DrawFn) -> bytes:
    """Write a roster."""
    columns = ["id", "profile", *draw(st.lists(st.sampled_from(_NAMES[2:]), unique=True, max_size=6))]
    columns += draw(st.sampled_from([[], [], [], ["password"], [""], ["notes"], ["Zimmer", ""]]))
    delimiter = draw(st.sampled_from(_DELIMITERS))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    right = [_RIGHT.get(name, _CELLS) for name in columns]
    nasty = [st.one_of(cell, cell, cell, _CELLS) for cell in right]
    rows = draw(st.lists(st.one_of(st.tuples(*right), st.tuples(*nasty)), min_size=8, max_size=_MOST))
    form = draw(st.sampled_from(["right", "right", "right", "bare", "ragged"]))
    lines = [delimiter.join(columns)]
    for row in rows:
        written = [_quoted(cell, delimiter) if form == "right" else cell for cell in row]
        if form == "ragged":
            written = written[: draw(st.integers(0, len(written)))] + [""] * draw(st.integers(0, 3))
        lines.append(delimiter.join(written))
    text = draw(st.sampled_from(["", "", "sep=" + delimiter + end])) + end.join(lines)
    return text.encode(*draw(st.sampled_from(_ENCODINGS)))


def _quoted(cell: str, delimiter: str) -> str:
    if any(sign in cell for sign in (delimiter, '"', "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


# Some more are taken from the middle of one, or are no rosters at all.
ROSTERS = st.one_of(
    *[_rosters()] * 6,
    st.tuples(_rosters(), st.integers(0, 2000), st.binary(max_size=4)).map(
        lambda it: it[0][: it[1]] + it[2] + it[0][it[1] :]
    ),
    st.binary(max_size=200).map(lambda data: b"id,profile\n" + data),
)


def checked(data: bytes, file: Path) -> Counter[str]:
    """Read and check a roster, and count what became of its rows; fail where that is not in good order."""
    file.write_bytes(data)
    try:
        with roster.opened(file) as book, docket.opened() as desk:
            desk.fill(book.rows())
            job = next(job for every, job in _JOBS.items() if len(data) % every == 0)
            for _ in run.run(desk, job, None, None):
                pass
            balance = desk.balance()
            accounts = [*desk.accounts()]
    except InputError as error:
        assert str(error).startswith(file.name), "a message without its place"  # noqa: PT017 - of its text
        return Counter({"no roster": 1})
    assert balance[Status.NOT_RUN] == 0, "a row was not run"
    assert sum(balance.values()) == len(accounts) == len({account.line for account in accounts}), "a row not once"
    for account in accounts:
        said = [problem.text() for problem in (*account.problems, *account.notices)]
        assert not any("internal error" in text for text in said), f"line {account.line}: {said}"
        assert bool(account.problems) >= (account.status is Status.REJECTED), "refused without a reason"
    return Counter({str(status): count for status, count in balance.items() if count})


def main() -> int:
    """Print how many rows were checked, what became of them, and how fast."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    began = time.monotonic()
    number = asked.seed
    with TemporaryDirectory() as folder:
        file = Path(folder, "roster.csv")

        def torture(data: bytes) -> None:
            counts.update(checked(data, file))

        while _rows(counts) < asked.rows:
            many = settings(
                max_examples=1000,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            )
            seed(number)(many(given(ROSTERS)(torture)))()
            number += 1
            took = time.monotonic() - began
            print(f"{_rows(counts)} rows, {_rows(counts) / took:.0f} a second", file=sys.stderr)  # noqa: T201
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))  # noqa: T201 - a program's product
    print(f"{_rows(counts)} rows, 0 wrong; seeds {asked.seed} to {number - 1}")  # noqa: T201 - as above
    return 0


def _rows(counts: Counter[str]) -> int:
    return counts.total() - counts["no roster"]


if __name__ == "__main__":
    sys.exit(main())
