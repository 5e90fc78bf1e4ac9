"""An activity in one line: its time, subject and people; and the columns of activity lists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crm_cli.core.when import local
from crm_cli.render.tables import Column

if TYPE_CHECKING:
    from datetime import datetime

    from crm_cli.core.records import Activity

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_WEEK = 7

HISTORY = ("id", "when", "kind", "outcome", "what", "who")
"""The columns of a history."""


def day_words(day: str, today: str) -> str:
    """Return a day relative to today: ``yesterday``, ``Fri`` within the next week, ``2 Nov``, ``2 Nov 2025``."""
    one, now = date.fromisoformat(day), date.fromisoformat(today)
    away = (one - now).days
    if away in _NEAR:
        return _NEAR[away]
    if 0 < away < _WEEK:
        return DAYS[one.weekday()]
    short = f"{one.day} {MONTHS[one.month - 1]}"
    return short if one.year == now.year else f"{short} {one.year}"


def planned(activity: Activity, zone: str) -> tuple[str, str]:
    """Return the due day and time in the reader's zone; ``""`` for what is not set."""
    if activity.due_time and activity.due_utc:
        moment = local(activity.due_utc, zone)
        return moment.date().isoformat(), f"{moment:%H:%M}"
    return activity.due_date or "", ""


def due_words(activity: Activity, today: str, zone: str) -> str:
    """Return when it is due: ``3 days late``, ``yesterday``, ``today 15:00``, ``Fri``, ``1 Dec``; undated: ``""``."""
    day, clock = planned(activity, zone)
    if not day:
        return ""
    late = (date.fromisoformat(today) - date.fromisoformat(day)).days
    if late > 1:
        return f"{late} days late"
    return f"{day_words(day, today)} {clock}".rstrip()


def snoozed_words(activity: Activity, now: str, today: str, zone: str) -> str:
    """Return the end of a snooze: ``snoozed until 1 Dec 09:00``, or ``""`` if the activity is not hidden now."""
    moment = hidden_until(activity, now, zone)
    if moment is None:
        return ""
    return f"snoozed until {day_words(moment.date().isoformat(), today)} {moment:%H:%M}"


def marked(activity: Activity, now: str, today: str, zone: str) -> str:
    """Return the subject, with the end of a snooze: ``send the quote (snoozed until 1 Dec 09:00)``."""
    asleep = snoozed_words(activity, now, today, zone)
    return f"{what(activity)} ({asleep})" if asleep else what(activity)


def is_snoozed(activity: Activity, now: str) -> bool:
    """Is the activity hidden at the instant ``now``?"""
    return activity.status == "open" and (activity.hidden_until or "") > now


def next_reminder(activity: Activity, now: str) -> str | None:
    """Return the instant of the first reminder after ``now``, or None if there is none."""
    coming = (reminder.at for reminder in activity.reminders if reminder.at > now)
    return next(coming, None) if activity.status == "open" else None


def hidden_until(activity: Activity, now: str, zone: str) -> datetime | None:
    """Return the local time until which an activity is snoozed, or None if it is not hidden now."""
    return local(activity.hidden_until, zone) if activity.hidden_until and is_snoozed(activity, now) else None


def done_words(activity: Activity, today: str, zone: str) -> str:
    """Return when it happened: ``today 15:00``, ``yesterday 09:30``, ``2 Nov``."""
    if not activity.at:
        return ""
    moment = local(activity.at, zone)
    day = moment.date().isoformat()
    words = day_words(day, today)
    return f"{words} {moment:%H:%M}" if words in _NEAR.values() else words


def who(activity: Activity) -> str:
    """Return the people or the company: ``Asha Verma, Acme``, ``Asha Verma, Ravi Rao +2``, ``Acme``."""
    names = [person.name for person in activity.people]
    if not names:
        return activity.company
    if len(names) == 1:
        company = activity.people[0].company or activity.company
        return f"{names[0]}, {company}" if company else names[0]
    more = f" +{len(names) - 2}" if len(names) > 2 else ""
    return ", ".join(names[:2]) + more


def what(activity: Activity) -> str:
    """Return the subject, or the first line of the text if there is none."""
    return activity.subject or activity.body.strip().partition("\n")[0].strip()


def kind_words(activity: Activity) -> str:
    """Return the kind, marked if incoming: ``email in``. Outgoing, which is usual, is the kind alone."""
    return f"{activity.kind} in" if activity.direction == "in" else activity.kind


def columns(today: str, zone: str, *, spoken: bool) -> tuple[Column[Activity], ...]:
    """Return every column of a list of activities; with ``spoken`` days are in words, else in ISO 8601."""

    def when_done(found: Activity) -> str:
        if spoken or not found.at:
            return done_words(found, today, zone)
        return local(found.at, zone).isoformat(timespec="minutes")

    def when_due(found: Activity) -> str:
        return due_words(found, today, zone) if spoken else "T".join(filter(None, planned(found, zone)))

    return (
        Column("id", lambda found: f"a{found.id}", right=True),
        Column("when", when_done),
        Column("due", when_due),
        Column("kind", lambda found: kind_words(found) if spoken else found.kind),
        Column("direction", lambda found: found.direction),
        Column("outcome", lambda found: found.outcome),
        Column("state", lambda found: found.status),
        Column("priority", lambda found: found.priority),
        Column("promise", lambda found: found.promise),
        Column("what", what, grow=1, least=20),
        Column("who", who, grow=2, least=18),
        Column("company", lambda found: found.company),
        Column("body", lambda found: found.body, grow=2, least=20),
    )
