"""Pictures of the dashboard for the README: the demonstration's book on a fixed day, drawn by the program itself.

``python docs/screenshots.py`` writes ``docs/pictures/*.svg``; a test fails when the keys or the words in one are stale.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLDER = Path(__file__).resolve().parent / "pictures"
NOW = "2026-11-19T09:00:00+05:30"
"""A Thursday."""
SIZE = (128, 34)
PICTURES: dict[str, tuple[str, ...]] = {
    "today": ("down", "down"),
    "people": ("2", "slash", *"tag:client", "enter", "down", "down"),
    "pipeline": ("3", "v", "right"),
}
"""picture -> the keys that lead to it."""


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
    from crm_cli.tui.app import Dashboard
    from crm_cli.tui.desk import Desk

    moment = datetime.fromisoformat(NOW).astimezone(UTC)
    app = Dashboard(Desk(path, "Asia/Kolkata", "IN", lambda: moment, theme=theme))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        return app.export_screenshot(title="crm", simplify=True)


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
        for name, keys in PICTURES.items():
            (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(book, keys)), encoding="utf-8")


if __name__ == "__main__":
    main()
