"""The formats of single values: how each is checked when it is read, and how a column's value is written.

A reader takes a value and its place in the file (``contacts[3].birthday``), and returns the column's value. It raises
FormatError for an invalid one. A writer takes the column's value, its whole row and the user's zone; without a writer,
the value is written as it is.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import rrule
from crm_cli.core.cadence import is_span
from crm_cli.core.daily import Money
from crm_cli.core.instants import iso_local, utc
from crm_cli.core.limits import LARGEST_ID
from crm_cli.core.money import exact, plain
from crm_cli.errors import FormatError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Row = dict[str, Any]
"""Column -> value."""

REACH = {2: "reach", 1: "attempt", 0: None}
"""Number in the book -> word in the file."""


class Codec(NamedTuple):
    """The format of a value: its reader and its writer."""

    read: Callable[[Any, str], Any]
    write: Callable[[Any, Mapping[str, Any], str], Any] | None = None


def wrong(where: str, wanted: str) -> FormatError:
    """Return the error for a value that is not what it must be."""
    return FormatError(f"{where} is not {wanted}")


def _optional(read: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    return lambda value, where: None if value is None else read(value, where)


def _text(value: Any, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise wrong(where, "a text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise wrong(where, "valid Unicode text") from error
    return value


def _number(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise wrong(where, "a whole number")
    return value


def _flag(value: Any, where: str) -> int:
    if value is None or isinstance(value, bool):
        return int(bool(value))
    raise wrong(where, "true or false")


def _instant(value: Any, where: str) -> str:
    try:
        moment = datetime.fromisoformat(_text(value, where))
        if moment.tzinfo is not None:
            return utc(moment)
    except (ValueError, OverflowError):
        pass
    raise wrong(where, "a time with its offset, as in 2026-11-22T09:30:00+01:00")


def _write_instant(value: Any, _row: Mapping[str, Any], zone: str) -> str | None:
    return None if value is None else iso_local(value, zone)


def _reach(value: Any, where: str) -> int:
    for number, word in REACH.items():
        if value == word:
            return number
    raise wrong(where, "reach, attempt or null")


def _amount(value: Any, where: str) -> int:
    if not isinstance(value, dict):
        raise wrong(where, "an amount")
    try:
        return exact(_text(value.get("amount"), where), _text(value.get("currency"), where)).minor
    except UsageError as error:
        raise FormatError(f"{where}: {error}") from error


def _write_amount(value: Any, row: Mapping[str, Any], _zone: str) -> Row | None:
    return None if value is None else {"amount": plain(Money(value, row["currency"]))}


def _rule(value: Any, where: str) -> str:
    try:
        rrule.read(_text(value, where))
    except UsageError as error:
        raise FormatError(f"{where}: {error}") from error
    return str(value)


def _day(value: Any, where: str) -> str:
    try:
        return date.fromisoformat(_text(value, where)).isoformat()
    except ValueError as error:
        raise wrong(where, "a day, as in 2026-11-22") from error


def _span(value: Any, where: str) -> str:
    if not (text := _text(value, where)) or is_span(text):
        return text
    raise wrong(where, "a span, as in 6w")


def _clock(value: Any, where: str) -> str:
    try:
        return f"{time.fromisoformat(_text(value, where)):%H:%M}"
    except ValueError as error:
        raise wrong(where, "a time of day, as in 09:00") from error


TEXT = Codec(_text)
OPTIONAL_TEXT = Codec(_optional(_text))
TEXT_OR_NULL = Codec(_text, lambda value, _row, _zone: value or None)
"""A text that is ``""`` in the book and null in the file if it is missing."""
NUMBER = Codec(_number)
OPTIONAL_NUMBER = Codec(_optional(_number))
FLAG = Codec(_flag, lambda value, _row, _zone: bool(value))
INSTANT = Codec(_instant, _write_instant)
OPTIONAL_INSTANT = Codec(_optional(_instant), _write_instant)
RULE = Codec(_rule)
DAY = Codec(_day)
OPTIONAL_DAY = Codec(_optional(_day))
SPAN = Codec(_span)
OPTIONAL_CLOCK = Codec(_optional(_clock))
REACHED = Codec(_reach, lambda value, _row, _zone: REACH[value])
AMOUNT = Codec(_optional(_amount), _write_amount)
"""An amount in minor units; its currency, a separate key, determines the number of decimals."""

INSTANTS = (INSTANT, OPTIONAL_INSTANT)


def reference(letter: str, *, optional: bool = False) -> Codec:
    """Return the format of a printed id: its letter and a number, or without a letter a number."""

    def read(value: Any, where: str) -> int:
        number = _digits(value, letter) if letter else value
        if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < LARGEST_ID:
            raise wrong(where, f"an id, as in {letter}12")
        return number

    def write(value: Any, _row: Mapping[str, Any], _zone: str) -> str | None:
        return None if value is None else f"{letter}{value}"

    return Codec(_optional(read) if optional else read, write if letter else None)


def _digits(value: Any, letter: str) -> int | None:
    """Return the number after the letter of an id, or None for anything else."""
    is_id = isinstance(value, str) and value.startswith(letter) and value[1:].isdecimal() and len(value) < 19
    return int(value[1:]) if is_id else None
