"""The one writer of people and companies: a draft becomes a new record, a patch changes one that is there.

Written with sqlite3, row by row, under the journal. `add`, `edit`, `job` and the updates of an import all end here; a
bulk import writes new records by blocks (`importing/bulk.py`), and a property test holds both to equal rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.kinds import BY_NAME, COMPANY, PERSON
from crm_cli.core.patches import Items, whole
from crm_cli.core.records import Contact, Draft, Employment
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.services import rows, tags
from crm_cli.services.importing.words import Vocabulary
from crm_cli.services.touch import touch, written

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from crm_cli.core.patches import Patch
    from crm_cli.core.records import Address, Company, Point, Property
    from crm_cli.services.rows import Columns


class Context(NamedTuple):
    """What each write needs besides the record.

    ``now`` is a UTC instant, ``today`` the day since which a new status holds, ``region`` where phone numbers without
    a country code belong; ``employer`` returns the company of a name, made where it is missing.
    """

    db: sqlite3.Connection
    now: str
    today: str
    region: str
    words: Vocabulary
    employer: Callable[[str], int | None]


class Mark(NamedTuple):
    """How an import knows a record again: the source, the record's key there, and what the file said of it."""

    source: str
    key: str
    base: str


def context(db: sqlite3.Connection, *, now: str, region: str = "") -> Context:
    """Return what writes by hand need."""
    return Context(db, now, now[:10], region, Vocabulary(db), lambda name: employer(db, name, now=now))


def insert(on: Context, draft: Draft, mark: Mark | None = None, *, split: bool = True) -> int:
    """Add a person or a company with everything that hangs off them; return the id.

    ``split`` works out the parts of a person's name that has none.
    """
    if draft.kind == "company":
        kind = COMPANY.name
        columns = rows.company(draft.name, now=on.now, notes=draft.notes, source=draft.source)
    else:
        kind = PERSON.name
        columns = rows.contact(draft, now=on.now, today=on.today)
        columns |= {} if split else draft.parts._asdict()
    ref = _insert(on.db, kind, columns)
    _write(on, kind, ref, whole(draft))
    if mark is not None:
        _insert(on.db, "external_ref", {BY_NAME[kind].column: ref, **mark._asdict()})
    return ref


def apply(on: Context, record: Contact | Company, patch: Patch) -> bool:
    """Change a record of the book; its revision moves if any row was written. Was any?"""
    kind = PERSON.name if isinstance(record, Contact) else COMPANY.name
    before = written(on.db)
    _update(on.db, kind, record.id, _stored(on, patch))
    _write(on, kind, record.id, patch)
    changed = written(on.db) > before
    if changed:
        touch(on.db, kind, record.id, on.now)
    return changed


def remove(db: sqlite3.Connection, kind: str, ref: int) -> None:
    """Remove a record with all rows that belong to it alone."""
    known = BY_NAME[kind]
    for table in (*known.owns, *known.links):
        db.execute(f"DELETE FROM {table} WHERE {known.column} = ?", (ref,))
    db.execute(f"DELETE FROM {known.table} WHERE id = ?", (ref,))


def employer(db: sqlite3.Connection, name: str, *, now: str) -> int | None:
    """Return the company of that name, made if there is none, of several namesakes the first; None without a name."""
    key = sort_key(nfc(name))
    if not key:
        return None
    found = db.execute("SELECT min(id) FROM company WHERE name_key = ?", (key,)).fetchone()[0]
    return int(found) if found else _insert(db, "company", rows.company(name, now=now))


def as_draft(record: Contact | Company) -> Draft:
    """Return a record of the book in the form of a draft, with the job that a person has now."""
    alike = [(name, getattr(record, name)) for name in _ALIKE if name in record._fields]
    given: dict[str, Any] = {name: "" if value is None else value for name, value in alike}
    draft = Draft(**given)
    if not isinstance(record, Contact):
        return draft._replace(kind="company")
    job = present_job(record) or Employment()
    return draft._replace(company=job.company, title=job.title, department=job.department)


_ALIKE = tuple(name for name in Draft._fields if name in Contact._fields and name != "uid")
"""What a draft calls as a record does."""


def present_job(record: Contact | Company) -> Employment | None:
    """Return the first of the jobs that a person has now; a company has none."""
    return next((job for job in jobs_of(record) if job.current), None)


def jobs_of(record: Contact | Company) -> tuple[Employment, ...]:
    """Return where a person works and worked; a company works nowhere."""
    return record.employments if isinstance(record, Contact) else ()


def _stored(on: Context, patch: Patch) -> Columns:
    """Return the new columns of a record's own row, and those that follow from them."""
    new: Columns = {name: value or rows.blank(name) for name, value in patch.columns.items()}
    if "name" in new:
        new["name_key"] = sort_key(new["name"])
    if "status" in new:
        new["status_on"] = on.today if new["status"] else None
    return new


def _write(on: Context, kind: str, ref: int, patch: Patch) -> None:
    """Write what hangs off a record."""
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


_LISTS: tuple[tuple[str, str, Callable[[Context, Any], Columns]], ...] = (
    ("contact_point", "points", _point),
    ("postal_address", "addresses", _address),
    ("employment", "jobs", _job),
)
"""Tables of what hangs off a record and has an id, which part of a patch they hold, and the columns of its rows."""


def _items(
    on: Context, table: str, owner: Columns, items: Items[Any], columns: Callable[[Context, Any], Columns]
) -> None:
    for gone in items.remove:
        on.db.execute(f"DELETE FROM {table} WHERE id = ?", (gone.id,))
    for have, became in items.change:
        old = columns(on, have)
        _update(on.db, table, have.id, {name: new for name, new in columns(on, became).items() if new != old[name]})
    for item in items.add:
        _insert(on.db, table, {**owner, **columns(on, item)})


def _properties(db: sqlite3.Connection, owner: Columns, items: Items[Property]) -> None:
    """Write properties that we do not model; of several that are alike the first goes."""
    for gone in items.remove:
        row = {**owner, **rows.source_property(gone)}
        same = " AND ".join(f"{column} = ?" for column in row)
        db.execute(
            f"DELETE FROM source_property WHERE id = (SELECT min(id) FROM source_property WHERE {same})",
            tuple(row.values()),
        )
    for new in items.add:
        _insert(db, "source_property", {**owner, **rows.source_property(new)})


def _custom(on: Context, kind: str, ref: int, name: str, value: str) -> None:
    """Write a value of a custom field, or delete it where it is empty."""
    key = (ref, on.words.field_id(name))
    if not value:
        on.db.execute(f"DELETE FROM {kind}_custom WHERE {kind}_id = ? AND field_id = ?", key)
        return
    on.db.execute(
        f"INSERT INTO {kind}_custom ({kind}_id, field_id, value) VALUES (?, ?, ?)"
        f" ON CONFLICT ({kind}_id, field_id) DO UPDATE SET value = excluded.value",
        (*key, value),
    )


def _update(db: sqlite3.Connection, table: str, ref: int, columns: Columns) -> None:
    if columns:
        sets = ", ".join(f"{column} = ?" for column in columns)
        db.execute(f"UPDATE {table} SET {sets} WHERE id = ?", (*columns.values(), ref))


def _insert(db: sqlite3.Connection, table: str, columns: Columns) -> int:
    marks = ", ".join("?" * len(columns))
    made = db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))
    return int(made.lastrowid or 0)
