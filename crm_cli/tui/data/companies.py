"""Reads and writes for the list of companies. They run in threads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from crm_cli.book import kept
from crm_cli.book.book import Book
from crm_cli.core.kinds import COMPANY
from crm_cli.queries import companies
from crm_cli.render import outcomes
from crm_cli.tui.data.people import NAME, STEPS, Batch, few, is_plain, listed, reach_words, where
from crm_cli.tui.data.writes import Result, change, named

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Company
    from crm_cli.queries.companies import CompanyRow
    from crm_cli.session import Session


def search(
    session: Session, text: str, go_on: Callable[[], bool], *, sort: str = NAME, resting: bool = False
) -> Iterator[Batch]:
    """Yield the companies found, in parts, while ``go_on()`` is true. Raises QueryError for an invalid query.

    Plain words begin words of the name; if no company is named so, they are searched for everywhere. Anything else is a
    query. With ``resting``, the rest of a long list is read only after a moment without a new search.
    """
    with kept.reading(session.path) as book:
        book.db.set_progress_handler(lambda: not go_on(), STEPS)
        plain = bool(text.strip()) and is_plain(book.db, text, session)
        condition = companies.named(text) if plain else where(book.db, text, session, COMPANY.name)
        pages = companies.walk(book.db, *condition, sort=sort)
        found = listed(pages, partial(_rows, book.db, session), go_on, resting=resting)
        first = next(found, None)
        if first is None:
            return
        yield first
        if plain and not first.ids:
            yield _elsewhere(book.db, text, session)
        yield from found


def _elsewhere(db: sqlite3.Connection, text: str, session: Session) -> Batch:
    """Return the companies that a text finds by anything but their names."""
    from crm_cli.queries.find import find_people

    region = session.region if any(map(str.isdigit, text)) else ""
    found = find_people(db, text, region, kind=COMPANY.name)
    return Batch(
        found.ids, _rows(db, session, found.ids[: few()]), True, True, found.capped, found.corrected, ranked=True
    )


def rows(session: Session, ids: Iterable[int]) -> list[tuple[int, CompanyRow]]:
    """Return the lines of these companies."""
    with kept.reading(session.path) as book:
        return _rows(book.db, session, list(ids))


def _rows(db: sqlite3.Connection, session: Session, ids: list[int]) -> list[tuple[int, CompanyRow]]:
    return [(row.id, row._replace(last_reach=reach_words(row.last_reach, session))) for row in companies.lines(db, ids)]


def company(session: Session, ref: int) -> Company:
    """Return a whole company. Raises NotFoundError."""
    with Book.read(session.path) as book:
        return companies.get(book.db, ref)


def add(session: Session, edits: Sequence[Edit | TagEdit], name: str) -> Result:
    """Add a company."""

    def work(book: Book) -> tuple[str, int]:
        from crm_cli.services import companies as service

        ref = service.add(book, name, edits, now=session.now_utc, region=session.region)
        return outcomes.added(named(book, [ref], COMPANY.name)), ref

    return change(session, "company add", work)


def edit(session: Session, ref: int, edits: Sequence[Edit | TagEdit], revision: int) -> Result:
    """Change a company, unless it has been changed since ``revision``."""

    def work(book: Book) -> str:
        from crm_cli.services import companies as service

        service.edit(book, ref, edits, now=session.now_utc, region=session.region, revision=revision)
        return outcomes.changed(named(book, [ref], COMPANY.name))

    return change(session, "company edit", work)


def remove(session: Session, refs: Sequence[int]) -> Result:
    """Remove companies; their people, activities and deals stay."""

    def work(book: Book) -> str:
        from crm_cli.services import companies as service

        gone = named(book, refs, COMPANY.name)
        for ref in refs:
            service.remove(book, ref, now=session.now_utc)
        return outcomes.removed(gone, {})

    return change(session, "rm", work)._replace(advice=" (u restores them)")
