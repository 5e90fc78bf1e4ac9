"""Phone cells of a CSV: several numbers in one cell, labels inside the cell, numbers rounded by a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from crm_cli.core.absent import says_none
from crm_cli.core.phones import digits, looks_like_phone
from crm_cli.formats.csv.headings import generic

SEPARATORS = ("\n", ":::", ";", "|", ",", "/")
"""Separators between numbers, the strongest first: a slash can also be part of one number."""
_WHOLE = 7
_EXTENSION = re.compile(r"[\s,;]*(?:extension|extn|ext|x|#)\.?\s*\d{1,6}$", re.IGNORECASE)
_BEFORE = re.compile(r"\(?([^\W\d_][^\d:;|/,+()]{0,30}?)\)?\s*([:=.]*)\s*[-\u2013]?\s*(?=[+(\d])([^:]+)")
_BEHIND = re.compile(r"([+(]?\d[^:]*?)\s*(\(?)([^\W\d_][^\d:;|/,+()]{0,30}?)\)?")
_LETTER = re.compile(r"[^\W\d_]")
_NEXT = re.compile(r"(?<=[\d)])\s+(?=[^\W\d_][^\d:;|,/]{0,30}:)")
"""Where the next number of ``Mobile: 555 0101 Work: 555 0102`` begins."""
_QUOTED = re.compile(r"['\u2018\u2019](?=[+(]?\d)([^'\u2018\u2019]*)['\u2018\u2019]?")
_FRACTION = re.compile(r"\+?\d{5,15}\.0{1,2}", re.ASCII)
_NONE = re.compile(r"([^\W\d_][^\d:]{0,30}?)\s*:\s*(\S.*)")
_SHORT = {
    "": "tel t p ph phone phones telephone telefon téléphone telefono teléfono telefone telefoon number no nr",
    "mobile": "m c mob mobil cell gsm hp",
    "work": "w o b off office direct",
    "home": "h r res resi residence",
    "fax": "f fx",
}
"""Label -> words for it that are not headings; the empty label only means "phone"."""


class Number(NamedTuple):
    """A number as written, and the label next to it."""

    value: str
    label: str = ""


def without_marks(text: str) -> str:
    """Return a cell without what a spreadsheet or a data frame adds to a number: ``'0170 1``, ``491701234567.0``.

    The ``.0`` would be dialled: it is the fraction of a number that went through a floating-point column.
    """
    text = _QUOTED.sub(r"\1", text.strip())
    return text[: text.rindex(".")] if _FRACTION.fullmatch(text) else text


def split(text: str) -> list[Number]:
    """Return the numbers of a cell; it is split only where each piece is a phone number by itself.

    ``030 12345; 030 12346`` is two; ``030/12345``, ``9820012345/46`` and ``030 1234567, ext 12`` are one each.
    ``Mobile: 555 0101; Work: 555 0102``, ``(m) 555 0101`` and ``555 0101 (mobile)`` have labels.
    """
    for pieces in _divisions(text):
        if len(pieces) > 1 and all(_number(piece) for piece in pieces):
            return list(dict.fromkeys(number for piece in pieces for number in split(piece)))
    text = text.strip()
    if not text:
        return []
    return [(_LETTER.search(text) and _number(text)) or Number(text)]


def _divisions(text: str) -> Iterator[list[str]]:
    """Yield the pieces of a cell by each separator in turn, then those that begin with a label."""
    for separator in SEPARATORS:
        pieces = [piece.strip() for piece in text.split(separator)]
        # Two commas are a pause in dialling, so empty pieces are kept.
        yield pieces if separator == "," else [piece for piece in pieces if piece]
    if ":" in text:
        yield _NEXT.split(text.strip())


def _number(text: str) -> Number | None:
    """Return a number with its label, or None if the text is not a single number; ``n/a`` is accepted as one."""
    if _is_number(text) or (text and says_none(text)):
        return Number(text)
    if (match := _NONE.fullmatch(text)) and says_none(match[2]) and _label(match[1]) is not None:
        return Number(match[2], _label(match[1]) or "")
    if match := _BEFORE.fullmatch(text):
        return _labelled(match[3].strip(), match[1], marked=bool(match[2]) or text[0] == "(")
    if match := _BEHIND.fullmatch(text):
        return _labelled(match[1].strip(), match[3], marked=bool(match[2]))
    return None


def _labelled(value: str, word: str, *, marked: bool) -> Number | None:
    """Return the number under a known label, or under any single word marked as a label by a colon or brackets."""
    known = _label(word)
    if known is not None and (_is_number(value) or (marked and looks_like_phone(value))):
        return Number(value, known)
    is_label = known is None and marked and len(word.split()) == 1
    return Number(value, word.strip()) if is_label and _is_number(value) else None


@lru_cache(1024)
def _label(word: str) -> str | None:
    """Return our label for a word next to a number, ``""`` for ``Tel.``; None for any other word.

    It is cached because the same few words are in every row: reading a file with two labelled numbers a row takes 60 %
    longer without the cache. No row of ``benchmarks/run.py`` shows it, as its file has no such labels.
    """
    plain = " ".join(word.casefold().replace(".", " ").split())
    for label, words in _SHORT.items():
        if plain in words.split():
            return label
    field, _, label = (generic(plain) or generic(f"{plain} phone")).partition(":")
    return label if field == "phone" else None


def _is_number(text: str) -> bool:
    """Does the text have a country code or seven digits, and nothing else except an extension?"""
    plain = _EXTENSION.sub("", text)
    return looks_like_phone(plain) and (plain.startswith("+") or len(digits(plain)) >= _WHOLE)
