"""Whole companies, with the people who work there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.records import Activity, Company
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.queries import activities, rows
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence


def get(db: sqlite3.Connection, company_id: int) -> Company:
    """Return one company. Raises NotFoundError."""
    found = load(db, [company_id])
    if not found:
        raise NotFoundError(f"there is no company c{company_id}")
    return found[0]


def load(db: sqlite3.Connection, ids: Sequence[int]) -> list[Company]:
    """Return the companies with these ids, in that order; missing ids are skipped."""
    return [company for chunk in chunks(ids) for company in _load(db, chunk)]


FIELDS = {
    "id": "id", "uid": "uid", "name": "name", "notes": "notes", "source": "source",
    "created": "created_utc", "updated": "updated_utc", "revision": "revision",
}  # fmt: skip
"""Field of a record -> column."""


def _load(db: sqlite3.Connection, ids: list[int]) -> list[Company]:
    base = db.execute(f"SELECT {', '.join(FIELDS.values())} FROM company WHERE id IN ({marks(ids)})", ids).fetchall()
    points, addresses = rows.points(db, "company", ids), rows.addresses(db, "company", ids)
    tags, custom = rows.tags(db, "company", ids), rows.custom(db, "company", ids)
    properties, reached = rows.properties(db, "company", ids), _last_reach(db, ids)
    people = rows.people(
        db,
        "SELECT e.company_id, p.id, p.name, '', e.title FROM employment e JOIN contact p ON p.id = e.contact_id"
        f" WHERE e.company_id IN ({marks(ids)}) AND e.current = 1 ORDER BY p.name_key, p.id",
        ids,
    )
    steps = _next_steps(db, ids)
    found = {
        row[0]: Company(
            **dict(zip(FIELDS, row, strict=True)),
            points=tuple(points[row[0]]), addresses=tuple(addresses[row[0]]), tags=tuple(tags[row[0]]),
            custom=tuple(custom[row[0]]), properties=tuple(properties[row[0]]), people=tuple(people[row[0]]),
            last_reach=reached.get(row[0]), next_step=steps.get(row[0]),
        )
        for row in base
    }  # fmt: skip
    return [found[ref] for ref in ids if ref in found]


def by_name(db: sqlite3.Connection, name_key: str) -> list[int]:
    """Return the ids of the companies whose folded name is ``name_key``."""
    return [row[0] for row in db.execute("SELECT id FROM company WHERE name_key = ? ORDER BY id", (name_key,))]


def alike(db: sqlite3.Connection, name_key: str) -> list[tuple[int, str]]:
    """Return companies (id, name) whose folded name is ``name_key`` with more words, or its first words only.

    ``acme`` and ``acme pvt ltd`` may be the same company.
    """
    parts = name_key.split()
    shorter = [" ".join(parts[:count]) for count in range(1, len(parts))]
    return db.execute(
        f"SELECT id, name FROM company WHERE (name_key > ? AND name_key < ?) OR name_key IN ({marks(shorter)})"
        " ORDER BY name_key, id LIMIT 10",
        (f"{name_key} ", f"{name_key}!", *shorter),
    ).fetchall()


SORTS = {
    "name": "o.name_key",
    "updated": "o.updated_utc",
    "created": "o.created_utc",
    "id": "o.id",
    "people": "(SELECT count(*) FROM employment e WHERE e.company_id = o.id AND e.current = 1)",
}
"""``--sort`` word -> the SQL expression that companies (``o``) are sorted by."""


def ids(
    db: sqlite3.Connection, where: str = "1", params: Sequence[Any] = (), *, sort: str = "name", limit: int = 0
) -> list[int]:
    """Return the ids of the companies that match ``where`` (over ``o``); ``limit`` 0 means all. Raises UsageError."""
    name = sort.removeprefix("-")
    if name not in SORTS:
        raise UsageError(f"there is no order {name}", hint="orders: " + ", ".join(SORTS) + "; -name reverses it")
    way = "DESC" if sort.startswith("-") else "ASC"
    found = db.execute(
        f"SELECT o.id FROM company o WHERE {where} ORDER BY {SORTS[name]} {way}, o.id {way} LIMIT ?",
        [*params, limit or -1],
    )
    return [row[0] for row in found]


def _last_reach(db: sqlite3.Connection, ids: list[int]) -> dict[int, str]:
    return dict(
        db.execute(
            f"SELECT company_id, max(at_utc) FROM activity WHERE company_id IN ({marks(ids)})"
            " AND reach = 2 GROUP BY company_id",
            ids,
        ).fetchall()
    )


def _next_steps(db: sqlite3.Connection, ids: list[int]) -> dict[int, Activity]:
    steps = rows.open_activities(db, "company", ids)
    loaded = {activity.id: activity for activity in activities.load(db, sorted(set(steps.values())))}
    return {ref: loaded[step] for ref, step in steps.items()}
