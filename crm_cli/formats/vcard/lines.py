"""Join the physical lines of a card to content lines: folding, soft line breaks (RFC 6350 section 3.2).

A card whose lines need no joining is ``plain`` and skips ``unfold``; only the others pay for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crm_cli.formats.decoding import MAX_LINE

MAX_CARD = 2_000_000
"""Maximum characters of one card, not counting its pictures, sounds and keys."""
MAX_HELD = 24_000_000
"""Maximum characters of one card held in memory, with its pictures."""
MAX_PROPERTIES = 2_000

_JOINED = frozenset(" \t")
_LAST_BYTES = re.compile(r"(?:=[0-9A-F]{2})+\Z", re.IGNORECASE)
_BINARY = ("PHOTO", "LOGO", "SOUND", "KEY")


@dataclass(slots=True)
class Card:
    """The physical lines of one card. ``problem`` is the reason why it is rejected.

    ``plain``: each line is already a content line, and ``text`` is all of them.
    ``empty``: only VERSION was read so far, after ``begins`` BEGINs. ``inner``: another card began inside, and
    ``resumed``: lines followed it. ``depth`` counts the open BEGINs of a card that is rejected for their number, and
    ``ended`` is true if an END came among them.
    """

    line: int
    lines: list[str] = field(default_factory=list)
    plain: bool = True
    text: str = ""
    agent: bool = False
    size: int = 0
    problem: str = ""
    warning: str = ""
    empty: bool = True
    begins: int = 1
    inner: bool = False
    resumed: bool = False
    depth: int = 0
    ended: bool = False


def unfold(card: Card) -> tuple[list[str], list[int]]:
    """Join the physical lines of a card to content lines; the second list holds the line each began at."""
    pieces: list[list[str]] = []
    soft: dict[int, list[str]] = {}
    numbers: list[int] = []
    mode = ""
    for number, line in enumerate(card.lines, card.line + 1):
        if mode == "qp":
            soft[len(pieces)] = pieces[-1]
            mode = _append_soft(pieces[-1], line)
        else:
            mode = _place(pieces, line, mode)
        if len(pieces) > len(numbers):
            numbers.append(number)
    _unindent(list(soft.values()))
    return ["".join(each) for each in pieces], numbers


def _append_soft(piece: list[str], line: str) -> str:
    """Add the line after a soft line break; return how to read the next line."""
    piece[-1] = piece[-1].rstrip()[:-1]
    piece.append(line)
    return "qp" if _is_soft(line) else ""


def _place(pieces: list[list[str]], line: str, mode: str) -> str:
    """Add one physical line to ``pieces``; return how to read the next line: ``qp``, ``base64`` or ``""``."""
    if line[:1] in _JOINED and pieces:
        pieces[-1].append(line[1:])
        return "qp" if _is_soft(line) and _encoding(pieces[-1][0]) == "qp" else mode
    if not line.strip():
        return ""
    if mode == "base64" and ":" not in line:
        pieces[-1].append(line.strip())
        return mode
    pieces.append([line])
    encoding = _encoding(line)
    return encoding if encoding != "qp" or _is_soft(line) else ""


def _is_soft(line: str) -> bool:
    """Does a quoted-printable line continue on the next? Trailing blanks are ignored (RFC 2045 section 6.7)."""
    return line.rstrip().endswith("=")


def _unindent(values: list[list[str]]) -> None:
    """Remove the leading blank of each line after a soft break that was also folded.

    Some writers do both. A blank belongs to the text if other lines of the card continue without one; it does not if it
    is inside a letter, follows another blank, or if each of several lines has one.
    """
    joins = [(value, at) for value in values for at in range(1, len(value)) if value[at]]
    folded = _are_folded(joins)
    for value, at in joins:
        if value[at][0] in _JOINED and (folded or _is_torn(value[at - 1])):
            value[at] = value[at][1:]


def _are_folded(joins: list[tuple[list[str], int]]) -> bool:
    """Were all lines after a soft break folded too? A single blank proves it only after another blank, or as a tab."""
    if not all(value[at][0] in _JOINED for value, at in joins):
        return False
    return len(joins) > 1 or any(value[at - 1][-1:] in _JOINED or value[at][0] == "\t" for value, at in joins)


def _is_torn(text: str) -> bool:
    """Does the quoted-printable text end inside a UTF-8 letter?"""
    found = _LAST_BYTES.search(text, max(len(text) - 12, 0))
    for size, byte in enumerate(reversed(bytes.fromhex(found[0].replace("=", "")) if found else b""), 1):
        if byte >= 0xC0:
            return size < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4)
        if byte < 0x80:
            break
    return False


def _encoding(line: str) -> str:
    """Return which of the two multi-line encodings the head of this line names: ``qp``, ``base64`` or ``""``."""
    head = line[:2000].partition(":")[0].upper()
    if "QUOTED-PRINTABLE" in head or "ENCODING=Q" in head:
        return "qp"
    return "base64" if "BASE64" in head or "ENCODING=B" in head else ""


def refusal(card: Card, lines: list[str]) -> str:
    """Return why the card is unsafe to import (its size, the number or length of its lines), or ``""``."""
    if card.problem:
        return card.problem
    if card.size > MAX_HELD:
        return f"the card is larger than {MAX_HELD // 1_000_000} MB"
    if len(lines) > MAX_PROPERTIES:
        return f"more than {MAX_PROPERTIES:,} properties in one card"
    if card.size <= MAX_CARD:
        return ""
    if any(len(line) > MAX_LINE for line in lines):
        return f"a line longer than {MAX_LINE // 1_000_000} MB"
    text = sum(len(line) for line in lines if not _is_binary(line))
    return f"the card is larger than {MAX_CARD // 1_000_000} MB without its pictures" if text > MAX_CARD else ""


def _is_binary(line: str) -> bool:
    name = line[:200].partition(":")[0].partition(";")[0].upper()
    return name.rpartition(".")[2] in _BINARY
