"""Watching a book that other programs change, without holding a lock."""

from __future__ import annotations

import os
import sqlite3
from enum import Enum, auto
from typing import TYPE_CHECKING

from crm_cli.book import locks, opening
from crm_cli.errors import CrmError, LockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from threading import Event

EVERY = 0.7
"""Seconds between two checks."""


class State(Enum):
    """The state in which a book was found."""

    READABLE = auto()
    LOCKED = auto()
    """Another program holds it for itself."""
    MISSING = auto()
    UNREADABLE = auto()
    """Damaged, or another file in its place."""


def states(path: Path, stopped: Event, seen: State) -> Iterator[State]:
    """Yield the state of the book whenever it is not the one last ``seen``, or the book has changed, until ``stopped``.

    ``PRAGMA data_version`` on one connection changes with every commit of another. A file that replaced the book
    (``crm restore``) counts as a change; so does a book that did not exist before.
    """
    watch = _Watch(path)
    version = None
    try:
        while not stopped.wait(EVERY):
            state, found = watch.look()
            # A version that cannot be read now is compared when it can be read again.
            changed = None not in {found, version} and found != version
            if state is not seen or changed:
                yield state
            seen, version = state, found or version
    finally:
        watch.close()


class _Watch:
    """A connection to the file that is at the path now."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.db: sqlite3.Connection | None = None
        self.file = -1

    def close(self) -> None:
        """Close the connection."""
        if self.db is not None:
            self.db.close()
            self.db = None

    def look(self) -> tuple[State, tuple[int, int] | None]:
        """Return the state of the book, and its version if it can be read."""
        try:
            file = _file(self.path)
            if file != self.file or self.db is None:
                self.close()
                if opening.is_new(self.path):
                    return State.MISSING, (0, 0)
                self.db, self.file = _opened(self.path), file
            return State.READABLE, (file, self.db.execute("PRAGMA data_version").fetchone()[0] if self.db else 0)
        except (LockedError, sqlite3.OperationalError):
            return State.LOCKED, None
        except (CrmError, sqlite3.Error):
            self.close()
            return State.UNREADABLE, None


def _file(path: Path) -> int:
    """Return the file's inode number, which shows when it is replaced; 0 if there is no file."""
    try:
        return os.stat(path).st_ino  # noqa: PTH116  (a look every second need make no object)
    except OSError:
        return 0


def _opened(path: Path) -> sqlite3.Connection | None:
    """Return a connection to the book; None if it is in WAL mode, which it could not leave while held open."""
    with locks.not_waiting():
        db = opening.connect(path, readonly=True)
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        db.close()
        return None
    db.execute("PRAGMA busy_timeout=0")
    return db
