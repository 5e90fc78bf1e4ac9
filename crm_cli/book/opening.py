"""Opening a book: checks, pragmas, creation and migration."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING

from crm_cli.book import fingerprint, schema
from crm_cli.book.sqlite_file import UNREADABLE, build, is_wal, leave_wal, locked, look, open_file, refusal
from crm_cli.errors import BookError, Hint, LockedError, NotFoundError

if TYPE_CHECKING:
    from pathlib import Path


PRAGMAS = (
    "foreign_keys=ON",
    "synchronous=FULL",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "mmap_size=0",
    "recursive_triggers=ON",
)


KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open the existing file ``path`` as a book of the current schema, migrating an older one.

    Raises BookError when the file is damaged, not a book, or of a newer schema; the file is not changed.
    Raises LockedError when a book in WAL mode is to be written and another program has it open.
    """
    try:
        db = _checked(path, readonly=readonly)
        for pragma in (*PRAGMAS, *(("query_only=ON",) if readonly else ())):
            db.execute(f"PRAGMA {pragma}")
    except UNREADABLE as error:
        raise refusal(path, error) from error
    return db


def _checked(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open a book and check that it is ours; migrate it, and leave WAL mode if it is to be written."""
    db, _ = look(path)
    try:
        version = _compared(db, path, readonly=readonly)
    except BaseException:
        db.close()
        raise
    if readonly and version == schema.VERSION:
        return db
    if is_wal(db):
        db.close()
        _turn_back(path.resolve())
        db = open_file(path)
    if version < schema.VERSION:
        from crm_cli.book.migration import migrate

        try:
            migrate(db, path)
        except BaseException:
            db.close()
            raise
    return db


def _compared(db: sqlite3.Connection, path: Path, *, readonly: bool) -> int:
    """Check that the schema is ours and return its version; in one transaction, as another process may migrate it."""
    db.execute("BEGIN")
    try:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version != schema.VERSION or not fingerprint.is_ours(db):
            from crm_cli.book import foreign

            foreign.refuse(db, path, version, readonly=readonly and version == schema.VERSION)
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return version


def _turn_back(path: Path) -> None:
    """Switch a book from WAL mode to the rollback journal. No other program may have it open."""
    try:
        db = locked(path)
    except sqlite3.OperationalError as error:
        if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise
        raise LockedError(
            f"{path} is in WAL mode and open in another program", hint="close that program, then try again"
        ) from error
    with closing(db):
        leave_wal(db, path)


def is_new(path: Path) -> bool:
    """Is there no book at ``path`` yet? An empty file counts as new: its creation was interrupted.

    So does a book whose creation crashed: its unfinished transaction is rolled back first.
    Raises BookError for what cannot be a book: a directory, a FIFO, a device, a broken symbolic link.
    """
    found = _file(path)
    if found and found.st_size and os.path.exists(os.path.realpath(path) + "-journal"):  # noqa: PTH110
        _recover(path)
        found = _file(path)
    return not (found and found.st_size)


def require(path: Path) -> None:
    """Raise NotFoundError if there is no book at ``path`` yet."""
    if is_new(path):
        raise NotFoundError(f"there is no book at {path} yet")


def _file(path: Path) -> os.stat_result | None:
    """Return the ``stat`` result of the regular file ``path``, or None if it does not exist. Raises BookError."""
    try:
        found = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise BookError(f"{path} is a link to {path.readlink()}, which does not exist") from None
        return None
    except OSError as error:
        raise BookError(f"cannot open {path}: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        kind = KINDS.get(stat.S_IFMT(found.st_mode), "not a file")
        raise BookError(f"{path} is {kind}, not a crm book", hint=Hint("other-book"))
    return found


def _recover(path: Path) -> None:
    """Let SQLite roll back a transaction that a crash left unfinished; other errors appear when the book is opened."""
    try:
        with closing(open_file(path)) as db:
            db.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return


def create(path: Path) -> None:
    """Create an empty book at ``path``, readable only by its owner (mode 0600)."""
    from crm_cli import files

    files.make_folder(path.absolute().parent)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise BookError(f"cannot make a book at {path}: {error.strerror}") from error
    db = open_file(path)
    try:
        db.execute("BEGIN IMMEDIATE")
        if not db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            build(db, 0)
        db.execute("COMMIT")
    finally:
        db.close()
