"""The one way to open a book: what is checked, which pragmas hold, how it is created and migrated."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crm_cli import config
from crm_cli.book import foreign, schema, sums
from crm_cli.errors import BookError, CrmError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x43524D31
"""``CRM1``: what ``PRAGMA application_id`` of a book says."""

HEADER = 72
"""So many bytes at the beginning of a file tell whether it is a book."""

BUSY_SECONDS = 30.0

UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged book raises: Python decodes even the names in SQLite's messages."""

PRAGMAS = (
    "foreign_keys=ON",
    "synchronous=FULL",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "mmap_size=0",
    "recursive_triggers=ON",
)


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open the existing file ``path`` as a book of the current schema, migrating an older one.

    Raises BookError when the file is damaged, not a book, or of a newer schema; it is then left as it was.
    """
    try:
        db = _checked(path, readonly=readonly)
        for pragma in (*PRAGMAS, *(("query_only=ON",) if readonly else ())):
            db.execute(f"PRAGMA {pragma}")
    except UNREADABLE as error:
        raise _refusal(path, error) from error
    return db


def _checked(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open a file that is a book of ours, of the newest schema."""
    db = _connect(path, "rw")
    try:
        version = _version(db, path)
    except sqlite3.OperationalError as error:
        db.close()
        if not error.sqlite_errorname.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN")):
            raise
        db = _connect(path, "ro")
        version = _version(db, path)
    foreign.refuse(db, path, version, readonly=readonly and version == schema.VERSION)
    if version < schema.VERSION:
        migrate(db, path, version)
    return db


def connect_empty() -> sqlite3.Connection:
    """Return a book in memory with nothing in it: what a read sees where there is no file."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    _build(db, 0)
    return db


def is_new(path: Path) -> bool:
    """Is there no book at ``path`` yet? A file of no bytes is a book that was about to be made.

    So is one whose making was cut short: its unfinished transaction is taken back first.
    """
    try:
        found = path.stat()
        if found.st_size and path.with_name(path.name + "-journal").exists():
            _recover(path)
            found = path.stat()
    except FileNotFoundError:
        return True
    return found.st_size == 0 and not path.is_dir()


def _recover(path: Path) -> None:
    """Let SQLite take back a transaction that a crash left unfinished; what is wrong shows when the book is opened."""
    try:
        with closing(_connect(path, "rw")) as db:
            db.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError:
        return


def is_header(head: bytes) -> bool:
    """Do these bytes begin a book of ours? (https://www.sqlite.org/fileformat.html#the_database_header)"""
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def make_folder(folder: Path) -> None:
    """Make the user's data folder, of mode 0700. Raises CrmError for another that is missing: a slip of the pen."""
    own = config.folder("data")
    if folder == own or own in folder.parents:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not folder.is_dir():
        raise CrmError(f"there is no folder {folder}", hint="make it first, if the path is right")


def create(path: Path) -> None:
    """Make an empty book at ``path``, readable by its owner alone: a file of mode 0600."""
    make_folder(path.absolute().parent)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise BookError(f"cannot make a book at {path}: {error.strerror}") from error
    db = _connect(path, "rw")
    try:
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone()[0] == 0:
            _build(db, 0)
        db.execute("COMMIT")
    finally:
        db.close()


def migrate(db: sqlite3.Connection, path: Path, version: int) -> None:
    """Bring a book of schema ``version`` to the newest, after a backup beside it, in one transaction."""
    from crm_cli.book.backup import copy

    copy(db, path.with_name(f"{path.name}.schema{version}.bak"))
    db.execute("PRAGMA foreign_keys=OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        _build(db, db.execute("PRAGMA user_version").fetchone()[0])
        _refuse_lost_parents(db, path)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _refuse_lost_parents(db: sqlite3.Connection, path: Path) -> None:
    if db.execute("PRAGMA foreign_key_check").fetchone():
        raise BookError(f"{path}: its records do not hold together; it was left as it was", hint="run: crm check")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    name = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"file:{name}?mode={mode}", uri=True, isolation_level=None, timeout=BUSY_SECONDS)


def _version(db: sqlite3.Connection, path: Path) -> int:
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION_ID:
        raise BookError(f"{path} is not a crm book; it was not touched", hint="choose another with --book PATH")
    if version > schema.VERSION:
        raise BookError(
            f"{path} needs a newer crm (its schema is {version}, this program knows {schema.VERSION})",
            hint="upgrade with: pip install -U easy-crm",
        )
    return version


def _refusal(path: Path, error: Exception) -> Exception:
    name = getattr(error, "sqlite_errorname", "")  # Python's own errors, of a text that is not UTF-8, have none
    if name == "SQLITE_CANTOPEN":
        return BookError(f"cannot open {path}: is it a file that you may read?")
    if name in {"SQLITE_NOTADB", "SQLITE_CORRUPT"} or isinstance(error, UnicodeDecodeError):
        return BookError(
            f"{path} is damaged or not a crm book; it was not touched", hint="bring a backup back with: crm restore"
        )
    return error


def _build(db: sqlite3.Connection, version: int) -> None:
    schema.build(db, version)
    sums.rebuild(db)
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={schema.VERSION}")
