"""Custom fields: their names and types, and how many records have a value for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.kinds import KINDS
from crm_cli.core.text.folding import fold, nfc

if TYPE_CHECKING:
    import sqlite3


class OwnField(NamedTuple):
    """A custom field: its name, label, type, choices, and the number of records that have a value."""

    name: str
    label: str
    type: str
    choices: tuple[str, ...]
    filled: int


def key_of(name: str) -> str:
    """Return the name for assignments: folded, with its words joined by hyphens."""
    return fold(" ".join(nfc(name).split())).replace(" ", "-").replace("_", "-")


def names(db: sqlite3.Connection) -> list[str]:
    """Return the names of the custom fields, in order."""
    return [name for (name,) in db.execute("SELECT name FROM custom_field ORDER BY name")]


def types(db: sqlite3.Connection) -> dict[str, str]:
    """Return the type of each custom field, by name."""
    return dict(db.execute("SELECT name, type FROM custom_field").fetchall())


def own(db: sqlite3.Connection) -> list[OwnField]:
    """Return the custom fields, sorted by name."""
    counts = [f"(SELECT count(*) FROM {kind.name}_custom WHERE field_id = f.id)" for kind in KINDS if kind.has_custom]
    rows = db.execute(f"SELECT name, label, type, choices, {' + '.join(counts)} FROM custom_field f ORDER BY name")
    return [
        OwnField(name, label, type_, tuple(choices.split("\n")) if choices else (), filled)
        for name, label, type_, choices, filled in rows
    ]
