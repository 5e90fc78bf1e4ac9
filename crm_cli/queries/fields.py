"""The user's own fields, and how often each is filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.text.folding import fold, nfc

if TYPE_CHECKING:
    import sqlite3


class OwnField(NamedTuple):
    """A field of the user's own: its name, label, type, choices, and the number of records that have a value."""

    name: str
    label: str
    type: str
    choices: tuple[str, ...]
    filled: int


def key_of(name: str) -> str:
    """Return the name that assignments use: folded, its words joined by a dash."""
    return fold(" ".join(nfc(name).split())).replace(" ", "-").replace("_", "-")


def own(db: sqlite3.Connection) -> list[OwnField]:
    """Return the user's own fields by name."""
    rows = db.execute(
        "SELECT name, label, type, choices, (SELECT count(*) FROM contact_custom WHERE field_id = f.id)"
        " + (SELECT count(*) FROM company_custom WHERE field_id = f.id) FROM custom_field f ORDER BY name"
    )
    return [
        OwnField(name, label, type_, tuple(choices.split("\n")) if choices else (), filled)
        for name, label, type_, choices, filled in rows
    ]
