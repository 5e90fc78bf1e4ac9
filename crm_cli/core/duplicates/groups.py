"""Which pairs can be merged without asking: groups in which every record is a likely duplicate of every other."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def groups(pairs: Iterable[tuple[int, int]], scores: Mapping[tuple[int, int], float]) -> tuple[list[list[int]], int]:
    """Group records by ``pairs`` (the likeliest first); return the groups, and how many pairs join none.

    Two groups become one only if ``scores`` has every pair across them (the lower id first): two people who are both
    like a third, and not like each other, are for the user to look at. The lowest id of a group is its first.
    """
    group_of: dict[int, list[int]] = {}
    left = 0
    for one, other in pairs:
        mine, theirs = group_of.get(one, [one]), group_of.get(other, [other])
        if mine is theirs:
            continue
        if not all((min(a, b), max(a, b)) in scores for a in mine for b in theirs):
            left += 1
            continue
        joined = sorted([*mine, *theirs])
        group_of.update(dict.fromkeys(joined, joined))
    found = {group[0]: group for group in group_of.values()}
    return [found[first] for first in sorted(found)], left
