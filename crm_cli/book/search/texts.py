"""The searchable text of a record: its names and all its other texts. Only this module builds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.phones import digits
from crm_cli.core.text.folding import index_text, name_index

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence


class Document(NamedTuple):
    """The folded texts of a record, and the words of its names."""

    names: str
    body: str
    words: frozenset[str]


def document(
    names: Sequence[str],
    texts: Sequence[str],
    jobs: Iterable[tuple[str, str, str]] = (),
    points: Iterable[tuple[str, str, str]] = (),
    places: Iterable[Sequence[str]] = (),
) -> Document:
    """Build a record's document. ``jobs`` are (company, title, department), ``points`` (kind, value, norm).

    ``texts`` include tags and the values of custom fields.
    """
    body = list(texts)
    for job in jobs:
        body += job
    for kind, value, norm in points:
        body.append(f"{value} {digits(value)} {norm[1:]}" if kind == "phone" else value)
    for place in places:
        body += place
    folded, words = name_index(" ".join(names))
    return Document(folded, index_text(" ".join(body)), frozenset(words))


def names_of(name: str, nickname: str, parts: Iterable[str]) -> list[str]:
    """Return a person's names, without the parts that the whole name already contains."""
    return [name, nickname, *[part for part in parts if part not in name]]


class _Texts:
    """The texts of one record, as read from the tables."""

    __slots__ = ("jobs", "names", "places", "points", "texts")

    def __init__(self, names: list[str], texts: list[str]) -> None:
        self.names, self.texts = names, texts
        self.jobs: list[tuple[str, str, str]] = []
        self.points: list[tuple[str, str, str]] = []
        self.places: list[Sequence[str]] = []


def load(db: sqlite3.Connection, kind: str, ids: Sequence[int]) -> Iterator[tuple[int, Document]]:
    """Yield (id, document) of the records of ``kind`` that exist."""
    records = _LOADERS[kind](db, ids, ",".join("?" * len(ids)))
    for ref, each in records.items():
        yield ref, document(each.names, each.texts, each.jobs, each.points, each.places)


def _people(db: sqlite3.Connection, ids: Sequence[int], marks: str) -> dict[int, _Texts]:
    rows = db.execute(
        f"SELECT id, name, nickname, notes, given, additional, family FROM contact WHERE id IN ({marks})", ids
    )
    records = {ref: _Texts(names_of(name, nickname, parts), [notes]) for ref, name, nickname, notes, *parts in rows}
    for ref, *job in db.execute(
        "SELECT e.contact_id, coalesce(c.name, ''), e.title, e.department FROM employment e"
        f" LEFT JOIN company c ON c.id = e.company_id WHERE e.contact_id IN ({marks}) ORDER BY e.id",
        ids,
    ):
        if ref in records:
            records[ref].jobs.append(tuple(job))
    _add_shared(records, db, "contact", ids, marks)
    return records


def _companies(db: sqlite3.Connection, ids: Sequence[int], marks: str) -> dict[int, _Texts]:
    rows = db.execute(f"SELECT id, name, notes FROM company WHERE id IN ({marks})", ids)
    records = {ref: _Texts([name], [notes]) for ref, name, notes in rows}
    _add_shared(records, db, "company", ids, marks)
    return records


def _activities(db: sqlite3.Connection, ids: Sequence[int], marks: str) -> dict[int, _Texts]:
    rows = db.execute(f"SELECT id, subject, body FROM activity WHERE id IN ({marks})", ids)
    return {ref: _Texts([], [subject, body]) for ref, subject, body in rows}


def _deals(db: sqlite3.Connection, ids: Sequence[int], marks: str) -> dict[int, _Texts]:
    rows = db.execute(f"SELECT id, title, notes, coalesce(source, ''), reason FROM deal WHERE id IN ({marks})", ids)
    return {ref: _Texts([title], texts) for ref, title, *texts in rows}


_LOADERS = {"contact": _people, "company": _companies, "activity": _activities, "deal": _deals}


def _add_shared(records: dict[int, _Texts], db: sqlite3.Connection, owner: str, ids: Sequence[int], marks: str) -> None:
    """Add what people and companies have in common (points, addresses, tags, custom fields), oldest first."""
    of = f"{owner}_id IN ({marks})"
    for ref, *point in db.execute(
        f"SELECT {owner}_id, kind, value, norm FROM contact_point WHERE {of} ORDER BY id", ids
    ):
        if ref in records:
            records[ref].points.append(tuple(point))
    for ref, *place in db.execute(
        f"SELECT {owner}_id, street, locality, region, code, country FROM postal_address WHERE {of} ORDER BY id", ids
    ):
        if ref in records:
            records[ref].places.append(place)
    for sql in (
        f"SELECT l.{owner}_id, t.name FROM {owner}_tag l JOIN tag t ON t.id = l.tag_id WHERE l.{of} ORDER BY tag_id",
        f"SELECT {owner}_id, value FROM {owner}_custom WHERE {of} ORDER BY field_id",
    ):
        for ref, text in db.execute(sql, ids):
            if ref in records:
                records[ref].texts.append(text)
