"""Import a file into the book: read, match and store it in chunks, within one change that undo reverts completely.

New records are bulk-inserted as they are read. Anything that may concern a record already in the book waits in a spool
until the whole file was read, because only then is it known which records of the book are claimed.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import chain, islice
from operator import attrgetter
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from crm_cli.book import bulk, journal
from crm_cli.book.search import index as search
from crm_cli.core import matching, merging
from crm_cli.core.matching import Match
from crm_cli.core.merging import Merge
from crm_cli.core.records import Draft
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.formats import profiles
from crm_cli.queries import companies, contacts
from crm_cli.services import records
from crm_cli.services.importing import relationships
from crm_cli.services.importing.base import base_text, from_base
from crm_cli.services.importing.bulk import TABLES, NewRecords
from crm_cli.services.importing.columns import Columns
from crm_cli.services.importing.entries import Entries, Report
from crm_cli.services.importing.groups import Groups
from crm_cli.services.importing.match import Entry, Lookup, Ref
from crm_cli.services.importing.update import Updater, edited, same_framing, stored, with_norms
from crm_cli.services.importing.words import Vocabulary

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_cli.book.book import Book, Change
    from crm_cli.core.records import Company, Contact, Problem
    from crm_cli.formats.source import Source
    from crm_cli.services.importing.rejects import Rejects
    from crm_cli.services.importing.sets import Sets

CHUNK = 2000
"""How many records are matched and stored at a time."""
PART, HEAVY = 20, 16_000_000
"""How many records are read between two checks of their size, and the characters of rows that end a chunk early."""
LATER = 500
"""How many records of the book are updated at a time."""
_raw = attrgetter("raw")
SPOOL = 8_000_000
"""How many bytes wait in memory; beyond that they go to a temporary file."""


def run(
    book: Book,
    source: Source,
    *,
    change: Change,
    now: str,
    region: str,
    today: str = "",
    tags: Sequence[str] = (),
    sets: Sets | None = None,
    file: str = "",
    rejects: Rejects | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Import the records of ``source`` within ``change``. ``tags`` are added to every record of the file.

    ``sets`` are values for records that have none of their own. Rejected rows go to ``rejects``.
    """
    report = Report(
        file=file,
        format=source.profile if source.format == "csv" else source.format,
        encoding=source.encoding.removesuffix("-sig"),
    )
    for warning in source.warnings:
        report.warn(warning)
    if change.dry_run:
        rejects = None
    work = _Import(
        book.db, report, origin=origin_of(source), columns=_columns(source), now=now,
        today=today or now[:10], region=region, tags=tuple(tags),
        sets=sets, rejects=rejects,
    )  # fmt: skip
    start = relationships.mark(book.db)
    work.take(source.records, change, progress)
    relationships.link(book.db, start, now)
    if rejects is not None:
        report.rejects = rejects.finish()
    note_run(book.db, report, change.id, now)
    return report


def origin_of(source: Source) -> str:
    """Return the name under which the keys of a file's records are stored.

    A product's own name; for any other CSV a fingerprint of its columns, sorted, as many files number rows from 1.
    """
    if source.format != "csv":
        return {"vcard": "vcard", "book": "crm-book"}[source.format]
    if source.profile not in {"", "generic"}:
        return source.profile.partition("-")[0]
    heading = "\t".join(sorted(" ".join(nfc(cell).split()).lower() for cell in source.header))
    return "csv:" + matching.fingerprint(heading)[3:15]


def _columns(source: Source) -> Columns | None:
    """Return the columns of a file whose columns the user chose, or None."""
    return Columns.of(source.mapping) if source.mapping and profiles.named(source.profile).chosen else None


def note_run(db: sqlite3.Connection, report: Report, change_id: int, now: str) -> None:
    """Record the import for ``crm imports``."""
    counts = (report.read, report.new, report.changed, report.same, report.rejected)
    made = change_id if journal.count(db, change_id) else None
    db.execute(
        "INSERT INTO import_run (at_utc, file, format, read, new, changed, same, rejected, rejects, change_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (now, report.file, report.format, *counts, report.rejects, made),
    )


def _chunks(records: Iterator[Draft | Problem]) -> Iterator[list[Draft | Problem]]:
    """Yield chunks of records; smaller ones if the rows are huge, so that memory stays flat."""
    chunk: list[Draft | Problem] = []
    held = 0
    while part := list(islice(records, PART)):
        chunk += part
        held += sum(map(len, chain.from_iterable(map(_raw, part))))
        if len(chunk) >= CHUNK or held > HEAVY:
            yield chunk
            chunk, held = [], 0
    if chunk:
        yield chunk


class _Import:
    """The import of one file."""

    def __init__(
        self,
        db: sqlite3.Connection,
        report: Report,
        *,
        origin: str,
        columns: Columns | None,
        now: str,
        today: str,
        region: str,
        tags: tuple[str, ...],
        sets: Sets | None,
        rejects: Rejects | None,
    ) -> None:
        self.db, self.report, self.origin = db, report, origin
        self.columns, self.tags = columns, tags
        self.named: Counter[str] = Counter()
        self.groups = Groups()
        self.entries = Entries(report, sets, rejects)
        self.look = Lookup(db, origin, region, report.file)
        self.words = Vocabulary(db)
        self.records = NewRecords(
            db, origin=origin, now=now, today=today, region=region, words=self.words,
            status=sets.status if sets else None, source=sets.source if sets else None,
        )  # fmt: skip
        self.updater = Updater(records.Context(db, now, today, region, self.words, self._employer))
        self.later = SpooledTemporaryFile(SPOOL, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115

    def take(self, found: Iterable[Draft | Problem], change: Change, progress: Callable[[int], None] | None) -> None:
        """Process the file, then the records that had to wait."""
        records = iter(found)
        if change.dry_run:
            self.records.documents = None
        with self.later:
            with (
                journal.bulk(self.db, change.id, TABLES),
                bulk.without_indexes(self.db, (*TABLES, *search.TABLES)) as drop_indexes,
                search.filling(self.db),
            ):
                bare = False
                for chunk in _chunks(records):
                    bare = drop_indexes() if len(chunk) == CHUNK else bare
                    self._sort(self.entries.prepare(self.groups.take(chunk)))
                    self.records.write(in_order=not bare)
                    if progress:
                        progress(self.report.read)
                change.indexed |= self.records.indexed()
            self.records.write_notes()
            self._take_later()
            if self.groups.found:
                look = Lookup(self.db, self.origin, self.look.region)
                self.groups.apply(self.updater, look, self.report, change)

    def _sort(self, entries: list[Entry]) -> None:
        """Separate unchanged and new records from those that wait; store the new ones."""
        known = self.look.refs(key for each in entries for key in (each.key, each.print) if key)
        own = [each for each in entries if each.draft.own_uid]
        if own:
            self.look.by_uid(own, lambda each: each.draft.own_uid)
            self.look.claimed_by(own)
        unknown = [each for each in entries if not ((known or each.owner is not None) and self._is_known(each, known))]
        self.look.by_uid(unknown, lambda each: each.key)
        self._by_other_files(unknown)
        self.look.claimed_by(unknown)
        self.look.companies(unknown)
        near = self.look.near(unknown) if self.look.has_people() else [[]] * len(unknown)
        for each, people, named in zip(unknown, near, self.look.namesakes(unknown), strict=True):
            self.named.update([sort_key(each.draft.name)] if named else ())
            if each.owner is not None or named or (people and each.kind == "contact"):
                self._wait(each)
            else:
                self._add(each)

    def _is_known(self, entry: Entry, known: dict[str, Ref]) -> bool:
        """Was this record imported before? If so, it is counted as unchanged, or it waits."""
        ref = known.get(entry.key)
        if entry.owner is not None:
            if ref and (ref.kind, ref.owner) != (entry.kind, entry.owner):
                ref, entry.key = None, entry.draft.own_uid
            entry.ref = ref
            self._wait(entry)
            return True
        if ref and ref.base != entry.base and not self._plausible(entry, ref):
            ref = known.get(entry.print)
            entry.key = entry.print or entry.key
        ref = self._free(entry, ref)
        if ref is None:
            return False
        self.look.claimed[ref.kind].add(ref.owner)
        entry.ref, entry.owner = ref, ref.owner
        if ref.base == entry.base and not self.tags:
            self.report.same += 1
        else:
            self._wait(entry)
        return True

    def _free(self, entry: Entry, ref: Ref | None) -> Ref | None:
        """Return the reference if its record is not claimed yet; else number the key, and look that key up."""
        key, number = entry.key, 1
        while ref is not None and (ref.kind != entry.kind or ref.owner in self.look.claimed[ref.kind]):
            number += 1
            entry.key = f"{key}~{number}"
            ref = self.look.refs([entry.key]).get(entry.key)
        return ref

    def _by_other_files(self, entries: list[Entry]) -> None:
        """Match records by a key that another CSV with other columns used, if it is plausible that they are the same.

        That file is taken as an earlier version of this one: its values are the base for the changes in this one.
        """
        if not self.origin.startswith("csv:"):
            return
        asked = {each.draft.uid: each for each in entries if each.owner is None and each.draft.uid}
        for ref in self.look.elsewhere(asked):
            each = asked[ref.key]
            if each.owner is None and each.kind == ref.kind and self._plausible(each, ref):
                each.owner, each.ref = ref.owner, ref

    def _plausible(self, entry: Entry, ref: Ref) -> bool:
        if not entry.print:
            return True
        row = self.db.execute(f"SELECT name FROM {ref.kind} WHERE id = ?", (ref.owner,)).fetchone()
        known = from_base(ref.base) if ref.base else Draft(name=row[0])
        return matching.plausible(entry.draft, known, row[0])

    def _add(self, entry: Entry) -> None:
        """Store a new record; a company that was created as an employer in this file gets its own data."""
        draft = stored(entry.draft, self.words) if entry.draft.custom else entry.draft
        if self.tags:
            draft = draft._replace(tags=tuple(dict.fromkeys((*draft.tags, *self.tags))))
        mark = (entry.key, entry.base)
        if draft.kind != "company":
            self.report.new_ids.add("contact", self.records.contact(draft, mark))
        else:
            stub = self.records.employers.get(sort_key(draft.name))
            if stub is not None and stub in self.records.stubs:
                self.records.complete(stub, draft, mark)
            else:
                stub = self.records.company(draft, mark)
            self.report.new_ids.add("company", stub)
        self.report.new += 1

    def _employer(self, name: str) -> int | None:
        found = self.records.employer(name)
        self.records.write()
        return found

    def _wait(self, entry: Entry) -> None:
        ref = entry.ref.id if entry.ref else None
        own = (entry.draft.own_uid, entry.draft.own_revision)
        row = [entry.key, entry.base, entry.line, ref, entry.owner, own]
        self.later.write(json.dumps(row, ensure_ascii=False) + "\n")

    def _take_later(self) -> None:
        """Update or add the waiting records; from here on every row is journaled individually."""
        self.later.seek(0)
        while lines := list(islice(self.later, LATER)):
            entries = [self._resumed(line) for line in lines]
            self._decide([each for each in entries if each.owner is None])
            self._update([each for each in entries if each.owner is not None])
            self.records.write()

    def _resumed(self, line: str) -> Entry:
        key, base, number, ref, owner, (uid, revision) = json.loads(line)
        draft = from_base(base)._replace(own_uid=uid, own_revision=revision)
        entry = Entry(draft, key, base, number, owner=owner)
        if ref is not None:
            row = self.db.execute("SELECT base FROM external_ref WHERE id = ?", (ref,)).fetchone()
            entry.ref = Ref(ref, entry.kind, owner, key, row[0])
        return entry

    def _decide(self, entries: list[Entry]) -> None:
        """Match records without a known key by e-mail, phone or name, now that all claimed records are known."""
        claimed = self.look.claimed["contact"]
        for each, people, named in zip(entries, self.look.near(entries), self.look.namesakes(entries), strict=True):
            free = [(kind, value, [one for one in who if one.id not in claimed]) for kind, value, who in people]
            match = matching.decide(each.draft, free)
            if match.id is None and not match.doubt:
                match = self._by_name(each.draft, [one for one in named if one not in claimed])
            if match.id is None:
                if match.doubt:
                    self.report.warn(match.doubt, each.line)
                self._add(each)
            else:
                each.owner = match.id
                claimed.add(match.id)

    def _by_name(self, draft: Draft, free: list[int]) -> Match:
        """Match by the exact name if it is unambiguous; for a CSV only if a file with the same name came before."""
        if self.look.is_csv and not self.look.came_before and free:
            return Match(
                None, f"{draft.name} is in the book ({free[0]}), with nothing to compare; a new record was made"
            )
        return matching.only(free) if self.named[sort_key(draft.name)] == 1 else Match(None)

    def _update(self, entries: list[Entry]) -> None:
        for kind, load in (("contact", contacts.load), ("company", companies.load)):
            mine = [each for each in entries if each.kind == kind]
            loaded: Sequence[Contact | Company] = load(self.db, [each.owner or 0 for each in mine])
            records = {record.id: record for record in loaded}
            for each in mine:
                self._update_one(each, records[each.owner or 0])

    def _update_one(self, entry: Entry, record: Contact | Company) -> None:
        """Update one record, and store its current values in the file."""
        ref, plan = entry.ref, Merge()
        before = ref or self._earlier(entry, record)
        if ref is None or ref.base != entry.base:
            base = from_base(before.base) if before and before.base else None
            theirs = same_framing(entry.draft, record) if _is_own(entry, record) else entry.draft
            if base is not None and self.columns is not None:
                theirs = self.columns.completed(base, theirs)
                entry.base = base_text(theirs)
            if _is_own(entry, record) and theirs.own_revision == record.revision:
                base, theirs = edited(record, theirs)
            elif base is not None and not ref:
                region = self.look.region
                theirs = merging.keeping(with_norms(base, region), with_norms(theirs, region))
            plan = self.updater.update(record, base, theirs)
        done = self.updater.tag(entry.kind, record.id, self.tags) or bool(plan)
        for conflict in plan.conflicts:
            message = f"{record.name}: {conflict.field} stays “{conflict.ours}”; the file says “{conflict.theirs}”"
            self.report.conflicts += 1
            self.report.warn(message, entry.line)
        self._remember(entry, before, record, done=done)
        if done:
            self.report.changed += 1
            self.report.changed_ids.add(entry.kind, record.id)
        else:
            self.report.same += 1

    def _earlier(self, entry: Entry, record: Contact | Company) -> Ref | None:
        """Return the earlier values from this source for a record matched by other means than its key, or None.

        Under another UID, those are the values of another file, and this one is not a newer version of it.
        """
        ref = self.look.refs_of(entry.kind, record.id)
        if ref and (_is_own(entry, record) or (matching.is_print(ref.key) and matching.is_print(entry.key))):
            return ref
        return None

    def _remember(self, entry: Entry, before: Ref | None, record: Contact | Company, *, done: bool) -> None:
        """Store the file's values under their key; a fingerprint is replaced, our own unchanged export is skipped."""
        if not done and _is_own(entry, record):
            return
        if before is not None and not (entry.ref is None and _is_own(entry, record)):
            if (before.key, before.base) != (entry.key, entry.base):
                self.db.execute(
                    "UPDATE external_ref SET source = ?, key = ?, base = ? WHERE id = ?",
                    (self.origin, entry.key, entry.base, before.id),
                )
        else:
            self.db.execute(
                f"INSERT OR IGNORE INTO external_ref ({entry.kind}_id, source, key, base) VALUES (?, ?, ?, ?)",
                (record.id, self.origin, entry.key, entry.base),
            )


def _is_own(entry: Entry, record: Contact | Company) -> bool:
    """Was the record exported from this very book?"""
    return record.uid in (matching.own_uid(entry.draft.own_uid), matching.own_uid(entry.key))
