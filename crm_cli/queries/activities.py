"""Activities with their people, whatever asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.records import Activity
from crm_cli.errors import NotFoundError
from crm_cli.queries import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def get(db: sqlite3.Connection, activity_id: int) -> Activity:
    """Return one activity. Raises NotFoundError."""
    found = load(db, [activity_id])
    if not found:
        raise NotFoundError(f"there is no activity a{activity_id}")
    return found[0]


def load(db: sqlite3.Connection, ids: Sequence[int]) -> list[Activity]:
    """Return the activities with these ids, in that order; ids that are gone are left out."""
    return [activity for chunk in rows.chunks(ids) for activity in _load(db, chunk)]


def _load(db: sqlite3.Connection, ids: list[int]) -> list[Activity]:
    base = db.execute(
        "SELECT a.id, a.uid, a.kind, a.status, a.subject, a.body, a.direction, a.outcome, a.priority, a.promise, a.reach,"
        " a.at_utc, a.minutes, a.due_date, a.due_time, a.zone, a.due_utc, r.at_utc, coalesce(c.name, ''), a.company_id,"
        " a.created_utc, a.updated_utc, a.revision"
        " FROM activity a LEFT JOIN company c ON c.id = a.company_id LEFT JOIN reminder r ON r.activity_id = a.id"
        f" WHERE a.id IN ({rows.marks(ids)})",
        ids,
    ).fetchall()
    people = rows.people(
        db,
        "SELECT p.activity_id, c.id, c.name, coalesce(o.name, ''), coalesce(e.title, '') FROM activity_participant p"
        " JOIN contact c ON c.id = p.contact_id"
        " LEFT JOIN employment e ON e.id ="
        " (SELECT min(x.id) FROM employment x WHERE x.contact_id = c.id AND x.current = 1)"
        f" LEFT JOIN company o ON o.id = e.company_id WHERE p.activity_id IN ({rows.marks(ids)}) ORDER BY c.id",
        ids,
    )
    found = {row[0]: Activity(*row[:20], tuple(people[row[0]]), *row[20:]) for row in base}
    return [found[ref] for ref in ids if ref in found]


def ids_of(db: sqlite3.Connection, kind: str, record_id: int, *, status: str, limit: int = -1) -> list[int]:
    """Return a contact's or a company's activities of one status: done newest first, open by due time.

    An activity keeps the company it was with, so a company's history stays when people leave.
    """
    order = "a.at_utc DESC, a.id DESC" if status == "done" else "a.due_utc IS NULL, a.due_utc, a.id"
    if kind == "contact":
        source = "activity_participant p JOIN activity a ON a.id = p.activity_id WHERE p.contact_id = ?"
    else:
        source = "activity a WHERE a.company_id = ?"
    found = db.execute(
        f"SELECT a.id FROM {source} AND a.status = ? ORDER BY {order} LIMIT ?", (record_id, status, limit)
    )
    return [row[0] for row in found]
