"""A whole record of a kind that a REF may name without saying which: a person or a company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.kinds import COMPANY, PERSON
from crm_cli.queries import companies, contacts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence

    from crm_cli.core.records import Company, Contact

_GET: Mapping[str, Callable[[sqlite3.Connection, int], Contact | Company]] = {
    PERSON.name: contacts.get,
    COMPANY.name: companies.get,
}
_LOAD: Mapping[str, Callable[[sqlite3.Connection, Sequence[int]], Sequence[Contact | Company]]] = {
    PERSON.name: contacts.load,
    COMPANY.name: companies.load,
}


def get(db: sqlite3.Connection, kind: str, ref: int) -> Contact | Company:
    """Return one person or company. Raises NotFoundError."""
    return _GET[kind](db, ref)


def load(db: sqlite3.Connection, kind: str, ids: Sequence[int]) -> Sequence[Contact | Company]:
    """Return the people or companies with these ids, in that order; missing ids are skipped."""
    return _LOAD[kind](db, ids)
