"""A whole book as JSON: the mapping from JSON keys to columns, and the rows behind the documented cards.

One table is used for writing and reading. The keys are a superset of those of ``render.cards`` and hold every journaled
column, so that importing the file into an empty book gives an equal one. *Equal* means the same ``dump``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.book import journal
from crm_cli.core.money import plain
from crm_cli.core.records import Money
from crm_cli.core.when import iso_local
from crm_cli.queries.batches import chunks, marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

FORMAT, VERSION = "crm-book", 3
"""Version 2 added deals; 3 several reminders of an activity, and ``hidden_until`` for snoozed ones."""

REACH = {2: "reach", 1: "attempt", 0: None}


class Key(NamedTuple):
    """A key of an object (dots mean nesting) and its column; ``codec`` is the format of the value.

    text, maybe (a text or null), number, maybe-number, flag, instant, maybe-instant, reach, minor (an amount, next to
    its currency), or the letter of a printed id with ``ref`` (``ref``, ``c-ref``, ``a-ref``; with ``?`` in front if
    null is allowed).
    """

    key: str
    column: str
    codec: str = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """A table of rows that belong to a record, written as a list under ``key``; ``owner`` is the column with its id.

    ``kinds`` limits a list to some values of the column ``kind``; a single kind is not written to the file.
    """

    table: str
    key: str
    keys: tuple[Key, ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its list in the file, its table, its own keys, and the parts that belong to it."""

    list: str
    table: str
    keys: tuple[Key, ...]
    parts: tuple[Part, ...] = ()
    words: bool = False
    """Does it have tags and custom fields?"""


def _same(names: str, codec: str = "text") -> tuple[Key, ...]:
    return tuple(Key(name, name, codec) for name in names.split())


STAMPS = (
    Key("created", "created_utc", "instant"),
    Key("updated", "updated_utc", "instant"),
    Key("revision", "revision", "number"),
)
ID = Key("id", "id", "ref")
POINT = (
    ID, *_same("value label service state params"), Key("preferred", "preferred", "flag"), Key("norm", "norm"),
)  # fmt: skip
PHONE = (*(key for key in POINT if key.key != "norm"), Key("e164", "norm", "blank"))
HANGING = (
    Part("contact_point", "emails", POINT, ("email",)),
    Part("contact_point", "phones", PHONE, ("phone",)),
    Part("contact_point", "urls", POINT, ("url",)),
    Part("contact_point", "social", (*POINT, Key("kind", "kind")), ("social", "im")),
    Part(
        "postal_address", "addresses",
        (
            ID, *_same("street extended po_box locality region code country label params"),
            Key("preferred", "preferred", "flag"),
        ),
    ),
    Part("external_ref", "external_refs", (ID, *_same("source key base"))),
    Part("source_property", "properties", (ID, Key("group", "grp"), *_same("name params value"))),
)  # fmt: skip

CONTACT = Kind(
    "contacts", "contact",
    (
        ID, *_same("uid name nickname notes"),
        *(Key(f"name_parts.{part}", part) for part in ("prefix", "given", "additional", "family", "suffix")),
        *_same("birthday anniversary status status_on source zone language", "maybe"), *STAMPS,
    ),
    (
        Part(
            "employment", "employments",
            (
                ID, Key("company_id", "company_id", "?c-ref"), *_same("title department"),
                *_same("since until", "maybe"), Key("current", "current", "flag"),
            ),
        ),
        *HANGING,
    ),
    words=True,
)  # fmt: skip

COMPANY = Kind(
    "companies", "company",
    (Key("id", "id", "c-ref"), *_same("uid name notes"), Key("source", "source", "maybe"), *STAMPS),
    HANGING,
    words=True,
)  # fmt: skip

ACTIVITY = Kind(
    "activities", "activity",
    (
        Key("id", "id", "a-ref"), *_same("uid kind status subject body direction outcome priority promise"),
        Key("reach", "reach", "reach"), Key("at", "at_utc", "maybe-instant"), Key("minutes", "minutes", "maybe-number"),
        *_same("due_date due_time zone", "maybe"), Key("due_at", "due_utc", "maybe-instant"),
        Key("hidden_until", "hidden_until", "maybe-instant"),
        Key("company.id", "company_id", "?c-ref"), Key("follows", "follows_id", "?a-ref"),
        Key("deal.id", "deal_id", "?d-ref"), *STAMPS,
    ),
    (
        Part(
            "activity_participant", "people",
            (Key("id", "contact_id", "ref"), Key("reach", "reach", "reach"), Key("at", "at_utc", "maybe-instant")),
        ),
        Part(
            "reminder", "reminders",
            (
                ID, Key("lead_minutes", "lead_minutes", "maybe-number"), *_same("on_date on_time zone", "maybe"),
                Key("at", "at_utc", "instant"),
            ),
        ),
    ),
)  # fmt: skip

TAG = Kind("tags", "tag", (ID, Key("name", "name")))
FIELD = Kind("fields", "custom_field", (ID, *_same("name label type choices")))

PIPELINE = Kind("pipelines", "pipeline", (ID, Key("name", "name")))
STAGE = Kind(
    "stages", "stage",
    (
        ID, Key("name", "name"), Key("pipeline", "pipeline_id", "ref"), Key("place", "place", "number"),
        Key("probability", "probability", "maybe-number"), Key("archived", "archived", "flag"),
    ),
)  # fmt: skip
SEGMENT = Kind("segments", "segment", (ID, *_same("name query")))
DEAL = Kind(
    "deals", "deal",
    (
        Key("id", "id", "d-ref"), *_same("uid title status notes reason"), Key("amount", "amount", "minor"),
        Key("amount.currency", "currency", "maybe"), Key("stage_id", "stage_id", "ref"),
        Key("own_probability", "probability", "maybe-number"), Key("close", "close_on", "maybe"),
        Key("company.id", "company_id", "?c-ref"), Key("source", "source", "maybe"),
        Key("closed", "closed_utc", "maybe-instant"), *STAMPS,
    ),
    (
        Part("deal_participant", "people", (Key("id", "contact_id", "ref"),)),
        Part(
            "stage_change", "stages",
            (ID, Key("stage_id", "stage_id", "ref"), *_same("status reason"), Key("at", "at_utc", "instant")),
        ),
    ),
)  # fmt: skip

WORDS = (TAG, FIELD, PIPELINE, STAGE, SEGMENT)
"""The kinds that other records refer to."""
KINDS = (*WORDS, COMPANY, CONTACT, DEAL, ACTIVITY)
"""All kinds in the order they are written: those that others refer to come first."""


def objects(db: sqlite3.Connection, kind: Kind, ids: Sequence[int], zone: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of records as objects, with one chunk in memory at a time."""
    for chunk in chunks(ids):
        yield from _chunk(db, kind, chunk, zone)


def _chunk(db: sqlite3.Connection, kind: Kind, ids: list[int], zone: str) -> Iterator[dict[str, Any]]:
    columns = ", ".join(key.column for key in kind.keys)
    sql = f"SELECT id, {columns} FROM {kind.table} WHERE id IN ({marks(ids)}) ORDER BY id"
    found = {row[0]: _object(kind.keys, row[1:], zone) for row in db.execute(sql, ids)}
    for part in kind.parts:
        lists = _lists(db, kind, part, ids, zone)
        for ref, made in found.items():
            made[part.key] = lists[ref]
    for ref in ids:
        if ref in found:
            yield found[ref]


def _lists(
    db: sqlite3.Connection, kind: Kind, part: Part, ids: list[int], zone: str
) -> dict[int, list[dict[str, Any]]]:
    columns = ", ".join(key.column for key in part.keys)
    limit = f" AND kind IN ({', '.join(repr(each) for each in part.kinds)})" if part.kinds else ""
    order = part.keys[0].column
    sql = (
        f"SELECT {kind.table}_id, {columns} FROM {part.table} WHERE {kind.table}_id IN ({marks(ids)}){limit}"
        f" ORDER BY {order}"
    )
    lists: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for owner, *values in db.execute(sql, ids):
        lists[owner].append(_object(part.keys, values, zone))
    return lists


def _object(keys: Sequence[Key], values: Sequence[Any], zone: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    row = dict(zip((key.column for key in keys), values, strict=True))
    for key in keys:
        value = row[key.column]
        written = _amount(row) if key.codec == "minor" else _written(key.codec, value, zone)
        outer, dot, inner = key.key.partition(".")
        if not dot:
            made[outer] = written
        elif not key.codec.startswith("?"):
            if outer in made and made[outer] is None:
                continue
            made.setdefault(outer, {})[inner] = written
        else:
            made[outer] = None if written is None else {inner: written}
    return made


def _amount(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return an amount as JSON; its currency is a separate key."""
    return None if row["amount"] is None else {"amount": plain(Money(row["amount"], row["currency"]))}


def _written(codec: str, value: Any, zone: str) -> Any:
    """Return a column's value as JSON."""
    if codec == "flag":
        return bool(value)
    if codec == "reach":
        return REACH[value]
    if value is None:
        return None
    if codec.endswith("instant"):
        return iso_local(value, zone)
    if codec == "blank":
        return value or None
    letter = codec.lstrip("?")[:1]
    return f"{letter}{value}" if codec.endswith("-ref") else value


def ids(db: sqlite3.Connection, kind: Kind) -> list[int]:
    """Return the ids of all records of a kind."""
    return [row[0] for row in db.execute(f"SELECT id FROM {kind.table} ORDER BY id")]


def around(db: sqlite3.Connection, contacts: Sequence[int]) -> dict[str, list[int]]:
    """Return everything that belongs to a selection of people: list of the file -> ids of its records."""
    acts = _reached(db, "SELECT DISTINCT activity_id FROM activity_participant WHERE contact_id", contacts)
    firms = _reached(
        db, "SELECT DISTINCT company_id FROM employment WHERE company_id IS NOT NULL AND contact_id", contacts
    )
    firms |= _reached(db, "SELECT DISTINCT company_id FROM activity WHERE company_id IS NOT NULL AND id", sorted(acts))
    deals = _reached(db, "SELECT DISTINCT deal_id FROM deal_participant WHERE contact_id", contacts)
    firms |= _reached(db, "SELECT DISTINCT company_id FROM deal WHERE company_id IS NOT NULL AND id", sorted(deals))
    tags = _reached(db, "SELECT DISTINCT tag_id FROM contact_tag WHERE contact_id", contacts)
    tags |= _reached(db, "SELECT DISTINCT tag_id FROM company_tag WHERE company_id", sorted(firms))
    fields = _reached(db, "SELECT DISTINCT field_id FROM contact_custom WHERE contact_id", contacts)
    fields |= _reached(db, "SELECT DISTINCT field_id FROM company_custom WHERE company_id", sorted(firms))
    return {
        "contacts": sorted(contacts), "companies": sorted(firms), "activities": sorted(acts), "tags": sorted(tags),
        "fields": sorted(fields), "deals": sorted(deals), "segments": [],
        **{kind.list: ids(db, kind) for kind in (PIPELINE, STAGE)},
    }  # fmt: skip


def _reached(db: sqlite3.Connection, sql: str, ids: Sequence[int]) -> set[int]:
    return {row[0] for chunk in chunks(ids) for row in db.execute(f"{sql} IN ({marks(chunk)})", chunk)}


def dump(db: sqlite3.Connection) -> list[str]:
    """Return all journaled rows as sorted lines: two books with the same dump are equal."""
    lines = []
    for table in journal.tables(db).values():
        found = db.execute(f"SELECT {', '.join(table.columns)} FROM {table.name}")
        lines += [f"{table.name} {json.dumps(row, ensure_ascii=False)}" for row in found]
    return sorted(lines)
