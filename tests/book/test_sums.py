"""The checksums of rows: kept by whatever writes, and a row changed underneath is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from support import NOW_UTC

from crm_cli.book import damage, journal, schema, sqlite_file, sums, undo
from crm_cli.book.book import Book
from crm_cli.services import contacts


def changed(db):
    return list(damage.changed_rows(db))


def add(book, name):
    with book.change("add", now=NOW_UTC) as change:
        contacts.add(book, name, now=NOW_UTC)
    return change.id


def test_a_new_book_has_sums_of_its_stages(book):
    assert changed(book.db) == []
    assert book.db.execute("SELECT tbl FROM row_sum ORDER BY tbl").fetchall() == [("pipeline",), ("stage",)]


@pytest.mark.parametrize("first", [1, 62, 126, 128, 5000, -3])
def test_bulk_rows_and_single_ones_share_blocks(book, first):
    row = "INSERT INTO contact (id, uid, name, name_key, created_utc, updated_utc) VALUES (?, ?, 'a', 'a', '', '')"
    with book.change("add", now=NOW_UTC):
        book.db.execute(row, (first, f"u{first}"))
    with book.change("import", now=NOW_UTC) as change, journal.bulk(book.db, change.id, ("contact", "contact_tag")):
        book.db.execute("INSERT INTO tag VALUES (1, 'a', 'a')")
        last = book.db.execute("SELECT max(seq, 0) FROM sqlite_sequence WHERE name = 'contact'").fetchone()[0]
        for ref in range(last + 1, last + 200):
            book.db.execute(row, (ref, f"u{ref}"))
            book.db.execute("INSERT INTO contact_tag VALUES (?, 1)", (ref,))

    assert changed(book.db) == []
    undo.undo(book.db, change.id)
    assert changed(book.db) == []
    undo.redo(book.db, change.id)
    assert changed(book.db) == []


def test_a_bulk_row_that_is_changed_before_the_end(book):
    row = "INSERT INTO contact (uid, name, name_key, created_utc, updated_utc) VALUES (?, 'a', 'a', '', '')"
    with book.change("import", now=NOW_UTC) as change, journal.bulk(book.db, change.id, ("contact",)):
        book.db.executemany(row, [("u1",), ("u2",)])
        book.db.execute("UPDATE contact SET name = 'b' WHERE id = 2")

    assert changed(book.db) == []
    undo.undo(book.db, change.id)
    assert changed(book.db) == []
    assert book.db.execute("SELECT count(*) FROM contact").fetchone() == (0,)


def test_a_change_of_a_damaged_row_leaves_the_damage_to_be_found(book):
    add(book, "Asha")
    journal.switch_off(book.db)
    book.db.execute("UPDATE contact SET birthday = '1990-01-01'")

    with book.change("edit", now=NOW_UTC):
        book.db.execute("UPDATE contact SET notes = 'x'")

    assert changed(book.db) == ["contact 1 was changed by another program or damaged (1 Asha)"]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE change_row SET after = replace(after, 'Asha', 'Atha')", "change_row 1 was changed"),
        ("UPDATE change SET verb = 'x'", "change 1 was changed by another program or damaged (ch1)"),
        ("DELETE FROM contact", "contact 1 was changed by another program or damaged (it is gone)"),
        ("INSERT INTO tag VALUES (99, 'x', 'x')", "tag 99 was changed by another program or damaged (tag 99 x)"),
        ("UPDATE stage SET probability = 11 WHERE id = 2", "stage 2 was changed"),
        ("UPDATE row_sum SET sums = zeroblob(512) WHERE tbl = 'contact'", "contact 1 was changed"),
    ],
)
def test_what_another_program_did_is_found(book_path, statement, message):
    with Book.write(book_path) as book:
        add(book, "Asha")
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute(statement)
        assert any(line.startswith(message) for line in changed(db))


def test_a_dry_run_and_a_failed_change_leave_the_sums(book):
    add(book, "Asha")
    with book.change("add", now=NOW_UTC, dry_run=True):
        contacts.add(book, "Ravi", now=NOW_UTC)
    with pytest.raises(ZeroDivisionError), book.change("add", now=NOW_UTC):
        contacts.add(book, f"Ravi {1 // 0}", now=NOW_UTC)

    assert changed(book.db) == []


def test_a_migrated_book_has_sums(book_path):
    with closing(sqlite3.connect(book_path, isolation_level=None)) as old:
        schema.build(old, 0, 2)
        old.execute(f"PRAGMA application_id={sqlite_file.APPLICATION_ID}")
        old.execute("PRAGMA user_version=2")
        old.execute("INSERT INTO tag VALUES (5, 'x', 'x')")

    with Book.write(book_path) as book:
        assert changed(book.db) == []
        assert {row[0] for row in book.db.execute("SELECT tbl FROM row_sum")} == {"pipeline", "stage", "tag"}


def test_every_journaled_table_has_sums(book):
    names = {table.name for table in sums.tables(book.db)}

    assert names == {*journal.OWNERS, "change", "change_row", "change_range", "change_subject"}
