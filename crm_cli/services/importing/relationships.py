"""Relationships in the cards of an import: recorded, linked to people of the book, and kept up to date.

Written with sqlite3 directly, because an import may bring thousands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import matching
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.formats.vcard import related
from crm_cli.queries import relationships as queries
from crm_cli.queries import rows
from crm_cli.queries.batches import chunks, marks
from crm_cli.services.relationships import Other, columns, columns_of, is_with, name_of
from crm_cli.services.statements import insert, update

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from crm_cli.core.records import Property, Relationship
    from crm_cli.formats.vcard.related import Found


def mark(db: sqlite3.Connection) -> int:
    """Return the point of an import from which `link` reads cards: the start of the book if none was ever read."""
    read = db.execute("SELECT 1 FROM relationship WHERE property <> '' LIMIT 1").fetchone()
    return int(db.execute("SELECT coalesce(max(id), 0) FROM source_property").fetchone()[0]) if read else 0


def link(db: sqlite3.Connection, after: int, now: str) -> None:
    """Bring the relationships up to date with the cards that an import added or changed since `mark` and ``now``.

    A name or UID that fits exactly one person of the book is linked to them, otherwise it stays as text until it does.
    """
    names = related.NAMES
    changed = db.execute(
        f"SELECT contact_id FROM source_property WHERE id > ? AND upper(name) IN ({marks(names)})"
        " AND contact_id IS NOT NULL"
        " UNION SELECT r.contact_id FROM relationship r JOIN contact c ON c.id = r.contact_id"
        " WHERE r.property <> '' AND c.updated_utc = ?",
        [after, *names, now],
    ).fetchall()
    for ids in chunks([row[0] for row in changed]):
        properties = rows.properties(db, "contact", ids)
        known = queries.load(db, ids)
        for person in ids:
            _read_card(db, person, properties[person], known[person])
    _link_names(db)


def _read_card(
    db: sqlite3.Connection, person: int, properties: Sequence[Property], known: Iterable[Relationship]
) -> None:
    """Add the relationships of a card, and remove those that it no longer has."""
    own = [each for each in known if not each.is_inverse]
    found = {(each.kind, each.lines): each for each in related.read(properties)}
    for each in own:
        if each.property and found.pop((each.kind, each.property), None) is None:
            db.execute("DELETE FROM relationship WHERE id = ?", (each.id,))
    for new in found.values():
        _record(db, person, new, own)


def _record(db: sqlite3.Connection, person: int, new: Found, own: Iterable[Relationship]) -> None:
    """Record a relationship of a card; one that the user recorded already becomes that of the card."""
    other = _person(db, person, new.uri, new.name)
    name = new.name or (name_of(db, other) if other else new.uri)
    whose = Other(name, other)
    for each in own:
        if each.kind == new.kind and not each.property and is_with(each, whose) and each.id is not None:
            update(db, "relationship", each.id, {"property": new.lines})
            return
    insert(db, "relationship", {**columns(person, new.kind, whose), "uri": new.uri, "property": new.lines})


def _link_names(db: sqlite3.Connection) -> None:
    """Link the relationships whose name or UID fits exactly one person by now."""
    waiting = db.execute("SELECT id, contact_id, uri, name FROM relationship WHERE other_id IS NULL").fetchall()
    for ref, person, uri, name in waiting:
        other = _person(db, person, uri, "" if name == uri else name)
        if other is not None:
            full = name_of(db, other) if name == uri else name
            update(db, "relationship", ref, columns_of(Other(full, other)))


def _person(db: sqlite3.Connection, person: int, uri: str, name: str) -> int | None:
    """Return the one other person with that UID, or else with that name."""
    found = _with_uid(db, uri) if uri else []
    if not found and (key := sort_key(nfc(name))):
        found = db.execute("SELECT id FROM contact WHERE name_key = ? LIMIT 2", (key,)).fetchall()
    others = [ref for (ref,) in found]
    return others[0] if len(others) == 1 and others[0] != person else None


def _with_uid(db: sqlite3.Connection, uri: str) -> list[tuple[int]]:
    """Return the people with a UID: ours, or one under which another address book knows them."""
    keys = list(dict.fromkeys((uri, matching.own_uid(uri), *matching.spellings(uri))))
    return db.execute(
        f"SELECT id FROM contact WHERE uid IN ({marks(keys)}) UNION SELECT contact_id FROM external_ref"
        f" WHERE source IN ('vcard', 'crm-book', 'monica') AND key IN ({marks(keys)}) AND contact_id IS NOT NULL"
        f" UNION SELECT contact_id FROM merge WHERE loser_uid IN ({marks(keys)}) AND contact_id IS NOT NULL",
        [*keys, *keys, *keys],
    ).fetchall()
