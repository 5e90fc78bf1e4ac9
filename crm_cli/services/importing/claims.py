"""Which records of the book were matched to a record of the file: one each, unless several were merged into one."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crm_cli.core.kinds import COMPANY, PERSON

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from crm_cli.services.importing.match import Ref


class Claims:
    """A record that others were merged into can be claimed once for each of them, as a file may still have them all."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.merged: dict[str, dict[int, int]] = {
            kind.name: dict(
                db.execute(
                    f"SELECT {kind.column}, count(*) FROM merge WHERE {kind.column} IS NOT NULL GROUP BY 1"
                ).fetchall()
            )
            for kind in (PERSON, COMPANY)
        }
        """Kind -> survivor -> the number of records that were merged into it."""
        self._taken: dict[str, Counter[int]] = {kind: Counter() for kind in self.merged}
        self._refs: set[int] = set()

    def is_merged(self, kind: str, owner: int) -> bool:
        """Were other records merged into this one?"""
        return owner in self.merged[kind]

    def take(self, kind: str, owner: int, ref: Ref | None = None) -> None:
        """Claim a record, by its key in the source if it has one."""
        self._taken[kind][owner] += 1
        if ref is not None:
            self._refs.add(ref.id)

    def has(self, kind: str, owner: int) -> bool:
        """Is nothing left of this record to be claimed?"""
        return self._taken[kind][owner] > self.merged[kind].get(owner, 0)

    def has_key(self, ref: Ref) -> bool:
        """Can the record of a key not be claimed by it any more?"""
        if self.is_merged(ref.kind, ref.owner):
            return ref.id in self._refs
        return self.has(ref.kind, ref.owner)

    def free(self, refs: Iterable[Ref]) -> list[Ref]:
        """Return the keys by which nothing was claimed yet."""
        return [ref for ref in refs if ref.id not in self._refs]
