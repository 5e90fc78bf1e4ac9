"""Tables of phrases, and random texts in their words."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TEXT = """every every! each until times 5 2w 3mo first last second of the in on at next this 1 31st 30 99999 december
 fri monday week weeks months days d + - ago now 3pm 15:00 2026-12-01 eom T Z noon working day FREQ=DAILY;COUNT=2 feb
 FREQ=YEARLY;BYDAY=MO RRULE: , . 0 Europe/Paris UTC end month year \x00 ² ١ \u202e 🎂 é"""
_WORDS = _TEXT.split()
_LETTERS = [chr(code) for code in (*range(32, 127), 0, 10, 0x0661, 0x202E, 0x1F382, 0xD800, 0x301)]


def random_texts(number: int) -> Iterator[str]:
    """Yield texts of words of dates in any order, and texts of any characters."""
    dice = random.Random(12)
    for _ in range(number // 2):
        yield " ".join(dice.choices(_WORDS, k=dice.randint(1, 6)))
        yield "".join(dice.choices(_LETTERS, k=dice.randint(0, 30)))


def rows(table: str) -> list[tuple[str, str]]:
    """Split each line into a phrase and its meaning, which are two spaces or more apart."""
    return [tuple(re.split(r" {2,}", line, maxsplit=1)) for line in table.splitlines() if line]
