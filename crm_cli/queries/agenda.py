"""The agenda: what is due and whose birthday it is, with one index search of open activities for each section."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.days import next_birthday
from crm_cli.core.instants import day_end, local
from crm_cli.core.json_text import json_line
from crm_cli.core.records import Activity, Birthday, ToReach
from crm_cli.queries import activities
from crm_cli.queries.batches import marks
from crm_cli.queries.cadences import to_reach
from crm_cli.queries.conditions import bound
from crm_cli.queries.naming import named

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crm_cli.core.deals import Deal
    from crm_cli.queries.conditions import Where

SECTIONS = ("overdue", "due", "coming", "reminders", "undated", "deals", "birthdays", "reach")
"""All sections in their order; ``render/agenda.py`` has their titles."""

TODAY = tuple(name for name in SECTIONS if name != "undated")
"""The sections of today and the digest."""

OLDEST = 366
"""How many days a reminder whose moment has come stays in the agenda while its activity is due later."""


class Agenda(NamedTuple):
    """The requested sections: name -> its activities in order of time, and the deals and birthdays.

    ``totals`` is the number of entries in each section when only the first were read; ``snoozed`` is the number of due
    activities that are hidden because they are snoozed, ``born`` the number of birthdays today, ``closing`` the number
    of open deals that are expected to close by today. ``reach`` are the people to reach.
    """

    sections: dict[str, list[Activity]]
    birthdays: list[Birthday] | None
    totals: dict[str, int]
    snoozed: int = 0
    born: int = 0
    deals: list[Deal] | None = None
    closing: int = 0
    reach: list[ToReach] | None = None


class Day(NamedTuple):
    """The moment of the agenda: the instant, the user's day, their zone, and how many days ahead to look."""

    now: str
    today: str
    zone: str
    days: int = 7

    def ends(self, later: int = 0) -> str:
        """Return the last instant of the day that is ``later`` days after today."""
        return day_end(self.after(later), self.zone)

    def after(self, later: int) -> str:
        """Return the day that is ``later`` days after today."""
        return (date.fromisoformat(self.today) + timedelta(days=later)).isoformat()

    def last(self) -> str:
        """Return the last day of the agenda."""
        return self.after(self.days)

    def moments(self) -> dict[str, str]:
        """Return the values of the sections' conditions, by parameter name."""
        return {
            "now": self.now, "tonight": self.ends(), "horizon": self.ends(self.days),
            "today": self.today, "last": self.last(),
            "oldest": self.after(-OLDEST), "before": self.after(-1),
            "soon": self.after(2), "beyond": self.after(self.days + 2),
        }  # fmt: skip


_AWAKE = "coalesce(a.hidden_until, '') <= :now"
_AWAKE_WHEN_DUE = "coalesce(a.hidden_until, '') <= max(:now, a.due_utc)"
RANGES = {
    "overdue": f"a.due_utc < :soon AND iif(a.due_time IS NULL, a.due_date < :today, a.due_utc < :now) AND {_AWAKE}",
    "due": (
        "a.due_utc >= :before AND a.due_utc < :soon AND iif(a.due_time IS NULL, a.due_date = :today,"
        f" a.due_utc >= :now AND a.due_utc <= :tonight) AND {_AWAKE}"
    ),
    "coming": (
        "a.due_utc >= :before AND a.due_utc < :beyond AND iif(a.due_time IS NULL,"
        " a.due_date > :today AND a.due_date <= :last, a.due_utc > :tonight AND a.due_utc <= :horizon)"
        f" AND {_AWAKE_WHEN_DUE}"
    ),
    "undated": "a.due_utc IS NULL",
}
"""Section -> the condition for the open activities in it.

A plan without a time is compared by its day alone, because it is the same day in every zone. The search by instant is
a day wider on both sides, because no zone is further from UTC. Activities snoozed past their due time are excluded.
"""

_SNOOZED = (
    "a.hidden_until > :now AND (iif(a.due_time IS NULL, a.due_date <= :today, a.due_utc <= :tonight)"
    " OR (iif(a.due_time IS NULL, a.due_date <= :last, a.due_utc <= :horizon) AND a.hidden_until > a.due_utc))"
)

_ASKING = "+a.id IN (SELECT r.activity_id FROM reminder r WHERE r.at_utc >= :oldest AND r.at_utc <= :now)"
_AHEAD = f"iif(a.due_time IS NULL, a.due_date > :today, a.due_utc > :tonight) AND {_AWAKE}"
ASKING = (
    f"a.due_utc >= :before AND iif({_ASKING}, {_AHEAD}, 0)",
    f"a.due_utc IS NULL AND iif({_ASKING}, {_AWAKE}, 0)",
)
"""The conditions for open activities whose reminder has come, but that are due later, or have no date.

The reminders are read once, the activities from the index alone; few of either are open, so this is quick.
"""


def read(
    db: sqlite3.Connection,
    day: Day,
    only: Sequence[str] = TODAY,
    *,
    where: Where | None = None,
    people: Where | None = None,
    deals: Where | None = None,
    limit: int = 0,
) -> Agenda:
    """Return the agenda with the sections ``only``, filtered by conditions.

    ``where`` filters activities, ``people`` the people to reach and the birthdays, and ``deals`` the deals.

    At most ``limit`` entries of a section are read (0: all).
    """
    moments = day.moments()
    found, totals = _activities(db, moments, only, where, limit)
    sections = {name: _in_order(activities.load(db, ids), day.zone) for name, ids in found.items()}
    listed: list[Birthday] | None = None
    born = 0
    if "birthdays" in only:
        listed, totals["birthdays"], born = birthdays(db, day.today, day.days, people, limit)
    asleep = {"overdue", "due"} & set(only)
    snoozed = _count(db, _SNOOZED, moments, where) if asleep else 0
    waiting: list[Deal] | None = None
    closing = 0
    if "deals" in only:
        waiting, totals["deals"], closing = _waiting(db, day, deals, limit)
    quiet: list[ToReach] | None = None
    if "reach" in only:
        quiet, totals["reach"] = to_reach(db, day, people, limit)
    return Agenda(sections, listed, totals, snoozed, born, waiting, closing, quiet)


def _activities(
    db: sqlite3.Connection, moments: dict[str, str], only: Sequence[str], where: Where | None, limit: int
) -> tuple[dict[str, list[int]], dict[str, int]]:
    """Return the first activities of each section of activities, and how many there are."""
    found: dict[str, list[int]] = {}
    totals: dict[str, int] = {}
    asking = _asking(db, moments, where) if {"coming", "reminders", "undated"} & set(only) else []
    for name in only:
        if name == "reminders":
            found[name], totals[name] = asking[: limit or None], len(asking)
        elif name in RANGES:
            those = _without(asking, where) if name in {"coming", "undated"} else where
            ids = found[name] = _ids(db, RANGES[name], moments, those, limit)
            totals[name] = len(ids) if not limit or len(ids) < limit else _count(db, RANGES[name], moments, those)
    return found, totals


def _asking(db: sqlite3.Connection, moments: dict[str, str], where: Where | None) -> list[int]:
    """Return the open activities whose reminder has come although they are due later, or have no date."""
    found = []
    for test in ASKING:
        clause, values = selection(test, moments, where)
        found += [row[0] for row in db.execute(f"SELECT a.id {clause} ORDER BY a.due_utc, a.id", values)]
    return found


def _without(ids: list[int], where: Where | None) -> Where | None:
    """Narrow a condition to other activities than these."""
    if not ids:
        return where
    text, values = where or ("1", ())
    return f"({text}) AND a.id NOT IN (SELECT value FROM json_each(?))", (*values, json_line(ids))


def first(found: Agenda, most: int) -> Agenda:
    """Return the first ``most`` entries of an agenda, in the order of its sections; the totals stay."""
    left = most
    sections = {}
    for name, entries in found.sections.items():
        sections[name] = entries[:left]
        left -= len(sections[name])
    deals = found.deals[:left] if found.deals is not None else None
    left -= len(deals or ())
    born = found.birthdays[:left] if found.birthdays is not None else None
    left -= len(born or ())
    quiet = found.reach[:left] if found.reach is not None else None
    return found._replace(sections=sections, deals=deals, birthdays=born, reach=quiet)


def _in_order(found: list[Activity], zone: str) -> list[Activity]:
    """Sort by day and time in the reader's zone; activities without a time come last on their day."""

    def key(one: Activity) -> tuple[str, str, bool, int]:
        if one.due_time and one.due_utc:
            moment = local(one.due_utc, zone)
            return moment.date().isoformat(), f"{moment:%H:%M}", one.priority != "high", one.id
        return one.due_date or "~", "~", one.priority != "high", one.id

    return sorted(found, key=key)


_WAITING = (
    "FROM deal d WHERE d.status = 'open' AND (d.close_on <= :close"
    " OR NOT EXISTS (SELECT 1 FROM activity x WHERE x.deal_id = d.id AND x.status = 'open'))"
)


def _waiting(db: sqlite3.Connection, day: Day, where: Where | None, limit: int) -> tuple[list[Deal], int, int]:
    """Return the open deals that need attention, how many there are, and how many should have closed by today.

    Deals expected to close within the days ahead, or earlier, come first; then those without a next step.
    """
    clause, values = bound(_WAITING, {"close": day.last()}, where)
    order = "ORDER BY d.close_on IS NULL OR d.close_on > :close, d.close_on IS NULL, d.close_on, d.id"
    found = db.execute(f"SELECT d.id, d.close_on {clause} {order}", values).fetchall()
    if not found:
        return [], 0, 0
    from crm_cli.queries import deals

    closing = sum(close is not None and close <= day.today for _, close in found)
    first = found[:limit] if limit else found
    return deals.load(db, [ref for ref, _ in first]), len(found), closing


def selection(test: str, moments: dict[str, str], where: Where | None) -> tuple[str, dict[str, object]]:
    """Return the FROM and WHERE clause of a section, with its values by name."""
    return bound(f"FROM activity a WHERE a.status = 'open' AND {test}", moments, where)


def _ids(db: sqlite3.Connection, test: str, moments: dict[str, str], where: Where | None, limit: int) -> list[int]:
    clause, values = selection(test, moments, where)
    order = "ORDER BY a.due_utc, a.priority <> 'high', a.id LIMIT :limit"
    return [row[0] for row in db.execute(f"SELECT a.id {clause} {order}", {**values, "limit": limit or -1})]


def _count(db: sqlite3.Connection, test: str, moments: dict[str, str], where: Where | None) -> int:
    clause, values = selection(test, moments, where)
    return int(db.execute(f"SELECT count(*) {clause}", values).fetchone()[0])


_BORN = (
    "SELECT p.id, p.birthday FROM contact p WHERE p.birthday IS NOT NULL AND substr(p.birthday, -5) IN ({marks})"
    " AND {where}"
)


def birthdays(
    db: sqlite3.Connection, today: str, days: int, people: Where | None = None, limit: int = 0
) -> tuple[list[Birthday], int, int]:
    """Return the birthdays within ``days`` days from today, nearest first; their number, and the number today.

    In a common year, 29 February is celebrated on 1 March.
    """
    begin = date.fromisoformat(today)
    wanted = _month_days(begin, days)
    where, values = people or ("1", ())
    rows = db.execute(_BORN.format(marks=marks(list(wanted)), where=where), [*sorted(wanted), *values])
    comes = {day: next_birthday(f"--{day}", today)[0] for day in wanted}
    last = (begin + timedelta(days=days)).isoformat()
    found = sorted((comes[birthday[-5:]], ref, birthday) for ref, birthday in rows if comes[birthday[-5:]] <= last)
    names = named(db, [ref for _, ref, _ in (found[:limit] if limit else found)])
    listed = [Birthday(names[ref], on, _turns(on, birthday)) for on, ref, birthday in found if ref in names]
    return listed, len(found), sum(on == today for on, *_ in found)


def _month_days(begin: date, days: int) -> set[str]:
    """Return the days of the year (``11-28``) on which a birthday within ``days`` days can fall."""
    found = {(begin + timedelta(days=ahead)).isoformat()[5:] for ahead in range(min(days, 366) + 1)}
    return found | {"02-29"} if "03-01" in found else found


def _turns(on: str, birthday: str) -> int | None:
    return None if birthday.startswith("-") else int(on[:4]) - int(birthday[:4])
