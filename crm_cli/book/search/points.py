"""The owners of e-mail addresses and phone numbers: look-ups in the contact points, each with a covering index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.kinds import document
from crm_cli.core.text.folding import fold

if TYPE_CHECKING:
    import sqlite3

CAP = 500
"""How many candidates a search ranks; above that, the count is shown as ``500+``."""
END = "\U0010ffff"

_OWNERS = "SELECT contact_id, company_id FROM contact_point "
_STARTING = (
    "WITH RECURSIVE code(prefix, number) AS (VALUES ('+', 0)"
    " UNION ALL SELECT '+' || (number + 1), number + 1 FROM code WHERE number < 999) "
    "SELECT contact_id, company_id FROM code CROSS JOIN contact_point INDEXED BY contact_point_norm"
    " WHERE norm <> '' AND norm >= prefix || ? AND norm < prefix || ? LIMIT ?"
)
"""A country code has one to three digits. All are tried: a thousand index look-ups take half a millisecond."""


def by_email(db: sqlite3.Connection, start: str) -> list[int]:
    """Return documents with an e-mail address that starts with ``start``."""
    start = fold(start)
    where = "WHERE norm <> '' AND norm >= ? AND norm < ? AND kind = 'email' LIMIT ?"
    return _documents(db, _OWNERS + where, (start, start + END, CAP))


def by_phone(db: sqlite3.Connection, key: str) -> list[int]:
    """Return documents with a phone number that ends in the digits of ``key`` (reversed, see `core.phones`)."""
    where = "WHERE reversed <> '' AND reversed >= ? AND reversed < ? LIMIT ?"
    return _documents(db, _OWNERS + where, (key, key + END, CAP))


def by_start(db: sqlite3.Connection, digits: str) -> list[int]:
    """Return documents with a phone number that starts with these digits, with or without its country code."""
    return _documents(db, _STARTING, (digits, digits + END, CAP))


def by_part(db: sqlite3.Connection, digits: str) -> list[int]:
    """Return documents with a phone number that contains these digits: a scan of the index of all numbers."""
    where = "WHERE reversed <> '' AND instr(reversed, ?) LIMIT ?"
    return _documents(db, _OWNERS + where, (digits[::-1], CAP))


def _documents(db: sqlite3.Connection, sql: str, values: tuple[str | int, ...]) -> list[int]:
    rows = db.execute(sql, values)
    return list(
        dict.fromkeys(
            document("contact", contact) if contact is not None else document("company", company or 0)
            for contact, company in rows
        )
    )
