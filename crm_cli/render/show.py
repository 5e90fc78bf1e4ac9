"""The briefing before a call: a person or a company on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.when import is_zone, local, next_birthday
from crm_cli.render.activities import past, plans
from crm_cli.render.clean import clean
from crm_cli.render.fields import field, listed, paragraph
from crm_cli.render.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.core.records import Activity, Address, Company, Contact, Employment, Person, Point, Relationship
    from crm_cli.render.spans import Line

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
    deals: Sequence[str] = (),
) -> Iterator[Line]:
    """Return the lines of a person's or a company's briefing.

    ``deals`` are the lines of their open deals; ``now`` is the instant from which their local time is computed.
    """
    from crm_cli.core.records import Company

    if isinstance(record, Company):
        return company(record, history, agenda, deals, today=today, zone=zone, now=now)
    return person(record, history, agenda, deals, today=today, zone=zone, now=now)


def person(
    record: Contact,
    history: Sequence[Activity],
    agenda: Sequence[Activity],
    deals: Sequence[str] = (),
    *,
    today: str,
    zone: str,
    now: str = "",
) -> Iterator[Line]:
    """Yield the lines of a person's briefing: name and job, next steps, contact details, history."""
    yield (Span(f"{clean(record.name) or '(no name)'}  {record.id}", "title"),)
    for job in record.employments:
        if job.current:
            yield (Span(clean(_job(job)), "accent"),)
    yield from _tags(record.tags)
    yield ()
    yield from _touch(record, zone, today)
    yield from plans(agenda, zone, now, record.id, today=today)
    yield from listed("deals", deals)
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
) -> Iterator[Line]:
    """Yield the lines of a company's briefing, including its people."""
    yield (Span(f"{clean(record.name)}  c{record.id}", "title"),)
    yield from _tags(record.tags)
    yield ()
    if record.last_reach:
        yield field("last reach", _ago(record.last_reach, zone, today))
    yield from plans(agenda, zone, now, today=today)
    yield from listed("deals", deals)
    yield from listed("people", [_employee(one) for one in record.people])
    yield from _points(record.points, record.addresses)
    for name, value in record.custom:
        yield field(name, value)
    yield from paragraph("notes", record.notes)
    yield from past(history, zone)


def _job(job: Employment) -> str:
    return ", ".join(part for part in (job.title, job.department, job.company) if part)


def _employee(found: Person) -> str:
    return f"{found.id}  {found.name}, {found.title}" if found.title else f"{found.id}  {found.name}"


def _tags(tags: Sequence[str]) -> Iterator[Line]:
    if tags:
        yield (Span(clean(" ".join(f"+{tag}" for tag in tags)), "tag"),)


def _touch(record: Contact, zone: str, today: str) -> Iterator[Line]:
    yield field("last reach", _ago(record.last_reach, zone, today) if record.last_reach else "never")
    if record.last_attempt and record.last_attempt > (record.last_reach or ""):
        yield field("last attempt", _ago(record.last_attempt, zone, today))


def _ago(instant: str, zone: str, today: str) -> str:
    from datetime import date

    moment = local(instant, zone)
    days = (date.fromisoformat(today) - moment.date()).days
    words = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    return f"{moment:%Y-%m-%d %H:%M}, {words}"


def _related(relationships: Sequence[Relationship]) -> Iterator[Line]:
    """Yield who the person is related to: the kind, and the other's id, name and company."""
    for each in relationships:
        if each.person is None:
            yield field(each.kind, each.name)
        else:
            company = f", {each.person.company}" if each.person.company else ""
            yield field(each.kind, f"{each.person.id}  {each.name}{company}")


def _points(points: Sequence[Point], addresses: Sequence[Address]) -> Iterator[Line]:
    for point in sorted(points, key=lambda point: POINTS.index(point.kind)):
        state = "" if point.state == "current" else point.state
        yield field(point.kind, _noted(point.value, point.service or "", point.label, state))
    for address in addresses:
        yield field("address", _noted(_address(address), address.label))


def _noted(value: str, *notes: str) -> str:
    """Return a value with notes: ``asha@acme.in  (work, former)``."""
    given = ", ".join(filter(None, notes))
    return f"{value}  ({given})" if given else value


def _address(found: Address) -> str:
    parts = (
        found.po_box, found.extended, found.street, found.locality, found.region, found.code, found.country,
    )  # fmt: skip
    return ", ".join(" ".join(part.split()) for part in parts if part)


def _days(record: Contact, today: str) -> Iterator[Line]:
    if record.birthday:
        on, turns = next_birthday(record.birthday, today)
        yield field("birthday", record.birthday + (f"  (turns {turns} on {on})" if turns else f"  (next {on})"))
    if record.anniversary:
        yield field("anniversary", record.anniversary)


def _fields(record: Contact, now: str, zone: str) -> Iterator[Line]:
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


def _former(record: Contact) -> Iterator[Line]:
    for job in record.employments:
        if not job.current:
            span = f" ({job.since or '?'} to {job.until or '?'})" if job.since or job.until else ""
            yield field("formerly", _job(job) + span)
