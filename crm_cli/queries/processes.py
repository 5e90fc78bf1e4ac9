"""Work on much data, shared out among the processors."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Result = TypeVar("Result")
MOST = 4
"""The most processes: each has some memory of its own."""


def shares() -> int:
    """Return into how many shares work can be divided here: 1 if a copy of this process is not safe to make."""
    if sys.platform != "linux" or threading.active_count() > 1:
        return 1
    import os

    return min(MOST, len(os.sched_getaffinity(0)))


def divided(work: Callable[[int], Result], count: int) -> list[Result]:
    """Return the results of ``work`` for the shares 0 to ``count - 1``, each but the first in a process of its own.

    These are copies of this one, so they see all its data; ``work`` must not touch a file or a database. A share whose
    process dies, or cannot be started, is done here.
    """
    if count == 1:
        return [work(0)]
    import multiprocessing

    copies = multiprocessing.get_context("fork")
    ends, others = [], []
    for share in range(1, count):
        end, their_end = copies.Pipe(duplex=False)
        other = copies.Process(target=_send, args=(their_end, end, work, share), daemon=True)
        with suppress(OSError):  # no room for another process
            other.start()
            others.append(other)
        their_end.close()
        ends.append(end)
    try:
        return [work(0), *(_received(end, work, share) for share, end in enumerate(ends, 1))]
    finally:
        for other in others:
            other.kill()
            other.join()


def _send(end: Connection, receiver: Connection, work: Callable[[int], Any], share: int) -> None:
    import signal

    receiver.close()  # else a copy whose first process was killed would wait for itself to read
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ^C reaches every process; the first ends the others
    end.send(work(share))


def _received(end: Connection, work: Callable[[int], Result], share: int) -> Result:
    try:
        found: Result = end.recv()
    except EOFError:
        return work(share)
    return found
