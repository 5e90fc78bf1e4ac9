"""Add, change and remove custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from crm_cli.core import fields as table
from crm_cli.core.custom import TYPES, TypedField, typed
from crm_cli.core.kinds import KINDS
from crm_cli.core.text.folding import nfc
from crm_cli.errors import ConflictError, Hint, NotFoundError, UsageError
from crm_cli.models import CustomField
from crm_cli.queries.fields import key_of

if TYPE_CHECKING:
    from crm_cli.book.book import Book


def add(book: Book, name: str, *, type_: str = "text", choices: tuple[str, ...] = ()) -> int:
    """Add a custom field; return its id. Raises UsageError for an invalid name or type."""
    label, key = " ".join(nfc(name).split()), key_of(name)
    _check_name(name, label, key)
    _check_type(type_, choices)
    if find(book, key):
        raise ConflictError(f"there is a field {key} already")
    field = CustomField(name=key, label=label, type=type_, choices="\n".join(choices))
    book.session.add(field)
    book.flush()
    return field.id or 0


def _check_type(type_: str, choices: tuple[str, ...]) -> None:
    if type_ not in TYPES:
        raise UsageError(f"{type_!r} is not a field type", hint="types: " + ", ".join(TYPES))
    if (type_ == "choice") != bool(choices):
        raise UsageError("a choice needs its choices", hint=Hint("example-choices"))


def _check_name(name: str, label: str, key: str) -> None:
    """Raise UsageError for a name that assignments cannot use."""
    fits = all(char.isalnum() or char == "-" or (char.isprintable() and not char.isascii()) for char in key)
    if not key or not fits or not label.isprintable() or key[0] == "-":
        raise UsageError(f"{name!r} is not a name for a field", hint="letters, digits and -")
    if _is_built_in(key):
        raise UsageError(f"{key} is a field already")


def _is_built_in(key: str) -> bool:
    return key in table.LABELLED or any(key == field.name or key in field.aliases for field in table.CONTACT_FIELDS)


def find(book: Book, name: str) -> CustomField | None:
    """Return the field with that name, or None."""
    return book.session.exec(select(CustomField).where(CustomField.name == key_of(name))).first()


def remove(book: Book, name: str) -> int:
    """Remove a field with its values; return how many values were removed. Raises NotFoundError."""
    field = find(book, name)
    if field is None and _is_built_in(key_of(name)):
        raise UsageError(f"{name} is built in and cannot be removed", hint=Hint("own-fields"))
    if field is None:
        raise NotFoundError(f"there is no field {name}", hint=Hint("list-fields"))
    removed = sum(
        book.db.execute(f"DELETE FROM {kind.name}_custom WHERE field_id = ?", (field.id,)).rowcount
        for kind in KINDS
        if kind.has_custom
    )
    book.session.delete(field)
    book.flush()
    return removed


def change(book: Book, name: str, *, type_: str, choices: tuple[str, ...] = ()) -> int:
    """Change the type of a field, and its values to the form of that type; return how many values changed.

    Raises NotFoundError, UsageError for an invalid type, and ConflictError if a value does not fit it.
    """
    field = find(book, name)
    if field is None:
        raise NotFoundError(f"there is no field {name}", hint=Hint("list-fields"))
    _check_type(type_, choices)
    new = TypedField(field.name, type_, "\n".join(choices))
    changed = sum(_convert(book, kind.name, field.id or 0, new) for kind in KINDS if kind.has_custom)
    field.type, field.choices = type_, new.choices
    book.session.add(field)
    book.flush()
    return changed


def _convert(book: Book, kind: str, field: int, new: TypedField) -> int:
    """Write the values of one kind of record in the form of a type."""
    rows = book.db.execute(f"SELECT DISTINCT value FROM {kind}_custom WHERE field_id = ?", (field,)).fetchall()
    changed = 0
    for (value,) in rows:
        try:
            fitting = typed(new, value)
        except UsageError as error:
            raise ConflictError(f"not every value fits: {error}") from error
        if fitting != value:
            sql = f"UPDATE {kind}_custom SET value = ? WHERE field_id = ? AND value = ?"
            changed += book.db.execute(sql, (fitting, field, value)).rowcount
    return changed


def names(book: Book) -> list[str]:
    """Return the names of the custom fields."""
    return list(book.session.exec(select(CustomField.name).order_by(col(CustomField.name))))
