"""Reminders whose moment has come or will come, and the machine that delivers them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from crm_cli.core.instants import utc
from crm_cli.queries import activities, outbox

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from crm_cli.core.daily import Activity
    from crm_cli.core.delivery import QuietHours

PREFIX = "reminder:"
"""How the key of a reminder in the outbox begins."""


class Moment(NamedTuple):
    """The moment ``at`` of a reminder of an open activity. ``hidden_until`` is the end of a snooze, or ``""``."""

    id: int
    activity_id: int
    at: str
    hidden_until: str = ""

    @property
    def key(self) -> str:
        """The key in the outbox: the reminder and its instant, so that a moved reminder is delivered again."""
        return f"{PREFIX}{self.id}@{self.at}"


class Planned(NamedTuple):
    """A moment that is to be delivered: when and by which routes.

    ``state`` is ``waiting``, ``due``, ``held`` (by a snooze or by quiet hours), ``sending``, ``failed`` (it is tried
    again) or ``given up``, which has no ``deliver``.
    """

    moment: Moment
    activity: Activity
    deliver: str
    state: str
    routes: tuple[str, ...]
    tries: int = 0
    error: str = ""


class Deliverer(NamedTuple):
    """The machine and the path of the book that deliver its reminders, since when, and up to which instant they have.

    ``done_until`` is empty if that is not known: in a book that was restored.
    """

    machine: str
    path: str
    since: str
    done_until: str

    def begin(self, now: datetime) -> str:
        """Return the instant after which moments were not looked at yet.

        If the clock was ahead, that is not known: a day is looked at again, and the outbox knows what was delivered.
        """
        present = utc(now)
        if self.done_until and self.done_until <= present:
            return self.done_until
        return min(present, max(self.since, utc(now - timedelta(days=1))))


_KEY = f"'{PREFIX}' || r.id || '@' || r.at_utc"
_COLUMNS = "r.id, r.activity_id, r.at_utc, coalesce(a.hidden_until, '')"
_OF_OPEN = "FROM reminder r JOIN activity a ON a.id = r.activity_id AND a.status = 'open'"
_NEW = f"NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = {_KEY})"


def deliverer(db: sqlite3.Connection) -> Deliverer | None:
    """Return the machine and the path that deliver the reminders of the book; None if there is none yet."""
    row = db.execute("SELECT machine, path, since_utc, done_until FROM deliverer WHERE id = 1").fetchone()
    return Deliverer(*row) if row else None


def due(db: sqlite3.Connection, after: str, until: str) -> list[Moment]:
    """Return the moments after ``after`` up to ``until`` that are not in the outbox, earliest first."""
    sql = f"SELECT {_COLUMNS} {_OF_OPEN} WHERE r.at_utc > ? AND r.at_utc <= ? AND {_NEW} ORDER BY r.at_utc, r.id"
    return [Moment(*row) for row in db.execute(sql, (after, until))]


def passed(db: sqlite3.Connection, until: str) -> int:
    """Return how many moments up to ``until`` are not in the outbox."""
    return int(db.execute(f"SELECT count(*) {_OF_OPEN} WHERE r.at_utc <= ? AND {_NEW}", (until,)).fetchone()[0])


def of_key(db: sqlite3.Connection, key: str) -> Moment | None:
    """Return the moment with this key; None if the activity is closed, or the reminder was moved or removed."""
    ref, _, at = key.removeprefix(PREFIX).partition("@")
    row = db.execute(f"SELECT {_COLUMNS} {_OF_OPEN} WHERE r.id = ? AND r.at_utc = ?", (ref, at)).fetchone()
    return Moment(*row) if row else None


def coming(db: sqlite3.Connection, after: str, limit: int = -1) -> list[Moment]:
    """Return the moments after ``after`` that were not delivered, earliest first, at most ``limit``."""
    open_ = f"NOT EXISTS (SELECT 1 FROM outbox o WHERE o.key = {_KEY} AND o.state IN ('sent', 'passed'))"
    sql = f"SELECT {_COLUMNS} {_OF_OPEN} WHERE r.at_utc > ? AND {open_} ORDER BY r.at_utc, r.id LIMIT ?"
    return [Moment(*row) for row in db.execute(sql, (after, limit))]


class Hours(NamedTuple):
    """When messages are delivered: outside the quiet hours, and on the working days if they are set."""

    zone: str
    quiet: QuietHours | None = None
    working: frozenset[int] = frozenset()

    def released(self, moment: str) -> str:
        """Return the first instant from ``moment`` on at which messages are delivered."""
        if not self.quiet and not self.working:
            return moment
        from crm_cli.core.delivery import released

        return released(moment, self.zone, self.quiet, self.working)


def planned(db: sqlite3.Connection, now: datetime, hours: Hours, routes: tuple[str, ...], limit: int) -> list[Planned]:
    """Return the reminders that are to be delivered, those that have failed included, earliest delivery first."""
    found = deliverer(db)
    after = found.begin(now) if found and found.done_until else utc(now)
    tried = {one.key: one for one in outbox.unsent(db, now, PREFIX)}
    moments = {one.key: one for one in (*coming(db, after, limit or -1), *_known(db, tried))}
    reminded = _activities(db, moments.values())
    listed = [
        _planned(moment, reminded[moment.activity_id], tried.get(key), _state(moment, tried.get(key), utc(now), hours))
        for key, moment in moments.items()
    ]
    listed.sort(key=lambda one: (one.deliver, one.moment.at, one.moment.id))
    return [one._replace(routes=routes) for one in listed[: limit or None]]


def _known(db: sqlite3.Connection, keys: Iterable[str]) -> list[Moment]:
    return [found for key in keys if (found := of_key(db, key))]


def _activities(db: sqlite3.Connection, moments: Iterable[Moment]) -> dict[int, Activity]:
    """Return the activities that are reminded of, by id."""
    return {one.id: one for one in activities.load(db, list({one.activity_id for one in moments}))}


def _planned(moment: Moment, found: Activity, tried: outbox.Delivery | None, state: tuple[str, str]) -> Planned:
    tries, error = (tried.tries, tried.error) if tried else (0, "")
    return Planned(moment, found, state[1], state[0], (), tries, error)


def _state(moment: Moment, tried: outbox.Delivery | None, now: str, hours: Hours) -> tuple[str, str]:
    """Return the state of a moment, and when it is delivered."""
    if tried and tried.next_utc is None:
        return "given up", ""
    earliest = max(moment.at, moment.hidden_until, now, (tried.next_utc or "") if tried else "")
    deliver = hours.released(earliest)
    if tried and tried.state != "waiting":
        return tried.state, deliver
    if moment.at > now:
        return "waiting", deliver
    return ("held" if deliver > now else "due"), deliver
