"""Judge every profile, language, paper and look of the sheet by veraPDF; exit 1 if one fails.

    python tests/torture/looks.py

takes some minutes; bash tests/judges/verapdf fetches the judge.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from test_looks import CASES, verdicts


def main() -> int:
    """Print the verdict of each sheet, and how many failed."""
    with TemporaryDirectory() as folder:
        found = verdicts(CASES, Path(folder))
    for (profile, language, paper, look), told in found.items():
        sys.stdout.write(f"{profile:15}{language:4}{paper:8}{look:24}{told}\n")
    failed = sum(told != "PASS" for told in found.values())
    sys.stdout.write(f"{failed} of {len(found)} failed\n")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
