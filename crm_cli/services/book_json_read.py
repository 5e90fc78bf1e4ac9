"""Read a JSON file of any size member by member, and validate its values before they become rows."""

from __future__ import annotations

import json
from datetime import datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

from crm_cli.core.limits import LARGEST_ID
from crm_cli.core.money import exact
from crm_cli.core.when import utc
from crm_cli.errors import FormatError, UsageError
from crm_cli.queries.book_json import REACH, Key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

BLOCK = 1 << 18
LARGEST = 1 << 26
"""Maximum characters of one record."""
_SPACE = " \t\r\n"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


_decoder = json.JSONDecoder(parse_constant=_no_constant)


class _Text:
    """The text of a file, read through a sliding window."""

    def __init__(self, stream: BinaryIO) -> None:
        stream.seek(0)
        self.wrapper = TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        self.text, self.at, self.ended = "", 0, False

    def more(self) -> bool:
        """Read on; return whether there was more."""
        if self.ended or len(self.text) - self.at > LARGEST:
            return False
        part = self.wrapper.read(max(BLOCK, len(self.text) - self.at))
        self.text, self.at, self.ended = self.text[self.at :] + part, 0, not part
        return bool(part)

    def peek(self) -> str:
        """Return the next character that is not white space, or ``""`` at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in _SPACE:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def take(self, wanted: str) -> None:
        """Step over one of the ``wanted`` characters."""
        found = self.peek()
        if not found or found not in wanted:
            raise FormatError(f"the JSON is broken: {wanted[0]} expected, not {found or 'the end'}")
        self.at += 1

    def value(self) -> Any:
        """Return the next JSON value."""
        self.peek()
        while True:
            try:
                found, end = _decoder.raw_decode(self.text, self.at)
            except ValueError as error:
                if not self.more():
                    raise FormatError(f"the JSON is broken: {error}") from error
                continue
            except RecursionError as error:
                raise FormatError("the JSON is nested too deep to be a book") from error
            if end < len(self.text) or not self.more():
                self.at = end
                return found


def members(stream: BinaryIO) -> Iterator[tuple[str, int, Any]]:
    """Yield the elements of the file's lists one by one (key, number, value); any other member with number -1."""
    text = _Text(stream)
    try:
        text.take("{")
        while text.peek() != "}":
            name = text.value()
            if not isinstance(name, str):
                raise FormatError("the JSON is broken: a key is no text")
            text.take(":")
            if text.peek() == "[":
                yield from _elements(text, name)
            else:
                yield name, -1, text.value()
            if text.peek() != "}":
                text.take(",")
        text.take("}")
        if text.peek():
            raise FormatError("the JSON is broken: there is more after its end")
    except UnicodeDecodeError as error:
        raise FormatError("the file is no UTF-8 text") from error
    finally:
        text.wrapper.detach()


def _elements(text: _Text, name: str) -> Iterator[tuple[str, int, Any]]:
    text.take("[")
    number = 0
    while text.peek() != "]":
        if number:
            text.take(",")
        yield name, number, text.value()
        number += 1
    text.take("]")


def columns(keys: Sequence[Key], found: Any, where: str) -> dict[str, Any]:
    """Return the columns that an object defines. Raises FormatError naming the place of an invalid value."""
    if not isinstance(found, dict):
        raise FormatError(f"{where} is no object")
    row = {}
    for key in keys:
        outer, dot, inner = key.key.partition(".")
        value = found.get(outer)
        if dot:
            value = value.get(inner) if isinstance(value, dict) else None
        row[key.column] = _read(key.codec, value, f"{where}.{key.key}")
    return row


def modern(activity: Any, where: str) -> Any:
    """Return an activity in the form of version 3, where ``hidden_until`` replaces the older snoozed reminder."""
    reminders = activity.get("reminders") if isinstance(activity, dict) else None
    if not isinstance(reminders, list):
        return activity
    kept, until = [], activity.get("hidden_until")
    for number, each in enumerate(reminders):
        if isinstance(each, dict) and _flag(each.get("snoozed"), f"{where}.reminders[{number}].snoozed"):
            until = each.get("at")
        else:
            kept.append(each)
    return {**activity, "reminders": kept, "hidden_until": until}


def _read(codec: str, value: Any, where: str) -> Any:
    read = CODECS.get(codec)
    if codec.endswith("ref"):
        return _ref(codec, value, where)
    if read is None:
        raise FormatError(f"{where}: there is no such value")
    return read(value, where)


def _wrong(where: str, wanted: str) -> FormatError:
    return FormatError(f"{where} is no {wanted}")


def _text(value: Any, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong(where, "text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _wrong(where, "valid Unicode text") from error
    return value


def _maybe(value: Any, where: str) -> str | None:
    return None if value is None else _text(value, where)


def _number(value: Any, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise _wrong(where, "whole number")
    return value


def _maybe_number(value: Any, where: str) -> int | None:
    return None if value is None else _number(value, where)


def _flag(value: Any, where: str) -> int:
    if value is None or isinstance(value, bool):
        return int(bool(value))
    raise _wrong(where, "true or false")


def _instant(value: Any, where: str) -> str:
    try:
        moment = datetime.fromisoformat(_text(value, where))
        if moment.tzinfo is not None:
            return utc(moment)
    except (ValueError, OverflowError):
        pass
    raise _wrong(where, "time with its offset, as in 2026-11-22T09:30:00+01:00")


def _maybe_instant(value: Any, where: str) -> str | None:
    return None if value is None else _instant(value, where)


def _reach(value: Any, where: str) -> int:
    for number, word in REACH.items():
        if value == word:
            return number
    raise _wrong(where, "reach, attempt or null")


def _ref(codec: str, value: Any, where: str) -> int | None:
    """Parse a printed id with its letter."""
    if value is None and codec.startswith("?"):
        return None
    letter = codec.lstrip("?").removesuffix("ref").rstrip("-")
    if letter and isinstance(value, str) and value[:1] == letter and value[1:].isdecimal() and len(value) < 19:
        value, letter = int(value[1:]), ""
    if not letter and isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST_ID:
        return value
    raise _wrong(where, f"id, as in {letter}12")


def _minor(value: Any, where: str) -> int | None:
    """Parse an amount in minor units; its currency, a separate key, determines the number of decimals."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise _wrong(where, "amount")
    try:
        return exact(_text(value.get("amount"), where), _text(value.get("currency"), where)).minor
    except UsageError as error:
        raise FormatError(f"{where}: {error}") from error


CODECS: Mapping[str, Callable[[Any, str], Any]] = {
    "text": _text,
    "maybe": _maybe,
    "blank": _text,
    "number": _number,
    "maybe-number": _maybe_number,
    "flag": _flag,
    "instant": _instant,
    "maybe-instant": _maybe_instant,
    "reach": _reach,
    "minor": _minor,
}
