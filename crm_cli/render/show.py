"""The briefing before a call: a person or a company on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.days import lead_words
from crm_cli.core.text.folding import display_width
from crm_cli.core.when import is_zone, local, next_birthday
from crm_cli.render.activities import hidden_until, kind_words, planned
from crm_cli.render.clean import BOLD, PLAIN, clean
from crm_cli.render.positions import STOP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.core.records import Activity, Address, Company, Contact, Employment, Point, Relationship

HISTORY = "History"
LABEL = 14
"""The width of the field names at the left, in cells."""
POINTS = ("phone", "email", "url", "im", "social")
"""The kinds of contact points in the order of a briefing: those needed for a call come first."""


def briefing(
    record: Contact | Company,
    history: Sequence[Activity],
    agenda: Sequence[Activity],
    *,
    today: str,
    zone: str,
    now: str = "",
    bold: bool = False,
    deals: Sequence[str] = (),
) -> Iterator[str]:
    """Yield the lines of a person's or a company's briefing; ``bold`` marks its headings for a terminal.

    ``deals`` are the lines of their open deals; ``now`` is the instant from which their local time is computed.
    """
    from crm_cli.core.records import Company

    if isinstance(record, Company):
        lines = company(record, history, agenda, deals, today=today, zone=zone, now=now)
    else:
        lines = person(record, history, agenda, deals, today=today, zone=zone, now=now)
    for number, line in enumerate(lines):
        yield f"{BOLD}{line}{PLAIN}" if bold and (not number or line == HISTORY) else line


def person(
    record: Contact,
    history: Sequence[Activity],
    agenda: Sequence[Activity],
    deals: Sequence[str] = (),
    *,
    today: str,
    zone: str,
    now: str = "",
) -> Iterator[str]:
    """Yield the lines of a person's briefing: name and job, next steps, contact details, history."""
    yield f"{clean(record.name) or '(no name)'}  {record.id}"
    for job in record.employments:
        if job.current:
            yield clean(_job(job))
    if record.tags:
        yield clean(" ".join(f"+{tag}" for tag in record.tags))
    yield ""
    yield from _touch(record, zone, today)
    yield from plans(agenda, zone, now, record.id)
    yield from _listed("deals", deals)
    yield from _related(record.relationships)
    yield from _points(record.points, record.addresses)
    yield from _days(record, today)
    yield from _fields(record, now, zone)
    yield from _former(record)
    yield from past(history, zone)


def company(
    record: Company,
    history: Sequence[Activity],
    agenda: Sequence[Activity],
    deals: Sequence[str] = (),
    *,
    today: str,
    zone: str,
    now: str = "",
) -> Iterator[str]:
    """Yield the lines of a company's briefing, including its people."""
    yield f"{clean(record.name)}  c{record.id}"
    if record.tags:
        yield clean(" ".join(f"+{tag}" for tag in record.tags))
    yield ""
    if record.last_reach:
        yield field("last reach", _ago(record.last_reach, zone, today))
    yield from plans(agenda, zone, now)
    yield from _listed("deals", deals)
    for number, who in enumerate(record.people):
        yield field("people" if number == 0 else "", f"{who.id}  {who.name}" + (f", {who.title}" if who.title else ""))
    yield from _points(record.points, record.addresses)
    for name, value in record.custom:
        yield field(name, value)
    yield from paragraph("notes", record.notes)
    yield from past(history, zone)


def _job(job: Employment) -> str:
    return ", ".join(part for part in (job.title, job.department, job.company) if part)


def field(label: str, text: str) -> str:
    """Return a line of a briefing: label and text, with `STOP` between them if the label is not ASCII."""
    label = clean(label)
    stop = "" if label.isascii() else STOP
    return f"  {label}{' ' * max(1, LABEL - display_width(label))}{stop}{clean(text)}"


def paragraph(label: str, text: str) -> Iterator[str]:
    """Yield a text of several lines after its label."""
    for number, line in enumerate(clean(text, lines=True).splitlines()):
        yield field(label if number == 0 else "", line).rstrip()


def _touch(record: Contact, zone: str, today: str) -> Iterator[str]:
    yield field("last reach", _ago(record.last_reach, zone, today) if record.last_reach else "never")
    if record.last_attempt and record.last_attempt > (record.last_reach or ""):
        yield field("last attempt", _ago(record.last_attempt, zone, today))


def _ago(instant: str, zone: str, today: str) -> str:
    from datetime import date

    moment = local(instant, zone)
    days = (date.fromisoformat(today) - moment.date()).days
    words = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return f"{moment:%Y-%m-%d %H:%M}, {words}"


def _listed(label: str, lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield field(label if number == 0 else "", line)


def _related(relationships: Sequence[Relationship]) -> Iterator[str]:
    """Yield who the person is related to: the kind, and the other's id, name and company."""
    for each in relationships:
        if each.person is None:
            yield field(each.kind, each.name)
        else:
            company = f", {each.person.company}" if each.person.company else ""
            yield field(each.kind, f"{each.person.id}  {each.name}{company}")


def plans(found: Sequence[Activity], zone: str, now: str, but: int | None = None) -> Iterator[str]:
    """Yield the planned activities; the person with the id ``but``, whose briefing it is, is not named."""
    for number, activity in enumerate(found):
        due = " ".join(part for part in planned(activity, zone) if part) or "no date"
        mark = "! " if activity.priority == "high" else ""
        others = ", ".join(who.name for who in activity.people if who.id != but)
        others = f" ({others}{' too' if but else ''})" if others else ""
        yield field(
            "next" if number == 0 else "",
            f"a{activity.id}  {due}  {mark}{activity.kind}: {activity.subject}{others}{asleep(activity, now, zone)}",
        )


def asleep(found: Activity, now: str, zone: str) -> str:
    """Return ``, snoozed until 2026-12-01 09:00`` if the activity is hidden at the instant ``now``, else ``""``."""
    moment = hidden_until(found, now, zone)
    return f", snoozed until {moment:%Y-%m-%d %H:%M}" if moment else ""


def _points(points: Sequence[Point], addresses: Sequence[Address]) -> Iterator[str]:
    for point in sorted(points, key=lambda point: POINTS.index(point.kind)):
        notes = [
            part for part in (point.service or "", point.label, point.state if point.state != "current" else "") if part
        ]
        yield field(point.kind, point.value + (f"  ({', '.join(notes)})" if notes else ""))
    for address in addresses:
        parts = (
            address.po_box,
            address.extended,
            address.street,
            address.locality,
            address.region,
            address.code,
            address.country,
        )
        text = ", ".join(" ".join(part.split()) for part in parts if part)
        yield field("address", text + (f"  ({address.label})" if address.label else ""))


def _days(record: Contact, today: str) -> Iterator[str]:
    if record.birthday:
        on, turns = next_birthday(record.birthday, today)
        yield field("birthday", record.birthday + (f"  (turns {turns} on {on})" if turns else f"  (next {on})"))
    if record.anniversary:
        yield field("anniversary", record.anniversary)


def _fields(record: Contact, now: str, zone: str) -> Iterator[str]:
    for name, value in (
        ("nickname", record.nickname),
        ("status", record.status),
        ("source", record.source),
        ("language", record.language),
        ("zone", _zone(record.zone, now, zone)),
        *record.custom,
    ):
        if value:
            yield field(name, value)
    yield from paragraph("notes", record.notes)


def _zone(theirs: str | None, now: str, ours: str) -> str:
    """Return their time zone, with the current time there if it differs from the reader's."""
    if not theirs or not now or not is_zone(theirs):
        return theirs or ""
    there, here = local(now, theirs), local(now, ours)
    if there.utcoffset() == here.utcoffset():
        return theirs
    return f"{theirs}  (now {there:%a %H:%M} there)"


def _former(record: Contact) -> Iterator[str]:
    for job in record.employments:
        if not job.current:
            span = f" ({job.since or '?'} to {job.until or '?'})" if job.since or job.until else ""
            yield field("formerly", _job(job) + span)


def past(found: Sequence[Activity], zone: str) -> Iterator[str]:
    """Yield past activities, under a heading."""
    if found:
        yield ""
        yield HISTORY
    for activity in found:
        at = local(activity.at, zone) if activity.at else None
        outcome = f" [{activity.outcome}]" if activity.outcome else ""
        text = activity.subject or (activity.body.splitlines() or [""])[0]
        yield clean(f"  {at:%Y-%m-%d}  a{activity.id}  {kind_words(activity)}{outcome}: {text}".rstrip(": "))
        for line in clean(activity.body, lines=True).splitlines():
            yield f"      {line}".rstrip()


def _reminders(record: Activity, zone: str) -> Iterator[str]:
    """Yield the reminders of an open activity; those of a closed one no longer matter."""
    for number, reminder in enumerate(record.reminders if record.status == "open" else ()):
        lead = f"  ({lead_words(reminder.lead_minutes)})" if reminder.lead_minutes is not None else ""
        yield field("reminder" if number == 0 else "", f"{local(reminder.at, zone):%Y-%m-%d %H:%M}{lead}")


def activity(record: Activity, *, zone: str, now: str = "") -> Iterator[str]:
    """Yield the lines of one activity."""
    yield f"{clean(record.kind)}: {clean(record.subject)}  a{record.id}"
    yield ""
    outcome = f" [{record.outcome}]" if record.outcome else ""
    yield field("status", record.status + outcome + asleep(record, now, zone))
    if record.at:
        yield field("happened", f"{local(record.at, zone):%Y-%m-%d %H:%M}")
    if record.due_date:
        yield field("due", " ".join(part for part in planned(record, zone) if part))
    yield from _reminders(record, zone)
    for name, value in (("priority", record.priority), ("promise", record.promise), ("direction", record.direction)):
        if value:
            yield field(name, value)
    for number, who in enumerate(record.people):
        yield field(
            "with" if number == 0 else "", f"{who.id}  {who.name}" + (f", {who.company}" if who.company else "")
        )
    if record.company_id:
        yield field("company", f"c{record.company_id}  {record.company}")
    if record.deal_id:
        yield field("deal", f"d{record.deal_id}  {record.deal}")
    yield from paragraph("", record.body)
