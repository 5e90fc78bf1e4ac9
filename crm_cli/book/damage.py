"""Which rows are not as crm wrote them, by the checksums in ``row_sum``, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book import journal, opening, sums

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

NAMES = {
    "contact": ("", "name"), "company": ("c", "name"), "activity": ("a", "subject"), "deal": ("d", "title"),
    "tag": ("tag ", "name"), "field": ("field ", "name"), "stage": ("stage ", "name"), "segment": ("segment ", "name"),
    "pipeline": ("pipeline ", "name"),
}  # fmt: skip
"""kind of record -> what its printed id begins with, and the column of its name."""
TABLES = {"field": "custom_field"}
"""kind of record -> its table, where that has another name."""


CHANGED = "was changed by another program or damaged"


def changed_rows(db: sqlite3.Connection) -> Iterator[str]:
    """Yield a line for each row that differs from what was written, or that cannot be read."""
    for table in sums.tables(db):
        try:
            for ref in sums.differing(db, table):
                yield f"{table.name} {ref} {CHANGED}{whose(db, table.name, ref)}"
        except opening.UNREADABLE as error:
            yield f"rows of {table.name} cannot be read: {error}"


def whose(db: sqlite3.Connection, table: str, ref: int) -> str:
    """Return whose row it is, for a message: `` (12 Asha Verma)``; nothing if that cannot be told any more."""
    if table not in journal.OWNERS:
        return f" (ch{ref})"
    owners = journal.OWNERS[table]
    by = sums.owner(table)
    try:
        row = db.execute(f"SELECT {', '.join(owners)} FROM {table} WHERE {by} = ?", (ref,)).fetchone()
        if row is None and by == "id":
            return " (it is gone)"
        known = row or [ref]
        for kind, owner in zip(owners.values(), known, strict=False):
            if owner is not None:
                prefix, column = NAMES[kind]
                sql = f"SELECT {column} FROM {TABLES.get(kind, kind)} WHERE id = ?"
                found = db.execute(sql, (owner,)).fetchone()
                return f" ({prefix}{owner} {found[0]})" if found else f" ({prefix}{owner})"
    except opening.UNREADABLE:
        pass
    return ""
