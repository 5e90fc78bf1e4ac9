"""The list of tables that hold a person's data knows the whole schema."""

from contextlib import closing

import pytest

from crm_cli.book import sqlite_file
from crm_cli.core import mentions
from crm_cli.core.personal import HELD, IMPERSONAL, OWN
from crm_cli.core.records import NameParts

LISTED = {held.table for held in HELD}


def schema():
    """Return table -> its columns, without those that SQLite and FTS5 keep for themselves."""
    with closing(sqlite_file.connect_empty()) as db:
        rows = db.execute(
            "SELECT m.name, p.name FROM sqlite_schema m, pragma_table_info(m.name) p"
            " WHERE m.type = 'table' AND m.sql LIKE '%STRICT%'"
        ).fetchall()
    found = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def test_each_table_is_in_the_list_or_has_a_reason_not_to_be():
    assert sorted({*LISTED, *IMPERSONAL}) == sorted(schema())
    assert LISTED & {*IMPERSONAL} == set()


def test_each_way_to_a_person_in_the_schema_is_in_the_list():
    with closing(sqlite_file.connect_empty()) as db:
        ways = {
            (table, row[3])
            for table in schema()
            for row in db.execute(f"PRAGMA foreign_key_list({table})")
            if row[2] == "contact"
        }
    ways |= {(table, "contact_id") for table, columns in schema().items() if "contact_id" in columns}

    assert ways <= {(held.table, held.column) for held in HELD if held.through == OWN}


def test_each_column_of_the_list_is_in_the_schema():
    assert all(held.column in schema()[held.table] for held in HELD)


ASHA = mentions.naming(
    "Dr. Asha Verma", NameParts("Dr.", "Asha", "", "Verma"), emails=["asha@acme.in"], phones=["09820012345",
    "919820012345"], others=["9d2c1f6e-0001"],
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "met Asha Verma.", "ASHA VERMA", "Verma, Asha", "Asha Verma's", "#asha-verma", "asha_verma", "(asha@acme.in)",
        "mailto:Asha@Acme.in", "98200 12345", "+91 98200-12345", "0091 98200 12345", "098200.12345", "9d2c1f6e-0001",
    ],
)  # fmt: skip
def test_a_person_is_recognised_in_a_text(text):
    assert ASHA.search(text)


@pytest.mark.parametrize(
    "text", ["Asha", "Verma", "Natasha Verma", "Asha Vermae", "nasha@acme.in", "asha@acme.info", "198200123456", ""]
)
def test_others_are_not(text):
    assert not ASHA.search(text)


def test_a_name_without_spaces_is_found_inside_a_sentence():
    assert mentions.naming("王小明", NameParts(given="小明", family="王")).search("今天王小明来了")


def test_nothing_identifies_someone_without_a_name():
    assert mentions.naming("", NameParts()) is None
