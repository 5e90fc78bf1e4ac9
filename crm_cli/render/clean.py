"""Cleaning of text from the book before it reaches a terminal, so that it cannot control the terminal."""

from __future__ import annotations

_BIDI = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))

_TABLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    **dict.fromkeys(_BIDI, "\ufffd"),
    **dict.fromkeys((0x2028, 0x2029), "\u2424"),
    **dict.fromkeys((0xFFF9, 0xFFFA, 0xFFFB), "\ufffd"),
}
_LINES = {**_TABLE, 0x0A: "\n"}
_DATA = {**_LINES, 0x09: "\t"}

MARKS = 8
"""How many combining marks a character keeps: a longer stack overlaps neighbouring lines (CVE-2021-27135)."""


def clean(text: str, *, lines: bool = False) -> str:
    """Make control, escape and bidi characters visible; with ``lines``, newlines are kept."""
    if text.isascii() and text.isprintable():
        return text
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    shown = text.translate(_LINES if lines else _TABLE)
    if not shown.isascii():
        shown = _without_piles(shown.encode("utf-8", "replace").decode("utf-8"))
    return shown


def harmless(text: str) -> str:
    """Return data without anything that controls a terminal; tabs and line ends are the only controls kept."""
    return text if text.isascii() and text.isprintable() else text.translate(_DATA)


def visible(text: str) -> str:
    """Make control, escape and bidi characters of a line visible, each in one character."""
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import combining

    shown, pile = [], 0
    for char in text.translate(_TABLE).encode("utf-8", "replace").decode("utf-8"):
        pile = pile + 1 if not char.isascii() and combining(char) else 0
        shown.append(char if pile <= MARKS else "\ufffd")
    return "".join(shown)


def _without_piles(text: str) -> str:
    from unicodedata import combining

    if sum(map(bool, map(combining, text))) <= MARKS:
        return text
    kept, pile = [], 0
    for char in text:
        pile = pile + 1 if combining(char) else 0
        if pile <= MARKS:
            kept.append(char)
    return "".join(kept)
