"""Forgetting a person in one book: their rows, the texts that name them, the journal and the search index.

All of it is one transaction. The rows are deleted by the services that remove a person, while the journal's triggers
note each of them under the change of the erasure; with these notes, every earlier image of the same rows is deleted
too, and then the notes themselves. The change keeps only the number of the person.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.book import journal, locks, rhythm, schema, sums
from crm_cli.book.search import index as search
from crm_cli.core.erasure import VERB
from crm_cli.core.kinds import ACTIVITY, DEAL, PERSON
from crm_cli.queries import personal
from crm_cli.services import contacts
from crm_cli.services.erasing import marks, texts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from crm_cli.book.book import Book
    from crm_cli.core.mentions import Naming

_PAST = (
    "SELECT DISTINCT coalesce(r.before ->> '$.{noun}_id', r.after ->> '$.{noun}_id') FROM change_row r"
    " WHERE r.tbl = '{noun}_participant' AND coalesce(r.before ->> '$.contact_id', r.after ->> '$.contact_id') = ?"
)
_GONE = (
    " AND NOT EXISTS (SELECT 1 FROM {noun} x"
    " WHERE x.id = coalesce(r.before ->> '$.{noun}_id', r.after ->> '$.{noun}_id'))"
    " AND NOT EXISTS (SELECT 1 FROM change_row o WHERE o.tbl = '{noun}_participant'"
    " AND coalesce(o.before ->> '$.{noun}_id', o.after ->> '$.{noun}_id')"
    " = coalesce(r.before ->> '$.{noun}_id', r.after ->> '$.{noun}_id')"
    " AND coalesce(o.before ->> '$.contact_id', o.after ->> '$.contact_id') <> ?)"
)
"""Activities (or deals) that no longer exist and that only this person took part in."""


class Erasure(NamedTuple):
    """A person to forget, and when that was decided. ``redact``: their name goes from the texts of others, too."""

    person: int
    now: str
    redact: bool


def forget(book: Book, erasures: Iterable[Erasure], *, origin: str) -> list[int]:
    """Forget people, also those who were removed before; return the number of the change of each.

    It is one transaction for all, because what is made from the rows is made again for the whole book.
    """
    db = book.db
    locks.begin(db)
    try:
        numbers = [_forget(book, each, origin) for each in erasures]
        search.rebuild(db)
        rhythm.rebuild(db)
        sums.rebuild(db)
        locks.commit(db)
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return numbers


def _forget(book: Book, erasure: Erasure, origin: str) -> int:
    db = book.db
    person, now, redact = erasure
    people = [person, *merged(db, person)]
    pattern = personal.pattern(db, person)
    if not journal.is_on(db):
        journal.switch_on(db)
    number = _change(db, person, now, origin)
    known = personal.identity(db, person)
    if known and not known.is_removed:
        marks.write(db, [person], now)
        _drop_relationships(db, person)
        contacts.remove(book, person)
        book.flush()
    if pattern:
        _drop_tags(db, person, pattern)
    for each in people:
        _purge_person(db, each, number)
    _purge_rows(db, number)
    journal.switch_off(db)
    if pattern:
        texts.redact(db, pattern, everything=redact)
    book.flush()
    db.execute("DELETE FROM change_row WHERE change_id = ?", (number,))
    journal.switch_off(db)
    return number


def merged(db: sqlite3.Connection, person: int) -> list[int]:
    """Return the numbers of the people who were merged into a person, and are not in the book by themselves."""
    rows = db.execute(
        "SELECT loser_id FROM merge WHERE contact_id = :person UNION SELECT coalesce(before, after) ->> '$.loser_id'"
        " FROM change_row r WHERE tbl = 'merge' AND coalesce(before, after) ->> '$.contact_id' = :person"
        " AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = coalesce(r.before, r.after) ->> '$.loser_id')",
        {"person": person},
    )
    return [row[0] for row in rows]


def _change(db: sqlite3.Connection, person: int, now: str, origin: str) -> int:
    """Record the erasure as a change that names only the person's number."""
    made = db.execute(
        "INSERT INTO change (at_utc, origin, verb, schema) VALUES (?, ?, ?, ?)", (now, origin, VERB, schema.VERSION)
    )
    number = int(made.lastrowid or 0)
    db.execute("INSERT INTO change_subject VALUES (?, ?, ?)", (number, PERSON.name, person))
    return number


def _drop_relationships(db: sqlite3.Connection, person: int) -> None:
    """Delete the relationships of others to the person: they hold the name."""
    for table, column in PERSON.mentions:
        db.execute(f"DELETE FROM {table} WHERE {column} = ?", (person,))


def _drop_tags(db: sqlite3.Connection, person: int, pattern: Naming) -> None:
    """Delete the tags that name the person and that no other record has; those of others are redacted like texts."""
    for tag, name in db.execute("SELECT id, name FROM tag").fetchall():
        if pattern.search(name) and not _is_shared(db, tag, person):
            db.execute("DELETE FROM contact_tag WHERE tag_id = ?", (tag,))
            db.execute("DELETE FROM cadence WHERE tag_id = ?", (tag,))
            db.execute("DELETE FROM tag WHERE id = ?", (tag,))


def _is_shared(db: sqlite3.Connection, tag: int, person: int) -> bool:
    others = (
        "SELECT 1 FROM contact_tag WHERE tag_id = ?1 AND contact_id <> ?2"
        " UNION ALL SELECT 1 FROM company_tag WHERE tag_id = ?1 UNION ALL SELECT 1 FROM deal_tag WHERE tag_id = ?1"
    )
    return db.execute(others, (tag, person)).fetchone() is not None


def _purge_rows(db: sqlite3.Connection, number: int) -> None:
    """Delete every earlier image of the rows that a change deleted: undoing those would not find the row."""
    gone = db.execute("SELECT tbl, row_key FROM change_row WHERE change_id = ? AND op = 'delete'", (number,)).fetchall()
    db.executemany("DELETE FROM change_row WHERE tbl = ? AND row_key = ?", gone)


def _purge_person(db: sqlite3.Connection, person: int, number: int) -> None:
    """Delete the earlier images of a person's rows, and of activities and deals that only they took part in."""
    for noun in (ACTIVITY, DEAL):
        query = (_PAST + _GONE).format(noun=noun.name)
        past = [row[0] for row in db.execute(query, (person, person)).fetchall() if row[0] is not None]
        past += [
            json.loads(key)[0]
            for (key,) in db.execute(
                "SELECT row_key FROM change_row WHERE change_id = ? AND tbl = ? AND op = 'delete'", (number, noun.table)
            )
        ]
        places = [(noun.table, "id"), *((table, noun.column) for table in (*noun.owns, *noun.links))]
        _purge_images(db, places, past, number)
    _purge_joined(db, person)
    places = [(PERSON.table, "id"), *PERSON.references, ("merge", "loser_id")]
    _purge_images(db, places, [person], number)
    _purge_merges(db, person)


def _purge_joined(db: sqlite3.Connection, person: int) -> None:
    """Delete the images of a survivor from the merge of a person to its end, and of its rows: they hold both."""
    spans = db.execute(
        "SELECT min(change_id), max(change_id), coalesce(before, after) ->> '$.contact_id',"
        " coalesce(before, after) ->> '$.id' FROM change_row"
        " WHERE tbl = 'merge' AND coalesce(before, after) ->> '$.loser_id' = ? GROUP BY row_key",
        (person,),
    ).fetchall()
    for first, last, survivor, merge in spans:
        db.execute(
            "DELETE FROM change_row WHERE tbl = 'merge_row' AND coalesce(before, after) ->> '$.merge_id' = ?", (merge,)
        )
        for table, column in ((PERSON.table, "id"), *PERSON.references):
            db.execute(
                "DELETE FROM change_row WHERE change_id BETWEEN ? AND ? AND tbl = ?"
                f" AND coalesce(before, after) ->> '$.{column}' = ?",
                (first, last, table, survivor),
            )


def _purge_images(db: sqlite3.Connection, places: Iterable[tuple[str, str]], ids: list[int], number: int) -> None:
    """Delete the images of the rows that belong to records with these ids, but not the notes of the change itself."""
    if not ids:
        return
    given = json.dumps(ids)
    for table, column in places:
        found = " OR ".join(
            f"{image} ->> '$.{column}' IN (SELECT value FROM json_each(:ids))" for image in ("before", "after")
        )
        db.execute(
            f"DELETE FROM change_row WHERE tbl = :table AND change_id <> :change AND ({found})",
            {"table": table, "change": number, "ids": given},
        )


def _purge_merges(db: sqlite3.Connection, person: int) -> None:
    """Delete what merges keep of the person's rows, in their table and in the images of that table."""
    for table, column in ((PERSON.table, "id"), *PERSON.references):
        given = {"table": table, "person": person}
        test = f"tbl = :table AND (before ->> '$.{column}' = :person OR after ->> '$.{column}' = :person)"
        db.execute(f"DELETE FROM merge_row WHERE {test}", given)
        for image in ("before", "after"):
            sides = " OR ".join(f"({image} ->> '$.{side}') ->> '$.{column}' = :person" for side in ("before", "after"))
            db.execute(
                f"DELETE FROM change_row WHERE tbl = 'merge_row' AND {image} ->> '$.tbl' = :table AND ({sides})", given
            )
