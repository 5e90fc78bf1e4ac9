"""All that the book holds about a person: rows of the tables in `core.personal`, where each came from, and mentions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.book import journal
from crm_cli.core import mentions
from crm_cli.core.kinds import ACTIVITY, DEAL, PERSON, RECORDS, document
from crm_cli.core.personal import ACTIVITIES, CHANGES, DEALS, DOCUMENTS, HELD, MERGES, OWN, SERIES, TAGS
from crm_cli.core.phones import digits
from crm_cli.core.records import NameParts
from crm_cli.queries import by_column

if TYPE_CHECKING:
    import re
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

    from crm_cli.core.mentions import Naming

Row = dict[str, Any]

IDENTITY = {
    PERSON.table: frozenset({"name", "name_key", "prefix", "given", "additional", "family", "suffix", "nickname"}),
    "contact_point": frozenset({"value", "norm", "reversed"}),
    "company": frozenset({"name_key"}),
    "tag": frozenset({"name_key"}),
    "segment": frozenset({"name_key"}),
    "relationship": frozenset({"name_key"}),
    "deal": frozenset({"title_key"}),
}
"""table -> columns whose words are those of a namesake, a shared address, or a key made from others."""
_SYSTEM = frozenset({"search_doc", "search_word", "search_term", "change_row", "change", "change_range", "row_sum"})
"""Tables whose texts are copies or the program's own words."""


class Origin(NamedTuple):
    """How a row came into the book: its change, when it was made, by what, and the file if it was imported."""

    change: int
    at: str
    by: str
    verb: str
    file: str


class Mention(NamedTuple):
    """A text that names a person and belongs to another record; ``of`` is that record's printed id, if it has one."""

    table: str
    column: str
    of: str
    text: str
    found: str


def ids(db: sqlite3.Connection, person: int) -> dict[str, list[int]]:
    """Return the ids through which rows belong to a person, for each way in `core.personal`."""
    activities = _column(db, "SELECT activity_id FROM activity_participant WHERE contact_id = ?", person)
    deals = _column(db, "SELECT deal_id FROM deal_participant WHERE contact_id = ?", person)
    documents = [document(PERSON.name, person)]
    documents += [document(ACTIVITY.name, each) for each in activities] + [document(DEAL.name, each) for each in deals]
    return {
        OWN: [person],
        ACTIVITIES: activities,
        DEALS: deals,
        SERIES: _column(
            db,
            "SELECT DISTINCT series_id FROM activity WHERE series_id IS NOT NULL"
            " AND id IN (SELECT activity_id FROM activity_participant WHERE contact_id = ?) ORDER BY 1",
            person,
        ),
        TAGS: _column(db, "SELECT tag_id FROM contact_tag WHERE contact_id = ?", person),
        MERGES: _column(db, "SELECT id FROM merge WHERE contact_id = ?", person),
        DOCUMENTS: documents,
        CHANGES: changes(db, person),
    }


def changes(db: sqlite3.Connection, person: int) -> list[int]:
    """Return the ids of the changes that touched a person, oldest first."""
    return _column(
        db,
        "SELECT change_id FROM change_subject WHERE kind = 'contact' AND subject_id = ?1"
        " UNION SELECT change_id FROM change_range WHERE tbl = 'contact' AND col = 'id' AND ?1 BETWEEN first AND last",
        person,
    )


def _column(db: sqlite3.Connection, sql: str, value: int) -> list[int]:
    return sorted(row[0] for row in db.execute(sql, (value,)))


def rows(db: sqlite3.Connection, person: int) -> dict[str, list[Row]]:
    """Return the rows about a person, table by table; those made from others (index and journal) are not repeated."""
    known = ids(db, person)
    tables = {held.table: _where(held.table) for held in HELD if not held.is_derived}
    return {table: list(_rows(db, table, where, known)) for table, where in tables.items()}


def _where(table: str) -> str:
    """Return the condition for a table's rows about a person, over its alias ``t``."""
    ways = (held for held in HELD if held.table == table and not held.is_derived)
    return " OR ".join(f"t.{held.column} IN (SELECT value FROM json_each(:{held.through}))" for held in ways)


def _rows(db: sqlite3.Connection, table: str, where: str, known: Mapping[str, list[int]]) -> Iterator[Row]:
    found = db.execute(
        f"SELECT t.* FROM {table} t WHERE {where} ORDER BY 1", {name: json.dumps(each) for name, each in known.items()}
    )
    yield from by_column.rows(found)


def origins(db: sqlite3.Connection, found: Mapping[str, list[Row]]) -> dict[tuple[str, str], Origin]:
    """Return how rows came into the book: (table, key as the journal writes it) -> origin. Unknown ones are missing."""
    known = journal.tables(db)
    made: dict[tuple[str, str], Origin] = {}
    for table, held in found.items():
        for row in held if table in known else ():
            key = row_key(known[table].key, row)
            origin = _inserted(db, table, key) or _ranged(db, table, row)
            if origin:
                made[table, key] = origin
    return made


def row_keys(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return table -> the columns of its key, for the journaled tables."""
    return {name: table.key for name, table in journal.tables(db).items()}


def row_key(columns: Sequence[str], row: Row) -> str:
    """Return a row's key as the journal writes it."""
    return json.dumps([row[column] for column in columns], separators=(",", ":"))


_ORIGIN = (
    "SELECT c.id, c.at_utc, c.origin, c.verb,"
    " coalesce((SELECT i.file FROM import_run i WHERE i.change_id = c.id ORDER BY i.id LIMIT 1), '') FROM change c"
)


def _inserted(db: sqlite3.Connection, table: str, key: str) -> Origin | None:
    row = db.execute(
        f"{_ORIGIN} JOIN change_row r ON r.change_id = c.id"
        " WHERE r.tbl = ? AND r.row_key = ? AND r.op = 'insert' ORDER BY r.id DESC LIMIT 1",
        (table, key),
    ).fetchone()
    return Origin(*row) if row else None


def _ranged(db: sqlite3.Connection, table: str, row: Row) -> Origin | None:
    column = journal.BULK_COLUMN.get(table, "id")
    found = db.execute(
        f"{_ORIGIN} JOIN change_range r ON r.change_id = c.id"
        " WHERE r.tbl = ? AND r.col = ? AND ? BETWEEN r.first AND r.last ORDER BY c.id DESC LIMIT 1",
        (table, column, row.get(column)),
    ).fetchone()
    return Origin(*found) if found else None


def imports(db: sqlite3.Connection, person: int) -> list[tuple[str, str, str]]:
    """Return (instant, file, format) of the imports that touched a person, oldest first."""
    marks = json.dumps(changes(db, person))
    return db.execute(
        "SELECT at_utc, file, format FROM import_run WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (marks,),
    ).fetchall()


class Identity(NamedTuple):
    """The name and the uid of a person; ``is_removed`` if they are only in the journal any more."""

    name: str
    parts: NameParts
    uid: str
    is_removed: bool


def identity(db: sqlite3.Connection, person: int) -> Identity | None:
    """Return who a person is or, if they were removed, was when the journal last saw them; None if it never did."""
    columns = ("name", "prefix", "given", "additional", "family", "suffix", "uid")
    row = db.execute(f"SELECT {', '.join(columns)} FROM contact WHERE id = ?", (person,)).fetchone()
    is_removed = row is None
    if is_removed:
        values = ", ".join(f"coalesce(before, after) ->> '$.{column}'" for column in columns)
        row = db.execute(
            f"SELECT {values} FROM change_row WHERE tbl = 'contact' AND row_key = ? ORDER BY id DESC LIMIT 1",
            (f"[{person}]",),
        ).fetchone()
    if row is None:
        return None
    name, *parts, uid = row
    return Identity(name, NameParts(*parts), uid, is_removed)


def merged_uids(db: sqlite3.Connection, person: int) -> dict[int, str]:
    """Return number -> uid of the records that were merged into a person's."""
    return dict(db.execute("SELECT loser_id, loser_uid FROM merge WHERE contact_id = ? ORDER BY id", (person,)))


_IMAGES = " UNION ".join(
    f"SELECT r.{image} ->> '$.kind', r.{image} ->> '$.value', r.{image} ->> '$.norm' FROM change_row r"
    f" WHERE r.tbl = 'contact_point' AND r.{image} ->> '$.contact_id' = :person"
    for image in ("before", "after")
)
_POINTS = f"SELECT kind, value, norm FROM contact_point WHERE contact_id = :person UNION {_IMAGES}"
"""The addresses and numbers of a person, also those that were removed and are still in the journal."""


def pattern(db: sqlite3.Connection, person: int) -> Naming | None:
    """Return the pattern of all that names a person: names, addresses, numbers, uids; None if there is no person."""
    known = identity(db, person)
    if known is None:
        return None
    points = db.execute(_POINTS, {"person": person}).fetchall()
    keys = db.execute("SELECT key FROM external_ref WHERE contact_id = ? AND source = 'vcard'", (person,))
    merged = db.execute("SELECT name FROM merge WHERE contact_id = ?", (person,))
    return mentions.naming(
        known.name,
        known.parts,
        aliases=[name for (name,) in merged],
        emails=[value for kind, *values in points if kind == "email" for value in values],
        phones=[digits(value) for kind, *values in points if kind == "phone" for value in values],
        others=[known.uid, *(key for (key,) in keys)],
    )


def found_in_texts(db: sqlite3.Connection, person: int, pattern: Naming) -> list[Mention]:
    """Return the texts of other records that name a person: each text column of the schema is searched."""
    db.create_function("names_them", 1, lambda text: pattern.search(text) is not None, deterministic=True)
    theirs = {table: {json.dumps([*row.values()]) for row in held} for table, held in rows(db, person).items() if held}
    return [
        mention
        for table, columns in text_columns(db).items()
        for mention in _in_table(db, table, columns, theirs.get(table, set()), pattern)
    ]


def text_columns(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Return table -> the text columns in which a user's words may be, read from the schema."""
    found: dict[str, list[str]] = {}
    for table, column in db.execute(
        "SELECT m.name, p.name FROM main.sqlite_schema m, pragma_table_info(m.name) p"
        " WHERE m.type = 'table' AND m.sql LIKE '%STRICT%' AND p.type = 'TEXT' ORDER BY m.rowid, p.cid"
    ):
        if table not in _SYSTEM and column not in IDENTITY.get(table, ()):
            found.setdefault(table, []).append(column)
    return found


def joined(columns: Sequence[str]) -> str:
    """Return SQL for the texts of a row ``t`` in one: a call of a function for each of them would take longer."""
    return " || char(31) || ".join(f"coalesce(t.{column}, '')" for column in columns)


def _in_table(
    db: sqlite3.Connection, table: str, columns: list[str], theirs: set[str], pattern: Naming
) -> Iterator[Mention]:
    """Yield the mentions in a table, without the rows ``theirs``: those about the person are not mentions."""
    found = db.execute(f"SELECT * FROM {table} t WHERE names_them({joined(columns)})")
    for row in list(by_column.rows(found)):
        if json.dumps([*row.values()]) in theirs:
            continue
        for column in columns:
            match = pattern.search(row[column] or "")
            if match:
                yield mention(table, column, owner(table, row), row[column], match)


def mention(table: str, column: str, of: str, text: str, match: re.Match[str]) -> Mention:
    """Return the mention of a person at a place in a text."""
    return Mention(table, column, of, text, mentions.excerpt(text, match))


def owner(table: str, row: Row) -> str:
    """Return the printed id of the record that a row belongs to, ``""`` if it belongs to none."""
    for kind in RECORDS.values():
        if kind.table == table:
            return kind.printed(row["id"])
    return next((kind.printed(row[kind.column]) for kind in RECORDS.values() if row.get(kind.column)), "")
