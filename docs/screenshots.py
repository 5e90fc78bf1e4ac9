"""Pictures for the README and the guide: the demo's book on a fixed day, drawn and printed by the program itself.

``python docs/screenshots.py`` writes ``docs/pictures/*.svg``; a test fails when the keys or the words in one are stale.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FOLDER = Path(__file__).resolve().parent / "pictures"
NOW = "2026-11-19T09:00:00+05:30"
"""A Thursday."""
SIZE = (128, 34)
PICTURES: dict[str, tuple[str, ...]] = {
    "today": ("down", "down"),
    "people": ("2", "slash", *"tag:client", "enter", "down", "down"),
    "pipeline": ("3", "v", "right"),
}
"""picture of the README -> the keys that lead to it."""
SAID = ("P", *"ouches", "colon", "space", *"40", "space", *"000", "space", *"in", "space", "J", *"anuary")
STEP = (*"mon", "space", *"10am", "colon", "space", *"send", "space", *"the", "space", *"proof")
"""What is typed into the form of a call, key by key: what was said, and the next step."""
GUIDE: dict[str, tuple[str, ...]] = {
    "companies": ("f2", *("down",) * 8),
    "log": ("2", "slash", *"asha", "enter", "l", *SAID, *("tab",) * 4, *STEP),
    "palette": ("ctrl+p", *"sha"),
}
"""picture of the guide -> the keys that lead to it."""
PROMPTS = {
    "prompt-today": ("today",),
    "prompt-show": ("show", "asha", "verma"),
    "prompt-board": ("deal", "board"),
}
"""picture -> the command whose output it shows."""
COLUMNS = 112


def make_book(path: Path) -> None:
    """Fill the demonstration's book."""
    from crm_cli.entry import run

    os.environ.update({"CRM_NOW": NOW, "TZ": "Asia/Kolkata", "LANG": "en_IN.UTF-8"})
    kept, sys.stdout = sys.stdout, open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    try:
        run(["demo", str(path), "-q"])
    finally:
        sys.stdout.close()
        sys.stdout = kept


async def picture(path: Path, keys: Iterable[str], *, size: tuple[int, int] = SIZE, theme: str = "dark") -> str:
    """Return the SVG of what the keys lead to."""
    from crm_cli.session import Session
    from crm_cli.tui.app import Dashboard

    moment = datetime.fromisoformat(NOW).astimezone(UTC)
    app = Dashboard(Session(path, "Asia/Kolkata", "IN", lambda: moment, theme=theme, locale="en", currency=""))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        return anchored(app.export_screenshot(title="crm", simplify=True))


def prompt(path: Path, command: Sequence[str]) -> str:
    """Return the SVG of what a command prints on a terminal."""
    from rich.console import Console
    from rich.text import Text

    form = "text" if command[0] == "show" else "table"
    words = [sys.executable, "-m", "crm_cli", *command, "--format", form, "--color", "always", "--book", str(path)]
    env = {**os.environ, "COLUMNS": str(COLUMNS)}
    printed = subprocess.run(words, env=env, capture_output=True, check=True, encoding="utf-8").stdout  # noqa: S603
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True)
        console.print(Text("$ crm " + " ".join(command), style="bold"))
        console.print(Text.from_ansi(printed), end="")
    return anchored(console.export_svg(title=" ".join(["crm", *command]), unique_id=command[-1]))


CELL = 12.2
"""How wide a cell of the picture is."""
_INDENTED = re.compile(r'x="([\d.]+)"( y="[\d.]+") textLength="([\d.]+)"([^>]*)>((?:&#160;)+)(?=[^&<]|&(?!#160;))')


def anchored(svg: str) -> str:
    """Let each text begin where its first letter stands: some viewers drop the blanks that a text begins with."""

    def moved(found: re.Match[str]) -> str:
        left, y, length, more, blanks = found.groups()
        shift = blanks.count(";") * CELL
        return f'x="{float(left) + shift:g}"{y} textLength="{float(length) - shift:g}"{more}>'

    return _INDENTED.sub(moved, svg)


async def settled(pilot: object) -> None:
    """Wait until the book has answered and the screen is drawn."""
    for _ in range(3):
        await pilot.pause(0.08)  # type: ignore[attr-defined]


def main() -> None:
    """Write the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "demo.db"
        make_book(book)
        for name, keys in (PICTURES | GUIDE).items():
            (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(book, keys)), encoding="utf-8")
        for name, command in PROMPTS.items():
            (FOLDER / f"{name}.svg").write_text(prompt(book, command), encoding="utf-8")


if __name__ == "__main__":
    main()
