"""Leave with the exit code of the command line."""

from __future__ import annotations

import os
import sys

__all__ = ["main"]

_INTERRUPTED = 130
try:
    import signal
except KeyboardInterrupt:  # loading it takes a while, too
    os._exit(_INTERRUPTED)


def main() -> None:
    """Run the command that was typed; Ctrl-C ends it quietly at any moment, also before it has begun."""
    usual = signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
    from planmaker import cli, interrupts  # noqa: PLC0415 - loading takes a while, when Ctrl-C would leave a traceback

    sys.unraisablehook = interrupts.come_again
    try:
        signal.signal(signal.SIGINT, usual)
        code = cli.main(sys.argv[1:])
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done and told
    except KeyboardInterrupt:
        code = _INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
