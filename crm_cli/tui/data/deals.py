"""Changes to deals from the dashboard, through the services that the command line uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.errors import NotFoundError
from crm_cli.queries import deals
from crm_cli.render import outcomes
from crm_cli.render.deals import changed_words
from crm_cli.tui.data.writes import Result, Values, change, log_with, meant, plan_with

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.daily import Deal
    from crm_cli.core.edits import Edit
    from crm_cli.services.activities import Links
    from crm_cli.session import Session


def move(session: Session, ref: int, stage: str) -> Result:
    """Move a deal to another stage."""

    def work(book: Book) -> str:
        from crm_cli.services import deals as service

        service.move(book, ref, stage, now=session.now_utc)
        book.flush()
        return outcomes.deals_moved([deals.get(book.db, ref)])

    return change(session, "deal move", work)


def close(session: Session, ref: int, values: Values, *, won: bool) -> Result:
    """Win or lose a deal."""

    def work(book: Book) -> str:
        from crm_cli.services import deals as service

        (service.win if won else service.lose)(book, ref, now=session.now_utc, reason=values["reason"])
        return outcomes.deals_closed([deals.get(book.db, ref)])

    return change(session, "deal win" if won else "deal lose", work)


def reopen(session: Session, ref: int) -> Result:
    """Reopen a deal that was won or lost."""

    def work(book: Book) -> str:
        from crm_cli.services import deals as service

        service.reopen(book, ref, now=session.now_utc)
        book.flush()
        return outcomes.deals_reopened([deals.get(book.db, ref)])

    return change(session, "deal reopen", work)


def add(session: Session, title: str, who: str, edits: Sequence[Edit]) -> Result:
    """Add a deal with a person or a company, given as a REF."""

    def work(book: Book) -> tuple[str, int]:
        from crm_cli.services import deals as service

        ref = service.add(book, title, edits, _links(session, book, who), now=session.now_utc, reading=session.reading)
        book.flush()
        return outcomes.added(changed_words(deals.get(book.db, ref), session.locale)), ref

    return change(session, "deal add", work)


def edit(session: Session, found: Deal, edits: Sequence[Edit]) -> Result:
    """Change a deal, unless it has been changed since it was read."""

    def work(book: Book) -> str:
        from crm_cli.services import deals as service

        service.edit(book, found.id, edits, now=session.now_utc, reading=session.reading, revision=found.revision)
        book.flush()
        return outcomes.changed(changed_words(deals.get(book.db, found.id), session.locale))

    return change(session, "deal edit", work)


def log(session: Session, found: Deal, values: Values) -> Result:
    """Log an activity about a deal, with its people."""
    return log_with(session, _of(found), values)


def todo(session: Session, found: Deal, values: Values) -> Result:
    """Plan a deal's next step, with its people."""
    return plan_with(session, _of(found), values)


def _of(found: Deal) -> Links:
    from crm_cli.services.activities import Links

    return Links(tuple(person.id for person in found.people), found.company_id, found.id)


def _links(session: Session, book: Book, text: str) -> Links:
    """Return the person or company that a REF refers to. Raises NotFoundError, AmbiguousError."""
    from crm_cli.services.activities import Links

    one = meant(session, book, text)
    if one is None:
        raise NotFoundError(f'no match for "{text}"', field="with")
    return Links((one.id,)) if one.kind == "contact" else Links((), one.id)
