"""Records as JSON, with the documented, stable keys (docs/json.md). Instants have the offset of the given zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_cli.core.instants import iso_local
from crm_cli.render.activities import is_snoozed, next_reminder

if TYPE_CHECKING:
    from crm_cli.core.daily import Activity, Pending, Person, Reminder, Rhythm, Series
    from crm_cli.core.records import Address, ChangeInfo, Company, Consent, Contact, Employment, Point, Relationship

Card = dict[str, Any]

LINKS = {"urls": ("url",), "social": ("social", "im")}
"""key of a card -> the kinds of contact points it lists."""


def of(record: Contact | Company, zone: str, now: str) -> Card:
    """Return the card of a person or a company."""
    from crm_cli.core.records import Company

    return company(record, zone, now) if isinstance(record, Company) else contact(record, zone, now)


def contact(record: Contact, zone: str, now: str) -> Card:
    """Return a person's card."""
    job = next((job for job in record.employments if job.current), None)
    parts = record.parts
    return {
        "id": record.id,
        "uid": record.uid,
        "name": record.name,
        "name_parts": {
            "prefix": parts.prefix,
            "given": parts.given,
            "additional": parts.additional,
            "family": parts.family,
            "suffix": parts.suffix,
        },
        "nickname": record.nickname,
        "company": job.company if job else "",
        "title": job.title if job else "",
        "department": job.department if job else "",
        **_reachable(record),
        "birthday": record.birthday,
        "anniversary": record.anniversary,
        "tags": list(record.tags),
        "notes": record.notes,
        "custom": dict(record.custom),
        "status": record.status,
        "source": record.source,
        "language": record.language,
        "zone": record.zone,
        "employments": [employment(found) for found in record.employments],
        "relationships": [relationship(found) for found in record.relationships],
        "consent": {found.channel: consent(found) for found in record.consents},
        "cadence": cadence(record.rhythm, zone),
        "last_reach": _instant(record.last_reach, zone),
        "last_attempt": _instant(record.last_attempt, zone),
        "next_step": activity(record.next_step, zone, now) if record.next_step else None,
        "created": _instant(record.created, zone),
        "updated": _instant(record.updated, zone),
    }


def company(record: Company, zone: str, now: str) -> Card:
    """Return a company's card."""
    return {
        "id": f"c{record.id}",
        "uid": record.uid,
        "name": record.name,
        **_reachable(record),
        "tags": list(record.tags),
        "notes": record.notes,
        "custom": dict(record.custom),
        "source": record.source,
        "people": [person(found) for found in record.people],
        "last_reach": _instant(record.last_reach, zone),
        "next_step": activity(record.next_step, zone, now) if record.next_step else None,
        "created": _instant(record.created, zone),
        "updated": _instant(record.updated, zone),
    }


def merged(record: Contact | Company, zone: str) -> list[Card]:
    """Return what was merged into a person or a company."""
    return [
        {
            "id": each.ref if each.kind == "company" else each.loser, "uid": each.uid, "name": each.name,
            "at": _instant(each.at, zone),
        }
        for each in record.merged
    ]  # fmt: skip


def activity(record: Activity, zone: str, now: str) -> Card:
    """Return an activity's card as of the instant ``now``; ``due`` has a time only if the plan has one."""
    return {
        "id": f"a{record.id}",
        "uid": record.uid,
        "kind": record.kind,
        "status": record.status,
        "subject": record.subject,
        "body": record.body,
        "direction": record.direction,
        "outcome": record.outcome,
        "reach": {2: "reach", 1: "attempt"}.get(record.reach),
        "priority": record.priority,
        "promise": record.promise,
        "at": _instant(record.at, zone),
        "minutes": record.minutes,
        "due": _due(record, zone),
        "zone": record.zone,
        "remind": _instant(next_reminder(record, now), zone),
        "snoozed": is_snoozed(record, now),
        "hidden_until": _instant(record.hidden_until, zone),
        "reminders": [reminder(found, zone) for found in record.reminders],
        "people": [person(found) for found in record.people],
        "company": {"id": f"c{record.company_id}", "name": record.company} if record.company_id else None,
        "deal": {"id": f"d{record.deal_id}", "title": record.deal} if record.deal_id else None,
        "every": every(record.series, record.occurrence) if record.series else None,
        "custom": dict(record.custom),
        "pending": [pending(link) for link in record.pending],
        "created": _instant(record.created, zone),
        "updated": _instant(record.updated, zone),
    }


def _due(record: Activity, zone: str) -> str | None:
    """Return when an activity is due: a date, and the time and its offset if the plan has a time."""
    if record.due_date and record.due_time and record.due_utc:
        return iso_local(record.due_utc, record.zone or zone)
    return record.due_date


def pending(link: Pending) -> Card:
    """Return a link to a record that is not in the book yet."""
    return {"target": link.target, "key": link.key, "name": link.name}


def every(record: Series, occurrence: str | None) -> Card:
    """Return the rule of an activity that repeats, and the day of its series that it stands for."""
    from crm_cli.render import recurrence

    return {
        "rule": record.rule,
        "text": recurrence.words(record),
        "from_completion": record.from_completion,
        "occurrence": occurrence,
    }


def reminder(record: Reminder, zone: str) -> Card:
    """Return a reminder of an activity."""
    return {"at": _instant(record.at, zone), "lead_minutes": record.lead_minutes}


def cadence(found: Rhythm | None, zone: str) -> Card | None:
    """Return the cadence that applies to a person, None without one."""
    if found is None:
        return None
    from crm_cli.render import cadences

    return cadences.card(found, zone)


def person(record: Person) -> Card:
    """Return the card of a person who is mentioned in another record."""
    return {"id": record.id, "name": record.name, "company": record.company, "title": record.title}


def employment(record: Employment) -> Card:
    """Return a job, current or former."""
    return {
        "company": record.company,
        "company_id": f"c{record.company_id}" if record.company_id else None,
        "title": record.title,
        "department": record.department,
        "since": record.since,
        "until": record.until,
        "current": record.current,
    }


def relationship(record: Relationship) -> Card:
    """Return a relationship as seen from the person: ``person`` is null if the other is known only by name."""
    other = record.person
    return {
        "kind": record.kind,
        "name": record.name,
        "person": {**person(other), "uid": record.uid} if other else None,
    }


def consent(record: Consent) -> Card:
    """Return whether a channel may be used, since when, and who or what said so."""
    return {"state": record.state, "on": record.on, "source": record.source}


def change(record: ChangeInfo, zone: str) -> Card:
    """Return an entry of the journal."""
    return {
        "id": f"ch{record.id}",
        "at": _instant(record.at, zone),
        "verb": record.verb,
        "origin": record.origin,
        "state": record.state,
        "rows": record.rows,
        "subjects": list(record.subjects),
    }


def _reachable(record: Contact | Company) -> Card:
    def of_kind(*kinds: str) -> list[Point]:
        return [found for found in record.points if found.kind in kinds]

    return {
        "emails": [_point(found) for found in of_kind("email")],
        "phones": [_phone(found) for found in of_kind("phone")],
        "addresses": [address(found) for found in record.addresses],
        "urls": [_point(found) for found in of_kind(*LINKS["urls"])],
        "social": [{"service": found.service, **_point(found)} for found in of_kind(*LINKS["social"])],
    }


def _phone(found: Point) -> Card:
    return {"value": found.value, "e164": found.norm or None, **_labelled(found)}


def _point(found: Point) -> Card:
    return {"value": found.value, **_labelled(found)}


def _labelled(found: Point) -> Card:
    return {"label": found.label, "preferred": found.preferred, "state": found.state}


def address(found: Address) -> Card:
    """Return a postal address."""
    return {
        "street": found.street,
        "extended": found.extended,
        "po_box": found.po_box,
        "locality": found.locality,
        "region": found.region,
        "code": found.code,
        "country": found.country,
        "label": found.label,
        "preferred": found.preferred,
    }


def _instant(text: str | None, zone: str) -> str | None:
    return iso_local(text, zone) if text else None
