"""A word-by-word comparison of a book's schema with ours. Imports little, as completion needs it at every keystroke.

``schema/whole-NNNN.sql`` is the output of `text` for a new book; a test compares them.
"""

from __future__ import annotations

from crm_cli.book import schema

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_STATISTICS = ("CREATE TABLE sqlite_stat1(tbl,idx,stat)", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)")
_ROWS = (
    "SELECT CAST(type AS BLOB), CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(coalesce(sql, '') AS BLOB)"
    " FROM main.sqlite_schema"
    f" WHERE coalesce(sql, '') NOT IN {_STATISTICS} ORDER BY type, name, tbl_name, sql"
)


def rows(db: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
    """Return (type, name, table, SQL) of a book's schema, without ANALYZE's tables; invalid UTF-8 is replaced."""
    found = db.execute(_ROWS).fetchall()
    return [tuple([(value or b"").decode(errors="replace") for value in row]) for row in found]  # type: ignore[misc]


def text(found: Iterable[tuple[str, str, str, str]]) -> str:
    """Return a schema as one text, for comparison."""
    return "".join([f"-- {kind} {name} {table}\n{sql};\n" for kind, name, table, sql in found])


def is_ours(db: sqlite3.Connection) -> bool:
    """Is the schema exactly that of a new book?"""
    return text(rows(db)) == schema.whole()


def of_version(version: int) -> list[tuple[str, str, str, str]]:
    """Return what `rows` returns for a new book of a schema version; nothing if its text was not kept."""
    whole = schema.whole(version)
    found = []
    for entry in ("\n" + whole).split(";\n-- ") if whole else ():
        head, _, sql = entry.removeprefix("\n-- ").partition("\n")
        kind, name, table = head.split(" ")
        found.append((kind, name, table, sql.removesuffix(";\n")))
    return found
