"""The rows of new records and what search is to know of them, gathered and written many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.book import search, search_texts
from crm_cli.book.bulk import Waiting
from crm_cli.core.text import sort_key
from crm_cli.services import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from crm_cli.book.search_texts import Document
    from crm_cli.core.records import Draft

TABLES = (
    "contact", "company", "employment", "contact_point", "postal_address", "contact_tag", "company_tag",
    "contact_custom", "company_custom", "external_ref", "source_property",
)  # fmt: skip
"""The tables that a bulk import inserts into."""

_OWNER = ("contact_id", "company_id")
COLUMNS: dict[str, tuple[str, ...]] = {
    "contact": ("id", *rows.CONTACT, "status", "status_on"),
    "company": ("id", *rows.COMPANY),
    "employment": ("contact_id", "company_id", "title", "department", "current"),
    "contact_point": (*_OWNER, *rows.POINT),
    "postal_address": (*_OWNER, *rows.ADDRESS),
    "contact_tag": ("contact_id", "tag_id"),
    "company_tag": ("company_id", "tag_id"),
    "contact_custom": ("contact_id", "field_id", "value"),
    "company_custom": ("company_id", "field_id", "value"),
    "external_ref": (*_OWNER, "source", "key", "base"),
    "source_property": (*_OWNER, *rows.PROPERTY),
}
"""table -> the columns that an import fills; ids of what hangs off a record are the database's to give."""

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
        self.rows = {name: Waiting(db, name, columns) for name, columns in COLUMNS.items()}
        self.values = {name: waiting.values for name, waiting in self.rows.items()}
        self.now, self.today, self.region = now, today, region
        self.tag_id, self.field_id = tag_id, field_id
        self.status, self.source = status, source
        self.next = {table: last_id(db, table) + 1 for table in ("contact", "company")}
        self.knows_companies = db.execute("SELECT 1 FROM company LIMIT 1").fetchone() is not None
        self.documents: list[tuple[int, Document]] | None = []
        """What search is to know of the new people; None when that is left to the end of the change."""
        self.employers: dict[str, int] = {}
        self.stubs: set[int] = set()
        """Companies made in this import because somebody works there."""

    def contact(self, draft: Draft, mark: Mark) -> int:
        """Add a person with everything that hangs off them; return the id."""
        ref = self._id("contact")
        row = rows.contact_row(draft, now=self.now, source=self.source)
        self.values["contact"] += (ref, *row, self.status, self.today if self.status else None)
        jobs: tuple[tuple[str, str, str], ...] = ()
        if draft.company or draft.title or draft.department:
            jobs = ((draft.company, draft.title, draft.department),)
            self.values["employment"] += (ref, self.employer(draft.company), draft.title, draft.department, 1)
        points, words = self._hang(draft, (ref, None), mark)
        if self.documents is not None:
            _, name, _, _, given, additional, family, *_ = row
            named = search_texts.names_of(name, draft.nickname, (given, additional, family))
            places = [(each.street, each.locality, each.region, each.code, each.country) for each in draft.addresses]
            made = search_texts.document(named, (draft.notes, *words), jobs, points, places)
            self.documents.append((ref, made))
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
            if self.knows_companies:
                row = self.db.execute("SELECT min(id) FROM company WHERE name_key = ?", (key,)).fetchone()
                found = row[0]
            if found is None:
                found = self._company(name, "")
                self.stubs.add(found)
            self.employers[key] = found
        return found

    def write(self) -> None:
        """Write what waits."""
        for waiting in self.rows.values():
            waiting.write()
        if self.documents:
            search.add(self.db, "contact", self.documents)
            self.documents.clear()

    def _company(self, name: str, notes: str) -> int:
        ref = self._id("company")
        self.values["company"] += (ref, *rows.company_row(name, now=self.now, notes=notes, source=self.source))
        return ref

    def _id(self, table: str) -> int:
        ref = self.next[table]
        self.next[table] = ref + 1
        return ref

    def _hang(
        self, draft: Draft, owner: tuple[int | None, int | None], mark: Mark
    ) -> tuple[list[tuple[str, str, str]], list[str]]:
        """Add what hangs off a person or company; ``owner`` is (contact, company), one of them None.

        Return what search asks: (kind, value, norm) of the points, and the tags and values of fields.
        """
        values, points, words = self.values, [], []
        for point in draft.points:
            row = rows.point_row(point, self.region)
            values["contact_point"] += owner + row
            points.append((row[0], row[1], row[4]))
        for address in draft.addresses:
            values["postal_address"] += owner + rows.address_row(address)
        for each in draft.properties:
            values["source_property"] += owner + rows.property_row(each)
        if draft.tags or draft.custom:
            words = self._words(draft, owner)
        values["external_ref"] += owner + mark
        return points, words

    def _words(self, draft: Draft, owner: tuple[int | None, int | None]) -> list[str]:
        """Add tags and values of custom fields, in the order of both; return them."""
        kind, ref = ("contact", owner[0]) if owner[0] is not None else ("company", owner[1])
        tags = {found: tag for tag in draft.tags if (found := self.tag_id(tag)) is not None}
        for found in tags:
            self.values[f"{kind}_tag"] += (ref, found)
        custom = sorted((self.field_id(name), value) for name, value in draft.custom)
        for field, value in custom:
            self.values[f"{kind}_custom"] += (ref, field, value)
        return [*(tags[found] for found in sorted(tags)), *(value for _, value in custom)]


def last_id(db: sqlite3.Connection, table: str) -> int:
    """Return the highest id a table ever gave."""
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) if found else 0
