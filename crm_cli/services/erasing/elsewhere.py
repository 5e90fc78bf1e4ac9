"""Forgetting a person in the program's other files: rejected rows, unsaved texts, logs, copies of the book."""

from __future__ import annotations

import csv
import io
import os
import re
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crm_cli import config, files
from crm_cli.book import backup, sqlite_file
from crm_cli.book.book import Book
from crm_cli.drafts import FOLDER, temporary_folders
from crm_cli.errors import CrmError
from crm_cli.services import unmerging
from crm_cli.services.erasing.forgetting import Erasure, forget
from crm_cli.services.importing.rejects import is_ours

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterator, Mapping

    from crm_cli.core.mentions import Naming


class Copy(NamedTuple):
    """A backup of the book that holds the person: its path, when it was made, and whether crm made it by itself."""

    path: Path
    at: str
    is_automatic: bool


def copies(book: Path) -> list[Copy]:
    """Return the copies of a book that crm made: backups, and those that a restore or a new schema kept."""
    return [Copy(path, _day(path), path.parent.name != "backups") for path in backup.known(book)]


def _day(path: Path) -> str:
    """Return the day on which a backup was made: that in its name, or that of its file."""
    stamp = re.search(r"-(\d{4})(\d{2})(\d{2})T\d{6}Z\.db$", path.name)
    return "-".join(stamp.groups()) if stamp else f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y-%m-%d}"


def forget_in_copy(copy: Path, people: Mapping[int, str], *, now: str, redact: bool) -> bool:
    """Rewrite a copy of the book without a person; return whether it held them. Its time stays.

    ``people`` are the numbers and uids of the person and of the records that were merged into theirs: in an older copy
    they may be apart. Raises BookError if the copy is damaged or not a book; it is not touched then.
    """
    times = copy.stat()
    with backup.part_beside(copy) as part:
        with closing(sqlite_file.look(copy)[0]) as source:
            backup.fill(part, source, str(copy))
        with Book.write(part) as book:
            held = [person for person, uid in people.items() if _holds(book.db, person, uid)]
            if not held:
                return False
            for person in held:
                _take_apart(book, person, people, now)
            forget(book, [Erasure(person, now, redact) for person in held], origin="script")
            book.db.execute("VACUUM")
            backup.refuse_damaged(str(copy), backup.problems(book.db))
        for kept in part.parent.glob(f"{part.name}.schema*.bak"):
            kept.unlink()
        os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))
        backup.put(part, copy)
    for end in backup.COMPANIONS:
        copy.with_name(copy.name + end).unlink(missing_ok=True)
    return True


def names_them(path: Path, pattern: Naming) -> bool:
    """Is the person named in the bytes of a file that cannot be read as a book?"""
    text = _text(path)
    return text is not None and pattern.search(text) is not None


def _take_apart(book: Book, person: int, people: Container[int], now: str) -> None:
    """Unmerge a person who is merged into a different one in a copy that was made before they were taken apart."""
    rows = book.db.execute("SELECT id, contact_id FROM merge WHERE loser_id = ? AND contact_id IS NOT NULL", (person,))
    for merge, survivor in rows.fetchall():
        if survivor not in people:
            with book.change("unmerge", now=now, origin="script"):
                unmerging.unmerge(book, merge, now=now)


def _holds(db: sqlite3.Connection, person: int, uid: str) -> bool:
    """Does a copy hold this person, as a record or in its journal? A number with another uid is of another book."""
    row = db.execute("SELECT uid FROM contact WHERE id = ?", (person,)).fetchone()
    if row or db.execute("SELECT 1 FROM merge WHERE loser_uid = ?", (uid,)).fetchone():
        return row is None or bool(row[0] == uid)
    return (
        db.execute(
            "SELECT 1 FROM change_row WHERE instr(before || '', ?) OR instr(after || '', ?)", (uid, uid)
        ).fetchone()
        is not None
    )


def clean_rejects(db: sqlite3.Connection, pattern: Naming) -> list[str]:
    """Remove the rows that name the person from the files of rejected rows; return those that cannot be touched."""
    left = []
    for (name,) in db.execute("SELECT DISTINCT rejects FROM import_run WHERE rejects <> ''").fetchall():
        path = Path(name)
        with suppress(OSError):
            files.sweep(path.parent)
        text = _text(path)
        if text is None or not pattern.search(text):
            continue
        if not is_ours(db, path):
            left.append(name)
            continue
        try:
            _rewrite(path, text, pattern)
        except (OSError, CrmError):
            left.append(name)
    return left


def _rewrite(path: Path, text: str, pattern: Naming) -> None:
    """Write a file of rejected rows without those that name the person; delete it if none is left."""
    heading, *rows = csv.reader(io.StringIO(text, newline=""))
    kept = [row for row in rows if not pattern.search("\n".join(row))]
    if not kept:
        path.unlink()
        return
    times = path.stat()
    made = io.StringIO(newline="")
    csv.writer(made).writerows([heading, *kept])
    with files.Part(path) as part:
        os.write(part.handle, made.getvalue().encode("utf-8", "backslashreplace"))
        os.utime(part.handle, ns=(times.st_atime_ns, times.st_mtime_ns))
        part.settle()


def clean_state(pattern: Naming) -> list[str]:
    """Delete the files of the state and cache folders, and unsaved texts, that name the person; return what is left."""
    left = []
    for path in _own_files():
        text = _text(path)
        if text is not None and pattern.search(text):
            try:
                path.unlink()
            except OSError:
                left.append(str(path))
    return left


def _own_files() -> Iterator[Path]:
    folders = [config.folder("state"), config.folder("cache"), *(each / FOLDER for each in temporary_folders())]
    for folder in folders:
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.is_file() and not path.is_symlink():
                yield path


def _text(path: Path) -> str | None:
    """Return the text of a file, or None if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return None
