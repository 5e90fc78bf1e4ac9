"""How alike two words or texts are: the only module that loads rapidfuzz, behind the commands that compare."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA, Indel

from crm_cli.core.duplicates.nicknames import are_forms
from crm_cli.core.duplicates.words import sound

EXACT, NICKNAME, SOUND, TYPO, INITIAL, NEAR, DIFFERENT = "exact", "nickname", "sound", "typo", "initial", "near", ""
"""How two words agree, best first. ``near`` is too far apart for a slip of the finger, and too close to tell apart."""

_SHORTEST_TYPO = 3
"""In shorter words, one other letter is another name."""
_LONG = 6
"""A word of this length may have two slips."""
_NEAR = 0.7
"""The similarity (0 to 1) from which two words may be the same, badly typed."""


@lru_cache(maxsize=1 << 17)
def agreement(a: str, b: str) -> str:
    """Return how two folded words in Latin letters agree: one of the values above."""
    if a == b:
        return EXACT
    if len(a) == 1 or len(b) == 1:
        return INITIAL if a[:1] == b[:1] else DIFFERENT
    if are_forms(a, b):
        return NICKNAME
    return _misspelt(a, b)


def _misspelt(a: str, b: str) -> str:
    """Return how two different words agree, by their letters."""
    distance = OSA.distance(a, b, score_cutoff=2)
    shorter = min(len(a), len(b))
    is_near = are_similar(a, b, _NEAR)
    if sound(a) == sound(b) and (distance <= 2 or is_near):
        return SOUND
    if shorter < _SHORTEST_TYPO:
        return DIFFERENT
    if distance == 1 or (distance == 2 and shorter >= _LONG):
        return TYPO
    is_beginning = shorter > _SHORTEST_TYPO and (a.startswith(b) or b.startswith(a))
    return NEAR if is_near or is_beginning else DIFFERENT


def is_substitution(a: str, b: str) -> bool:
    """Do two words differ by one letter in the same place, as Ramesh and Rakesh do, and sound different?"""
    return len(a) == len(b) and sum(x != y for x, y in zip(a, b, strict=True)) == 1 and sound(a) != sound(b)


def are_similar(a: str, b: str, least: float) -> bool:
    """Are two texts at least that similar, from 0 to 1?"""
    return Indel.normalized_similarity(a, b, score_cutoff=least) > 0


def edits(a: str, b: str) -> int:
    """Return the number of letters to insert, omit, change or swap; more than 2 is 3."""
    return int(OSA.distance(a, b, score_cutoff=2))
