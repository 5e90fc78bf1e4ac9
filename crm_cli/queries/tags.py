"""The tags, and how many records have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.tags import tag_name
from crm_cli.core.text.folding import fold
from crm_cli.errors import NotFoundError

if TYPE_CHECKING:
    import sqlite3


class TagCount(NamedTuple):
    """A tag and the number of people and companies that have it."""

    name: str
    people: int
    companies: int


def find(db: sqlite3.Connection, name: str) -> tuple[int, str]:
    """Return the id and the name of a tag, in whatever case. Raises NotFoundError."""
    found: tuple[int, str] | None = db.execute(
        "SELECT id, name FROM tag WHERE name_key = ?", (fold(tag_name(name)),)
    ).fetchone()
    if found is None:
        raise NotFoundError(f"there is no tag {name}")
    return found


def counts(db: sqlite3.Connection) -> list[TagCount]:
    """Return all tags, sorted by name, including unused ones."""
    rows = db.execute(
        "SELECT name, (SELECT count(*) FROM contact_tag WHERE tag_id = t.id),"
        " (SELECT count(*) FROM company_tag WHERE tag_id = t.id) FROM tag t ORDER BY name_key"
    )
    return [TagCount(*row) for row in rows]
