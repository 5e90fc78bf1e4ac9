"""The columns of lists of people and companies, defined once for the table and all exact formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crm_cli.render.tables import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crm_cli.core.records import Address, Contact
    from crm_cli.core.rows import Row

LIST = ("id", "name", "company", "title", "email", "phone", "city", "tags")
"""The default columns of ``list``."""

FIND = ("id", "name", "company", "email", "phone", "found")
"""The columns of ``find`` for programs."""

FIND_PLAIN = ("id", "name", "company", "email", "phone", "city")
FIND_WHY = ("id", "name", "company", "phone", "found")
"""The columns of ``find`` on a terminal; with ``found`` only if something other than a name matched."""


def found_columns(rows: Sequence[Row], *, table: bool) -> tuple[str, ...]:
    """Return the default columns for search results."""
    if not table:
        return FIND
    return FIND_WHY if any(row.why for row in rows) else FIND_PLAIN


def columns(zone: str) -> tuple[Column[Row], ...]:
    """Return every quick column of a list; days are in ``zone``."""

    def last_reach(row: Row) -> str:
        if row.last_reach is None:
            return ""
        from crm_cli.core.instants import local

        return local(row.last_reach, zone).date().isoformat()

    return (
        Column("id", lambda row: row.ref, right=True),
        Column("name", lambda row: row.name, grow=1, least=16),
        Column("company", lambda row: row.company, grow=2, least=10),
        Column("title", lambda row: row.title, grow=3, least=8),
        Column("email", lambda row: row.email, grow=1, least=16),
        Column("phone", lambda row: row.phone),
        Column("city", lambda row: row.city, grow=2, least=8),
        Column("tags", lambda row: ",".join(row.tags), grow=3, least=8),
        Column("last-reach", last_reach),
        Column("found", lambda row: row.why, grow=1, least=16),
    )


MEANINGS = {
    "id": "id of the record", "name": "name", "company": "where they work now", "title": "their job title",
    "email": "preferred e-mail address", "phone": "preferred phone number", "city": "city", "tags": "tags",
    "last-reach": "the day you last met or they answered", "found": "what matched, in crm find",
    "emails": "all e-mail addresses", "phones": "all phone numbers", "urls": "web pages",
    "social": "names in social networks and messengers", "last-attempt": "the day you last tried to reach them",
    "next": "the next thing planned with them, and until when it is snoozed", "next-due": "when that is due",
    "stopped": "the channels that must not be used: email, phone",
    "uid": "the unique id", "created": "the day the record was made", "updated": "the day it last changed",
}  # fmt: skip
"""column -> its meaning, unless a field of the same name defines it."""


class Seen(NamedTuple):
    """When and where a list is read: the instant, its local day, and the zone."""

    now: str
    today: str
    zone: str


def every_column(seen: Seen, whole: Callable[[Row], Contact], custom: Sequence[str] = ()) -> tuple[Column[Row], ...]:
    """Return every column of a list of people: those of a line, then those that need the ``whole`` record.

    ``custom`` are the names of the user's custom fields.
    """
    inline = columns(seen.zone)
    known = {column.name for column in inline}
    fields = tuple(Column(name, _of(whole, get, seen)) for name, get in _WHOLE.items())
    own = tuple(Column(name, _own(whole, name)) for name in custom if name not in known and name not in _WHOLE)
    return (*inline, *fields, *own)


def meaning(name: str) -> str:
    """Return the meaning of a column, in a few words."""
    from crm_cli.core.fields import CONTACT_FIELDS

    fields = {field.name: field.meaning for field in CONTACT_FIELDS}
    return MEANINGS.get(name) or fields.get(name) or "custom field"


def _of(
    whole: Callable[[Row], Contact], get: Callable[[Contact, Seen], str | None], seen: Seen
) -> Callable[[Row], str]:
    return lambda row: get(whole(row), seen) or ""


def _own(whole: Callable[[Row], Contact], name: str) -> Callable[[Row], str]:
    return lambda row: dict(whole(row).custom).get(name, "")


def _points(found: Contact, *kinds: str) -> str:
    return ", ".join(point.value for point in found.points if point.kind in kinds and point.state == "current")


def _address(found: Contact) -> Address | None:
    return found.addresses[0] if found.addresses else None


def _department(found: Contact) -> str:
    return next((job.department for job in found.employments if job.current), "")


def _day(instant: str | None, zone: str) -> str:
    from crm_cli.core.instants import local

    return local(instant, zone).date().isoformat() if instant else ""


def _next(found: Contact, seen: Seen) -> str:
    """Return the next step, with the end of a snooze."""
    from crm_cli.render.activities import marked

    return marked(found.next_step, seen.now, seen.today, seen.zone) if found.next_step else ""


def _next_due(found: Contact, zone: str) -> str:
    from crm_cli.render.activities import planned

    return " ".join(filter(None, planned(found.next_step, zone))) if found.next_step else ""


def _stopped(found: Contact, _: Seen) -> str:
    from crm_cli.core.consent import stopped

    return ", ".join(stopped(found.consents))


_WHOLE: dict[str, Callable[[Contact, Seen], str | None]] = {
    "stopped": _stopped,
    "prefix": lambda found, _: found.parts.prefix,
    "given": lambda found, _: found.parts.given,
    "additional": lambda found, _: found.parts.additional,
    "family": lambda found, _: found.parts.family,
    "suffix": lambda found, _: found.parts.suffix,
    "nickname": lambda found, _: found.nickname,
    "department": lambda found, _: _department(found),
    "emails": lambda found, _: _points(found, "email"),
    "phones": lambda found, _: _points(found, "phone"),
    "urls": lambda found, _: _points(found, "url"),
    "social": lambda found, _: _points(found, "social", "im"),
    "street": lambda found, _: getattr(_address(found), "street", ""),
    "region": lambda found, _: getattr(_address(found), "region", ""),
    "code": lambda found, _: getattr(_address(found), "code", ""),
    "country": lambda found, _: getattr(_address(found), "country", ""),
    "birthday": lambda found, _: found.birthday,
    "anniversary": lambda found, _: found.anniversary,
    "status": lambda found, _: found.status,
    "source": lambda found, _: found.source,
    "zone": lambda found, _: found.zone,
    "language": lambda found, _: found.language,
    "notes": lambda found, _: found.notes,
    "last-attempt": lambda found, seen: _day(found.last_attempt, seen.zone),
    "next": _next,
    "next-due": lambda found, seen: _next_due(found, seen.zone),
    "uid": lambda found, _: found.uid,
    "created": lambda found, seen: _day(found.created, seen.zone),
    "updated": lambda found, seen: _day(found.updated, seen.zone),
}
"""column -> how it is read from a whole person; instants are shown as days in a zone."""
