"""Judge plans in every zone of tzdata over every change of the clocks from 2026 to 2028; exit 1 if one is elsewhere.

    python tests/torture/zones.py [JUDGE ...]

takes some minutes. The judges are those that go by the VTIMEZONE of a file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from icsjudge import JUDGES
from icszones import STARTS, elsewhere

from planmaker.schedule import zone_names

AT_ONCE = 100


def main(judges: list[str]) -> int:
    """Print each zone and start that a judge finds wrong, and the count."""
    names = sorted(zone_names())
    wrong = 0
    for judge in judges or [name for name, judge in JUDGES.items() if judge.by_file]:
        for number in range(0, len(names), AT_ONCE):
            with TemporaryDirectory() as folder:
                found = elsewhere(judge, tuple(names[number : number + AT_ONCE]), Path(folder))
            for label in found:
                print(f"{judge}: {label}")  # noqa: T201 - a program's product
            wrong += len(found)
        print(f"{judge}: {len(names)} zones, {len(names) * len(STARTS)} plans")  # noqa: T201 - a program's product
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
