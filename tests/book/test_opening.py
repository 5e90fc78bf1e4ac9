"""Opening: what is checked, what holds, and what is never touched."""

import random
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from crm_cli.book import schema, sqlite_file
from crm_cli.book.book import Book
from crm_cli.errors import BookError


def made(path, *statements):
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def foreign(path):
    made(path, "CREATE TABLE theirs (x)", "PRAGMA user_version=1")


def newer(path):
    Book.write(path).close()
    made(path, "PRAGMA user_version=999")


def other_application(path):
    Book.write(path).close()
    made(path, "PRAGMA application_id=1")


def damaged_header(path):
    Book.write(path).close()
    path.write_bytes(b"SQLite format 3\0" + random.Random(1).randbytes(4000))


def truncated(path):
    Book.write(path).close()
    path.write_bytes(path.read_bytes()[:1000])


def text(path):
    path.write_text("dear diary\n" * 100)


def one_byte(path):
    path.write_bytes(b"\0")


FILES = [foreign, newer, other_application, damaged_header, truncated, text, one_byte]
COMMANDS = [
    ["list"],
    ["show", "1"],
    ["add", "Asha"],
    ["tag"],
    ["undo", "ch1"],
    ["backup"],
    ["check"],
    ["add", "x", "-n"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("make", FILES, ids=lambda make: make.__name__)
def test_a_file_that_is_no_book_of_ours_is_refused_and_left_alone(crm, book_path, make, command):
    book_path.parent.mkdir(exist_ok=True)
    make(book_path)
    before = book_path.read_bytes()

    found = crm(*command)

    assert found.code == 6, found
    assert found.out == ""
    assert len(found.err.splitlines()) == 1
    assert "bug" not in found.err
    assert book_path.read_bytes() == before
    assert sorted(path.name for path in book_path.parent.iterdir()) == [book_path.name]


def test_a_newer_book_says_what_would_open_it(crm, book_path):
    newer(book_path)

    assert "needs a newer crm" in crm("list").err
    assert "pip install -U" in crm("list").err


@pytest.mark.parametrize("command", [["list"], ["add", "Asha"], ["check"]], ids=" ".join)
def test_a_directory_is_no_book(crm, book_path, command):
    book_path.mkdir()

    found = crm(*command)

    assert found.code == 6
    assert len(found.err.splitlines()) == 1


@pytest.mark.parametrize(
    "command", [["list"], ["find", "asha"], ["today"], ["changes"], ["tag"], ["field", "list"]], ids=" ".join
)
def test_a_look_where_there_is_no_book_makes_none(crm, book_path, command):
    found = crm(*command)

    assert found.code == (3 if command[0] == "find" else 0)
    assert list(book_path.parent.iterdir()) == []


def test_a_rehearsal_where_there_is_no_book_makes_none(crm, book_path):
    assert crm("add", "Asha", "--dry-run").code == 0
    assert list(book_path.parent.iterdir()) == []


def test_a_file_of_no_bytes_is_a_new_book(crm, book_path):
    book_path.touch(mode=0o600)

    assert crm("list").code == 0
    assert book_path.stat().st_size == 0
    assert crm("add", "Asha").code == 0


@pytest.mark.parametrize("command", [["add", "Asha"], ["init"], ["demo"]], ids=" ".join)
def test_a_folder_that_is_not_there_is_named_and_not_made(crm, tmp_path, command):
    found = crm(*command, "--book", str(tmp_path / "ussb" / "crm.db"))

    assert (found.code, found.out) == (1, "")
    assert found.err == f"crm: there is no folder {tmp_path / 'ussb'} (make it first, if the path is right)\n"
    assert not (tmp_path / "ussb").exists()


def test_the_folder_of_ones_own_book_is_made(crm, surroundings, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", surroundings["XDG_CONFIG_HOME"].replace("config", "data"))

    assert crm("add", "Asha").code == 0
    assert (Path(surroundings["HOME"]) / "data" / "crm" / "crm.db").exists()


def test_a_book_under_a_file_cannot_be(crm, tmp_path):
    (tmp_path / "file").write_text("x")

    found = crm("--book", str(tmp_path / "file" / "crm.db"), "add", "Asha")

    assert found.code in {1, 6}
    assert len(found.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["a b.db", "100%.db", "what?.db", "#1.db", "naïve.db", "crm.db?mode=memory"])
def test_any_file_name_will_do(crm, tmp_path, name):
    book = tmp_path / name

    assert crm("--book", str(book), "add", "Asha").code == 0
    assert crm("--book", str(book), "list").lines[0].startswith("1\tAsha")
    assert [path.name for path in tmp_path.iterdir() if path.name not in {"home", "data"}] == [name]


def test_a_link_chosen_by_the_user_is_followed(crm, book_path, tmp_path):
    crm("add", "Asha")
    (tmp_path / "link.db").symlink_to(book_path)

    assert crm("--book", str(tmp_path / "link.db"), "add", "Ravi").code == 0
    assert len(crm("list").lines) == 2


def test_everything_is_for_the_owner_alone_whatever_the_umask(surroundings, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", surroundings["XDG_CONFIG_HOME"].replace("config", "data"))
    script = (
        "import os; os.umask(0)\n"
        "from crm_cli.entry import run\n"
        "for args in (['add', 'Asha'], ['backup'], ['config', 'set', 'region', 'IN']): assert run(args) == 0"
    )
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

    modes = {}
    for top in (Path(surroundings["HOME"]) / "data" / "crm", Path(surroundings["XDG_CONFIG_HOME"]) / "crm"):
        for path in (top, *top.rglob("*")):
            modes[path.name] = stat.S_IMODE(path.stat().st_mode)
    files = {name for name in modes if "." in name}
    assert len(files) == 3
    assert {modes[name] for name in files} == {0o600}
    assert {mode for name, mode in modes.items() if name not in files} == {0o700}


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("foreign_keys", 1), ("synchronous", 2), ("secure_delete", 1), ("trusted_schema", 0), ("mmap_size", 0),
        ("recursive_triggers", 1), ("journal_mode", "delete"), ("application_id", 0x43524D31),
        ("user_version", schema.VERSION),
    ],
)  # fmt: skip
@pytest.mark.parametrize("door", [Book.write, Book.read])
def test_one_way_to_open(book_path, door, pragma, value):
    Book.write(book_path).close()
    with door(book_path) as book:
        assert book.db.execute(f"PRAGMA {pragma}").fetchone()[0] == value


def test_a_look_cannot_write(book_path):
    Book.write(book_path).close()
    with Book.read(book_path) as book, pytest.raises(sqlite3.OperationalError, match="readonly"):
        book.db.execute("DELETE FROM contact")


def test_a_book_in_memory_is_whole():
    with closing(sqlite_file.connect_empty()) as db:
        assert db.execute("SELECT count(*) FROM contact").fetchone() == (0,)


NEXT = schema.VERSION + 1


def test_an_older_book_is_migrated_after_a_backup(book_path, monkeypatch):
    Book.write(book_path).close()
    monkeypatch.setattr(schema, "VERSION", NEXT)
    monkeypatch.setattr(
        schema, "statements", lambda number: ["CREATE TABLE novelty (x) STRICT"[:-7]] if number == NEXT else []
    )

    Book.read(book_path).close()

    with Book.write(book_path) as book:
        assert book.db.execute("PRAGMA user_version").fetchone() == (NEXT,)
        assert book.db.execute("SELECT count(*) FROM novelty").fetchone() == (0,)
    kept = book_path.with_name(f"crm.db.schema{NEXT - 1}.bak")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_migration_that_fails_leaves_the_book(book_path, monkeypatch):
    Book.write(book_path).close()
    monkeypatch.setattr(schema, "VERSION", NEXT)
    monkeypatch.setattr(schema, "statements", lambda _: ["CREATE TABLE novelty (x)", "SELECT * FROM nowhere"])

    with pytest.raises((BookError, sqlite3.OperationalError)):
        Book.write(book_path)

    monkeypatch.undo()
    with Book.write(book_path) as book:
        assert book.db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'novelty'").fetchone() == (0,)
