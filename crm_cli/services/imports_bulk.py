"""The rows of new records, gathered and written with one statement a table, compiled once from the models."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from crm_cli.core.text import sort_key
from crm_cli.services import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from crm_cli.core.records import Draft

TABLES = (
    "contact", "company", "employment", "contact_point", "postal_address", "contact_tag", "company_tag",
    "contact_custom", "company_custom", "external_ref", "source_property",
)  # fmt: skip
"""The tables that a bulk import inserts into."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "contact": (
        "id", "uid", "name", "name_key", "prefix", "given", "additional", "family", "suffix", "nickname", "birthday",
        "anniversary", "notes", "status", "status_on", "source", "created_utc", "updated_utc", "revision",
    ),
    "company": ("id", "uid", "name", "name_key", "notes", "source", "created_utc", "updated_utc", "revision"),
    "employment": ("contact_id", "company_id", "title", "department", "current"),
    "contact_point": (
        "contact_id", "company_id", "kind", "value", "label", "service", "norm", "reversed", "state", "preferred",
        "params",
    ),
    "postal_address": (
        "contact_id", "company_id", "street", "extended", "po_box", "locality", "region", "code", "country", "label",
        "preferred", "params",
    ),
    "contact_tag": ("contact_id", "tag_id"),
    "company_tag": ("company_id", "tag_id"),
    "contact_custom": ("contact_id", "field_id", "value"),
    "company_custom": ("company_id", "field_id", "value"),
    "external_ref": ("contact_id", "company_id", "source", "key", "base"),
    "source_property": ("contact_id", "company_id", "grp", "name", "params", "value"),
}  # fmt: skip
"""table -> the columns that an import fills; ids of what hangs off a record are the database's to give."""


def statements() -> dict[str, str]:
    """Compile the INSERT of each table from its model, its values bound in the order of ``COLUMNS``."""
    from sqlalchemy import bindparam, insert
    from sqlalchemy.dialects.sqlite import dialect
    from sqlmodel import SQLModel

    import crm_cli.models  # noqa: F401

    named = dialect(paramstyle="named")
    compiled: dict[str, str] = {}
    for name, columns in COLUMNS.items():
        values: dict[str, Any] = {column: bindparam(column) for column in columns}
        text = str(insert(SQLModel.metadata.tables[name]).values(**values).compile(dialect=named))
        for number, column in sorted(enumerate(columns, 1), key=lambda pair: -len(pair[1])):
            text = text.replace(f":{column}", f"?{number}")
        compiled[name] = text
    return compiled


class Gathered:
    """Rows waiting to be written, table by table."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.sql = statements()
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}

    def add(self, table: str, *values: Any) -> None:
        """Let a row wait, its values in the order of ``COLUMNS``."""
        self.rows[table].append(values)

    def write(self) -> None:
        """Write what waits."""
        for table, waiting in self.rows.items():
            if waiting:
                self.db.executemany(self.sql[table], waiting)
                waiting.clear()


_contact = itemgetter(*(column for column in COLUMNS["contact"] if column not in {"id", "status", "status_on"}))
_company = itemgetter(*COLUMNS["company"][1:])
_point = itemgetter(*COLUMNS["contact_point"][2:])
_address = itemgetter(*COLUMNS["postal_address"][2:])
_property = itemgetter(*COLUMNS["source_property"][2:])


Mark = tuple[str, str, str]
"""Source, key and base: how a record is known again at the next import."""


class NewRecords:
    """Turns drafts into rows of new people and companies; ids of both are given here."""

    def __init__(
        self,
        db: sqlite3.Connection,
        *,
        now: str,
        today: str,
        region: str,
        tag_id: Callable[[str], int | None],
        field_id: Callable[[str], int],
        status: str | None = None,
        source: str | None = None,
    ) -> None:
        self.db = db
        self.rows = Gathered(db)
        self.now, self.today, self.region = now, today, region
        self.tag_id, self.field_id = tag_id, field_id
        self.status, self.source = status, source
        self.next = {table: last_id(db, table) + 1 for table in ("contact", "company")}
        self.employers: dict[str, int] = {}
        self.stubs: set[int] = set()
        """Companies made in this import because somebody works there."""

    def contact(self, draft: Draft, mark: Mark) -> int:
        """Add a person with everything that hangs off them; return the id."""
        ref = self._id("contact")
        uid, name, name_key, *more, source, created, updated, revision = _contact(
            rows.contact(draft, now=self.now, source=self.source)
        )
        status = (self.status, self.today if self.status else None)
        self.rows.add("contact", ref, uid, name, name_key, *more, *status, source, created, updated, revision)
        if draft.company or draft.title or draft.department:
            self.rows.add("employment", ref, self.employer(draft.company), draft.title, draft.department, 1)
        self._hang(draft, (ref, None), mark)
        return ref

    def company(self, draft: Draft, mark: Mark) -> int:
        """Add a company with everything that hangs off it; return the id."""
        ref = self._company(draft.name, draft.notes)
        self.employers.setdefault(sort_key(draft.name), ref)
        self._hang(draft, (None, ref), mark)
        return ref

    def complete(self, ref: int, draft: Draft, mark: Mark) -> None:
        """Give a company made in this import for its people what its own record says."""
        self.stubs.discard(ref)
        self._hang(draft, (None, ref), mark)

    def employer(self, name: str) -> int | None:
        """Return the company of that name, found or made; None where only a title is known."""
        key = sort_key(name)
        if not key:
            return None
        found = self.employers.get(key)
        if found is None:
            row = self.db.execute("SELECT min(id) FROM company WHERE name_key = ?", (key,)).fetchone()
            found = row[0]
            if found is None:
                found = self._company(name, "")
                self.stubs.add(found)
            self.employers[key] = found
        return found

    def write(self) -> None:
        """Write what waits."""
        self.rows.write()

    def _company(self, name: str, notes: str) -> int:
        ref = self._id("company")
        self.rows.add("company", ref, *_company(rows.company(name, now=self.now, notes=notes, source=self.source)))
        return ref

    def _id(self, table: str) -> int:
        ref = self.next[table]
        self.next[table] = ref + 1
        return ref

    def _hang(self, draft: Draft, owner: tuple[int | None, int | None], mark: Mark) -> None:
        """Add what hangs off a person or company; ``owner`` is (contact, company), one of them None."""
        add, kind = self.rows.add, "contact" if owner[0] is not None else "company"
        ref = owner[0] or owner[1]
        for point in draft.points:
            add("contact_point", *owner, *_point(rows.point(point, region=self.region)))
        for address in draft.addresses:
            add("postal_address", *owner, *_address(rows.address(address)))
        for each in draft.properties:
            add("source_property", *owner, *_property(rows.source_property(each)))
        if draft.tags:
            for tag in dict.fromkeys(map(self.tag_id, draft.tags)):
                if tag is not None:
                    add(f"{kind}_tag", ref, tag)
        for name, value in draft.custom:
            add(f"{kind}_custom", ref, self.field_id(name), value)
        add("external_ref", *owner, *mark)


def last_id(db: sqlite3.Connection, table: str) -> int:
    """Return the highest id a table ever gave."""
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) if found else 0
