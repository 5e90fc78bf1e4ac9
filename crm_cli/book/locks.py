"""Waiting for the book's lock: a run waits at most 30 seconds in total, however many of its steps wait.

A step of the dashboard can be given up while it waits (`patient`).
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from crm_cli.errors import CrmError, LockedError, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
BUSY_SECONDS = 30.0
SLICE = 0.2
"""Seconds between two looks whether a step that waits was given up."""


class Patience:
    """The time that is left to wait for locks."""

    def __init__(self, seconds: float = BUSY_SECONDS) -> None:
        self._left = seconds
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
_GIVEN_UP: ContextVar[Callable[[], bool] | None] = ContextVar("given up", default=None)


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
    """Raise LockedError at once instead of waiting, as a look that is repeated soon need not wait."""
    step = _OF_STEP.set(Patience(0))
    try:
        yield
    finally:
        _OF_STEP.reset(step)


def patient(work: Callable[[], T], is_given_up: Callable[[], bool]) -> T:
    """Return the result of ``work()``, repeated while the book is locked, for 30 seconds or until it is given up."""
    token = _GIVEN_UP.set(is_given_up)
    until = monotonic() + BUSY_SECONDS
    try:
        while True:
            try:
                return work()
            except (CrmError, sqlite3.Error) as error:
                if monotonic() > until or is_given_up() or not isinstance(translated(error), LockedError):
                    raise
    finally:
        _GIVEN_UP.reset(token)


def left() -> float:
    """Return the seconds left to wait; of a step that can be given up, those until it is asked."""
    patience = _OF_STEP.get() or _OF_RUN.get()
    seconds = patience.left() if patience else BUSY_SECONDS
    return min(seconds, SLICE) if _GIVEN_UP.get() else seconds


def begin(db: sqlite3.Connection) -> None:
    """Begin a write transaction."""
    _run(db, "BEGIN IMMEDIATE")


def commit(db: sqlite3.Connection) -> None:
    """Commit, after waiting for readers to finish."""
    _run(db, "COMMIT")


def _run(db: sqlite3.Connection, statement: str) -> None:
    is_given_up = _GIVEN_UP.get() or (lambda: True)
    until = monotonic() + BUSY_SECONDS
    with waiting():
        while True:
            db.execute(f"PRAGMA busy_timeout={int(left() * 1000)}")
            try:
                db.execute(statement)
            except sqlite3.OperationalError as error:
                if monotonic() > until or is_given_up() or not isinstance(translated(error), LockedError):
                    raise
            else:
                return
