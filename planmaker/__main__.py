"""Leave with the exit code of the command line."""

from __future__ import annotations

import sys

from planmaker import cli

__all__ = ["main"]


def main() -> None:
    """Run the command that was typed."""
    sys.exit(cli.main(sys.argv[1:]))


if __name__ == "__main__":
    main()
