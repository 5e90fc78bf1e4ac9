"""kill -9 in the middle of an import: the book is as before or as after, and sound.

``CRM_KILL_ROWS=50000 CRM_KILLS=30 pytest tests/faults/test_kill_import.py`` is the slow variant.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from support import dump

from crm_cli.book import backup
from crm_cli.book.book import Book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support import Run

    Crm = Callable[..., Run]

ROWS = int(os.environ.get("CRM_KILL_ROWS", "2000"))
KILLS = int(os.environ.get("CRM_KILLS", "5"))


def leads(path: Path, count: int) -> Path:
    """Write a file of so many people."""
    with path.open("w", encoding="utf-8") as file:
        file.write("Name,Email,Phone,Company,City\n")
        for n in range(count):
            file.write(f"Person {n} Sharma,p{n}@mail{n % 97}.example,+9198{n:08d},Company {n % 500},Pune\n")
    return path


def started(*args: str) -> subprocess.Popen[bytes]:
    """Start a command line in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "crm_cli", *args], stderr=subprocess.DEVNULL)


@pytest.mark.parametrize("people", [50, 0])
def test_an_import_killed_at_any_moment(crm: Crm, tmp_path: Path, book_path: Path, people: int) -> None:
    """After each kill the book is the old one or the new one, and crm check finds nothing.

    A book without people is filled without its indexes, which are made at the end.
    """
    Book.write(book_path).close()
    if people:
        crm("import", str(leads(tmp_path / "old.csv", people)))
    file = str(leads(tmp_path / "new.csv", ROWS))
    shutil.copy(book_path, tmp_path / "kept.db")
    old = dump(book_path)
    begun = time.monotonic()
    assert started("import", file).wait() == 0
    took = time.monotonic() - begun
    new_count = {name: len(rows) for name, rows in dump(book_path).items()}
    chance = random.Random(20261122)

    for _ in range(KILLS):
        shutil.copy(tmp_path / "kept.db", book_path)
        process = started("import", file)
        time.sleep(chance.uniform(0.2, 1.0) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with Book.write(book_path) as book:
            assert not backup.problems(book.db)
        after = dump(book_path)
        assert after == old or {name: len(rows) for name, rows in after.items()} == new_count

    assert crm("import", file).code == 0
    assert {name: len(rows) for name, rows in dump(book_path).items()} == new_count
    assert crm("check").code == 0
