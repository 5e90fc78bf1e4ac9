"""Activities as briefings, as entries of other briefings, as lines and columns; and the wording of their times."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from crm_cli.core.activities import recurs
from crm_cli.core.days import lead_words
from crm_cli.core.instants import local
from crm_cli.render.clean import clean
from crm_cli.render.fields import field, link, links, own_fields, paragraph, waiting
from crm_cli.render.spans import Span
from crm_cli.render.tables import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crm_cli.core.daily import Activity, Reminder
    from crm_cli.render.spans import Line, Role

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}
_WEEK = 7
_PLANNED = {"": "next", "owe": "promised", "await": "waiting for"}
"""Promise of a planned activity -> how a briefing names it: what is to be done, what I owe, what others owe me."""

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


def dated(day: str, today: str) -> str:
    """Return a day with its weekday: ``Fri 27 Nov``, ``Tue 16 Dec 2025``."""
    one = date.fromisoformat(day)
    year = "" if day[:4] == today[:4] else f" {one.year}"
    return f"{DAYS[one.weekday()]} {one.day} {MONTHS[one.month - 1]}{year}"


def ago(instant: str, today: str, zone: str) -> str:
    """Return when something happened: ``today 08:30``, ``yesterday 23:59``, ``Tue 1 Sep 10:00, 82 days ago``."""
    moment = local(instant, zone)
    day = moment.date().isoformat()
    away = (moment.date() - date.fromisoformat(today)).days
    if away in _NEAR:
        return f"{_NEAR[away]} {moment:%H:%M}"
    past = f", {-away} days ago" if away < 0 else ""
    return f"{dated(day, today)} {moment:%H:%M}{past}"


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


REPEATS = "↻"
"""The sign of an open activity that repeats."""


def signs(activity: Activity) -> str:
    """Return ``!`` for a high priority and ``↻`` for one that repeats, or both."""
    return ("!" if activity.priority == "high" else "") + (REPEATS if recurs(activity) else "")


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


def briefing(record: Activity, *, today: str, zone: str, now: str = "") -> Iterator[Line]:
    """Yield the lines of an activity's briefing as of the instant ``now``."""
    named = ": ".join(filter(None, (record.kind, record.subject)))
    yield (Span(f"{clean(named)}  a{record.id}", "title"),)
    yield ()
    for name, value in _facts(record, today, zone, now):
        if value:
            yield field(name, value)
    yield from links("with", [(str(one.id), _person(one.name, one.company)) for one in record.people])
    yield from links("company", [(f"c{record.company_id}", record.company)] if record.company_id else [])
    yield from links("deal", [(f"d{record.deal_id}", record.deal)] if record.deal_id else [])
    yield from waiting(record.pending)
    yield from own_fields(record.custom)
    yield from paragraph("", record.body)


def _facts(record: Activity, today: str, zone: str, now: str) -> Iterator[tuple[str, str]]:
    outcome = f" [{record.outcome}]" if record.outcome else ""
    yield "status", record.status + outcome + _asleep(record, now, today, zone)
    yield "happened", ago(record.at, today, zone) if record.at else ""
    yield "duration", f"{record.minutes} min" if record.minutes else ""
    yield "due", _due(record, today, zone)
    yield "repeats", _repeats(record)
    reminders = record.reminders if record.status == "open" else ()  # those of a closed activity no longer matter
    for number, reminder in enumerate(reminders):
        yield "" if number else "reminder", _reminder_words(reminder, today, zone)
    yield "priority", record.priority
    yield "promise", record.promise
    yield "direction", record.direction


def _due(record: Activity, today: str, zone: str) -> str:
    """Return when it is due, and how late it is if it is open: ``Fri 27 Nov 15:00, 3 days late``."""
    day, clock = planned(record, zone)
    if not day:
        return ""
    late = (date.fromisoformat(today) - date.fromisoformat(day)).days if record.status == "open" else 0
    near = _NEAR.get(-late) if record.status == "open" else ""
    words = f"{near or dated(day, today)} {clock}".rstrip()
    return f"{words}, {late} days late" if late > 1 else words


def _repeats(record: Activity) -> str:
    if record.series is None:
        return ""
    from crm_cli.render.recurrence import of_series

    return of_series(record.series)


def _reminder_words(reminder: Reminder, today: str, zone: str) -> str:
    lead = f"  ({lead_words(reminder.lead_minutes)})" if reminder.lead_minutes is not None else ""
    moment = local(reminder.at, zone)
    return f"{dated(moment.date().isoformat(), today)} {moment:%H:%M}{lead}"


def _person(name: str, company: str) -> str:
    return f"{name}, {company}" if company else name


def _asleep(found: Activity, now: str, today: str, zone: str) -> str:
    """Return ``, snoozed until 1 Dec 09:00`` if the activity is hidden at the instant ``now``, else ``""``."""
    words = snoozed_words(found, now, today, zone)
    return f", {words}" if words else ""


def plans(found: Sequence[Activity], zone: str, now: str, but: int | None = None, *, today: str) -> Iterator[Line]:
    """Yield the planned activities of a briefing: next steps, then promises.

    The subject of the briefing, the person with the id ``but``, is not named.
    """
    for promise, name in _PLANNED.items():
        those = [one for one in found if one.promise == promise]
        for number, activity in enumerate(those):
            mark = f"{signs(activity)} ".lstrip()
            about = f"{activity.kind}: {activity.subject}{_others(activity, but)}{_asleep(activity, now, today, zone)}"
            label, ref, _ = link("" if number else name, f"a{activity.id}", "")
            yield (
                label,
                ref,
                Span(due_words(activity, today, zone) or "no date", due_role(activity, now, today, zone)),
                Span(f"  {mark}"),
                Span(clean(about), "value", f"a{activity.id}"),
            )


def due_role(activity: Activity, now: str, today: str, zone: str) -> Role:
    """Return the role of its due time: it is overdue if its day is past, or its time of today."""
    day, _ = planned(activity, zone)
    is_past = bool(activity.due_time) and (activity.due_utc or now) < now
    return "overdue" if is_past or "" < day < today else "value"


def _others(activity: Activity, but: int | None) -> str:
    """Return the other people of a planned activity: `` (Ravi too)``."""
    others = ", ".join(who.name for who in activity.people if who.id != but)
    return f" ({others}{' too' if but else ''})" if others else ""


def past(found: Sequence[Activity], zone: str, *, today: str) -> Iterator[Line]:
    """Yield the past activities of a briefing, under a heading."""
    if found:
        yield ()
        yield (Span("History", "heading"),)
    for activity in found:
        day = day_words(local(activity.at, zone).date().isoformat(), today) if activity.at else ""
        outcome = f" [{activity.outcome}]" if activity.outcome else ""
        ref = f"a{activity.id}"
        words = f"{kind_words(activity)}{outcome}: {what(activity)}"
        yield Span(f"  {day:11}  ", "date"), Span(f"{ref}  ", "muted"), Span(clean(words.rstrip(": ")), "value", ref)
        for line in clean(activity.body, lines=True).splitlines():
            yield Span("      ", "date"), Span(line)
