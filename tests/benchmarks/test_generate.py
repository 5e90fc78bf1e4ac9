"""The generator of books to measure with: its books are sound, and always the same."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from crm_cli.book import journal
from crm_cli.book.backup import problems
from crm_cli.entry import run
from crm_cli.errors import Exit

GENERATE = Path(__file__).resolve().parents[2] / "benchmarks" / "generate.py"
PEOPLE = 400
NOW = "2026-11-22T09:00:00+05:30"


def generated(path: Path, *more: str) -> Path:
    """Run the generator as a user would."""
    words = [sys.executable, str(GENERATE), str(PEOPLE), *more, str(path)]
    subprocess.run(words, check=True, env=os.environ | {"CRM_NOW": NOW}, capture_output=True)
    return path


def dumped(path: Path) -> dict[str, list[tuple[object, ...]]]:
    db = sqlite3.connect(path)
    names = [*journal.tables(db), "search_doc", "search_word", "search_term"]
    return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated(tmp_path_factory.mktemp("generated") / "book.db")


def test_book_is_sound_and_realistic(book):
    """Fail if ``crm check`` would complain, an index is lost, or the people are not those that were promised."""
    db = sqlite3.connect(book)
    fresh = sqlite3.connect(":memory:")
    from crm_cli.book import schema

    for number in range(1, schema.VERSION + 1):
        for statement in schema.statements(number):
            fresh.execute(statement)
    named = "SELECT type, name, sql FROM sqlite_schema ORDER BY name"

    assert problems(db) == []
    assert db.execute(named).fetchall() == fresh.execute(named).fetchall()
    counted = {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("contact", "activity")}
    assert counted == {"contact": PEOPLE, "activity": PEOPLE * 10}
    assert db.execute("SELECT count(*), sum(status = 'open') FROM deal").fetchone() == (PEOPLE / 100, PEOPLE / 400)
    due = "SELECT count(*) FROM activity WHERE status = 'open' AND due_date BETWEEN '2026-09-01' AND '2027-03-01'"
    assert 20 < db.execute(due).fetchone()[0] < 120
    assert db.execute("SELECT count(*) FROM contact WHERE name > 'ऀ' AND name < '०'").fetchone()[0] > PEOPLE / 30


def test_same_seed_gives_the_same_book(book, tmp_path):
    """Fail if a measurement could not be repeated, or if another seed makes no other book."""
    assert dumped(generated(tmp_path / "again.db")) == dumped(book)
    assert dumped(generated(tmp_path / "other.db", "--seed", "2"))["contact"] != dumped(book)["contact"]


@pytest.mark.parametrize("kind", ["--csv", "--vcf"])
def test_files_are_read_whole(kind, tmp_path, monkeypatch, capsys):
    """Fail if a generated file loses somebody on the way into a book."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("CRM_BOOK", str(tmp_path / "book.db"))
    monkeypatch.setenv("CRM_NOW", NOW)
    monkeypatch.setenv("TZ", "UTC")

    assert run(["import", str(generated(tmp_path / "people.file", kind)), "--quiet"]) == Exit.OK

    db = sqlite3.connect(tmp_path / "book.db")
    assert db.execute("SELECT count(*) FROM contact").fetchone()[0] == PEOPLE
    assert db.execute("SELECT count(*) FROM custom_field").fetchone()[0] == 0
    assert problems(db) == []
    capsys.readouterr()
