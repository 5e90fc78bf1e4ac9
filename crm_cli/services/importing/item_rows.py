"""Items of a file as columns of deals and activities: days and moments in the user's zone, stages, states, reach."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core import activities as rules
from crm_cli.core import instants
from crm_cli.core.daily import Series
from crm_cli.core.instants import When
from crm_cli.core.recurrence import Every
from crm_cli.core.series import days
from crm_cli.core.tags import FORBIDDEN
from crm_cli.core.text.folding import nfc, sort_key
from crm_cli.queries import stages as queries
from crm_cli.services.due import due_columns

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crm_cli.core.items import Item

Columns = dict[str, Any]
GROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "deal": (
        ("title", "title_key"), ("amount", "currency"), ("stage_id",), ("status", "closed_utc", "reason"),
        ("probability",), ("close_on",), ("source",), ("notes",),
    ),
    "activity": (
        ("kind",), ("subject",), ("body",), ("priority",), ("promise",), ("minutes",),
        ("status", "at_utc", "due_date", "due_time", "zone", "due_utc", "direction", "outcome", "reach"),
    ),
}  # fmt: skip
"""Columns that change together, and that an import compares with those of the last one."""


class Clock(NamedTuple):
    """The instant of the import, as stored and as a datetime, and the user's zone."""

    now: str
    moment: datetime
    zone: str


def instant(text: str, clock: Clock) -> str:
    """Return the instant of a moment of a file, at noon if it is only a day."""
    day, _, time = text.partition("T")
    if not time:
        return instants.instant(When(day, None, clock.zone), clock.moment)
    if time[8:]:
        return instants.utc(datetime.fromisoformat(text))
    return instants.due_utc(day, time, clock.zone)


def plan(text: str, clock: Clock) -> When | None:
    """Return the plan of a moment of a file, in the user's zone; None for ``""``."""
    if not text:
        return None
    day, _, time = text.partition("T")
    if time[8:]:
        local = datetime.fromisoformat(text).astimezone(instants.zone_of(clock.zone))
        return When(local.date().isoformat(), f"{local:%H:%M}", clock.zone)
    return When(day, time[:5] or None, clock.zone)


def created(item: Item, clock: Clock) -> str:
    """Return the instant at which an item was made: of the file, else now."""
    text = dict(item.values).get("created", "")
    return instant(text, clock) if text else clock.now


class Stages:
    """The stages of the pipeline by name, made in the order of the file if the book does not have them.

    A new one that only says that a deal has ended is archived, so that the board does not show it.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.known = {sort_key(stage.name): stage.id for stage in queries.every(db)}
        self.first = queries.first(db).id

    def id(self, name: str, status: str) -> int:
        """Return the id of a stage."""
        name = " ".join("".join(char for char in nfc(name) if char.isprintable() and char not in FORBIDDEN).split())
        key = sort_key(name)
        if not key or key in queries.VERBS:
            return self.first
        if key not in self.known:
            made = self.db.execute(
                "INSERT INTO stage (pipeline_id, name, name_key, place, archived)"
                " SELECT min(id), ?, ?, (SELECT count(*) + 1 FROM stage), ? FROM pipeline",
                (name, key, int(status != "open")),
            )
            self.known[key] = int(made.lastrowid or 0)
        return self.known[key]


def deal(item: Item, clock: Clock, stages: Stages) -> Columns:
    """Return the columns of a deal."""
    given = dict(item.values)
    status = given.get("status", "open")
    title = given.get("title") or _title(item)
    closed = min(instant(given["closed"], clock), clock.now) if given.get("closed") else created(item, clock)
    return {
        "title": title,
        "title_key": sort_key(title),
        "amount": int(given["amount"]) if "amount" in given else None,
        "currency": given.get("currency") if "amount" in given else None,
        "stage_id": stages.id(given.get("stage", ""), status),
        "status": status,
        "closed_utc": None if status == "open" else closed,
        "reason": given.get("reason", "") if status != "open" else "",
        "probability": int(given["probability"]) if "probability" in given else None,
        "close_on": given.get("close"),
        "source": given.get("source"),
        "notes": given.get("notes", ""),
    }


def _title(item: Item) -> str:
    """Return the title of a deal that has none: the name of who it is with, or its key."""
    return next((link.name for link in item.links if link.name), "") or item.key or "Untitled"


def activity(item: Item, clock: Clock) -> Columns:
    """Return the columns of an activity. One that does not say whether it is done is done if its moment has passed."""
    given = dict(item.values)
    kind, at, due = given.get("kind", "note"), given.get("at", ""), given.get("due", "")
    status = given.get("status") or _status(kind, at, clock)
    is_done = status == "done"
    moment = _held(item, kind, at or due, clock) if is_done else None
    when = due_columns(None if is_done else plan(_next_day(due or at, given.get("every", ""), clock), clock))
    direction, outcome = given.get("direction", ""), given.get("outcome", "")
    subject, body = given.get("subject", ""), given.get("body", "")
    return {
        "kind": kind,
        "status": status,
        "subject": subject or _headline(body),
        "body": body if subject else _rest(body),
        "direction": direction,
        "outcome": outcome if is_done else "",
        "priority": given.get("priority", ""),
        "promise": given.get("promise", ""),
        "reach": rules.reach_of(kind, direction, outcome) if is_done else 0,
        "at_utc": moment,
        "minutes": _minutes(given, clock),
        "due_date": when["date"],
        "due_time": when["time"],
        "zone": when["zone"],
        "due_utc": when["due"],
    }


def _status(kind: str, at: str, clock: Clock) -> str:
    """Return the state of an activity whose file does not state it."""
    if kind == "note" or not at:
        return "open" if kind == "task" else "done"
    return "done" if instant(at, clock) <= clock.now else "open"


def _held(item: Item, kind: str, at: str, clock: Clock) -> str:
    """Return the instant of a completed activity; only that of a note can be in the future."""
    held = instant(at, clock) if at else created(item, clock)
    return held if kind == "note" else min(held, clock.now)


def rule(item: Item) -> Every | None:
    """Return the rule of an item that repeats; None for any other."""
    every = dict(item.values).get("every", "")
    return Every(every) if every else None


def _next_day(due: str, every: str, clock: Clock) -> str:
    """Return the first day from today on of an item that repeats, of any other its own."""
    today = instants.local(clock.now, clock.zone).date().isoformat()
    if not every or not due or due >= today:
        return due
    return next((day for day in days(Series(0, every, False, due)) if day >= today), due)


def _headline(text: str) -> str:
    return text.partition("\n")[0].strip()


def _rest(text: str) -> str:
    return text.partition("\n")[2].strip()


def _minutes(given: Mapping[str, str], clock: Clock) -> int | None:
    """Return the duration in minutes: as given, or until the end on the same day."""
    if given.get("minutes"):
        return min(int(given["minutes"]), rules.YEAR)
    at, until = given.get("at") or given.get("due", ""), given.get("until", "")
    if not until or "T" not in at or "T" not in until:
        return None
    parts = [datetime.fromisoformat(instant(text, clock)) for text in (at, until)]
    minutes = int((parts[1] - parts[0]).total_seconds() // 60)
    return minutes if 0 < minutes < 24 * 60 else None
