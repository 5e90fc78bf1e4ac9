"""Rows of a SELECT as column -> value, where the columns of a table are not known beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


def rows(found: sqlite3.Cursor) -> Iterator[dict[str, Any]]:
    """Yield the rows of a cursor, each as column -> value."""
    names = [column[0] for column in found.description]
    yield from (dict(zip(names, row, strict=True)) for row in found)


def first(found: sqlite3.Cursor) -> dict[str, Any] | None:
    """Return the first row of a cursor as column -> value; None if there is none."""
    return next(rows(found), None)
