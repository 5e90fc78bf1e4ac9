"""The types of custom fields during an import: new ones get the type that their values show, none refuses a value.

A value that does not fit the type of a field changes the field, so that it is not lost: a choice gets one more, a field
of any other type becomes a text field. Values that are in the book stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.custom import TypedField, suggested, typed
from crm_cli.core.kinds import KINDS
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

_MOST_CHOICES = 30
"""A field with so many choices gets no other; it becomes a text field."""
_SHOWN = 40
"""How many characters of a value a warning shows."""
_NAMES = {"number": "a number", "date": "a date", "yesno": "yes or no", "choice": "one of its choices"}


class FieldTypes:
    """The fields of a book that have a type."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        rows = db.execute("SELECT name, type, choices FROM custom_field WHERE type <> 'text'").fetchall()
        self.fields = {row[0]: TypedField(*row) for row in rows}
        self.changed: list[str] = []
        """What was changed so that values fit, for the user."""

    def fitted(self, name: str, value: str) -> str:
        """Return a value in the stored form of the field ``name``, whose type is changed if the value does not fit."""
        field = self.fields.get(name)
        if field is None:
            return value
        try:
            return typed(field, value)
        except UsageError:
            self._widen(field, value)
            return value

    def _widen(self, field: TypedField, value: str) -> None:
        """Change the type or the choices of a field so that a value fits."""
        choices = field.choices.split("\n") if field.type == "choice" else []
        shown = f"“{value[:_SHOWN]}”"
        if choices and len(choices) < _MOST_CHOICES and value.isprintable() and "," not in value:
            kept = field._replace(choices="\n".join([*choices, value]))
            self.fields[field.name] = kept
            self.changed.append(f"{field.name} has a new choice: {shown}")
        else:
            kept = TypedField(field.name, "text")
            del self.fields[field.name]
            self.changed.append(f"{field.name} is a text field now, because {shown} is not {_NAMES[field.type]}")
        sql = "UPDATE custom_field SET type = ?, choices = ? WHERE name = ?"
        self.db.execute(sql, (kept.type, kept.choices, field.name))


def settle(db: sqlite3.Connection, fields: Iterable[int]) -> None:
    """Give each of these new text fields the type that all its values fit; one of few words becomes a choice."""
    for field in fields:
        type_, choices = suggested(_values(db, field))
        if type_ != "text":
            sql = "UPDATE custom_field SET type = ?, choices = ? WHERE id = ?"
            db.execute(sql, (type_, "\n".join(choices), field))


def _values(db: sqlite3.Connection, field: int) -> Iterator[tuple[str, int]]:
    """Yield the values of a field with how often each occurs, table by table."""
    for kind in KINDS:
        if kind.has_custom:
            sql = f"SELECT value, count(*) FROM {kind.name}_custom WHERE field_id = ? GROUP BY value"
            yield from db.execute(sql, (field,))
