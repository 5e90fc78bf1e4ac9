"""Import deals and activities of other programs: keyed, matched to those of earlier imports, linked to records."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import kinds, matching, names
from crm_cli.core.items import Item, Link
from crm_cli.core.records import Problem
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.queries.batches import chunks, marks
from crm_cli.services import records
from crm_cli.services.importing import details, importer, item_base, links
from crm_cli.services.importing.bulk import last_id
from crm_cli.services.importing.entries import Report, report_problem
from crm_cli.services.importing.item_writer import File, ItemWriter, Known
from crm_cli.services.importing.links import Record
from crm_cli.services.importing.phones import e164
from crm_cli.services.importing.words import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from crm_cli.book.book import Book, Change
    from crm_cli.formats.source import Source
    from crm_cli.services.importing.item_rows import Clock
    from crm_cli.services.importing.rejects import Rejects

CHUNK = 500


class Entry(NamedTuple):
    """An item of a file with its key; ``whole`` also has its place in the file and the person described beside it."""

    key: str
    item: Item
    whole: Item


def begin(
    book: Book,
    source: Source,
    words: Vocabulary,
    *,
    clock: Clock,
    region: str,
    tags: Sequence[str] = (),
    on_match: str = "update",
    file: str = "",
    rejects: Rejects | None = None,
) -> ItemImport:
    """Begin the import of a file of items; its first batch also has the people that the rows describe beside them."""
    report = Report(file=file, format=source.listed, encoding=source.encoding.removesuffix("-sig"))
    for warning in source.warnings:
        report.warn(warning)
    kind = "deal" if source.listed == "deals" else "activity"
    about = File(f"{kind}:{importer.origin_of(source)}", kind, clock, region, tuple(tags), on_match)
    return ItemImport(book, report, words, about, rejects=rejects, source=source)


def beside(
    book: Book,
    source: Source,
    report: Report,
    words: Vocabulary,
    *,
    clock: Clock,
    region: str,
    tags: Sequence[str],
    on_match: str,
    rejects: Rejects | None,
) -> None:
    """Import the activities that a file has beside its people, which are imported already; count them in ``report``."""
    about = File(f"activity:{importer.origin_of(source)}", "activity", clock, region, tuple(tags), on_match)
    own = Report()
    work = ItemImport(book, own, words, about, rejects=rejects)
    found = iter(source.items or ())
    while chunk := list(islice(found, CHUNK)):
        work.take(chunk)
    report.activities = (own.new, own.changed, own.same)
    report.rejected += own.rejected
    report.read += own.rejected
    report.conflicts += own.conflicts
    for warning in own.warnings:
        report.warn(warning)
    for ids, more in ((report.new_ids, own.new_ids), (report.changed_ids, own.changed_ids)):
        ids.held.extend(more.held)


class ItemImport:
    """The import of one file of items, in one batch or several, each in a change of its own."""

    def __init__(
        self,
        book: Book,
        report: Report,
        words: Vocabulary,
        file: File,
        *,
        rejects: Rejects | None,
        source: Source | None = None,
    ) -> None:
        self.book, self.report, self.file, self.rejects = book, report, file, rejects
        self.db = book.db
        self.clock = file.clock
        self.words = words
        self.beside = source
        """The file, until the people that its rows describe are imported."""
        self.writer = ItemWriter(self.db, words, file)
        self.taken: set[str] = set()
        self.claimed: set[int] = set()
        self.companies: dict[str, int | None] = {}
        self.first = {kind: last_id(self.db, kind) for kind in ("deal", "activity")}

    def again(self) -> None:
        """Prepare for another batch of the same file, with a report of its own."""
        self.report = Report(file=self.report.file, format=self.report.format, encoding=self.report.encoding)

    def batch(
        self, found: Iterable[Item | Problem], change: Change, progress: Callable[[int], None] | None = None
    ) -> Report:
        """Import these items within ``change``; return the report on them."""
        if self.beside is not None:
            people = importer.begin(
                self.book, self.beside, self.words, now=self.clock.now, region=self.file.region
            ).batch(self.beside.records, change)
            self.report.beside, self.beside = people.new, None
        rows = iter(found)
        while chunk := list(islice(rows, CHUNK)):
            self.take(chunk)
            if progress:
                progress(self.report.read)
        return self.report

    def take(self, chunk: Sequence[Item | Problem]) -> None:
        """Store the items of a chunk; problems are reported and rejected rows stored."""
        entries = self._entries(
            details.add(self.db, chunk, self.report, self.words, now=self.clock.now, region=self.file.region)
        )
        known = self._known(entries)
        if self.file.on_match == "new":
            entries = [each._replace(key=self._free(each.key, known)) for each in entries]
            known = {}
        found = self._found(sorted(entries, key=lambda each: each.key in known))
        for each in entries:
            if each.key in known:
                self._take_known(known[each.key], each, found)
            else:
                ref = self.writer.add(each.key, each.item, self._with_person(each.whole), found)
                self.report.new += 1
                self.report.new_ids.add(each.item.kind, ref)

    def _entries(self, chunk: Iterable[Item | Problem]) -> list[Entry]:
        """Return the items with their keys; problems are reported."""
        entries = []
        for each in chunk:
            if isinstance(each, Problem):
                report_problem(each, self.report, self.rejects)
            else:
                self.report.read += 1
                entries.append(Entry(self._key(each), each._replace(line=0, raw=(), person=None, detail=None), each))
        return entries

    def _key(self, item: Item) -> str:
        """Return the key of an item, numbered if a row before has the same."""
        key = item.key or matching.fingerprint(item_base.identity(item))
        number, numbered = 1, key
        while numbered in self.taken:
            number += 1
            numbered = f"{key}#{number}"
        self.taken.add(numbered)
        return numbered

    def _free(self, key: str, known: Mapping[str, Known]) -> str:
        """Return a key that no item of the book has."""
        number, free = 1, key
        while free in known or (number > 1 and list(self._refs([free], self.file.origin))):
            number += 1
            free = f"{key}~{number}"
        return free

    # What is in the book

    def _known(self, entries: Sequence[Entry]) -> dict[str, Known]:
        """Return by key the items that were imported before: from this file, or another CSV if the titles agree."""
        asked = {each.key: each.item for each in entries}
        found = dict(self._refs(list(asked), self.file.origin))
        found |= self._of_others({key: item for key, item in asked.items() if key not in found})
        found |= self._own([key for key in asked if key not in found])
        self.claimed.update(known.id for known in found.values())
        return found

    def _of_others(self, asked: Mapping[str, Item]) -> dict[str, Known]:
        """Return by key the items that came from other files with items of this kind, if the titles agree."""
        kind = self.file.kind
        sources = self.db.execute(
            "SELECT DISTINCT source FROM external_ref WHERE source >= ? AND source < ? AND source <> ?",
            (f"{kind}:", f"{kind};", self.file.origin),
        )
        found: dict[str, Known] = {}
        for (source,) in sources.fetchall() if asked else ():
            for key, known in self._refs(list(asked), source):
                if key not in found and item_base.name(item_base.from_base(known.base)) == item_base.name(asked[key]):
                    found[key] = known
        return found

    def _own(self, keys: Sequence[str]) -> dict[str, Known]:
        """Return the items with these uids: they were exported from this book, and a table of them changes nothing."""
        found: dict[str, Known] = {}
        for chunk in chunks(keys):
            sql = f"SELECT uid, id FROM {self.file.kind} WHERE uid IN ({marks(chunk)})"
            found |= {uid: Known(0, ref, self.file.origin, "") for uid, ref in self.db.execute(sql, chunk)}
        return found

    def _refs(self, keys: Sequence[str], source: str) -> Iterator[tuple[str, Known]]:
        kind = self.file.kind
        for chunk in chunks(keys):
            for key, *known in self.db.execute(
                f"SELECT key, id, {kind}_id, source, base FROM external_ref"
                f" WHERE source = ? AND key IN ({marks(chunk)}) AND {kind}_id IS NOT NULL",
                [source, *chunk],
            ):
                if known[1] not in self.claimed:
                    yield key, Known(*known)

    def _found(self, entries: Sequence[Entry]) -> dict[Link, Record]:
        """Return the records that the items of a chunk link to; a company that only has a name is made."""
        asked = dict.fromkeys(link for each in entries for link in each.item.links)
        found = links.find(self.db, asked)
        for link in asked:
            if link not in found and link.target == "company" and link.name:
                company = self._company(link.name)
                if company is not None:
                    found[link] = Record("company", company)
        return found

    def _company(self, name: str) -> int | None:
        key = sort_key(name)
        if key not in self.companies:
            self.companies[key] = records.employer(self.db, name, now=self.clock.now)
        return self.companies[key]

    def _with_person(self, item: Item) -> Record | None:
        """Return the person of the book that a row describes by an e-mail or a phone."""
        draft = item.person
        if draft is None:
            return None
        for point in draft.points:
            norm = fold(point.value) if point.kind == "email" else e164(point.value, self.file.region)
            owners = self.db.execute(
                "SELECT DISTINCT c.id, c.name FROM contact_point p JOIN contact c ON c.id = p.contact_id"
                " WHERE p.norm = ? AND p.norm <> '' AND p.kind = ?",
                (norm, point.kind),
            ).fetchall()
            agreeing = [ref for ref, name in owners if names.agree(draft.name, name)]
            if len(agreeing) == 1:
                return Record("contact", agreeing[0])
        return None

    def _take_known(self, known: Known, entry: Entry, found: Mapping[Link, Record]) -> None:
        """Update an item, skip it, or reject it."""
        item, whole = entry.item, entry.whole
        is_same = not known.ref or (known.base == item_base.base_text(item) and not self.file.tags)
        if self.file.on_match == "skip" or (is_same and known.source == self.file.origin):
            self.report.same += 1
        elif self.file.on_match == "fail":
            printed = kinds.BY_NAME[item.kind].printed(known.id)
            self.report.read -= 1
            reason = f"it is already in the book ({printed})"
            report_problem(Problem(whole.line, reason, rejected=True, raw=whole.raw), self.report, self.rejects)
        else:
            self._update(known, entry, found)

    def _update(self, known: Known, entry: Entry, found: Mapping[Link, Record]) -> None:
        """Update an item, and report what was changed here as well."""
        kind = entry.item.kind
        changed, conflicts = self.writer.update(known, entry.key, entry.item, found)
        for column in conflicts:
            self.report.conflicts += 1
            printed = f"{kinds.BY_NAME[kind].printed(known.id)} {item_base.title(entry.item)}"
            self.report.warn(f"{printed}: {column} was changed in the file and here; kept as it is here")
        self.report.count_known(kind, known.id, changed=changed)

    def pending(self) -> int:
        """Return how many links of the new items wait for a record."""
        return sum(
            self.db.execute(f"SELECT count(*) FROM pending_link WHERE {kind}_id > ?", (first,)).fetchone()[0]
            for kind, first in self.first.items()
        )
