"""The types of custom fields, the stored form of their values, and the type that given values suggest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.days import parse_birthday
from crm_cli.core.instants import is_day
from crm_cli.core.text.folding import fold, nfc
from crm_cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_WORDS = {
    **dict.fromkeys(("yes", "y", "true", "1", "on"), "yes"),
    **dict.fromkeys(("no", "n", "false", "0", "off"), "no"),
}

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?", re.ASCII)
"""A number that is not a code: no leading zero, no plus sign, not more digits than a spreadsheet keeps."""
_DAY = re.compile(r"[12]\d{3}-\d\d-\d\d", re.ASCII)
_LEAST = 2
"""How many values show the type of a field."""
_LEAST_CHOSEN, _MOST_CHOICES, _LONGEST_CHOICE, _LEAST_EACH = 30, 8, 30, 3
"""A field of few words: its values at least, the different ones at most, their length, how often each occurs."""


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


_SHOWN: dict[str, Callable[[str], bool]] = {
    "yesno": lambda value: value in ("yes", "no"),
    "number": lambda value: _NUMBER.fullmatch(value) is not None,
    "date": lambda value: _DAY.fullmatch(value) is not None and is_day(value),
}
"""Type -> does a value have exactly the stored form of it?"""


def suggested(values: Iterable[tuple[str, int]]) -> tuple[str, tuple[str, ...]]:
    """Return the type that all stored values fit, and the choices of a ``choice``; ``text`` if there is none.

    ``values`` are pairs of a value and how often it occurs; no more of them are read than are needed.
    """
    possible = list(_SHOWN)
    counts: dict[str, int] = {}
    total = 0
    for value, count in values:
        total += count
        possible = [each for each in possible if _SHOWN[each](value)]
        if len(counts) <= _MOST_CHOICES:
            counts[value] = counts.get(value, 0) + count
        elif not possible:
            return "text", ()
    if possible and total >= _LEAST:
        return possible[0], ()
    return ("choice", tuple(counts)) if total >= _LEAST_CHOSEN and _are_choices(counts) else ("text", ())


def _are_choices(counts: dict[str, int]) -> bool:
    if not 2 <= len(counts) <= _MOST_CHOICES or min(counts.values()) < _LEAST_EACH:
        return False
    return all(len(each) <= _LONGEST_CHOICE and each.isprintable() and "," not in each for each in counts)
