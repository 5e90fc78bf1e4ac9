"""The journal: each row of a change before and after, recorded by TEMP triggers generated from the schema.

The triggers belong to the connection, so they record every write on it, through sqlite3 or SQLModel alike. A bulk
insert drops the insert triggers of its tables and records ranges of ids instead.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import kinds

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

OPERATIONAL = frozenset(
    {
        "import_run", "change", "change_subject", "change_row", "change_range",
        "search_doc", "search_word", "search_term", "row_sum",
        "rhythm", "outbox", "deliverer", "told", "pending_erasure",
    }
)  # fmt: skip
"""Tables that are neither journaled nor undone."""

OWNERS = kinds.owners()
"""table -> column -> the kind of record that a row belongs to."""

BULK_COLUMN = {table: kind.column for kind in kinds.RECORDS.values() for table in kind.links}
"""The column that identifies a bulk insert's rows in tables without an id."""


_OWNER_TABLES = {kind.column: kind.table for kind in kinds.RECORDS.values()}


class Table(NamedTuple):
    """A journaled table: its columns in order, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def image(self, row: str) -> str:
        """Return a SQL expression for a row's image (its values as a JSON object); ``row`` is OLD, NEW or an alias."""
        return "json_object(" + ", ".join(f"'{column}', {row}.{column}" for column in self.columns) + ")"

    def key_of(self, row: str) -> str:
        """Return a SQL expression for the JSON array of a row's key."""
        return "json_array(" + ", ".join(f"{row}.{column}" for column in self.key) + ")"


def tables(db: sqlite3.Connection) -> dict[str, Table]:
    """Return the journaled tables of this book, read from its schema."""
    rows = db.execute(
        "SELECT m.name, p.name, p.pk FROM main.sqlite_schema m, pragma_table_info(m.name) p"
        " WHERE m.type = 'table' AND m.sql LIKE '%STRICT%' ORDER BY m.rowid, p.cid"
    ).fetchall()
    columns: dict[str, list[str]] = {}
    keys: dict[str, list[tuple[int, str]]] = {}
    for table, column, place in rows:
        if table in OWNERS:
            columns.setdefault(table, []).append(column)
            if place:
                keys.setdefault(table, []).append((place, column))
    return {
        name: Table(name, tuple(found), tuple(column for _, column in sorted(keys[name])))
        for name, found in columns.items()
    }


_CURRENT = "(SELECT max(id) FROM change)"


def _insert_trigger(table: Table) -> str:
    return (
        f"CREATE TEMP TRIGGER j_{table.name}_insert AFTER INSERT ON main.{table.name} BEGIN"
        f" INSERT INTO change_row (change_id, tbl, row_key, op, before, after)"
        f" VALUES ({_CURRENT}, '{table.name}', {table.key_of('NEW')}, 'insert', NULL, {table.image('NEW')}); END"
    )


def _update_trigger(table: Table) -> str:
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in table.columns)
    return (
        f"CREATE TEMP TRIGGER j_{table.name}_update AFTER UPDATE ON main.{table.name} WHEN {differs} BEGIN"
        f" INSERT INTO change_row (change_id, tbl, row_key, op, before, after)"
        f" VALUES ({_CURRENT}, '{table.name}', {table.key_of('OLD')}, 'update',"
        f" {table.image('OLD')}, {table.image('NEW')}); END"
    )


def _delete_trigger(table: Table) -> str:
    return (
        f"CREATE TEMP TRIGGER j_{table.name}_delete AFTER DELETE ON main.{table.name} BEGIN"
        f" INSERT INTO change_row (change_id, tbl, row_key, op, before, after)"
        f" VALUES ({_CURRENT}, '{table.name}', {table.key_of('OLD')}, 'delete', {table.image('OLD')}, NULL); END"
    )


@cache
def _triggers(table: Table) -> tuple[str, str, str]:
    return _insert_trigger(table), _update_trigger(table), _delete_trigger(table)


def is_on(db: sqlite3.Connection) -> bool:
    """Are the triggers installed? A rollback may remove them, and undo and redo do."""
    return db.execute("SELECT 1 FROM temp.sqlite_schema WHERE type = 'trigger' LIMIT 1").fetchone() is not None


def switch_on(db: sqlite3.Connection) -> None:
    """Create the triggers, three for each journaled table."""
    for table in tables(db).values():
        for statement in _triggers(table):
            db.execute(statement)


def switch_off(db: sqlite3.Connection) -> None:
    """Drop the triggers, for undo and redo, whose writes the journal already holds."""
    for (name,) in db.execute("SELECT name FROM temp.sqlite_schema WHERE type = 'trigger'").fetchall():
        db.execute(f"DROP TRIGGER temp.{name}")


@contextmanager
def bulk(db: sqlite3.Connection, change_id: int, names: Iterable[str]) -> Iterator[None]:
    """Insert many new rows into ``names`` without a journal row for each: their id ranges are recorded at the end.

    Inside the block, only rows of new records may be inserted into those tables. Updates and deletes are journaled as
    usual.
    """
    known = tables(db)
    ranges = [(known[name], *_bulk_ids(name)) for name in names]
    before = {numbered: _last_id(db, numbered) for _, _, numbered in ranges}
    for table, _, _ in ranges:
        db.execute(f"DROP TRIGGER temp.j_{table.name}_insert")
    yield
    for table, column, numbered in ranges:
        first, last = before[numbered] + 1, _last_id(db, numbered)
        if first <= last:
            db.execute("INSERT INTO change_range VALUES (?, ?, ?, ?, ?)", (change_id, table.name, column, first, last))
        db.execute(_insert_trigger(table))


def _bulk_ids(name: str) -> tuple[str, str]:
    """Return the column whose range identifies the new rows of a table, and the table that assigns its values."""
    column = BULK_COLUMN.get(name)
    return (column, _OWNER_TABLES[column]) if column else ("id", name)


def _last_id(db: sqlite3.Connection, table: str) -> int:
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) if found else 0


def touched(db: sqlite3.Connection, change_id: int) -> dict[str, set[int]]:
    """Return the records a change touched: kind -> ids."""
    found = noted(db, change_id)
    for kind, added in ranged(db, change_id).items():
        found.setdefault(kind, set()).update(added)
    return found


def noted(db: sqlite3.Connection, change_id: int) -> dict[str, set[int]]:
    """Return the records whose own or dependent rows a change journaled one by one: kind -> ids."""
    found: dict[str, set[int]] = {}
    written = {name for (name,) in db.execute("SELECT DISTINCT tbl FROM change_row WHERE change_id = ?", (change_id,))}
    for table, columns in OWNERS.items():
        for column, kind in columns.items() if table in written else ():
            path = f"$.{column}"
            rows = db.execute(
                "SELECT json_extract(before, :path), json_extract(after, :path) FROM change_row"
                " WHERE change_id = :change AND tbl = :table",
                {"path": path, "change": change_id, "table": table},
            )
            ids = {value for pair in rows for value in pair if value is not None}
            if ids:
                found.setdefault(kind, set()).update(ids)
    return found


def ranged(db: sqlite3.Connection, change_id: int) -> dict[str, range]:
    """Return the records a change added in bulk: kind -> ids."""
    rows = db.execute("SELECT tbl, first, last FROM change_range WHERE change_id = ? AND col = 'id'", (change_id,))
    return {OWNERS[table]["id"]: range(first, last + 1) for table, first, last in rows if "id" in OWNERS[table]}


def count(db: sqlite3.Connection, change_id: int) -> int:
    """Return how many rows a change wrote."""
    rows = db.execute("SELECT count(*) FROM change_row WHERE change_id = ?", (change_id,)).fetchone()[0]
    ranges = db.execute(
        "SELECT coalesce(sum(last - first + 1), 0) FROM change_range WHERE change_id = ? AND col = 'id'", (change_id,)
    ).fetchone()[0]
    return int(rows + ranges)
