"""The agenda: one table of sections, and what is in each, by one search of an index."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.daily import Activity, Celebration, ToReach
from crm_cli.core.instants import day_end, local
from crm_cli.core.json_text import json_ids
from crm_cli.core.sections import DAILY
from crm_cli.queries import activities, celebrations, outbox
from crm_cli.queries.cadences import to_reach
from crm_cli.queries.conditions import both, bound
from crm_cli.queries.consents import stopped
from crm_cli.queries.snapshots import snapshot

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crm_cli.queries.conditions import Where

OLDEST = 366
"""How many days a reminder whose moment has come stays in the agenda while its activity is due later."""


class Agenda(NamedTuple):
    """The requested sections, in their order: name -> its records, those that come first in time first.

    They are activities, deals, birthdays and anniversaries, people to reach, or deliveries. ``totals`` is the number of
    records in each section when only the first were read, ``pressing`` the number of those that are for today: all that
    are overdue or due, that a reminder asks for, that are to be reached or were not delivered, the deals that should be
    closed by today, and the celebrations of today. ``snoozed`` is the number of due activities that are hidden because
    they are snoozed. ``stopped`` are the people in it who must not be reached by a channel -> those channels.
    """

    sections: dict[str, list[Any]]
    totals: dict[str, int]
    pressing: dict[str, int]
    snoozed: int = 0
    stopped: Mapping[int, tuple[str, ...]] = MappingProxyType({})


class Day(NamedTuple):
    """The moment of the agenda: the instant, the user's day, their zone, and how many days ahead to look."""

    now: str
    today: str
    zone: str
    days: int = 7

    @property
    def instant(self) -> datetime:
        """The moment as a datetime."""
        return datetime.fromisoformat(self.now)

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
            "oldest": self.after(-OLDEST), "eve": self.after(-2), "before": self.after(-1),
            "soon": self.after(2), "beyond": self.after(self.days + 2),
        }  # fmt: skip


_AWAKE = "coalesce(a.hidden_until, '') <= :now"
_AWAKE_WHEN_DUE = "coalesce(a.hidden_until, '') <= max(:now, a.due_utc)"
_LATER = "a.due_utc IS NULL OR a.due_utc >= :last AND iif(a.due_time IS NULL, a.due_date > :last, a.due_utc > :horizon)"
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
    "promises": f"a.promise <> '' AND a.promise IN ('owe', 'await') AND ({_LATER}) AND {_AWAKE}",
    "undated": "a.due_utc IS NULL AND a.promise = ''",
}
"""Section -> the condition for the open activities in it.

A plan without a time is compared by its day alone, because it is the same day in every zone. The search by instant is
a day wider on both sides, because no zone is further from UTC. Activities snoozed past their due time are excluded.
An activity is in one section only: a promise is in that of its day, and in ``promises`` if it is due later or undated.
"""

_SNOOZED = (
    "a.hidden_until > :now AND (iif(a.due_time IS NULL, a.due_date <= :today, a.due_utc <= :tonight)"
    " OR (iif(a.due_time IS NULL, a.due_date <= :last, a.due_utc <= :horizon) AND a.hidden_until > a.due_utc))"
)

_HAS_COME = (
    "SELECT r.activity_id FROM reminder r WHERE r.at_utc >= :oldest AND r.at_utc <= :now"
    " AND (r.at_utc >= :eve OR r.lead_minutes IS NULL OR r.lead_minutes > 1440"
    " AND r.lead_minutes * 60 >= strftime('%s', :before) - strftime('%s', r.at_utc))"
)
"""Reminders that have come, without those of activities that were due before yesterday, as far as the lead shows."""
_AFTER_TODAY = "iif(a.due_time IS NULL, a.due_date > :today, a.due_utc > :tonight)"
_ASKING = (
    f"a.due_utc >= :before AND +a.id IN ({_HAS_COME}) AND {_AWAKE} AND {_AFTER_TODAY}",
    f"a.due_utc IS NULL AND +a.id IN ({_HAS_COME}) AND {_AWAKE}",
)
"""The conditions for open activities whose reminder has come, but that are due later, or have no date.

The index of the open activities has all that is compared. To look up each activity that has a reminder takes longer.
"""


class _Asked(NamedTuple):
    """What is asked of a section. ``asking`` are the activities whose reminder has come; see `read` for the others."""

    db: sqlite3.Connection
    day: Day
    where: Where | None
    people: Where | None
    deals: Where | None
    limit: int
    since: Day | None
    sending: str
    asking: list[int]

    def moments(self) -> dict[str, str]:
        """Return the values of the sections' conditions, by parameter name."""
        then = self.since.moments() if self.since else {}
        return {**self.day.moments(), **{f"then_{name}": value for name, value in then.items()}}

    def first(self, found: list[Any]) -> list[Any]:
        """Return the first records, as many as are asked for."""
        return found[: self.limit] if self.limit else found


class _Part(NamedTuple):
    """A section: its first records (the ids of activities), how many there are, and how many of them are for today."""

    records: list[Any]
    total: int
    pressing: int = 0


def read(
    db: sqlite3.Connection,
    day: Day,
    only: Sequence[str] = DAILY,
    *,
    where: Where | None = None,
    people: Where | None = None,
    deals: Where | None = None,
    limit: int = 0,
    since: Day | None = None,
    sending: str = "",
) -> Agenda:
    """Return the agenda with the sections ``only``, filtered by conditions; at most ``limit`` records of each (0: all).

    ``where`` filters activities, ``people`` the people to reach and the celebrations, and ``deals`` the deals. With
    ``since``, what was in the same section at that moment is skipped, unless it was changed since; if there is a filter
    ``deals``, it decides that for them. ``sending`` is the key of the message that is being made, which is not reported
    as not delivered.
    """
    asked = _Asked(db, day, where, people, deals, limit, since, sending, [])
    with snapshot(db):
        if {"coming", "reminders", "promises", "undated"} & set(only):
            asked = asked._replace(asking=_asking(asked))
        found = _with_activities(asked, {name: _READERS[name](asked) for name in only})
        snoozed = _count(db, _SNOOZED, day.moments(), where) if {"overdue", "due"} & set(only) else 0
        stops = stopped(db, {ref for part in found.values() for one in part.records for ref in _people(one)})
    return Agenda(
        {name: part.records for name, part in found.items()},
        {name: part.total for name, part in found.items()},
        {name: part.pressing for name, part in found.items()},
        snoozed,
        stops,
    )


def _people(record: Any) -> Iterator[int]:
    """Yield the people that a line is about: those of an activity, or who is to be reached or congratulated."""
    if isinstance(record, Activity):
        yield from (person.id for person in record.people)
    elif isinstance(record, ToReach | Celebration):
        yield record.person.id


def _asking(asked: _Asked, *, fresh: bool = False) -> list[int]:
    """Return the open activities whose reminder has come although they are due later, or have no date."""
    found: list[int] = []
    for test in _ASKING:
        clause, values = selection(_fresh(test, asked) if fresh else test, asked.moments(), asked.where)
        found += [row[0] for row in asked.db.execute(f"SELECT a.id {clause} ORDER BY a.due_utc, a.id", values)]
    return found


def _fresh(test: str, asked: _Asked) -> str:
    """Narrow the condition of a section to what was not in it at the moment ``since``, or was changed after."""
    if not asked.since:
        return test
    then = re.sub(r":([a-z]+)", r":then_\1", test)
    return f"{test} AND NOT (a.updated_utc <= :then_now AND coalesce({then}, 0))"


def _reminded(asked: _Asked) -> _Part:
    ids = _asking(asked, fresh=True) if asked.since else asked.asking
    return _Part(asked.first(ids), len(ids), len(ids))


def _activities(asked: _Asked, name: str) -> _Part:
    """Return a section of activities by their plan."""
    those = _without(asked.asking, asked.where) if name in {"coming", "promises", "undated"} else asked.where
    test, moments, limit = _fresh(RANGES[name], asked), asked.moments(), asked.limit
    ids = _ids(asked.db, test, moments, those, limit)
    total = len(ids) if not limit or len(ids) < limit else _count(asked.db, test, moments, those)
    return _Part(ids, total, total if name in {"overdue", "due"} else 0)


def _with_activities(asked: _Asked, parts: dict[str, _Part]) -> dict[str, _Part]:
    """Replace the ids of activities by the activities, of all sections at once."""
    ids = {name: part.records for name, part in parts.items() if name in RANGES or name == "reminders"}
    loaded = {one.id: one for one in activities.load(asked.db, [ref for those in ids.values() for ref in those])}
    made = dict(parts)
    for name, those in ids.items():
        held = [loaded[ref] for ref in those if ref in loaded]
        made[name] = parts[name]._replace(records=_in_order(held, asked.day.zone))
    return made


def _celebrated(asked: _Asked, column: str) -> _Part:
    return _Part(*celebrations.coming(asked.db, column, asked.day, asked.people, limit=asked.limit, since=asked.since))


def _to_reach(asked: _Asked) -> _Part:
    people = asked.people
    if asked.since:
        people = both(people, ("(r.next_on > ? OR r.silent_on > ?)", (asked.since.today,) * 2))
    found, total = to_reach(asked.db, asked.day, people, asked.limit)
    return _Part(found, total, total)


def _failed(asked: _Asked) -> _Part:
    """Return what could not be delivered; nothing of it matches a query."""
    if asked.where:
        return _Part([], 0)
    after = asked.since.now if asked.since else ""
    found = [one for one in outbox.failures(asked.db, asked.day.instant) if one.key != asked.sending and one.at > after]
    return _Part(asked.first(found), len(found), len(found))


def _without(ids: list[int], where: Where | None) -> Where | None:
    """Narrow a condition to other activities than these."""
    return both(where, ("a.id NOT IN (SELECT value FROM json_each(?))", (json_ids(ids),))) if ids else where


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
_DEAL_CHANGED = (
    "(d.updated_utc > ? OR d.close_on > ? OR d.close_on = ? OR d.close_on >= ? AND d.close_on < ?"
    " OR EXISTS (SELECT 1 FROM activity x WHERE x.deal_id = d.id AND x.updated_utc > ?))"
)
"""The deal or what is planned for it was changed, or its expected close has come near, is today, or has passed."""


def _waiting(asked: _Asked) -> _Part:
    """Return the open deals that need attention; those that should have closed by today are for today.

    Deals expected to close within the days ahead, or earlier, come first; then those without a next step.
    """
    day, then, where = asked.day, asked.since, asked.deals
    if then and not where:
        values = (then.now, then.last(), day.today, then.today, day.today, then.now)
        where = both(where, (_DEAL_CHANGED, values))
    clause, named = bound(_WAITING, {"close": day.last()}, where)
    order = "ORDER BY d.close_on IS NULL OR d.close_on > :close, d.close_on IS NULL, d.close_on, d.id"
    found = asked.db.execute(f"SELECT d.id, d.close_on {clause} {order}", named).fetchall()
    if not found:
        return _Part([], 0)
    from crm_cli.queries import deals

    closing = sum(close is not None and close <= day.today for _, close in found)
    return _Part(deals.load(asked.db, [ref for ref, _ in asked.first(found)]), len(found), closing)


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


_READERS: dict[str, Callable[[_Asked], _Part]] = {
    **{name: partial(_activities, name=name) for name in RANGES},
    "reminders": _reminded,
    "deals": _waiting,
    "birthdays": partial(_celebrated, column="birthday"),
    "anniversaries": partial(_celebrated, column="anniversary"),
    "reach": _to_reach,
    "failed": _failed,
}
"""section -> how it is read."""
