"""Bringing a file into the book: read, matched, stored a chunk at a time, in one change that undo takes back whole.

New records go in by bulk inserts as they are read. Whatever has to do with somebody who is in the book already waits in
a spool until the whole file was seen, for only then is it known which records of the book are spoken for.
"""

from __future__ import annotations

import gc
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from crm_cli.book import journal
from crm_cli.core import matching, names
from crm_cli.core.merging import Merge
from crm_cli.core.records import Draft, Problem
from crm_cli.core.text import nfc, sort_key
from crm_cli.queries import companies, contacts
from crm_cli.services.imports_bulk import TABLES, NewRecords, Vocabulary
from crm_cli.services.imports_match import Entry, Lookup, Ref
from crm_cli.services.imports_update import Updater, stored

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_cli.book.book import Book, Change
    from crm_cli.core.records import Company, Contact
    from crm_cli.formats.reading import Source
    from crm_cli.services.imports_rejects import Rejects
    from crm_cli.services.imports_sets import Sets

CHUNK = 5000
"""How many records are matched and stored at a time."""
LATER = 500
"""How many records of the book are brought up to date at a time."""
WARNINGS = 1000
"""How many warnings are kept; the rest are counted."""
SPOOL = 8_000_000
"""How many bytes wait in memory; beyond it they go to a temporary file."""


@dataclass(slots=True)
class Report:
    """What came of a file. ``new_ids`` and ``changed_ids`` are printed ids; ``warned`` counts all warnings."""

    file: str = ""
    format: str = ""
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0
    warned: int = 0
    conflicts: int = 0
    rejects: str = ""
    warnings: list[str] = field(default_factory=list)
    new_ids: list[str] = field(default_factory=list)
    changed_ids: list[str] = field(default_factory=list)

    def warn(self, text: str, line: int = 0) -> None:
        """Keep a warning for the user."""
        self.warned += 1
        if len(self.warnings) < WARNINGS:
            self.warnings.append(f"line {line}: {text}" if line else text)


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
    """Import what ``source`` yields, inside ``change``. ``tags`` are for every record of the file.

    ``sets`` are values for records that have none of their own. Rejected rows go to ``rejects``.
    """
    report = Report(file=file, format=source.profile if source.format == "csv" else source.format)
    for warning in source.warnings:
        report.warn(warning)
    if change.dry_run:
        rejects = None
    work = _Import(
        book.db, report, origin=origin_of(source), now=now, today=today or now[:10], region=region, tags=tuple(tags),
        sets=sets, rejects=rejects,
    )  # fmt: skip
    with _undisturbed(book.db):
        work.take(source.records, change.id, progress)
    if rejects is not None:
        report.rejects = rejects.finish()
    note_run(book.db, report, change.id, now)
    return report


def origin_of(source: Source) -> str:
    """Return the name under which the keys of a file's records are kept.

    A product's own; for any other CSV the heading of its key column, as many files number their rows from 1.
    """
    if source.format != "csv":
        return {"vcard": "vcard", "book": "crm-book"}[source.format]
    if source.profile not in {"", "generic"}:
        return source.profile.partition("-")[0]
    key = next((column for column, shown in source.mapping if shown == "uid"), "")
    return f"csv:{' '.join(nfc(key).split()).lower()}" if key else "csv"


def note_run(db: sqlite3.Connection, report: Report, change_id: int, now: str) -> None:
    """Note the import where ``crm imports`` lists it."""
    counts = (report.read, report.new, report.changed, report.same, report.rejected)
    made = change_id if journal.count(db, change_id) else None
    db.execute(
        "INSERT INTO import_run (at_utc, file, format, read, new, changed, same, rejected, rejects, change_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (now, report.file, report.format, *counts, report.rejects, made),
    )


@contextmanager
def _undisturbed(db: sqlite3.Connection) -> Iterator[None]:
    """Keep unfinished pages off the disk, so that others go on reading, and the collector from counting records."""
    enabled = gc.isenabled()
    gc.disable()
    db.execute("PRAGMA cache_spill=OFF")
    try:
        yield
    finally:
        db.execute("PRAGMA cache_spill=ON")
        if enabled:
            gc.enable()


class _Import:
    """One file on its way into the book."""

    def __init__(
        self,
        db: sqlite3.Connection,
        report: Report,
        *,
        origin: str,
        now: str,
        today: str,
        region: str,
        tags: tuple[str, ...],
        sets: Sets | None,
        rejects: Rejects | None,
    ) -> None:
        self.db, self.report, self.origin = db, report, origin
        self.tags, self.sets, self.rejects = tags, sets, rejects
        self.look = Lookup(db, origin, region)
        self.words = Vocabulary(db)
        self.records = NewRecords(
            db, now=now, today=today, region=region, tag_id=self.words.tag_id, field_id=self.words.field_id,
            status=sets.status if sets else None, source=sets.source if sets else None,
        )  # fmt: skip
        self.updater = Updater(db, now=now, region=region, words=self.words, employer=self._employer)
        self.later = SpooledTemporaryFile(SPOOL, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115
        self.keys: set[int] = set()
        self.again: dict[str, int] = {}

    def take(self, found: Iterable[Draft | Problem], change_id: int, progress: Callable[[int], None] | None) -> None:
        """Walk through the file, then through what had to wait."""
        records = iter(found)
        with self.later:
            with journal.bulk(self.db, change_id, TABLES):
                while chunk := list(islice(records, CHUNK)):
                    self._sort(self._entries(chunk))
                    self.records.write()
                    if progress:
                        progress(self.report.read)
            self._take_later()

    def _entries(self, chunk: list[Draft | Problem]) -> list[Entry]:
        """Prepare the records of a chunk; problems are told and rejected rows set aside."""
        entries = []
        for each in chunk:
            if isinstance(each, Problem):
                self._problem(each)
                continue
            self.report.read += 1
            entry = self._entry(each)
            if isinstance(entry, Entry):
                entries.append(entry)
            else:
                self._reject(each.line, entry, each.raw)
        return entries

    def _problem(self, problem: Problem) -> None:
        if problem.rejected:
            self.report.read += 1
            self._reject(problem.line, problem.reason, problem.raw)
        else:
            self.report.warn(problem.reason, problem.line)

    def _reject(self, line: int, reason: str, raw: tuple[str, ...]) -> None:
        self.report.rejected += 1
        if self.rejects is not None:
            self.rejects.add(line, reason, raw)
        self.report.warn(f"rejected: {reason}", line)

    def _entry(self, draft: Draft) -> Entry | str:
        """Return a record with its key and what it says; a reason when it cannot be taken."""
        if not draft.name.strip():
            draft = replace(draft, name=_name_of(draft))
        if not draft.name:
            return "nobody is named: no name, company, e-mail or phone"
        base = matching.base_text(draft)
        if "\\u0000" in base:
            base = _NUL.sub(r"\1", base)
            draft = replace(matching.from_base(base), line=draft.line)
        if not base.isascii() and not _is_text(base):
            return "its text is no valid Unicode"
        key, telling = draft.uid, matching.is_telling(draft.uid)
        mark = "" if telling else matching.fingerprint(base)
        if self.sets is not None:
            draft = self.sets.fill(draft)
            base = matching.base_text(draft)
        key = self._unique(key or mark)
        return Entry(draft, key, base, draft.line, print=f"{key}~{mark}" if draft.uid and mark else "")

    def _unique(self, key: str) -> str:
        """Number a key that came before in this file: records of one file are never one."""
        number = hash(key)
        if number not in self.keys:
            self.keys.add(number)
            return key
        self.again[key] = self.again.get(key, 1) + 1
        return self._unique(f"{key}#{self.again[key]}")

    def _sort(self, entries: list[Entry]) -> None:
        """Tell the unchanged and the new from those that wait; the new are stored."""
        known = self.look.refs({each.key for each in entries} | {each.print for each in entries if each.print})
        unknown = [each for each in entries if not self._is_known(each, known)]
        self.look.by_uid(unknown)
        for each in unknown:
            if each.owner is not None:
                self.look.claimed[each.kind].add(each.owner)
        self.look.companies(unknown)
        near = self.look.near(unknown) if self.look.has_people() else [[]] * len(unknown)
        for each, people in zip(unknown, near, strict=True):
            if each.owner is not None or (people and each.kind == "contact"):
                self._wait(each)
            else:
                self._add(each)

    def _is_known(self, entry: Entry, known: dict[str, Ref]) -> bool:
        """Was this record imported before? Then it is unchanged and counted, or it waits."""
        ref = known.get(entry.key)
        if ref and ref.base != entry.base and not self._plausible(entry, ref):
            ref = known.get(entry.print)
            entry.key = entry.print or entry.key
        if ref is None or ref.kind != entry.kind or ref.owner in self.look.claimed[ref.kind]:
            return False
        self.look.claimed[ref.kind].add(ref.owner)
        entry.ref, entry.owner = ref, ref.owner
        if ref.base == entry.base and not self.tags:
            self.report.same += 1
        else:
            self._wait(entry)
        return True

    def _plausible(self, entry: Entry, ref: Ref) -> bool:
        if not entry.print:
            return True
        row = self.db.execute(f"SELECT name FROM {ref.kind} WHERE id = ?", (ref.owner,)).fetchone()
        known = matching.from_base(ref.base) if ref.base else Draft(name=row[0])
        return matching.plausible(entry.draft, known, row[0])

    def _add(self, entry: Entry) -> None:
        """Store a new record; a company that this file's people made a place for gets its own particulars."""
        draft = stored(entry.draft, self.words)
        if self.tags:
            draft = replace(draft, tags=tuple(dict.fromkeys((*draft.tags, *self.tags))))
        where = (self.origin, entry.key, entry.base)
        if entry.kind == "contact":
            self.report.new_ids.append(str(self.records.contact(draft, *where)))
        else:
            stub = self.records.employers.get(sort_key(draft.name))
            if stub is not None and stub in self.records.stubs and not draft.notes:
                self.records.complete(stub, draft, *where)
            else:
                stub = self.records.company(draft, *where)
            self.report.new_ids.append(f"c{stub}")
        self.report.new += 1

    def _employer(self, name: str) -> int | None:
        found = self.records.employer(name)
        self.records.write()
        return found

    def _wait(self, entry: Entry) -> None:
        ref = entry.ref.id if entry.ref else None
        self.later.write(json.dumps([entry.key, entry.base, entry.line, ref, entry.owner], ensure_ascii=False) + "\n")

    def _take_later(self) -> None:
        """Bring up to date, or add, whatever waited; from here on every row is journaled by itself."""
        self.later.seek(0)
        while lines := list(islice(self.later, LATER)):
            entries = [self._resumed(line) for line in lines]
            self._decide([each for each in entries if each.owner is None])
            self._update([each for each in entries if each.owner is not None])
            self.records.write()

    def _resumed(self, line: str) -> Entry:
        key, base, number, ref, owner = json.loads(line)
        entry = Entry(matching.from_base(base), key, base, number, owner=owner)
        if ref is not None:
            row = self.db.execute("SELECT base FROM external_ref WHERE id = ?", (ref,)).fetchone()
            entry.ref = Ref(ref, entry.kind, owner, key, row[0])
        return entry

    def _decide(self, entries: list[Entry]) -> None:
        """Match by e-mail and phone what no key matched, now that it is known who is spoken for."""
        for each, people in zip(entries, self.look.near(entries), strict=True):
            claimed = self.look.claimed["contact"]
            free = [(kind, value, [one for one in who if one.id not in claimed]) for kind, value, who in people]
            match = matching.decide(each.draft, free)
            if match.id is None:
                if match.doubt:
                    self.report.warn(match.doubt, each.line)
                self._add(each)
            else:
                each.owner = match.id
                claimed.add(match.id)

    def _update(self, entries: list[Entry]) -> None:
        for kind, load in (("contact", contacts.load), ("company", companies.load)):
            mine = [each for each in entries if each.kind == kind]
            loaded: Sequence[Contact | Company] = load(self.db, [each.owner or 0 for each in mine])
            records = {record.id: record for record in loaded}
            for each in mine:
                self._update_one(each, records[each.owner or 0])

    def _update_one(self, entry: Entry, record: Contact | Company) -> None:
        """Bring one record up to date, and remember what the file says of it now."""
        ref = entry.ref or self.look.refs_of(entry.kind, record.id)
        plan = Merge()
        if ref is None or ref.base != entry.base:
            base = matching.from_base(ref.base) if ref and ref.base else None
            plan = self.updater.update(record, base, entry.draft)
        done = self.updater.tag(entry.kind, record.id, self.tags) or bool(plan)
        for conflict in plan.conflicts:
            self.report.conflicts += 1
            self.report.warn(f"{record.name}: {conflict.field} stays “{conflict.ours}”; the file says “{conflict.theirs}”", entry.line)
        self._remember(entry, ref, record, done=done)
        if done:
            self.report.changed += 1
            self.report.changed_ids.append(f"c{record.id}" if entry.kind == "company" else str(record.id))
        else:
            self.report.same += 1

    def _remember(self, entry: Entry, ref: Ref | None, record: Contact | Company, *, done: bool) -> None:
        if ref is not None:
            if (ref.key, ref.base) != (entry.key, entry.base):
                self.db.execute(
                    "UPDATE external_ref SET key = ?, base = ? WHERE id = ?", (entry.key, entry.base, ref.id)
                )
        elif done or matching.own_uid(entry.key) != record.uid:
            self.db.execute(
                f"INSERT INTO external_ref ({entry.kind}_id, source, key, base) VALUES (?, ?, ?, ?)",
                (record.id, self.origin, entry.key, entry.base),
            )


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def _is_text(text: str) -> bool:
    """Can this be written as UTF-8?"""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _name_of(draft: Draft) -> str:
    """Name a record that has no name, by what else it says."""
    built = names.display(draft.parts) if draft.kind == "person" else ""
    points: list[Any] = sorted(draft.points, key=lambda point: {"email": 0, "phone": 1}.get(point.kind, 2))
    return (built or draft.nickname or draft.company or (points[0].value if points else "")).strip()
