"""Undo and redo of a change, from the rows recorded in the journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.book import journal, locks, rhythm, schema, sums
from crm_cli.book.search import index as search
from crm_cli.core.erasure import VERB
from crm_cli.errors import ConflictError, Hint, NotFoundError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from crm_cli.book.journal import Table

BOOKKEEPING = frozenset({"revision", "updated_utc"})
"""Columns that every later change of the same record updates; a difference only in them is not a conflict."""

READ = 5000
"""How many rows of the journal are in memory at a time."""


class Noted(NamedTuple):
    """A row of the journal: the table, and the row's images; an image is empty if the row did not exist."""

    table: Table
    before: dict[str, Any]
    after: dict[str, Any]


def latest(db: sqlite3.Connection, *, undone: bool = False) -> int | None:
    """Return the change that a bare ``undo`` (or, with ``undone``, a bare ``redo``) applies to, or None."""
    if undone:
        sql = "SELECT id FROM change WHERE state = 'undone' ORDER BY undone_order DESC LIMIT 1"
    else:
        sql = "SELECT id FROM change WHERE state = 'done' AND origin IN ('hand', 'tui') ORDER BY id DESC LIMIT 1"
    row = db.execute(sql).fetchone()
    return row[0] if row else None


def undo(db: sqlite3.Connection, change_id: int, *, dry_run: bool = False) -> None:
    """Undo change ``change_id`` as a whole, in one transaction.

    Raises NotFoundError when there is no such change, ConflictError naming the later changes that build on it.
    """
    _transact(db, change_id, "done", _undo, dry_run=dry_run)


def redo(db: sqlite3.Connection, change_id: int, *, dry_run: bool = False) -> None:
    """Redo the undone change ``change_id``, in one transaction. Raises the same errors as ``undo``."""
    _transact(db, change_id, "undone", _redo, dry_run=dry_run)


def erased(db: sqlite3.Connection, change_id: int) -> list[int]:
    """Return the numbers of the people of a change who were erased: undo and redo cannot restore them."""
    rows = db.execute(
        "SELECT DISTINCT s.subject_id FROM change_subject s JOIN change e ON e.id = s.change_id AND e.verb = :verb"
        " WHERE s.kind = 'contact' AND (EXISTS (SELECT 1 FROM change_subject x WHERE x.change_id = :change"
        " AND x.kind = s.kind AND x.subject_id = s.subject_id) OR EXISTS (SELECT 1 FROM change_range r"
        " WHERE r.change_id = :change AND r.tbl = 'contact' AND s.subject_id BETWEEN r.first AND r.last)) ORDER BY 1",
        {"verb": VERB, "change": change_id},
    )
    return [row[0] for row in rows]


def _transact(
    db: sqlite3.Connection,
    change_id: int,
    state: str,
    work: Callable[[sqlite3.Connection, int], None],
    *,
    dry_run: bool,
) -> None:
    locks.begin(db)
    try:
        _require(db, change_id, state)
        journal.switch_off(db)
        sums.toggle(db, change_id)
        work(db, change_id)
        sums.toggle(db, change_id)
        touched = journal.touched(db, change_id)
        search.refresh(db, touched)
        rhythm.refresh(db, rhythm.touched(db, change_id, touched.get("contact", ())))
        if dry_run:
            db.execute("ROLLBACK")
        else:
            locks.commit(db)
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _require(db: sqlite3.Connection, change_id: int, state: str) -> None:
    row = db.execute("SELECT state, schema, verb FROM change WHERE id = ?", (change_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no change ch{change_id}", hint=Hint("list-changes"))
    if row[2] == VERB:
        raise ConflictError(f"ch{change_id} erased a person for ever; nothing can restore them")
    if not journal.count(db, change_id):
        raise ConflictError(f"ch{change_id} changed only people who were erased since; nothing can restore them")
    if row[0] != state:
        wording = {"done": "not undone", "undone": "undone already", "dropped": "undone, and other changes came since"}
        raise ConflictError(f"ch{change_id} is {wording[row[0]]}")
    if row[1] > schema.VERSION:
        raise ConflictError(f"ch{change_id} was made by a newer crm")
    if row[1] < schema.VERSION:
        _refuse_lost_columns(db, change_id, journal.tables(db))


def _undo(db: sqlite3.Connection, change_id: int) -> None:
    known = journal.tables(db)
    _replay(db, change_id, known, back=True)
    _take_ranges(db, change_id, known)
    _refuse_orphans(db, change_id, known)
    _refuse_missing_parents(db, change_id, known, gone="insert")
    order = db.execute("SELECT coalesce(max(undone_order), 0) + 1 FROM change WHERE state = 'undone'").fetchone()[0]
    db.execute("UPDATE change SET state = 'undone', undone_order = ? WHERE id = ?", (order, change_id))


def _redo(db: sqlite3.Connection, change_id: int) -> None:
    known = journal.tables(db)
    _replay(db, change_id, known, back=False)
    _refuse_missing_parents(db, change_id, known, gone="delete")
    db.execute("UPDATE change SET state = 'done', undone_order = NULL WHERE id = ?", (change_id,))


def _replay(db: sqlite3.Connection, change_id: int, known: dict[str, Table], *, back: bool) -> None:
    """Apply the rows of a change again, or, with ``back``, restore their earlier state from the last to the first."""
    for row in _noted(db, change_id, known, newest_first=back):
        now, then = (row.after, row.before) if back else (row.before, row.after)
        if not now:
            _insert(db, row.table, then, change_id)
        elif not then:
            _delete(db, row.table, now, change_id)
        else:
            _restore(db, row, now=now, then=then, change_id=change_id)


def _noted(db: sqlite3.Connection, change_id: int, known: dict[str, Table], *, newest_first: bool) -> Iterator[Noted]:
    """Yield the journal's rows of a change, with one chunk in memory at a time."""
    order, sign, last = ("DESC", "<", 1 << 62) if newest_first else ("ASC", ">", 0)
    while rows := db.execute(
        "SELECT id, tbl, before, after FROM change_row"
        f" WHERE change_id = ? AND id {sign} ? ORDER BY id {order} LIMIT {READ}",
        (change_id, last),
    ).fetchall():
        for _, table, before, after in rows:
            yield Noted(known[table], json.loads(before or "{}"), json.loads(after or "{}"))
        last = rows[-1][0]


def _refuse_lost_columns(db: sqlite3.Connection, change_id: int, known: dict[str, Table]) -> None:
    """Raise ConflictError if rows of a change of an older schema have values for columns that no longer exist."""
    for row in _noted(db, change_id, known, newest_first=True):
        if not {*row.before, *row.after} <= {*row.table.columns}:
            raise ConflictError(
                f"ch{change_id} cannot be undone or redone: an older crm recorded its"
                f" {row.table.name.replace('_', ' ')} in a form that this one cannot restore"
            )


def _take_ranges(db: sqlite3.Connection, change_id: int, known: dict[str, Table]) -> None:
    """Delete what a bulk insert added, after copying its rows into the journal, so that redo can restore them."""
    ranges = db.execute("SELECT tbl, col, first, last FROM change_range WHERE change_id = ?", (change_id,)).fetchall()
    for name, column, first, last in ranges:
        _refuse_later_edits(db, change_id, name, column, (first, last))
        table = known[name]
        db.execute(
            "INSERT INTO change_row (change_id, tbl, row_key, op, before, after)"
            f" SELECT ?, '{name}', {table.key_of('t')}, 'insert', NULL, {table.image('t')}"
            f" FROM {name} t WHERE t.{column} BETWEEN ? AND ?",
            (change_id, first, last),
        )
        db.execute(f"DELETE FROM {name} WHERE {column} BETWEEN ? AND ?", (first, last))
    db.execute("DELETE FROM change_range WHERE change_id = ?", (change_id,))


def _refuse_later_edits(db: sqlite3.Connection, change_id: int, table: str, column: str, span: tuple[int, int]) -> None:
    path = f"$.{column}"
    rows = db.execute(
        "SELECT DISTINCT r.change_id FROM change_row r JOIN change c ON c.id = r.change_id"
        " WHERE r.change_id > ? AND c.state = 'done' AND r.tbl = ?"
        " AND coalesce(json_extract(r.after, ?), json_extract(r.before, ?)) BETWEEN ? AND ?",
        (change_id, table, path, path, *span),
    ).fetchall()
    if rows:
        raise _conflict(change_id, (row[0] for row in rows))


def _current(db: sqlite3.Connection, table: Table, image: dict[str, Any]) -> dict[str, Any] | None:
    where = " AND ".join(f"t.{column} = ?" for column in table.key)
    row = db.execute(
        f"SELECT {table.image('t')} FROM {table.name} t WHERE {where}", [image[column] for column in table.key]
    ).fetchone()
    return json.loads(row[0]) if row else None


def _delete(db: sqlite3.Connection, table: Table, image: dict[str, Any], change_id: int) -> None:
    current = _current(db, table, image)
    differing = {name for name, value in image.items() if current is None or current[name] != value}
    # A later change that moved only the revision could not be undone any more without its row.
    later = _later(db, change_id, table, image) if differing else []
    if later or not differing <= BOOKKEEPING:
        raise _conflict(change_id, later)
    where = " AND ".join(f"{column} = ?" for column in table.key)
    db.execute(f"DELETE FROM {table.name} WHERE {where}", [image[column] for column in table.key])


def _insert(db: sqlite3.Connection, table: Table, image: dict[str, Any], change_id: int) -> None:
    marks = ", ".join("?" * len(image))
    try:
        db.execute(f"INSERT INTO {table.name} ({', '.join(image)}) VALUES ({marks})", list(image.values()))
    except db.IntegrityError as error:
        raise _conflict(change_id, _later(db, change_id, table, image)) from error


def _restore(db: sqlite3.Connection, row: Noted, *, now: dict[str, Any], then: dict[str, Any], change_id: int) -> None:
    current = _current(db, row.table, now)
    wanted = None if current is None else _wanted(current, now, then)
    if wanted is None:
        raise _conflict(change_id, _later(db, change_id, row.table, now))
    if wanted:
        sets = ", ".join(f"{name} = ?" for name in wanted)
        where = " AND ".join(f"{column} = ?" for column in row.table.key)
        keys = [now[column] for column in row.table.key]
        db.execute(f"UPDATE {row.table.name} SET {sets} WHERE {where}", [*wanted.values(), *keys])


def _wanted(current: dict[str, Any], now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any] | None:
    """Return the values to write to a row; None if one of those columns was changed since ``now``.

    The revision and the time of the last update may have changed: the revision then goes up once more.
    """
    wanted = {name: value for name, value in then.items() if value != now[name]}
    for name in list(wanted):
        if current[name] == now[name]:
            continue
        if name not in BOOKKEEPING:
            return None
        wanted[name] = current[name] + 1 if name == "revision" else current[name]
    return wanted


def _refuse_orphans(db: sqlite3.Connection, change_id: int, known: dict[str, Table]) -> None:
    """Raise ConflictError if later rows still refer to a record that is gone."""
    gone = "SELECT json_extract(row_key, '$[0]') FROM change_row WHERE change_id = ? AND tbl = ? AND op = 'insert'"
    for child in known.values():
        for foreign in db.execute(f"PRAGMA foreign_key_list({child.name})").fetchall():
            parent, column = foreign[2], foreign[3]
            found = db.execute(
                f"SELECT {child.image('t')} FROM {child.name} t WHERE t.{column} IN ({gone})"
                f" AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{column}) LIMIT 1",
                (change_id, parent),
            ).fetchone()
            if found:
                raise _conflict(change_id, _later(db, change_id, child, json.loads(found[0])))


def _refuse_missing_parents(db: sqlite3.Connection, change_id: int, known: dict[str, Table], *, gone: str) -> None:
    """Raise ConflictError if a restored row refers to a record that a later change removed.

    ``gone`` is the operation whose rows no longer exist: an undone insert, a redone delete.
    """
    for child in known.values():
        same = " AND ".join(f"t.{name} = json_extract(r.row_key, '$[{place}]')" for place, name in enumerate(child.key))
        for foreign in db.execute(f"PRAGMA foreign_key_list({child.name})").fetchall():
            parent, column = foreign[2], foreign[3]
            found = db.execute(
                f"SELECT t.{column} FROM change_row r JOIN {child.name} t ON {same} WHERE r.change_id = ? AND r.tbl = ?"
                f" AND r.op <> ? AND t.{column} IS NOT NULL"
                f" AND NOT EXISTS (SELECT 1 FROM {parent} p WHERE p.id = t.{column}) LIMIT 1",
                (change_id, child.name, gone),
            ).fetchone()
            if found:
                raise _conflict(change_id, _later(db, change_id, known[parent], {"id": found[0]}))


def _later(db: sqlite3.Connection, change_id: int, table: Table, image: dict[str, Any]) -> list[int]:
    """Return the later changes that wrote the row of ``image``."""
    key = json.dumps([image[column] for column in table.key], separators=(",", ":"))
    rows = db.execute(
        "SELECT DISTINCT r.change_id FROM change_row r JOIN change c ON c.id = r.change_id"
        " WHERE r.change_id > ? AND c.state = 'done' AND r.tbl = ? AND r.row_key = ?",
        (change_id, table.name, key),
    ).fetchall()
    if not rows and table.key == ("id",):
        rows = db.execute(
            "SELECT change_id FROM change_range WHERE tbl = ? AND col = 'id' AND ? BETWEEN first AND last",
            (table.name, image["id"]),
        ).fetchall()
    return [row[0] for row in rows]


def _conflict(change_id: int, later: Iterable[int]) -> ConflictError:
    numbers = sorted(set(later), reverse=True)
    if not numbers:
        return ConflictError(f"ch{change_id} cannot be undone or redone: its rows have changed since")
    names = ", ".join(f"ch{number}" for number in numbers[:5])
    return ConflictError(
        f"ch{change_id} cannot be undone: later changes build on it: {names}",
        hint=Hint("undo-later", change=f"ch{numbers[0]}"),
    )
