"""Salvage of a damaged book: a temporary book with the rows that can be read, and a list of what is lost or damaged.

Rows are read from the file's pages (`sqlite_pages`), whether or not SQLite can open it. A tree whose upper pages are
lost is rebuilt from its leaves; the rows' checksums prove which table a leaf belongs to. A lost row may be found in the
journal, a lost link in its index. The indexes may also hold the name of a lost person, company, tag or stage. Rows that
still refer to a missing record are then dropped, and listed.
"""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4
from zlib import crc32

from crm_cli.book import damage, journal, schema, sums
from crm_cli.book.sqlite_pages import INDEX_PAGES, LEAF_INDEX, LEAF_TABLE, TABLE_PAGES, Pages
from crm_cli.core import kinds

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from pathlib import Path

    from crm_cli.book.journal import Table
    from crm_cli.book.sqlite_pages import Row

SEARCH_DOC = "search_doc"
WITH_SUMS = 3
"""The first schema with checksums of rows."""
LOST = "1970-01-01T00:00:00Z"
"""The creation time of a row whose real one is lost."""
NAMED = [kind.table for kind in (kinds.PERSON, kinds.COMPANY, kinds.TAG, kinds.FIELD, kinds.STAGE, kinds.PIPELINE)]
"""Tables that others refer to: their lost rows are recreated from what is known, so that dependent rows are kept."""


class Salvaged(NamedTuple):
    """A book in a temporary file, one line for each loss, and the ids (by table) of rows that no checksum proves."""

    db: sqlite3.Connection
    losses: list[str]
    unproven: dict[str, list[int]]


def salvage(path: Path) -> Salvaged:
    """Read what is left of the book ``path``; the file is not changed."""
    return _Salvage(Pages(path.read_bytes())).run()


def _schema_of(data: bytes) -> int:
    """Return the schema version of a file's rows, or the newest if the file's header is damaged.

    There were no checksums before schema 3, whose tables hold the rows of older schemas as well.
    """
    version = int.from_bytes(data[60:64], "big")
    return max(version, WITH_SUMS) if 1 <= version <= schema.VERSION else schema.VERSION


class _Salvage:
    """A salvage in progress: the damaged file's pages, and the book that is built from them."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.version = _schema_of(pages.data)
        self.db = sqlite3.connect("", isolation_level=None)
        schema.build(self.db, 0, self.version)
        self.db.execute("BEGIN")
        self.tables = {table.name: table for table in sums.tables(self.db)}
        usual = dict(self.db.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall())
        self.read = self._roots(usual)
        """The root page of each tree whose entry in the schema can be read."""
        self.roots = usual | self.read
        for name in ("pipeline", "stage"):
            self.db.execute(f"DELETE FROM {name}")
        self.width = {name: len(self._columns(name)) for name in (*self.tables, "row_sum", SEARCH_DOC)}
        self.seen: set[int] = set()
        self.losses: list[str] = []

    def run(self) -> Salvaged:
        """Salvage everything; the checksums come first, because they prove the rest."""
        self._take_sums()
        self._take_rows()
        for table in self.tables.values():
            self._mend(table)
        self._report()
        self._make_parents()
        self.losses += drop_dangling(self.db)
        unproven = {name: self._unproven(table) for name, table in self.tables.items()}
        schema.build(self.db, self.version)
        # Tables that the file's schema did not have yet are empty.
        unproven = {name: unproven.get(name, []) for name in (*unproven, *journal.tables(self.db))}
        self.db.execute("COMMIT")
        return Salvaged(self.db, self.losses, unproven)

    def _take_sums(self) -> None:
        self._take_tree("row_sum")
        for number in self._orphans(LEAF_INDEX):
            self._insert("row_sum", (row for row in self.pages.rows(number) if _is_sum(row.values)))

    def _take_rows(self) -> None:
        """Take the rows of our trees, then those of leaves that neither our trees nor any others lead to.

        Only what the file says leads to no row of ours: imports rebuild indexes, and tables fill the pages of the old.
        """
        for name in self.tables:
            self._take_tree(name)
        for name, root in self.read.items():
            if name not in self.tables:
                self.seen.update(self.pages.walk(root, TABLE_PAGES | INDEX_PAGES, self.seen))
        for number in self._orphans(LEAF_TABLE):
            self._take_orphan(number)

    def _columns(self, name: str) -> list[str]:
        return [row[1] for row in self.db.execute(f"PRAGMA table_info({name})")]

    def _roots(self, usual: Container[object]) -> dict[str, int]:
        """Return the root page of each of our trees, as the file says; any other is probably that of a new book."""
        found = {}
        for number in self.pages.walk(1, TABLE_PAGES, set()):
            for row in self.pages.rows(number):
                if len(row.values) == 5 and row.values[1] in usual and isinstance(row.values[3], int):
                    found[row.values[1]] = row.values[3]
        return found

    def _orphans(self, kind: int) -> list[int]:
        """Return the pages of a kind that no tree leads to."""
        return [n for n in range(2, self.pages.count + 1) if n not in self.seen and self.pages.kind(n) == kind]

    def _take_tree(self, name: str) -> None:
        rowids = name in self.tables and self.tables[name].key == ("id",)
        kinds = TABLE_PAGES if rowids else INDEX_PAGES
        for number in self.pages.walk(self.roots[name], kinds, self.seen):
            self._insert(name, self.pages.rows(number))

    def _insert(self, name: str, rows: Iterable[Row]) -> list[int]:
        """Insert the rows that fit the table and are missing from it; return their ids, or the owners' ids of links."""
        done = []
        sql = f"INSERT OR IGNORE INTO {name} VALUES ({', '.join('?' * self.width[name])})"
        for row in rows:
            values = (row.values + [None] * self.width[name])[: self.width[name]]
            if row.rowid is not None:
                values[0] = row.rowid
            try:
                if self.db.execute(sql, values).rowcount > 0:
                    done.append(values[0])
            except (sqlite3.Error, OverflowError):
                continue
        return done

    def _take_orphan(self, number: int) -> None:
        """Insert the rows of a leaf into the table for which most checksums match."""
        rows = list(self.pages.rows(number))
        best: tuple[int, str] = (0, "")
        for name in self._candidates(rows):
            self.db.execute("SAVEPOINT trial")
            done = self._insert(name, rows)
            best = max(best, (self._proof(name, done), name))
            self.db.execute("ROLLBACK TO trial")
            self.db.execute("RELEASE trial")
        if best[0]:
            self._insert(best[1], rows)

    def _candidates(self, rows: list[Row]) -> Iterator[str]:
        width = max((len(row.values) for row in rows), default=0)
        for name, table in self.tables.items():
            if table.key == ("id",) and self.width[name] == width:
                yield name

    def _proof(self, name: str, ids: list[int]) -> int:
        """Return how well rows match: 2 per matching checksum; 1 if none is known and they are not search documents."""
        found = sum(self._sum(name, ref) == self._kept(name, ref) for ref in ids)
        unknown = not any(self._kept(name, ref) is not None for ref in ids)
        return 2 * found or int(unknown and bool(ids) and self.width[name] != self.width[SEARCH_DOC])

    def _kept(self, name: str, ref: int) -> int | None:
        """Return a row's checksum in the damaged book; 0 for a row that was deleted, None if the checksum is lost."""
        sql = "SELECT sums FROM row_sum WHERE block = ? AND tbl = ?"
        row = self.db.execute(sql, (ref >> sums.BITS, name)).fetchone()
        return int(sums.BLOCK.unpack(row[0])[ref % sums.EACH]) if row and len(row[0]) == sums.BLOCK.size else None

    def _sum(self, name: str, ref: int) -> int:
        image = sums.image(self.tables[name])
        row = self.db.execute(f"SELECT {image} FROM {name} t WHERE t.id = ?", (ref,)).fetchone()
        return crc32(row[0]) if row else 0

    def _unproven(self, table: Table) -> list[int]:
        """Return the ids of the rows that are present but do not match a checksum."""
        there = f"SELECT 1 FROM {table.name} WHERE {sums.owner(table.name)} = ?"
        return [ref for ref in sums.differing(self.db, table) if self.db.execute(there, (ref,)).fetchone()]

    def _doubtful(self, table: Table) -> list[int]:
        """Return the ids (or owners' ids) whose known checksum differs: rows lost, damaged, or deleted long ago."""
        return [ref for ref in sums.differing(self.db, table) if self._kept(table.name, ref) is not None]

    def _mend(self, table: Table) -> None:
        """Search the journal and the indexes for a table's missing rows, and remove rows that had been deleted."""
        for ref in self._doubtful(table):
            if self._kept(table.name, ref) == 0:
                self.db.execute(f"DELETE FROM {table.name} WHERE {sums.owner(table.name)} = ?", (ref,))
        doubtful = self._doubtful(table)
        if not doubtful or table in sums.JOURNAL:
            return
        if table.key == ("id",):
            for ref in doubtful:
                self._from_journal(table, ref)
        else:
            self._from_index(table, set(doubtful))

    def _from_journal(self, table: Table, ref: int) -> None:
        """Restore a row from an image in the journal whose checksum proves that it is the latest."""
        wanted = self._kept(table.name, ref)
        images = self.db.execute(
            "SELECT before, after FROM change_row WHERE tbl = ? AND row_key = ?", (table.name, f"[{ref}]")
        ).fetchall()
        for image in (image for pair in images for image in pair if image is not None):
            if sums.checksum(image.encode()) == wanted:
                values = list(json.loads(image).values())
                marks = ", ".join("?" * len(values))
                self.db.execute(f"INSERT OR REPLACE INTO {table.name} VALUES ({marks})", values)
                return

    def _from_index(self, table: Table, owners: set[int]) -> None:
        """Restore missing links from an index that holds all their columns."""
        for names, rows in self._indexes(table):
            if set(names) >= set(table.columns):
                places = [names.index(column) for column in table.columns]
                found = ([row.values[at] for at in places] for row in rows if len(row.values) == len(names))
                mine = [values for values in found if values[0] in owners]
                sql = f"INSERT OR IGNORE INTO {table.name} VALUES ({', '.join('?' * len(places))})"
                self.db.executemany(sql, mine)

    def _indexes(self, table: Table) -> Iterator[tuple[list[str], list[Row]]]:
        """Yield the columns of each index of a table, and its entries; the row id is the column ``id``."""
        for _, index, *_ in self.db.execute(f"PRAGMA index_list({table.name})").fetchall():
            if index in self.roots:
                columns = self.db.execute(f"PRAGMA index_xinfo({index})").fetchall()
                names = ["id" if column[1] == -1 else column[2] or "" for column in columns]
                numbers = self.pages.walk(self.roots[index], INDEX_PAGES, set())
                yield names, [row for number in numbers for row in self.pages.rows(number)]

    def _make_parents(self) -> None:
        """Recreate the lost records that others refer to: stages before deals, people before what belongs to them."""
        for name in NAMED:
            missing: set[int] = set()
            for child in journal.tables(self.db).values():
                for key in self.db.execute(f"PRAGMA foreign_key_list({child.name})").fetchall():
                    if key[2] == name:
                        sql = f"SELECT {key[3]} FROM {child.name} WHERE {_dangling(key[3], name)}"
                        missing.update(row[0] for row in self.db.execute(sql))
            if missing:
                self._make_again(self.tables[name], sorted(missing))

    def _make_again(self, table: Table, missing: list[int]) -> None:
        """Recreate lost rows from what the indexes hold of them."""
        known: dict[int, dict[str, Any]] = {ref: {} for ref in missing}
        for names, rows in self._indexes(table):
            for row in rows:
                if len(row.values) == len(names) and row.values[-1] in known:
                    known[row.values[-1]] |= dict(zip(names, row.values, strict=True))
        for ref, found in known.items():
            made = self._made(table, ref, found)
            sql = f"INSERT OR IGNORE INTO {table.name} ({', '.join(made)}) VALUES ({', '.join('?' * len(made))})"
            try:
                self.db.execute(sql, list(made.values()))
            except sqlite3.Error:
                continue
            whose = damage.whose(self.db, table.name, ref)
            self.losses.append(f"{table.name} {ref} was recreated: only references to it were left{whose}")

    @staticmethod
    def _made(table: Table, ref: int, found: dict[str, Any]) -> dict[str, Any]:
        label = f"{table.name} {ref}"
        name = found.get("name") or found.get("name_key") or f"lost {label}"
        usual = {
            "uid": str(uuid4()), "name": name, "name_key": found.get("name_key") or label, "label": name,
            "type": "text", "pipeline_id": 1, "place": ref, "created_utc": LOST, "updated_utc": LOST,
        }  # fmt: skip
        row = usual | {key: value for key, value in found.items() if key and value is not None}
        return {key: value for key, value in (row | {"id": ref}).items() if key in table.columns}

    def _report(self) -> None:
        if self.pages.broken:
            self.losses.append(f"{self.pages.broken} records on damaged pages cannot be read")
        for table in self.tables.values():
            for ref in self._doubtful(table) if table not in sums.JOURNAL else ():
                there = self.db.execute(f"SELECT 1 FROM {table.name} WHERE {sums.owner(table.name)} = ?", (ref,))
                what = "was changed or damaged" if there.fetchone() else "is lost"
                self.losses.append(f"{table.name} {ref} {what}{damage.whose(self.db, table.name, ref)}")


def drop_dangling(db: sqlite3.Connection) -> list[str]:
    """Clear references to lost records, or drop rows that need them; return a line for each."""
    lines: list[str] = []
    before = -1
    while before < len(lines):
        before = len(lines)
        for table in journal.tables(db).values():
            for key in db.execute(f"PRAGMA foreign_key_list({table.name})").fetchall():
                lines += _cut(db, table, column=key[3], parent=key[2])
    return lines


def _cut(db: sqlite3.Connection, table: Table, *, column: str, parent: str) -> list[str]:
    dangling = _dangling(column, parent)
    by = sums.owner(table.name)
    found = db.execute(f"SELECT {by}, {column} FROM {table.name} WHERE {dangling}").fetchall()
    if found:
        try:
            db.execute(f"UPDATE {table.name} SET {column} = NULL WHERE {dangling}")
        except sqlite3.IntegrityError:
            db.execute(f"DELETE FROM {table.name} WHERE {dangling}")
    return [f"{table.name} {ref} refers to {parent} {lost}, which is lost" for ref, lost in found]


def _dangling(column: str, parent: str) -> str:
    return f"{column} IS NOT NULL AND {column} NOT IN (SELECT id FROM {parent})"


def _is_sum(values: list[Any]) -> bool:
    """Is this a row of ``row_sum``?"""
    return len(values) == 3 and isinstance(values[2], bytes) and len(values[2]) == sums.BLOCK.size
