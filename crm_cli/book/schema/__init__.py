"""Numbered schema files. A book's ``user_version`` is the number of the last one it has run."""

from __future__ import annotations

import os
import sqlite3

VERSION = 4
"""The schema this program writes; there is one file ``NNNN.sql`` for each number up to it."""

TABLES = {
    1: (
        "contact", "company", "employment", "contact_point", "postal_address", "tag", "contact_tag", "company_tag",
        "custom_field", "contact_custom", "company_custom", "activity", "activity_participant", "reminder",
        "external_ref", "source_property", "import_run", "change", "change_subject", "change_row", "change_range",
        "search_doc", "search_fts", "search_word", "search_term",
    ),
    2: ("pipeline", "stage", "deal", "deal_participant", "stage_change", "segment"),
}  # fmt: skip
"""The tables that each file creates; a test compares them. Reading the files would slow every look-up."""


def tables(version: int) -> set[str]:
    """Return the names of the tables that a book of schema ``version`` has."""
    return {name for number in range(1, version + 1) for name in TABLES.get(number, ())}


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
    return os.path.join(os.path.dirname(__file__), name)  # noqa: PTH118, PTH120 - pathlib costs 3 ms


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
