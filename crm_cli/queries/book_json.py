"""The rows of a whole book as JSON, and what belongs to a selection of people; `formats/book_json` defines the file."""

from __future__ import annotations

import json
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.book import journal
from crm_cli.core.kinds import PERSON
from crm_cli.formats.book_json import sections
from crm_cli.formats.book_json.write import as_object
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from crm_cli.formats.book_json.sections import Key, Part, Section

    Row = tuple[Any, ...]


class View(NamedTuple):
    """How a book is read: times at the offset of ``zone``, and the whole book or a part of it.

    For a part, ``within`` maps tables to the ids in it; references to other records of these tables are dropped.
    """

    db: sqlite3.Connection
    zone: str
    within: Mapping[str, Container[int]] = MappingProxyType({})


def objects(view: View, section: Section, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield records as objects, with one chunk in memory at a time."""
    for chunk in chunks(ids):
        yield from _chunk(view, section, chunk)


def _chunk(view: View, section: Section, ids: list[int]) -> Iterator[dict[str, Any]]:
    sql = f"SELECT id, {_columns(section.keys)} FROM {section.table} WHERE id IN ({marks(ids)}) ORDER BY id"
    found = dict(_made(view, section.keys, view.db.execute(sql, ids)))
    for part in section.parts:
        lists = _lists(view, section.kind.column, part, ids)
        for ref, made in found.items():
            made[part.key] = lists[ref]
    for ref in ids:
        if ref in found:
            yield found[ref]


def _lists(view: View, owner: str, part: Part, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    limit = f" AND kind IN ({', '.join(repr(each) for each in part.kinds)})" if part.kinds else ""
    sql = (
        f"SELECT {owner}, {_columns(part.keys)} FROM {part.table} WHERE {owner} IN ({marks(ids)}){limit}"
        f" ORDER BY {part.keys[0].column}"
    )
    lists: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for ref, made in _made(view, part.keys, view.db.execute(sql, ids)):
        lists[ref].append(made)
    return lists


def _columns(keys: Sequence[Key]) -> str:
    return ", ".join(key.column for key in keys)


def _made(view: View, keys: Sequence[Key], rows: Iterable[Row]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (id of the record, object) for each row, without what refers to something outside of the view."""
    columns = [key.column for key in keys]
    limited = [key for key in keys if key.to in view.within]
    for ref, *values in rows:
        row = dict(zip(columns, values, strict=True))
        outside = [key for key in limited if row[key.column] not in view.within[key.to]]
        if all(key.optional for key in outside):
            row.update((key.column, None) for key in outside)
            yield ref, as_object(keys, row, view.zone)


def ids(db: sqlite3.Connection, section: Section) -> list[int]:
    """Return the ids of all records of a section."""
    return [row[0] for row in db.execute(f"SELECT id FROM {section.table} ORDER BY id")]


def everything(db: sqlite3.Connection) -> dict[str, list[int]]:
    """Return the whole book: table -> ids of its records."""
    return {section.table: ids(db, section) for section in sections.SECTIONS}


def around(db: sqlite3.Connection, people: Sequence[int]) -> dict[str, list[int]]:
    """Return everything that belongs to a selection of people: table -> ids of its records.

    That is what refers to these people, then the companies, tags, fields and series that any of these records refers
    to. The stages of deals are always complete; saved queries, and merges and pairs that are not the same, are
    omitted.
    """
    chosen: dict[str, set[int]] = {PERSON.table: set(people)}
    for section in sections.RECORDS:
        if section not in {sections.CONTACT, sections.COMPANY}:
            chosen[section.table] = _referring(db, section, people)
    for target in (sections.COMPANY, sections.TAG, sections.FIELD, sections.SERIES):
        have = [section for section in sections.RECORDS if section.table in chosen]
        chosen[target.table] = set().union(*(_referred(db, section, target, chosen) for section in have))
    complete = {section.table: ids(db, section) for section in (sections.PIPELINE, sections.STAGE)}
    omitted: dict[str, list[int]] = {section.table: [] for section in (sections.SEGMENT, *sections.NOTES)}
    return {**omitted, **complete, **{table: sorted(refs) for table, refs in chosen.items()}}


def _referring(db: sqlite3.Connection, section: Section, people: Sequence[int]) -> set[int]:
    """Return the records of a section that refer to any of these people."""
    links = [link for link in section.references() if link[-1] == PERSON.table]
    return {ref for table, owner, column, _ in links for ref in _reached(db, table, owner, column, people)}


def _referred(db: sqlite3.Connection, section: Section, target: Section, chosen: Mapping[str, set[int]]) -> set[int]:
    """Return the records of ``target`` that the chosen records of a section refer to."""
    links = [link for link in section.references() if link[-1] == target.table]
    have = sorted(chosen[section.table])
    return {ref for table, owner, column, _ in links for ref in _reached(db, table, column, owner, have)}


def _reached(db: sqlite3.Connection, table: str, wanted: str, column: str, known: Sequence[int]) -> Iterator[int]:
    """Yield the ids in the column ``wanted`` of the rows with any of the ``known`` ids in another column."""
    for chunk in chunks(known):
        sql = f"SELECT DISTINCT {wanted} FROM {table} WHERE {wanted} IS NOT NULL AND {column} IN ({marks(chunk)})"
        yield from (row[0] for row in db.execute(sql, chunk))


def dump(db: sqlite3.Connection) -> list[str]:
    """Return all journaled rows as sorted lines: two books with the same dump are equal."""
    lines = []
    for table in journal.tables(db).values():
        found = db.execute(f"SELECT {', '.join(table.columns)} FROM {table.name}")
        lines += [f"{table.name} {json.dumps(row, ensure_ascii=False)}" for row in found]
    return sorted(lines)
