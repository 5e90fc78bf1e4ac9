"""What is written out: the people of a query, or everybody, as one moment of the book."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_cli.queries import people

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from datetime import datetime


@contextmanager
def snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """Let every read inside see the book as it is now, whoever writes meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def contacts(db: sqlite3.Connection, query: Sequence[str], *, now: datetime, zone: str) -> list[int]:
    """Return the people of a query (everybody without one), by id. Raises QueryError."""
    if not query:
        return people.ids(db, sort="id")
    from crm_cli.queries import filters

    where, params = filters.where(db, query, "contact", now=now, zone=zone)
    return people.ids(db, where, params, sort="id")


def companies(db: sqlite3.Connection) -> list[int]:
    """Return all companies, by id."""
    return [row[0] for row in db.execute("SELECT id FROM company ORDER BY id")]
