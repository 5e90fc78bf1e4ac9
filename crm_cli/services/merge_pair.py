"""Two records of one kind of which one is merged into the other: the rows of both, and what is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.queries import by_column
from crm_cli.services import statements

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crm_cli.core.kinds import Kind

Row = dict[str, Any]
Counts = dict[str, int]


class Pair(NamedTuple):
    """Two records of one kind, of which ``loser`` is merged into ``survivor``.

    ``choices``, ``now`` and ``at`` are those of `merging.merge`, ``moved`` and ``same`` the counts of `Merged`.
    """

    db: sqlite3.Connection
    kind: Kind
    survivor: int
    loser: int
    choices: Mapping[str, int]
    now: str
    at: str
    moved: Counts
    same: Counts

    def rows(self, table: str, ref: int) -> list[Row]:
        """Return the rows of a table that belong to one of the two, in order."""
        order = "id" if table not in self.kind.links else "2"
        found = self.db.execute(f"SELECT * FROM {table} WHERE {self.kind.column} = ? ORDER BY {order}", (ref,))
        return list(by_column.rows(found))

    def both(self, table: str) -> tuple[list[Row], list[Row]]:
        """Return the rows of the survivor and those of the loser."""
        return self.rows(table, self.survivor), self.rows(table, self.loser)

    def move(self, table: str, row: Row, **changes: Any) -> None:
        """Give a row with an id to the survivor, with further changes."""
        statements.update(self.db, table, row["id"], {self.kind.column: self.survivor, **changes})

    def drop(self, table: str, row: Row) -> None:
        """Delete a row with an id."""
        self.db.execute(f"DELETE FROM {table} WHERE id = ?", (row["id"],))

    def heir(self, ref: Any) -> Any:
        """Return the id that an id of a record, or None, is replaced by."""
        return self.survivor if ref == self.loser else ref

    def prefers_loser(self, field: str) -> bool:
        """Is the loser's value of a field to be kept?"""
        return self.choices.get(field) == self.loser


def count(counts: Counts, table: str, number: int = 1) -> None:
    """Add a number of rows of a table; a table without any is not listed."""
    if number:
        counts[table] = counts.get(table, 0) + number
