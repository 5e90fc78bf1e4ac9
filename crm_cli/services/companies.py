"""Add, change and remove companies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.records import Draft
from crm_cli.errors import Hint, UsageError
from crm_cli.queries import companies as queries
from crm_cli.services import assignments, records, statements
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.edits import Edit, TagEdit


def add(book: Book, name: str, edits: Sequence[Edit | TagEdit] = (), *, now: str, region: str = "") -> int:
    """Add a company; return its id."""
    if not name.strip():
        raise _nameless()
    draft = assignments.apply(book.db, assignments.renamed(Draft(kind="company"), name), edits, region=region)
    return records.insert(records.context(book.db, now=now, region=region), draft)


def ensure(book: Book, name: str, *, now: str) -> int:
    """Return the company with that name, created if there is none; the first if several share it."""
    found = records.employer(book.db, name, now=now)
    if found is None:
        raise _nameless()
    return found


def _nameless() -> UsageError:
    return UsageError("a company needs a name", hint=Hint("example-company"))


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
    record = queries.get(book.db, company_id)
    assignments.edit(book.db, record, edits, now=now, region=region, revision=revision)


def remove(book: Book, company_id: int, *, now: str) -> None:
    """Remove a company; its people, activities and deals stay, without it."""
    queries.get(book.db, company_id)
    db, own = book.db, (company_id,)
    for (person,) in db.execute("SELECT DISTINCT contact_id FROM employment WHERE company_id = ?", own).fetchall():
        touch(db, "contact", person, now)
    for (deal,) in db.execute("SELECT id FROM deal WHERE company_id = ?", own).fetchall():
        touch(db, "deal", deal, now)
    db.execute(
        "UPDATE employment SET company_id = NULL WHERE company_id = ? AND (title <> '' OR department <> '')", own
    )
    statements.remove(db, "company", company_id)
