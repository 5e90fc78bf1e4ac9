"""The SQLite file of a book, without crm's own checks: connections, locks, journal modes, the header."""

from __future__ import annotations

import _thread
import os
import sqlite3
import time
from functools import cache
from typing import TYPE_CHECKING

from crm_cli.book import locks, schema
from crm_cli.errors import BookError, Hint

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x43524D31
"""``CRM1``: the ``PRAGMA application_id`` of a book."""


HEADER = 72
"""The number of bytes at the start of a file that show whether it is a book."""


RETRY_SECONDS = 0.005
"""Seconds between attempts at an exclusive lock: SQLite's own waiting would never get it among many programs."""


_COPYING = _thread.allocate_lock()  # what threading.Lock is, without the time of its import
"""Held while the one empty book of this process is made or copied: threads of the dashboard read without a book too."""


UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged book raises: Python decodes even the names in SQLite's messages."""


def look(path: Path) -> tuple[sqlite3.Connection, int]:
    """Open the existing file ``path`` without changing it; return the connection and the schema version.

    Raises BookError when the file is damaged, not a book, or of a newer schema.
    """
    try:
        db = _readable(path)
        try:
            return db, _version(db, path)
        except BaseException:
            db.close()
            raise
    except sqlite3.DatabaseError as error:
        raise refusal(path, error) from error


def _readable(path: Path) -> sqlite3.Connection:
    """Open a file in the first mode that works: read-write, read-only, or immutable on read-only media."""
    try:
        return _tried(path, "rw")
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise
    try:
        return _tried(path, "ro")
    except sqlite3.OperationalError:
        if not _is_frozen(path):
            raise
    return _tried(path, "ro&immutable=1")


def _tried(path: Path, mode: str) -> sqlite3.Connection:
    db = open_file(path, mode)
    try:
        db.execute("PRAGMA application_id").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _is_frozen(path: Path) -> bool:
    """Is the file on a read-only file system, without a journal or WAL? Only then can one in WAL mode be read."""
    real = os.path.realpath(path)
    alone = not any(os.path.exists(real + suffix) for suffix in ("-wal", "-journal"))  # noqa: PTH110
    return alone and bool(os.statvfs(real).f_flag & os.ST_RDONLY)


def locked(path: Path) -> sqlite3.Connection:
    """Open an existing file with an exclusive lock, held until it is closed or set to ``locking_mode=NORMAL``.

    A transaction that a crash left unfinished is rolled back first. Raises sqlite3.DatabaseError, with SQLITE_BUSY
    after ``locks.left()`` seconds.
    """
    until = time.monotonic() + locks.left()
    while True:
        db = open_file(path)
        try:
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            _lock(db, until)
        except sqlite3.DatabaseError as error:
            db.close()
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > until:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return db


def _lock(db: sqlite3.Connection, until: float) -> None:
    db.execute("PRAGMA busy_timeout=0")  # waiting here for a writer would keep that writer from committing
    db.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")  # now there is no other writer
    db.execute(f"PRAGMA busy_timeout={max(0, int((until - time.monotonic()) * 1000))}")
    db.execute("BEGIN EXCLUSIVE")  # waits for readers
    db.execute("ROLLBACK")  # a commit would write a first page to an empty file


def leave_wal(db: sqlite3.Connection, path: Path) -> None:
    """Switch a book that is locked for this connection from WAL mode to the rollback journal."""
    if is_wal(db):
        db.execute("PRAGMA journal_mode=DELETE")
        path.with_name(path.name + "-shm").unlink(missing_ok=True)  # a crash leaves it


def is_wal(db: sqlite3.Connection) -> bool:
    """Is the book in WAL mode?"""
    return bool(db.execute("PRAGMA journal_mode").fetchone()[0] == "wal")


def connect_empty() -> sqlite3.Connection:
    """Return an empty book in memory: what a read sees if there is no file."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    with _COPYING:
        _empty().backup(db)
    return db


@cache
def _empty() -> sqlite3.Connection:
    """Return the empty book of which others are copies: a dashboard without a book asks for one at each key."""
    db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    build(db, 0)
    return db


def is_header(head: bytes) -> bool:
    """Do these bytes begin a book of ours? (https://www.sqlite.org/fileformat.html#the_database_header)"""
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def open_file(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """Connect to the existing file ``path`` without checking what it is."""
    name = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"file:{name}?mode={mode}", uri=True, isolation_level=None, timeout=locks.left())


def _version(db: sqlite3.Connection, path: Path) -> int:
    db.execute("BEGIN")  # one transaction for all reads: another process may be migrating
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    found = _tables(db)
    db.execute("ROLLBACK")
    if application != APPLICATION_ID:
        raise BookError(f"{path} is not a crm book; it was not touched", hint=Hint("other-book"))
    if version > schema.VERSION:
        raise BookError(
            f"{path} needs a newer crm (its schema is {version}, this program knows {schema.VERSION})",
            hint=Hint("upgrade"),
        )
    newest = schema.tables(schema.VERSION)
    wanted = newest if version == schema.VERSION else schema.tables(version)
    if version < 1 or not wanted <= found or found & (newest - wanted):
        raise BookError(
            f"{path} is damaged: its tables are not those of a crm book; it was not touched",
            hint=Hint("restore"),
        )
    return version


def _tables(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def refusal(path: Path, error: Exception) -> Exception:
    """Return the error to raise for one that SQLite raised when the file was opened."""
    name = getattr(error, "sqlite_errorname", "")  # Python's own errors, for text that is not UTF-8, have none
    if name == "SQLITE_CANTOPEN":
        return BookError(f"cannot open {path}: is it a file that you may read?")
    if name in {"SQLITE_NOTADB", "SQLITE_CORRUPT"} or isinstance(error, UnicodeDecodeError):
        return BookError(f"{path} is damaged or not a crm book; it was not touched", hint=Hint("restore"))
    return error


def build(db: sqlite3.Connection, version: int) -> None:
    """Run the schema files after ``version``, inside the caller's transaction."""
    schema.build(db, version)
    from crm_cli.book import sums

    sums.rebuild(db)
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={schema.VERSION}")
