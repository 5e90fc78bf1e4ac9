"""Noticing that the terminal is gone.

A program that is not the terminal's own (started with `setsid`, or left behind by a multiplexer that was killed)
gets no SIGHUP. Its input is at its end from then on, and reading it again and again would use a whole processor.
"""

from __future__ import annotations

import select
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

GONE = select.POLLHUP | select.POLLERR


def watch(file: int, then: Callable[[], object]) -> None:
    """Call ``then`` in a thread when the terminal open as ``file`` is gone."""
    threading.Thread(target=_wait, args=(file, then), name="hangup", daemon=True).start()


def _wait(file: int, then: Callable[[], object]) -> None:
    poll = select.poll()
    poll.register(file, 0)
    if any(event & GONE for _, event in poll.poll()):
        then()
