"""Waiting for the book's lock: a run waits at most 30 seconds in total, however many of its steps wait."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

BUSY_SECONDS = 30.0


class Patience:
    """The time that is left to wait for locks."""

    def __init__(self) -> None:
        self._left = BUSY_SECONDS
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


def left() -> float:
    """Return the seconds left to wait."""
    patience = _OF_STEP.get() or _OF_RUN.get()
    return patience.left() if patience else BUSY_SECONDS


def begin(db: sqlite3.Connection) -> None:
    """Begin a write transaction."""
    _run(db, "BEGIN IMMEDIATE")


def commit(db: sqlite3.Connection) -> None:
    """Commit, after waiting for readers to finish."""
    _run(db, "COMMIT")


def _run(db: sqlite3.Connection, statement: str) -> None:
    with waiting():
        db.execute(f"PRAGMA busy_timeout={int(left() * 1000)}")
        db.execute(statement)
