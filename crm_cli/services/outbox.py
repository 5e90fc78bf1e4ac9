"""The outbox: what is delivered is recorded before it is sent and marked after, so that it is sent exactly once.

A run that is killed between sending and marking holds its row until a time; after that the message is sent once more,
with the same key. The rows are neither journaled nor undone, so undo never sends anything again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.instants import utc

if TYPE_CHECKING:
    from datetime import datetime

    from crm_cli.book.book import Book

HOLD = timedelta(minutes=15)
"""How long a run may take to deliver one message before another run may send it."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240))
"""The waits after the first, second and third failure, and after each later one."""

TRIES = 12
"""After so many tries, which takes about a day and a half, a delivery is given up."""


class Claim(NamedTuple):
    """The right to send one message. ``tries`` counts this try too; ``route`` and ``address`` say how and where to."""

    id: int
    key: str
    route: str
    address: str
    tries: int


_CLAIM = """
INSERT INTO outbox (key, route, address, state, tries, held_until, next_utc, created_utc, updated_utc)
VALUES (:key, :route, :address, 'sending', 1, :held, :held, :now, :now)
ON CONFLICT (key, route, address) DO UPDATE
  SET state = 'sending', tries = tries + 1, held_until = :held, next_utc = :held, updated_utc = :now
  WHERE state IN ('waiting', 'failed', 'sending') AND next_utc <= :now AND tries < :most
RETURNING id, tries
"""


def claim(
    book: Book, key: str, route: str, address: str = "", *, now: datetime, hold: timedelta = HOLD
) -> Claim | None:
    """Record that a message is about to be sent, and commit; return the right to send it.

    Returns None if it was sent, is being sent by another run, was given up, or is not to be tried again yet.
    """
    values = {
        "key": key,
        "route": route,
        "address": address,
        "now": utc(now),
        "held": utc(now + hold),
        "most": TRIES,
    }
    with book.operation():
        row = book.db.execute(_CLAIM, values).fetchone()
    return Claim(row[0], key, route, address, row[1]) if row else None


def postpone(book: Book, key: str, route: str, *, now: datetime, until: str) -> None:
    """Record that a message is not to be sent before the instant ``until``."""
    with book.operation():
        book.db.execute(
            "INSERT INTO outbox (key, route, state, next_utc, created_utc, updated_utc)"
            " VALUES (:key, :route, 'waiting', :until, :now, :now)"
            " ON CONFLICT (key, route, address) DO UPDATE SET next_utc = :until, updated_utc = :now"
            " WHERE state IN ('waiting', 'failed')",
            {"key": key, "route": route, "until": until, "now": utc(now)},
        )


def sent(book: Book, claim: Claim, now: datetime) -> None:
    """Record that a message was sent."""
    _mark(book, claim, now, "sent")


def failed(book: Book, claim: Claim, error: str, now: datetime, *, retry: bool = True) -> datetime | None:
    """Record that a message was not sent; return when it is to be tried again, or None if it is given up."""
    again = now + BACK_OFF[min(claim.tries, len(BACK_OFF)) - 1] if retry and claim.tries < TRIES else None
    _mark(book, claim, now, "failed", again=utc(again) if again else None, error=error[:500])
    return again


def dropped(book: Book, claim: Claim, now: datetime) -> None:
    """Record that a message need not be sent any more."""
    _mark(book, claim, now, "passed")


def _mark(book: Book, claim: Claim, now: datetime, state: str, *, again: str | None = None, error: str = "") -> None:
    """Set the state of a message, unless another run has taken it over; what was sent is always marked."""
    with book.operation():
        book.db.execute(
            "UPDATE outbox SET state = :state, held_until = NULL, next_utc = :again, error = :error, updated_utc = :now"
            " WHERE id = :id AND (:state = 'sent' OR state = 'sending' AND tries = :tries)",
            {"state": state, "again": again, "error": error, "now": utc(now), "id": claim.id, "tries": claim.tries},
        )
