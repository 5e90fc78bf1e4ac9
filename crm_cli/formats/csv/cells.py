"""Spreadsheet cells: escape what a spreadsheet would run on export, and undo that on import (CWE-1236)."""

from __future__ import annotations

import re
from unicodedata import category, normalize

RUNS = frozenset("=+-@|%")
"""First characters that make a spreadsheet read a cell as a formula or a command."""
_RAW = frozenset("\t\r\n\0")
_GUARD = "'"
_EXCEL_TEXT = re.compile(r'="([^"]*)"')
HARMLESS = re.compile(r"\+(?=(?:\D*\d){5})\d[\d ().\-/\xa0]*|--[01]\d-[0-3]\d", re.ASCII)
"""A phone number with its country code, or a date without a year: neither is a formula that runs anything."""
_FOREIGN = frozenset("'\t\u200d")


def guard(text: str) -> str:
    """Prefix an apostrophe to a cell that a spreadsheet would run, and to one that already starts with an apostrophe.

    ``+91 98200 12345`` and ``--04-12`` are not formulas and stay unchanged.
    """
    return _GUARD + text if text[:1] == _GUARD or (_runs(text) and not HARMLESS.fullmatch(text)) else text


def unguard(text: str) -> str:
    """Undo ``guard``: remove the one apostrophe it added."""
    return text[1:] if text[:1] == _GUARD else text


def unguard_foreign(text: str) -> str:
    """Undo the guards of other programs: ``'``, a tab or U+200D before ``= + - @``, and Excel's ``="00123"``."""
    first = text[:1]
    if first in _FOREIGN and first:
        rest = text[1:]
        return rest if rest.lstrip()[:1] in ("=", "+", "-", "@") else text
    if first == "=" and (match := _EXCEL_TEXT.fullmatch(text)):
        return match[1]
    return text


def _runs(text: str) -> bool:
    """Is the first visible character of a cell one that a spreadsheet acts on?"""
    first = text[:1]
    if first.isascii() and first.isalnum():
        return False
    if first in _RAW and first:
        return True
    seen = next((letter for letter in text if not _invisible(letter)), "")
    return bool(seen) and normalize("NFKC", seen)[:1] in RUNS


def _invisible(letter: str) -> bool:
    return letter.isspace() or category(letter) in ("Cc", "Cf", "Zs", "Zl", "Zp")
