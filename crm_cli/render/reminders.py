"""A reminder as a message, and the list of those to come."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from crm_cli.core.days import lead_words
from crm_cli.core.instants import iso_local, local
from crm_cli.render.activities import day_words, due_words, planned, what, who
from crm_cli.render.clean import clean
from crm_cli.render.tables import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_cli.core.daily import Activity, Reminder
    from crm_cli.queries.agenda import Day
    from crm_cli.queries.reminders import Planned

LATE = timedelta(hours=1)
"""A reminder that is later than this says so; many let cron deliver once an hour."""


def typed(found: Reminder, zone: str) -> str:
    """Return a reminder as it is typed: ``-1d``, ``2026-12-01 09:00``."""
    return f"{local(found.at, zone):%Y-%m-%d %H:%M}" if found.lead_minutes is None else lead_words(found.lead_minutes)


class Notice(NamedTuple):
    """What a reminder says: one line, the text that begins with it, and fields for the command that delivers."""

    subject: str
    text: str
    fields: dict[str, str]


def notice(found: Activity, at: str, day: Day) -> Notice:
    """Return what the reminder of ``at`` says about an activity."""
    due = due_words(found, day.today, day.zone)
    subject = clean(f"{what(found) or found.kind} ({due})" if due else what(found) or found.kind)
    late = datetime.fromisoformat(day.now) - datetime.fromisoformat(at)
    rest = [who(found), f"crm done a{found.id}"]
    if late > LATE:
        rest.append(f"This reminder was due {ago(late)}, {moment_words(at, day)}.")
    text = "".join(f"  {clean(line)}\n" for line in rest if line)
    fields = {
        "CRM_ACTIVITY": f"a{found.id}",
        "CRM_KIND": found.kind,
        "CRM_WHAT": what(found),
        "CRM_WHO": who(found),
        "CRM_DUE": "T".join(filter(None, planned(found, day.zone))),
        "CRM_REMINDER": iso_local(at, day.zone),
        "CRM_LATE_MINUTES": str(max(0, int(late.total_seconds() // 60))),
        "CRM_PRIORITY": found.priority,
    }
    return Notice(subject, f"{subject}\n{text}", fields)


def ago(late: timedelta) -> str:
    """Return how long ago: ``45 min ago``, ``2 h ago``, ``3 days ago``."""
    minutes = int(late.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"


def moment_words(at: str, day: Day) -> str:
    """Return an instant in words: ``today 15:00``, ``Fri 09:00``, ``2 Nov 09:00``."""
    moment = local(at, day.zone)
    return f"{day_words(moment.date().isoformat(), day.today)} {moment:%H:%M}"


def columns(day: Day, *, spoken: bool, failed: bool) -> Sequence[Column[Planned]]:
    """Return the columns of the list; with ``spoken`` times are in words, else in ISO 8601.

    What is spoken names errors only if any reminder has ``failed``.
    """

    def when(at: str) -> str:
        return moment_words(at, day) if spoken else iso_local(at, day.zone)

    error: Column[Planned] = Column("error", lambda found: found.error, grow=3, least=8)
    errors = (error,) if failed or not spoken else ()
    return (
        Column("id", lambda found: f"a{found.activity.id}", right=True),
        Column("reminder", lambda found: when(found.moment.at)),
        Column("delivery", lambda found: when(found.deliver) if found.deliver else ""),
        Column("state", lambda found: found.state),
        Column("routes", lambda found: ", ".join(found.routes)),
        Column("due", lambda found: due_words(found.activity, day.today, day.zone) if spoken else _due(found, day)),
        Column("what", lambda found: what(found.activity), grow=1, least=20),
        Column("who", lambda found: who(found.activity), grow=2, least=12),
        *errors,
    )


def _due(found: Planned, day: Day) -> str:
    return "T".join(filter(None, planned(found.activity, day.zone)))


def card(found: Planned, day: Day) -> dict[str, Any]:
    """Return the JSON of a reminder to come."""
    from crm_cli.render import cards

    return {
        "at": iso_local(found.moment.at, day.zone),
        "delivery": iso_local(found.deliver, day.zone) if found.deliver else None,
        "state": found.state,
        "routes": list(found.routes),
        "tries": found.tries,
        "error": found.error,
        "activity": cards.activity(found.activity, day.zone, day.now),
    }
