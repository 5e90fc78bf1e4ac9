"""The list of past imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class ImportRun(NamedTuple):
    """One import: its file, the counts of its records, the file of rejected ones, and its change if known."""

    id: int
    at: str
    file: str
    format: str
    read: int
    new: int
    changed: int
    same: int
    rejected: int
    rejects: str
    change: int | None


def latest(db: sqlite3.Connection, *, limit: int = 0) -> list[ImportRun]:
    """Return the imports, newest first; ``limit`` 0 means all."""
    rows = db.execute(
        "SELECT id, at_utc, file, format, read, new, changed, same, rejected, rejects, change_id FROM import_run"
        " ORDER BY id DESC LIMIT ?",
        (limit or -1,),
    )
    return [ImportRun(*row) for row in rows]
