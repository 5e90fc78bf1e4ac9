"""Write deals and activities of other programs: new ones, and three-way what changed of known ones.

A row is written at a time, under the journal: unlike people, items refer to records that must be found first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core import kinds
from crm_cli.core.instants import When
from crm_cli.queries import by_column
from crm_cli.services import rows, series, statements, tags
from crm_cli.services.importing import item_base, item_rows, links
from crm_cli.services.importing.item_rows import GROUPS, Stages
from crm_cli.services.importing.links import Record
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from crm_cli.core.items import Item, Link
    from crm_cli.core.recurrence import Every
    from crm_cli.services.importing.item_rows import Clock, Columns
    from crm_cli.services.importing.words import Vocabulary


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


class ItemWriter:
    """Writes the items of one file, with their links, tags and custom fields."""

    def __init__(self, db: sqlite3.Connection, words: Vocabulary, file: File) -> None:
        self.db, self.words, self.file, self.clock = db, words, file, file.clock
        self.stages = Stages(db)

    def add(self, key: str, item: Item, person: Record | None, found: Mapping[Link, Record]) -> int:
        """Add an item with its links to the records that were ``found``, and to ``person``; return its id."""
        columns = self._columns(item)
        made = item_rows.created(item, self.clock)
        row = {"uid": rows.new_uid(), **columns, "created_utc": made, "updated_utc": self.clock.now}
        ref = statements.insert(self.db, item.kind, row)
        owner = Record(item.kind, ref)
        if item.kind == "deal":
            self._note_stage(ref, columns, made)
        elif (every := item_rows.rule(item)) and columns["status"] == "open" and columns["due_date"]:
            self._repeat(ref, columns, every, item)
        self._mark(owner, key, item_base.base_text(item))
        self._link(owner, item.links, found, person)
        self._tag(owner, (*item.tags, *self.file.tags))
        for label, value in item.custom:
            self._set_custom(owner, label, value)
        return ref

    def update(self, known: Known, key: str, item: Item, found: Mapping[Link, Record]) -> tuple[bool, list[str]]:
        """Change what the file changed since the last import, unless the user changed it too.

        Return whether anything was changed, and the columns that were changed in the file and by the user.
        """
        base = item_base.base_text(item)
        before = item_base.from_base(known.base)
        owner = Record(item.kind, known.id)
        changed, conflicts = self._merge(owner, self._columns(before), self._columns(item))
        changed |= self._link(owner, [link for link in item.links if link not in before.links], found)
        changed |= bool(self._tag(owner, (*(tag for tag in item.tags if tag not in before.tags), *self.file.tags)))
        for label, value in set(item.custom) - set(before.custom):
            changed |= self._set_custom(owner, label, value)
        if known.source == self.file.origin:
            statements.update(self.db, "external_ref", known.ref, {"base": base})
        else:
            self._mark(owner, key, base)
        if changed:
            touch(self.db, item.kind, known.id, self.clock.now)
        return changed, conflicts

    def _columns(self, item: Item) -> Columns:
        if item.kind == "deal":
            return item_rows.deal(item, self.clock, self.stages)
        return item_rows.activity(item, self.clock)

    def _mark(self, owner: Record, key: str, base: str) -> None:
        """Remember what the file states about an item."""
        mark = {"source": self.file.origin, "key": key, "base": base}
        statements.insert(self.db, "external_ref", {f"{owner.kind}_id": owner.id, **mark})

    def _merge(self, owner: Record, before: Columns, after: Columns) -> tuple[bool, list[str]]:
        """Write the columns that differ from the last import; those that the user changed since are kept, and returned.

        Return also whether anything was written.
        """
        wanted = _stated(GROUPS[owner.kind], before, after)
        if not wanted:
            return False, []
        now = self._now(owner, wanted)
        if self.file.on_match == "fill":
            wanted = [group for group in wanted if not _is_filled(group, now)]
        changes: Columns = {}
        conflicts: list[str] = []
        for group in wanted:
            if not _differ(group, now, before):
                changes |= {name: after[name] for name in group}
            elif _differ(group, now, after):
                conflicts.append(group[0].removesuffix("_id"))
        statements.update(self.db, owner.kind, owner.id, changes)
        self._follow(owner, changes, after)
        return bool(changes), conflicts

    def _now(self, owner: Record, groups: Sequence[Sequence[str]]) -> Columns:
        """Return the present values of these columns."""
        asked = ", ".join(name for group in groups for name in group)
        found = self.db.execute(f"SELECT {asked} FROM {owner.kind} WHERE id = ?", (owner.id,))
        return next(by_column.rows(found))

    def _follow(self, owner: Record, changes: Columns, after: Columns) -> None:
        """Write what depends on columns of an item that were changed."""
        if owner.kind == "deal" and changes.keys() & {"stage_id", "status"}:
            self._note_stage(owner.id, after, self.clock.now)
        if owner.kind == "activity" and "reach" in changes:
            self.db.execute(
                "UPDATE activity_participant SET reach = ?, at_utc = ? WHERE activity_id = ?",
                (changes["reach"], changes["at_utc"], owner.id),
            )

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
        self, owner: Record, wanted: Sequence[Link], found: Mapping[Link, Record], person: Record | None = None
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


def _stated(groups: Sequence[Sequence[str]], before: Columns, after: Columns) -> list[Sequence[str]]:
    """Return the groups of columns that a file states differently than before."""
    return [group for group in groups if _differ(group, before, after) and _is_filled(group, after)]


def _is_filled(group: Sequence[str], columns: Columns) -> bool:
    return any(columns[name] for name in group)


def _differ(group: Sequence[str], one: Columns, other: Columns) -> bool:
    return any(one[name] != other[name] for name in group)
