"""The reminders of an activity: at a fixed time, or a number of minutes before it is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import when as times
from crm_cli.errors import Hint, UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable

    from crm_cli.core.instants import When

MORNING = "09:00"
"""When a plan, a reminder or a snooze without a time of day is due."""


class Remind(NamedTuple):
    """When to remind: ``lead`` minutes before the activity is due, or ``at`` a fixed time."""

    lead: int | None = None
    at: When | None = None


def read(text: str, moment: Callable[[str], When]) -> Remind:
    """Parse a point in time, by ``moment``, or a lead before the due time (``-1d``). Raises UsageError."""
    if text.startswith("-"):
        return Remind(lead=abs(times.relative_minutes(text)))
    return Remind(at=moment(text))


def read_all(texts: Iterable[str], moment: Callable[[str], When]) -> list[Remind]:
    """Parse reminders, empty texts apart. Raises UsageError."""
    return [read(text, moment) for text in texts if text]


def moment(at: When) -> str:
    """Return the UTC instant of a point in time; one without a time of day is at ``MORNING``."""
    return times.due_utc(at.date, at.time or MORNING, at.zone)


def add(db: sqlite3.Connection, activity_id: int, reminders: Iterable[Remind], due: When | None) -> None:
    """Add reminders that the activity, due at ``due``, does not have yet.

    Raises UsageError for a relative one if there is no due time.
    """
    for each in dict.fromkeys(reminders):
        if _find(db, activity_id, each) is None:
            own = each.at or (None, None, None)
            instant = moment(each.at) if each.at else _before(due, each.lead or 0)
            db.execute(
                "INSERT INTO reminder (activity_id, lead_minutes, on_date, on_time, zone, at_utc)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (activity_id, None if each.at else each.lead or 0, *own, instant),
            )


def remove(db: sqlite3.Connection, activity_id: int, reminder: Remind) -> bool:
    """Remove one reminder; return whether it existed."""
    ref = _find(db, activity_id, reminder)
    db.execute("DELETE FROM reminder WHERE id = ?", (ref,))
    return ref is not None


def keep(db: sqlite3.Connection, activity_id: int, reminder: Remind | None = None) -> None:
    """Remove all reminders of an activity except ``reminder``, or all."""
    kept = _find(db, activity_id, reminder) if reminder else None
    db.execute("DELETE FROM reminder WHERE activity_id = ? AND id IS NOT ?", (activity_id, kept))


def follow(db: sqlite3.Connection, activity_id: int, due: When | None) -> None:
    """Move the relative reminders with the due time; without a due time they are removed."""
    leads = db.execute(
        "SELECT lead_minutes, id FROM reminder WHERE activity_id = ? AND lead_minutes IS NOT NULL", (activity_id,)
    ).fetchall()
    if due is None:
        db.executemany("DELETE FROM reminder WHERE id = ?", [(ref,) for _, ref in leads])
    else:
        db.executemany(
            "UPDATE reminder SET at_utc = ? WHERE id = ?", [(_before(due, lead), ref) for lead, ref in leads]
        )


def _find(db: sqlite3.Connection, activity_id: int, reminder: Remind) -> int | None:
    """Return the id of an equal reminder, or None."""
    value: str | int
    if reminder.at:
        same, value = "lead_minutes IS NULL AND at_utc = ?", moment(reminder.at)
    else:
        same, value = "lead_minutes = ?", reminder.lead or 0
    row = db.execute(f"SELECT id FROM reminder WHERE activity_id = ? AND {same}", (activity_id, value)).fetchone()
    return row[0] if row else None


def _before(due: When | None, lead: int) -> str:
    if due is None:
        raise UsageError("a relative reminder needs a due time", hint=Hint("needs-due"))
    return times.ahead_of(due._replace(time=due.time or MORNING), lead)
