"""Segments: the saved queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class Segment(NamedTuple):
    """A saved query and its name."""

    name: str
    query: str


def every(db: sqlite3.Connection) -> list[Segment]:
    """Return all saved queries, sorted by name."""
    return [Segment(*row) for row in db.execute("SELECT name, query FROM segment ORDER BY name_key")]


def texts(db: sqlite3.Connection) -> dict[str, str]:
    """Return the saved queries by folded name."""
    return dict(db.execute("SELECT name_key, query FROM segment").fetchall())
