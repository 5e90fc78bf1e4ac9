"""Import a file into the book: read, match and store it in chunks, within one change that undo reverts completely.

New records are bulk-inserted as they are read. Anything that may concern a record already in the book waits in a spool
until the whole file was read, because only then is it known which records of the book are claimed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from crm_cli.book import bulk, journal
from crm_cli.book.search import index as search
from crm_cli.core import kinds, matching
from crm_cli.core.matching import Match
from crm_cli.core.records import Draft
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.formats import profiles
from crm_cli.formats.base import from_base
from crm_cli.formats.source import in_chunks
from crm_cli.queries import consents
from crm_cli.services import records
from crm_cli.services.erasing import marks
from crm_cli.services.importing import relationships
from crm_cli.services.importing.bulk import TABLES, NewRecords, last_id
from crm_cli.services.importing.columns import Columns
from crm_cli.services.importing.entries import Entries, Report
from crm_cli.services.importing.groups import Groups
from crm_cli.services.importing.known import KnownRecords
from crm_cli.services.importing.match import Lookup
from crm_cli.services.importing.spool import Spool
from crm_cli.services.importing.update import stored
from crm_cli.services.importing.words import Vocabulary

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from crm_cli.book.book import Book, Change
    from crm_cli.core.records import Problem
    from crm_cli.formats.source import Source
    from crm_cli.services.importing.match import Entry, Near, Ref
    from crm_cli.services.importing.rejects import Rejects
    from crm_cli.services.importing.sets import Sets

ON_MATCH = ("update", "fill", "skip", "new", "fail")
"""What to do with a record that is in the book already: update it, only fill what is empty, skip it, make a new one all
the same, or reject it."""
CHUNK, HEAVY = 400, 16_000_000
"""How many records are matched and stored at a time, and from how many characters on fewer.

Few enough to stay in the processor's cache: with 2,000 the row "import 100,000 vCards" of benchmarks/run.py takes 2 %
longer.
"""


def begin(
    book: Book,
    source: Source,
    words: Vocabulary,
    *,
    now: str,
    region: str,
    today: str = "",
    tags: Sequence[str] = (),
    sets: Sets | None = None,
    on_match: str = "update",
    file: str = "",
    rejects: Rejects | None = None,
    exported: Mapping[str, str] | None = None,
) -> PeopleImport:
    """Begin the import of the people and companies of a file. ``tags`` are added to each of them.

    ``words`` gets the fields that are made. ``exported`` has, by uid, the cards on which a file of a vdir and the book
    last agreed. ``sets`` are values for records that have none of their own. ``on_match`` is one of `ON_MATCH`.
    Rejected rows go to ``rejects``.
    """
    report = Report(
        file=file,
        format=source.profile if source.format == "csv" else source.format,
        encoding=source.encoding.removesuffix("-sig"),
    )
    for warning in source.warnings:
        report.warn(warning)
    return PeopleImport(
        book.db, report, words, origin=origin_of(source), columns=_columns(source), now=now,
        today=today or now[:10], region=region, tags=tuple(tags),
        sets=sets, on_match=on_match, rejects=rejects, exported=exported or {},
    )  # fmt: skip


def origin_of(source: Source) -> str:
    """Return the name under which the keys of a file's records are stored.

    A product's own name; for any other CSV a fingerprint of its columns, sorted, as many files number rows from 1.
    """
    if source.format != "csv":
        return "crm-book" if source.format == "book" else source.format
    if source.profile not in {"", "generic"}:
        return source.profile.partition("-")[0]
    heading = "\t".join(sorted(" ".join(nfc(cell).split()).lower() for cell in source.header))
    return "csv:" + matching.fingerprint(heading)[3:15]


def _columns(source: Source) -> Columns | None:
    """Return the columns of a file whose columns the user chose, or None."""
    return Columns.of(source.mapping) if source.mapping and profiles.named(source.profile).chosen else None


class PeopleImport:
    """The import of one file of people and companies, in one batch or several, each in a change of its own."""

    def __init__(
        self,
        db: sqlite3.Connection,
        report: Report,
        words: Vocabulary,
        *,
        origin: str,
        columns: Columns | None,
        now: str,
        today: str,
        region: str,
        tags: tuple[str, ...],
        sets: Sets | None,
        on_match: str,
        rejects: Rejects | None,
        exported: Mapping[str, str],
    ) -> None:
        self.db, self.report, self.origin = db, report, origin
        self.on_match = on_match
        self.tags = tags
        self.named: Counter[str] = Counter()
        self.groups = Groups()
        self.entries = Entries(report, sets, rejects)
        self.look = Lookup(db, origin, region, report.file)
        self.words = words
        self.now, self.today = now, today
        self.status, self.source = (sets.status, sets.source) if sets else (None, None)
        self.columns, self.exported = columns, exported
        self._open_batch(report)

    def _open_batch(self, report: Report) -> None:
        """Prepare what each batch has of its own."""
        self.report = self.entries.report = report
        self.records = NewRecords(
            self.db, origin=self.origin, now=self.now, today=self.today, region=self.look.region, words=self.words,
            status=self.status, source=self.source,
        )  # fmt: skip
        context = records.Context(self.db, self.now, self.today, self.look.region, self.words, self._employer)
        self.known = KnownRecords(
            context, self.look, report,
            columns=self.columns, tags=self.tags, exported=self.exported, only_fill=self.on_match == "fill",
        )  # fmt: skip
        self.waiting = Spool(self.db)

    def again(self) -> None:
        """Prepare for another batch of the same file, with a report of its own.

        Companies that came with the people of an earlier batch stay known.
        """
        known = self.records
        self._open_batch(Report(file=self.report.file, format=self.report.format, encoding=self.report.encoding))
        self.records.employers, self.records.stubs = known.employers, known.stubs

    def batch(
        self, found: Iterable[Draft | Problem], change: Change, progress: Callable[[int], None] | None = None
    ) -> Report:
        """Import these records within ``change``; return the report on them."""
        start, known = relationships.mark(self.db), last_id(self.db, "consent")
        newest = last_id(self.db, "contact")
        self.take(found, change, progress)
        relationships.link(self.db, start, self.now)
        self.report.stopped = consents.count_stopped(self.db, known)
        for person, at in marks.reappeared(self.db, newest):
            self.report.warn(f"{person} was erased on {at[:10]} and is in the book again (crm erase {person})")
        return self.report

    def pending(self) -> int:
        """Return 0, unlike a file of items: the companies that people wait for are not reported."""
        return 0

    def take(self, found: Iterable[Draft | Problem], change: Change, progress: Callable[[int], None] | None) -> None:
        """Process the file, then the records that had to wait."""
        if change.dry_run:
            self.records.documents = None
        with self.waiting:
            with (
                journal.bulk(self.db, change.id, TABLES),
                bulk.without_indexes(self.db, (*TABLES, *search.TABLES)) as drop_indexes,
                search.filling(self.db),
            ):
                bare = False
                for chunk in in_chunks(found, CHUNK, HEAVY):
                    bare = drop_indexes() if len(chunk) == CHUNK else bare
                    self._sort(self.entries.prepare(self.groups.take(chunk)))
                    self.records.write(in_order=not bare, rest=False)
                    if progress:
                        progress(self.report.read)
                self.records.write()
                change.indexed |= self.records.indexed()
            self.records.write_notes()
            self._take_waiting()
            if self.groups.found:
                look = Lookup(self.db, self.origin, self.look.region)
                self.groups.apply(self.known.updater, look, self.report, change)
                self.groups.found.clear()

    def _sort(self, entries: list[Entry]) -> None:
        """Separate unchanged and new records from those that wait; store the new ones."""
        if self.on_match == "new":
            self._add_all(entries)
            return
        unknown = self._unknown(entries)
        self.look.by_uid(unknown, lambda each: each.key)
        self._by_other_files(unknown)
        self.look.claimed_by(unknown)
        self.look.companies(unknown)
        for each, people, named in zip(unknown, self.look.near(unknown), self.look.namesakes(unknown), strict=True):
            if named:
                self.named[sort_key(each.draft.name)] += 1
            if each.owner is not None and each.draft.is_earlier:
                self.report.same += 1
            elif each.owner is not None or named or people:
                self.waiting.add(each)
            else:
                self._add(each)

    def _add_all(self, entries: list[Entry]) -> None:
        """Store each record as a new one; a key that is taken is numbered."""
        known = self.look.refs(each.key for each in entries)
        for each in entries:
            if each.key in known:
                self.look.claims.take(known[each.key].kind, known[each.key].owner, known[each.key])
                self._free(each, known[each.key])
            self._add(each)

    def _unknown(self, entries: list[Entry]) -> list[Entry]:
        """Return the records that were not imported from this source before and are not exports of this book."""
        known = self.look.refs(key for each in entries for key in (each.key, each.print) if key)
        own = [each for each in entries if each.draft.own_uid]
        self.look.by_uid(own, lambda each: each.draft.own_uid)
        self.look.claimed_by(own)
        if not known and not own:
            return entries
        return [each for each in entries if not self._is_known(each, known)]

    def _is_known(self, entry: Entry, known: dict[str, Ref]) -> bool:
        """Was this record imported before? If so, it is counted as unchanged, or it waits."""
        ref = known.get(entry.key)
        if entry.owner is not None:
            self._take_own(entry, ref)
            return True
        ref = self._free(entry, self._trusted(entry, ref, known))
        if ref is None:
            return False
        self.look.claims.take(ref.kind, ref.owner, ref)
        entry.ref, entry.owner = ref, ref.owner
        if (ref.base == entry.base and not self.tags) or entry.draft.is_earlier:
            self.report.same += 1
        else:
            self.waiting.add(entry)
        return True

    def _take_own(self, entry: Entry, ref: Ref | None) -> None:
        """Let a record that was exported from this book wait; a reference to a different record is ignored."""
        if ref and (ref.kind, ref.owner) != (entry.kind, entry.owner):
            ref, entry.key = None, entry.draft.own_uid
        entry.ref = ref
        self.waiting.add(entry)

    def _trusted(self, entry: Entry, ref: Ref | None, known: dict[str, Ref]) -> Ref | None:
        """Return the reference if it is plausible that its record is the same; else the one of the fingerprint."""
        if ref is None or ref.base == entry.base or self._plausible(entry, ref):
            return ref
        entry.key = entry.print or entry.key
        return known.get(entry.print)

    def _free(self, entry: Entry, ref: Ref | None) -> Ref | None:
        """Return the reference if its record is not claimed yet; else number the key, and look that key up."""
        key, number = entry.key, 1
        while ref is not None and (ref.kind != entry.kind or self.look.claims.has_key(ref)):
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

    def _take_waiting(self) -> None:
        """Update or add the waiting records; from here on every row is journaled individually."""
        for entries in self.waiting.batches():
            self._decide([each for each in entries if each.owner is None])
            self._take_matched([each for each in entries if each.owner is not None])
            self.records.write()

    def _take_matched(self, entries: list[Entry]) -> None:
        """Update, skip or reject the records that are in the book already."""
        if self.on_match in ("update", "fill"):
            self.known.update(entries)
            return
        for each in entries:
            if self.on_match == "skip":
                self.report.same += 1
            else:
                ref = kinds.RECORDS[each.kind].printed(each.owner or 0)
                self.entries.reject(each.draft, f"{each.draft.name} is already in the book ({ref})")

    def _decide(self, entries: list[Entry]) -> None:
        """Match records without a known key by e-mail, phone or name, now that all claimed records are known."""
        claims = self.look.claims
        for each, people, named in zip(entries, self.look.near(entries), self.look.namesakes(entries), strict=True):
            match = self._match(each.draft, people, [one for one in named if not claims.has("contact", one)])
            if match.id is not None:
                each.owner = match.id
                claims.take("contact", match.id)
                continue
            if match.doubt:
                self.report.warn(match.doubt, each.line)
            self._add(each)

    def _match(self, draft: Draft, people: list[Near], named: list[int]) -> Match:
        """Match by e-mail and phone; if no person has them, by the name."""
        claims = self.look.claims
        free = [(kind, value, [one for one in who if not claims.has("contact", one.id)]) for kind, value, who in people]
        match = matching.decide(draft, free)
        return match if match.id is not None or match.doubt else self._by_name(draft, named)

    def _by_name(self, draft: Draft, free: list[int]) -> Match:
        """Match by the exact name if it is unambiguous; for a CSV only if a file with the same name came before."""
        if self.look.is_csv and not self.look.came_before and free:
            return Match(
                None, f"{draft.name} is in the book ({free[0]}), with nothing to compare; a new record was made"
            )
        return matching.only(free) if self.named[sort_key(draft.name)] == 1 else Match(None)
