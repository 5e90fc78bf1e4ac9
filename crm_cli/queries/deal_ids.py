"""The ids of a record's deals, and the records of a deal; apart from deals.py, whose import takes longer than both."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

OF = {
    "contact": "deal_participant w JOIN deal d ON d.id = w.deal_id WHERE w.contact_id = ?",
    "company": "deal d WHERE d.company_id = ?",
}
"""Kind of record -> the FROM and WHERE clause of its deals."""

ORDER = "d.close_on IS NULL, d.close_on, d.id"


def of(db: sqlite3.Connection, kind: str, record_id: int, *, status: str = "open") -> list[int]:
    """Return the ids of a contact's or a company's deals with one status, by expected closing day."""
    rows = db.execute(f"SELECT d.id FROM {OF[kind]} AND d.status = ? ORDER BY {ORDER}", (record_id, status))
    return [row[0] for row in rows]


def linked(db: sqlite3.Connection, deal_id: int) -> tuple[list[int], int | None] | None:
    """Return the people and the company of a deal, or None if there is no such deal."""
    row = db.execute("SELECT company_id FROM deal WHERE id = ?", (deal_id,)).fetchone()
    people = db.execute("SELECT contact_id FROM deal_participant WHERE deal_id = ? ORDER BY contact_id", (deal_id,))
    return ([each[0] for each in people], row[0]) if row else None
