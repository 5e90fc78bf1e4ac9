"""The schema of a book compared with ours."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crm_cli.book import fingerprint, foreign, schema, sqlite_file


def test_the_text_of_the_newest_schema_is_that_of_a_new_book():
    """``CRM_SCHEMA=write`` writes it anew, after a schema file was added."""
    with closing(sqlite_file.connect_empty()) as db:
        made = fingerprint.text(fingerprint.rows(db))
    if os.environ.get("CRM_SCHEMA") == "write":
        Path(schema.whole_path()).write_text(made, encoding="utf-8")

    assert Path(schema.whole_path()).read_text(encoding="utf-8") == made


@pytest.mark.parametrize("version", range(1, schema.VERSION + 1))
def test_nothing_is_foreign_in_a_book_of_any_version(version):
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        schema.build(db, 0, version)
        assert foreign.problems(db, version) == []


def test_an_older_book_with_a_trigger_is_not_migrated(book_path, crm):
    with closing(sqlite3.connect(book_path, isolation_level=None)) as old:
        schema.build(old, 0, 2)
        old.execute(f"PRAGMA application_id={sqlite_file.APPLICATION_ID}")
        old.execute("PRAGMA user_version=2")
        old.execute("CREATE TRIGGER evil AFTER INSERT ON contact BEGIN SELECT 1; END")
    before = book_path.read_bytes()

    found = crm("list")

    assert found.code == 6
    assert "foreign trigger evil on contact" in found.err
    assert book_path.read_bytes() == before
    assert [path.name for path in book_path.parent.iterdir()] == [book_path.name]


def test_differences_are_put_in_words():
    with closing(sqlite_file.connect_empty()) as db:
        db.execute("DROP INDEX contact_uid")
        db.execute("DROP TABLE segment")
        db.execute("CREATE VIEW segment AS SELECT 1")
        db.execute("CREATE TRIGGER evil AFTER INSERT ON tag BEGIN SELECT 1; END")

        assert str(foreign.difference(db, schema.VERSION)) == (
            "index contact_uid on contact is missing, index sqlite_autoindex_segment_1 on segment is missing,"
            " view segment differs, foreign trigger evil on tag"
        )


def test_a_repair_makes_the_indexes_that_are_missing():
    with closing(sqlite_file.connect_empty()) as db:
        db.execute("DROP INDEX contact_uid")
        db.execute('CREATE INDEX "a ""name""" ON tag (name)')

        assert fingerprint.of_version(schema.VERSION) == fingerprint.rows(sqlite_file.connect_empty())
        assert foreign.repair(db) == ['index a "name" on tag']
        assert foreign.is_ours(db)
