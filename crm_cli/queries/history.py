"""The history: activities that are done, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.queries import activities

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.daily import Activity


def read(db: sqlite3.Connection, where: str = "1", params: Sequence[object] = (), *, limit: int = 20) -> list[Activity]:
    """Return the done activities that match ``where`` (over ``a``); ``limit`` 0 means all."""
    rows = db.execute(
        f"SELECT a.id FROM activity a WHERE a.status = 'done' AND {where} ORDER BY a.at_utc DESC, a.id DESC LIMIT ?",
        [*params, limit or -1],
    )
    return activities.load(db, [row[0] for row in rows])


def of(db: sqlite3.Connection, kind: str, record_id: int, *, limit: int = 20) -> list[Activity]:
    """Return the done activities of a person or a company."""
    return activities.load(db, activities.ids_of(db, kind, record_id, status="done", limit=limit or -1))
