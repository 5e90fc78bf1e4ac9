"""Books whose schema somebody else has had a hand in: each a name and the statements that make it of a sound one.

``ran`` is where their triggers and views would leave a mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "INSERT INTO ran VALUES (1)"
TABLES = ("contact", "company", "employment", "contact_point", "postal_address", "activity", "deal", "tag", "change")


def edited(where: str, old: str, new: str) -> list[str]:
    """Rewrite the SQL of a table in place, as an attacker would."""
    return [
        "PRAGMA writable_schema=ON",
        f"UPDATE sqlite_schema SET sql = replace(sql, '{old}', '{new}') WHERE {where}",
        "PRAGMA writable_schema=OFF",
    ]


def view_of(table: str, select: str) -> list[str]:
    """Put a view in the place of a table."""
    return ["PRAGMA legacy_alter_table=ON", f"ALTER TABLE {table} RENAME TO hidden", f"CREATE VIEW {table} AS {select}"]


HANG = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def books() -> Iterable[tuple[str, list[str]]]:
    """Yield each hostile book."""
    for table in TABLES:
        yield f"after insert on {table}", [f"CREATE TRIGGER evil AFTER INSERT ON {table} BEGIN {MARK}; END"]
    for table in ("contact", "change_row", "search_doc", "row_sum"):
        yield f"before insert on {table}", [f"CREATE TRIGGER evil BEFORE INSERT ON {table} BEGIN {MARK}; END"]
    yield "before update", [f"CREATE TRIGGER evil BEFORE UPDATE ON contact BEGIN {MARK}; END"]
    yield "after delete", [f"CREATE TRIGGER evil AFTER DELETE ON contact BEGIN {MARK}; END"]
    yield "raise", ["CREATE TRIGGER evil BEFORE INSERT ON contact BEGIN SELECT RAISE(IGNORE); END"]
    yield "function", ["CREATE TRIGGER evil AFTER INSERT ON contact BEGIN SELECT load_extension('/tmp/evil'); END"]
    yield (
        "endless trigger",
        [f"CREATE TRIGGER evil AFTER INSERT ON contact BEGIN DELETE FROM ran WHERE x = ({HANG}); END"],
    )
    yield (
        "instead of",
        [
            "CREATE VIEW people AS SELECT * FROM contact",
            f"CREATE TRIGGER evil INSTEAD OF INSERT ON people BEGIN {MARK}; END",
        ],
    )
    yield "view instead of contact", view_of("contact", "SELECT * FROM hidden")
    yield "endless view", view_of("contact", f"SELECT * FROM hidden WHERE id = ({HANG})")
    yield "view instead of change", view_of("change", "SELECT * FROM hidden")
    yield "view instead of search_doc", view_of("search_doc", "SELECT * FROM hidden")
    yield "view beside", ["CREATE VIEW people AS SELECT * FROM contact", f"CREATE VIEW slow AS {HANG}"]
    yield "generated column", ["ALTER TABLE contact ADD COLUMN big TEXT AS (hex(zeroblob(500000000)))"]
    yield "generated column of change", ["ALTER TABLE change ADD COLUMN big TEXT AS (hex(zeroblob(500000000)))"]
    yield "one column more", ["ALTER TABLE contact ADD COLUMN more TEXT"]
    yield "one column fewer", ["ALTER TABLE contact DROP COLUMN nickname"]
    yield "a column of another name", ["ALTER TABLE contact RENAME COLUMN nickname TO alias"]
    yield "wrong columns", ["DROP TABLE segment", "CREATE TABLE segment (a, b, c)"]
    yield "without rowid", ["DROP TABLE segment", "CREATE TABLE segment (id INTEGER PRIMARY KEY, x) WITHOUT ROWID"]
    yield "table missing", ["DROP TABLE contact_custom"]
    yield "virtual table", ["DROP TABLE segment", "CREATE VIRTUAL TABLE segment USING fts5(id, name, name_key, query)"]
    yield (
        "check that hangs",
        edited("name = 'tag'", "name TEXT NOT NULL", "name TEXT NOT NULL CHECK (zeroblob(999999999) > 1)"),
    )
    yield (
        "check dropped",
        edited("name = 'contact_point'", "CHECK ((contact_id IS NULL) <> (company_id IS NULL))", "CHECK (1)"),
    )
    yield "default changed", edited("name = 'contact'", "status TEXT", "status TEXT DEFAULT (hex(randomblob(9)))")
    yield "no longer strict", edited("name = 'tag'", "STRICT", "")
    yield "cascade", edited("name = 'employment'", "DEFERRABLE INITIALLY DEFERRED", "ON DELETE CASCADE")
    yield "index on an expression", ["CREATE INDEX evil ON contact (length(hex(zeroblob(1000))), name)"]
    yield "unique index", ["CREATE UNIQUE INDEX evil ON contact (upper(uid))"]
    yield "partial index", ["CREATE INDEX evil ON contact (name) WHERE length(hex(zeroblob(1000))) > 1"]
    yield "index missing", ["DROP INDEX contact_uid"]
    yield "index that lies", ["DROP INDEX contact_name", "CREATE INDEX contact_name ON contact (lower(name_key), id)"]
    yield "schema that is garbage", edited("name = 'deal'", "CREATE TABLE deal", "CREATE TABLE deal ((")
    yield (
        "root page elsewhere",
        [
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_schema SET rootpage = 5 WHERE name = 'contact'",
            "PRAGMA writable_schema=OFF",
        ],
    )
    yield (
        "shadow table",
        ["PRAGMA writable_schema=ON", *edited("name = 'search_fts_config'", "k PRIMARY KEY, v", "k PRIMARY KEY, v, w")],
    )
    yield "sequence below the ids", ["UPDATE sqlite_sequence SET seq = 0"]
    yield "sequence at the end", ["UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'contact'"]
    yield "sequence of text", ["UPDATE sqlite_sequence SET seq = 'x'"]
    yield "sequence gone", ["DELETE FROM sqlite_sequence"]
    yield (
        "cascading child",
        [
            "CREATE TABLE mine (id INTEGER REFERENCES contact (id) ON DELETE CASCADE)",
            f"CREATE TRIGGER evil AFTER DELETE ON mine BEGIN {MARK}; END",
            "INSERT INTO mine VALUES (1)",
        ],
    )


HARMLESS = {
    "statistics": ["ANALYZE"],
    "a table": ["CREATE TABLE my_notes (id INTEGER PRIMARY KEY, note TEXT)"],
    "a strict table": ["CREATE TABLE my_notes (id INTEGER PRIMARY KEY, note TEXT) STRICT"],
    "a table that refers to people": ["CREATE TABLE my_notes (contact INTEGER REFERENCES contact (id), note TEXT)"],
    "a full-text table": ["CREATE VIRTUAL TABLE my_text USING fts5 (body)"],
    "an indexed table": ["CREATE TABLE my_notes (a TEXT, b TEXT)", "CREATE INDEX my_index ON my_notes (lower(a))"],
    "a view": ["CREATE VIEW clients AS SELECT name FROM contact"],
}
"""What other programs, or users who know SQL, leave in a book without harm."""
