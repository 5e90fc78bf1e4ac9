"""Map the tags and columns of a file to tags and custom fields, created if missing."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from crm_cli.core.tags import spelled
from crm_cli.core.text.folding import fold, nfc, words
from crm_cli.services import tags

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable

    from crm_cli.services.importing.field_types import FieldTypes


class Vocabulary:
    """Tags and custom fields by name, created if missing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.tags: dict[str, int | None] = {}
        self.tag_names: dict[int, str] = {}
        """The names that tags have in the book, which may be spelled otherwise in the file."""
        self.fields: dict[str, int] = dict(db.execute("SELECT name, id FROM custom_field").fetchall())
        self.labels: dict[str, str] = {}
        self.made: list[int] = []
        """The fields that were created."""

    @cached_property
    def types(self) -> FieldTypes:
        """The types of the fields that the book had before."""
        from crm_cli.services.importing.field_types import FieldTypes

        return FieldTypes(self.db)

    def tag_id(self, name: str) -> int | None:
        """Return the tag with that name; None for a name that cannot be a tag."""
        if name not in self.tags:
            kept = spelled(name)
            self.tags[name] = self._tag(kept) if kept else None
        return self.tags[name]

    def _tag(self, name: str) -> int:
        ref = tags.ensure(self.db, name)
        (self.tag_names[ref],) = self.db.execute("SELECT name FROM tag WHERE id = ?", (ref,)).fetchone()
        return ref

    def field_id(self, name: str) -> int:
        """Return the id of the field ``name`` (see ``field_name``)."""
        return self.fields[name]

    def field_name(self, label: str) -> str:
        """Return the field for a column; it is created as a text field if there is none.

        Two columns of a file never share one, however similar their names are.
        """
        if label not in self.labels:
            self.labels[label] = self._field(label)
        return self.labels[label]

    def _field(self, label: str) -> str:
        shown = _shown(label)
        name = name_for(self.db, label, set(self.labels.values()))
        if name not in self.fields:
            made = self.db.execute(
                "INSERT INTO custom_field (name, label, type, choices) VALUES (?, ?, 'text', '')", (name, shown)
            )
            self.fields[name] = int(made.lastrowid or 0)
            self.made.append(self.fields[name])
        return name


def name_for(db: sqlite3.Connection, label: str, taken: Container[str]) -> str:
    """Return the name of the custom field for a column; ``taken`` are the names of the file's other columns."""
    shown = _shown(label)
    for (name,) in db.execute("SELECT name FROM custom_field WHERE label = ? ORDER BY id", (shown,)):
        if name not in taken:
            return str(name)
    stem = slug(shown)
    name, number = stem, 1
    while name in taken or name in reserved():
        number += 1
        name = f"{stem}-{number}"
    return name


def _shown(label: str) -> str:
    return " ".join(nfc(label).split()) or "column"


def slug(label: str) -> str:
    """Return the name under which a column can be typed: folded letters and digits joined by ``-``."""
    return "-".join(words(label))[:60].strip("-") or "field"


_reserved: list[frozenset[str]] = []


def reserved() -> frozenset[str]:
    """Return the names of built-in fields, which custom fields cannot have."""
    if not _reserved:
        from crm_cli.core.fields import CONTACT_FIELDS, LABELLED

        known_names: Iterable[str] = (word for known in CONTACT_FIELDS for word in (known.name, *known.aliases))
        _reserved.append(frozenset(map(fold, (*known_names, *LABELLED))))
    return _reserved[0]
