"""A write that runs in a thread: how far it is, and how it is stopped."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

from crm_cli.book.book import Book
from crm_cli.book.locks import Wait

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.book.book import Change
    from crm_cli.session import Session

T = TypeVar("T")
PATIENCE = 0.6
"""Seconds until a write that is not done yet is shown."""
STEPS = 5_000
"""How many steps of SQLite's virtual machine a write runs between checks whether it was ended."""


class Running(Wait):
    """A write: the thread that writes counts, the one that draws reads, and may `end` it, waiting or writing."""

    def __init__(self) -> None:
        super().__init__()
        self.has_ended = False
        """Is it over, whatever came of it?"""
        self.done = self.total = 0
        """How many records of a bulk change are written, and how many there are (0: not a bulk change)."""

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Let the writes of this thread count here."""
        before = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(before)
            self.has_ended = True

    def counted(self, items: Sequence[T]) -> Iterator[T]:
        """Yield the items, and count them. Raises StoppedError."""
        self.total = len(items)
        for self.done, one in enumerate(items):
            self.check()
            yield one
        self.done = self.total


_CURRENT: ContextVar[Running | None] = ContextVar("running", default=None)


def counted(items: Sequence[T]) -> Iterator[T]:
    """Yield the records of a bulk change, and count them for the write that is running."""
    run = _CURRENT.get()
    return run.counted(items) if run else iter(items)


def check() -> None:
    """Raise StoppedError if the write that is running was ended."""
    if run := _CURRENT.get():
        run.check()


@contextmanager
def changing(session: Session, verb: str) -> Iterator[tuple[Book, Change]]:
    """Make one change to the book, committed unless the write that is running was ended. Raises StoppedError."""
    run = _CURRENT.get()
    with book_of(session) as book, book.change(verb, now=session.now_utc, origin="tui") as made:
        yield book, made
        if run:
            run.check()


@contextmanager
def book_of(session: Session) -> Iterator[Book]:
    """Open the book for the write that is running, whose statements are interrupted when it is ended."""
    run = _CURRENT.get()
    with Book.write(session.path) as book:
        if run:
            book.db.set_progress_handler(lambda: run.is_ended, STEPS)
        yield book
