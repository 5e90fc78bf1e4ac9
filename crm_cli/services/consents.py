"""Consent: a person must not be reached by a channel any more, or may be again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.text.folding import nfc
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.records import Consent


def record(book: Book, people: Sequence[int], consents: Sequence[Consent], *, now: str) -> list[int]:
    """Record the same for each of some people; return the people who were changed.

    A channel that is in the same state already keeps its day and source.
    """
    return [ref for ref in people if _record(book, ref, consents, now)]


def _record(book: Book, person: int, consents: Sequence[Consent], now: str) -> bool:
    wrote = 0
    for each in consents:
        wrote += book.db.execute(
            "INSERT INTO consent (contact_id, channel, state, on_date, source) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (contact_id, channel) DO UPDATE SET state = excluded.state, on_date = excluded.on_date,"
            " source = excluded.source WHERE state <> excluded.state",
            (person, each.channel, each.state, each.on, " ".join(nfc(each.source).split())),
        ).rowcount
    if wrote:
        touch(book.db, "contact", person, now)
    return bool(wrote)
