"""The columns of a list of people and companies, listed once for the table and for every exact format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.render.tables import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.core.lines import Row

LIST = ("id", "name", "company", "title", "email", "phone", "city", "tags")
"""What ``list`` shows unless asked otherwise."""

FIND = ("id", "name", "company", "email", "phone", "found")
"""What ``find`` hands to programs."""

FIND_PLAIN = ("id", "name", "company", "email", "phone", "city")
FIND_WHY = ("id", "name", "company", "phone", "found")
"""What ``find`` shows on a terminal: room for what matched only where something else than the names did."""


def found_columns(rows: Sequence[Row], *, table: bool) -> tuple[str, ...]:
    """Return the columns in which found rows are shown unless asked otherwise."""
    if not table:
        return FIND
    return FIND_WHY if any(row.why for row in rows) else FIND_PLAIN


def columns(zone: str) -> tuple[Column[Row], ...]:
    """Return every column of a list; days are those of ``zone``."""

    def last_reach(row: Row) -> str:
        if row.last_reach is None:
            return ""
        from crm_cli.core.when import local

        return local(row.last_reach, zone).date().isoformat()

    return (
        Column("id", lambda row: row.ref, right=True),
        Column("name", lambda row: row.name, grow=1, least=16),
        Column("company", lambda row: row.company, grow=2, least=10),
        Column("title", lambda row: row.title, grow=3, least=8),
        Column("email", lambda row: row.email, grow=1, least=16),
        Column("phone", lambda row: row.phone),
        Column("city", lambda row: row.city, grow=2, least=8),
        Column("tags", lambda row: ",".join(row.tags), grow=3, least=8),
        Column("last-reach", last_reach),
        Column("found", lambda row: row.why, grow=1, least=16),
    )
