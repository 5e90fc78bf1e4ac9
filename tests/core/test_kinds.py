"""The table of kinds agrees with the schema, and with what the kinds print."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.book import schema
from crm_cli.core import kinds

SEARCHED = [kind.name for kind in kinds.SEARCHED]


@pytest.fixture(scope="module")
def columns():
    db = sqlite3.connect(":memory:")
    schema.build(db, 0)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {name: {row[1] for row in db.execute(f"PRAGMA table_info({name})")} for name in tables}


@pytest.mark.parametrize("kind", kinds.KINDS, ids=lambda kind: kind.name)
def test_what_a_row_says_is_what_the_schema_has(columns, kind):
    assert kind.title in columns[kind.table] or kind is kinds.CHANGE
    assert not kind.key or kind.key in columns[kind.table]
    assert kind.is_tagged == (f"{kind.name}_tag" in columns)
    assert kind.has_custom == (f"{kind.name}_custom" in columns)
    assert kind.has_points == (kind.column in columns["contact_point"])
    assert kind.has_revision == ("revision" in columns[kind.table])
    assert all(kind.column in columns[table] for table in (*kind.owns, *kind.links))


def test_letters_and_numbers_are_told_apart():
    letters = [kind.letter for kind in kinds.KINDS if kind.letter is not None]
    numbers = [kind.search for kind in kinds.SEARCHED]

    assert len(letters) == len(set(letters))
    assert len(numbers) == len(set(numbers))
    assert max(numbers) < kinds.SPREAD


@given(kind=st.sampled_from(SEARCHED), record_id=st.integers(1, 2**40))
def test_a_search_document_is_of_one_record(kind, record_id):
    found = kinds.document(kind, record_id)

    assert kinds.record(found) == (kind, record_id)


@given(kind=st.sampled_from(SEARCHED), record_id=st.integers(1, 2**40))
def test_sql_says_the_same_of_a_search_document(kind, record_id):
    db = sqlite3.connect(":memory:")

    document = db.execute(f"SELECT {kinds.document_sql(kind, '?')}", (record_id,)).fetchone()[0]
    record, is_kind = db.execute(
        f"SELECT {kinds.record_sql('d')}, {kinds.is_kind_sql('d', kind)} FROM (SELECT ? AS d)", (document,)
    ).fetchone()

    assert (document, record, is_kind) == (kinds.document(kind, record_id), record_id, 1)


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("12", ("", "12")),
        ("c4", ("c", "4")),
        ("A31", ("a", "31")),
        ("chris", ("", "chris")),
        ("", ("", "")),
        ("x9", ("", "x9")),
    ],
)
def test_a_printed_id_is_a_letter_and_a_number(text, split):
    assert kinds.split(text) == split
