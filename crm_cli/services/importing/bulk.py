"""Collect the rows of new records and their search documents, and write them in blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.book.bulk import Waiting
from crm_cli.book.search import index as search
from crm_cli.book.search import texts as search_texts
from crm_cli.core.kinds import BY_NAME
from crm_cli.core.text.folding import sort_key
from crm_cli.queries import merges
from crm_cli.services import rows

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Sequence

    from crm_cli.book.search.texts import Document
    from crm_cli.core.records import Draft
    from crm_cli.services.importing.words import Vocabulary
    from crm_cli.services.rows import Columns

TABLES = (
    "contact", "company", "employment", "consent", "contact_point", "postal_address", "contact_tag", "company_tag",
    "contact_custom", "company_custom", "external_ref", "source_property", "pending_link",
)  # fmt: skip
"""The tables that a bulk import inserts into."""

_OWN: dict[str, tuple[str, ...]] = {
    "contact": ("id", *rows.CONTACT),
    "company": ("id", *rows.COMPANY),
    "employment": ("contact_id", "company_id", "title", "department"),
    "consent": ("contact_id", *rows.CONSENT),
    "pending_link": ("contact_id", "target", "key"),
}
_HUNG: dict[str, tuple[str, ...]] = {
    "contact_point": rows.POINT,
    "postal_address": rows.ADDRESS,
    "external_ref": ("key", "base"),
    "source_property": rows.PROPERTY,
    "tag": ("tag_id",),
    "custom": ("field_id", "value"),
}
"""Tables of rows that people and companies own, and their columns after the owner's; the database assigns ids."""

INDEXED = 10_000
"""How many documents are added to the full-text index at a time."""
UIDS = 1_000
"""How many UUIDs are drawn at a time: singly, the row "import 100,000 vCards" of benchmarks/run.py takes 2 % longer."""
Hung = dict[str, list[Any]]
"""The values waiting for each table of rows that records of one kind own."""
_SearchTexts = tuple[list[tuple[str, str, str]], list[tuple[str, ...]], list[str]]
"""(kind, value, norm) of points; street, locality, region, code and country of addresses; tags and values of fields."""
Mark = tuple[str, str]
"""Key and base: how a record is recognised at the next import."""


class NewRecords:
    """Turns drafts into rows of new people and companies; both get their ids here."""

    def __init__(
        self,
        db: sqlite3.Connection,
        *,
        origin: str,
        now: str,
        today: str,
        region: str,
        words: Vocabulary,
        status: str | None = None,
        source: str | None = None,
    ) -> None:
        self.db, self.region = db, region
        self.words = words
        self.uids = rows.uids(UIDS)
        made = rows.made(now)
        self.today, self.status, self.source = today, status or "", source or ""
        self.always: dict[str, Columns] = {"contact": made, "company": made, "external_ref": {"source": origin}}
        self.waiting: list[Waiting] = []
        self.values = {table: self._wait(table, columns) for table, columns in _OWN.items()}
        self.hung = {kind: self._hung(kind) for kind in ("contact", "company")}
        self.next = {table: last_id(db, table) + 1 for table in ("contact", "company")}
        self.knows_companies = db.execute("SELECT 1 FROM company LIMIT 1").fetchone() is not None
        self.store = search.Store(db)
        self.first = dict(self.next)
        self.unindexed = dict(self.next)
        """The first id that is missing from the full-text index."""
        self.documents: dict[str, list[tuple[int, Document]]] | None = {"contact": [], "company": []}
        """The search documents of the new records; None if they are written at the end of the change."""
        self.employers: dict[str, int] = {}
        """Names as compared -> companies."""
        self.merged = merges.named(db, "company")
        """The same for names of companies that were merged into others."""
        self.stubs: set[int] = set()
        """Companies created in this import because a person works there."""
        self.completed: set[int] = set()
        """Those of them whose own record came later, so that their search document is incomplete."""
        self.noted: dict[int, tuple[str, str]] = {}
        """Those of them that have notes or a source -> both."""

    def _wait(self, table: str, columns: Sequence[str]) -> list[Any]:
        """Return the list of values waiting for a table."""
        always = self.always.get(table, {})
        nullable = rows.NULLABLE if table in BY_NAME else ()
        self.waiting.append(Waiting(self.db, table, columns, nullable=nullable, always=always))
        return self.waiting[-1].values

    def _hung(self, kind: str) -> Hung:
        """Return, by table, the lists of waiting values for rows that records of one kind own.

        The statements do not name the other kind's column: sqlite3 takes five times as long to bind a null as a text.
        """
        links = {"tag": f"{kind}_tag", "custom": f"{kind}_custom"}
        return {
            table: self._wait(links.get(table, table), (f"{kind}_id", *columns)) for table, columns in _HUNG.items()
        }

    def contact(self, draft: Draft, mark: Mark) -> int:
        """Add a person with all the rows that belong to it; return the id."""
        ref = self._id("contact")
        if self.status or self.source:
            draft = self._with_defaults(draft)
        row = rows.contact_row(next(self.uids), draft, self.today)
        waiting = self.values["contact"]
        waiting.append(ref)
        waiting += row
        jobs: tuple[tuple[str, str, str], ...] = ()
        employer = self.employer(draft.company) if draft.company else None
        if employer is not None or draft.title or draft.department:
            jobs = ((draft.company, draft.title, draft.department),)
            self.values["employment"] += (ref, employer, draft.title, draft.department)
        if draft.company_key and not draft.company:
            self.values["pending_link"] += (ref, "company", draft.company_key)
        for consent in draft.consents:
            self.values["consent"] += (ref, *rows.consent_row(consent, self.today))
        points, places, words = self._hang(draft, self.hung["contact"], ref, mark)
        if self.documents is not None:
            named = search_texts.names_of(row[1], draft.nickname, row[4:7])
            made = search_texts.document(named, [draft.notes, *words], jobs, points, places)
            self.documents["contact"].append((ref, made))
        return ref

    def _with_defaults(self, draft: Draft) -> Draft:
        """Return a person with the status and the source of the import, unless the file has others."""
        return draft._replace(status=draft.status or self.status, source=draft.source or self.source)

    def company(self, draft: Draft, mark: Mark) -> int:
        """Add a company with all the rows that belong to it; return the id."""
        ref, name = self._company(draft.name, draft.notes, draft.source)
        self.employers.setdefault(sort_key(draft.name), ref)
        points, places, words = self._hang(draft, self.hung["company"], ref, mark)
        if self.documents is not None:
            made = search_texts.document([name], [draft.notes, *words], (), points, places)
            self.documents["company"].append((ref, made))
        return ref

    def complete(self, ref: int, draft: Draft, mark: Mark) -> None:
        """Add the data of its own record to a company that this import created for its people."""
        self.stubs.discard(ref)
        self.completed.add(ref)
        if draft.notes or draft.source:
            self.noted[ref] = (draft.notes, draft.source)
        self._hang(draft, self.hung["company"], ref, mark)

    def write_notes(self) -> None:
        """Write notes and source to companies created for their people, row by row."""
        for ref, (notes, source) in self.noted.items():
            sql = "UPDATE company SET notes = ?, source = coalesce(nullif(?, ''), source) WHERE id = ?"
            self.db.execute(sql, (notes, source, ref))
        self.noted.clear()

    def employer(self, name: str) -> int | None:
        """Return the company with that name, found or created; None if only a title is known."""
        key = sort_key(name)
        if not key:
            return None
        found = self.employers.get(key)
        if found is None:
            if self.knows_companies:
                row = self.db.execute("SELECT min(id) FROM company WHERE name_key = ?", (key,)).fetchone()
                found = row[0] or self.merged.get(key)
            if found is None:
                found, name = self._company(name)
                self.stubs.add(found)
                if self.documents is not None:
                    self.documents["company"].append((found, search_texts.document([name], [""])))
            self.employers[key] = found
        return found

    def write(self, *, in_order: bool = True, rest: bool = True) -> None:
        """Write the waiting rows; ``in_order`` as for `search.Store`, ``rest`` as for `Waiting`.

        People and companies are written before what refers to them: SQLite would look for that at each of them.
        """
        for waiting in self.waiting:
            waiting.write(rest=rest or waiting.table in self.next)
        for kind, documents in (self.documents or {}).items():
            self.store.add(kind, documents, in_order=in_order, rest=rest)
            documents.clear()
            if self.next[kind] - self.unindexed[kind] >= INDEXED:
                self._index(kind)

    def _index(self, kind: str) -> None:
        self.store.write()
        search.index(self.db, kind, range(self.unindexed[kind], self.next[kind]))
        self.unindexed[kind] = self.next[kind]

    def indexed(self) -> dict[str, Container[int]]:
        """Return the fully indexed ids of each kind; everything added later is indexed at the end of the change."""
        for kind in self.documents or ():
            self._index(kind)
        added = {kind: range(self.first[kind], self.next[kind]) for kind in self.documents or ()}
        known: dict[str, Container[int]] = {**added}
        if self.completed and added:
            known["company"] = set(added["company"]) - self.completed
        self.documents = None
        return known

    def _company(self, name: str, notes: str = "", source: str = "") -> tuple[int, str]:
        """Add a company's row; return its id, and its name as stored."""
        ref = self._id("company")
        row = rows.company_row(next(self.uids), name, notes, source or self.source)
        self.values["company"] += (ref, *row)
        return ref, row[1]

    def _id(self, table: str) -> int:
        ref = self.next[table]
        self.next[table] = ref + 1
        return ref

    def _hang(self, draft: Draft, hung: Hung, ref: int, mark: Mark) -> _SearchTexts:
        """Add the rows that belong to the record ``ref`` to the waiting values of its kind; return the search data."""
        points: list[tuple[str, str, str]] = []
        places: list[tuple[str, ...]] = []
        waiting = hung["contact_point"]
        for point in draft.points:
            row = rows.point_row(point, self.region)
            waiting.append(ref)
            waiting += row
            points.append((row[0], row[1], row[4]))
        waiting = hung["postal_address"]
        for address in draft.addresses:
            row = rows.address_row(address)
            waiting.append(ref)
            waiting += row
            places.append((row[0], row[3], row[4], row[5], row[6]))
        waiting = hung["source_property"]
        for each in draft.properties:
            waiting.append(ref)
            waiting += each
        words = self._add_words(draft, hung, ref) if draft.tags or draft.custom else []
        waiting = hung["external_ref"]
        waiting.append(ref)
        waiting += mark
        return points, places, words

    def _add_words(self, draft: Draft, hung: Hung, ref: int) -> list[str]:
        """Add tags and values of custom fields, in the order of both; return them."""
        tags = sorted({found for tag in draft.tags if (found := self.words.tag_id(tag)) is not None})
        for found in tags:
            hung["tag"] += (ref, found)
        words = [self.words.tag_names[found] for found in tags]
        for field, value in sorted((self.words.field_id(name), value) for name, value in draft.custom):
            hung["custom"] += (ref, field, value)
            words.append(value)
        return words


def last_id(db: sqlite3.Connection, table: str) -> int:
    """Return the highest id a table ever assigned."""
    found = db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) if found else 0
