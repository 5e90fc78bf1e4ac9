"""Waiting for the book's lock: a run waits at most 30 seconds in total, however many of its steps wait.

A `Wait` lets another thread see that a step waits, and end it.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from crm_cli.errors import LockedError, StoppedError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

T = TypeVar("T")
BUSY_SECONDS = 30.0
SLICE = 0.1
"""Seconds after which a wait looks whether it was ended."""


class Wait:
    """The waiting of a thread, seen from another one. It is over when it is ended, or when ``is_over()`` is true."""

    def __init__(self, is_over: Callable[[], bool] = lambda: False) -> None:
        self.is_waiting = False
        """Is the book locked by another program?"""
        self._is_over = is_over
        self._is_ended = False

    @property
    def is_ended(self) -> bool:
        """Does the step that waits raise StoppedError?"""
        return self._is_ended or self._is_over()

    def end(self) -> None:
        """End it: the step that waits raises StoppedError."""
        self._is_ended = True

    def hurry(self) -> None:
        """End it if it waits, now or later."""
        self._is_over = lambda: self.is_waiting

    def check(self) -> None:
        """Raise StoppedError if it was ended."""
        if self.is_ended:
            raise StoppedError


class Patience:
    """The time that is left to wait for locks: of a run, unless given."""

    def __init__(self, seconds: float | None = None) -> None:
        self._left = BUSY_SECONDS if seconds is None else seconds
        self._since: float | None = None

    def left(self) -> float:
        """Return the seconds left."""
        waited = monotonic() - self._since if self._since is not None else 0.0
        return max(0.0, self._left - waited)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time of a step that may wait."""
        if self._since is not None:
            yield
            return
        self._since = monotonic()
        try:
            yield
        finally:
            self._left, self._since = self.left(), None


_OF_RUN: ContextVar[Patience | None] = ContextVar("patience", default=None)
_OF_STEP: ContextVar[Patience | None] = ContextVar("step", default=None)
_WAIT: ContextVar[Wait | None] = ContextVar("wait", default=None)


def start_run() -> None:
    """Start a run of the command line, whose steps share one time limit; each step of the dashboard has its own."""
    _OF_RUN.set(Patience())


@contextmanager
def waiting() -> Iterator[None]:
    """Count the time of a step that may wait for the lock: opening a book, beginning to write, committing."""
    patience = _OF_RUN.get() or _OF_STEP.get() or Patience()
    step = _OF_STEP.set(patience)
    try:
        with patience.waiting():
            yield
    finally:
        _OF_STEP.reset(step)


@contextmanager
def not_waiting() -> Iterator[None]:
    """Raise the error of a locked book at once: a look that is repeated soon need not wait."""
    step = _OF_STEP.set(Patience(0))
    try:
        yield
    finally:
        _OF_STEP.reset(step)


@contextmanager
def watched(wait: Wait | None) -> Iterator[None]:
    """Let another thread see and end the waits of this one."""
    token = _WAIT.set(wait)
    try:
        yield
    finally:
        _WAIT.reset(token)


@contextmanager
def turn(lock: threading.Lock) -> Iterator[None]:
    """Hold a lock between threads."""
    while not lock.acquire(timeout=SLICE):
        if wait := _WAIT.get():
            wait.check()
    try:
        yield
    finally:
        lock.release()


def left() -> float:
    """Return the seconds left to wait; a wait that can be ended waits a little at a time."""
    return min(SLICE, _left()) if _WAIT.get() else _left()


def _left() -> float:
    patience = _OF_STEP.get() or _OF_RUN.get()
    return patience.left() if patience else BUSY_SECONDS


def patiently(step: Callable[[], T]) -> T:
    """Run a step that may meet the lock; if the wait can be ended, again until that or until no time is left."""
    wait = _WAIT.get()
    if wait is None:
        return step()
    while True:
        wait.check()
        try:
            found = step()
        except (sqlite3.OperationalError, LockedError) as error:
            if not _is_busy(error) or not _left():
                raise
            wait.is_waiting = True
        else:
            wait.is_waiting = False
            return found


def _is_busy(error: Exception) -> bool:
    return isinstance(error, LockedError) or str(getattr(error, "sqlite_errorname", "")).startswith("SQLITE_BUSY")


def begin(db: sqlite3.Connection) -> None:
    """Begin a write transaction."""
    _run(db, "BEGIN IMMEDIATE")


def commit(db: sqlite3.Connection) -> None:
    """Commit, after waiting for readers to finish."""
    _run(db, "COMMIT")


def _run(db: sqlite3.Connection, statement: str) -> None:
    def step() -> None:
        db.execute(f"PRAGMA busy_timeout={int(left() * 1000)}")
        db.execute(statement)

    with waiting():
        patiently(step)
    if _WAIT.get():
        db.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
