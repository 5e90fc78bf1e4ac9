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
UNSENT = f"{_OPEN} AND state IN ('waiting', 'failed', 'sending')"
"""The condition for messages that are to be sent, or were given up."""

DIGEST = "digest:"
"""How the key of a digest begins."""


def digest_key(day: str, address: str) -> str:
    """Return the key of the digest of a day to an address."""
    return f"{DIGEST}{day}:{address.lower()}"


class Delivery(NamedTuple):
    """A message in the outbox. ``next_utc`` is when it is tried (again), None if it was given up.

    ``ref`` is the activity of a reminder, ``""`` for any other message; ``at`` is when its state was recorded.
    """

    key: str
    route: str
    address: str
    state: str
    tries: int
    next_utc: str | None
    error: str
    ref: str = ""
    at: str = ""

    def again(self, today: str) -> str | None:
        """Return when it is sent again, or None; a digest is sent on its own day only."""
        return None if self.key.startswith(DIGEST) and not self.key.startswith(digest_key(today, "")) else self.next_utc


_REMINDER = "SELECT r.activity_id FROM reminder r WHERE r.id = CAST(substr(key, 10) AS INTEGER)"
_REF = f"iif(key LIKE 'reminder:%', coalesce('a' || ({_REMINDER}), ''), '')"
_COLUMNS = f"key, route, address, state, tries, next_utc, error, {_REF}, updated_utc"


def due(db: sqlite3.Connection, now: datetime, prefix: str = "") -> list[Delivery]:
    """Return the messages to send now, oldest first: waiting, failed and to be tried again, or left by a dead run.

    Only those whose key begins with ``prefix``.
    """
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE {UNSENT} AND next_utc <= ? AND substr(key, 1, ?) = ? ORDER BY id",
        (utc(now), len(prefix), prefix),
    )
    return [Delivery(*row) for row in rows]


def unsent(db: sqlite3.Connection, now: datetime, prefix: str) -> list[Delivery]:
    """Return the messages that were not sent and are to be tried (again), or were given up not long ago."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM outbox WHERE {UNSENT}"
        " AND (next_utc IS NOT NULL OR updated_utc >= ?) AND substr(key, 1, ?) = ? ORDER BY id",
        (utc(now - RECENT), len(prefix), prefix),
    )
    return [Delivery(*row) for row in rows]


def find(db: sqlite3.Connection, key: str, route: str, address: str) -> Delivery | None:
    """Return one message of the outbox, or None."""
    where = "WHERE key = ? AND route = ? AND address = ?"
    row = db.execute(f"SELECT {_COLUMNS} FROM outbox {where}", (key, route, address)).fetchone()
    return Delivery(*row) if row else None


_FAILED = f"""
SELECT {_COLUMNS} FROM outbox WHERE {_OPEN} AND state = 'failed' AND (
  key LIKE 'reminder:%' AND (next_utc IS NOT NULL OR updated_utc >= :recent)
    AND EXISTS (SELECT 1 FROM activity a WHERE a.id = ({_REMINDER}) AND a.status = 'open')
  OR key NOT LIKE 'reminder:%' AND updated_utc >= :recent AND NOT EXISTS (
    SELECT 1 FROM outbox o WHERE o.key > outbox.key AND o.key < '{DIGEST}~' AND o.address = outbox.address
      AND o.state = 'sent'))
ORDER BY updated_utc DESC, id DESC
"""


def failures(db: sqlite3.Connection, now: datetime) -> list[Delivery]:
    """Return the messages whose last try failed, latest first; one that was given up for `RECENT` only.

    The reminder of an activity that is no longer open is not one of them. A digest is reported for `RECENT`, until a
    later one was sent to the same address.
    """
    return [Delivery(*row) for row in db.execute(_FAILED, {"recent": utc(now - RECENT)})]


def last_digest(db: sqlite3.Connection, address: str) -> str | None:
    """Return when a digest was last sent to an address; None if none was."""
    row = db.execute(
        "SELECT updated_utc FROM outbox WHERE key > ? AND key < ? AND substr(key, ?) = ? AND state = 'sent'"
        " ORDER BY key DESC LIMIT 1",
        (DIGEST, f"{DIGEST}~", len(digest_key("2026-11-22", "")) + 1, address.lower()),
    ).fetchone()
    return row[0] if row else None
