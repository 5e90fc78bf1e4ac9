"""The types of custom fields, and the stored form of their values."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.days import parse_birthday
from crm_cli.core.text.folding import fold, nfc
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = {
    **dict.fromkeys(("yes", "y", "true", "1", "on"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "off"), "no"),
}


class TypedField(NamedTuple):
    """The name and type of a custom field; ``choices`` are the values of a choice field, one per line."""

    name: str
    type: str
    choices: str = ""


def typed(field: TypedField, value: str) -> str:
    """Return a value in the stored form of its type: plain numbers, ISO 8601 dates, yes or no.

    Raises UsageError if the value does not fit the type.
    """
    return _FORMS[field.type](field, nfc(value).strip())


def _text(_field: TypedField, value: str) -> str:
    return value


def _number(field: TypedField, value: str) -> str:
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(value.replace("_", ""))
    except InvalidOperation as error:
        raise UsageError(f"{field.name} takes a number, not {value}") from error
    if not number.is_finite():
        raise UsageError(f"{field.name} takes a number, not {value}")
    return format(number, "f")


def _date(field: TypedField, value: str) -> str:
    try:
        found = parse_birthday(value)
    except UsageError as error:
        raise UsageError(f"{field.name} takes a date, as in 2027-03-31; not {value}") from error
    if found.startswith("-"):
        raise UsageError(f"{field.name} takes a date with its year, as in 2027-03-31; not {value}")
    return found


def _yesno(field: TypedField, value: str) -> str:
    word = _WORDS.get(fold(value))
    if word is None:
        raise UsageError(f"{field.name} takes yes or no, not {value}")
    return word


def _choice(field: TypedField, value: str) -> str:
    choices = field.choices.split("\n")
    found = next((choice for choice in choices if fold(choice) == fold(value)), None)
    if found is None:
        raise UsageError(f"{field.name} takes one of: {', '.join(choices)}")
    return found


_FORMS: dict[str, Callable[[TypedField, str], str]] = {
    "text": _text, "number": _number, "date": _date, "yesno": _yesno, "choice": _choice,
}  # fmt: skip
TYPES = tuple(_FORMS)
