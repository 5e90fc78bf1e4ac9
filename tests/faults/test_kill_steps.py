"""kill -9 at every step of what replaces or rewrites a book: it is the old one or the new one, and sound."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING

import pytest
from forks import Forks, forking
from ledger import count as ledger
from support import dump
from test_migrating_at_once import make_old

from crm_cli.book import backup, opening, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

UNFINISHED = """
import os, signal, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(f"PRAGMA journal_mode={sys.argv[2]}")
db.execute("PRAGMA cache_size=1")
db.execute("BEGIN IMMEDIATE")
for statement in sys.argv[4:]:
    db.execute(statement)
if sys.argv[3] == "committed":
    db.execute("COMMIT")
os.kill(os.getpid(), signal.SIGKILL)
"""
"""Leaves a hot journal, or a write-ahead log that was not yet checkpointed, as a crash does."""

CHANGES = ("UPDATE contact SET notes = hex(zeroblob(200000))", "UPDATE change SET verb = 'x'")


@pytest.fixture
def forks(surroundings: dict[str, str]) -> Iterator[Forks]:
    """The process that forks, in the test's surroundings."""
    with forking() as found:
        yield found


@pytest.fixture
def place(crm: Crm, book_path: Path) -> Path:
    """A folder with a backup that holds Asha, beside a book that holds Ravi too."""
    crm("add", "Asha")
    crm("backup", str(book_path.with_name("backup.db")))
    crm("add", "Ravi")
    return book_path.parent


def crash(mode: str, how: str, *statements: str) -> Callable[[Path], None]:
    """Return what leaves a book as a crash in the middle of a transaction does."""

    def leave(book: Path) -> None:
        subprocess.run([sys.executable, "-c", UNFINISHED, book, mode, how, *statements], check=False)
        assert book.with_name(book.name + ("-wal" if mode == "wal" else "-journal")).stat().st_size

    return leave


def garble(book: Path) -> None:
    """Damage the header, so that SQLite does not open the file."""
    with book.open("r+b") as file:
        file.write(b"x" * 16)


def garble_schema(book: Path) -> None:
    """Damage the schema, which only shows when it is needed."""
    with book.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 200)


def garbled_wal(book: Path) -> None:
    """A log whose first page is not in it, of a file with a damaged header: SQLite cannot open the two."""
    with closing(sqlite3.connect(book, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
    crash("wal", "committed", "UPDATE contact SET notes = 'late'")(book)
    garble(book)


PRESENT: dict[str, Callable[[Path], object]] = {
    "a book": lambda book: None,
    "no book": lambda book: book.unlink(),
    "a hot journal": crash("delete", "unfinished", *CHANGES),
    "a live log": crash("wal", "committed", "UPDATE contact SET notes = 'late'"),
    "a damaged header": garble,
    "a damaged header beside a log": garbled_wal,
    "a damaged schema": garble_schema,
    "a text": lambda book: book.write_text("dear diary\n" * 1000),
}


def files(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder, but for the parts of killed commands."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".part")}


def content(book: Path) -> object:
    """Return what a book holds: its dump after what SQLite recovers, its bytes if it is damaged, None if it is new."""
    try:
        return None if opening.is_new(book) else dump(book)
    except sqlite3.DatabaseError:
        return book.read_bytes()


def sweep(forks: Forks, folder: Path, *args: str, sql: bool = False, every: int = 1) -> Iterator[tuple[bool, Path]]:
    """Run a command on a copy of ``folder`` again and again, killed at a later step each time, until it is not.

    Yields whether it went through, and the book's path.
    """
    for number in count(1, every):
        place = folder.with_name(f"killed-{number}")
        shutil.copytree(folder, place)
        book = place / "crm.db"
        code = forks.run("--book", str(book), *(word.format(place) for word in args), kill_at=number, sql=sql)
        assert code in {0, -signal.SIGKILL}
        yield code == 0, book
        shutil.rmtree(place)
        if code == 0:
            return


def note(fault: str, kills: int, *, at_least: int) -> None:
    """Count kills, all of them withstood. Versions of Python differ in their steps, so not all are counted."""
    assert kills >= at_least
    ledger(fault, tried=at_least, held=at_least)


def is_sound(book: Path) -> bool:
    """Is the book sound, with no journal or log that belongs to it? One that begins with zeros has not been begun."""
    with closing(opening.connect(book, readonly=False)) as db:
        assert backup.problems(db, deep=True) == []
    beside = (book.with_name(book.name + suffix) for suffix in backup.COMPANIONS)
    return not any(path.exists() and path.read_bytes()[:1].strip(b"\0") for path in beside)


def restored(forks: Forks, place: Path, old: object) -> int:
    """Kill a restore at each of its steps and return how many kills there were."""
    new, kills = dump(place / "backup.db"), 0
    for done, book in sweep(forks, place, "restore", "{}/backup.db", "--yes"):
        found = content(book)
        assert found == new if done else found in (old, new)
        if found == new:
            assert is_sound(book)
            assert old is None or content(book.with_name("crm.db.before-restore-1")) == old
        if done or kills % 8 == 7:
            assert forks.run("--book", str(book), "restore", str(book.with_name("backup.db")), "--yes") == 0
            assert content(book) == new
            assert is_sound(book)
        kills += not done
    return kills


def test_a_restore_killed_at_any_step(forks: Forks, place: Path) -> None:
    """Whatever the present book is, it stays until the new one is there, and is kept beside it."""
    kills = 0
    for name, make in PRESENT.items():
        present, seen = place.with_name(name.replace(" ", "-")), place.with_name("seen")
        shutil.copytree(place, present)
        make(present / "crm.db")
        shutil.copytree(present, seen)
        old = content(seen / "crm.db")
        shutil.rmtree(seen)
        kills += restored(forks, present, old)

    note("a restore killed at each step", kills, at_least=250)


def test_a_backup_killed_at_any_step(forks: Forks, place: Path) -> None:
    """The older copy of that name stays until the new one is there."""
    old, new, kills = dump(place / "backup.db"), dump(place / "crm.db"), 0

    for done, book in sweep(forks, place, "backup", "{}/backup.db", sql=True):
        assert dump(book) == new
        found = dump(book.with_name("backup.db"))
        assert found == new if done else found in (old, new)
        kills += not done

    note("a backup killed at each step", kills, at_least=35)


@pytest.fixture
def old_book(surroundings: dict[str, str], book_path: Path) -> Path:
    """A book of the first schema."""
    make_old(book_path)
    return book_path


def test_a_migration_killed_at_any_step(forks: Forks, old_book: Path) -> None:
    """The book is of the old schema or of the new one, and then its backup lies beside it."""
    kills = 0
    for done, book in sweep(forks, old_book.parent, "list", sql=True, every=3):
        with closing(sqlite3.connect(book)) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            assert version == schema.VERSION if done else version in {1, schema.VERSION}
            assert db.execute("SELECT name FROM company").fetchall() == [("Acme",)]
        copies = list(book.parent.glob("*.bak"))
        assert len(copies) == 1 or version == 1
        for copy in copies:
            with closing(sqlite3.connect(copy)) as db:
                assert db.execute("PRAGMA user_version").fetchone()[0] == 1
        assert is_sound(book)
        kills += not done

    note("a migration killed at steps", kills, at_least=55)


def test_an_import_killed_at_some_steps(forks: Forks, place: Path) -> None:
    """All of the file is in the book, or nothing of it."""
    people = "".join(f"Person {number},p{number}@mail.example\n" for number in range(20))
    (place / "people.csv").write_text("Name,Email\n" + people)
    kills, before = 0, len(dump(place / "crm.db")["contact"])

    for done, book in sweep(forks, place, "import", "{}/people.csv", sql=True, every=8):
        found = len(dump(book)["contact"])
        assert found == before + 20 if done else found in {before, before + 20}
        assert is_sound(book)
        kills += not done

    note("an import killed at steps", kills, at_least=25)
