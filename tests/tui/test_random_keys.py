"""Keys by chance, alone and in bursts, on a full book and on an empty one: nothing crashes, the book stays whole.

Meanwhile another process writes, and the editor fails now and then. The suite presses for a minute in all;
``CRM_RANDOM_SECONDS=600 pytest tests/tui/test_random_keys.py`` for as long as one likes in each case, and
``CRM_RANDOM_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from test_snapshots import demo  # noqa: F401  (a fixture)
from textual.pilot import Pilot
from tui_support import KEYS as NAMED
from tui_support import burst, drive, session, settled

from crm_cli.errors import CrmError

SECONDS = float(os.environ.get("CRM_RANDOM_SECONDS", "5"))
SEED = int(os.environ.get("CRM_RANDOM_SEED", "11"))
KEYS = (
    *"jkgGnNduolmspxctaevyYDTuiE123 /?+:w<>HLSrWOIX", "f2", *("enter", "escape", "tab", "down", "up", "left", "right"),
    *("backspace", "ctrl+d", "ctrl+u", "ctrl+r", "ctrl+w", "home", "end", "pagedown", "ctrl+p", "ctrl+s"), "shift+down",
    *("ctrl+o", "delete", "ctrl+j", "ctrl+t", "ctrl+g", "ctrl+q", "b"),
    *("fri", "+vip", "asha", "tag:client", "(", "fri: x", "\x07", "हिन्दी", "王"),
)  # fmt: skip
WORDS = {"fri", "+vip", "asha", "tag:client", "fri: x", "हिन्दी"}
"""What is typed letter by letter."""
CASES = [(name, size) for size in ((60, 14), (80, 24), (160, 50)) for name in ("demo", "empty")]
WRITER = """
import random, sys, time
from pathlib import Path
from crm_cli.book import undo
from crm_cli.book.book import Book
from crm_cli.errors import ConflictError
from crm_cli.services import contacts
chance = random.Random(int(sys.argv[2]))
while True:
    time.sleep(chance.uniform(0.1, 0.8))
    with Book.write(Path(sys.argv[1])) as book:
        with book.change("add", now="2026-11-22T09:00:00Z", origin="cron") as made:
            contacts.add(book, "Passing By", [], now="2026-11-22T09:00:00Z", region="IN")
        time.sleep(chance.uniform(0.0, 0.2))
        try:
            undo.undo(book.db, made.id)
        except ConflictError:  # the keys have changed that person meanwhile
            pass
"""
"""Adds a person, and removes them again."""


@contextmanager
def written_by_another(book):
    """Have another process write the book."""
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(book), str(SEED)], stderr=subprocess.PIPE, text=True)
    try:
        yield
        assert process.poll() is None, process.stderr.read()
    finally:
        process.kill()
        process.communicate()


async def _type(pilot: Pilot, key: str) -> None:
    await pilot.press(*(NAMED.get(one, one) for one in (key if key in WORDS else [key])))


@pytest.mark.parametrize(("name", "size"), CASES, ids=str)
def test_keys_by_chance(demo, tmp_path, crm, monkeypatch, name, size):  # noqa: F811
    """No failure, and `crm check` finds nothing."""
    book = tmp_path / "chance.db"
    if name == "demo":
        shutil.copy(demo, book)
    chance = random.Random(SEED)

    def edited(*_):
        if chance.random() < 0.3:
            raise CrmError("the editor failed")
        return chance.choice(["", "a note"])

    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", edited)
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.do_quit", lambda *_: None)
    pressed: list[str] = []

    async def work(pilot):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            keys = [chance.choice(KEYS) for _ in range(chance.choice((1, 1, 1, 2, 4, 8)))]
            pressed.extend(keys)
            if len(keys) == 1:
                await _type(pilot, keys[0])
            else:
                await burst(pilot, *(letter for key in keys for letter in (key if key in WORDS else [key])))
            if chance.random() < 0.1:
                await settled(pilot)
            assert pilot.app.failure is None, (SEED, pressed[-20:])
        await settled(pilot)

    with written_by_another(book):
        app = drive(session(book), work, size=size)

    print(f"{len(pressed)} keys, {name} {size}, seed {SEED}")
    assert app.failure is None, (SEED, pressed[-20:])
    assert pressed
    assert crm("check", "--book", str(book)).code == 0
