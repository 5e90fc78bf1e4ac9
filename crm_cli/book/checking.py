"""The repairs of `crm check`, each in its own transaction, and whether damage explains a failed command."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from crm_cli.book import backup, foreign, opening, rhythm, sums
from crm_cli.book.search import index as search
from crm_cli.errors import BookError, CrmError, Hint

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def _mending(path: Path, *, foreign_too: bool, dry_run: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a book for one transaction; with ``foreign_too``, even if it has foreign triggers or indexes.

    With ``dry_run``, the transaction is rolled back.
    """
    db = opening.connect(path, readonly=foreign_too)
    try:
        db.execute("PRAGMA query_only=OFF")
        db.execute("BEGIN IMMEDIATE")
        yield db
        db.execute("ROLLBACK" if dry_run else "COMMIT")
    finally:
        db.close()


def repair(path: Path, *, dry_run: bool = False) -> list[str]:
    """Drop foreign triggers, views and indexes, and rebuild the search index and the rhythms.

    Returns what was dropped. With ``dry_run``, everything is rolled back.
    """
    with _mending(path, foreign_too=True, dry_run=dry_run) as db:
        dropped = foreign.repair(db)
        search.rebuild(db)
        rhythm.rebuild(db)
    return dropped


def accept(path: Path) -> None:
    """Accept every row as it is now, and rebuild what is derived from them: earlier changes are no longer detected."""
    with _mending(path, foreign_too=False) as db:
        sums.rebuild(db)
        search.rebuild(db)
        rhythm.rebuild(db)


def damage_of(path: Path) -> BookError | None:
    """Return an error that describes the damage to the book ``path``, or None if it is sound or missing."""
    if opening.is_new(path):
        return None
    try:
        with closing(opening.connect(path, readonly=True)) as db:
            problems = backup.problems(db, deep=True)
    except CrmError as error:
        return error if isinstance(error, BookError) else None
    return BookError(f"the book is damaged: {problems[0]}", hint=Hint("see-damage")) if problems else None
