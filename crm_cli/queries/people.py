"""Lists of people, one page at a time by key, in the order of an index where possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.kinds import RECORDS
from crm_cli.core.rows import Row
from crm_cli.errors import UsageError
from crm_cli.queries.batches import chunks, marks
from crm_cli.queries.employers import employer_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence

FIRST, FURTHER = 200, 5000
"""The number of people that a walk yields first, to show them at once, and in each later page."""

LAST = "\U0010ffff"
"""The sort key of a missing value, so that people without one come last."""

_JOB = "employment e WHERE e.contact_id = p.id AND e.current = 1"

SORTS = {
    "name": "p.name_key",
    "updated": "p.updated_utc",
    "created": "p.created_utc",
    "id": "p.id",
    "family": "lower(p.family)",
    "birthday": "substr(p.birthday, -5)",
    "last-reach": "(SELECT max(h.at_utc) FROM activity_participant h WHERE h.contact_id = p.id AND h.reach = 2)",
    "company": "(SELECT o.name_key FROM company o WHERE o.id ="
    f" (SELECT e.company_id FROM {_JOB} ORDER BY e.id LIMIT 1))",
    "title": f"(SELECT lower(e.title) FROM {_JOB} ORDER BY e.id LIMIT 1)",
    "city": "(SELECT lower(d.locality) FROM postal_address d WHERE d.contact_id = p.id AND d.locality <> ''"
    " ORDER BY d.preferred DESC, d.id LIMIT 1)",
    "status": "p.status",
}
"""``--sort`` word -> the SQL expression that people (``p``) are sorted by."""

_NEVER_NULL = {"name", "updated", "created", "id", "family", "people", "deals"}


def order(sort: str, sorts: Mapping[str, str] = SORTS) -> tuple[str, str]:
    """Return the SQL expression and the direction of a ``--sort`` word. Raises UsageError."""
    name = sort.removeprefix("-")
    if name not in sorts:
        raise UsageError(f"there is no order {name}", hint="orders: " + ", ".join(sorts) + "; -name reverses it")
    down = sort.startswith("-")
    missing = "" if down else LAST
    expression = sorts[name] if name in _NEVER_NULL else f"coalesce({sorts[name]}, '{missing}')"
    return expression, "DESC" if down else "ASC"


def ids(
    db: sqlite3.Connection,
    where: str = "1",
    params: Sequence[Any] = (),
    *,
    sort: str = "name",
    limit: int = 0,
    after: int | None = None,
) -> list[int]:
    """Return the ids of the people that match ``where`` (over ``p``).

    ``limit`` 0 means all; ``after`` is the last id of the previous page. Raises UsageError.
    """
    expression, direction = order(sort or "name")
    values = list(params)
    if after is not None:
        sign = "<" if direction == "DESC" else ">"
        where = f"({where}) AND ({expression}, p.id) {sign} ((SELECT {expression} FROM contact p WHERE p.id = ?), ?)"
        values += [after, after]
    rows = db.execute(
        f"SELECT p.id FROM contact p WHERE {where} ORDER BY {expression} {direction}, p.id {direction} LIMIT ?",
        [*values, limit or -1],
    )
    return [row[0] for row in rows]


def walk(
    db: sqlite3.Connection, where: str = "1", params: Sequence[Any] = (), *, sort: str = "name"
) -> Iterator[list[int]]:
    """Yield the ids of all people that match ``where``, sorted: a short page first, then long ones."""
    expression, direction = order(sort)
    yield from paged(
        db.execute(
            f"SELECT p.id FROM contact p WHERE {where} ORDER BY {expression} {direction}, p.id {direction}",
            list(params),
        )
    )


def paged(found: sqlite3.Cursor) -> Iterator[list[int]]:
    """Yield the ids that a statement selects: a short page first, then long ones."""
    size = FIRST
    while page := found.fetchmany(size):
        yield [row[0] for row in page]
        size = FURTHER


def count(db: sqlite3.Connection, where: str = "1", params: Sequence[Any] = ()) -> int:
    """Return the number of people that match ``where``."""
    return int(db.execute(f"SELECT count(*) FROM contact p WHERE {where}", list(params)).fetchone()[0])


def rows(
    db: sqlite3.Connection,
    where: str = "1",
    params: Sequence[Any] = (),
    *,
    sort: str = "name",
    limit: int = 0,
    after: int | None = None,
) -> list[Row]:
    """Return one page of lines of the people that match ``where``."""
    return list(lines(db, ids(db, where, params, sort=sort, limit=limit, after=after)))


_POINT = (
    "(SELECT value FROM contact_point WHERE {owner}_id = p.id AND kind = '{kind}' AND state = 'current'"
    " ORDER BY preferred DESC, id LIMIT 1)"
)
_CITY = (
    "(SELECT locality FROM postal_address WHERE {owner}_id = p.id AND locality <> ''"
    " ORDER BY preferred DESC, id LIMIT 1)"
)
_TAGS = (
    "(SELECT group_concat(name, char(31)) FROM (SELECT t.name FROM {owner}_tag l JOIN tag t ON t.id = l.tag_id"
    " WHERE l.{owner}_id = p.id ORDER BY t.name_key))"
)


def _columns(owner: str) -> str:
    parts = (_POINT.format(owner=owner, kind="email"), _POINT.format(owner=owner, kind="phone"), _CITY, _TAGS)
    return ", ".join(f"coalesce({part.format(owner=owner)}, '')" for part in parts)


_PEOPLE = (
    f"SELECT p.id, p.name, coalesce(o.name, ''), coalesce(e.title, ''), {_columns('contact')}, {SORTS['last-reach']}"
    f" FROM contact p {employer_of('p.id')}"
    " WHERE p.id IN ({marks})"
)
_COMPANIES = (
    f"SELECT p.id, p.name, '', '', {_columns('company')},"
    " (SELECT max(a.at_utc) FROM activity a WHERE a.company_id = p.id AND a.reach = 2)"
    " FROM company p WHERE p.id IN ({marks})"
)
_STATEMENTS = {"contact": _PEOPLE, "company": _COMPANIES}


def lines(db: sqlite3.Connection, wanted: Sequence[int], kind: str = "contact") -> Iterator[Row]:
    """Yield the lines of people (or companies) in the order of ``wanted``; missing ids are skipped."""
    sql, letter = _STATEMENTS[kind], RECORDS[kind].letter
    for chunk in chunks(wanted):
        found = {row[0]: row for row in db.execute(sql.format(marks=marks(chunk)), chunk)}
        for ref in chunk:
            if ref in found:
                name, company, title, email, phone, city, tags, last_reach = found[ref][1:]
                split = tuple(tags.split("\x1f")) if tags else ()
                yield Row(f"{letter}{ref}", name, company, title, email, phone, city, split, "", last_reach)
