"""Records with a common key: the pairs to compare, and how many records have a value.

Keys are kept as 32-bit hashes beside the number of their record, 8 bytes each, so that a million records fit in memory;
two keys of one hash only add a pair that is compared in vain. A block of more than `LARGEST` records, such as a
switchboard, is not compared in full: each of its records meets its `NEIGHBOURS` next ones in the order of their names.
So the number of pairs grows with the number of records, not with its square.
"""

from __future__ import annotations

from array import array
from itertools import combinations, compress, groupby
from operator import eq, or_
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from crm_cli.core.duplicates.keys import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LARGEST, FEW = 25, 10
"""The records of a block that are compared each with each: of one value, and of parts of several."""
NEIGHBOURS = 5
_BITS = 32
_NAMED = 1 << (_BITS - 1)
_NUMBER = _NAMED - 1
_PARTS = 64
"""Keys and pairs are sorted in so many parts, one in memory at a time."""


class Block(NamedTuple):
    """The records with a common key: its hash, whether it is one value that the user knows, the numbers."""

    hashed: int
    is_named: bool
    numbers: list[int]


class Blocks:
    """The keys of all records, added one record after the other; records are numbered from 0."""

    def __init__(self) -> None:
        self._parts = [array("Q") for _ in range(_PARTS)]
        self.count = 0

    def add(self, keys: Iterable[str]) -> None:
        """Add the next record's keys."""
        for key in set(keys):
            hashed = hash_of(key)
            self._parts[hashed % _PARTS].append(hashed << _BITS | (key[0] in NAMED) << (_BITS - 1) | self.count)
        self.count += 1

    def __iter__(self) -> Iterator[Block]:
        """Yield each key that several records have, with their numbers."""
        for part in self._parts:
            for hashed, entries in groupby(_repeated(sorted(part)), _hash):
                held = list(entries)
                yield Block(hashed, bool(held[0] & _NAMED), [entry & _NUMBER for entry in held])


def _hash(entry: int) -> int:
    return entry >> _BITS


def _repeated(entries: list[int]) -> Iterator[int]:
    """Yield the entries, which are in order, whose key another record has, too: a quarter of all."""
    hashes = [*map(_hash, entries)]
    as_next = [*map(eq, hashes, hashes[1:]), False]
    return compress(entries, map(or_, as_next, (False, *as_next)))


class Pairs:
    """Pairs of the numbers of records, each yielded once, in order."""

    def __init__(self) -> None:
        self._parts = [array("Q") for _ in range(_PARTS)]

    def add(self, block: Sequence[int]) -> None:
        """Add every pair of a block, whose numbers are in order."""
        for one, other in combinations(block, 2):
            self._parts[one % _PARTS].append(one << _BITS | other)

    def add_neighbours(self, block: Sequence[int]) -> None:
        """Add each record of a block with the next few."""
        for place, number in enumerate(block):
            for near in block[place + 1 : place + 1 + NEIGHBOURS]:
                one, other = sorted((number, near))
                self._parts[one % _PARTS].append(one << _BITS | other)

    def __len__(self) -> int:
        """Return how many pairs were added, those added twice included."""
        return sum(map(len, self._parts))

    def share(self, number: int, count: int) -> Iterator[tuple[int, int]]:
        """Yield the pairs of one of ``count`` shares, numbered from 0."""
        for part in self._parts[number::count]:
            for pair in sorted(set(part)):
                yield pair >> _BITS, pair & _NUMBER


def hash_of(key: str) -> int:
    """Return the number by which a key is kept."""
    return crc32(key.encode("utf-8", "replace"))
