"""Numbered schema files. A book's ``user_version`` is the number of the last one it has run."""

from __future__ import annotations

import os
import sqlite3
from functools import cache

_HERE = os.path.dirname(__file__)  # noqa: PTH120 - pathlib costs 3 ms

VERSION = max(int(name[:4]) for name in os.listdir(_HERE) if name[:4].isdigit())  # noqa: PTH208
"""The schema this program writes: the number of the last file ``NNNN.sql``."""

_CREATES = ("CREATE TABLE ", "CREATE VIRTUAL TABLE ")
_OF_SQLITE = ("sqlite_", "search_fts_")


@cache
def tables(version: int) -> frozenset[str]:
    """Return the names of the tables that a book of schema ``version`` has."""
    text = whole(version)
    if text is None:
        return frozenset(name for number in range(1, version + 1) for name in created(number))
    names = {line.split()[2] for line in text.splitlines() if line.startswith("-- table ")}
    return frozenset(name for name in names if not name.startswith(_OF_SQLITE))


def created(number: int) -> list[str]:
    """Return the names of the tables that schema file ``number`` creates."""
    return [
        statement.removeprefix(start).split()[0]
        for statement in statements(number)
        for start in _CREATES
        if statement.startswith(start)
    ]


@cache
def whole(version: int = VERSION) -> str | None:
    """Return the text of the schema of a new book (see `crm_cli.book.fingerprint`), or None for an old version."""
    try:
        with open(whole_path(version), encoding="utf-8") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return None


def whole_path(version: int = VERSION) -> str:
    """Return the path of the file with the whole schema of a version."""
    return _path(f"whole-{version:04}.sql")


def _path(name: str) -> str:
    return os.path.join(_HERE, name)  # noqa: PTH118


def statements(number: int) -> list[str]:
    """Return the single statements of schema file ``number``."""
    with open(_path(f"{number:04}.sql"), encoding="utf-8") as file:  # noqa: PTH123
        lines = file.readlines()
    found, held = [], ""
    for line in lines:
        if not held and (line.isspace() or line.startswith("--")):
            continue
        held += line
        if sqlite3.complete_statement(held):
            found.append(held.strip())
            held = ""
    return found


def build(db: sqlite3.Connection, after: int, until: int | None = None) -> None:
    """Run the schema files after number ``after``, up to ``until`` or the newest."""
    for number in range(after + 1, (VERSION if until is None else until) + 1):
        for statement in statements(number):
            db.execute(statement)
