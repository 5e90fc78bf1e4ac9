"""The table ``rhythm``: for each person with a cadence, or reached often, what follows from cadence and activities.

It holds when the next reach is due and how long a silence is usual, so that `today` only reads an index. `refresh`
derives the rows of some people again; every change, undo and import calls it. The days are those of the instants in
UTC, so that the rows depend on the book alone; `queries.rhythm` turns them into days of the reader's zone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crm_cli.core import cadence
from crm_cli.core.cadence import Rule
from crm_cli.core.instants import is_day
from crm_cli.core.json_text import json_ids

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

CHUNK = 5000
"""How many people are derived at a time."""
COLUMNS = (
    "contact_id", "every", "next_on", "last_reach_utc", "last_attempt_utc", "reaches", "usual_days", "silent_on",
)  # fmt: skip
_Row = tuple[object, ...]

_IDS = "(SELECT value FROM json_each(:ids))"
_REGULAR = (
    "SELECT h.contact_id FROM activity_participant h WHERE {who} AND h.reach = 2 AND h.at_utc IS NOT NULL"
    f" GROUP BY h.contact_id HAVING count(*) >= {cadence.REGULAR}"
)
_TAGGED = "SELECT x.contact_id FROM cadence c JOIN contact_tag x ON x.tag_id = c.tag_id"


def refresh(db: sqlite3.Connection, people: Iterable[int]) -> None:
    """Derive the rows of these people again; people who are gone lose theirs."""
    for ids in _chunks(people):
        found = _derived(db, ids)
        old = _stored(db, ids)
        db.executemany("DELETE FROM rhythm WHERE contact_id = ?", [(ref,) for ref in old if ref not in found])
        _write(db, [row for ref, row in found.items() if old.get(ref) != row])


def rebuild(db: sqlite3.Connection) -> None:
    """Derive all rows again."""
    db.execute("DELETE FROM rhythm")
    for ids in _chunks(_all(db)):
        _write(db, list(_derived(db, ids).values()))


def lagging(db: sqlite3.Connection) -> int:
    """Count the people whose row differs from the one that a refresh would write."""
    stored = {ref for (ref,) in db.execute("SELECT contact_id FROM rhythm")}
    return sum(
        len(dict(_derived(db, ids).items() ^ _stored(db, ids).items())) for ids in _chunks(stored | set(_all(db)))
    )


def touched(db: sqlite3.Connection, change_id: int, people: Iterable[int], *, new: Container[int] = ()) -> set[int]:
    """Return the people whose row a change may concern: ``people``, participants, and those with a tag's cadence.

    In a book without a cadence, it concerns the ``new`` people only as participants.
    """
    found = set(people)
    if new and not db.execute("SELECT 1 FROM cadence LIMIT 1").fetchone():
        found = {person for person in found if person not in new}
    found.update(_journaled(db, change_id, "activity_participant", "contact_id"))
    found.update(_having(db, _journaled(db, change_id, "cadence", "tag_id")))
    ranges = db.execute("SELECT tbl, first, last FROM change_range WHERE change_id = ?", (change_id,)).fetchall()
    for table, *ends in ranges:
        if table in _RANGED:
            found.update(ref for (ref,) in db.execute(_RANGED[table], ends))
    return found


def _journaled(db: sqlite3.Connection, change_id: int, table: str, column: str) -> set[int]:
    """Return the ids that a column has in the rows of a table before and after a change."""
    rows = db.execute(
        "SELECT json_extract(before, :path), json_extract(after, :path) FROM change_row"
        " WHERE change_id = :change AND tbl = :table",
        {"path": f"$.{column}", "change": change_id, "table": table},
    )
    return {value for pair in rows for value in pair if value is not None}


_RANGED = {
    "activity_participant": "SELECT contact_id FROM activity_participant WHERE activity_id BETWEEN ? AND ?",
    "cadence": f"{_TAGGED} WHERE c.id BETWEEN ? AND ?",
}
"""Table of rows inserted in bulk -> the people that they concern."""


def _having(db: sqlite3.Connection, tags: Iterable[int]) -> Iterator[int]:
    for tag in tags:
        yield from (ref for (ref,) in db.execute("SELECT contact_id FROM contact_tag WHERE tag_id = ?", (tag,)))


def _all(db: sqlite3.Connection) -> Iterator[int]:
    """Yield the people who may have a row; some of them several times."""
    for sql in ("SELECT contact_id FROM cadence WHERE contact_id IS NOT NULL", _TAGGED, _REGULAR.format(who="1")):
        yield from (ref for (ref,) in db.execute(sql).fetchall())


def _chunks(people: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(set(people))
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]


def _stored(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, _Row]:
    rows = db.execute(
        f"SELECT {', '.join(COLUMNS)} FROM rhythm WHERE contact_id IN {_IDS}", {"ids": json_ids(ids)}
    ).fetchall()
    return {row[0]: row for row in rows}


def _write(db: sqlite3.Connection, rows: Sequence[_Row]) -> None:
    db.executemany(
        f"INSERT OR REPLACE INTO rhythm ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})", rows
    )


def _derived(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, _Row]:
    """Return the rows of those of ``ids`` who have a cadence or a rhythm."""
    rules = _rules(db, ids)
    regular = db.execute(_REGULAR.format(who=f"h.contact_id IN {_IDS}"), {"ids": json_ids(ids)})
    wanted = json_ids(sorted({*rules, *(ref for (ref,) in regular)}))
    known = db.execute(f"SELECT id, created_utc FROM contact WHERE id IN {_IDS}", {"ids": wanted}).fetchall()
    reached = _instants(db, wanted, 2)
    tried = _instants(db, wanted, 1)
    rows = (
        _row(ref, rules.get(ref, ()), reached.get(ref, ()), tried.get(ref, ()), created[:10]) for ref, created in known
    )
    return {ref: row for (ref, _), row in zip(known, rows, strict=True) if row}


def _rules(db: sqlite3.Connection, ids: Sequence[int]) -> Mapping[int, list[Rule]]:
    """Return the cadences that apply to each person: their own, and those of their tags."""
    rows = db.execute(
        f"SELECT contact_id, every, paused, paused_until, from_on, 1 FROM cadence WHERE contact_id IN {_IDS} UNION ALL"
        " SELECT x.contact_id, c.every, c.paused, c.paused_until, c.from_on, 0 FROM contact_tag x"
        f" JOIN cadence c ON c.tag_id = x.tag_id WHERE x.contact_id IN {_IDS}",
        {"ids": json_ids(ids)},
    )
    found: dict[int, list[Rule]] = defaultdict(list)
    for ref, every, paused, until, start, is_own in rows:
        span = every if cadence.is_span(every) else ""
        found[ref].append(Rule(span, bool(paused), _day(until), _day(start), bool(is_own)))
    return found


def _instants(db: sqlite3.Connection, ids: str, reach: int) -> Mapping[int, list[str]]:
    """Return the instants of each person's reaches, or attempts, in order."""
    found: dict[int, list[str]] = defaultdict(list)
    for ref, at in db.execute(
        f"SELECT contact_id, at_utc FROM activity_participant WHERE contact_id IN {_IDS} AND reach = :reach"
        " AND at_utc IS NOT NULL ORDER BY contact_id, at_utc",
        {"ids": ids, "reach": reach},
    ):
        if is_day(at[:10]):
            found[ref].append(at)
    return found


def _day(text: str | None) -> str | None:
    return text if text and is_day(text) else None


def _row(ref: int, rules: Sequence[Rule], reached: Sequence[str], tried: Sequence[str], known: str) -> _Row | None:
    """Return a person's row, or None if they have neither a cadence nor a rhythm."""
    gaps = cadence.gaps(at[:10] for at in reached)
    times = len(gaps) + 1 if reached else 0
    if not rules and times < cadence.REGULAR:
        return None
    last = reached[-1] if reached else None
    day = last[:10] if last else None
    every, following = cadence.due(rules, day, known)
    usual = silent = None
    if day and times >= cadence.REGULAR:
        usual = cadence.percentile(gaps, cadence.PERCENT)
        silent = cadence.silent_on(rules, day, usual)
    return (ref, every, following, last, tried[-1] if tried else None, times, usual, silent)
