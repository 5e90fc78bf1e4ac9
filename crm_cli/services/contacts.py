"""People: adding, changing, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, select

from crm_cli.core import names
from crm_cli.core.edits import Edit, TagEdit
from crm_cli.core.records import Draft, NameParts
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.models import Contact, ContactCustom, ContactTag, Employment, ExternalRef, SourceProperty
from crm_cli.services import activities, companies, deals, fields, points, rows, tags
from crm_cli.services.companies import combined
from crm_cli.services.touch import refuse_stale, touching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book

PARTS = ("prefix", "given", "additional", "family", "suffix")
JOB = frozenset({"company", "title", "department"})
COLUMNS = frozenset({"nickname", "birthday", "anniversary", "notes", "source", "zone", "language"})


def add(book: Book, name: str, edits: Sequence[Edit | TagEdit] = (), *, now: str, region: str = "") -> int:
    """Add a person; return their id. Raises UsageError when nothing is known of them."""
    if not name.strip() and not any(isinstance(change, Edit) and change.value for change in edits):
        raise UsageError("who is it?", hint="as in: crm add Asha Verma email=asha@acme.in company=Acme +client")
    contact = Contact(**rows.contact(Draft(name=name), now=now))
    book.session.add(contact)
    book.flush()
    ref = contact.id or 0
    for change in edits:
        _apply(book, contact, change, now, region)
    if not contact.name:
        _name_after_what_is_known(contact, edits)
    book.flush()
    return ref


def edit(
    book: Book,
    contact_id: int,
    edits: Sequence[Edit | TagEdit],
    *,
    now: str,
    region: str = "",
    revision: int | None = None,
) -> None:
    """Change a person by assignments. With ``revision``, refuse (ConflictError) if they were changed since."""
    contact = _get(book, contact_id)
    refuse_stale(contact, revision)
    with touching(book, "contact", contact_id, now):
        for change in edits:
            _apply(book, contact, change, now, region)


def remove(book: Book, contact_id: int) -> None:
    """Remove a person with all that hangs off them; activities and deals with others stay with the others."""
    contact = _get(book, contact_id)
    alone = book.db.execute(
        "SELECT activity_id FROM activity_participant p WHERE contact_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM activity_participant x WHERE x.activity_id = p.activity_id AND x.contact_id <> p.contact_id)",
        (contact_id,),
    ).fetchall()
    for (activity,) in alone:
        activities.remove(book, activity)
    book.db.execute("DELETE FROM activity_participant WHERE contact_id = ?", (contact_id,))
    deals.leave(book, contact_id)
    points.remove_all(book, {"contact_id": contact_id})
    for model in (ContactTag, ContactCustom, Employment, ExternalRef, SourceProperty):
        for row in book.session.exec(select(model).where(model.contact_id == contact_id)).all():
            book.session.delete(row)
    book.flush()
    book.session.delete(contact)
    book.flush()


def _get(book: Book, contact_id: int) -> Contact:
    contact = book.session.get(Contact, contact_id)
    if contact is None:
        raise NotFoundError(f"there is no person {contact_id}")
    return contact


def _apply(book: Book, contact: Contact, change: Edit | TagEdit, now: str, region: str) -> None:
    owner = {"contact_id": contact.id or 0}
    if isinstance(change, TagEdit):
        tags.put(book.db, "contact", contact.id or 0, change)
    elif change.field in points.POINTS:
        points.apply_point(book, owner, change, region=region)
    elif change.field in points.PLACES:
        points.apply_place(book, owner, change)
    elif change.field == "name":
        rename(contact, change.value)
    elif change.field in PARTS:
        _set_part(contact, change)
    elif change.field in JOB:
        _set_job(book, contact.id or 0, change, now)
    elif change.field == "status":
        contact.status, contact.status_on = change.value or None, now[:10] if change.value else None
    elif change.field in COLUMNS:
        setattr(contact, change.field, _column(contact, change))
    else:
        fields.set_value(book, owner, change.field, change.value)
    book.flush()


def _column(contact: Contact, change: Edit) -> str | None:
    value = combined(getattr(contact, change.field), change)
    return "" if value is None and change.field == "nickname" else value


def rename(contact: Contact, name: str) -> None:
    """Give a person another name; its parts are worked out anew."""
    name = nfc(name).strip()
    parts = names.split(name)
    contact.name, contact.name_key = name, sort_key(name)
    for part in PARTS:
        setattr(contact, part, getattr(parts, part))


def _set_part(contact: Contact, change: Edit) -> None:
    setattr(contact, change.field, change.value)
    shown = names.display(NameParts(*(getattr(contact, part) for part in PARTS)))
    if not shown:
        raise UsageError("that would leave them without a name", hint="give another with name=…")
    contact.name, contact.name_key = shown, sort_key(shown)


def _set_job(book: Book, contact_id: int, change: Edit, now: str) -> None:
    """Correct where a person works now; ``crm job`` is for a change of employer."""
    query = select(Employment).where(Employment.contact_id == contact_id, Employment.current == 1)
    job = book.session.exec(query.order_by(col(Employment.id))).first()
    if job is None:
        if not change.value:
            return
        job = Employment(contact_id=contact_id)
        book.session.add(job)
    if change.field == "company":
        job.company_id = companies.ensure(book, change.value, now=now) if change.value else None
    else:
        setattr(job, change.field, change.value)
    if job.company_id is None and not job.title and not job.department:
        book.session.expunge(job) if job.id is None else book.session.delete(job)


def _name_after_what_is_known(contact: Contact, edits: Sequence[Edit | TagEdit]) -> None:
    known = {change.field: change.value for change in reversed(edits) if isinstance(change, Edit) and change.value}
    for field in ("nickname", "company", "email", "phone", "url"):
        if field in known:
            contact.name, contact.name_key = known[field], sort_key(known[field])
            return
    raise UsageError("who is it?", hint="give a name, an e-mail or a phone number")
