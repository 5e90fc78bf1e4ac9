"""The briefing before a call: a person or a company on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_cli.core.cadence import next_on
from crm_cli.core.days import next_birthday
from crm_cli.core.instants import is_zone, local
from crm_cli.render.activities import DAYS, MONTHS, ago, day_words, past, plans
from crm_cli.render.clean import clean
from crm_cli.render.fields import field, link, links, paragraph
from crm_cli.render.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crm_cli.core.daily import Activity, Person, Rhythm
    from crm_cli.core.records import (
        Address,
        Company,
        Consent,
        Contact,
        Employment,
        Merge,
        Point,
        Property,
        Relationship,
    )
    from crm_cli.render.fields import Link
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
    deals: Sequence[Link] = (),
) -> Iterator[Line]:
    """Return the lines of a person's or a company's briefing.

    ``deals`` are their open deals in words; ``now`` is the instant from which their local time is computed.
    """
    from crm_cli.core.records import Company

    if isinstance(record, Company):
        return company(record, history, agenda, deals, today=today, zone=zone, now=now)
    return person(record, history, agenda, deals, today=today, zone=zone, now=now)


def person(
    record: Contact,
    history: Sequence[Activity],
    agenda: Sequence[Activity],
    deals: Sequence[Link] = (),
    *,
    today: str,
    zone: str,
    now: str = "",
) -> Iterator[Line]:
    """Yield the lines of a person's briefing: name and job, next steps, how to reach them, the rest, history."""
    yield (Span(f"{clean(record.name) or '(no name)'}  {record.id}", "title"),)
    for job in record.employments:
        if job.current:
            yield _job(job)
    yield from _tags(record.tags)
    yield from _consents(record.consents, today)
    yield from _rhythm(record.rhythm, today, zone)
    yield ()
    yield from plans(agenda, zone, now, record.id, today=today)
    yield from _touch(record, zone, today)
    yield from _points(record.points, record.addresses)
    yield from links("deals", deals)
    yield from _related(record.relationships)
    yield from paragraph("notes", record.notes)
    yield from _days(record, today)
    yield from _fields(record, now, zone)
    yield from _photo(record.properties)
    yield from _former(record)
    yield from _merged(record.merged)
    yield from past(history, zone, today=today)


def company(
    record: Company,
    history: Sequence[Activity],
    agenda: Sequence[Activity],
    deals: Sequence[Link] = (),
    *,
    today: str,
    zone: str,
    now: str = "",
) -> Iterator[Line]:
    """Yield the lines of a company's briefing, including its people."""
    yield (Span(f"{clean(record.name)}  c{record.id}", "title"),)
    yield from _tags(record.tags)
    yield ()
    yield from plans(agenda, zone, now, today=today)
    if record.last_reach:
        yield field("last reach", ago(record.last_reach, today, zone))
    yield from _points(record.points, record.addresses)
    yield from links("people", [(str(one.id), _employee(one)) for one in record.people])
    yield from links("deals", deals)
    yield from paragraph("notes", record.notes)
    for name, value in record.custom:
        yield field(name, value)
    yield from _photo(record.properties)
    yield from _merged(record.merged)
    yield from past(history, zone, today=today)


def _job(job: Employment) -> Line:
    """Return a job; its company is a link."""
    role = ", ".join(part for part in (job.title, job.department) if part)
    joint = ", " if role and job.company else ""
    ref = f"c{job.company_id}" if job.company_id else ""
    spans = (Span(clean(role + joint), "accent"), Span(clean(job.company), "accent", ref))
    return tuple(span for span in spans if span.text)


def _employee(found: Person) -> str:
    return f"{found.name}, {found.title}" if found.title else found.name


def _tags(tags: Sequence[str]) -> Iterator[Line]:
    if tags:
        yield (Span(clean(" ".join(f"+{tag}" for tag in tags)), "tag"),)


def _consents(consents: Sequence[Consent], today: str) -> Iterator[Line]:
    """Yield a line for each channel of which anything is known; those that must not be used are marked."""
    if consents:
        from crm_cli.render.consents import sentence

        for each in consents:
            yield (Span(clean(sentence(each, today)), "overdue" if each.state == "stopped" else "muted"),)


def _rhythm(found: Rhythm | None, today: str, zone: str) -> Iterator[Line]:
    """Yield the cadence, or an unusual silence, in a sentence."""
    if not found:
        return
    from crm_cli.render import cadences

    if found.every or found.paused or cadences.silence(found, today, zone):
        late = (next_on(found, zone) or today) < today
        yield (Span(cadences.sentence(found, today, zone), "overdue" if late else "muted"),)


def _touch(record: Contact, zone: str, today: str) -> Iterator[Line]:
    yield field("last reach", ago(record.last_reach, today, zone) if record.last_reach else "never")
    if record.last_attempt and record.last_attempt > (record.last_reach or ""):
        yield field("last attempt", ago(record.last_attempt, today, zone))


def _related(relationships: Sequence[Relationship]) -> Iterator[Line]:
    """Yield who the person is related to: the kind, and the other's id, name and company."""
    for each in relationships:
        if each.person is None:
            yield field(each.kind, each.name)
        else:
            company = f", {each.person.company}" if each.person.company else ""
            yield link(each.kind, str(each.person.id), f"{each.name}{company}")


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
        age = f"turns {turns}" if turns else ""
        yield field("birthday", ", ".join(filter(None, (_yearless(on), f"{age} {_near(on, today)}".strip()))))
    if record.anniversary:
        on, _ = next_birthday(record.anniversary, today)
        year = record.anniversary[:4] if record.anniversary[:1] != "-" else ""
        yield field("anniversary", ", ".join(filter(None, (f"{_yearless(on)} {year}".rstrip(), _near(on, today)))))


def _yearless(day: str) -> str:
    return f"{int(day[8:])} {MONTHS[int(day[5:7]) - 1]}"


def _near(day: str, today: str) -> str:
    """Return ``today``, ``tomorrow`` or ``on Fri`` for a day within the next week, else ``""``."""
    words = day_words(day, today)
    if not words.isalpha():
        return ""
    return f"on {words}" if words in DAYS else words


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


def _photo(properties: Sequence[Property]) -> Iterator[Line]:
    """Yield what the picture of the record is; without one, nothing is imported."""
    if any(each.name.upper() in {"PHOTO", "LOGO"} for each in properties):
        from crm_cli.formats.vcard.photos import photo
        from crm_cli.render.photos import described

        found = photo(properties)
        if found:
            yield field("photo", described(found))


def _zone(theirs: str | None, now: str, ours: str) -> str:
    """Return their time zone, with the current time there if it differs from the reader's."""
    if not theirs or not now or not is_zone(theirs):
        return theirs or ""
    there, here = local(now, theirs), local(now, ours)
    if there.utcoffset() == here.utcoffset():
        return theirs
    return f"{theirs}  (now {there:%a %H:%M} there)"


def _merged(merges: Sequence[Merge]) -> Iterator[Line]:
    """Yield what was merged into a record, with the ids that lead to it."""
    if merges:
        yield field("merged from", ", ".join(f"{each.ref} {each.name}" for each in merges))


def _former(record: Contact) -> Iterator[Line]:
    for job in record.employments:
        if not job.current:
            span = f" ({job.since or '?'} to {job.until or '?'})" if job.since or job.until else ""
            yield (*field("formerly", "")[:1], *_job(job), Span(span))
