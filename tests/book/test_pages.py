"""Rows read from a file's pages are those that SQLite reads; what is damaged is skipped."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_cli.book.sqlite_pages import INDEX_PAGES, TABLE_PAGES, BrokenError, Pages, record

VALUES = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.text(st.characters(exclude_categories=["Cs"])), st.binary()
)
ROWS = st.lists(st.tuples(VALUES, st.text(st.characters(exclude_categories=["Cs"]), max_size=9000)), max_size=40)


def filled(rows, page_size=4096, more=""):
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute(f"PRAGMA page_size={page_size}")
    db.execute(f"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b) {more}")
    db.executemany("INSERT INTO t (id, a, b) VALUES (?, ?, ?)", [(n * 3, *row) for n, row in enumerate(rows)])
    return Pages(db.serialize()), db.execute("SELECT id, a, b FROM t ORDER BY id").fetchall()


@given(ROWS, st.sampled_from([512, 4096, 65536]))
def test_the_rows_of_a_table(rows, page_size):
    pages, wanted = filled(rows, page_size)

    numbers = pages.walk(2, TABLE_PAGES, set())
    found = [(row.rowid, *row.values[1:]) for number in numbers for row in pages.rows(number)]

    assert found == wanted
    assert pages.broken == 0


@given(ROWS)
def test_the_rows_of_a_table_without_row_ids(rows):
    pages, wanted = filled(rows, more="WITHOUT ROWID")

    numbers = pages.walk(2, INDEX_PAGES, set())
    found = {tuple(row.values) for number in numbers for row in pages.rows(number)}

    assert found == set(wanted)


@given(st.binary(max_size=200))
def test_a_record_of_any_bytes_is_values_or_broken(data):
    try:
        record(data)
    except (BrokenError, IndexError):
        return


@given(st.binary(min_size=1, max_size=9000))
def test_pages_of_any_bytes_have_an_end(data):
    pages = Pages(b"SQLite format 3\0\x02\0" + data)

    for number in range(1, pages.count + 1):
        list(pages.rows(number))
        list(pages.walk(number, TABLE_PAGES | INDEX_PAGES, set()))


def test_a_circle_of_overflow_pages_is_no_record():
    pages, _ = filled([("x", "y" * 9000)])
    data = bytearray(pages.data)
    for number in range(3, pages.count + 1):
        data[(number - 1) * 4096 : (number - 1) * 4096 + 4] = (3).to_bytes(4, "big")
    spoilt = Pages(bytes(data))

    assert list(spoilt.rows(2)) == []
    assert spoilt.broken == 1


@pytest.mark.parametrize("size", [0, 1, 15, 4095])
def test_a_file_of_less_than_a_page(size):
    pages = Pages(bytes(size))

    assert [list(pages.rows(number)) for number in range(1, pages.count + 1)] == [[]] * pages.count
