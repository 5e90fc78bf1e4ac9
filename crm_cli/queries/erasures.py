"""Whether people were erased, and whether an erasure was begun and not finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def exist(db: sqlite3.Connection) -> bool:
    """Was a person erased from this book?"""
    return db.execute("SELECT 1 FROM erasure LIMIT 1").fetchone() is not None


def is_pending(db: sqlite3.Connection) -> bool:
    """Was the process of an erasure killed before its end?"""
    return db.execute("SELECT 1 FROM pending_erasure LIMIT 1").fetchone() is not None
