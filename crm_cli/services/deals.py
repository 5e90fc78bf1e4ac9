"""Add deals, change them, move them through the pipeline, win or lose them. Each move is recorded with its time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlmodel import select

from crm_cli.core import money, when
from crm_cli.core.deals import check_probability
from crm_cli.core.edits import Edit, combined, linked
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.errors import ConflictError, Hint, NotFoundError, UsageError
from crm_cli.models import Company, Contact, Deal, DealParticipant, StageChange
from crm_cli.queries import stages
from crm_cli.services import companies, statements
from crm_cli.services.activities import Links, company_of
from crm_cli.services.rows import new_uid
from crm_cli.services.touch import refuse_stale, touching

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.reading import Reading

    Setter = Callable[[Book, Deal, Edit, Reading, str], None]


def add(
    book: Book, title: str, edits: Sequence[Edit] = (), links: Links | None = None, *, now: str, reading: Reading
) -> int:
    """Add a deal with people and optionally a company; return its id. Without ``stage`` it starts in the first one.

    Its company is the one given, else where its first person works now. Raises UsageError for invalid values.
    """
    title = nfc(title).strip()
    if not title:
        raise UsageError("what is the deal about?", hint=Hint("example-deal"))
    links = links or Links()
    deal = Deal(
        uid=new_uid(), title=title, title_key=sort_key(title), stage_id=stages.first(book.db).id,
        company_id=company_of(book.db, links), created_utc=now, updated_utc=now,
    )  # fmt: skip
    book.session.add(deal)
    book.flush()
    for person in dict.fromkeys(links.people):
        _join(book, deal, person)
    for change in edits:
        _SETTERS[change.field](book, deal, change, reading, now)
    _note(book, deal, now)
    return deal.id or 0


def edit(
    book: Book,
    deal_id: int,
    edits: Sequence[Edit],
    *,
    now: str,
    reading: Reading,
    revision: int | None = None,
) -> None:
    """Change a deal by assignments. With ``revision``, refuse (ConflictError) if it was changed since."""
    deal = _get(book, deal_id)
    refuse_stale(deal, revision)
    stage = deal.stage_id
    with touching(book, "deal", deal_id, now):
        for change in edits:
            _SETTERS[change.field](book, deal, change, reading, now)
        if deal.stage_id != stage:
            _require_open(deal)
            _note(book, deal, now)


def move(book: Book, deal_id: int, stage: str, *, now: str) -> None:
    """Move an open deal to another stage, given by its name or a prefix of it."""
    deal = _get(book, deal_id)
    _require_open(deal)
    target = stages.find(book.db, stage)
    if target.id == deal.stage_id:
        return
    with touching(book, "deal", deal_id, now):
        deal.stage_id = target.id
        _note(book, deal, now)


def win(book: Book, deal_id: int, *, now: str, at: str = "", reason: str = "") -> None:
    """Win an open deal at the UTC instant ``at`` (default: now)."""
    _close(book, deal_id, "won", now=now, at=at or now, reason=reason)


def lose(book: Book, deal_id: int, *, now: str, at: str = "", reason: str = "") -> None:
    """Lose an open deal at the UTC instant ``at`` (default: now)."""
    _close(book, deal_id, "lost", now=now, at=at or now, reason=reason)


def _close(book: Book, deal_id: int, status: str, *, now: str, at: str, reason: str) -> None:
    deal = _get(book, deal_id)
    _require_open(deal)
    if at > now:
        raise UsageError("that time is in the future")
    with touching(book, "deal", deal_id, now):
        deal.status, deal.closed_utc, deal.reason = status, at, nfc(reason).strip()
        _note(book, deal, at)


def reopen(book: Book, deal_id: int, *, now: str) -> None:
    """Reopen a deal that was won or lost, in the stage it was in; the reason stays in its history."""
    deal = _get(book, deal_id)
    if deal.status == "open":
        raise ConflictError(f"d{deal_id} is open already")
    with touching(book, "deal", deal_id, now):
        deal.status, deal.closed_utc, deal.reason = "open", None, ""
        _note(book, deal, now)


def remove(book: Book, deal_id: int) -> None:
    """Remove a deal; its activities stay, without it."""
    deal = _get(book, deal_id)
    book.flush()
    statements.remove(book.db, "deal", deal_id)
    book.session.expunge(deal)


def leave(book: Book, contact_id: int) -> None:
    """Remove a person from all their deals; a deal left without people and without a company is removed too."""
    for row in book.session.exec(select(DealParticipant).where(DealParticipant.contact_id == contact_id)).all():
        deal_id = row.deal_id
        book.session.delete(row)
        book.flush()
        others = select(DealParticipant).where(DealParticipant.deal_id == deal_id)
        if _get(book, deal_id).company_id is None and book.session.exec(others).first() is None:
            remove(book, deal_id)


def _get(book: Book, deal_id: int) -> Deal:
    deal = book.session.get(Deal, deal_id)
    if deal is None:
        raise NotFoundError(f"there is no deal d{deal_id}", hint=Hint("list-deals"))
    return deal


def _require_open(deal: Deal) -> None:
    if deal.status != "open":
        raise ConflictError(f"d{deal.id} is {deal.status} already", hint=Hint("reopen", deal=f"d{deal.id}"))


def _note(book: Book, deal: Deal, at: str) -> None:
    """Record where the deal is from this moment on."""
    book.session.add(
        StageChange(deal_id=deal.id or 0, stage_id=deal.stage_id, status=deal.status, reason=deal.reason, at_utc=at)
    )
    book.flush()


def _set_title(_book: Book, deal: Deal, change: Edit, _reading: Reading, _now: str) -> None:
    deal.title, deal.title_key = change.value, sort_key(change.value)


def _set_amount(_book: Book, deal: Deal, change: Edit, reading: Reading, _now: str) -> None:
    """Set the amount; a bare number keeps the deal's currency."""
    if not change.value:
        deal.amount, deal.currency = None, None
        return
    spelling = reading.spelling._replace(currency=deal.currency or reading.spelling.currency)
    deal.amount, deal.currency = money.parse(change.value, spelling)


def _set_stage(book: Book, deal: Deal, change: Edit, _reading: Reading, _now: str) -> None:
    if not change.value:
        raise UsageError("a deal is always in some stage", hint="as in stage=proposal")
    deal.stage_id = stages.find(book.db, change.value).id


def _set_probability(_book: Book, deal: Deal, change: Edit, _reading: Reading, _now: str) -> None:
    deal.probability = check_probability(change.value)


def _set_close(_book: Book, deal: Deal, change: Edit, reading: Reading, _now: str) -> None:
    found = (
        when.parse(change.value, now=reading.now, zone=reading.zone, working=reading.working) if change.value else None
    )
    deal.close_on = found.date if found else None


def _set_company(book: Book, deal: Deal, change: Edit, _reading: Reading, now: str) -> None:
    """Set the company by printed id or by name; a company with a new name is created."""
    if not change.value:
        deal.company_id = None
    elif re.fullmatch(r"c\d{1,7}", change.value, re.ASCII):
        company = book.session.get(Company, int(change.value[1:]))
        if company is None:
            raise NotFoundError(f"there is no company {change.value}")
        deal.company_id = company.id
    else:
        deal.company_id = companies.ensure(book, change.value, now=now)


def _set_source(_book: Book, deal: Deal, change: Edit, _reading: Reading, _now: str) -> None:
    deal.source = change.value or None


def _set_notes(_book: Book, deal: Deal, change: Edit, _reading: Reading, _now: str) -> None:
    deal.notes = combined(deal.notes, change) or ""


def _set_people(book: Book, deal: Deal, change: Edit, _reading: Reading, _now: str) -> None:
    """Add or remove a person by printed id; "set" makes them the only one, and an empty value removes all."""
    query = select(DealParticipant).where(DealParticipant.deal_id == deal.id)
    have = {row.contact_id: row for row in book.session.exec(query).all()}
    person = int(change.value) if change.value else 0
    if change.op == "remove" and person not in have:
        raise NotFoundError(f"{person} does not take part in d{deal.id}")
    wanted = linked(have, change, person)
    for ref, row in have.items():
        if ref not in wanted:
            book.session.delete(row)
    for ref in wanted - have.keys():
        _join(book, deal, ref)


def _join(book: Book, deal: Deal, person: int) -> None:
    if book.session.get(Contact, person) is None:
        raise NotFoundError(f"there is no person {person}")
    book.session.add(DealParticipant(deal_id=deal.id or 0, contact_id=person))
    book.flush()


_SETTERS: dict[str, Setter] = {
    "title": _set_title, "amount": _set_amount, "stage": _set_stage, "probability": _set_probability,
    "close": _set_close, "company": _set_company, "source": _set_source, "notes": _set_notes, "with": _set_people,
}  # fmt: skip
"""Assignment -> the function that applies it to a deal."""
