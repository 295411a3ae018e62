"""Let Ctrl-C wait where it would leave something half done, and come again where it was lost."""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sys import UnraisableHookArgs

__all__ = ["come_again", "undisturbed"]

_SOON = 0.05  # seconds: when what could not raise it is over


def come_again(found: UnraisableHookArgs) -> None:
    """Have an interrupt come again that Python could raise nowhere; tell of anything else that it ignores as usual.

    It loses one that comes while it frees an object, or lets go of the lock of a module that it has loaded.
    """
    if issubclass(found.exc_type, KeyboardInterrupt):
        timer = threading.Timer(_SOON, _thread.interrupt_main)
        timer.daemon = True
        timer.start()
    else:
        sys.__unraisablehook__(found)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait for the end of this, and what is started here never see it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    usual = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if os.name == "posix" else None
    try:
        yield
    finally:
        if masked is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        signal.signal(signal.SIGINT, usual)
    if came and usual is not signal.SIG_IGN:
        raise KeyboardInterrupt
