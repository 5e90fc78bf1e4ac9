"""A book that stays open between the reads of a thread: opening and checking it takes half the time of a search.

Between reads it holds no lock and no transaction. It is opened again, with all checks, when the file was replaced or
written since.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_cli.book import sqlite_file
from crm_cli.book.book import Book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

State = tuple[str, int, int, int]
"""A book's path, its file, and the number of its last commit."""


class _Kept(threading.local):
    held: tuple[Book, State] | None = None


_kept = _Kept()


@contextmanager
def reading(path: Path) -> Iterator[Book]:
    """Return the book open for reading, and keep it open unless an error ends the read.

    A cancelled read (a progress handler that returned true) is not such an error. Raises what `Book.read` raises.
    """
    book = _taken(path) or Book.read(path)
    try:
        yield book
    except BaseException as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            _keep(book)
        else:
            book.close()
        raise
    _keep(book)


def _taken(path: Path) -> Book | None:
    """Return the book that this thread keeps, or None if there is none or it has changed."""
    held, _kept.held = _kept.held, None
    if held is None:
        return None
    book, state = held
    if _state(book, path) == state:
        return book
    book.close()
    return None


def _keep(book: Book) -> None:
    book.db.set_progress_handler(None, 0)
    state = None if book.is_missing or sqlite_file.is_wal(book.db) else _state(book, book.path)
    if state is None or _kept.held is not None:  # held open, a book could not leave WAL mode
        book.close()
    else:
        _kept.held = book, state


def _state(book: Book, path: Path) -> State | None:
    """Return the state of the file at ``path``, or None if it cannot be read."""
    try:
        file = os.stat(path)  # noqa: PTH116  (at each key)
        return str(path), file.st_dev, file.st_ino, int(book.db.execute("PRAGMA data_version").fetchone()[0])
    except (OSError, sqlite3.Error):
        return None
