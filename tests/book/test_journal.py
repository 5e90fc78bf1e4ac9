"""The journal: which tables it keeps, and bulk inserts noted as ranges."""

import pytest
from support import NOW_UTC, differences, dump

from crm_cli.book import journal, undo
from crm_cli.core.records import Draft
from crm_cli.errors import ConflictError
from crm_cli.services import contacts, rows


def bulk_add(book, names):
    with book.change("import", now=NOW_UTC) as change, journal.bulk(book.db, change.id, ("contact",)):
        for name in names:
            values = rows.contact(Draft(name=name), now=NOW_UTC)
            marks = ", ".join(f":{column}" for column in values)
            book.db.execute(f"INSERT INTO contact ({', '.join(values)}) VALUES ({marks})", values)
    return change


def test_every_table_is_either_journaled_or_operational(book):
    there = {row[0] for row in book.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    there = {name for name in there if not name.startswith(("sqlite_", "search_fts"))}

    assert there - journal.OPERATIONAL == set(journal.tables(book.db)) == set(journal.OWNERS)


def test_a_bulk_insert_is_one_range(book):
    change = bulk_add(book, ["Asha", "Ravi", "Mia"])

    assert book.db.execute("SELECT count(*) FROM change_row").fetchone() == (0,)
    assert change.rows == 3
    assert change.subjects["contact"] == {1, 2, 3} or set(change.subjects["contact"]) == {1, 2, 3}


def test_a_bulk_insert_is_undone_and_redone(book):
    before = dump(book.db)
    change = bulk_add(book, ["Asha", "Ravi"])
    after = dump(book.db)
    undo.undo(book.db, change.id)
    assert differences(before, dump(book.db)) == {}
    undo.redo(book.db, change.id)
    assert differences(after, dump(book.db)) == {}
    undo.undo(book.db, change.id)
    assert differences(before, dump(book.db)) == {}


def test_a_bulk_insert_that_was_edited_is_not_undone(book):
    change = bulk_add(book, ["Asha", "Ravi"])
    from crm_cli.core.edits import Edit

    with book.change("edit", now=NOW_UTC) as later:
        contacts.edit(book, 2, [Edit("nickname", "set", "R")], now=NOW_UTC)

    with pytest.raises(ConflictError, match=later.ref):
        undo.undo(book.db, change.id)
