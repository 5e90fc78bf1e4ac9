"""Import a whole book from JSON: row by row into an empty book, as drafts into any other.

Into a book that is not empty, people and companies are imported like any file (source ``crm-book``, keyed by uid);
`book_json_more` adds the deals and activities.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from crm_cli.book import journal
from crm_cli.core import phones
from crm_cli.core.records import Address, Draft, NameParts, Point, Property
from crm_cli.core.text.folding import fold, sort_key
from crm_cli.errors import FormatError
from crm_cli.formats.source import Source
from crm_cli.queries import book_json as spec
from crm_cli.services import book_json_read as read
from crm_cli.services.importing.bulk import last_id
from crm_cli.services.importing.entries import Report
from crm_cli.services.importing.importer import note_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from crm_cli.book.book import Book, Change
    from crm_cli.queries.book_json import Kind, Part

BY_LIST = {kind.list: kind for kind in spec.KINDS}
WAITING = 5000
"""How many rows are collected before they are written."""

DERIVED = {
    "contact": lambda row: {"name_key": sort_key(row["name"])},
    "company": lambda row: {"name_key": sort_key(row["name"])},
    "tag": lambda row: {"name_key": fold(row["name"])},
    "segment": lambda row: {"name_key": fold(row["name"])},
    "pipeline": lambda row: {"name_key": sort_key(row["name"])},
    "stage": lambda row: {"name_key": sort_key(row["name"])},
    "deal": lambda row: {"title_key": sort_key(row["title"])},
    "contact_point": lambda row: {
        "reversed": phones.reversed_digits(row["value"], row["norm"]) if row["kind"] == "phone" else ""
    },
}
"""Table -> the columns that are computed from others."""


PIPELINE = ("stage", "pipeline")
"""Tables that every book has rows in from the start; those of a file replace them."""
WORDS = tuple(kind.list for kind in spec.WORDS)
RECORDS = tuple(kind.list for kind in spec.KINDS if kind not in spec.WORDS)
COUNTED = frozenset({"companies", "contacts"})
"""The lists whose records an import counts."""


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
            for name, number, found in checked(stream, *WORDS):
                rows.add_word(BY_LIST[name], found, f"{name}[{number}]")
            for name, number, found in checked(stream, *RECORDS):
                rows.add(BY_LIST[name], found, f"{name}[{number}]")
                if name in COUNTED:
                    report.read += 1
                    report.new_ids.add(BY_LIST[name].table, int(str(found["id"]).removeprefix("c")))
            rows.write()
    except sqlite3.IntegrityError as error:
        raise FormatError(f"{file}: its records do not hold together: {error}; nothing was imported") from error
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
        raise FormatError(f"{file}: a {wrong[0]} speaks of a {wrong[2]} that is not in it; nothing was imported")


def checked(stream: BinaryIO, *lists: str) -> Iterator[tuple[str, int, Any]]:
    """Yield the elements of some lists; refuse a file of another kind or a newer version."""
    missing = set(lists)
    for name, number, found in read.members(stream):
        if name == "format" and found != spec.FORMAT:
            raise FormatError("the JSON is no book of crm")
        if name == "version" and (not isinstance(found, int) or found > spec.VERSION):
            raise FormatError("the JSON was written by a newer crm", hint="upgrade with: pip install -U easy-crm")
        if name in lists:
            if number < 0:
                raise FormatError(f"{name} is no list")
            missing.discard(name)
            yield name, number, read.modern(found, f"{name}[{number}]") if name == "activities" else found
        elif not missing and lists[0] == "tags":
            return


class _Rows:
    """Rows of a file waiting to be written, and the ids of its tags and custom fields by name."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.count = 0
        self.tags: dict[str, int] = {}
        self.fields: dict[str, int] = {}
        self.own_pipeline = False

    def add_word(self, kind: Kind, found: Any, where: str) -> None:
        """Add a tag, a field, a stage or a saved query. The file's pipeline replaces the initial one."""
        row = read.columns(kind.keys, found, where)
        if kind is spec.TAG:
            self.tags[fold(row["name"])] = row["id"]
        elif kind is spec.FIELD:
            self.fields[row["name"]] = row["id"]
        elif kind is spec.PIPELINE and not self.own_pipeline:
            self.own_pipeline = True
            for table in PIPELINE:
                self.db.execute(f"DELETE FROM {table}")
        self._add(kind.table, row)

    def add(self, kind: Kind, found: Any, where: str) -> None:
        """Add a record with the rows that belong to it."""
        row = read.columns(kind.keys, found, where)
        if not row["uid"]:
            raise FormatError(f"{where}.uid is missing")
        self._add(kind.table, row)
        owner = f"{kind.table}_id"
        for part in kind.parts:
            for each in hanging(part, found, where):
                self._add(part.table, {owner: row["id"], **each})
        if kind.words:
            self._words(kind.table, row["id"], found, where)
        if self.count >= WAITING:
            self.write()

    def write(self) -> None:
        """Write the waiting rows; references are checked when the change is committed."""
        for table, waiting in self.waiting.items():
            for names in {tuple(row) for row in waiting}:
                marks = ", ".join("?" * len(names))
                sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
                self.db.executemany(sql, [tuple(row.values()) for row in waiting if tuple(row) == names])
        self.waiting, self.count = {}, 0

    def _add(self, table: str, row: dict[str, Any]) -> None:
        derive = DERIVED.get(table)
        self.waiting.setdefault(table, []).append({**row, **derive(row)} if derive else row)
        self.count += 1

    def _words(self, table: str, ref: int, found: dict[str, Any], where: str) -> None:
        owner = f"{table}_id"
        for name in _list(found, "tags", where):
            tag = self.tags.get(fold(name)) if isinstance(name, str) else None
            if tag is None:
                raise FormatError(f"{where}.tags: {name!r} is not among the tags of the file")
            self._add(f"{table}_tag", {owner: ref, "tag_id": tag})
        custom = found.get("custom") or {}
        if not isinstance(custom, dict):
            raise FormatError(f"{where}.custom is no object")
        for name, value in custom.items():
            if name not in self.fields or not isinstance(value, str):
                raise FormatError(f"{where}.custom.{name} is no text of a field of the file")
            self._add(f"{table}_custom", {owner: ref, "field_id": self.fields[name], "value": value})


def _list(found: dict[str, Any], key: str, where: str) -> list[Any]:
    value = found.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise FormatError(f"{where}.{key} is no list")
    return value


def hanging(part: Part, found: dict[str, Any], where: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of one list of a record."""
    for number, item in enumerate(_list(found, part.key, where)):
        row = read.columns(part.keys, item, f"{where}.{part.key}[{number}]")
        if len(part.kinds) == 1:
            row["kind"] = part.kinds[0]
        yield row


def as_source(stream: BinaryIO) -> Source:
    """Return the people and companies of a file as drafts, to be imported like any other file."""
    return Source("book", "crm-book", "utf-8", "", (), (), (), _drafts(stream))


def _drafts(stream: BinaryIO) -> Iterator[Draft]:
    for name, number, found in checked(stream, "companies", "contacts"):
        yield _draft(BY_LIST[name], found, f"{name}[{number}]", number + 1)


POINT_LISTS = tuple(part for part in spec.HANGING if part.table == "contact_point")


def _draft(kind: Kind, found: Any, where: str, number: int) -> Draft:
    """Return a record of a file as a draft, with the person's current job as the employer."""
    texts = (
        "uid", "name", "notes", "nickname", "company", "title", "department", "status", "source", "language", "zone",
    )  # fmt: skip
    given = read.columns([spec.Key(name, name) for name in texts], found, where)
    days = read.columns([spec.Key(name, name, "maybe") for name in ("birthday", "anniversary")], found, where)
    tags = tuple(name for name in _list(found, "tags", where) if isinstance(name, str))
    custom = found.get("custom")
    pairs = custom.items() if isinstance(custom, dict) else ()
    draft = Draft(
        kind="company" if kind is spec.COMPANY else "person",
        points=tuple(_points(found, where)),
        addresses=tuple(Address(**row) for row in _plain(found, "addresses", where)),
        properties=tuple(_property(row) for row in _plain(found, "properties", where)),
        tags=tags,
        custom=tuple((name, value) for name, value in pairs if isinstance(value, str)),
        line=number,
        **given,
        **days,
    )  # fmt: skip
    if kind is spec.COMPANY:
        return draft._replace(
            nickname="", company="", title="", department="", birthday=None, anniversary=None,
            status="", language="", zone="",
        )  # fmt: skip
    parts = [spec.Key(f"name_parts.{part}", part) for part in ("prefix", "given", "additional", "family", "suffix")]
    return draft._replace(parts=NameParts(**read.columns(parts, found, where)))


def _plain(found: dict[str, Any], key: str, where: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list without their ids."""
    part = next(each for each in spec.HANGING if each.key == key)
    keys = [each for each in part.keys if each.key != "id"]
    for number, item in enumerate(_list(found, key, where)):
        row = read.columns(keys, item, f"{where}.{key}[{number}]")
        if "preferred" in row:
            row["preferred"] = bool(row["preferred"])
        yield row


def _property(row: dict[str, Any]) -> Property:
    return Property(row["name"], row["value"], row["params"], row["grp"])


def _points(found: dict[str, Any], where: str) -> Iterator[Point]:
    for part in POINT_LISTS:
        for row in _plain(found, part.key, where):
            kind = row.pop("kind", part.kinds[0])
            if kind not in part.kinds:
                raise FormatError(f"{where}.{part.key}: there is no kind {kind!r}")
            yield Point(kind=kind, **{**row, "state": row["state"] or "current"})
