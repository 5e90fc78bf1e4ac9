"""Which rows of a damaged file are whole: those of whose cell and overflow pages no byte was touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from crm_cli.book import journal
from crm_cli.book.sqlite_pages import INDEX_PAGES, LEAF_TABLE, TABLE_PAGES, Pages, varint

if TYPE_CHECKING:
    from pathlib import Path

Place = tuple[str, tuple[Any, ...], list[tuple[int, int]]]
"""A table, a row of it, and the parts of the file (begin, end) that hold it."""


def places(book: Path) -> list[Place]:
    """Return where each journaled row of a sound book lies."""
    with closing(sqlite3.connect(book)) as db:
        roots = dict(db.execute("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'").fetchall())
        tables = journal.tables(db)
    pages = Pages(book.read_bytes())
    found: list[Place] = []
    for name, table in tables.items():
        kinds = TABLE_PAGES if table.key == ("id",) else INDEX_PAGES
        for number in pages.walk(roots[name], kinds, set()):
            if pages.children(number) and kinds is TABLE_PAGES:
                continue
            page, _, kind, starts = pages._cells(number)
            for at, row in zip(starts, pages.rows(number), strict=True):
                values = [row.rowid if place == 0 and row.rowid else value for place, value in enumerate(row.values)]
                values += [None] * (len(table.columns) - len(values))
                found.append((name, tuple(values), list(_parts(pages, page, number, at, kind))))
    return found


def _parts(pages: Pages, page: bytes, number: int, at: int, kind: int) -> Any:
    start = at + (4 if kind == 2 else 0)
    length, end = varint(page, start)
    if kind == LEAF_TABLE:
        _, end = varint(page, end)
    most = pages.size - 35 if kind == LEAF_TABLE else (pages.size - 12) * 64 // 255 - 23
    least = (pages.size - 12) * 32 // 255 - 23
    local = length
    if length > most:
        local = least + (length - least) % (pages.size - 4)
        local = (local if local <= most else least) + 4
    base = (number - 1) * pages.size
    yield base + at, base + end + local
    if length > most:
        following = int.from_bytes(page[end + local - 4 : end + local], "big")
        while following:
            yield (following - 1) * pages.size, following * pages.size
            following = int.from_bytes(pages.page(following)[:4], "big")


def whole(found: list[Place], sound: bytes, damaged: bytes) -> dict[str, set[tuple[Any, ...]]]:
    """Return the rows of each table that the damage did not touch."""
    rows: dict[str, set[tuple[Any, ...]]] = {name: set() for name, _, _ in found}
    for name, row, parts in found:
        if all(damaged[begin:end] == sound[begin:end] for begin, end in parts):
            rows[name].add(row)
    return rows
