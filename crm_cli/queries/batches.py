"""Many ids, a statement's worth at a time; apart from rows.py, as a list need not load every record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHUNK = 500
"""How many ids one statement takes."""


def chunks(ids: Sequence[int]) -> Iterator[list[int]]:
    """Yield the ids in lists that one statement takes."""
    for start in range(0, len(ids), CHUNK):
        yield list(ids[start : start + CHUNK])


def marks(values: Sequence[object]) -> str:
    """Return the placeholders for ``values``."""
    return ",".join("?" * len(values))
