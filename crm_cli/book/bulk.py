"""Bulk inserts: up to 100 rows per statement, and the indexes of an empty book built after all rows are in.

Each SQLite statement reads and writes ``sqlite_sequence`` and opens and closes its cursors. Sharing that among 100 rows
makes an insert a third cheaper. ``OR FAIL`` saves SQLite a copy of every page in case a row is rejected: a rejected row
rolls back the whole change anyway.
"""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from crm_cli.errors import BookError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

TOGETHER = (100, 10, 1)
"""The numbers of rows per statement, tried from the largest."""


class Waiting:
    """Rows of one table waiting to be written: ``values`` is flat, row after row, in the order of the columns.

    ``""`` in a ``nullable`` column is written as NULL. ``always`` maps columns to a value that all rows share.
    ``defaults`` are the table's own defaults for some columns. If all rows of a full block have the default, the
    statement omits the column: binding an empty text takes as long as binding a short one, and most texts are empty.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        table: str,
        columns: Sequence[str],
        *,
        nullable: Container[str] = (),
        always: Mapping[str, Any] = MappingProxyType({}),
        defaults: Mapping[str, Any] = MappingProxyType({}),
        ignore: bool = False,
    ) -> None:
        self.db = db
        self.values: list[Any] = []
        self.columns = tuple(columns)
        self.always = list(always.values())
        self.into = f"INSERT OR {'IGNORE' if ignore else 'FAIL'} INTO {table}"
        self.fixed = {column: f"?{number}" for number, column in enumerate(always, 1)}
        self.marks = {column: "nullif(?, '')" if column in nullable else "?" for column in columns}
        last_first = reversed([(at, defaults[column]) for at, column in enumerate(columns) if column in defaults])
        self.blanks = [(at, [default] * TOGETHER[0]) for at, default in last_first]
        self.statements: dict[tuple[tuple[str, ...], int], str] = {}

    def write(self) -> None:
        """Write the waiting rows."""
        at, width = 0, len(self.columns)
        for number in TOGETHER:
            step = number * width
            while len(self.values) - at >= step:
                self._write(self.values[at : at + step], number)
                at += step
        self.values.clear()

    def _write(self, block: list[Any], number: int) -> None:
        columns = self.columns
        for at, blank in self.blanks if number == TOGETHER[0] else ():
            if block[at :: len(columns)] == blank:
                del block[at :: len(columns)]
                columns = columns[:at] + columns[at + 1 :]
        sql = self.statements.get((columns, number))
        if sql is None:
            sql = self.statements[columns, number] = self._statement(columns, number)
        self.db.execute(sql, self.always + block)

    def _statement(self, columns: tuple[str, ...], number: int) -> str:
        row = ", ".join((*self.fixed.values(), *(self.marks[column] for column in columns)))
        return f"{self.into} ({', '.join((*self.fixed, *columns))}) VALUES {', '.join([f'({row})'] * number)}"


_INDEXES = (
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    " AND sql NOT LIKE '%(company_id) WHERE company_id IS NOT NULL'"
)
"""The indexes to drop. Those on ``company_id`` are kept: few rows have one, and rebuilding them scans the table."""


def is_unpeopled(db: sqlite3.Connection) -> bool:
    """Does the book have no people and no companies?"""
    return not any(db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in ("contact", "company"))


@contextmanager
def keys_unchecked(db: sqlite3.Connection) -> Iterator[None]:
    """Turn off foreign key checks for the block in a book without people; call `check_keys` before the commit.

    SQLite changes this setting only between transactions, so the block must enclose the transaction.
    """
    if not is_unpeopled(db):
        yield
        return
    db.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        db.execute("PRAGMA foreign_keys=ON")


def check_keys(db: sqlite3.Connection) -> None:
    """Check all foreign keys before a commit, if they were turned off. Raises BookError.

    If the parent's ids have no gaps, it is enough that a child's lowest and highest references are among them.
    """
    if db.execute("PRAGMA foreign_keys").fetchone()[0]:
        return
    keys = db.execute(_KEYS).fetchall()
    unbroken = {parent: _unbroken(db, parent) for parent in {parent for *_, parent in keys}}
    for child, column, parent in keys:
        lowest, highest = _ends(db, child, column)
        if lowest is not None and not (lowest in unbroken[parent] and highest in unbroken[parent]):
            _check_table(db, child)


_KEYS = (
    """SELECT t.name, k."from", k."table" FROM main.sqlite_schema t JOIN pragma_foreign_key_list(t.name) k"""
    " WHERE t.type = 'table'"
)


def _ends(db: sqlite3.Connection, table: str, column: str) -> tuple[Any, Any]:
    """Return the lowest and the highest number in a column, both None if there is none."""
    lowest, highest = (f"(SELECT {end}({column}) FROM {table} WHERE {column} IS NOT NULL)" for end in ("min", "max"))
    found: tuple[Any, Any] = db.execute(f"SELECT {lowest}, {highest}").fetchone()
    return found


def _unbroken(db: sqlite3.Connection, parent: str) -> range:
    """Return the ids of a table as a range if there are no gaps, else an empty range."""
    first, last = _ends(db, parent, "id")
    number = db.execute(f"SELECT count(*) FROM {parent}").fetchone()[0]
    return range(first, last + 1) if number and number == last - first + 1 else range(0)


def _check_table(db: sqlite3.Connection, table: str) -> None:
    if db.execute(f"PRAGMA foreign_key_check({table})").fetchone():
        raise BookError("the records are inconsistent; nothing was changed")


@contextmanager
def without_indexes(db: sqlite3.Connection, tables: Iterable[str]) -> Iterator[Callable[[], bool]]:
    """Yield a function that drops the indexes of these tables for the rest of the block.

    It drops nothing if the book has people or companies, and returns whether the indexes are dropped. No look-up needs
    the indexes of tables that were empty, and sorting all entries once is cheaper than inserting each. An exception
    rolls back the whole transaction, including the drops.
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
