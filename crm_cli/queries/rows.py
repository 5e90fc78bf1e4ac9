"""The rows that belong to people or companies, read for many owners at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_cli.core.records import Address, Point, Property
from crm_cli.queries.batches import marks

if TYPE_CHECKING:
    import sqlite3


def points(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, list[Point]]:
    """Return the contact points of the owners (``owner`` is contact or company), preferred ones first."""
    found: dict[int, list[Point]] = defaultdict(list)
    for ref, *row in db.execute(
        f"SELECT {owner}_id, kind, value, label, preferred, norm, service, state, params, id FROM contact_point"
        f" WHERE {owner}_id IN ({marks(ids)}) ORDER BY state = 'current' DESC, preferred DESC, id",
        ids,
    ):
        kind, value, label, preferred, norm, service, state, params, point = row
        found[ref].append(Point(kind, value, label, bool(preferred), norm, service, state, params, point))
    return found


def addresses(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, list[Address]]:
    """Return the postal addresses of the owners, preferred ones first."""
    found: dict[int, list[Address]] = defaultdict(list)
    for ref, *row in db.execute(
        f"SELECT {owner}_id, street, extended, po_box, locality, region, code, country, label, preferred, params, id"
        f" FROM postal_address WHERE {owner}_id IN ({marks(ids)}) ORDER BY preferred DESC, id",
        ids,
    ):
        street, extended, po_box, locality, region, code, country, label, preferred, params, address = row
        found[ref].append(
            Address(
                street, extended, po_box, locality, region, code, country, label,
                preferred=bool(preferred), params=params, id=address,
            )
        )  # fmt: skip
    return found


def properties(db: sqlite3.Connection, owner: str, ids: list[int]) -> dict[int, list[Property]]:
    """Return the owners' vCard properties that we do not model, in the order of import."""
    found: dict[int, list[Property]] = defaultdict(list)
    for ref, name, value, params, group in db.execute(
        f"SELECT {owner}_id, name, value, params, grp FROM source_property"
        f" WHERE {owner}_id IN ({marks(ids)}) ORDER BY id",
        ids,
    ):
        found[ref].append(Property(name, value, params, group))
    return found
