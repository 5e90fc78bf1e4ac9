"""Reads for the people list, as the user types. They run in threads."""

from __future__ import annotations

from functools import partial
from shutil import get_terminal_size
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.book import kept
from crm_cli.core.instants import local
from crm_cli.core.phones import looks_like_phone
from crm_cli.core.query import parser as query
from crm_cli.queries import fields, people
from crm_cli.render.activities import day_words

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from crm_cli.core.rows import Row
    from crm_cli.queries.find import People
    from crm_cli.session import Session

STEPS = 20_000
"""How many steps of SQLite's virtual machine a search runs between checks whether it is still wanted."""
RESTS, PAUSE = 0.8, 0.02
"""Seconds to wait before reading all of a long list, and between checks whether it is still wanted."""
NAME = "name"
"""The usual order of a list."""


class Batch(NamedTuple):
    """A part of a search result: ids, and rows for the first few. ``first`` starts a new result, ``last`` ends it.

    ``ranked`` results are in the order of how well they match.
    """

    ids: list[int]
    rows: list[tuple[int, Any]]
    first: bool
    last: bool
    capped: bool = False
    corrected: str = ""
    ranked: bool = False


def search(
    session: Session, text: str, go_on: Callable[[], bool], *, sort: str = NAME, resting: bool = False
) -> Iterator[Batch]:
    """Yield the people found, in parts, while ``go_on()`` is true. Raises QueryError for an invalid query.

    With ``resting``, the rest of a long list is read only after a moment without a new search.

    Plain words, a phone number or an e-mail address give ranked results, unless another order than that by name is
    asked for. Anything else is a query, with exact results in the order asked for.
    """
    with kept.reading(session.path) as book:
        book.db.set_progress_handler(lambda: not go_on(), STEPS)
        if text.strip() and is_plain(book.db, text, session):
            yield from _best(book.db, text, session, sort)
        else:
            pages = people.walk(book.db, *where(book.db, text, session, "contact"), sort=sort)
            yield from listed(pages, partial(_rows, book.db, session), go_on, resting=resting)
        if not text.strip() and go_on():
            _warm_up(book.db)


def _warm_up(db: sqlite3.Connection) -> None:
    """Load what the first letter of a search needs, while nothing is typed: modules, and pages of the index."""
    from crm_cli.queries.find import find_people

    find_people(db, "an", scan=False)


def _best(db: sqlite3.Connection, text: str, session: Session, sort: str) -> Iterator[Batch]:
    """Yield the ranked results, or in another order; if there are none, those of the slower search."""
    from crm_cli.queries.find import find_people

    region = session.region if any(map(str.isdigit, text)) else ""
    found = find_people(db, text, region, scan=False)
    yield _ranked(db, found, session, sort)
    if not found.ids and (found := find_people(db, text, region)).ids:
        yield _ranked(db, found, session, sort)


def few() -> int:
    """Return how many rows to read along with a search: those visible at once."""
    return get_terminal_size().lines


def listed(
    pages: Iterator[list[int]],
    rows: Callable[[list[int]], list[tuple[int, Any]]],
    go_on: Callable[[], bool],
    *,
    resting: bool,
) -> Iterator[Batch]:
    """Yield the results of a query in its order: the first page at once, with its ``rows``, then all others."""
    first = next(pages, [])
    if not go_on():
        return
    is_all = len(first) < people.FIRST
    yield Batch(first, rows(first[: few()]), True, is_all)
    if is_all or (resting and not _rested(go_on)):
        return
    others: list[int] = []
    for page in pages:
        if not go_on():
            return
        others += page
    yield Batch(others, [], False, True)


def _rested(go_on: Callable[[], bool]) -> bool:
    """Wait before reading all of a long list, as the user may clear the search and type on; is it still wanted then?"""
    until = monotonic() + RESTS
    while monotonic() < until and go_on():
        sleep(PAUSE)
    return go_on()


def is_plain(db: sqlite3.Connection, text: str, session: Session) -> bool:
    """Is the text a phone number, an e-mail address, or words without a field, a phrase or an operator?"""
    if looks_like_phone(text) or ("@" in text[1:] and " " not in text.strip() and ":" not in text):
        return True
    custom = fields.types(db)
    node = query.parse(text, today=session.today, fields=query.with_custom(custom))
    nodes = node.nodes if isinstance(node, query.And) else (node,)
    return all(isinstance(one, query.Word) for one in nodes)


def _ranked(db: sqlite3.Connection, found: People, session: Session, sort: str) -> Batch:
    ids = found.ids
    if sort != NAME and ids:
        ids = people.ids(db, f"p.id IN ({','.join(map(str, ids))})", sort=sort)
    return Batch(ids, _rows(db, session, ids[: few()]), True, True, found.capped, found.corrected, ranked=sort == NAME)


def where(db: sqlite3.Connection, text: str, session: Session, kind: str) -> tuple[str, list[object]]:
    """Return the SQL condition of a query over records of a kind, and its values. Raises QueryError."""
    if not text.strip():
        return "1", []
    from crm_cli.queries.filters import compiler as filters

    return filters.where(db, text, kind, now=session.now, zone=session.zone)


def rows(session: Session, ids: Iterable[int]) -> list[tuple[int, Row]]:
    """Return the lines of these people."""
    with kept.reading(session.path) as book:
        return _rows(book.db, session, list(ids))


def _rows(db: sqlite3.Connection, session: Session, ids: list[int]) -> list[tuple[int, Row]]:
    return [
        (int(row.ref), row._replace(last_reach=reach_words(row.last_reach, session))) for row in people.lines(db, ids)
    ]


def reach_words(last_reach: str | None, session: Session) -> str:
    """Return the day of a last reach: ``26 Nov``; ``""`` if there was none."""
    if not last_reach:
        return ""
    return day_words(local(last_reach, session.zone).date().isoformat(), session.today)
