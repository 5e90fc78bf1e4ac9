"""Merge people or companies into one: nothing is lost, and `services.unmerging` takes it apart again.

The survivor keeps its id; what belongs to the other record is moved to it, or dropped where the survivor has the same.
A value that has no place of its own goes to the notes. Each row that is written is copied from the journal to
``merge_row``, so that no table can be forgotten; `crm_cli.services.merge_rows` has the rule for each table.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crm_cli.core import combining
from crm_cli.core.combining import NOTES, Loser, Merged
from crm_cli.core.kinds import BY_NAME
from crm_cli.errors import NotFoundError, UsageError
from crm_cli.queries import by_column
from crm_cli.services import merge_rows, statements
from crm_cli.services.merge_pair import Pair
from crm_cli.services.touch import touch, written

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from crm_cli.book.book import Book
    from crm_cli.core.kinds import Kind


def merge(
    book: Book,
    kind: str,
    survivor: int,
    losers: Sequence[int],
    choices: Mapping[str, int] | None = None,
    *,
    now: str,
    at: str = "",
) -> Merged:
    """Merge people (``kind`` is contact) or companies into ``survivor``, within the current change of the book.

    ``choices`` maps a field (name, birthday, status, … or a custom field) to the id of the record whose value is kept;
    by default it is the survivor's, and the first other one where the survivor has none. ``now`` is a UTC instant,
    ``at`` the one at which they were merged first, if that was earlier.
    Raises NotFoundError for an id without a record, UsageError if a record would be merged with itself.
    """
    book.flush()
    db = book.db
    if not losers or survivor in losers or len(set(losers)) < len(losers):
        raise UsageError("a record cannot be merged with itself")
    moved: dict[str, int] = {}
    same: dict[str, int] = {}
    pairs = [Pair(db, BY_NAME[kind], survivor, loser, choices or {}, now, at or now, moved, same) for loser in losers]
    return Merged(kind, survivor, tuple(map(_merge_one, pairs)), moved, same)


def _merge_one(pair: Pair) -> Loser:
    """Merge one record into the survivor, and record what was done."""
    db, known, survivor, loser = pair.db, pair.kind, pair.survivor, pair.loser
    kind = known.name
    mine, theirs = (_row(db, kind, ref) for ref in (survivor, loser))
    merge_id = statements.insert(
        db, "merge",
        {
            "at_utc": pair.at, known.column: survivor, "loser_id": loser, "loser_uid": theirs["uid"],
            "name": theirs["name"], "choices": json.dumps(dict(pair.choices)) if pair.choices else "",
        },
    )  # fmt: skip
    start = written(db)
    columns, made = combining.single_fields(kind, mine, theirs, pair.choices)
    made += (choice for rule in merge_rows.RULES for choice in rule(pair))
    heading = f"Merged from {theirs['name']} ({known.printed(loser)}), {pair.at[:10]}"
    lines = [f"{each.field} {each.other}" for each in made if each.to == NOTES]
    text = combining.notes(mine["notes"], theirs["notes"], heading=heading, lines=lines)
    statements.update(db, kind, survivor, {**columns, **({"notes": text} if text != mine["notes"] else {})})
    db.execute(f"DELETE FROM {kind} WHERE id = ?", (loser,))
    touch(db, kind, survivor, pair.now)
    _record(db, merge_id, start, known, loser)
    return Loser(loser, theirs["uid"], theirs["name"], tuple(made))


def _row(db: sqlite3.Connection, kind: str, ref: int) -> dict[str, Any]:
    """Return a record's own row by column. Raises NotFoundError."""
    row = by_column.first(db.execute(f"SELECT * FROM {kind} WHERE id = ?", (ref,)))
    if row is None:
        known = BY_NAME[kind]
        raise NotFoundError(f"there is no {known.singular} {known.printed(ref)}")
    return row


def _record(db: sqlite3.Connection, merge_id: int, start: int, kind: Kind, loser: int) -> None:
    """Copy what the journal has recorded since ``start`` to the merge."""
    packed = ", ".join(f"'{table}'" for table in kind.joins)
    moved = f"tbl IN ({packed}) AND op = 'update' AND json_extract(before, '$.contact_id') = {loser}" if packed else "0"
    since = "id > ? AND change_id = (SELECT max(id) FROM change)"
    db.execute(
        "INSERT INTO merge_row (merge_id, tbl, row_key, before, after) SELECT ?, tbl, row_key, before, after"
        f" FROM change_row WHERE {since} AND NOT ({moved}) ORDER BY id",
        (merge_id, start),
    )
    for table in kind.joins:
        # A single row for the activities (or deals) of a person, who may have many thousand.
        db.execute(
            "INSERT INTO merge_row (merge_id, tbl, row_key) SELECT ?1, tbl,"
            " json_group_array(json_extract(row_key, '$[0]')) FROM change_row"
            f" WHERE {since.replace('?', '?2')} AND tbl = ?3 AND {moved} GROUP BY tbl",
            (merge_id, start, table),
        )
