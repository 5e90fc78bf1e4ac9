"""Phone cells of a CSV: several numbers in one, and numbers that a spreadsheet has rounded."""

from __future__ import annotations

import re
from itertools import chain

from crm_cli.core.phones import digits, looks_like_phone

SEPARATORS = ("\n", ":::", ";", "|", ",", "/")
"""What is written between numbers, the strongest first: a slash is also written inside one."""
_WHOLE = 7
_EXTENSION = re.compile(r"[\s,;]*(?:extension|extn|ext|x|#)\.?\s*\d{1,6}$", re.IGNORECASE)


def split(text: str) -> list[str]:
    """Return the numbers of a cell: split only where each piece is a phone number by itself.

    ``030 12345; 030 12346`` is two, ``030/12345`` and ``9820012345/46`` and ``030 1234567, ext 12`` are one.
    """
    for separator in SEPARATORS:
        pieces = [piece.strip() for piece in text.split(separator)]
        if separator != ",":  # two commas are a pause in dialling
            pieces = [piece for piece in pieces if piece]
        if len(pieces) > 1 and all(map(_is_number, pieces)):
            return list(dict.fromkeys(chain.from_iterable(map(split, pieces))))
    return [text.strip()] if text.strip() else []


def _is_number(text: str) -> bool:
    """Does this have a country code or seven digits, and nothing else but an extension?"""
    plain = _EXTENSION.sub("", text)
    return looks_like_phone(plain) and (plain.startswith("+") or len(digits(plain)) >= _WHOLE)
