"""A change: one transaction, one entry of the journal, or nothing at all."""

import sqlite3

import pytest
from support import NOW_UTC, dump, index_lag

from crm_cli.book import undo
from crm_cli.book.book import Book
from crm_cli.core.edits import Edit
from crm_cli.services import activities, contacts, tags


def changes(book):
    return book.db.execute("SELECT id, verb, origin, state FROM change ORDER BY id").fetchall()


def add(book, name="Asha", **how):
    with book.change("add", now=NOW_UTC, **how) as change:
        ref = contacts.add(book, name, now=NOW_UTC)
    return ref, change


def test_a_change_says_what_it_touched(book):
    ref, change = add(book)

    assert (change.ref, change.rows, change.subjects) == ("ch1", 1, {"contact": {ref}})
    assert changes(book) == [(1, "add", "hand", "done")]


def test_a_change_that_wrote_nothing_leaves_no_trace(book):
    ref, _ = add(book)
    with book.change("edit", now=NOW_UTC) as change:
        contacts.edit(book, ref, [Edit("name", "set", "Asha")], now=NOW_UTC)

    assert change.ref == ""
    assert len(changes(book)) == 1


def test_what_was_written_when_something_fails_is_taken_back(book):
    before = dump(book.db)

    def fail():
        with book.change("add", now=NOW_UTC):
            contacts.add(book, "Asha", now=NOW_UTC)
            tags.apply(book, [("contact", 1)], add=["vip"], remove=[], now=NOW_UTC)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert dump(book.db) == before
    assert changes(book) == []
    assert not book.db.in_transaction


def test_a_rehearsal_is_rolled_back(book):
    before = dump(book.db)
    _, change = add(book, dry_run=True)

    assert (change.rows, change.ref) == (1, "")
    assert dump(book.db) == before
    assert changes(book) == []


def test_a_rehearsal_clears_no_redo(book):
    _, change = add(book)
    undo.undo(book.db, change.id)
    add(book, "Ravi", dry_run=True)

    assert undo.latest(book.db, undone=True) == change.id


def test_sqlite_and_sqlmodel_share_one_transaction(book):
    with book.change("add", now=NOW_UTC) as change:
        ref = contacts.add(book, "Asha", now=NOW_UTC)
        activities.log(book, "call", activities.Links((ref,)), text="x", at=NOW_UTC, now=NOW_UTC)

    assert change.subjects == {"contact": {ref}, "activity": {1}}
    assert index_lag(book.db) == {}


def test_a_commit_that_is_refused_leaves_the_book_usable(book):
    before = dump(book.db)
    with pytest.raises(sqlite3.IntegrityError), book.change("tag", now=NOW_UTC):
        tags.apply(book, [("contact", 99)], add=["vip"], remove=[], now=NOW_UTC)

    assert not book.db.in_transaction
    assert dump(book.db) == before
    assert add(book)[1].ref


def test_the_journal_goes_on_after_undo_and_redo_on_the_same_book(book):
    _, first = add(book)
    undo.undo(book.db, first.id)
    undo.redo(book.db, first.id)
    _, second = add(book, "Ravi")

    assert second.rows == 1
    undo.undo(book.db, second.id)
    assert len(dump(book.db)["contact"]) == 1


@pytest.mark.parametrize("table", ["contact", "employment", "contact_tag", "activity_participant", "custom_field"])
def test_no_writer_can_forget_the_journal(book, table):
    with book.change("probe", now=NOW_UTC) as change:
        book.db.execute(f"DELETE FROM {table}")
        triggers = {row[0] for row in book.db.execute("SELECT name FROM temp.sqlite_schema WHERE type = 'trigger'")}

    assert {f"j_{table}_{op}" for op in ("insert", "update", "delete")} <= triggers
    assert change.ref == ""


def test_a_removed_id_is_never_given_again(book):
    ref, _ = add(book)
    with book.change("rm", now=NOW_UTC):
        contacts.remove(book, ref)

    assert add(book)[0] == ref + 1


def test_an_undone_id_is_never_given_again(book):
    ref, change = add(book)
    undo.undo(book.db, change.id)

    assert add(book)[0] == ref + 1


@pytest.mark.parametrize("value", ["abc", 1.5, b"x"])
def test_the_tables_refuse_what_is_not_of_their_type(book, value):
    with book.change("probe", now=NOW_UTC):
        ref = contacts.add(book, "Asha", now=NOW_UTC)
    with pytest.raises(sqlite3.IntegrityError):
        book.db.execute("UPDATE contact SET revision = ? WHERE id = ?", (value, ref))


def test_a_book_not_yet_there_can_be_rehearsed_on(book_path):
    with Book.rehearse(book_path) as book:
        assert add(book, dry_run=True)[1].rows == 1
    assert not book_path.exists()
