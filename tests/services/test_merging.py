"""Merging knows every table of the schema that refers to a person or a company."""

from __future__ import annotations

import sqlite3

import pytest

from crm_cli.book import journal, schema
from crm_cli.core.kinds import COMPANY, JOURNALED, PERSON, Kind
from crm_cli.formats.book_json import sections
from crm_cli.render import merges as render
from crm_cli.services import merge_rows

MERGED = [kind for kind in JOURNALED if kind.can_merge]


def referring(kind: Kind) -> set[tuple[str, str]]:
    """Return the columns that refer to a kind of record, by a foreign key or by their name."""
    db = sqlite3.connect(":memory:")
    schema.build(db, 0)
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    keys = {(name, row[3]) for name in tables for row in db.execute(f"PRAGMA foreign_key_list({name})")
            if row[2] == kind.table}  # fmt: skip
    named = {(name, row[1]) for name in tables for row in db.execute(f"PRAGMA table_info({name})")
             if row[1].endswith(kind.column)}  # fmt: skip
    return {(table, column) for table, column in keys | named if table not in journal.OPERATIONAL}


def test_people_and_companies_can_be_merged():
    assert MERGED == [PERSON, COMPANY]


@pytest.mark.parametrize("kind", MERGED, ids=lambda kind: kind.name)
def test_every_reference_is_known(kind):
    """A new table with a person or a company fails here, until merge and unmerge, and what they say, know it."""
    found = referring(kind)

    assert found == set(kind.references)
    assert {table for table, _ in found} <= merge_rows.TABLES
    assert {table for table, _ in found} <= set(render.TABLES)


def test_the_json_of_a_book_has_every_table():
    written = {table for section in sections.SECTIONS for table, _, _ in section.tables()}
    links = {f"{section.kind.name}_{name}" for section in sections.SECTIONS for name in ("tag", "custom")}

    assert set(journal.OWNERS) <= written | links


def test_what_merging_knows_is_in_the_schema():
    """Nothing is left of a table that is gone."""
    assert set(journal.OWNERS) >= merge_rows.TABLES | set(merge_rows.DETAILS)
