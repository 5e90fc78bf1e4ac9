"""The schema files and the models declare one and the same book."""

import importlib
import pkgutil
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from crm_cli import models
from crm_cli.book import journal, schema, undo
from crm_cli.book.book import Book
from crm_cli.book.sqlite_file import APPLICATION_ID, connect_empty

for _, module, _ in pkgutil.iter_modules(models.__path__):
    importlib.import_module(f"{models.__name__}.{module}")
TABLES = {table.name: table for table in SQLModel.metadata.sorted_tables}


@pytest.fixture(scope="module")
def books():
    declared = sqlite3.connect(":memory:")
    for table in TABLES.values():
        declared.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
        for index in table.indexes:
            declared.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
    return connect_empty(), declared


def columns(db, name):
    return [row[1:] for row in db.execute(f"PRAGMA table_xinfo({name})")]


def foreign_keys(db, name):
    return sorted(row[2:] for row in db.execute(f"PRAGMA foreign_key_list({name})"))


def indexes(db, name):
    found = []
    for _, index, unique, _, partial in db.execute(f"PRAGMA index_list({name})").fetchall():
        places = tuple(row[2] for row in db.execute(f"PRAGMA index_xinfo({index})") if row[5])
        sql = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (index,)).fetchone()
        found.append((unique, partial, places, ((sql and sql[0]) or "").partition(" WHERE ")[2]))
    return sorted(found)


def rules(db, name):
    sql = db.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
    flat = " ".join(sql.split())
    checks = []
    while "CHECK (" in flat:
        start = flat.index("CHECK (") + len("CHECK (")
        depth, end = 1, start
        while depth:
            depth += {"(": 1, ")": -1}.get(flat[end], 0)
            end += 1
        checks.append(flat[start : end - 1])
        flat = flat[end:]
    return sorted(checks), "STRICT" in sql, "AUTOINCREMENT" in sql, "WITHOUT ROWID" in sql, sql.count("DEFERRED")


def test_every_table_is_declared(books):
    fresh, _ = books
    there = {row[0] for row in fresh.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    assert {name for name in there if not name.startswith(("sqlite_", "search_fts"))} == set(TABLES)


@pytest.mark.parametrize("what", [columns, foreign_keys, indexes, rules])
@pytest.mark.parametrize("name", sorted(TABLES))
def test_fresh_book_is_what_the_models_declare(books, name, what):
    fresh, declared = books

    assert what(fresh, name) == what(declared, name)


def test_a_migrated_book_is_a_fresh_one(tmp_path):
    """A book of schema 1 with somebody in it comes to the newest schema, each statement of it the same."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for statement in schema.statements(1):
            old.execute(statement)
        old.execute(f"PRAGMA application_id={APPLICATION_ID}")
        old.execute("PRAGMA user_version=1")
        old.execute(
            "INSERT INTO activity (uid, kind, status, created_utc, updated_utc) VALUES ('u', 'note', 'open', '', '')"
        )

    with Book.write(path) as book, closing(connect_empty()) as fresh:
        sql = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'search_fts_%' ORDER BY type, name"
        assert book.db.execute(sql).fetchall() == fresh.execute(sql).fetchall()
        assert {name: columns(book.db, name) for name in TABLES} == {name: columns(fresh, name) for name in TABLES}
        assert book.db.execute("SELECT id, uid, deal_id FROM activity").fetchall() == [(1, "u", None)]
        stages = "SELECT name, place, probability FROM stage ORDER BY place"
        assert book.db.execute(stages).fetchall() == fresh.execute(stages).fetchall()
        assert book.db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert book.db.execute("PRAGMA foreign_key_check").fetchall() == []
    with closing(sqlite3.connect(path.with_name("old.db.schema1.bak"))) as kept:
        assert kept.execute("PRAGMA user_version").fetchone() == (1,)
        assert kept.execute("SELECT uid FROM activity").fetchall() == [("u",)]


def test_what_was_done_before_a_migration_can_be_taken_back(tmp_path):
    """The journal of schema 1 knows nothing of a deal; undo and redo of it work all the same."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for statement in schema.statements(1):
            old.execute(statement)
        old.execute(f"PRAGMA application_id={APPLICATION_ID}")
        old.execute("PRAGMA user_version=1")
        old.execute("INSERT INTO change (at_utc, origin, verb, schema) VALUES ('', 'hand', 'todo', 1)")
        row = {
            "id": 1,
            "uid": "u",
            "kind": "note",
            "status": "open",
            "created_utc": "",
            "updated_utc": "",
            "revision": 1,
        }
        old.execute(f"INSERT INTO activity ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        whole = old.execute(f"SELECT {journal.tables(old)['activity'].image('t')} FROM activity t").fetchone()[0]
        old.execute(
            "INSERT INTO change_row (change_id, tbl, row_key, op, after) VALUES (1, 'activity', '[1]', 'insert', ?)",
            (whole,),
        )

    with Book.write(path) as book:
        undo.undo(book.db, 1)
        assert book.db.execute("SELECT count(*) FROM activity").fetchone() == (0,)
        undo.redo(book.db, 1)
        assert book.db.execute("SELECT uid, deal_id FROM activity").fetchall() == [("u", None)]
