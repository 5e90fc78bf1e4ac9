"""Splitting many ids into batches for SQL statements; apart from rows.py, because a list need not load all records."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T", int, str)

CHUNK = 500
"""The maximum number of ids in one statement."""


def chunks(ids: Sequence[T]) -> Iterator[list[T]]:
    """Yield the ids in lists of at most `CHUNK`."""
    for start in range(0, len(ids), CHUNK):
        yield list(ids[start : start + CHUNK])


def marks(values: Sequence[object]) -> str:
    """Return the placeholders for ``values``."""
    return ",".join("?" * len(values))
