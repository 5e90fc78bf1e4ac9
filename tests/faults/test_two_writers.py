"""Several processes on one book: nothing is lost, and who cannot wait says so in one line."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from contextvars import copy_context

import pytest
from support import NOW_UTC, dump

from crm_cli.book import backup, locks
from crm_cli.book.book import Book
from crm_cli.errors import ConflictError
from crm_cli.services import contacts

EACH = int(os.environ.get("CRM_TEST_WRITES", "200"))

LOGS = f"""
import sys
from crm_cli.entry import run
for number in range({EACH}):
    code = run(["-q", "log", "call", "1", "-m", f"{{sys.argv[1]}} {{number}}"])
    assert code == 0, code
"""

UNFINISHED = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size=1")
db.execute("BEGIN IMMEDIATE")
for statement in sys.argv[2:]:
    db.execute(statement)
print("half done", flush=True)
time.sleep(60)
"""


@pytest.fixture
def killed(book_path):
    """Leave a transaction half written to the file, as kill -9 does: a hot journal lies beside the book."""

    def kill(*statements):
        command = [sys.executable, "-c", UNFINISHED, str(book_path), *statements]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout.readline() == "half done\n"
            writer.send_signal(signal.SIGKILL)
        assert book_path.with_name(book_path.name + "-journal").stat().st_size

    return kill


def test_two_processes_that_log_at_the_same_time_lose_nothing(crm, book_path, surroundings):
    crm("add", "Asha")

    writers = [
        subprocess.Popen([sys.executable, "-c", LOGS, who], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for who in ("one", "two")
    ]
    errors = [writer.communicate(timeout=120)[1] for writer in writers]

    assert errors == [b"", b""]
    with Book.write(book_path) as book:
        subjects = {row[0] for row in book.db.execute("SELECT subject FROM activity")}
        assert subjects == {f"{who} {number}" for who in ("one", "two") for number in range(EACH)}
        assert book.db.execute("SELECT count(*) FROM change").fetchone()[0] == 2 * EACH + 1
        assert backup.problems(book.db) == []


def test_processes_that_make_the_book_at_once_make_one(book_path, surroundings):
    command = [sys.executable, "-m", "crm_cli", "-q", "add"]
    writers = [subprocess.Popen([*command, f"Person {number}"], stderr=subprocess.PIPE) for number in range(5)]

    assert [writer.communicate()[1] for writer in writers] == [b""] * 5
    assert len(dump(book_path)["contact"]) == 5


@pytest.mark.parametrize(
    "command", [["add", "Ravi"], ["tag", "1", "+vip"], ["todo", "x"], ["undo", "ch1"], ["edit", "1", "city=Pune"]]
)
def test_a_write_to_a_locked_book_says_try_later(crm, book_path, monkeypatch, command):
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.05)
    crm("add", "Asha", "+vip")
    before = dump(book_path)
    with closing(sqlite3.connect(book_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        found = crm(*command)

    assert found.code == 75
    assert found.err == "crm: the book is locked by another program; try again\n"
    assert dump(book_path) == before


def test_a_look_goes_on_while_another_writes(crm, book_path, monkeypatch):
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.05)
    crm("add", "Asha")
    with closing(sqlite3.connect(book_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE contact SET name = 'Nobody'")

        assert crm("show", "1").lines[0] == "Asha  1"


def test_a_look_at_a_book_held_for_itself_says_try_later(crm, book_path, monkeypatch):
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.05)
    crm("add", "Asha")
    with closing(sqlite3.connect(book_path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")

        assert crm("list").code == 75


def test_an_idle_book_holds_no_lock(book_path):
    with Book.write(book_path) as book, Book.read(book_path) as look:
        with book.change("add", now=NOW_UTC):
            contacts.add(book, "Asha", now=NOW_UTC)
        look.db.execute("SELECT * FROM contact").fetchall()
        with closing(sqlite3.connect(book_path, isolation_level=None, timeout=0)) as other:
            other.execute("BEGIN EXCLUSIVE")


def test_an_edit_of_what_was_changed_meanwhile_is_refused(book_path):
    with Book.write(book_path) as book:
        with book.change("add", now=NOW_UTC):
            ref = contacts.add(book, "Asha", now=NOW_UTC)
        with book.change("edit", now=NOW_UTC), pytest.raises(ConflictError, match="changed meanwhile"):
            contacts.edit(book, ref, [], now=NOW_UTC, revision=99)


def test_a_change_cut_short_by_a_kill_is_taken_back_by_the_next_look(crm, book_path, killed):
    crm("add", "Asha")
    before = dump(book_path)

    killed("DELETE FROM search_doc", "UPDATE contact SET name = hex(zeroblob(200000))", "UPDATE change SET verb = 'x'")

    assert crm("show", "1").lines[0] == "Asha  1"
    assert not book_path.with_name(book_path.name + "-journal").exists()
    assert dump(book_path) == before
    assert crm("check").code == 0


@pytest.mark.parametrize("command", [["list"], ["add", "Asha"]])
def test_a_book_whose_making_was_cut_short_is_new(crm, book_path, killed, command):
    book_path.touch()

    killed("CREATE TABLE a (x)", "INSERT INTO a VALUES (zeroblob(100000))", "CREATE TABLE b (x)")

    assert book_path.stat().st_size
    assert crm(*command).code == 0


HOLDS = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute(sys.argv[2])
if sys.argv[2] == "BEGIN EXCLUSIVE":
    db.execute("UPDATE contact SET name = 'Nobody'")
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def holder(crm, book_path, monkeypatch):
    """Another process that has the book locked."""
    crm("add", "Asha")
    held = []

    def hold(statement="BEGIN IMMEDIATE"):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDS, book_path, statement, "crm", "import", "leads.csv"], stdout=subprocess.PIPE
        )
        held.append(process)
        process.stdout.readline()
        return process

    yield hold
    for process in held:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_who_holds_the_book_is_said(crm, holder, monkeypatch, statement):
    process = holder(statement)
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.05)

    found = crm("add", "Ravi")

    assert found.code == 75
    assert found.err == (
        "crm: the book is locked by another program; try again"
        f" (it is held by pid {process.pid}: crm import leads.csv)\n"
    )


@pytest.mark.parametrize("command", [["tag", "1", "+vip"], ["add", "Ravi"], ["undo", "ch1"], ["done", "a1"], ["list"]])
def test_a_lock_is_waited_for_once(crm, holder, monkeypatch, command):
    crm("todo", "x")
    holder("BEGIN EXCLUSIVE")
    monkeypatch.setattr(locks, "BUSY_SECONDS", 1.0)
    begun = time.monotonic()

    found = crm(*command)

    assert found.code == 75
    assert 0.9 < time.monotonic() - begun < 1.9


def test_steps_that_wait_share_their_patience(monkeypatch):
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.2)

    def wait():
        locks.start_run()
        for _ in range(3):
            with locks.waiting():
                time.sleep(0.08)
        return locks.left()

    assert copy_context().run(wait) == 0.0
