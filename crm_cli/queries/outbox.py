"""What is waiting in the outbox, and what could not be delivered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.instants import utc

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

RECENT = timedelta(days=7)
"""How long a delivery that was given up is reported."""

_OPEN = "state <> 'sent' AND state <> 'passed'"
"""The condition of the index of open deliveries, word by word: SQLite uses the index only then."""


class Delivery(NamedTuple):
    """A message in the outbox. ``next_utc`` is when it is tried (again), None if it was given up."""

    key: str
    route: str
    address: str
    state: str
    tries: int
    next_utc: str | None
    error: str


_COLUMNS = ", ".join(Delivery._fields)


def due(db: sqlite3.Connection, now: datetime, prefix: str = "") -> list[Delivery]:
    """Return the messages to send now, oldest first: waiting, failed and to be tried again, or left by a dead run.

    Only those whose key begins with ``prefix``.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE {_OPEN} AND state IN ('waiting', 'failed', 'sending')"
        " AND next_utc <= ? AND substr(key, 1, ?) = ? ORDER BY id",
        (utc(now), len(prefix), prefix),
    )
    return [Delivery(*row) for row in rows]


def find(db: sqlite3.Connection, key: str, route: str, address: str) -> Delivery | None:
    """Return one message of the outbox, or None."""
    where = "WHERE key = ? AND route = ? AND address = ?"
    row = db.execute(f"SELECT {_COLUMNS} FROM outbox {where}", (key, route, address)).fetchone()
    return Delivery(*row) if row else None


def failures(db: sqlite3.Connection, now: datetime) -> list[Delivery]:
    """Return the messages whose last try failed, latest first; one that was given up for `RECENT` only."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE {_OPEN} AND state = 'failed'"
        " AND (next_utc IS NOT NULL OR updated_utc >= ?) ORDER BY updated_utc DESC, id DESC",
        (utc(now - RECENT),),
    )
    return [Delivery(*row) for row in rows]
