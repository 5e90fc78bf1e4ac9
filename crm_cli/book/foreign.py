"""Schema entries that crm did not create: triggers, views, changed tables.

A book may come from anyone, and triggers in its schema run with every statement that touches their table. So the schema
is compared with ours, word by word, before anything else is read (`fingerprint`). Tables of other programs, and views
that exist beside ours, are harmless: no statement of crm refers to them.
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
    """A row of ``sqlite_schema``; ``sql`` is empty for an index that a constraint created."""

    type: str
    name: str
    table: str
    sql: str

    def __str__(self) -> str:
        """Return a readable name: ``trigger evil on contact``."""
        return f"{self.type} {self.name}" + (f" on {self.table}" if self.table != self.name else "")


def entries(db: sqlite3.Connection) -> list[Entry]:
    """Return the schema of a book, without ANALYZE's tables."""
    return [Entry(*row) for row in fingerprint.rows(db)]


class Difference(NamedTuple):
    """How a schema differs from ours: ``added`` entries are not ours, ``missing`` ones are absent or changed."""

    added: list[Entry]
    missing: list[Entry]

    @property
    def misleading(self) -> list[Entry]:
        """Our tables that are missing or changed: reading them may run foreign code."""
        return [entry for entry in self.missing if entry.type == "table"]

    def __str__(self) -> str:
        """Return the differences in words, each entry once."""
        ours = {entry.name for entry in self.missing}
        there = {entry.name for entry in self.added}
        lost = [f"{entry} is missing" for entry in self.missing if entry.name not in there]
        changed = [f"{entry.type} {entry.name} differs" for entry in self.added if entry.name in ours]
        return ", ".join(lost + changed + [f"foreign {entry}" for entry in self.added if entry.name not in ours])


def difference(db: sqlite3.Connection, version: int) -> Difference:
    """Return how a book's schema differs from ours of the same version; harmless tables are not listed."""
    there = entries(db)
    ours = _expected(there, version)
    known, names = set(ours), {entry.name for entry in ours}
    tables = {entry.name for entry in ours if entry.type == "table"}
    added = [entry for entry in there if entry not in known and not _is_harmless(db, entry, names, tables)]
    return Difference(added, [entry for entry in ours if entry not in set(there)])


def _expected(there: list[Entry], version: int) -> list[Entry]:
    """Return the schema that a book of ours has.

    The tables in which SQLite stores a full-text index depend on its version. If they differ from those in our text of
    the schema, a new book is created in memory to see what the SQLite in use makes.
    """
    known = [Entry(*row) for row in fingerprint.of_version(version)]
    if known and {entry for entry in known if entry.name.startswith("search_fts_")}.issubset(there):
        return known
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        schema.build(db, 0, version)
        return entries(db)


def _is_harmless(db: sqlite3.Connection, entry: Entry, names: set[str], tables: set[str]) -> bool:
    """Is it certain that no statement of ours runs this? A table may refer to ours if its foreign keys do nothing."""
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
    """Raise BookError if the schema is not ours; for reading, only if our own tables differ."""
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
    """Return what `refuse` would report for a book opened for writing, for a check and before a restore."""
    if version == schema.VERSION and is_ours(db):
        return []
    found = difference(db, version)
    return [f"its schema is not as crm made it: {found}"] if found.added or found.missing else []


def harmless(db: sqlite3.Connection) -> list[str]:
    """Return the tables and views of other programs that do not count as `problems`, each as a readable name."""
    if is_ours(db):
        return []
    there = entries(db)
    known = {*_expected(there, schema.VERSION), *difference(db, schema.VERSION).added}
    return [str(entry) for entry in there if entry.type in {"table", "view"} and entry not in known]


def repair(db: sqlite3.Connection) -> list[str]:
    """Drop foreign entries and recreate our missing indexes; return what was dropped.

    None of the foreign code runs. Foreign tables are kept, because they hold rows.
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
    """Return arguments for a PRAGMA that checks tables: ``""`` if all are ours, else ``(name)`` of each of ours."""
    if is_ours(db):
        return [""]
    there = entries(db)
    known = {entry.name for entry in _expected(there, schema.VERSION)}
    return [f"({entry.name})" for entry in there if entry.type == "table" and entry.name in known]
