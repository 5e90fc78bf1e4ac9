"""Activities with their people, loaded by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.daily import Activity, Reminder, Series
from crm_cli.core.instants import plan
from crm_cli.errors import NotFoundError
from crm_cli.queries import extras, participants
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.instants import When


def get(db: sqlite3.Connection, activity_id: int) -> Activity:
    """Return one activity. Raises NotFoundError."""
    found = load(db, [activity_id])
    if not found:
        raise NotFoundError(f"there is no activity a{activity_id}")
    return found[0]


def load(db: sqlite3.Connection, ids: Sequence[int]) -> list[Activity]:
    """Return the activities with these ids, in that order; missing ids are skipped."""
    return [activity for chunk in chunks(ids) for activity in _load(db, chunk)]


def due(db: sqlite3.Connection, activity_id: int) -> When | None:
    """Return when an activity is due; None if it has no due time, or does not exist."""
    row = db.execute("SELECT due_date, due_time, zone FROM activity WHERE id = ?", (activity_id,)).fetchone()
    return plan(*row) if row else None


def exist(db: sqlite3.Connection) -> bool:
    """Are there any activities?"""
    return db.execute("SELECT 1 FROM activity LIMIT 1").fetchone() is not None


FIELDS = {
    **{name: f"a.{name}" for name in ("id", "uid", "kind", "status", "subject", "body", "direction", "outcome")},
    **{name: f"a.{name}" for name in ("priority", "promise", "reach", "minutes", "due_date", "due_time", "zone")},
    "due_utc": "a.due_utc", "at": "a.at_utc", "hidden_until": "a.hidden_until",
    "company": "coalesce(c.name, '')",
    "company_id": "a.company_id", "deal": "coalesce(d.title, '')", "deal_id": "a.deal_id",
    "created": "a.created_utc", "updated": "a.updated_utc", "revision": "a.revision",
    "occurrence": "a.occurrence_on",
}  # fmt: skip
"""Field of a record -> column."""
_SERIES = ("s.id", "s.rule", "s.from_completion", "s.start_on", "s.time", "s.zone")


def _load(db: sqlite3.Connection, ids: list[int]) -> list[Activity]:
    base = db.execute(
        f"SELECT {', '.join((*FIELDS.values(), *_SERIES))}"
        " FROM activity a LEFT JOIN company c ON c.id = a.company_id"
        " LEFT JOIN deal d ON d.id = a.deal_id LEFT JOIN series s ON s.id = a.series_id"
        f" WHERE a.id IN ({marks(ids)})",
        ids,
    ).fetchall()
    people = participants.participants(db, "activity", ids)
    reminders = _reminders(db, ids)
    custom, pending = extras.custom(db, "activity", ids), extras.pending(db, "activity", ids)
    found = {
        row[0]: Activity(
            **dict(zip(FIELDS, row, strict=False)),
            series=_series(row[len(FIELDS) :]),
            people=tuple(people[row[0]]),
            reminders=tuple(reminders.get(row[0], ())),
            custom=tuple(custom[row[0]]),
            pending=tuple(pending[row[0]]),
        )
        for row in base
    }
    return [found[ref] for ref in ids if ref in found]


def _series(row: tuple[Any, ...]) -> Series | None:
    """Return the series of an activity, if it has one."""
    ref, rule, from_completion, *rest = row
    return None if ref is None else Series(ref, rule, bool(from_completion), *rest)


def _reminders(db: sqlite3.Connection, ids: list[int]) -> dict[int, list[Reminder]]:
    """Return the reminders of activities, earliest first."""
    found: dict[int, list[Reminder]] = {}
    sql = f"SELECT activity_id, at_utc, lead_minutes FROM reminder WHERE activity_id IN ({marks(ids)})"
    for ref, *reminder in db.execute(f"{sql} ORDER BY at_utc, id", ids):
        found.setdefault(ref, []).append(Reminder(*reminder))
    return found


def ids_of(db: sqlite3.Connection, kind: str, record_id: int, *, status: str, limit: int = -1) -> list[int]:
    """Return the activities of a contact, a company or a deal with one status: done newest first, open by due time.

    An activity keeps the company at its time, so a company's history does not change when people leave.
    """
    order = "a.at_utc DESC, a.id DESC" if status == "done" else "a.due_utc IS NULL, a.due_utc, a.id"
    if kind == "contact":
        source = "activity_participant p JOIN activity a ON a.id = p.activity_id WHERE p.contact_id = ?"
    else:
        source = f"activity a WHERE a.{kind}_id = ?"
    found = db.execute(
        f"SELECT a.id FROM {source} AND a.status = ? ORDER BY {order} LIMIT ?", (record_id, status, limit)
    )
    return [row[0] for row in found]
