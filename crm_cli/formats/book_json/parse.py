"""Read a JSON file of any size member by member: one record at a time is in memory."""

from __future__ import annotations

import json
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NoReturn

from crm_cli.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

BLOCK = 1 << 18
LARGEST = 1 << 26
"""Maximum characters of one record."""
_SPACE = " \t\r\n"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


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
            raise FormatError(f"invalid JSON: expected {wanted[0]}, found {found or 'the end'}")
        self.at += 1

    def value(self) -> Any:
        """Return the next JSON value."""
        self.peek()
        while True:
            try:
                found, end = _decoder.raw_decode(self.text, self.at)
            except ValueError as error:
                if not self.more():
                    raise FormatError(f"invalid JSON: {error}") from error
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
                raise FormatError("invalid JSON: a key is not a string")
            text.take(":")
            if text.peek() == "[":
                yield from _elements(text, name)
            else:
                yield name, -1, text.value()
            if text.peek() != "}":
                text.take(",")
        text.take("}")
        if text.peek():
            raise FormatError("invalid JSON: more text after the end")
    except UnicodeDecodeError as error:
        raise FormatError("the file is not UTF-8 text") from error
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
