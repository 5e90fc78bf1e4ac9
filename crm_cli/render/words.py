"""Numbers with their nouns in a sentence."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun: ``1 person``, ``7 people``; the plural defaults to ``one`` with an s."""
    return f"{number} {one if number == 1 else several or one + 's'}"
