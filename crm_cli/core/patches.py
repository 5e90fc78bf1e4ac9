"""The changes to a person or a company: the difference between two drafts, by column and by row."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from crm_cli.core.records import Address, Consent, Draft, Employment, NameParts, Point, Property
from crm_cli.core.text.folding import fold, sort_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T")

SCALARS = ("name", "nickname", "birthday", "anniversary", "notes", "status", "source", "language", "zone")
"""Fields of a person with a single value; the parts of the name change along with the name."""


class Items(NamedTuple, Generic[T]):
    """The changes to a list; ``change`` pairs an item of the book with its new value."""

    add: tuple[T, ...] = ()
    remove: tuple[T, ...] = ()
    change: tuple[tuple[T, T], ...] = ()

    def __bool__(self) -> bool:
        """Is there anything to do?"""
        return bool(self.add or self.remove or self.change)


NOTHING: Items[Any] = Items()


class Patch(NamedTuple):
    """All changes to one record.

    ``columns`` are new texts of the record's own row, ``custom`` new values of custom fields; ``""`` clears either. A
    job with a company name but no company id is at the company of that name.
    """

    columns: Mapping[str, str]
    points: Items[Point] = NOTHING
    addresses: Items[Address] = NOTHING
    jobs: Items[Employment] = NOTHING
    properties: Items[Property] = NOTHING
    consents: Items[Consent] = NOTHING
    tags: Items[str] = NOTHING
    custom: Mapping[str, str] = {}


def between(before: Draft, after: Draft, job: Employment | None = None) -> Patch:
    """Return the changes that turn ``before`` into ``after``; ``job`` is the current job that both drafts describe.

    Points and addresses are matched by id, and those without one are new; properties and consent do not
    change.
    """
    had, has = dict(before.custom), dict(after.custom)
    return Patch(
        columns=_columns(before, after),
        points=_rows(before.points, after.points),
        addresses=_rows(before.addresses, after.addresses),
        jobs=_jobs(job, after),
        tags=_tags(before.tags, after.tags),
        custom={name: has.get(name, "") for name in (*has, *had) if has.get(name, "") != had.get(name, "")},
    )


def whole(draft: Draft) -> Patch:
    """Return the rows to add for a new record, without the record's own row."""
    patch = between(Draft(), draft)
    patch = patch._replace(columns={}, properties=Items(add=draft.properties))
    if draft.kind == "person":
        return patch._replace(consents=Items(add=draft.consents))
    return patch._replace(jobs=NOTHING)


def at_work(job: Employment, company: str, title: str, department: str) -> Employment:
    """Return a job with new texts; the company id is kept if the company's name is the same."""
    moved = job if sort_key(company) == sort_key(job.company) else job._replace(company=company, company_id=None)
    return moved._replace(title=title, department=department)


def _columns(before: Draft, after: Draft) -> dict[str, str]:
    named = {name: getattr(after, name) or "" for name in SCALARS if _text(before, name) != _text(after, name)}
    parts = {name: getattr(after.parts, name) for name in NameParts._fields}
    return named | {name: part for name, part in parts.items() if part != getattr(before.parts, name)}


def _text(draft: Draft, name: str) -> str:
    return getattr(draft, name) or ""


def _rows(before: Sequence[Any], after: Sequence[Any]) -> Items[Any]:
    had = {item.id: item for item in before}
    stay = set(map(attrgetter("id"), after))
    return Items(
        add=tuple(item for item in after if item.id not in had),
        remove=tuple(item for item in before if item.id not in stay),
        change=tuple((had[item.id], item) for item in after if item.id in had and item != had[item.id]),
    )


def _jobs(job: Employment | None, after: Draft) -> Items[Employment]:
    # A name of invisible signs alone does not name a company.
    texts = (after.company if sort_key(after.company) else "", after.title, after.department)
    if not any(texts):
        return Items(remove=(job,)) if job else NOTHING
    if job is None:
        return Items(add=(at_work(Employment(), *texts),))
    became = at_work(job, *texts)
    return Items(change=((job, became),)) if became != job else NOTHING


def _tags(before: Sequence[str], after: Sequence[str]) -> Items[str]:
    """Compare sets of tags, ignoring case and accents."""
    had, has = set(map(fold, before)), set(map(fold, after))
    return Items(
        add=tuple(tag for tag in after if fold(tag) not in had),
        remove=tuple(tag for tag in before if fold(tag) not in has),
    )
