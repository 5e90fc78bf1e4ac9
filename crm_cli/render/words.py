"""Numbers in a sentence."""

from __future__ import annotations


def counted(number: int, one: str, several: str = "") -> str:
    """Return a number with its noun: ``1 person``, ``7 people``; without ``several`` an s makes the plural."""
    return f"{number} {one if number == 1 else several or one + 's'}"
