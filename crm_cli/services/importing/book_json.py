"""Import a whole book from JSON: row by row into an empty book, and otherwise what the book does not have yet.

Into a book that is not empty, people and companies are imported like those of any file (`formats/book_json/drafts.py`,
source ``crm-book``, keyed by uid); `add_missing` then adds all other records.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from crm_cli.book import journal
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.errors import FormatError
from crm_cli.formats.book_json import read, sections
from crm_cli.services.importing.bulk import last_id
from crm_cli.services.importing.entries import Report
from crm_cli.services.importing.finishing import note_run
from crm_cli.services.statements import insert, insert_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from crm_cli.book.book import Book, Change
    from crm_cli.formats.book_json.read import Element
    from crm_cli.formats.book_json.sections import Key, Part, Section
    from crm_cli.formats.book_json.values import Row

WAITING = 5000
"""How many rows are collected before they are written."""
PIPELINE = (sections.STAGE.table, sections.PIPELINE.table)
"""Tables that every book has rows in from the start; those of a file replace them."""
DRAFTS = (sections.COMPANY, sections.CONTACT)
"""The sections whose records are counted by an import, and imported as drafts into a book that is not empty."""


# Into an empty book


def is_empty(db: sqlite3.Connection) -> bool:
    """Is the book empty, apart from the initial pipeline stages?"""
    names = [name for name in journal.tables(db) if name not in PIPELINE]
    return not any(db.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in names)


def restore(book: Book, stream: BinaryIO, *, change: Change, now: str, file: str) -> Report:
    """Fill the empty ``book`` with the rows of a file, ids included. If it raises FormatError, nothing is kept."""
    report = Report(file=file, format="crm-book")
    db = book.db
    rows = _Rows(db)
    try:
        with _bulk(db, change.id):
            for element in read.elements(stream, *sections.WORDS):
                rows.add_word(element)
            for element in read.elements(stream, *sections.RECORDS, *sections.NOTES):
                if element.section in sections.NOTES:
                    rows.add_row(element)
                    continue
                ref = rows.add(element)
                if element.section in DRAFTS:
                    report.read += 1
                    report.new_ids.add(element.section.table, ref)
            rows.write()
    except sqlite3.IntegrityError as error:
        raise FormatError(f"{file}: its records are inconsistent: {error}; nothing was imported") from error
    _refuse_dangling(db, file)
    report.new = report.read
    note_run(db, report, change.id, now)
    return report


def _bulk(db: sqlite3.Connection, change_id: int) -> AbstractContextManager[None]:
    """Journal ranges of ids instead of rows, if every id of the file is new to this book."""
    names = [name for name in journal.tables(db) if name not in PIPELINE]
    return nullcontext() if any(last_id(db, name) for name in names) else journal.bulk(db, change_id, names)


def _refuse_dangling(db: sqlite3.Connection, file: str) -> None:
    wrong = db.execute("PRAGMA foreign_key_check").fetchone()
    if wrong:
        raise FormatError(f"{file}: a {wrong[0]} refers to a {wrong[2]} that is not in it; nothing was imported")


class _Rows:
    """Rows of a file waiting to be written, and the ids of its tags and custom fields by name."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.waiting: dict[str, list[Row]] = {}
        self.count = 0
        self.tags: dict[str, int] = {}
        self.fields: dict[str, int] = {}
        self.own_pipeline = False

    def add_word(self, element: Element) -> None:
        """Add a tag, a field, a stage or a saved query. The file's pipeline replaces the initial one."""
        section = element.section
        row = read.columns(section.keys, element.value, element.where)
        if section is sections.TAG:
            self.tags[fold(row["name"])] = row["id"]
        elif section is sections.FIELD:
            self.fields[row["name"]] = row["id"]
        elif section is sections.PIPELINE and not self.own_pipeline:
            self.own_pipeline = True
            for table in PIPELINE:
                self.db.execute(f"DELETE FROM {table}")
        self.add_row(element)

    def add_row(self, element: Element) -> None:
        """Add an element of a section whose records have no uid, with the rows that belong to it."""
        row = read.columns(element.section.keys, element.value, element.where)
        self._add(element.section, row)
        self._add_parts(element, row["id"])

    def add(self, element: Element) -> int:
        """Add a record with the rows that belong to it; return its id."""
        section, _, found = element
        where = element.where
        row = read.columns(section.keys, found, where)
        if not row["uid"]:
            raise FormatError(f"{where}.uid is missing")
        self._add(section, row)
        owner = self._add_parts(element, row["id"])
        if section.kind.is_tagged:
            self._add_tags(f"{section.kind.name}_tag", owner, read.items(found, "tags", where), where)
        if section.kind.has_custom:
            self._add_custom(f"{section.kind.name}_custom", owner, found.get("custom") or {}, where)
        if self.count >= WAITING:
            self.write()
        return int(row["id"])

    def _add_parts(self, element: Element, ref: int) -> Row:
        """Add the rows that belong to a record; return the column by which they refer to it."""
        section, _, found = element
        owner: Row = {section.kind.column: ref}
        for part in section.parts:
            for each in read.rows(part, found, element.where):
                self._add(part, owner | each)
        return owner

    def write(self) -> None:
        """Write the waiting rows; references are checked when the change is committed."""
        for table, waiting in self.waiting.items():
            insert_all(self.db, table, waiting)
        self.waiting, self.count = {}, 0

    def _add(self, place: Section | Part, row: Row) -> None:
        self._wait(place.table, row | place.derived(row) if place.derived else row)

    def _wait(self, table: str, row: Row) -> None:
        self.waiting.setdefault(table, []).append(row)
        self.count += 1

    def _add_tags(self, table: str, owner: Row, names: list[Any], where: str) -> None:
        for name in names:
            tag = self.tags.get(fold(name)) if isinstance(name, str) else None
            if tag is None:
                raise FormatError(f"{where}.tags: {name!r} is not among the tags of the file")
            self._wait(table, {**owner, sections.TAG.kind.column: tag})

    def _add_custom(self, table: str, owner: Row, custom: Any, where: str) -> None:
        if not isinstance(custom, dict):
            raise FormatError(f"{where}.custom is not an object")
        for name, value in custom.items():
            if name not in self.fields or not isinstance(value, str):
                raise FormatError(f"{where}.custom.{name} is not the text of a field in the file")
            self._wait(table, {**owner, sections.FIELD.kind.column: self.fields[name], "value": value})


# Into a book that is not empty


def add_missing(book: Book, stream: BinaryIO, report: Report, *, now: str) -> int:
    """Add the records whose uid is not in the book, apart from people and companies; return how many.

    People and companies are found by uid, because they were imported before; a stage is found by name, or created.
    """
    missing = _Missing(book.db, now)
    try:
        added = missing.add_all(stream)
    except sqlite3.IntegrityError as error:
        raise FormatError(f"invalid record: {error}; nothing was imported") from error
    if missing.merges:
        number = "1 merge was" if missing.merges == 1 else f"{missing.merges} merges were"
        report.warn(f"{number} not imported; what was merged in the file stays merged here")
    return added


class _Missing:
    """Adds records of a file to a book that has others, and knows which id of the file is which id of the book."""

    def __init__(self, db: sqlite3.Connection, now: str) -> None:
        self.db = db
        self.now = now
        self.ids: dict[str, dict[int, int]] = {section.table: {} for section in sections.SECTIONS}
        """Table -> id in the file -> id in the book."""
        self.series: dict[int, Row] = {}
        """Id in the file -> the row of a series that the book does not have; it is added with its first activity."""
        self.merges = 0
        """How many merges of the file cannot be taken apart here, because their rows have the ids of another book."""

    def add_all(self, stream: BinaryIO) -> int:
        """Add the records of a file that the book does not have, in the order in which they refer to each other."""
        for element in read.elements(stream, *DRAFTS):
            self.find_imported(element)
        for element in read.elements(stream, sections.STAGE):
            self.add_stage(element)
        others = [section for section in sections.RECORDS if section not in DRAFTS]
        added = sum(self.add(element) for section in others for element in read.elements(stream, section))
        for element in read.elements(stream, *sections.NOTES):
            self.add_note(element)
        return added

    def find_imported(self, element: Element) -> None:
        """Find a person or a company that was just imported."""
        table = element.section.table
        row = read.columns([sections.own(element.section.kind, optional=True)], element.value, element.where)
        ref = _imported(self.db, table, str(element.value.get("uid") or ""))
        if ref is not None:
            self.ids[table][row["id"]] = ref

    def add_stage(self, element: Element) -> None:
        """Find the stage with that name, or add it at the end."""
        row = read.columns(sections.STAGE.keys, element.value, element.where)
        key = sort_key(row["name"])
        found = self.db.execute("SELECT id FROM stage WHERE name_key = ?", (key,)).fetchone()
        if found:
            self.ids["stage"][row["id"]] = found[0]
            return
        place, pipeline = self.db.execute("SELECT max(place) + 1, min(pipeline_id) FROM stage").fetchone()
        new = {**row, "name_key": key, "place": place or 1, "pipeline_id": pipeline or 1}
        self.ids["stage"][new.pop("id")] = insert(self.db, "stage", new)

    def add(self, element: Element) -> bool:
        """Add a record unless the book has it, or lacks what it belongs to; return whether it was added."""
        section = element.section
        row = read.columns(section.keys, element.value, element.where)
        ref = self._with_uid(section, row["uid"])
        if section is sections.SERIES and ref is None:
            self.series[row.pop("id")] = row
            return False
        is_new = ref is None and self._translate(section.keys, row, element.where)
        old = row.pop("id")
        if is_new:
            ref = self._insert(element, row)
        if ref is not None:
            self.ids[section.table][old] = ref
        return is_new

    def add_note(self, element: Element) -> None:
        """Add a pair of records that are not the same, or what remains of an erased person, unless the book has it."""
        section = element.section
        row = read.columns(section.keys, element.value, element.where)
        del row["id"]
        if section is sections.MERGE:
            known = self.db.execute("SELECT 1 FROM merge WHERE loser_uid = ?", (row["loser_uid"],)).fetchone()
            self.merges += not known
        elif section is sections.DISTINCT:
            known = self.ids.get(row["kind"], {})
            pair = sorted({known.get(row["low_id"], 0), known.get(row["high_id"], 0)} - {0})
            if len(pair) == 2:
                insert(self.db, section.table, row | {"low_id": pair[0], "high_id": pair[1]}, "OR IGNORE")
        elif not self.db.execute("SELECT 1 FROM erasure WHERE hash = ?", (row["hash"],)).fetchone():
            insert(self.db, section.table, row)

    def _with_uid(self, section: Section, uid: str) -> int | None:
        found = self.db.execute(f"SELECT id FROM {section.table} WHERE uid = ?", (uid,)).fetchone()
        return found[0] if found else None

    def _insert(self, element: Element, row: Row) -> int:
        """Insert a record with the rows that belong to it; return its id."""
        section, _, found = element
        derived = section.derived(row) if section.derived else {}
        stamped = {"updated_utc": self.now} if "updated_utc" in row else {}
        ref = insert(self.db, section.table, row | derived | stamped)
        for part in section.parts:
            for each in read.rows(part, found, element.where):
                if self._translate(part.keys, each, element.where):
                    numbered = each.pop("id", None) is not None
                    # A person that the file lists twice is linked once.
                    otherwise = "" if numbered else "OR IGNORE"
                    insert(self.db, part.table, {section.kind.column: ref, **each}, otherwise)
        return ref

    def _translate(self, keys: Sequence[Key], row: Row, where: str) -> bool:
        """Replace the ids of other records with those of this book; return whether all that cannot be null are known.

        Raises FormatError for a stage that is not in the file.
        """
        references = [key for key in keys if key.to]
        for key in references:
            if key.to == sections.SERIES.table and row[key.column] in self.series:
                new = self.series.pop(row[key.column])
                self.ids[key.to][row[key.column]] = insert(self.db, key.to, new)
            row[key.column] = self.ids[key.to].get(row[key.column])
            if row[key.column] is None and key.to == sections.STAGE.table:
                raise FormatError(f"{where} refers to a stage that is not in the file; nothing was imported")
        return all(key.optional or row[key.column] is not None for key in references)


def _imported(db: sqlite3.Connection, table: str, uid: str) -> int | None:
    row = db.execute(
        f"SELECT {table}_id FROM external_ref WHERE source = 'crm-book' AND key = ? AND {table}_id IS NOT NULL"
        f" UNION ALL SELECT id FROM {table} WHERE uid = ?"
        f" UNION ALL SELECT {table}_id FROM merge WHERE loser_uid = ? AND {table}_id IS NOT NULL",
        (uid, uid, uid),
    ).fetchone()
    return row[0] if row else None
