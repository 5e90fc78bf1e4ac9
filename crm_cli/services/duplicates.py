"""Record that records which look alike are not the same; merging them is `merging`'s."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from crm_cli.errors import UsageError
from crm_cli.services import statements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_cli.book.book import Book


def distinguish(book: Book, kind: str, ids: Iterable[int], *, now: str) -> int:
    """Record of each pair of records that they are not the same; return how many pairs that is new of.

    ``kind`` is contact or company. Raises UsageError for fewer than two records.
    """
    refs = sorted(set(ids))
    if len(refs) < 2:
        raise UsageError("that is one record; name two that are not the same")
    new = 0
    for low, high in combinations(refs, 2):
        columns = {"kind": kind, "low_id": low, "high_id": high}
        same = " AND ".join(f"{name} = :{name}" for name in columns)
        if book.db.execute(f"SELECT 1 FROM distinct_pair WHERE {same}", columns).fetchone() is None:
            statements.insert(book.db, "distinct_pair", {**columns, "at_utc": now})
            new += 1
    return new
