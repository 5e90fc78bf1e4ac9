"""Add and remove tags. Written with sqlite3 directly, because these commands run all day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.tags import tag_name
from crm_cli.core.text.folding import fold
from crm_cli.queries import tags as queries
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from crm_cli.book.book import Book


def apply(
    book: Book, targets: Iterable[tuple[str, int]], *, add: Sequence[str], remove: Sequence[str], now: str
) -> list[tuple[str, int]]:
    """Add and remove tags of the ``targets`` (kind, id); return those that changed.

    Raises NotFoundError if a tag to remove does not exist.
    """
    adding = [ensure(book.db, name) for name in add]
    removing = [known(book.db, name) for name in remove]
    changed = []
    for kind, ref in targets:
        if link(book.db, kind, ref, adding, removing):
            touch(book.db, kind, ref, now)
            changed.append((kind, ref))
    return changed


def ensure(db: sqlite3.Connection, name: str) -> int:
    """Return the id of the tag ``name``, created if missing; case and diacritics do not make a different tag."""
    name = tag_name(name)
    found = db.execute("SELECT id FROM tag WHERE name_key = ?", (fold(name),)).fetchone()
    if found:
        return int(found[0])
    made = db.execute("INSERT INTO tag (name, name_key) VALUES (?, ?)", (name, fold(name)))
    return int(made.lastrowid or 0)


def known(db: sqlite3.Connection, name: str) -> int:
    """Return the id of the tag ``name``. Raises NotFoundError."""
    return queries.find(db, name)[0]


def link(db: sqlite3.Connection, kind: str, ref: int, adding: Iterable[int], removing: Iterable[int] = ()) -> int:
    """Add and remove tags of a person or a company; return how many links were created and deleted."""
    wrote = 0
    for tag in adding:
        wrote += db.execute(f"INSERT OR IGNORE INTO {kind}_tag ({kind}_id, tag_id) VALUES (?, ?)", (ref, tag)).rowcount
    for tag in removing:
        wrote += db.execute(f"DELETE FROM {kind}_tag WHERE {kind}_id = ? AND tag_id = ?", (ref, tag)).rowcount
    return wrote
