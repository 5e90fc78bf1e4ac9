"""Series of activities: begin, shift and end one, and plan the next activity.

Written with sqlite3, because completing activities runs all day.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from crm_cli.core import series as rules
from crm_cli.core.instants import When, is_zone, local
from crm_cli.core.series import Followed
from crm_cli.errors import ConflictError, UsageError
from crm_cli.queries import activities as queries
from crm_cli.services import reminders
from crm_cli.services.due import due_columns
from crm_cli.services.reminders import Remind
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.book.book import Book
    from crm_cli.core.daily import Activity, Series
    from crm_cli.core.recurrence import Every


def begin(db: sqlite3.Connection, every: Every, due: When, now: str) -> int:
    """Begin a series on the day and at the time ``due``; return its id."""
    made = db.execute(
        "INSERT INTO series (uid, rule, from_completion, start_on, time, zone, created_utc)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (str(uuid.uuid4()), every.rule, int(every.from_completion), *_first(due), now),
    )
    return int(made.lastrowid or 0)


def _first(due: When) -> tuple[str, str | None, str | None]:
    """Return the first day, time and zone of a series."""
    return due.date, due.time, due.zone if due.time else None


def follow(db: sqlite3.Connection, activity_id: int, *, done: str | None, now: str, zone: str) -> Followed:
    """Plan the activity that follows an open one, which was completed at the instant ``done``, or is skipped (None).

    Its text, kind, priority, promise, people, company, deal and relative reminders are the same; its time is the
    series' own. ``zone`` is the user's. If another one is open already, as after an import, that one follows.
    """
    before = queries.get(db, activity_id)
    series = before.series
    if series is None:
        raise LookupError(activity_id)
    day = local(done, zone).date().isoformat() if done else None
    today = local(now, zone).date().isoformat()
    planned = db.execute(
        "SELECT id FROM activity WHERE series_id = ? AND status = 'open' AND id <> ?", (series.id, activity_id)
    ).fetchone()
    if planned:
        return Followed(activity_id, planned[0])
    found = rules.coming(series, before.occurrence or series.start_on, today=today, done=day)
    made = _plan(db, before, _due(series, found.day, zone), now) if found.day else None
    return Followed(activity_id, made, found.missed)


def skip(book: Book, activity_id: int, *, now: str, zone: str) -> Followed:
    """Cancel one activity of a series and plan the next, on a day of the series from today on.

    Raises UsageError for an activity that does not repeat.
    """
    repeated(book.db, activity_id)
    followed = follow(book.db, activity_id, done=None, now=now, zone=zone)
    _cancel(book.db, activity_id, now)
    return followed


def end(book: Book, activity_id: int, *, now: str) -> None:
    """Cancel the open activity of a series, and plan no other. Raises UsageError if it does not repeat."""
    repeated(book.db, activity_id)
    _cancel(book.db, activity_id, now)


def shift(book: Book, activity_id: int, due: When, *, now: str) -> None:
    """Move an activity of a series and all later ones: weekly from Monday to Wednesday, or to another time of day.

    Without a time, that of the series stays. Raises UsageError if it does not repeat, or if the new day does not say
    when the others should be.
    """
    record, series = repeated(book.db, activity_id)
    if due.time is None:
        due = _due(series, due.date, due.zone)
    occurrence = record.occurrence or series.start_on
    have = (record.due_date, record.due_time, record.zone, record.hidden_until)
    if (occurrence, *have) != (due.date, due.date, due.time, due.zone if due.time else None, None):
        restart(book.db, record, rules.shifted(series, occurrence, due.date), due, now)


def restart(db: sqlite3.Connection, record: Activity, every: Every, due: When, now: str) -> None:
    """Let a series begin again with the open activity ``record``, due at ``due``; make one if it has none."""
    if record.series is None:
        ref = begin(db, every, due, now)
    else:
        ref = record.series.id
        db.execute(
            "UPDATE series SET rule = ?, from_completion = ?, start_on = ?, time = ?, zone = ? WHERE id = ?",
            (every.rule, int(every.from_completion), *_first(due), ref),
        )
    db.execute(
        "UPDATE activity SET series_id = :series, occurrence_on = :date, due_date = :date, due_time = :time,"
        " zone = :zone, due_utc = :due, hidden_until = NULL WHERE id = :id",
        {**due_columns(due), "series": ref, "id": record.id},
    )
    reminders.follow(db, record.id, due)
    touch(db, "activity", record.id, now)


def leave(db: sqlite3.Connection, record: Activity, now: str) -> None:
    """End the series of an open activity; the activity itself stays."""
    if record.series is not None:
        db.execute("UPDATE activity SET series_id = NULL, occurrence_on = NULL WHERE id = ?", (record.id,))
        touch(db, "activity", record.id, now)
        forget(db, record.series.id)


def forget(db: sqlite3.Connection, series_id: int | None) -> None:
    """Remove a series that no activity belongs to any more."""
    db.execute(
        "DELETE FROM series WHERE id = ? AND NOT EXISTS (SELECT 1 FROM activity WHERE series_id = series.id)",
        (series_id,),
    )


def repeated(db: sqlite3.Connection, activity_id: int) -> tuple[Activity, Series]:
    """Return an open activity and its series. Raises UsageError if it does not repeat, ConflictError if not open."""
    record = queries.get(db, activity_id)
    if record.status != "open":
        raise ConflictError(f"a{activity_id} is {record.status} already")
    if record.series is None:
        raise UsageError(f"a{activity_id} does not repeat")
    return record, record.series


def _cancel(db: sqlite3.Connection, activity_id: int, now: str) -> None:
    db.execute("UPDATE activity SET status = 'cancelled', hidden_until = NULL WHERE id = ?", (activity_id,))
    touch(db, "activity", activity_id, now)


def _due(series: Series, day: str, zone: str) -> When:
    """Return when the activity of a day is due. A zone that no longer exists is replaced by the user's."""
    known = series.zone if series.zone and is_zone(series.zone) else zone
    return When(day, series.time, known)


def _plan(db: sqlite3.Connection, before: Activity, due: When, now: str) -> int:
    """Plan an activity like the one before it in its series."""
    made = db.execute(
        "INSERT INTO activity (uid, kind, status, subject, body, direction, priority, promise, minutes, due_date,"
        " due_time, zone, due_utc, company_id, deal_id, series_id, occurrence_on, created_utc, updated_utc)"
        " SELECT :uid, kind, 'open', subject, body, direction, priority, promise, minutes, :date, :time, :zone, :due,"
        " company_id, deal_id, series_id, :date, :now, :now FROM activity WHERE id = :before",
        {"uid": str(uuid.uuid4()), **due_columns(due), "before": before.id, "now": now},
    )
    ref = int(made.lastrowid or 0)
    db.execute(
        "INSERT INTO activity_participant (activity_id, contact_id)"
        " SELECT ?, contact_id FROM activity_participant WHERE activity_id = ?",
        (ref, before.id),
    )
    leads = [Remind(lead=one.lead_minutes) for one in before.reminders if one.lead_minutes is not None]
    reminders.add(db, ref, leads, due)
    return ref
