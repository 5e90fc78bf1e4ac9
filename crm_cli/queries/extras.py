"""Tags, values of custom fields and waiting links, read for many records of any kind at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_cli.core.daily import Pending
from crm_cli.queries.batches import marks

if TYPE_CHECKING:
    import sqlite3


def tags(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, list[str]]:
    """Return the names of the owners' tags, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for ref, name in db.execute(
        f"SELECT l.{owner}_id, t.name FROM {owner}_tag l JOIN tag t ON t.id = l.tag_id"
        f" WHERE l.{owner}_id IN ({marks(ids)}) ORDER BY t.name_key",
        ids,
    ):
        found[ref].append(name)
    return found


def custom(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    """Return the owners' values of custom fields: (field, value)."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for ref, name, value in db.execute(
        f"SELECT v.{owner}_id, f.name, v.value FROM {owner}_custom v JOIN custom_field f ON f.id = v.field_id"
        f" WHERE v.{owner}_id IN ({marks(ids)}) ORDER BY f.name",
        ids,
    ):
        found[ref].append((name, value))
    return found


def pending(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, list[Pending]]:
    """Return the owners' links to records that are not in the book yet."""
    found: dict[int, list[Pending]] = defaultdict(list)
    for ref, *row in db.execute(
        f"SELECT {owner}_id, id, target, key, name FROM pending_link WHERE {owner}_id IN ({marks(ids)}) ORDER BY id",
        ids,
    ):
        found[ref].append(Pending(*row))
    return found
