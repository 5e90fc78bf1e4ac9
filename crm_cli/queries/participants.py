"""Who takes part in activities and deals, and what is planned next with a person, a company or a deal."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from crm_cli.core.daily import Person
from crm_cli.queries.batches import marks
from crm_cli.queries.employers import employer_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def open_activities(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, int]:
    """Return each owner's next open activity: owner id -> id of the activity that is due first."""
    if owner == "contact":
        source = "activity_participant p JOIN activity a ON a.id = p.activity_id"
        column = "p.contact_id"
    else:
        source, column = "activity a", f"a.{owner}_id"
    rows = db.execute(
        f"SELECT {column}, a.id FROM {source} WHERE {column} IN ({marks(ids)}) AND a.status = 'open'"
        " ORDER BY a.due_utc IS NULL DESC, a.due_utc DESC, a.id DESC",
        ids,
    )
    return dict(rows.fetchall())


def participants(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, list[Person]]:
    """Return the people of activities or deals (``owner`` is activity or deal)."""
    return people(
        db,
        f"SELECT w.{owner}_id, c.id, c.name, coalesce(o.name, ''), coalesce(e.title, '') FROM {owner}_participant w"
        f" JOIN contact c ON c.id = w.contact_id {employer_of('c.id')}"
        f" WHERE w.{owner}_id IN ({marks(ids)}) ORDER BY c.id",
        ids,
    )


def people(db: sqlite3.Connection, sql: str, values: Sequence[Any]) -> dict[int, list[Person]]:
    """Return the people of each owner; ``sql`` yields owner, contact id, name, company, title."""
    found: dict[int, list[Person]] = defaultdict(list)
    for ref, *row in db.execute(sql, values):
        found[ref].append(Person(*row))
    return found
