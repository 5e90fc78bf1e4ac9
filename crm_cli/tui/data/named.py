"""People, companies and deals by name, for the palette. Read in a thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book.book import Book
from crm_cli.core.kinds import COMPANY, DEAL, PERSON
from crm_cli.queries import find, refs

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    from crm_cli.session import Session

LISTED = 30
"""The maximum number of records listed."""
STEPS = 20_000
"""How many steps of SQLite's virtual machine run between checks whether the answer is still wanted."""
KINDS = (PERSON.name, COMPANY.name, DEAL.name)


class Named(NamedTuple):
    """A record: its printed id, its name, and a word about it: the company, or the stage of a deal."""

    ref: str
    name: str
    about: str = ""


def named(session: Session, text: str, go_on: Callable[[], bool]) -> Iterator[list[Named]]:
    """Yield the people, companies and deals that a text finds, best first; a printed id finds its record."""
    with Book.read(session.path) as book:
        book.db.set_progress_handler(lambda: not go_on(), STEPS)
        region = session.region if any(map(str.isdigit, text)) else ""
        rows = find.find(book.db, text, region, LISTED, scan=False).rows
        found = [Named(row.ref, row.name, row.company or row.why) for row in rows if not row.ref.startswith("a")]
        yield list(dict.fromkeys([*_by_id(book.db, text), *found]))


def _by_id(db: sqlite3.Connection, text: str) -> list[Named]:
    text = text.strip()
    if not refs.is_id(text):
        return []
    return [Named(one.ref, one.line) for one in refs.resolve(db, text, kinds=KINDS)]
