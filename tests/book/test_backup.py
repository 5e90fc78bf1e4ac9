"""Backups: whole, verified, private; restoring keeps what was there."""

import sqlite3
import stat
import threading
from contextlib import closing

import pytest
from support import NOW_UTC, dump

from crm_cli.book import backup, restore
from crm_cli.book.book import Book
from crm_cli.errors import BookError, CrmError
from crm_cli.services import contacts


def add(book, name):
    with book.change("add", now=NOW_UTC):
        contacts.add(book, name, now=NOW_UTC)


def damage(path):
    data = bytearray(path.read_bytes())
    for page in range(5, len(data) // 4096):
        data[page * 4096 : page * 4096 + 16] = b"\xff" * 16
    path.write_bytes(data)


def test_a_copy_is_equal_and_private(book, tmp_path):
    add(book, "Asha")
    (tmp_path / "deep").mkdir()
    backup.copy(book.db, tmp_path / "deep" / "copy.db")

    assert dump(tmp_path / "deep" / "copy.db") == dump(book.db)
    assert stat.S_IMODE((tmp_path / "deep" / "copy.db").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["copy.db"]


def test_a_folder_that_is_not_there_is_named_and_not_made(book, tmp_path):
    with pytest.raises(CrmError, match="there is no folder"):
        backup.copy(book.db, tmp_path / "ussb" / "copy.db")

    assert not (tmp_path / "ussb").exists()


def test_a_link_at_the_place_of_the_copy_is_replaced_and_not_followed(book, tmp_path):
    (tmp_path / "precious").write_text("mine")
    (tmp_path / "copy.db").symlink_to(tmp_path / "precious")
    backup.copy(book.db, tmp_path / "copy.db")

    assert (tmp_path / "precious").read_text() == "mine"
    assert not (tmp_path / "copy.db").is_symlink()


def test_a_backup_while_another_writes_is_a_book_of_one_moment(book_path, tmp_path):
    with Book.write(book_path) as book:
        add(book, "first")
    stop = threading.Event()

    def write():
        with Book.write(book_path) as book:
            while not stop.is_set():
                with book.change("add", now=NOW_UTC):
                    contacts.add(book, "one of a pair", now=NOW_UTC)
                    contacts.add(book, "one of a pair", now=NOW_UTC)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(20):
            with Book.read(book_path) as book:
                backup.copy(book.db, tmp_path / f"{number}.db")
    finally:
        stop.set()
        writer.join()

    for number in range(20):
        with Book.read(tmp_path / f"{number}.db") as copy:
            assert backup.problems(copy.db) == []
            assert len(dump(copy.db)["contact"]) % 2 == 1


def test_restoring_keeps_the_present_book_beside_it(book_path, tmp_path):
    with Book.write(book_path) as book:
        add(book, "Asha")
        backup.copy(book.db, tmp_path / "copy.db")
        add(book, "Ravi")
    before = dump(book_path)

    kept = restore.restore(tmp_path / "copy.db", book_path)

    assert dump(book_path) == dump(tmp_path / "copy.db")
    assert dump(kept) == before
    assert stat.S_IMODE(book_path.stat().st_mode) == 0o600


def test_restoring_twice_keeps_both(book_path, tmp_path):
    with Book.write(book_path) as book:
        backup.copy(book.db, tmp_path / "copy.db")

    kept = {restore.restore(tmp_path / "copy.db", book_path) for _ in range(2)}

    assert {path.name for path in kept} == {"crm.db.before-restore-1", "crm.db.before-restore-2"}


def test_restoring_where_there_is_no_book(book, book_path, tmp_path):
    assert restore.restore(book_path, tmp_path / "new.db") is None
    assert dump(tmp_path / "new.db") == dump(book.db)


def test_a_damaged_book_can_be_replaced(book_path, tmp_path):
    with Book.write(book_path) as book:
        add(book, "Asha")
        backup.copy(book.db, tmp_path / "copy.db")
    damage(book_path)

    restore.restore(tmp_path / "copy.db", book_path)

    assert dump(book_path) == dump(tmp_path / "copy.db")


@pytest.mark.parametrize(
    "make", [damage, lambda path: path.write_text("no"), lambda path: path.write_bytes(b""), lambda path: path.unlink()]
)
def test_what_is_no_sound_backup_replaces_nothing(book_path, tmp_path, make):
    with Book.write(book_path) as book:
        add(book, "Asha")
        backup.copy(book.db, tmp_path / "copy.db")
    before = book_path.read_bytes()
    make(tmp_path / "copy.db")

    with pytest.raises(BookError):
        restore.restore(tmp_path / "copy.db", book_path)

    assert book_path.read_bytes() == before
    assert [path.name for path in book_path.parent.iterdir()] == [book_path.name]


def test_problems_of_a_sound_book(book):
    add(book, "Asha")
    assert backup.problems(book.db) == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DELETE FROM search_doc", "missing from the search index"),
        ("DELETE FROM contact", "search documents of records that are not there"),
        ("UPDATE search_doc SET names = 'somebody else'", "search index"),
        ("INSERT INTO contact_tag VALUES (1, 99)", "points at a tag that is not there"),
    ],
)
def test_problems_are_found(book_path, statement, message):
    with Book.write(book_path) as book:
        add(book, "Asha")
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute(statement)
        assert any(message in problem for problem in backup.problems(db, deep=True))


def test_damaged_pages_are_found(book_path):
    with Book.write(book_path) as book:
        add(book, "Asha")
    damage(book_path)
    with closing(sqlite3.connect(book_path)) as db:
        assert backup.problems(db)
