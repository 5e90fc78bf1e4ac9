"""Add and remove custom fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from crm_cli.core import fields as table
from crm_cli.core.custom import TYPES
from crm_cli.core.text.folding import nfc
from crm_cli.errors import ConflictError, Hint, NotFoundError, UsageError
from crm_cli.models import CompanyCustom, ContactCustom, CustomField
from crm_cli.queries.fields import key_of

if TYPE_CHECKING:
    from crm_cli.book.book import Book


def add(book: Book, name: str, *, type_: str = "text", choices: tuple[str, ...] = ()) -> int:
    """Add a custom field; return its id. Raises UsageError for an invalid name or type."""
    label, key = " ".join(nfc(name).split()), key_of(name)
    _check_name(name, label, key)
    if type_ not in TYPES:
        raise UsageError(f"{type_!r} is not a field type", hint="types: " + ", ".join(TYPES))
    if (type_ == "choice") != bool(choices):
        raise UsageError("a choice needs its choices", hint=Hint("example-choices"))
    if find(book, key):
        raise ConflictError(f"there is a field {key} already")
    field = CustomField(name=key, label=label, type=type_, choices="\n".join(choices))
    book.session.add(field)
    book.flush()
    return field.id or 0


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
    values = [
        *book.session.exec(select(ContactCustom).where(ContactCustom.field_id == field.id)),
        *book.session.exec(select(CompanyCustom).where(CompanyCustom.field_id == field.id)),
    ]
    for value in values:
        book.session.delete(value)
    book.flush()
    book.session.delete(field)
    book.flush()
    return len(values)


def names(book: Book) -> list[str]:
    """Return the names of the custom fields."""
    return list(book.session.exec(select(CustomField.name).order_by(col(CustomField.name))))
