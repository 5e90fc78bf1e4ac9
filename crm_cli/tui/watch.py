"""Noticing what other programs write to the book, without holding anything in it."""

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
"""Seconds between two looks."""


def changes(path: Path, stopped: Event) -> Iterator[None]:
    """Yield whenever the book was changed, by whomever, until ``stopped``.

    ``PRAGMA data_version`` on one connection moves with every commit of another. A file that was put in the book's
    place (``crm restore``) is another book; so is one that was not there before.
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
    """Return what tells the file from one put in its place; 0 where there is none."""
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
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "wal":  # held open, it could not be turned back
        db.close()
        return None
    db.execute("PRAGMA busy_timeout=0")
    return db


def _version(db: sqlite3.Connection | None, file: int) -> tuple[int, int] | None:
    """Return the book's version; None while somebody is writing."""
    if db is None:
        return (0, 0)
    try:
        return file, db.execute("PRAGMA data_version").fetchone()[0]
    except sqlite3.OperationalError:
        return None
