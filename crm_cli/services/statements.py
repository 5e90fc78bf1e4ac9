"""Rows as SQL statements: insert or update one given as column -> value, and remove a record with all of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.kinds import BY_NAME

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.kinds import Kind
    from crm_cli.services.rows import Columns


def insert(db: sqlite3.Connection, table: str, columns: Columns, otherwise: str = "") -> int:
    """Insert a row; return its id. ``otherwise`` is SQLite's conflict clause, such as ``OR IGNORE``."""
    made = db.execute(_insert(table, columns, otherwise), tuple(columns.values()))
    return int(made.lastrowid or 0)


def insert_or_ignore(db: sqlite3.Connection, table: str, columns: Columns) -> bool:
    """Insert a row unless a constraint forbids it; return whether it was inserted."""
    return db.execute(_insert(table, columns, "OR IGNORE"), tuple(columns.values())).rowcount > 0


def insert_all(db: sqlite3.Connection, table: str, rows: Sequence[Columns]) -> None:
    """Insert many rows, with one statement for all that have the same columns."""
    alike: dict[tuple[str, ...], list[Columns]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(row)
    for columns, group in alike.items():
        db.executemany(_insert(table, columns), [tuple(row.values()) for row in group])


def _insert(table: str, columns: Sequence[str] | Columns, otherwise: str = "") -> str:
    return f"INSERT {otherwise} INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def delete_first(db: sqlite3.Connection, table: str, columns: Columns) -> bool:
    """Delete the first of the rows that have these values; return whether there was one."""
    same = " AND ".join(f"{column} = ?" for column in columns)
    sql = f"DELETE FROM {table} WHERE id = (SELECT min(id) FROM {table} WHERE {same})"
    return db.execute(sql, tuple(columns.values())).rowcount > 0


def update(db: sqlite3.Connection, table: str, ref: int, columns: Columns) -> None:
    """Change columns of the row with the id ``ref``; without columns, do nothing."""
    if columns:
        sets = ", ".join(f"{column} = ?" for column in columns)
        db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", (*columns.values(), ref))


def remove(db: sqlite3.Connection, kind: str, ref: int) -> None:
    """Remove a record with all rows that belong only to it; other records that mention it stay, without it."""
    known = BY_NAME[kind]
    for table, column in known.mentions:
        db.execute(f"UPDATE {table} SET {column} = NULL WHERE {column} = ?", (ref,))
    _forget_notes(db, known, ref)
    for table in (*known.owns, *known.links):
        db.execute(f"DELETE FROM {table} WHERE {known.column} = ?", (ref,))
    db.execute(f"DELETE FROM {known.table} WHERE id = ?", (ref,))


def _forget_notes(db: sqlite3.Connection, kind: Kind, ref: int) -> None:
    """Remove what a record's merges wrote, and the pairs of records that it is not the same as."""
    if kind.can_merge:
        db.execute(
            f"DELETE FROM merge_row WHERE merge_id IN (SELECT id FROM merge WHERE {kind.column} = ?)",
            (ref,),
        )
        db.execute("DELETE FROM distinct_pair WHERE kind = ? AND ? IN (low_id, high_id)", (kind.name, ref))
