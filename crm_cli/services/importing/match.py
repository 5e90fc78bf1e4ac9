"""Look up, a chunk of a file at a time, which records of the book its records may match."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import matching
from crm_cli.core.matching import Candidate
from crm_cli.core.text.folding import sort_key
from crm_cli.formats.base import from_base
from crm_cli.queries import merges
from crm_cli.services.importing.claims import Claims
from crm_cli.services.importing.phones import e164

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_cli.core.records import Draft

_ANY_CSV = "r.source >= 'csv:' AND r.source < 'csv;'"
_CAME = "SELECT 1 FROM import_run WHERE file = ? AND format = 'generic' LIMIT 1"
CHUNK = 5000
"""How many values one query binds."""


class Ref(NamedTuple):
    """A row of external_ref: a record's key in a file, and the record of the book it belongs to."""

    id: int
    kind: str
    owner: int
    key: str
    base: str


@dataclass(slots=True)
class Entry:
    """A record of a file being imported; ``ref`` and ``owner`` are set once they are known."""

    draft: Draft
    key: str
    base: str
    line: int
    print: str = ""
    ref: Ref | None = None
    owner: int | None = None

    @property
    def kind(self) -> str:
        """The table of the record."""
        return "company" if self.draft.kind == "company" else "contact"

    @property
    def is_named_only(self) -> bool:
        """Is this a person without an id, one that a later file can recognise only by the name?"""
        return not self.draft.uid and self.kind == "contact"


Near = tuple[str, str, list[Candidate]]
"""``email`` or ``phone``, the value, and the people in the book who have it."""


class Lookup:
    """Queries the book; people and companies that this import added are never returned."""

    def __init__(self, db: sqlite3.Connection, origin: str, region: str, file: str = "") -> None:
        self.db, self.origin = db, origin
        self.is_csv = origin.startswith("csv:")
        self.came_before = self.is_csv and file not in {"", "-"} and self._one(_CAME, file) is not None
        """Was a CSV with this name imported before? If so, this one is a newer version, whatever its columns."""
        self.region = region
        self.last = {kind: self._one(f"SELECT max(id) FROM {kind}") or 0 for kind in ("contact", "company")}
        self.knows_origin = self._one("SELECT 1 FROM external_ref WHERE source = ? LIMIT 1", origin) is not None
        self.claims = Claims(db)

    def refs(self, keys: Iterable[str]) -> dict[str, Ref]:
        """Return the references with these keys from earlier imports of this source; a UUID matches in any spelling."""
        if not self.knows_origin:
            return {}
        asked = set(keys)
        found = self._refs(asked)
        other = {spelled: key for key in asked - found.keys() for spelled in matching.spellings(key)}
        return found | {other[key]: ref for key, ref in self._refs(other).items()} if other else found

    def _refs(self, keys: Iterable[str]) -> dict[str, Ref]:
        sql = "SELECT id, contact_id, company_id, key, base FROM external_ref WHERE source = ? AND key IN ({})"
        return {row[3]: _ref(row) for row in self._in(sql, sorted(keys), self.origin)}

    def elsewhere(self, keys: Iterable[str]) -> Iterator[Ref]:
        """Yield the references with these keys from other CSV files."""
        sources = self.db.execute(
            f"SELECT DISTINCT source FROM external_ref r WHERE {_ANY_CSV} AND source <> ?",
            (self.origin,),
        ).fetchall()
        for (source,) in sources:
            sql = "SELECT id, contact_id, company_id, key, base FROM external_ref WHERE source = ? AND key IN ({})"
            for row in self._in(sql, sorted(keys), source):
                ref = _ref(row)
                if not self.claims.has_key(ref):
                    yield ref

    def refs_of(self, kind: str, owner: int, draft: Draft) -> Ref | None:
        """Return the reference of a record in this source, or None; of several, one with the name of the draft."""
        sql = f"SELECT id, contact_id, company_id, key, base FROM external_ref WHERE {kind}_id = ? AND source = ?"
        rows = self.db.execute(f"{sql} ORDER BY id", (owner, self.origin)).fetchall()
        found = list(map(_ref, rows))
        if len(found) > 1 and self.claims.is_merged(kind, owner):
            found = self.claims.free(found)
            found = [ref for ref in found if sort_key(from_base(ref.base).name) == sort_key(draft.name)] or found
        return found[0] if found else self._earlier_state(kind, owner) if self.came_before else None

    def others_of(self, kind: str, owner: int, ref: Ref | None) -> list[Draft]:
        """Return what other imports state about a record that others were merged into."""
        if not self.claims.is_merged(kind, owner):
            return []
        sql = f"SELECT base FROM external_ref WHERE {kind}_id = ? AND id <> ? AND base <> ''"
        return [from_base(base) for (base,) in self.db.execute(sql, (owner, ref.id if ref else 0))]

    def _earlier_state(self, kind: str, owner: int) -> Ref | None:
        """Return the reference to the only CSV that the record came from, even with other columns, else None."""
        sql = f"SELECT id, contact_id, company_id, key, base FROM external_ref r WHERE {kind}_id = ? AND {_ANY_CSV}"
        rows = self.db.execute(sql, (owner,)).fetchall()
        return _ref(rows[0]) if len(rows) == 1 else None

    def by_uid(self, entries: Sequence[Entry], uid_of: Callable[[Entry], str]) -> None:
        """Match the entries with a uid of our own: they were exported from this book."""
        for kind in ("contact", "company"):
            if not self.last[kind]:
                continue
            asked: dict[str, Entry] = {}
            for each in entries:
                if each.kind == kind and (uid := matching.own_uid(uid_of(each))):
                    asked.setdefault(uid, each)
            for sql in (f"SELECT uid, id FROM {kind}", f"SELECT loser_uid AS uid, {kind}_id FROM merge"):
                for uid, owner in self._in(f"{sql} WHERE uid IN ({{}})", sorted(asked)):
                    if owner is not None and self._is_free(kind, owner):
                        asked[uid].owner = owner

    def claimed_by(self, entries: Iterable[Entry]) -> None:
        """Mark the records of the book that these entries were matched to as claimed."""
        for each in entries:
            if each.owner is not None:
                self.claims.take(each.kind, each.owner, each.ref)

    def near(self, entries: Sequence[Entry]) -> list[list[Near]]:
        """Return for each entry the people in the book with its e-mails and phones; none for a company."""
        if not self.last["contact"]:
            return [[] for _ in entries]
        emails = self._having("email", entries, lambda each: matching.addresses_of(each.draft, "email"))
        phones = self._having("phone", entries, lambda each: self._phones(each.draft))
        return [by_email + by_phone for by_email, by_phone in zip(emails, phones, strict=True)]

    def namesakes(self, entries: Sequence[Entry]) -> list[list[int]]:
        """Return for each person without an id the people of this program with the same name and no id either.

        If both have an e-mail or a phone, those decide and not the name. All other CSV files count as one program.
        """
        if not self._has_named_only():
            return [[] for _ in entries]
        found = self._named_only({sort_key(each.draft.name) for each in entries if each.is_named_only})
        return [_like(each.draft, found) if each.is_named_only else [] for each in entries]

    def _has_named_only(self) -> bool:
        """Can there be people of this program who are recognised by their names?"""
        if self.is_csv:
            return bool(self.last["contact"])
        return self.knows_origin and self.origin not in {"vcard", "crm-book"}

    def _named_only(self, names: set[str]) -> dict[str, list[tuple[int, Draft]]]:
        """Return by name the people of this program without an id, each with their values at the last import."""
        of_program, values = (_ANY_CSV, ()) if self.is_csv else ("r.source = ?", (self.origin,))
        sql = (
            "SELECT c.name_key, c.id, r.base FROM contact c JOIN external_ref r ON r.contact_id = c.id"
            f" WHERE {of_program} AND r.key LIKE 'fp:%' AND c.name_key IN ({{}})"
        )
        found: dict[str, list[tuple[int, Draft]]] = defaultdict(list)
        for name, owner, base in self._in(sql, sorted(names), *values):
            if self._is_free("contact", owner):
                found[name].append((owner, from_base(base)))
        return found

    def companies(self, entries: Sequence[Entry]) -> None:
        """Match companies by exact folded name, if only one company has it and that is not claimed yet."""
        if not self.last["company"]:
            return
        named = [(each, sort_key(each.draft.name)) for each in entries if each.kind == "company"]
        found = self._companies({name for _, name in named})
        for each, name in named:
            owners = found.get(name, ())
            if each.owner is None and len(owners) == 1:
                each.owner = owners[0]

    def _companies(self, names: set[str]) -> dict[str, list[int]]:
        """Return by name as compared the companies that are not claimed; one that was merged counts if no other is."""
        found: dict[str, list[int]] = defaultdict(list)
        sql = "SELECT name_key, id FROM company WHERE name_key IN ({})"
        for name, owner in self._in(sql, sorted(names)):
            if self._is_free("company", owner):
                found[name].append(owner)
        for name, owner in merges.named(self.db, "company").items():
            if name not in found and self._is_free("company", owner):
                found[name].append(owner)
        return found

    def _is_free(self, kind: str, owner: int) -> bool:
        """Was this record in the book before the import, and is it not claimed yet?"""
        return owner <= self.last[kind] and not self.claims.has(kind, owner)

    def _phones(self, draft: Draft) -> list[str]:
        return [found for each in matching.addresses_of(draft, "phone") if (found := e164(each, self.region))]

    def _having(self, kind: str, entries: Sequence[Entry], values: Callable[[Entry], list[str]]) -> list[list[Near]]:
        asked = [values(each) if each.kind == "contact" else [] for each in entries]
        owners = self._owners(kind, {value for found in asked for value in found if value})
        return [[(kind, value, owners[value]) for value in found if value in owners] for found in asked]

    def _owners(self, kind: str, values: set[str]) -> dict[str, list[Candidate]]:
        """Return by normalised value the people who have a contact point with one of these."""
        sql = (
            "SELECT p.norm, c.id, c.name FROM contact_point p JOIN contact c ON c.id = p.contact_id"
            f" WHERE p.kind = '{kind}' AND p.norm <> '' AND p.norm IN ({{}})"
        )
        owners: dict[str, list[Candidate]] = defaultdict(list)
        for norm, owner, name in self._in(sql, sorted(values)):
            if self._is_free("contact", owner):
                owners[norm].append(Candidate(owner, name))
        return owners

    def _in(self, sql: str, values: Sequence[str], *before: str) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(values), CHUNK):
            part = values[start : start + CHUNK]
            yield from self.db.execute(sql.format(",".join("?" * len(part))), (*before, *part))

    def _one(self, sql: str, *values: str) -> int | None:
        row = self.db.execute(sql, values).fetchone()
        return row[0] if row else None


def _like(draft: Draft, known: dict[str, list[tuple[int, Draft]]]) -> list[int]:
    """Return the people with the name of a draft, except if both it and they have an e-mail or a phone."""
    same = known.get(sort_key(draft.name), ())
    return [owner for owner, base in same if not _both_reachable(base, draft)]


def _both_reachable(one: Draft, other: Draft) -> bool:
    """Do both have an e-mail or a phone?"""
    return all(any(point.kind in ("email", "phone") for point in each.points) for each in (one, other))


def _ref(row: tuple[Any, ...]) -> Ref:
    ref, contact, company, key, base = row
    return Ref(ref, "contact" if contact is not None else "company", contact or company or 0, key, base)
