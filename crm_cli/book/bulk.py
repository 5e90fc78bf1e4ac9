"""Bulk inserts: up to 100 rows per statement, and the indexes of an empty book built after all rows are in.

Each SQLite statement reads and writes ``sqlite_sequence`` and opens and closes its cursors. Sharing that among 100 rows
makes inserts more than twice as fast: one row per statement would make the row "import CSV" of ``benchmarks/run.py``
about 8 % slower. ``OR FAIL`` saves SQLite a copy of every page in case a row is rejected: a rejected row rolls back the
whole change anyway.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

TOGETHER = (100, 10, 1)
"""The numbers of rows per statement, tried from the largest."""


class Waiting:
    """Rows of one table waiting to be written: ``values`` is flat, row after row, in the order of the columns.

    ``""`` in a ``nullable`` column is written as NULL. ``always`` maps columns to a value that all rows share.
    A column in which a full block of rows has only the table's default is omitted from the statement: binding an empty
    text takes as long as binding a short one, and most texts of a record are empty.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        table: str,
        columns: Sequence[str],
        *,
        nullable: Collection[str] = (),
        always: Mapping[str, Any] = MappingProxyType({}),
        ignore: bool = False,
    ) -> None:
        self.db, self.table = db, table
        self.values: list[Any] = []
        self.columns = tuple(columns)
        self.nullable = nullable
        self.always = dict(always)
        self.into = f"INSERT OR {'IGNORE' if ignore else 'FAIL'} INTO {table}"
        self.statements: dict[tuple[tuple[str, ...], int], str] = {}

    @cached_property
    def blanks(self) -> list[tuple[int, list[Any]]]:
        """The place of each column that has a default, and a block of that; the last is first.

        Read at the first full block: a single change has none.
        """
        defaults = dict.fromkeys(self.nullable, "") | _defaults(self.db, self.table)
        found = [(at, [defaults[name]] * TOGETHER[0]) for at, name in enumerate(self.columns) if name in defaults]
        return found[::-1]

    def write(self, *, rest: bool = True) -> None:
        """Write the waiting rows; without ``rest`` only full blocks, while the others go on waiting."""
        at, width = 0, len(self.columns)
        for number in TOGETHER if rest else TOGETHER[:1]:
            step = number * width
            while len(self.values) - at >= step:
                self._write(self.values[at : at + step], number)
                at += step
        del self.values[:at]

    def _write(self, block: list[Any], number: int) -> None:
        columns = self.columns
        for at, blank in self.blanks if number == TOGETHER[0] else ():
            if block[at :: len(columns)] == blank:
                del block[at :: len(columns)]
                columns = columns[:at] + columns[at + 1 :]
        sql = self.statements.get((columns, number))
        if sql is None:
            sql = self.statements[columns, number] = self._statement(columns, number)
        self.db.execute(sql, [*self.always.values(), *block])

    def _statement(self, columns: tuple[str, ...], number: int) -> str:
        shared = [f"?{number}" for number in range(1, len(self.always) + 1)]
        own = ["nullif(?, '')" if column in self.nullable else "?" for column in columns]
        rows = ", ".join([f"({', '.join(shared + own)})"] * number)
        return f"{self.into} ({', '.join((*self.always, *columns))}) VALUES {rows}"


def _defaults(db: sqlite3.Connection, table: str) -> dict[str, Any]:
    """Return the columns of a table that have a default, with its value."""
    sql = "SELECT name, dflt_value FROM pragma_table_info(?) WHERE dflt_value IS NOT NULL"
    found = db.execute(sql, (table,)).fetchall()
    return {name: db.execute(f"SELECT {text}").fetchone()[0] for name, text in found}


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
