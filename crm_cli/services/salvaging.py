"""Prepare ``crm export --salvage``: the rows of a damaged book without the values that cannot form a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book import opening
from crm_cli.book.book import Book
from crm_cli.book.salvage import LOST, drop_dangling, salvage
from crm_cli.book.search import index as search
from crm_cli.core.money import exact
from crm_cli.core.when import iso_local
from crm_cli.errors import BookError, CrmError
from crm_cli.queries import book_json as spec

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crm_cli.queries.book_json import Kind, Part

NOT_A_RECORD = (ValueError, KeyError, TypeError, AttributeError, CrmError)
"""What a damaged value raises if a date, an amount or a word of a list is expected."""


def taken(path: Path, made: Callable[[sqlite3.Connection, Kind, list[int]], object]) -> tuple[Book, list[str]]:
    """Return a temporary book with what can be read of the book ``path``, and a line for each damaged item.

    ``made`` builds the output for some records; a record that it cannot be built for is dropped.
    """
    opening.require(path)
    db, losses, unproven = salvage(path)
    if not any(db.execute(f"SELECT 1 FROM {kind.table} LIMIT 1").fetchone() for kind in spec.KINDS):
        raise BookError(f"nothing of a crm book is left in {path}; it was not touched")
    for kind in spec.KINDS:
        suspects = _suspects(db, kind, unproven)
        for ref in suspects:
            losses += _mended(db, kind, ref)
            try:
                made(db, kind, [ref])
            except NOT_A_RECORD as error:
                losses.append(f"{kind.table} {ref} is lost: {error}")
                db.execute(f"DELETE FROM {kind.table} WHERE id = ?", (ref,))
        losses += drop_dangling(db) if suspects else ()
    return Book(db, path), losses


def _suspects(db: sqlite3.Connection, kind: Kind, unproven: dict[str, list[int]]) -> list[int]:
    """Return the records with a row that its checksum does not confirm, their own or one that belongs to them."""
    found = set(unproven[kind.table])
    for part in kind.parts:
        by = _key(kind, part)
        for ref in unproven[part.table]:
            rows = db.execute(f"SELECT {kind.table}_id FROM {part.table} WHERE {by} = ?", (ref,))
            found.update(row[0] for row in rows if row[0] is not None)
    return sorted(found)


def _key(kind: Kind, part: Part) -> str:
    """Return the column that identifies a part's row in the checksums: its own id, else the owner's."""
    return "id" if spec.ID in part.keys else f"{kind.table}_id"


def _mended(db: sqlite3.Connection, kind: Kind, ref: int) -> list[str]:
    """Replace invalid times with 1970, and clear an amount whose currency is invalid; return a line for each."""
    losses = []
    for table, owner, column in _instants(kind):
        found = f"SELECT DISTINCT {column} FROM {table} WHERE {owner} = ? AND {column} IS NOT NULL"
        for (value,) in db.execute(found, (ref,)).fetchall():
            if not _is_instant(value):
                sql = f"UPDATE {table} SET {column} = ? WHERE {owner} = ? AND {column} = ?"
                db.execute(sql, (LOST, ref, value))
                losses.append(f"{kind.table} {ref}: {column} was not a time and is 1970 now")
    return losses + _without_currency(db, ref) if kind is spec.DEAL else losses


def _instants(kind: Kind) -> Iterator[tuple[str, str, str]]:
    """Yield the columns of a kind that hold a time: table, the column of the record's id, and the column itself."""
    tables = [(kind.table, "id", kind.keys), *((part.table, f"{kind.table}_id", part.keys) for part in kind.parts)]
    for table, owner, keys in tables:
        yield from ((table, owner, key.column) for key in keys if key.codec.endswith("instant"))


def _without_currency(db: sqlite3.Connection, ref: int) -> list[str]:
    """Clear the amount of a deal whose currency is invalid; return a line about it."""
    row = db.execute("SELECT currency FROM deal WHERE id = ? AND currency IS NOT NULL", (ref,)).fetchone()
    if row is None or _is_currency(row[0]):
        return []
    db.execute("UPDATE deal SET amount = NULL, currency = NULL WHERE id = ?", (ref,))
    return [f"deal {ref}: its amount is lost with its currency"]


def _is_instant(value: str) -> bool:
    try:
        iso_local(value, "UTC")
    except ValueError:
        return False
    return True


def _is_currency(code: str) -> bool:
    try:
        exact("1", code)
    except CrmError:
        return False
    return True


def make_searchable(book: Book) -> None:
    """Build the search index, because a query may use it."""
    book.db.execute("BEGIN")
    search.rebuild(book.db)
    book.db.execute("COMMIT")
