"""The records of an export: the people that match a query, or all, as a snapshot of the book."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from crm_cli.core import matching
from crm_cli.core.records import Contact
from crm_cli.queries import people
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from crm_cli.core.records import Company, Property


def contacts(db: sqlite3.Connection, query: Sequence[str], *, now: datetime, zone: str) -> list[int]:
    """Return the ids of the people that match a query (all without one), in order. Raises QueryError."""
    if not query:
        return people.ids(db, sort="id")
    from crm_cli.queries.filters import compiler as filters

    where, params = filters.where(db, query, "contact", now=now, zone=zone)
    return people.ids(db, where, params, sort="id")


def cards(
    db: sqlite3.Connection, found: Iterable[Contact | Company], version: str
) -> Iterator[tuple[Contact | Company, str]]:
    """Yield each record with its vCard, which has the UID that other address books know it by."""
    from crm_cli.formats.vcard.write import card

    records = iter(found)
    while page := list(islice(records, PAGE)):
        known = _imported(db, page)
        for record in page:
            key, about = known.get(record.uid, ("", ()))
            yield record, card(record, version, key, about)


PAGE = 500
"""The number of records that are read at once."""


def _imported(db: sqlite3.Connection, page: list[Contact | Company]) -> dict[str, tuple[str, tuple[Property, ...]]]:
    """Return uid -> the first UID under which a record was imported from a vCard, ``""`` instead of a fingerprint.

    The second value is what the last card of the record said of itself.
    """
    from crm_cli.formats.base import about

    found: dict[str, tuple[str, tuple[Property, ...]]] = {}
    for table in ("contact", "company"):
        ids = [each.id for each in page if isinstance(each, Contact) == (table == "contact")]
        rows = db.execute(
            f"SELECT o.uid, r.source, r.key, r.base FROM external_ref r JOIN {table} o ON o.id = r.{table}_id"
            f" WHERE r.{table}_id IN ({','.join('?' * len(ids))}) AND r.source IN ('vcard', 'crm-book') ORDER BY r.id",
            ids,
        )
        for uid, source, key, base in rows:
            first, last = found.get(uid, ("", ()))
            foreign = matching.foreign_key(key) if source == "vcard" else ""
            found[uid] = (first or foreign, about(base) or last)
    return found


def companies(db: sqlite3.Connection) -> list[int]:
    """Return the ids of all companies, in order."""
    return [row[0] for row in db.execute("SELECT id FROM company ORDER BY id")]


def reachable_companies(db: sqlite3.Connection) -> list[int]:
    """Return the ids of the companies that have a contact point or an address of their own, in order."""
    tables = ("contact_point", "postal_address")
    return [
        row[0]
        for row in db.execute(
            " UNION ".join(f"SELECT company_id FROM {table} WHERE company_id IS NOT NULL" for table in tables)
            + " ORDER BY company_id"
        )
    ]


def has_imported(db: sqlite3.Connection, kind: str, ref: int, base: str) -> bool:
    """Are these the values with which a record was last imported from some file?"""
    row = db.execute(f"SELECT 1 FROM external_ref WHERE {kind}_id = ? AND base = ? LIMIT 1", (ref, base)).fetchone()
    return row is not None


def known_uids(db: sqlite3.Connection, uids: Sequence[str]) -> set[str]:
    """Return those of these uids that people or companies of the book have."""
    found: set[str] = set()
    for table in ("contact", "company"):
        for chunk in chunks(uids):
            found.update(row[0] for row in db.execute(f"SELECT uid FROM {table} WHERE uid IN ({marks(chunk)})", chunk))
    return found
