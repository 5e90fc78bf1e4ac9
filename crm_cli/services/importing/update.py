"""A record of a file onto a record of the book: what the merge decided, written row by row under the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core import merging, names
from crm_cli.core.records import Contact, Draft, NameParts
from crm_cli.core.text.folding import sort_key
from crm_cli.services import rows
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping

    from crm_cli.core.merging import Items, Job, Merge
    from crm_cli.core.records import Address, Company
    from crm_cli.services.importing.words import Vocabulary

PARTS = ("prefix", "given", "additional", "family", "suffix")


def with_norms(draft: Draft, region: str) -> Draft:
    """Return the draft with what its points are compared by."""
    points = (point._replace(norm=rows.point(point, region=region)["norm"]) for point in draft.points)
    return draft._replace(points=tuple(points))


class Updater:
    """Brings people and companies up to date with what a file says of them."""

    def __init__(
        self,
        db: sqlite3.Connection,
        *,
        now: str,
        today: str,
        region: str,
        words: Vocabulary,
        employer: Callable[[str], int | None],
    ) -> None:
        self.db, self.now, self.today, self.region = db, now, today, region
        self.words, self.employer = words, employer

    def update(self, record: Contact | Company, base: Draft | None, theirs: Draft) -> Merge:
        """Merge a draft into a record; return what was done (false when nothing)."""
        jobs = record.employments if isinstance(record, Contact) else ()
        plan = merging.merge(self._comparable(base) if base else None, self._comparable(theirs), ours(record), jobs)
        if plan:
            kind = "contact" if isinstance(record, Contact) else "company"
            self._apply(plan, kind, record.id)
            touch(self.db, kind, record.id, self.now)
        return plan

    def tag(self, kind: str, ref: int, tags: tuple[str, ...]) -> bool:
        """Put a record into sets; tell whether it was in fewer before."""
        found = [tag for tag in map(self.words.tag_id, tags) if tag is not None]
        sql = f"INSERT OR IGNORE INTO {kind}_tag ({kind}_id, tag_id) VALUES (?, ?)"
        added = sum(self.db.execute(sql, (ref, tag)).rowcount for tag in found)
        if added:
            touch(self.db, kind, ref, self.now)
        return bool(added)

    def _comparable(self, draft: Draft) -> Draft:
        """Return the draft as the book would say it: names whole, points with their norm, fields by their name."""
        points = with_norms(draft, self.region).points
        return merging.completed(stored(draft, self.words))._replace(points=points)

    def _apply(self, plan: Merge, kind: str, ref: int) -> None:
        self._scalars(plan, kind, ref)
        owner = f"{kind}_id"
        points: Items[Any] = plan.points
        self._items("contact_point", owner, ref, points, lambda point: rows.point(point, region=self.region))
        self._items("postal_address", owner, ref, plan.addresses, rows.address)
        self._properties(owner, ref, plan)
        self._tags(kind, ref, plan)
        for name, value in plan.custom.items():
            self._custom(kind, ref, name, value)
        if plan.job:
            self._job(ref, plan.job)

    def _scalars(self, plan: Merge, kind: str, ref: int) -> None:
        new: dict[str, Any] = {}
        for name, value in plan.scalars.items():
            new[name] = value or (None if name in rows.NULLABLE else "")
        if "status" in new:
            new["status_on"] = self.today if new["status"] else None
        if "name" in new:
            new["name_key"] = sort_key(new["name"])
        if plan.parts is not None and kind == "contact":
            new.update({part: getattr(plan.parts, part) for part in PARTS})
        if new:
            self._update(kind, ref, new)

    def _items(
        self, table: str, owner: str, ref: int, plan: Items[Any], columns: Callable[[Any], Mapping[str, Any]]
    ) -> None:
        for item in plan.remove:
            self.db.execute(f"DELETE FROM {table} WHERE id = ?", (item.id,))
        for have, became in plan.change:
            self._update(table, have.id, columns(became))
        for item in plan.add:
            self._insert(table, {owner: ref, **columns(item)})

    def _properties(self, owner: str, ref: int, plan: Merge) -> None:
        for gone in plan.properties.remove:
            self.db.execute(
                f"DELETE FROM source_property WHERE id = (SELECT min(id) FROM source_property WHERE {owner} = ?"
                " AND grp = ? AND name = ? AND params = ? AND value = ?)",
                (ref, gone.group, gone.name, gone.params, gone.value),
            )
        for new in plan.properties.add:
            self._insert("source_property", {owner: ref, **rows.source_property(new)})

    def _tags(self, kind: str, ref: int, plan: Merge) -> None:
        for name in plan.tags.remove:
            self.db.execute(
                f"DELETE FROM {kind}_tag WHERE {kind}_id = ? AND tag_id = ?", (ref, self.words.tag_id(name))
            )
        for name in plan.tags.add:
            tag = self.words.tag_id(name)
            if tag is not None:
                self.db.execute(f"INSERT OR IGNORE INTO {kind}_tag ({kind}_id, tag_id) VALUES (?, ?)", (ref, tag))

    def _custom(self, kind: str, ref: int, name: str, value: str) -> None:
        key = (ref, self.words.field_id(name))
        if not value:
            self.db.execute(f"DELETE FROM {kind}_custom WHERE {kind}_id = ? AND field_id = ?", key)
            return
        self.db.execute(
            f"INSERT INTO {kind}_custom ({kind}_id, field_id, value) VALUES (?, ?, ?)"
            f" ON CONFLICT ({kind}_id, field_id) DO UPDATE SET value = excluded.value",
            (*key, value),
        )

    def _job(self, ref: int, job: Job) -> None:
        if job.leave is not None:
            self._update("employment", job.leave, {"current": 0})
        texts = {"company_id": self.employer(job.company), "title": job.title, "department": job.department}
        if job.change is not None:
            self._update("employment", job.change, texts)
        if job.add:
            self._insert("employment", {"contact_id": ref, **texts})

    def _update(self, table: str, ref: int, columns: Mapping[str, Any]) -> None:
        sets = ", ".join(f"{column} = ?" for column in columns)
        self.db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", (*columns.values(), ref))

    def _insert(self, table: str, columns: Mapping[str, Any]) -> None:
        marks = ", ".join("?" * len(columns))
        self.db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))


def stored(draft: Draft, words: Vocabulary) -> Draft:
    """Return a draft with its columns led to custom fields and its tags as the book keeps them."""
    if not draft.custom and not draft.tags:
        return draft
    from crm_cli.core.tags import spelled

    custom: dict[str, str] = {}
    for label, value in draft.custom:
        if value.strip():
            name = words.field_name(label)
            custom[name] = value if custom.get(name, value) == value else f"{custom[name]}\n{value}"
    tags = tuple(dict.fromkeys(kept for tag in draft.tags if (kept := spelled(tag))))
    return draft._replace(custom=tuple(custom.items()), tags=tags)


def ours(record: Contact | Company) -> Draft:
    """Return a record of the book in the form of a draft."""
    person = isinstance(record, Contact)
    return Draft(
        kind="person" if person else "company",
        name=record.name,
        parts=record.parts if isinstance(record, Contact) else NameParts(),
        nickname=record.nickname if isinstance(record, Contact) else "",
        birthday=record.birthday if isinstance(record, Contact) else None,
        anniversary=record.anniversary if isinstance(record, Contact) else None,
        notes=record.notes,
        status=(record.status or "") if isinstance(record, Contact) else "",
        source=record.source or "",
        language=(record.language or "") if isinstance(record, Contact) else "",
        zone=(record.zone or "") if isinstance(record, Contact) else "",
        points=record.points,
        addresses=record.addresses,
        tags=record.tags,
        custom=record.custom,
        properties=record.properties,
    )


def same_framing(draft: Draft, record: Contact | Company) -> Draft:
    """Return an export of our own without what writing it as a vCard added: groups, parameters, forms of pictures."""
    from crm_cli.formats.vcard.media import in_version

    had: dict[tuple[str, ...], str] = {(point.kind, point.value): point.params for point in record.points}
    had.update({_place(address): address.params for address in record.addresses})
    points = tuple(each._replace(params=had.get((each.kind, each.value), each.params)) for each in draft.points)
    addresses = tuple(each._replace(params=had.get(_place(each), each.params)) for each in draft.addresses)
    forms = {in_version(each, new=False): each for each in record.properties}
    properties = tuple(forms.get(in_version(each, new=False), each) for each in draft.properties)
    return draft._replace(points=points, addresses=addresses, properties=properties)


def edited(record: Contact | Company, draft: Draft) -> tuple[Draft, Draft]:
    """Return what an export of the record as it is says, and what the file, edited since, says instead.

    Lists are only added to, and an empty cell takes nothing away: it may be a column that somebody dropped. A new
    name has new parts and new parts make a new name, unless the file says both.
    """
    job = next((each for each in record.employments if each.current), None) if isinstance(record, Contact) else None
    base = ours(record)._replace(points=(), addresses=(), tags=(), properties=())
    if job is not None:
        base = base._replace(company=job.company, title=job.title, department=job.department)
    filled = {name: getattr(draft, name) or getattr(base, name) for name in ("company", "title", "department")}
    theirs = merging.keeping(base, draft._replace(**filled))
    if theirs.name != base.name and theirs.parts == base.parts:
        theirs = theirs._replace(parts=NameParts())
    elif theirs.name == base.name == names.display(base.parts) and any(theirs.parts):
        theirs = theirs._replace(name=names.display(theirs.parts))
    return base, theirs


def _place(address: Address) -> tuple[str, ...]:
    return (address.street, address.locality, address.code, address.country, address.po_box)
