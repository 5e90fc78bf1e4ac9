"""Add the missing deals and activities from a JSON book to a book that is not empty."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.text.folding import sort_key
from crm_cli.errors import FormatError
from crm_cli.queries import book_json as spec
from crm_cli.services import book_json_read as read
from crm_cli.services.book_json import checked, hanging

if TYPE_CHECKING:
    from typing import BinaryIO

    from crm_cli.book.book import Book
    from crm_cli.queries.book_json import Part


class Known(NamedTuple):
    """Id in the file -> id in this book, for each kind of record that others refer to."""

    people: dict[Any, int]
    firms: dict[Any, int]
    stages: dict[int, int]
    deals: dict[int, int]


def add_missing(book: Book, stream: BinaryIO, *, now: str) -> int:
    """Add the deals and activities whose uid is not in the book; return how many.

    People and companies are found by uid, because they were imported before; a stage is found by name, or created.
    """
    db = book.db
    known = Known({}, {}, {}, {})
    homes = {"contacts": ("contact", known.people, "?ref"), "companies": ("company", known.firms, "?c-ref")}
    for name, number, found in checked(stream, "companies", "contacts"):
        table, ids, codec = homes[name]
        read.columns((spec.Key("id", "id", codec),), found, f"{name}[{number}]")
        ref = _known(db, table, str(found.get("uid") or ""))
        if ref is not None:
            ids[found.get("id")] = ref
    for _, number, found in checked(stream, "stages"):
        row = read.columns(spec.STAGE.keys, found, f"stages[{number}]")
        known.stages[row["id"]] = _stage(db, row)
    added = sum(_add_deal(db, found, number, known, now) for _, number, found in checked(stream, "deals"))
    return added + _add_activities(db, stream, known, now)


def _stage(db: sqlite3.Connection, row: dict[str, Any]) -> int:
    """Return the stage with that name; it is added at the end if there is none."""
    found = db.execute("SELECT id FROM stage WHERE name_key = ?", (sort_key(row["name"]),)).fetchone()
    if found:
        return int(found[0])
    place, pipeline = db.execute("SELECT max(place) + 1, min(pipeline_id) FROM stage").fetchone()
    made = {"name": row["name"], "name_key": sort_key(row["name"]), "place": place or 1, "pipeline_id": pipeline or 1}
    return _insert(db, "stage", {**made, "probability": row["probability"], "archived": row["archived"]})


def _add_deal(db: sqlite3.Connection, found: Any, number: int, known: Known, now: str) -> int:
    where = f"deals[{number}]"
    row = read.columns(spec.DEAL.keys, found, where)
    old = row.pop("id")
    there = db.execute("SELECT id FROM deal WHERE uid = ?", (row["uid"],)).fetchone()
    if there:
        known.deals[old] = there[0]
        return 0
    row |= {"title_key": sort_key(row["title"]), "company_id": known.firms.get(f"c{row['company_id']}")}
    row["stage_id"] = _in_file(known.stages, row["stage_id"], where)
    known.deals[old] = _insert(db, "deal", {**row, "updated_utc": now})
    people, stages = spec.DEAL.parts
    for person in hanging(people, found, where):
        if person["contact_id"] in known.people:
            link = {"deal_id": known.deals[old], "contact_id": known.people[person["contact_id"]]}
            _insert(db, people.table, link, "OR IGNORE")
    for change in hanging(stages, found, where):
        del change["id"]
        change["stage_id"] = _in_file(known.stages, change["stage_id"], where)
        _insert(db, stages.table, {"deal_id": known.deals[old], **change})
    return 1


def _in_file(stages: dict[int, int], ref: int, where: str) -> int:
    if ref not in stages:
        raise FormatError(f"{where} speaks of a stage that is not in the file; nothing was imported")
    return stages[ref]


def _add_activities(db: sqlite3.Connection, stream: BinaryIO, known: Known, now: str) -> int:
    added: dict[int, int] = {}
    for _, number, found in checked(stream, "activities"):
        where = f"activities[{number}]"
        row = read.columns(spec.ACTIVITY.keys, found, where)
        if db.execute("SELECT 1 FROM activity WHERE uid = ?", (row["uid"],)).fetchone():
            continue
        old = row.pop("id")
        row["company_id"] = known.firms.get(f"c{row['company_id']}")
        row["follows_id"] = added.get(row["follows_id"] or 0)
        row["deal_id"] = known.deals.get(row["deal_id"] or 0)
        added[old] = _insert(db, "activity", {**row, "updated_utc": now})
        for part in spec.ACTIVITY.parts:
            for each in hanging(part, found, where):
                _add_to_activity(db, part, {"activity_id": added[old], **each}, known.people)
    return len(added)


def _add_to_activity(db: sqlite3.Connection, part: Part, row: dict[str, Any], people: dict[Any, int]) -> None:
    if part.table == "activity_participant":
        if row["contact_id"] not in people:
            return
        row["contact_id"] = people[row["contact_id"]]
    else:
        del row["id"]
    _insert(db, part.table, row, "OR IGNORE")


def _known(db: sqlite3.Connection, table: str, uid: str) -> int | None:
    row = db.execute(
        f"SELECT {table}_id FROM external_ref WHERE source = 'crm-book' AND key = ? AND {table}_id IS NOT NULL"
        f" UNION ALL SELECT id FROM {table} WHERE uid = ?",
        (uid, uid),
    ).fetchone()
    return row[0] if row else None


def _insert(db: sqlite3.Connection, table: str, row: dict[str, Any], otherwise: str = "") -> int:
    marks = ", ".join("?" * len(row))
    try:
        made = db.execute(f"INSERT {otherwise} INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values()))
    except sqlite3.IntegrityError as error:
        raise FormatError(f"a record of the file is none: {error}; nothing was imported") from error
    return int(made.lastrowid or 0)
