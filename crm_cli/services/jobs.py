"""A person changes employer: the old place and its points become former, history stays where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import select

from crm_cli.core.text.folding import fold
from crm_cli.models import ContactPoint, Employment
from crm_cli.services import companies, contacts
from crm_cli.services.touch import touching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.edits import Edit, TagEdit

WORK = frozenset({"work", "business", "office", "work fax", "direct", "main"})
"""Labels of points that belong to the place and not to the person."""


def change_employer(
    book: Book,
    contact_id: int,
    company: str,
    edits: Sequence[Edit | TagEdit] = (),
    *,
    since: str,
    now: str,
    region: str = "",
) -> int:
    """Move a person to ``company`` from the day ``since``; return the company's id. Raises NotFoundError."""
    with touching(book, "contact", contact_id, now):
        target = companies.ensure(book, company, now=now)
        left = _leave(book, contact_id, since)
        if target not in left:
            _retire_points(book, contact_id, left)
        book.session.add(Employment(contact_id=contact_id, company_id=target, since=since))
        book.flush()
    contacts.edit(book, contact_id, edits, now=now, region=region)
    return target


def _leave(book: Book, contact_id: int, until: str) -> list[int]:
    query = select(Employment).where(Employment.contact_id == contact_id, Employment.current == 1)
    left = []
    for job in book.session.exec(query).all():
        job.current, job.until = 0, until
        if job.company_id is not None:
            left.append(job.company_id)
    return left


def _retire_points(book: Book, contact_id: int, left: list[int]) -> None:
    """Mark as former the points labelled as work, and e-mail at a domain of the companies left."""
    domains = _domains(book, left)
    for point in book.session.exec(select(ContactPoint).where(ContactPoint.contact_id == contact_id)).all():
        at_work = fold(point.label) in WORK or (point.kind == "email" and point.norm.partition("@")[2] in domains)
        if at_work and point.state == "current":
            point.state, point.preferred = "former", 0


def _domains(book: Book, company_ids: list[int]) -> set[str]:
    found = set()
    for ref in company_ids:
        for point in book.session.exec(select(ContactPoint).where(ContactPoint.company_id == ref)).all():
            if point.kind == "email":
                found.add(point.norm.partition("@")[2])
            elif point.kind == "url":
                found.add(point.value.partition("//")[2].partition("/")[0].removeprefix("www.").lower())
    return found - {""}
