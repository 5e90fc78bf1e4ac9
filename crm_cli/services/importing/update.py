"""Update a record of the book from a record of a file: turn the decisions of a merge into a patch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core import merging, names
from crm_cli.core.patches import Items, Patch, at_work
from crm_cli.core.records import Contact, Draft, Employment, NameParts
from crm_cli.services import records, rows, tags
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crm_cli.core.merging import Job, Merge
    from crm_cli.core.records import Address, Company
    from crm_cli.services.importing.words import Vocabulary


def with_norms(draft: Draft, region: str) -> Draft:
    """Return the draft with the normalised values of its points."""
    return draft._replace(points=tuple(rows.with_norm(point, region) for point in draft.points))


class Updater:
    """Updates people and companies with the data of a file."""

    def __init__(self, on: records.Context) -> None:
        self.on, self.db = on, on.db

    def update(self, record: Contact | Company, base: Draft | None, theirs: Draft) -> Merge:
        """Merge a draft into a record; return what was done (false if nothing)."""
        ours, jobs = records.as_draft(record), records.jobs_of(record)
        plan = merging.merge(self._comparable(base) if base else None, self._comparable(theirs), ours, jobs)
        if plan:
            records.apply(self.on, record, _patch(plan, record))
        return plan

    def tag(self, kind: str, ref: int, names: tuple[str, ...]) -> bool:
        """Add tags to a record; return whether any was new."""
        found = [tag for tag in map(self.on.words.tag_id, names) if tag is not None]
        added = tags.link(self.db, kind, ref, found)
        if added:
            touch(self.db, kind, ref, self.on.now)
        return bool(added)

    def _comparable(self, draft: Draft) -> Draft:
        """Return the draft in the form of the book: whole names, normalised points, custom fields by their name."""
        points = with_norms(draft, self.on.region).points
        return merging.completed(stored(draft, self.on.words))._replace(points=points)


def _patch(plan: Merge, record: Contact | Company) -> Patch:
    """Return the decisions of a merge as a patch of the record."""
    columns = {name: value or "" for name, value in plan.scalars.items()}
    if plan.parts is not None and isinstance(record, Contact):
        columns |= plan.parts._asdict()
    return Patch(
        columns=columns,
        points=plan.points,
        addresses=plan.addresses,
        jobs=_jobs(plan.job, {job.id: job for job in records.jobs_of(record)}),
        properties=plan.properties,
        consents=plan.consents,
        tags=plan.tags,
        custom=plan.custom,
    )


def _jobs(plan: Job, known: Mapping[int | None, Employment]) -> Items[Employment]:
    """Return the changed rows of a person's employment."""
    texts = (plan.company, plan.title, plan.department)
    left = [known[plan.leave]] if plan.leave is not None else []
    kept = [known[plan.change]] if plan.change is not None else []
    return Items(
        add=(at_work(Employment(), *texts),) if plan.add else (),
        change=(
            *((job, job._replace(current=False)) for job in left),
            *((job, at_work(job, *texts)) for job in kept),
        ),
    )


def stored(draft: Draft, words: Vocabulary) -> Draft:
    """Return a draft with its columns mapped to custom fields and its tags as the book stores them."""
    if not draft.custom and not draft.tags:
        return draft
    from crm_cli.core.tags import spelled

    custom: dict[str, str] = {}
    for label, value in draft.custom:
        if value.strip():
            name = words.field_name(label)
            custom[name] = value if custom.get(name, value) == value else f"{custom[name]}\n{value}"
    tags = tuple(dict.fromkeys(kept for tag in draft.tags if (kept := spelled(tag))))
    fitted = tuple((name, words.types.fitted(name, value)) for name, value in custom.items())
    return draft._replace(custom=fitted, tags=tags)


def same_framing(draft: Draft, record: Contact | Company) -> Draft:
    """Return an export of our own without what vCard output added: groups, parameters, forms of pictures."""
    from crm_cli.formats.vcard.media import in_version

    had: dict[tuple[str, ...], str] = {(point.kind, point.value): point.params for point in record.points}
    had.update({_place(address): address.params for address in record.addresses})
    points = tuple(each._replace(params=had.get((each.kind, each.value), each.params)) for each in draft.points)
    addresses = tuple(each._replace(params=had.get(_place(each), each.params)) for each in draft.addresses)
    forms = {in_version(each, new=False): each for each in record.properties}
    properties = tuple(forms.get(in_version(each, new=False), each) for each in draft.properties)
    return draft._replace(points=points, addresses=addresses, properties=properties)


def edited(record: Contact | Company, draft: Draft) -> tuple[Draft, Draft]:
    """Return the values of an unchanged export of the record, and those of the file, which was edited since.

    Lists are only added to, and an empty cell removes nothing: its column may have been deleted. A new name has new
    parts and new parts make a new name, unless the file has both.
    """
    base = records.as_draft(record)._replace(points=(), addresses=(), tags=(), properties=())
    filled = {name: getattr(draft, name) or getattr(base, name) for name in ("company", "title", "department")}
    theirs = merging.keeping(base, draft._replace(**filled))
    if theirs.name != base.name and theirs.parts == base.parts:
        theirs = theirs._replace(parts=NameParts())
    elif theirs.name == base.name == names.display(base.parts) and any(theirs.parts):
        theirs = theirs._replace(name=names.display(theirs.parts))
    return base, theirs


def _place(address: Address) -> tuple[str, ...]:
    return (address.street, address.locality, address.code, address.country, address.po_box)
