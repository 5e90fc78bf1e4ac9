"""Import deals and activities of other programs: matched by their keys, updated three-way, linked to what they name.

A row is written at a time, under the journal: unlike people, items refer to records that must be found first.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import kinds, matching, names
from crm_cli.core.instants import When
from crm_cli.core.items import Item, Link
from crm_cli.core.records import Problem
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.queries.batches import chunks, marks
from crm_cli.services import records, rows, series, statements, tags
from crm_cli.services.importing import details, importer, item_rows, links
from crm_cli.services.importing.bulk import last_id
from crm_cli.services.importing.entries import Report
from crm_cli.services.importing.item_rows import GROUPS, Stages
from crm_cli.services.importing.links import Record
from crm_cli.services.importing.phones import e164
from crm_cli.services.importing.words import Vocabulary
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from crm_cli.book.book import Book, Change
    from crm_cli.core.recurrence import Every
    from crm_cli.formats.source import Source
    from crm_cli.services.importing.item_rows import Clock, Columns
    from crm_cli.services.importing.rejects import Rejects

CHUNK = 500
_DATED = ("at", "due", "created")


class File(NamedTuple):
    """A file: the source of its keys, the kind of its items, and how it is read: clock, region, tags for each item."""

    origin: str
    kind: str
    clock: Clock
    region: str
    tags: tuple[str, ...]
    on_match: str = "update"


class Known(NamedTuple):
    """An item of the book that came from a file: its reference there, its id, and the item at the last import."""

    ref: int
    id: int
    source: str
    base: str


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
        self.stages = Stages(self.db)
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
        chunk = details.add(self.db, chunk, self.report, self.words, now=self.clock.now, region=self.file.region)
        entries = []
        for each in chunk:
            if isinstance(each, Problem):
                self._problem(each)
            else:
                self.report.read += 1
                entries.append((self._key(each), each._replace(line=0, raw=(), person=None, detail=None), each))
        known = self._known(entries)
        if self.file.on_match == "new":
            entries = [(self._free(key, known), item, whole) for key, item, whole in entries]
            known = {}
        unknown = [(key, item, whole) for key, item, whole in entries if key not in known]
        found = self._found(unknown, [item for key, item, _ in entries if key in known])
        for key, item, whole in entries:
            if key in known:
                self._take_known(known[key], key, item, whole, found)
            else:
                self._add(key, item, self._with_person(whole), found)

    def _problem(self, problem: Problem) -> None:
        if not problem.rejected:
            self.report.warn(problem.reason, problem.line)
            return
        self.report.read += 1
        self.report.rejected += 1
        if self.rejects is not None:
            self.rejects.add(problem.line, problem.reason, problem.raw)
        self.report.warn(f"rejected: {problem.reason}", problem.line)

    def _key(self, item: Item) -> str:
        """Return the key of an item, numbered if a row before has the same."""
        key = item.key or matching.fingerprint(_identity(item))
        number, numbered = 1, key
        while numbered in self.taken:
            number += 1
            numbered = f"{key}#{number}"
        self.taken.add(numbered)
        return numbered

    # What is in the book

    def _known(self, entries: Sequence[tuple[str, Item, Item]]) -> dict[str, Known]:
        """Return by key the items that were imported before: from this file, or another CSV if the titles agree."""
        asked = {key: item for key, item, _ in entries}
        found = {known[0]: known[1] for known in self._refs(list(asked), self.file.origin)}
        missing = [key for key in asked if key not in found]
        kind = self.file.kind
        others = self.db.execute(
            "SELECT DISTINCT source FROM external_ref WHERE source >= ? AND source < ? AND source <> ?",
            (f"{kind}:", f"{kind};", self.file.origin),
        )
        for (source,) in others.fetchall() if missing else ():
            for key, known in self._refs(missing, source):
                if key not in found and _name(_from_base(known.base)) == _name(asked[key]):
                    found[key] = known
        found |= self._own([key for key in asked if key not in found])
        self.claimed.update(known.id for known in found.values())
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

    def _found(self, unknown: Sequence[tuple[str, Item, Item]], known: Sequence[Item]) -> dict[Link, Record]:
        """Return the records that the items of a chunk link to; a company that only has a name is made."""
        asked = dict.fromkeys(link for item in (*(item for _, item, _ in unknown), *known) for link in item.links)
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

    # New items

    def _add(self, key: str, item: Item, person: Record | None, found: dict[Link, Record]) -> None:
        columns = self._columns(item)
        made = item_rows.created(item, self.clock)
        row = {"uid": rows.new_uid(), **columns, "created_utc": made, "updated_utc": self.clock.now}
        ref = statements.insert(self.db, item.kind, row)
        owner = Record(item.kind, ref)
        if item.kind == "deal":
            self._note_stage(ref, columns, made)
        elif (every := item_rows.rule(item)) and columns["status"] == "open" and columns["due_date"]:
            self._repeat(ref, columns, every, item)
        mark = {"source": self.file.origin, "key": key, "base": _base(item)}
        statements.insert(self.db, "external_ref", {f"{item.kind}_id": ref, **mark})
        self._link(owner, item.links, found, person)
        self._tag(owner, (*item.tags, *self.file.tags))
        for label, value in item.custom:
            self._set_custom(owner, label, value)
        self.report.new += 1
        self.report.new_ids.add(item.kind, ref)

    def _columns(self, item: Item) -> Columns:
        if item.kind == "deal":
            return item_rows.deal(item, self.clock, self.stages)
        return item_rows.activity(item, self.clock)

    def _note_stage(self, deal: int, columns: Columns, made: str) -> None:
        """Record the stage of a deal, and how it ended."""
        row = {"deal_id": deal, "stage_id": columns["stage_id"], "status": columns["status"]}
        at = columns["closed_utc"] or made
        statements.insert(self.db, "stage_change", {**row, "reason": columns["reason"], "at_utc": at})

    def _repeat(self, activity: int, columns: Columns, every: Every, item: Item) -> None:
        """Begin the series of an activity on its first day, which may be long past."""
        first = dict(item.values)["due"][:10]
        begun = series.begin(self.db, every, When(first, columns["due_time"], self.clock.zone), self.clock.now)
        self.db.execute("UPDATE activity SET series_id = ?, occurrence_on = due_date WHERE id = ?", (begun, activity))

    def _link(
        self, owner: Record, wanted: Sequence[Link], found: dict[Link, Record], person: Record | None = None
    ) -> bool:
        """Link an item to the records that are found; the other links wait."""
        wrote = False
        for link in sorted(wanted, key=lambda link: link.target != "company"):
            record = person if person and link.target == "contact" else found.get(link)
            if record is not None:
                links.keep_profile(self.db, record, link, self.clock.now)
            if record is None:
                links.wait(self.db, owner, link)
            elif links.attach(self.db, owner, record, key=link.key):
                wrote = True
            elif record.kind == "company" and link.name and not self._is_company(owner, record.id):
                # A deal has one company: "Potential Customer" beside "Account".
                self._set_custom(owner, "Company", link.name)
        return wrote

    def _is_company(self, owner: Record, company: int) -> bool:
        row = self.db.execute(f"SELECT company_id FROM {owner.kind} WHERE id = ?", (owner.id,)).fetchone()
        return bool(row[0] == company)

    def _tag(self, owner: Record, wanted: Sequence[str]) -> int:
        """Add tags to a deal; those of an activity are kept in a custom field."""
        if not kinds.BY_NAME[owner.kind].is_tagged:
            return int(bool(wanted) and self._set_custom(owner, "Tags", "; ".join(wanted)))
        ids = [tag for name in wanted if (tag := self.words.tag_id(name)) is not None]
        return tags.link(self.db, owner.kind, owner.id, ids)

    def _set_custom(self, owner: Record, label: str, value: str) -> bool:
        name = self.words.field_name(label)
        field, value = self.words.field_id(name), self.words.types.fitted(name, value)
        made = self.db.execute(
            f"INSERT INTO {owner.kind}_custom ({owner.kind}_id, field_id, value) VALUES (?, ?, ?)"
            f" ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
            (owner.id, field, value),
        )
        return made.rowcount > 0

    # Items that were imported before

    def _free(self, key: str, known: dict[str, Known]) -> str:
        """Return a key that no item of the book has."""
        number, free = 1, key
        while free in known or (number > 1 and list(self._refs([free], self.file.origin))):
            number += 1
            free = f"{key}~{number}"
        return free

    def _take_known(self, known: Known, key: str, item: Item, whole: Item, found: dict[Link, Record]) -> None:
        """Update an item, skip it, or reject it."""
        is_same = not known.ref or (known.base == _base(item) and not self.file.tags)
        if self.file.on_match == "skip" or (is_same and known.source == self.file.origin):
            self.report.same += 1
        elif self.file.on_match == "fail":
            printed = kinds.BY_NAME[item.kind].printed(known.id)
            self.report.read -= 1
            self._problem(Problem(whole.line, f"it is already in the book ({printed})", rejected=True, raw=whole.raw))
        else:
            self._update(known, key, item, found)

    def _update(self, known: Known, key: str, item: Item, found: dict[Link, Record]) -> None:
        """Change what the file changed since the last import, unless the user changed it too."""
        base = _base(item)
        before = _from_base(known.base)
        owner = Record(item.kind, known.id)
        changed = self._merge(owner, self._columns(before), self._columns(item), item)
        changed |= self._link(owner, [link for link in item.links if link not in before.links], found)
        changed |= bool(self._tag(owner, (*(tag for tag in item.tags if tag not in before.tags), *self.file.tags)))
        for label, value in set(item.custom) - set(before.custom):
            changed |= self._set_custom(owner, label, value)
        if known.source == self.file.origin:
            statements.update(self.db, "external_ref", known.ref, {"base": base})
        else:
            mark = {"source": self.file.origin, "key": key, "base": base}
            statements.insert(self.db, "external_ref", {f"{item.kind}_id": known.id, **mark})
        if changed:
            touch(self.db, item.kind, known.id, self.clock.now)
            self.report.changed += 1
            self.report.changed_ids.add(item.kind, known.id)
        else:
            self.report.same += 1

    def _merge(self, owner: Record, before: Columns, after: Columns, item: Item) -> bool:
        """Write the columns that differ from the last import; those that the user changed since are kept, and said."""
        groups = GROUPS[owner.kind]
        wanted = [group for group in groups if _differ(group, before, after) and any(after[name] for name in group)]
        if not wanted:
            return False
        asked = [name for group in wanted for name in group]
        row = self.db.execute(f"SELECT {', '.join(asked)} FROM {owner.kind} WHERE id = ?", (owner.id,)).fetchone()
        now = dict(zip(asked, row, strict=True))
        changes: Columns = {}
        only_fill = self.file.on_match == "fill"
        for group in wanted:
            if only_fill and any(now[name] for name in group):
                continue
            if not _differ(group, now, before):
                changes |= {name: after[name] for name in group}
            elif _differ(group, now, after):
                self.report.conflicts += 1
                printed = f"{kinds.BY_NAME[owner.kind].printed(owner.id)} {_title(item)}"
                self.report.warn(
                    f"{printed}: {group[0].removesuffix('_id')} was changed in the file and here; kept as it is here"
                )
        statements.update(self.db, owner.kind, owner.id, changes)
        if owner.kind == "deal" and changes.keys() & {"stage_id", "status"}:
            self._note_stage(owner.id, {**after, **changes}, self.clock.now)
        if owner.kind == "activity" and "reach" in changes:
            self.db.execute(
                "UPDATE activity_participant SET reach = ?, at_utc = ? WHERE activity_id = ?",
                (changes["reach"], changes["at_utc"], owner.id),
            )
        return bool(changes)

    def pending(self) -> int:
        """Return how many links of the new items wait for a record."""
        return sum(
            self.db.execute(f"SELECT count(*) FROM pending_link WHERE {kind}_id > ?", (first,)).fetchone()[0]
            for kind, first in self.first.items()
        )


def _differ(group: Sequence[str], one: Columns, other: Columns) -> bool:
    return any(one[name] != other[name] for name in group)


def _name(item: Item) -> tuple[str, str]:
    return dict(item.values).get("kind", ""), _title(item)


def _title(item: Item) -> str:
    given = dict(item.values)
    return given.get("title") or given.get("subject") or given.get("body", "")[:60]


def _identity(item: Item) -> str:
    """Return what makes an item without a key the same one in a newer file."""
    given = dict(item.values)
    if item.kind == "deal":
        parts: list[Any] = [given.get("title", "")]
    else:
        parts = [given.get(name, "") for name in ("kind", "subject", *_DATED)]
        parts += [given.get("body", "")] if not given.get("subject") else []
    return json.dumps([item.kind, parts, sorted(item.links)], ensure_ascii=False)


def _base(item: Item) -> str:
    """Return the values of an item as text, to compare at the next import."""
    found = [item.kind, item.values, item.links, item.tags, item.custom, item.key]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _from_base(text: str) -> Item:
    if not text:
        return Item("")
    kind, values, found, tagged, custom, key = json.loads(text)
    return Item(
        kind,
        tuple(map(tuple, values)),
        tuple(Link(*link) for link in found),
        tuple(tagged),
        tuple(map(tuple, custom)),
        key,
    )
