"""Prepare ``crm export --salvage``: the rows of a damaged book without the values that cannot form a record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book import opening, rhythm
from crm_cli.book.book import Book
from crm_cli.book.salvage import LOST, drop_dangling, salvage
from crm_cli.book.search import index as search
from crm_cli.core.instants import iso_local
from crm_cli.core.money import exact
from crm_cli.errors import BookError, CrmError
from crm_cli.formats.book_json import sections, values

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from crm_cli.formats.book_json.sections import Part, Section

NOT_A_RECORD = (ValueError, KeyError, TypeError, AttributeError, CrmError)
"""What a damaged value raises if a date, an amount or a word of a list is expected."""


def taken(path: Path, made: Callable[[sqlite3.Connection, Section, list[int]], object]) -> tuple[Book, list[str]]:
    """Return a temporary book with what can be read of the book ``path``, and a line for each damaged item.

    ``made`` builds the output for some records; a record that it cannot be built for is dropped.
    """
    opening.require(path)
    db, losses, unproven = salvage(path)
    if not any(db.execute(f"SELECT 1 FROM {section.table} LIMIT 1").fetchone() for section in sections.SECTIONS):
        raise BookError(f"nothing of a crm book is left in {path}; it was not touched")
    for section in sections.SECTIONS:
        suspects = _suspects(db, section, unproven)
        for ref in suspects:
            losses += _mended(db, section, ref)
            try:
                made(db, section, [ref])
            except NOT_A_RECORD as error:
                losses.append(f"{section.table} {ref} is lost: {error}")
                db.execute(f"DELETE FROM {section.table} WHERE id = ?", (ref,))
        losses += drop_dangling(db) if suspects else ()
    return Book(db, path), losses


def _suspects(db: sqlite3.Connection, section: Section, unproven: dict[str, list[int]]) -> list[int]:
    """Return the records with a row that its checksum does not confirm, their own or one that belongs to them."""
    found = set(unproven[section.table])
    owner = section.kind.column
    for part in section.parts:
        by = _key(section, part)
        for ref in unproven[part.table]:
            rows = db.execute(f"SELECT {owner} FROM {part.table} WHERE {by} = ?", (ref,))
            found.update(row[0] for row in rows if row[0] is not None)
    return sorted(found)


def _key(section: Section, part: Part) -> str:
    """Return the column that identifies a part's row in the checksums: its own id, else the owner's."""
    return "id" if sections.ID in part.keys else section.kind.column


def _mended(db: sqlite3.Connection, section: Section, ref: int) -> list[str]:
    """Replace invalid times with 1970, and clear an amount whose currency is invalid; return a line for each."""
    changes = []
    for table, owner, keys in section.tables():
        for column in (key.column for key in keys if key.codec in values.INSTANTS):
            for value in _invalid_times(db, table, owner, column, ref):
                sql = f"UPDATE {table} SET {column} = ? WHERE {owner} = ? AND {column} = ?"
                db.execute(sql, (LOST, ref, value))
                changes.append(f"{section.table} {ref}: {column} was not a time and is 1970 now")
    if section is sections.DEAL and _has_invalid_currency(db, ref):
        db.execute("UPDATE deal SET amount = NULL, currency = NULL WHERE id = ?", (ref,))
        changes.append(f"deal {ref}: its amount is lost with its currency")
    return changes


def _invalid_times(db: sqlite3.Connection, table: str, owner: str, column: str, ref: int) -> list[str]:
    rows = db.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {owner} = ?", (ref,)).fetchall()
    return [value for (value,) in rows if value is not None and not _is_instant(value)]


def _has_invalid_currency(db: sqlite3.Connection, deal: int) -> bool:
    found = db.execute("SELECT currency FROM deal WHERE id = ?", (deal,)).fetchone()
    return found is not None and found[0] is not None and not _is_currency(found[0])


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
    rhythm.rebuild(book.db)
    book.db.execute("COMMIT")
