"""Detecting changes that other programs make to the book, without holding a lock."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from crm_cli.book import opening
from crm_cli.errors import CrmError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from threading import Event

EVERY = 0.7
"""Seconds between two checks."""


def changes(path: Path, stopped: Event) -> Iterator[None]:
    """Yield whenever another connection or program has changed the book, until ``stopped``.

    ``PRAGMA data_version`` on one connection changes with every commit of another. A file that replaced the book
    (``crm restore``) counts as a change; so does a book that did not exist before.
    """
    seen: tuple[int, int] | None = None
    db: sqlite3.Connection | None = None
    file = _file(path)
    try:
        while not stopped.wait(EVERY):
            if _file(path) != file or db is None:
                file = _file(path)
                db = _opened(path, db)
            found = _version(db, file)
            if found is not None and found != seen:
                if seen is not None:
                    yield
                seen = found
    finally:
        if db is not None:
            db.close()


def _file(path: Path) -> int:
    """Return the file's inode number, which shows when it is replaced; 0 if there is no file."""
    try:
        return os.stat(path).st_ino  # noqa: PTH116  (a look every second need make no object)
    except OSError:
        return 0


def _opened(path: Path, before: sqlite3.Connection | None) -> sqlite3.Connection | None:
    if before is not None:
        before.close()
    try:
        if opening.is_new(path):
            return None
        db = opening.connect(path, readonly=True)
    except (CrmError, sqlite3.Error):
        return None
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "wal":  # held open, it could not leave WAL mode
        db.close()
        return None
    db.execute("PRAGMA busy_timeout=0")
    return db


def _version(db: sqlite3.Connection | None, file: int) -> tuple[int, int] | None:
    """Return the book's version, or None while another program is writing."""
    if db is None:
        return (0, 0)
    try:
        return file, db.execute("PRAGMA data_version").fetchone()[0]
    except sqlite3.OperationalError:
        return None
