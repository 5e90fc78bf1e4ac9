"""Write one content line: safe heads, and folding (RFC 6350 sections 3.2 and 3.3)."""

from __future__ import annotations

import re

from crm_cli.formats.vcard.heads import cut, pairs
from crm_cli.formats.vcard.values import to_caret

WIDTH = 75
_NO_NAME = re.compile(r"[^A-Za-z0-9_/+&#*@!$%-]+", re.ASCII)
_NO_GROUP = re.compile(r"[^A-Za-z0-9_/+&#*@!$%.-]+", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def content_line(name: str, value: str, params: str = "", group: str = "") -> str:
    """Write a folded content line with its CRLF. ``value`` must be escaped; a raw line ending in it is escaped too."""
    value = value.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")
    return fold(f"{head(name, params, group)}:{value}")


def head(name: str, params: str = "", group: str = "") -> str:
    """Write the part before the colon; whatever would end it early is quoted or dropped."""
    name = _NO_NAME.sub("-", name) or "X-UNNAMED"
    group = _NO_GROUP.sub("-", group)
    params = safe_params(params)
    return f"{group + '.' if group else ''}{name}{';' + params if params else ''}"


def safe_params(text: str) -> str:
    """Return parameters unchanged if they are well-formed, otherwise rewritten value by value."""
    text = _CONTROL.sub("", text)
    if '"' not in text and ":" not in text:
        return text
    if cut(f"X;{text}:") == (f"X;{text}", ""):
        return text
    return ";".join(f"{_NO_NAME.sub('-', key)}={to_caret(value)}" for key, value in pairs(text))


def fold(line: str) -> str:
    """Fold after at most 75 octets, never inside a character, and end the line."""
    if len(line) <= WIDTH and line.isascii():
        return line + "\r\n"
    data = line.encode("utf-8", "replace")
    pieces = []
    start, room = 0, WIDTH
    while len(data) - start > room:
        end = start + room
        while data[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(data[start:end])
        start, room = end, WIDTH - 1
    pieces.append(data[start:])
    return b"\r\n ".join(pieces).decode("utf-8") + "\r\n"
