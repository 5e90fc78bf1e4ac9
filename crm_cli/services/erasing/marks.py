"""Salted hashes of erased people: written by an erasure, looked up when someone is added."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from crm_cli.core.erasure import SALT_BYTES, mark

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_IDENTIFIERS = (
    "SELECT contact_id, kind, norm FROM contact_point WHERE contact_id {which} AND norm <> ''"
    " AND kind IN ('email', 'phone')"
    " UNION SELECT contact_id, 'uid', key FROM external_ref WHERE contact_id {which} AND source = 'vcard'"
    " UNION SELECT id, 'uid', uid FROM contact WHERE id {which}"
    " UNION SELECT id, 'name', name_key FROM contact c WHERE id {which}"
    " AND NOT EXISTS (SELECT 1 FROM contact_point x WHERE x.contact_id = c.id AND x.norm <> '')"
)
"""Everything that identifies a person; their name only if there is nothing else."""


def write(db: sqlite3.Connection, people: Iterable[int], now: str) -> None:
    """Keep the hashes of what identifies these people. A book has one salt."""
    row = db.execute("SELECT salt FROM erasure LIMIT 1").fetchone()
    salt = row[0] if row else secrets.token_hex(SALT_BYTES)
    for person in people:
        found = db.execute(_IDENTIFIERS.format(which="= :person"), {"person": person}).fetchall()
        for _, kind, value in found:
            db.execute(
                "INSERT INTO erasure (at_utc, salt, hash)"
                " SELECT :now, :salt, :hash WHERE NOT EXISTS (SELECT 1 FROM erasure WHERE hash = :hash)",
                {"now": now, "salt": salt, "hash": mark(salt, kind, value)},
            )


def reappeared(db: sqlite3.Connection, after: int) -> list[tuple[int, str]]:
    """Return (person, instant of the erasure) of the people with ids above ``after`` who were erased before."""
    known = {(salt, hashed): at for salt, hashed, at in db.execute("SELECT salt, hash, at_utc FROM erasure")}
    if not known:
        return []
    found: dict[int, str] = {}
    salts = {salt for salt, _ in known}
    for person, kind, value in db.execute(_IDENTIFIERS.format(which="> :after"), {"after": after}):
        for salt in salts:
            at = known.get((salt, mark(salt, kind, value)))
            if at:
                found.setdefault(person, at)
    return sorted(found.items())
