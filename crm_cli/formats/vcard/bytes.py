"""Decode vCard bytes to text: each line or value by its own CHARSET, as UTF-8, or as Windows-1252.

An invalid byte affects at most itself (``decoding.STRAY``): the valid text around it is unchanged.
"""

from __future__ import annotations

import binascii
import codecs
from typing import NamedTuple

from crm_cli.formats.decoding import STRAY

LEGACY = "cp1252"
"""The encoding of bytes that have no CHARSET and are not UTF-8."""
UNREADABLE = "\ufffd"
_LATIN = 0xD2
"""First Windows-1252 letter that almost never starts a two-byte UTF-8 letter; so do those after it."""


class Decoded(NamedTuple):
    """Text, how many of its bytes could not be decoded, and the code page if it was guessed."""

    text: str
    unreadable: int = 0
    guess: str = ""


def decode(data: bytes, charset: str = "", fallback: str = "", *, utf8: bool = False) -> Decoded:
    """Decode bytes by their own CHARSET, else as UTF-8, else in the card's code page, else as Windows-1252.

    ``utf8``: the surrounding text is UTF-8, so these bytes are treated as UTF-8 with errors.
    """
    for name in (charset, "utf-8", fallback):
        if name:
            try:
                return Decoded(data.decode(name))
            except (LookupError, UnicodeError, ValueError):
                continue
    sound, bad = count(data)
    declared = is_utf8(charset)
    if (utf8 if not sound else 2 * sound >= bad) or (declared and (sound or not _is_latin(data))):
        return Decoded(data.decode("utf-8", STRAY), bad)
    text = data.decode(LEGACY, "replace")
    return Decoded(text, text.count(UNREADABLE), LEGACY)


def count(data: bytes) -> tuple[int, int]:
    """Return how many letters beyond ASCII are valid UTF-8, and how many bytes are invalid."""
    beyond = data.decode("utf-8", "surrogateescape").encode("ascii", "replace").count(b"?") - data.count(b"?")
    bad = len(data) - len(data.decode("utf-8", "ignore").encode())
    return beyond - bad, bad


def is_utf8(charset: str) -> bool:
    """Is this a name of UTF-8?"""
    try:
        return bool(charset) and codecs.lookup(charset).name in ("utf-8", "utf-8-sig")
    except (LookupError, ValueError):
        return False


_WIDER = {
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "cp950",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
}
"""Encoding -> the code page that programs mean by its name (https://encoding.spec.whatwg.org/#names-and-labels)."""
_NO_CHARSET = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape"))


def codec(charset: str) -> str:
    """Return the Python codec for a CHARSET, also one with ``x-`` before its name; ``""`` if it is not known."""
    for name in (charset, charset.lower().removeprefix("x-")):
        try:
            found = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        return "" if found in _NO_CHARSET else _WIDER.get(found, found)
    return ""


def unquote_printable(value: str, charset: str, fallback: str = "") -> Decoded:
    """Decode quoted-printable (RFC 2045 section 6.7) and its CHARSET as ``decode`` does; line endings become LF."""
    text, unreadable, guess = decode(binascii.a2b_qp(value.encode("utf-8", "surrogateescape")), charset, fallback)
    return Decoded(text.replace("\r\n", "\n").replace("\r", "\n"), unreadable, guess)


def _is_latin(data: bytes) -> bool:
    return all(byte >= _LATIN for byte in data if byte > 0x7F)
