"""The books that released programs left behind (tests/fixtures/books): this one migrates, reads and goes on with them.

``CRM_BOOKS=write`` writes what they look like anew, into the golden file beside each.
"""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from crm_cli.book.book import Book
from crm_cli.queries import book_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from support import Run

    Crm = Callable[..., Run]

FOLDER = Path(__file__).parent.parent / "fixtures" / "books"
WRITE = os.environ.get("CRM_BOOKS") == "write"
BOOKS = sorted(FOLDER.glob("*.db.gz"))


@pytest.fixture(params=BOOKS, ids=lambda path: path.name.partition(".")[0])
def fixture_book(request: pytest.FixtureRequest, book_path: Path) -> Path:
    """A copy of a book at the test's place; the fixture's own file is returned."""
    found: Path = request.param
    book_path.write_bytes(gzip.decompress(found.read_bytes()))
    return found


def dumped(path: Path) -> list[str]:
    with Book.read(path) as book:
        return book_json.dump(book.db)


def looks(crm: Crm) -> dict[str, Any]:
    """What the everyday reads say of a book."""
    return {
        **{name: crm(name, "--json").json for name in ("list", "agenda", "history", "changes", "imports")},
        "companies": crm("company", "list", "--json").json,
        "deals": crm("deal", "list", "--json").json,
        "show": [crm("show", ref).lines for ref in ("1", "c3", "a3", "a4", "d1")],
        "check": crm("check").err.partition(" is ")[2],
    }


def undone(crm: Crm) -> dict[str, str]:
    """What comes of undoing every change, the newest first."""
    return {ref: crm("undo", ref).err.strip() for ref in crm("changes", "--limit", "999", "--format", "ids").lines}


def compare(found: dict[str, Any], golden: Path) -> None:
    if WRITE:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for name, wanted in json.loads(golden.read_text(encoding="utf-8")).items():
        assert found[name] == wanted, name


def test_each_book_is_small():
    assert [path.name for path in BOOKS if path.stat().st_size > 100_000] == []


def test_a_book_is_migrated_read_and_undone(crm: Crm, fixture_book: Path, book_path: Path) -> None:
    found: dict[str, Any] = {"looks": looks(crm), "export": crm("export", "--format", "json").json}
    found["undo"] = undone(crm)
    found["after"] = crm("export", "--format", "json").json

    assert crm("check").code == 0
    compare(found, fixture_book.with_name(fixture_book.name.replace(".db.gz", ".json")))


BARRED = "cannot be undone or redone: an older crm recorded its reminder in a form that this one cannot restore"


def test_undo_reaches_back_before_a_migration_but_not_across_a_snooze(crm: Crm, book_path: Path) -> None:
    """A snooze of schema 3 was a reminder in the place of the others. What had to do with none is undone and redone."""
    book_path.write_bytes(gzip.decompress((FOLDER / "schema3.db.gz").read_bytes()))
    before = dumped(book_path)

    for verb, ref in (("undo", "ch12"), ("undo", "ch17"), ("redo", "ch31")):  # a snooze, its end, one that was undone
        found = crm(verb, ref)
        assert (found.code, found.err) == (1, f"crm: {ref} {BARRED}\n")
    assert dumped(book_path) == before
    assert crm("undo", "ch18").code == 0
    assert crm("show", "a3", "--json").json["reminders"] == [{"at": "2026-11-26T15:00:00+05:30", "lead_minutes": 1440}]
    assert crm("redo", "ch18").code == 0
    assert dumped(book_path) == before
    assert crm("undo", "ch11").err.startswith("crm: ch11 cannot be undone: later changes build on it: ch12 ")


def test_a_book_goes_on(crm: Crm, fixture_book: Path, book_path: Path) -> None:
    """New people are added and found, plans snoozed, and all of it is undone."""
    crm("list")
    before = dumped(book_path)
    for command in (
        ["add", "Zoë Novák", "email=zoe@x.example"],
        ["todo", "Send it", "--with", "zoe", "--due", "fri", "--remind", "-1d"],
        ["snooze", "a3", "fri"], ["move", "a3", "mon"], ["edit", "a4", "remind+=-2d"], ["done", "a5"],
        ["edit", "1", "city=Goa"], ["deal", "win", "d1"],
    ):  # fmt: skip
        assert crm(*command).code == 0, command

    assert [crm("find", words).code for words in ("zoe", "verma", "22 55555", "discount", "tins")] == [0, 0, 3, 0, 0]
    assert crm("check").code == 0
    for ref in crm("changes", "--format", "ids").lines[:8]:
        assert crm("undo", ref).code == 0
    assert len(dumped(book_path)) == len(before)
    assert crm("check").code == 0


def test_what_is_salvaged_of_a_book_is_the_book_as_it_is_migrated(
    crm: Crm, fixture_book: Path, book_path: Path, tmp_path: Path
) -> None:
    """Its checksums prove its rows as they were written, before anything is migrated."""
    found = crm("export", "--salvage", "-o", str(tmp_path / "rescued.json"))
    crm("import", str(tmp_path / "rescued.json"), "--book", str(book_path.parent / "other.db"))
    crm("list")

    assert (found.code, found.err.splitlines()[-1]) == (0, "nothing was lost")
    assert dumped(book_path.parent / "other.db") == dumped(book_path)


@pytest.mark.parametrize("export", sorted(FOLDER.glob("*-export.json")), ids=lambda path: path.name)
def test_an_older_export_brings_the_book_as_it_is_migrated(
    crm: Crm, export: Path, book_path: Path, tmp_path: Path
) -> None:
    """What was a snoozed reminder hides the activity, as it does in the migrated book."""
    other = book_path.parent / "other.db"
    book_path.write_bytes(gzip.decompress(export.with_name(export.name.replace("-export.json", ".db.gz")).read_bytes()))
    crm("list")

    assert crm("import", str(export), "--book", str(other)).code == 0
    assert dumped(other) == dumped(book_path)


def test_its_export_brings_an_equal_book(crm: Crm, fixture_book: Path, book_path: Path, tmp_path: Path) -> None:
    other = book_path.parent / "other.db"
    crm("export", "--format", "json", "-o", str(tmp_path / "book.json"))

    assert crm("import", str(tmp_path / "book.json"), "--book", str(other)).code == 0
    assert dumped(other) == dumped(book_path)
