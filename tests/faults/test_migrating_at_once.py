"""Ten commands that find a book of an older schema at the same moment: one migrates it, and its backup is the first."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from forks import forking
from ledger import count as ledger
from support import dump

from crm_cli.book import backup, migration, opening, schema, sqlite_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

ROUNDS, PROCESSES = 20, 10


def make_old(path: Path) -> None:
    """Make a book of the first schema that holds a company."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in schema.statements(1):
            db.execute(statement)
        db.execute("PRAGMA user_version=1")
        db.execute(f"PRAGMA application_id={sqlite_file.APPLICATION_ID}")
        columns = "uid, name, name_key, created_utc, updated_utc"
        db.execute(f"INSERT INTO company ({columns}) VALUES ('u', 'Acme', 'acme', '', '')")
        db.execute("INSERT INTO search_doc (id, names, body) VALUES (5, 'acme', '')")


def version(path: Path) -> int:
    """Return the schema's number of a book."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_ten_processes_that_migrate_at_once(surroundings: dict[str, str], tmp_path: Path) -> None:
    """All of them go on, those that write and those that look."""
    with forking() as forks:
        for number in range(ROUNDS):
            book = tmp_path / f"round-{number}" / "crm.db"
            book.parent.mkdir()
            make_old(book)
            commands = [["add", f"Person {n}"] if n % 2 else ["list"] for n in range(PROCESSES)]

            pids = [forks.start("--book", str(book), *command) for command in commands]

            assert [forks.wait(pid) for pid in pids] == [0] * PROCESSES
            with closing(opening.connect(book, readonly=False)) as db:
                assert backup.problems(db, deep=True) == []
            assert len(dump(book)["contact"]) == PROCESSES // 2
            assert sorted(path.name for path in book.parent.iterdir()) == ["crm.db", "crm.db.schema1.bak"]
            assert version(book.with_name("crm.db.schema1.bak")) == 1

    ledger("a process that migrates among ten", tried=ROUNDS * PROCESSES, held=ROUNDS * PROCESSES)


def test_a_later_migration_keeps_the_first_backup(crm: Crm, book_path: Path) -> None:
    """An old book was put there again, say."""
    make_old(book_path)
    crm("list")
    first = book_path.with_name("crm.db.schema1.bak").read_bytes()
    book_path.unlink()
    make_old(book_path)

    assert crm("add", "Asha").code == 0
    assert book_path.with_name("crm.db.schema1.bak").read_bytes() == first
    assert version(book_path.with_name("crm.db.schema1-2.bak")) == 1


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt()])
def test_a_migration_that_fails_leaves_the_book_and_no_backup(
    book_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Nor a part of one."""
    make_old(book_path)
    before = book_path.read_bytes()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(migration, "upgrade", fail)
    with pytest.raises(type(error)):
        opening.connect(book_path, readonly=True)

    assert book_path.read_bytes() == before
    assert [path.name for path in book_path.parent.iterdir()] == ["crm.db"]


def test_a_book_whose_records_do_not_hold_together_is_not_migrated(crm: Crm, book_path: Path) -> None:
    """Exit 6, and no backup of what was not changed."""
    make_old(book_path)
    with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
        db.execute("INSERT INTO contact_tag VALUES (1, 99)")
    before = book_path.read_bytes()

    found = crm("list")

    assert (found.code, found.out, len(found.err.splitlines())) == (6, "", 1)
    assert book_path.read_bytes() == before
    assert [path.name for path in book_path.parent.iterdir()] == ["crm.db"]


def test_an_old_backup_is_restored_at_the_newest_schema_and_stays_as_it_is(
    crm: Crm, book_path: Path, tmp_path: Path
) -> None:
    """It stays as it is itself."""
    make_old(tmp_path / "old.db")
    before = (tmp_path / "old.db").read_bytes()
    crm("add", "Asha")

    assert crm("restore", str(tmp_path / "old.db"), "--dry-run").code == 0
    assert crm("restore", str(tmp_path / "old.db"), "--yes").code == 0
    assert version(book_path) == schema.VERSION
    assert [row[2] for row in dump(book_path)["company"]] == ["Acme"]
    assert (tmp_path / "old.db").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "home", "old.db"]
