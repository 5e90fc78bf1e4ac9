"""Guess the code page of the text of a vCard file that is neither UTF-8 nor in a CHARSET that its line names.

Old phones and Outlook wrote such cards in the code page of their country, raw or as quoted-printable.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import BinaryIO

from crm_cli.formats.decoding import CHUNK, WORDS

_SEPARATORS = re.compile(rb"[;,\s]+")
_QUOTED = re.compile(rb"QUOTED-PRINTABLE[^:\n]*:((?:[^\n]*=\n)*[^\n]*)", re.IGNORECASE)
_CHARSET = b"CHARSET="
_LONGEST = 10_000
"""Maximum bytes of a line; a longer one is a picture."""
_UNLIKELY = frozenset(("mac-roman", "cp850", "cp852", "cp866"))
"""Code pages of DOS and of Macs older than vCard; quotation marks of Windows-1252 look like letters of theirs."""


def page(stream: BinaryIO, *, raw: bool) -> str:
    """Return the code page that the words of a file are in, ``""`` if none but Windows-1252 is likely.

    ``raw``: the file has bytes beyond ASCII that are not UTF-8; otherwise only quoted-printable can have them.
    """
    words: dict[bytes, None] = {}
    room = WORDS
    for value in _values(stream, raw=raw):
        for word in _SEPARATORS.split(value):
            if not word.isascii() and word not in words and len(word) < room:
                words[word] = None
                room -= len(word) + 1
        if room < _LONGEST:
            break
    if not words:
        return ""
    from crm_cli.formats.code_pages import DEFAULT, guess

    found = guess(b"\n".join(words))
    return found.encoding if found.certain and found.encoding not in (DEFAULT, *_UNLIKELY) else ""


def _values(stream: BinaryIO, *, raw: bool) -> Iterator[bytes]:
    """Yield the values without CHARSET that are not UTF-8; of one that lies in two chunks, the first part."""
    stream.seek(0)
    while chunk := stream.read(CHUNK):
        is_quoted = b"QUOTED-PRINTABLE" in chunk.upper()
        if not raw and not is_quoted:
            continue
        text = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        for found in _QUOTED.finditer(text) if is_quoted else ():
            head = text[text.rfind(b"\n", 0, found.start()) + 1 : found.start(1)]
            if _CHARSET not in head.upper() and not _is_utf8(value := binascii.a2b_qp(found[1][:_LONGEST])):
                yield value
        for line in text.split(b"\n") if raw else ():
            head, _, value = line[:_LONGEST].partition(b":")
            if not value.isascii() and _CHARSET not in head.upper() and not _is_utf8(value):
                yield value


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
