"""The only writer of people and companies: a draft becomes a new record, a patch changes an existing one.

Rows are written one by one with sqlite3, under the journal. `add`, `edit`, `job` and the updates of an import all end
here; a bulk import writes new records in blocks (`importing/bulk.py`), and a property test ensures that both write
equal rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.kinds import BY_NAME, COMPANY, PERSON
from crm_cli.core.patches import Items, whole
from crm_cli.core.records import Contact, Draft, Employment
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.queries import merges
from crm_cli.services import rows, statements, tags
from crm_cli.services.importing.words import Vocabulary
from crm_cli.services.touch import touch, written

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from crm_cli.core.patches import Patch
    from crm_cli.core.records import Address, Company, Consent, Point, Property
    from crm_cli.services.rows import Columns


class Context(NamedTuple):
    """What each write needs apart from the record.

    ``now`` is a UTC instant, ``today`` the day a new status takes effect, ``region`` the country of phone numbers
    without a country code; ``employer`` returns the company with a name, created if it does not exist.
    """

    db: sqlite3.Connection
    now: str
    today: str
    region: str
    words: Vocabulary
    employer: Callable[[str], int | None]


class Mark(NamedTuple):
    """How an import recognises a record again: the source, the record's key there, and its values in the file."""

    source: str
    key: str
    base: str


def context(db: sqlite3.Connection, *, now: str, region: str = "") -> Context:
    """Return the context for manual writes."""
    return Context(db, now, now[:10], region, Vocabulary(db), lambda name: employer(db, name, now=now))


def insert(on: Context, draft: Draft, mark: Mark | None = None, *, split: bool = True) -> int:
    """Add a person or a company with all the rows that belong to it; return the id.

    ``split`` derives the parts of a person's name if the draft has none.
    """
    if draft.kind == "company":
        kind = COMPANY.name
        columns = rows.company(draft.name, now=on.now, notes=draft.notes, source=draft.source)
    else:
        kind = PERSON.name
        columns = rows.contact(draft, now=on.now, today=on.today)
        columns |= {} if split else draft.parts._asdict()
    ref = statements.insert(on.db, kind, columns)
    _write(on, kind, ref, whole(draft))
    if mark is not None:
        statements.insert(on.db, "external_ref", {BY_NAME[kind].column: ref, **mark._asdict()})
    return ref


def apply(on: Context, record: Contact | Company, patch: Patch) -> bool:
    """Change a record of the book; return whether any row was written. If so, its revision is increased."""
    kind = PERSON.name if isinstance(record, Contact) else COMPANY.name
    before = written(on.db)
    statements.update(on.db, kind, record.id, _stored(on, patch))
    _write(on, kind, record.id, patch)
    changed = written(on.db) > before
    if changed:
        touch(on.db, kind, record.id, on.now)
    return changed


def employer(db: sqlite3.Connection, name: str, *, now: str) -> int | None:
    """Return the company with that name, created if missing; the first if several share it; None without a name."""
    key = sort_key(nfc(name))
    if not key:
        return None
    found = db.execute("SELECT min(id) FROM company WHERE name_key = ?", (key,)).fetchone()[0]
    found = found or merges.named(db, COMPANY.name).get(key)
    return int(found) if found else statements.insert(db, "company", rows.company(name, now=now))


def as_draft(record: Contact | Company) -> Draft:
    """Return a record of the book as a draft, with a person's current job."""
    alike = [(name, getattr(record, name)) for name in _ALIKE if name in record._fields]
    given: dict[str, Any] = {name: "" if value is None else value for name, value in alike}
    draft = Draft(**given)
    if not isinstance(record, Contact):
        return draft._replace(kind="company")
    job = present_job(record) or Employment()
    return draft._replace(company=job.company, title=job.title, department=job.department)


_ALIKE = tuple(name for name in Draft._fields if name in Contact._fields and name != "uid")
"""Fields with the same name in a draft and in a record."""


def present_job(record: Contact | Company) -> Employment | None:
    """Return the first of a person's current jobs; None for a company."""
    return next((job for job in jobs_of(record) if job.current), None)


def jobs_of(record: Contact | Company) -> tuple[Employment, ...]:
    """Return a person's current and former jobs; ``()`` for a company."""
    return record.employments if isinstance(record, Contact) else ()


def _stored(on: Context, patch: Patch) -> Columns:
    """Return the changed columns of a record's own row, including those derived from them."""
    new: Columns = {name: value or rows.blank(name) for name, value in patch.columns.items()}
    if "name" in new:
        new["name_key"] = sort_key(new["name"])
    if "status" in new:
        new["status_on"] = on.today if new["status"] else None
    return new


def _write(on: Context, kind: str, ref: int, patch: Patch) -> None:
    """Write the rows that belong to a record."""
    column = BY_NAME[kind].column
    for table, name, columns in _LISTS:
        _items(on, table, {column: ref}, getattr(patch, name), columns)
    _properties(on.db, {column: ref}, patch.properties)
    add, gone = (
        [found for tag in names if (found := on.words.tag_id(tag)) is not None]
        for names in (patch.tags.add, patch.tags.remove)
    )
    tags.link(on.db, kind, ref, add, gone)
    for name, value in patch.custom.items():
        _custom(on, kind, ref, name, value)


def _point(on: Context, point: Point) -> Columns:
    return rows.point(point, region=on.region)


def _address(_on: Context, address: Address) -> Columns:
    return rows.address(address)


def _job(on: Context, job: Employment) -> Columns:
    company = on.employer(job.company) if job.company_id is None else job.company_id
    return rows.employment(job, company)


def _consent(on: Context, consent: Consent) -> Columns:
    return rows.consent(consent, today=on.today)


_LISTS: tuple[tuple[str, str, Callable[[Context, Any], Columns]], ...] = (
    ("contact_point", "points", _point),
    ("postal_address", "addresses", _address),
    ("employment", "jobs", _job),
    ("consent", "consents", _consent),
)
"""Tables of rows that belong to a record and have an id, the part of a patch for each, and the row's columns."""


def _items(
    on: Context, table: str, owner: Columns, items: Items[Any], columns: Callable[[Context, Any], Columns]
) -> None:
    for gone in items.remove:
        on.db.execute(f"DELETE FROM {table} WHERE id = ?", (gone.id,))
    for have, became in items.change:
        old = columns(on, have)
        statements.update(
            on.db, table, have.id, {name: new for name, new in columns(on, became).items() if new != old[name]}
        )
    for item in items.add:
        statements.insert(on.db, table, {**owner, **columns(on, item)})


def _properties(db: sqlite3.Connection, owner: Columns, items: Items[Property]) -> None:
    """Write vCard properties that have no field; if several are equal, the first is removed."""
    for gone in items.remove:
        deleted = statements.delete_first(db, "source_property", {**owner, **rows.source_property(gone)})
        if not deleted and PERSON.column in owner:
            from crm_cli.services import relationships

            relationships.forget_property(db, owner[PERSON.column], gone)
    for new in items.add:
        statements.insert(db, "source_property", {**owner, **rows.source_property(new)})


def _custom(on: Context, kind: str, ref: int, name: str, value: str) -> None:
    """Write a value of a custom field, or delete it if empty."""
    key = (ref, on.words.field_id(name))
    if not value:
        on.db.execute(f"DELETE FROM {kind}_custom WHERE {kind}_id = ? AND field_id = ?", key)
        return
    on.db.execute(
        f"INSERT INTO {kind}_custom ({kind}_id, field_id, value) VALUES (?, ?, ?)"
        f" ON CONFLICT ({kind}_id, field_id) DO UPDATE SET value = excluded.value",
        (*key, value),
    )
