"""A book that another program put into WAL mode: turned back when it is written, read wherever it can be."""

import os
import sqlite3
import subprocess
from contextlib import closing

import pytest
from support import dump

from crm_cli.book import locks, watch


def in_wal(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        assert db.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)


def mode(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("PRAGMA journal_mode").fetchone()[0]


@pytest.fixture
def wal_book(crm, book_path):
    crm("add", "Asha")
    in_wal(book_path)
    return book_path


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["check"], ["email", "asha"], ["today"]], ids=" ".join)
def test_a_look_leaves_it(crm, wal_book, command):
    crm(*command)

    assert mode(wal_book) == "wal"
    assert crm("list").lines[0].startswith("1\tAsha")


def test_a_write_turns_it_back(crm, wal_book):
    assert crm("add", "Ravi").code == 0
    assert mode(wal_book) == "delete"
    assert [path.name for path in wal_book.parent.iterdir()] == ["crm.db"]
    assert len(crm("list").lines) == 2


def test_a_write_while_another_has_it_open_is_refused(crm, wal_book, monkeypatch):
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(wal_book)) as other:
        other.execute("SELECT * FROM contact").fetchall()

        found = crm("add", "Ravi")

    assert found.code == 75
    assert found.err == (
        f"crm: {wal_book} is in WAL mode and open in another program (close that program, then try again)\n"
    )
    assert crm("add", "Ravi").code == 0


def test_a_backup_of_it_is_in_rollback_mode(crm, wal_book, tmp_path):
    with closing(sqlite3.connect(wal_book, isolation_level=None)) as other:
        other.execute("UPDATE contact SET notes = 'in the log'")
        assert crm("backup", str(tmp_path / "copy.db")).code == 0
        wanted = dump(other)

    assert mode(tmp_path / "copy.db") == "delete"
    assert dump(tmp_path / "copy.db") == wanted
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data", "home"]


def test_a_backup_in_wal_mode_is_restored_in_rollback_mode(crm, wal_book, tmp_path):
    wal_book.rename(tmp_path / "copy.db")

    assert crm("restore", str(tmp_path / "copy.db"), "--yes").code == 0
    assert mode(wal_book) == "delete"
    assert len(crm("list").lines) == 1


def test_the_watch_of_the_dashboard_does_not_keep_it_open(wal_book):
    assert watch._opened(wal_book) is None


@pytest.fixture
def medium(tmp_path):
    place = tmp_path / "medium"
    place.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "crm", place], capture_output=True).returncode:
        pytest.skip("only root mounts")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_it_is_read_on_read_only_media(crm, wal_book, medium):
    (medium / "crm.db").write_bytes(wal_book.read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", medium], check=True)

    assert crm("--book", str(medium / "crm.db"), "list").lines[0].startswith("1\tAsha")
    found = crm("--book", str(medium / "crm.db"), "add", "Ravi")
    assert (found.code, found.err) == (6, "crm: the book is read-only; nothing was changed\n")


def test_a_log_on_read_only_media_is_not_overlooked(crm, wal_book, medium):
    with closing(sqlite3.connect(wal_book, isolation_level=None)) as other:
        other.execute("UPDATE contact SET name = 'in the log'")
        for suffix in ("", "-wal"):
            (medium / f"crm.db{suffix}").write_bytes(wal_book.with_name(f"crm.db{suffix}").read_bytes())
    subprocess.run(["mount", "-o", "remount,ro", medium], check=True)

    found = crm("--book", str(medium / "crm.db"), "list")

    assert (found.code, found.out, len(found.err.splitlines())) == (6, "", 1)
