"""Backup copies of a book: consistent, verified, readable only by the owner, and renamed into place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crm_cli import files
from crm_cli.book import damage, foreign, rhythm, schema, sqlite_file
from crm_cli.book.search import index as search
from crm_cli.core import kinds
from crm_cli.errors import FULL, BookError, unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPANIONS = tuple(filter(None, files.COMPANIONS))
"""Suffixes that SQLite adds to a database's name for the files that belong to it."""


def known(book: Path) -> list[Path]:
    """Return the backups of a book that crm made and that are still where crm put them, newest first.

    Backups made by `crm backup` are in the folder ``backups`` next to the book; a restore and a migration keep theirs
    next to the book itself.
    """
    real = book.resolve()
    kept = [
        *real.parent.glob(f"{_literal(real.name)}.before-restore*"),
        *real.parent.glob(f"{_literal(real.name)}.schema*.bak"),
    ]
    made = [*(real.parent / "backups").glob(f"{_literal(real.stem)}-*.db")]
    found = [path for path in (*made, *kept) if path.is_file() and not path.name.endswith(COMPANIONS)]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def _literal(name: str) -> str:
    """Return a glob pattern that matches only this name."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def copy(db: sqlite3.Connection, target: Path) -> None:
    """Write a consistent copy of the open book to ``target``, which is replaced only after the copy is verified."""
    with part_beside(target) as part:
        fill(part, db, "the book")
        put(part, target)


def rehearse(db: sqlite3.Connection) -> None:
    """Copy the open book to a temporary folder, verify the copy and delete it. Raises the same errors as ``copy``."""
    with TemporaryDirectory() as folder, part_beside(Path(folder) / "book") as part:
        fill(part, db, "the book")


@contextmanager
def part_beside(target: Path) -> Iterator[Path]:
    """Create an empty, private file in the folder of ``target`` to prepare it in; it is removed afterwards.

    Raises BookError for any operating system error while it is in use.
    """
    try:
        files.make_folder(target.absolute().parent)
        with files.Part(target) as part:
            yield part.path
    except OSError as error:
        full = "the disk is full; nothing was changed" if error.errno in FULL else ""
        raise BookError(full or str(unwritable(target, error))) from error


def fill(part: Path, db: sqlite3.Connection, name: str) -> None:
    """Copy the open book ``db``, called ``name`` in errors, into the empty file ``part`` in one step, and verify it.

    Raises BookError when the copy is damaged.
    """
    with closing(sqlite3.connect(part, isolation_level=None)) as copied:
        copied.execute("PRAGMA journal_mode=MEMORY")  # an unfinished copy is deleted, not rolled back
        db.execute("BEGIN")
        try:
            db.execute("SELECT 1 FROM sqlite_schema").fetchone()  # waits for a lock once; backup() would wait forever
            db.backup(copied, pages=-1)
        finally:
            db.execute("ROLLBACK")
        copied.execute("PRAGMA journal_mode=MEMORY")  # a copy of a book in WAL mode is in WAL mode, too
        refuse_damaged(name, problems(copied))


def put(part: Path, target: Path) -> None:
    """Rename the finished ``part`` to ``target``, in one step that survives a power failure."""
    files.sync(part)
    part.replace(target)
    files.sync(target.absolute().parent)


def refuse_damaged(name: str, found: list[str]) -> None:
    """Raise BookError when ``found`` lists any problems with the book ``name``."""
    if found:
        raise BookError(f"{name} is damaged ({found[0]}); nothing was changed")


def free_name(path: Path, pattern: str, first: str = "-1") -> Path:
    """Return the first unused name next to the file ``path``.

    ``pattern`` is appended to the file's name, its ``{}`` replaced by ``first``, then ``-2``, ``-3`` and so on.
    """
    real = path.resolve()
    for number in count(1):
        found = real.with_name(f"{real.name}.{pattern.format(first if number == 1 else f'-{number}')}")
        if not os.path.lexists(found):
            return found
    raise AssertionError


def problems(db: sqlite3.Connection, *, deep: bool = False) -> list[str]:
    """Return what is wrong with a book: a foreign schema, damaged pages, dangling rows, an outdated search index.

    With ``deep``, also compare every row with its checksum, and every search document with its record.
    """
    found: list[str] = []
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        found += foreign.problems(db, version)
        if found and foreign.difference(db, version).misleading:
            return found
        found += _structure(db)
        if version == schema.VERSION:
            if deep:
                found += damage.changed_rows(db)
            found += _index_problems(db)
            if deep and not found:
                found += _outdated(db)
    except sqlite_file.UNREADABLE as error:
        found.append(str(error))
    return found


def _outdated(db: sqlite3.Connection) -> list[str]:
    """Return which derived rows do not fit their records: those of the search index, else those of the rhythm."""
    if lagging := search.lagging(db):
        return [f"{lagging} records outdated in the search index"]
    if lagging := rhythm.lagging(db):
        return [f"{lagging} people with an outdated rhythm"]
    return []


def _structure(db: sqlite3.Connection) -> Iterator[str]:
    """Yield damaged pages and dangling rows; nothing in other programs' tables is evaluated."""
    for table in foreign.own_tables(db):
        yield from (str(row[0]) for row in db.execute(f"PRAGMA integrity_check{table or '(20)'}") if row[0] != "ok")
        for child, row, parent, _ in db.execute(f"PRAGMA foreign_key_check{table}").fetchmany(20):
            yield f"{child} row {row} points at a {parent} that is not there"


def _index_problems(db: sqlite3.Connection) -> list[str]:
    orphans = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {kind.table} WHERE id = {kinds.record_sql('d.id')}"
        f" AND {kinds.is_kind_sql('d.id', kind.name)})"
        for kind in kinds.SEARCHED
    )
    checks = {
        "search documents of records that are not there": f"SELECT count(*) FROM search_doc d WHERE {orphans}",
        **{
            f"{kind.plural} missing from the search index": (
                f"SELECT count(*) FROM {kind.table} r"
                f" WHERE NOT EXISTS (SELECT 1 FROM search_doc d WHERE d.id = {kinds.document_sql(kind.name, 'r.id')})"
            )
            for kind in kinds.SEARCHED
        },
    }
    counted = ((words, db.execute(sql).fetchone()[0]) for words, sql in checks.items())
    return [f"{number} {words}" for words, number in counted if number]
