"""Rows that differ from what crm wrote, by the checksums in ``row_sum``, and the records they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book import journal, sqlite_file, sums
from crm_cli.core.kinds import BY_NAME

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

CHANGED = "was changed by another program or damaged"


def changed_rows(db: sqlite3.Connection) -> Iterator[str]:
    """Yield a line for each row that differs from what was written, or that cannot be read."""
    for table in sums.tables(db):
        try:
            for ref in sums.differing(db, table):
                yield f"{table.name} {ref} {CHANGED}{whose(db, table.name, ref)}"
        except sqlite_file.UNREADABLE as error:
            yield f"rows of {table.name} cannot be read: {error}"


def whose(db: sqlite3.Connection, table: str, ref: int) -> str:
    """Return the record a row belongs to, for a message: `` (12 Asha Verma)``, or ``""`` if it is unknown."""
    if table not in journal.OWNERS:
        return f" (ch{ref})"
    owners = journal.OWNERS[table]
    by = sums.owner(table)
    try:
        row = db.execute(f"SELECT {', '.join(owners)} FROM {table} WHERE {by} = ?", (ref,)).fetchone()
        if row is None and by == "id":
            return " (it is gone)"
        known = row or [ref]
        for name, owner in zip(owners.values(), known, strict=False):
            if owner is not None:
                kind = BY_NAME[name]
                found = db.execute(f"SELECT {kind.title} FROM {kind.table} WHERE id = ?", (owner,)).fetchone()
                return f" ({kind.printed(owner)} {found[0]})" if found else f" ({kind.printed(owner)})"
    except sqlite_file.UNREADABLE:
        pass
    return ""
