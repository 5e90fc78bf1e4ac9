"""Whole companies, with the people who work there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.daily import Activity
from crm_cli.core.kinds import COMPANY, is_kind_sql, record_sql
from crm_cli.core.records import Company
from crm_cli.core.text.folding import words
from crm_cli.errors import NotFoundError
from crm_cli.queries import activities, extras, merges, participants, rows
from crm_cli.queries.batches import chunks, marks
from crm_cli.queries.people import LAST, order, paged

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence


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
    tags, custom = extras.tags(db, "company", ids), extras.custom(db, "company", ids)
    properties, reached = rows.properties(db, "company", ids), _last_reach(db, ids)
    people = participants.people(
        db,
        "SELECT e.company_id, p.id, p.name, '', e.title FROM employment e JOIN contact p ON p.id = e.contact_id"
        f" WHERE e.company_id IN ({marks(ids)}) AND e.current = 1 ORDER BY p.name_key, p.id",
        ids,
    )
    steps, merged = _next_steps(db, ids), merges.load(db, "company", ids)
    found = {
        row[0]: Company(
            **dict(zip(FIELDS, row, strict=True)),
            points=tuple(points[row[0]]), addresses=tuple(addresses[row[0]]), tags=tuple(tags[row[0]]),
            custom=tuple(custom[row[0]]), properties=tuple(properties[row[0]]), people=tuple(people[row[0]]),
            last_reach=reached.get(row[0]), next_step=steps.get(row[0]),
            merged=tuple(merged[row[0]]),
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


_CITY = (
    "(SELECT d.locality FROM postal_address d WHERE d.company_id = o.id AND d.locality <> ''"
    " ORDER BY d.preferred DESC, d.id LIMIT 1)"
)
_POINT = (
    "(SELECT value FROM contact_point WHERE company_id = o.id AND kind = '{kind}' AND state = 'current'"
    " ORDER BY preferred DESC, id LIMIT 1)"
)
SORTS = {
    "name": "o.name_key",
    "updated": "o.updated_utc",
    "created": "o.created_utc",
    "id": "o.id",
    "people": "(SELECT count(*) FROM employment e WHERE e.company_id = o.id AND e.current = 1)",
    "deals": "(SELECT count(*) FROM deal d WHERE d.company_id = o.id AND d.status = 'open')",
    "city": f"lower({_CITY})",
    "last-reach": "(SELECT max(a.at_utc) FROM activity a WHERE a.company_id = o.id AND a.reach = 2)",
}
"""``--sort`` word -> the SQL expression that companies (``o``) are sorted by; those without a value come last."""


def ids(
    db: sqlite3.Connection, where: str = "1", params: Sequence[Any] = (), *, sort: str = "name", limit: int = 0
) -> list[int]:
    """Return the ids of the companies that match ``where`` (over ``o``); ``limit`` 0 means all. Raises UsageError."""
    return [row[0] for row in _sorted(db, where, params, sort, limit)]


def walk(
    db: sqlite3.Connection, where: str = "1", params: Sequence[Any] = (), *, sort: str = "name"
) -> Iterator[list[int]]:
    """Yield the ids of all companies that match ``where``, sorted: a short page first, then long ones."""
    yield from paged(_sorted(db, where, params, sort, 0))


def _sorted(db: sqlite3.Connection, where: str, params: Sequence[Any], sort: str, limit: int) -> sqlite3.Cursor:
    expression, way = order(sort, SORTS)
    return db.execute(
        f"SELECT o.id FROM company o WHERE {where} ORDER BY {expression} {way}, o.id {way} LIMIT ?",
        [*params, limit or -1],
    )


class CompanyRow(NamedTuple):
    """One line of a list of companies: how many people work there, and how many deals are open."""

    id: int
    name: str
    people: int
    deals: int
    city: str
    phone: str
    email: str
    last_reach: str | None
    tags: tuple[str, ...]


_LINES = (
    f"SELECT o.id, o.name, {SORTS['people']}, {SORTS['deals']}, coalesce({_CITY}, ''),"
    f" coalesce({_POINT.format(kind='phone')}, ''), coalesce({_POINT.format(kind='email')}, ''),"
    f" {SORTS['last-reach']} FROM company o WHERE o.id IN ({{marks}})"
)


def lines(db: sqlite3.Connection, wanted: Sequence[int]) -> Iterator[CompanyRow]:
    """Yield the lines of companies in the order of ``wanted``; missing ids are skipped."""
    for chunk in map(list, chunks(wanted)):
        tags = extras.tags(db, "company", chunk)
        found = {row[0]: row for row in db.execute(_LINES.format(marks=marks(chunk)), chunk)}
        yield from (CompanyRow._make((*found[ref], tuple(tags[ref]))) for ref in chunk if ref in found)


def named(text: str) -> tuple[str, list[object]]:
    """Return the SQL condition of the companies (``o``) with a word in their name that begins with each given one."""
    asked = words(text)
    has_word = (
        f"o.id IN (SELECT {record_sql('w.doc')} FROM search_word w WHERE w.word >= ? AND w.word < ?"
        f" AND {is_kind_sql('w.doc', COMPANY.name)})"
    )
    return " AND ".join([has_word] * len(asked)) or "0", [bound for word in asked for bound in (word, word + LAST)]


def _last_reach(db: sqlite3.Connection, ids: list[int]) -> dict[int, str]:
    return dict(
        db.execute(
            f"SELECT company_id, max(at_utc) FROM activity WHERE company_id IN ({marks(ids)})"
            " AND reach = 2 GROUP BY company_id",
            ids,
        ).fetchall()
    )


def _next_steps(db: sqlite3.Connection, ids: list[int]) -> dict[int, Activity]:
    steps = participants.open_activities(db, "company", ids)
    loaded = {activity.id: activity for activity in activities.load(db, sorted(set(steps.values())))}
    return {ref: loaded[step] for ref, step in steps.items()}
