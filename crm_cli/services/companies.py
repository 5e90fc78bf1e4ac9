"""Companies: adding, changing, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from crm_cli.core.edits import Edit, TagEdit
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.models import Activity, Company, CompanyCustom, CompanyTag, Deal, Employment, ExternalRef, SourceProperty
from crm_cli.services import fields, points, rows, tags
from crm_cli.services.touch import refuse_stale, touching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book

COLUMNS = frozenset({"notes", "source"})


def add(book: Book, name: str, edits: Sequence[Edit | TagEdit] = (), *, now: str, region: str = "") -> int:
    """Add a company; return its id."""
    if not name.strip():
        raise UsageError("a company needs a name", hint="as in: crm company add Acme Ltd city=Pune")
    company = Company(**rows.company(name, now=now))
    book.session.add(company)
    book.flush()
    ref = company.id or 0
    for change in edits:
        _apply(book, company, change, region)
    book.flush()
    return ref


def ensure(book: Book, name: str, *, now: str) -> int:
    """Return the company of that name, made if there is none; of several namesakes the first."""
    found = book.session.exec(
        select(Company.id).where(Company.name_key == sort_key(nfc(name))).order_by(col(Company.id))
    ).first()
    return found or add(book, name, now=now)


def edit(
    book: Book,
    company_id: int,
    edits: Sequence[Edit | TagEdit],
    *,
    now: str,
    region: str = "",
    revision: int | None = None,
) -> None:
    """Change a company by assignments. With ``revision``, refuse (ConflictError) if it was changed since."""
    company = _get(book, company_id)
    refuse_stale(company, revision)
    with touching(book, "company", company_id, now):
        for change in edits:
            _apply(book, company, change, region)


def remove(book: Book, company_id: int, *, now: str) -> None:
    """Remove a company; its people stay, without it, and so do its activities and deals."""
    company = _get(book, company_id)
    for job in book.session.exec(select(Employment).where(Employment.company_id == company_id)).all():
        with touching(book, "contact", job.contact_id, now):
            if job.title or job.department:
                job.company_id = None
            else:
                book.session.delete(job)
    for activity in book.session.exec(select(Activity).where(Activity.company_id == company_id)).all():
        activity.company_id = None
    for deal in book.session.exec(select(Deal).where(Deal.company_id == company_id)).all():
        with touching(book, "deal", deal.id or 0, now):
            deal.company_id = None
    points.remove_all(book, {"company_id": company_id})
    for model in (CompanyTag, CompanyCustom, ExternalRef, SourceProperty):
        for row in book.session.exec(select(model).where(model.company_id == company_id)).all():
            book.session.delete(row)
    book.flush()
    book.session.delete(company)
    book.flush()


def _get(book: Book, company_id: int) -> Company:
    company = book.session.get(Company, company_id)
    if company is None:
        raise NotFoundError(f"there is no company c{company_id}")
    return company


def _apply(book: Book, company: Company, change: Edit | TagEdit, region: str) -> None:
    owner = {"company_id": company.id or 0}
    if isinstance(change, TagEdit):
        tags.put(book.db, "company", company.id or 0, change)
    elif change.field in points.POINTS:
        points.apply_point(book, owner, change, region=region)
    elif change.field in points.PLACES:
        points.apply_place(book, owner, change)
    elif change.field == "name":
        company.name, company.name_key = change.value, sort_key(change.value)
    elif change.field in COLUMNS:
        setattr(company, change.field, combined(getattr(company, change.field), change))
    else:
        fields.set_value(book, owner, change.field, change.value)
    book.flush()


def combined(have: str | None, change: Edit) -> str | None:
    """Return a text after an assignment: another paragraph for ``+=``; a text that may be unknown becomes None."""
    if change.op == "add" and have:
        return f"{have}\n\n{change.value}"
    return change.value if change.value or change.field == "notes" else None
