"""Add, change and remove people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.edits import Edit
from crm_cli.core.records import Draft
from crm_cli.errors import Hint, UsageError
from crm_cli.queries import contacts as queries
from crm_cli.services import assignments, records, statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.edits import TagEdit


def add(book: Book, name: str, edits: Sequence[Edit | TagEdit] = (), *, now: str, region: str = "") -> int:
    """Add a person; return their id. Raises UsageError if nothing is known about them."""
    if not name.strip() and not any(isinstance(change, Edit) and change.value for change in edits):
        raise UsageError("who is it?", hint=Hint("example-person"), field="name")
    draft = assignments.apply(book.db, assignments.renamed(Draft(), name), edits, region=region)
    if not draft.name:
        draft = draft._replace(name=_known_by(edits))
    contact = records.insert(records.context(book.db, now=now, region=region), draft, split=False)
    assignments.link_mail(book.db, draft, now=now)
    return contact


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
    record = queries.get(book.db, contact_id)
    assignments.edit(book.db, record, edits, now=now, region=region, revision=revision)


def remove(book: Book, contact_id: int) -> None:
    """Remove a person with all their rows; activities and deals that also involve others stay with those."""
    queries.get(book.db, contact_id)
    alone = book.db.execute(
        "SELECT activity_id FROM activity_participant p WHERE contact_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM activity_participant x WHERE x.activity_id = p.activity_id AND x.contact_id <> p.contact_id)",
        (contact_id,),
    ).fetchall()
    if alone:
        from crm_cli.services import activities

        for (activity,) in alone:
            activities.remove(book, activity)
    book.db.execute("DELETE FROM activity_participant WHERE contact_id = ?", (contact_id,))
    if book.db.execute("SELECT 1 FROM deal_participant WHERE contact_id = ?", (contact_id,)).fetchone():
        from crm_cli.services import deals

        deals.leave(book, contact_id)
    statements.remove(book.db, "contact", contact_id)


def _known_by(edits: Sequence[Edit | TagEdit]) -> str:
    """Return the name for a person added without one. Raises UsageError if no assignment provides one."""
    known = {change.field: change.value for change in reversed(edits) if isinstance(change, Edit) and change.value}
    for field in ("nickname", "company", "email", "phone", "url"):
        if field in known:
            return known[field]
    raise UsageError("who is it?", hint="give a name, an e-mail or a phone number", field="name")
