"""Copies of a book that can be trusted: made in one step, verified, private, renamed into place."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from crm_cli.book import damage, foreign, opening, schema, search
from crm_cli.errors import BookError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def copy(db: sqlite3.Connection, target: Path, *, before: Callable[[Path], Path | None] | None = None) -> Path | None:
    """Write a consistent copy of the open book to ``target``, replacing it only when the copy has been verified.

    ``before`` is called with ``target`` between the two; what it returns is returned.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        opening.make_folder(target.absolute().parent)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_WRONLY, 0o600))
        copied = sqlite3.connect(part, isolation_level=None)
        try:
            db.backup(copied, pages=-1)
            found = problems(copied)
        finally:
            copied.close()
        if found:
            raise BookError(f"the copy did not pass its check ({found[0]}); nothing was written")
        with part.open("rb") as file:
            os.fsync(file.fileno())
        kept = before(target) if before else None
        part.replace(target)
    except OSError as error:
        raise BookError(f"cannot write {target}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return kept


def check_target(target: Path, book: Path) -> None:
    """Refuse to put a backup of ``book`` where something else lies. Raises BookError, or UsageError for the book."""
    try:
        if target.samefile(book):
            raise UsageError("a backup beside itself protects from nothing", hint="give another FILE")
        with target.open("rb") as file:
            head = file.read(opening.HEADER)
    except FileNotFoundError:
        return
    if head and not opening.is_header(head):
        raise BookError(f"{target} is there already and no crm book; it was not touched", hint="give another FILE")


def restore(source: Path, target: Path) -> Path | None:
    """Put the backup ``source`` in the place of the book ``target``; return where the old book was kept, if any.

    Raises BookError, with nothing changed, when the backup is no sound book.
    """
    if opening.is_new(source):
        raise BookError(f"{source} is no backup: it is missing or empty")
    db = opening.connect(source, readonly=True)
    try:
        found = problems(db)
        if found:
            raise BookError(f"{source} is damaged ({found[0]}); the book was left as it was")
        return copy(db, target, before=_set_aside)
    finally:
        db.close()


def _set_aside(target: Path) -> Path | None:
    """Keep the present book under a new name beside it, its unfinished transaction included."""
    if not target.exists():
        return None
    number = 1
    while (kept := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    kept.hardlink_to(target)
    journal = target.with_name(target.name + "-journal")
    if journal.exists():
        journal.replace(kept.with_name(kept.name + "-journal"))
    return kept


def problems(db: sqlite3.Connection, *, deep: bool = False) -> list[str]:
    """Return what is wrong with a book: a foreign schema, damaged pages, rows that point nowhere, an index out of step.

    ``deep`` compares every row with its checksum, and every search document with its record.
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
            if deep and not found and (lagging := search.lagging(db)):
                found.append(f"{lagging} records that the search index knows as they were")
    except opening.UNREADABLE as error:
        found.append(str(error))
    return found


def _structure(db: sqlite3.Connection) -> Iterator[str]:
    """Yield damaged pages and rows that point nowhere; of other programs' tables nothing is evaluated."""
    for table in foreign.own_tables(db):
        yield from (str(row[0]) for row in db.execute(f"PRAGMA integrity_check{table or '(20)'}") if row[0] != "ok")
        for child, row, parent, _ in db.execute(f"PRAGMA foreign_key_check{table}").fetchmany(20):
            yield f"{child} row {row} points at a {parent} that is not there"


NOUNS = {"contact": "people", "company": "companies", "activity": "activities", "deal": "deals"}


def _index_problems(db: sqlite3.Connection) -> list[str]:
    orphans = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {kind} WHERE id = d.id / 4 AND d.id % 4 = {place})"
        for place, kind in enumerate(search.KINDS)
    )
    checks = {
        "search documents of records that are not there": f"SELECT count(*) FROM search_doc d WHERE {orphans}",
        **{
            f"{NOUNS[kind]} missing from the search index": (
                f"SELECT count(*) FROM {kind} r"
                f" WHERE NOT EXISTS (SELECT 1 FROM search_doc d WHERE d.id = r.id * 4 + {place})"
            )
            for place, kind in enumerate(search.KINDS)
        },
    }
    counted = ((words, db.execute(sql).fetchone()[0]) for words, sql in checks.items())
    return [f"{number} {words}" for words, number in counted if number]
