"""The schema files and the models declare one and the same book."""

import sqlite3

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from crm_cli import models  # noqa: F401  (declares the tables)
from crm_cli.book.opening import connect_empty

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
