"""How many records need care: those that a flag of the query language finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.kinds import COMPANY, PERSON
from crm_cli.queries.filters import compiler as filters

if TYPE_CHECKING:
    import sqlite3
    from datetime import datetime

FLAGS = ("nameless", "incomplete", "bad-email", "bad-phone", "bounced", "stale")
"""The flags of ``is:`` that are counted, in the order of the report."""


class Finding(NamedTuple):
    """How many people and companies a flag finds."""

    flag: str
    people: int
    companies: int


def read(db: sqlite3.Connection, *, now: datetime, zone: str) -> list[Finding]:
    """Return what each flag finds; those that find nothing are included."""
    return [
        Finding(flag, *(_count(db, flag, kind.name, now=now, zone=zone) for kind in (PERSON, COMPANY)))
        for flag in FLAGS
    ]


def _count(db: sqlite3.Connection, flag: str, kind: str, *, now: datetime, zone: str) -> int:
    where, values = filters.where(db, f"is:{flag}", kind, now=now, zone=zone)
    alias = {PERSON.name: PERSON.alias, COMPANY.name: COMPANY.alias}[kind]
    return int(db.execute(f"SELECT count(*) FROM {kind} {alias} WHERE {where}", values).fetchone()[0])
