"""The revision of a record, increased by every change to the rows that belong to it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from crm_cli.errors import StaleError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from crm_cli.book.book import Book
    from crm_cli.core.records import Company, Contact
    from crm_cli.models import Activity, Deal


def touch(db: sqlite3.Connection, kind: str, record_id: int, now: str) -> None:
    """Record that a contact, company, activity or deal was changed."""
    db.execute(f"UPDATE {kind} SET revision = revision + 1, updated_utc = ? WHERE id = ?", (now, record_id))


def refuse_stale(record: Contact | Company | Deal | Activity, revision: int | None) -> None:
    """Raise StaleError if the record's revision is not the one the edit began at; None skips the check."""
    if revision is not None and record.revision != revision:
        name = next(getattr(record, field) for field in ("name", "title", "subject") if hasattr(record, field))
        raise StaleError(f"{name} was changed meanwhile; nothing was saved", hint="review it, then edit again")


@contextmanager
def touching(book: Book, kind: str, record_id: int, now: str) -> Iterator[None]:
    """Increase the record's revision if anything was written inside the block."""
    before = written(book.db)
    yield
    book.flush()
    if written(book.db) > before:
        touch(book.db, kind, record_id, now)


def written(db: sqlite3.Connection) -> int:
    """Return a number that grows with every row written."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM change_row").fetchone()[0])
