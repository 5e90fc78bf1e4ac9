"""The user's own fields, and typed values of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from crm_cli.core import fields as table
from crm_cli.core.text.folding import fold, nfc
from crm_cli.core.when import parse_birthday
from crm_cli.errors import ConflictError, Hint, NotFoundError, UsageError
from crm_cli.models import CompanyCustom, ContactCustom, CustomField
from crm_cli.queries.fields import key_of

if TYPE_CHECKING:
    from crm_cli.book.book import Book

TYPES = ("text", "number", "date", "yesno", "choice")

YES, NO = frozenset({"yes", "y", "true", "1", "on"}), frozenset({"no", "n", "false", "0", "off"})


def add(book: Book, name: str, *, type_: str = "text", choices: tuple[str, ...] = ()) -> int:
    """Add a field of one's own; return its id. Raises UsageError for a name or type that cannot be."""
    label, key = " ".join(nfc(name).split()), key_of(name)
    fits = all(char.isalnum() or char == "-" or (char.isprintable() and not char.isascii()) for char in key)
    if not key or not fits or not label.isprintable() or key[0] == "-":
        raise UsageError(f"{name!r} is no name for a field", hint="letters, digits and -")
    if _is_built_in(key):
        raise UsageError(f"{key} is a field already")
    if type_ not in TYPES:
        raise UsageError(f"{type_!r} is no type", hint="types: " + ", ".join(TYPES))
    if (type_ == "choice") != bool(choices):
        raise UsageError("a choice needs its choices", hint=Hint("example-choices"))
    if find(book, key):
        raise ConflictError(f"there is a field {key} already")
    field = CustomField(name=key, label=label, type=type_, choices="\n".join(choices))
    book.session.add(field)
    book.flush()
    return field.id or 0


def _is_built_in(key: str) -> bool:
    return key in table.LABELLED or any(key == field.name or key in field.aliases for field in table.CONTACT_FIELDS)


def find(book: Book, name: str) -> CustomField | None:
    """Return the field of that name, or None."""
    return book.session.exec(select(CustomField).where(CustomField.name == key_of(name))).first()


def remove(book: Book, name: str) -> int:
    """Remove a field with its values; return how many values went. Raises NotFoundError."""
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
    """Return the names of the user's own fields."""
    return list(book.session.exec(select(CustomField.name).order_by(col(CustomField.name))))


def set_value(book: Book, owner: dict[str, int], name: str, value: str) -> None:
    """Set a person's or a company's value of a field, or clear it. Raises UsageError for a value not of its type."""
    field = find(book, name)
    if field is None or field.id is None:
        raise NotFoundError(f"there is no field {name}")
    model = ContactCustom if "contact_id" in owner else CompanyCustom
    have = book.session.get(model, (*owner.values(), field.id))
    if not value:
        if have is not None:
            book.session.delete(have)
    elif have is None:
        book.session.add(model(**owner, field_id=field.id, value=typed(field, value)))
    else:
        have.value = typed(field, value)
    book.flush()


def typed(field: CustomField, value: str) -> str:
    """Return a value in the form its type is kept in: numbers plain, dates ISO 8601, yes or no."""
    value = nfc(value).strip()
    if field.type == "number":
        return _number(field, value)
    if field.type == "date":
        return _date(field, value)
    if field.type == "yesno":
        word = fold(value)
        if word not in YES | NO:
            raise UsageError(f"{field.name} takes yes or no, not {value}")
        return "yes" if word in YES else "no"
    if field.type == "choice":
        match = [choice for choice in field.choices.split("\n") if fold(choice) == fold(value)]
        if not match:
            raise UsageError(f"{field.name} takes one of: {', '.join(field.choices.split(chr(10)))}")
        return match[0]
    return value


def _number(field: CustomField, value: str) -> str:
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(value.replace("_", ""))
    except InvalidOperation as error:
        raise UsageError(f"{field.name} takes a number, not {value}") from error
    if not number.is_finite():
        raise UsageError(f"{field.name} takes a number, not {value}")
    return format(number, "f")


def _date(field: CustomField, value: str) -> str:
    try:
        found = parse_birthday(value)
    except UsageError as error:
        raise UsageError(f"{field.name} takes a date, as in 2027-03-31; not {value}") from error
    if found.startswith("-"):
        raise UsageError(f"{field.name} takes a date with its year, as in 2027-03-31; not {value}")
    return found
