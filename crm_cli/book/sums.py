"""A checksum of every row, with which a check detects flipped bits and changes by other programs.

SQLite's own check covers the structure of a file, not the values in it. ``row_sum`` holds a CRC-32 of each journaled
row's values, in blocks of 128 ids. For a table without an id of its own, it holds the combined sum of each owner's
rows. Sums are combined by XOR, so their order does not matter, and the operation that adds a row also removes it. A
change to a damaged row updates the sum only by its own difference, so the damage is still detected.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from itertools import groupby, islice
from operator import itemgetter, xor
from struct import Struct
from typing import TYPE_CHECKING, Any
from zlib import crc32

from crm_cli.book import journal
from crm_cli.book.journal import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BITS = 7
EACH = 1 << BITS
"""How many ids share a block."""
BLOCK = Struct(f"<{EACH}I")
FIRST, MOST, HELD = 32, 4096, 8_000_000
"""How many rows are in memory at first, and at most, and how many bytes of them are meant to be: pictures are large."""


JOURNAL = (
    Table("change", ("id", "at_utc", "origin", "verb", "schema"), ("id",)),
    Table("change_subject", ("change_id", "kind", "subject_id"), ("change_id", "kind", "subject_id")),
    Table("change_row", ("id", "change_id", "tbl", "row_key", "op", "before", "after"), ("id",)),
    Table("change_range", ("change_id", "tbl", "col", "first", "last"), ("change_id", "tbl", "col", "first")),
)
"""The journal's own tables, summed by change. A change's state is not included, as every undo modifies it."""

OWNERS = journal.BULK_COLUMN | {table.name: "change_id" for table in JOURNAL[1:]}


def owner(table: str) -> str:
    """Return the column under whose value a row's sum is stored."""
    return OWNERS.get(table, "id")


def tables(db: sqlite3.Connection) -> list[Table]:
    """Return all tables whose rows have sums."""
    return [*journal.tables(db).values(), *JOURNAL]


_PATH = (
    "CASE tbl " + " ".join(f"WHEN '{name}' THEN '$.{column}'" for name, column in journal.BULK_COLUMN.items())
    + " ELSE '$.id' END"
)  # fmt: skip
_NOTED = " UNION ALL ".join(
    f"SELECT tbl, json_extract({image}, {_PATH}), CAST({image} AS BLOB) FROM change_row"
    f" WHERE change_id = :change AND {image} IS NOT NULL"
    for image in ("before", "after")
)


def note(db: sqlite3.Connection, change_id: int) -> None:
    """Record the sums of a change: of its ranges from the rows as they are now, of other rows from the journal."""
    found = db.execute("SELECT tbl, first, last FROM change_range WHERE change_id = ?", (change_id,)).fetchall()
    ranges = {name: range(first, last + 1) for name, first, last in found}
    known = journal.tables(db) if ranges else {}
    for name, ids in ranges.items():
        _toggle(db, name, _rows(db, known[name], f"t.{owner(name)} BETWEEN {ids[0]} AND {ids[-1]}"))
    for noted in _in_parts(db.execute(_NOTED, {"change": change_id})):
        other = sorted(row for row in zip(*noted, strict=True) if row[1] not in ranges.get(row[0], ()))
        for name, same in groupby(other, key=itemgetter(0)):
            _, owners, images = zip(*same, strict=True)
            _toggle(db, name, [(owners, [*map(checksum, images)])])
    for table in JOURNAL:
        _toggle(db, table.name, _rows(db, table, f"t.{owner(table.name)} = {change_id}"))


def toggle(db: sqlite3.Connection, change_id: int) -> None:
    """Add the present rows that a change wrote, or remove them: called once before and once after its undo or redo."""
    for table in JOURNAL:
        _toggle(db, table.name, _rows(db, table, f"t.{owner(table.name)} = {change_id}"))
    for name, table in journal.tables(db).items():
        path = f"'$.{owner(name)}'"
        noted = " UNION ".join(
            f"SELECT json_extract({image}, {path}) FROM change_row WHERE change_id = {change_id} AND tbl = '{name}'"
            f" AND {image} IS NOT NULL"
            for image in ("before", "after")
        )
        ranged = f"SELECT 1 FROM change_range r WHERE r.change_id = {change_id} AND r.tbl = '{name}'"
        _toggle(db, name, _rows(db, table, f"t.{owner(name)} IN ({noted})"))
        if db.execute(ranged).fetchone():
            within = f"EXISTS ({ranged} AND t.{owner(name)} BETWEEN r.first AND r.last)"
            _toggle(db, name, _rows(db, table, f"{within} AND t.{owner(name)} NOT IN ({noted})"))


def rebuild(db: sqlite3.Connection) -> None:
    """Compute all sums from the rows as they are now."""
    db.execute("DELETE FROM row_sum")
    for table in tables(db):
        _toggle(db, table.name, _rows(db, table))


def differing(db: sqlite3.Connection, table: Table) -> Iterator[int]:
    """Yield the ids (or owners' ids) of the rows that differ from what was written, including missing ones."""
    kept = dict(db.execute("SELECT block, sums FROM row_sum WHERE tbl = ?", (table.name,)))
    for block, found in _blocks(_rows(db, table)):
        yield from _unlike(block, found, kept.pop(block, None))
    for block, sums in sorted(kept.items()):
        yield from _unlike(block, [0] * EACH, sums)


def _unlike(block: int, found: list[int], kept: bytes | None) -> Iterator[int]:
    wanted = BLOCK.unpack(kept) if kept and len(kept) == BLOCK.size else (0,) * EACH
    yield from (block * EACH + at for at, (one, other) in enumerate(zip(found, wanted, strict=True)) if one != other)


def image(table: Table) -> str:
    """Return SQL for the input of the checksum of a row ``t``: its values without their names, to keep it short."""
    return "CAST(json_array(" + ", ".join(f"t.{column}" for column in table.columns) + ") AS BLOB)"


def checksum(noted: bytes) -> int:
    """Return the checksum of a row from its image in the journal, which has names and values."""
    decode, encode = _codecs()
    text = encode([*decode(noted.decode(errors="surrogateescape")).values()])
    return crc32(text.encode(errors="surrogateescape"))


@cache
def _codecs() -> tuple[Callable[[str], dict[str, Any]], Callable[[list[Any]], str]]:
    """Return the functions that read and write the JSON of rows, made once: a change may have many thousand."""
    import json

    return json.JSONDecoder().decode, json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


Sums = tuple["Sequence[int]", "Sequence[int]"]
"""Ids, and the checksum of one row of each."""


def _rows(db: sqlite3.Connection, table: Table, where: str = "1") -> Iterator[Sums]:
    """Yield ids and checksums of rows, in the order of the ids."""
    column = f"t.{owner(table.name)}"
    found = db.execute(f"SELECT {column}, {image(table)} FROM {table.name} t WHERE {where} ORDER BY {column}")
    for ids, images in _in_parts(found):
        yield ids, [*map(crc32, images)]


def _in_parts(found: sqlite3.Cursor) -> Iterator[tuple[Sequence[Any], ...]]:
    """Yield the columns of some rows at a time, the more the smaller their images are, which are the last column."""
    size = FIRST
    while columns := (*zip(*islice(found, size), strict=True),):
        yield columns
        held = sum(map(len, columns[-1]))
        size = max(1, min(MOST, size * 2, size * HELD // max(held, 1)))


def _blocks(found: Iterable[Sums]) -> Iterator[tuple[int, list[int]]]:
    """Yield each block with the sums of its rows, which must come in the order of their ids.

    If every id of a block occurs exactly once, the sums are copied as a whole.
    """
    block, sums = 0, [0] * EACH
    for ids, each in found:
        at = 0
        while at < len(ids):
            ref = ids[at]
            if ref >> BITS != block:
                if any(sums):
                    yield block, sums
                block, sums = ref >> BITS, [0] * EACH
            if ref % EACH == 0 and ids[at : at + EACH] == (*range(ref, ref + EACH),):
                sums = [*each[at : at + EACH]]
                at += EACH
            else:
                sums[ref % EACH] ^= each[at]
                at += 1
    if any(sums):
        yield block, sums


def _toggle(db: sqlite3.Connection, name: str, found: Iterable[Sums]) -> None:
    for block, sums in _blocks(found):
        kept = db.execute("SELECT sums FROM row_sum WHERE block = ? AND tbl = ?", (block, name)).fetchone()
        if kept and len(kept[0]) == BLOCK.size:
            now = BLOCK.pack(*map(xor, sums, BLOCK.unpack(kept[0])))
        else:
            now = BLOCK.pack(*sums)
        db.execute("INSERT OR REPLACE INTO row_sum VALUES (?, ?, ?)", (block, name, now))
