"""Whether another file is an earlier state of this book or a different book."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crm_cli.book import sqlite_file
from crm_cli.core.kinds import RECORDS
from crm_cli.errors import BookError

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = 1000
"""How many of the other book's latest records of each kind are looked up in this one."""


def replaced_by_backup(db: sqlite3.Connection, target: Path) -> str:
    """Return what a backup of ``db`` to ``target`` would overwrite: a description of a different crm book, or ``""``.

    Overwriting an earlier backup of the same book, or an empty file, loses nothing. Raises BookError for other files.
    """
    for end in ("-journal", "-wal"):
        beside = target.with_name(target.name + end)
        if beside.exists() and beside.stat().st_size:
            raise BookError(f"{beside} would be mistaken for part of the backup", hint="give another FILE")
    try:
        with target.open("rb") as file:
            head = file.read(sqlite_file.HEADER)
    except FileNotFoundError:
        return ""
    if head and not sqlite_file.is_header(head):
        raise BookError(f"{target} is not a crm book; it was not touched", hint="give another FILE")
    if not head:
        return ""
    try:
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as other:
            people = other.execute("SELECT count(*) FROM contact").fetchone()[0]
            return "" if _is_earlier(db, other) else f"another crm book (people: {people})"
    except sqlite3.DatabaseError:
        return "another crm book (damaged)"


def _is_earlier(db: sqlite3.Connection, other: sqlite3.Connection) -> bool:
    """Is the whole history of ``other`` also in ``db``, and do they share a record?"""
    past = "SELECT id, at_utc, verb FROM change"
    known = set(db.execute(past))
    if any(change not in known for change in other.execute(past)):
        return False
    sample = _uids(other)
    return not sample or any(_has(db, table, uid) for table, uid in sample) or not removed(db).isdisjoint(sample)


def _uids(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return (table, uid) of the latest records of a book, which may have an older schema."""
    tables = {row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    return [
        (table, row[0])
        for table in RECORDS
        if table in tables
        for row in db.execute(f"SELECT uid FROM {table} ORDER BY id DESC LIMIT {SAMPLE}")
    ]


def _has(db: sqlite3.Connection, table: str, uid: str) -> bool:
    return db.execute(f"SELECT 1 FROM {table} WHERE uid = ?", (uid,)).fetchone() is not None


def removed(db: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return (table, uid) of the records that were deleted from the book."""
    places = ", ".join(f"'{table}'" for table in RECORDS)
    rows = db.execute(
        f"SELECT tbl, json_extract(before, '$.uid') FROM change_row WHERE op = 'delete' AND tbl IN ({places})"
    )
    return {(table, uid) for table, uid in rows}
