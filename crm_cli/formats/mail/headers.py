"""Headers of mail: encoded words, addresses, message ids and dates.

The standard library's structured parser is not used: it raises for many malformed headers, and takes time quadratic in
the length of others. These functions are linear, and return what can be read.
"""

from __future__ import annotations

import binascii
import codecs
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from crm_cli.core import instants, names
from crm_cli.core.mailboxes import Mailbox
from crm_cli.core.text.folding import visible
from crm_cli.formats.decoding import STRAY

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_PIECE = re.compile(
    r'=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=|"(?:[^"\\]|\\.){0,300}"|<[^<>]*>|[(),;:]|[^"<(),;:=]+|.', re.DOTALL
)
"""A piece of a list of mailboxes: an encoded word, a quoted string, an address in brackets, a separator, other text."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_POSES = re.compile(r"\S@\S")
"""A display name with an address in it, which may be another one than it is the name of."""
_COMPANY = re.compile(r",\s*(?:inc|ltd|llc|llp|plc|gmbh|ag|co|corp|s\.?a|b\.?v|n\.?v)\.?$", re.IGNORECASE)
_ID = re.compile(r"<([^<>\s]+)>")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

LONGEST_ADDRESS = 254
"""The maximum length of an address, in characters (RFC 5321 section 4.5.3.1.3)."""
LONGEST_NAME = 200
LONGEST_ID = 250
MOST_IDS = 20
"""How many of the messages in References are looked up, the nearest first."""

_REFUSED = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
"""Codecs that are not character sets of mail; some take time quadratic in the length of the text."""
_WIDER = {
    "ascii": "utf-8", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "euc_kr": "cp949",
    "iso8859-9": "cp1254", "shift_jis": "cp932",
}  # fmt: skip
"""Character set -> the superset that is usually meant (WHATWG Encoding, section 4.2)."""


def decoded(raw: bytes, charset: str) -> str:
    """Return bytes as text in the character set; if that is unknown, as UTF-8 or Windows-1252, byte by byte."""
    name = _codec(charset)
    if name and name != "utf-8":
        try:
            return raw.decode(name, "replace")
        except (LookupError, ValueError):  # not a text encoding, or one that cannot replace
            pass
    return raw.decode("utf-8", STRAY)


def _codec(charset: str) -> str:
    """Return the name of the codec for a character set, ``""`` if there is none."""
    try:
        name = codecs.lookup(charset.strip().removeprefix("x-")).name
    except (LookupError, ValueError):
        return ""
    return "" if name in _REFUSED else _WIDER.get(name, name)


def text(raw: str) -> str:
    """Return an unstructured header as one line of text, with its encoded words decoded (RFC 2047)."""
    return one_line(_words(_eight_bit(raw)))


def one_line(value: str) -> str:
    """Return a text without control characters, on one line."""
    return " ".join(_CONTROL.sub(" ", value.encode("utf-8", "replace").decode()).split())


def _eight_bit(raw: str) -> str:
    """Return a header with the bytes that are not ASCII decoded; the parser keeps them as surrogates."""
    return raw if raw.isascii() else decoded(raw.encode("utf-8", "surrogateescape"), "")


def _words(value: str) -> str:
    """Decode the encoded words in a header; white space between two of them is not part of the text.

    Neighbours in the same character set are decoded together, because many programs split characters between them.
    """
    pieces: list[str] = []
    held, charset, end = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[end : match.start()]
        name, raw = match[1].partition("*")[0].lower(), _unpacked(match[2], match[3])
        if raw is None:
            continue
        if name != charset or between.strip() or not end:
            pieces.append(decoded(held, charset) if held else "")
            held, charset = b"", name
            if between.strip() or not end:
                pieces.append(between)
        held += raw
        end = match.end()
    pieces.append(decoded(held, charset) if held else "")
    return "".join(pieces) + value[end:]


def _unpacked(way: str, packed: str) -> bytes | None:
    """Return the bytes of an encoded word, or None if they cannot be read."""
    raw = packed.encode("utf-8", "replace")
    if way in "qQ":
        return _HEX.sub(lambda found: bytes([int(found[1], 16)]), raw.replace(b"_", b" "))
    try:
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return None


def addresses(raw: str) -> tuple[Mailbox, ...]:
    """Return the mailboxes of a header, those in groups too (RFC 5322 section 3.4), each address once.

    Only the address in angle brackets counts, whatever address the display name pretends to be.
    """
    found: dict[str, Mailbox] = {}
    for name, given, comment in _mailboxes(_eight_bit(raw)):
        address = visible(given).strip()
        if is_address(address):
            shown = _straight(one_line(visible(name or comment))[:LONGEST_NAME])
            found.setdefault(address.lower(), Mailbox(address, "" if _POSES.search(shown) else shown))
    return tuple(found.values())


def _straight(name: str) -> str:
    """Return ``Rao, Ravi`` as ``Ravi Rao``; the name of a company keeps its order."""
    if name.count(",") != 1 or _COMPANY.search(name):
        return name
    return names.display(names.split(name)) or name


def is_address(value: str) -> bool:
    """Is this an address that mail can be sent to: one ``@``, nothing invisible, no angle brackets or commas?"""
    local, _, domain = value.rpartition("@")
    is_plain = value.isprintable() and not any(char in " <>,;:()[]\\\"'`|" for char in value)
    return bool(local and domain) and "@" not in local and is_plain and len(value) <= LONGEST_ADDRESS


def _mailboxes(value: str) -> Iterator[tuple[str, str, str]]:
    """Yield (display name, address, comment) of each mailbox."""
    words: list[str] = []
    angle, comment, depth = "", "", 0
    has_comments = value.count("(") == value.count(")")
    for match in _PIECE.finditer(value):
        piece = match[0]
        if piece in _PARENTHESES or depth:
            if has_comments:
                depth = max(0, depth + _PARENTHESES.get(piece, 0))
                comment += piece if piece not in _PARENTHESES else ""
        elif piece in {",", ";"}:
            yield _mailbox(words, angle, comment)
            words, angle, comment = [], "", ""
        elif piece == ":" and not angle:
            words = []  # the name of a group
        elif piece[0] == "<" and len(piece) > 1:
            angle = piece[1:-1].rpartition(":")[2]  # without an obsolete route
        else:
            words.append(piece)
    yield _mailbox(words, angle, comment)


_PARENTHESES = {"(": 1, ")": -1}
"""What begins and ends a comment -> how the depth of nesting changes."""


def _mailbox(words: list[str], angle: str, comment: str) -> tuple[str, str, str]:
    """Return the (display name, address, comment) of the words of a mailbox."""
    plain = [_ESCAPED.sub(r"\1", word[1:-1]) if word[0] == '"' and len(word) > 1 else word for word in words]
    name = _words("".join(plain)).strip()
    comment = _words(comment)
    if angle:
        return name, angle, comment
    bare = [word for word in " ".join(plain).split() if "@" in word]
    return "", bare[0] if len(bare) == 1 else "", comment


def ids(raw: str) -> tuple[str, ...]:
    """Return the message ids in a header, in their order; those that are too long are skipped."""
    return tuple(each for each in _ID.findall(one_line(_eight_bit(raw))) if len(each) <= LONGEST_ID)


def message_id(raw: str) -> str:
    """Return a message's own id, with or without angle brackets; ``""`` for one that is not usable."""
    found = ids(raw)
    if found:
        return found[0]
    bare = one_line(_eight_bit(raw)).strip("<>")
    return bare if bare and " " not in bare and len(bare) <= LONGEST_ID else ""


def instant(raw: str) -> str:
    """Return a date as a UTC instant, ``""`` if it is not one of 1970 or later; ``-0000`` is read as UTC."""
    try:
        moment = parsedate_to_datetime(one_line(raw[:200]))
        found = instants.utc(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return found if found >= "1970" else ""
