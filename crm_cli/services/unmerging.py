"""Take a merge apart, by its own record of what came from which record (``merge_row``); later edits do not prevent it.

The merged record comes back as it was. What it brought leaves the survivor, unless it was edited since: then the edited
value stays there. Activities and deals that came later go to it if they came by an address or a key of its own
(`merged_links`). Merges into the survivor that came later are taken apart first, and made again afterwards.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crm_cli.book import journal
from crm_cli.book.undo import BOOKKEEPING
from crm_cli.core import combining
from crm_cli.core.combining import Unmerged
from crm_cli.core.kinds import BY_NAME, COMPANY
from crm_cli.errors import NotFoundError
from crm_cli.queries import by_column, merges
from crm_cli.services import merge_rows, merging, statements
from crm_cli.services.merge_pair import count
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Hashable, Mapping

    from crm_cli.book.book import Book
    from crm_cli.book.journal import Table
    from crm_cli.core.kinds import Kind
    from crm_cli.core.records import Merge

    Image = dict[str, Any]

LINKED = frozenset({"activity", "deal", "external_ref", "pending_link", "merge"})
"""Tables whose rows are handed back as they are now, and are gone for both records if they are gone."""
GONE = frozenset({"pending_link"})
"""Tables whose rows vanish when they have served; that one is missing is not reported."""
TOUCHED = {
    "deal": ("deal", "id"),
    "employment": ("contact", "contact_id"),
}
"""Table of rows that are handed back -> the record whose revision it increases, by a column of the row."""


def unmerge(book: Book, merge_id: int, *, now: str) -> Unmerged:
    """Take a merge apart within the current change of the book. Raises NotFoundError if there is no such merge."""
    book.flush()
    db = book.db
    again: list[_Apart] = []
    while True:
        found = _merge(db, merge_id)
        newest = merges.of(db, found.kind, found.survivor)[-1].id
        apart = _Apart(db, newest, now)
        apart.take()
        if newest == merge_id:
            break
        again.append(apart)
    for each in reversed(again):
        _merge_again(book, each)
    # Its survivor may be merged into another one itself, which was made again.
    survivor = merges.survivor(db, found.kind, found.survivor) or found.survivor
    return Unmerged(found.kind, survivor, found.loser, found.name, apart.edited, apart.lost)


def _merge(db: sqlite3.Connection, merge_id: int) -> Merge:
    row = db.execute(
        "SELECT CASE WHEN company_id IS NULL THEN 'contact' ELSE 'company' END, loser_id FROM merge WHERE id = ?",
        (merge_id,),
    ).fetchone()
    found = merges.of_loser(db, *row) if row else None
    if found is None:
        raise NotFoundError(f"there is no merge {merge_id}")
    return found


def _merge_again(book: Book, apart: _Apart) -> None:
    """Make a merge again that had to be taken apart for another one; what was edited since stays as it was."""
    db, found = book.db, apart.found
    merging.merge(book, found.kind, found.survivor, [found.loser], apart.choices, now=apart.now, at=found.at)
    statements.update(db, found.kind, found.survivor, apart.columns)
    for table, key in merge_rows.DETAILS.items():
        if (table, apart.kind.column) in apart.kind.references:
            for row in apart.details(table):
                if key(row) not in apart.had[table]:
                    apart.delete(apart.tables[table], row)


class _Apart:
    """One merge that is being taken apart."""

    def __init__(self, db: sqlite3.Connection, merge_id: int, now: str) -> None:
        self.db, self.now = db, now
        self.found = _merge(db, merge_id)
        self.kind: Kind = BY_NAME[self.found.kind]
        choices = db.execute("SELECT choices FROM merge WHERE id = ?", (merge_id,)).fetchone()[0]
        self.choices: Mapping[str, int] = json.loads(choices) if choices else {}
        self.tables = journal.tables(db)
        self.foreign: dict[str, list[tuple[str, str]]] = {}
        self.edited: dict[str, int] = {}
        self.lost: dict[str, int] = {}
        self.columns: Image = {}
        """Values of the survivor's own row that were edited since the merge."""
        self.had: dict[str, set[Hashable]] = {}
        """The details that the survivor had, by table: merging it again later must not add others."""

    def take(self) -> None:
        """Bring the merged record back, and take from the survivor what came from it."""
        found = self.found
        for table, key_of in merge_rows.DETAILS.items():
            if (table, self.kind.column) in self.kind.references:
                self.had[table] = set(map(key_of, self.details(table)))
        rows = self._rows()
        for table, key, before, after in rows:
            if before or after:
                self._take_row(self.tables[table], before, after)
            else:
                self._hand_back_links(table, key)
        self.db.execute("DELETE FROM merge_row WHERE merge_id = ?", (found.id,))
        self.db.execute("DELETE FROM merge WHERE id = ?", (found.id,))
        self.db.execute(
            f"UPDATE external_ref SET {self.kind.column} = ? WHERE {self.kind.column} = ? AND key = ?",
            (found.loser, found.survivor, found.uid),
        )
        for ref in (found.survivor, found.loser):
            touch(self.db, found.kind, ref, self.now)

    def _rows(self) -> list[tuple[str, str, Image, Image]]:
        """Return what the merge wrote, the last first."""
        sql = "SELECT tbl, row_key, before, after FROM merge_row WHERE merge_id = ? ORDER BY id DESC"
        found = self.db.execute(sql, (self.found.id,)).fetchall()
        return [
            (table, key, json.loads(before or "{}"), json.loads(after or "{}")) for table, key, before, after in found
        ]

    def _hand_back_links(self, table: str, key: str) -> None:
        """Give the record its part in activities or deals back, if the survivor still takes part in them."""
        owner = f"{table.partition('_')[0]}_id"
        ids = f"{owner} IN (SELECT value FROM json_each(?))"
        wrote = self.db.execute(
            f"UPDATE OR IGNORE {table} SET contact_id = ? WHERE contact_id = ? AND {ids}",
            (self.found.loser, self.found.survivor, key),
        ).rowcount
        if table == "deal_participant":
            self.db.execute(
                f"UPDATE deal SET revision = revision + 1, updated_utc = ? WHERE {ids.replace(owner, 'id')}",
                (self.now, key),
            )
        count(self.edited, table, len(json.loads(key)) - wrote)

    def _take_row(self, table: Table, before: Image, after: Image) -> None:
        if not before:
            self._take_added(table, after)
        elif not after:
            self._bring_back(table, before)
        elif column := self._given(table, before):
            self._hand_back(table, column, before, after)
        else:
            self._restore(table, before, after)

    def _given(self, table: Table, before: Image) -> str:
        """Return the column by which a row referred to the merged record; ``""`` if it did not."""
        columns = (column for name, column in self.kind.references if name == table.name)
        return next((column for column in columns if before.get(column) == self.found.loser), "")

    def _take_added(self, table: Table, after: Image) -> None:
        """Delete a row that the merge gave to the survivor, unless it was edited."""
        current = self.row(table, after)
        if current == after:
            self.delete(table, after)
            return
        count(self.edited, table.name)

    def _bring_back(self, table: Table, before: Image) -> None:
        """Insert a row that the merge dropped, because the survivor had the same."""
        if table.name in self.kind.joins:
            mine = self.row(table, {**before, self.kind.column: self.found.survivor})
            if mine is None:
                # The record was taken out of the activity or the deal, or it was removed.
                return
            before = {**mine, self.kind.column: self.found.loser}
        self._insert(table, before)

    def _hand_back(self, table: Table, column: str, before: Image, after: Image) -> None:
        """Return a row that was moved."""
        current = self.row(table, after)
        here = current if current and current[column] == self.found.survivor else None
        if self._is_link(table):
            self._hand_back_link(table, column, before, after, here)
        elif here and self._is_unedited(table, column, here, after):
            elsewhere = self._followed(table, column, here, after)
            wanted = {name: old for name, old in before.items() if name not in elsewhere and here[name] != old}
            self._set(table, after, wanted)
        else:
            count(self.edited, table.name)
            self._insert(table, {**before, "id": None} if current else before)

    def _is_link(self, table: Table) -> bool:
        """Are the rows of a table handed back as they are now?"""
        return table.name in LINKED or (table.name == "employment" and self.kind is COMPANY)

    def _hand_back_link(self, table: Table, column: str, before: Image, after: Image, here: Image | None) -> None:
        """Return a row as it is now; ``here`` is the row, if it still belongs to the survivor."""
        if here:
            self._set(table, after, {column: self.found.loser, **self._base(table, before, here)})
            self._touch(table, after)
        elif table.name not in GONE:
            count(self.edited, table.name)

    def _touch(self, table: Table, image: Image) -> None:
        kind, column = TOUCHED.get(table.name, ("", ""))
        if kind:
            touch(self.db, kind, image[column], self.now)

    def _is_unedited(self, table: Table, column: str, current: Image, after: Image) -> bool:
        """Is a row as the merge left it? That a company or a person it refers to was merged since is not an edit."""
        ignored = {column, *self._followed(table, column, current, after)}
        return all(current[name] == value for name, value in after.items() if name not in ignored)

    def _followed(self, table: Table, column: str, current: Image, after: Image) -> set[str]:
        """Return the columns that refer to a different record now, because the earlier one was merged or came back."""
        found = {name for name, parent in self._parents(table) if parent in MERGED and name != column}
        return {name for name in found if current[name] is not None and current[name] != after[name]}

    def _base(self, table: Table, before: Image, current: Image) -> Image:
        """Return the merged record's values at the last import before the merge: what came since goes to it again."""
        if table.name == "external_ref" and current["key"] == before.get("key"):
            return {"base": before["base"]}
        return {}

    def _restore(self, table: Table, before: Image, after: Image) -> None:
        """Restore the values that the merge changed, in a row that belonged to another record, unless edited since."""
        current = self.row(table, after)
        if current is None:
            return
        wanted: Image = {}
        is_own = table.name == self.kind.table
        for name in before.keys() - BOOKKEEPING:
            if before[name] == after[name]:
                continue
            if current[name] == after[name]:
                wanted[name] = before[name]
            elif is_own and name == "notes" and self._apart(current[name], before, after, wanted):
                continue
            else:
                count(self.edited, table.name)
                if is_own:
                    self.columns[name] = current[name]
        self._set(table, after, wanted)

    def _apart(self, text: str, before: Image, after: Image, wanted: Image) -> bool:
        """Take the merged record's notes out of the survivor's; return whether they are still there as they were."""
        rest = combining.without(text, before["notes"], after["notes"])
        if rest is not None:
            wanted["notes"] = rest
        return rest is not None

    # Rows

    def row(self, table: Table, image: Image) -> Image | None:
        """Return the present row with the key of an image, or None."""
        where, key = _where(table, image)
        return by_column.first(self.db.execute(f"SELECT * FROM {table.name} WHERE {where}", key))

    def details(self, table: str) -> list[Image]:
        """Return the survivor's rows of a table."""
        sql = f"SELECT * FROM {table} WHERE {self.kind.column} = ?"
        return list(by_column.rows(self.db.execute(sql, (self.found.survivor,))))

    def delete(self, table: Table, image: Image) -> None:
        """Delete the row with the key of an image."""
        where, key = _where(table, image)
        self.db.execute(f"DELETE FROM {table.name} WHERE {where}", key)

    def _set(self, table: Table, image: Image, values: Image) -> None:
        if values:
            where, key = _where(table, image)
            sets = ", ".join(f"{name} = ?" for name in values)
            self.db.execute(f"UPDATE OR IGNORE {table.name} SET {sets} WHERE {where}", (*values.values(), *key))

    def _insert(self, table: Table, image: Image) -> None:
        """Insert a row; count it as lost if what it belongs to is no longer in the book."""
        new = {name: value for name, value in image.items() if name in table.columns}
        for column, parent in self._parents(table):
            if new.get(column) is not None:
                new[column] = self._present(parent, new[column])
        is_empty = table.name == "employment" and not (new["company_id"] or new["title"] or new["department"])
        if is_empty or not statements.insert_or_ignore(self.db, table.name, new):
            count(self.lost, table.name)

    def _present(self, table: str, ref: int) -> int | None:
        """Return a record if the book has it, or will have it, else the one that it was merged into, or None."""
        comes_back = table == self.kind.table and ref == self.found.loser
        if comes_back or self.db.execute(f"SELECT 1 FROM {table} WHERE id = ?", (ref,)).fetchone():
            return ref
        return merges.survivor(self.db, table, ref) if table in MERGED else None

    def _parents(self, table: Table) -> list[tuple[str, str]]:
        """Return the columns of a table that refer to other records, and the tables of these."""
        if table.name not in self.foreign:
            rows = self.db.execute(f"PRAGMA foreign_key_list({table.name})").fetchall()
            self.foreign[table.name] = [(row[3], row[2]) for row in rows]
        return self.foreign[table.name]


MERGED = frozenset(kind.table for kind in BY_NAME.values() if kind.can_merge)
"""Tables of records that can be merged."""


def _where(table: Table, image: Image) -> tuple[str, list[Any]]:
    return " AND ".join(f"{column} = ?" for column in table.key), [image[column] for column in table.key]
