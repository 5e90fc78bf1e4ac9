"""What may lie at a book's name and is not a book: refused at once, in one line, and left as it is."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ledger import count as ledger
from support import dump

from crm_cli.book import schema, sqlite_file
from crm_cli.book.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support import Run

    Crm = Callable[..., Run]


def sql(*statements: str) -> Callable[[Path], None]:
    """Return what makes a book and runs statements in it."""

    def make(path: Path) -> None:
        Book.write(path).close()
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)

    return make


def database(*statements: str) -> Callable[[Path], None]:
    """Return what makes a database that never was a book."""

    def make(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)

    return make


def without(*tables: str) -> Callable[[Path], None]:
    """Return what makes a book and drops tables of it."""
    return sql("PRAGMA foreign_keys=OFF", *(f"DROP TABLE {table}" for table in tables))


def listening(path: Path) -> None:
    """Make a socket. Its name is relative, as it may have few letters."""
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(path.name)
    finally:
        os.chdir(before)


def device(path: Path) -> None:
    """Make a device like /dev/zero; a link to it where that needs rights."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        path.symlink_to("/dev/zero")


def linked(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return what makes it elsewhere and links to it."""

    def link(path: Path) -> None:
        real = path.with_name("real")
        make(real)
        path.symlink_to(real)

    return link


def cut(size: int) -> Callable[[Path], None]:
    """Return what makes a book and cuts it off."""

    def make(path: Path) -> None:
        Book.write(path).close()
        os.truncate(path, size)

    return make


OURS = f"PRAGMA application_id={sqlite_file.APPLICATION_ID}"
ODD: dict[str, Callable[[Path], object]] = {
    "FIFO": os.mkfifo,
    "link to a FIFO": linked(os.mkfifo),
    "socket": listening,
    "device": device,
    "link to /dev/null": lambda path: path.symlink_to("/dev/null"),
    "link to /dev/full": lambda path: path.symlink_to("/dev/full"),
    "directory": Path.mkdir,
    "link to a directory": linked(Path.mkdir),
    "link to /": lambda path: path.symlink_to("/"),
    "link to nowhere": lambda path: path.symlink_to("nowhere.db"),
    "link to a folder that is missing": lambda path: path.symlink_to("/nowhere/crm.db"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to a link to nowhere": linked(lambda path: path.symlink_to("nowhere")),
    "schema 0": sql("PRAGMA user_version=0"),
    "schema -1": sql("PRAGMA user_version=-1"),
    "schema of the greatest number": sql("PRAGMA user_version=2147483647"),
    "schema of the smallest number": sql("PRAGMA user_version=-2147483648"),
    "newer schema": sql(f"PRAGMA user_version={schema.VERSION + 1}"),
    "other application": sql("PRAGMA application_id=1"),
    "no application": sql("PRAGMA application_id=0"),
    "ours without tables": database(OURS, f"PRAGMA user_version={schema.VERSION}"),
    "ours of schema 1 without tables": database(OURS, "PRAGMA user_version=1"),
    "ours of schema 0 without tables": database(OURS),
    "ours with other tables": database(OURS, f"PRAGMA user_version={schema.VERSION}", "CREATE TABLE theirs (x)"),
    "ours of schema 1 with other tables": database(OURS, "PRAGMA user_version=1", "CREATE TABLE theirs (x)"),
    "no people": without("contact"),
    "no changes": without("change"),
    "no search": without("search_fts"),
    "no words": without("search_word"),
    "no deals": without("deal"),
    "no segments": without("segment"),
    "of schema 1, no tags": without("tag", *schema.created(2)),
    "a view for a table": sql("DROP TABLE segment", "CREATE VIEW segment AS SELECT 1 AS id"),
    "of schema 1, an index of schema 2": sql(
        *(f"DROP TABLE {table}" for table in reversed(schema.created(2))),
        "PRAGMA user_version=1",
        "CREATE INDEX deal_title ON contact (name)",
    ),
    "schema 1 over tables of schema 2": sql("PRAGMA user_version=1"),
    "empty database": database("VACUUM"),
    "somebody's database": database("CREATE TABLE theirs (x)", "PRAGMA user_version=1"),
    "somebody's database in WAL mode": database("PRAGMA journal_mode=WAL", "CREATE TABLE theirs (x)"),
    "cut in the header": cut(50),
    "cut after the header": cut(100),
    "cut in the first page": cut(1000),
    "cut after some pages": cut(5 * 4096),
    "one byte": lambda path: path.write_bytes(b"\0"),
    "text": lambda path: path.write_text("dear diary\n" * 1000),
    "zeros": lambda path: path.write_bytes(bytes(50_000)),
    "header and noise": lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 100),
}
COMMANDS = [["list"], ["add", "Asha"], ["add", "Asha", "-n"], ["check"], ["backup"], ["find", "x"], ["email", "x"]]


@contextmanager
def unmoved(folder: Path) -> Iterator[None]:
    """Hold the folder to what lies in it."""
    before = state(folder)
    yield
    assert state(folder) == before


def state(folder: Path) -> dict[str, object]:
    """Return what lies in a folder: kinds, the links' ends and the files' bytes."""
    return {
        path.name: path.readlink()
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else path.lstat().st_mode
        for path in folder.iterdir()
    }


def test_what_is_not_a_book_is_refused_and_left_as_it_is(crm: Crm, tmp_path: Path) -> None:
    """No command hangs, makes a backup or leaves a file."""
    for number, make in enumerate(ODD.values()):
        place = tmp_path / str(number)
        place.mkdir()
        make(place / "crm.db")
        with unmoved(place):
            for command in COMMANDS:
                found = crm("--book", str(place / "crm.db"), *command)

                assert (found.code, found.out, len(found.err.splitlines())) == (6, "", 1), (command, place, found)
                assert "bug" not in found.err

    ledger("a file at the book's name that is not a book", tried=len(ODD), held=len(ODD))


@pytest.mark.parametrize("name", ODD)
def test_what_is_not_a_book_is_not_a_backup_either(crm: Crm, book_path: Path, tmp_path: Path, name: str) -> None:
    """The book stays, and so does what was given."""
    crm("add", "Asha")
    (tmp_path / "odd").mkdir()
    ODD[name](tmp_path / "odd" / "crm.db")
    with unmoved(tmp_path / "odd"), unmoved(book_path.parent):
        for more in ("--yes", "--dry-run"):
            found = crm("restore", str(tmp_path / "odd" / "crm.db"), more)

            assert (found.code, found.out, len(found.err.splitlines())) == (6, "", 1)


@pytest.mark.parametrize("name", ODD)
def test_a_backup_can_be_restored_over_what_is_not_a_book(crm: Crm, book_path: Path, tmp_path: Path, name: str) -> None:
    """A file is kept beside the book; what is not a file is refused."""
    crm("add", "Asha")
    shutil.move(book_path, tmp_path / "backup.db")
    wanted = dump(tmp_path / "backup.db")
    ODD[name](book_path)
    before = book_path.read_bytes() if book_path.is_file() else None

    found = crm("restore", str(tmp_path / "backup.db"), "--yes")

    if before is None:
        assert (found.code, len(found.err.splitlines())) == (6, 1)
    else:
        assert found.code == 0
        assert dump(book_path) == wanted
        assert book_path.with_name("crm.db.before-restore-1").read_bytes()[100:] == before[100:]
        assert crm("check").code == 0


def test_a_link_to_a_book_is_the_book(crm: Crm, book_path: Path, tmp_path: Path) -> None:
    """Writes and a restore go to the file it leads to, and what they leave lies beside that."""
    link = tmp_path / "link.db"
    crm("add", "Asha")
    link.symlink_to(book_path)
    crm("backup", str(tmp_path / "backup.db"))

    assert crm("--book", str(link), "add", "Ravi").code == 0
    assert len(crm("list").lines) == 2
    assert crm("--book", str(link), "restore", str(tmp_path / "backup.db"), "--yes").code == 0
    assert link.is_symlink()
    assert len(crm("list").lines) == 1
    assert sorted(path.name for path in book_path.parent.iterdir()) == ["crm.db", "crm.db.before-restore-1"]
