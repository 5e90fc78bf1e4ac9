"""Bits of evidence for and against two records being the same, and the score that they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf, log2
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.duplicates.blocks import hash_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Reason(NamedTuple):
    """Why two records may be the same, or not: a code of `PEOPLE` or `COMPANIES`, and the bits that it adds."""

    code: str
    bits: float
    value: str = ""


class Likeness(NamedTuple):
    """The probability that two records are the same, and the reasons, the weightiest first."""

    score: float
    reasons: tuple[Reason, ...]


PRIOR = -15.0
"""The bits against any two records of a book being the same, before anything is compared."""
LIKELY = 0.8
"""The lowest score that is listed by default."""
CERTAIN = 0.999
"""The highest score: only the user knows."""


@lru_cache(maxsize=8)
def least_bits(score: float) -> float:
    """Return what reasons must add up to for a score; fewer bits never reach it, even when it is rounded."""
    unrounded = score - 0.0001
    if unrounded <= 0:
        return -inf
    return inf if unrounded >= CERTAIN else -PRIOR - log2(1 / unrounded - 1)


def weigh(reasons: Sequence[Reason], ceiling: float = CERTAIN) -> Likeness:
    """Return the score of some reasons, at most ``ceiling``."""
    bits = PRIOR + sum(reason.bits for reason in reasons)
    score = min(ceiling, 1 / (1 + 2.0 ** -max(-50.0, min(50.0, bits))))
    return Likeness(round(score, 4), tuple(sorted(reasons, key=lambda reason: -abs(reason.bits))))


@dataclass(frozen=True, slots=True, eq=False)
class Commons:
    """How common values are in the book: a shared rare name says more than a shared common one.

    ``total`` is the number of records, ``names`` counts the words of their names, ``shared`` the records with an e-mail
    or a phone that more than two have, by the hash of its key, and ``employers`` the people of each company.
    """

    total: int
    names: Mapping[str, int]
    shared: Mapping[int, int]
    employers: Mapping[str, int]

    def name_bits(self, word: str) -> float:
        """Return the bits that a shared word of a name is worth: 5 for a common one, 9 for a rare one."""
        return rarity(self.names.get(word, 1), self.total, 5.0, 9.0)

    def is_established(self, word: str) -> bool:
        """Do several records have this word, so that it is a name and not a mistyped one?"""
        return self.names.get(word, 1) >= 3

    def holders(self, key: str) -> int:
        """Return how many records have the e-mail or phone of this key, at least 2."""
        return self.shared.get(hash_of(key), 2) if self.shared else 2


@lru_cache(maxsize=1 << 14)
def rarity(count: int, total: int, least: float, most: float) -> float:
    """Return the bits of a value that ``count`` of ``total`` records have: at least ``least``, at most ``most``."""
    return max(least, min(most, log2(max(total, 2000) / max(1, count))))
