"""Values of content lines: escapes, lists and structures (RFC 6350 section 3.4, vCard 2.1 section 2.1).

Every function takes time linear in the value; an invalid escape is plain text. Values without a backslash are split by
``str.split`` alone; otherwise the row "parse 100,000 vCards" of benchmarks/run.py takes 5 % longer.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MEANING = {"n": "\n", "N": "\n", ",": ",", ";": ";", ":": ":", "\\": "\\"}
_MEANING_OLD = {**_MEANING, "\\": "\\\\"}
_CARET = {"^n": "\n", "^'": '"', "^^": "^"}
_CARET_PAIR = re.compile(r"\^[n'^]")


def unescape(value: str, *, old: bool = False) -> str:
    r"""Undo ``\n \, \; \: \\``; in vCard 2.1 (``old``) a doubled backslash is not an escape but two backslashes."""
    if "\\" not in value:
        return value
    meaning = _MEANING_OLD if old else _MEANING
    return _ESCAPE.sub(lambda match: meaning.get(match[1], match[0]), value)


def split(value: str, separator: str) -> list[str]:
    """Split at each unescaped separator; the pieces are still escaped."""
    pieces = value.split(separator)
    if "\\" not in value or len(pieces) == 1:
        return pieces
    joined: list[str] = []
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if not (len(piece) - len(piece.rstrip("\\"))) % 2:
            joined.append(separator.join(held))
            held = []
    return [*joined, separator.join(held)] if held else joined


def components(value: str, *, old: bool = False) -> list[str]:
    """Split a structured value at its semicolons and undo the escapes of each part."""
    if "\\" not in value:
        return value.split(";")
    return [unescape(piece, old=old) for piece in split(value, ";")]


def items(value: str, *, old: bool = False) -> list[str]:
    """Split a list value at its commas, undo escapes, drop blanks."""
    if "\\" not in value:
        return [text for piece in value.split(",") if (text := piece.strip())]
    return [text for piece in split(value, ",") if (text := unescape(piece, old=old).strip())]


def escape(text: str) -> str:
    """Escape a text value as both RFC 6350 section 3.4 and RFC 2426 section 4 require."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")


def caret(value: str) -> str:
    """Undo the parameter escapes of RFC 6868."""
    return _CARET_PAIR.sub(lambda match: _CARET[match[0]], value) if "^" in value else value


def to_caret(value: str) -> str:
    """Write a parameter value: RFC 6868 escapes, quotes if a bare value would end early, control characters dropped."""
    value = value.replace("^", "^^").replace("\r\n", "^n").replace("\n", "^n").replace("\r", "^n").replace('"', "^'")
    value = "".join(letter for letter in value if letter >= " " or letter == "\t")
    return f'"{value}"' if any(mark in value for mark in ",;:") else value
