"""Books whose schema somebody else has had a hand in: nothing of theirs runs, and the way out is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import damaged
import hostile_schemas as hostile
import pytest
from ledger import count

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

WRITES = [["add", "Zoe", "email=z@x.in", "+new", "company=New"], ["rm", "3", "--yes"], ["undo", "ch13"]]
READS = [["list"], ["find", "sharma"], ["email", "p1@"]]
CHECKS = [["check"], ["check", "--repair"], ["check", "--accept"]]
SALVAGE = ["export", "--salvage", "-o", "{export}"]
MADE: list[bytes] = []


@pytest.fixture
def spoil(crm: Crm, book_path: Path, tmp_path: Path) -> Callable[[Sequence[str]], bytes]:
    """Return what makes a hostile book of a sound one by statements, and returns its file."""
    if not MADE:
        damaged.make(crm, tmp_path, people=30)
        MADE.append(book_path.read_bytes())

    def make(statements: Sequence[str]) -> bytes:
        book_path.write_bytes(MADE[0])
        with closing(sqlite3.connect(book_path, isolation_level=None)) as db:
            for statement in ("CREATE TABLE ran (x)", *statements):
                db.execute(statement)
        return book_path.read_bytes()

    return make


def has_run(book: Path) -> bool:
    """Did a trigger leave its mark?"""
    with closing(sqlite3.connect(book)) as db, suppress(sqlite3.Error):
        return bool(db.execute("SELECT count(*) FROM ran").fetchone()[0])
    return False


def test_hostile_books(crm: Crm, spoil: Callable[[Sequence[str]], bytes], book_path: Path, tmp_path: Path) -> None:
    """Every command works, or is exit 6 in one line; salvage takes out what the tables hold."""
    names = {"backup": str(book_path.with_name("copy.db")), "export": str(tmp_path / "out.json")}
    books, failed = dict(hostile.books()), set()
    for name, statements in books.items():
        data = spoil(statements)
        for command in (*READS, *WRITES, *CHECKS, SALVAGE):
            for path in book_path.parent.glob("*.db*"):
                path.unlink()
            book_path.write_bytes(data)
            found = crm(*(word.format(**names) for word in command))
            fine = found.code in ({0, 5} if command is SALVAGE else {0, 6})
            if not fine or "bug" in found.err or (found.code == 6 and len(found.err.splitlines()) != 1):
                failed.add((name, command[0], found))
            if has_run(book_path):
                failed.add((name, command[0], "ran"))

    assert failed == set()
    count("hostile books, ten commands each", tried=len(books), held=len(books) - len({name for name, *_ in failed}))


@pytest.mark.parametrize("name", hostile.HARMLESS)
def test_what_others_leave_without_harm(
    crm: Crm, spoil: Callable[[Sequence[str]], bytes], book_path: Path, name: str
) -> None:
    spoil(hostile.HARMLESS[name])

    for command in (*READS, *WRITES, ["backup", str(book_path.with_name("copy.db"))], ["check"]):
        assert crm(*command).code == 0, command


def test_what_others_left_is_named(crm: Crm, spoil: Callable[[Sequence[str]], bytes], book_path: Path) -> None:
    spoil([*hostile.HARMLESS["an indexed table"], *hostile.HARMLESS["a view"], *hostile.HARMLESS["statistics"]])
    new = book_path.with_name("new.db")
    named = "also holds table my_notes, table ran, view clients, which crm did not create and does not use"

    assert crm("check").err == f"{book_path} {named}\n{book_path} is sound\n"
    assert crm("--book", str(new), "restore", str(book_path)).err == f"{new} {named}\nRestored {new}\n"


def test_a_trigger_is_named_and_dropped(crm: Crm, spoil: Callable[[Sequence[str]], bytes], book_path: Path) -> None:
    spoil([f"CREATE TRIGGER evil AFTER INSERT ON contact BEGIN {hostile.MARK}; END"])

    refused = crm("add", "Zoe")
    checked = crm("check")
    mended = crm("check", "--repair")

    assert refused.code == checked.code == 6
    assert refused.err == (
        f"crm: {book_path} is not as crm made it: foreign trigger evil on contact; nothing was changed"
        " (remove it with: crm check --repair)\n"
    )
    assert checked.lines == ["its schema is not as crm made it: foreign trigger evil on contact"]
    ran = f"{book_path} also holds table ran, which crm did not create and does not use"
    assert (mended.code, mended.err) == (0, f"Dropped trigger evil on contact\n{ran}\n{book_path} is sound\n")
    assert crm("add", "Zoe").code == 0


def test_a_changed_table_is_read_by_salvage_alone(
    crm: Crm, spoil: Callable[[Sequence[str]], bytes], book_path: Path, tmp_path: Path
) -> None:
    spoil(["ALTER TABLE contact ADD COLUMN big TEXT AS (hex(zeroblob(500000000)))"])

    refused = crm("list")

    assert (refused.code, refused.out) == (6, "")
    assert "table contact differs" in refused.err
    assert refused.err.endswith("(take the records out with: crm export --salvage -o FILE.json)\n")
    assert crm("export", "--salvage", "-o", str(tmp_path / "out.json")).code == 0
    assert crm("--book", str(tmp_path / "new.db"), "import", str(tmp_path / "out.json")).code == 0
    assert crm("--book", str(tmp_path / "new.db"), "list", "--count").out == "29\n"


def test_a_backup_with_a_trigger_is_not_restored(
    crm: Crm, spoil: Callable[[Sequence[str]], bytes], book_path: Path, tmp_path: Path
) -> None:
    spoil([f"CREATE TRIGGER evil AFTER INSERT ON contact BEGIN {hostile.MARK}; END"])
    book_path.rename(tmp_path / "evil.db")

    found = crm("restore", str(tmp_path / "evil.db"), "--yes")

    assert found.code == 6
    assert "foreign trigger evil on contact" in found.err
    assert not book_path.exists()
