"""A person's or company's revision, moved by every change to what hangs off them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def touch(db: sqlite3.Connection, kind: str, record_id: int, now: str) -> None:
    """Note that a contact, company or activity is no longer what it was."""
    db.execute(f"UPDATE {kind} SET revision = revision + 1, updated_utc = ? WHERE id = ?", (now, record_id))
