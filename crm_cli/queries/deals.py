"""Deals with their people and next step, loaded by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.daily import Deal, Money
from crm_cli.errors import Hint, NotFoundError
from crm_cli.queries import activities, extras, participants
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.daily import Activity


def get(db: sqlite3.Connection, deal_id: int) -> Deal:
    """Return one deal. Raises NotFoundError."""
    found = load(db, [deal_id])
    if not found:
        raise NotFoundError(f"there is no deal d{deal_id}", hint=Hint("list-deals"))
    return found[0]


def load(db: sqlite3.Connection, ids: Sequence[int]) -> list[Deal]:
    """Return the deals with these ids, in that order; missing ids are skipped."""
    return [deal for chunk in chunks(ids) for deal in _load(db, chunk)]


_SINCE = "(SELECT x.at_utc FROM stage_change x WHERE x.deal_id = d.id ORDER BY x.id DESC LIMIT 1)"
FIELDS = {
    "id": "d.id", "uid": "d.uid", "title": "d.title", "status": "d.status", "stage": "s.name", "stage_id": "d.stage_id",
    "probability": "coalesce(d.probability, s.probability)", "own_probability": "d.probability", "close": "d.close_on",
    "company": "coalesce(c.name, '')", "company_id": "d.company_id", "source": "d.source", "notes": "d.notes",
    "reason": "d.reason", "closed": "d.closed_utc", "since": f"coalesce({_SINCE}, d.created_utc)",
    "created": "d.created_utc", "updated": "d.updated_utc", "revision": "d.revision",
}  # fmt: skip
"""Field of a record -> column."""


def _load(db: sqlite3.Connection, ids: list[int]) -> list[Deal]:
    base = db.execute(
        f"SELECT d.amount, d.currency, {', '.join(FIELDS.values())} FROM deal d JOIN stage s ON s.id = d.stage_id"
        f" LEFT JOIN company c ON c.id = d.company_id WHERE d.id IN ({marks(ids)})",
        ids,
    ).fetchall()
    people = participants.participants(db, "deal", ids)
    tags, custom = extras.tags(db, "deal", ids), extras.custom(db, "deal", ids)
    pending = extras.pending(db, "deal", ids)
    steps = _next_steps(db, ids)
    found = {
        row[2]: Deal(
            **dict(zip(FIELDS, row[2:], strict=True)),
            amount=None if row[0] is None else Money(row[0], row[1]),
            people=tuple(people[row[2]]),
            next_step=steps.get(row[2]),
            tags=tuple(tags[row[2]]),
            custom=tuple(custom[row[2]]),
            pending=tuple(pending[row[2]]),
        )
        for row in base
    }
    return [found[ref] for ref in ids if ref in found]


def _next_steps(db: sqlite3.Connection, ids: list[int]) -> dict[int, Activity]:
    steps = participants.open_activities(db, "deal", ids)
    loaded = {activity.id: activity for activity in activities.load(db, sorted(set(steps.values())))}
    return {ref: loaded[step] for ref, step in steps.items()}
