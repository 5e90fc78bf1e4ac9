"""Keys by chance: whatever is pressed, nothing crashes and the book stays whole.

The suite presses for a few seconds; ``CRM_RANDOM_SECONDS=600 pytest tests/tui/test_random_keys.py`` for as long as one
likes, ``CRM_RANDOM_SEED`` repeats a run.
"""

from __future__ import annotations

import os
import random
import shutil
import time

from test_snapshots import demo  # noqa: F401  (a fixture)
from textual.pilot import Pilot
from tui_support import desk, drive, settled

SECONDS = float(os.environ.get("CRM_RANDOM_SECONDS", "5"))
SEED = int(os.environ.get("CRM_RANDOM_SEED", "11"))
KEYS = (
    *"jkgGnNduolmspxctaevyYDTuiE123 /?+:w<>HL", *("enter", "escape", "tab", "down", "up", "left", "right"),
    *("backspace", "ctrl+d", "ctrl+u", "ctrl+r", "ctrl+w", "home", "end", "pagedown", "ctrl+p", "ctrl+s"), "shift+down",
    *("fri", "+vip", "asha", "tag:client", "(", "fri: x", "\x07", "हिन्दी", "王"),
)  # fmt: skip

NAMED = {" ": "space", "/": "slash", "?": "question_mark", "<": "less_than_sign", ">": "greater_than_sign"}


async def _type(pilot: Pilot, key: str) -> None:
    if len(key) == 1 or key in pilot.app.screen.__class__.__name__ or "+" in key[1:] or key.isidentifier():
        await pilot.press(NAMED.get(key, key))
    else:
        await pilot.press(*({" ": "space", ":": "colon"}.get(letter, letter) for letter in key))


def test_keys_by_chance(demo, tmp_path, crm, monkeypatch):  # noqa: F811
    """No failure, and `crm check` finds nothing."""
    book = tmp_path / "demo.db"
    shutil.copy(demo, book)
    chance = random.Random(SEED)
    monkeypatch.setattr("crm_cli.tui.app.Dashboard.edited", lambda *_, **__: chance.choice(["", "a note", None]))
    pressed: list[str] = []

    async def work(pilot):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            key = chance.choice(KEYS)
            pressed.append(key)
            await _type(pilot, key)
            if chance.random() < 0.1:
                await settled(pilot)
            assert pilot.app.failure is None, (SEED, pressed[-20:])
        await settled(pilot)

    app = drive(desk(book), work, size=chance.choice([(80, 24), (120, 40), (40, 12)]))

    assert app.failure is None
    assert len(pressed) > 20
    assert crm("check", "--book", str(book)).code == 0
