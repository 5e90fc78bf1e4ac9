"""Relationships of people, seen from both sides."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_cli.core.daily import Person
from crm_cli.core.records import Relationship
from crm_cli.core.relationships import INVERSE
from crm_cli.queries.batches import marks
from crm_cli.queries.employers import employer_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.records import Property

_INVERSE = " ".join(f"WHEN '{kind}' THEN '{inverse}'" for kind, inverse in INVERSE.items() if kind != inverse)
SIDES = (
    "(SELECT id, contact_id, kind, other_id, name, name_key, uri, property, 0 AS inverse FROM relationship"
    f" UNION ALL SELECT id, other_id, CASE kind {_INVERSE} ELSE kind END, contact_id, '', '', '', '', 1"
    " FROM relationship WHERE other_id IS NOT NULL)"
)
"""Every relationship from the side of each person: for ``contact_id``, the person ``other_id`` is the ``kind``."""

_OTHERS = (
    "SELECT r.contact_id, r.kind, coalesce(c.name, r.name), r.uri, r.property, r.inverse, r.id, c.id,"
    " coalesce(c.uid, ''), coalesce((SELECT x.key FROM external_ref x WHERE x.contact_id = c.id AND x.source = 'vcard'"
    " ORDER BY x.id LIMIT 1), ''),"
    f" coalesce(o.name, ''), coalesce(e.title, '') FROM {SIDES} r LEFT JOIN contact c ON c.id = r.other_id"
    f" {employer_of('c.id')}"
    " WHERE r.contact_id IN ({marks}) ORDER BY r.inverse, r.id"
)


def load(db: sqlite3.Connection, ids: list[int]) -> dict[int, list[Relationship]]:
    """Return the relationships of people: first those recorded for them, then those recorded for others."""
    found: dict[int, list[Relationship]] = defaultdict(list)
    for owner, kind, name, uri, line, inverse, ref, other, uid, key, company, title in db.execute(
        _OTHERS.format(marks=marks(ids)), ids
    ):
        person = None if other is None else Person(other, name, company, title)
        address = _address(uid, key) if uid else uri
        found[owner].append(Relationship(kind, name, person, uid, address, line, is_inverse=bool(inverse), id=ref))
    return found


def _address(uid: str, key: str) -> str:
    """Return the UID that other address books know a person by: that of their card, else ours."""
    if key:
        from crm_cli.core import matching

        if not matching.is_print(key):
            return key
    return f"urn:uuid:{uid}"


def as_properties(relationships: Sequence[Relationship]) -> list[Property]:
    """Return the vCard properties of the relationships that were recorded for the person, and not read from a card."""
    if all(each.is_inverse or each.property for each in relationships):
        return []
    from crm_cli.formats.vcard import related

    return list(related.made(relationships))
