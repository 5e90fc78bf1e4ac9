"""The tags, and how many records have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class TagCount(NamedTuple):
    """A tag and the number of people and companies that have it."""

    name: str
    people: int
    companies: int


def counts(db: sqlite3.Connection) -> list[TagCount]:
    """Return all tags, sorted by name, including unused ones."""
    rows = db.execute(
        "SELECT name, (SELECT count(*) FROM contact_tag WHERE tag_id = t.id),"
        " (SELECT count(*) FROM company_tag WHERE tag_id = t.id) FROM tag t ORDER BY name_key"
    )
    return [TagCount(*row) for row in rows]
