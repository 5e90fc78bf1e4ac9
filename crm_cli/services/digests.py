"""Records which deals a digest listed, so that each is listed once a week. Neither journaled nor undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.queries.digests import deal_key, listed_after

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crm_cli.book.book import Book
    from crm_cli.queries.agenda import Day


def record(book: Book, deals: Iterable[int], address: str, day: Day) -> None:
    """Record that a digest to an address listed these deals; records that no longer matter are deleted."""
    keys = [(deal_key(deal, address), day.now) for deal in deals]
    if keys:
        with book.operation():
            book.db.executemany(
                'INSERT INTO "told" VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET at_utc = excluded.at_utc', keys
            )
            book.db.execute('DELETE FROM "told" WHERE at_utc <= ?', (listed_after(day),))
