"""The one way to open a book: what is checked, which pragmas hold, how it is created and migrated."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from contextlib import closing
from typing import TYPE_CHECKING

from crm_cli import config
from crm_cli.book import foreign, locks, schema, sums
from crm_cli.errors import BookError, CrmError, LockedError

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID = 0x43524D31
"""``CRM1``: what ``PRAGMA application_id`` of a book says."""

HEADER = 72
"""So many bytes at the beginning of a file tell whether it is a book."""

RETRY_SECONDS = 0.005
"""How often to look for a lock that is wanted for oneself alone: SQLite's own waiting would never get it among many."""

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


KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def connect(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open the existing file ``path`` as a book of the current schema, migrating an older one.

    Raises BookError when the file is damaged, not a book, or of a newer schema; it is then left as it was.
    Raises LockedError when the book is to be written, is in WAL mode, and another program has it open.
    """
    try:
        db = _checked(path, readonly=readonly)
        for pragma in (*PRAGMAS, *(("query_only=ON",) if readonly else ())):
            db.execute(f"PRAGMA {pragma}")
    except UNREADABLE as error:
        raise _refusal(path, error) from error
    return db


def look(path: Path) -> tuple[sqlite3.Connection, int]:
    """Open the existing file ``path`` and leave it as it is; return the connection and the schema's number.

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
        raise _refusal(path, error) from error


def _checked(path: Path, *, readonly: bool) -> sqlite3.Connection:
    """Open a file that is a book of ours, of the newest schema, and in rollback mode if it is to be written."""
    db, _ = look(path)
    try:
        version = _compared(db, path, readonly=readonly)
    except BaseException:
        db.close()
        raise
    if readonly and version == schema.VERSION:
        return db
    if _is_wal(db):
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
    """Return the schema's number of a book whose schema is ours; of one moment, as another process may be migrating."""
    db.execute("BEGIN")
    try:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        foreign.refuse(db, path, version, readonly=readonly and version == schema.VERSION)
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
    return version


def _readable(path: Path) -> sqlite3.Connection:
    """Open a file in the first way in which it can be read: for writing too, or as read-only media allow."""
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
    """Is this a file that nobody can change, and that is whole by itself? One in WAL mode is read only then."""
    real = os.path.realpath(path)
    alone = not any(os.path.exists(real + suffix) for suffix in ("-wal", "-journal"))  # noqa: PTH110
    return alone and bool(os.statvfs(real).f_flag & os.ST_RDONLY)


def _turn_back(path: Path) -> None:
    """Turn a book in WAL mode back to the rollback journal, for which it must be open nowhere else."""
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


def locked(path: Path) -> sqlite3.Connection:
    """Open an existing file for this connection alone, until it is closed or put back to ``locking_mode=NORMAL``.

    An unfinished transaction that a crash left is taken back first. Raises sqlite3.DatabaseError: SQLITE_BUSY after
    ``locks.left()``.
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
    db.execute("PRAGMA busy_timeout=0")  # while this connection waited for a writer it would keep him from committing
    db.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")  # now nobody else writes
    db.execute(f"PRAGMA busy_timeout={max(0, int((until - time.monotonic()) * 1000))}")
    db.execute("BEGIN EXCLUSIVE")  # waits for those who read
    db.execute("ROLLBACK")  # a commit would make a first page in a file of no bytes


def leave_wal(db: sqlite3.Connection, path: Path) -> None:
    """Turn a book that is locked for this connection back to the rollback journal."""
    if _is_wal(db):
        db.execute("PRAGMA journal_mode=DELETE")
        path.with_name(path.name + "-shm").unlink(missing_ok=True)  # a crash leaves it


def _is_wal(db: sqlite3.Connection) -> bool:
    return bool(db.execute("PRAGMA journal_mode").fetchone()[0] == "wal")


def connect_empty() -> sqlite3.Connection:
    """Return a book in memory with nothing in it: what a read sees where there is no file."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    build(db, 0)
    return db


def is_new(path: Path) -> bool:
    """Is there no book at ``path`` yet? A file of no bytes is a book that was about to be made.

    So is one whose making was cut short: its unfinished transaction is taken back first.
    Raises BookError for what cannot be a book: a directory, a FIFO, a device, a link that leads nowhere.
    """
    found = _file(path)
    if found and found.st_size and os.path.exists(os.path.realpath(path) + "-journal"):  # noqa: PTH110
        _recover(path)
        found = _file(path)
    return not (found and found.st_size)


def _file(path: Path) -> os.stat_result | None:
    """Return what the system knows of the regular file ``path``, None if there is none. Raises BookError."""
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
        raise BookError(f"{path} is {kind}, not a crm book", hint="choose another with --book PATH")
    return found


def _recover(path: Path) -> None:
    """Let SQLite take back a transaction that a crash left unfinished; what is wrong shows when the book is opened."""
    try:
        with closing(open_file(path)) as db:
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
    db = open_file(path)
    try:
        db.execute("BEGIN IMMEDIATE")
        if not db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            build(db, 0)
        db.execute("COMMIT")
    finally:
        db.close()


def open_file(path: Path, mode: str = "rw") -> sqlite3.Connection:
    """Connect to the existing file ``path`` without a look at what it is."""
    name = str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return sqlite3.connect(f"file:{name}?mode={mode}", uri=True, isolation_level=None, timeout=locks.left())


def _version(db: sqlite3.Connection, path: Path) -> int:
    db.execute("BEGIN")  # all is read at one moment: another process may be migrating
    application = db.execute("PRAGMA application_id").fetchone()[0]
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    found = _tables(db)
    db.execute("ROLLBACK")
    if application != APPLICATION_ID:
        raise BookError(f"{path} is not a crm book; it was not touched", hint="choose another with --book PATH")
    if version > schema.VERSION:
        raise BookError(
            f"{path} needs a newer crm (its schema is {version}, this program knows {schema.VERSION})",
            hint="upgrade with: pip install -U easy-crm",
        )
    wanted, newest = schema.tables(version), schema.tables(schema.VERSION)
    if version < 1 or not wanted <= found or found & (newest - wanted):
        raise BookError(
            f"{path} is damaged: its tables are not those of a crm book; it was not touched",
            hint="bring a backup back with: crm restore",
        )
    return version


def _tables(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def _refusal(path: Path, error: Exception) -> Exception:
    name = getattr(error, "sqlite_errorname", "")  # Python's own errors, of a text that is not UTF-8, have none
    if name == "SQLITE_CANTOPEN":
        return BookError(f"cannot open {path}: is it a file that you may read?")
    if name in {"SQLITE_NOTADB", "SQLITE_CORRUPT"} or isinstance(error, UnicodeDecodeError):
        return BookError(
            f"{path} is damaged or not a crm book; it was not touched", hint="bring a backup back with: crm restore"
        )
    return error


def build(db: sqlite3.Connection, version: int) -> None:
    """Run the schema files after ``version``, inside the caller's transaction."""
    schema.build(db, version)
    sums.rebuild(db)
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={schema.VERSION}")
