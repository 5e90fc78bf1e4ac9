"""A book that is kept open between reads: it holds no lock, and is checked again when its file has changed."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from crm_cli.book import kept
from crm_cli.errors import BookError


@pytest.fixture
def book(crm, book_path):
    crm("add", "Asha Verma")
    return book_path


def connection(path):
    """Read the book; return the connection that was used."""
    with kept.reading(path) as book:
        book.db.execute("SELECT count(*) FROM contact").fetchone()
        return book.db


def names(path):
    with kept.reading(path) as book:
        return [name for (name,) in book.db.execute("SELECT name FROM contact ORDER BY id")]


def test_it_is_opened_once_and_holds_no_lock(book):
    first = connection(book)

    assert connection(book) is first
    with closing(sqlite3.connect(book, timeout=0, isolation_level=None)) as db:
        db.execute("BEGIN EXCLUSIVE")
        db.execute("ROLLBACK")


def test_what_others_write_is_seen_after_a_new_check(book, crm):
    first = connection(book)
    crm("add", "Ravi Menon")

    assert names(book) == ["Asha Verma", "Ravi Menon"]
    assert connection(book) is not first


def test_a_file_that_replaces_it_is_opened(book, crm, tmp_path):
    shutil.copy(book, tmp_path / "other.db")
    connection(book)
    crm("add", "Ravi Menon")
    (tmp_path / "other.db").replace(book)

    assert names(book) == ["Asha Verma"]


def test_a_deleted_or_spoilt_book_is_noticed(book):
    connection(book)
    book.write_bytes(b"rubbish" * 1000)

    with pytest.raises(BookError, match="damaged or not a crm book"):
        connection(book)
    book.unlink()
    with kept.reading(book) as empty:
        assert empty.is_missing


def endless(path):
    with kept.reading(path) as book:
        book.db.set_progress_handler(lambda: 1, 100)
        book.db.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")


def wrong(path):
    with kept.reading(path) as book:
        book.db.execute("SELECT * FROM missing")


def test_a_cancelled_read_keeps_it_and_a_failed_one_does_not(book):
    first = connection(book)

    with pytest.raises(sqlite3.OperationalError, match="interrupted"):
        endless(book)
    assert connection(book) is first
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        wrong(book)
    assert connection(book) is not first


def test_a_book_in_wal_mode_is_not_kept(book):
    with closing(sqlite3.connect(book)) as db:
        db.execute("PRAGMA journal_mode=WAL")
    first = connection(book)

    assert connection(book) is not first
