"""Replacing a book with a backup, whatever the book's state and whichever programs have it open.

A book that SQLite can open keeps its file: the backup is written into it, in one transaction, under the lock of that
file. A program that waits for the lock continues with the new content. A new file with the old name would be unsafe: a
program that has the old file open finds its journal by name, and SQLite would roll that journal back into the new file.

No such program can exist for a file in which SQLite cannot begin a transaction. Only such a file is replaced by
renaming.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from crm_cli import files
from crm_cli.book import backup, locks, migration, opening, schema, sqlite_file
from crm_cli.errors import BookError, LockedError, UsageError

ATTEMPTS = 5
"""The maximum number of attempts, if the file is changed or replaced in the meantime."""

UNREADABLE = {"SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_READONLY"}
"""SQLite's error names when a file's first page is too damaged to begin a write transaction."""

LOCK_BYTES = (512, 0x40000000)
"""The length and offset that SQLite locks (PENDING_BYTE: https://www.sqlite.org/fileformat.html#the_lock_byte_page)."""


def examine(source: Path, target: Path) -> None:
    """Raise BookError unless ``source`` looks like a book and ``target`` can be one: a quick check."""
    if opening.is_new(source):
        raise BookError(f"{source} is not a backup: it is missing or empty")
    if not opening.is_new(target) and target.samefile(source):
        raise UsageError(f"{source} is the book itself", hint="give a backup of it")
    sqlite_file.look(source)[0].close()


def rehearse(source: Path, target: Path) -> None:
    """Raise what ``restore`` would raise because of the backup; write nothing next to the book."""
    examine(source, target)
    with TemporaryDirectory() as folder, backup.part_beside(Path(folder) / "book") as part:
        _prepare(part, source)


def restore(source: Path, target: Path) -> Path | None:
    """Replace the book ``target`` with the backup ``source``; return where the old book was kept, if there was one.

    Raises BookError, with nothing changed, when the backup is not a sound book, and LockedError when another program
    does not release the book.
    """
    examine(source, target)
    target = target.resolve()
    with backup.part_beside(target) as part:
        _prepare(part, source)
        for _ in range(ATTEMPTS):
            # Opened first and closed last: closing any handle of a file releases all locks that this process has on it.
            with _opened(target) as present:
                seen = _state(present)
                db = _locked(target)
                if db:
                    with closing(db):
                        if _is_at(target, present):
                            return _write_into(db, part, present, target)
                else:
                    _lock_bytes(present)
                    if _is_at(target, present) and _state(present) == seen:
                        return _replace(part, present, target)
    raise LockedError(f"{target} is being changed by another program; try again")


def _prepare(part: Path, source: Path) -> None:
    """Fill ``part`` with the backup, migrated to the newest schema and checked; the backup itself is not changed."""
    db, version = sqlite_file.look(source)
    with closing(db):
        backup.fill(part, db, str(source))
    if version < schema.VERSION:
        with closing(sqlite_file.open_file(part)) as new:
            new.execute("PRAGMA journal_mode=MEMORY")
            new.execute("BEGIN")
            migration.upgrade(new, source, version)
            new.execute("COMMIT")
            backup.refuse_damaged(str(source), backup.problems(new))
    with closing(sqlite_file.open_file(part)) as new:
        new.execute("PRAGMA journal_mode=MEMORY")
        # What was delivered after the backup is not in it: the next run takes earlier reminders as passed.
        new.execute("UPDATE deliverer SET done_until = ''")


def _opened(target: Path) -> BinaryIO:
    return os.fdopen(os.open(target, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _state(file: BinaryIO) -> tuple[int, int]:
    """Return the size and mtime in nanoseconds, which change when a file is written."""
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _is_at(target: Path, file: BinaryIO) -> bool:
    """Is the open ``file`` still the one at this path?"""
    try:
        return os.path.samestat(target.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _locked(target: Path) -> sqlite3.Connection | None:
    """Open the book with an exclusive lock; return None if SQLite cannot begin a transaction in the file."""
    try:
        return sqlite_file.locked(target)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname in UNREADABLE:
            return None
        raise


def _write_into(db: sqlite3.Connection, part: Path, present: BinaryIO, target: Path) -> Path | None:
    with suppress(sqlite3.DatabaseError):  # a book whose schema is damaged stays in WAL mode until it is replaced
        sqlite_file.leave_wal(db, target)
    kept = _set_aside(present, target, "-wal")
    db.execute("PRAGMA locking_mode=NORMAL")  # the lock is kept until the commit, which can then delete the journal
    try:
        with closing(sqlite_file.open_file(part)) as new:
            new.backup(db, pages=-1)
    except sqlite3.OperationalError as error:
        if kept and error.sqlite_errorname == "SQLITE_FULL":  # after other errors the new book may be in effect
            _forget(kept)
        raise
    with suppress(sqlite3.DatabaseError):
        sqlite_file.leave_wal(db, target)
    return kept


def _replace(part: Path, present: BinaryIO, target: Path) -> Path | None:
    kept = _set_aside(present, target, "-wal", "-journal")
    for suffix in backup.COMPANIONS:  # they would be taken for the new book's
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    files.sync(target.parent)
    backup.put(part, target)
    return kept


def _lock_bytes(file: BinaryIO) -> None:
    """Lock the bytes that SQLite would lock, in a file that it cannot open."""
    from fcntl import LOCK_EX, LOCK_NB, lockf

    until = time.monotonic() + locks.left()
    while True:
        try:
            lockf(file, LOCK_EX | LOCK_NB, *LOCK_BYTES)
        except (BlockingIOError, PermissionError):
            if time.monotonic() > until:
                raise LockedError("the book is locked by another program; try again") from None
            time.sleep(0.02)
        else:
            return


def _set_aside(present: BinaryIO, target: Path, *belongings: str) -> Path | None:
    """Copy the present book byte by byte to an unused name next to it, after copies of its companion files."""
    if not os.fstat(present.fileno()).st_size:
        return None
    kept = backup.free_name(target, "before-restore{}")
    for suffix in belongings:
        beside = target.with_name(target.name + suffix)
        if beside.exists():
            with beside.open("rb") as file:
                _keep(file, kept.with_name(kept.name + suffix))
    _keep(present, kept)
    return kept


def _keep(file: BinaryIO, kept: Path) -> None:
    with backup.part_beside(kept) as part:
        with part.open("wb") as copied:
            shutil.copyfileobj(file, copied, 1 << 20)
        backup.put(part, kept)


def _forget(kept: Path) -> None:
    for suffix in ("", *backup.COMPANIONS):
        kept.with_name(kept.name + suffix).unlink(missing_ok=True)
