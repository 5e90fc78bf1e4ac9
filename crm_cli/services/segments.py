"""Segments: queries saved under a name and used as ``@name``. Written with sqlite3 directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.segments import segment_name
from crm_cli.core.text.folding import fold
from crm_cli.errors import Hint, NotFoundError

if TYPE_CHECKING:
    from crm_cli.book.book import Book


def save(book: Book, name: str, query: str) -> str:
    """Save an already parsed query, replacing one with the same name; return the name as stored."""
    name = segment_name(name)
    book.db.execute(
        "INSERT INTO segment (name, name_key, query) VALUES (:name, :key, :query)"
        " ON CONFLICT (name_key) DO UPDATE SET name = :name, query = :query",
        {"name": name, "key": fold(name), "query": query},
    )
    return name


def remove(book: Book, name: str) -> None:
    """Remove a saved query. Raises NotFoundError."""
    found = book.db.execute("DELETE FROM segment WHERE name_key = ?", (fold(segment_name(name)),))
    if not found.rowcount:
        raise NotFoundError(f"there is no segment @{segment_name(name)}", hint=Hint("list-segments"))
