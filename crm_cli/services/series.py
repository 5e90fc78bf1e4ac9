"""Series of activities: begin one, and plan the next activity. Written with sqlite3, as completing runs all day."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from crm_cli.core import series as rules
from crm_cli.core import when
from crm_cli.core.series import Followed
from crm_cli.core.when import When
from crm_cli.queries import activities as queries
from crm_cli.services import reminders
from crm_cli.services.due import due_columns
from crm_cli.services.reminders import Remind

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.core.records import Activity, Series
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
    series' own. ``zone`` is the user's.
    """
    before = queries.get(db, activity_id)
    series = before.series
    if series is None:
        raise LookupError(activity_id)
    day = when.local(done, zone).date().isoformat() if done else None
    today = when.local(now, zone).date().isoformat()
    found = rules.coming(series, before.occurrence or series.start_on, today=today, done=day)
    made = _plan(db, before, _due(series, found.day, zone), now) if found.day else None
    return Followed(activity_id, made, found.missed)


def _due(series: Series, day: str, zone: str) -> When:
    """Return when the activity of a day is due. A zone that no longer exists is replaced by the user's."""
    known = series.zone if series.zone and when.is_zone(series.zone) else zone
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
