"""Numbered schema files. ``user_version`` of a book is the number of the last one it has run."""

from __future__ import annotations

import sqlite3
from pathlib import Path

VERSION = 3
"""The schema this program writes; there is one file ``NNNN.sql`` for each number up to it."""


def statements(number: int) -> list[str]:
    """Return the single statements of schema file ``number``."""
    text = (Path(__file__).parent / f"{number:04}.sql").read_text(encoding="utf-8")
    found, held = [], ""
    for line in text.splitlines(keepends=True):
        if not held and (line.isspace() or line.startswith("--")):
            continue
        held += line
        if sqlite3.complete_statement(held):
            found.append(held.strip())
            held = ""
    return found


def build(db: sqlite3.Connection, after: int, until: int | None = None) -> None:
    """Run the schema files after number ``after``, up to the newest or ``until``."""
    for number in range(after + 1, (VERSION if until is None else until) + 1):
        for statement in statements(number):
            db.execute(statement)
