"""Migration of a book to the newest schema: by one process at a time, in one transaction, after a backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crm_cli.book import backup, rhythm, schema, sqlite_file
from crm_cli.errors import BookError, Hint

if TYPE_CHECKING:
    from pathlib import Path


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Migrate the book ``path``, open as ``db``, to the newest schema, and keep a backup next to it.

    A second process waits for the write lock and then finds nothing left to do. If the migration fails, the book is
    unchanged and no backup is kept.
    """
    db.execute("PRAGMA foreign_keys=OFF")
    db.execute("BEGIN IMMEDIATE")
    kept: Path | None = None
    try:
        version = _version(db)
        if version < schema.VERSION:
            kept = backup.free_name(path, f"schema{version}{{}}.bak", first="")
            with backup.part_beside(kept) as part:
                with closing(sqlite_file.open_file(path)) as before:
                    backup.fill(part, before, str(path))
                upgrade(db, path, version)
                backup.put(part, kept)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        if kept and _version(db) < schema.VERSION:
            kept.unlink(missing_ok=True)
        raise


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def upgrade(db: sqlite3.Connection, path: Path, version: int) -> None:
    """Run the schema files after ``version`` inside the caller's transaction; foreign keys must be off."""
    try:
        sqlite_file.build(db, version)
        rhythm.rebuild(db)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_ERROR":
            raise
        raise BookError(f"{path} is damaged: it cannot be brought to the newest schema ({error})") from error
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise BookError(f"{path}: its records are inconsistent; nothing was changed", hint=Hint("check"))
