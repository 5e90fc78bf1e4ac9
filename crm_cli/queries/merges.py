"""Which records were merged into which: a merged record's id, uid and name lead to the survivor."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_cli.core.kinds import BY_NAME
from crm_cli.core.records import Merge
from crm_cli.core.text.folding import sort_key
from crm_cli.queries.batches import marks

if TYPE_CHECKING:
    import sqlite3


_COLUMNS = (
    "id, CASE WHEN company_id IS NULL THEN 'contact' ELSE 'company' END, coalesce(contact_id, company_id),"
    " loser_id, loser_uid, name, at_utc"
)


def load(db: sqlite3.Connection, kind: str, ids: list[int]) -> dict[int, list[Merge]]:
    """Return what was merged into each of these records, the oldest first."""
    found: dict[int, list[Merge]] = defaultdict(list)
    sql = f"SELECT {_COLUMNS} FROM merge WHERE {BY_NAME[kind].column} IN ({marks(ids)}) ORDER BY id"
    for row in db.execute(sql, ids):
        found[row[2]].append(Merge(*row))
    return found


def of(db: sqlite3.Connection, kind: str, record_id: int) -> list[Merge]:
    """Return what was merged into a record, directly or through others, the oldest first."""
    return load(db, kind, [record_id])[record_id]


def of_loser(db: sqlite3.Connection, kind: str, record_id: int) -> Merge | None:
    """Return the merge that a record of this id vanished in, or None."""
    sql = f"SELECT {_COLUMNS} FROM merge WHERE loser_id = ? AND {BY_NAME[kind].column} IS NOT NULL"
    row = db.execute(sql, (record_id,)).fetchone()
    return Merge(*row) if row else None


def by_uid(db: sqlite3.Connection, start: str) -> list[Merge]:
    """Return the merges of records whose uid begins with ``start``, at most 20."""
    sql = f"SELECT {_COLUMNS} FROM merge WHERE loser_uid >= ? AND loser_uid < ? LIMIT 20"
    return [Merge(*row) for row in db.execute(sql, (start, start + "\uffff"))]


def survivor(db: sqlite3.Connection, kind: str, record_id: int) -> int | None:
    """Return the record that a merged one lives on in, or None."""
    found = of_loser(db, kind, record_id)
    return found.survivor if found else None


def named(db: sqlite3.Connection, kind: str) -> dict[str, int]:
    """Return the folded names of merged records that no record of this kind has now -> the survivor."""
    known = BY_NAME[kind]
    rows = db.execute(f"SELECT name, {known.column} FROM merge WHERE {known.column} IS NOT NULL ORDER BY id").fetchall()
    return {sort_key(name): ref for name, ref in rows}
