"""What a screen shows while the book is empty: where it lies, and the keys that fill it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from crm_cli.tui.widgets.strips import wrapped

if TYPE_CHECKING:
    from crm_cli.session import Session


def lines(session: Session, title: str = "This book is empty.", adds: str = "a person") -> list[str]:
    """Return the lines."""
    where = [title, "", *wrapped(f"It is {_short(session.path)}", WIDTH)]
    if session.readonly:
        return where
    return [*where, "", f"c  add {adds}", *FILLS, "?  see all keys"]


FILLS = ("I  import a file: vCard, CSV, or a book in JSON", "X  fill it with examples, to look around")
"""The keys that fill an empty book, on every screen."""
WIDTH = 52
"""The maximum width of the lines, in cells; a longer path is broken."""


def _short(path: Path) -> str:
    """Return a path, with ``~`` for the user's home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)
