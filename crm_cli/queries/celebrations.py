"""The birthdays and anniversaries of the days ahead, by the index of the days of the year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from crm_cli.core.daily import Celebration
from crm_cli.core.days import next_birthday
from crm_cli.queries.batches import marks
from crm_cli.queries.naming import named

if TYPE_CHECKING:
    import sqlite3

    from crm_cli.queries.agenda import Day
    from crm_cli.queries.conditions import Where

_ON = (
    "SELECT p.id, p.{column} FROM contact p WHERE p.{column} IS NOT NULL AND substr(p.{column}, -5) IN ({marks})"
    " AND ({where})"
)


def coming(
    db: sqlite3.Connection,
    column: str,
    day: Day,
    people: Where | None = None,
    *,
    limit: int = 0,
    since: Day | None = None,
) -> tuple[list[Celebration], int, int]:
    """Return the birthdays or anniversaries (``column``) within the days ahead, nearest first, at most ``limit``.

    Also their number, and the number of those today. With ``since``, only those of today and those that were not yet
    within the days ahead then. In a common year, 29 February is celebrated on 1 March; a day that is still to come for
    the first time is not one.
    """
    found = [one for one in _within(db, column, day, people) if since is None or _is_new(one[0], day, since)]
    names = named(db, [ref for _, ref, _ in (found[:limit] if limit else found)])
    listed = [Celebration(names[ref], on, _years(on, text)) for on, ref, text in found if ref in names]
    return listed, len(found), sum(on == day.today for on, *_ in found)


def _within(db: sqlite3.Connection, column: str, day: Day, people: Where | None) -> list[tuple[str, int, str]]:
    """Return the days within the days ahead, nearest first, with the people and the stored dates."""
    wanted = _month_days(date.fromisoformat(day.today), day.days)
    where, values = people or ("1", ())
    sql = _ON.format(column=column, marks=marks(list(wanted)), where=where)
    comes = {text: next_birthday(f"--{text}", day.today)[0] for text in wanted}
    found = ((comes[text[-5:]], ref, text) for ref, text in db.execute(sql, [*sorted(wanted), *values]))
    return sorted(one for one in found if one[0] <= day.last() and one[2] <= one[0])


def _is_new(on: str, day: Day, since: Day) -> bool:
    """Is it today, or was it not yet within the days ahead at the moment ``since``?"""
    return on == day.today or on > since.last()


def _month_days(begin: date, days: int) -> set[str]:
    """Return the days of the year (``11-28``) that fall within ``days`` days."""
    found = {(begin + timedelta(days=ahead)).isoformat()[5:] for ahead in range(min(days, 366) + 1)}
    return found | {"02-29"} if "03-01" in found else found


def _years(on: str, text: str) -> int | None:
    return None if text.startswith("-") else int(on[:4]) - int(text[:4])
