"""People as they are named in a line: with what distinguishes them from a namesake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.daily import Person
from crm_cli.queries.batches import chunks, marks
from crm_cli.queries.employers import employer_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

_PERSON = (
    f"SELECT p.id, p.name, coalesce(o.name, ''), coalesce(e.title, '') FROM contact p {employer_of('p.id')}"
    " WHERE p.id IN ({marks})"
)


def named(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Person]:
    """Return people by id."""
    found: dict[int, Person] = {}
    for chunk in chunks(ids):
        found.update({row[0]: Person(*row) for row in db.execute(_PERSON.format(marks=marks(chunk)), chunk)})
    return found
