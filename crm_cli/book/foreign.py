"""What is in a book's schema that crm did not put there: triggers, views, changed tables.

A book may come from anybody, and what its schema holds runs with every statement that touches it. So the schema is
compared with our own, word by word, before anything else is read (`fingerprint`). Tables of other programs and views
beside ours are harmless: no statement of crm names them.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book import fingerprint, schema
from crm_cli.book.fingerprint import is_ours
from crm_cli.errors import BookError, Hint

if TYPE_CHECKING:
    from pathlib import Path


class Entry(NamedTuple):
    """A row of ``sqlite_schema``; ``sql`` is empty for an index that a constraint made."""

    type: str
    name: str
    table: str
    sql: str

    def __str__(self) -> str:
        """Return what a person calls it: ``trigger evil on contact``."""
        return f"{self.type} {self.name}" + (f" on {self.table}" if self.table != self.name else "")


def entries(db: sqlite3.Connection) -> list[Entry]:
    """Return the schema of a book, but for what ANALYZE keeps there."""
    return [Entry(*row) for row in fingerprint.rows(db)]


class Difference(NamedTuple):
    """How a schema differs from ours: what else is in it, and what is not there as we made it."""

    added: list[Entry]
    missing: list[Entry]

    @property
    def misleading(self) -> list[Entry]:
        """Tables of ours that are missing or defined otherwise: reading them may run what somebody else wrote."""
        return [entry for entry in self.missing if entry.type == "table"]

    def __str__(self) -> str:
        """Return the differences in words, each entry once."""
        ours = {entry.name for entry in self.missing}
        there = {entry.name for entry in self.added}
        lost = [f"{entry} is missing" for entry in self.missing if entry.name not in there]
        changed = [f"{entry.type} {entry.name} differs" for entry in self.added if entry.name in ours]
        return ", ".join(lost + changed + [f"foreign {entry}" for entry in self.added if entry.name not in ours])


def difference(db: sqlite3.Connection, version: int) -> Difference:
    """Return what is foreign in a book of a schema version; harmless tables are not mentioned."""
    there = entries(db)
    ours = _expected(there, version)
    known, names = set(ours), {entry.name for entry in ours}
    tables = {entry.name for entry in ours if entry.type == "table"}
    added = [entry for entry in there if entry not in known and not _is_harmless(db, entry, names, tables)]
    return Difference(added, [entry for entry in ours if entry not in set(there)])


def _expected(there: list[Entry], version: int) -> list[Entry]:
    """Return the schema of a book of ours.

    The tables in which SQLite keeps a full-text index are its own affair: where they are not those of the SQLite that
    wrote ``newest.sql``, a book is made to see what this one makes.
    """
    newest = [Entry(*row) for row in fingerprint.newest()] if version == schema.VERSION else []
    if newest and {entry for entry in newest if entry.name.startswith("search_fts_")}.issubset(there):
        return newest
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        schema.build(db, 0, version)
        return entries(db)


def _is_harmless(db: sqlite3.Connection, entry: Entry, names: set[str], tables: set[str]) -> bool:
    """Does nothing of ours ever run this? A table may refer to ours if that makes it do nothing."""
    if entry.name in names or entry.table in tables:
        return False
    if entry.type != "table":
        return True
    keys = db.execute("SELECT on_update, on_delete FROM pragma_foreign_key_list(?)", (entry.name,)).fetchall()
    if not keys:
        return True
    generated = db.execute("SELECT 1 FROM pragma_table_xinfo(?) WHERE hidden > 1", (entry.name,)).fetchone()
    return not generated and all(set(key) == {"NO ACTION"} for key in keys)


def refuse(db: sqlite3.Connection, path: Path, version: int, *, readonly: bool) -> None:
    """Refuse a book with a schema that is not ours; for reading, only one whose tables are not. Raises BookError."""
    if version == schema.VERSION and is_ours(db):
        return
    found = difference(db, version)
    if found.misleading:
        hint: str | Hint = Hint("salvage")
    elif not readonly and (found.added or found.missing):
        hint = Hint("repair")
        if any(entry.type == "table" for entry in found.added):
            hint = "drop that table with the program that made it"
    else:
        return
    raise BookError(f"{path} is not as crm made it: {found}; nothing was changed", hint=hint)


def problems(db: sqlite3.Connection, version: int) -> list[str]:
    """Return what `refuse` would say of a book that is opened for writing, for a check and before a restore."""
    if version == schema.VERSION and is_ours(db):
        return []
    found = difference(db, version)
    return [f"its schema is not as crm made it: {found}"] if found.added or found.missing else []


def repair(db: sqlite3.Connection) -> list[str]:
    """Drop what is foreign, and make the indexes of ours that are missing; return what was dropped.

    Nothing of it runs. Tables are left alone, as they hold rows.
    """
    found = difference(db, schema.VERSION)
    dropped = [entry for entry in found.added if entry.type != "table" and entry.sql]
    for entry in dropped:
        name = entry.name.replace('"', '""')
        db.execute(f'DROP {entry.type} main."{name}"')
    for entry in found.missing:
        if entry.type == "index" and entry.sql:
            db.execute(entry.sql)
    return [str(entry) for entry in dropped]


def own_tables(db: sqlite3.Connection) -> list[str]:
    """Return what a PRAGMA that checks tables takes: nothing where all are ours, else each of ours in brackets."""
    if is_ours(db):
        return [""]
    there = entries(db)
    known = {entry.name for entry in _expected(there, schema.VERSION)}
    return [f"({entry.name})" for entry in there if entry.type == "table" and entry.name in known]
