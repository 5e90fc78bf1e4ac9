"""Keys by chance, alone and in bursts, on a full book and on an empty one: nothing crashes, the book stays whole.

The suite presses for a few seconds; ``CRM_RANDOM_SECONDS=600 pytest tests/tui/test_random_keys.py`` for as long as one
likes in each case, ``CRM_RANDOM_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import random
import shutil
import time

import pytest
from test_snapshots import demo  # noqa: F401  (a fixture)
from textual.pilot import Pilot
from tui_support import KEYS as NAMED
from tui_support import burst, drive, session, settled

from crm_cli.errors import CrmError

SECONDS = float(os.environ.get("CRM_RANDOM_SECONDS", "4"))
SEED = int(os.environ.get("CRM_RANDOM_SEED", "11"))
KEYS = (
    *"jkgGnNduolmspxctaevyYDTuiE123 /?+:w<>HLSrWOIX", "f2", *("enter", "escape", "tab", "down", "up", "left", "right"),
    *("backspace", "ctrl+d", "ctrl+u", "ctrl+r", "ctrl+w", "home", "end", "pagedown", "ctrl+p", "ctrl+s"), "shift+down",
    *("ctrl+o", "delete", "ctrl+j", "ctrl+t", "ctrl+g", "ctrl+q", "b"),
    *("fri", "+vip", "asha", "tag:client", "(", "fri: x", "\x07", "हिन्दी", "王"),
)  # fmt: skip
WORDS = {"fri", "+vip", "asha", "tag:client", "fri: x", "हिन्दी"}
"""What is typed letter by letter."""
CASES = [("demo", (80, 24)), ("demo", (160, 50)), ("empty", (80, 24)), ("empty", (160, 50)), ("demo", (40, 12))]


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

    app = drive(session(book), work, size=size)

    print(f"{len(pressed)} keys, {name} {size}, seed {SEED}")
    assert app.failure is None, (SEED, pressed[-20:])
    assert pressed
    if book.exists():
        assert crm("check", "--book", str(book)).code == 0
