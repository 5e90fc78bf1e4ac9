"""Reading the journal: what was changed, when, by which command and from where, and what a change did to a field."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.daily import Money
from crm_cli.core.json_text import json_ids
from crm_cli.core.kinds import ACTIVITY, BY_NAME, COMPANY, DEAL, FIELD, PERSON, RECORDS, STAGE, TAG, owners
from crm_cli.core.money import plain
from crm_cli.core.records import ChangeInfo
from crm_cli.errors import Hint, NotFoundError
from crm_cli.queries import merges
from crm_cli.queries.batches import marks

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

HIDDEN = frozenset(
    {
        "id", "uid", "name_key", "title_key", "revision", "updated_utc", "created_utc", "reversed", "norm", "params",
        "base", "loser_uid", "choices",
    }
)  # fmt: skip
"""Columns that are of no interest to people."""

SUBJECTS = 6
"""The maximum number of subjects of a change in a list."""
IN_BULK = (PERSON.table, COMPANY.table)
"""The tables whose ranges of new rows are subjects of a change."""


NAMED = {kind.column: kind for kind in (TAG, FIELD, PERSON, COMPANY, STAGE, DEAL)}
"""Column -> the kind of record whose name is shown for the id in it."""
LINKED = {
    "contact_id": {"activity_participant", "deal_participant"},
    "company_id": {"employment", "activity", "deal"},
    "deal_id": {"activity"},
}
"""Column -> the tables where it is content; in other tables it only names the owner of the row."""


class Difference(NamedTuple):
    """A column of a row before and after a change; ``of`` is the printed id of the record that the row belongs to."""

    table: str
    op: str
    column: str
    before: Any
    after: Any
    of: str = ""


def recent(db: sqlite3.Connection, *, limit: int = -1, kind: str = "", record_id: int = 0) -> list[ChangeInfo]:
    """Return the latest changes, newest first; with ``kind`` and ``record_id`` those that touched a record.

    Those of records that were merged into it are included.
    """
    where: str = "1"
    values: list[str | int] = []
    if kind:
        ids = _with_merged(db, kind, record_id)
        ranged = " OR ".join("? BETWEEN g.first AND g.last" for _ in ids)
        where = (
            "(EXISTS (SELECT 1 FROM change_subject s WHERE s.change_id = c.id AND s.kind = ?"
            f" AND s.subject_id IN ({marks(ids)}))"
            " OR EXISTS (SELECT 1 FROM change_range g WHERE g.change_id = c.id AND g.tbl = ? AND g.col = 'id'"
            f" AND ({ranged})))"
        )
        values = [kind, *ids, kind, *ids]
    rows = db.execute(
        f"SELECT id, at_utc, origin, verb, state FROM change c WHERE {where} ORDER BY id DESC LIMIT ?", [*values, limit]
    ).fetchall()
    return [_info(db, row) for row in rows]


def _with_merged(db: sqlite3.Connection, kind: str, record_id: int) -> list[int]:
    """Return the id of a record, and those of the records that were merged into it."""
    merged = merges.of(db, kind, record_id) if BY_NAME[kind].can_merge else []
    return [record_id, *(each.loser for each in merged)]


def after(db: sqlite3.Connection, change_id: int) -> list[ChangeInfo]:
    """Return the changes later than one that are still in force, newest first."""
    rows = db.execute(
        "SELECT id, at_utc, origin, verb, state FROM change WHERE id > ? AND state = 'done' ORDER BY id DESC",
        (change_id,),
    ).fetchall()
    return [_info(db, row) for row in rows]


def get(db: sqlite3.Connection, change_id: int) -> ChangeInfo:
    """Return one change. Raises NotFoundError."""
    row = db.execute("SELECT id, at_utc, origin, verb, state FROM change WHERE id = ?", (change_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no change ch{change_id}", hint=Hint("list-changes"))
    return _info(db, row)


def _info(db: sqlite3.Connection, row: tuple[int, str, str, str, str]) -> ChangeInfo:
    change_id, at, origin, verb, state = row
    return ChangeInfo(change_id, at, origin, verb, state, _size(db, change_id), _subjects(db, change_id))


def differences(
    db: sqlite3.Connection, change_id: int, *, kind: str = "", record_id: int = 0, limit: int = 200
) -> list[Difference]:
    """Return what a change did, column by column, in order; with ``kind`` and ``record_id`` what it did to a record.

    Only the first ``limit`` rows that it wrote are read; a negative limit means all.
    """
    found: list[Difference] = []
    names = _Names(db, change_id)
    where, values = _about(kind, _with_merged(db, kind, record_id)) if kind else ("1", {})
    rows = db.execute(
        "SELECT tbl, op, before, after FROM change_row r WHERE change_id = :change AND tbl <> 'merge_row'"
        f" AND ({where}) ORDER BY id LIMIT :limit",
        {"change": change_id, "limit": limit, **values},
    )
    for table, op, before_text, after_text in rows:
        before, after = json.loads(before_text or "{}"), json.loads(after_text or "{}")
        for column in _changed(table, before, after):
            called = NAMED[column].singular if column in NAMED else column
            old, new = (_shown(table, column, row, names) for row in (before, after))
            found.append(Difference(table, op, called, old, new, _owner(table, after or before)))
    return found


def _about(kind: str, ids: list[int]) -> tuple[str, dict[str, str]]:
    """Return the condition for the rows of the journal that belong to one of these records, or refer to it."""
    columns = {(table, column) for table, found in owners().items() for column, name in found.items() if name == kind}
    columns.update(BY_NAME[kind].mentions)
    tests = (
        f"(r.tbl = '{table}' AND (r.before ->> '$.{column}' IN {_IDS} OR r.after ->> '$.{column}' IN {_IDS}))"
        for table, column in sorted(columns)
    )
    return " OR ".join(tests), {"records": json_ids(ids)}


_IDS = "(SELECT value FROM json_each(:records))"


def _changed(table: str, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return the columns of a row that a change set to another value, without those of no interest to people."""
    shown = (column for column in dict.fromkeys((*before, *after)) if column not in HIDDEN)
    differing = (column for column in shown if (before.get(column) or None) != (after.get(column) or None))
    return [column for column in differing if not _is_owner(table, column)]


def _shown(table: str, column: str, row: dict[str, Any], names: _Names) -> Any:
    """Return a value as people read it: the name of the record that an id means, an amount with its decimals."""
    if column in NAMED:
        return names(column, row.get(column))
    return _amount(row) if (table, column) == ("deal", "amount") else row.get(column)


def _amount(row: dict[str, Any]) -> str | None:
    """Return a deal's amount as a plain decimal number."""
    return plain(Money(row["amount"], row["currency"])) if row.get("currency") else None


def _is_owner(table: str, column: str) -> bool:
    """Does the column only name the owner of a row, or something of no interest to people?"""
    return column.endswith("_id") and (column not in NAMED or table not in LINKED.get(column, {table}))


def _owner(table: str, row: dict[str, Any]) -> str:
    """Return the printed id of the record that a row belongs to."""
    if table in RECORDS:
        return RECORDS[table].printed(row["id"])
    kinds = (ACTIVITY, DEAL, PERSON, COMPANY)
    return next((kind.printed(row[kind.column]) for kind in kinds if row.get(kind.column)), "")


class _Names:
    """The names of records by id: current ones, or for deleted records those in the change itself."""

    def __init__(self, db: sqlite3.Connection, change_id: int) -> None:
        self.db, self.change_id = db, change_id

    def __call__(self, column: str, key: int | None) -> str | None:
        """Return the name for an id in ``column``."""
        if key is None:
            return None
        kind = NAMED[column]
        row = self.db.execute(f"SELECT {kind.title} FROM {kind.table} WHERE id = ?", (key,)).fetchone()
        row = (
            row
            or self.db.execute(
                f"SELECT json_extract(coalesce(before, after), '$.{kind.title}') FROM change_row"
                " WHERE change_id = ? AND tbl = ? AND json_extract(coalesce(before, after), '$.id') = ?",
                (self.change_id, kind.table, key),
            ).fetchone()
        )
        return str(row[0]) if row else kind.printed(key)


def _size(db: sqlite3.Connection, change_id: int) -> int:
    from crm_cli.book import journal

    return journal.count(db, change_id)


def _subjects(db: sqlite3.Connection, change_id: int) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT kind, subject_id FROM change_subject WHERE change_id = ? ORDER BY kind DESC, subject_id LIMIT ?",
        (change_id, SUBJECTS + 1),
    ).fetchall()
    ranges = db.execute(
        f"SELECT tbl, first, last FROM change_range WHERE change_id = ? AND col = 'id' AND tbl IN {IN_BULK}",
        (change_id,),
    )
    found = [RECORDS[kind].printed(ref) for kind, ref in rows[:SUBJECTS]]
    found += ["…"] if len(rows) > SUBJECTS else []
    return (*found, *(_range(RECORDS[table].letter or "", first, last) for table, first, last in ranges))


def counts(db: sqlite3.Connection, change_id: int) -> dict[str, int]:
    """Return how many subjects a change has, by kind; new records of a bulk write are subjects too."""
    found = dict(
        db.execute(
            "SELECT kind, count(*) FROM change_subject WHERE change_id = ? GROUP BY kind", (change_id,)
        ).fetchall()
    )
    for table, number in db.execute(
        "SELECT tbl, sum(last - first + 1) FROM change_range WHERE change_id = ? AND col = 'id'"
        f" AND tbl IN {IN_BULK} GROUP BY tbl",
        (change_id,),
    ):
        found[table] = found.get(table, 0) + number
    return found


def _range(letter: str, first: int, last: int) -> str:
    return f"{letter}{first}" if first == last else f"{letter}{first}-{letter}{last}"


def along(db: sqlite3.Connection, change_id: int, named: Iterable[str]) -> dict[str, int]:
    """Return how many activities and deals a change removed in addition to the ``named`` records, by kind.

    The count of series is that of the open activities of a series that it removed: those have ended.
    """
    given = list(named)
    found = {kind: removed(db, change_id, kind) - given.count(kind) for kind in ("activity", "deal")}
    return {**found, "series": ended(db, change_id)}


def ended(db: sqlite3.Connection, change_id: int) -> int:
    """Return how many series ended because a change removed their open activities."""
    query = (
        "SELECT count(*) FROM change_row WHERE change_id = ? AND tbl = 'activity' AND op = 'delete'"
        " AND before ->> '$.status' = 'open' AND before ->> '$.series_id' IS NOT NULL"
    )
    return int(db.execute(query, (change_id,)).fetchone()[0])


def removed(db: sqlite3.Connection, change_id: int, kind: str) -> int:
    """Return how many records of a kind a change removed."""
    query = "SELECT count(*) FROM change_row WHERE change_id = ? AND tbl = ? AND op = 'delete'"
    return int(db.execute(query, (change_id, kind)).fetchone()[0])
