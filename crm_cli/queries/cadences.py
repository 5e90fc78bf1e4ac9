"""Who is to be reached: by their cadence, or because they are silent beyond their own rhythm.

The stored days are those of UTC (see `book.rhythm`). A reader's day may begin earlier or later, so rows within a day of
the limit are decided by the functions of `register`; the others are decided by the index alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import cadence
from crm_cli.core.cadence import REMEMBERED, next_here, silent_here
from crm_cli.core.daily import Rhythm, ToReach
from crm_cli.queries.batches import chunks, marks
from crm_cli.queries.conditions import bound
from crm_cli.queries.consents import stopped
from crm_cli.queries.naming import named

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from crm_cli.queries.agenda import Day
    from crm_cli.queries.conditions import Where

_NEXT = "crm_next(r.next_on, r.every, r.last_reach_utc) <= {today}"
_SINCE = "crm_silent(r.silent_on, r.usual_days, r.last_reach_utc) <= {today}"
DUE = f"r.next_on <= {{tomorrow}} AND (r.next_on < {{today}} OR {_NEXT})"
SILENT = f"r.silent_on > {{past}} AND r.silent_on <= {{tomorrow}} AND (r.silent_on < {{today}} OR {_SINCE})"


class _Reason(NamedTuple):
    """Why people are to be reached, as conditions, and the order in which they are listed.

    ``test`` decides all. ``sure`` is the part that the index alone decides. The rest are the rows ``near`` the limit,
    with their ``columns`` given to ``here``, which returns the day in a zone. Apart they are counted faster.
    """

    test: str
    sure: str
    near: str
    columns: str
    here: Callable[[str, Any, str | None, str], str | None]
    order: str
    latest_first: bool


_NAMES = {"today": ":today", "tomorrow": ":tomorrow", "past": ":past"}
_BY_CADENCE = _Reason(
    DUE.format(**_NAMES),
    "r.next_on < :today",
    "r.next_on >= :today AND r.next_on <= :tomorrow",
    "r.next_on, r.every, r.last_reach_utc",
    next_here,
    "r.next_on, r.contact_id",
    latest_first=False,
)
"""Past the next date of their cadence, the most overdue first."""
_BY_SILENCE = _Reason(
    SILENT.format(**_NAMES),
    "r.silent_on > :past AND r.silent_on < :today",
    "r.silent_on >= :today AND r.silent_on <= :tomorrow",
    "r.silent_on, r.usual_days, r.last_reach_utc",
    silent_here,
    "r.silent_on DESC, r.contact_id",
    latest_first=True,
)
"""Silent beyond their own rhythm, the most recent first."""


def register(db: sqlite3.Connection, zone: str) -> None:
    """Make the functions of `DUE` and `SILENT` known to a connection, for the days of a zone."""
    db.create_function("crm_next", 3, lambda day, every, last: next_here(day, every, last, zone), deterministic=True)
    db.create_function("crm_silent", 3, lambda day, days, last: silent_here(day, days, last, zone), deterministic=True)


def moments(day: Day) -> dict[str, str]:
    """Return the values of `DUE` and `SILENT`, by parameter name."""
    return {"today": day.today, "tomorrow": day.after(1), "past": day.after(-REMEMBERED)}


def to_reach(
    db: sqlite3.Connection, day: Day, people: Where | None = None, limit: int = 0
) -> tuple[list[ToReach], int]:
    """Return who is to be reached, those with a cadence first, and how many they are; at most ``limit`` (0: all)."""
    ids: list[int] = []
    total = 0
    for reason in (_BY_CADENCE, _BY_SILENCE):
        found, number = _first(db, reason, day, people, max(0, limit - len(ids)) if limit else -1)
        ids += found
        total += number
    return reaching(db, ids), total


def _first(db: sqlite3.Connection, reason: _Reason, day: Day, people: Where | None, most: int) -> tuple[list[int], int]:
    """Return those who are to be reached for a reason, at most ``most`` (-1: all), and how many they are."""
    clause, values = _from(reason.near, day, people)
    rows = db.execute(f"SELECT r.contact_id, {reason.columns} {clause} ORDER BY {reason.order}", values)
    near = [ref for ref, on, span, last in rows if (reason.here(on, span, last, day.zone) or on) <= day.today]
    clause, values = _from(reason.sure, day, people)
    limited = f"SELECT r.contact_id {clause} ORDER BY {reason.order} LIMIT :limit"
    sure = [row[0] for row in db.execute(limited, {**values, "limit": most})]
    number = len(sure)
    if number == most:
        number = db.execute(f"SELECT count(*) {clause}", values).fetchone()[0]
    together = near + sure if reason.latest_first else sure + near
    return together[:most] if most >= 0 else together, number + len(near)


def _from(test: str, day: Day, people: Where | None) -> tuple[str, dict[str, object]]:
    """Return the FROM and WHERE clause of a condition, with its values by name."""
    source = "rhythm r JOIN contact p ON p.id = r.contact_id" if people else "rhythm r"
    return bound(f"FROM {source} WHERE {test}", moments(day), people)


def reaching(db: sqlite3.Connection, ids: Sequence[int]) -> list[ToReach]:
    """Return people in the order of ``ids`` with their rhythm and phone."""
    found: dict[int, ToReach] = {}
    for chunk in chunks(ids):
        rhythms, phones = load(db, chunk), _phones(db, chunk)
        people, stops = named(db, chunk), stopped(db, chunk)
        found.update(
            {ref: ToReach(people[ref], rhythms[ref], phones.get(ref, ""), stops.get(ref, ())) for ref in people}
        )
    return [found[ref] for ref in ids if ref in found]


def _phones(db: sqlite3.Connection, ids: list[int]) -> dict[int, str]:
    """Return the number to call of each person: the preferred one, else the first."""
    rows = db.execute(
        f"SELECT contact_id, value FROM contact_point WHERE contact_id IN ({marks(ids)}) AND kind = 'phone'"
        " AND state = 'current' ORDER BY preferred, id DESC",
        ids,
    )
    return dict(rows.fetchall())


_STORED = "every, next_on, last_reach_utc, last_attempt_utc, reaches, usual_days, silent_on"


def load(db: sqlite3.Connection, ids: list[int]) -> dict[int, Rhythm]:
    """Return the rhythms of those of ``ids`` who have one."""
    rows = db.execute(f"SELECT contact_id, {_STORED} FROM rhythm WHERE contact_id IN ({marks(ids)})", ids).fetchall()
    if not rows:
        return {}
    found = {ref: Rhythm(*row) for ref, *row in rows}
    have = list(found)
    for ref, own, paused, until in db.execute(
        f"SELECT contact_id, every, paused, paused_until FROM cadence WHERE contact_id IN ({marks(have)})", have
    ):
        found[ref] = found[ref]._replace(own=own, paused=bool(paused), until=until)
    for ref, name, paused, until in _tags(db, [ref for ref in have if found[ref].every != found[ref].own]):
        held = found[ref]._replace(tag=name)
        found[ref] = held if held.paused else held._replace(paused=bool(paused), until=until)
    return found


def _tags(db: sqlite3.Connection, ids: list[int]) -> Iterable[tuple[int, str, int, str | None]]:
    """Return the tag that each person's span comes from, and whether it is paused."""
    return db.execute(
        "SELECT x.contact_id, t.name, c.paused, c.paused_until FROM rhythm r JOIN contact_tag x"
        " ON x.contact_id = r.contact_id JOIN cadence c ON c.tag_id = x.tag_id AND c.every = r.every"
        f" JOIN tag t ON t.id = x.tag_id WHERE r.contact_id IN ({marks(ids)}) ORDER BY c.paused DESC, t.name_key DESC",
        ids,
    )


def listed(db: sqlite3.Connection, people: Where | None = None, limit: int = 0) -> list[int]:
    """Return the people with a cadence or a pause, the most overdue first, those with nothing due last."""
    where, values = people or ("1", ())
    rows = db.execute(
        "SELECT r.contact_id FROM rhythm r JOIN contact p ON p.id = r.contact_id LEFT JOIN cadence c"
        f" ON c.contact_id = r.contact_id WHERE (r.every <> '' OR c.paused = 1) AND {where}"
        " ORDER BY r.next_on IS NULL, r.next_on, r.contact_id LIMIT ?",
        [*values, limit or -1],
    )
    return [row[0] for row in rows]


def of_tags(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the name and the span of each tag that has a cadence."""
    sql = "SELECT t.name, c.every FROM cadence c JOIN tag t ON t.id = c.tag_id ORDER BY t.name_key"
    return db.execute(sql).fetchall()


def regular(db: sqlite3.Connection, day: Day, people: Where | None = None) -> list[int]:
    """Return people with a rhythm and without a cadence: those who are silent, or all who match ``people``."""
    if people is None:
        register(db, day.zone)
        sql = f"SELECT r.contact_id FROM rhythm r WHERE {_BY_SILENCE.test} ORDER BY {_BY_SILENCE.order}"
        rows = db.execute(sql, moments(day))
    else:
        where, values = people
        rows = db.execute(
            "SELECT r.contact_id FROM rhythm r JOIN contact p ON p.id = r.contact_id"
            f" WHERE r.every = '' AND r.usual_days IS NOT NULL AND {where} ORDER BY p.name_key, p.id",
            values,
        )
    return [row[0] for row in rows]


def due(db: sqlite3.Connection, day: Day, people: Where | None = None) -> dict[int, str]:
    """Return the people whose next reach is due by today, and the span that applies to each: most overdue first."""
    register(db, day.zone)
    source = f"FROM rhythm r JOIN contact p ON p.id = r.contact_id WHERE {_BY_CADENCE.test}"
    clause, values = bound(source, moments(day), people)
    return dict(db.execute(f"SELECT r.contact_id, r.every {clause} ORDER BY {_BY_CADENCE.order}", values).fetchall())


def suggested(db: sqlite3.Connection, person: int) -> str:
    """Return the span suggested for a person who was reached on several days."""
    rows = db.execute(
        "SELECT substr(at_utc, 1, 10) FROM activity_participant WHERE contact_id = ? AND reach = 2"
        " AND at_utc IS NOT NULL",
        (person,),
    )
    return cadence.suggested(cadence.gaps(row[0] for row in rows))
