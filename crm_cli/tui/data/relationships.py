"""Writes of relationships from the dashboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import relationships as rules
from crm_cli.core.kinds import PERSON
from crm_cli.queries import contacts
from crm_cli.render import outcomes
from crm_cli.services import relationships as service
from crm_cli.services.relationships import Other
from crm_cli.tui.data.writes import Result, Values, change, meant
from crm_cli.tui.dialogs.relationships import ANY, REMOVE

PEOPLE = (PERSON.name,)

if TYPE_CHECKING:
    from crm_cli.book.book import Book
    from crm_cli.session import Session


def save(session: Session, person: int, values: Values) -> Result:
    """Record or remove a relationship, as the form asks."""
    remove = values["act"] == REMOVE

    def work(book: Book) -> str:
        name = contacts.get(book.db, person).name
        other = _other(session, book, values["other"].strip())
        if not remove:
            kind = rules.kind_of(values["kind"])
            service.relate(book, person, kind, other, now=session.now_utc)
            return outcomes.related(kind, name, other.name)
        kind = "" if values["kind"] == ANY else values["kind"]
        gone = service.unrelate(book, person, other, kind, now=session.now_utc)
        return outcomes.unrelated(name, gone)

    return change(session, "unrelate" if remove else "relate", work)


def _other(session: Session, book: Book, text: str) -> Other:
    """Return the person that a REF means, or else one who is known by that name only. Raises AmbiguousError."""
    found = meant(session, book, text, PEOPLE, field="other")
    return Other(contacts.get(book.db, found.id).name, found.id) if found else Other(text)
