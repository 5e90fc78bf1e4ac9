"""The rows of new records and what search is to know of them, gathered and written many at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

_OWN: dict[str, tuple[str, ...]] = {
    "contact": ("id", *rows.CONTACT),
    "company": ("id", *rows.COMPANY),
    "employment": ("contact_id", "company_id", "title", "department", "current"),
}
_HUNG: dict[str, tuple[str, ...]] = {
    "contact_point": rows.POINT,
    "postal_address": rows.ADDRESS,
    "external_ref": ("source", "key", "base"),
    "source_property": rows.PROPERTY,
    "tag": ("tag_id",),
    "custom": ("field_id", "value"),
}
"""What hangs off people and companies alike, and its columns after the owner's; ids are the database's to give."""

Hung = dict[str, list[Any]]
"""The values that wait for each table of what hangs off one kind of record."""
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
        self.now, self.region = now, region
        self.tag_id, self.field_id = tag_id, field_id
        self.given = {name: value for name, value in (("source", source), ("status", status)) if value}
        if status:
            self.given["status_on"] = today
        self.waiting: list[Waiting] = []
        self.values = {table: self._wait(table, columns) for table, columns in _OWN.items()}
        self.hung = {kind: self._hung(kind) for kind in ("contact", "company")}
        self.next = {table: last_id(db, table) + 1 for table in ("contact", "company")}
        self.knows_companies = db.execute("SELECT 1 FROM company LIMIT 1").fetchone() is not None
        self.documents: list[tuple[int, Document]] | None = []
        """What search is to know of the new people; None when that is left to the end of the change."""
        self.employers: dict[str, int] = {}
        self.keys: dict[str, str] = {}
        """Names of employers as they are written -> as they are compared."""
        self.stubs: set[int] = set()
        """Companies made in this import because somebody works there."""

    def _wait(self, table: str, columns: tuple[str, ...]) -> list[Any]:
        """Return where the values for a table wait. A column that no row of this import fills is not named."""
        given = tuple(name for name in self.given if table == "contact" or (table == "company" and name == "source"))
        self.waiting.append(Waiting(self.db, table, (*columns, *given), nullable=rows.NULLABLE))
        return self.waiting[-1].values

    def _hung(self, kind: str) -> Hung:
        """Return where the values wait for what hangs off one kind: its statements do not name the other.

        To bind a null takes sqlite3 five times as long as to bind a text.
        """
        links = {"tag": f"{kind}_tag", "custom": f"{kind}_custom"}
        return {
            table: self._wait(links.get(table, table), (f"{kind}_id", *columns)) for table, columns in _HUNG.items()
        }

    def contact(self, draft: Draft, mark: Mark) -> int:
        """Add a person with everything that hangs off them; return the id."""
        ref = self._id("contact")
        row = rows.contact_row(draft, now=self.now)
        self.values["contact"] += (ref, *row, *self.given.values())
        jobs: tuple[tuple[str, str, str], ...] = ()
        if draft.company or draft.title or draft.department:
            jobs = ((draft.company, draft.title, draft.department),)
            self.values["employment"] += (ref, self.employer(draft.company), draft.title, draft.department, 1)
        points, words = self._hang(draft, self.hung["contact"], ref, mark)
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
        self._hang(draft, self.hung["company"], ref, mark)
        return ref

    def complete(self, ref: int, draft: Draft, mark: Mark) -> None:
        """Give a company made in this import for its people what its own record says."""
        self.stubs.discard(ref)
        self._hang(draft, self.hung["company"], ref, mark)

    def employer(self, name: str) -> int | None:
        """Return the company of that name, found or made; None where only a title is known."""
        key = self.keys.get(name)
        if key is None:
            key = self.keys[name] = sort_key(name)
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
        for waiting in self.waiting:
            waiting.write()
        if self.documents:
            search.add(self.db, "contact", self.documents)
            self.documents.clear()

    def _company(self, name: str, notes: str) -> int:
        ref = self._id("company")
        source = [self.given["source"]] if "source" in self.given else ()
        self.values["company"] += (ref, *rows.company_row(name, now=self.now, notes=notes), *source)
        return ref

    def _id(self, table: str) -> int:
        ref = self.next[table]
        self.next[table] = ref + 1
        return ref

    def _hang(self, draft: Draft, hung: Hung, ref: int, mark: Mark) -> tuple[list[tuple[str, str, str]], list[str]]:
        """Add what hangs off the record ``ref``, to the values that wait for its kind.

        Return what search asks: (kind, value, norm) of the points, and the tags and values of fields.
        """
        points, words = [], []
        waiting = hung["contact_point"]
        for point in draft.points:
            row = rows.point_row(point, self.region)
            waiting += (ref, *row)
            points.append((row[0], row[1], row[4]))
        for address in draft.addresses:
            hung["postal_address"] += (ref, *rows.address_row(address))
        waiting = hung["source_property"]
        for each in draft.properties:
            waiting += (ref, *each)
        if draft.tags or draft.custom:
            words = self._words(draft, hung, ref)
        hung["external_ref"] += (ref, *mark)
        return points, words

    def _words(self, draft: Draft, hung: Hung, ref: int) -> list[str]:
        """Add tags and values of custom fields, in the order of both; return them."""
        tags = {found: tag for tag in draft.tags if (found := self.tag_id(tag)) is not None}
        for found in tags:
            hung["tag"] += (ref, found)
        custom = sorted((self.field_id(name), value) for name, value in draft.custom)
        for field, value in custom:
            hung["custom"] += (ref, field, value)
        return [*(tags[found] for found in sorted(tags)), *(value for _, value in custom)]


def last_id(db: sqlite3.Connection, table: str) -> int:
    """Return the highest id a table ever gave."""
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) if found else 0
