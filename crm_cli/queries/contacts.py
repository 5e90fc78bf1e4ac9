"""Whole people: the record that ``show``, JSON and exports use."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_cli.core.daily import Activity
from crm_cli.core.records import Contact, Employment, NameParts
from crm_cli.errors import NotFoundError
from crm_cli.queries import activities, cadences, consents, extras, merges, participants, relationships, rows
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence


def get(db: sqlite3.Connection, contact_id: int) -> Contact:
    """Return one person. Raises NotFoundError."""
    found = load(db, [contact_id])
    if not found:
        raise NotFoundError(f"there is no person {contact_id}")
    return found[0]


def load(db: sqlite3.Connection, ids: Sequence[int]) -> list[Contact]:
    """Return the people with these ids, in that order; missing ids are skipped."""
    return [contact for chunk in chunks(ids) for contact in _load(db, chunk)]


def stream(db: sqlite3.Connection, ids: Sequence[int]) -> Iterator[Contact]:
    """Yield the people with these ids, with one chunk in memory at a time."""
    for chunk in chunks(ids):
        yield from _load(db, chunk)


FIELDS = {
    "id": "id", "uid": "uid", "name": "name", "nickname": "nickname", "birthday": "birthday",
    "anniversary": "anniversary", "notes": "notes", "status": "status", "source": "source",
    "language": "language", "zone": "zone", "created": "created_utc", "updated": "updated_utc", "revision": "revision",
}  # fmt: skip
"""Field of a record -> column."""


def _load(db: sqlite3.Connection, ids: list[int]) -> list[Contact]:
    columns = ", ".join(FIELDS.values())
    base = db.execute(
        f"SELECT {columns}, prefix, given, additional, family, suffix FROM contact WHERE id IN ({marks(ids)})", ids
    ).fetchall()
    points, addresses = rows.points(db, "contact", ids), rows.addresses(db, "contact", ids)
    tags, custom = extras.tags(db, "contact", ids), extras.custom(db, "contact", ids)
    properties, jobs = rows.properties(db, "contact", ids), employments(db, ids)
    related, agreed = relationships.load(db, ids), consents.load(db, ids)
    reached, tried = _last(db, ids, 2), _last(db, ids, 1)
    steps, rhythms = _next_steps(db, ids), cadences.load(db, ids)
    merged = merges.load(db, "contact", ids)
    found = {
        row[0]: Contact(
            **dict(zip(FIELDS, row, strict=False)), parts=NameParts(*row[len(FIELDS) :]),
            points=tuple(points[row[0]]), addresses=tuple(addresses[row[0]]), employments=tuple(jobs[row[0]]),
            tags=tuple(tags[row[0]]), custom=tuple(custom[row[0]]), relationships=tuple(related[row[0]]),
            consents=tuple(agreed[row[0]]),
            properties=(*properties[row[0]], *relationships.as_properties(related[row[0]])),
            last_reach=reached.get(row[0]), last_attempt=tried.get(row[0]), next_step=steps.get(row[0]),
            cadence=rhythms[row[0]].own if row[0] in rhythms else "", rhythm=rhythms.get(row[0]),
            merged=tuple(merged[row[0]]),
        )
        for row in base
    }  # fmt: skip
    return [found[ref] for ref in ids if ref in found]


def by_name(db: sqlite3.Connection, name_key: str) -> list[int]:
    """Return the ids of the people whose folded name is ``name_key``."""
    return [row[0] for row in db.execute("SELECT id FROM contact WHERE name_key = ? ORDER BY id", (name_key,))]


SHARED = 4
"""How many people may have an e-mail or a phone that still points to one of them; more have a switchboard."""


def sharing(db: sqlite3.Connection, contact_id: int) -> list[tuple[int, str, str]]:
    """Return (id, name, ``email`` or ``phone``) of the other people with an e-mail or a phone of a person."""
    found: list[tuple[int, str, str]] = []
    mine = "SELECT kind, norm FROM contact_point WHERE contact_id = ? AND norm <> '' AND kind IN ('email', 'phone')"
    for kind, norm in db.execute(f"{mine} ORDER BY kind, id", (contact_id,)).fetchall():
        others = db.execute(
            "SELECT DISTINCT c.id, c.name FROM contact_point p JOIN contact c ON c.id = p.contact_id"
            " WHERE p.norm = ? AND p.norm <> '' AND p.kind = ? AND p.contact_id <> ? ORDER BY c.id LIMIT ?",
            (norm, kind, contact_id, SHARED),
        ).fetchall()
        if len(others) < SHARED:
            found += [(ref, name, kind) for ref, name in others]
    return found


def twins(db: sqlite3.Connection, first: int, last: int) -> int:
    """Return how many of the people with an id from ``first`` to ``last`` share their name and an e-mail or a phone.

    The other person may be any.
    """
    # Many new people have most points to themselves: one scan of the index of points is faster than a look-up of each.
    shared = _SHARED if last - first > MANY else _THEIRS
    sql = (
        f"WITH shared AS MATERIALIZED ({shared}), held AS MATERIALIZED"
        " (SELECT p.norm, p.kind, c.name_key, c.id FROM shared s JOIN contact_point p ON p.norm = s.norm"
        " AND p.kind = s.kind JOIN contact c ON c.id = p.contact_id WHERE p.norm <> '')"
        " SELECT count(DISTINCT h.id) FROM held h JOIN"
        " (SELECT norm, kind, name_key FROM held GROUP BY norm, kind, name_key HAVING count(DISTINCT id) > 1) t"
        " ON t.norm = h.norm AND t.kind = h.kind AND t.name_key = h.name_key WHERE h.id BETWEEN :first AND :last"
    )
    return int(db.execute(sql, {"first": first, "last": last}).fetchone()[0])


MANY = 1000
_REACHING = "norm <> '' AND kind IN ('email', 'phone')"
_SHARED = f"SELECT norm, kind FROM contact_point WHERE {_REACHING} GROUP BY norm, kind HAVING count(*) > 1"
"""E-mails and phones that several records have."""
_THEIRS = f"SELECT DISTINCT norm, kind FROM contact_point WHERE contact_id BETWEEN :first AND :last AND {_REACHING}"
"""Those of some people."""


def employments(db: sqlite3.Connection, ids: list[int]) -> dict[int, list[Employment]]:
    """Return the people's current and former jobs, current ones first."""
    found: dict[int, list[Employment]] = defaultdict(list)
    for ref, *row in db.execute(
        "SELECT e.contact_id, coalesce(c.name, ''), e.company_id, e.title, e.department, e.since, e.until,"
        " e.current, e.id"
        f" FROM employment e LEFT JOIN company c ON c.id = e.company_id WHERE e.contact_id IN ({marks(ids)})"
        " ORDER BY e.current DESC, e.id",
        ids,
    ):
        company, company_id, title, department, since, until, current, job = row
        found[ref].append(Employment(company, company_id, title, department, since, until, bool(current), job))
    return found


def _last(db: sqlite3.Connection, ids: list[int], reach: int) -> dict[int, str]:
    return dict(
        db.execute(
            f"SELECT contact_id, max(at_utc) FROM activity_participant WHERE contact_id IN ({marks(ids)})"
            " AND reach = ? AND at_utc IS NOT NULL GROUP BY contact_id",
            [*ids, reach],
        ).fetchall()
    )


def _next_steps(db: sqlite3.Connection, ids: list[int]) -> dict[int, Activity]:
    steps = participants.open_activities(db, "contact", ids)
    loaded = {activity.id: activity for activity in activities.load(db, sorted(set(steps.values())))}
    return {ref: loaded[step] for ref, step in steps.items()}
