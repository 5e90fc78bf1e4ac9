"""Bulk inserts: up to 100 rows per statement, and the indexes of an empty book built after all rows are in.

Each SQLite statement reads and writes ``sqlite_sequence`` and opens and closes its cursors. Sharing that among 100 rows
makes inserts more than twice as fast: one row per statement would make the row "import CSV" of ``benchmarks/run.py``
about 8 % slower. ``OR FAIL`` saves SQLite a copy of every page in case a row is rejected: a rejected row rolls back the
whole change anyway.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

TOGETHER = (100, 10, 1)
"""The numbers of rows per statement, tried from the largest."""


class Waiting:
    """Rows of one table waiting to be written: ``values`` is flat, row after row, in the order of the columns.

    ``""`` in a ``nullable`` column is written as NULL. ``always`` maps columns to a value that all rows share.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        table: str,
        columns: Sequence[str],
        *,
        nullable: Container[str] = (),
        always: Mapping[str, Any] = MappingProxyType({}),
        ignore: bool = False,
    ) -> None:
        self.db = db
        self.values: list[Any] = []
        self.width = len(columns)
        self.always = list(always.values())
        shared = [f"?{number}" for number in range(1, len(always) + 1)]
        own = ["nullif(?, '')" if column in nullable else "?" for column in columns]
        row = f"({', '.join(shared + own)})"
        into = f"INSERT OR {'IGNORE' if ignore else 'FAIL'} INTO {table} ({', '.join((*always, *columns))})"
        self.statements = {number: f"{into} VALUES {', '.join([row] * number)}" for number in TOGETHER}

    def write(self) -> None:
        """Write the waiting rows."""
        at = 0
        for number, sql in self.statements.items():
            step = number * self.width
            while len(self.values) - at >= step:
                self.db.execute(sql, self.always + self.values[at : at + step])
                at += step
        self.values.clear()


_INDEXES = (
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    " AND sql NOT LIKE '%(company_id) WHERE company_id IS NOT NULL'"
    " AND sql NOT LIKE '%(deal_id) WHERE deal_id IS NOT NULL'"
    " AND sql NOT LIKE '%(activity_id) WHERE activity_id IS NOT NULL'"
)
"""The indexes to drop, without those of columns that few rows have a value in: rebuilding them scans the table."""


def is_unpeopled(db: sqlite3.Connection) -> bool:
    """Does the book have no people and no companies?"""
    return not any(db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("contact", "company"))


@contextmanager
def without_indexes(db: sqlite3.Connection, tables: Iterable[str]) -> Iterator[Callable[[], bool]]:
    """Yield a function that drops the indexes of these tables for the rest of the block.

    It drops nothing if the book has people or companies, and returns whether the indexes are dropped. No look-up needs
    the indexes of tables that were empty, and sorting all entries once is cheaper than inserting each: with indexes,
    the row "import CSV" of ``benchmarks/run.py`` would be 12 % slower. An exception rolls back the whole transaction,
    including the drops.
    """
    dropped: list[str] = []
    empty = is_unpeopled(db)

    def drop() -> bool:
        for table in tables if empty and not dropped else ():
            for name, made in db.execute(_INDEXES, (table,)).fetchall():
                db.execute(f"DROP INDEX main.{name}")
                dropped.append(made)
        return bool(dropped)

    yield drop
    for made in dropped:
        db.execute(made)
