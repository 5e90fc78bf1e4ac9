"""Change a person's employer: the old job and its contact points become former, history stays where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.patches import Items, at_work, between
from crm_cli.core.records import Employment
from crm_cli.core.text.folding import fold
from crm_cli.queries import contacts
from crm_cli.queries.batches import marks
from crm_cli.services import assignments, companies, records

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.edits import Edit, TagEdit
    from crm_cli.core.records import Draft, Point

WORK = frozenset({"work", "business", "office", "work fax", "direct", "main"})
"""Labels of points that belong to the job and not to the person."""


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
    record = contacts.get(book.db, contact_id)
    target = companies.ensure(book, company, now=now)
    present = [job for job in record.employments if job.current]
    left = [job.company_id for job in present if job.company_id is not None]
    before = records.as_draft(record)
    points = before.points if target in left else _retired(book.db, before.points, left)
    moved = before._replace(points=points, company=company, title="", department="")
    after = assignments.apply(book.db, moved, edits, region=region)
    jobs = Items(
        add=_begun(Employment(company, target, since=since), after),
        change=tuple((job, job._replace(current=False, until=since)) for job in present),
    )
    patch = between(before, after)._replace(jobs=jobs)
    records.apply(records.context(book.db, now=now, region=region), record, patch)
    assignments.link_mail(book.db, after, now=now)
    return target


def _begun(job: Employment, after: Draft) -> tuple[Employment, ...]:
    """Return the new job as the assignments left it; ``()`` if they cleared it."""
    texts = (after.company, after.title, after.department)
    return (at_work(job, *texts),) if any(texts) else ()


def _retired(db: sqlite3.Connection, points: Sequence[Point], left: list[int]) -> tuple[Point, ...]:
    """Return the points; work points, and e-mails at a domain of the companies in ``left``, become former."""
    domains = _domains(db, left)
    return tuple(
        point._replace(state="former", preferred=False)
        if point.state == "current" and (fold(point.label) in WORK or _domain(point) in domains)
        else point
        for point in points
    )


def _domain(point: Point) -> str | None:
    return point.norm.partition("@")[2] if point.kind == "email" else None


def _domains(db: sqlite3.Connection, companies: list[int]) -> set[str]:
    """Return the domains of the companies' e-mail addresses and web pages."""
    rows = db.execute(
        f"SELECT kind, value, norm FROM contact_point WHERE company_id IN ({marks(companies)})"
        " AND kind IN ('email', 'url')",
        companies,
    )
    found = {
        norm.partition("@")[2]
        if kind == "email"
        else value.partition("//")[2].partition("/")[0].removeprefix("www.").lower()
        for kind, value, norm in rows
    }
    return found - {""}
