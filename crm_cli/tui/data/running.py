"""A write that runs in a thread: how far it is, and how it is stopped."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from crm_cli.book.book import Book
from crm_cli.errors import CrmError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from crm_cli.book.book import Change
    from crm_cli.session import Session

T = TypeVar("T")
STEPS = 5_000
"""How many steps of SQLite's virtual machine a write runs between checks whether it was stopped."""


class StoppedError(CrmError):
    """The user stopped a write; it was rolled back."""

    def __init__(self) -> None:
        super().__init__("stopped; nothing was changed")


class Running:
    """The state of a write. The thread that writes changes it; the one that draws reads it and may `stop` it."""

    def __init__(self) -> None:
        self.has_begun = False
        """Does it hold the book's lock? Until then it waits for another program."""
        self.has_ended = False
        self.done = self.total = 0
        """How many records of a bulk change are written, and how many there are (0: not a bulk change)."""
        self._stopped = Event()

    def stop(self) -> None:
        """Roll back as soon as possible. A write that has been committed meanwhile is not affected."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Was it stopped?"""
        return self._stopped.is_set()

    def watch(self, db: sqlite3.Connection) -> None:
        """Follow the statements of a connection, and interrupt them once the write is stopped."""
        db.set_progress_handler(self._step, STEPS)

    def _step(self) -> bool:
        self.has_begun = True
        return self.is_stopped

    def counted(self, items: Sequence[T]) -> Iterator[T]:
        """Yield the items, and count them. Raises StoppedError."""
        self.total = len(items)
        for self.done, one in enumerate(items):
            if self.is_stopped:
                raise StoppedError
            yield one
        self.done = self.total


_CURRENT: ContextVar[Running | None] = ContextVar("running", default=None)


@contextmanager
def started(run: Running) -> Iterator[None]:
    """Let the writes of this thread be seen in ``run``."""
    before = _CURRENT.set(run)
    try:
        yield
    finally:
        _CURRENT.reset(before)
        run.has_ended = True


def counted(items: Sequence[T]) -> Iterator[T]:
    """Yield the records of a bulk change, and count them for the write that is running."""
    run = _CURRENT.get()
    return run.counted(items) if run else iter(items)


@contextmanager
def changing(session: Session, verb: str) -> Iterator[tuple[Book, Change]]:
    """Make one change to the book, committed unless the write that is running was stopped."""
    run = _CURRENT.get()
    with book_of(session) as book, book.change(verb, now=session.now_utc, origin="tui") as made:
        yield book, made
        if run and run.is_stopped:
            raise StoppedError


@contextmanager
def book_of(session: Session) -> Iterator[Book]:
    """Open the book for the write that is running."""
    run = _CURRENT.get()
    with Book.write(session.path) as book:
        if run:
            run.watch(book.db)
        yield book
