"""A restore while others write: the book stays whole, and what was acknowledged is in the old book or in the new."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from forks import forking
from ledger import count as ledger
from support import index_lag

from crm_cli.book import backup, locks, opening

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

ROUNDS, WRITERS, SOME = 10, 20, 8
PAUSE = 0.005
"""Seconds that the restoring process waits before each call that touches a file: each window is open that long."""


def names(book: Path) -> set[str]:
    """Return the people of a book."""
    with closing(sqlite3.connect(book)) as db:
        return {name for (name,) in db.execute("SELECT name FROM contact")}


def acknowledged(logs: list[Path]) -> set[str]:
    """Return the people whom a writer was told to be in the book; no writer was told anything else."""
    found = set()
    for log in logs:
        for line in log.read_text().splitlines():
            number, _, outcome = line.partition(" ")
            assert outcome == "0 "
            found.add(f"{log.stem} {number}")
    return found


def until(true: Callable[[], object]) -> None:
    """Wait for something, but not for ever."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_restore_while_twenty_write(crm: Crm, book_path: Path, tmp_path: Path) -> None:
    """In each round every writer adds people one by one, before, during and after the restore."""
    crm("add", "Asha")
    crm("backup", str(tmp_path / "backup.db"))
    held = 0
    with forking() as forks:
        for number in range(ROUNDS):
            stop = tmp_path / f"stop-{number}"
            logs = [tmp_path / f"writer {number} {writer}.log" for writer in range(WRITERS)]
            pids = [forks.start("-q", "add", f"{log.stem} {{}}", each=str(stop), log=log) for log in logs]
            until(lambda logs=logs: all(log.exists() for log in logs) and len(acknowledged(logs)) > SOME)

            assert forks.run("restore", str(tmp_path / "backup.db"), "--yes", slow=PAUSE) == 0

            before = acknowledged(logs)
            until(lambda logs=logs, before=before: len(acknowledged(logs)) > len(before) + SOME)
            stop.touch()
            assert {forks.wait(pid) for pid in pids} == {0}
            kept = book_path.with_name(f"crm.db.before-restore-{number + 1}")
            with closing(opening.connect(book_path, readonly=False)) as db:
                assert backup.problems(db, deep=True) == []
                assert index_lag(db) == {}
            old, new = names(kept) - {"Asha"}, names(book_path)
            assert "Asha" in new
            assert not old & new
            assert acknowledged(logs) <= old | new
            held += WRITERS

    ledger("a writer during a restore with its windows widened", tried=ROUNDS * WRITERS, held=held)


def test_a_book_that_was_open_all_along_sees_the_restored_one(crm: Crm, book_path: Path, tmp_path: Path) -> None:
    """The dashboard, say."""
    crm("add", "Asha")
    crm("backup", str(tmp_path / "backup.db"))
    crm("add", "Ravi")
    with closing(opening.connect(book_path, readonly=True)) as db:
        version = db.execute("PRAGMA data_version").fetchone()
        assert db.execute("SELECT count(*) FROM contact").fetchone() == (2,)

        assert crm("restore", str(tmp_path / "backup.db"), "--yes").code == 0

        assert db.execute("SELECT name FROM contact").fetchall() == [("Asha",)]
        assert db.execute("PRAGMA data_version").fetchone() != version


@pytest.mark.parametrize("begin", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_restore_waits_for_who_writes_and_then_gives_up(
    crm: Crm, book_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: str
) -> None:
    """Nothing is changed, and nothing is left."""
    crm("add", "Asha")
    crm("backup", str(tmp_path / "backup.db"))
    monkeypatch.setattr(locks, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(book_path, isolation_level=None)) as other:
        other.execute(begin)
        found = crm("restore", str(tmp_path / "backup.db"), "--yes")

    assert found.code == 75
    assert len(found.err.splitlines()) == 1
    assert [path.name for path in book_path.parent.iterdir()] == ["crm.db"]
