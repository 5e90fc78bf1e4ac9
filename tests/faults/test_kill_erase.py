"""kill -9 in the middle of an erasure: it was not begun, or the next command finishes it and nothing is left."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from forks import Forks, forking
from test_kill_steps import is_sound, note, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NEEDLES = (b"Zerlina", b"zerlina", b"zq@needle.example", b"9820077123", b"Tamarind", b"Kumquat")


@pytest.fixture
def forks(surroundings: dict[str, str]) -> Iterator[Forks]:
    """The process that forks, in the test's surroundings."""
    with forking() as found:
        yield found


@pytest.fixture
def place(crm: Callable[..., object], book_path: Path) -> Path:
    """A folder with a book that holds the person in rows, journal and texts, and a backup of it."""
    crm("add", "Zerlina Quastel", "email=zq@needle.example", "phone=+91 98200 77123", "notes=Kumquat")
    crm("add", "Ravi", "notes=met Zerlina Quastel")
    crm("called", "1", "-m", "Tamarind")
    crm("edit", "1", "notes=Kumquat pie")
    crm("backup")
    return book_path.parent


def left(folder: Path) -> list[tuple[str, bytes]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [(path.name, needle) for path in files for needle in NEEDLES if needle in path.read_bytes()]


def test_an_erasure_killed_at_any_step_is_finished_by_the_next_command(forks: Forks, place: Path) -> None:
    kills = 0
    for done, book in sweep(forks, place, "erase", "1", "--yes", "--redact", "--backups", sql=True, every=61):
        assert forks.run("--book", str(book), "list") == 0
        with closing(sqlite3.connect(book)) as db:
            people = [name for (name,) in db.execute("SELECT name FROM contact ORDER BY id")]
        if len(people) == 1:
            assert people == ["Ravi"]
            assert left(book.parent) == []
            assert is_sound(book)
        else:
            assert not done, "not begun"
        kills += not done

    note("an erasure killed at each step", kills, at_least=18)
