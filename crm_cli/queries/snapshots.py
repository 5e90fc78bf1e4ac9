"""Several reads of one state of the book."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """Make all reads inside see the book as it is now, even while other processes write."""
    if db.in_transaction:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")
