"""Relationships between people: recorded and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.relationships import sentence
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.errors import ConflictError, NotFoundError, UsageError
from crm_cli.formats.vcard import related
from crm_cli.queries import relationships as queries
from crm_cli.queries import rows
from crm_cli.services.rows import source_property
from crm_cli.services.statements import delete_first, insert
from crm_cli.services.touch import touch

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.book.book import Book
    from crm_cli.core.records import Property, Relationship


class Other(NamedTuple):
    """The other person of a relationship: a person of the book, or a name."""

    name: str
    ref: int | None = None


def relate(book: Book, person: int, kind: str, other: Other, *, now: str) -> int:
    """Record that ``other`` is the person's ``kind``; return the id of the relationship.

    Raises UsageError for a relationship to oneself, ConflictError if it is recorded already, from either side.
    """
    if other.ref == person:
        raise UsageError(f"{other.name} cannot be related to themselves", field="other")
    if not _key(other.name):
        raise UsageError("a relationship needs a person or a name", field="other")
    for each in queries.load(book.db, [person])[person]:
        if each.kind == kind and is_with(each, other):
            known = sentence(kind, name_of(book.db, person), each.name)
            raise ConflictError(f"that is already recorded: {known}", field="other")
    made = insert(book.db, "relationship", columns(person, kind, other))
    _touch(book.db, person, other, now)
    return made


def columns(person: int, kind: str, other: Other) -> dict[str, Any]:
    """Return the columns of a relationship."""
    return {"contact_id": person, "kind": kind, **columns_of(other)}


def columns_of(other: Other) -> dict[str, Any]:
    """Return the columns that say who the other person is."""
    return {"other_id": other.ref, "name": other.name, "name_key": _key(other.name)}


def unrelate(book: Book, person: int, other: Other, kind: str = "", *, now: str) -> list[Relationship]:
    """Remove the relationships of two people, or only those of one kind; return them, as seen from ``person``.

    A line of a card that held one is removed with it. Raises NotFoundError if there is none.
    """
    gone = [
        each for each in queries.load(book.db, [person])[person] if is_with(each, other) and kind in {"", each.kind}
    ]
    if not gone:
        raise NotFoundError(f"{other.name} is not recorded as {kind or 'related'}", field="other")
    for each in gone:
        owner = each.person.id if each.is_inverse and each.person else person
        book.db.execute("DELETE FROM relationship WHERE id = ?", (each.id,))
        if each.property:
            _forget(book.db, owner, each.property)
    _touch(book.db, person, other, now)
    return gone


def _touch(db: sqlite3.Connection, person: int, other: Other, now: str) -> None:
    for ref in (person, other.ref):
        if ref is not None:
            touch(db, "contact", ref, now)


def name_of(db: sqlite3.Connection, person: int) -> str:
    """Return a person's name."""
    return str(db.execute("SELECT name FROM contact WHERE id = ?", (person,)).fetchone()[0])


def is_with(found: Relationship, other: Other) -> bool:
    """Is a relationship one with that other person?"""
    if other.ref is not None:
        return found.person is not None and found.person.id == other.ref
    return found.person is None and _key(found.name) == _key(other.name)


def _key(name: str) -> str:
    return sort_key(nfc(name))


def _forget(db: sqlite3.Connection, person: int, lines: str) -> None:
    """Delete the properties of a card that held a removed relationship, with the label in their group.

    A line that held others of the person as well is deleted too; they stay, as if they had been recorded by hand.
    """
    db.execute("UPDATE relationship SET property = '' WHERE contact_id = ? AND property = ?", (person, lines))
    kept = {related.line(each): each for each in rows.properties(db, "contact", [person])[person]}
    for line in lines.splitlines(keepends=True):
        if (each := kept.get(line)) is not None:
            delete_first(db, "source_property", {"contact_id": person, **source_property(each)})


def forget_property(db: sqlite3.Connection, person: int, gone: Property) -> None:
    """Delete the relationship that a property of a card describes, if the book holds it only as a relationship."""
    for each in queries.load(db, [person])[person]:
        if gone in queries.as_properties([each]):
            db.execute("DELETE FROM relationship WHERE id = ?", (each.id,))
